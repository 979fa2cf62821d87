#pragma once
/// The inlines of one block of Textile.
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "agent/markup/document.hpp"
#include "agent/markup/textile/atoms.hpp"
#include "agent/markup/textile/marks.hpp"

namespace causeway::markup::textile {

class InlineReader {
 public:
  InlineReader(Document& document, const Atoms& atoms) : document_(document), atoms_(atoms) {}

  /// Adds what `text` says to the document. Its lines are separated by LF; its spans end where it ends.
  void read(std::string_view text);

 private:
  void find_closers();
  /// The first place from `from` on, but before `end`, where `mark` may close; npos if there is none.
  [[nodiscard]] std::size_t closer(std::size_t mark, std::size_t from, std::size_t end) const;
  void range(std::size_t begin, std::size_t end);
  /// What stands at `position`, if it is more than a character: where it ends; `position` if it is not.
  std::size_t special(std::size_t position, std::size_t begin, std::size_t end);
  std::size_t span(std::size_t position, std::size_t begin, std::size_t end);
  std::size_t code(std::size_t position, std::size_t end);
  std::size_t mail(std::size_t position, std::size_t end);
  std::size_t image(std::size_t position, std::size_t begin, std::size_t end);
  std::size_t link(std::size_t position, std::size_t end);
  std::size_t address(std::size_t position, std::size_t end);
  std::size_t literal(std::size_t position, std::size_t end);
  std::size_t bracketed(std::size_t position, std::size_t end);
  std::size_t entity(std::size_t position, std::size_t end);
  std::size_t atom(std::size_t position);
  void add_code(std::string_view code);
  void add_address(std::string_view shown, std::string_view target);
  void end_run();
  [[nodiscard]] char before(std::size_t position) const { return position == 0 ? '\0' : text_[position - 1]; }

  Document& document_;
  const Atoms& atoms_;
  std::string_view text_;
  std::string run_;                // plain characters that have not been added yet
  std::vector<std::size_t> dead_;  // places in run_ that no reference or mention may cover
  std::array<std::vector<std::size_t>, span_marks.size() + 1> closers_;  // by mark; the last is code's
  std::size_t depth_ = 0;
  bool in_link_ = false;
};

}  // namespace causeway::markup::textile
