#include "agent/markup/textile/inline_writer.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "agent/markup/address.hpp"
#include "agent/markup/characters.hpp"
#include "agent/markup/html.hpp"
#include "agent/markup/live.hpp"
#include "agent/markup/markdown/inline_writer.hpp"
#include "agent/markup/textile/attributes.hpp"
#include "agent/markup/textile/marks.hpp"

namespace causeway::markup::textile {
namespace {

constexpr std::string_view parting = "<notextile></notextile>";
constexpr std::string_view joiner = "\xE2\x81\xA0";

std::string entity_of(char c) { return fmt::format("&#{};", static_cast<unsigned>(static_cast<unsigned char>(c))); }

/// Would Redmine, or a browser, take the `&` at `position` for the beginning of an entity?
bool begins_entity(std::string_view text, std::size_t position) {
  std::size_t end = position + 1;
  while (end < text.size() && end - position < 40 && (is_alphanumeric(text[end]) || text[end] == '#')) ++end;
  return end > position + 1 && end < text.size() && text[end] == ';';
}

char mark_of(const Node& node) {
  for (const Mark& mark : span_marks)
    if (mark.text.size() == 1 && mark.kind == node.kind) return mark.text[0];
  return '\0';
}

/// White space, and what would end the address, as percent codes.
std::string encoded(std::string_view address, std::string_view characters) {
  std::string out;
  for (std::size_t position = 0; position < address.size(); ++position) {
    const char c = address[position];
    const bool control = static_cast<unsigned char>(c) <= 0x20 || c == '\x7F';
    if (control || characters.find(c) != std::string_view::npos) {
      out.append(fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(c))));
    } else if (c == '&' && begins_entity(address, position)) {
      out.append("&amp;");
    } else {
      out.push_back(c);
    }
  }
  return out;
}

/// The address so that it is read to its very end, and no further.
std::string whole_address(std::string_view address) {
  std::string out = encoded(address, "<>\"|");
  const char last = out.empty() ? 'a' : out.back();
  const bool unbalanced = last == ')' && std::ranges::count(out, '(') < std::ranges::count(out, ')');
  if (!out.empty() && (ends_address(last) || unbalanced)) {
    out.pop_back();
    out.append(fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(last))));
  }
  return out;
}

}  // namespace

std::string without_raw_tags(std::string_view code, Losses& losses) {
  std::string out;
  std::size_t done = 0;
  for (std::size_t open = code.find('<'); open != std::string_view::npos; open = code.find('<', open + 1)) {
    if (raw_tag(code, open).length == 0) continue;
    out.append(code.substr(done, open + 1 - done)).append(joiner);
    done = open + 1;
  }
  if (done > 0) losses.note("tag in code, parted by an invisible character");
  return out.append(code.substr(done));
}

bool can_link(const Document& document, std::string_view target) {
  if (!begins_address(target)) return false;
  return !(target.starts_with('/') && !target.starts_with("//") && !is_redmine(document.source));
}

void InlineWriter::write(Index block, Place place) {
  place_ = place;
  open_.clear();
  in_link_ = false;
  first_line_ = true;
  breaks_ = 0;
  ending_ = Ending::none;
  line_begin_ = out_.size();
  marks_ = {};
  count_marks(block);
  children(block);
  settle(Next::space);
  while (out_.size() > line_begin_ && is_blank(out_.back())) out_.pop_back();
  end_line();
}

void InlineWriter::count_marks(Index block) {
  for (Index index = block + 1; index < document_.nodes[block].end; ++index) {
    const Node& node = document_.nodes[index];
    if (const char mark = mark_of(node); mark != '\0') marks_.closers[static_cast<unsigned char>(mark)] = true;
    if (node.kind == Kind::styled) marks_.closers[static_cast<unsigned char>('?')] = true;
    if (node.kind == Kind::image) marks_.exclamations += 2;
    if (node.kind == Kind::mention) ++marks_.signs;
    if (node.kind != Kind::text && node.kind != Kind::reference && node.kind != Kind::url) continue;
    const std::string_view text = document_.text(node);
    for (std::size_t position = 0; position < text.size(); ++position) {
      const char c = text[position];
      if (c == '@') ++marks_.signs;
      if (c == '!') ++marks_.exclamations;
      if (!is_mark(c) || (position > 0 && is_space(text[position - 1]))) continue;
      const bool may_end = position + 1 == text.size() || may_follow_span(text.substr(position + 1));
      if (may_end) marks_.closers[static_cast<unsigned char>(c)] = true;
    }
  }
}

