#include <algorithm>
#include <optional>

#include "agent/markup/adf/canonical.hpp"
#include "agent/markup/characters.hpp"
#include "agent/markup/convert.hpp"
#include "agent/markup/jira_wiki/macros.hpp"
#include "agent/markup/textile/attributes.hpp"

namespace causeway::markup {
namespace {

/// Follows a text line by line: is a code block open, and what would close it?
class CodeWatch {
 public:
  explicit CodeWatch(Format format) : format_(format) {}

  void line(std::string_view line) {
    if (format_ == Format::textile) return textile_line(line);
    if (format_ != Format::jira_wiki) return markdown_line(line);
    macros_.line(line);
    closing_ = macros_.closing();
  }

  [[nodiscard]] bool open() const { return !closing_.empty(); }
  [[nodiscard]] const std::string& closing() const { return closing_; }

 private:
  void textile_line(std::string_view line) {
    for (std::size_t tag = line.find('<'); tag != std::string_view::npos; tag = line.find('<', tag + 1)) {
      const textile::RawTag raw = textile::raw_tag(line, tag);
      if (raw.length == 0 || raw.name == "notextile") continue;
      if (raw.closing) {
        if (raw.name == outer_) closing_.clear();
      } else if (closing_.empty()) {
        outer_ = raw.name;
        closing_ = "</" + outer_ + ">";
      }
    }
  }

  void markdown_line(std::string_view line) {
    std::size_t position = 0;
    while (position < line.size() && (is_blank(line[position]) || line[position] == '>' || is_marker(line, position)))
      ++position;
    const std::string_view rest = line.substr(position);
    const char mark = rest.empty() ? ' ' : rest[0];
    if (mark != '`' && mark != '~') return;
    const std::size_t length = std::min(rest.find_first_not_of(mark), rest.size());
    if (length < 3) return;
    if (open()) {
      const bool closes = mark == mark_ && length >= length_ && trimmed(rest.substr(length)).empty();
      if (closes) closing_.clear();
      return;
    }
    if (mark == '`' && rest.find('`', length) != std::string_view::npos) return;
    mark_ = mark;
    length_ = length;
    closing_.assign(line.substr(0, position));
    for (char& c : closing_)
      if (c != '>' && c != '\t') c = ' ';
    closing_.append(length, mark);
  }

  /// Part of a list item's mark.
  static bool is_marker(std::string_view line, std::size_t position) {
    const char c = line[position];
    const bool ends = position + 1 < line.size() && is_blank(line[position + 1]);
    if (c == '-' || c == '*' || c == '+' || c == '.' || c == ')') return ends;
    return is_digit(c);
  }

  Format format_;
  jira_wiki::OpenMacros macros_;
  std::string closing_;
  std::string outer_;
  char mark_ = ' ';
  std::size_t length_ = 0;
};

struct Place {
  std::size_t end = 0;
  std::string closing;
};

/// Where to cut so that at most `room` bytes stay.
Place place_in(Format format, std::string_view native, std::size_t room) {
  CodeWatch watch{format};
  std::optional<Place> block;
  std::optional<Place> line;
  std::size_t begin = 0;
  for (std::size_t end = native.find('\n'); end != std::string_view::npos && end <= room;
       end = native.find('\n', begin)) {
    const std::string_view text = native.substr(begin, end - begin);
    watch.line(text);
    if (end >= room / 2) {
      line = Place{end, watch.closing()};
      if (!watch.open() && end + 1 < native.size() && native[end + 1] == '\n') block = Place{end, ""};
    }
    begin = end + 1;
  }
  if (block) return *block;
  if (line) return *line;
  std::size_t end = room;
  while (end > 0 && is_continuation(native[end])) --end;
  return Place{end, watch.closing()};
}

}  // namespace

Cut cut_to_limit(Format format, std::string_view native, std::size_t bytes_max, std::string_view link_text) {
  if (native.size() <= bytes_max) return {std::string{native}, false};
  if (format == Format::adf) {
    if (auto cut = adf::cut(native, bytes_max, link_text)) return std::move(*cut);
  }
  constexpr std::string_view gap = "\n\n";
  if (link_text.size() > bytes_max) link_text = {};
  const std::size_t after = link_text.empty() ? 0 : gap.size() + link_text.size();
  std::string text;
  // What closes a code block takes room too, and with less room the cut may fall elsewhere.
  for (std::size_t reserve = after; reserve < bytes_max;) {
    const Place place = place_in(format, native, bytes_max - reserve);
    const std::size_t closing = place.closing.empty() ? 0 : place.closing.size() + 1;
    if (place.end + closing + after > bytes_max) {
      reserve = std::max(reserve + 1, after + closing);
      continue;
    }
    text.assign(native.substr(0, place.end));
    while (!text.empty() && is_space(text.back())) text.pop_back();
    if (closing > 0) text.append("\n").append(place.closing);
    break;
  }
  if (!link_text.empty()) text.append(text.empty() ? "" : gap).append(link_text);
  return {std::move(text), true};
}

}  // namespace causeway::markup
