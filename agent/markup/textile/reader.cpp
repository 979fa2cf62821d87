#include "agent/markup/textile/reader.hpp"

#include <algorithm>

#include "agent/markup/live.hpp"

namespace causeway::markup::textile {

Document read(std::string_view text) {
  Document document;
  document.source = Format::textile;
  std::optional<Document::Index> paragraph;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line = text.substr(begin, end - begin);
    begin = end + 1;
    if (line.empty()) {
      if (paragraph) document.close(*paragraph);
      paragraph.reset();
      continue;
    }
    if (paragraph) {
      document.leaf(Node{.kind = Kind::soft_break});
    } else {
      paragraph = document.open(Node{.kind = Kind::paragraph});
    }
    add_run(document, Format::textile, line);
  }
  if (paragraph) document.close(*paragraph);
  return document;
}

}  // namespace causeway::markup::textile
