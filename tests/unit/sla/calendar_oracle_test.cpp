/// A second calendar that is deliberately simple: it looks at every minute (or second), asks another library what the
/// local clock says, and counts. It must agree with the real one on random calendars around every kind of change of the
/// clock. CAUSEWAY_RANDOM_CALENDARS sets how many; a failure names its seed.
#include <date/tz.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "tests/unit/sla/calendars.hpp"
#include "tests/unit/sla/random_calendars.hpp"

namespace causeway::policy::sla {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::uint64_t calendars_by_default = 1'000;
constexpr int steps_max = 8 * 24 * 60;

std::uint64_t calendars_wanted() {
  const char* set = std::getenv("CAUSEWAY_RANDOM_CALENDARS");
  return set == nullptr ? calendars_by_default : std::strtoull(set, nullptr, 10);
}

class StepByStep {
 public:
  StepByStep(const RandomCalendar& random, seconds step)
      : random_(random), step_(step), zone_(date::locate_zone(random.text.zone)) {}

  bool counts(Instant instant) {
    for (const Pause& pause : random_.pauses)
      if (pause.from <= instant && (!pause.until || instant < *pause.until)) return false;
    const auto second = std::chrono::floor<seconds>(instant);
    if (second < info_.begin || second >= info_.end) info_ = zone_->get_info(second);
    const auto local = second + info_.offset;
    const auto midnight = std::chrono::floor<std::chrono::days>(local);
    if (midnight != day_start_) read_day(midnight);
    const auto second_of_day = (local - midnight).count();
    for (const auto& [opens, closes] : intervals_)
      if (opens <= second_of_day && second_of_day < closes) return true;
    return false;
  }

  seconds between(Instant start, Instant end) {
    seconds total{0};
    for (Instant position = start; position < end; position += step_) total += counts(position) ? step_ : seconds{0};
    return total;
  }

  /// nullopt: not within the steps that are walked.
  std::optional<Instant> add(Instant start, seconds amount) {
    for (Instant position = start; position < start + steps_max * step_; position += step_) {
      if (!counts(position)) continue;
      if (amount == seconds{0}) return position;
      amount -= step_;
      if (amount == seconds{0}) return position + step_;
    }
    return std::nullopt;
  }

  std::optional<Instant> subtract(Instant end, seconds amount) {
    for (Instant position = end - step_; position >= end - steps_max * step_; position -= step_) {
      if (!counts(position)) continue;
      if (amount == seconds{0}) return position + step_;
      amount -= step_;
      if (amount == seconds{0}) return position;
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
    const auto second = [](const std::string& text) {
      return std::stoi(text.substr(0, 2)) * 3600 + std::stoi(text.substr(3, 2)) * 60 +
             (text.size() > 5 ? std::stoi(text.substr(6)) : 0);
    };
    for (const IntervalText& interval : day.intervals)
      intervals_.emplace_back(second(interval.opens), second(interval.closes));
  }

  const RandomCalendar& random_;
  seconds step_;
  const date::time_zone* zone_;
  date::sys_info info_{};
  std::chrono::sys_days day_start_{std::chrono::days{-1'000'000}};
  std::vector<std::pair<int, int>> intervals_;
};

/// Where the oracle has found nothing, the real one must have found something farther away, or nothing either.
void expect_same(const std::string& what, const std::optional<Instant>& wanted, const Result<Instant>& got,
                 milliseconds distance_walked, Instant from, const Zone& zone) {
  if (wanted) {
    ASSERT_TRUE(got) << what << ": " << got.error().message << ", not " << zone.format(*wanted);
    EXPECT_EQ(zone.format(*got), zone.format(*wanted)) << what;
  } else if (got) {
    EXPECT_GE(std::chrono::abs(*got - from), distance_walked) << what;
  }
}

void compare(std::uint64_t count, seconds step) {
  Zones zones;
  for (std::uint64_t seed = 1; seed <= count && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(fmt::format("seed {}", seed));
    const RandomCalendar random = random_calendar(seed, step);
    const auto made = Calendar::make(random.text, zones);
    ASSERT_TRUE(made) << to_text(made.error());
    const Calendar& calendar = *made;
    StepByStep oracle{random, step};
    std::mt19937_64 dice{seed};
    const seconds amount = dice() % 8 == 0 ? seconds{0} : step * static_cast<int>(dice() % (24 * 60));
    const Instant end = random.start + step * static_cast<int>(dice() % (4 * 24 * 60));
    EXPECT_EQ(calendar.between(random.start, end, random.pauses), oracle.between(random.start, end));
    expect_same("add", oracle.add(random.start, amount), calendar.add(random.start, amount, random.pauses),
                steps_max * step, random.start, calendar.zone());
    expect_same("subtract", oracle.subtract(end, amount), calendar.subtract(end, amount, random.pauses),
                steps_max * step, end, calendar.zone());
  }
}

TEST(Oracle, AgreesOnRandomCalendarsAroundChangesOfTheClock) { compare(calendars_wanted(), minutes{1}); }

TEST(Oracle, AgreesSecondBySecondNearTheChange) { compare(calendars_wanted() / 4, seconds{1}); }

}  // namespace
}  // namespace causeway::policy::sla
