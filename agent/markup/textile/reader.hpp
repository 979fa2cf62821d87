#pragma once
/// Redmine's Textile into a Document. Follows what RedCloth 3 in Redmine 5.0 makes of a text, quirks that show
/// included.
#include <string_view>

#include "agent/markup/document.hpp"

namespace causeway::markup::textile {

/// `text` is clean (utf8.hpp). Thread-safe.
[[nodiscard]] Document read(std::string_view text);

}  // namespace causeway::markup::textile