void InlineWriter::children(Index parent) {
  const Index end = document_.nodes[parent].end;
  for (Index index = parent + 1; index < end;) {
    settle(Next::open);
    index = is_plain(document_.nodes[index]) ? plain_run(index, end) : inline_at(index);
  }
}

/// Is this nothing but characters to Redmine?
bool InlineWriter::is_plain(const Node& node) {
  return node.kind == Kind::text || node.kind == Kind::emoji ||
         (node.kind == Kind::reference && node.source == Format::github);
}

/// What follows each other as characters is one text, for a mark may stand at the seam.
InlineWriter::Index InlineWriter::plain_run(Index index, Index end) {
  flush_breaks();
  const Index next = document_.nodes[index].end;
  if (document_.nodes[index].kind == Kind::text && (next == end || !is_plain(document_.nodes[next]))) {
    text(document_.text(document_.nodes[index]));
    return next;
  }
  std::string run;
  for (; index < end && is_plain(document_.nodes[index]); index = document_.nodes[index].end) {
    const Node& node = document_.nodes[index];
    const std::string_view colon = node.kind == Kind::emoji ? ":" : "";
    run.append(colon).append(document_.text(node)).append(colon);
  }
  text(run);
  return index;
}

InlineWriter::Index InlineWriter::inline_at(Index index) {
  const Node& node = document_.nodes[index];
  if (node.kind == Kind::hard_break || node.kind == Kind::soft_break) {
    in_link_ ? out_.append(" ") : (++breaks_, out_);
    return node.end;
  }
  flush_breaks();
  switch (node.kind) {
    case Kind::strong:
    case Kind::emphasis:
    case Kind::strike:
    case Kind::inserted:
    case Kind::superscript:
    case Kind::subscript: {
      const char mark = mark_of(node);
      span(index, {&mark, 1});
      break;
    }
    case Kind::styled:
      span(index, document_.target(node) == "??" ? "??" : "%");
      break;
    case Kind::keyboard:
      raw_code("kbd", plain_text(index));
      break;
    case Kind::code:
      code(document_.text(node));
      break;
    case Kind::link:
      link(index);
      break;
    case Kind::url:
      url(index);
      break;
    case Kind::image:
      image(index, {});
      break;
    case Kind::mention:
      out_.append("@").append(document_.text(node));
      break;
    case Kind::reference:
      out_.append(document_.text(node));
      break;
    case Kind::verbatim:
      verbatim(node);
      break;
    default:
      break;  // blocks do not stand among inlines
  }
  return node.end;
}

/// Parts what has been written since a span or an address ended from it, where they would run together. An address
/// with nothing but punctuation behind it so far waits for what comes next.
void InlineWriter::settle(Next next) {
  if (ending_ == Ending::none || out_.size() == ended_at_) return;
  const std::string_view rest = std::string_view{out_}.substr(ended_at_);
  bool apart = true;
  if (ending_ == Ending::span) {
    apart = may_follow_span(rest);
  } else {
    const std::size_t end = std::min(rest.find_first_not_of(".,:!?'*_"), rest.size());
    if (end == rest.size() && next == Next::open) return;
    apart = rest[0] == '<' || (end == rest.size() ? next == Next::space : is_space(rest[end]));
  }
  const std::size_t position = ended_at_;
  ending_ = Ending::none;
  if (!apart) insert(position, parting);
}

void InlineWriter::end_with(Ending ending) {
  settle(Next::mark);
  ending_ = ending;
  ended_at_ = out_.size();
}

void InlineWriter::insert(std::size_t position, std::string_view piece) {
  out_.insert(position, piece);
  for (Open& open : open_)
    if (open.inner > position) open.inner += piece.size();
  if (line_begin_ > position) line_begin_ += piece.size();
  if (ended_at_ > position) ended_at_ += piece.size();
}

void InlineWriter::part() { out_.append(parting); }

