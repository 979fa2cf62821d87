#pragma once
/// A Document as Redmine's Textile.
#include "agent/markup/convert.hpp"

namespace causeway::markup::textile {

[[nodiscard]] Rendered write(const Document& document);

}  // namespace causeway::markup::textile
