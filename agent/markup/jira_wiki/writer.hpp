#pragma once
/// A Document as Jira's wiki markup.
#include "agent/markup/convert.hpp"

namespace causeway::markup::jira_wiki {

[[nodiscard]] Rendered write(const Document& document);

}  // namespace causeway::markup::jira_wiki
