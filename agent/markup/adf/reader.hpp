#pragma once
/// ADF, the JSON of Jira Cloud, into a Document.
#include <string_view>

#include "agent/markup/document.hpp"

namespace causeway::markup::adf {

/// `text` is clean (utf8.hpp). What is no ADF becomes paragraphs of its text. What a Document cannot say (macros,
/// statuses, media of the site, tables with merged cells …) is kept as the JSON of its node: a verbatim or
/// verbatim_block of source `adf`. Thread-safe.
[[nodiscard]] Document read(std::string_view text);

}  // namespace causeway::markup::adf
