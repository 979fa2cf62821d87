#include "agent/policy/disguise.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace causeway::policy {
namespace {

struct Character {
  char32_t code = 0;
  std::size_t bytes = 1;
};

/// One UTF-8 character; a broken one counts as a single byte with its own value.
Character decode(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  const auto rest = [&](std::size_t i) -> char32_t { return static_cast<unsigned char>(text[i]) & 0x3fU; };
  const auto follows = [&](std::size_t count) {
    if (text.size() <= count) return false;
    for (std::size_t i = 1; i <= count; ++i) {
      if ((static_cast<unsigned char>(text[i]) & 0xC0U) != 0x80U) return false;
    }
    return true;
  };
  if (first >= 0xC2 && first < 0xE0 && follows(1)) return {(first & 0x1fU) << 6U | rest(1), 2};
  if (first >= 0xE0 && first < 0xF0 && follows(2)) return {(first & 0x0fU) << 12U | rest(1) << 6U | rest(2), 3};
  if (first >= 0xF0 && first < 0xF5 && follows(3))
    return {(first & 0x07U) << 18U | rest(1) << 12U | rest(2) << 6U | rest(3), 4};
  return {first, 1};
}

void append(std::string& text, char32_t code) {
  const auto byte = [&](char32_t value) { text.push_back(static_cast<char>(value)); };
  if (code < 0x80) {
    byte(code);
  } else if (code < 0x800) {
    byte(0xC0U | code >> 6U);
    byte(0x80U | (code & 0x3fU));
  } else if (code < 0x10000) {
    byte(0xE0U | code >> 12U);
    byte(0x80U | (code >> 6U & 0x3fU));
    byte(0x80U | (code & 0x3fU));
  } else {
    byte(0xF0U | code >> 18U);
    byte(0x80U | (code >> 12U & 0x3fU));
    byte(0x80U | (code >> 6U & 0x3fU));
    byte(0x80U | (code & 0x3fU));
  }
}

/// `&#64;`, `&#x40;` and the names that hide an address or a host.
std::optional<Character> entity(std::string_view text) {
  constexpr std::size_t longest = 12;
  const std::size_t end = text.substr(0, longest).find(';');
  if (end == std::string_view::npos || end < 3) return std::nullopt;
  const std::string_view name = text.substr(1, end - 1);
  if (name.front() == '#') {
    const bool hexadecimal = name.size() > 2 && (name[1] == 'x' || name[1] == 'X');
    const std::string_view digits = name.substr(hexadecimal ? 2 : 1);
    std::uint32_t code = 0;
    const auto [stop, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), code, hexadecimal ? 16 : 10);
    if (error != std::errc{} || stop != digits.data() + digits.size() || code == 0 || code > 0x10FFFF)
      return std::nullopt;
    return Character{code, end + 1};
  }
  static constexpr std::array<std::pair<std::string_view, char32_t>, 9> names{{{"amp", U'&'},
                                                                               {"commat", U'@'},
                                                                               {"period", U'.'},
                                                                               {"colon", U':'},
                                                                               {"sol", U'/'},
                                                                               {"shy", 0xAD},
                                                                               {"nbsp", U' '},
                                                                               {"hyphen", U'-'},
                                                                               {"lowbar", U'_'}}};
  for (const auto& [known, code] : names) {
    if (known == name) return Character{code, end + 1};
  }
  return std::nullopt;
}

std::optional<Character> percent_escape(std::string_view text) {
  if (text.size() < 3) return std::nullopt;
  std::uint32_t code = 0;
  const auto [stop, error] = std::from_chars(text.data() + 1, text.data() + 3, code, 16);
  if (error != std::errc{} || stop != text.data() + 3 || code < 0x20 || code > 0x7e) return std::nullopt;
  return Character{code, 3};
}

bool is_invisible(char32_t code) {
  return code == 0xAD || (code >= 0x200B && code <= 0x200F) || (code >= 0x202A && code <= 0x202E) ||
         (code >= 0x2060 && code <= 0x2064) || code == 0xFEFF || code == 0x180E || (code >= 0xFE00 && code <= 0xFE0F) ||
         (code >= 0x0300 && code <= 0x036F);  // accents that stand behind their letter
}

char32_t narrow(char32_t code) {
  if (code >= 0xFF01 && code <= 0xFF5E) return code - 0xFF01 + 0x21;
  if (code == 0xA0 || code == 0x3000 || (code >= 0x2000 && code <= 0x200A)) return U' ';
  if (code == 0x2010 || code == 0x2011 || code == 0x2012 || code == 0x2013) return U'-';
  if (code == 0x3002 || code == 0xFF61 || code == 0x2024) return U'.';
  return code;
}

