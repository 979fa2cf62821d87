#include "agent/markup/markdown/writer.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "agent/markup/characters.hpp"
#include "agent/markup/html.hpp"
#include "agent/markup/markdown/inline_writer.hpp"

namespace causeway::markup::markdown {
namespace {

/// GitHub's name for a panel of this sort in Jira; empty if it has none.
std::string_view alert_of(std::string_view sort) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 6> alerts{{{"info", "NOTE"},
                                                                                 {"note", "IMPORTANT"},
                                                                                 {"tip", "TIP"},
                                                                                 {"success", "TIP"},
                                                                                 {"warning", "WARNING"},
                                                                                 {"error", "CAUTION"}}};
  for (const auto& [name, alert] : alerts)
    if (name == sort) return alert;
  return {};
}

class Writer {
 public:
  Writer(Format format, const Document& document) : format_(format), document_(document) {
    out_.reserve(document.bytes.size() + document.bytes.size() / 4 + 64);
  }

  void document() { siblings(0, document_.size(), false); }
  void block(Document::Index index) { write(index, document_.size()); }

  [[nodiscard]] Rendered take() { return Rendered{std::move(out_), losses_.take()}; }

 private:
  using Index = Document::Index;

  [[nodiscard]] const Node& node(Index index) const { return document_.nodes[index]; }

  void siblings(Index begin, Index end, bool tight) {
    Index previous = end;
    for (Index index = begin; index < end; index = node(index).end) {
      if (previous != end) separate(!tight || needs_blank_line(previous, index));
      write(index, previous);
      previous = index;
    }
  }

  /// In a tight list blocks follow each other without a blank line, where that keeps them apart.
  [[nodiscard]] bool needs_blank_line(Index previous, Index next) const {
    const Kind before = node(previous).kind;
    const Kind after = node(next).kind;
    if (before == Kind::verbatim_block || after == Kind::verbatim_block || after == Kind::table) return true;
    if (after == Kind::list) {
      // An empty item, or one numbered other than 1, does not interrupt a paragraph.
      const bool plain = document_.has_children(next) && document_.has_children(next + 1);
      return before == Kind::list || before == Kind::table || !plain || (node(next).ordered && node(next).number != 1);
    }
    if (after == Kind::rule || after == Kind::heading || after == Kind::code_block) return before == Kind::table;
    if (before == Kind::details || after == Kind::details) return true;
    const bool open_ended = before == Kind::paragraph || before == Kind::quote || before == Kind::panel ||
                            before == Kind::list || before == Kind::table;
    return open_ended;
  }

  void separate(bool blank_line) {
    if (blank_line) {
      out_.push_back('\n');
      out_.append(prefix_, 0, prefix_.find_last_not_of(' ') + 1);
    }
    out_.append("\n").append(prefix_);
  }

  void write(Index index, Index previous) {
    const Node& block = node(index);
    switch (block.kind) {
      case Kind::paragraph:
        note_style(block);
        return inlines(index, {.one_line = false, .in_table = false, .guard_task = guard_task_});
      case Kind::heading:
        return heading(index);
      case Kind::list:
        return list(index, previous);
      case Kind::quote:
        return quote(index);
      case Kind::panel:
        return panel(index);
      case Kind::details:
        return details(index);
      case Kind::code_block:
        return code_block(document_.text(block), document_.target(block));
      case Kind::table:
        return table(index);
      case Kind::rule:
        out_.append(in_item_ ? "___" : "---");
        return;
      case Kind::verbatim_block:
        return verbatim(block);
      default:
        return;  // inlines do not stand among blocks; items, rows and cells are written by their parents
    }
  }

  void inlines(Index index, InlineWriter::Place place) {
    InlineWriter{format_, document_, out_, prefix_, losses_}.write(index, place);
  }

  void note_style(const Node& block) {
    if (block.title.size > 0) losses_.note("style of a paragraph");
  }

  void heading(Index index) {
    note_style(node(index));
    out_.append(std::clamp<std::size_t>(node(index).level, 1, 6), '#').push_back(' ');
    const std::size_t begin = out_.size();
    inlines(index, {.one_line = true, .in_table = false, .guard_task = false});
    if (out_.size() > begin && out_.back() == '#') out_.insert(out_.end() - 1, '\\');  // else it closes the heading
  }

  /// Two lists in a row stay two by using another mark; a list that begins an item does too, for `- - -` is a rule.
  [[nodiscard]] bool uses_other_mark(Index index, Index previous) const {
    const bool follows = previous < index && node(previous).end == index;
    if (!follows) return in_item_ && !outer_uses_other_mark_;
    const bool joins = node(previous).kind == Kind::list && node(previous).ordered == node(index).ordered;
    return joins && !previous_used_other_mark_;
  }

