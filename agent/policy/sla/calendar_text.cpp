/// From what somebody wrote to a Calendar, with everything that is wrong told at once.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "agent/policy/sla/calendar.hpp"

namespace causeway::policy::sla {
namespace {

using std::chrono::seconds;

constexpr seconds day_end = std::chrono::hours{24};
constexpr std::array<std::string_view, 7> week_days{"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

/// Reads exactly `digits` decimal digits from the front of `text`.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int value = 0;
  for (const char letter : text.substr(0, digits)) {
    if (letter < '0' || letter > '9') return std::nullopt;
    value = value * 10 + (letter - '0');
  }
  text.remove_prefix(digits);
  return value;
}

bool take(std::string_view& text, char wanted) {
  if (!text.starts_with(wanted)) return false;
  text.remove_prefix(1);
  return true;
}

/// `08:00` or `08:00:30`, up to `24:00`; otherwise why it is none.
std::expected<seconds, std::string> parse_time_of_day(std::string_view text) {
  const auto malformed = [&] {
    return std::unexpected(fmt::format("\"{}\" is no time of day; write HH:MM, for example 08:00", text));
  };
  std::string_view rest = text;
  const auto hour = take_number(rest, 2);
  if (!hour || !take(rest, ':')) return malformed();
  const auto minute = take_number(rest, 2);
  if (!minute) return malformed();
  std::optional<int> second = 0;
  if (take(rest, ':')) second = take_number(rest, 2);
  if (!second || !rest.empty() || *minute > 59 || *second > 59) return malformed();
  const seconds time = std::chrono::hours{*hour} + std::chrono::minutes{*minute} + seconds{*second};
  if (time > day_end) return std::unexpected(fmt::format("\"{}\" is outside 00:00 to 24:00", text));
  return time;
}

std::string in_words(const IntervalText& interval) { return fmt::format("{} to {}", interval.opens, interval.closes); }

}  // namespace

std::optional<LocalDate> parse_date(std::string_view text) {
  std::string_view rest = text;
  const auto year = take_number(rest, 4);
  if (!year || !take(rest, '-')) return std::nullopt;
  const auto month = take_number(rest, 2);
  if (!month || !take(rest, '-')) return std::nullopt;
  const auto day = take_number(rest, 2);
  if (!day || !rest.empty()) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                                         std::chrono::day{static_cast<unsigned>(*day)}};
  if (!date.ok() || date.year() < first_year || date.year() >= end_year) return std::nullopt;
  return LocalDate{date};
}

std::string format_date(LocalDate date) {
  const std::chrono::year_month_day parts{date};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(parts.year()), static_cast<unsigned>(parts.month()),
                     static_cast<unsigned>(parts.day()));
}

std::string to_text(std::span<const CalendarProblem> problems) {
  std::string text;
  for (const CalendarProblem& problem : problems) {
    if (!text.empty()) text += "; ";
    text += problem.place + ": " + problem.reason;
  }
  return text;
}

class CalendarReader {
 public:
  std::expected<Calendar, std::vector<CalendarProblem>> read(const CalendarText& text, Zones& zones) {
    const std::optional<Zone> zone = zones.find(text.zone);
    if (!zone) {
      problem("tz", text.zone.empty()
                        ? std::string{"no time zone is given; write one like Europe/Berlin"}
                        : fmt::format("there is no time zone \"{}\"; write one like Europe/Berlin", text.zone));
    }
    Calendar calendar{zone ? *zone : *zones.find("UTC")};
    read_week(text.hours, calendar);
    // an override is the more particular word: it says when a holiday is open after all
    std::map<LocalDate, Calendar::Day> dates;
    read_overrides(text.overrides, dates);
    read_holidays(text.holidays, dates);
    calendar.dates_.assign(dates.begin(), dates.end());
    if (problems_.empty() && !ever_open(calendar)) problem("hours", "there is no open minute at all");
    if (!problems_.empty()) return std::unexpected(std::move(problems_));
    return calendar;
  }

 private:
  void problem(std::string place, std::string reason) { problems_.push_back({std::move(place), std::move(reason)}); }

  static bool ever_open(const Calendar& calendar) {
    const auto has_hours = [](const Calendar::Day& day) { return !day.empty(); };
    return std::any_of(calendar.week_.begin(), calendar.week_.end(), has_hours) ||
           std::any_of(calendar.dates_.begin(), calendar.dates_.end(),
                       [&](const auto& entry) { return has_hours(entry.second); });
  }

