#include "agent/markup/adf/writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "agent/markup/adf/block_reader.hpp"
#include "agent/markup/adf/grammar.hpp"
#include "agent/markup/adf/inline_writer.hpp"
#include "agent/markup/adf/json.hpp"
#include "agent/markup/characters.hpp"
#include "agent/markup/html.hpp"
#include "agent/markup/losses.hpp"
#include "agent/markup/markdown/writer.hpp"

namespace causeway::markup::adf {
namespace {

constexpr std::string_view empty_paragraph = R"({"type":"paragraph"})";
constexpr std::array<std::string_view, 6> panel_sorts{"info", "note", "tip", "warning", "error", "success"};

class Writer {
 public:
  Writer(const Document& document, std::string& out, Losses& losses, std::size_t& number)
      : document_(document), out_(out), losses_(losses), number_(number) {}

  void document() {
    out_.append(R"({"content":[)");
    siblings(0, document_.size(), "doc");
    out_.append(R"(],"type":"doc","version":1})");
  }

  /// The blocks from `begin` to `end` as content of a node of type `parent`, whose array is open.
  void siblings(Document::Index begin, Document::Index end, std::string_view parent) {
    for (Index index = begin; index < end; index = node(index).end) block(index, parent);
  }

 private:
  using Index = Document::Index;

  [[nodiscard]] const Node& node(Index index) const { return document_.nodes[index]; }

  void block(Index index, std::string_view parent) {
    const Node& block = node(index);
    switch (block.kind) {
      case Kind::paragraph:
        return paragraph(index, parent);
      case Kind::heading:
        return heading(index, parent);
      case Kind::list:
        return list(index, parent);
      case Kind::quote:
        return quote(index, parent);
      case Kind::panel:
        return panel(index, parent);
      case Kind::details:
        return details(index, parent);
      case Kind::code_block:
        return code_block(document_.text(block), document_.target(block));
      case Kind::table:
        return table(index, parent);
      case Kind::rule:
        return rule(parent);
      case Kind::verbatim_block:
        return verbatim(index, parent);
      default:
        return;  // inlines do not stand among blocks; items, rows and cells are written by their parents
    }
  }

  void inlines(Index index, bool strong = false) { InlineWriter{document_, out_, losses_}.write(index, strong); }

  void begin() {
    separate(out_);
    out_.push_back('{');
  }

  /// `"content":[` … `],`, or nothing where nothing is in it.
  template <class Write>
  void content_of(Write write) {
    const std::size_t begin = out_.size();
    out_.append(R"("content":[)");
    const std::size_t inner = out_.size();
    write();
    if (out_.size() == inner) {
      out_.resize(begin);
    } else {
      out_.append("],");
    }
  }

  /// The same for content that may not be empty.
  template <class Write>
  void blocks_of(Write write) {
    out_.append(R"("content":[)");
    write();
    if (out_.back() == '[') out_.append(empty_paragraph);
    out_.append("],");
  }

  void paragraph(Index index, std::string_view parent) {
    if (single_picture(index) && may_hold(parent, "mediaSingle")) return picture(node(index + 1));
    begin();
    content_of([&] { inlines(index); });
    marks(document_.title(node(index)), parent, false);
    out_.append(R"("type":"paragraph"})");
  }

  void heading(Index index, std::string_view parent) {
    if (!may_hold(parent, "heading")) {
      losses_.note("heading in a list or quote, kept as bold text");
      begin();
      content_of([&] { inlines(index, true); });
      out_.append(R"("type":"paragraph"})");
      return;
    }
    begin();
    out_.append(fmt::format(R"("attrs":{{"level":{}}},)", std::clamp<int>(node(index).level, 1, 6)));
    content_of([&] { inlines(index); });
    marks(document_.title(node(index)), parent, true);
    out_.append(R"("type":"heading"})");
  }

  /// The style of a block, as far as ADF has it where the block stands.
  void marks(std::string_view style, std::string_view parent, bool is_heading) {
    if (style.empty()) return;
    const bool in_cell = parent == "tableCell" || parent == "tableHeader";
    const bool aligned = style == "=" || style == ">";
    if (aligned && (parent == "doc" || in_cell)) {
      out_.append(fmt::format(R"("marks":[{{"attrs":{{"align":"{}"}},"type":"alignment"}}],)",
                              style == "=" ? "center" : "end"));
    } else if (is_indentation(style) && (parent == "doc" || (in_cell && is_heading))) {
      out_.append(fmt::format(R"("marks":[{{"attrs":{{"level":{}}},"type":"indentation"}}],)",
                              std::min<std::size_t>(style.size(), 6)));
    } else {
      losses_.note("style of a paragraph");
    }
  }

  [[nodiscard]] bool single_picture(Index index) const {
    const Index child = index + 1;
    if (node(index).end != child + 1 || node(child).kind != Kind::image) return false;
    const std::string_view target = document_.target(node(child));
    return target.starts_with("https://") || target.starts_with("http://");
  }

