#pragma once
/// The inlines of one block as Markdown.
#include <string>
#include <string_view>

#include "agent/markup/characters.hpp"
#include "agent/markup/document.hpp"
#include "agent/markup/losses.hpp"

namespace causeway::markup::markdown {

class InlineWriter {
 public:
  /// Writes to the end of `out`. `prefix` is what every line but the first begins with.
  InlineWriter(Format format, const Document& document, std::string& out, const std::string& prefix, Losses& losses)
      : format_(format), document_(document), out_(out), prefix_(prefix), losses_(losses) {}

  struct Place {
    bool one_line = false;    ///< a heading or a table cell: line breaks become `<br>` or a space
    bool in_table = false;    ///< `|` is taken
    bool guard_task = false;  ///< text that looks like a task's box is not one
  };

  /// The children of the block at `block`.
  void write(Document::Index block, Place place);

 private:
  using Index = Document::Index;

  /// Which marks occur more than once in the block, so that they could pair up.
  struct Marks {
    std::size_t stars = 0;
    std::size_t underscores = 0;
    std::size_t tildes = 0;
    std::size_t ticks = 0;
    std::size_t brackets = 0;
  };

  void count_marks(Index begin, Index end);
  void children(Index parent);
  void inline_at(Index index, Index parent_end);
  void text(std::string_view text, Index index, Index parent_end);
  void escape_into(std::string_view text, Edge after);
  [[nodiscard]] std::size_t line_start(std::string_view text);
  [[nodiscard]] bool needs_escape(std::string_view text, std::size_t position, Edge after) const;
  void emphasis(Index index, Edge after);
  void marked(Index index, std::string_view mark, std::string_view tag, Edge after);
  void tagged(Index index, std::string_view tag);
  void code(std::string_view code);
  void link(Index index);
  void url(Index index, Index parent_end);
  void image(Index index);
  void destination(std::string_view target, std::string_view title);
  void line_break(Index index, Index parent_end, bool hard);
  void new_line();

  [[nodiscard]] bool at_line_start() const { return out_.size() == line_begin_; }
  [[nodiscard]] std::string_view line() const { return std::string_view{out_}.substr(line_begin_); }
  [[nodiscard]] Edge edge_after(Index index, Index parent_end) const;

  Format format_;
  const Document& document_;
  std::string& out_;
  const std::string& prefix_;
  Losses& losses_;
  Place place_;
  Marks marks_;
  std::size_t line_begin_ = 0;
  Index block_ = 0;
  bool in_link_ = false;
  bool link_may_follow_ = false;  ///< behind the text that is being written stands, or may stand, `(`, `[` or `:`
};

/// `code` as a code span.
[[nodiscard]] std::string code_span(std::string_view code);

}  // namespace causeway::markup::markdown
