#include "agent/markup/textile/reader.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "agent/markup/characters.hpp"
#include "agent/markup/textile/atoms.hpp"
#include "agent/markup/textile/attributes.hpp"
#include "agent/markup/textile/inline_reader.hpp"

namespace causeway::markup::textile {
namespace {

using Lines = std::span<const std::string_view>;

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return lines;
}

bool is_blank_line(std::string_view line) { return line.find_first_not_of(" \t") == std::string_view::npos; }

std::string_view left_trimmed(std::string_view line) {
  return line.substr(std::min(line.find_first_not_of(" \t"), line.size()));
}

/// The lines as one text, without the space around each.
std::string joined(std::string_view first, Lines more) {
  std::string text{trimmed(first)};
  for (const std::string_view line : more) text.append("\n").append(trimmed(line));
  return text;
}

/// Where a table begins in the line: behind the row's attributes; npos: it is no row.
std::size_t row_begin(std::string_view line) {
  std::size_t position = after_style(line, after_alignment(line, 0));
  if (position > 0 && line.substr(position, 1) == ".") ++position;
  if (line.substr(position, 1) == " ") ++position;
  return line.substr(position, 1) == "|" ? position : std::string_view::npos;
}

/// The attributes of a line such as `table(class).`; its length is 0 if it is another line.
std::size_t table_mark(std::string_view line) {
  if (!line.starts_with("table")) return 0;
  std::size_t position = 5;
  if (line.substr(position, 1) == "_") ++position;
  position = after_style(line, after_alignment(line, after_span(line, position)));
  return trimmed(line.substr(position)) == "." ? position : 0;
}

class Reader {
 public:
  Reader(Document& document, const Atoms& atoms)
      : document_(document), atoms_(atoms), inline_reader_(document, atoms) {}

  void read(std::string_view text) {
    std::vector<std::string_view> lines = lines_of(text);
    flush_left(lines);
    parts(lines, true);
  }

 private:
  /// `foldable`: may a block that folds away stand here?
  void parts(Lines all, bool foldable) {
    const auto folded_end = [&](std::size_t begin) {
      return foldable && folded_title(all[begin]) ? macro_end(all, begin) : begin;
    };
    for (std::size_t begin = 0; begin < all.size();) {
      if (const std::size_t folded = folded_end(begin); folded > begin) {
        details(*folded_title(all[begin]), all.subspan(begin + 1, folded - begin - 2));
        begin = folded;
        continue;
      }
      const bool quoted = all[begin].starts_with('>');
      std::size_t end = begin + 1;
      while (end < all.size() && all[end].starts_with('>') == quoted && folded_end(end) == end) ++end;
      quoted ? quotes(all.subspan(begin, end - begin)) : blocks(all.subspan(begin, end - begin));
      begin = end;
    }
  }

  /// The title in the line that begins Redmine's macro `collapse`; nullopt if this is another line.
  static std::optional<std::string_view> folded_title(std::string_view line) {
    constexpr std::string_view name = "{{collapse";
    line = trimmed(line);
    if (!line.starts_with(name)) return std::nullopt;
    line.remove_prefix(name.size());
    if (line.empty()) return line;
    if (line.size() < 2 || !line.starts_with('(') || line.find_first_of("()", 1) != line.size() - 1 ||
        line.back() != ')')
      return std::nullopt;
    line = line.substr(1, line.size() - 2);
    return trimmed(line.substr(0, line.find(',')));  // what follows is shown when it is unfolded
  }

  void details(std::string_view title, Lines lines) {
    Node node{.kind = Kind::details};
    node.title = document_.keep(atoms_.restored(title));
    const auto index = document_.open(node);
    parts(lines, false);
    document_.close(index);
  }

  static void flush_left(std::vector<std::string_view>& lines) {
    std::size_t indent = std::string_view::npos;
    for (const std::string_view line : lines)
      if (!is_blank_line(line)) indent = std::min(indent, line.find_first_not_of(' '));
    if (indent == 0 || indent == std::string_view::npos) return;
    for (std::string_view& line : lines) line.remove_prefix(std::min(indent, line.size()));
  }

