#include "agent/markup/adf/block_reader.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "agent/markup/adf/reader.hpp"

namespace causeway::markup::adf {
namespace {

bool all_are(std::span<const Value> nodes, std::string_view type) {
  return std::ranges::all_of(nodes, [type](const Value& node) { return type_of(node) == type; });
}

bool is_only_paragraph(std::span<const Value> nodes) {
  return nodes.empty() || (nodes.size() == 1 && type_of(nodes[0]) == "paragraph");
}

/// The alignment its marks ask for; nullopt: they ask for something else.
std::optional<std::string> style_of(const Value& node) {
  const auto list = marks(node);
  if (list.empty()) return "";
  if (list.size() > 1) return std::nullopt;
  const std::string_view type = type_of(list[0]);
  const std::string_view align = attribute(list[0], "align");
  if (type == "alignment" && align == "center") return "=";
  if (type == "alignment" && align == "end") return ">";
  const auto level = number_attribute(list[0], "level");
  if (type == "indentation" && level && *level >= 1 && *level <= 6)
    return std::string(static_cast<std::size_t>(*level), '(');
  return std::nullopt;
}

/// The one picture with an address of its own that a mediaSingle is; nullptr: it is something else.
const Value* external_picture(const Value& single) {
  const auto pictures = content(single);
  if (type_of(single) != "mediaSingle" || pictures.size() != 1 || !marks(single).empty()) return nullptr;
  const Value& picture = pictures[0];
  if (type_of(picture) != "media" || attribute(picture, "type") != "external" || !marks(picture).empty())
    return nullptr;
  return &picture;
}

bool is_panel_sort(std::string_view sort) {
  constexpr std::array<std::string_view, 6> sorts{"info", "note", "tip", "warning", "error", "success"};
  return std::ranges::find(sorts, sort) != sorts.end();
}

bool is_loose(std::span<const Value> items) {
  return std::ranges::any_of(items, [](const Value& item) {
    const auto blocks = content(item);
    for (std::size_t index = 1; index < blocks.size(); ++index)
      if (type_of(blocks[index]) == "paragraph" && type_of(blocks[index - 1]) == "paragraph") return true;
    return false;
  });
}

bool is_whole_cell(const Value& cell) {
  const Value* const attributes = member(cell, "attrs");
  if (attributes != nullptr && attributes->IsObject()) {
    for (const auto& [name, value] : attributes->GetObject()) {
      const bool span = view(name) == "colspan" || view(name) == "rowspan";
      if (span && !(value.IsNumber() && value.GetDouble() == 1)) return false;
      if (view(name) == "background") return false;
    }
  }
  const auto blocks = content(cell);
  if (blocks.size() == 1 && external_picture(blocks[0]) != nullptr) return true;
  if (!is_only_paragraph(blocks)) return false;
  const auto style = blocks.empty() ? std::optional<std::string>{""} : style_of(blocks[0]);
  return style && !style->starts_with('(');
}

}  // namespace

bool is_indentation(std::string_view style) {
  return !style.empty() && style.find_first_not_of('(') == std::string_view::npos;
}

void BlockReader::blocks(const Value& parent, std::size_t depth) {
  for (const Value& node : content(parent)) block(node, depth);
}

void BlockReader::block(const Value& node, std::size_t depth) {
  const std::string_view type = type_of(node);
  if (depth <= depth_max && known(node, type, depth)) return;
  if (foreign_ == Foreign::kept) return keep(node, Kind::verbatim_block);
  show(node, type, depth);
}

bool BlockReader::known(const Value& node, std::string_view type, std::size_t depth) {
  if (type == "paragraph") return styled_block(node, Node{.kind = Kind::paragraph});
  if (type == "heading") {
    const double level = std::clamp(number_attribute(node, "level").value_or(1), 1.0, 6.0);
    return styled_block(node, Node{.kind = Kind::heading, .level = static_cast<std::uint8_t>(level)});
  }
  if (type == "bulletList") return list(node, false, depth);
  if (type == "orderedList") return list(node, true, depth);
  if (type == "taskList") return task_list(node, depth);
  if (type == "table") return table(node);
  if (type == "mediaSingle") return picture(node);
  if (type == "codeBlock") {
    code_block(node);
    return true;
  }
  if (type == "rule") {
    document_.leaf(Node{.kind = Kind::rule});
    return true;
  }
  if (type == "blockquote") {
    nest(node, Node{.kind = Kind::quote}, depth);
    return true;
  }
  if (type == "panel" && is_panel_sort(attribute(node, "panelType"))) {
    Node panel{.kind = Kind::panel};
    panel.target = document_.keep(attribute(node, "panelType"));
    nest(node, panel, depth);
    return true;
  }
  if (type == "expand" || type == "nestedExpand") {
    Node details{.kind = Kind::details};
    details.title = document_.keep(attribute(node, "title"));
    nest(node, details, depth);
    return true;
  }
  return false;
}

bool BlockReader::styled_block(const Value& node, Node block) {
  const auto style = style_of(node);
  if (!style) return false;
  block.title = document_.keep(*style);
  const Index index = document_.open(block);
  inlines(content(node));
  document_.close(index);
  return true;
}

void BlockReader::nest(const Value& node, Node block, std::size_t depth) {
  const Index index = document_.open(block);
  blocks(node, depth + 1);
  document_.close(index);
}

void BlockReader::code_block(const Value& node) {
  std::string code;
  for (const Value& piece : content(node)) code.append(string_member(piece, "text"));
  std::erase_if(code, [](char c) { return c == '\0' || c == '\r'; });
  Node block{.kind = Kind::code_block};
  block.text = document_.keep(code);
  block.target = document_.keep(attribute(node, "language"));
  document_.leaf(block);
}

bool BlockReader::list(const Value& node, bool ordered, std::size_t depth) {
  const auto items = content(node);
  if (items.empty() || !all_are(items, "listItem")) return false;
  const double first = std::clamp(number_attribute(node, "order").value_or(1), 0.0, 999'999'999.0);
  const Index index = document_.open(Node{.kind = Kind::list,
                                          .ordered = ordered,
                                          .tight = !is_loose(items),
                                          .number = ordered ? static_cast<std::uint32_t>(first) : 0});
  for (const Value& item : items) nest(item, Node{.kind = Kind::item}, depth);
  document_.close(index);
  return true;
}

bool BlockReader::task_list(const Value& node, std::size_t depth) {
  const auto items = content(node);
  if (items.empty() || type_of(items[0]) != "taskItem") return false;
  for (const Value& item : items)
    if (type_of(item) != "taskItem" && type_of(item) != "taskList") return false;
  const Index index = document_.open(Node{.kind = Kind::list, .ordered = false, .tight = true});
  std::optional<Index> open;
  for (const Value& item : items) {
    if (type_of(item) == "taskList") {
      block(item, depth + 1);  // a list below the task before it
      continue;
    }
    if (open) document_.close(*open);
    open =
        document_.open(Node{.kind = Kind::item, .task = attribute(item, "state") == "DONE" ? Task::done : Task::open});
    if (content(item).empty()) continue;
    const Index paragraph = document_.open(Node{.kind = Kind::paragraph});
    inlines(content(item));
    document_.close(paragraph);
  }
  document_.close(*open);
  document_.close(index);
  return true;
}

bool BlockReader::table(const Value& node) {
  const auto rows = content(node);
  if (rows.empty() || !all_are(rows, "tableRow")) return false;
  for (const Value& row : rows)
    for (const Value& cell : content(row)) {
      const bool named = type_of(cell) == "tableCell" || type_of(cell) == "tableHeader";
      if (!named || !is_whole_cell(cell)) return false;
    }
  show_table(node);
  return true;
}

bool BlockReader::picture(const Value& node) {
  const Value* const found = external_picture(node);
  if (found == nullptr) return false;
  const Index index = document_.open(Node{.kind = Kind::paragraph});
  media(*found);
  document_.close(index);
  return true;
}

void BlockReader::show_table(const Value& node) {
  const Index table = document_.open(Node{.kind = Kind::table});
  for (const Value& row : content(node)) {
    const Index line = document_.open(Node{.kind = Kind::row});
    for (const Value& cell : content(row)) {
      Node value{.kind = Kind::cell, .header = type_of(cell) == "tableHeader"};
      const auto blocks = content(cell);
      const auto style = blocks.empty() ? std::nullopt : style_of(blocks[0]);
      if (style && *style == "=") value.align = Align::center;
      if (style && *style == ">") value.align = Align::right;
      const Index index = document_.open(value);
      const Value* const only = blocks.size() == 1 ? external_picture(blocks[0]) : nullptr;
      if (only != nullptr) {
        media(*only);
      } else {
        flat(blocks, "", 0);
      }
      document_.close(index);
    }
    document_.close(line);
  }
  document_.close(table);
}

void BlockReader::keep(const Value& node, Kind kind) {
  Node value{.kind = kind, .source = Format::adf};
  value.text = document_.keep(stable_json(node));
  document_.leaf(value);
}

void BlockReader::add(Kind kind, std::string_view text) {
  Node value{.kind = kind};
  value.text = document_.keep(text);
  document_.leaf(value);
}

Document read(std::string_view text) {
  Document document;
  document.source = Format::adf;
  document.bytes.reserve(text.size());
  document.nodes.reserve(text.size() / 64 + 8);
  BlockReader reader{document, Foreign::kept};
  if (const auto tree = parse_document(text)) {
    reader.blocks(*tree, 0);
    return document;
  }
  // No ADF: somebody's plain text.
  while (!text.empty()) {
    const std::size_t end = std::min(text.find("\n\n"), text.size());
    std::string_view lines = text.substr(0, end);
    text.remove_prefix(std::min(end + 2, text.size()));
    while (lines.starts_with('\n')) lines.remove_prefix(1);
    if (lines.empty()) continue;
    const auto paragraph = document.open(Node{.kind = Kind::paragraph});
    for (bool first = true; !lines.empty(); first = false) {
      const std::size_t line = std::min(lines.find('\n'), lines.size());
      if (!first) document.leaf(Node{.kind = Kind::hard_break});
      if (line > 0) document.leaf(Kind::text, lines.substr(0, line));
      lines.remove_prefix(std::min(line + 1, lines.size()));
    }
    document.close(paragraph);
  }
  return document;
}

}  // namespace causeway::markup::adf
