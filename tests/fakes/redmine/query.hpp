#pragma once
/// Redmine's issue list: filters, order, pages. Filters it does not know are ignored, as Redmine does.
#include <expected>
#include <string>
#include <utility>
#include <vector>

#include "tests/fakes/http/exchange.hpp"
#include "tests/fakes/redmine/rules.hpp"

namespace causeway::fakes::redmine {

struct IssueList {
  std::vector<const Issue*> rows;
  std::size_t total = 0, offset = 0, limit = 0;
};

/// Texts of a 422 when a value cannot be read.
[[nodiscard]] std::expected<IssueList, std::vector<std::string>> list_issues(const State& state, const Actor& actor,
                                                                             const Query& query,
                                                                             const Project* project);

/// `limit` and `offset` as every list understands them.
[[nodiscard]] std::pair<std::size_t, std::size_t> limit_and_offset(const Query& query);

}  // namespace causeway::fakes::redmine