  void read_week(const std::vector<DayText>& hours, Calendar& calendar) {
    std::set<std::string> seen;
    for (const DayText& day : hours) {
      const std::string place = "hours/" + day.day;
      const auto found = std::find(week_days.begin(), week_days.end(), day.day);
      if (found == week_days.end()) {
        problem(place, "there is no such day; the days are mon, tue, wed, thu, fri, sat and sun");
      } else if (!seen.insert(day.day).second) {
        problem(place, "this day is given twice");
      }
      const Calendar::Day read = read_day(place, day.intervals);
      if (found != week_days.end()) calendar.week_[static_cast<std::size_t>(found - week_days.begin())] = read;
    }
  }

  void read_overrides(const std::vector<DayText>& overrides, std::map<LocalDate, Calendar::Day>& dates) {
    for (const DayText& day : overrides) {
      const std::string place = "overrides/" + day.day;
      const auto date = parse_date(day.day);
      if (!date) problem(place, no_date(day.day));
      Calendar::Day read = read_day(place, day.intervals);
      if (date && !dates.emplace(*date, std::move(read)).second) problem(place, "this date is given twice");
    }
  }

  void read_holidays(const std::vector<std::string>& holidays, std::map<LocalDate, Calendar::Day>& dates) {
    for (std::size_t index = 0; index < holidays.size(); ++index) {
      const auto date = parse_date(holidays[index]);
      if (!date) {
        problem(fmt::format("holidays/{}", index + 1), no_date(holidays[index]));
      } else {
        dates.emplace(*date, Calendar::Day{});
      }
    }
  }

  static std::string no_date(std::string_view text) {
    return fmt::format("\"{}\" is no date from {} to {}; write one like 2026-12-24", text, static_cast<int>(first_year),
                       static_cast<int>(end_year) - 1);
  }

  Calendar::Day read_day(const std::string& place, const std::vector<IntervalText>& intervals) {
    struct Read {
      Calendar::Interval interval;
      std::size_t index;
    };
    std::vector<Read> read;
    for (std::size_t index = 0; index < intervals.size(); ++index) {
      const std::string at = fmt::format("{} interval {}", place, index + 1);
      const auto opens = parse_time_of_day(intervals[index].opens);
      const auto closes = parse_time_of_day(intervals[index].closes);
      if (!opens) problem(at, opens.error());
      if (!closes) problem(at, closes.error());
      if (!opens || !closes) continue;
      if (*opens == *closes) {
        problem(at, in_words(intervals[index]) + " is empty");
      } else if (*opens > *closes) {
        problem(at, in_words(intervals[index]) +
                        " is reversed; a day ends at 24:00, and a shift over midnight is two intervals of two days");
      } else {
        read.push_back({{*opens, *closes}, index});
      }
    }
    std::sort(read.begin(), read.end(),
              [](const Read& one, const Read& other) { return one.interval.opens < other.interval.opens; });
    Calendar::Day day;
    std::size_t latest = 0;  // the interval before that closes last
    for (std::size_t index = 0; index < read.size(); ++index) {
      if (index > 0 && read[index].interval.opens < read[latest].interval.closes) {
        const auto [one, other] = std::minmax(read[latest].index, read[index].index);
        problem(fmt::format("{} interval {}", place, other + 1),
                fmt::format("{} overlaps {}", in_words(intervals[other]), in_words(intervals[one])));
      }
      if (read[index].interval.closes > read[latest].interval.closes) latest = index;
      day.push_back(read[index].interval);
    }
    return day;
  }

  std::vector<CalendarProblem> problems_;
};

std::expected<Calendar, std::vector<CalendarProblem>> Calendar::make(const CalendarText& text) {
  Zones zones;
  return make(text, zones);
}

std::expected<Calendar, std::vector<CalendarProblem>> Calendar::make(const CalendarText& text, Zones& zones) {
  return CalendarReader{}.read(text, zones);
}

Calendar Calendar::always() {
  Calendar calendar{*Zone::find("UTC")};
  calendar.week_.fill(Day{{seconds{0}, day_end}});
  return calendar;
}

}  // namespace causeway::policy::sla
