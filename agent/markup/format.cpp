#include "agent/markup/format.hpp"

namespace causeway::markup {

std::string_view name(Format format) {
  switch (format) {
    case Format::github:
      return "github";
    case Format::textile:
      return "textile";
    case Format::redmine_markdown:
      return "redmine-markdown";
    case Format::jira_wiki:
      return "jira-wiki";
    case Format::adf:
      return "adf";
  }
  return "";
}

std::optional<Format> parse_format_name(std::string_view name) {
  for (const Format format : all_formats)
    if (markup::name(format) == name) return format;
  return std::nullopt;
}

}  // namespace causeway::markup
