#pragma once
/// From a history to the runs of each clock, before anybody asks how long they took. Pure.
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "agent/policy/sla/clock.hpp"

namespace causeway::policy::sla {

/// One run of one target's clock.
struct Course {
  Target target = Target::first_response;
  int cycle = 1;
  Instant began;
  Instant started;
  std::optional<Instant> moved_at;  ///< when a merge put `started` before `began`
  std::optional<Instant> ended;
  std::vector<Pause> stops;  ///< when nothing can run, whatever the policy says: not entitled, resolved
};

/// A history in order, read once for all policies.
class CaseHistory {
 public:
  /// `events` as `in_order` gives them.
  explicit CaseHistory(std::span<const Event> events);

  /// nullopt: it was never opened, so no clock can run.
  [[nodiscard]] const std::optional<Instant>& opened() const { return opened_; }
  [[nodiscard]] const std::optional<Instant>& merged_away() const { return merged_away_; }
  /// The severities from `start` on: the first from there, each other from its change.
  struct SeverityFrom {
    Instant from;
    std::string severity;
  };
  [[nodiscard]] std::vector<SeverityFrom> severities_from(Instant start) const;
  [[nodiscard]] std::vector<Pause> pauses(const std::set<Phase>& phases) const;
  /// Every run of this target, in order.
  [[nodiscard]] std::vector<Course> courses(Target target, const Policy& policy) const;

 private:
  struct PhaseFrom {
    Instant from;
    Phase phase;
  };
  struct Written {
    Instant at;
    Commented comment;
  };
  struct Merged {
    Instant at;
    Instant opened;
  };
  [[nodiscard]] std::optional<Instant> start_of(const Policy& policy) const;
  [[nodiscard]] std::vector<Pause> resolutions() const;
  /// Not entitled or, when asked for, resolved; `resolved` says how that is called.
  [[nodiscard]] std::vector<Pause> stops(const std::string& resolved) const;
  void add_from_start(Target target, const Policy& policy, std::vector<Course>& courses) const;
  void add_next_responses(const Policy& policy, std::vector<Course>& courses) const;
  void add_periodic_updates(const Policy& policy, std::vector<Course>& courses) const;
  void add_total_resolutions(const Policy& policy, std::vector<Course>& courses) const;
  void keep_earliest_start(Course& course) const;
  [[nodiscard]] bool resolved_for_good_at(Instant instant) const;

  std::optional<Instant> opened_, merged_away_, to_maintainers_, to_vendor_;
  std::vector<SeverityFrom> severities_;
  std::vector<PhaseFrom> phases_;
  std::vector<std::pair<Instant, bool>> entitled_;
  std::vector<Written> comments_;
  std::vector<Instant> workarounds_;
  std::vector<Merged> absorbed_;
};

}  // namespace causeway::policy::sla
