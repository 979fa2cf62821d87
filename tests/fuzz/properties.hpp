#pragma once
/// What must hold for every text, said so that a fuzzer can ask: a broken promise prints what it was and aborts.
#include <string_view>

#include "agent/markup/convert.hpp"

namespace causeway::fuzz {

/// Aborts with `promise`, and `text` as what broke it, unless `kept`.
void must(bool kept, std::string_view promise, std::string_view text);

/// Reads `native` as `format` and takes it through every format there is: trees are whole, what is written is read the
/// same from the first pass on, what was neutralized is dead, ADF follows its schema, cuts stay within their limit.
void check_text(markup::Format format, std::string_view native);

}  // namespace causeway::fuzz
