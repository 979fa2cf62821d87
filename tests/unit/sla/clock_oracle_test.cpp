/// A second way to judge a clock that is deliberately simple: it lives through the case minute by minute, with nothing
/// but what is known at each minute. It must agree with what is derived from the whole history.
#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

#include "tests/unit/sla/case_story.hpp"

namespace causeway::policy::sla {
namespace {

using namespace std::chrono_literals;
using std::chrono::minutes;

const std::array<std::string, 3> severities{"low", "medium", "high"};

std::vector<Event> random_case(std::uint64_t seed) {
  std::mt19937_64 dice{seed};
  const Instant opened = at("2026-03-26T00:00:00Z") + minutes{dice() % (3 * 24 * 60)};
  std::vector<Event> events{{opened, "1", Opened{severities[dice() % 3]}}};
  for (std::size_t index = 0, count = dice() % 9; index < count; ++index) {
    const Instant when = opened + minutes{dice() % (4 * 24 * 60)};
    Happening what = Moved{static_cast<Phase>(dice() % 5)};
    if (dice() % 3 == 0) what = SeverityChanged{severities[dice() % 3]};
    if (dice() % 6 == 0) what = EntitlementChanged{dice() % 2 == 0};
    if (dice() % 5 == 0) what = Commented{static_cast<Author>(dice() % 6), dice() % 3 != 0};
    if (dice() % 9 == 0) what = WorkaroundGiven{};
    events.push_back({when, std::to_string(index + 2), what});
  }
  return events;
}

/// High runs round the clock, the others in office hours.
Policy three_severities(Target target) {
  Policy policy =
      policy_of({promise(target, 3h, {"high"}), promise(target, 5h, {"medium"}), promise(target, 9h, {"low"})});
  policy.promises[0].calendar = "always";
  return policy;
}

struct Lived {
  milliseconds elapsed{0};
  bool breached = false;
  std::optional<Instant> ended;
};

/// Targets that run once, from the opening on.
Lived live_through(const std::vector<Event>& events, Target target, Instant now, const Calendars& all) {
  const Policy policy = three_severities(target);
  const Calendar& always = all.at("always");
  const Calendar& office_hours = all.at("office");
  Lived lived;
  std::string severity;
  Phase phase = Phase::working;
  bool entitled = true;
  bool opened = false;
  std::size_t next = 0;
  const std::vector<Event> known = in_order(events, now);
  const auto too_much = [&] {
    for (const Promise& one : policy.promises)
      if (one.severities.contains(severity) && lived.elapsed > one.within) lived.breached = true;
  };
  for (Instant minute = known.empty() ? now : known.front().at; minute <= now; minute += minutes{1}) {
    for (; next < known.size() && known[next].at <= minute; ++next) {
      const Happening& what = known[next].what;
      const bool resolves = std::holds_alternative<Moved>(what) && std::get<Moved>(what).phase >= Phase::resolved;
      const auto* comment = std::get_if<Commented>(&what);
      const bool answers = comment != nullptr && comment->is_public &&
                           (comment->author == Author::support || comment->author == Author::maintainer);
      if (std::holds_alternative<Opened>(what)) severity = std::get<Opened>(what).severity, opened = true;
      if (std::holds_alternative<Moved>(what)) phase = std::get<Moved>(what).phase;
      if (std::holds_alternative<EntitlementChanged>(what)) entitled = std::get<EntitlementChanged>(what).entitled;
      const bool ends = target == Target::first_response ? answers
                                                         : resolves || (target == Target::workaround &&
                                                                        std::holds_alternative<WorkaroundGiven>(what));
      if (ends) {
        lived.ended = minute;
        return lived;
      }
    }
    // what ends in this minute has ended before a change of severity in it counts
    for (std::size_t index = next; index > 0 && known[index - 1].at == minute; --index) {
      const auto* changed = std::get_if<SeverityChanged>(&known[index - 1].what);
      if (changed == nullptr) continue;
      severity = changed->severity;
      break;
    }
    too_much();
    const bool waits = phase == Phase::waiting_for_customer || phase == Phase::pending;
    const bool runs = target == Target::first_response ? phase < Phase::resolved : !waits;
    const Calendar& calendar = severity == "high" ? always : office_hours;
    if (minute < now && opened && entitled && runs && calendar.is_open(minute)) lived.elapsed += minutes{1};
    too_much();
  }
  return lived;
}

TEST(ClockOracle, AgreesOnRandomCases) {
  const char* set = std::getenv("CAUSEWAY_RANDOM_CALENDARS");
  const std::uint64_t count = set == nullptr ? 200 : std::strtoull(set, nullptr, 10);
  const Calendars all = calendars();
  for (std::uint64_t seed = 1; seed <= count && !testing::Test::HasFailure(); ++seed) {
    const std::vector<Event> events = random_case(seed);
    const Instant now = events.front().at + minutes{seed * 7919 % (5 * 24 * 60)};
    for (const Target target : {Target::first_response, Target::workaround, Target::first_resolution}) {
      SCOPED_TRACE(fmt::format("seed {}, {}", seed, name(target)));
      const Policy policy = three_severities(target);
      const std::vector<const Policy*> policies{&policy};
      const auto clocks = derive(events, policies, all, now);
      ASSERT_TRUE(clocks);
      ASSERT_EQ(clocks->clocks.size(), 1U);
      const Clock& clock = clocks->clocks[0];
      const Lived lived = live_through(events, target, now, all);
      EXPECT_EQ(clock.elapsed, lived.elapsed);
      EXPECT_EQ(clock.ended, lived.ended);
      EXPECT_EQ(clock.breached_at.has_value(), lived.breached);
      EXPECT_LE(clock.breached_at.value_or(now), now);
    }
  }
}

}  // namespace
}  // namespace causeway::policy::sla
