/// What must hold for every history.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <random>

#include "tests/unit/sla/case_story.hpp"

namespace causeway::policy::sla {
namespace {

using namespace std::chrono_literals;

std::vector<Event> random_history(std::mt19937_64& dice) {
  const std::vector<std::string> severities{"low", "medium", "high"};
  const Instant opened = at("2026-03-20T08:00:00Z") + std::chrono::minutes{dice() % (20 * 24 * 60)};
  std::vector<Event> events{{opened, "1", Opened{severities[dice() % 3]}}};
  const std::size_t count = dice() % 14;
  for (std::size_t index = 0; index < count; ++index) {
    // many at the same minute
    const Instant when = opened + std::chrono::minutes{15 * (dice() % 2'000)};
    Happening what;
    switch (dice() % 8) {
      case 0:
        what = SeverityChanged{severities[dice() % 3]};
        break;
      case 1:
        what = Moved{Phase::resolved};
        break;
      case 2:
        what = EntitlementChanged{dice() % 2 == 0};
        break;
      case 3:
        what = dice() % 4 == 0 ? Happening{MergedAway{}} : Happening{WorkaroundGiven{}};
        break;
      case 4:
        what = Absorbed{opened - std::chrono::hours{dice() % 48}};
        break;
      case 5:
        what = Moved{static_cast<Phase>(dice() % 5)};
        break;
      default:
        what = Commented{static_cast<Author>(dice() % 6), dice() % 4 != 0};
    }
    events.push_back({when, std::to_string(index + 2), what});
  }
  return events;
}

Policy every_target() {
  Policy policy;
  policy.name = "gold";
  policy.version = "1";
  policy.calendar = "office";
  for (const Target target : {Target::first_response, Target::next_response, Target::periodic_update,
                              Target::workaround, Target::first_resolution, Target::total_resolution}) {
    policy.promises.push_back(promise(target, 2h, {"high"}));
    policy.promises.back().calendar = "always";
    policy.promises.push_back(promise(target, 6h, {"medium"}));
    policy.promises.push_back(promise(target, 24h));
    for (Promise& one : policy.promises) one.levels = {{.name = "warning", .percent = 80, .before = {}, .overdue = {}}};
  }
  return policy;
}

const Policy gold = every_target();

Clocks at_time(const std::vector<Event>& events, Instant now) {
  static const Calendars all = calendars();
  const std::vector<const Policy*> policies{&gold};
  Given given;
  given.segments = true;
  auto clocks = derive(events, policies, all, now, given);
  RC_ASSERT(clocks.has_value());
  return *std::move(clocks);
}

std::vector<Event> any_history() {
  std::mt19937_64 dice{*rc::gen::arbitrary<std::uint64_t>()};
  return random_history(dice);
}
Instant any_now(const std::vector<Event>& events) {
  return events.front().at + std::chrono::seconds{*rc::gen::inRange(0, 60 * 24 * 3'600)};
}

TEST(ClockProperty, TheOrderOfEventsAndRepetitionsDoNotMatter) {
  EXPECT_TRUE(rc::check([] {
    const std::vector<Event> events = any_history();
    const Instant now = any_now(events);
    std::vector<Event> shuffled = events;
    shuffled.insert(shuffled.end(), events.begin(), events.end());
    std::shuffle(shuffled.begin(), shuffled.end(), std::mt19937_64{*rc::gen::arbitrary<std::uint64_t>()});
    RC_ASSERT(at_time(events, now) == at_time(shuffled, now));
  }));
}

TEST(ClockProperty, AReplayGivesTheSame) {
  EXPECT_TRUE(rc::check([] {
    const std::vector<Event> events = any_history();
    const Instant now = any_now(events);
    std::vector<Event> known;
    for (const Event& event : events) {
      if (event.at <= now) known.push_back(event);
    }
    RC_ASSERT(at_time(events, now) == at_time(known, now));
    RC_ASSERT(at_time(events, now) == at_time(events, now));
  }));
}

TEST(ClockProperty, SegmentsCoverEachClockAndWhatCountsIsWhatElapsed) {
  EXPECT_TRUE(rc::check([] {
    const std::vector<Event> events = any_history();
    const Instant now = any_now(events);
    for (const Clock& clock : at_time(events, now).clocks) {
      milliseconds counted{0};
      Instant position = clock.started;
      for (const Segment& segment : clock.segments) {
        RC_ASSERT(segment.from == position);
        position = segment.until;
        if (segment.kind == Segment::Kind::counted) counted += segment.until - segment.from;
      }
      RC_ASSERT(position == std::max(clock.ended.value_or(now), clock.started));
      RC_ASSERT(counted == clock.elapsed);
    }
  }));
}

TEST(ClockProperty, ABreachIsExactlyMoreElapsedThanPromisedWhereTheSeverityNeverChanged) {
  EXPECT_TRUE(rc::check([] {
    std::vector<Event> events = any_history();
    std::erase_if(events, [](const Event& event) { return std::holds_alternative<SeverityChanged>(event.what); });
    const Instant now = any_now(events);
    for (const Clock& clock : at_time(events, now).clocks) {
      RC_ASSERT(clock.breached_at.has_value() == (clock.elapsed > *clock.limit));
      RC_ASSERT(*clock.remaining == *clock.limit - clock.elapsed);
      if (clock.verdict == Verdict::met) RC_ASSERT(clock.elapsed <= *clock.limit);
      if (clock.due && clock.elapsed > *clock.limit) RC_ASSERT(*clock.due <= clock.ended.value_or(now));
    }
  }));
}

TEST(ClockProperty, ABreachComesWhenTheIndexSaysItDoes) {
  EXPECT_TRUE(rc::check([] {
    const std::vector<Event> events = any_history();
    const Instant now = any_now(events);
    const Clocks before = at_time(events, now);
    const auto next = next_level(before, {});
    if (!next) return;
    RC_ASSERT(*next > now);
    std::vector<Event> known;  // nothing else happens until then
    for (const Event& event : events) {
      if (event.at <= now) known.push_back(event);
    }
    RC_ASSERT(alarms_due(at_time(known, *next - 1ms), {}) == alarms_due(before, {}));
    RC_ASSERT(alarms_due(at_time(known, *next), {}).size() > alarms_due(before, {}).size());
  }));
}

TEST(ClockProperty, TheMachinesOwnTimeZoneDoesNotMatter) {
  const char* before = std::getenv("TZ");
  const std::string kept = before == nullptr ? "" : before;
  std::set<std::string> answers;
  for (const char* zone : {"UTC", "America/New_York", "Asia/Kathmandu", "Pacific/Apia", "Europe/Dublin"}) {
    setenv("TZ", zone, 1);
    tzset();
    std::string text;
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
      std::mt19937_64 dice{seed};
      const std::vector<Event> events = random_history(dice);
      for (const std::string& line : told(at_time(events, events.front().at + 200h))) text += line + "\n";
    }
    answers.insert(text);
  }
  before == nullptr ? unsetenv("TZ") : setenv("TZ", kept.c_str(), 1);
  tzset();
  EXPECT_EQ(answers.size(), 1U);
}

}  // namespace
}  // namespace causeway::policy::sla
