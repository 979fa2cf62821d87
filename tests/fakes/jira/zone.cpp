#include "tests/fakes/jira/zone.hpp"

#include <date/tz.h>
#include <fmt/format.h>

#include <cctype>
#include <stdexcept>

namespace causeway::fakes::jira {
namespace {

using Moment = date::sys_time<std::chrono::milliseconds>;

/// Nobody's zone is a reason to fail.
const date::time_zone* zone_named(const std::string& name) {
  try {
    return date::locate_zone(name);
  } catch (const std::runtime_error&) {
    return date::locate_zone("Etc/UTC");
  }
}

/// Takes one number of at most `digits` digits off the front.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
  int value = 0;
  std::size_t taken = 0;
  while (taken < digits && taken < text.size() && std::isdigit(static_cast<unsigned char>(text[taken])) != 0) {
    value = value * 10 + (text[taken] - '0');
    ++taken;
  }
  if (taken == 0) return std::nullopt;
  text.remove_prefix(taken);
  return value;
}

bool take(std::string_view& text, char letter) {
  if (text.empty() || text.front() != letter) return false;
  text.remove_prefix(1);
  return true;
}

}  // namespace

std::string zoned_time(Milliseconds time, const std::string& zone) {
  const Moment moment{std::chrono::milliseconds{time}};
  const date::sys_info info = zone_named(zone)->get_info(moment);
  const auto local = moment + info.offset;
  const auto day = date::floor<date::days>(local);
  const date::year_month_day date{day};
  const date::hh_mm_ss<std::chrono::milliseconds> clock{local - day};
  const auto offset = std::chrono::duration_cast<std::chrono::minutes>(info.offset).count();
  const auto size = offset < 0 ? -offset : offset;
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}{}{:02}{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count(), clock.subseconds().count(),
                     offset < 0 ? '-' : '+', size / 60, size % 60);
}

std::optional<Milliseconds> wall_time(std::string_view text, const std::string& zone) {
  const auto year = take_number(text, 4);
  if (!year || text.empty()) return std::nullopt;
  const char between = text.front();
  if ((between != '-' && between != '/') || !take(text, between)) return std::nullopt;
  const auto month = take_number(text, 2);
  if (!month || !take(text, between)) return std::nullopt;
  const auto day = take_number(text, 2);
  if (!day) return std::nullopt;
  const date::year_month_day date{date::year{*year}, date::month{static_cast<unsigned>(*month)},
                                  date::day{static_cast<unsigned>(*day)}};
  if (!date.ok()) return std::nullopt;
  std::chrono::minutes clock{0};
  if (!text.empty()) {
    if (!take(text, ' ')) return std::nullopt;
    const auto hour = take_number(text, 2);
    if (!hour || *hour > 23 || !take(text, ':')) return std::nullopt;
    const auto minute = take_number(text, 2);
    if (!minute || *minute > 59 || !text.empty()) return std::nullopt;  // seconds are no JQL
    clock = std::chrono::hours{*hour} + std::chrono::minutes{*minute};
  }
  const date::local_time<std::chrono::milliseconds> local{date::local_days{date} + clock};
  const auto moment = zone_named(zone)->to_sys(local, date::choose::earliest);
  return std::chrono::duration_cast<std::chrono::milliseconds>(moment.time_since_epoch()).count();
}

}  // namespace causeway::fakes::jira