  void list(Index index, Index previous) {
    const Node& list = node(index);
    const bool other = uses_other_mark(index, previous);
    std::uint64_t number = list.number;
    bool first = true;
    const bool outer = std::exchange(outer_uses_other_mark_, other);
    for (Index item = index + 1; item < list.end; item = node(item).end) {
      if (!first) separate(!list.tight);
      const std::string mark =
          list.ordered ? fmt::format("{}{}", std::min<std::uint64_t>(number++, 999'999'999), other ? ')' : '.')
                       : std::string{other ? "*" : "-"};
      write_item(item, mark, list.tight);
      first = false;
    }
    outer_uses_other_mark_ = outer;
    previous_used_other_mark_ = other;
  }

  void write_item(Index item, std::string_view mark, bool tight) {
    out_.append(mark);
    const Task task = node(item).task;
    if (!document_.has_children(item)) {
      // An empty item cannot be a task; its box is text.
      if (task != Task::none) out_.append(task == Task::done ? " [x]" : " [ ]");
      return;
    }
    out_.push_back(' ');
    const std::size_t outer = prefix_.size();
    prefix_.append(mark.size() + 1, ' ');
    const bool outer_in_item = std::exchange(in_item_, true);
    if (task != Task::none) {
      out_.append(task == Task::done ? "[x] " : "[ ] ");
      if (node(item + 1).kind != Kind::paragraph) separate(false);
    }
    guard_task_ = task == Task::none && node(item + 1).kind == Kind::paragraph;
    const std::size_t content = out_.size();
    siblings(item + 1, node(item).end, tight);
    // A box with nothing that shows behind it is no task either.
    const bool shows_nothing = out_.size() == content || out_[content] == '\n';
    if (task != Task::none && shows_nothing && out_[content - 1] == ' ') out_.erase(content - 1, 1);
    guard_task_ = false;
    in_item_ = outer_in_item;
    prefix_.resize(outer);
  }

  void quote(Index index) {
    const std::size_t outer = prefix_.size();
    prefix_.append("> ");
    out_.append("> ");
    const bool guard = std::exchange(guard_task_, false);
    siblings(index + 1, node(index).end, false);
    guard_task_ = guard;
    prefix_.resize(outer);
    while (out_.ends_with(' ')) out_.pop_back();
  }

  /// A quote that begins with the title, or with the panel's sort. One of the sorts GitHub knows is an alert there.
  void panel(Index index) {
    const std::string_view title = document_.title(node(index));
    const std::string_view sort = document_.target(node(index));
    const std::string_view alert = title.empty() ? alert_of(sort) : std::string_view{};
    const bool is_alert = format_ == Format::github && !alert.empty() && prefix_.empty();
    if (!is_alert && !title.empty() && !alert_of(sort).empty()) losses_.note("colour of a panel");
    const std::size_t outer = prefix_.size();
    prefix_.append("> ");
    out_.append("> ");
    const bool guard = std::exchange(guard_task_, false);
    const std::string_view words = title.empty() ? sort : title;
    if (is_alert) {
      out_.append("[!").append(alert).append("]");
    } else if (!words.empty()) {
      out_.append("**").append(escaped_line(words)).append("**");
    }
    if (document_.has_children(index) && (is_alert || !words.empty())) separate(!is_alert);
    siblings(index + 1, node(index).end, false);
    guard_task_ = guard;
    prefix_.resize(outer);
    while (out_.ends_with(' ')) out_.pop_back();
  }

  void details(Index index) {
    out_.append("<details><summary>").append(escaped_line(document_.title(node(index)))).append("</summary>");
    const bool guard = std::exchange(guard_task_, false);
    separate(true);
    siblings(index + 1, node(index).end, false);
    if (document_.has_children(index)) separate(true);
    guard_task_ = guard;
    out_.append("</details>");
  }

  /// Words on one line in which nothing is markup. Entities do in HTML and in Markdown.
  [[nodiscard]] static std::string escaped_line(std::string_view words) {
    std::string out;
    for (const char c : trimmed(words)) {
      if (c == '\n' || c == '\r') {
        out.push_back(' ');
      } else if (is_punctuation(c) && std::string_view{".,-/()?!"}.find(c) == std::string_view::npos) {
        out.append(fmt::format("&#{};", static_cast<int>(c)));
      } else {
        out.push_back(c);
      }
    }
    return out;
  }

  void raw_lines(std::string_view text) {
    for (bool first = true;; first = false) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      if (!first) {
        out_.push_back('\n');
        const std::size_t prefix = end == 0 ? prefix_.find_last_not_of(' ') + 1 : prefix_.size();
        out_.append(prefix_, 0, prefix);
      }
      out_.append(text.substr(0, end));
      if (end == text.size()) return;
      text.remove_prefix(end + 1);
    }
  }

