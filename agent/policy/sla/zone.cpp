#include "agent/policy/sla/zone.hpp"

#include <absl/time/time.h>
#include <fmt/format.h>

#include <algorithm>

namespace causeway::policy::sla {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// Names that lead out of the folder of zones, or to something that is no zone of IANA's, are not even looked up.
bool may_be_a_name(std::string_view name) {
  if (name.empty() || name.size() > 64 || name.front() == '/') return false;
  const bool harmless = std::all_of(name.begin(), name.end(), [](char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') ||
           letter == '/' || letter == '_' || letter == '-' || letter == '+';
  });
  if (!harmless || name == "localtime" || name == "posixrules" || name == "Factory") return false;
  return !name.starts_with("posix/") && !name.starts_with("right/") && !name.starts_with("Fixed/");
}

Instant to_instant(absl::Time time) { return Instant{seconds{absl::ToUnixSeconds(time)}}; }
absl::Time to_absl(Instant instant) {
  return absl::FromUnixSeconds(std::chrono::floor<seconds>(instant).time_since_epoch().count());
}

/// A local time read as if it were UTC.
Instant as_if_utc(absl::CivilSecond local) { return to_instant(absl::FromCivil(local, absl::UTCTimeZone())); }

std::vector<OffsetSpan> read_spans(const absl::TimeZone& zone) {
  std::vector<OffsetSpan> spans;
  spans.push_back({first_instant, end_instant, seconds{zone.At(to_absl(first_instant)).offset}});
  absl::TimeZone::CivilTransition transition;
  absl::Time position = to_absl(first_instant);
  while (zone.NextTransition(position, &transition)) {
    // where it jumps from is local time by the offset that ends there
    const seconds before{zone.At(position).offset};
    const Instant at = as_if_utc(transition.from) - before;
    if (at >= end_instant) break;
    position = to_absl(at);
    const seconds after{zone.At(position).offset};
    if (after == spans.back().offset) continue;  // only the name changed
    spans.back().until = at;
    spans.push_back({at, end_instant, after});
  }
  return spans;
}

}  // namespace

Zone::Zone(std::string name, std::vector<OffsetSpan> spans)
    : name_(std::move(name)), spans_(std::make_shared<const std::vector<OffsetSpan>>(std::move(spans))) {}

std::optional<Zone> Zone::find(std::string_view name) {
  if (!may_be_a_name(name)) return std::nullopt;
  absl::TimeZone zone;
  const std::string text{name};
  if (!absl::LoadTimeZone(text, &zone)) return std::nullopt;
  return Zone{text, read_spans(zone)};
}

std::optional<Zone> Zones::find(std::string_view name) {
  if (const auto known = found_.find(name); known != found_.end()) return known->second;
  std::optional<Zone> zone = Zone::find(name);
  if (zone) found_.emplace(name, *zone);
  return zone;
}

std::size_t Zone::span_at(Instant instant) const {
  const auto behind = std::upper_bound(spans_->begin(), spans_->end(), instant,
                                       [](Instant at, const OffsetSpan& span) { return at < span.from; });
  return behind == spans_->begin() ? 0 : static_cast<std::size_t>(behind - spans_->begin()) - 1;
}

Instant Zone::instant_of(LocalTime local) const {
  const Instant if_utc{local.time_since_epoch()};
  // no zone has ever been two days away from UTC
  std::size_t index = span_at(if_utc - std::chrono::days{2});
  for (; index + 1 < spans_->size(); ++index) {
    // the first span that has not ended by its own clock holds the local time, or, when the clock jumped over it,
    // the span before the jump says how far
    const OffsetSpan& span = (*spans_)[index];
    if (if_utc - span.offset < span.until) break;
    const OffsetSpan& next = (*spans_)[index + 1];
    if (if_utc - next.offset < next.from) break;
  }
  return if_utc - (*spans_)[index].offset;
}

std::string Zone::format(Instant instant) const {
  using namespace std::chrono;
  const minutes shown = floor<minutes>(offset_at(instant));
  const Instant local = instant + shown;
  const auto day_start = floor<days>(local);
  const year_month_day date{day_start};
  const hh_mm_ss clock{local - day_start};
  const auto distance = abs(shown);
  const std::string fraction =
      clock.subseconds().count() == 0 ? std::string{} : fmt::format(".{:03}", clock.subseconds().count());
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}{}{:02}:{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count(), fraction, shown < minutes{0} ? '-' : '+',
                     distance.count() / 60, distance.count() % 60);
}

}  // namespace causeway::policy::sla
