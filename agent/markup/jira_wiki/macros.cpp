#include "agent/markup/jira_wiki/macros.hpp"

#include <algorithm>
#include <array>

#include "agent/markup/characters.hpp"
#include "agent/markup/document.hpp"
#include "agent/markup/jira_wiki/syntax.hpp"

namespace causeway::markup::jira_wiki {
namespace {

constexpr auto npos = std::string_view::npos;
constexpr std::array<std::string_view, 8> paired_names{"color", "quote",   "panel", "info",
                                                       "note",  "warning", "tip",   "expand"};
constexpr std::size_t color = 0;
constexpr std::array<std::string_view, 2> raw_names{"code", "noformat"};

/// The tag at `position`, with nothing but name, parameters, begin and end; its end is 0 if there is none.
Macro tag_at(std::string_view text, std::size_t position) {
  constexpr std::size_t name_characters_max = 64;
  constexpr std::size_t parameter_bytes_max = 2000;
  std::size_t end = position + 1;
  if (end >= text.size() || !is_letter(text[end])) return {};
  while (end < text.size() && end - position <= name_characters_max &&
         (is_word(text[end]) || text[end] == '-' || text[end] == '.'))
    ++end;
  if (end >= text.size()) return {};
  Macro tag{.name = text.substr(position + 1, end - position - 1), .begin = position};
  if (text[end] == ':') {
    const std::size_t close =
        text.substr(0, std::min(text.size(), end + parameter_bytes_max)).find_first_of("{}\n", end);
    if (close == npos) return {};
    tag.parameters = text.substr(end + 1, close - end - 1);
    end = close;
  }
  if (text[end] != '}') return {};
  tag.end = tag.inside_end = tag.after = end + 1;
  return tag;
}

std::size_t paired(std::string_view name) {
  return static_cast<std::size_t>(std::ranges::find(paired_names, name) - paired_names.begin());
}

/// Walks over a text once and pairs what belongs together.
class Finder {
 public:
  explicit Finder(std::string_view text) : text_(text) {}

  std::vector<Macro> run() {
    for (std::size_t position = 0; (position = text_.find_first_of("\\{\n", position)) != npos;) {
      if (text_[position] == '{') {
        position = brace(position);
      } else if (text_[position] == '\\') {
        position += position + 1 < text_.size() && is_punctuation(text_[position + 1]) ? 2 : 1;
      } else {
        const std::size_t next = std::min(text_.find_first_not_of(" \t", position + 1), text_.size());
        if (next < text_.size() && text_[next] == '\n') gap_ = position;
        ++position;
      }
    }
    while (!open_.empty()) drop();
    std::erase_if(macros_, [](const Macro& macro) { return macro.end == 0; });
    return std::move(macros_);
  }

 private:
  std::size_t brace(std::size_t position) {
    if (const CodeSpan code = code_.at(text_, position); code.after > 0) return code.after;
    Macro tag = tag_at(text_, position);
    if (tag.end == 0) return position + 1;
    const auto raw = std::ranges::find(raw_names, tag.name);
    if (raw != raw_names.end()) {
      const bool is_code = raw == raw_names.begin();
      const std::size_t close = (is_code ? code_end_ : noformat_end_).from(text_, tag.end);
      if (close == npos) return tag.end;
      tag.role = Macro::Role::raw;
      tag.inside_end = close;
      tag.after = close + raw->size() + 2;
      macros_.push_back(tag);
      gap_ = position;
      return tag.after;
    }
    const std::size_t index = paired(tag.name);
    if (index == paired_names.size()) {
      macros_.push_back(tag);
      return tag.end;
    }
    const bool closes = tag.parameters.empty() && counts_[index] > 0;
    if (!closes && index == color && tag.parameters.empty()) return tag.end;
    closes ? close(tag, index) : open(tag, index);
    return tag.end;
  }

  void open(Macro tag, std::size_t index) {
    if (open_.size() >= depth_max) return;
    tag.role = index == color ? Macro::Role::color : Macro::Role::container;
    ++counts_[index];
    open_.push_back(Open{macros_.size(), index, gap_});
    macros_.push_back(tag);
  }

  void close(Macro tag, std::size_t index) {
    while (open_.back().index != index) drop();
    const Open open = open_.back();
    open_.pop_back();
    --counts_[index];
    Macro& opening = macros_[open.macro];
    opening.inside_end = tag.begin;
    opening.after = tag.end;
    tag.role = Macro::Role::closing;
    if (index != color) gap_ = tag.begin;
    // A color that spans blocks is kept as two tags.
    if (index == color && gap_ != open.gap) {
      opening.role = tag.role = Macro::Role::other;
      opening.after = opening.inside_end = opening.end;
    }
    macros_.push_back(tag);
  }

