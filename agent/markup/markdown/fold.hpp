#pragma once
/// Blocks that Markdown says with HTML or with a word at the beginning of a quote.
#include "agent/markup/document.hpp"

namespace causeway::markup::markdown {

/// Makes `<details>` … `</details>`, whose tags stand in blocks of their own, one `details` block, and with `alerts` a
/// quote that begins with `[!NOTE]` or the like a `panel`. Linear.
void fold(Document& document, bool alerts);

}  // namespace causeway::markup::markdown
