#pragma once
/// The small pieces of Jira's wiki markup, as its renderer recognizes them. Reader and writer ask the same functions,
/// so that what is written is what is read.
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "agent/markup/characters.hpp"
#include "agent/markup/document.hpp"

namespace causeway::markup::jira_wiki {

struct Mark {
  std::string_view text;
  Kind kind;
};

/// The marks around phrases. Each may stand in braces, `{*}bold{*}`, and then needs no edge of a word beside it.
inline constexpr std::array<Mark, 7> marks{{{"??", Kind::styled},
                                            {"*", Kind::strong},
                                            {"_", Kind::emphasis},
                                            {"-", Kind::strike},
                                            {"+", Kind::inserted},
                                            {"^", Kind::superscript},
                                            {"~", Kind::subscript}}};

/// The index in `marks` of the mark at `position`; marks.size() if there is none.
[[nodiscard]] std::size_t mark_at(std::string_view text, std::size_t position);
/// The same for a mark in braces, whose length is that of the mark and 2.
[[nodiscard]] std::size_t braced_mark_at(std::string_view text, std::size_t position);

[[nodiscard]] constexpr bool is_mark(char c) {
  return c == '*' || c == '_' || c == '-' || c == '+' || c == '^' || c == '~' || c == '?';
}

/// Is the character that ends before, or begins at, `position` a letter or a digit of any script?
[[nodiscard]] bool is_word_before(std::string_view text, std::size_t position);
[[nodiscard]] bool is_word_at(std::string_view text, std::size_t position);

/// The first place of a needle at or after a position, remembered, so that asking on and on stays linear.
class NextPlace {
 public:
  explicit NextPlace(std::string_view needle) : needle_(needle) {}
  [[nodiscard]] std::size_t from(std::string_view text, std::size_t position);

 private:
  std::string_view needle_;
  std::size_t asked_ = std::string_view::npos;
  std::size_t found_ = 0;
};

/// `{{code}}`, or `{{{}code{}}}` where it stands inside a word.
struct CodeSpan {
  std::size_t begin = 0;  ///< of what is inside
  std::size_t end = 0;
  std::size_t after = 0;  ///< 0: no such thing here
};

/// Finds code in one text; asking from front to back is linear.
class CodeFinder {
 public:
  [[nodiscard]] CodeSpan at(std::string_view text, std::size_t position);

 private:
  [[nodiscard]] std::size_t close_from(std::string_view text, std::size_t position);

  std::size_t asked_ = std::string_view::npos;
  std::size_t found_ = 0;
  NextPlace line_{"\n"};
};

/// `[text|target|title]`, and its shorter forms. `mention`: the target is a login.
struct Link {
  std::string_view label;  ///< empty: none was given
  std::string_view target;
  std::string_view title;
  bool mention = false;
  std::size_t length = 0;  ///< 0: no link here
};
[[nodiscard]] Link link_at(std::string_view text, std::size_t position);

/// `address` with what would end or part a link, and white space where none may stand, as percent codes.
[[nodiscard]] std::string safe_address(std::string_view address);
/// May this stand in a link as its target?
[[nodiscard]] bool is_link_target(std::string_view target);
/// May this stand in `[~...]`?
[[nodiscard]] bool is_login(std::string_view login);

/// Is this Atlassian's id of an account, written behind `accountid:`, rather than the login of a Data Center?
[[nodiscard]] bool is_account_id(std::string_view login);

/// `!address|parameters!`.
struct Image {
  std::string_view address;
  std::string_view parameters;
  std::size_t length = 0;  ///< 0: no image here
};
[[nodiscard]] Image image_at(std::string_view text, std::size_t position);
[[nodiscard]] bool is_image_address(std::string_view address);

/// The bare address that begins at `position`; empty if none does.
[[nodiscard]] std::string_view address_at(std::string_view text, std::size_t position);

/// Where the issue key (`ABC-123`) that begins at `position` ends; 0 if none does.
[[nodiscard]] std::size_t issue_key_end(std::string_view text, std::size_t position);

/// The length of the pictogram at `position`, such as `(x)` or `(!)`; 0 if there is none.
[[nodiscard]] std::size_t pictogram_at(std::string_view text, std::size_t position);

/// Does a backslash at `position` take the meaning from the character behind it?
[[nodiscard]] constexpr bool is_escape(std::string_view text, std::size_t position) {
  return text[position] == '\\' && position + 1 < text.size() && text[position + 1] != '\\' &&
         is_punctuation(text[position + 1]);
}

/// `text` without escapes and entities.
[[nodiscard]] std::string plain(std::string_view text);
/// `c` as an entity.
[[nodiscard]] std::string entity_of(char c);

/// What a line begins.
struct LineStart {
  enum class Kind : std::uint8_t { text, heading, quote, rule, row, item };
  Kind kind = Kind::text;
  std::uint8_t level = 0;    ///< of a heading
  std::string_view bullets;  ///< of an item, e.g. `*#`
  std::size_t length = 0;    ///< up to what the line says
};
/// `in_list`: a list is open, so that dashes alone may go deeper in it.
[[nodiscard]] LineStart line_start(std::string_view line, bool in_list);

}  // namespace causeway::markup::jira_wiki
