#pragma once
/// Jira's wiki markup into a Document. Follows what the renderer of Jira Data Center makes of a text.
#include <string_view>

#include "agent/markup/document.hpp"

namespace causeway::markup::jira_wiki {

/// `text` is clean (utf8.hpp). Thread-safe.
[[nodiscard]] Document read(std::string_view text);

}  // namespace causeway::markup::jira_wiki
