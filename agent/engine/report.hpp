#pragma once
/// What a pass did, or would do.
#include <map>
#include <mutex>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "agent/model/plan.hpp"
#include "agent/store/store.hpp"

namespace causeway::engine {

/// One write that `plan` found.
struct PlannedWrite {
  RouteId route;
  TicketRef source;
  std::string source_key;  ///< for showing
  TicketRef target;        ///< the id is empty for a ticket to be created
  Operation operation;
  std::optional<HoldReason> held;
  std::string explanation;
  std::size_t requests = 1;
};

/// Everything one pass found. Filled from many threads.
class Report {
 public:
  struct Data {
    std::map<std::string, std::size_t> done;  ///< audit word → how often
    std::vector<PlannedWrite> writes;         ///< of `plan`
    std::vector<Conflict> conflicts;          ///< of `plan`
    std::vector<std::string> losses;          ///< of `plan`
    std::vector<std::string> failures;        ///< one line each
    std::size_t tickets_seen = 0;
    std::size_t postponed = 0;
  };
  void count(const std::string& what) {
    const std::scoped_lock lock{mutex_};
    ++data_.done[what];
  }
  void saw_ticket() {
    const std::scoped_lock lock{mutex_};
    ++data_.tickets_seen;
  }
  void postponed() {
    const std::scoped_lock lock{mutex_};
    ++data_.postponed;
  }
  void failed(std::string message) {
    const std::scoped_lock lock{mutex_};
    // A tracker that is down says the same for every ticket.
    if (data_.failures.size() < failures_max && (data_.failures.empty() || data_.failures.back() != message)) {
      data_.failures.push_back(std::move(message));
    }
  }
  /// A link whose two tickets have both changed has two turns, and looking ahead nothing is settled in between: what
  /// both of them find is kept once.
  void planned(PlannedWrite write) {
    const std::scoped_lock lock{mutex_};
    std::vector<std::size_t>& known = by_link_[{write.route, write.source, write.target}];
    for (const std::size_t at : known) {
      if (data_.writes[at].operation == write.operation) return;
    }
    known.push_back(data_.writes.size());
    data_.writes.push_back(std::move(write));
  }
  void planned(const Plan& plan) {
    const std::scoped_lock lock{mutex_};
    data_.conflicts.insert(data_.conflicts.end(), plan.conflicts.begin(), plan.conflicts.end());
    data_.losses.insert(data_.losses.end(), plan.losses.begin(), plan.losses.end());
  }
  [[nodiscard]] Data take() {
    const std::scoped_lock lock{mutex_};
    by_link_.clear();
    return std::exchange(data_, {});
  }

 private:
  static constexpr std::size_t failures_max = 100;
  std::mutex mutex_;
  Data data_;
  std::map<std::tuple<RouteId, TicketRef, TicketRef>, std::vector<std::size_t>> by_link_;  ///< places in data_.writes
};

}  // namespace causeway::engine