  void picture(const Node& image) {
    if (image.title.size > 0) losses_.note("title of a link or image");
    begin();
    out_.append(R"("attrs":{"layout":"center"},"content":[{"attrs":{)");
    if (image.text.size > 0) {
      out_.append(R"("alt":)");
      append_quoted(out_, document_.text(image));
      out_.push_back(',');
    }
    out_.append(R"("type":"external","url":)");
    append_quoted(out_, document_.target(image));
    out_.append(R"(},"type":"media"}],"type":"mediaSingle"})");
  }

  void code_block(std::string_view code, std::string_view info) {
    std::size_t end = 0;
    while (end < info.size() && !is_space(info[end])) ++end;
    if (end < info.size() && document_.source != Format::adf) losses_.note("words behind the language of a code block");
    const std::string_view language = document_.source == Format::adf ? info : info.substr(0, end);
    begin();
    if (!language.empty()) {
      out_.append(R"("attrs":{"language":)");
      append_quoted(out_, language);
      out_.append("},");
    }
    if (!code.empty()) {
      out_.append(R"("content":[{"text":)");
      append_quoted(out_, code);
      out_.append(R"(,"type":"text"}],)");
    }
    out_.append(R"("type":"codeBlock"})");
  }

  void rule(std::string_view parent) {
    begin();
    if (may_hold(parent, "rule")) {
      out_.append(R"("type":"rule"})");
      return;
    }
    losses_.note("rule in a list or quote, kept as text");
    out_.append(R"("content":[{"text":"---","type":"text"}],"type":"paragraph"})");
  }

  void quote(Index index, std::string_view parent) {
    if (!may_hold(parent, "blockquote")) {
      losses_.note("quote in a list, quote or panel, kept without its mark");
      return siblings(index + 1, node(index).end, parent);
    }
    begin();
    blocks_of([&] { siblings(index + 1, node(index).end, "blockquote"); });
    out_.append(R"("type":"blockquote"})");
  }

  void bold_line(std::string_view words) {
    begin();
    content_of([&] {
      InlineWriter writer{document_, out_, losses_};
      writer.text(words, true);
      writer.flush();
    });
    out_.append(R"("type":"paragraph"})");
  }

  void panel(Index index, std::string_view parent) {
    const std::string_view title = document_.title(node(index));
    if (!may_hold(parent, "panel")) {
      losses_.note("panel in a list, quote or panel, kept without its frame");
      if (!title.empty()) bold_line(title);
      return siblings(index + 1, node(index).end, parent);
    }
    const std::string_view sort = document_.target(node(index));
    const bool known = std::ranges::find(panel_sorts, sort) != panel_sorts.end();
    begin();
    out_.append(fmt::format(R"("attrs":{{"panelType":"{}"}},)", known ? sort : std::string_view{"info"}));
    blocks_of([&] {
      if (!title.empty()) {
        losses_.note("title of a panel, kept as its first line");
        bold_line(title);
      }
      siblings(index + 1, node(index).end, "panel");
    });
    out_.append(R"("type":"panel"})");
  }

  void details(Index index, std::string_view parent) {
    const std::string_view title = document_.title(node(index));
    const bool nested = may_hold(parent, "nestedExpand");
    if (!nested && !may_hold(parent, "expand")) {
      losses_.note("block that folds away in a list, quote or panel, kept unfolded");
      if (!title.empty()) bold_line(title);
      return siblings(index + 1, node(index).end, parent);
    }
    const std::string_view type = nested ? "nestedExpand" : "expand";
    begin();
    out_.append(R"("attrs":{"title":)");
    append_quoted(out_, title);
    out_.append("},");
    blocks_of([&] { siblings(index + 1, node(index).end, type); });
    out_.append(fmt::format(R"("type":"{}"}})", type));
  }

  void verbatim(Index index, std::string_view parent) {
    const std::string_view raw = document_.text(node(index));
    const Format source = node(index).source;
    if (source != Format::adf) {
      if (is_comment(raw)) return losses_.note("hidden comment");
      losses_.note(source == Format::jira_wiki ? "Jira macro kept as code"
                   : source == Format::textile ? "Textile block kept as code"
                                               : "HTML block kept as code");
      return code_block(raw, source == Format::textile ? "textile" : source == Format::jira_wiki ? "" : "html");
    }
    const auto tree = parse_json(raw);
    if (!tree) return;
    if (is_valid(*tree, parent)) {
      separate(out_);
      out_.append(raw);
      return;
    }
    losses_.note("something only Jira shows");
    Document shown;
    shown.source = Format::adf;
    BlockReader reader{shown, Foreign::shown};
    reader.block(*tree, depth_max);
    Writer{shown, out_, losses_, number_}.siblings(0, shown.size(), parent);
  }

  void list(Index index, std::string_view parent) {
    if (!document_.has_children(index)) return;
    // A list below another follows a paragraph.
    if (parent == "listItem" && out_.back() == '[') out_.append(empty_paragraph);
    const bool nested = parent == "taskList";
    if ((nested || may_hold(parent, "taskList")) && is_task_list(index)) return task_list(index);
    const Node& list = node(index);
    begin();
    if (list.ordered && list.number != 1) out_.append(fmt::format(R"("attrs":{{"order":{}}},)", list.number));
    out_.append(R"("content":[)");
    for (Index item = index + 1; item < list.end; item = node(item).end) write_item(item);
    out_.append(R"(],"type":")").append(list.ordered ? "orderedList" : "bulletList").append(R"("})");
  }

