#include "agent/markup/markdown/inline_writer.hpp"

#include <algorithm>
#include <array>

#include "agent/markup/address.hpp"
#include "agent/markup/characters.hpp"
#include "agent/markup/html.hpp"

namespace causeway::markup::markdown {
namespace {

constexpr auto table_of(std::string_view characters) {
  std::array<bool, 256> table{};
  for (const char c : characters) table[static_cast<unsigned char>(c)] = true;
  return table;
}

constexpr auto special = table_of("\\`*_~<&[]|!");
constexpr auto counted = table_of("*_~`[");

bool is_special(char c) { return special[static_cast<unsigned char>(c)]; }

bool only(std::string_view text, std::string_view characters) {
  return text.find_first_not_of(characters) == std::string_view::npos;
}

std::size_t longest_run(std::string_view text, char c) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char each : text) {
    run = each == c ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

/// Is this an address that Markdown links by itself where it stands alone?
bool links_itself(std::string_view shown, std::string_view target) {
  const bool scheme = shown.starts_with("http://") || shown.starts_with("https://") || shown.starts_with("ftp://");
  if (scheme) return shown == target && shown.size() > shown.find("//") + 2;
  const bool rest_shown = target.size() > 7 && target.substr(7) == shown;
  if (shown.starts_with("www.")) return target.starts_with("http://") && rest_shown;
  return target.starts_with("mailto:") && rest_shown;
}

/// Would a bare address lose its end, or swallow more than itself?
bool survives_bare(std::string_view shown) {
  const char last = shown.back();
  if (!is_alphanumeric(last) && last != '/' && last != '=' && last != '-' && last != '#') return false;
  return only(shown, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._:/?#@!$+,;=%&") &&
         shown.find("&#") == std::string_view::npos && shown.find(';') == std::string_view::npos;
}

/// May `<address>` be written?
bool survives_in_angles(std::string_view target) {
  if (!has_scheme(target) || target.find(':') < 2) return false;
  return std::ranges::none_of(target, [](char c) { return is_space(c) || c == '<' || c == '>' || c == '&'; });
}

std::string escape_fully(std::string_view text) {
  std::string escaped;
  escaped.reserve(text.size() + 8);
  for (const char c : text) {
    if (is_special(c)) escaped.push_back('\\');
    escaped.push_back(c == '\n' ? ' ' : c);
  }
  return escaped;
}

bool begins_with_a_mark(const Node& node) {
  const Kind kind = node.kind;
  const bool becomes_code = kind == Kind::verbatim && !is_markdown(node.source);
  return kind == Kind::strong || kind == Kind::emphasis || kind == Kind::strike || kind == Kind::code ||
         kind == Kind::link || kind == Kind::image || becomes_code;
}

/// Is the last word of `text` an address?
bool ends_in_address(std::string_view text) {
  const std::string_view word = text.substr(text.find_last_of(" \t") + 1);
  return word.find("://") != std::string_view::npos || word.find("www.") != std::string_view::npos;
}

}  // namespace

std::string code_span(std::string_view code) {
  const std::string fence(code.find('`') == std::string_view::npos ? 1 : longest_run(code, '`') + 1, '`');
  const bool spaces = code.starts_with(' ') && code.ends_with(' ') && !only(code, " ");
  const bool padded = code.empty() || code.starts_with('`') || code.ends_with('`') || spaces;
  std::string span = fence;
  if (padded) span.push_back(' ');
  for (const char c : code) span.push_back(c == '\n' ? ' ' : c);
  if (padded) span.push_back(' ');
  return span + fence;
}

void InlineWriter::write(Index block, Place place) {
  place_ = place;
  block_ = block;
  in_link_ = false;
  line_begin_ = out_.size();
  marks_ = {};
  count_marks(block + 1, document_.nodes[block].end);
  children(block);
  while (out_.size() > line_begin_ && is_blank(out_.back())) out_.pop_back();
}

void InlineWriter::count_marks(Index begin, Index end) {
  for (Index index = begin; index < end; ++index) {
    const Node& node = document_.nodes[index];
    if (node.kind == Kind::strong || node.kind == Kind::emphasis) {
      marks_.stars += 2;
      marks_.underscores += 2;
    } else if (node.kind == Kind::strike) {
      marks_.tildes += 2;
    } else if (node.kind == Kind::code || node.kind == Kind::image ||
               (node.kind == Kind::verbatim && !is_markdown(node.source))) {  // the last two may become code
      marks_.ticks += 2;
    } else if (node.kind == Kind::text || node.kind == Kind::reference || node.kind == Kind::url) {
      for (const char c : document_.text(node)) {
        if (!counted[static_cast<unsigned char>(c)]) continue;
        ++(c == '*'   ? marks_.stars
           : c == '_' ? marks_.underscores
           : c == '~' ? marks_.tildes
           : c == '`' ? marks_.ticks
                      : marks_.brackets);
      }
    }
  }
}

void InlineWriter::children(Index parent) {
  const Index end = document_.nodes[parent].end;
  for (Index index = parent + 1; index < end; index = document_.nodes[index].end) inline_at(index, end);
}

void InlineWriter::inline_at(Index index, Index parent_end) {
  const Node& node = document_.nodes[index];
  switch (node.kind) {
    case Kind::text:
      return text(document_.text(node), index, parent_end);
    case Kind::strong:
      return marked(index, "**", "strong", edge_after(index, parent_end));
    case Kind::emphasis:
      return emphasis(index, edge_after(index, parent_end));
    case Kind::strike:
      return marked(index, "~~", "del", edge_after(index, parent_end));
    case Kind::inserted:
    case Kind::superscript:
    case Kind::subscript:
    case Kind::keyboard:
      return tagged(index, tag_of(node.kind));
    case Kind::styled:
      losses_.note("style of text");
      return children(index);
    case Kind::code:
      return code(document_.text(node));
    case Kind::link:
      return link(index);
    case Kind::url:
      return url(index, parent_end);
    case Kind::image:
      return image(index);
    case Kind::hard_break:
      return line_break(index, parent_end, true);
    case Kind::soft_break:
      return line_break(index, parent_end, false);
    case Kind::mention:
      out_.append("@").append(document_.text(node));
      return;
    case Kind::emoji:
      out_.append(":").append(document_.text(node)).append(":");
      return;
    case Kind::reference:
      // A macro is found in the raw text: a backslash in it would end up in its arguments.
      if (is_redmine(format_) && document_.text(node).starts_with("{{")) {
        out_.append(document_.text(node));
        return;
      }
      return text(document_.text(node), index, parent_end);
    case Kind::verbatim:
      if (is_markdown(node.source) || is_comment(document_.text(node))) {
        out_.append(document_.text(node));
        return;
      }
      losses_.note(node.source == Format::textile ? "Textile kept as code" : "Jira macro kept as code");
      return code(document_.text(node));
    default:
      return;  // blocks do not stand among inlines
  }
}

Edge InlineWriter::edge_after(Index index, Index parent_end) const {
  const Index next = document_.nodes[index].end;
  if (next >= parent_end) return parent_end == document_.nodes[block_].end ? Edge::space : Edge::punctuation;
  const Node& node = document_.nodes[next];
  switch (node.kind) {
    case Kind::hard_break:
    case Kind::soft_break:
      return Edge::space;
    case Kind::text:
    case Kind::reference:
      return first_edge(document_.text(node));
    case Kind::styled:
    case Kind::url:
      return Edge::letter;  // the strictest, since what comes there is decided later
    default:
      return Edge::punctuation;
  }
}

void InlineWriter::text(std::string_view text, Index index, Index parent_end) {
  if (at_line_start()) text.remove_prefix(line_start(text));
  const Edge after = edge_after(index, parent_end);
  // Before a link, `!` would make it an image; an address may be written as one.
  const Index next = document_.nodes[index].end;
  const bool next_is_text =
      next < parent_end && (document_.nodes[next].kind == Kind::text || document_.nodes[next].kind == Kind::reference);
  const std::string_view following = next_is_text ? document_.text(document_.nodes[next]) : "";
  link_may_follow_ = next < parent_end && (following.empty() || following.find_first_of("([:") == 0);
  const bool before_bracket =
      next < parent_end && (document_.nodes[next].kind == Kind::link || document_.nodes[next].kind == Kind::url);
  if (before_bracket && text.ends_with('!')) {
    escape_into(text.substr(0, text.size() - 1), Edge::punctuation);
    out_.append("\\!");
    return;
  }
  escape_into(text, after);
  // An address that is no link where it comes from is one here, and would take what follows it in.
  const bool swallows = next < parent_end && begins_with_a_mark(document_.nodes[next]) && ends_in_address(text);
  if (swallows) out_.append("<!-- -->");
}

/// Handles what has a meaning only where a line begins; returns how much of `text` is done.
std::size_t InlineWriter::line_start(std::string_view text) {
  std::size_t position = text.find_first_not_of(" \t");
  if (position == std::string_view::npos) return text.size();
  const std::string_view rest = text.substr(position);
  const char c = rest[0];
  const auto ends_marker = [&](std::size_t end) { return end >= rest.size() || is_blank(rest[end]); };
  bool escape = false;
  if (c == '#') {
    escape = ends_marker(std::min(rest.find_first_not_of('#'), rest.size()));
  } else if (c == '>') {
    escape = true;
  } else if (c == '-' || c == '+' || c == '*') {
    escape = ends_marker(1) || only(rest, "-| :\t") || only(rest, "* \t");
  } else if (c == '=' || c == '|' || c == ':' || c == '_') {
    escape = only(rest, "= \t") || only(rest, "|:- \t") || only(rest, "_ \t");
  } else if (c == '[') {
    const bool box = rest.starts_with("[ ]") || rest.starts_with("[x]") || rest.starts_with("[X]");
    escape = place_.guard_task && box && ends_marker(3);
    // A footnote's definition stays one.
    const std::size_t label = rest.starts_with("[^") ? rest.find(']') : std::string_view::npos;
    if (label != std::string_view::npos && rest.substr(label, 2) == "]:") {
      out_.append(rest.substr(0, label + 2));
      return position + label + 2;
    }
  } else if (is_digit(c)) {
    const std::size_t end = std::min(rest.find_first_not_of("0123456789"), rest.size());
    if (end < 10 && end < rest.size() && (rest[end] == '.' || rest[end] == ')') && ends_marker(end + 1)) {
      out_.append(rest.substr(0, end)).append("\\").append(rest.substr(end, 1));
      return position + end + 1;
    }
  }
  if (!escape) return position;
  out_.append("\\").push_back(c);
  return position + 1;
}

void InlineWriter::escape_into(std::string_view text, Edge after) {
  std::size_t done = 0;
  for (std::size_t position = 0; position < text.size(); ++position) {
    if (!is_special(text[position]) || !needs_escape(text, position, after)) continue;
    out_.append(text.substr(done, position - done)).push_back('\\');
    done = position;
  }
  out_.append(text.substr(done));
}

bool InlineWriter::needs_escape(std::string_view text, std::size_t position, Edge after) const {
  const char c = text[position];
  const bool last = position + 1 == text.size();
  const char next = last ? (after == Edge::space ? ' ' : after == Edge::letter ? 'a' : '.') : text[position + 1];
  const auto previous = [&] {
    if (position > 0) return is_ascii(text[position - 1]) ? text[position - 1] : 'a';
    return at_line_start() ? ' ' : out_.back();
  };
  switch (c) {
    case '\\':
      return last || is_punctuation(next);
    case '`':
      return marks_.ticks > 1;
    case '*':
      return marks_.stars > 1 && !(is_space(previous()) && is_space(next));
    case '_':
      if (marks_.underscores < 2 || (is_space(previous()) && is_space(next))) return false;
      return !(is_alphanumeric(previous()) && is_alphanumeric(next));
    case '~':
      return marks_.tildes > 1;
    case '<':
      return is_letter(next) || next == '/' || next == '!' || next == '?' || last;
    case '&':
      // A reference that follows, `#45;`, would make an entity of it.
      return entity_at(text, position).length > 0 || (last && next == '.');
    case '[':
      return in_link_;
    case ']':
      return in_link_ || next == '(' || next == ':' || next == '[' || (last && link_may_follow_);
    case '|':
      return place_.in_table;
    default:
      return false;
  }
}

void InlineWriter::emphasis(Index index, Edge after) {
  const Edge before = last_edge(line());
  const bool underscores = before != Edge::letter && after != Edge::letter;
  if (underscores) return marked(index, "_", "em", after);
  const auto inside = [&](Kind kind) {
    for (Index child = index + 1; child < document_.nodes[index].end; ++child)
      if (document_.nodes[child].kind == kind) return true;
    return false;
  };
  if (inside(Kind::strong) || inside(Kind::emphasis)) return tagged(index, "em");
  marked(index, "*", "em", after);
}

void InlineWriter::marked(Index index, std::string_view mark, std::string_view tag, Edge after) {
  const Edge before = last_edge(line());
  const std::size_t begin = out_.size();
  const bool doubled = !at_line_start() && out_.back() == mark[0];
  out_.append(mark);
  const std::size_t inner = out_.size();
  children(index);
  const std::string_view content = std::string_view{out_}.substr(inner);
  if (content.empty()) {
    out_.resize(begin);
    return;
  }
  const Edge first = first_edge(content);
  const Edge last = last_edge(content);
  const bool opens = first != Edge::space && (first != Edge::punctuation || before != Edge::letter);
  const bool closes = last != Edge::space && (last != Edge::punctuation || after != Edge::letter);
  const bool clear = !doubled && content.front() != mark[0] && content.back() != mark[0];
  if (opens && closes && clear) {
    out_.append(mark);
    return;
  }
  out_.replace(begin, mark.size(), fmt::format("<{}>", tag));
  if (line_begin_ > begin) line_begin_ += tag.size() + 2 - mark.size();
  out_.append(fmt::format("</{}>", tag));
}

void InlineWriter::tagged(Index index, std::string_view tag) {
  out_.append("<").append(tag).append(">");
  children(index);
  out_.append("</").append(tag).append(">");
}

void InlineWriter::code(std::string_view code) {
  std::string span = code_span(code);
  // Two code spans in a row would be read as one; a comment between them is not shown.
  if (!at_line_start() && out_.back() == '`' && !out_.ends_with("\\`")) out_.append("<!-- -->");
  if (place_.in_table)
    for (std::size_t bar = span.find('|'); bar != std::string::npos; bar = span.find('|', bar + 2))
      span.insert(bar, "\\");
  out_.append(span);
}

void InlineWriter::link(Index index) {
  const Node& node = document_.nodes[index];
  if (in_link_) return children(index);
  if (is_relative(document_.target(node)) && !same_make(document_.source, format_))
    losses_.note("link with a relative address");
  out_.push_back('[');
  in_link_ = true;
  children(index);
  in_link_ = false;
  out_.push_back(']');
  destination(document_.target(node), document_.title(node));
}

void InlineWriter::destination(std::string_view target, std::string_view title) {
  const bool plain = !target.empty() && std::ranges::none_of(target, [](char c) {
    return is_space(c) || c == '<' || c == '>' || c == '\\' || c == '(' || c == ')' ||
           static_cast<unsigned char>(c) < 32;
  });
  out_.append(plain ? "(" : "(<");
  for (std::size_t position = 0; position < target.size(); ++position) {
    const char c = target[position];
    const bool escape = c == '\\' || c == '<' || c == '>' || (c == '|' && place_.in_table);
    if (escape) out_.push_back('\\');
    out_.push_back(c == '\n' ? ' ' : c);
    // cmark reads entities before it looks for backslashes, so one does not help here.
    if (c == '&' && entity_at(target, position).length > 0) out_.append("amp;");
  }
  if (!plain) out_.push_back('>');
  if (!title.empty()) {
    out_.append(" \"");
    for (std::size_t position = 0; position < title.size(); ++position) {
      const char c = title[position];
      const bool escape =
          c == '\\' || c == '"' || (c == '&' && entity_at(title, position).length > 0) || (c == '|' && place_.in_table);
      if (escape) out_.push_back('\\');
      out_.push_back(c == '\n' ? ' ' : c);
    }
    out_.push_back('"');
  }
  out_.push_back(')');
}

void InlineWriter::url(Index index, Index parent_end) {
  const Node& node = document_.nodes[index];
  const std::string_view shown = document_.text(node);
  const std::string_view target = document_.target(node);
  if (in_link_) return escape_into(shown, Edge::punctuation);
  const char before = at_line_start() ? ' ' : out_.back();
  const bool stands_alone = is_space(before) || before == '(';
  const Index next = document_.nodes[index].end;
  std::string_view following =
      next < parent_end && document_.nodes[next].kind == Kind::text ? document_.text(document_.nodes[next]) : "";
  const bool text_follows = !following.empty();
  following.remove_prefix(std::min(following.find_first_not_of(".,;:!?)"), following.size()));
  const bool ends =
      text_follows ? following.empty() || is_space(following[0]) : edge_after(index, parent_end) == Edge::space;
  if (stands_alone && ends && marks_.brackets == 0 && links_itself(shown, target) && survives_bare(shown)) {
    out_.append(shown);
  } else if (shown == target && survives_in_angles(target) &&
             !(place_.in_table && target.find('|') != std::string::npos)) {
    out_.append("<").append(target).append(">");
  } else {
    out_.push_back('[');
    in_link_ = true;
    escape_into(shown, Edge::punctuation);
    in_link_ = false;
    out_.push_back(']');
    destination(target, "");
  }
}

void InlineWriter::image(Index index) {
  const Node& node = document_.nodes[index];
  const bool foreign = !same_make(document_.source, format_);
  if (foreign && is_relative(document_.target(node))) {
    losses_.note("image with a relative path, kept as code");
    const std::string_view target = document_.target(node);
    const std::string_view alternative = document_.text(node);
    code(document_.source == Format::textile ? fmt::format("!{}!", target)
                                             : fmt::format("![{}]({})", alternative, target));
    return;
  }
  out_.append("![").append(escape_fully(document_.text(node))).append("]");
  destination(document_.target(node), document_.title(node));
}

void InlineWriter::line_break(Index index, Index parent_end, bool hard) {
  if (at_line_start()) return;
  const Index next = document_.nodes[index].end;
  const bool at_end = next >= parent_end;
  const bool before_break =
      !at_end && (document_.nodes[next].kind == Kind::hard_break || document_.nodes[next].kind == Kind::soft_break);
  if (place_.one_line) {
    if (!at_end || hard) out_.append(place_.in_table || hard ? "<br>" : " ");
    return;
  }
  if (!hard) {
    if (!at_end && !before_break) new_line();
    return;
  }
  if (at_end || before_break) {
    out_.append("<br>");
    return;
  }
  out_.push_back('\\');
  new_line();
}

void InlineWriter::new_line() {
  while (out_.size() > line_begin_ && is_blank(out_.back())) out_.pop_back();
  out_.append("\n").append(prefix_);
  line_begin_ = out_.size();
}

}  // namespace causeway::markup::markdown
