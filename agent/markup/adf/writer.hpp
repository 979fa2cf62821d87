#pragma once
/// A Document as ADF that the published schema allows.
#include "agent/markup/convert.hpp"

namespace causeway::markup::adf {

/// What ADF does not allow where it stands (a quote in a list, a heading in a quote …) is written as what it does
/// allow, and named as a loss.
[[nodiscard]] Rendered write(const Document& document);

}  // namespace causeway::markup::adf
