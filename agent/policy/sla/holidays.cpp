#include "agent/policy/sla/holidays.hpp"

#include <fmt/format.h>
#include <libical/ical.h>

#include <algorithm>
#include <chrono>
#include <memory>

namespace causeway::policy::sla {
namespace {

using std::chrono::days;

struct ComponentFree {
  void operator()(icalcomponent* component) const { icalcomponent_free(component); }
};
using Component = std::unique_ptr<icalcomponent, ComponentFree>;

LocalDate date_of(const icaltimetype& time) { return LocalDate{std::chrono::year{time.year} / time.month / time.day}; }

icaltimetype to_ical(LocalDate date) {
  const std::chrono::year_month_day parts{date};
  icaltimetype time = icaltime_null_date();
  time.year = static_cast<int>(parts.year());
  time.month = static_cast<int>(static_cast<unsigned>(parts.month()));
  time.day = static_cast<int>(static_cast<unsigned>(parts.day()));
  return time;
}

void collect_events(icalcomponent* parent, std::vector<icalcomponent*>& events) {
  // calendars stand at the top, or inside one nameless root when the text holds several
  for (icalcomponent* child = icalcomponent_get_first_component(parent, ICAL_ANY_COMPONENT); child != nullptr;
       child = icalcomponent_get_next_component(parent, ICAL_ANY_COMPONENT)) {
    if (icalcomponent_isa(child) == ICAL_VEVENT_COMPONENT) events.push_back(child);
    if (icalcomponent_isa(child) == ICAL_VCALENDAR_COMPONENT) collect_events(child, events);
  }
}

/// Why an event is no list of whole days; empty: it is one.
std::string refusal(icalcomponent* event) {
  const icaltimetype start = icalcomponent_get_dtstart(event);
  if (icaltime_is_null_time(start)) return "it has no DTSTART that can be read";
  if (!start.is_date) return "it has a time of day; only whole days are holidays";
  if (!std::chrono::year_month_day{std::chrono::year{start.year} / start.month / start.day}.ok())
    return "its DTSTART is no date";
  if (icalcomponent_get_status(event) == ICAL_STATUS_CANCELLED) return "it is cancelled";
  for (icalproperty* rule = icalcomponent_get_first_property(event, ICAL_RRULE_PROPERTY); rule != nullptr;
       rule = icalcomponent_get_next_property(event, ICAL_RRULE_PROPERTY)) {
    const icalrecurrencetype_frequency frequency = icalproperty_get_rrule(rule).freq;
    // whole days cannot come round more often than daily, and walking seconds would take forever
    if (frequency < ICAL_DAILY_RECURRENCE || frequency > ICAL_YEARLY_RECURRENCE) return "its RRULE cannot be used";
  }
  return {};
}

int length_in_days(icalcomponent* event) {
  const icaltimetype start = icalcomponent_get_dtstart(event);
  const icaltimetype end = icalcomponent_get_dtend(event);
  if (icaltime_is_null_time(end)) return 1;
  const std::chrono::year_month_day last{std::chrono::year{end.year} / end.month / end.day};
  if (!last.ok()) return 1;
  return static_cast<int>(std::max((LocalDate{last} - date_of(start)).count(), days::rep{1}));
}

struct Collecting {
  std::vector<LocalDate> starts;
};

void take_occurrence(icalcomponent* /*event*/, icaltime_span* span, void* data) {
  const std::chrono::sys_seconds begin{std::chrono::seconds{span->start}};
  static_cast<Collecting*>(data)->starts.emplace_back(std::chrono::floor<days>(begin).time_since_epoch());
}

}  // namespace

Result<HolidayList> read_holidays(std::string_view text, LocalDate from, LocalDate until) {
  if (text.size() > holiday_file_bytes_max) return fail(Fault::malformed, "more than 4 MiB of holidays");
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  icalerror_set_errors_are_fatal(false);  // else the library stops the program at a line it cannot read
  const std::string copy{text};
  const Component root{icalparser_parse_string(copy.c_str())};
  if (!root) return fail(Fault::malformed, "this is no iCalendar text");
  std::vector<icalcomponent*> events;
  if (icalcomponent_isa(root.get()) == ICAL_VEVENT_COMPONENT) events.push_back(root.get());
  collect_events(root.get(), events);
  if (events.empty()) return fail(Fault::malformed, "there is no event (VEVENT) in this iCalendar text");

  HolidayList list;
  for (icalcomponent* event : events) {
    const char* summary = icalcomponent_get_summary(event);
    const std::string name = summary == nullptr ? "" : summary;
    if (const std::string why = refusal(event); !why.empty()) {
      list.problems.push_back(fmt::format("\"{}\" is left out: {}", name, why));
      continue;
    }
    const int length = length_in_days(event);
    if (length > holiday_event_days_max) {
      list.problems.push_back(fmt::format("\"{}\" is left out: it is longer than a year", name));
      continue;
    }
    Collecting found;
    icalcomponent_foreach_recurrence(event, to_ical(from - days{length}), to_ical(until), take_occurrence, &found);
    for (const LocalDate start : found.starts) {
      for (int day = 0; day < length; ++day) {
        const LocalDate date = start + days{day};
        if (date >= from && date < until) list.holidays.push_back({date, name});
      }
    }
    if (list.holidays.size() > holidays_max) return fail(Fault::malformed, "more holidays than any calendar needs");
  }
  std::stable_sort(list.holidays.begin(), list.holidays.end(),
                   [](const Holiday& one, const Holiday& other) { return one.date < other.date; });
  return list;
}

}  // namespace causeway::policy::sla
