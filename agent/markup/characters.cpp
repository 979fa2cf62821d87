#include "agent/markup/characters.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace causeway::markup {

char32_t decode(std::string_view text, std::size_t& position) {
  const auto lead = static_cast<unsigned char>(text[position]);
  const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  char32_t point = length == 1 ? lead : lead & (0x7FU >> length);
  for (std::size_t offset = 1; offset < length && position + offset < text.size(); ++offset)
    point = (point << 6U) | (static_cast<unsigned char>(text[position + offset]) & 0x3FU);
  position = std::min(position + length, text.size());
  return point;
}

void append_utf8(std::string& out, char32_t point) {
  const auto byte = [&out](char32_t value) { out.push_back(static_cast<char>(static_cast<unsigned char>(value))); };
  if (point < 0x80) return byte(point);
  if (point < 0x800) return byte(0xC0U | (point >> 6U)), byte(0x80U | (point & 0x3FU));
  if (point < 0x10000)
    return byte(0xE0U | (point >> 12U)), byte(0x80U | ((point >> 6U) & 0x3FU)), byte(0x80U | (point & 0x3FU));
  byte(0xF0U | (point >> 18U));
  byte(0x80U | ((point >> 12U) & 0x3FU));
  byte(0x80U | ((point >> 6U) & 0x3FU));
  byte(0x80U | (point & 0x3FU));
}

Edge edge_of(char32_t point) {
  if (point < 0x80) {
    const char c = static_cast<char>(point);
    return is_space(c) ? Edge::space : is_punctuation(c) ? Edge::punctuation : Edge::letter;
  }
  const bool space = point == 0xA0 || point == 0x1680 || (point >= 0x2000 && point <= 0x200A) || point == 0x202F ||
                     point == 0x205F || point == 0x3000;
  if (space) return Edge::space;
  // The blocks of Unicode that are punctuation through and through; single marks elsewhere do not occur at such edges.
  constexpr std::array<std::pair<char32_t, char32_t>, 9> ranges{{{0xA1, 0xA1},
                                                                 {0xA7, 0xA7},
                                                                 {0xAB, 0xAB},
                                                                 {0xB6, 0xB7},
                                                                 {0xBB, 0xBF},
                                                                 {0x2010, 0x205E},
                                                                 {0x3001, 0x3003},
                                                                 {0x3008, 0x301F},
                                                                 {0xFF01, 0xFF0F}}};
  for (const auto& [first, last] : ranges)
    if (point >= first && point <= last) return Edge::punctuation;
  return Edge::letter;
}

Edge first_edge(std::string_view text) {
  if (text.empty()) return Edge::space;
  std::size_t position = 0;
  return edge_of(decode(text, position));
}

Edge last_edge(std::string_view text) {
  if (text.empty()) return Edge::space;
  std::size_t position = text.size() - 1;
  while (position > 0 && is_continuation(text[position])) --position;
  return edge_of(decode(text, position));
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

bool equals_ignoring_case(std::string_view left, std::string_view right) {
  return std::ranges::equal(left, right, [](char one, char other) { return to_lower(one) == to_lower(other); });
}

std::string lower_case(std::string_view text) {
  std::string lower{text};
  std::ranges::transform(lower, lower.begin(), to_lower);
  return lower;
}

namespace {

constexpr std::array<std::pair<std::string_view, char32_t>, 34> named_entities{
    {{"amp", '&'},     {"lt", '<'},      {"gt", '>'},       {"quot", '"'},      {"apos", '\''},    {"nbsp", 0xA0},
     {"copy", 0xA9},   {"reg", 0xAE},    {"trade", 0x2122}, {"hellip", 0x2026}, {"mdash", 0x2014}, {"ndash", 0x2013},
     {"laquo", 0xAB},  {"raquo", 0xBB},  {"lsquo", 0x2018}, {"rsquo", 0x2019},  {"ldquo", 0x201C}, {"rdquo", 0x201D},
     {"bull", 0x2022}, {"middot", 0xB7}, {"times", 0xD7},   {"euro", 0x20AC},   {"rarr", 0x2192},  {"larr", 0x2190},
     {"deg", 0xB0},    {"sect", 0xA7},   {"para", 0xB6},    {"commat", '@'},    {"num", '#'},      {"lbrack", '['},
     {"rbrack", ']'},  {"lcub", '{'},    {"vert", '|'},     {"ast", '*'}}};

}  // namespace

Entity entity_at(std::string_view text, std::size_t position) {
  constexpr std::size_t length_max = 32;
  if (position + 2 >= text.size() || text[position] != '&') return {};
  const std::string_view rest = text.substr(position + 1, length_max);
  const std::size_t stop = rest.find_first_not_of("#0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
  if (stop == std::string_view::npos || stop == 0 || rest[stop] != ';') return {};
  const std::string_view body = rest.substr(0, stop);
  Entity entity{stop + 2, 0};
  if (body[0] != '#') {
    for (const auto& [name, point] : named_entities)
      if (name == body) entity.point = point;
    return entity;
  }
  const bool hexadecimal = body.size() > 1 && to_lower(body[1]) == 'x';
  char32_t point = 0;
  for (const char c : body.substr(hexadecimal ? 2 : 1)) {
    const bool fits = hexadecimal ? is_hexadecimal(c) : is_digit(c);
    if (!fits || point > 0x10FFFF) return entity;
    const auto digit = static_cast<char32_t>(is_digit(c) ? c - '0' : to_lower(c) - 'a' + 10);
    point = point * (hexadecimal ? 16 : 10) + digit;
  }
  const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
  if (point >= 0x20 && point <= 0x10FFFF && !surrogate) entity.point = point;
  return entity;
}

}  // namespace causeway::markup
