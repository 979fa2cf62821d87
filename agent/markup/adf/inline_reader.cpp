#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <functional>
#include <utility>

#include "agent/markup/adf/block_reader.hpp"
#include "agent/markup/characters.hpp"

namespace causeway::markup::adf {
namespace {

/// How marks nest where nothing else decides: a link holds the others, a colour is innermost.
constexpr std::array nesting{Kind::link,     Kind::strong,      Kind::emphasis,  Kind::strike,
                             Kind::inserted, Kind::superscript, Kind::subscript, Kind::styled};

std::size_t rank(Kind kind) { return static_cast<std::size_t>(std::ranges::find(nesting, kind) - nesting.begin()); }

/// How far ahead is looked for the end of a mark.
constexpr std::size_t look_ahead_max = 16;

bool is_short_name(std::string_view name) {
  constexpr std::size_t characters_max = 50;
  if (name.size() < 3 || name.size() > characters_max || !name.starts_with(':') || !name.ends_with(':')) return false;
  return std::ranges::all_of(name.substr(1, name.size() - 2),
                             [](char c) { return is_lower(c) || is_digit(c) || c == '_' || c == '+' || c == '-'; });
}

bool has_only_short_name(const Value& emoji) {
  const Value* const attributes = member(emoji, "attrs");
  if (attributes == nullptr || !attributes->IsObject()) return false;
  return std::ranges::all_of(attributes->GetObject(), [](const auto& entry) {
    return view(entry.name) == "shortName" || view(entry.name) == "localId";
  });
}

/// Milliseconds since 1970 as a day; as they stand if they are none.
std::string day_of(std::string_view milliseconds) {
  constexpr std::int64_t milliseconds_max = 253'402'300'799'999;  // the end of the year 9999
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(milliseconds.data(), milliseconds.data() + milliseconds.size(), value);
  const bool whole = error == std::errc{} && end == milliseconds.data() + milliseconds.size();
  if (!whole || value < 0 || value > milliseconds_max) return std::string{milliseconds};
  const std::chrono::sys_time<std::chrono::milliseconds> time{std::chrono::milliseconds{value}};
  const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(time)};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(day.year()), static_cast<unsigned>(day.month()),
                     static_cast<unsigned>(day.day()));
}

}  // namespace

BlockReader::Piece BlockReader::piece_of(const Value& node) {
  Piece piece{.node = &node, .marks = {}, .text = type_of(node) == "text"};
  if (!piece.text) return piece;
  constexpr std::size_t marks_max = 12;  // there are not that many that can be told apart
  const auto add = [&piece](Kind kind, std::string target = "", std::string title = "") {
    if (piece.marks.size() == marks_max) return;
    Mark mark{.node = Node{.kind = kind}, .target = std::move(target), .title = std::move(title)};
    if (std::ranges::find(piece.marks, mark) == piece.marks.end()) piece.marks.push_back(std::move(mark));
  };
  for (const Value& mark : marks(node)) {
    const std::string_view type = type_of(mark);
    if (type == "link") {
      add(Kind::link, std::string{attribute(mark, "href")}, std::string{attribute(mark, "title")});
    } else if (type == "strong") {
      add(Kind::strong);
    } else if (type == "em") {
      add(Kind::emphasis);
    } else if (type == "strike") {
      add(Kind::strike);
    } else if (type == "underline") {
      add(Kind::inserted);
    } else if (type == "subsup") {
      add(attribute(mark, "type") == "sup" ? Kind::superscript : Kind::subscript);
    } else if (type == "textColor") {
      add(Kind::styled, "%", fmt::format("{{color:{}}}", attribute(mark, "color")));
    } else if (type == "backgroundColor") {
      add(Kind::styled, "%", fmt::format("{{background-color:{}}}", attribute(mark, "color")));
    } else if (type == "code") {
      piece.code = true;
    } else {
      piece.foreign = true;
    }
  }
  std::ranges::stable_sort(piece.marks, {}, [](const Mark& mark) { return rank(mark.node.kind); });
  return piece;
}

void BlockReader::inlines(std::span<const Value> nodes) {
  std::vector<Piece> pieces;
  pieces.reserve(nodes.size());
  for (const Value& node : nodes) {
    const bool nothing = type_of(node) == "text" && string_member(node, "text").empty();
    if (!nothing) pieces.push_back(piece_of(node));
  }
  // What carries no marks stands inside those that go on behind it.
  for (std::size_t index = 1; index < pieces.size(); ++index) {
    if (pieces[index].text) continue;
    std::size_t next = index;
    while (next < pieces.size() && !pieces[next].text) ++next;
    for (; index < next; ++index) {
      if (next == pieces.size()) continue;
      for (const Mark& mark : pieces[index - 1].marks)
        if (std::ranges::find(pieces[next].marks, mark) != pieces[next].marks.end())
          pieces[index].marks.push_back(mark);
    }
  }
  const auto outer = std::exchange(open_, {});
  for (std::size_t index = 0; index < pieces.size(); ++index) {
    if (bare_address(pieces[index])) continue;
    settle_marks(pieces, index);
    leaf(pieces[index]);
  }
  for (; !open_.empty(); open_.pop_back()) document_.close(open_.back().second);
  open_ = outer;
}

std::size_t BlockReader::run_length(const std::vector<Piece>& pieces, std::size_t at, const Mark& mark) {
  std::size_t length = 0;
  while (length < look_ahead_max && at + length < pieces.size() &&
         std::ranges::find(pieces[at + length].marks, mark) != pieces[at + length].marks.end())
    ++length;
  return length;
}

