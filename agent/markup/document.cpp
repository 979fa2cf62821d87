#include "agent/markup/document.hpp"

#include <algorithm>

#include "agent/markup/utf8.hpp"

namespace causeway::markup {

Span Document::keep(std::string_view piece) {
  const auto begin = static_cast<std::uint32_t>(bytes.size());
  bytes.append(piece);
  // An entity or an escape in JSON can still name one.
  if (has_controls(piece)) bytes.erase(std::remove_if(bytes.begin() + begin, bytes.end(), is_control), bytes.end());
  return Span{begin, static_cast<std::uint32_t>(bytes.size() - begin)};
}

Document::Index Document::open(Node node) {
  const Index index = size();
  node.end = index + 1;
  nodes.push_back(node);
  return index;
}

Document::Index Document::leaf(Node node) { return open(node); }

Document::Index Document::leaf(Kind kind, std::string_view text) {
  Node node{.kind = kind};
  node.text = keep(text);
  return open(node);
}

bool operator==(const Document& left, const Document& right) {
  if (left.nodes.size() != right.nodes.size()) return false;
  for (std::size_t index = 0; index < left.nodes.size(); ++index) {
    const Node& one = left.nodes[index];
    const Node& other = right.nodes[index];
    const bool same = one.kind == other.kind && one.end == other.end && one.level == other.level &&
                      one.task == other.task && one.align == other.align && one.ordered == other.ordered &&
                      one.tight == other.tight && one.header == other.header && one.source == other.source &&
                      one.number == other.number && left.text(one) == right.text(other) &&
                      left.target(one) == right.target(other) && left.title(one) == right.title(other);
    if (!same) return false;
  }
  return true;
}

}  // namespace causeway::markup
