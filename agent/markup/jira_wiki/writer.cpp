#include "agent/markup/jira_wiki/writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "agent/markup/characters.hpp"
#include "agent/markup/jira_wiki/inline_writer.hpp"
#include "agent/markup/jira_wiki/macros.hpp"
#include "agent/markup/losses.hpp"
#include "agent/markup/markdown/writer.hpp"

namespace causeway::markup::jira_wiki {
namespace {

constexpr auto npos = std::string_view::npos;
constexpr std::string_view joiner = "\xE2\x81\xA0";
constexpr std::string_view empty_item = "&nbsp;";
constexpr std::array<std::string_view, 4> sorts{"info", "note", "warning", "tip"};

/// `code` without the tag that would end its macro.
std::string without_end(std::string_view code, std::string_view end) {
  std::string out;
  std::size_t done = 0;
  for (std::size_t found = code.find(end); found != npos; found = code.find(end, done)) {
    out.append(code.substr(done, found + 1 - done)).append(joiner);
    done = found + 1;
  }
  return out.append(code.substr(done));
}

bool is_language(std::string_view word) {
  return std::ranges::all_of(
      word, [](char c) { return is_alphanumeric(c) || c == '+' || c == '#' || c == '-' || c == '_' || c == '.'; });
}

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
      if (!first) out_.append("\n\n");
      const std::size_t written = out_.size();
      block(index);
      if (out_.size() == written) {
        out_.resize(before);
      } else {
        first = false;
      }
    }
  }

  void block(Index index) {
    const Node& block = node(index);
    switch (block.kind) {
      case Kind::paragraph:
        if (block.title.size > 0) losses_.note("style of a paragraph");
        return inlines(index, InlineWriter::Place::paragraph);
      case Kind::heading:
        return heading(block, index);
      case Kind::list:
        return list(index, "");
      case Kind::quote:
        return quote(index);
      case Kind::panel:
        return panel(block, index);
      case Kind::details:
        return container("expand", title_of(block), index);
      case Kind::code_block:
        return code_block(document_.text(block), document_.target(block), document_.title(block));
      case Kind::table:
        return table(index);
      case Kind::rule:
        out_.append("----");
        return;
      case Kind::verbatim_block:
        return verbatim(block);
      default:
        return;  // inlines do not stand among blocks; items, rows and cells are written by their parents
    }
  }

  void inlines(Index index, InlineWriter::Place place) { InlineWriter{document_, out_, losses_}.write(index, place); }

  void heading(const Node& block, Index index) {
    if (block.title.size > 0) losses_.note("style of a paragraph");
    const std::size_t before = out_.size();
    out_.append(fmt::format("h{}. ", std::clamp<int>(block.level, 1, 6)));
    const std::size_t begin = out_.size();
    inlines(index, InlineWriter::Place::heading);
    if (out_.size() == begin) out_.resize(before);
  }

  [[nodiscard]] std::string title_of(const Node& block) const {
    const std::string title = parameter_value(document_.title(block));
    return title.empty() ? title : "title=" + title;
  }

  /// A macro cannot hold itself: the same tag would end it. Then only what is inside is written.
  void container(std::string_view name, std::string_view parameters, Index index) {
    if (std::ranges::find(open_, name) != open_.end()) {
      losses_.note(fmt::format("{} inside another", name == "expand" ? "folding block" : name));
      return siblings(index + 1, node(index).end);
    }
    const std::size_t before = out_.size();
    out_.append("{").append(name).append(parameters.empty() ? "" : ":").append(parameters).append("}\n");
    const std::size_t begin = out_.size();
    open_.push_back(name);
    siblings(index + 1, node(index).end);
    open_.pop_back();
    if (out_.size() == begin && parameters.empty() && name == "quote") {
      out_.resize(before);
      return;
    }
    if (out_.size() > begin) out_.append("\n");
    out_.append("{").append(name).append("}");
  }

  void quote(Index index) {
    const bool nested = std::ranges::find(open_, "quote") != open_.end();
    if (!nested) return container("quote", "", index);
    if (is_line(index)) {
      out_.append("bq. ");
      return inlines(index + 1, InlineWriter::Place::heading);
    }
    if (std::ranges::find(open_, "panel") == open_.end()) losses_.note("quote in a quote, shown as a panel");
    container("panel", "", index);
  }

  /// Does this quote hold nothing but a paragraph that needs no line break?
  [[nodiscard]] bool is_line(Index index) const {
    const Index paragraph = index + 1;
    if (!document_.has_children(index) || node(paragraph).kind != Kind::paragraph) return false;
    if (node(paragraph).end != node(index).end || !document_.has_children(paragraph)) return false;
    return std::any_of(document_.nodes.begin() + paragraph, document_.nodes.begin() + node(paragraph).end,
                       [&](const Node& child) { return !trimmed(document_.text(child)).empty(); });
  }

  void panel(const Node& block, Index index) {
    const std::string_view sort = document_.target(block);
    std::string parameters = title_of(block);
    if (document_.source == Format::jira_wiki && block.text.size > 0)
      parameters.append(parameters.empty() ? "" : "|").append(document_.text(block));
    if (std::ranges::find(sorts, sort) != sorts.end()) return container(sort, parameters, index);
    // Atlassian's other sorts, by what they look like.
    if (sort == "success") return container("tip", parameters, index);
    if (sort == "error") return container("warning", parameters, index);
    container("panel", parameters, index);
  }

  void code_block(std::string_view code, std::string_view info, std::string_view title) {
    const std::size_t end = std::min(info.find_first_of(" \t\n"), info.size());
    std::string_view language = info.substr(0, end);
    if (end < info.size()) losses_.note("words behind the language of a code block");
    if (!is_language(language)) {
      losses_.note("language of a code block");
      language = {};
    }
    std::string parameters{language};
    if (const std::string value = parameter_value(title); !value.empty())
      parameters.append(parameters.empty() ? "" : "|").append("title=").append(value);
    if (code.find("{code}") == npos) return raw("code", parameters, code);
    if (!language.empty()) losses_.note("language of a code block that holds {code}");
    if (code.find("{noformat}") == npos) return raw("noformat", "", code);
    losses_.note("tag in code, parted by an invisible character");
    raw("noformat", "", without_end(code, "{noformat}"));
  }

  void raw(std::string_view name, std::string_view parameters, std::string_view code) {
    out_.append("{").append(name).append(parameters.empty() ? "" : ":").append(parameters).append("}\n");
    out_.append(code).append("\n{").append(name).append("}");
  }

  void verbatim(const Node& block) {
    const std::string_view raw_text = document_.text(block);
    if (block.source == Format::jira_wiki) {
      out_.append(raw_text);
      return;
    }
    if (block.source == Format::textile) {
      losses_.note("Textile kept as code");
      return raw("code", "", without_end(raw_text, "{code}"));
    }
    if (block.source == Format::adf) {
      losses_.note("unknown element kept as code");
      return code_block(raw_text, "json", "");
    }
    losses_.note("HTML block kept as code");
    code_block(raw_text, "html", "");
  }

  void list(Index index, const std::string& outer) {
    const Node& list = node(index);
    if (list.ordered && list.number != 1) losses_.note("number a list begins with");
    const std::string bullets = outer + (list.ordered ? '#' : '*');
    bool first = true;
    for (Index item = index + 1; item < list.end; item = node(item).end) {
      if (!first) out_.append("\n");
      first = false;
      out_.append(bullets).append(" ");
      write_item(item, bullets);
    }
  }

  void write_item(Index item, const std::string& bullets) {
    const Task task = node(item).task;
    if (task != Task::none) out_.append(task == Task::done ? "[x] " : "[ ] ");
    const std::size_t begin = out_.size();
    bool nested = false;
    bool line = false;  // a paragraph has been written last
    for (Index child = item + 1; child < node(item).end; child = node(child).end) {
      const Node& block = node(child);
      const bool anything = out_.size() > begin;
      if (block.kind == Kind::list) {
        if (!anything) out_.append(empty_item);
        out_.append("\n");
        list(child, bullets);
        nested = true;
        line = false;
        continue;
      }
      const std::size_t before = out_.size();
      if (anything) out_.append("\n");
      const std::size_t written = out_.size();
      if (block.kind == Kind::paragraph || block.kind == Kind::heading) {
        if (block.kind == Kind::heading) losses_.note("heading in a list item");
        if (line) losses_.note("paragraphs in a list item, joined");
        inlines(child, anything ? InlineWriter::Place::paragraph : InlineWriter::Place::item);
      } else {
        item_block(child);
      }
      if (out_.size() == written) {
        out_.resize(before);
        continue;
      }
      line = block.kind == Kind::paragraph || block.kind == Kind::heading;
      if (nested) losses_.note("text behind a nested list, joined to its last item");
    }
    if (out_.size() == begin) out_.append(empty_item);
  }

  /// What stands in an item must not hold an empty line outside a macro.
  void item_block(Index index) {
    const Node& block = node(index);
    const bool nested_quote = block.kind == Kind::quote && std::ranges::find(open_, "quote") != open_.end();
    const bool macro = block.kind == Kind::code_block || block.kind == Kind::verbatim_block ||
                       (block.kind == Kind::quote && !nested_quote) ||
                       ((block.kind == Kind::panel || block.kind == Kind::details) && open_.empty());
    if (macro) return this->block(index);
    losses_.note("block in a list item, kept as code");
    code_block(markdown::write_block(document_, index), "markdown", "");
  }

  void table(Index index) {
    bool first = true;
    for (Index row = index + 1; row < node(index).end; row = node(row).end) {
      if (!document_.has_children(row)) continue;
      if (!first) out_.append("\n");
      first = false;
      bool header = false;
      for (Index cell = row + 1; cell < node(row).end; cell = node(cell).end) {
        header = node(cell).header;
        if (node(cell).align != Align::none) losses_.note("alignment of cells");
        out_.append(header ? "||" : "|");
        const std::size_t begin = out_.size();
        inlines(cell, InlineWriter::Place::cell);
        if (out_.size() == begin) out_.push_back(' ');
      }
      out_.append(header ? "||" : "|");
    }
  }

  const Document& document_;
  std::string out_;
  Losses losses_;
  std::vector<std::string_view> open_;  // the macros around what is written
};

}  // namespace

Rendered write(const Document& document) { return Writer{document}.run(); }

}  // namespace causeway::markup::jira_wiki