/// Ends the marks that end before this piece, and begins those that begin with it, the longest first.
void BlockReader::settle_marks(const std::vector<Piece>& pieces, std::size_t at) {
  const auto& wanted = pieces[at].marks;
  const auto is_wanted = [&wanted](const auto& open) { return std::ranges::find(wanted, open.first) != wanted.end(); };
  const auto kept = static_cast<std::size_t>(std::ranges::find_if_not(open_, is_wanted) - open_.begin());
  for (; open_.size() > kept; open_.pop_back()) document_.close(open_.back().second);
  std::vector<std::pair<std::size_t, const Mark*>> begun;
  for (const Mark& mark : wanted) {
    const bool open = std::ranges::any_of(open_, [&mark](const auto& entry) { return entry.first == mark; });
    if (!open) begun.emplace_back(mark.node.kind == Kind::link ? look_ahead_max : run_length(pieces, at, mark), &mark);
  }
  std::ranges::stable_sort(begun, std::greater{}, [](const auto& entry) { return entry.first; });
  for (const auto& [length, mark] : begun) {
    Node node = mark->node;
    node.target = document_.keep(mark->target);
    node.title = document_.keep(mark->title);
    open_.emplace_back(*mark, document_.open(node));
  }
}

/// A link that shows nothing but its own address.
bool BlockReader::bare_address(const Piece& piece) {
  if (!piece.text || piece.code || piece.foreign || piece.marks.size() != 1) return false;
  const Mark& mark = piece.marks[0];
  const std::string_view shown = string_member(*piece.node, "text");
  if (mark.node.kind != Kind::link || !mark.title.empty() || shown.find_first_of(" \t\r\n") != std::string_view::npos)
    return false;
  const std::string_view target = mark.target;
  const bool bare = target == shown || (target.starts_with("mailto:") && target.substr(7) == shown) ||
                    (target.starts_with("http://") && target.substr(7) == shown);
  if (!bare) return false;
  for (; !open_.empty(); open_.pop_back()) document_.close(open_.back().second);
  Node node{.kind = Kind::url};
  node.text = document_.keep(shown);
  node.target = document_.keep(target);
  document_.leaf(node);
  return true;
}

void BlockReader::leaf(const Piece& piece) {
  const std::string_view type = type_of(*piece.node);
  if (piece.text) {
    if (piece.foreign && foreign_ == Foreign::kept) return keep(*piece.node, Kind::verbatim);
    const std::string_view words = string_member(*piece.node, "text");
    if (piece.code) return add(Kind::code, words);
    return text(words);
  }
  if (known_inline(*piece.node, type)) return;
  if (foreign_ == Foreign::kept) return keep(*piece.node, Kind::verbatim);
  show_inline(*piece.node, type);
}

void BlockReader::text(std::string_view words) {
  if (words.find_first_of(std::string_view{"\n\r\0", 3}) == std::string_view::npos) {
    document_.leaf(Kind::text, words);
    return;
  }
  std::string line;
  const auto end_line = [&] {
    if (!line.empty()) document_.leaf(Kind::text, line);
    line.clear();
  };
  for (const char c : words) {
    if (c == '\n') {
      end_line();
      document_.leaf(Node{.kind = Kind::soft_break});
    } else if (c != '\0' && c != '\r') {
      line.push_back(c);
    }
  }
  end_line();
}

bool BlockReader::known_inline(const Value& node, std::string_view type) {
  if (type == "hardBreak") {
    document_.leaf(Node{.kind = Kind::hard_break});
    return true;
  }
  if (type == "mention") {
    const std::string_view sort = attribute(node, "userType");
    const std::string_view id = attribute(node, "id");
    if (id.empty() || (!sort.empty() && sort != "DEFAULT" && foreign_ == Foreign::kept)) return false;
    std::string_view name = attribute(node, "text");
    if (name.starts_with('@')) name.remove_prefix(1);
    Node mention{.kind = Kind::mention};
    mention.text = document_.keep(id);
    mention.title = document_.keep(name);
    document_.leaf(mention);
    return true;
  }
  if (type == "emoji") {
    const std::string_view name = attribute(node, "shortName");
    if (!is_short_name(name) || !has_only_short_name(node)) return false;
    add(Kind::emoji, name.substr(1, name.size() - 2));
    return true;
  }
  return false;
}

void BlockReader::url(std::string_view address) {
  Node node{.kind = Kind::url};
  node.text = document_.keep(address);
  node.target = document_.keep(address);
  document_.leaf(node);
}

void BlockReader::show_inline(const Value& node, std::string_view type) {
  if (type != "emoji") shown_.emplace(type);
  if (type == "emoji") {
    const std::string_view character = attribute(node, "text");
    const std::string_view name = attribute(node, "shortName");
    if (!character.empty() && character != name) return text(character);
    return is_short_name(name) ? add(Kind::emoji, name.substr(1, name.size() - 2)) : text(name);
  }
  if (type == "date") return text(day_of(attribute(node, "timestamp")));
  if (type == "mention") return text(attribute(node, "text"));
  if (type == "inlineCard" && !attribute(node, "url").empty()) return url(attribute(node, "url"));
  if (type == "mediaInline") return media(node);
  const bool labelled = type == "status" || type == "inlineExtension";
  std::string words = plain_text(node);
  if (words.empty() && type == "inlineExtension") words = attribute(node, "extensionKey");
  if (words.empty()) return;
  std::ranges::replace(words, '\n', ' ');
  labelled ? add(Kind::code, words) : text(words);
}

}  // namespace causeway::markup::adf
