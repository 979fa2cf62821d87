#include "agent/markup/markdown/reader.hpp"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>

#include <array>
#include <cstring>
#include <mutex>
#include <string>
#include <vector>

#include "agent/markup/characters.hpp"
#include "agent/markup/html.hpp"
#include "agent/markup/live.hpp"
#include "agent/markup/markdown/arena.hpp"
#include "agent/markup/markdown/fold.hpp"
#include "agent/markup/markdown/guard.hpp"

namespace causeway::markup::markdown {
namespace {

/// cmark-gfm switches its extensions' special characters on and off in global tables while it reads inlines
/// (cmark_manage_extensions_special_characters), so only one thread may be there at a time.
std::mutex& inlines_mutex() {
  static std::mutex mutex;
  return mutex;
}

const std::array<cmark_syntax_extension*, 4>& extensions() {
  static const std::array<cmark_syntax_extension*, 4> found = [] {
    cmark_gfm_core_extensions_ensure_registered();
    return std::array{cmark_find_syntax_extension("table"), cmark_find_syntax_extension("strikethrough"),
                      cmark_find_syntax_extension("autolink"), cmark_find_syntax_extension("tasklist")};
  }();
  return found;
}

std::string_view string_of(const char* text) { return text == nullptr ? std::string_view{} : std::string_view{text}; }

/// The node kinds of the extensions are known by name only.
enum class Extra : std::uint8_t { none, table, head, row, cell, strike, task };

Extra extra_of(cmark_node* node) {
  const std::string_view type = string_of(cmark_node_get_type_string(node));
  if (type == "table") return Extra::table;
  if (type == "table_header") return Extra::head;
  if (type == "table_row") return Extra::row;
  if (type == "table_cell") return Extra::cell;
  if (type == "strikethrough") return Extra::strike;
  if (type == "tasklist") return Extra::task;
  return Extra::none;
}

Align align_of(std::uint8_t mark) {
  return mark == 'l' ? Align::left : mark == 'c' ? Align::center : mark == 'r' ? Align::right : Align::none;
}

class Reader {
 public:
  Reader(Format format, Document& document, char sentinel)
      : format_(format), document_(document), sentinel_(sentinel) {}

  void read(std::string_view part) {
    const Borrowed memory;
    int options = CMARK_OPT_UNSAFE;
    // Redmine::WikiFormatting::CommonMark: one tilde strikes nothing.
    if (format_ == Format::redmine_markdown) options |= CMARK_OPT_STRIKETHROUGH_DOUBLE_TILDE;
    cmark_parser* const parser = cmark_parser_new_with_mem(options, memory.allocator());
    for (cmark_syntax_extension* const extension : extensions())
      cmark_parser_attach_syntax_extension(parser, extension);
    cmark_parser_feed(parser, part.data(), part.size());
    cmark_node* root = nullptr;
    {
      const std::lock_guard lock{inlines_mutex()};
      root = cmark_parser_finish(parser);
    }
    part_ = part;
    lines_.clear();
    walk(root);
  }

 private:
  /// A container that has been begun. `node` is null for a pair of HTML tags, `index` is absent where nothing is kept.
  struct Open {
    cmark_node* node = nullptr;
    std::optional<Document::Index> index;
    std::string tag;
    bool block = false;
    bool nests = false;  // counts for depth_max
  };

  void walk(cmark_node* root) {
    cmark_iter* const iterator = cmark_iter_new(root);
    while (cmark_iter_next(iterator) != CMARK_EVENT_DONE) {
      cmark_node* const node = cmark_iter_get_node(iterator);
      if (node == root) continue;
      if (cmark_iter_get_event_type(iterator) == CMARK_EVENT_EXIT) {
        leave(node);
      } else if (!enter(node)) {
        cmark_iter_reset(iterator, node, CMARK_EVENT_EXIT);
      }
    }
  }