char32_t lower(char32_t code) {
  if (code >= U'A' && code <= U'Z') return code + 32;
  if ((code >= 0xC0 && code <= 0xDE && code != 0xD7) || (code >= 0x391 && code <= 0x3A9) ||
      (code >= 0x410 && code <= 0x42F))
    return code + 32;
  if (code >= 0x100 && code <= 0x17F && code % 2 == 0 && !(code >= 0x138 && code <= 0x148)) return code + 1;
  return code;
}

/// A lower-case Latin letter without its accent, which can be typed as a character of its own.
char32_t without_accent(char32_t code) {
  constexpr std::string_view from_e0 = "aaaaaa-ceeeeiiii-nooooo-ouuuuy-y";
  constexpr std::string_view from_100 =
      "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii--jjkk-llllllllllnnnnnn---oooooo--rrrrrrsssssssstttttt"
      "uuuuuuuuuuuuwwyyyzzzzzzs";
  static_assert(from_e0.size() == 32 && from_100.size() == 128);
  char base = '-';
  if (code >= 0xE0 && code < 0x100) base = from_e0[code - 0xE0];
  if (code >= 0x100 && code < 0x180) base = from_100[code - 0x100];
  return base == '-' ? code : static_cast<char32_t>(base);
}

bool is_letter(char32_t code) {
  return (code >= U'a' && code <= U'z') || (code >= U'A' && code <= U'Z') || (code >= U'0' && code <= U'9') ||
         code >= 0xC0;
}

/// How many bytes of emphasis marks stand at the front.
std::size_t emphasis(std::string_view text) {
  std::size_t marks = 0;
  while (marks < text.size() && (text[marks] == '*' || text[marks] == '`' || text[marks] == '~')) ++marks;
  return marks;
}

bool is_punctuation(char letter) {
  constexpr std::string_view marks = R"(!"#$%&'()*+,-./:;<=>?@[\]^_`{|}~)";
  return marks.find(letter) != std::string_view::npos;
}

/// Finds tags and HTML comments. Looks for their ends only where there is one, so that all looking is linear.
class Tags {
 public:
  explicit Tags(std::string_view text)
      : text_(text), last_end_(text.rfind('>')), last_comment_end_(text.rfind("-->")) {}

  /// The length of the one that begins at `at`; 0: there is none.
  [[nodiscard]] std::size_t length(std::size_t at) const {
    constexpr std::string_view comment = "<!--";
    constexpr std::string_view comment_end = "-->";
    constexpr auto none = std::string_view::npos;
    if (text_[at] != '<' || at + 2 >= text_.size()) return 0;
    if (text_.substr(at).starts_with(comment)) {
      if (last_comment_end_ == none || at + comment.size() > last_comment_end_) return 0;
      return text_.find(comment_end, at + comment.size()) + comment_end.size() - at;
    }
    const auto next = static_cast<unsigned char>(text_[at + 1]);
    const bool is_tag = next == '/' || next == '!' || next == '?' || (next | 0x20U) - 'a' < 26U;
    if (!is_tag || last_end_ == none || at > last_end_) return 0;
    return text_.find('>', at) + 1 - at;
  }

 private:
  std::string_view text_;
  std::size_t last_end_;
  std::size_t last_comment_end_;
};

}  // namespace

std::string rendered(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  bool line_begins = true;
  const Tags tags{text};
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char letter = text[at];
    if (line_begins && (letter == '>' || letter == ' ')) continue;
    line_begins = letter == '\n';
    if (letter == '\\' && at + 1 < text.size() && is_punctuation(text[at + 1])) {
      plain.push_back(text[++at]);
      continue;
    }
    const std::size_t tag = tags.length(at);
    if (tag == 0) {
      plain.push_back(letter);
      continue;
    }
    const std::string_view taken = text.substr(at, tag);
    plain.append(static_cast<std::size_t>(std::count(taken.begin(), taken.end(), '\n')), '\n');
    at += tag - 1;
  }
  return plain;
}

Undisguised undisguise(std::string_view text) {
  Undisguised plain;
  plain.text.reserve(text.size());
  plain.from.reserve(text.size());
  char32_t previous = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view rest = text.substr(at);
    if (is_letter(previous)) {
      if (const std::size_t marks = emphasis(rest); marks > 0) {
        at += marks;
        continue;
      }
    }
    Character character = decode(rest);
    if (character.code == U'&') {
      if (const auto resolved = entity(rest)) character = *resolved;
    } else if (character.code == U'%') {
      if (const auto resolved = percent_escape(rest)) character = *resolved;
    }
    if (!is_invisible(character.code)) {
      const char32_t code = without_accent(lower(narrow(character.code)));
      const std::size_t before = plain.text.size();
      append(plain.text, code);
      plain.from.resize(plain.from.size() + plain.text.size() - before, static_cast<std::uint32_t>(at));
      previous = code;
    }
    at += character.bytes;
  }
  return plain;
}

}  // namespace causeway::policy