  /// What is never closed is text.
  void drop() {
    macros_[open_.back().macro].end = 0;
    --counts_[open_.back().index];
    open_.pop_back();
  }

  struct Open {
    std::size_t macro;
    std::size_t index;
    std::size_t gap;
  };

  std::string_view text_;
  std::vector<Macro> macros_;
  std::vector<Open> open_;
  std::array<std::size_t, paired_names.size()> counts_{};
  std::size_t gap_ = npos;  // the last place where a block ended for certain
  CodeFinder code_;
  NextPlace code_end_{"{code}"};
  NextPlace noformat_end_{"{noformat}"};
};

/// Calls `visit(key, value)` for each parameter; the key is empty where none was given.
template <typename Visit>
void each_parameter(std::string_view parameters, Visit visit) {
  for (std::size_t begin = 0; begin <= parameters.size();) {
    const std::size_t end = std::min(parameters.find('|', begin), parameters.size());
    const std::string_view whole = parameters.substr(begin, end - begin);
    begin = end + 1;
    const std::size_t equals = whole.find('=');
    if (trimmed(whole).empty()) continue;
    if (equals == npos) {
      visit(std::string_view{}, trimmed(whole), whole);
    } else {
      visit(trimmed(whole.substr(0, equals)), trimmed(whole.substr(equals + 1)), whole);
    }
  }
}

}  // namespace

Macros::Macros(std::string_view text) : macros_(Finder{text}.run()) {
  for (const Macro& macro : macros_)
    if (macro.role == Macro::Role::raw || macro.role == Macro::Role::container) blocks_.push_back(&macro);
}

const Macro* Macros::at(std::size_t position) const {
  const auto found = std::ranges::lower_bound(macros_, position, {}, &Macro::begin);
  return found != macros_.end() && found->begin == position ? &*found : nullptr;
}

const Macro* Macros::next_block(std::size_t position) const {
  const auto found = std::ranges::lower_bound(blocks_, position, {}, &Macro::begin);
  return found == blocks_.end() ? nullptr : *found;
}

void OpenMacros::line(std::string_view line) {
  for (std::size_t position = line.find('{'); position != npos; position = line.find('{', position + 1)) {
    const Macro tag = tag_at(line, position);
    const auto raw = std::ranges::find(raw_names, tag.name);
    const std::size_t index = paired(tag.name);
    if (tag.end == 0 || (raw == raw_names.end() && (index == paired_names.size() || index == color))) continue;
    const std::string_view name = raw == raw_names.end() ? paired_names.at(index) : *raw;
    const bool in_raw = !open_.empty() && std::ranges::find(raw_names, open_.back()) != raw_names.end();
    if (in_raw) {
      if (tag.parameters.empty() && name == open_.back()) open_.pop_back();
      continue;
    }
    if (position > 0 && line[position - 1] == '\\') continue;
    const auto opened = std::ranges::find(open_, name);
    if (tag.parameters.empty() && opened != open_.end()) {
      open_.erase(opened, open_.end());
    } else if (open_.size() < depth_max) {
      open_.push_back(name);
    }
  }
  closing_.clear();
  for (auto name = open_.rbegin(); name != open_.rend(); ++name)
    closing_.append(closing_.empty() ? "" : "\n").append("{").append(*name).append("}");
}

std::string parameter(std::string_view parameters, std::string_view key) {
  std::string result;
  bool found = false;
  each_parameter(parameters, [&](std::string_view name, std::string_view value, std::string_view) {
    if (found || name != key) return;
    found = true;
    result = plain(value);
  });
  return result;
}

std::string other_parameters(std::string_view parameters, std::initializer_list<std::string_view> known) {
  std::string result;
  each_parameter(parameters, [&](std::string_view name, std::string_view, std::string_view whole) {
    if (std::ranges::find(known, name) != known.end()) return;
    result.append(result.empty() ? "" : "|").append(whole);
  });
  return result;
}

std::string parameter_value(std::string_view value) {
  std::string result;
  for (std::size_t position = 0; position < value.size(); ++position) {
    const char c = value[position];
    if (c == '\n') {
      result.push_back(' ');
    } else if (c == '{' || c == '}' || c == '|' || c == '=' || c == '\\') {
      result.append(entity_of(c));
    } else if (c == '&' && entity_at(value, position).length > 0) {
      result.append("&amp;");
    } else {
      result.push_back(c);
    }
  }
  return std::string{trimmed(result)};
}

}  // namespace causeway::markup::jira_wiki
