#pragma once
/// The inlines of one block as Jira's wiki markup.
///
/// A character whose meaning is not wanted is written behind a backslash, or as an entity where Jira has no escape for
/// it; a mark that touches a word is written in braces, `{*}`.
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "agent/markup/document.hpp"
#include "agent/markup/losses.hpp"

namespace causeway::markup::jira_wiki {

class InlineWriter {
 public:
  /// Where the inlines stand: says what the start of a line could be taken for, and how lines are broken.
  enum class Place : std::uint8_t { paragraph, heading, item, cell };

  /// Writes to the end of `out`.
  InlineWriter(const Document& document, std::string& out, Losses& losses)
      : document_(document), out_(out), losses_(losses) {}

  /// The children of the block at `block`.
  void write(Document::Index block, Place place);

 private:
  using Index = Document::Index;

  /// A span that has been begun.
  struct Open {
    char mark = '\0';
    std::size_t inner = 0;
  };

  /// What has just ended, and may have to be told from the next character.
  enum class Ending : std::uint8_t { none, span, code, image };

  void count_marks(Index block);
  void children(Index parent);
  [[nodiscard]] static bool is_plain(const Node& node);
  Index plain_run(Index index, Index end);
  Index inline_at(Index index, Index end);
  void settle();
  void end_with(Ending ending, std::size_t size, std::size_t begin);
  void text(std::string_view text);
  void character(std::string_view text, std::size_t position);
  [[nodiscard]] bool escapes(std::string_view text, std::size_t position) const;
  [[nodiscard]] bool escapes_mark(std::string_view text, std::size_t position) const;
  void span(Index index, std::string_view mark);
  void styled(Index index);
  void code(std::string_view code);
  void link(Index index);
  void plain_link(std::string_view label, std::string_view target, std::string_view title);
  void url(Index index, Index end);
  void image(Index index);
  void mention(const Node& node);
  void verbatim(const Node& node);
  void flush_breaks();
  void strip(std::size_t floor);
  void end_line();
  void insert(std::size_t position, std::string_view piece);
  [[nodiscard]] std::string_view line() const { return std::string_view{out_}.substr(line_begin_); }
  [[nodiscard]] bool follows_word() const;
  [[nodiscard]] char previous() const { return out_.size() == line_begin_ ? '\0' : out_.back(); }
  [[nodiscard]] std::string plain_text(Index index) const;

  const Document& document_;
  std::string& out_;
  Losses& losses_;
  Place place_ = Place::paragraph;
  std::array<bool, 256> closers_{};  // the marks that could end a span somewhere in the block
  std::size_t exclamations_ = 0;
  std::vector<Open> open_;
  std::size_t line_begin_ = 0;
  bool first_line_ = true;
  std::size_t breaks_ = 0;
  std::size_t depth_ = 0;  // of what lines cannot be broken in by a line's end
  bool in_link_ = false;
  bool in_code_ = false;
  Ending ending_ = Ending::none;
  std::size_t ended_at_ = 0;
  std::size_t ending_size_ = 0;
  std::size_t began_at_ = 0;
};

/// Can a link in Jira lead there, coming from a text of this document's source?
[[nodiscard]] bool can_link(const Document& document, std::string_view target);

}  // namespace causeway::markup::jira_wiki