  void write_item(Index item) {
    const Task task = node(item).task;
    begin();
    blocks_of([&] {
      Index first = item + 1;
      if (task != Task::none) {
        losses_.note("box of a task, kept as text");
        first = with_box(first, node(item).end, task);
      }
      siblings(first, node(item).end, "listItem");
    });
    out_.append(R"("type":"listItem"})");
  }

  /// A task's box as text, with the paragraph at `index` if there is one before `end`; the index of what follows.
  Index with_box(Index index, Index end, Task task) {
    const bool joins = index < end && node(index).kind == Kind::paragraph && !single_picture(index);
    begin();
    content_of([&] {
      InlineWriter writer{document_, out_, losses_};
      writer.text(task == Task::done ? "[x] " : "[ ] ", false);
      joins ? writer.write(index) : writer.flush();
    });
    out_.append(R"("type":"paragraph"})");
    return joins ? node(index).end : index;
  }

  /// Are all its items tasks, each one paragraph and lists of tasks below it?
  [[nodiscard]] bool is_task_list(Index index) const {
    if (node(index).ordered || !document_.has_children(index)) return false;
    for (Index item = index + 1; item < node(index).end; item = node(item).end) {
      if (node(item).task == Task::none) return false;
      Index child = item + 1;
      if (child < node(item).end && node(child).kind == Kind::paragraph) child = node(child).end;
      for (; child < node(item).end; child = node(child).end)
        if (node(child).kind != Kind::list || !is_task_list(child)) return false;
    }
    return true;
  }

  [[nodiscard]] std::string next_number() { return fmt::format("{}", ++number_); }

  void task_list(Index index) {
    begin();
    out_.append(fmt::format(R"("attrs":{{"localId":"{}"}},"content":[)", next_number()));
    for (Index item = index + 1; item < node(index).end; item = node(item).end) {
      begin();
      out_.append(fmt::format(R"("attrs":{{"localId":"{}","state":"{}"}},)", next_number(),
                              node(item).task == Task::done ? "DONE" : "TODO"));
      Index child = item + 1;
      if (child < node(item).end && node(child).kind == Kind::paragraph) {
        content_of([&] { inlines(child); });
        child = node(child).end;
      }
      out_.append(R"("type":"taskItem"})");
      for (; child < node(item).end; child = node(child).end) task_list(child);
    }
    out_.append(R"(],"type":"taskList"})");
  }

  void table(Index index, std::string_view parent) {
    if (!may_hold(parent, "table")) {
      losses_.note("table in a list, quote or panel, kept as code");
      return code_block(markdown::write_block(document_, index), "markdown");
    }
    std::size_t columns = 0;
    for (Index row = index + 1; row < node(index).end; row = node(row).end) columns = std::max(columns, cells(row));
    if (columns == 0) return;
    // A single long row among short ones would make a large table of a small text.
    const std::size_t all = node(index).end - index;
    if (rows(index) * columns > cells_added_max + 4 * all) columns = 0;
    begin();
    out_.append(R"("content":[)");
    for (Index row = index + 1; row < node(index).end; row = node(row).end) {
      begin();
      out_.append(R"("content":[)");
      for (Index cell = row + 1; cell < node(row).end; cell = node(cell).end) write_cell(cell);
      for (std::size_t written = cells(row); written < columns; ++written) {
        separate(out_);
        out_.append(R"({"content":[{"type":"paragraph"}],"type":"tableCell"})");
      }
      out_.append(R"(],"type":"tableRow"})");
    }
    out_.append(R"(],"type":"table"})");
  }

  static constexpr std::size_t cells_added_max = 10'000;

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

  void write_cell(Index cell) {
    const Node& value = node(cell);
    const std::string_view type = value.header ? "tableHeader" : "tableCell";
    begin();
    out_.append(R"("content":[)");
    if (value.align == Align::none && single_picture(cell)) {
      picture(node(cell + 1));
    } else {
      begin();
      content_of([&] { inlines(cell); });
      marks(value.align == Align::center ? "=" : value.align == Align::right ? ">" : "", type, false);
      out_.append(R"("type":"paragraph"})");
    }
    out_.append(fmt::format(R"(],"type":"{}"}})", type));
  }

  const Document& document_;
  std::string& out_;
  Losses& losses_;
  std::size_t& number_;  // the last given to a task
};

}  // namespace

Rendered write(const Document& document) {
  std::string out;
  out.reserve(document.bytes.size() * 2 + document.nodes.size() * 24 + 64);
  Losses losses;
  std::size_t number = 0;
  Writer{document, out, losses, number}.document();
  return Rendered{std::move(out), losses.take()};
}

}  // namespace causeway::markup::adf
