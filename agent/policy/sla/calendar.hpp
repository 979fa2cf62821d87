#pragma once
/// Support hours: which instants count. An instant counts when the local clock of the calendar's zone stands inside an
/// interval of that local date, so what is measured is real time that passed, through every change of the clock.
/// Pure: no file, no clock of its own. Durations are milliseconds; nothing is rounded.
#include <array>
#include <chrono>
#include <expected>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "agent/model/result.hpp"
#include "agent/model/time.hpp"
#include "agent/policy/sla/zone.hpp"

namespace causeway::policy::sla {

/// One interval as somebody wrote it: `09:00` to `17:30`, seconds allowed, `24:00` ends a day.
struct IntervalText {
  std::string opens;
  std::string closes;
  bool operator==(const IntervalText&) const = default;
};

/// The hours of one week day (`mon` … `sun`) or of one date (`2026-12-24`).
struct DayText {
  std::string day;
  std::vector<IntervalText> intervals;
  bool operator==(const DayText&) const = default;
};

/// A calendar as somebody wrote it, not yet looked at.
struct CalendarText {
  std::string zone;                   ///< IANA's name
  std::vector<DayText> hours;         ///< by week day; a day that is missing is closed
  std::vector<DayText> overrides;     ///< by date: replace that date's hours, an empty one closes it
  std::vector<std::string> holidays;  ///< dates that are closed, unless an override says when they are open
  bool operator==(const CalendarText&) const = default;
};

/// One thing that is wrong with a calendar.
struct CalendarProblem {
  std::string place;  ///< `hours/mon interval 2`
  std::string reason;
  bool operator==(const CalendarProblem&) const = default;
};

/// All of them in one line: `tz: …; hours/mon interval 2: …`.
[[nodiscard]] std::string to_text(std::span<const CalendarProblem> problems);

/// [from, until) in real time.
struct Span {
  Instant from;
  Instant until;
  bool operator==(const Span&) const = default;
};

/// Time that does not count although the calendar is open. Without `until` it has not ended yet.
struct Pause {
  Instant from;
  std::optional<Instant> until;
  std::string reason;
  bool operator==(const Pause&) const = default;
};

/// Pauses in order, without overlap, without empty ones; the last may be without end (`end_instant`).
[[nodiscard]] std::vector<Span> merged(std::span<const Pause> pauses);

/// How long a search goes on without meeting any open time.
inline constexpr std::chrono::days search_days_max{3653};

/// The date that `2026-12-24` names; nullopt: no such date in the years that calendars know.
[[nodiscard]] std::optional<LocalDate> parse_date(std::string_view text);
[[nodiscard]] std::string format_date(LocalDate date);

/// A calendar that can be computed with. A value; any thread.
class Calendar {
 public:
  /// Everything that is wrong, at once, in the order in which it was written.
  static std::expected<Calendar, std::vector<CalendarProblem>> make(const CalendarText& text);
  /// The same for who makes many.
  static std::expected<Calendar, std::vector<CalendarProblem>> make(const CalendarText& text, Zones& zones);
  /// Open at every instant: what a 24x7 plan has.
  static Calendar always();

  /// The first instant at which `amount` of open time has passed since `start`. Outside the hours counting begins at
  /// the next opening, and so does adding nothing; what ends exactly at closing time is due at closing time.
  /// `rejected`: no open time within ten years, a pause without end, or an instant outside the years that are known.
  [[nodiscard]] Result<Instant> add(Instant start, std::chrono::milliseconds amount,
                                    std::span<const Pause> pauses = {}) const;
  /// The same backwards: the last instant from which `amount` of open time passes until `end`.
  [[nodiscard]] Result<Instant> subtract(Instant end, std::chrono::milliseconds amount,
                                         std::span<const Pause> pauses = {}) const;
  /// The open time from `start` to `end`, 0 when `end` is before `start`.
  [[nodiscard]] std::chrono::milliseconds between(Instant start, Instant end, std::span<const Pause> pauses = {}) const;
  [[nodiscard]] bool is_open(Instant instant) const;
  /// The instant itself where it is open.
  [[nodiscard]] Result<Instant> next_opening(Instant instant) const { return add(instant, {}); }
  /// The open spans that touch [from, until), cut to it, in order; neighbours that touch are one.
  [[nodiscard]] std::vector<Span> open_spans(Instant from, Instant until) const;

  [[nodiscard]] const Zone& zone() const { return zone_; }

 private:
  /// Seconds since the local midnight, by the local clock.
  struct Interval {
    std::chrono::seconds opens;
    std::chrono::seconds closes;
    bool operator==(const Interval&) const = default;
  };
  using Day = std::vector<Interval>;

  explicit Calendar(Zone zone) : zone_(std::move(zone)) {}
  template <class Visitor>
  void visit(Instant from, Instant until, Visitor&& visitor) const;
  friend class CalendarReader;

  Zone zone_;
  std::array<Day, 7> week_;                       ///< Sunday first
  std::vector<std::pair<LocalDate, Day>> dates_;  ///< overrides and holidays, by date
};

}  // namespace causeway::policy::sla