void InlineWriter::text(std::string_view text) {
  if (out_.size() == line_begin_ && !in_link_) text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  // What Redmine would make live is written with an entity: a text is a text.
  std::vector<std::size_t> dead;
  for (std::size_t from = 0; const auto live = next_live(Format::textile, text, from);) {
    const std::string_view piece = text.substr(live->begin, live->end - live->begin);
    const bool bracket = piece[0] == '[' || piece[0] == '{';
    const std::size_t sign = bracket ? 0 : piece.find_first_of("#:@");
    dead.push_back(live->begin + (sign == std::string_view::npos ? 0 : sign));
    from = dead.back() + 1;
  }
  auto next_dead = dead.begin();
  for (std::size_t position = 0; position < text.size(); ++position) {
    if (next_dead != dead.end() && *next_dead == position) {
      ++next_dead;
      out_.append(entity_of(text[position]));
    } else {
      character(text, position);
    }
  }
}

void InlineWriter::character(std::string_view text, std::size_t position) {
  const char c = text[position];
  if (c == 'h' || c == 'f' || c == 's' || c == 'w') {
    const char before = previous();
    const bool leads = before == '\0' || is_space(before) || before == '(' || before == '[' || before == ',' ||
                       before == ';' || before == '<';
    out_.append(leads && !in_link_ && links_by_itself(text.substr(position)) > 0 ? entity_of(c) : std::string(1, c));
  } else if (is_letter(c) || c == ' ' || !is_ascii(c) || is_digit(c)) {
    out_.push_back(c);
  } else if (c == '&') {
    out_.append(begins_entity(text, position) ? "&amp;" : "&");
  } else if (c == '"') {
    const bool colon = position + 1 < text.size() ? text[position + 1] == ':' : true;
    out_.append(in_link_ || colon ? "&quot;" : "\"");
  } else if (c == '<') {
    const char next = position + 1 < text.size() ? text[position + 1] : 'a';
    out_.append(is_letter(next) || next == '/' || next == '!' ? "&lt;" : "<");
  } else if (escapes(text, position)) {
    out_.append(entity_of(c));
  } else {
    out_.push_back(c);
  }
}

bool InlineWriter::escapes(std::string_view text, std::size_t position) const {
  const char c = text[position];
  const bool at_end = position + 1 == text.size();
  const char next = at_end ? '\0' : text[position + 1];
  // Where an address or a span has just ended, a tag may come in between.
  const bool parted = ending_ != Ending::none && out_.size() == ended_at_;
  const char before = parted ? '>' : previous();
  if (is_mark(c)) {
    if (c == '?' && next != '?' && before != '?') return false;
    if (parted && c == previous()) return true;  // would be taken for a part of the mark before it
    const bool in_own = std::ranges::any_of(open_, [c](const Open& open) { return open.mark == c; });
    const std::string_view behind = text.substr(std::min(position + 2, text.size()));
    if (c == '-' && next == '-' && !in_own && (behind.empty() || is_space(behind[0]))) return false;  // a dash
    const bool edge = !open_.empty() && out_.size() == open_.back().inner;
    const bool opens = (may_precede_span(before) || is_mark(before) || edge) && !is_space(next);
    const bool closes = !is_space(before) && (at_end || may_follow_span(text.substr(position + 1)));
    return (opens && marks_.closers[static_cast<unsigned char>(c)]) || (in_own && closes);
  }
  switch (c) {
    case '@':
      if (is_word(before) && is_alphanumeric(next) && text.find('.', position) != std::string_view::npos) return true;
      return marks_.signs > 1 && (at_end || !is_word(next));
    case '!':
      return at_end || (marks_.exclamations > 1 && (before == '\0' || is_space(before) || before == '>') &&
                        !is_space(next) && next != '(');
    case '=':
      return next == '=' && (before == '\0' || is_space(before)) && text.substr(position + 2, 1) != "=";
    case '(':
      return follows_capitals();
    case '[': {
      if (next == '[') return true;
      if (!is_word(before)) return false;
      const std::size_t end = text.find_first_not_of("0123456789", position + 1);
      return end == std::string_view::npos || end == position + 1 ? at_end : text[end] == ']';
    }
    case '{':
      return next == '{' || at_end;
    case '|':
      return place_ == Place::cell;
    case ':': {
      // Behind a quotation mark this begins a link's address, behind an image its target.
      return previous() == '"' || (parted && previous() == '!');
    }
    case 0x02:
    case 0x03:
      return true;
    default:
      return false;
  }
}