  /// True: the children are to be read too.
  bool enter(cmark_node* node) {
    const cmark_node_type type = cmark_node_get_type(node);
    if (type == CMARK_NODE_TEXT) {
      run_.append(string_of(cmark_node_get_literal(node)));
      return true;
    }
    end_run();
    switch (type) {
      case CMARK_NODE_SOFTBREAK:
        document_.leaf(Node{.kind = Kind::soft_break});
        return true;
      case CMARK_NODE_LINEBREAK:
        document_.leaf(Node{.kind = Kind::hard_break});
        return true;
      case CMARK_NODE_CODE:
        leaf(Kind::code, string_of(cmark_node_get_literal(node)));
        return true;
      case CMARK_NODE_HTML_INLINE:
        html_inline(string_of(cmark_node_get_literal(node)));
        return true;
      case CMARK_NODE_EMPH:
        return begin_inline(node, Node{.kind = Kind::emphasis});
      case CMARK_NODE_STRONG:
        return begin_inline(node, Node{.kind = Kind::strong});
      case CMARK_NODE_LINK:
        return link(node);
      case CMARK_NODE_IMAGE:
        return image(node);
      case CMARK_NODE_PARAGRAPH:
        return begin(node, Node{.kind = Kind::paragraph});
      case CMARK_NODE_HEADING:
        return begin(
            node, Node{.kind = Kind::heading, .level = static_cast<std::uint8_t>(cmark_node_get_heading_level(node))});
      case CMARK_NODE_THEMATIC_BREAK:
        document_.leaf(Node{.kind = Kind::rule});
        return true;
      case CMARK_NODE_CODE_BLOCK:
        code_block(node);
        return true;
      case CMARK_NODE_HTML_BLOCK:
        html_block(string_of(cmark_node_get_literal(node)));
        return true;
      case CMARK_NODE_BLOCK_QUOTE:
        return begin_nest(node, Node{.kind = Kind::quote});
      case CMARK_NODE_LIST:
        return begin_nest(node, Node{.kind = Kind::list,
                                     .ordered = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST,
                                     .tight = cmark_node_get_list_tight(node) != 0,
                                     .number = static_cast<std::uint32_t>(cmark_node_get_list_start(node))});
      case CMARK_NODE_ITEM:
        return begin(node, Node{.kind = Kind::item, .task = task_of(node)});
      default:
        return enter_extra(node);
    }
  }

  bool enter_extra(cmark_node* node) {
    switch (extra_of(node)) {
      case Extra::table: {
        const std::uint8_t* const marks = cmark_gfm_extensions_get_table_alignments(node);
        columns_.assign(marks, marks + cmark_gfm_extensions_get_table_columns(node));
        return begin(node, Node{.kind = Kind::table});
      }
      case Extra::head:
      case Extra::row:
        column_ = 0;
        in_head_ = cmark_gfm_extensions_get_table_row_is_header(node) != 0;
        return begin(node, Node{.kind = Kind::row});
      case Extra::cell: {
        const Align align = column_ < columns_.size() ? align_of(columns_[column_]) : Align::none;
        ++column_;
        return begin(node, Node{.kind = Kind::cell, .align = align, .header = in_head_});
      }
      case Extra::strike:
        return begin_inline(node, Node{.kind = Kind::strike});
      default:
        return true;
    }
  }

  void leave(cmark_node* node) {
    // Every node is left, leaves too: those that were begun as containers are on the stack.
    bool begun = false;
    for (auto open = open_.rbegin(); open != open_.rend() && !begun; ++open) {
      begun = open->node == node;
      if (!begun && open->node != nullptr) return;
    }
    if (!begun) return;
    end_run();
    while (open_.back().node != node) end_pair(false);
    if (open_.back().index) {
      document_.close(*open_.back().index);
      drop_empty_head(*open_.back().index);
    }
    if (open_.back().nests) --nest_depth_;
    if (!open_.back().block) --inline_depth_;
    open_.pop_back();
  }

  bool begin(cmark_node* node, Node value) {
    open_.push_back(Open{.node = node, .index = document_.open(value), .tag = {}, .block = true, .nests = false});
    return true;
  }

  bool begin_nest(cmark_node* node, Node value) {
    if (nest_depth_ < depth_max) {
      ++nest_depth_;
      begin(node, value);
      open_.back().nests = true;
      return true;
    }
    const std::string source = source_lines(cmark_node_get_start_line(node), cmark_node_get_end_line(node));
    leaf(Kind::code_block, source);
    return false;
  }

  bool begin_inline(cmark_node* node, Node value) {
    Open open{.node = node, .index = std::nullopt, .tag = {}, .block = false, .nests = false};
    if (inline_depth_ < depth_max) open.index = document_.open(value);
    ++inline_depth_;
    open_.push_back(std::move(open));
    return true;
  }

