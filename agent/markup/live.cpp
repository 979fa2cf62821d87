#include "agent/markup/live.hpp"

#include <algorithm>
#include <array>

#include "agent/markup/characters.hpp"

namespace causeway::markup {
namespace {

constexpr std::size_t login_characters_max = 39;        // docs.github.com: user names
constexpr std::size_t repository_characters_max = 140;  // owner and repository together
constexpr std::size_t short_name_characters_max = 50;
constexpr std::size_t redmine_login_characters_max = 60;   // Redmine 5.0 User::LOGIN_LENGTH_LIMIT
constexpr std::size_t redmine_link_characters_max = 1000;  // longer ones are text: keeps the scan linear

char before(std::string_view text, std::size_t position) { return position == 0 ? ' ' : text[position - 1]; }
char at(std::string_view text, std::size_t position) { return position < text.size() ? text[position] : ' '; }

std::size_t skip_digits(std::string_view text, std::size_t position) {
  while (is_digit(at(text, position))) ++position;
  return position;
}

bool is_repository_character(char c) { return is_word(c) || c == '.' || c == '-' || c == '/'; }

/// Where `owner/repo` (or, with `bare_owner`, `owner`) that ends at `position` begins; `position` if there is none.
std::size_t repository_begin(std::string_view text, std::size_t floor, std::size_t position, bool bare_owner) {
  std::size_t begin = position;
  std::size_t slashes = 0;
  while (begin > floor && position - begin < repository_characters_max && is_repository_character(text[begin - 1])) {
    --begin;
    if (text[begin] == '/') ++slashes;
  }
  const bool whole = slashes == 1 || (bare_owner && slashes == 0);
  const bool edges = begin < position && text[begin] != '/' && text[position - 1] != '/';
  return whole && edges ? begin : position;
}

/// The digits of a commit id at `position`: their end, or 0.
std::size_t hash_end(std::string_view text, std::size_t position) {
  std::size_t end = position;
  bool digit = false;
  bool letter = false;
  while (is_hexadecimal(at(text, end)) && end - position <= 40) {
    (is_digit(text[end]) ? digit : letter) = true;
    ++end;
  }
  const std::size_t length = end - position;
  if (length < 7 || length > 40 || is_word(at(text, end))) return 0;
  return (digit && letter) || length == 40 ? end : 0;
}

std::size_t github_login_end(std::string_view text, std::size_t position) {
  std::size_t end = position;
  while (end - position < login_characters_max &&
         (is_alphanumeric(at(text, end)) ||
          (at(text, end) == '-' && end > position && is_alphanumeric(at(text, end + 1)))))
    ++end;
  if (end == position || is_word(at(text, end))) return position;
  if (at(text, end) != '/' || !is_alphanumeric(at(text, end + 1))) return end;
  std::size_t team = end + 1;  // @organisation/team
  while (is_word(at(text, team)) || (at(text, team) == '-' && is_word(at(text, team + 1)))) ++team;
  return team;
}

std::optional<Live> github_at(std::string_view text, std::size_t position, std::size_t floor) {
  const char c = text[position];
  const auto reference = [&](std::size_t begin, std::size_t end) {
    return Live{Kind::reference, begin, end, text.substr(begin, end - begin)};
  };
  if (c == '@') {
    if (is_word(before(text, position))) {
      const std::size_t end = hash_end(text, position + 1);
      const std::size_t begin = repository_begin(text, floor, position, true);
      if (end > 0 && begin < position) return reference(begin, end);
      return std::nullopt;
    }
    const std::size_t end = github_login_end(text, position + 1);
    if (end == position + 1 || before(text, position) == '@') return std::nullopt;
    return Live{Kind::mention, position, end, text.substr(position + 1, end - position - 1)};
  }
  if (c == '#') {
    const std::size_t end = skip_digits(text, position + 1);
    if (end == position + 1 || is_word(at(text, end))) return std::nullopt;
    const char previous = before(text, position);
    if (!is_repository_character(previous)) return reference(position, end);
    const std::size_t begin = repository_begin(text, floor, position, false);
    if (begin < position) return reference(begin, end);
    return std::nullopt;
  }
  if (c == ':') {
    std::size_t end = position + 1;
    bool letter = false;
    while (end - position <= short_name_characters_max &&
           (is_lower(at(text, end)) || is_digit(at(text, end)) || at(text, end) == '_' || at(text, end) == '+' ||
            at(text, end) == '-')) {
      letter = letter || is_lower(text[end]);
      ++end;
    }
    const bool thumb = text.substr(position, 4) == ":+1:" || text.substr(position, 4) == ":-1:";
    if (at(text, end) != ':' || (!letter && !thumb) || is_word(before(text, position))) return std::nullopt;
    return Live{Kind::emoji, position, end + 1, text.substr(position + 1, end - position - 1)};
  }
  if (is_word(before(text, position))) return std::nullopt;
  if (to_lower(c) == 'g' && to_lower(at(text, position + 1)) == 'h' && at(text, position + 2) == '-') {
    const std::size_t end = skip_digits(text, position + 3);
    if (end > position + 3 && !is_word(at(text, end))) return reference(position, end);
  }
  if (is_hexadecimal(c)) {
    const std::size_t end = hash_end(text, position);
    if (end > 0) return reference(position, end);
  }
  return std::nullopt;
}

bool is_redmine_login(char c) { return is_word(c) || c == '-' || c == '@' || c == '.'; }

/// Redmine's links begin a line or follow one of these (ApplicationHelper::LINKS_RE).
bool is_redmine_lead(char c) { return is_space(c) || c == '(' || c == ',' || c == '-' || c == '[' || c == '>'; }

/// What must follow a Redmine link.
bool ends_redmine_link(std::string_view text, std::size_t position) {
  if (position >= text.size()) return true;
  const char c = text[position];
  if (is_space(c) || c == ',' || c == ']' || c == '<') return true;
  if (!is_punctuation(c)) return false;
  // A text's end is followed by a tag.
  return position + 1 >= text.size() || (!is_word(text[position + 1]) && text[position + 1] != '/');
}

constexpr std::array<std::string_view, 11> redmine_prefixes{
    "attachment", "document", "version", "forum", "news", "message", "project", "commit", "source", "export", "user"};

/// Where a project (`sandbox:`) or a repository (`main|`) named before `position` begins; `position` if none is.
std::size_t owner_begin(std::string_view text, std::size_t floor, std::size_t position, char sign) {
  constexpr std::size_t name_characters_max = 100;
  if (position < floor + 2 || text[position - 1] != sign) return position;
  std::size_t begin = position - 1;
  while (begin > floor && position - begin < name_characters_max &&
         (is_lower(text[begin - 1]) || is_digit(text[begin - 1]) || text[begin - 1] == '-' || text[begin - 1] == '_'))
    --begin;
  return begin < position - 1 ? begin : position;
}

/// The name of a Redmine object that stands before a `:` or `#` at `position`; `position` if there is none.
std::size_t prefix_begin(std::string_view text, std::size_t floor, std::size_t position) {
  for (const std::string_view prefix : redmine_prefixes)
    if (position >= floor + prefix.size() && text.substr(position - prefix.size(), prefix.size()) == prefix)
      return position - prefix.size();
  return position;
}

std::optional<Live> redmine_at(std::string_view text, std::size_t position, std::size_t floor) {
  const char c = text[position];
  const auto reference = [&](std::size_t begin, std::size_t end) {
    return Live{Kind::reference, begin, end, text.substr(begin, end - begin)};
  };
  if (c == '[' || c == '{') {
    if (at(text, position + 1) != c || before(text, position) == '!') return std::nullopt;
    const std::size_t inner = text.substr(position + 2, redmine_link_characters_max).find(c == '[' ? "]]" : "}}");
    const bool starts = c == '[' || is_word(at(text, position + 2));
    if (inner == std::string_view::npos || inner == 0 || !starts) return std::nullopt;
    return reference(position, position + 2 + inner + 2);
  }
  if (c == '@') {
    if (position > 0 && !is_redmine_lead(text[position - 1])) return std::nullopt;
    std::size_t end = position + 1;
    while (end - position <= redmine_login_characters_max && is_redmine_login(at(text, end))) ++end;
    while (end > position + 1 && (text[end - 1] == '.' || text[end - 1] == '@')) --end;  // the sentence's own
    // A login of marks only is nobody's.
    if (std::ranges::none_of(text.substr(position + 1, end - position - 1), is_alphanumeric)) return std::nullopt;
    if (!ends_redmine_link(text, end)) return std::nullopt;
    return Live{Kind::mention, position, end, text.substr(position + 1, end - position - 1)};
  }
  const auto leads = [&](std::size_t& begin) {
    if (begin == 0 || is_redmine_lead(text[begin - 1])) return true;
    begin = owner_begin(text, floor, owner_begin(text, floor, begin, '|'), ':');
    return begin == 0 || is_redmine_lead(text[begin - 1]);
  };
  if (c == '#') {
    const std::size_t sign = at(text, position + 1) == '#' ? position + 1 : position;
    std::size_t begin = prefix_begin(text, floor, position);
    const bool note = text.substr(sign + 1, 5) == "note-";
    std::size_t end = skip_digits(text, sign + (note ? 6 : 1));
    if (end == sign + (note ? 6 : 1) || !leads(begin)) return std::nullopt;
    if (text.substr(end, 6) == "#note-" && is_digit(at(text, end + 6))) end = skip_digits(text, end + 6);
    if (at(text, end) == '-' && is_digit(at(text, end + 1))) end = skip_digits(text, end + 1);
    if (!ends_redmine_link(text, end)) return std::nullopt;
    return reference(begin, end);
  }
  if (c == 'r') {
    const std::size_t end = skip_digits(text, position + 1);
    std::size_t begin = position;
    if (end == position + 1 || !leads(begin) || !ends_redmine_link(text, end)) return std::nullopt;
    return reference(begin, end);
  }
  if (c == ':') {
    std::size_t begin = prefix_begin(text, floor, position);
    if (begin == position || !leads(begin)) return std::nullopt;
    std::size_t end = position + 1;
    if (at(text, end) == '"') {
      const std::size_t inner = text.substr(end + 1, redmine_link_characters_max).find('"');
      if (inner == std::string_view::npos || inner == 0) return std::nullopt;
      return reference(begin, end + 1 + inner + 1);
    }
    const std::size_t stop = std::min(text.size(), end + redmine_link_characters_max);
    while (end < stop && !is_space(text[end]) && text[end] != '<' && text[end] != '>') ++end;
    while (end > position + 1 && !is_alphanumeric(text[end - 1]) && is_ascii(text[end - 1])) --end;
    if (end == position + 1) return std::nullopt;
    return reference(begin, end);
  }
  return std::nullopt;
}

constexpr auto triggers_of(std::string_view characters) {
  std::array<bool, 256> table{};
  for (const char c : characters) table[static_cast<unsigned char>(c)] = true;
  return table;
}

constexpr auto github_triggers = triggers_of("@#:gG0123456789abcdefABCDEF");
constexpr auto redmine_triggers = triggers_of("@#:r[{");

}  // namespace

std::optional<Live> next_live(Format format, std::string_view text, std::size_t from) {
  if (is_jira(format)) return std::nullopt;
  const bool redmine = is_redmine(format);
  const auto& triggers = redmine ? redmine_triggers : github_triggers;
  for (std::size_t position = from; position < text.size(); ++position) {
    if (!triggers[static_cast<unsigned char>(text[position])]) continue;
    const auto live = redmine ? redmine_at(text, position, from) : github_at(text, position, from);
    if (live) return live;
  }
  return std::nullopt;
}

std::size_t commit_end(std::string_view text, std::size_t position) {
  const std::size_t plain = hash_end(text, position);
  if (plain > 0) return plain;
  std::size_t end = position;
  while (end < text.size() && end - position < repository_characters_max && is_repository_character(text[end])) ++end;
  return end > position && at(text, end) == '@' ? hash_end(text, end + 1) : 0;
}

void add_run(Document& document, Format format, std::string_view text) {
  std::size_t done = 0;
  while (const auto live = next_live(format, text, done)) {
    if (live->begin > done) document.leaf(Kind::text, text.substr(done, live->begin - done));
    Node node{.kind = live->kind, .source = live->kind == Kind::reference ? format : Format::github};
    node.text = document.keep(live->inner);
    document.leaf(node);
    done = live->end;
  }
  if (done < text.size()) document.leaf(Kind::text, text.substr(done));
}

bool notifies_on_redmine(std::string_view raw, std::size_t position) {
  if (position > 0 && is_word(raw[position - 1])) return false;
  // The pattern takes the shortest login after which it may end; an empty one names nobody.
  for (std::size_t end = position + 1;; ++end) {
    if (end > position + 1) {
      if (ends_redmine_link(raw, end)) return true;
      std::size_t dots = end;
      while (at(raw, dots) == '.') ++dots;
      if (dots > end && (dots >= raw.size() || raw[dots] == '\n')) return true;
    }
    const bool goes_on = end < raw.size() && is_redmine_login(raw[end]);
    if (!goes_on || end - position > redmine_login_characters_max) return false;
  }
}

}  // namespace causeway::markup