/// `HTML(...)` would be an abbreviation with its meaning.
bool InlineWriter::follows_capitals() const {
  constexpr std::size_t look_back_max = 64;
  const std::string_view line = std::string_view{out_}.substr(line_begin_);
  std::size_t begin = line.size();
  while (begin > 0 && line.size() - begin < look_back_max && (is_upper(line[begin - 1]) || is_digit(line[begin - 1])))
    --begin;
  return line.size() - begin >= 2;
}

void InlineWriter::span(Index index, std::string_view mark) {
  const Node& node = document_.nodes[index];
  const bool again = std::ranges::any_of(open_, [&](const Open& open) { return open.mark == mark[0]; });
  if (again) return children(index);
  const bool at_inner = !open_.empty() && out_.size() == open_.back().inner;
  const std::size_t begin = out_.size();
  if (!may_precede_span(previous()) && !at_inner) part();
  if (previous() == mark[0]) part();
  settle(Next::mark);
  const std::size_t marked = out_.size();
  out_.append(mark).append(document_.title(node));
  const std::size_t inner = out_.size();
  open_.push_back(Open{.mark = mark[0], .inner = inner});
  children(index);
  settle(Next::mark);
  const std::size_t moved = open_.back().inner - inner;
  open_.pop_back();
  const std::size_t start = inner + moved;
  std::string content = out_.substr(start);
  const std::size_t first = content.find_first_not_of(" \t\n");
  if (first == std::string::npos) {  // nothing to mark
    out_.erase(begin, start - begin);
    if (line_begin_ > begin) line_begin_ -= std::min(line_begin_ - begin, start - begin);
    return;
  }
  if (first > 0) {
    // White space may not stand inside the marks; at their outer side it means the same.
    out_.erase(start, first);
    out_.insert(marked, content, 0, first);
    content.erase(0, first);
  }
  const std::size_t content_begin = out_.size() - content.size();
  const std::size_t end = content.find_last_not_of(" \t\n") + 1;
  const std::string after = content.substr(end);
  content.resize(end);
  out_.resize(content_begin + end);
  const bool lone = content.size() == 1 && !is_alphanumeric(content[0]);
  const bool like_style = document_.title(node).empty() && after_style(content, 0) > 0;
  if (lone || like_style || content[0] == mark[0] || content.front() == '-') {
    const std::string entity = entity_of(content[0]);
    out_.replace(content_begin, 1, entity);
    content.replace(0, 1, entity);
    if (ended_at_ > content_begin) ended_at_ += entity.size() - 1;
  }
  if (content.size() > 1 && content.back() == mark[0]) {
    const bool ended_here = ended_at_ == out_.size();
    out_.replace(out_.size() - 1, 1, entity_of(mark[0]));
    if (ended_here) ended_at_ = out_.size();
  }
  out_.append(mark);
  end_with(Ending::span);
  if (!after.empty()) {
    out_.append(after);
    settle(Next::open);
  }
}

std::string InlineWriter::plain_text(Index index) const {
  std::string text;
  for (Index child = index + 1; child < document_.nodes[index].end; ++child) {
    const Node& node = document_.nodes[child];
    if (node.kind == Kind::hard_break || node.kind == Kind::soft_break) text.push_back(' ');
    if (node.kind == Kind::mention) text.push_back('@');
    if (!holds_inlines(node.kind)) text.append(document_.text(node));
  }
  return text;
}

void InlineWriter::raw_code(std::string_view tag, std::string_view code) {
  std::string line = without_raw_tags(code, losses_);
  std::ranges::replace(line, '\n', ' ');
  out_.append(fmt::format("<{}>{}</{}>", tag, line, tag));
}

void InlineWriter::code(std::string_view code) {
  const bool simple = marks_.signs == 0 && !is_word(previous()) && !code.empty() && code.front() != '|' &&
                      is_ascii(previous()) && code.find_first_of("@<&!|=\n\"{") == std::string_view::npos;
  if (!simple) return raw_code("code", code);
  out_.append("@").append(code).append("@");
  end_with(Ending::span);
}

