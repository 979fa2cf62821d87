/// The agent dies at every commit and around every request of a scripted day, comes back, and must reach the same end.
#include "tests/day/day.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <iostream>
#include <mutex>
#include <random>
#include <thread>

namespace causeway::day {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const End& undisturbed() {
  static const End end = live_through({.deaths = {}, .check_contract = true});
  return end;
}

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
std::string differences(const End& end) {
  const End& wanted = undisturbed();
  std::string found;
  compare("issues on GitHub", end.github, wanted.github, found);
  compare("tickets in Redmine", end.redmine, wanted.redmine, found);
  compare("links", end.links, wanted.links, found);
  compare("private words in requests to GitHub", end.leaks, {}, found);
  compare("markers that several objects carry", end.duplicates, {}, found);
  compare("writes of a pass that had nothing to do", end.written_again, {}, found);
  compare("objections", end.contract, {}, found);
  compare("hindrances", end.unsettled, {}, found);
  if (end.held != wanted.held) found += fmt::format("\n  {} held instead of {}", end.held, wanted.held);
  if (end.conflicts != wanted.conflicts)
    found += fmt::format("\n  {} conflicts instead of {}", end.conflicts, wanted.conflicts);
  return found;
}

/// One day for each set of deaths, several at the same time.
void expect_the_same_end(const std::vector<std::set<std::size_t>>& days) {
  (void)undisturbed();
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::vector<std::string> complaints;
  const auto work = [&] {
    for (std::size_t at = next++; at < days.size(); at = next++) {
      const End end = live_through({.deaths = days[at], .check_contract = false});
      std::string found = differences(end);
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

bool changes_something(const Point& point) {
  return point.kind == Point::Kind::before_commit ||
         (point.kind == Point::Kind::before_request && !point.what.starts_with("GET "));
}

/// One death for each point. Between two things that last (a commit, a request that writes) every death leaves the same
/// store and the same trackers behind, so of the points in between the last one stands for all: that is the one before
/// the next thing. With CAUSEWAY_EVERY_POINT set, each has its own day.
std::vector<std::set<std::size_t>> a_day_for_each(const std::set<Point::Kind>& kinds) {
  std::vector<std::set<std::size_t>> days;
  const std::vector<Point>& points = undisturbed().points;
  const bool every_point = std::getenv("CAUSEWAY_EVERY_POINT") != nullptr;
  for (std::size_t at = 0; at < points.size(); ++at) {
    const bool last = at + 1 == points.size();
    if (kinds.contains(points[at].kind) && (every_point || last || changes_something(points[at])))
      days.push_back({at + 1});
  }
  std::cout << days.size() << " days, for " << points.size() << " points\n";
  return days;
}

TEST(Day, IsWholeWhenNothingDies) {
  const End& end = undisturbed();
  EXPECT_THAT(end.unsettled, IsEmpty());
  EXPECT_THAT(end.leaks, IsEmpty());
  EXPECT_THAT(end.duplicates, IsEmpty());
  EXPECT_THAT(end.written_again, IsEmpty());
  EXPECT_EQ(end.conflicts, 1U);
  EXPECT_EQ(end.held, 0U);
  // On GitHub: what people filed without the deleted one, and what support published.
  EXPECT_EQ(end.github.size(), 5U);
  EXPECT_THAT(end.github, Contains(HasSubstr("Reader loses the last block | by syncuser")));
  EXPECT_THAT(end.github,
              Contains(AllOf(HasSubstr("Importer stops: header of the second archive"), HasSubstr("reproduce"),
                             HasSubstr("trace.txt"), HasSubstr("regression"), Not(HasSubstr("bug,")))));
  // In Redmine: three twins, of which one has lost its issue, and the private ticket; the published one was deleted.
  EXPECT_EQ(end.redmine.size(), 4U);
  EXPECT_THAT(end.redmine, Contains(AllOf(HasSubstr("Importer stops: header of the second archive"),
                                          HasSubstr("every time"), HasSubstr("[escalation]"),
                                          HasSubstr("Back to the topic"), Not(HasSubstr("Wrong thread")))));
  EXPECT_EQ(end.links.size(), 4U);
  EXPECT_GT(end.points.size(), 300U) << "the day has too little in it";
}

TEST(Day, SpeaksWithGitHubAsItsOpenApiDocumentSays) {
  EXPECT_GT(undisturbed().checked, 50U);
  EXPECT_THAT(undisturbed().contract, IsEmpty());
}

TEST(Day, EndsTheSameWhenTheAgentDiesAtAnyCommit) {
  const auto days = a_day_for_each({Point::Kind::before_commit, Point::Kind::after_commit});
  expect_the_same_end(days);
}

TEST(Day, EndsTheSameWhenTheAgentDiesAroundAnyRequest) {
  const auto days = a_day_for_each({Point::Kind::before_request, Point::Kind::after_request});
  expect_the_same_end(days);
}

TEST(Day, EndsTheSameWhenTheAgentDiesTwice) {
  const char* given = std::getenv("CAUSEWAY_SEED");
  const std::uint64_t seed = given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  std::cout << "seed " << seed << " (CAUSEWAY_SEED sets it)\n";
  std::mt19937_64 random{seed};
  const std::size_t points = undisturbed().points.size();
  std::vector<std::set<std::size_t>> days;
  while (days.size() < 200) {
    const std::size_t first = 1 + random() % points;
    // Mostly soon after the first death, where the next life is still picking up the pieces.
    const std::size_t second = first + 1 + random() % (days.size() % 2 == 0 ? 30 : points - first + 1);
    days.push_back({first, std::min(second, points)});
  }
  expect_the_same_end(days);
}

}  // namespace
}  // namespace causeway::day
