#pragma once
/// The markups Causeway reads and writes.
#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace causeway::markup {

/// A tracker's own markup. A new one is an enumerator here and a row in the registry (convert.cpp).
enum class Format : std::uint8_t {
  github,            ///< GitHub Flavored Markdown as issues and comments show it
  textile,           ///< Redmine's Textile dialect (RedCloth 3 with Redmine's links and macros)
  redmine_markdown,  ///< Redmine's CommonMark (text formatting `common_mark`, since Redmine 5.0)
  jira_wiki,         ///< Jira's wiki markup (Data Center and Server, REST v2)
  adf                ///< Atlassian Document Format (Jira Cloud, REST v3): a JSON document
};

inline constexpr std::array all_formats{Format::github, Format::textile, Format::redmine_markdown, Format::jira_wiki,
                                        Format::adf};

/// The name in commands and configuration: `github`, `textile`, `redmine-markdown`, `jira-wiki`, `adf`.
[[nodiscard]] std::string_view name(Format format);

/// The inverse of name(); nullopt for anything else.
[[nodiscard]] std::optional<Format> parse_format_name(std::string_view name);

/// Are people named by account there, and is plain text inert?
[[nodiscard]] constexpr bool is_jira(Format format) { return format == Format::jira_wiki || format == Format::adf; }

/// Do both belong to one make of tracker, so that an address without a host may mean the same in both?
[[nodiscard]] constexpr bool same_make(Format left, Format right);

/// Is it a Markdown, in which HTML stands as it is?
[[nodiscard]] constexpr bool is_markdown(Format format) {
  return format == Format::github || format == Format::redmine_markdown;
}

/// Do references, mentions and macros follow Redmine's rules (rather than GitHub's or Jira's)?
[[nodiscard]] constexpr bool is_redmine(Format format) {
  return format == Format::textile || format == Format::redmine_markdown;
}

constexpr bool same_make(Format left, Format right) {
  return is_redmine(left) == is_redmine(right) && is_jira(left) == is_jira(right);
}

}  // namespace causeway::markup
