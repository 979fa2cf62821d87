#pragma once
/// Calendars and instants that many tests share.
#include <gtest/gtest.h>

#include "agent/policy/sla/calendar.hpp"

namespace causeway::policy::sla {

inline Instant at(std::string_view text) {
  const auto instant = parse_instant(text);
  if (!instant) throw std::invalid_argument("no instant: " + std::string{text});
  return *instant;
}

inline Calendar made(const CalendarText& text) {
  auto calendar = Calendar::make(text);
  if (!calendar) throw std::invalid_argument(to_text(calendar.error()));
  return *std::move(calendar);
}

/// The same hours on the days named.
inline std::vector<DayText> days_of(const std::vector<std::string>& days, const std::vector<IntervalText>& intervals) {
  std::vector<DayText> hours;
  for (const std::string& day : days) hours.push_back({day, intervals});
  return hours;
}

inline const std::vector<std::string> every_day{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
inline const std::vector<std::string> work_days{"mon", "tue", "wed", "thu", "fri"};

/// Open the whole day, every day, by the clock of `zone`.
inline Calendar whole_days(const std::string& zone) {
  return made({zone, days_of(every_day, {{"00:00", "24:00"}}), {}, {}});
}

/// 09:00 to 17:00 from Monday to Friday in Berlin.
inline CalendarText office() { return {"Europe/Berlin", days_of(work_days, {{"09:00", "17:00"}}), {}, {}}; }

/// What `result` says, or why there is none.
inline std::string shown(const Calendar& calendar, const Result<Instant>& result) {
  return result ? calendar.zone().format(*result) : "error: " + result.error().message;
}

}  // namespace causeway::policy::sla
