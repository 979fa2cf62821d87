#include "adapters/jira/envelope.hpp"

#include <fmt/format.h>

#include "adapters/jira/json_text.hpp"
#include "agent/markup/convert.hpp"

namespace causeway::jira {
namespace {

constexpr std::string_view opening = "-- ";
constexpr std::string_view mark_opening = "(cw:";
constexpr std::size_t url_bytes_max = 300;
constexpr std::size_t whose_bytes_max = 600;

using Allocator = rapidjson::Document::AllocatorType;

/// Nullopt when the line is not ours.
std::optional<envelope::OwnLine> own_line(std::string_view line) {
  while (!line.empty() && (line.back() == ' ' || line.back() == '\t')) line.remove_suffix(1);
  if (!line.starts_with(opening) || !line.ends_with(')')) return std::nullopt;
  const std::size_t mark = line.rfind(mark_opening);
  if (mark == std::string_view::npos || mark == 0 || line[mark - 1] != ' ') return std::nullopt;
  std::string_view inside = line.substr(mark + mark_opening.size());
  inside.remove_suffix(1);
  if (!envelope::is_marker(inside)) return std::nullopt;
  return envelope::OwnLine{inside, mark > opening.size() ? line.substr(opening.size(), mark - 1 - opening.size()) : ""};
}

struct Line {
  std::string before;  ///< "-- alice, "
  std::string url;     ///< may be empty
  std::string after;   ///< " (cw:…)"
};

Line line_of(const Attribution& attribution, const Marker& marker) {
  Attribution named = attribution;
  if (named.url.size() > url_bytes_max) named.url.clear();
  Line line;
  line.url = envelope::plain_url(named.url);
  named.url.clear();
  if (!line.url.empty()) named.origin.clear();
  std::string whose = envelope::whose_words(named);
  if (whose.size() > whose_bytes_max) whose.clear();
  line.before = std::string{opening} + whose;
  if (!line.url.empty() && !whose.empty()) line.before += ", ";
  line.after = fmt::format("{}(cw:{})", whose.empty() && line.url.empty() ? "" : " ", marker.value);
  return line;
}

std::string text_node(std::string_view text, std::string_view href = {}) {
  std::vector<std::pair<std::string, std::string>> members{{"type", "\"text\""}, {"text", quoted(text)}};
  if (!href.empty()) {
    members.emplace_back("marks", list_of({object_of({{"type", "\"link\""}, {"attrs", named("href", href)}})}));
  }
  return object_of(members);
}

std::string paragraph(const std::vector<std::string>& content) {
  if (content.empty()) return R"({"type":"paragraph"})";
  return object_of({{"type", "\"paragraph\""}, {"content", list_of(content)}});
}

std::string document_of(const std::vector<std::string>& blocks) {
  return object_of({{"version", "1"}, {"type", "\"doc\""}, {"content", list_of(blocks)}});
}

std::string plain_document(std::string_view text) {
  std::vector<std::string> paragraphs;
  const std::string lines = envelope::with_line_feeds(text);
  std::size_t start = 0;
  while (start < lines.size()) {
    const std::size_t end = std::min(lines.find('\n', start), lines.size());
    const std::string_view line = std::string_view{lines}.substr(start, end - start);
    if (line.find_first_not_of(" \t") != std::string_view::npos) paragraphs.push_back(paragraph({text_node(line)}));
    start = end + 1;
  }
  return document_of(paragraphs);
}

bool is_document(const json::Value& value) {
  return json::text(value, "type") == "doc" && json::array(value, "content") != nullptr;
}

/// The words of a paragraph of nothing but text; nullopt for any other block.
std::optional<std::string> words_of(const json::Value& block) {
  if (json::text(block, "type") != "paragraph") return std::nullopt;
  const json::Value* content = json::array(block, "content");
  if (content == nullptr) return std::nullopt;
  std::string words;
  for (const json::Value& node : content->GetArray()) {
    const std::string_view type = json::text(node, "type");
    if (type == "inlineCard") {
      // Jira makes a card of an address in some editors.
      if (const json::Value* attributes = json::member(node, "attrs")) words += json::text(*attributes, "url");
      continue;
    }
    if (type != "text") return std::nullopt;
    words += json::text(node, "text");
  }
  return words;
}

std::string wrap_document(std::string_view text, const Line& line) {
  std::vector<std::string> content{text_node(line.before)};
  if (!line.url.empty()) content.push_back(text_node(line.url, line.url));
  content.push_back(text_node(line.after));
  const std::string own = paragraph(content);
  auto document = json::parse(as_document(text));
  auto added = json::parse(own);
  if (!document || !added) return document_of({own});
  Allocator& allocator = document->GetAllocator();
  rapidjson::Value block;
  block.CopyFrom(*added, allocator);
  (*document)["content"].PushBack(block, allocator);
  return written(*document);
}

Unwrapped unwrap_document(std::string_view stored) {
  Unwrapped result;
  auto document = json::parse(stored);
  if (!document || !is_document(*document)) {
    result.text = stored;
    return result;
  }
  rapidjson::Value& blocks = (*document)["content"];
  for (rapidjson::SizeType at = blocks.Size(); at-- > 0;) {
    const auto words = words_of(blocks[at]);
    if (!words) continue;
    const auto line = own_line(*words);
    if (!line) continue;
    result.enveloped = true;
    result.marker = Marker{std::string{line->marker}};
    result.whose = line->whose;
    blocks.Erase(blocks.Begin() + at);
    break;
  }
  if (!blocks.Empty()) result.text = written(*document);
  return result;
}

}  // namespace

std::string as_document(std::string_view text) {
  const auto document = json::parse(text);
  if (document && is_document(*document)) return written(*document);
  return plain_document(text);
}

bool same_text(markup::Format format, std::string_view asked, std::string_view shown) {
  return markup::canonical(format, json::clean(asked)) == markup::canonical(format, shown);
}

std::string wrap(markup::Format format, std::string_view text, const Attribution& attribution, const Marker& marker) {
  const Line line = line_of(attribution, marker);
  if (format == markup::Format::adf) return wrap_document(text, line);
  return envelope::with_last_line(text, line.before + line.url + line.after);
}

Unwrapped unwrap(markup::Format format, std::string_view stored) {
  if (format == markup::Format::adf) return unwrap_document(stored);
  return envelope::without_last_line(stored, own_line);
}

}  // namespace causeway::jira
