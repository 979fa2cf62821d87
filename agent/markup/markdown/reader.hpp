#pragma once
/// Markdown, as GitHub and Redmine's CommonMark read it, into a Document.
#include <string_view>

#include "agent/markup/document.hpp"
#include "agent/markup/format.hpp"

namespace causeway::markup::markdown {

/// `text` is clean (utf8.hpp). Thread-safe.
[[nodiscard]] Document read(Format format, std::string_view text);

}  // namespace causeway::markup::markdown
