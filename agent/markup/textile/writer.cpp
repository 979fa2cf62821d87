#include "agent/markup/textile/writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "agent/markup/characters.hpp"
#include "agent/markup/html.hpp"
#include "agent/markup/losses.hpp"
#include "agent/markup/markdown/writer.hpp"
#include "agent/markup/textile/attributes.hpp"
#include "agent/markup/textile/inline_writer.hpp"

namespace causeway::markup::textile {
namespace {

class Writer {
 public:
  explicit Writer(const Document& document) : document_(document) {
    out_.reserve(document.bytes.size() + document.bytes.size() / 4 + 64);
  }

  Rendered run() {
    siblings(0, document_.size());
    return Rendered{std::move(out_), losses_.take()};
  }

 private:
  using Index = Document::Index;

  [[nodiscard]] const Node& node(Index index) const { return document_.nodes[index]; }

  void siblings(Index begin, Index end) {
    bool first = true;
    for (Index index = begin; index < end; index = node(index).end) {
      const std::size_t before = out_.size();
      if (!first) separate();
      const std::size_t written = out_.size();
      block(index);
      if (out_.size() == written) {
        out_.resize(before);
      } else {
        first = false;
      }
    }
  }

  /// A blank line, quoted as much as what it stands in.
  void separate() {
    out_.push_back('\n');
    out_.append(prefix_, 0, prefix_.find_last_not_of(' ') + 1);
    out_.append("\n").append(prefix_);
  }

  void block(Index index) {
    const Node& block = node(index);
    switch (block.kind) {
      case Kind::paragraph:
        return paragraph(block, index);
      case Kind::heading:
        out_.append(fmt::format("h{}{}. ", std::clamp<int>(block.level, 1, 6), style(block)));
        return inlines(index, InlineWriter::Place::heading);
      case Kind::list:
        return list(index, "");
      case Kind::quote:
        return quote(index);
      case Kind::panel:
        return quote(index, panel_title(block));
      case Kind::details:
        return details(index);
      case Kind::code_block:
        return code_block(document_.text(block), document_.target(block));
      case Kind::table:
        return table(index);
      case Kind::rule:
        out_.append("---");
        return;
      case Kind::verbatim_block:
        return verbatim(block);
      default:
        return;  // inlines do not stand among blocks; items, rows and cells are written by their parents
    }
  }

  /// The style attributes of a block, if they are Textile's.
  [[nodiscard]] std::string_view style(const Node& block) const { return document_.title(block); }

  void inlines(Index index, InlineWriter::Place place) {
    InlineWriter{document_, out_, prefix_, losses_}.write(index, place);
  }

  void paragraph(const Node& block, Index index) {
    if (block.title.size > 0) {
      out_.append(fmt::format("p{}. ", style(block)));
      return inlines(index, InlineWriter::Place::heading);
    }
    inlines(index, InlineWriter::Place::paragraph);
  }

  /// What stands above a panel's text: its title, or its sort.
  [[nodiscard]] std::string_view panel_title(const Node& panel) const {
    return panel.title.size > 0 ? document_.title(panel) : document_.target(panel);
  }

  /// Words on one line, bold, in which nothing is markup.
  void bold_line(std::string_view words) {
    out_.append("*");
    for (const char c : trimmed(words)) {
      const bool plain = !is_punctuation(c) || c == '.' || c == ',';
      plain ? out_.append(1, is_space(c) ? ' ' : c) : out_.append(fmt::format("&#{};", static_cast<int>(c)));
    }
    out_.append("*");
  }

  /// Redmine's macro, where it can stand: not in a quote, and not in itself.
  void details(Index index) {
    const Node& block = node(index);
    const bool nested = !prefix_.empty() || std::exchange(in_details_, true);
    if (nested) {
      losses_.note("block that folds away in a quote or in another, kept unfolded");
      if (block.title.size > 0) bold_line(document_.title(block));
      if (block.title.size > 0 && document_.has_children(index)) separate();
      return siblings(index + 1, block.end);
    }
    std::string title;
    for (const char c : trimmed(document_.title(block))) {
      if (c == '(' || c == ')') {
        title.append(c == '(' ? "\u2039" : "\u203A");  // the macro's own marks
      } else {
        title.push_back(c == ',' ? ';' : is_space(c) ? ' ' : c);
      }
    }
    if (title != trimmed(document_.title(block))) losses_.note("marks in the title of a block that folds away");
    out_.append(title.empty() ? std::string{"{{collapse"} : fmt::format("{{{{collapse({})", title)).append("\n");
    const std::size_t inner = out_.size();
    siblings(index + 1, block.end);
    // Its end would be found in the text, too.
    const std::string text = out_.substr(inner);
    out_.resize(inner);
    for (const char c : text) {
      if (c == '}' && out_.size() > inner && out_.back() == '}') out_.append("\xE2\x81\xA0");
      out_.push_back(c);
    }
    out_.append("\n}}");
    in_details_ = false;
  }

