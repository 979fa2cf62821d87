#include "agent/markup/textile/writer.hpp"

#include "agent/markup/losses.hpp"
#include "agent/markup/markdown/writer.hpp"

namespace causeway::markup::textile {

Rendered write(const Document& document) {
  Rendered rendered;
  Losses losses;
  for (Document::Index index = 0; index < document.size(); index = document.nodes[index].end) {
    if (!rendered.text.empty()) rendered.text.append("\n\n");
    losses.note("block kept as code");
    rendered.text.append("<pre><code class=\"markdown\">\n")
        .append(markdown::write_block(document, index))
        .append("\n</code></pre>");
  }
  rendered.losses = losses.take();
  return rendered;
}

}  // namespace causeway::markup::textile
