#include "agent/markup/jira_wiki/reader.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "agent/markup/characters.hpp"
#include "agent/markup/jira_wiki/inline_reader.hpp"
#include "agent/markup/jira_wiki/macros.hpp"
#include "agent/markup/jira_wiki/syntax.hpp"

namespace causeway::markup::jira_wiki {
namespace {

constexpr auto npos = std::string_view::npos;

/// A line, or the part of one beside a macro; or a macro with all it holds.
struct Piece {
  std::size_t begin = 0;
  std::size_t end = 0;
  const Macro* macro = nullptr;
  bool blank = false;      ///< an empty line
  bool ends_line = false;  ///< nothing stands between it and the line's end
};

class Reader {
 public:
  Reader(Document& document, std::string_view text)
      : document_(document), text_(text), macros_(text), inline_reader_(document, text, macros_) {}

  void read() { blocks(0, text_.size()); }

 private:
  using Index = Document::Index;
  using Pieces = std::vector<Piece>;

  [[nodiscard]] std::string_view view(std::size_t begin, std::size_t end) const {
    return text_.substr(begin, end - begin);
  }
  [[nodiscard]] std::string_view view(const Piece& piece) const { return view(piece.begin, piece.end); }

  [[nodiscard]] Pieces pieces_of(std::size_t begin, std::size_t end) const {
    Pieces pieces;
    NextPlace lines{"\n"};
    bool whole = true;  // nothing of this line has been added yet
    for (std::size_t position = begin; position <= end;) {
      const std::size_t line_end = std::min(lines.from(text_.substr(0, end), position), end);
      const Macro* macro = macros_.next_block(position);
      const bool here = macro != nullptr && macro->begin < line_end;
      const std::size_t stop = here ? macro->begin : line_end;
      const bool empty = trimmed(view(position, stop)).empty();
      if (!empty) {
        pieces.push_back(Piece{.begin = position, .end = stop, .ends_line = !here});
      } else if (!here && whole) {
        pieces.push_back(Piece{.begin = position, .end = stop, .blank = true, .ends_line = true});
      } else if (!here && !pieces.empty()) {
        pieces.back().ends_line = true;
      }
      whole = !here;
      position = line_end + 1;
      if (!here) continue;
      pieces.push_back(Piece{.begin = macro->begin, .end = macro->after, .macro = macro});
      position = macro->after;
    }
    return pieces;
  }

  void blocks(std::size_t begin, std::size_t end) {
    const Pieces pieces = pieces_of(begin, end);
    for (std::size_t index = 0; index < pieces.size();) index = block(pieces, index);
  }

  /// Adds the block that begins with the piece at `index`; returns the piece behind it.
  std::size_t block(const Pieces& pieces, std::size_t index) {
    const Piece& piece = pieces[index];
    if (piece.blank) return index + 1;
    if (piece.macro != nullptr) {
      macro(*piece.macro);
      return index + 1;
    }
    const LineStart start = line_start(view(piece), false);
    switch (start.kind) {
      case LineStart::Kind::heading:
        inlines(Node{.kind = Kind::heading, .level = start.level}, piece.begin + start.length, piece.end);
        return index + 1;
      case LineStart::Kind::quote: {
        const Index quote = document_.open(Node{.kind = Kind::quote});
        paragraph(piece.begin + start.length, piece.end);
        document_.close(quote);
        return index + 1;
      }
      case LineStart::Kind::rule:
        document_.leaf(Node{.kind = Kind::rule});
        return index + 1;
      case LineStart::Kind::item:
        if (depth_ < depth_max) return list(pieces, index);
        break;
      case LineStart::Kind::row:
        if (row_cells(pieces, index).cells.size() > 1) return table(pieces, index);
        break;
      case LineStart::Kind::text:
        break;
    }
    std::size_t next = index + 1;
    while (next < pieces.size() && pieces[next - 1].ends_line && goes_on(pieces, next)) ++next;
    paragraph(piece.begin, pieces[next - 1].end);
    return next;
  }

  /// Does the piece at `index` belong to the paragraph before it?
  [[nodiscard]] bool goes_on(const Pieces& pieces, std::size_t index) {
    const Piece& piece = pieces[index];
    if (piece.blank || piece.macro != nullptr) return false;
    const LineStart::Kind kind = line_start(view(piece), false).kind;
    if (kind == LineStart::Kind::row) return row_cells(pieces, index).cells.size() <= 1;
    return kind == LineStart::Kind::text || (kind == LineStart::Kind::item && depth_ >= depth_max);
  }