  /// Lines that begin with `>`, as many times as they are quoted.
  void quotes(Lines lines) {
    std::vector<Document::Index> open;
    std::vector<std::string_view> contents;
    const auto end_contents = [&] {
      blocks(contents);
      contents.clear();
    };
    for (const std::string_view line : lines) {
      const std::size_t marks = std::min(line.find_first_not_of("> "), line.size());
      const auto level = std::min(static_cast<std::size_t>(std::ranges::count(line.substr(0, marks), '>')), depth_max);
      if (level != open.size()) end_contents();
      while (open.size() > level) {
        document_.close(open.back());
        open.pop_back();
      }
      while (open.size() < level) open.push_back(document_.open(Node{.kind = Kind::quote}));
      contents.push_back(line.substr(marks));
    }
    end_contents();
    while (!open.empty()) {
      document_.close(open.back());
      open.pop_back();
    }
  }

  void blocks(Lines lines) {
    for (std::size_t begin = 0; begin < lines.size();) {
      if (is_blank_line(lines[begin])) {
        ++begin;
        continue;
      }
      const std::size_t macro = macro_end(lines, begin);
      if (macro > begin) {
        verbatim(lines.subspan(begin, macro - begin));
        begin = macro;
        continue;
      }
      std::size_t end = begin + 1;
      while (end < lines.size() && !is_blank_line(lines[end])) ++end;
      block(lines.subspan(begin, end - begin));
      begin = end;
    }
  }

  /// Where a macro with a text of its own (`{{collapse`, lines, `}}`) ends; `begin` if none begins there.
  static std::size_t macro_end(Lines lines, std::size_t begin) {
    constexpr std::size_t macro_lines_max = 1000;
    const std::string_view first = trimmed(lines[begin]);
    if (!first.starts_with("{{") || first.size() < 3 || !is_word(first[2]) ||
        first.find("}}") != std::string_view::npos)
      return begin;
    for (std::size_t line = begin + 1; line < std::min(lines.size(), begin + macro_lines_max); ++line)
      if (trimmed(lines[line]) == "}}") return line + 1;
    return begin;
  }

  void verbatim(Lines lines) {
    std::string text;
    for (const std::string_view line : lines) text.append(text.empty() ? "" : "\n").append(line);
    Node node{.kind = Kind::verbatim_block, .source = Format::textile};
    node.text = document_.keep(atoms_.restored(text));
    document_.leaf(node);
  }

  void block(Lines lines) {
    const std::string_view first = left_trimmed(lines[0]);
    if (lines.size() == 1 && comment(trimmed(first))) return;
    if (const BlockMark mark = block_mark(first); mark.length > 0) return marked(lines, first, mark);
    std::vector<std::string_view> text;
    for (std::size_t line = 0; line < lines.size(); ++line) {
      const std::string_view here = line == 0 ? first : lines[line];
      if (item_mark(here).length > 0) {
        paragraph(text);
        return list(lines.subspan(line), here);
      }
      if (begins_table(lines.subspan(line), here)) {
        paragraph(text);
        return table(lines.subspan(line));
      }
      // Only a line of stars keeps the line before it from being joined to it.
      const bool stands_alone = line == 0 ? lines.size() == 1 : line + 1 == lines.size() && here.starts_with('*');
      if (stands_alone && is_rule(here)) {
        paragraph(text);
        document_.leaf(Node{.kind = Kind::rule});
        return;
      }
      text.push_back(here);
    }
    paragraph(text);
  }

  bool comment(std::string_view line) {
    if (!line.starts_with(atom_begin)) return false;
    const Atoms::Found found = atoms_.at(line, 0);
    if (found.atom == nullptr || found.atom->kind != Atom::Kind::comment || found.length != line.size()) return false;
    Node node{.kind = Kind::verbatim_block, .source = Format::textile};
    node.text = document_.keep(found.atom->whole);
    document_.leaf(node);
    return true;
  }

