#pragma once
/// ADF documents as texts: what convert.hpp promises for canonical() and cut_to_limit().
#include <optional>
#include <string>
#include <string_view>

#include "agent/markup/convert.hpp"

namespace causeway::markup::adf {

/// The document in its stable form, empty if it says nothing; nullopt: `text` is no ADF.
[[nodiscard]] std::optional<std::string> canonical(std::string_view text);

/// The document in at most `bytes_max` bytes; nullopt: `text` is no ADF. Where not even an empty document fits, the
/// empty text.
[[nodiscard]] std::optional<Cut> cut(std::string_view text, std::size_t bytes_max, std::string_view link_text);

}  // namespace causeway::markup::adf
