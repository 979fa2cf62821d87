#pragma once
/// The style attributes of Textile: `(class)`, `{style}`, `[lang]`, alignments and spans. Each function returns where
/// the attributes that begin at `position` end. Grammar: RedCloth 3, as Redmine 5.0 carries it (A, C, S in
/// redcloth3.rb).
#include <cstddef>
#include <string_view>

namespace causeway::markup::textile {

/// Class, style and language, in any order.
[[nodiscard]] std::size_t after_style(std::string_view text, std::size_t position);

/// Alignment: horizontal (`<`, `>`, `=`, `<>`, parentheses) and vertical (`-`, `^`, `~`).
[[nodiscard]] std::size_t after_alignment(std::string_view text, std::size_t position);

/// Column and row spans: `\2`, `/3`.
[[nodiscard]] std::size_t after_span(std::string_view text, std::size_t position);

/// A block's mark such as `h2(class). ` at the start of `line`: tag, attributes, and the whole length (0: none).
struct BlockMark {
  std::string_view tag;  ///< `p`, `bq`, `h1`..`h6`, `fn12`
  std::string_view attributes;
  std::size_t length = 0;
};
[[nodiscard]] BlockMark block_mark(std::string_view line);

/// A list item's mark such as `*# ` at the start of `line`.
struct ItemMark {
  std::string_view marks;
  std::size_t length = 0;  ///< with the space; 0: none
};
[[nodiscard]] ItemMark item_mark(std::string_view line);

/// The attributes that begin a table cell, up to the `.` and the space after it.
struct CellMark {
  std::string_view attributes;
  std::size_t length = 0;  ///< 0: none
};
[[nodiscard]] CellMark cell_mark(std::string_view cell);

/// Is the whole line a thematic break: three or more `*`, `-` or `_`, with or without spaces?
[[nodiscard]] bool is_rule(std::string_view line);

/// The tags whose content Textile leaves alone: `pre`, `code`, `kbd`, `notextile`. `position` is where `<` stands.
struct RawTag {
  std::string_view name;
  std::string_view attributes;
  std::size_t length = 0;  ///< 0: no such tag here
  bool closing = false;
};
[[nodiscard]] RawTag raw_tag(std::string_view text, std::size_t position);

}  // namespace causeway::markup::textile
