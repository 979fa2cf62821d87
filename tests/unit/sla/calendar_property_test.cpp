/// What must hold for every calendar, every start and every amount.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cstdlib>
#include <ctime>

#include "tests/unit/sla/calendars.hpp"
#include "tests/unit/sla/random_calendars.hpp"

namespace causeway::policy::sla {
namespace {

using std::chrono::milliseconds;

RandomCalendar any_calendar() { return random_calendar(*rc::gen::arbitrary<std::uint64_t>()); }
milliseconds any_amount() { return milliseconds{*rc::gen::inRange<std::int64_t>(1, 300LL * 60 * 60 * 1000)}; }
/// Not on a whole minute.
Instant any_start(const RandomCalendar& random) {
  return random.start + milliseconds{*rc::gen::inRange<std::int64_t>(0, 24LL * 60 * 60 * 1000)};
}

TEST(Property, AddAndBetweenAreInverse) {
  EXPECT_TRUE(rc::check([] {
    const RandomCalendar random = any_calendar();
    const Calendar calendar = made(random.text);
    const Instant start = any_start(random);
    const milliseconds amount = any_amount();
    const auto due = calendar.add(start, amount, random.pauses);
    if (due) RC_ASSERT(calendar.between(start, *due, random.pauses) == amount);
    if (due) RC_ASSERT(calendar.between(start, *due - milliseconds{1}, random.pauses) == amount - milliseconds{1});
    const auto begin = calendar.subtract(start, amount, random.pauses);
    if (begin) RC_ASSERT(calendar.between(*begin, start, random.pauses) == amount);
    if (begin) RC_ASSERT(calendar.between(*begin + milliseconds{1}, start, random.pauses) == amount - milliseconds{1});
  }));
}

TEST(Property, AmountsAddUp) {
  EXPECT_TRUE(rc::check([] {
    const RandomCalendar random = any_calendar();
    const Calendar calendar = made(random.text);
    const Instant start = any_start(random);
    const milliseconds one = any_amount();
    const milliseconds other = any_amount();
    const auto half = calendar.add(start, one, random.pauses);
    if (!half) return;
    const auto in_two_steps = calendar.add(*half, other, random.pauses);
    const auto in_one = calendar.add(start, one + other, random.pauses);
    RC_ASSERT(in_two_steps.has_value() == in_one.has_value());
    if (in_one) RC_ASSERT(*in_two_steps == *in_one);
  }));
}

TEST(Property, OpenSpansAreWhatBetweenMeasures) {
  EXPECT_TRUE(rc::check([] {
    const RandomCalendar random = any_calendar();
    const Calendar calendar = made(random.text);
    const Instant start = any_start(random);
    const Instant end = start + any_amount();
    milliseconds total{0};
    Instant last = start;
    for (const Span& span : calendar.open_spans(start, end)) {
      RC_ASSERT(span.from >= last);
      RC_ASSERT(span.from < span.until);
      RC_ASSERT(calendar.is_open(span.from));
      RC_ASSERT(span.until == end || !calendar.is_open(span.until));
      last = span.until;
      total += span.until - span.from;
    }
    RC_ASSERT(last <= end);
    RC_ASSERT(total == calendar.between(start, end));
  }));
}

/// Many answers as one text.
std::string many_answers() {
  std::string text;
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    const RandomCalendar random = random_calendar(seed);
    const Calendar calendar = made(random.text);
    text += shown(calendar, calendar.add(random.start, std::chrono::minutes{500}, random.pauses)) + "\n";
    text += shown(calendar, calendar.subtract(random.start, std::chrono::minutes{500}, random.pauses)) + "\n";
  }
  return text;
}

TEST(Property, TheMachinesOwnTimeZoneDoesNotMatter) {
  const char* before = std::getenv("TZ");
  const std::string kept = before == nullptr ? "" : before;
  std::set<std::string> answers;
  for (const char* zone : {"UTC", "America/New_York", "Asia/Kathmandu", "Pacific/Apia", "Europe/Dublin"}) {
    setenv("TZ", zone, 1);
    tzset();
    answers.insert(many_answers());
  }
  before == nullptr ? unsetenv("TZ") : setenv("TZ", kept.c_str(), 1);
  tzset();
  EXPECT_EQ(answers.size(), 1U);
}

}  // namespace
}  // namespace causeway::policy::sla
