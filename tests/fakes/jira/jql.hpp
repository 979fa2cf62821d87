#pragma once
/// The part of JQL that the stand-in understands: comparisons of project, key, id, type, status, statusCategory,
/// labels, priority, resolution, assignee, reporter, summary and text (`~`), updated, created, resolved; `in`, `not
/// in`, `is [not] EMPTY`; AND, OR, NOT, brackets; ORDER BY updated, created, key, id.
#include <functional>
#include <string>
#include <vector>

#include "tests/fakes/jira/state.hpp"

namespace causeway::fakes::jira {

/// Who asks, and when.
struct Asking {
  const State& state;
  const User* user = nullptr;
  std::string time_zone;  ///< a time without zone is read in it
  Milliseconds now = 0;
  bool strict = true;  ///< projects and keys that are not there are errors, rather than matching nothing
};

struct Jql {
  std::vector<std::string> errors;  ///< empty: it could be read
  std::function<bool(const Issue&)> matches;
  bool bounded = false;  ///< there is anything besides ORDER BY
  /// Issues come in the order of this.
  std::function<std::string(const Issue&)> sort_key;
};

[[nodiscard]] Jql parse_jql(const std::string& text, const Asking& asking);

}  // namespace causeway::fakes::jira
