#pragma once
/// A YAML document as a tree that knows its lines. Own tree, because yaml-cpp's forgets duplicate keys and copies
/// aliases without end.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/problems.hpp"

namespace causeway::config {

struct Entry;

struct Node {
  enum class Kind { nothing, scalar, list, map };
  Kind kind = Kind::nothing;
  int line = 1;
  std::string path;    ///< "routes/widget/left"
  std::string text;    ///< of a scalar
  bool plain = false;  ///< written without quotes: may be a number or true or false
  std::vector<Node> items;
  std::vector<Entry> entries;  ///< in the order of the file, no key twice

  /// nullptr: this is no map, or has no such key.
  [[nodiscard]] const Node* find(std::string_view key) const;
  [[nodiscard]] bool is_boolean() const;
  [[nodiscard]] bool is_integer() const;
  [[nodiscard]] bool is_number() const;
};

struct Entry {
  std::string key;
  int line = 1;
  Node value;
};

/// What may stand in one file, for all that comes in from outside has a limit.
inline constexpr std::size_t file_bytes_max = 1U << 20U;
inline constexpr std::size_t nodes_max = 20'000;
inline constexpr std::size_t depth_max = 24;

/// The only document of the text; nullopt and a problem when it cannot be read. Duplicate keys are problems, the first
/// stays.
[[nodiscard]] std::optional<Node> read_yaml(std::string_view yaml, Problems& problems);

/// `over` with what it leaves unsaid taken from `under`: maps key by key, anything else whole. What comes from `under`
/// stands at `line`.
[[nodiscard]] Node merged(const Node& under, Node over, int line);

/// Gives every node its path, `path` being the root's.
void name_paths(Node& node, std::string path);
void collect_lines(const Node& node, Lines& lines);

/// The value where it has the type; nullopt where it is missing or (which the schema has already told) of another type.
[[nodiscard]] std::optional<std::string> text_of(const Node* node);
[[nodiscard]] std::optional<bool> boolean_of(const Node* node);
[[nodiscard]] std::optional<std::size_t> count_of(const Node* node);
[[nodiscard]] std::vector<std::string> texts_of(const Node* node);

}  // namespace causeway::config