  static Task task_of(cmark_node* node) {
    if (extra_of(node) != Extra::task) return Task::none;
    return cmark_gfm_extensions_get_tasklist_item_checked(node) ? Task::done : Task::open;
  }

  bool link(cmark_node* node) {
    const std::string_view target = string_of(cmark_node_get_url(node));
    const std::string_view title = string_of(cmark_node_get_title(node));
    cmark_node* const child = cmark_node_first_child(node);
    if (title.empty() && child != nullptr && cmark_node_next(child) == nullptr &&
        cmark_node_get_type(child) == CMARK_NODE_TEXT) {
      const std::string_view shown = string_of(cmark_node_get_literal(child));
      const bool bare = target == shown || (target.starts_with("mailto:") && target.substr(7) == shown) ||
                        (target.starts_with("http://") && target.substr(7) == shown);
      if (bare && !shown.empty()) {
        Node url{.kind = Kind::url};
        url.text = keep(shown);
        url.target = keep(target);
        document_.leaf(url);
        return false;
      }
    }
    Node value{.kind = Kind::link};
    value.target = keep(target);
    value.title = keep(title);
    return begin_inline(node, value);
  }

  bool image(cmark_node* node) {
    std::string alternative;
    cmark_iter* const iterator = cmark_iter_new(node);
    while (cmark_iter_next(iterator) != CMARK_EVENT_DONE) {
      if (cmark_iter_get_event_type(iterator) != CMARK_EVENT_ENTER) continue;
      cmark_node* const piece = cmark_iter_get_node(iterator);
      const cmark_node_type type = cmark_node_get_type(piece);
      if (type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE) alternative += string_of(cmark_node_get_literal(piece));
      if (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK) alternative.push_back(' ');
    }
    add_image(alternative, string_of(cmark_node_get_url(node)), string_of(cmark_node_get_title(node)));
    return false;
  }

  void add_image(std::string_view alternative, std::string_view target, std::string_view title) {
    Node value{.kind = Kind::image};
    value.text = keep(alternative);
    value.target = keep(target);
    value.title = keep(title);
    document_.leaf(value);
  }

  void code_block(cmark_node* node) {
    std::string_view literal = string_of(cmark_node_get_literal(node));
    if (literal.ends_with('\n')) literal.remove_suffix(1);
    Node value{.kind = Kind::code_block};
    value.text = keep(literal);
    value.target = keep(trimmed(string_of(cmark_node_get_fence_info(node))));
    document_.leaf(value);
  }

  void html_block(std::string_view html) {
    while (html.ends_with('\n')) html.remove_suffix(1);
    if (images_only(html)) return;
    Node value{.kind = Kind::verbatim_block, .source = format_};
    value.text = keep(html);
    document_.leaf(value);
  }

  /// GitHub writes a pasted picture as an `<img>` tag on a line of its own.
  bool images_only(std::string_view html) {
    std::vector<Tag> tags;
    for (std::string_view rest = html; !rest.empty();) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      const auto tag = read_tag(trimmed(rest.substr(0, end)));
      if (!tag || !equals_ignoring_case(tag->name, "img") || tag->attributes.find('>') != std::string_view::npos ||
          !attribute(*tag, "src"))
        return false;
      tags.push_back(*tag);
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    if (tags.empty()) return false;
    const auto paragraph = document_.open(Node{.kind = Kind::paragraph});
    for (const Tag& tag : tags) {
      if (&tag != &tags.front()) document_.leaf(Node{.kind = Kind::soft_break});
      image_tag(tag);
    }
    document_.close(paragraph);
    return true;
  }

  void image_tag(const Tag& tag) {
    add_image(attribute(tag, "alt").value_or(""), attribute(tag, "src").value_or(""),
              attribute(tag, "title").value_or(""));
  }

