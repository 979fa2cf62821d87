#include "config/node.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <sstream>

namespace causeway::config {
namespace {

constexpr std::string_view plain_tag = "?";  // yaml-cpp's word for a scalar without quotes and without a tag
constexpr std::string_view yaml_remedy = "see that indentation, colons and quotes are right";

std::size_t size(const Node& node) {
  std::size_t total = 1;
  for (const Node& item : node.items) total += size(item);
  for (const Entry& entry : node.entries) total += size(entry.value);
  return total;
}

/// Ends the parser from inside a handler.
struct Refused {
  int line;
  std::string what;
  std::string remedy;
};

/// Builds the tree from yaml-cpp's events. Every node counts, those that an alias repeats too: ten lines of aliases of
/// aliases could otherwise become more nodes than there is memory.
class Builder final : public YAML::EventHandler {
 public:
  explicit Builder(Problems& problems) : problems_(problems) {}

  void OnDocumentStart(const YAML::Mark& /*mark*/) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Node node;
    node.line = line(mark);
    add(std::move(node), anchor);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    Node node;
    node.kind = Node::Kind::scalar;
    node.line = line(mark);
    node.text = value;
    node.plain = tag == plain_tag;
    add(std::move(node), anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end())
      throw Refused{line(mark), "an alias stands inside what it repeats", "write out what is meant"};
    count(size(found->second) - 1, line(mark));
    add(found->second, YAML::NullAnchor);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    open(mark, Node::Kind::list, anchor);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string& /*tag*/, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    open(mark, Node::Kind::map, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapEnd() override { close(); }

  [[nodiscard]] Node take() { return std::move(root_); }

 private:
  struct Open {
    Node node;
    YAML::anchor_t anchor;
    std::optional<Entry> entry;  ///< in a map: the key that waits for its value
  };

  static int line(const YAML::Mark& mark) { return mark.line + 1; }

  void count(std::size_t more, int at) {
    nodes_ += more;
    if (nodes_ > nodes_max)
      throw Refused{at, fmt::format("more than {} values, counting what aliases repeat", nodes_max),
                    "write less, without aliases"};
  }

  void open(const YAML::Mark& mark, Node::Kind kind, YAML::anchor_t anchor) {
    if (open_.size() >= depth_max)
      throw Refused{line(mark), fmt::format("nested more than {} deep", depth_max),
                    "see that this is the configuration"};
    Open opened{{}, anchor, std::nullopt};
    opened.node.kind = kind;
    opened.node.line = line(mark);
    open_.push_back(std::move(opened));
  }

  void close() {
    Open closed = std::move(open_.back());
    open_.pop_back();
    add(std::move(closed.node), closed.anchor);
  }

  void add(Node node, YAML::anchor_t anchor) {
    count(1, node.line);
    if (anchor != YAML::NullAnchor) anchors_[anchor] = node;
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    Open& around = open_.back();
    if (around.node.kind == Node::Kind::list) {
      around.node.items.push_back(std::move(node));
      return;
    }
    if (!around.entry) {
      if (node.kind != Node::Kind::scalar) throw Refused{node.line, "a key that is no text", "write key: value"};
      around.entry = Entry{node.text, node.line, {}};
      return;
    }
    add_entry(around.node, std::move(*around.entry), std::move(node));
    around.entry.reset();
  }

  void add_entry(Node& map, Entry entry, Node value) {
    const auto before =
        std::find_if(map.entries.begin(), map.entries.end(), [&](const Entry& one) { return one.key == entry.key; });
    if (before != map.entries.end()) {
      problems_.error(entry.line, path_to(entry.key),
                      fmt::format("this key stands here for the second time, first in line {}", before->line),
                      "take one of them away");
      return;
    }
    // What stands behind a key is looked for in the key's line.
    if (value.kind != Node::Kind::scalar) value.line = entry.line;
    entry.value = std::move(value);
    map.entries.push_back(std::move(entry));
  }

  [[nodiscard]] std::string path_to(const std::string& key) const {
    std::string path;
    for (std::size_t depth = 0; depth + 1 < open_.size(); ++depth) {
      const Open& one = open_[depth];
      path += one.entry ? one.entry->key : std::to_string(one.node.items.size());
      path += '/';
    }
    return path + key;
  }

  Problems& problems_;
  Node root_;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, Node> anchors_;
  std::size_t nodes_ = 0;
};

/// YAML forbids tabs in front of a line; yaml-cpp tells it in riddles ("illegal map value").
bool has_tabs(std::string_view yaml, Problems& problems) {
  bool found = false;
  int line = 1;
  for (std::size_t begin = 0; begin < yaml.size(); ++line) {
    const std::size_t end = std::min(yaml.find('\n', begin), yaml.size());
    const std::string_view text = yaml.substr(begin, end - begin);
    const std::size_t first = text.find_first_not_of(" \t\r");
    if (first != std::string_view::npos && text[first] != '#' &&
        text.substr(0, first).find('\t') != std::string_view::npos) {
      problems.error(line, "", "a tab stands in front of the line", "indent with blanks");
      found = true;
    }
    begin = end + 1;
  }
  return found;
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

}  // namespace

bool Problems::errors() const {
  return std::any_of(found_.begin(), found_.end(), [](const Problem& problem) { return !problem.warning; });
}

bool Problems::reported(const std::string& path) const {
  return std::any_of(found_.begin(), found_.end(), [&](const Problem& problem) {
    return !problem.warning && (problem.path == path || problem.path.starts_with(path + "/"));
  });
}

std::vector<Problem> Problems::take() {
  std::stable_sort(found_.begin(), found_.end(), [](const Problem& a, const Problem& b) { return a.line < b.line; });
  return std::move(found_);
}

const Node* Node::find(std::string_view key) const {
  const auto found = std::find_if(entries.begin(), entries.end(), [&](const Entry& entry) { return entry.key == key; });
  return found == entries.end() ? nullptr : &found->value;
}

bool Node::is_boolean() const {
  return kind == Kind::scalar && plain && is_one_of(text, {"true", "True", "TRUE", "false", "False", "FALSE"});
}

bool Node::is_integer() const {
  if (kind != Kind::scalar || !plain) return false;
  const std::string_view digits = std::string_view{text}.substr(text.starts_with('-') ? 1 : 0);
  return !digits.empty() &&
         std::all_of(digits.begin(), digits.end(), [](char digit) { return digit >= '0' && digit <= '9'; });
}

bool Node::is_number() const {
  if (is_integer()) return true;
  if (kind != Kind::scalar || !plain) return false;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  // "1.0" is a number, "inf" and the like are words.
  return error == std::errc{} && end == text.data() + text.size() &&
         text.find_first_of("0123456789") != std::string::npos;
}

std::optional<Node> read_yaml(std::string_view yaml, Problems& problems) {
  if (yaml.size() > file_bytes_max) {
    problems.error(1, "", "the file is larger than 1 MiB", "see that this is the configuration");
    return std::nullopt;
  }
  if (const std::size_t zero = yaml.find('\0'); zero != std::string_view::npos) {
    const auto line =
        static_cast<int>(std::count(yaml.begin(), yaml.begin() + static_cast<std::ptrdiff_t>(zero), '\n')) + 1;
    problems.error(line, "", "this is no text", "see that this is the configuration, in UTF-8");
    return std::nullopt;
  }
  if (has_tabs(yaml, problems)) return std::nullopt;
  std::istringstream stream{std::string{yaml}};
  Builder builder{problems};
  try {
    YAML::Parser parser{stream};
    if (!parser.HandleNextDocument(builder)) {
      problems.error(1, "", "the file is empty", "begin with config/causeway.example.yaml");
      return std::nullopt;
    }
    Node root = builder.take();
    Builder rest{problems};
    if (parser.HandleNextDocument(rest)) {
      problems.error(rest.take().line, "", "a second document begins here",
                     "keep one document in the file, without --- between");
      return std::nullopt;
    }
    if (root.kind == Node::Kind::nothing) {
      problems.error(1, "", "the file is empty", "begin with config/causeway.example.yaml");
      return std::nullopt;
    }
    return root;
  } catch (const Refused& error) {
    problems.error(error.line, "", error.what, error.remedy);
  } catch (const YAML::Exception& error) {
    problems.error(std::max(error.mark.line, 0) + 1, "", fmt::format("this is no YAML: {}", error.msg),
                   std::string{yaml_remedy});
  }
  return std::nullopt;
}

namespace {

void put_at(Node& node, int line) {
  node.line = line;
  for (Node& item : node.items) put_at(item, line);
  for (Entry& entry : node.entries) {
    entry.line = line;
    put_at(entry.value, line);
  }
}

}  // namespace

Node merged(const Node& under, Node over, int line) {
  if (under.kind != Node::Kind::map || over.kind != Node::Kind::map) return over;
  for (const Entry& entry : under.entries) {
    const auto own =
        std::find_if(over.entries.begin(), over.entries.end(), [&](const Entry& one) { return one.key == entry.key; });
    if (own != over.entries.end()) {
      own->value = merged(entry.value, std::move(own->value), line);
      continue;
    }
    Entry taken = entry;
    taken.line = line;
    put_at(taken.value, line);
    over.entries.push_back(std::move(taken));
  }
  return over;
}

void name_paths(Node& node, std::string path) {
  const std::string prefix = path.empty() ? "" : path + "/";
  for (std::size_t number = 0; number < node.items.size(); ++number)
    name_paths(node.items[number], prefix + std::to_string(number));
  for (Entry& entry : node.entries) name_paths(entry.value, prefix + entry.key);
  node.path = std::move(path);
}

void collect_lines(const Node& node, Lines& lines) {
  lines.emplace(node.path, node.line);
  for (const Node& item : node.items) collect_lines(item, lines);
  for (const Entry& entry : node.entries) collect_lines(entry.value, lines);
}

std::optional<std::string> text_of(const Node* node) {
  if (node == nullptr || node->kind != Node::Kind::scalar) return std::nullopt;
  return node->text;
}

std::optional<bool> boolean_of(const Node* node) {
  if (node == nullptr || !node->is_boolean()) return std::nullopt;
  return node->text.front() == 't' || node->text.front() == 'T';
}

std::optional<std::size_t> count_of(const Node* node) {
  if (node == nullptr || !node->is_integer()) return std::nullopt;
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(node->text.data(), node->text.data() + node->text.size(), value);
  if (error != std::errc{} || end != node->text.data() + node->text.size()) return std::nullopt;
  return value;
}

std::vector<std::string> texts_of(const Node* node) {
  std::vector<std::string> texts;
  if (node == nullptr) return texts;
  for (const Node& item : node->items) {
    if (auto text = text_of(&item)) texts.push_back(std::move(*text));
  }
  return texts;
}

}  // namespace causeway::config
