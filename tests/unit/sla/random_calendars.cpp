#include "tests/unit/sla/random_calendars.hpp"

#include <date/tz.h>

namespace causeway::policy::sla {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

/// Zones with gaps and overlaps at midnight, of half an hour, of a day, with changed offsets, and without any.
constexpr std::array zones{
    "Europe/Berlin",    "Europe/Dublin",     "Africa/Casablanca",   "Pacific/Apia",         "America/Sao_Paulo",
    "America/Havana",   "Asia/Tehran",       "Australia/Lord_Howe", "Asia/Kathmandu",       "America/St_Johns",
    "Antarctica/Troll", "Asia/Gaza",         "Asia/Amman",          "Pacific/Kiritimati",   "America/Asuncion",
    "America/New_York", "Atlantic/Azores",   "Asia/Pyongyang",      "Europe/Volgograd",     "Africa/Juba",
    "America/Caracas",  "Pacific/Tongatapu", "Asia/Beirut",         "America/Scoresbysund", "Pacific/Chatham"};

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}
  std::int64_t from_to(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(high - low + 1));
  }
  bool one_in(std::int64_t count) { return from_to(1, count) == 1; }

 private:
  std::mt19937_64 random_;
};

/// With seconds of its own where the unit is a second, so that two marks are never the same.
std::string clock_text(std::int64_t minute, seconds unit) {
  const std::string text = fmt::format("{:02}:{:02}", minute / 60, minute % 60);
  const bool whole = unit == minutes{1} || minute == 24 * 60;
  return whole ? text : text + fmt::format(":{:02}", minute * 37 % 60);
}

std::vector<IntervalText> random_day(Dice& dice, seconds unit) {
  if (dice.one_in(8)) return {{"00:00", "24:00"}};
  std::set<std::int64_t> marks;
  const std::int64_t count = 2 * dice.from_to(1, 3);
  // many marks stand in the hours in which clocks are changed
  while (std::ssize(marks) < count)
    marks.insert(dice.one_in(2) ? 15 * dice.from_to(0, 16) : dice.one_in(4) ? 24 * 60 : dice.from_to(0, 24 * 60));
  std::vector<IntervalText> intervals;
  for (auto mark = marks.begin(); mark != marks.end(); ++mark) {
    const std::int64_t opens = *mark++;
    intervals.push_back({clock_text(opens, unit), clock_text(*mark, unit)});
  }
  std::reverse(intervals.begin(), intervals.end());  // their order must not matter
  return intervals;
}

Instant near_a_change(Dice& dice, const std::string& zone, seconds unit) {
  const Instant somewhere =
      Instant{std::chrono::sys_days{std::chrono::year{static_cast<int>(dice.from_to(2005, 2034))} / 1 / 1}} +
      minutes{dice.from_to(0, 365 * 24 * 60)};
  const auto info = date::locate_zone(zone)->get_info(std::chrono::floor<std::chrono::seconds>(somewhere));
  const bool changes = info.end < std::chrono::sys_days{std::chrono::year{2036} / 1 / 1};
  return (changes ? Instant{info.end} : somewhere) + unit * dice.from_to(-2 * 24 * 60, 24 * 60);
}

}  // namespace

RandomCalendar random_calendar(std::uint64_t seed, seconds unit) {
  Dice dice{seed};
  RandomCalendar random;
  random.text.zone = zones[static_cast<std::size_t>(dice.from_to(0, std::ssize(zones) - 1))];
  random.start = near_a_change(dice, random.text.zone, unit);
  for (const char* day : {"mon", "tue", "wed", "thu", "fri", "sat", "sun"}) {
    if (!dice.one_in(4)) random.text.hours.push_back({day, random_day(dice, unit)});
  }
  const LocalDate today{std::chrono::floor<std::chrono::days>(random.start).time_since_epoch()};
  std::set<std::int64_t> taken;
  for (std::int64_t count = dice.from_to(0, 3); count > 0; --count) {
    const std::int64_t distance = dice.from_to(-3, 4);
    if (!taken.insert(distance).second) continue;
    const std::string date = format_date(today + std::chrono::days{distance});
    if (dice.one_in(3)) {
      random.text.holidays.push_back(date);
    } else {
      random.text.overrides.push_back({date, dice.one_in(3) ? std::vector<IntervalText>{} : random_day(dice, unit)});
    }
  }
  if (random.text.hours.empty()) random.text.hours.push_back({"sun", {{"00:00", "03:00"}}});
  for (std::int64_t count = dice.from_to(0, 3); count > 0; --count) {
    const Instant from = random.start + unit * dice.from_to(-24 * 60, 2 * 24 * 60);
    Pause pause{from, from + unit * dice.from_to(0, 20 * 60), "random"};
    if (dice.one_in(12)) pause.until = std::nullopt;
    random.pauses.push_back(pause);
  }
  return random;
}

}  // namespace causeway::policy::sla
