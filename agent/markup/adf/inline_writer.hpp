#pragma once
/// The inlines of one block as ADF nodes.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/markup/document.hpp"
#include "agent/markup/losses.hpp"

namespace causeway::markup::adf {

class InlineWriter {
 public:
  /// Writes nodes to the end of `out`, which is in an open array, and parts them with commas.
  InlineWriter(const Document& document, std::string& out, Losses& losses)
      : document_(document), out_(out), losses_(losses) {}

  /// The children of `block`. `strong`: all text is bold.
  void write(Document::Index block, bool strong = false);
  /// Words that go before what write() adds; flush() is needed where nothing is added.
  void text(std::string_view text, bool strong);
  void flush();
  void line_break();

 private:
  using Index = Document::Index;

  struct Mark {
    std::string_view type;
    std::string json;
  };

  void children(Index parent);
  void inline_at(Index index);
  void container(Index index);
  [[nodiscard]] std::optional<Mark> mark_of(const Node& node);
  [[nodiscard]] std::optional<Mark> style_of(std::string_view style);
  [[nodiscard]] std::optional<Mark> link_to(std::string_view target, std::string_view title);
  void marked(std::string_view words, Mark mark);
  void image(const Node& node);
  void verbatim(const Node& node);
  void add_text(std::string_view words);
  void node(std::string_view json);
  void update_marks();

  const Document& document_;
  std::string& out_;
  Losses& losses_;
  std::vector<Mark> open_;
  std::string marks_;    // those of the next text, as JSON; empty: none
  std::string pending_;  // text not yet written
  std::string pending_marks_;
};

/// A comma, unless an array or object has just begun.
void separate(std::string& out);

/// May a document of this source link there? Addresses that run something, and those that mean nothing on another site,
/// may not be links.
[[nodiscard]] bool can_link(Format source, std::string_view target);

}  // namespace causeway::markup::adf
