/// A second calendar that is deliberately simple: it looks at every minute, asks another library what the local clock
/// says, and counts. It must agree with the real one on random calendars around every kind of change of the clock.
/// CAUSEWAY_RANDOM_CALENDARS sets how many; a failure names its seed.
#include <date/tz.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/unit/sla/calendars.hpp"
#include "tests/unit/sla/random_calendars.hpp"

namespace causeway::policy::sla {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;

constexpr std::uint64_t calendars_by_default = 2'000;
constexpr minutes walk_max = std::chrono::days{8};

std::uint64_t calendars_wanted() {
  const char* set = std::getenv("CAUSEWAY_RANDOM_CALENDARS");
  return set == nullptr ? calendars_by_default : std::strtoull(set, nullptr, 10);
}

class MinuteByMinute {
 public:
  explicit MinuteByMinute(const RandomCalendar& random) : random_(random), zone_(date::locate_zone(random.text.zone)) {}

  bool counts(Instant minute) {
    for (const Pause& pause : random_.pauses)
      if (pause.from <= minute && (!pause.until || minute < *pause.until)) return false;
    const auto second = std::chrono::floor<std::chrono::seconds>(minute);
    if (second < info_.begin || second >= info_.end) info_ = zone_->get_info(second);
    const auto local = second + info_.offset;
    const auto midnight = std::chrono::floor<std::chrono::days>(local);
    if (midnight != day_start_) read_day(midnight);
    const auto minute_of_day = std::chrono::floor<minutes>(local - midnight).count();
    for (const auto& [opens, closes] : intervals_)
      if (opens <= minute_of_day && minute_of_day < closes) return true;
    return false;
  }

  minutes between(Instant start, Instant end) {
    minutes total{0};
    for (Instant minute = start; minute < end; minute += minutes{1}) total += minutes{counts(minute) ? 1 : 0};
    return total;
  }

  /// nullopt: not within the minutes that are walked.
  std::optional<Instant> add(Instant start, minutes amount) {
    for (Instant minute = start; minute < start + walk_max; minute += minutes{1}) {
      if (!counts(minute)) continue;
      if (amount == minutes{0}) return minute;
      amount -= minutes{1};
      if (amount == minutes{0}) return minute + minutes{1};
    }
    return std::nullopt;
  }

  std::optional<Instant> subtract(Instant end, minutes amount) {
    for (Instant minute = end - minutes{1}; minute >= end - walk_max; minute -= minutes{1}) {
      if (!counts(minute)) continue;
      if (amount == minutes{0}) return minute + minutes{1};
      amount -= minutes{1};
      if (amount == minutes{0}) return minute;
    }
    return std::nullopt;
  }

 private:
  void read_day(std::chrono::sys_days midnight) {
    day_start_ = midnight;
    intervals_.clear();
    const std::chrono::year_month_day date{midnight};
    const std::string text =
        fmt::format("{}-{:02}-{:02}", int{date.year()}, unsigned{date.month()}, unsigned{date.day()});
    constexpr std::array names{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
    const std::string week_day = names[std::chrono::weekday{midnight}.c_encoding()];
    for (const DayText& day : random_.text.hours)
      if (day.day == week_day) take(day);
    for (const std::string& holiday : random_.text.holidays)
      if (holiday == text) intervals_.clear();
    for (const DayText& day : random_.text.overrides) {
      if (day.day != text) continue;
      intervals_.clear();
      take(day);
    }
  }
  void take(const DayText& day) {
    const auto minute = [](const std::string& text) {
      return std::stoi(text.substr(0, 2)) * 60 + std::stoi(text.substr(3));
    };
    for (const IntervalText& interval : day.intervals)
      intervals_.emplace_back(minute(interval.opens), minute(interval.closes));
  }

  const RandomCalendar& random_;
  const date::time_zone* zone_;
  date::sys_info info_{};
  std::chrono::sys_days day_start_{std::chrono::days{-1'000'000}};
  std::vector<std::pair<int, int>> intervals_;
};

/// Where the oracle has found nothing, the real one must have found something farther away, or nothing either.
void expect_same(const std::string& what, const std::optional<Instant>& wanted, const Result<Instant>& got,
                 Instant from, const Zone& zone) {
  if (wanted) {
    ASSERT_TRUE(got) << what << ": " << got.error().message << ", not " << zone.format(*wanted);
    EXPECT_EQ(zone.format(*got), zone.format(*wanted)) << what;
  } else if (got) {
    EXPECT_GE(std::chrono::abs(*got - from), walk_max) << what;
  }
}

TEST(Oracle, AgreesOnRandomCalendarsAroundChangesOfTheClock) {
  const std::uint64_t count = calendars_wanted();
  Zones zones;
  for (std::uint64_t seed = 1; seed <= count && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    const RandomCalendar random = random_calendar(seed);
    const Calendar calendar = *Calendar::make(random.text, zones);
    MinuteByMinute oracle{random};
    std::mt19937_64 dice{seed};
    const minutes amount{dice() % 8 == 0 ? 0 : dice() % (24 * 60)};
    const Instant end = random.start + minutes{dice() % (4 * 24 * 60)};
    EXPECT_EQ(calendar.between(random.start, end, random.pauses), oracle.between(random.start, end));
    expect_same("add", oracle.add(random.start, amount), calendar.add(random.start, amount, random.pauses),
                random.start, calendar.zone());
    expect_same("subtract", oracle.subtract(end, amount), calendar.subtract(end, amount, random.pauses), end,
                calendar.zone());
  }
}

}  // namespace
}  // namespace causeway::policy::sla
