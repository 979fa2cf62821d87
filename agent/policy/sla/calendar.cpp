#include "agent/policy/sla/calendar.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace causeway::policy::sla {
namespace {

using std::chrono::days;
using std::chrono::milliseconds;

/// More than the years that are known hold.
constexpr milliseconds amount_max = end_instant - first_instant;

bool known(Instant instant) { return instant >= first_instant && instant < end_instant; }

std::unexpected<Failure> unknown_years(Instant instant) {
  return fail(Fault::rejected, fmt::format("{} is outside the years {} to {}", format_instant(instant),
                                           static_cast<int>(first_year), static_cast<int>(end_year) - 1));
}

Result<void> check_question(Instant instant, milliseconds amount) {
  if (!known(instant)) return unknown_years(instant);
  if (amount < milliseconds{0}) return fail(Fault::rejected, "a negative amount of time cannot be counted");
  if (amount > amount_max) return fail(Fault::rejected, "more time than any calendar here holds");
  return {};
}

/// Calls `visitor(from, until)` for what `pauses` (merged) leave of [from, until), until one says false.
/// `next` is the first pause that may still matter, for spans that come in order.
template <class Visitor>
bool outside_pauses(Span open, std::span<const Span> pauses, std::size_t& next, Visitor&& visitor) {
  while (next < pauses.size() && pauses[next].until <= open.from) ++next;
  Instant position = open.from;
  for (std::size_t index = next; index < pauses.size() && pauses[index].from < open.until; ++index) {
    if (pauses[index].from > position && !visitor(position, pauses[index].from)) return false;
    position = std::max(position, pauses[index].until);
  }
  return position >= open.until || visitor(position, open.until);
}

}  // namespace

std::vector<Span> merged(std::span<const Pause> pauses) {
  std::vector<Span> spans;
  for (const Pause& pause : pauses) {
    const Instant until = std::min(pause.until.value_or(end_instant), end_instant);
    if (pause.from < until) spans.push_back({pause.from, until});
  }
  std::sort(spans.begin(), spans.end(), [](const Span& one, const Span& other) { return one.from < other.from; });
  std::vector<Span> result;
  for (const Span& span : spans) {
    if (!result.empty() && span.from <= result.back().until) {
      result.back().until = std::max(result.back().until, span.until);
    } else {
      result.push_back(span);
    }
  }
  return result;
}

/// Calls `visitor(from, until)` for every open span of [from, until), in order, until one says false. Within one offset
/// the local clock runs straight; so each offset's dates are walked on their own, and real time never goes backwards,
/// not even where the clock is put back over midnight.
template <class Visitor>
void Calendar::visit(Instant from, Instant until, Visitor&& visitor) const {
  from = std::max(from, first_instant);
  until = std::min(until, end_instant);
  for (std::size_t index = zone_.span_at(from); index < zone_.spans().size(); ++index) {
    const OffsetSpan& span = zone_.spans()[index];
    const Instant begin = std::max(from, span.from);
    const Instant end = std::min(until, span.until);
    if (begin >= end) return;
    const auto local_of = [&](Instant instant) { return LocalTime{(instant + span.offset).time_since_epoch()}; };
    const LocalDate first = std::chrono::floor<days>(local_of(begin));
    // both walk with the date: looking each one up would cost more than all the rest
    auto special = std::lower_bound(dates_.begin(), dates_.end(), first,
                                    [](const auto& entry, LocalDate wanted) { return entry.first < wanted; });
    std::size_t week_day = std::chrono::weekday{first}.c_encoding();
    for (LocalDate date = first; LocalTime{date} < local_of(end); date += days{1}) {
      const bool is_special = special != dates_.end() && special->first == date;
      const Day& day = is_special ? (special++)->second : week_[week_day];
      week_day = week_day == 6 ? 0 : week_day + 1;
      const Instant midnight = Instant{LocalTime{date}.time_since_epoch()} - span.offset;
      for (const Interval& interval : day) {
        const Instant opens = std::max(begin, midnight + interval.opens);
        const Instant closes = std::min(end, midnight + interval.closes);
        if (opens < closes && !visitor(opens, closes)) return;
      }
    }
  }
}

