#pragma once
/// Classes of characters that the readers, writers and scanners agree on. ASCII unless a name says otherwise.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace causeway::markup {

[[nodiscard]] constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
[[nodiscard]] constexpr bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
[[nodiscard]] constexpr bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
[[nodiscard]] constexpr bool is_letter(char c) { return is_lower(c) || is_upper(c); }
[[nodiscard]] constexpr bool is_alphanumeric(char c) { return is_letter(c) || is_digit(c); }
[[nodiscard]] constexpr bool is_word(char c) { return is_alphanumeric(c) || c == '_'; }
[[nodiscard]] constexpr bool is_blank(char c) { return c == ' ' || c == '\t'; }
[[nodiscard]] constexpr bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
[[nodiscard]] constexpr bool is_hexadecimal(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
[[nodiscard]] constexpr bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }
[[nodiscard]] constexpr bool is_punctuation(char c) {
  return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') || (c >= '{' && c <= '~');
}
[[nodiscard]] constexpr char to_lower(char c) { return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c; }
/// Is this byte the middle of a UTF-8 character?
[[nodiscard]] constexpr bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

/// What stands at one edge of a mark, in the words of CommonMark's flanking rules.
enum class Edge : std::uint8_t { space, punctuation, letter };

[[nodiscard]] Edge edge_of(char32_t point);
/// The first character of `text`; an empty text counts as white space, as a line's end does.
[[nodiscard]] Edge first_edge(std::string_view text);
[[nodiscard]] Edge last_edge(std::string_view text);

/// Decodes the character at `position`, which must be the start of valid UTF-8; moves `position` behind it.
[[nodiscard]] char32_t decode(std::string_view text, std::size_t& position);
void append_utf8(std::string& out, char32_t point);

[[nodiscard]] std::string_view trimmed(std::string_view text);
[[nodiscard]] bool equals_ignoring_case(std::string_view left, std::string_view right);
[[nodiscard]] std::string lower_case(std::string_view text);

/// Does `needle` stand at `position`?
[[nodiscard]] constexpr bool stands_at(std::string_view text, std::size_t position, std::string_view needle) {
  return position <= text.size() && text.substr(position, needle.size()) == needle;
}

/// The length of the HTML entity at `position` (0: none) and, if known, the character it stands for.
struct Entity {
  std::size_t length = 0;
  char32_t point = 0;
};
[[nodiscard]] Entity entity_at(std::string_view text, std::size_t position);

}  // namespace causeway::markup