  void html_inline(std::string_view html) {
    const auto tag = read_tag(html);
    if (!tag) return verbatim(html);
    const bool plain = tag->attributes.empty();
    if (equals_ignoring_case(tag->name, "br") && plain) {
      document_.leaf(Node{.kind = Kind::hard_break});
    } else if (equals_ignoring_case(tag->name, "img") && !tag->closing && attribute(*tag, "src")) {
      image_tag(*tag);
    } else if (tag->closing) {
      const bool closes = !open_.empty() && open_.back().node == nullptr &&
                          equals_ignoring_case(read_tag(open_.back().tag)->name, tag->name);
      closes ? end_pair(true) : verbatim(html);
    } else if (equals_ignoring_case(tag->name, "a") && attribute(*tag, "href")) {
      Node value{.kind = Kind::link};
      value.target = keep(*attribute(*tag, "href"));
      value.title = keep(attribute(*tag, "title").value_or(""));
      begin_pair(html, value);
    } else if (const auto kind = container_of(tag->name); kind && plain) {
      begin_pair(html, Node{.kind = *kind});
    } else {
      verbatim(html);
    }
  }

  void begin_pair(std::string_view html, Node value) {
    if (inline_depth_ >= depth_max) return verbatim(html);
    open_.push_back(Open{
        .node = nullptr, .index = document_.open(value), .tag = std::string{html}, .block = false, .nests = false});
    ++inline_depth_;
  }

  /// Ends the innermost pair of HTML tags. One that was never closed is what it looked like: a lone tag.
  void end_pair(bool closed) {
    const Document::Index index = *open_.back().index;
    if (!closed) {
      Node lone{.kind = Kind::verbatim, .source = format_};
      lone.text = keep(open_.back().tag);
      lone.end = index + 1;
      document_.nodes[index] = lone;
    } else if (document_.size() == index + 1) {
      document_.nodes.pop_back();
    } else {
      document_.close(index);
    }
    --inline_depth_;
    open_.pop_back();
  }

  void verbatim(std::string_view html) {
    Node value{.kind = Kind::verbatim, .source = format_};
    value.text = keep(html);
    document_.leaf(value);
  }

  /// A table without a head is written with an empty one.
  void drop_empty_head(Document::Index index) {
    if (document_.nodes[index].kind != Kind::row || !in_head_) return;
    for (Document::Index cell = index + 1; cell < document_.size(); ++cell)
      if (document_.nodes[cell].kind != Kind::cell) return;
    document_.nodes.resize(index);
  }

  void end_run() {
    if (run_.empty()) return;
    clean(run_);
    for (char& c : run_)
      if (c == '\n') c = ' ';  // from `&#10;`
    add_run(document_, format_, run_);
    run_.clear();
  }

  void clean(std::string& text) const {
    if (sentinel_ != '\0') std::erase(text, sentinel_);
  }

  Span keep(std::string_view text) {
    if (sentinel_ == '\0' || text.find(sentinel_) == std::string_view::npos) return document_.keep(text);
    std::string cleaned{text};
    clean(cleaned);
    return document_.keep(cleaned);
  }

  void leaf(Kind kind, std::string_view text) {
    Node value{.kind = kind};
    value.text = keep(text);
    document_.leaf(value);
  }

  std::string source_lines(int first, int last) {
    if (lines_.empty()) {
      lines_.push_back(0);
      for (std::size_t end = part_.find('\n'); end != std::string_view::npos; end = part_.find('\n', end + 1))
        lines_.push_back(end + 1);
      lines_.push_back(part_.size() + 1);
    }
    const std::size_t begin = std::min<std::size_t>(static_cast<std::size_t>(std::max(first, 1)), lines_.size() - 1);
    const std::size_t end = std::min<std::size_t>(static_cast<std::size_t>(std::max(last, first)), lines_.size() - 1);
    return std::string{part_.substr(lines_[begin - 1], lines_[end] - 1 - lines_[begin - 1])};
  }

  Format format_;
  Document& document_;
  char sentinel_;
  std::string run_;
  std::vector<Open> open_;
  std::vector<std::uint8_t> columns_;
  std::size_t column_ = 0;
  bool in_head_ = false;
  std::size_t nest_depth_ = 0;
  std::size_t inline_depth_ = 0;
  std::string_view part_;
  std::vector<std::size_t> lines_;
};

}  // namespace

Document read(Format format, std::string_view text) {
  Document document;
  document.source = format;
  document.bytes.reserve(text.size() + text.size() / 4);
  document.nodes.reserve(text.size() / 24 + 8);
  Guarded guarded;
  guard(text, guarded);
  Reader reader{format, document, guarded.sentinel};
  for (const std::string_view part : guarded.parts) reader.read(part);
  fold(document, format == Format::github);
  return document;
}

}  // namespace causeway::markup::markdown
