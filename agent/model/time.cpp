#include "agent/model/time.hpp"

#include <fmt/format.h>

namespace causeway {
namespace {

/// Reads exactly `digits` decimal digits from the front of `text`.
std::optional<int> take_digits(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(digits);
  return value;
}

bool take(std::string_view& text, char wanted) {
  if (text.empty() || text.front() != wanted) return false;
  text.remove_prefix(1);
  return true;
}

}  // namespace

std::optional<Instant> parse_instant(std::string_view text) {
  using namespace std::chrono;
  const auto year_value = take_digits(text, 4);
  if (!year_value || !take(text, '-')) return std::nullopt;
  const auto month_value = take_digits(text, 2);
  if (!month_value || !take(text, '-')) return std::nullopt;
  const auto day_value = take_digits(text, 2);
  if (!day_value || (!take(text, 'T') && !take(text, ' '))) return std::nullopt;
  const auto hour_value = take_digits(text, 2);
  if (!hour_value || !take(text, ':')) return std::nullopt;
  const auto minute_value = take_digits(text, 2);
  if (!minute_value || !take(text, ':')) return std::nullopt;
  const auto second_value = take_digits(text, 2);
  if (!second_value) return std::nullopt;
  int millisecond_value = 0;
  if (take(text, '.')) {
    int scale = 100;
    if (text.empty() || text.front() < '0' || text.front() > '9') return std::nullopt;
    while (!text.empty() && text.front() >= '0' && text.front() <= '9') {
      millisecond_value += (text.front() - '0') * scale;
      scale /= 10;
      text.remove_prefix(1);
    }
  }
  minutes offset{0};
  if (!take(text, 'Z')) {
    const bool negative = !text.empty() && text.front() == '-';
    if (!take(text, '+') && !take(text, '-')) return std::nullopt;
    const auto offset_hours = take_digits(text, 2);
    if (!offset_hours) return std::nullopt;
    take(text, ':');
    const auto offset_minutes = take_digits(text, 2);
    if (!offset_minutes) return std::nullopt;
    offset = hours{*offset_hours} + minutes{*offset_minutes};
    if (negative) offset = -offset;
  }
  if (!text.empty()) return std::nullopt;
  const year_month_day date{year{*year_value}, month{static_cast<unsigned>(*month_value)},
                            day{static_cast<unsigned>(*day_value)}};
  if (!date.ok() || *hour_value > 23 || *minute_value > 59 || *second_value > 60) return std::nullopt;
  return sys_days{date} + hours{*hour_value} + minutes{*minute_value} + seconds{*second_value} +
         milliseconds{millisecond_value} - offset;
}

std::string format_instant(Instant instant) {
  using namespace std::chrono;
  const auto day_start = floor<days>(instant);
  const year_month_day date{day_start};
  const hh_mm_ss clock{floor<seconds>(instant - day_start)};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count());
}

}  // namespace causeway
