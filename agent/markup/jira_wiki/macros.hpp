#pragma once
/// The macros of a text, `{name}` or `{name:parameters}`, found before anything else, as Jira does it.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::markup::jira_wiki {

struct Macro {
  enum class Role : std::uint8_t {
    raw,        ///< `code` and `noformat`: nothing inside is read
    container,  ///< `quote`, `panel`, `info`, `note`, `warning`, `tip`, `expand`: blocks inside
    color,      ///< inlines inside
    closing,    ///< the end of a container or of a color
    other       ///< one that is kept as it is
  };
  Role role = Role::other;
  std::string_view name;
  std::string_view parameters;
  std::size_t begin = 0;
  std::size_t end = 0;         ///< of the tag alone
  std::size_t inside_end = 0;  ///< of what it holds
  std::size_t after = 0;       ///< behind the closing tag, or the tag itself
};

/// Tags that are not closed, or nest too deep, are not among the macros: they are text.
class Macros {
 public:
  explicit Macros(std::string_view text);

  /// The macro whose tag begins at `position`, or nullptr.
  [[nodiscard]] const Macro* at(std::size_t position) const;
  /// The first macro at or after `position` that stands among blocks (raw or container); nullptr if there is none.
  [[nodiscard]] const Macro* next_block(std::size_t position) const;

 private:
  std::vector<Macro> macros_;  // by place
  std::vector<const Macro*> blocks_;
};

/// Follows a text line by line: which macros are open at a line's end, and what would close them?
class OpenMacros {
 public:
  void line(std::string_view line);
  /// The closing tags, the innermost first, each on a line of its own; empty: nothing is open.
  [[nodiscard]] const std::string& closing() const { return closing_; }

 private:
  std::vector<std::string_view> open_;
  std::string closing_;
};

/// A value among a macro's parameters, entities and escapes decoded. With an empty `key`: the one without a key.
[[nodiscard]] std::string parameter(std::string_view parameters, std::string_view key);

/// The parameters whose keys are not among `known`, as written.
[[nodiscard]] std::string other_parameters(std::string_view parameters, std::initializer_list<std::string_view> known);

/// `value` so that it can stand among a macro's parameters.
[[nodiscard]] std::string parameter_value(std::string_view value);

}  // namespace causeway::markup::jira_wiki
