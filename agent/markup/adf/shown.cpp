#include "agent/markup/adf/shown.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <span>
#include <utility>

#include "agent/markup/adf/block_reader.hpp"

namespace causeway::markup::adf {
namespace {

using Index = Document::Index;

bool is_kept(const Node& node) {
  return (node.kind == Kind::verbatim || node.kind == Kind::verbatim_block) && node.source == Format::adf;
}

bool is_of_site(std::string_view json) {
  return json.find("\"type\":\"mention\"") != std::string_view::npos ||
         json.find("\"type\":\"media") != std::string_view::npos;
}

/// A copy of a document with `change` called for each node; it may add something else in the node's place, leaf or
/// container and all, and then returns true.
template <class Change>
Document copied(const Document& document, Change change) {
  Document out;
  out.source = document.source;
  out.losses = document.losses;
  out.bytes = document.bytes;
  out.nodes.reserve(document.nodes.size());
  std::vector<std::pair<Index, Index>> open;  // where each open container ends, and its index in `out`
  const auto close_before = [&](Index index) {
    for (; !open.empty() && open.back().first <= index; open.pop_back()) out.close(open.back().second);
  };
  for (Index index = 0; index < document.size();) {
    close_before(index);
    const Node& node = document.nodes[index];
    if (change(out, index, open.size())) {
      index = node.end;
      continue;
    }
    const Index copy = out.open(node);
    if (document.has_children(index)) open.emplace_back(node.end, copy);
    ++index;
  }
  close_before(document.size());
  return out;
}

std::string loss_of(std::string_view type) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 16> names{
      {{"status", "Jira status, kept as code"},
       {"date", "Jira date, kept as text"},
       {"decisionList", "decisions, kept as a list"},
       {"placeholder", "placeholder"},
       {"inlineCard", "card of a link, kept as the link"},
       {"blockCard", "card of a link, kept as the link"},
       {"embedCard", "card of a link, kept as the link"},
       {"extension", "macro, kept as its name"},
       {"inlineExtension", "macro, kept as its name"},
       {"bodiedExtension", "macro, kept as its name"},
       {"mediaSingle", "file in the text, kept as its name"},
       {"mediaGroup", "file in the text, kept as its name"},
       {"mediaInline", "file in the text, kept as its name"},
       {"layoutSection", "columns"},
       {"table", "table with merged cells or blocks in cells"},
       {"nesting", "blocks nested too deep, kept as text"}}};
  for (const auto& [name, loss] : names)
    if (name == type) return std::string{loss};
  return "something only Jira shows";
}

}  // namespace

bool needs_showing(const Document& document) {
  if (document.source == Format::adf) return true;
  return std::ranges::any_of(document.nodes, is_kept);
}

Document shown(const Document& document, Which which) {
  std::set<std::string> types;
  Document out = copied(document, [&](Document& target, Index index, std::size_t depth) {
    const Node& node = document.nodes[index];
    const bool empty = node.kind == Kind::paragraph && !document.has_children(index) && which == Which::all;
    if (empty) return true;
    if (!is_kept(node)) return false;
    const std::string_view json = document.text(node);
    if (which == Which::of_site && !is_of_site(json)) return false;
    const auto tree = parse_json(json);
    if (!tree) return true;
    BlockReader reader{target, Foreign::shown};
    const Value& value = *tree;
    node.kind == Kind::verbatim ? reader.inlines(std::span{&value, 1})
                                : reader.block(value, std::min(depth, depth_max));
    types.insert(reader.shown().begin(), reader.shown().end());
    return true;
  });
  for (const std::string& type : types) {
    std::string loss = loss_of(type);
    if (std::ranges::find(out.losses, loss) == out.losses.end()) out.losses.push_back(std::move(loss));
  }
  return out;
}

bool has_names(const Document& document) {
  return std::ranges::any_of(document.nodes,
                             [](const Node& node) { return node.kind == Kind::mention && node.title.size > 0; });
}

Document with_names(const Document& document) {
  return copied(document, [&document](Document& target, Index index, std::size_t) {
    const Node& node = document.nodes[index];
    if (node.kind != Kind::mention || node.title.size == 0) return false;
    target.leaf(Kind::text, "@" + std::string{document.title(node)});
    return true;
  });
}

}  // namespace causeway::markup::adf
