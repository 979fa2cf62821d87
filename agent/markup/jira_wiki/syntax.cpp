#include "agent/markup/jira_wiki/syntax.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "agent/markup/address.hpp"

namespace causeway::markup::jira_wiki {
namespace {

constexpr auto npos = std::string_view::npos;

char at(std::string_view text, std::size_t position) { return position < text.size() ? text[position] : '\0'; }

/// Pictures such as emoji and arrows are no letters to Jira.
bool is_letter_or_digit(char32_t point) {
  if (point < 0x80) return is_alphanumeric(static_cast<char>(point));
  const bool picture = (point >= 0x2000 && point < 0x2C00) || point >= 0x1F000 || point == 0xFE0F;
  return !picture && edge_of(point) == Edge::letter;
}

/// The first of `characters` at or after `position` that no backslash stands before.
std::size_t unescaped(std::string_view text, std::size_t position, std::string_view characters) {
  for (; position < text.size(); ++position) {
    if (is_escape(text, position)) {
      ++position;
    } else if (characters.find(text[position]) != npos) {
      return position;
    }
  }
  return npos;
}

constexpr std::array<std::string_view, 9> schemes{"https://", "http://", "ftp://",   "ftps://", "sftp://",
                                                  "ssh://",   "file://", "notes://", "mailto:"};

}  // namespace

std::size_t mark_at(std::string_view text, std::size_t position) {
  for (std::size_t mark = 0; mark < marks.size(); ++mark)
    if (stands_at(text, position, marks[mark].text)) return mark;
  return marks.size();
}

std::size_t braced_mark_at(std::string_view text, std::size_t position) {
  if (at(text, position) != '{') return marks.size();
  const std::size_t mark = mark_at(text, position + 1);
  if (mark == marks.size() || at(text, position + 1 + marks[mark].text.size()) != '}') return marks.size();
  return mark;
}

bool is_word_before(std::string_view text, std::size_t position) {
  if (position == 0) return false;
  std::size_t begin = position - 1;
  while (begin > 0 && position - begin < 4 && is_continuation(text[begin])) --begin;
  return is_letter_or_digit(decode(text, begin));
}

bool is_word_at(std::string_view text, std::size_t position) {
  return position < text.size() && is_letter_or_digit(decode(text, position));
}

std::size_t NextPlace::from(std::string_view text, std::size_t position) {
  if (asked_ == npos || position < asked_ || found_ < position) {
    asked_ = position;
    found_ = text.find(needle_, position);
  }
  return found_;
}

/// The first `}}` that no backslash stands before.
std::size_t CodeFinder::close_from(std::string_view text, std::size_t position) {
  if (asked_ != npos && position >= asked_ && found_ >= position) return found_;
  asked_ = position;
  found_ = text.find("}}", position);
  while (found_ != npos && found_ > 0 && text[found_ - 1] == '\\') found_ = text.find("}}", found_ + 1);
  return found_;
}

CodeSpan CodeFinder::at(std::string_view text, std::size_t position) {
  if (!stands_at(text, position, "{{")) return {};
  const bool braced = stands_at(text, position, "{{{}");
  CodeSpan span{.begin = position + (braced ? 4 : 2)};
  std::size_t close = close_from(text, span.begin);
  const std::size_t line = line_.from(text, span.begin);
  if (close == npos || close > line || close == span.begin) return {};
  const bool braced_end = close > span.begin && text[close - 1] == '{' && jira_wiki::at(text, close + 2) == '}';
  if (!braced_end && text[span.begin] == '{' && jira_wiki::at(text, close + 2) == '}') ++close;  // `{{{id}}}`
  span.end = braced_end ? close - 1 : close;
  span.after = braced_end ? close + 3 : close + 2;
  return span.end > span.begin ? span : CodeSpan{};
}

std::string safe_address(std::string_view address) {
  // The name of a file may have blanks in it.
  const bool blanks = !has_scheme(address) && !address.starts_with('/');
  std::string out;
  for (const char c : address) {
    const bool control = static_cast<unsigned char>(c) < 0x20 || c == '\x7F' || (c == ' ' && !blanks);
    if (control || std::string_view{"[]|{}\\!\"<>"}.find(c) != npos) {
      out.append(fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c))));
    } else {
      out.push_back(c);
    }
  }
  return out;
}

