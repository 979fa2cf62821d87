#include "agent/markup/adf/inline_writer.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <utility>

#include "agent/markup/address.hpp"
#include "agent/markup/adf/block_reader.hpp"
#include "agent/markup/adf/grammar.hpp"
#include "agent/markup/adf/json.hpp"
#include "agent/markup/characters.hpp"
#include "agent/markup/html.hpp"

namespace causeway::markup::adf {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 14> colours{{{"red", "#ff0000"},
                                                                                 {"green", "#008000"},
                                                                                 {"blue", "#0000ff"},
                                                                                 {"orange", "#ffa500"},
                                                                                 {"yellow", "#ffff00"},
                                                                                 {"purple", "#800080"},
                                                                                 {"gray", "#808080"},
                                                                                 {"grey", "#808080"},
                                                                                 {"black", "#000000"},
                                                                                 {"white", "#ffffff"},
                                                                                 {"maroon", "#800000"},
                                                                                 {"navy", "#000080"},
                                                                                 {"teal", "#008080"},
                                                                                 {"magenta", "#ff00ff"}}};

/// A colour as six hexadecimal digits; nullopt if it is none that is known.
std::optional<std::string> hexadecimal_colour(std::string_view colour) {
  for (const auto& [name, value] : colours)
    if (equals_ignoring_case(name, colour)) return std::string{value};
  if (!colour.starts_with('#') || !std::ranges::all_of(colour.substr(1), is_hexadecimal)) return std::nullopt;
  if (colour.size() == 7) return std::string{colour};
  if (colour.size() != 4) return std::nullopt;
  return fmt::format("#{0}{0}{1}{1}{2}{2}", colour[1], colour[2], colour[3]);
}

}  // namespace

void separate(std::string& out) {
  if (!out.empty() && out.back() != '[') out.push_back(',');
}

bool can_link(Format source, std::string_view target) {
  if (target.empty()) return false;
  if (!has_scheme(target)) return source == Format::adf || !is_relative(target);
  for (const std::string_view scheme : {"javascript:", "data:", "vbscript:"})
    if (equals_ignoring_case(target.substr(0, scheme.size()), scheme)) return false;
  return true;
}

void InlineWriter::write(Index block, bool strong) {
  if (strong) open_.push_back(Mark{"strong", R"({"type":"strong"})"});
  update_marks();
  children(block);
  flush();
  if (strong) open_.pop_back();
  update_marks();
}

void InlineWriter::text(std::string_view words, bool strong) {
  if (strong) {
    marked(words, Mark{"strong", R"({"type":"strong"})"});
  } else {
    add_text(words);
  }
}

void InlineWriter::line_break() { node(R"({"type":"hardBreak"})"); }

void InlineWriter::children(Index parent) {
  const Index end = document_.nodes[parent].end;
  for (Index index = parent + 1; index < end; index = document_.nodes[index].end) inline_at(index);
}

void InlineWriter::inline_at(Index index) {
  const Node& node = document_.nodes[index];
  const std::string_view words = document_.text(node);
  switch (node.kind) {
    case Kind::text:
    case Kind::reference:
      return add_text(words);
    case Kind::code:
      return marked(words, Mark{"code", R"({"type":"code"})"});
    case Kind::url: {
      auto link = link_to(document_.target(node), "");
      return link ? marked(words, std::move(*link)) : add_text(words);
    }
    case Kind::image:
      return image(node);
    case Kind::hard_break:
    case Kind::soft_break:
      return line_break();
    case Kind::mention: {
      // Wiki markup writes the id of an account behind this, and reads what is no such id with it.
      const std::string_view id = words.starts_with("accountid:") ? words.substr(10) : words;
      const std::string_view name = document_.title(node).empty() ? id : document_.title(node);
      std::string json = R"({"attrs":{"id":)";
      append_quoted(json, id);
      json.append(R"(,"text":)");
      append_quoted(json, "@" + std::string{name});
      return this->node(json.append(R"(},"type":"mention"})"));
    }
    case Kind::emoji: {
      std::string json = R"({"attrs":{"shortName":)";
      append_quoted(json, fmt::format(":{}:", words));
      return this->node(json.append(R"(},"type":"emoji"})"));
    }
    case Kind::verbatim:
      return verbatim(node);
    default:
      return container(index);
  }
}

void InlineWriter::container(Index index) {
  auto mark = mark_of(document_.nodes[index]);
  if (!mark) return children(index);
  open_.push_back(std::move(*mark));
  update_marks();
  children(index);
  open_.pop_back();
  update_marks();
}

std::optional<InlineWriter::Mark> InlineWriter::mark_of(const Node& node) {
  switch (node.kind) {
    case Kind::strong:
      return Mark{"strong", R"({"type":"strong"})"};
    case Kind::emphasis:
      return Mark{"em", R"({"type":"em"})"};
    case Kind::strike:
      return Mark{"strike", R"({"type":"strike"})"};
    case Kind::inserted:
      return Mark{"underline", R"({"type":"underline"})"};
    case Kind::superscript:
      return Mark{"subsup", R"({"attrs":{"type":"sup"},"type":"subsup"})"};
    case Kind::subscript:
      return Mark{"subsup", R"({"attrs":{"type":"sub"},"type":"subsup"})"};
    case Kind::keyboard:
      losses_.note("key of a keyboard, kept as code");
      return Mark{"code", R"({"type":"code"})"};
    case Kind::styled:
      return style_of(document_.title(node));
    case Kind::link:
      return link_to(document_.target(node), document_.title(node));
    default:
      return std::nullopt;
  }
}