  void marked(Lines lines, std::string_view first, const BlockMark& mark) {
    if (mark.tag.starts_with("fn")) return verbatim(lines);
    const std::string text = joined(first.substr(mark.length), lines.subspan(1));
    Node node{.kind = Kind::paragraph};
    if (mark.tag.starts_with('h')) {
      node.kind = Kind::heading;
      node.level = static_cast<std::uint8_t>(mark.tag[1] - '0');
    }
    node.title = document_.keep(mark.attributes);
    if (mark.tag != "bq") {
      if (node.kind == Kind::paragraph && mark.attributes.empty()) return inlines_split(text);
      return inlines(node, text);
    }
    const Document::Index quote = document_.open(Node{.kind = Kind::quote});
    inlines_split(text);
    document_.close(quote);
  }

  void inlines(Node node, std::string_view text) {
    const Document::Index index = document_.open(node);
    inline_reader_.read(text);
    document_.close(index);
  }

  void paragraph(std::vector<std::string_view>& lines) {
    if (lines.empty()) return;
    inlines_split(joined(lines[0], Lines{lines}.subspan(1)));
    lines.clear();
  }

  /// Paragraphs, and the code blocks that stand between them.
  void inlines_split(std::string_view text) {
    std::size_t done = 0;
    const auto text_until = [&](std::size_t end) {
      const std::string_view piece = trimmed(text.substr(done, end - done));
      if (!piece.empty()) inlines(Node{.kind = Kind::paragraph}, piece);
    };
    for (std::size_t place = text.find(atom_begin); place != std::string_view::npos;
         place = text.find(atom_begin, place + 1)) {
      const Atoms::Found found = atoms_.at(text, place);
      if (found.atom == nullptr || found.atom->kind != Atom::Kind::code_block) continue;
      text_until(place);
      Node node{.kind = Kind::code_block};
      node.text = document_.keep(found.atom->text);
      node.target = document_.keep(found.atom->language);
      document_.leaf(node);
      done = place + found.length;
    }
    text_until(text.size());
  }

  struct OpenList {
    std::string_view marks;
    Document::Index list = 0;
    Document::Index item = 0;
  };

  /// A list goes on to the end of its block; lines without a mark belong to the item before them.
  void list(Lines lines, std::string_view first) {
    std::vector<OpenList> open;
    for (std::size_t begin = 0; begin < lines.size();) {
      const std::string_view line = begin == 0 ? first : lines[begin];
      const ItemMark mark = item_mark(line);
      std::size_t end = begin + 1;
      while (end < lines.size() && item_mark(lines[end]).length == 0) ++end;
      open_item(open, mark.marks);
      item(joined(line.substr(mark.length), lines.subspan(begin + 1, end - begin - 1)));
      begin = end;
    }
    while (!open.empty()) close_list(open);
  }

  void open_item(std::vector<OpenList>& open, std::string_view marks) {
    while (!open.empty() && open.back().marks.size() > marks.size()) close_list(open);
    if (!open.empty() && open.back().marks.size() == marks.size()) {
      if (open.back().marks.back() == marks.back()) {
        document_.close(open.back().item);
        open.back().item = document_.open(Node{.kind = Kind::item});
        return;
      }
      close_list(open);
    }
    if (open.size() >= depth_max) close_list(open);
    const bool ordered = marks.back() == '#';
    OpenList next{.marks = marks};
    next.list =
        document_.open(Node{.kind = Kind::list, .ordered = ordered, .tight = true, .number = ordered ? 1U : 0U});
    next.item = document_.open(Node{.kind = Kind::item});
    open.push_back(next);
  }

  void close_list(std::vector<OpenList>& open) {
    document_.close(open.back().item);
    document_.close(open.back().list);
    open.pop_back();
  }

  void item(std::string_view text) {
    Node& node = document_.nodes.back();
    if (text.starts_with("[ ] ") || text.starts_with("[x] ") || text.starts_with("[X] ")) {
      node.task = text[1] == ' ' ? Task::open : Task::done;
      text.remove_prefix(4);
    }
    if (text == "&nbsp;") return;  // an empty item has to hold something
    inlines_split(text);
  }

