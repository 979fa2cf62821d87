/// The agent dies at every commit and around every request of a scripted day, comes back, and must reach the same end.
#include "tests/day/day.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/day/same_end.hpp"

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
  const auto days = a_day_for_each(undisturbed().points, {Point::Kind::before_commit, Point::Kind::after_commit});
  expect_the_same_end(live_through, undisturbed(), days);
}

TEST(Day, EndsTheSameWhenTheAgentDiesAroundAnyRequest) {
  const auto days = a_day_for_each(undisturbed().points, {Point::Kind::before_request, Point::Kind::after_request});
  expect_the_same_end(live_through, undisturbed(), days);
}

TEST(Day, EndsTheSameWhenTheAgentDiesTwice) {
  expect_the_same_end(live_through, undisturbed(), days_with_two(undisturbed().points, 200));
}

}  // namespace
}  // namespace causeway::day