std::optional<InlineWriter::Mark> InlineWriter::style_of(std::string_view style) {
  for (const auto& [begin, type] :
       {std::pair{std::string_view{"{color:"}, std::string_view{"textColor"}},
        std::pair{std::string_view{"{background-color:"}, std::string_view{"backgroundColor"}}}) {
    if (!style.starts_with(begin) || !style.ends_with('}')) continue;
    std::string_view value = style.substr(begin.size(), style.size() - begin.size() - 1);
    if (value.ends_with(';')) value.remove_suffix(1);
    if (const auto colour = hexadecimal_colour(trimmed(value)))
      return Mark{type, fmt::format(R"({{"attrs":{{"color":"{}"}},"type":"{}"}})", *colour, type)};
  }
  losses_.note("style of text");
  return std::nullopt;
}

std::optional<InlineWriter::Mark> InlineWriter::link_to(std::string_view target, std::string_view title) {
  if (!can_link(document_.source, target)) {
    losses_.note(is_relative(target) ? "link with a relative address" : "address that may not be a link");
    return std::nullopt;
  }
  Mark mark{"link", R"({"attrs":{"href":)"};
  append_quoted(mark.json, target);
  if (!title.empty()) {
    mark.json.append(R"(,"title":)");
    append_quoted(mark.json, title);
  }
  mark.json.append(R"(},"type":"link"})");
  return mark;
}

void InlineWriter::marked(std::string_view words, Mark mark) {
  open_.push_back(std::move(mark));
  update_marks();
  add_text(words);
  open_.pop_back();
  update_marks();
}

/// A picture among words: its text, which leads to it.
void InlineWriter::image(const Node& node) {
  const std::string_view alternative = document_.text(node).empty() ? "image" : document_.text(node);
  losses_.note("picture in a line of text, kept as a link");
  const bool in_link = std::ranges::any_of(open_, [](const Mark& mark) { return mark.type == "link"; });
  auto link = in_link ? std::nullopt : link_to(document_.target(node), document_.title(node));
  link ? marked(alternative, std::move(*link)) : add_text(alternative);
}

void InlineWriter::verbatim(const Node& node) {
  const std::string_view raw = document_.text(node);
  if (node.source != Format::adf) {
    if (is_comment(raw)) return losses_.note("hidden comment");
    losses_.note(node.source == Format::jira_wiki ? "Jira macro kept as code"
                 : node.source == Format::textile ? "Textile kept as code"
                                                  : "HTML kept as code");
    return marked(raw, Mark{"code", R"({"type":"code"})"});
  }
  const auto tree = parse_json(raw);
  if (!tree) return;
  if (is_valid(*tree, "paragraph")) return this->node(raw);
  losses_.note("something only Jira shows");
  std::string words = plain_text(*tree);
  std::ranges::replace(words, '\n', ' ');
  add_text(words);
}

void InlineWriter::add_text(std::string_view words) {
  if (words.empty()) return;
  if (!pending_.empty() && pending_marks_ != marks_) flush();
  if (pending_.empty()) pending_marks_ = marks_;
  pending_.append(words);
}

void InlineWriter::flush() {
  if (pending_.empty()) return;
  separate(out_);
  out_.push_back('{');
  if (!pending_marks_.empty()) out_.append(R"("marks":)").append(pending_marks_).append(",");
  out_.append(R"("text":)");
  append_quoted(out_, pending_);
  out_.append(R"(,"type":"text"})");
  pending_.clear();
}

void InlineWriter::node(std::string_view json) {
  flush();
  separate(out_);
  out_.append(json);
}

/// Of marks of one type the innermost holds; code bears no others but a link.
void InlineWriter::update_marks() {
  marks_.clear();
  if (open_.empty()) return;
  std::vector<const Mark*> held;
  for (auto mark = open_.rbegin(); mark != open_.rend(); ++mark) {
    const bool known = std::ranges::any_of(held, [&mark](const Mark* other) { return other->type == mark->type; });
    if (!known) held.push_back(&*mark);
  }
  const bool code = std::ranges::any_of(held, [](const Mark* mark) { return mark->type == "code"; });
  if (code) {
    const auto others =
        std::erase_if(held, [](const Mark* mark) { return mark->type != "code" && mark->type != "link"; });
    if (others > 0) losses_.note("style of inline code");
  }
  std::vector<std::string_view> written;
  for (const Mark* const mark : held) written.push_back(mark->json);
  std::ranges::sort(written);
  marks_ = fmt::format("[{}]", fmt::join(written, ","));
}

}  // namespace causeway::markup::adf
