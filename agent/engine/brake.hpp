#pragma once
/// Stops a route that would create, close or rewrite unusually many tickets, until a person lets it go on (rule 8).
/// What is on survives in the store (engine.cpp); this counts.
#include <map>
#include <mutex>
#include <set>
#include <string>

#include "agent/model/plan.hpp"
#include "config/config.hpp"

namespace causeway::engine {

/// Thread-safe.
class Brake {
 public:
  /// Counts the ticket when its plan has weighty writes; false: the route has had its share, or is stopped, and none of
  /// them may be made. `ticket` names it, so that one that is tried again counts once.
  [[nodiscard]] bool allows(const config::RouteConfig& route, const Plan& plan, const std::string& ticket);
  /// A new pass begins: counting starts again. What is on stays on.
  void begin();
  /// What the store says: a route that a person has released goes on, one that is engaged stays stopped.
  void set(const RouteId& route, bool engaged, bool released);
  [[nodiscard]] std::set<RouteId> engaged() const;
  /// Tickets with weighty writes of this pass.
  [[nodiscard]] std::size_t taken(const RouteId& route) const;

 private:
  mutable std::mutex mutex_;
  std::map<RouteId, std::set<std::string>> taken_;
  std::set<RouteId> released_;
  std::set<RouteId> engaged_;
};

}  // namespace causeway::engine