bool is_link_target(std::string_view target) {
  if (target.empty() || target.find_first_of("\n[]|") != npos || is_space(target.front()) || is_space(target.back()))
    return false;
  if (target[0] == '#' || target[0] == '^') return target.size() > 1;
  if (target.starts_with("//") || target.starts_with("/")) return target.size() > 1;
  if (!has_scheme(target) || target.find(' ') != npos) return false;
  const std::size_t colon = target.find(':');
  return colon > 1 && colon + 1 < target.size();
}

bool is_login(std::string_view login) {
  return !login.empty() && login.size() <= 255 && login.find_first_of("[]|\n{}\\!&") == npos &&
         !is_space(login.front()) && !is_space(login.back());
}

bool is_account_id(std::string_view login) {
  const bool hexadecimal = login.size() == 24 && std::ranges::all_of(login, is_hexadecimal);
  return hexadecimal || (login.size() > 20 && login.find(':') != npos && !login.starts_with("accountid:"));
}

Link link_at(std::string_view text, std::size_t position) {
  if (at(text, position) != '[') return {};
  const std::size_t close = unescaped(text, position + 1, "[]\n");
  if (close == npos || text[close] != ']' || close == position + 1) return {};
  const std::string_view body = text.substr(position + 1, close - position - 1);
  Link link{.length = close + 1 - position};
  std::size_t from = 0;
  if (body[0] == '!') {  // an image as the text may hold bars of its own
    const std::size_t end = body.find('!', 1);
    if (end != npos) from = end + 1;
  }
  const std::size_t bar = unescaped(body, from, "|");
  std::string_view rest = body;
  if (bar != npos) {
    link.label = trimmed(body.substr(0, bar));
    rest = body.substr(bar + 1);
    const std::size_t second = unescaped(rest, 0, "|");
    if (second != npos) {
      link.title = trimmed(rest.substr(second + 1));
      rest = rest.substr(0, second);
    }
  }
  link.target = trimmed(rest);
  if (link.target.starts_with('~') && bar == npos && is_login(link.target.substr(1))) {
    link.target.remove_prefix(1);
    link.mention = true;
    return link;
  }
  return is_link_target(link.target) ? link : Link{};
}

bool is_image_address(std::string_view address) {
  if (address.empty() || is_space(address.front()) || is_space(address.back())) return false;
  if (address.find_first_of("!|\n[]{}\\*\"<>") != npos || address.size() > 2000) return false;
  if (has_scheme(address)) return address.find("://") != npos && address.find(' ') == npos;
  const std::size_t dot = address.rfind('.');
  if (dot == npos || dot == 0 || dot + 1 == address.size() || address.size() - dot > 6) return false;
  return std::ranges::all_of(address.substr(dot + 1), is_alphanumeric);
}

Image image_at(std::string_view text, std::size_t position) {
  if (at(text, position) != '!' || is_word_before(text, position)) return {};
  const std::size_t close = text.find_first_of("!\n", position + 1);
  if (close == npos || text[close] != '!' || is_word_at(text, close + 1)) return {};
  const std::string_view body = text.substr(position + 1, close - position - 1);
  Image image;
  const std::size_t bar = body.find('|');
  image.address = body.substr(0, bar);
  if (bar != npos) image.parameters = body.substr(bar + 1);
  if (!is_image_address(image.address)) return {};
  image.length = close + 1 - position;
  return image;
}

std::string_view address_at(std::string_view text, std::size_t position) {
  const auto begins = [&](std::string_view scheme) { return stands_at(text, position, scheme); };
  const auto scheme = std::ranges::find_if(schemes, begins);
  if (scheme == schemes.end() || is_word_before(text, position)) return {};
  std::size_t end = position + scheme->size();
  const bool mail = *scheme == "mailto:";
  const auto belongs = [&](char c) {
    if (mail) return is_word(c) || c == '.' || c == '+' || c == '-' || c == '@' || c == '%';
    return static_cast<unsigned char>(c) > 0x20 && std::string_view{"<>\"[]{}|\\^`"}.find(c) == npos;
  };
  while (end < text.size() && belongs(text[end])) ++end;
  std::string_view address = text.substr(position, end - position);
  while (!address.empty() && std::string_view{".,;:!?'*_-+~"}.find(address.back()) != npos) address.remove_suffix(1);
  // A parenthesis that was opened before the address is no part of it.
  if (address.ends_with(')') && std::ranges::count(address, '(') < std::ranges::count(address, ')'))
    address.remove_suffix(1);
  return address.size() > scheme->size() ? address : std::string_view{};
}

