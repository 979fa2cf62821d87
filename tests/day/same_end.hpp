#pragma once
/// Days in which the agent dies, held against the same day in which it does not.
#include <functional>
#include <set>
#include <vector>

#include "tests/day/day.hpp"

namespace causeway::day {

using Live = std::function<End(const DayOptions&)>;
/// The points of each day at which the agent dies.
using Deaths = std::vector<std::set<std::size_t>>;

/// One death for each point of these kinds. Between two things that last (a commit, a request that writes) every death
/// leaves the same store and the same trackers behind, so of the points in between the last one stands for all: that is
/// the one before the next thing. Of more than `days_max` days so many are taken, spread evenly; 0: all. With
/// CAUSEWAY_EVERY_POINT set, each point has its own day.
[[nodiscard]] Deaths a_day_for_each(const std::vector<Point>& points, const std::set<Point::Kind>& kinds,
                                    std::size_t days_max = 0);
/// Days with two deaths each, by chance; CAUSEWAY_SEED sets it.
[[nodiscard]] Deaths days_with_two(const std::vector<Point>& points, std::size_t count);

/// Lives them all, several at the same time, and demands of each the undisturbed day's end.
void expect_the_same_end(const Live& live, const End& undisturbed, const Deaths& days);

}  // namespace causeway::day
