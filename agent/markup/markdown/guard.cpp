#include "agent/markup/markdown/guard.hpp"

#include <algorithm>

#include "agent/markup/characters.hpp"

namespace causeway::markup::markdown {
namespace {

constexpr std::size_t markers_per_line_max = 64;  // containers opened by one line
constexpr std::size_t columns_max = 1000;         // of a table
constexpr std::size_t pipes_in_header_max = 2000;
constexpr std::size_t brackets_per_block_max = 3000;
constexpr std::size_t parentheses_per_line_max = 2000;
constexpr std::size_t part_bytes = 8192;

/// Where the list, quote and definition marks at a line's start end.
struct Lead {
  std::size_t end = 0;
  std::size_t markers = 0;
  std::size_t indent = 0;
  std::size_t overflow = std::string_view::npos;  ///< the first marker too many
};

/// The end of the list marker at `position`, or `position`.
std::size_t after_list_marker(std::string_view line, std::size_t position) {
  std::size_t end = position;
  if (line[end] == '-' || line[end] == '+' || line[end] == '*') {
    ++end;
  } else {
    while (end < line.size() && end - position < 9 && is_digit(line[end])) ++end;
    if (end == position || end == line.size() || (line[end] != '.' && line[end] != ')')) return position;
    ++end;
  }
  return end == line.size() || is_blank(line[end]) ? end : position;
}

bool is_rule(std::string_view line) {
  const std::size_t first = line.find_first_not_of(" \t");
  if (first == std::string_view::npos || (line[first] != '-' && line[first] != '*')) return false;
  return std::ranges::all_of(line, [mark = line[first]](char c) { return c == mark || is_blank(c); });
}

Lead lead_of(std::string_view line) {
  Lead lead;
  std::size_t position = 0;
  while (position < line.size()) {
    if (is_blank(line[position])) {
      ++lead.indent;
      ++position;
      continue;
    }
    const std::size_t next = line[position] == '>' ? position + 1 : after_list_marker(line, position);
    if (next == position) break;
    if (++lead.markers > markers_per_line_max) {
      if (!is_rule(line)) lead.overflow = position;
      break;
    }
    position = next;
  }
  lead.end = position;
  return lead;
}

/// A row of dashes that may turn the line before it into a table's head.
bool is_delimiter_row(std::string_view rest) {
  if (rest.empty() || (rest[0] != '|' && rest[0] != ':' && rest[0] != '-')) return false;
  return rest.find_first_not_of("|:- \t\v\f") == std::string_view::npos;
}

class Watch {
 public:
  explicit Watch(std::string_view text) : text_(text) {}

  void run() {
    for (std::size_t begin = 0; begin < text_.size();) {
      const std::size_t end = std::min(text_.find('\n', begin), text_.size());
      look_at(begin, text_.substr(begin, end - begin));
      begin = end + 1;
    }
    end_block();
    end_definition(text_.size());
    if (brackets_ * definition_bytes_max_ > 64 * text_.size() + (1U << 20U)) apart_ = true;
    if (depth_max_ > 100 && depth_max_ * lines_ > 20'000'000) apart_ = true;
    std::ranges::sort(insertions_);
  }

  [[nodiscard]] const std::vector<std::size_t>& insertions() const { return insertions_; }
  /// Must the text be read in small parts?
  [[nodiscard]] bool apart() const { return apart_; }

 private:
  void look_at(std::size_t begin, std::string_view line) {
    ++lines_;
    const Lead lead = lead_of(line);
    if (lead.overflow != std::string_view::npos) insertions_.push_back(begin + lead.overflow);
    depth_max_ = std::max(depth_max_, lead.markers + lead.indent / 2);
    const std::string_view rest = line.substr(lead.end);
    if (rest.empty()) {
      end_block();
      end_definition(begin);
      return;
    }
    block_bytes_ += line.size() + 1;
    if (is_delimiter_row(rest)) {
      look_at_delimiter_row(begin + lead.end, rest);
    } else if (columns_ > 1) {
      ++rows_;
    }
    const auto brackets = static_cast<std::size_t>(std::ranges::count(line, '['));
    if (lead.markers > 0 && lead.indent < 4) block_brackets_ = 0;
    brackets_ += brackets;
    block_brackets_ += brackets;
    if (block_brackets_ > brackets_per_block_max) apart_ = true;
    if (line.size() > parentheses_per_line_max &&
        std::ranges::count(line, ')') > std::ptrdiff_t{parentheses_per_line_max})
      apart_ = true;
    if (rest[0] == '[') look_at_definition(begin + lead.end, rest);
    previous_line_ = line;
  }

