#pragma once
/// Holidays from an iCalendar file, as a list of dates that a person can look at before it counts. Pure.
#include <string>
#include <string_view>
#include <vector>

#include "agent/model/result.hpp"
#include "agent/policy/sla/zone.hpp"

namespace causeway::policy::sla {

struct Holiday {
  LocalDate date;
  std::string summary;
  bool operator==(const Holiday&) const = default;
};

struct HolidayList {
  std::vector<Holiday> holidays;      ///< by date; several of one date stay several
  std::vector<std::string> problems;  ///< events that were left out, and why
};

/// What a file may bring, for it comes from outside.
inline constexpr std::size_t holiday_file_bytes_max = 4U << 20U;
inline constexpr std::size_t holidays_max = 20'000;
inline constexpr int holiday_event_days_max = 366;

/// The whole-day events of an iCalendar text from `from` until `until` (exclusive): DTSTART with DTEND or DURATION as
/// dates, RRULE, RDATE and EXDATE. Events with a time of day, cancelled ones and unreadable ones are left out and told.
/// `malformed`: this is no iCalendar text, or it is too much.
[[nodiscard]] Result<HolidayList> read_holidays(std::string_view text, LocalDate from, LocalDate until);

}  // namespace causeway::policy::sla
