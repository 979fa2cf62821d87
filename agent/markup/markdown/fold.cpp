#include "agent/markup/markdown/fold.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "agent/markup/characters.hpp"
#include "agent/markup/html.hpp"

namespace causeway::markup::markdown {
namespace {

using Index = Document::Index;

/// `text` without the tag `name` at its beginning; nullopt if there is none, or one with attributes.
std::optional<std::string_view> behind_tag(std::string_view text, std::string_view name, bool closing) {
  const std::size_t end = text.find('>');
  if (end == std::string_view::npos) return std::nullopt;
  const auto tag = read_tag(text.substr(0, end + 1));
  if (!tag || tag->closing != closing || !equals_ignoring_case(tag->name, name)) return std::nullopt;
  if (!tag->attributes.empty() && !equals_ignoring_case(trimmed(tag->attributes), "open")) return std::nullopt;
  return trimmed(text.substr(end + 1));
}

/// The words of a summary, without marks; nullopt if there is more in it than words.
std::optional<std::string> words_of(std::string_view html) {
  std::string out;
  while (!html.empty()) {
    const std::size_t open = std::min(html.find('<'), html.size());
    out.append(html.substr(0, open));
    html.remove_prefix(open);
    if (html.empty()) break;
    const std::size_t end = html.find('>');
    if (end == std::string_view::npos) return std::nullopt;
    const auto tag = read_tag(html.substr(0, end + 1));
    const bool mark = tag && (container_of(tag->name) || equals_ignoring_case(tag->name, "code"));
    if (!mark) return std::nullopt;
    html.remove_prefix(end + 1);
  }
  for (char& c : out)
    if (c == '\n') c = ' ';
  std::string decoded = decode_entities(out);
  for (char& c : decoded)
    if (c == '\n') c = ' ';
  return std::string{trimmed(decoded)};
}

/// The title of the folding block that `html` begins; nullopt if it begins none, or holds more.
std::optional<std::string> title_of(std::string_view html) {
  const auto inner = behind_tag(trimmed(html), "details", false);
  if (!inner) return std::nullopt;
  if (inner->empty()) return "";
  const auto summary = behind_tag(*inner, "summary", false);
  constexpr std::string_view end = "</summary>";
  if (!summary || !summary->ends_with(end)) return std::nullopt;
  return words_of(summary->substr(0, summary->size() - end.size()));
}

bool is_end(std::string_view html) {
  const auto behind = behind_tag(trimmed(html), "details", true);
  return behind && behind->empty();
}

/// The sort of panel that a quote's first words name; empty if they name none.
std::string_view sort_of(std::string_view words) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> alerts{{{"[!NOTE]", "info"},
                                                                                 {"[!TIP]", "tip"},
                                                                                 {"[!IMPORTANT]", "note"},
                                                                                 {"[!WARNING]", "warning"},
                                                                                 {"[!CAUTION]", "error"}}};
  for (const auto& [word, sort] : alerts)
    if (equals_ignoring_case(trimmed(words), word)) return sort;
  return {};
}

class Folder {
 public:
  Folder(Document& document, bool alerts) : document_(document), gone_(document.size() + 1), alerts_(alerts) {}

  void run() {
    for (Index index = 0; index < document_.size(); ++index) {
      while (!open_.empty() && document_.nodes[open_.back()].end <= index) leave();
      const Node& node = document_.nodes[index];
      if (node.kind == Kind::verbatim_block) html(index);
      if (alerts_ && node.kind == Kind::quote && open_.empty()) alert(index);
      if (is_block(node.kind) && document_.has_children(index)) open_.push_back(index);
    }
    if (changed_) rebuild();
  }

 private:
  /// A folding block that has begun, and how many blocks it stands in.
  struct Begun {
    Index index = 0;
    std::size_t depth = 0;
    std::string title;
  };

  void leave() {
    while (!begun_.empty() && begun_.back().depth >= open_.size()) begun_.pop_back();
    open_.pop_back();
  }

  void html(Index index) {
    const std::string_view html = document_.text(document_.nodes[index]);
    if (html.size() < 2 || html[0] != '<') return;
    if (auto title = title_of(html)) {
      if (open_.size() + begun_.size() < depth_max) begun_.push_back(Begun{index, open_.size(), std::move(*title)});
      return;
    }
    if (begun_.empty() || begun_.back().depth != open_.size() || !is_end(html)) return;
    Node& details = document_.nodes[begun_.back().index];
    details = Node{.kind = Kind::details, .end = index};
    details.title = document_.keep(begun_.back().title);
    gone_[index] = true;
    begun_.pop_back();
    changed_ = true;
  }

  void alert(Index quote) {
    const Index paragraph = quote + 1;
    if (!document_.has_children(quote) || document_.nodes[paragraph].kind != Kind::paragraph) return;
    const Index word = paragraph + 1;
    if (!document_.has_children(paragraph) || document_.nodes[word].kind != Kind::text) return;
    const std::string_view sort = sort_of(document_.text(document_.nodes[word]));
    const Index next = word + 1;
    const bool alone = next == document_.nodes[paragraph].end;
    if (sort.empty() || (!alone && document_.nodes[next].kind != Kind::soft_break)) return;
    document_.nodes[quote].kind = Kind::panel;
    document_.nodes[quote].target = document_.keep(sort);
    gone_[word] = true;
    gone_[alone ? paragraph : next] = true;
    changed_ = true;
  }

  /// Takes what is gone out; what ended behind it ends that much earlier.
  void rebuild() {
    std::vector<Index> moved(document_.size() + 1);
    Index kept = 0;
    for (Index index = 0; index <= document_.size(); ++index) {
      moved[index] = kept;
      if (!gone_[index]) ++kept;
    }
    std::vector<Node> nodes;
    nodes.reserve(kept);
    for (Index index = 0; index < document_.size(); ++index) {
      if (gone_[index]) continue;
      nodes.push_back(document_.nodes[index]);
      nodes.back().end = moved[nodes.back().end];
    }
    document_.nodes = std::move(nodes);
  }

  Document& document_;
  std::vector<bool> gone_;
  bool alerts_;
  std::vector<Index> open_;  // the blocks that hold the one that is looked at
  std::vector<Begun> begun_;
  bool changed_ = false;
};

}  // namespace

void fold(Document& document, bool alerts) { Folder{document, alerts}.run(); }

}  // namespace causeway::markup::markdown
