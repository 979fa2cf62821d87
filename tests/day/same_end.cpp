#include "tests/day/same_end.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <random>
#include <thread>

namespace causeway::day {
namespace {

void compare(const char* what, const std::vector<std::string>& got, const std::vector<std::string>& wanted,
             std::string& found) {
  if (got == wanted) return;
  found += fmt::format("\n  {} differ:", what);
  for (const std::string& line : got) {
    if (std::count(got.begin(), got.end(), line) > std::count(wanted.begin(), wanted.end(), line))
      found += "\n    got    " + line;
  }
  for (const std::string& line : wanted) {
    if (std::count(wanted.begin(), wanted.end(), line) > std::count(got.begin(), got.end(), line))
      found += "\n    wanted " + line;
  }
}

/// Everything in which a day with deaths ended otherwise; empty: nothing.
std::string differences(const End& end, const End& wanted) {
  std::string found;
  compare("issues on GitHub", end.github, wanted.github, found);
  compare("tickets in Redmine", end.redmine, wanted.redmine, found);
  compare("issues of Acme", end.acme, wanted.acme, found);
  compare("issues of Initech", end.initech, wanted.initech, found);
  compare("links", end.links, wanted.links, found);
  compare("words in requests to who must not read them", end.leaks, {}, found);
  compare("markers that several objects carry", end.duplicates, {}, found);
  compare("writes of a pass that had nothing to do", end.written_again, {}, found);
  compare("objections", end.contract, {}, found);
  compare("hindrances", end.unsettled, {}, found);
  if (end.held != wanted.held) found += fmt::format("\n  {} held instead of {}", end.held, wanted.held);
  if (end.conflicts != wanted.conflicts)
    found += fmt::format("\n  {} conflicts instead of {}", end.conflicts, wanted.conflicts);
  return found;
}

bool changes_something(const Point& point) {
  return point.kind == Point::Kind::before_commit ||
         (point.kind == Point::Kind::before_request && !point.what.starts_with("GET "));
}

}  // namespace

void expect_the_same_end(const Live& live, const End& undisturbed, const Deaths& days) {
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::vector<std::string> complaints;
  const auto work = [&] {
    for (std::size_t at = next++; at < days.size(); at = next++) {
      const End end = live({.deaths = days[at], .check_contract = false});
      std::string found = differences(end, undisturbed);
      if (end.died == 0) found += "\n  nothing died";
      if (found.empty()) continue;
      std::string where;
      for (const std::size_t point : days[at]) {
        where += fmt::format("{}{}", where.empty() ? "" : ", then ", point);
        if (point <= end.points.size()) where += fmt::format(" ({})", name(end.points[point - 1]));
      }
      const std::scoped_lock lock{mutex};
      complaints.push_back(fmt::format("killed at point {}:{}", where, found));
    }
  };
  {
    std::vector<std::jthread> threads;
    for (unsigned n = 0; n < std::max(2U, std::thread::hardware_concurrency()); ++n) threads.emplace_back(work);
  }
  constexpr std::size_t shown_max = 8;
  for (std::size_t at = 0; at < std::min(shown_max, complaints.size()); ++at) ADD_FAILURE() << complaints[at];
  EXPECT_EQ(complaints.size(), 0U) << "of " << days.size() << " days ended otherwise";
}

Deaths a_day_for_each(const std::vector<Point>& points, const std::set<Point::Kind>& kinds, std::size_t days_max) {
  Deaths days;
  const bool every_point = std::getenv("CAUSEWAY_EVERY_POINT") != nullptr;
  for (std::size_t at = 0; at < points.size(); ++at) {
    const bool last = at + 1 == points.size();
    if (kinds.contains(points[at].kind) && (every_point || last || changes_something(points[at])))
      days.push_back({at + 1});
  }
  const std::size_t all = days.size();
  if (!every_point && days_max > 0 && all > days_max) {
    Deaths taken;
    for (std::size_t n = 0; n < days_max; ++n) taken.push_back(days[n * all / days_max]);
    days = std::move(taken);
  }
  std::cout << days.size() << " days of " << all << ", for " << points.size() << " points\n";
  return days;
}

Deaths days_with_two(const std::vector<Point>& all_points, std::size_t count) {
  const char* given = std::getenv("CAUSEWAY_SEED");
  const std::uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  std::cout << "seed " << seed << " (CAUSEWAY_SEED sets it)\n";
  std::mt19937_64 random{seed};
  const std::size_t points = all_points.size();
  Deaths days;
  while (days.size() < count) {
    const std::size_t first = 1 + random() % points;
    // Mostly soon after the first death, where the next life is still picking up the pieces.
    const std::size_t second = first + 1 + random() % (days.size() % 2 == 0 ? 30 : points - first + 1);
    days.push_back({first, std::min(second, points)});
  }
  return days;
}

}  // namespace causeway::day