  void code_block(std::string_view code, std::string_view info) {
    const char mark = info.find('`') == std::string_view::npos ? '`' : '~';
    std::size_t longest = 2;
    std::size_t run = 0;
    for (const char c : code) {
      run = c == mark ? run + 1 : 0;
      longest = std::max(longest, run);
    }
    const std::string fence(longest + 1, mark);
    out_.append(fence);
    for (std::size_t position = 0; position < info.size(); ++position) {
      const char c = info[position];
      if (c == '\\') out_.push_back('\\');
      out_.push_back(c == '\n' ? ' ' : c);
      if (c == '&' && entity_at(info, position).length > 0) out_.append("amp;");  // a backslash would not help
    }
    out_.push_back('\n');
    if (!code.empty()) {
      out_.append(prefix_, 0, code.front() == '\n' ? prefix_.find_last_not_of(' ') + 1 : prefix_.size());
      raw_lines(code);
      out_.push_back('\n');
    }
    out_.append(prefix_).append(fence);
  }

  void verbatim(const Node& block) {
    if (is_markdown(block.source) || is_comment(document_.text(block))) return raw_lines(document_.text(block));
    const bool textile = block.source == Format::textile;
    losses_.note(textile ? "Textile block kept as code" : "Jira macro kept as code");
    code_block(document_.text(block), textile ? "textile" : "");
  }

  void table(Index index) {
    const Index end = node(index).end;
    std::size_t columns = 1;
    for (Index row = index + 1; row < end; row = node(row).end) columns = std::max(columns, cells(row));
    // A single long row among short ones would make a large table of a small text; what is left out is empty.
    constexpr std::size_t cells_added_max = 10'000;
    const std::size_t filled = cells_added_max + 4 * std::size_t{end - index};
    const std::size_t columns_filled = rows(index) * columns > filled ? 0 : columns;
    const Index first = index + 1;
    const bool head = first < end && is_head(first);
    std::vector<Align> aligns(columns, Align::none);
    if (first < end) {
      std::size_t column = 0;
      for (Index cell = first + 1; cell < node(first).end; cell = node(cell).end) aligns[column++] = node(cell).align;
    }
    if (head) {
      row(first, columns);
    } else {
      out_.append("|");
      for (std::size_t column = 0; column < columns; ++column) out_.append("  |");
    }
    out_.append("\n").append(prefix_).append("|");
    for (const Align align : aligns)
      out_.append(align == Align::left     ? " :--- |"
                  : align == Align::center ? " :---: |"
                  : align == Align::right  ? " ---: |"
                                           : " --- |");
    for (Index body = head ? node(first).end : first; body < end; body = node(body).end) {
      out_.append("\n").append(prefix_);
      row(body, columns_filled);
      check_row(body, aligns);
    }
  }

  [[nodiscard]] std::size_t rows(Index table) const {
    std::size_t count = 0;
    for (Index row = table + 1; row < node(table).end; row = node(row).end) ++count;
    return count;
  }

  [[nodiscard]] std::size_t cells(Index row) const {
    std::size_t count = 0;
    for (Index cell = row + 1; cell < node(row).end; cell = node(cell).end) ++count;
    return count;
  }

  [[nodiscard]] bool is_head(Index row) const {
    for (Index cell = row + 1; cell < node(row).end; cell = node(cell).end)
      if (!node(cell).header) return false;
    return document_.has_children(row);
  }

  void row(Index row, std::size_t columns) {
    out_.push_back('|');
    std::size_t written = 0;
    for (Index cell = row + 1; cell < node(row).end; cell = node(cell).end, ++written) {
      out_.push_back(' ');
      inlines(cell, {.one_line = true, .in_table = true, .guard_task = false});
      out_.append(" |");
    }
    for (; written < columns; ++written) out_.append("  |");
  }

  void check_row(Index row, const std::vector<Align>& aligns) {
    std::size_t column = 0;
    for (Index cell = row + 1; cell < node(row).end; cell = node(cell).end, ++column) {
      if (node(cell).header) losses_.note("table head outside the first row");
      if (node(cell).align != aligns[column]) losses_.note("alignment of single table cells");
    }
  }

  Format format_;
  const Document& document_;
  std::string out_;
  std::string prefix_;
  Losses losses_;
  bool in_item_ = false;
  bool guard_task_ = false;
  bool previous_used_other_mark_ = false;
  bool outer_uses_other_mark_ = false;
};

}  // namespace

Rendered write(Format format, const Document& document) {
  Writer writer{format, document};
  writer.document();
  return writer.take();
}

std::string write_block(const Document& document, Document::Index index) {
  Writer writer{Format::github, document};
  writer.block(index);
  return writer.take().text;
}

}  // namespace causeway::markup::markdown
