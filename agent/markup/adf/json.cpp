#include "agent/markup/adf/json.hpp"

#include <algorithm>
#include <vector>

#include "agent/markup/characters.hpp"

namespace causeway::markup::adf {
namespace {

/// The code unit that the escape `\uXXXX` at `position` names; nullopt if there is none.
std::optional<unsigned> unit_at(std::string_view text, std::size_t position) {
  if (text.substr(position, 2) != "\\u" || position + 6 > text.size()) return std::nullopt;
  unsigned unit = 0;
  for (const char c : text.substr(position + 2, 4)) {
    if (!is_hexadecimal(c)) return std::nullopt;
    unit = unit * 16 + static_cast<unsigned>(is_digit(c) ? c - '0' : to_lower(c) - 'a' + 10);
  }
  return unit;
}

/// `text` with escapes that name half of a surrogate pair replaced, at which the parser would stop.
std::string whole_pairs(std::string_view text) {
  std::string out;
  std::size_t done = 0;
  for (std::size_t escape = text.find('\\'); escape != std::string_view::npos; escape = text.find('\\', escape)) {
    const auto unit = unit_at(text, escape);
    if (!unit) {
      escape += 2;
      continue;
    }
    const bool high = *unit >= 0xD800 && *unit < 0xDC00;
    const auto next = high ? unit_at(text, escape + 6) : std::nullopt;
    const bool pair = next && *next >= 0xDC00 && *next < 0xE000;
    if (pair) {
      escape += 12;
      continue;
    }
    if (*unit >= 0xD800 && *unit < 0xE000) {
      out.append(text.substr(done, escape - done)).append("\\uFFFD");
      done = escape + 6;
    }
    escape += 6;
  }
  return out.append(text.substr(done));
}

std::optional<Tree> parsed(std::string_view text) {
  Tree tree;
  tree.Parse<rapidjson::kParseFullPrecisionFlag | rapidjson::kParseIterativeFlag>(text.data(), text.size());
  if (tree.HasParseError()) return std::nullopt;
  return tree;
}

}  // namespace

std::optional<Tree> parse_json(std::string_view text) {
  auto tree = parsed(text);
  const bool may_be_half = text.find("\\ud") != std::string_view::npos || text.find("\\uD") != std::string_view::npos;
  if (!tree && may_be_half) tree = parsed(whole_pairs(text));
  return tree;
}

std::optional<Tree> parse_document(std::string_view text) {
  const std::size_t begin = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  if (begin == text.size() || text[begin] != '{') return std::nullopt;
  auto tree = parse_json(text);
  if (!tree || type_of(*tree) != "doc") return std::nullopt;
  return tree;
}

std::string_view view(const Value& string) { return {string.GetString(), string.GetStringLength()}; }

const Value* member(const Value& object, std::string_view name) {
  if (!object.IsObject()) return nullptr;
  for (const auto& entry : object.GetObject())
    if (view(entry.name) == name) return &entry.value;
  return nullptr;
}

std::string_view string_member(const Value& object, std::string_view name) {
  const Value* const found = member(object, name);
  return found != nullptr && found->IsString() ? view(*found) : std::string_view{};
}

std::span<const Value> elements(const Value& object, std::string_view name) {
  const Value* const found = member(object, name);
  if (found == nullptr || !found->IsArray()) return {};
  return {found->Begin(), found->End()};
}

std::string_view attribute(const Value& node, std::string_view name) {
  const Value* const attributes = member(node, "attrs");
  return attributes == nullptr ? std::string_view{} : string_member(*attributes, name);
}

std::optional<double> number_attribute(const Value& node, std::string_view name) {
  const Value* const attributes = member(node, "attrs");
  const Value* const found = attributes == nullptr ? nullptr : member(*attributes, name);
  if (found == nullptr || !found->IsNumber()) return std::nullopt;
  return found->GetDouble();
}

void append_quoted(std::string& out, std::string_view text) {
  constexpr std::string_view digits = "0123456789abcdef";
  out.push_back('"');
  std::size_t done = 0;
  for (std::size_t position = 0; position < text.size(); ++position) {
    const auto byte = static_cast<unsigned char>(text[position]);
    if (byte >= 0x20 && byte != '"' && byte != '\\') continue;
    out.append(text.substr(done, position - done));
    done = position + 1;
    if (byte == '"' || byte == '\\') {
      out.push_back('\\');
      out.push_back(text[position]);
    } else if (byte == '\n') {
      out.append("\\n");
    } else if (byte == '\t') {
      out.append("\\t");
    } else {
      out.append("\\u00").append(1, digits[byte >> 4U]).append(1, digits[byte & 0xFU]);
    }
  }
  out.append(text.substr(done)).push_back('"');
}

std::string plain_text(const Value& node) {
  std::string out;
  std::vector<const Value*> waiting{&node};
  while (!waiting.empty()) {
    const Value& next = *waiting.back();
    waiting.pop_back();
    std::string_view words = string_member(next, "text");
    if (words.empty()) words = attribute(next, "text");
    if (words.empty()) words = attribute(next, "title");
    if (!words.empty()) {
      if (!out.empty()) out.push_back(' ');
      out.append(words);
    }
    const auto children = content(next);
    for (auto child = children.rbegin(); child != children.rend(); ++child) waiting.push_back(&*child);
  }
  return out;
}

}  // namespace causeway::markup::adf
