#pragma once
/// A Document as Markdown, for GitHub and for Redmine's CommonMark.
#include <string>

#include "agent/markup/convert.hpp"

namespace causeway::markup::markdown {

[[nodiscard]] Rendered write(Format format, const Document& document);

/// The block at `index` and what is in it, as GitHub Markdown; for writers that cannot say it themselves.
[[nodiscard]] std::string write_block(const Document& document, Document::Index index);

}  // namespace causeway::markup::markdown
