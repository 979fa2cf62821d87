#pragma once
/// Clocks: which promises run on a case, when they are due, and whether they were kept. Derived anew from the case's
/// history each time; nothing is counted up and nothing is stored but cycles that are closed for good. Pure.
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "agent/policy/sla/calendar.hpp"
#include "agent/policy/sla/history.hpp"

namespace causeway::policy::sla {

enum class Target : std::uint8_t {
  first_response,    ///< opened → first response
  next_response,     ///< the oldest customer message that is not answered → next response; after the first response
  periodic_update,   ///< one response → the next, while the case is open
  workaround,        ///< opened → a workaround was given, or it was resolved
  first_resolution,  ///< opened → resolved for the first time; reopening changes nothing
  total_resolution   ///< opened → resolved; reopened inside the window it goes on, later a new cycle begins
};
[[nodiscard]] std::string_view name(Target target);

/// A point on the way to a target at which somebody is told. Exactly one of the three is set.
struct LevelRule {
  std::string name;
  std::optional<int> percent;                        ///< of the target's time; over 100: after the breach
  std::optional<std::chrono::milliseconds> before;   ///< so much open time before it is due
  std::optional<std::chrono::milliseconds> overdue;  ///< so much open time after it was due
  bool operator==(const LevelRule&) const = default;
};

/// How long one target may take, for the cases it fits. Of the promises of one target the first that fits counts.
struct Promise {
  Target target = Target::first_response;
  std::set<std::string> severities;          ///< empty: any
  std::set<std::string> service_types;       ///< empty: any
  std::optional<bool> opened_in_hours;       ///< only what was opened inside (outside) the calendar's hours
  std::chrono::milliseconds within{0};       ///< open time; zero: no target
  bool best_effort = false;                  ///< measured, never breached
  std::string calendar;                      ///< empty: the policy's
  std::optional<std::set<Phase>> pauses_in;  ///< in which phases it does not run; without it: `usual_pauses`
  std::vector<LevelRule> levels;
  bool operator==(const Promise&) const = default;
};

/// Responses never pause before the first one, whatever is asked for; the next response does not run while the customer
/// is waited for; everything else does not while anybody is.
[[nodiscard]] std::set<Phase> usual_pauses(Target target);

/// Whose promise it is. Clocks of different kinds run side by side.
enum class PolicyKind : std::uint8_t { sla, ola, vendor };
[[nodiscard]] std::string_view name(PolicyKind kind);

struct Policy {
  std::string name;
  std::string version;
  PolicyKind kind = PolicyKind::sla;
  std::set<std::string> plans;  ///< empty: any
  std::string calendar;
  std::set<Author> responders{Author::support, Author::maintainer};  ///< whose public comments are responses
  bool starts_when_handed_over = false;  ///< not when opened, but at the first `HandedOver` of its kind
  std::chrono::days reopen_window{14};
  std::vector<Promise> promises;
  bool operator==(const Policy&) const = default;
};

/// Of each kind the first policy that fits the plan, in the order of the file.
[[nodiscard]] std::vector<const Policy*> policies_of(std::span<const Policy> policies, const std::string& plan);
/// Policies and promises that nothing can ever reach because an earlier one takes all of it, in words.
[[nodiscard]] std::vector<std::string> shadowed(std::span<const Policy> policies);

enum class Verdict : std::uint8_t {
  running,
  paused,  ///< `reason` says in which phase
  met,
  breached,  ///< elapsed exceeds the target; whether it still runs says `ended`
  stopped,   ///< `reason`: no longer entitled, resolved without a response, no target at this severity
  merged
};
[[nodiscard]] std::string_view name(Verdict verdict);

/// One stretch of a clock's time and why it counted or did not.
struct Segment {
  enum class Kind : std::uint8_t { counted, outside_hours, paused, stopped };
  Instant from;
  Instant until;
  Kind kind = Kind::counted;
  std::string reason;  ///< "support hours at severity high", "outside support hours", "waiting for the customer"
  bool operator==(const Segment&) const = default;
};

/// When one level is reached. Each fires once per cycle, target and level; `breach` is always the name of one.
struct Level {
  std::string name;
  std::optional<Instant> at;  ///< none: not before the clock runs again
  bool reached = false;
  bool muted = false;  ///< a change has moved it into the past: recorded, nobody is told
  bool operator==(const Level&) const = default;
};
inline constexpr std::string_view breach_level = "breach";

struct Clock {
  std::string policy;
  std::string version;  ///< of the policy in force
  PolicyKind kind = PolicyKind::sla;
  Target target = Target::first_response;
  int cycle = 1;         ///< counted from 1, for showing
  Instant began;         ///< what the cycle is known by: the moment it began, whatever was merged in later
  std::string severity;  ///< now, or when it ended
  Instant started;       ///< where counting begins: earlier than `began` where an older ticket was merged in
  std::optional<Instant> ended;
  Verdict verdict = Verdict::running;
  std::string reason;
  std::optional<std::chrono::milliseconds> limit;  ///< open time promised
  bool best_effort = false;
  std::chrono::milliseconds elapsed{0};                ///< open time used
  std::optional<std::chrono::milliseconds> remaining;  ///< open time left; negative: over
  std::optional<Instant> due;                          ///< none while that is open: paused, stopped, merged
  std::optional<std::chrono::milliseconds> time_left;  ///< real time from now until due, of what has not ended
  std::optional<Instant> breached_at;
  bool back_dated = false;        ///< a change put the due time into the past: alarms are muted
  std::vector<Level> levels;      ///< by time
  std::vector<Segment> segments;  ///< only when asked for
  bool operator==(const Clock&) const = default;
};

/// Somebody is told once per policy, target, cycle and level.
struct Alarm {
  std::string policy;
  Target target = Target::first_response;
  Instant began;  ///< the cycle's
  std::string level;
  auto operator<=>(const Alarm&) const = default;
};
struct Withdrawal {
  Alarm alarm;
  std::string reason;  ///< "answered in time, alarm withdrawn"
  bool operator==(const Withdrawal&) const = default;
};

using Calendars = std::map<std::string, Calendar>;

/// What does not come from the trackers' events.
struct Given {
  std::string service_type;
  std::vector<Clock> frozen;  ///< cycles that are closed for good: kept word for word
  std::set<Alarm> alarms_raised;
  bool segments = false;  ///< explain each stretch
};

struct Clocks {
  std::vector<Clock> clocks;            ///< by kind, target, cycle
  std::vector<Withdrawal> withdrawals;  ///< breach alarms that the whole history does not bear out
  bool operator==(const Clocks&) const = default;
};

/// Every clock of one case as it stands at `now`; events later than that are not there yet. Their order, and an event
/// that comes twice, change nothing. `policies` are those in force for the open cycles (`policies_of`), `calendars` has
/// every one they name. `rejected`: it has not.
[[nodiscard]] Result<Clocks> derive(std::span<const Event> history, std::span<const Policy* const> policies,
                                    const Calendars& calendars, Instant now, const Given& given = {});

/// The next instant at which a level of any clock is reached that was neither reached by now nor raised: what an index
/// of due times holds for the case. nullopt: nothing until something happens.
[[nodiscard]] std::optional<Instant> next_level(const Clocks& clocks, const std::set<Alarm>& raised);
/// Levels reached and not yet raised, muted ones left out: what somebody has to be told now.
[[nodiscard]] std::vector<Alarm> alarms_due(const Clocks& clocks, const std::set<Alarm>& raised);

}  // namespace causeway::policy::sla
