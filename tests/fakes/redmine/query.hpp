#pragma once
/// Redmine's issue list: filters, order, pages. Filters it does not know are ignored, as Redmine does.
#include <expected>
#include <string>
#include <utility>
#include <vector>

#include "tests/fakes/redmine/rules.hpp"

namespace causeway::fakes::redmine {

/// Decoded parts of a query string, in order.
using Query = std::vector<std::pair<std::string, std::string>>;
[[nodiscard]] Query parse_query(std::string_view text);
[[nodiscard]] std::string url_decoded(std::string_view text);
/// The last value of that name; nullptr: none.
[[nodiscard]] const std::string* part(const Query& query, std::string_view name);

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