  void inlines(Node node, std::size_t begin, std::size_t end) {
    const Index index = document_.open(node);
    inline_reader_.read(begin, end);
    document_.close(index);
  }

  /// A paragraph; a macro that stands alone is a block of its own.
  void paragraph(std::size_t begin, std::size_t end) {
    if (trimmed(view(begin, end)).empty()) return;
    const Index index = document_.open(Node{.kind = Kind::paragraph});
    inline_reader_.read(begin, end);
    document_.close(index);
    if (document_.size() != index + 2 || document_.nodes.back().kind != Kind::verbatim) return;
    Node only = document_.nodes.back();
    only.kind = Kind::verbatim_block;
    document_.nodes.resize(index);
    document_.leaf(only);
  }

  void macro(const Macro& macro) {
    if (macro.role == Macro::Role::raw) return code_block(macro);
    if (depth_ >= depth_max) return verbatim(macro.begin, macro.after);
    Node node{.kind = Kind::panel};
    if (macro.name == "quote") {
      node.kind = Kind::quote;
    } else {
      const std::string named = parameter(macro.parameters, "title");
      const std::string unnamed = parameter(macro.parameters, "");
      node.title = document_.keep(named.empty() ? unnamed : named);
      if (macro.name == "expand") {
        node.kind = Kind::details;
      } else {
        node.target = document_.keep(macro.name == "panel" ? std::string_view{} : macro.name);
        const std::string others = other_parameters(macro.parameters, {"title", ""});
        node.text = document_.keep(others);
      }
    }
    const Index index = document_.open(node);
    ++depth_;
    blocks(macro.end, macro.inside_end);
    --depth_;
    document_.close(index);
  }

  void code_block(const Macro& macro) {
    std::string_view code = view(macro.end, macro.inside_end);
    if (code.starts_with('\n')) code.remove_prefix(1);
    if (code.ends_with('\n')) code.remove_suffix(1);
    Node node{.kind = Kind::code_block};
    node.text = document_.keep(code);
    const std::string title = parameter(macro.parameters, "title");
    node.title = document_.keep(title);
    if (macro.name == "code") {
      std::string language = parameter(macro.parameters, "");
      for (const std::string_view key : {"language", "lang"})
        if (language.empty()) language = parameter(macro.parameters, key);
      node.target = document_.keep(language);
    }
    document_.leaf(node);
  }

  void verbatim(std::size_t begin, std::size_t end) {
    Node node{.kind = Kind::verbatim_block, .source = Format::jira_wiki};
    node.text = document_.keep(view(begin, end));
    document_.leaf(node);
  }

  struct OpenList {
    std::string_view bullets;
    Index list = 0;
    Index item = 0;
  };

  /// A list goes on to an empty line or another block; lines and macros without a bullet belong to the item before
  /// them.
  std::size_t list(const Pieces& pieces, std::size_t index) {
    std::vector<OpenList> open;
    const std::size_t outer_depth = depth_;
    while (index < pieces.size() && !pieces[index].blank) {
      const Piece& piece = pieces[index];
      if (piece.macro != nullptr) {
        macro(*piece.macro);
        ++index;
        continue;
      }
      const LineStart start = line_start(view(piece), true);
      const bool item = start.kind == LineStart::Kind::item;
      if (!item && !goes_on(pieces, index)) break;
      std::size_t next = index + 1;
      while (next < pieces.size() && pieces[next - 1].ends_line && goes_on(pieces, next) &&
             line_start(view(pieces[next]), true).kind != LineStart::Kind::item)
        ++next;
      if (item) {
        open_item(open, start.bullets, outer_depth);
        item_text(piece.begin + start.length, pieces[next - 1].end);
      } else {
        paragraph(piece.begin, pieces[next - 1].end);
      }
      index = next;
    }
    while (!open.empty()) close_list(open);
    return index;
  }

  void open_item(std::vector<OpenList>& open, std::string_view bullets, std::size_t outer_depth) {
    while (!open.empty() && open.back().bullets.size() > bullets.size()) close_list(open);
    const bool ordered = bullets.back() == '#';
    if (!open.empty() && open.back().bullets.size() == bullets.size()) {
      if ((open.back().bullets.back() == '#') == ordered) {
        document_.close(open.back().item);
        open.back().item = document_.open(Node{.kind = Kind::item});
        return;
      }
      close_list(open);
    }
    if (outer_depth + open.size() >= depth_max) close_list(open);
    OpenList next{.bullets = bullets};
    next.list =
        document_.open(Node{.kind = Kind::list, .ordered = ordered, .tight = true, .number = ordered ? 1U : 0U});
    next.item = document_.open(Node{.kind = Kind::item});
    open.push_back(next);
    ++depth_;
  }