  void quote(Index index, std::string_view title = {}) {
    const std::size_t outer = prefix_.size();
    const std::size_t mark = out_.size() - outer;
    // Nested marks stand together: Redmine counts those at the line's start.
    if (prefix_.empty()) {
      prefix_ = "> ";
      out_.append("> ");
    } else {
      prefix_.insert(0, ">");
      out_.insert(out_.size() - outer, ">");
    }
    const std::size_t inside = out_.size();
    if (!title.empty()) bold_line(title);
    const std::size_t titled = out_.size();
    if (!title.empty()) separate();
    const std::size_t content = out_.size();
    siblings(index + 1, node(index).end);
    if (out_.size() == content) out_.resize(titled);
    if (out_.size() == inside) out_.erase(mark, outer == 0 ? 2 : 1);  // nothing shows in it
    if (prefix_ == "> ") {
      prefix_.clear();
    } else {
      prefix_.erase(0, 1);
    }
    if (out_.size() > mark + outer)
      while (out_.ends_with(' ')) out_.pop_back();
  }

  void code_block(std::string_view code, std::string_view info) {
    std::size_t end = 0;
    while (end < info.size() && !is_space(info[end]) && info[end] != '"' && info[end] != '\'' && info[end] != '<' &&
           info[end] != '>')
      ++end;
    const std::string_view language = info.substr(0, end);
    if (end < info.size()) losses_.note("words behind the language of a code block");
    const std::string text = without_raw_tags(code, losses_);
    if (language.empty()) {
      out_.append("<pre>\n").append(text).append("\n</pre>");
    } else {
      out_.append(fmt::format("<pre><code class=\"{}\">\n", language)).append(text).append("\n</code></pre>");
    }
  }

  void verbatim(const Node& block) {
    const std::string_view raw = document_.text(block);
    if (block.source == Format::textile) return lines(raw);
    if (is_comment(raw) && raw.find("<pre") == std::string_view::npos) {
      out_.append(raw);
      return;
    }
    losses_.note(is_jira(block.source) ? "Jira macro kept as code" : "HTML block kept as code");
    code_block(raw, is_jira(block.source) ? "" : "html");
  }

  void lines(std::string_view text) {
    for (const char c : text) {
      out_.push_back(c);
      if (c == '\n') out_.append(prefix_);
    }
  }

  void list(Index index, const std::string& outer) {
    const Node& list = node(index);
    if (list.ordered && list.number != 1) losses_.note("number a list begins with");
    const std::string marks = outer + (list.ordered ? '#' : '*');
    bool first = true;
    for (Index item = index + 1; item < list.end; item = node(item).end) {
      if (!first) out_.append("\n").append(prefix_);
      first = false;
      out_.append(marks).append(" ");
      write_item(item, marks);
    }
  }

  void write_item(Index item, const std::string& marks) {
    const Task task = node(item).task;
    if (task != Task::none) out_.append(task == Task::done ? "[x] " : "[ ] ");
    bool anything = false;
    bool nested = false;
    bool line = false;  // a paragraph has been written
    for (Index child = item + 1; child < node(item).end; child = node(child).end) {
      const Node& block = node(child);
      if (block.kind == Kind::list) {
        if (!anything) out_.append("&nbsp;");
        out_.append("\n").append(prefix_);
        list(child, marks);
        anything = nested = true;
        continue;
      }
      if (nested) losses_.note("text behind a nested list, joined to its last item");
      const bool joined = anything;
      if (joined) out_.append("\n").append(prefix_);
      anything = true;
      if (block.kind == Kind::code_block) {
        code_block(document_.text(block), document_.target(block));
      } else if (block.kind == Kind::paragraph || block.kind == Kind::heading) {
        if (block.kind == Kind::heading) losses_.note("heading in a list item");
        if (line) losses_.note("paragraphs in a list item, joined");
        if (joined && !line) line = true;
        inlines(child, joined ? InlineWriter::Place::paragraph : InlineWriter::Place::item);
        line = true;
      } else {
        losses_.note("block in a list item, kept as code");
        code_block(markdown::write_block(document_, child), "markdown");
      }
    }
    if (!anything) out_.append("&nbsp;");
    if (out_.ends_with(' ')) out_.append("&nbsp;");
  }

  void table(Index index) {
    if (node(index).title.size > 0) out_.append(fmt::format("table{}.\n{}", style(node(index)), prefix_));
    bool first = true;
    for (Index row = index + 1; row < node(index).end; row = node(row).end) {
      if (!first) out_.append("\n").append(prefix_);
      first = false;
      out_.append(style(node(row))).append("|");
      for (Index cell = row + 1; cell < node(row).end; cell = node(cell).end) write_cell(cell);
    }
  }

  void write_cell(Index index) {
    const Node& cell = node(index);
    std::string mark = cell.header ? "_" : "";
    if (cell.align == Align::left) mark.push_back('<');
    if (cell.align == Align::center) mark.push_back('=');
    if (cell.align == Align::right) mark.push_back('>');
    mark.append(style(cell));
    if (!mark.empty()) out_.append(mark).append(". ");
    const std::size_t before = out_.size();
    inlines(index, InlineWriter::Place::cell);
    if (out_.size() == before && !mark.empty()) out_.pop_back();
    out_.append(out_.size() == before && mark.empty() ? " |" : "|");
  }

  const Document& document_;
  std::string out_;
  std::string prefix_;
  Losses losses_;
  bool in_details_ = false;
};

}  // namespace

Rendered write(const Document& document) { return Writer{document}.run(); }

}  // namespace causeway::markup::textile