std::size_t issue_key_end(std::string_view text, std::size_t position) {
  constexpr std::size_t key_characters_max = 32;
  if (!is_upper(at(text, position)) || is_word_before(text, position)) return 0;
  if (position > 0 && (text[position - 1] == '_' || text[position - 1] == '-')) return 0;
  std::size_t end = position + 1;
  while (end - position < key_characters_max &&
         (is_upper(at(text, end)) || is_digit(at(text, end)) || at(text, end) == '_'))
    ++end;
  if (end - position < 2 || at(text, end) != '-' || at(text, end + 1) == '0') return 0;
  const std::size_t digits = end + 1;
  end = digits;
  while (end - digits < 10 && is_digit(at(text, end))) ++end;
  return end > digits && !is_word_at(text, end) && at(text, end) != '_' ? end : 0;
}

std::size_t pictogram_at(std::string_view text, std::size_t position) {
  constexpr std::array<std::string_view, 19> pictograms{"(y)",  "(n)",  "(i)",    "(/)",       "(x)", "(!)",  "(+)",
                                                        "(-)",  "(?)",  "(on)",   "(off)",     "(*)", "(*r)", "(*g)",
                                                        "(*b)", "(*y)", "(flag)", "(flagoff)", "(*o)"};
  for (const std::string_view pictogram : pictograms)
    if (stands_at(text, position, pictogram)) return pictogram.size();
  return 0;
}

std::string plain(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t position = 0; position < text.size();) {
    if (is_escape(text, position)) {
      out.push_back(text[position + 1]);
      position += 2;
      continue;
    }
    const Entity entity = entity_at(text, position);
    if (entity.point == 0) {
      out.push_back(text[position++]);
      continue;
    }
    append_utf8(out, entity.point);
    position += entity.length;
  }
  return out;
}

std::string entity_of(char c) { return fmt::format("&#{};", static_cast<unsigned>(static_cast<unsigned char>(c))); }

LineStart line_start(std::string_view line, bool in_list) {
  using Kind = LineStart::Kind;
  const std::size_t indent = std::min(line.find_first_not_of(" \t"), line.size());
  const std::string_view rest = line.substr(indent);
  if (rest.size() < 2) return {};
  if (rest[0] == 'h' && rest[1] >= '1' && rest[1] <= '6' && at(rest, 2) == '.' && is_blank(at(rest, 3))) {
    const std::size_t content = rest.find_first_not_of(" \t", 3);
    if (content == npos) return {};
    return {Kind::heading, static_cast<std::uint8_t>(rest[1] - '0'), {}, indent + content};
  }
  if (rest.starts_with("bq.") && is_blank(at(rest, 3))) {
    const std::size_t content = rest.find_first_not_of(" \t", 3);
    if (content == npos) return {};
    return {Kind::quote, 0, {}, indent + content};
  }
  if (rest[0] == '|') return {Kind::row, 0, {}, indent};
  if (rest.starts_with("----")) {
    const std::string_view dashes = trimmed(rest);
    if (dashes.find_first_not_of('-') == npos && dashes.size() <= 5) return {Kind::rule, 0, {}, line.size()};
  }
  const std::size_t bullets = std::min(rest.find_first_not_of("*#-"), rest.size());
  if (bullets == 0 || bullets > 64 || !is_blank(at(rest, bullets))) return {};
  // `--` at the start of a line is a dash, as before a signature.
  const bool dashes = bullets > 1 && rest.substr(0, bullets).find_first_not_of('-') == npos;
  if (dashes && !in_list) return {};
  const std::size_t content = std::min(rest.find_first_not_of(" \t", bullets), rest.size());
  return {Kind::item, 0, rest.substr(0, bullets), indent + content};
}

}  // namespace causeway::markup::jira_wiki
