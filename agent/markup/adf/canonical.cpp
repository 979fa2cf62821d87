#include "agent/markup/adf/canonical.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "agent/markup/adf/json.hpp"
#include "agent/markup/characters.hpp"

namespace causeway::markup::adf {
namespace {

constexpr std::string_view document_begin = R"({"content":[)";
constexpr std::string_view document_end = R"(],"type":"doc","version":1})";
constexpr std::string_view empty_paragraph = R"({"type":"paragraph"})";

/// Kinds of nodes of which a beginning is one of the same kind, and valid.
constexpr std::array<std::string_view, 16> divisible{"paragraph",  "heading",         "codeBlock", "blockquote",
                                                     "bulletList", "orderedList",     "listItem",  "panel",
                                                     "expand",     "nestedExpand",    "table",     "taskList",
                                                     "taskItem",   "bodiedExtension", "text",      "decisionList"};

/// As much of `words` as fits into `room` as a JSON string with its quotes; empty if nothing does.
std::string_view beginning(std::string_view words, std::size_t room) {
  std::size_t used = 2;
  std::size_t end = 0;
  while (end < words.size()) {
    std::size_t next = end + 1;
    while (next < words.size() && is_continuation(words[next])) ++next;
    std::string quoted;
    append_quoted(quoted, words.substr(end, next - end));
    used += quoted.size() - 2;
    if (used > room) break;
    end = next;
  }
  return words.substr(0, end);
}

/// `"name":value,` as far as the node has it.
std::string with_name(const Value& node, std::string_view name) {
  const Value* const found = member(node, name);
  if (found == nullptr) return {};
  std::string out;
  append_quoted(out, name);
  return out.append(":").append(sorted_json(*found)).append(",");
}

std::string shortened(const Value& node, std::size_t room, std::size_t depth);

/// The nodes of `nodes` that fit into `room`, parted by commas, and the beginning of the next one where the whole ones
/// leave more than half of the room unused.
std::string first_of(std::span<const Value> nodes, std::size_t room, std::size_t depth) {
  constexpr std::size_t depth_of_cut_max = 8;  // each step down costs one more writing of what is cut
  std::string out;
  for (const Value& node : nodes) {
    const std::size_t comma = out.empty() ? 0 : 1;
    if (out.size() + comma >= room) return out;
    const std::string whole = sorted_json(node);
    const std::size_t left = room - out.size() - comma;
    if (whole.size() <= left) {
      out.append(comma, ',').append(whole);
      continue;
    }
    if (out.size() >= room / 2 || depth >= depth_of_cut_max) return out;
    const std::string part = shortened(node, left, depth + 1);
    if (!part.empty()) out.append(comma, ',').append(part);
    return out;
  }
  return out;
}

/// The beginning of a node that does not fit into `room`; empty if no part of it can stand alone.
std::string shortened(const Value& node, std::size_t room, std::size_t depth) {
  const std::string_view type = type_of(node);
  if (std::ranges::find(divisible, type) == divisible.end()) return {};
  const std::string attributes = with_name(node, "attrs");
  const std::string marks_json = with_name(node, "marks");
  const bool is_text = type == "text";
  const std::string begin = "{" + attributes + (is_text ? marks_json + R"("text":)" : R"("content":[)");
  const std::string end =
      is_text ? std::string{R"(,"type":"text"})"} : "]," + marks_json + R"("type":")" + std::string{type} + R"("})";
  if (begin.size() + end.size() >= room) return {};
  const std::size_t inner_room = room - begin.size() - end.size();
  if (is_text) {
    const std::string_view words = beginning(string_member(node, "text"), inner_room);
    if (words.empty()) return {};
    std::string out = begin;
    append_quoted(out, words);
    return out.append(end);
  }
  const std::string inner = first_of(content(node), inner_room, depth);
  return inner.empty() ? std::string{} : begin + inner + end;
}

std::string text_node(std::string_view words, std::string_view address) {
  std::string out = "{";
  if (!address.empty()) {
    out.append(R"("marks":[{"attrs":{"href":)");
    append_quoted(out, address);
    out.append(R"(},"type":"link"}],)");
  }
  out.append(R"("text":)");
  append_quoted(out, words);
  return out.append(R"(,"type":"text"})");
}

/// A paragraph of `link_text`, in which an address leads where it says.
std::string link_paragraph(std::string_view link_text) {
  if (link_text.empty()) return {};
  std::size_t begin = std::min(link_text.find("https://"), link_text.find("http://"));
  begin = std::min(begin, link_text.size());
  std::size_t end = begin;
  while (end < link_text.size() && !is_space(link_text[end])) ++end;
  while (end > begin && std::string_view{".,;:)"}.find(link_text[end - 1]) != std::string_view::npos) --end;
  std::vector<std::string> nodes;
  const std::string_view address = link_text.substr(begin, end - begin);
  if (begin > 0) nodes.push_back(text_node(link_text.substr(0, begin), ""));
  if (!address.empty()) nodes.push_back(text_node(address, address));
  if (end < link_text.size()) nodes.push_back(text_node(link_text.substr(end), ""));
  return fmt::format(R"({{"content":[{}],"type":"paragraph"}})", fmt::join(nodes, ","));
}

}  // namespace

std::optional<std::string> canonical(std::string_view text) {
  const auto tree = parse_document(text);
  if (!tree) return std::nullopt;
  if (content(*tree).empty()) return "";
  std::string out = stable_json(*tree);
  if (!out.ends_with(document_end)) return out;
  std::string_view blocks = std::string_view{out}.substr(0, out.size() - document_end.size());
  while (blocks.ends_with(empty_paragraph)) {
    blocks.remove_suffix(empty_paragraph.size());
    if (blocks.ends_with(',')) blocks.remove_suffix(1);
  }
  if (blocks == document_begin) return "";
  out.resize(blocks.size());
  return out.append(document_end);
}

std::optional<Cut> cut(std::string_view text, std::size_t bytes_max, std::string_view link_text) {
  auto stable = canonical(text);
  if (!stable) return std::nullopt;
  if (stable->size() <= bytes_max) return Cut{.text = std::move(*stable), .was_cut = false};
  const auto tree = parse_document(*stable);
  const std::size_t frame = document_begin.size() + document_end.size();
  if (!tree || frame > bytes_max) return Cut{.text = "", .was_cut = true};
  std::string link = link_paragraph(link_text);
  if (frame + link.size() > bytes_max) link.clear();
  const std::size_t room = bytes_max - frame - link.size();
  // One byte of it is for the comma before the link.
  std::string blocks = room > 1 ? first_of(content(*tree), room - 1, 0) : std::string{};
  if (!blocks.empty() && !link.empty()) blocks.push_back(',');
  blocks.append(link);
  if (blocks.empty()) return Cut{.text = "", .was_cut = true};
  return Cut{.text = fmt::format("{}{}{}", document_begin, blocks, document_end), .was_cut = true};
}

}  // namespace causeway::markup::adf
