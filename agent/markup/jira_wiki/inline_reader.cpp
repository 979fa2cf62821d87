#include "agent/markup/jira_wiki/inline_reader.hpp"

#include <algorithm>
#include <utility>

#include "agent/markup/characters.hpp"

namespace causeway::markup::jira_wiki {
namespace {

constexpr auto npos = std::string_view::npos;

constexpr auto table_of(std::string_view characters) {
  std::array<bool, 256> table{};
  for (const char c : characters) table[static_cast<unsigned char>(c)] = true;
  return table;
}

constexpr auto specials = table_of("\n\\&{[!*_-+^~?hfsnm");
constexpr auto piece_begins = table_of("\\{[!hfsnm");

/// What Cloud writes behind the last bar to say how it shows a link, rather than a title.
bool is_way_of_showing(std::string_view title) {
  return title == "smart-link" || title == "smart-card" || title == "smart-embed" || title == "block-link";
}

/// The value of one of an image's parameters, which commas part.
std::string image_parameter(std::string_view parameters, std::string_view key) {
  for (std::size_t begin = 0; begin <= parameters.size();) {
    const std::size_t end = std::min(parameters.find(',', begin), parameters.size());
    const std::string_view whole = parameters.substr(begin, end - begin);
    begin = end + 1;
    const std::size_t equals = whole.find('=');
    if (equals == npos || trimmed(whole.substr(0, equals)) != key) continue;
    std::string_view value = trimmed(whole.substr(equals + 1));
    if (value.size() > 1 && value.starts_with('"') && value.ends_with('"')) value = value.substr(1, value.size() - 2);
    return plain(value);
  }
  return {};
}

}  // namespace

void InlineReader::read(std::size_t begin, std::size_t end) {
  while (begin < end && is_space(text_[begin])) ++begin;
  while (end > begin && is_space(text_[end - 1])) --end;
  part(begin, end);
}

/// Reads what stands for itself: no mark reaches over its edges.
void InlineReader::part(std::size_t begin, std::size_t end) {
  Places outer = std::exchange(places_, Places{});
  const std::size_t outer_nodes = std::exchange(part_nodes_, document_.nodes.size());
  find_places(begin, end);
  range(begin, end);
  end_run();
  drop_breaks();
  part_nodes_ = outer_nodes;
  places_ = std::move(outer);
}

/// Breaks that nothing follows show nothing.
void InlineReader::drop_breaks() {
  while (document_.nodes.size() > std::max(part_nodes_, closed_)) {
    const Kind last = document_.nodes.back().kind;
    if (last != Kind::hard_break && last != Kind::soft_break) return;
    document_.nodes.pop_back();
  }
}

void InlineReader::end_container(Document::Index index) {
  document_.close(index);
  closed_ = document_.nodes.size();
}

std::size_t InlineReader::piece_end(std::size_t position, std::size_t end) {
  const char c = text_[position];
  if (!piece_begins[static_cast<unsigned char>(c)]) return position;
  const auto fits = [&](std::size_t after) { return after <= end ? after : position; };
  if (c == '\\') {
    const bool pair = position + 1 < end && text_[position + 1] == '\\';
    return pair || is_escape(text_, position) ? fits(position + 2) : position;
  }
  if (c == '{') {
    if (const Macro* macro = macros_.at(position)) return fits(macro->after);
    const CodeSpan code = code_.at(text_, position);
    return code.after > 0 ? fits(code.after) : position;
  }
  if (c == '[') return fits(position + link_at(text_, position).length);
  if (c == '!') return fits(position + image_at(text_, position).length);
  if (in_link_) return position;
  return fits(position + address_at(text_, position).size());
}

void InlineReader::find_places(std::size_t begin, std::size_t end) {
  for (std::size_t position = begin; position < end;) {
    const char c = text_[position];
    if (c == '\n') places_.lines.push_back(position);
    if (const std::size_t after = piece_end(position, end); after > position) {
      position = after;
      continue;
    }
    const bool may_close = position > begin && !is_space(text_[position - 1]);
    if (const std::size_t mark = braced_mark_at(text_, position); mark < marks.size()) {
      if (may_close) places_.closers[mark].push_back(position);
      position += marks[mark].text.size() + 2;
      continue;
    }
    const std::size_t mark = is_mark(c) ? mark_at(text_, position) : marks.size();
    if (mark == marks.size()) {
      ++position;
      continue;
    }
    const std::size_t size = marks[mark].text.size();
    const bool dash =
        c == '-' && ((position > begin && text_[position - 1] == '-') || stands_at(text_, position, "--"));
    if (may_close && !dash && !is_word_at(text_, position + size)) places_.closers[mark].push_back(position);
    position += size;
  }
}

/// The first place from `from` on where `mark` closes in the same line and before `end`; npos if there is none.
std::size_t InlineReader::closer(std::size_t mark, std::size_t from, std::size_t end) const {
  const auto& closers = places_.closers[mark];
  const auto found = std::ranges::lower_bound(closers, from);
  if (found == closers.end()) return npos;
  const std::size_t size = marks[mark].text.size() + (text_[*found] == '{' ? 2 : 0);
  if (*found + size > end) return npos;
  const auto line = std::ranges::lower_bound(places_.lines, from);
  return line == places_.lines.end() || *line > *found ? *found : npos;
}

void InlineReader::range(std::size_t begin, std::size_t end) {
  for (std::size_t position = begin; position < end;) {
    const std::size_t start = position;
    while (position < end && !specials[static_cast<unsigned char>(text_[position])]) ++position;
    run_.append(text_.substr(start, position - start));
    if (position == end) return;
    const std::size_t next = special(position, end);
    if (next == position) run_.push_back(text_[position++]);
    position = std::max(position, next);
  }
}

std::size_t InlineReader::special(std::size_t position, std::size_t end) {
  switch (text_[position]) {
    case '\n':
      return line_break(Kind::soft_break, position + 1, end);
    case '\\':
      return backslash(position, end);
    case '&':
      return entity(position);
    case '{':
      return brace(position, end);
    case '[':
      return link(position, end);
    case '!':
      return image(position, end);
    case 'h':
    case 'f':
    case 's':
    case 'n':
    case 'm':
      return address(position, end);
    default: {
      if (const std::size_t after = dashes(position, end); after > position) return after;
      const std::size_t mark = mark_at(text_, position);
      if (mark == marks.size() || is_word_before(text_, position)) return position;
      return span(mark, position, position + marks[mark].text.size(), end);
    }
  }
}

std::size_t InlineReader::line_break(Kind kind, std::size_t next, std::size_t end) {
  while (!run_.empty() && is_blank(run_.back())) run_.pop_back();
  end_run();
  if (document_.nodes.size() > part_nodes_) document_.leaf(Node{.kind = kind});  // before anything it shows nothing
  while (next < end && is_blank(text_[next])) ++next;
  return next;
}

std::size_t InlineReader::backslash(std::size_t position, std::size_t end) {
  if (is_escape(text_, position)) {
    run_.push_back(text_[position + 1]);
    return position + 2;
  }
  if (position + 1 >= end || text_[position + 1] != '\\') return position;
  std::size_t next = position + 2;
  while (next < end && is_blank(text_[next])) ++next;
  if (next < end && text_[next] == '\n') ++next;  // the line's end asks for the same break
  return line_break(Kind::hard_break, next, end);
}

std::size_t InlineReader::entity(std::size_t position) {
  const Entity entity = entity_at(text_, position);
  if (entity.point == 0) return position;
  append_utf8(run_, entity.point);
  return position + entity.length;
}

/// More than two dashes in a row are no mark.
std::size_t InlineReader::dashes(std::size_t position, std::size_t end) {
  if (!stands_at(text_, position, "--")) return position;
  const std::size_t after = std::min(text_.find_first_not_of('-', position), end);
  run_.append(text_.substr(position, after - position));
  return after;
}

std::size_t InlineReader::brace(std::size_t position, std::size_t end) {
  if (const Macro* found = macros_.at(position)) return macro(*found, end);
  if (const CodeSpan code = code_.at(text_, position); code.after > 0 && code.after <= end) {
    end_run();
    document_.leaf(Kind::code, plain(text_.substr(code.begin, code.end - code.begin)));
    return code.after;
  }
  const std::size_t mark = braced_mark_at(text_, position);
  return mark < marks.size() ? span(mark, position, position + marks[mark].text.size() + 2, end) : position;
}

std::size_t InlineReader::macro(const Macro& macro, std::size_t end) {
  if (macro.role == Macro::Role::color && macro.after <= end && depth_ < depth_max &&
      macro.parameters.find_first_of("\"{}") == npos)
    return color(macro);
  if (macro.role == Macro::Role::raw && macro.after <= end) return raw(macro);
  // A block in a cell: only its content can be said.
  const bool in_cell =
      macro.role == Macro::Role::container || (macro.role == Macro::Role::closing && macro.name != "color");
  if (!in_cell) verbatim(macro.begin, macro.end);
  return macro.end;
}

/// Named as Textile's style of the same meaning, which a writer of either can say.
std::size_t InlineReader::color(const Macro& macro) {
  end_run();
  Node node{.kind = Kind::styled};
  node.target = document_.keep("%");
  const std::string style = "{color:" + std::string{trimmed(macro.parameters)} + "}";
  node.title = document_.keep(style);
  const Document::Index index = document_.open(node);
  ++depth_;
  part(macro.end, macro.inside_end);
  --depth_;
  end_container(index);
  return macro.after;
}

/// A code block where none can stand: its lines, each as code.
std::size_t InlineReader::raw(const Macro& macro) {
  end_run();
  const std::string_view code = text_.substr(macro.end, macro.inside_end - macro.end);
  bool first = true;
  for (std::size_t begin = 0; begin < code.size();) {
    const std::size_t end = std::min(code.find('\n', begin), code.size());
    const std::string_view line = code.substr(begin, end - begin);
    begin = end + 1;
    if (trimmed(line).empty()) continue;
    if (!first) document_.leaf(Node{.kind = Kind::hard_break});
    first = false;
    document_.leaf(Kind::code, line);
  }
  return macro.after;
}

void InlineReader::verbatim(std::size_t begin, std::size_t end) {
  end_run();
  Node node{.kind = Kind::verbatim, .source = Format::jira_wiki};
  node.text = document_.keep(text_.substr(begin, end - begin));
  document_.leaf(node);
}

std::size_t InlineReader::link(std::size_t position, std::size_t end) {
  if (in_link_ || depth_ >= depth_max) return position;
  const Link link = link_at(text_, position);
  const std::size_t after = position + link.length;
  if (link.length == 0 || after > end) return position;
  if (link.mention) {
    end_run();
    std::string_view login = link.target;
    if (login.starts_with("accountid:") && is_account_id(login.substr(10))) login.remove_prefix(10);
    document_.leaf(Kind::mention, login);
    return after;
  }
  const std::string target = safe_address(plain(link.target));
  const std::string title = is_way_of_showing(link.title) ? std::string{} : plain(link.title);
  const bool mail = target.starts_with("mailto:");
  const std::string shown = link.label.empty() ? mail ? target.substr(7) : target : plain(link.label);
  const bool inside = target[0] == '#' || target[0] == '^';
  if (!inside && title.empty() && (shown == target || (mail && shown == std::string_view{target}.substr(7)))) {
    add_address(shown, target);
    return after;
  }
  end_run();
  Node node{.kind = Kind::link};
  node.target = document_.keep(target);
  node.title = document_.keep(title);
  const Document::Index index = document_.open(node);
  if (link.label.empty()) {
    document_.leaf(Kind::text, inside ? std::string_view{target}.substr(1) : std::string_view{target});
  } else {
    const auto begin = static_cast<std::size_t>(link.label.data() - text_.data());
    in_link_ = true;
    ++depth_;
    part(begin, begin + link.label.size());
    --depth_;
    in_link_ = false;
  }
  end_container(index);
  return after;
}

std::size_t InlineReader::image(std::size_t position, std::size_t end) {
  const Image image = image_at(text_, position);
  if (image.length == 0 || position + image.length > end) return position;
  end_run();
  Node node{.kind = Kind::image};
  const std::string alternative = image_parameter(image.parameters, "alt");
  const std::string title = image_parameter(image.parameters, "title");
  node.text = document_.keep(alternative);
  node.target = document_.keep(safe_address(plain(image.address)));
  node.title = document_.keep(title);
  document_.leaf(node);
  return position + image.length;
}

std::size_t InlineReader::address(std::size_t position, std::size_t end) {
  if (in_link_) return position;
  const std::string_view written = address_at(text_, position);
  if (written.empty() || position + written.size() > end) return position;
  const std::string target = safe_address(plain(written));
  add_address(target.starts_with("mailto:") ? std::string_view{target}.substr(7) : std::string_view{target}, target);
  return position + written.size();
}

void InlineReader::add_address(std::string_view shown, std::string_view target) {
  end_run();
  Node node{.kind = Kind::url};
  node.text = document_.keep(shown);
  node.target = document_.keep(target);
  document_.leaf(node);
}

std::size_t InlineReader::span(std::size_t mark, std::size_t position, std::size_t inner, std::size_t end) {
  const std::string_view written = marks[mark].text;
  if (depth_ >= depth_max || inner >= end || is_space(text_[inner]) || text_[inner] == written[0]) return position;
  if (text_[position] == '-' && position > 0 && text_[position - 1] == '-') return position;
  const std::size_t close = closer(mark, inner + 1, end);
  if (close == npos) return position;
  end_run();
  Node node{.kind = marks[mark].kind};
  if (node.kind == Kind::styled) node.target = document_.keep(written);
  const Document::Index index = document_.open(node);
  ++depth_;
  range(inner, close);
  end_run();
  --depth_;
  end_container(index);
  return close + written.size() + (text_[close] == '{' ? 2 : 0);
}

/// Adds the plain characters as text and issue keys.
void InlineReader::end_run() {
  std::size_t done = 0;
  for (std::size_t position = run_.find('-'); position != std::string::npos; position = run_.find('-', position + 1)) {
    std::size_t begin = position;
    while (begin > done && position - begin < 33 &&
           (is_upper(run_[begin - 1]) || is_digit(run_[begin - 1]) || run_[begin - 1] == '_'))
      --begin;
    const std::size_t end = issue_key_end(run_, begin);
    if (end <= position) continue;
    if (begin > done) document_.leaf(Kind::text, std::string_view{run_}.substr(done, begin - done));
    Node node{.kind = Kind::reference, .source = Format::jira_wiki};
    node.text = document_.keep(std::string_view{run_}.substr(begin, end - begin));
    document_.leaf(node);
    done = end;
    position = end - 1;
  }
  if (done < run_.size()) document_.leaf(Kind::text, std::string_view{run_}.substr(done));
  run_.clear();
}

}  // namespace causeway::markup::jira_wiki
