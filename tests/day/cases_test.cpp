/// The same for cases over three trackers: two customers' Jiras, the queue, and an issue on GitHub that both wait for.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/day/day.hpp"
#include "tests/day/same_end.hpp"

namespace causeway::day {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// A sample of the commits, since living through all of them takes minutes; CAUSEWAY_EVERY_POINT asks for every point.
/// Of the requests that write, each has its day.
constexpr std::size_t days_at_commits = 70, days_with_two_deaths = 40;

const End& undisturbed() {
  static const End end = live_through_cases({.deaths = {}, .check_contract = true});
  return end;
}

TEST(Cases, AreWholeWhenNothingDies) {
  const End& end = undisturbed();
  EXPECT_THAT(end.unsettled, IsEmpty());
  EXPECT_THAT(end.leaks, IsEmpty());
  EXPECT_THAT(end.duplicates, IsEmpty());
  EXPECT_THAT(end.written_again, IsEmpty());
  EXPECT_EQ(end.conflicts, 0U);
  EXPECT_EQ(end.held, 1U) << "what names another customer waits for a person";
  EXPECT_GT(end.points.size(), 1000U) << "the day has too little in it";
  // On GitHub: what was said there, and nothing of ours.
  EXPECT_THAT(end.github, ElementsAre(AllOf(HasSubstr("Fixed in `2.4.1`."), Not(HasSubstr("Never mind")),
                                            Not(HasSubstr("causeway")), Not(HasSubstr("MARK")))));
  // At Acme: the answers of GitHub under the maintainer's name and support's own, a file that a note named, no other.
  EXPECT_THAT(end.acme, ElementsAre(AllOf(
                            HasSubstr("OPS-1 Globex cannot import at night"), HasSubstr("| Done 10000 |"),
                            HasSubstr("syncuser: Fixed in 2.4.1.\n-- maintainer"), HasSubstr("syncuser: Released."),
                            HasSubstr("syncuser: 2.4.2 is out as well."), HasSubstr("manual.txt=acme-own manual"),
                            Not(HasSubstr("thoughts.txt")), Not(HasSubstr("Never mind")), Not(HasSubstr("Proposed")))));
  // At Initech, whose case no longer follows at the end: not the last word, and not what names another customer.
  EXPECT_THAT(end.initech, ElementsAre(AllOf(HasSubstr("INIT-1 Import broken [queue]"), HasSubstr("| In Progress "),
                                             HasSubstr("syncuser: Fixed in {{2.4.1}}."), HasSubstr("Released."),
                                             Not(HasSubstr("2.4.2")), Not(HasSubstr("Proposed")))));
  // In the queue: each case with its own, the files, the proposal inside; the deleted issue's ticket is still there.
  const auto proposed = HasSubstr("privately: &#35;1 is now \"closed\". Proposed");
  EXPECT_THAT(end.redmine, ElementsAre(AllOf(HasSubstr("Globex cannot import at night"), HasSubstr("| status 3 "),
                                             proposed, HasSubstr("trace.txt=acme-own trace"), HasSubstr("every time"),
                                             HasSubstr("acme-own: not for us"), Not(HasSubstr("initech-own"))),
                                       AllOf(HasSubstr("Import broken [queue]"), HasSubstr("| status 2 "), proposed,
                                             HasSubstr("db7.log=initech-own log"), HasSubstr("initech-own: thank you"),
                                             HasSubstr("Labels=import,vip"), Not(HasSubstr("acme-own"))),
                                       HasSubstr("Printer on fire")));
  EXPECT_EQ(end.links.size(), 4U);
}

TEST(Cases, SpeakWithGitHubAndJiraAsTheirOpenApiDocumentsSay) {
  EXPECT_GT(undisturbed().checked, 50U);
  EXPECT_THAT(undisturbed().contract, IsEmpty());
}

TEST(Cases, EndTheSameWhenTheAgentDiesAtACommit) {
  const auto days =
      a_day_for_each(undisturbed().points, {Point::Kind::before_commit, Point::Kind::after_commit}, days_at_commits);
  expect_the_same_end(live_through_cases, undisturbed(), days);
}

TEST(Cases, EndTheSameWhenTheAgentDiesAroundARequest) {
  const auto days = a_day_for_each(undisturbed().points, {Point::Kind::before_request, Point::Kind::after_request});
  expect_the_same_end(live_through_cases, undisturbed(), days);
}

TEST(Cases, EndTheSameWhenTheAgentDiesTwice) {
  expect_the_same_end(live_through_cases, undisturbed(), days_with_two(undisturbed().points, days_with_two_deaths));
}

}  // namespace
}  // namespace causeway::day
