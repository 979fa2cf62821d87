#pragma once
/// Stops a pass that would create, close or rewrite unusually many tickets, until a person lets it go on (rule 8).
#include <map>
#include <mutex>
#include <set>

#include "agent/model/plan.hpp"
#include "config/config.hpp"

namespace causeway::engine {

/// Thread-safe.
class Brake {
 public:
  /// Counts the plan's weighty writes; false: the route has had its share and none of them may be made.
  [[nodiscard]] bool allows(const config::RouteConfig& route, const Plan& plan);
  /// A new pass begins; these routes may change as much as they need.
  void begin(std::set<RouteId> released);
  /// Routes that were stopped since `begin`.
  [[nodiscard]] std::set<RouteId> engaged() const;

 private:
  mutable std::mutex mutex_;
  std::map<RouteId, std::size_t> taken_;
  std::set<RouteId> released_;
  std::set<RouteId> engaged_;
};

}  // namespace causeway::engine
