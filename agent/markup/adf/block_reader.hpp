#pragma once
/// ADF nodes, added to a Document.
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "agent/markup/adf/json.hpp"
#include "agent/markup/document.hpp"

namespace causeway::markup::adf {

/// What becomes of a node that only ADF can say.
enum class Foreign : std::uint8_t {
  kept,  ///< verbatim, as its JSON
  shown  ///< in words any format can say
};

class BlockReader {
 public:
  BlockReader(Document& document, Foreign foreign) : document_(document), foreign_(foreign) {}

  /// The content of `parent`, blocks that are `depth` deep.
  void blocks(const Value& parent, std::size_t depth);
  /// `nodes`, which are inlines of one block.
  void inlines(std::span<const Value> nodes);
  void block(const Value& node, std::size_t depth);

  /// The types of the nodes that were shown, named once each.
  [[nodiscard]] const std::set<std::string>& shown() const { return shown_; }

 private:
  using Index = Document::Index;

  // Blocks. Those that return bool add nothing and return false where a Document cannot say it.
  [[nodiscard]] bool known(const Value& node, std::string_view type, std::size_t depth);
  [[nodiscard]] bool styled_block(const Value& node, Node block);
  [[nodiscard]] bool list(const Value& node, bool ordered, std::size_t depth);
  [[nodiscard]] bool task_list(const Value& node, std::size_t depth);
  [[nodiscard]] bool table(const Value& node);
  [[nodiscard]] bool picture(const Value& node);
  void nest(const Value& node, Node block, std::size_t depth);
  void code_block(const Value& node);

  void show(const Value& node, std::string_view type, std::size_t depth);
  void show_list(const Value& node, bool ordered, std::size_t depth);
  void show_table(const Value& node);
  void show_media(const Value& node);
  void media(const Value& node);
  void paragraph_of(std::string_view text, Kind kind = Kind::text);
  /// Blocks where only inlines may stand, with a line break between each two.
  void flat(std::span<const Value> nodes, std::string_view mark, std::size_t depth);
  void flat_block(const Value& node, std::size_t depth);

  // Inlines.
  struct Mark {
    Node node;
    std::string target;
    std::string title;
    friend bool operator==(const Mark& left, const Mark& right) {
      return left.node.kind == right.node.kind && left.target == right.target && left.title == right.title;
    }
  };
  struct Piece {
    const Value* node = nullptr;
    std::vector<Mark> marks;
    bool text = false;  // carries marks; anything else takes those of its neighbours
    bool code = false;
    bool foreign = false;  // has marks a Document cannot say
  };

  [[nodiscard]] static Piece piece_of(const Value& node);
  void settle_marks(const std::vector<Piece>& pieces, std::size_t at);
  [[nodiscard]] static std::size_t run_length(const std::vector<Piece>& pieces, std::size_t at, const Mark& mark);
  void leaf(const Piece& piece);
  [[nodiscard]] bool bare_address(const Piece& piece);
  void text(std::string_view text);
  [[nodiscard]] bool known_inline(const Value& node, std::string_view type);
  void show_inline(const Value& node, std::string_view type);
  void url(std::string_view address);
  void keep(const Value& node, Kind kind);
  void add(Kind kind, std::string_view text);

  Document& document_;
  Foreign foreign_;
  std::set<std::string> shown_;
  std::vector<std::pair<Mark, Index>> open_;
};

/// A style of a paragraph or heading in the words a Document has for it (those of Textile): `=` centred, `>` at the
/// end, `(` for each step of indentation.
[[nodiscard]] bool is_indentation(std::string_view style);

}  // namespace causeway::markup::adf