void InlineWriter::link(Index index) {
  const Node& node = document_.nodes[index];
  if (in_link_) return children(index);
  const std::string_view target = document_.target(node);
  if (!can_link(document_, target)) {
    losses_.note("link to an address Textile cannot link to, kept as code");
    return code(fmt::format("[{}]({})", plain_text(index), target));
  }
  const bool only_image = node.end == index + 2 && document_.nodes[index + 1].kind == Kind::image;
  if (only_image) return image(index + 1, target);
  const std::string address = whole_address(target);
  const std::size_t begin = out_.size();
  out_.push_back('"');
  in_link_ = true;
  const std::size_t inner = out_.size();
  children(index);
  settle(Next::mark);
  in_link_ = false;
  ending_ = Ending::none;
  std::string shown = out_.substr(inner);
  // White space that came out of a span stands behind what was to part the span from the quotation mark.
  if (shown.starts_with(parting) && shown.find(' ') == parting.size()) shown.erase(0, parting.size());
  const std::size_t first = shown.find_first_not_of(' ');
  if (first == std::string::npos) {
    out_.resize(begin);
    return plain_link(target, target);
  }
  if (first > 0) {
    shown.erase(0, first);
    out_.resize(begin);
    out_.append(begin > line_begin_ ? " \"" : "\"").append(shown);
  }
  while (out_.back() == ' ') out_.pop_back();
  if (out_.back() == ')') out_.replace(out_.size() - 1, 1, "&#41;");
  const std::size_t quote = out_.find('"', begin);
  if (after_style(out_, quote + 1) > quote + 1) out_.replace(quote + 1, 1, entity_of(out_[quote + 1]));
  std::string title{document_.title(node)};
  if (!title.empty()) {
    if (title.find_first_of("()\"\n") == std::string::npos) {
      out_.append("(").append(title).append(")");
    } else {
      losses_.note("title of a link");
    }
  }
  out_.append("\":").append(address);
  end_with(Ending::address);
}

void InlineWriter::plain_link(std::string_view shown, std::string_view target) {
  out_.push_back('"');
  in_link_ = true;
  text(shown);
  in_link_ = false;
  if (out_.back() == ')') out_.replace(out_.size() - 1, 1, "&#41;");
  out_.append("\":").append(whole_address(target));
  end_with(Ending::address);
}

void InlineWriter::url(Index index) {
  const Node& node = document_.nodes[index];
  const std::string_view shown = document_.text(node);
  const std::string_view target = document_.target(node);
  if (in_link_) return text(shown);
  const char before = previous();
  const bool mail = target.starts_with("mailto:") && target.substr(7) == shown;
  const bool leads = before == '\0' || is_space(before) || (!mail && (before == '(' || before == '[' || before == ','));
  const std::size_t beginning = links_by_itself(shown);
  const bool same =
      shown == target || (shown.starts_with("www.") && target.substr(0, 7) == "http://" && target.substr(7) == shown);
  const bool whole = beginning > 0 && address_in(shown) == shown && encoded(shown, "<>\"|") == shown;
  const bool plain_mail = mail && std::ranges::all_of(shown, [](char c) {
                            return is_word(c) || c == '@' || c == '.' || c == '-' || c == '+';
                          });
  if (leads && ((same && whole) || plain_mail)) {
    out_.append(shown);
    end_with(Ending::address);
    return;
  }
  if (!can_link(document_, target)) return text(shown);
  plain_link(shown, target);
}

void InlineWriter::image(Index index, std::string_view target) {
  const Node& node = document_.nodes[index];
  const std::string_view source = document_.target(node);
  const bool foreign = !is_redmine(document_.source) && is_relative(source);
  const bool safe = !has_scheme(source) || source.starts_with("http://") || source.starts_with("https://") ||
                    source.starts_with("ftp://");
  if (foreign || !safe || source.empty()) {
    losses_.note("image Textile cannot show, kept as code");
    return code(fmt::format("![{}]({})", document_.text(node), source));
  }
  const char before = previous();
  if (before != '\0' && !is_space(before) && before != '>') part();
  if (!open_.empty() && out_.size() == open_.back().inner) part();
  std::string title{document_.text(node).empty() ? document_.title(node) : document_.text(node)};
  if (!document_.text(node).empty() && !document_.title(node).empty() && document_.title(node) != title)
    losses_.note("title of an image");
  if (title.find_first_of("()") != std::string::npos) {
    losses_.note("parentheses in an image's text");
    std::ranges::replace(title, '(', '[');
    std::ranges::replace(title, ')', ']');
  }
  std::ranges::replace(title, '\n', ' ');
  if (place_ == Place::cell) std::ranges::replace(title, '|', '/');
  std::string address = encoded(source, "<>\"|()!@");
  const char first = address[0];
  if (first == '{' || first == '[' || first == '=')
    address.replace(0, 1, fmt::format("%{:02X}", static_cast<unsigned>(first)));
  out_.append("!").append(address);
  if (!title.empty()) out_.append("(").append(title).append(")");
  out_.push_back('!');
  if (target.empty()) return end_with(Ending::span);
  out_.append(":").append(whole_address(target));
  end_with(Ending::address);
}

