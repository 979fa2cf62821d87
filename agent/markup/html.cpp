#include "agent/markup/html.hpp"

#include <array>
#include <utility>

#include "agent/markup/characters.hpp"

namespace causeway::markup {
namespace {

struct Pair {
  std::string_view tag;
  Kind kind;
};

/// The first tag of a kind is the one that is written.
constexpr std::array<Pair, 12> pairs{{{"strong", Kind::strong},
                                      {"b", Kind::strong},
                                      {"em", Kind::emphasis},
                                      {"i", Kind::emphasis},
                                      {"del", Kind::strike},
                                      {"s", Kind::strike},
                                      {"strike", Kind::strike},
                                      {"ins", Kind::inserted},
                                      {"u", Kind::inserted},
                                      {"sup", Kind::superscript},
                                      {"sub", Kind::subscript},
                                      {"kbd", Kind::keyboard}}};

}  // namespace

std::optional<Tag> read_tag(std::string_view html) {
  if (html.size() < 3 || html.front() != '<' || html.back() != '>') return std::nullopt;
  Tag tag;
  std::size_t position = 1;
  if (html[position] == '/') {
    tag.closing = true;
    ++position;
  }
  const std::size_t name = position;
  while (is_alphanumeric(html[position]) || html[position] == '-') ++position;
  if (position == name || !is_letter(html[name])) return std::nullopt;
  tag.name = html.substr(name, position - name);
  std::string_view rest = html.substr(position, html.size() - position - 1);
  if (rest.ends_with('/')) rest.remove_suffix(1);
  tag.attributes = trimmed(rest);
  return tag;
}

std::optional<std::string> attribute(const Tag& tag, std::string_view name) {
  std::string_view rest = tag.attributes;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find_first_of(" \t\n=/"), rest.size());
    const std::string_view key = rest.substr(0, end);
    rest = trimmed(rest.substr(end));
    std::string_view value;
    if (rest.starts_with('=')) {
      rest = trimmed(rest.substr(1));
      const bool quoted = rest.starts_with('"') || rest.starts_with('\'');
      const std::size_t begin = quoted ? 1 : 0;
      const std::size_t stop = std::min(quoted ? rest.find(rest[0], 1) : rest.find_first_of(" \t\n"), rest.size());
      value = rest.substr(begin, stop - begin);
      rest = trimmed(rest.substr(std::min(stop + begin, rest.size())));
    } else if (key.empty()) {
      rest.remove_prefix(1);  // a stray slash
    }
    if (equals_ignoring_case(key, name)) return decode_entities(value);
  }
  return std::nullopt;
}

std::optional<Kind> container_of(std::string_view tag_name) {
  for (const Pair& pair : pairs)
    if (equals_ignoring_case(pair.tag, tag_name)) return pair.kind;
  return std::nullopt;
}

std::string_view tag_of(Kind container) {
  for (const Pair& pair : pairs)
    if (pair.kind == container) return pair.tag;
  return "";
}

bool is_comment(std::string_view html) {
  const std::string_view whole = trimmed(html);
  if (!whole.starts_with("<!--") || !whole.ends_with("-->") || whole.size() < 7) return false;
  return whole.find("-->") == whole.size() - 3;
}

std::string decode_entities(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t position = 0; position < text.size();) {
    const Entity entity = entity_at(text, position);
    if (entity.point == 0) {
      decoded.push_back(text[position++]);
    } else {
      append_utf8(decoded, entity.point);
      position += entity.length;
    }
  }
  return decoded;
}

}  // namespace causeway::markup
