#pragma once
/// One text, free of any tracker's markup: blocks and inlines.
///
/// A Document is two flat arrays: the nodes in reading order, each knowing where its subtree ends, and the bytes they
/// point into. So it is cheap to make, copy and destroy, and no depth of nesting can exhaust the stack. Readers nest
/// at most `depth_max` blocks and `depth_max` inlines; what lies deeper stays as it was written.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "agent/markup/format.hpp"

namespace causeway::markup {

/// Nesting a reader may produce, for blocks and again for inlines inside one block.
inline constexpr std::size_t depth_max = 32;

enum class Kind : std::uint8_t {
  // Blocks. Those marked (inlines) hold inlines, the others blocks or nothing.
  paragraph,       ///< (inlines) title: the writer's own style attributes, e.g. Textile's `(class)`
  heading,         ///< (inlines) level 1-6; title as for paragraph
  list,            ///< items; ordered, tight, number: the first item's number
  item,            ///< blocks; task
  quote,           ///< blocks
  panel,           ///< blocks; target: its sort in Jira (`info`, `note`, `warning` …, empty: plain), title
  details,         ///< blocks that fold away; title: what stays visible
  code_block,      ///< text: the lines, without a last line end; target: the language or whole info string
  table,           ///< rows
  row,             ///< cells
  cell,            ///< (inlines) align, header
  rule,            ///< a thematic break
  verbatim_block,  ///< text: something only the format `source` can say
  // Inlines. Containers hold inlines.
  text,         ///< text: never a line end
  strong,       ///< container
  emphasis,     ///< container
  strike,       ///< container
  inserted,     ///< container
  superscript,  ///< container
  subscript,    ///< container
  keyboard,     ///< container
  styled,       ///< container; target: Textile's mark (`%` or `??`), title: its attributes
  code,         ///< text
  link,         ///< container; target, title
  url,          ///< a bare address; text: as shown, target: where it leads
  image,        ///< text: the alternative text; target, title
  hard_break,   ///< a line break asked for
  soft_break,   ///< a line end in a paragraph; every tracker here shows it as a line break
  mention,      ///< text: the login, without `@` (Jira: the account's id); title: the person's name, if known
  reference,    ///< text: as written (`#12`, `owner/repo#1`, `r12`, `{{macro}}`); live in `source`'s tracker only
  emoji,        ///< text: the short name, without colons
  verbatim      ///< text: something only the format `source` can say, e.g. an HTML tag
};

[[nodiscard]] constexpr bool is_block(Kind kind) { return kind <= Kind::verbatim_block; }

/// Does this kind hold inlines directly?
[[nodiscard]] constexpr bool holds_inlines(Kind kind) {
  return kind == Kind::paragraph || kind == Kind::heading || kind == Kind::cell ||
         (kind >= Kind::strong && kind <= Kind::styled) || kind == Kind::link;
}

enum class Align : std::uint8_t { none, left, center, right };
enum class Task : std::uint8_t { none, open, done };

/// A piece of Document::bytes.
struct Span {
  std::uint32_t begin = 0;
  std::uint32_t size = 0;
};

struct Node {
  Kind kind = Kind::text;
  std::uint8_t level = 0;
  Task task = Task::none;
  Align align = Align::none;
  bool ordered = false;
  bool tight = false;
  bool header = false;
  Format source = Format::github;  ///< of a reference, verbatim or verbatim_block
  std::uint32_t number = 0;
  std::uint32_t end = 0;  ///< index of the first node after this one's subtree
  Span text;
  Span target;
  Span title;
};

/// A value; equal when it says the same, however its bytes are laid out. Its `source` and `losses` are not compared.
class Document {
 public:
  using Index = std::uint32_t;

  /// Where the text came from: says what a relative address or an unknown piece means.
  Format source = Format::github;
  std::vector<Node> nodes;
  std::string bytes;
  /// What was lost on the way from the source, in the words of Rendered::losses; render() passes it on.
  std::vector<std::string> losses;

  [[nodiscard]] std::string_view view(Span span) const { return std::string_view{bytes}.substr(span.begin, span.size); }
  [[nodiscard]] std::string_view text(const Node& node) const { return view(node.text); }
  [[nodiscard]] std::string_view target(const Node& node) const { return view(node.target); }
  [[nodiscard]] std::string_view title(const Node& node) const { return view(node.title); }
  [[nodiscard]] Index size() const { return static_cast<Index>(nodes.size()); }
  [[nodiscard]] bool has_children(Index index) const { return nodes[index].end > index + 1; }

  /// Keeps a copy of `piece`. It may be a view of this document's own bytes.
  Span keep(std::string_view piece);
  /// Begins a node whose children are added until close().
  Index open(Node node);
  void close(Index index) { nodes[index].end = size(); }
  Index leaf(Node node);
  /// A leaf holding a copy of `text`.
  Index leaf(Kind kind, std::string_view text);

  friend bool operator==(const Document& left, const Document& right);
};

}  // namespace causeway::markup