void InlineWriter::verbatim(const Node& node) {
  const std::string_view raw = document_.text(node);
  if (node.source == Format::textile || (is_comment(raw) && raw.find("<pre") == std::string_view::npos)) {
    out_.append(raw);
    return;
  }
  losses_.note(is_jira(node.source) ? "Jira macro kept as code" : "HTML kept as code");
  code(raw);
}

/// Writes the line breaks that something follows; those at a block's end show nothing.
void InlineWriter::flush_breaks() {
  const bool at_inner = !open_.empty() && out_.size() == open_.back().inner;
  const bool at_begin = first_line_ && out_.size() == line_begin_;
  for (std::size_t count = std::exchange(breaks_, 0); count > 0 && !at_inner && !at_begin; --count) {
    if (out_.size() == line_begin_) out_.append("&nbsp;");  // an empty line would end the block
    while (out_.size() > line_begin_ && is_blank(out_.back())) out_.pop_back();
    settle(Next::space);
    end_line();
    out_.append("\n").append(prefix_);
    line_begin_ = out_.size();
    first_line_ = false;
    ending_ = Ending::none;
  }
}

/// Takes away what a whole line could mean by where it begins.
void InlineWriter::end_line() {
  const std::string_view line = std::string_view{out_}.substr(line_begin_);
  if (line.empty()) return;
  if (first_line_ && place_ == Place::heading) return;
  if (first_line_ && place_ == Place::cell) {
    const CellMark mark = cell_mark(line);
    if (mark.length > 0) {
      const std::size_t dot = mark.attributes.size();
      const std::size_t position = line_begin_ + dot;
      out_.erase(position, 1);
      insert(position, "&#46;");
    }
    return;
  }
  const auto escape = [this](std::size_t position) {
    const std::string entity = entity_of(out_[position]);
    out_.erase(position, 1);
    for (Open& open : open_)
      if (open.inner > position) --open.inner;
    if (ended_at_ > position) --ended_at_;
    insert(position, entity);
  };
  if (first_line_ && place_ == Place::item) {
    if (line.starts_with("[ ] ") || line.starts_with("[x] ") || line.starts_with("[X] ")) escape(line_begin_);
    return;
  }
  if (first_line_) {
    const BlockMark mark = block_mark(line);
    if (mark.length > 0) {
      // The dot behind the attributes.
      const std::size_t dot = mark.tag.size() + mark.attributes.size();
      return escape(line_begin_ + dot);
    }
    if (line.starts_with("table")) {
      const std::size_t dot = line.find('.');
      if (dot != std::string_view::npos && trimmed(line.substr(dot)) == ".") return escape(line_begin_ + dot);
    }
  }
  const char c = line[0];
  const std::size_t run = std::min(line.find_first_not_of("*#="), line.size());
  const bool stops = run > 0 && (run == line.size() || is_space(line[run]));
  if (c == '>' || (c == '{' && !open_.empty()) || stops || item_mark(line).length > 0 || is_rule(line))
    return escape(line_begin_);
  std::size_t bar = after_style(line, after_alignment(line, 0));
  if (bar > 0 && line.substr(bar, 1) == ".") ++bar;
  if (line.substr(bar, 1) == " ") ++bar;
  if (line.substr(bar, 1) != "|") return;
  // An entity's `;` would make a link of an address behind it.
  if (links_by_itself(line.substr(bar + 1)) > 0) {
    const std::size_t position = line_begin_ + bar;
    insert(position + 1, "</notextile>");
    insert(position, "<notextile>");
  } else {
    escape(line_begin_ + bar);
  }
}

}  // namespace causeway::markup::textile
