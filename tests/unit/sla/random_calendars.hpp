#pragma once
/// Random calendars around the moments at which zones change their clocks.
#include <random>

#include "agent/policy/sla/calendar.hpp"

namespace causeway::policy::sla {

/// A calendar, an instant near a change of its zone's clock, and pauses around it. All on whole minutes, or with
/// seconds and then nearer to the change.
struct RandomCalendar {
  CalendarText text;
  Instant start;
  std::vector<Pause> pauses;
};

[[nodiscard]] RandomCalendar random_calendar(std::uint64_t seed, std::chrono::seconds unit = std::chrono::minutes{1});

}  // namespace causeway::policy::sla
