/// What only ADF can say, in words that any format can.
#include "agent/markup/adf/block_reader.hpp"
#include "agent/markup/adf/shown.hpp"

namespace causeway::markup::adf {

void BlockReader::show(const Value& node, std::string_view type, std::size_t depth) {
  if (depth > depth_max) {
    shown_.emplace("nesting");
    return paragraph_of(plain_text(node));
  }
  const bool text_like = type == "paragraph" || type == "heading";
  if (!text_like) shown_.emplace(type);
  if (text_like) {
    Node block{.kind = type == "heading" ? Kind::heading : Kind::paragraph};
    if (type == "heading") block.level = 1;
    const auto level = number_attribute(node, "level");
    if (type == "heading" && level) block.level = static_cast<std::uint8_t>(std::clamp(*level, 1.0, 6.0));
    const Index index = document_.open(block);
    inlines(content(node));
    return document_.close(index);
  }
  if (type == "mediaSingle" || type == "mediaGroup") return show_media(node);
  if (type == "media") {
    const Index index = document_.open(Node{.kind = Kind::paragraph});
    media(node);
    return document_.close(index);
  }
  if (type == "table") return show_table(node);
  if (type == "panel") {
    Node panel{.kind = Kind::panel};
    panel.target = document_.keep("custom");
    return nest(node, panel, depth);
  }
  if (type == "bodiedExtension") {
    Node panel{.kind = Kind::panel};
    const std::string_view words = attribute(node, "text");
    panel.title = document_.keep(words.empty() ? attribute(node, "extensionKey") : words);
    return nest(node, panel, depth);
  }
  if (type == "extension") {
    const std::string_view words = attribute(node, "text");
    return paragraph_of(words.empty() ? attribute(node, "extensionKey") : words, Kind::code);
  }
  if (type == "blockCard" || type == "embedCard") {
    if (attribute(node, "url").empty()) return paragraph_of(plain_text(node));
    const Index index = document_.open(Node{.kind = Kind::paragraph});
    url(attribute(node, "url"));
    return document_.close(index);
  }
  const bool list = type == "bulletList" || type == "orderedList" || type == "taskList" || type == "decisionList";
  if (list) return show_list(node, type == "orderedList", depth);
  const auto children = content(node);
  const bool inline_content =
      !children.empty() && (type_of(children[0]) == "text" || type == "taskItem" || type == "decisionItem");
  if (inline_content) {
    const Index index = document_.open(Node{.kind = Kind::paragraph});
    inlines(children);
    return document_.close(index);
  }
  // Layouts, synchronised blocks and what nobody knows: what is in it.
  if (children.empty()) return paragraph_of(plain_text(node));
  blocks(node, depth + 1);
}

void BlockReader::show_list(const Value& node, bool ordered, std::size_t depth) {
  const auto items = content(node);
  if (items.empty()) return;
  const Index index =
      document_.open(Node{.kind = Kind::list, .ordered = ordered, .tight = true, .number = ordered ? 1U : 0U});
  for (const Value& item : items) {
    const std::string_view type = type_of(item);
    Node value{.kind = Kind::item};
    if (type == "taskItem" || type == "blockTaskItem")
      value.task = attribute(item, "state") == "DONE" ? Task::done : Task::open;
    const Index line = document_.open(value);
    const bool inline_content = type == "taskItem" || type == "decisionItem";
    if (inline_content) {
      const Index paragraph = document_.open(Node{.kind = Kind::paragraph});
      inlines(content(item));
      document_.close(paragraph);
    } else if (type == "listItem" || type == "blockTaskItem") {
      blocks(item, depth + 1);
    } else {
      block(item, depth + 1);
    }
    document_.close(line);
  }
  document_.close(index);
}

void BlockReader::show_media(const Value& node) {
  if (content(node).empty()) return;
  const Index index = document_.open(Node{.kind = Kind::paragraph});
  bool first = true;
  for (const Value& piece : content(node)) {
    if (!first) document_.leaf(Node{.kind = Kind::hard_break});
    first = false;
    type_of(piece) == "media" ? media(piece) : inlines(content(piece));
  }
  document_.close(index);
}

/// A file has no address outside the site's own editor: its name, or whatever the writer says it shows.
void BlockReader::media(const Value& node) {
  const std::string_view alternative = attribute(node, "alt");
  std::string_view link;
  for (const Value& mark : marks(node))
    if (type_of(mark) == "link") link = attribute(mark, "href");
  std::optional<Index> open;
  if (!link.empty()) {
    Node value{.kind = Kind::link};
    value.target = document_.keep(link);
    open = document_.open(value);
  }
  if (attribute(node, "type") == "external" && !attribute(node, "url").empty()) {
    Node image{.kind = Kind::image};
    image.text = document_.keep(alternative);
    image.target = document_.keep(attribute(node, "url"));
    document_.leaf(image);
  } else {
    text(alternative.empty() ? std::string_view{"attachment"} : alternative);
  }
  if (open) document_.close(*open);
}

void BlockReader::paragraph_of(std::string_view words, Kind kind) {
  if (words.empty()) return;
  const Index index = document_.open(Node{.kind = Kind::paragraph});
  kind == Kind::text ? text(words) : add(kind, words);
  document_.close(index);
}

void BlockReader::flat(std::span<const Value> nodes, std::string_view mark, std::size_t depth) {
  bool first = true;
  for (const Value& node : nodes) {
    if (!first) document_.leaf(Node{.kind = Kind::hard_break});
    first = false;
    if (!mark.empty()) document_.leaf(Kind::text, mark);
    flat_block(node, depth);
  }
}

void BlockReader::flat_block(const Value& node, std::size_t depth) {
  const std::string_view type = type_of(node);
  if (type == "paragraph" || type == "heading" || type == "taskItem" || type == "decisionItem" || type == "caption")
    return inlines(content(node));
  if (type == "mediaSingle" || type == "mediaGroup" || depth > depth_max) return text(plain_text(node));
  if (type == "media") return media(node);
  if (type == "codeBlock") {
    std::string code = plain_text(node);
    std::ranges::replace(code, '\n', ' ');
    if (!code.empty()) add(Kind::code, code);
    return;
  }
  if (type == "blockCard" || type == "embedCard") return url(attribute(node, "url"));
  const bool list = type == "bulletList" || type == "orderedList" || type == "taskList" || type == "decisionList";
  const auto children = content(node);
  if (children.empty()) return text(plain_text(node));
  flat(children, list ? "\xE2\x80\xA2 " : "", depth + 1);
}

}  // namespace causeway::markup::adf