  void look_at_delimiter_row(std::size_t position, std::string_view rest) {
    const auto columns = static_cast<std::size_t>(std::ranges::count(rest, '|')) + 1;
    if (columns == 1 && rest.find(':') == std::string_view::npos) return;
    // Each such row makes cmark read the paragraph so far once more.
    table_work_ += block_bytes_;
    const bool wide =
        columns > columns_max || std::ranges::count(previous_line_, '|') > std::ptrdiff_t{pipes_in_header_max};
    if (wide || table_work_ > 16 * text_.size() + (1U << 18U)) {
      insertions_.push_back(position);
      return;
    }
    if (columns_ > 1) return;
    columns_ = columns;
    delimiter_row_ = position;
  }

  void look_at_definition(std::size_t position, std::string_view rest) {
    end_definition(position);
    // A footnote's definition would be read as a link's and vanish from the text; it is to stay as it is.
    if (rest.starts_with("[^") && rest.find("]:") != std::string_view::npos) insertions_.push_back(position);
    definition_begin_ = position;
  }

  void end_definition(std::size_t end) {
    if (definition_begin_ == std::string_view::npos) return;
    if (text_.substr(definition_begin_, end - definition_begin_).find("]:") != std::string_view::npos)
      definition_bytes_max_ = std::max(definition_bytes_max_, end - definition_begin_);
    definition_begin_ = std::string_view::npos;
  }

  void end_block() {
    // Every row is filled up to the table's width.
    if (rows_ * columns_ > 4 * block_bytes_ + 100'000) insertions_.push_back(delimiter_row_);
    block_bytes_ = block_brackets_ = rows_ = columns_ = 0;
    previous_line_ = {};
  }

  std::string_view text_;
  std::string_view previous_line_;
  std::vector<std::size_t> insertions_;
  bool apart_ = false;
  std::size_t lines_ = 0;
  std::size_t depth_max_ = 0;
  std::size_t block_bytes_ = 0;
  std::size_t block_brackets_ = 0;
  std::size_t brackets_ = 0;
  std::size_t rows_ = 0;
  std::size_t columns_ = 0;
  std::size_t delimiter_row_ = 0;
  std::size_t table_work_ = 0;
  std::size_t definition_begin_ = std::string_view::npos;
  std::size_t definition_bytes_max_ = 0;
};

/// A control character that `text` does not hold.
char unused_control(std::string_view text) {
  for (char candidate = '\x01'; candidate < '\x09'; ++candidate)
    if (text.find(candidate) == std::string_view::npos) return candidate;
  return '\x01';
}

/// Small parts, ended at a line, and inside a code block only where it ends.
void split(std::string_view text, std::vector<std::string_view>& parts) {
  std::size_t begin = 0;
  bool in_code = false;
  for (std::size_t line = 0; line < text.size();) {
    const std::size_t end = std::min(text.find('\n', line), text.size() - 1) + 1;
    if (text.substr(line, 3) == "```" || text.substr(line, 3) == "~~~") in_code = !in_code;
    if (!in_code && end - begin > part_bytes) {
      std::size_t stop = line > begin ? line : end;
      for (; stop - begin > 2 * part_bytes; begin += part_bytes) {
        std::size_t cut = begin + part_bytes;  // one long line: cut between characters
        while (is_continuation(text[cut])) ++cut;
        parts.push_back(text.substr(begin, cut - begin));
        begin = cut - part_bytes;
      }
      parts.push_back(text.substr(begin, stop - begin));
      begin = stop;
    }
    line = end;
  }
  if (begin < text.size()) parts.push_back(text.substr(begin));
}

}  // namespace

void guard(std::string_view text, Guarded& guarded) {
  Watch watch{text};
  watch.run();
  if (!watch.insertions().empty()) {
    guarded.sentinel = unused_control(text);
    guarded.storage.reserve(text.size() + watch.insertions().size());
    std::size_t kept = 0;
    for (const std::size_t position : watch.insertions()) {
      guarded.storage.append(text.substr(kept, position - kept)).push_back(guarded.sentinel);
      kept = position;
    }
    guarded.storage.append(text.substr(kept));
    text = guarded.storage;
  }
  if (watch.apart()) {
    split(text, guarded.parts);
  } else {
    guarded.parts.push_back(text);
  }
}

}  // namespace causeway::markup::markdown
