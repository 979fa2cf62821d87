#include "agent/markup/textile/inline_reader.hpp"

#include <algorithm>

#include "agent/markup/address.hpp"
#include "agent/markup/characters.hpp"
#include "agent/markup/html.hpp"
#include "agent/markup/live.hpp"
#include "agent/markup/textile/attributes.hpp"

namespace causeway::markup::textile {
namespace {

constexpr std::size_t code_mark = span_marks.size();
constexpr std::size_t bracketed_bytes_max = 1000;  // of an image's title, a macro, a wiki link: keeps the search linear

constexpr auto table_of(std::string_view characters) {
  std::array<bool, 256> table{};
  for (const char c : characters) table[static_cast<unsigned char>(c)] = true;
  return table;
}

constexpr auto specials = table_of("\n\x02&*_-+^~%?@!\"=[{hfsw");

bool is_redmine_address(std::string_view source) {
  if (!has_scheme(source)) return true;
  return source.starts_with("http://") || source.starts_with("https://") || source.starts_with("ftp://");
}

}  // namespace

void InlineReader::read(std::string_view text) {
  text_ = text;
  find_closers();
  range(0, text.size());
  end_run();
}

void InlineReader::find_closers() {
  for (auto& places : closers_) places.clear();
  for (std::size_t position = 1; position < text_.size(); ++position) {
    const char c = text_[position];
    if (c == '@') {
      if (position + 1 == text_.size() || !is_word(text_[position + 1])) closers_[code_mark].push_back(position);
      continue;
    }
    if (!is_mark(c) || is_space(text_[position - 1])) continue;
    const std::string_view rest = text_.substr(position);
    if (rest.starts_with("--")) continue;
    for (std::size_t mark = 0; mark < span_marks.size(); ++mark) {
      const std::string_view written = span_marks[mark].text;
      if (rest.starts_with(written) && may_follow_span(rest.substr(written.size()))) closers_[mark].push_back(position);
    }
  }
}

std::size_t InlineReader::closer(std::size_t mark, std::size_t from, std::size_t end) const {
  const auto found = std::ranges::lower_bound(closers_[mark], from);
  const std::size_t size = mark == code_mark ? 1 : span_marks[mark].text.size();
  return found != closers_[mark].end() && *found + size <= end ? *found : std::string_view::npos;
}

void InlineReader::range(std::size_t begin, std::size_t end) {
  for (std::size_t position = begin; position < end;) {
    const std::size_t plain = position;
    while (position < end && !specials[static_cast<unsigned char>(text_[position])]) ++position;
    run_.append(text_.substr(plain, position - plain));
    if (position == end) return;
    const std::size_t next = special(position, begin, end);
    if (next == position) run_.push_back(text_[position++]);
    position = std::max(position, next);
  }
}

std::size_t InlineReader::special(std::size_t position, std::size_t begin, std::size_t end) {
  switch (text_[position]) {
    case '\n':
      end_run();
      document_.leaf(Node{.kind = Kind::soft_break});
      return position + 1;
    case atom_begin:
      return atom(position);
    case '&':
      return entity(position, end);
    case '@': {
      const std::size_t after = code(position, end);
      return after == position ? mail(position, end) : after;
    }
    case '!':
      return image(position, begin, end);
    case '"':
      return link(position, end);
    case '=':
      return literal(position, end);
    case '[':
    case '{':
      return bracketed(position, end);
    case 'h':
    case 'f':
    case 's':
    case 'w':
      return address(position, end);
    default:
      return span(position, begin, end);
  }
}

std::size_t InlineReader::span(std::size_t position, std::size_t begin, std::size_t end) {
  const bool inside_another = depth_ > 0 && position == begin;
  if (depth_ >= depth_max || (!may_precede_span(before(position)) && before(position) != atom_end && !inside_another))
    return position;
  const std::string_view rest = text_.substr(position, end - position);
  if (rest.starts_with("--")) return position;
  for (std::size_t mark = 0; mark < span_marks.size(); ++mark) {
    const std::string_view written = span_marks[mark].text;
    if (!rest.starts_with(written)) continue;
    const std::size_t inner = position + written.size();
    if (inner >= end || is_space(text_[inner]) || text_[inner] == written[0]) continue;
    const std::size_t close = closer(mark, inner + 1, end);
    if (close == std::string_view::npos) continue;
    if (close == inner + 1 && is_punctuation(text_[inner]) && text_[inner] != '_') continue;
    end_run();
    Node node{.kind = span_marks[mark].kind};
    const std::string_view content = text_.substr(inner, close - inner);
    std::size_t style = after_style(content, 0);
    if (style == content.size()) style = 0;
    node.title = document_.keep(content.substr(0, style));
    if (node.kind == Kind::styled) node.target = document_.keep(written);
    const Document::Index index = document_.open(node);
    ++depth_;
    range(inner + style, close);
    end_run();
    --depth_;
    document_.close(index);
    return close + written.size();
  }
  return position;
}

std::size_t InlineReader::code(std::size_t position, std::size_t end) {
  if (is_word(before(position))) return position;
  const std::size_t close = closer(code_mark, position + 2, end);
  if (close == std::string_view::npos) return position;
  std::string inside = atoms_.restored(text_.substr(position + 1, close - position - 1));
  if (inside.starts_with('|')) {
    const std::size_t bar = inside.find('|', 1);
    const bool language = bar != std::string::npos && bar > 1 && bar + 1 < inside.size() &&
                          std::ranges::all_of(inside.substr(1, bar - 1), is_word);
    if (language) inside.erase(0, bar + 1);
  }
  add_code(decode_entities(inside));
  return close + 1;
}

void InlineReader::add_code(std::string_view code) {
  end_run();
  std::string line{code};
  std::ranges::replace(line, '\n', ' ');
  document_.leaf(Kind::code, line);
}

std::size_t InlineReader::mail(std::size_t position, std::size_t end) {
  if (in_link_ || run_.empty() || !is_word(run_.back())) return position;
  std::size_t begin = run_.size();
  while (begin > 0 && run_.size() - begin < 64 &&
         (is_word(run_[begin - 1]) || run_[begin - 1] == '.' || run_[begin - 1] == '+' || run_[begin - 1] == '-'))
    --begin;
  const bool dead = !dead_.empty() && dead_.back() >= begin;
  std::size_t stop = position + 1;
  std::size_t dots = 0;
  while (stop < end && stop - position < 255 &&
         (is_alphanumeric(text_[stop]) || text_[stop] == '-' || (text_[stop] == '.' && text_[stop - 1] != '.'))) {
    if (text_[stop] == '.') ++dots;
    ++stop;
  }
  while (stop > position + 1 && !is_alphanumeric(text_[stop - 1])) {
    if (text_[stop - 1] == '.') --dots;
    --stop;
  }
  const bool follows = stop < end && (text_[stop] == '@' || text_[stop] == '_');
  if (dead || dots == 0 || stop == position + 1 || text_[position + 1] == '.' || follows) return position;
  const std::string shown = run_.substr(begin) + std::string{text_.substr(position, stop - position)};
  run_.resize(begin);
  add_address(shown, "mailto:" + shown);
  return stop;
}

std::size_t InlineReader::image(std::size_t position, std::size_t begin, std::size_t end) {
  const bool leads =
      position == 0 || is_space(before(position)) || before(position) == '>' || before(position) == atom_end;
  if (!leads || (depth_ > 0 && position == begin)) return position;
  std::size_t next = position + 1;
  if (next < end && (text_[next] == '<' || text_[next] == '>' || text_[next] == '=')) ++next;
  next = after_style(text_, next);
  if (text_.substr(next, 2) == ". ") next += 2;
  const std::size_t source = next;
  while (next < end && !is_space(text_[next]) && text_[next] != '(' && text_[next] != '!' && text_[next] != atom_begin)
    ++next;
  const std::string_view address = text_.substr(source, next - source);
  if (next >= end || address.empty() || !is_redmine_address(address)) return position;
  if (text_[next] == ' ') ++next;
  std::string title;
  if (next < end && text_[next] == '(') {
    std::size_t close = next + 1;
    for (std::size_t open = 1; close < end && close - next < bracketed_bytes_max; ++close) {
      if (text_[close] == '(') ++open;
      if (text_[close] == ')' && --open == 0) break;
    }
    if (close >= end || text_[close] != ')') return position;
    title = decode_entities(text_.substr(next + 1, close - next - 1));
    std::ranges::replace(title, '\n', ' ');
    next = close + 1;
  }
  if (next >= end || text_[next] != '!') return position;
  ++next;
  std::string_view target;
  if (next + 1 < end && text_[next] == ':' && !in_link_) target = address_in(text_.substr(next + 1, end - next - 1));
  end_run();
  std::optional<Document::Index> around;
  if (!target.empty()) {
    Node node{.kind = Kind::link};
    node.target = document_.keep(target);
    around = document_.open(node);
    next += 1 + target.size();
  }
  Node node{.kind = Kind::image};
  node.text = document_.keep(title);
  node.target = document_.keep(decode_entities(address));
  document_.leaf(node);
  if (around) document_.close(*around);
  return next;
}

std::size_t InlineReader::link(std::size_t position, std::size_t end) {
  if (in_link_ || depth_ >= depth_max) return position;
  const std::size_t close = text_.substr(0, end).find_first_of("\"\n", position + 1);
  if (close == std::string_view::npos || text_[close] != '"' || close == position + 1) return position;
  const std::string_view rest = text_.substr(close + 1, end - close - 1);
  if (!rest.starts_with(':') || !begins_address(rest.substr(1))) return position;
  const std::string_view target = address_in(rest.substr(1));
  if (!begins_address(target)) return position;
  std::size_t begin = after_style(text_.substr(0, close), position + 1);
  std::size_t stop = close;
  std::string title;
  if (text_[stop - 1] == ')') {
    const std::size_t open = text_.substr(begin, stop - 1 - begin).find_last_of("()");
    if (open != std::string_view::npos && open > 0 && text_[begin + open] == '(' && begin + open + 2 < stop) {
      title = decode_entities(text_.substr(begin + open + 1, stop - begin - open - 2));
      stop = begin + open;
    }
  }
  if (begin >= stop) begin = position + 1;
  if (stop > begin + 1 && is_space(text_[stop - 1])) --stop;
  const std::string shown = decode_entities(text_.substr(begin, stop - begin));
  const std::string address = decode_entities(target);
  if (shown == address && title.empty()) {
    add_address(shown, address);
    return close + 2 + target.size();
  }
  end_run();
  Node node{.kind = Kind::link};
  node.target = document_.keep(address);
  node.title = document_.keep(title);
  const Document::Index index = document_.open(node);
  in_link_ = true;
  ++depth_;
  range(begin, stop);
  end_run();
  --depth_;
  in_link_ = false;
  document_.close(index);
  return close + 2 + target.size();
}

std::size_t InlineReader::address(std::size_t position, std::size_t end) {
  const char previous = before(position);
  const bool leads = previous == '\0' || is_space(previous) || previous == '(' || previous == '[' || previous == ',' ||
                     previous == ';' || previous == '<';
  if (in_link_ || !leads) return position;
  const std::string_view rest = text_.substr(position, end - position);
  if (links_by_itself(rest) == 0) return position;
  const std::string_view written = address_in(rest);
  const std::string shown = decode_entities(written);
  add_address(shown, shown.starts_with("www.") ? "http://" + shown : shown);
  return position + written.size();
}

void InlineReader::add_address(std::string_view shown, std::string_view target) {
  end_run();
  Node node{.kind = Kind::url};
  node.text = document_.keep(shown);
  node.target = document_.keep(target);
  document_.leaf(node);
}

/// `==...==`: left alone.
std::size_t InlineReader::literal(std::size_t position, std::size_t end) {
  const bool leads = position == 0 || is_space(before(position));
  const std::string_view rest = text_.substr(position, end - position);
  if (!leads || !rest.starts_with("==") || rest.size() < 5 || rest[2] == '=') return position;
  const std::size_t line = std::min(rest.find('\n'), rest.size());
  const std::size_t close = rest.substr(0, line).find("==", 3);
  if (close == std::string_view::npos) return position;
  run_.append(atoms_.restored(rest.substr(2, close - 2)));
  return position + close + 2;
}

/// Redmine's links and macros are found before, or despite, any mark in them.
std::size_t InlineReader::bracketed(std::size_t position, std::size_t end) {
  const char c = text_[position];
  const std::string_view rest = text_.substr(position, std::min(end - position, bracketed_bytes_max));
  if (rest.size() > 1 && rest[1] == c) {
    const std::size_t close = rest.find(c == '[' ? "]]" : "}}", 2);
    if (close == std::string_view::npos || rest.substr(0, close).find('\n') != std::string_view::npos) return position;
    if (rest.substr(0, close).find(atom_begin) != std::string_view::npos) return position;
    run_.append(rest.substr(0, close + 2));
    return position + close + 2;
  }
  if (c != '[' || !is_word(before(position))) return position;
  std::size_t digits = 1;
  while (digits < rest.size() && is_digit(rest[digits])) ++digits;
  if (digits == 1 || digits >= rest.size() || rest[digits] != ']') return position;
  end_run();
  Node node{.kind = Kind::verbatim, .source = Format::textile};
  node.text = document_.keep(rest.substr(0, digits + 1));
  document_.leaf(node);
  return position + digits + 1;
}

std::size_t InlineReader::entity(std::size_t position, std::size_t end) {
  const Entity found = entity_at(text_.substr(0, end), position);
  if (found.point == 0) return position;
  dead_.push_back(run_.size());
  append_utf8(run_, found.point);
  return position + found.length;
}

std::size_t InlineReader::atom(std::size_t position) {
  const Atoms::Found found = atoms_.at(text_, position);
  if (found.atom == nullptr) return position;
  switch (found.atom->kind) {
    case Atom::Kind::literal: {
      std::string inside{found.atom->text};
      std::ranges::replace(inside, '\n', ' ');
      run_.append(inside);
      break;
    }
    case Atom::Kind::keyboard: {
      if (trimmed(found.atom->text).empty()) break;
      end_run();
      const Document::Index index = document_.open(Node{.kind = Kind::keyboard});
      std::string inside{found.atom->text};
      std::ranges::replace(inside, '\n', ' ');
      if (!inside.empty()) document_.leaf(Kind::text, inside);
      document_.close(index);
      break;
    }
    case Atom::Kind::comment: {
      end_run();
      Node node{.kind = Kind::verbatim, .source = Format::textile};
      node.text = document_.keep(found.atom->whole);
      document_.leaf(node);
      break;
    }
    default:
      add_code(found.atom->text);
  }
  return position + found.length;
}

/// Adds the run as text, mentions and references. A character written as an entity makes none.
void InlineReader::end_run() {
  std::size_t done = 0;
  for (std::size_t from = 0; const auto live = next_live(Format::textile, run_, from);) {
    const auto dead = std::ranges::lower_bound(dead_, live->begin);
    // What holds a tag is not what it looks like: the tag comes from a `<notextile>`.
    if ((dead != dead_.end() && *dead < live->end) || live->inner.find('<') != std::string_view::npos) {
      from = live->begin + 1;
      continue;
    }
    if (live->begin > done) document_.leaf(Kind::text, std::string_view{run_}.substr(done, live->begin - done));
    Node node{.kind = live->kind, .source = live->kind == Kind::reference ? Format::textile : Format::github};
    node.text = document_.keep(live->inner);
    document_.leaf(node);
    done = from = live->end;
  }
  if (done < run_.size()) document_.leaf(Kind::text, std::string_view{run_}.substr(done));
  run_.clear();
  dead_.clear();
}

}  // namespace causeway::markup::textile
