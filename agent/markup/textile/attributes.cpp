#include "agent/markup/textile/attributes.hpp"

#include <algorithm>
#include <array>

#include "agent/markup/characters.hpp"

namespace causeway::markup::textile {
namespace {

constexpr std::size_t attribute_bytes_max = 500;

char at(std::string_view text, std::size_t position) { return position < text.size() ? text[position] : '\0'; }

/// Behind `open`...`close` with something in between that holds none of `without`; `position` if that is not there.
std::size_t after_bracketed(std::string_view text, std::size_t position, char close, std::string_view without) {
  const std::string_view inner = text.substr(position + 1, attribute_bytes_max);
  const std::size_t end = inner.find(close);
  if (end == std::string_view::npos || end == 0) return position;
  if (inner.substr(0, end).find_first_of(without) != std::string_view::npos) return position;
  return position + 1 + end + 1;
}

}  // namespace

std::size_t after_style(std::string_view text, std::size_t position) {
  for (int round = 0; round < 3; ++round) {
    const char c = at(text, position);
    std::size_t next = position;
    if (c == '(') next = after_bracketed(text, position, ')', "\"\n");
    if (c == '{' && at(text, position + 1) != '{') next = after_bracketed(text, position, '}', "\"\n");
    if (c == '[') {
      next = after_bracketed(text, position, ']', "\"\n");
      for (std::size_t inner = position + 1; inner + 1 < next; ++inner)
        if (!is_lower(text[inner]) && text[inner] != '-' && text[inner] != '_') next = position;
    }
    if (next == position) break;
    position = next;
  }
  return position;
}

std::size_t after_alignment(std::string_view text, std::size_t position) {
  const auto vertical = [&] {
    const char c = at(text, position);
    if (c == '-' || c == '^' || c == '~') ++position;
  };
  const std::size_t begin = position;
  vertical();
  if (text.substr(position, 2) == "<>") {
    position += 2;
  } else if (at(text, position) == '<' || at(text, position) == '>' || at(text, position) == '=') {
    ++position;
  } else if (at(text, position) == '(' || at(text, position) == ')') {
    // `(class)` is a style, not two indents
    if (after_style(text, position) == position)
      while (at(text, position) == '(' || at(text, position) == ')') ++position;
  }
  if (position == begin) vertical();
  return position;
}

std::size_t after_span(std::string_view text, std::size_t position) {
  for (int round = 0; round < 2; ++round) {
    if ((at(text, position) != '\\' && at(text, position) != '/') || !is_digit(at(text, position + 1))) break;
    ++position;
    while (is_digit(at(text, position))) ++position;
  }
  return position;
}

BlockMark block_mark(std::string_view line) {
  std::size_t position = 0;
  if (line.starts_with("bq")) {
    position = 2;
  } else if (line.starts_with("fn") && is_digit(at(line, 2))) {
    position = 2;
    while (is_digit(at(line, position))) ++position;
  } else if (line.starts_with("p")) {
    position = 1;
  } else if (line.starts_with("h") && at(line, 1) >= '1' && at(line, 1) <= '6') {
    position = 2;
  }
  if (position == 0) return {};
  BlockMark mark;
  mark.tag = line.substr(0, position);
  const std::size_t attributes = position;
  position = after_style(line, after_alignment(line, position));
  mark.attributes = line.substr(attributes, position - attributes);
  if (at(line, position) != '.') return {};
  ++position;
  if (at(line, position) == ':') position = std::min(line.find(' ', position), line.size());
  if (at(line, position) != ' ') return {};
  mark.length = position + 1;
  return mark;
}

ItemMark item_mark(std::string_view line) {
  std::size_t position = 0;
  while (at(line, position) == '*' || at(line, position) == '#') ++position;
  if (position == 0) return {};
  const std::string_view marks = line.substr(0, position);
  position = after_style(line, after_alignment(line, position));
  if (at(line, position) != ' ') return {};
  return {marks, position + 1};
}

CellMark cell_mark(std::string_view cell) {
  std::size_t position = at(cell, 0) == '_' ? 1 : 0;
  position = after_style(cell, after_alignment(cell, after_span(cell, position)));
  if (at(cell, position) != '.') return {};
  const std::string_view attributes = cell.substr(0, position);
  ++position;
  if (at(cell, position) == ' ') ++position;
  return {attributes, position};
}

bool is_rule(std::string_view line) {
  const std::string_view marks = trimmed(line);
  if (marks.empty() || (marks[0] != '*' && marks[0] != '-' && marks[0] != '_')) return false;
  std::size_t count = 0;
  for (const char c : marks) {
    if (c == marks[0]) {
      ++count;
    } else if (c != ' ') {
      return false;
    }
  }
  return count >= 3;
}

RawTag raw_tag(std::string_view text, std::size_t position) {
  constexpr std::array<std::string_view, 4> names{"pre", "code", "kbd", "notextile"};
  RawTag tag;
  if (at(text, position) != '<') return tag;
  std::size_t begin = position + 1;
  tag.closing = at(text, begin) == '/';
  if (tag.closing) ++begin;
  for (const std::string_view name : names) {
    if (!equals_ignoring_case(text.substr(begin, name.size()), name)) continue;
    const std::size_t after = begin + name.size();
    if (is_word(at(text, after))) continue;
    const std::size_t end = text.substr(after, attribute_bytes_max).find('>');
    if (end == std::string_view::npos) continue;
    tag.name = name;
    tag.attributes = text.substr(after, end);
    tag.length = after + end + 1 - position;
    return tag;
  }
  return tag;
}

}  // namespace causeway::markup::textile