Result<Instant> Calendar::add(Instant start, milliseconds amount, std::span<const Pause> pauses) const {
  if (const auto checked = check_question(start, amount); !checked) return std::unexpected(checked.error());
  const std::vector<Span> closed = merged(pauses);
  std::size_t next_pause = 0;
  milliseconds missing = amount;
  std::optional<Instant> result;
  // behind a pause without end nothing can come
  const Instant endless = !closed.empty() && closed.back().until == end_instant ? closed.back().from : end_instant;
  Instant last_open = start;  // where the last open time ended: the search goes on for ten years from there
  const auto take = [&](Instant opens, Instant closes) {
    if (missing <= closes - opens) {
      result = opens + missing;
      return false;
    }
    missing -= closes - opens;
    return true;
  };
  while (!result) {
    const Instant position = last_open;
    const Instant search_end = position + search_days_max;
    visit(position, std::min(search_end, endless), [&](Instant opens, Instant closes) {
      last_open = closes;
      return outside_pauses({opens, closes}, closed, next_pause, take);
    });
    if (result) break;
    if (endless != end_instant && endless <= search_end) {
      return fail(Fault::rejected,
                  fmt::format("paused since {} without an end, so the time never comes", zone_.format(endless)));
    }
    if (last_open != position) continue;
    if (search_end >= end_instant) return unknown_years(end_instant);
    return fail(Fault::rejected, fmt::format("no open time within 10 years after {}", zone_.format(position)));
  }
  return *result;
}

Result<Instant> Calendar::subtract(Instant end, milliseconds amount, std::span<const Pause> pauses) const {
  if (const auto checked = check_question(end, amount); !checked) return std::unexpected(checked.error());
  const std::vector<Span> closed = merged(pauses);
  milliseconds missing = amount;
  Instant last_open = end;
  Instant position = end;
  // Windows that grow, each read forwards and used backwards: a week mostly suffices.
  for (days window{7}; position > first_instant; window *= 2) {
    const Instant begin = std::max(position - window, first_instant);
    std::vector<Span> counted;
    std::size_t next_pause = 0;
    std::optional<Instant> earliest;
    Instant latest = begin;
    visit(begin, position, [&](Instant opens, Instant closes) {
      if (!earliest) earliest = opens;
      latest = closes;
      return outside_pauses({opens, closes}, closed, next_pause, [&](Instant from, Instant until) {
        counted.push_back({from, until});
        return true;
      });
    });
    if (last_open - latest > search_days_max) {
      return fail(Fault::rejected, fmt::format("no open time within 10 years before {}", zone_.format(last_open)));
    }
    for (auto span = counted.rbegin(); span != counted.rend(); ++span) {
      if (missing <= span->until - span->from) return span->until - missing;
      missing -= span->until - span->from;
    }
    if (earliest) last_open = *earliest;
    position = begin;
    window = std::min(window, search_days_max / 4);
  }
  return unknown_years(first_instant - milliseconds{1});
}

milliseconds Calendar::between(Instant start, Instant end, std::span<const Pause> pauses) const {
  const std::vector<Span> closed = merged(pauses);
  std::size_t next_pause = 0;
  milliseconds total{0};
  visit(start, end, [&](Instant opens, Instant closes) {
    return outside_pauses({opens, closes}, closed, next_pause, [&](Instant from, Instant until) {
      total += until - from;
      return true;
    });
  });
  return total;
}

bool Calendar::is_open(Instant instant) const { return between(instant, instant + milliseconds{1}) > milliseconds{0}; }

std::vector<Span> Calendar::open_spans(Instant from, Instant until) const {
  std::vector<Span> spans;
  visit(from, until, [&](Instant opens, Instant closes) {
    if (!spans.empty() && spans.back().until == opens) {
      spans.back().until = closes;
    } else {
      spans.push_back({opens, closes});
    }
    return true;
  });
  return spans;
}

}  // namespace causeway::policy::sla