  void close_list(std::vector<OpenList>& open) {
    document_.close(open.back().item);
    document_.close(open.back().list);
    open.pop_back();
    --depth_;
  }

  void item_text(std::size_t begin, std::size_t end) {
    const std::string_view text = view(begin, end);
    if (text.starts_with("[ ]") || text.starts_with("[x]") || text.starts_with("[X]")) {
      if (text.size() == 3 || is_space(text[3])) {
        document_.nodes.back().task = text[1] == ' ' ? Task::open : Task::done;
        begin += 3;
      }
    }
    if (trimmed(view(begin, end)) == "&nbsp;") return;  // an empty item has to hold something
    paragraph(begin, end);
  }

  struct Cell {
    std::size_t begin = 0;
    std::size_t end = 0;
    bool header = false;
  };

  struct Row {
    std::vector<Cell> cells;  ///< and one more, behind the last bar
    std::size_t next = 0;     ///< the piece behind the row
  };

  /// The row that begins with the piece at `index`. Its last cell may go on over lines, up to a bar at a line's end.
  [[nodiscard]] Row row_cells(const Pieces& pieces, std::size_t index) {
    // Asked for the same line again and again while a paragraph is looked for.
    if (asked_ == pieces[index].begin && asked_end_ == pieces.back().end) return row_;
    Row row;
    std::size_t next = index + 1;
    std::size_t position = pieces[index].begin;
    position += view(pieces[index]).find('|');
    bool closed = false;  // the last bar ends the line
    for (;;) {
      while (next < pieces.size() && !pieces[next - 1].ends_line) ++next;
      closed = split(row, position, pieces[next - 1].end);
      position = pieces[next - 1].end;
      if (closed || next >= pieces.size() || pieces[next].blank || pieces[next].macro != nullptr) break;
      if (line_start(view(pieces[next]), true).kind != LineStart::Kind::text) break;
      // Without another bar further on this is one line, and the next is another paragraph's.
      ++next;
    }
    if (!row.cells.empty()) row.cells.back().end = position;
    row.next = next;
    asked_ = pieces[index].begin;
    asked_end_ = pieces.back().end;
    row_ = row;
    return row;
  }

  /// Adds the cells that begin between `position` and `end`; says whether the last of them is empty, so that the row
  /// ends there.
  bool split(Row& row, std::size_t position, std::size_t end) {
    while (position < end) {
      if (text_[position] != '|') {
        const std::size_t after = inline_reader_.piece_end(position, end);
        position = std::max(after, position + 1);
        continue;
      }
      if (!row.cells.empty()) row.cells.back().end = position;
      const bool header = stands_at(text_, position, "||");
      position += header ? 2 : 1;
      row.cells.push_back(Cell{position, end, header});
    }
    return row.cells.size() > 1 && trimmed(view(row.cells.back().begin, end)).empty();
  }

  std::size_t table(const Pieces& pieces, std::size_t index) {
    const Index table = document_.open(Node{.kind = Kind::table});
    while (index < pieces.size() && !pieces[index].blank && pieces[index].macro == nullptr &&
           line_start(view(pieces[index]), false).kind == LineStart::Kind::row) {
      Row row = row_cells(pieces, index);
      if (row.cells.size() <= 1) break;
      if (trimmed(view(row.cells.back().begin, row.cells.back().end)).empty()) row.cells.pop_back();
      const Index node = document_.open(Node{.kind = Kind::row});
      for (const Cell& cell : row.cells) inlines(Node{.kind = Kind::cell, .header = cell.header}, cell.begin, cell.end);
      document_.close(node);
      index = row.next;
    }
    document_.close(table);
    return index;
  }

  Document& document_;
  std::string_view text_;
  const Macros macros_;
  InlineReader inline_reader_;
  std::size_t depth_ = 0;
  std::size_t asked_ = npos;
  std::size_t asked_end_ = npos;
  Row row_;
};

}  // namespace

Document read(std::string_view text) {
  Document document;
  document.source = Format::jira_wiki;
  document.bytes.reserve(text.size() + text.size() / 4);
  document.nodes.reserve(text.size() / 24 + 8);
  Reader{document, text}.read();
  return document;
}

}  // namespace causeway::markup::jira_wiki
