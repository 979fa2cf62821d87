#pragma once
/// The inlines of one block as Textile.
///
/// Two means make everything sayable: a character whose meaning is not wanted is written as an entity, and an empty
/// `<notextile>` pair, which Redmine drops, parts a mark from the letter beside it.
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "agent/markup/document.hpp"
#include "agent/markup/losses.hpp"

namespace causeway::markup::textile {

class InlineWriter {
 public:
  /// Where the inlines stand: says what the start of a line could be taken for.
  enum class Place : std::uint8_t { paragraph, heading, item, cell };

  /// Writes to the end of `out`. `prefix` is what every line but the first begins with.
  InlineWriter(const Document& document, std::string& out, const std::string& prefix, Losses& losses)
      : document_(document), out_(out), prefix_(prefix), losses_(losses) {}

  /// The children of the block at `block`.
  void write(Document::Index block, Place place);

 private:
  using Index = Document::Index;

  /// Which marks could end a span, so that one that could begin it has to be written as an entity.
  struct Marks {
    std::array<bool, 256> closers{};
    std::size_t signs = 0;         // `@` in texts and mentions
    std::size_t exclamations = 0;  // `!`, two for each image
  };

  /// A span that has been begun.
  struct Open {
    char mark = '\0';
    std::size_t inner = 0;
  };

  /// What must be parted from the next character, if that is one of a word.
  enum class Ending : std::uint8_t { none, span, address };

  void count_marks(Index block);
  void children(Index parent);
  [[nodiscard]] static bool is_plain(const Node& node);
  Index plain_run(Index index, Index end);
  Index inline_at(Index index);
  /// What will follow: not known yet, a mark, or white space.
  enum class Next : std::uint8_t { open, mark, space };

  void settle(Next next);
  void end_with(Ending ending);
  void text(std::string_view text);
  void character(std::string_view text, std::size_t position);
  [[nodiscard]] bool escapes(std::string_view text, std::size_t position) const;
  [[nodiscard]] bool follows_capitals() const;
  void span(Index index, std::string_view mark);
  void code(std::string_view code);
  void raw_code(std::string_view tag, std::string_view code);
  void link(Index index);
  void plain_link(std::string_view shown, std::string_view target);
  void url(Index index);
  void image(Index index, std::string_view target);
  void verbatim(const Node& node);
  void flush_breaks();
  void end_line();
  void insert(std::size_t position, std::string_view piece);
  void part();

  [[nodiscard]] char previous() const { return out_.size() == line_begin_ ? '\0' : out_.back(); }
  [[nodiscard]] std::string plain_text(Index index) const;

  const Document& document_;
  std::string& out_;
  const std::string& prefix_;
  Losses& losses_;
  Place place_ = Place::paragraph;
  Marks marks_;
  std::vector<Open> open_;
  std::size_t line_begin_ = 0;
  bool first_line_ = true;
  std::size_t breaks_ = 0;
  bool in_link_ = false;
  Ending ending_ = Ending::none;
  std::size_t ended_at_ = 0;
};

/// `code` without anything in it that would end a code block or a code tag; notes a loss where it had to be changed.
[[nodiscard]] std::string without_raw_tags(std::string_view code, Losses& losses);

/// Can Textile say this target, coming from a text of this document's source?
[[nodiscard]] bool can_link(const Document& document, std::string_view target);

}  // namespace causeway::markup::textile
