#pragma once
/// A Step as bytes, for the intents table.
#include <optional>
#include <string>
#include <string_view>

#include "agent/model/operation.hpp"

namespace causeway::store {

[[nodiscard]] std::string encode(const Step& step);
/// nullopt when the bytes are not a whole step of a known form.
[[nodiscard]] std::optional<Step> decode_step(std::string_view bytes);

}  // namespace causeway::store
