#pragma once
/// Which tickets a route takes.
#include <map>
#include <set>
#include <string>
#include <vector>

#include "agent/model/ticket.hpp"

namespace causeway::policy {

/// All named parts must hold; within one part any value will do. An empty condition selects nothing unless
/// `everything`.
struct Condition {
  bool everything = false;
  std::set<std::string> labels;  ///< carries one of these
  std::set<std::string> statuses;
  std::set<std::string> authors;                        ///< logins
  std::map<std::string, std::set<std::string>> fields;  ///< field name → values
  std::vector<std::string> title_contains;              ///< without regard to case
  bool operator==(const Condition&) const = default;
  [[nodiscard]] bool empty() const;
};

[[nodiscard]] bool selects(const Condition& condition, const Snapshot& snapshot);

}  // namespace causeway::policy
