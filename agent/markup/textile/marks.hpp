#pragma once
/// The marks around Textile's spans, and where they may open and close (QTAGS and CODE_RE in redcloth3.rb).
#include <array>
#include <string_view>

#include "agent/markup/characters.hpp"
#include "agent/markup/document.hpp"

namespace causeway::markup::textile {

struct Mark {
  std::string_view text;
  Kind kind;
};

/// Longer marks first. The first of a kind that is one character long is the one that is written.
inline constexpr std::array<Mark, 10> span_marks{{{"**", Kind::strong},
                                                  {"__", Kind::emphasis},
                                                  {"??", Kind::styled},
                                                  {"*", Kind::strong},
                                                  {"_", Kind::emphasis},
                                                  {"-", Kind::strike},
                                                  {"%", Kind::styled},
                                                  {"+", Kind::inserted},
                                                  {"^", Kind::superscript},
                                                  {"~", Kind::subscript}}};

[[nodiscard]] constexpr bool is_mark(char c) {
  return c == '*' || c == '_' || c == '-' || c == '+' || c == '^' || c == '~' || c == '%' || c == '?';
}

/// May a span begin behind this character? NUL stands for a line's start.
[[nodiscard]] constexpr bool may_precede_span(char c) { return c == '\0' || is_space(c) || c == '(' || c == '>'; }

/// May a span end before `rest`?
[[nodiscard]] inline bool may_follow_span(std::string_view rest) {
  if (rest.empty() || is_space(rest[0])) return true;
  // Placeholders of atoms stand for a tag.
  return static_cast<unsigned char>(rest[0]) < 0x20 || first_edge(rest) != Edge::letter;
}

/// Does this character end an address, rather than belong to it? (the `$post` of LINK_RE)
[[nodiscard]] constexpr bool ends_address(char c) {
  return is_ascii(c) && !is_word(c) && c != '=' && c != '/' && c != ';' && c != '(' && c != ')' && c != '-';
}

/// The address at the start of `text`: up to white space or a tag, without the punctuation behind it.
[[nodiscard]] std::string_view address_in(std::string_view text);

/// Does `text` begin as a link's target must: `/`, `scheme://`, `www.` or `mailto:`, and something behind it?
[[nodiscard]] bool begins_address(std::string_view text);

/// The length of `http://`, `https://`, `ftp://`, `sftp://`, `ftps://`, `sftps://` or `www.` at the start; else 0.
[[nodiscard]] std::size_t links_by_itself(std::string_view text);

}  // namespace causeway::markup::textile