  static bool begins_table(Lines lines, std::string_view first) {
    if (table_mark(first) > 0) {
      if (lines.size() == 1 || row_begin(lines[1]) == std::string_view::npos) return false;
    } else if (row_begin(first) == std::string_view::npos) {
      return false;
    }
    const std::string_view last = trimmed(lines.back());
    return last.ends_with('|') && (lines.size() > 1 || last.size() > 1);
  }

  void table(Lines lines) {
    const Lines whole = lines;
    Node node{.kind = Kind::table};
    if (const std::size_t mark = table_mark(left_trimmed(lines[0])); mark > 0) {
      node.title = document_.keep(left_trimmed(lines[0]).substr(5, mark - 5));
      lines = lines.subspan(1);
    }
    const std::size_t nodes = document_.nodes.size();
    const Document::Index index = document_.open(node);
    bool said = true;
    for (std::size_t begin = 0; begin < lines.size() && said;) {
      std::size_t end = begin + 1;
      while (end < lines.size() &&
             !(trimmed(lines[end - 1]).ends_with('|') && row_begin(lines[end]) != std::string_view::npos))
        ++end;
      const std::string text = joined(lines[begin], lines.subspan(begin + 1, end - begin - 1));
      said = row(text);
      begin = end;
    }
    document_.close(index);
    if (said) return;
    document_.nodes.resize(nodes);  // cells that span others: only Textile can say that
    verbatim(whole);
  }

  bool row(std::string_view text) {
    const std::size_t begin = row_begin(text);
    if (begin == std::string_view::npos) return false;
    Node node{.kind = Kind::row};
    node.title = document_.keep(text.substr(0, begin));
    const Document::Index index = document_.open(node);
    bool said = true;
    for (std::size_t position = begin + 1; position < text.size();) {
      const std::size_t end = cell_end(text, position);
      if (end == text.size()) break;  // what stands behind the last bar is not shown
      said = cell(text.substr(position, end - position)) && said;
      position = end + 1;
    }
    document_.close(index);
    return said;
  }

  /// The next bar that is not part of a wiki link.
  static std::size_t cell_end(std::string_view text, std::size_t position) {
    for (; position < text.size(); ++position) {
      if (text[position] == '|') return position;
      if (text.substr(position, 2) != "[[") continue;
      const std::size_t bar = text.find_first_of("|]", position + 2);
      if (bar == std::string_view::npos || text[bar] != '|') continue;
      const std::size_t close = text.find_first_of("|]", bar + 1);
      if (close != std::string_view::npos && text.substr(close, 2) == "]]") position = close + 1;
    }
    return position;
  }

  bool cell(std::string_view text) {
    const CellMark mark = cell_mark(text);
    Node node{.kind = Kind::cell};
    std::string_view attributes = mark.attributes;
    if (attributes.starts_with('_')) {
      node.header = true;
      attributes.remove_prefix(1);
    }
    const bool spans = after_span(attributes, 0) > 0;
    if (attributes.starts_with('<')) node.align = attributes.starts_with("<>") ? Align::none : Align::left;
    if (attributes.starts_with('>')) node.align = Align::right;
    if (attributes.starts_with('=')) node.align = Align::center;
    if (node.align != Align::none) attributes.remove_prefix(1);
    node.title = document_.keep(attributes);
    inlines(node, trimmed(text.substr(mark.length)));
    return !spans;
  }

  Document& document_;
  const Atoms& atoms_;
  InlineReader inline_reader_;
};

}  // namespace

Document read(std::string_view text) {
  Document document;
  document.source = Format::textile;
  document.bytes.reserve(text.size() + text.size() / 4);
  document.nodes.reserve(text.size() / 24 + 8);
  const Atoms atoms{text};
  Reader{document, atoms}.read(atoms.text());
  return document;
}

}  // namespace causeway::markup::textile
