#include "agent/markup/jira_wiki/inline_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "agent/markup/address.hpp"
#include "agent/markup/characters.hpp"
#include "agent/markup/jira_wiki/macros.hpp"
#include "agent/markup/jira_wiki/syntax.hpp"

namespace causeway::markup::jira_wiki {
namespace {

constexpr auto npos = std::string_view::npos;
constexpr std::string_view color_begin = "{color:";

/// The address so that nothing in it is taken for anything else.
std::string written(std::string_view address) {
  const std::string safe = safe_address(address);
  std::string out;
  for (std::size_t position = 0; position < safe.size(); ++position) {
    const bool entity = safe[position] == '&' && entity_at(safe, position).length > 0;
    entity ? out.append("&amp;") : out.append(1, safe[position]);
  }
  return out;
}

/// `text` with these characters, line ends and whatever begins an entity written as entities.
std::string with_entities(std::string_view text, std::string_view characters) {
  std::string out;
  for (std::size_t position = 0; position < text.size(); ++position) {
    const char c = text[position];
    if (c == '\n') {
      out.push_back(' ');
    } else if (c == '\\' || characters.find(c) != npos || (c == '&' && entity_at(text, position).length > 0)) {
      out.append(entity_of(c));
    } else {
      out.push_back(c);
    }
  }
  return std::string{trimmed(out)};
}

char mark_of(const Document& document, const Node& node) {
  if (node.kind == Kind::styled) return document.target(node) == "??" ? '?' : '\0';
  for (const Mark& mark : marks)
    if (mark.kind == node.kind) return mark.text[0];
  return '\0';
}

bool is_color(std::string_view style) {
  return style.starts_with(color_begin) && style.size() > color_begin.size() + 1 && style.ends_with('}') &&
         style.find_first_of("\"{}\n", color_begin.size()) == style.size() - 1;
}

/// May a bare address be followed by this text without taking from it, or giving to it?
bool ends_bare_address(std::string_view following) {
  if (following.empty()) return false;
  const std::size_t end = std::min(following.find_first_not_of(".,;:!?"), following.size());
  return end < following.size() && is_space(following[end]);
}

}  // namespace

bool can_link(const Document& document, std::string_view target) {
  const bool of_site = (target.starts_with('/') && !target.starts_with("//")) || target.starts_with('^');
  if (of_site && !is_jira(document.source)) return false;
  return is_link_target(safe_address(target));
}

void InlineWriter::write(Index block, Place place) {
  place_ = place;
  line_begin_ = out_.size();
  count_marks(block);
  const std::size_t begin = out_.size();
  children(block);
  strip(begin);
  settle();
  if (line_begin_ <= out_.size()) end_line();
}

/// Takes away white space and line breaks behind which nothing came, but nothing before `floor`.
void InlineWriter::strip(std::size_t floor) {
  while (out_.size() > floor) {
    if (is_space(out_.back())) {
      out_.pop_back();
    } else if (out_.size() >= floor + 2 && out_.ends_with("\\\\")) {
      out_.resize(out_.size() - 2);
    } else {
      return;
    }
  }
}

void InlineWriter::count_marks(Index block) {
  for (Index index = block + 1; index < document_.nodes[block].end; ++index) {
    const Node& node = document_.nodes[index];
    if (const char mark = mark_of(document_, node); mark != '\0') closers_[static_cast<unsigned char>(mark)] = true;
    if (node.kind == Kind::image) exclamations_ += 2;
    if (!is_plain(node) && node.kind != Kind::url) continue;
    const std::string_view text = document_.text(node);
    for (std::size_t position = 0; position < text.size(); ++position) {
      const char c = text[position];
      if (c == '!') ++exclamations_;
      if (!is_mark(c) || (position > 0 && is_space(text[position - 1]))) continue;
      if (!is_word_at(text, position + 1)) closers_[static_cast<unsigned char>(c)] = true;
    }
  }
}

void InlineWriter::children(Index parent) {
  const Index end = document_.nodes[parent].end;
  for (Index index = parent + 1; index < end;)
    index = is_plain(document_.nodes[index]) ? plain_run(index, end) : inline_at(index, end);
}

/// Is this nothing but characters to Jira?
bool InlineWriter::is_plain(const Node& node) {
  return node.kind == Kind::text || node.kind == Kind::emoji || node.kind == Kind::reference;
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

InlineWriter::Index InlineWriter::inline_at(Index index, Index end) {
  const Node& node = document_.nodes[index];
  if (node.kind == Kind::hard_break || node.kind == Kind::soft_break) {
    ++breaks_;
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
      const char mark = mark_of(document_, node);
      span(index, {&mark, 1});
      break;
    }
    case Kind::styled:
      styled(index);
      break;
    case Kind::keyboard:
      losses_.note("keys shown as code");
      code(plain_text(index));
      break;
    case Kind::code:
      code(document_.text(node));
      break;
    case Kind::link:
      link(index);
      break;
    case Kind::url:
      url(index, end);
      break;
    case Kind::image:
      image(index);
      break;
    case Kind::mention:
      mention(node);
      break;
    case Kind::verbatim:
      verbatim(node);
      break;
    default:
      break;  // blocks do not stand among inlines
  }
  return node.end;
}

/// Puts the mark that ended last into braces, if what follows it would keep it from ending there.
void InlineWriter::settle() {
  if (ending_ == Ending::none || out_.size() == ended_at_) return;
  const Ending ending = std::exchange(ending_, Ending::none);
  const std::size_t begin = ended_at_ - ending_size_;
  const char next = out_[ended_at_];
  const bool apart = !is_word_at(out_, ended_at_) && next != out_[begin];
  const std::size_t end = ended_at_;
  if (ending == Ending::image) {
    if (is_word_at(out_, end)) insert(end, " ");
    return;
  }
  if (apart) return;
  insert(end, "}");
  insert(begin, "{");
  if (began_at_ == npos) return;
  insert(began_at_ + ending_size_, "}");
  insert(began_at_, "{");
}

/// `begin`: where the mark that opens stands, if it is not in braces yet.
void InlineWriter::end_with(Ending ending, std::size_t size, std::size_t begin) {
  ending_ = ending;
  ended_at_ = out_.size();
  ending_size_ = size;
  began_at_ = begin;
}

void InlineWriter::insert(std::size_t position, std::string_view piece) {
  out_.insert(position, piece);
  for (Open& open : open_)
    if (open.inner > position) open.inner += piece.size();
  if (line_begin_ > position) line_begin_ += piece.size();
  if (ended_at_ > position) ended_at_ += piece.size();
}

bool InlineWriter::follows_word() const { return is_word_before(line(), line().size()); }

void InlineWriter::text(std::string_view text) {
  if (out_.size() == line_begin_ && !in_link_) text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  for (std::size_t position = 0; position < text.size(); ++position) {
    character(text, position);
    settle();
  }
}

void InlineWriter::character(std::string_view text, std::size_t position) {
  const char c = text[position];
  if (is_alphanumeric(c) || c == ' ' || !is_ascii(c)) {
    out_.push_back(c);
  } else if (c == '\n') {
    out_.push_back(' ');
  } else if (c == '&') {
    out_.append(entity_at(text, position).length > 0 ? "&amp;" : "&");
  } else if (c == '\\') {
    const char next = position + 1 < text.size() ? text[position + 1] : '\0';
    out_.append(is_alphanumeric(next) || !is_ascii(next) ? "\\" : entity_of(c));
  } else if (c == ':') {
    // An address that is no link here must not become one.
    std::size_t begin = position;
    while (begin > 0 && position - begin < 8 && is_lower(text[begin - 1])) --begin;
    const bool address = !in_link_ && !in_code_ && !address_at(text, begin).empty();
    out_.append(address ? entity_of(c) : ":");
  } else if (escapes(text, position)) {
    out_.append("\\").push_back(c);
  } else {
    out_.push_back(c);
  }
}

bool InlineWriter::escapes(std::string_view text, std::size_t position) const {
  const char c = text[position];
  const bool at_end = position + 1 == text.size();
  const char next = at_end ? '\0' : text[position + 1];
  if (is_mark(c)) return escapes_mark(text, position);
  switch (c) {
    case '{':
      return in_code_ || at_end || is_letter(next) || next == '{' || next == '\\' ||
             braced_mark_at(text, position) < marks.size() || is_mark(next);
    case '}':
      return in_code_;
    case '[': {
      if (in_link_) return true;
      const std::size_t bracket = text.find_first_of("[]\n", position + 1);
      if (!in_code_ && (bracket == npos || text[bracket] == '[')) return true;
      return link_at(text, position).length > 0;
    }
    case ']':
    case '|':
      return in_link_ || (c == '|' && place_ == Place::cell);
    case '!': {
      if (in_link_) return !follows_word();
      if (follows_word() || at_end || is_space(next)) return at_end && exclamations_ > 1 && !follows_word();
      if (image_at(text, position).length > 0) return true;
      return exclamations_ > 1 && text.find('!', position + 1) == npos;
    }
    case '(':
      return document_.source != Format::jira_wiki && pictogram_at(text, position) > 0;
    default:
      return false;
  }
}

bool InlineWriter::escapes_mark(std::string_view text, std::size_t position) const {
  const char c = text[position];
  const bool at_end = position + 1 == text.size();
  const char next = at_end ? '\0' : text[position + 1];
  const char before = previous();
  if (c == '?' && next != '?' && before != '?') return false;
  const bool in_own = std::ranges::any_of(open_, [c](const Open& open) { return open.mark == c; });
  const bool touches = ending_ != Ending::none && out_.size() == ended_at_ && before == c;
  if (touches) return true;  // would be taken for a part of the mark before it
  if (c == '-' && !in_own && (next == '-' || before == '-')) return false;  // a dash
  // White space at a text's end may be taken away before a line break.
  const bool blank = is_space(next) && text.find_first_not_of(" \t", position + 1) != npos;
  const bool opens = !follows_word() && !blank;
  const bool closes = before != '\0' && !is_space(before) && !is_word_at(text, position + 1);
  return (opens && (closers_[static_cast<unsigned char>(c)] || in_code_)) || (in_own && closes);
}

void InlineWriter::span(Index index, std::string_view mark) {
  const bool again = std::ranges::any_of(open_, [&](const Open& open) { return open.mark == mark[0]; });
  if (again) return children(index);
  settle();
  const std::size_t begin = out_.size();
  const bool braced = follows_word() || previous() == mark[0];
  out_.append(braced ? fmt::format("{{{}}}", mark) : std::string{mark});
  settle();
  const std::size_t inner = out_.size();
  open_.push_back(Open{.mark = mark[0], .inner = inner});
  children(index);
  const std::size_t unstripped = out_.size();
  strip(open_.back().inner);
  // A blank at the end of a span stands behind it.
  const bool blank_after = out_.size() < unstripped;
  settle();
  const std::size_t start = open_.back().inner;
  open_.pop_back();
  const std::size_t moved = start - inner;
  std::string content = out_.substr(start);
  const std::size_t first = content.find_first_not_of(" \t");
  const std::size_t opening = begin + moved;
  if (first == std::string::npos) {  // nothing to mark
    out_.erase(opening, start - opening);
    if (ending_ != Ending::none && ended_at_ > opening) ending_ = Ending::none;
    return;
  }
  std::string opened = out_.substr(opening, start - opening);
  const bool begins_line = trimmed(line().substr(0, opening - line_begin_)).empty();
  const std::string leading = content.substr(0, first);
  content.erase(0, first);
  if (content.front() == mark[0]) content.insert(0, "\\");
  out_.resize(opening);
  const std::string_view sight = std::string_view{content}.substr(0, 80);
  if (begins_line && line_start(fmt::format("{}{}", mark, sight), true).kind != LineStart::Kind::text)
    opened = fmt::format("{{{}}}", mark);    // not an item
  else if (!leading.empty()) opened = mark;  // white space may not stand inside the marks
  out_.append(leading).append(opened).append(content);
  const bool apart = out_.back() != mark[0];
  out_.append(apart ? std::string{mark} : fmt::format("{{{}}}", mark));
  ending_ = Ending::none;
  if (apart) end_with(Ending::span, mark.size(), opened.size() == mark.size() ? opening + leading.size() : npos);
  if (!blank_after) return;
  out_.push_back(' ');
  settle();
}

void InlineWriter::styled(Index index) {
  const Node& node = document_.nodes[index];
  if (document_.target(node) == "??") return span(index, "??");
  const std::string_view style = document_.title(node);
  const bool again = std::ranges::any_of(open_, [](const Open& open) { return open.mark == '{'; });
  if (!is_color(style) || again) {
    losses_.note("style of text");
    return children(index);
  }
  const std::size_t begin = out_.size();
  out_.append(style);
  settle();
  const std::vector<Open> outer = std::exchange(open_, {});
  open_.push_back(Open{.mark = '{', .inner = out_.size()});
  ++depth_;
  children(index);
  --depth_;
  const std::size_t end = out_.find_last_not_of(' ') + 1;
  if (std::string_view{out_}.substr(0, end).ends_with("\\\\")) strip(open_.back().inner);
  settle();
  const bool empty = out_.size() == open_.back().inner;
  const std::size_t moved = open_.back().inner - begin - style.size();
  open_ = outer;
  if (empty) {
    out_.resize(begin + moved);
    return;
  }
  ending_ = Ending::none;
  out_.append("{color}");
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

void InlineWriter::code(std::string_view code) {
  if (code.empty()) return;
  const bool braced = follows_word();
  out_.append(braced ? "{{{}" : "{{");
  settle();
  in_code_ = true;
  const std::size_t begin = out_.size();
  for (std::size_t position = 0; position < code.size(); ++position) character(code, position);
  in_code_ = false;
  if (braced) {
    out_.append("{}}}");
    return;
  }
  out_.append("}}");
  end_with(Ending::code, 2, begin - 2);
}

void InlineWriter::link(Index index) {
  const Node& node = document_.nodes[index];
  const std::string_view target = document_.target(node);
  const std::string shown = plain_text(index);
  if (in_link_) return children(index);
  if (!can_link(document_, target)) {
    losses_.note("link Jira cannot follow, kept as code");
    return code(fmt::format("[{}]({})", shown, target));
  }
  const std::string address = written(target);
  const std::string title = with_entities(document_.title(node), "[]{}|!");
  const bool image = index + 1 < node.end && document_.nodes[index + 1].kind == Kind::image &&
                     document_.nodes[index + 1].end == node.end;
  const bool inside = (target[0] == '#' || target[0] == '^') && std::string_view{shown} == target.substr(1);
  if (!image && title.empty() && (shown.empty() || inside)) {
    out_.append(fmt::format("[{}]", address));
    settle();
    return;
  }
  out_.push_back('[');
  settle();
  const std::size_t begin = out_.size();
  const std::vector<Open> outer = std::exchange(open_, {});
  open_.push_back(Open{.mark = '[', .inner = begin});
  in_link_ = true;
  ++depth_;
  children(index);
  if (breaks_ > 0) breaks_ = 0;
  --depth_;
  in_link_ = false;
  settle();
  ending_ = Ending::none;
  open_ = outer;
  out_.append("|").append(address);
  if (!title.empty()) out_.append("|").append(title);
  out_.push_back(']');
}

void InlineWriter::plain_link(std::string_view label, std::string_view target, std::string_view title) {
  const std::string address = written(target);
  const std::string shown = with_entities(label, "[]{}|!*_-+^~?(");
  out_.push_back('[');
  settle();
  out_.append(shown).append(shown.empty() ? "" : "|").append(address);
  if (!title.empty()) out_.append("|").append(title);
  out_.push_back(']');
}

void InlineWriter::url(Index index, Index end) {
  const Node& node = document_.nodes[index];
  const std::string_view shown = document_.text(node);
  const std::string_view target = document_.target(node);
  if (in_link_ || !can_link(document_, target)) return text(shown);
  const bool mail = target.starts_with("mailto:") && target.substr(7) == shown;
  if (!mail && shown != target) return plain_link(shown, target, {});
  const bool block_end = node.end == end && open_.empty();
  const bool next_breaks = node.end < end && (document_.nodes[node.end].kind == Kind::soft_break ||
                                              document_.nodes[node.end].kind == Kind::hard_break);
  const bool next_parts = node.end < end && document_.nodes[node.end].kind == Kind::text &&
                          ends_bare_address(document_.text(document_.nodes[node.end]));
  const bool free = (block_end && place_ != Place::cell) || (next_breaks && open_.empty()) || next_parts;
  const bool whole = address_at(target, 0) == target && written(target) == target;
  if (mail || !free || !whole || follows_word()) return plain_link({}, target, {});
  out_.append(target);
  settle();
}

void InlineWriter::image(Index index) {
  const Node& node = document_.nodes[index];
  const std::string_view source = document_.target(node);
  const std::string address = written(source);
  const bool foreign = !is_jira(document_.source) && is_relative(source);
  if (foreign || !is_image_address(address) || (!has_scheme(source) && address != source)) {
    losses_.note("image Jira cannot show, kept as code");
    return code(fmt::format("![{}]({})", document_.text(node), source));
  }
  const bool begins_label = open_.empty() || out_.size() == open_.back().inner;
  if (follows_word()) out_.push_back(' ');
  out_.append("!").append(address);
  std::string parameters;
  const auto add = [&](std::string_view key, std::string_view value) {
    if (value.empty() || (in_link_ && !begins_label)) return;
    parameters.append(parameters.empty() ? "|" : ",").append(key).append("=").append(value);
  };
  add("alt", with_entities(document_.text(node), "!|,=\"[]{}"));
  add("title", with_entities(document_.title(node), "!|,=\"[]{}"));
  out_.append(parameters).append("!");
  settle();
  end_with(Ending::image, 1, npos);
}

void InlineWriter::mention(const Node& node) {
  const std::string_view login = document_.text(node);
  if (in_link_ || !is_login(login)) return text(fmt::format("@{}", login));
  const bool account = is_account_id(login) || (document_.source == Format::adf && node.title.size > 0);
  out_.append(account ? "[~accountid:" : "[~").append(login).append("]");
  settle();
}

void InlineWriter::verbatim(const Node& node) {
  const std::string_view raw = document_.text(node);
  if (node.source == Format::jira_wiki) {
    if (in_link_ && raw.find_first_of("|[]") != npos) return text(raw);
    out_.append(raw);
    settle();
    return;
  }
  losses_.note(node.source == Format::textile ? "Textile kept as code"
               : node.source == Format::adf   ? "unknown element kept as code"
                                              : "HTML kept as code");
  code(raw);
}

/// Writes the line breaks that something follows; those at a block's end show nothing.
void InlineWriter::flush_breaks() {
  if (breaks_ == 0) return;
  const std::size_t floor = open_.empty() ? line_begin_ : std::max(line_begin_, open_.back().inner);
  while (out_.size() > floor && is_blank(out_.back())) out_.pop_back();
  std::size_t count = std::exchange(breaks_, 0);
  if (out_.size() == floor) return;  // where something begins they show nothing either
  if (in_link_) {
    out_.push_back(' ');
    return;
  }
  // A mark does not reach over a line's end, nor does a heading, and an empty line ends the block.
  const bool lines = open_.empty() && depth_ == 0 && (place_ == Place::paragraph || place_ == Place::item);
  if (!lines || count > 1) {
    for (; count > 0; --count) out_.append("\\\\ ");
    settle();
    return;
  }
  settle();
  end_line();
  out_.append("\n");
  line_begin_ = out_.size();
  first_line_ = false;
  ending_ = Ending::none;
}

/// Takes away what a whole line could mean by where it begins.
void InlineWriter::end_line() {
  if (first_line_ && (place_ == Place::heading || place_ == Place::cell)) return;
  const std::string_view here = line();
  if (first_line_ && place_ == Place::item) {
    if (here.starts_with("[ ]") || here.starts_with("[x]") || here.starts_with("[X]")) insert(line_begin_, "\\");
    return;
  }
  const LineStart start = line_start(here, true);
  switch (start.kind) {
    case LineStart::Kind::text:
      return;
    case LineStart::Kind::heading:
    case LineStart::Kind::quote: {
      const std::size_t dot = line_begin_ + here.find('.');
      out_.erase(dot, 1);
      insert(dot, "&#46;");
      return;
    }
    default:
      insert(line_begin_, "\\");
  }
}

}  // namespace causeway::markup::jira_wiki
