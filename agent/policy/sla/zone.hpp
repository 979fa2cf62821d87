#pragma once
/// A time zone as a list of UTC offsets. What the installed zone data says is copied once, so that everything that
/// computes with a zone is a plain look-up and never asks the machine's own zone.
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/model/time.hpp"

namespace causeway::policy::sla {

using LocalDate = std::chrono::local_days;
using LocalTime = std::chrono::local_time<std::chrono::milliseconds>;

/// The years in which zones, and so calendars, are known: from the first of January of one, until that of the other.
inline constexpr std::chrono::year first_year{1900};
inline constexpr std::chrono::year end_year{2400};
inline constexpr Instant first_instant{std::chrono::sys_days{first_year / std::chrono::January / 1}};
inline constexpr Instant end_instant{std::chrono::sys_days{end_year / std::chrono::January / 1}};

/// One stretch of time [from, until) during which a zone keeps one offset: local time = UTC + offset.
struct OffsetSpan {
  Instant from;
  Instant until;
  std::chrono::seconds offset{0};
};

/// Any thread; copies share the list.
class Zone {
 public:
  /// nullopt: the installed data has no zone of this name. Names are IANA's, case counts; `localtime` and the like,
  /// which mean something else on every machine, are none.
  static std::optional<Zone> find(std::string_view name);

  [[nodiscard]] const std::string& name() const { return name_; }
  /// In order, without a hole from `first_instant` to `end_instant`, neighbours differ.
  [[nodiscard]] const std::vector<OffsetSpan>& spans() const { return *spans_; }
  /// The index of the span that holds this instant; before the first it is the first, behind the last the last.
  [[nodiscard]] std::size_t span_at(Instant instant) const;
  [[nodiscard]] std::chrono::seconds offset_at(Instant instant) const { return spans()[span_at(instant)].offset; }
  /// The instant of a local time. One that does not exist is moved one gap later (02:30 → 03:30), an ambiguous one
  /// is its first occurrence.
  [[nodiscard]] Instant instant_of(LocalTime local) const;
  /// `2026-03-30T11:30:00+02:00`, with milliseconds where there are any. An offset with seconds (before 1972) is shown
  /// to the minute; the instant stays exact.
  [[nodiscard]] std::string format(Instant instant) const;

 private:
  Zone(std::string name, std::vector<OffsetSpan> spans);
  std::string name_;
  std::shared_ptr<const std::vector<OffsetSpan>> spans_;
};

/// Remembers the zones it has found: who makes many calendars keeps one. One thread.
class Zones {
 public:
  std::optional<Zone> find(std::string_view name);

 private:
  std::map<std::string, Zone, std::less<>> found_;
};

}  // namespace causeway::policy::sla
