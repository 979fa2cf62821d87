#pragma once
/// The inlines of one block of Jira's wiki markup.
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "agent/markup/document.hpp"
#include "agent/markup/jira_wiki/macros.hpp"
#include "agent/markup/jira_wiki/syntax.hpp"

namespace causeway::markup::jira_wiki {

class InlineReader {
 public:
  InlineReader(Document& document, std::string_view text, const Macros& macros)
      : document_(document), text_(text), macros_(macros) {}

  /// Adds what the text says from `begin` to `end`.
  void read(std::size_t begin, std::size_t end);

  /// Where the piece that no other rule may look into ends, if one begins at `position`: an escape, a macro, code, a
  /// link, an image, an address; `position` if none does.
  [[nodiscard]] std::size_t piece_end(std::size_t position, std::size_t end);

 private:
  /// Where marks may close, and the lines end, in what is being read.
  struct Places {
    std::array<std::vector<std::size_t>, marks.size()> closers;
    std::vector<std::size_t> lines;
  };

  void find_places(std::size_t begin, std::size_t end);
  [[nodiscard]] std::size_t closer(std::size_t mark, std::size_t from, std::size_t end) const;
  void drop_breaks();
  void end_container(Document::Index index);
  void part(std::size_t begin, std::size_t end);
  void range(std::size_t begin, std::size_t end);
  /// What stands at `position`, if it is more than a character: where it ends; `position` if it is not.
  std::size_t special(std::size_t position, std::size_t end);
  std::size_t line_end(std::size_t position, std::size_t end);
  std::size_t backslash(std::size_t position, std::size_t end);
  std::size_t entity(std::size_t position);
  std::size_t brace(std::size_t position, std::size_t end);
  std::size_t macro(const Macro& macro, std::size_t end);
  std::size_t color(const Macro& macro);
  std::size_t raw(const Macro& macro);
  std::size_t link(std::size_t position, std::size_t end);
  std::size_t image(std::size_t position, std::size_t end);
  std::size_t address(std::size_t position, std::size_t end);
  std::size_t dashes(std::size_t position, std::size_t end);
  std::size_t span(std::size_t mark, std::size_t position, std::size_t inner, std::size_t end);
  std::size_t line_break(Kind kind, std::size_t next, std::size_t end);
  void verbatim(std::size_t begin, std::size_t end);
  void add_address(std::string_view shown, std::string_view target);
  void end_run();

  Document& document_;
  std::string_view text_;
  const Macros& macros_;
  CodeFinder code_;
  Places places_;
  std::string run_;             // plain characters that have not been added yet
  std::size_t part_nodes_ = 0;  // how many nodes there were before the part that is being read
  std::size_t closed_ = 0;      // and how many when a container was closed last
  std::size_t depth_ = 0;
  bool in_link_ = false;
};

}  // namespace causeway::markup::jira_wiki
