#include <gmock/gmock.h>

#include "tests/unit/github/fixture.hpp"

namespace causeway::github {
namespace {

using testing::Contains;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;

using GitHubProbe = OnStandIn;
using Weight = Finding::Weight;

auto finding(const std::string& place, const std::string& what, Weight weight = Weight::error) {
  return AllOf(Field(&Finding::place, place), Field(&Finding::what, HasSubstr(what)), Field(&Finding::weight, weight),
               Field(&Finding::remedy, Not(IsEmpty())));
}

Needs everything() {
  Needs needs;
  needs.statuses = {{"open", "m/1"}, {"closed", "m/2"}, {"closed:not_planned", "m/3"}};
  needs.labels = {{"bug", "m/4"}, {"Help Wanted", "m/5"}};
  needs.people = {{"maintainer", "p/1"}};
  return needs;
}

TEST_F(GitHubProbe, FindsNothingWrongWhereAllIsWell) {
  const auto account = adapter().probe(everything());
  ASSERT_TRUE(account) << account.error().message;
  EXPECT_THAT(account->findings, IsEmpty());
  EXPECT_EQ(account->login, "syncuser");
  EXPECT_THAT(account->facts, Contains(Pair("repository", "acme/widgets (public)")));
  EXPECT_THAT(account->facts, Contains(Pair("rate limit", HasSubstr("requests left"))));
  EXPECT_THAT(account->facts, Contains(Pair("rights", HasSubstr("push"))));
}

TEST_F(GitHubProbe, SendsOnlyReadings) {
  ASSERT_TRUE(adapter().probe(everything()));
  for (const auto& [request, count] : github.requests()) EXPECT_THAT(request, testing::StartsWith("GET "));
}

TEST_F(GitHubProbe, TellsADeadTokenFromAWrongRepository) {
  const auto dead = adapter(default_options(), http::Secret{"ghp_wrong"}).probe(everything());
  ASSERT_TRUE(dead) << dead.error().message;
  EXPECT_THAT(dead->findings, ElementsAre(finding("trackers/community/token", "token is not accepted")));
  GitHubOptions options = default_options();
  options.repository = "acme/wigdets";
  const auto wrong = adapter("syncuser", options).probe(everything());
  ASSERT_TRUE(wrong) << wrong.error().message;
  EXPECT_THAT(wrong->findings, ElementsAre(finding("trackers/community/repository", "\"acme/wigdets\"")));
  EXPECT_EQ(wrong->login, "syncuser");
}

TEST_F(GitHubProbe, NamesEverythingThatIsWrongAtOnceWithItsPlace) {
  github.change([](stand_in::State& state) {
    stand_in::Repository* repository = find_repository(state, widgets);
    repository->archived = true;
  });
  Needs needs = everything();
  needs.private_comments = true;
  needs.statuses.push_back({"Closed", "routes/widget/mapping/status"});
  needs.priorities.push_back({"High", "routes/widget/mapping/priority"});
  needs.labels.push_back({"bgu", "routes/widget/mirror_when"});
  needs.people.push_back({"maintaner", "people/0"});
  needs.fields.push_back({"severity", "routes/widget/publish_when"});
  const auto account = adapter("visitor").probe(needs);
  ASSERT_TRUE(account) << account.error().message;
  EXPECT_THAT(account->findings, Contains(finding("trackers/community/repository", "archived")));
  EXPECT_THAT(account->findings, Contains(finding("trackers/community/repository", "private comments")));
  EXPECT_THAT(account->findings, Contains(finding("trackers/community/token", "may only read")));
  EXPECT_THAT(account->findings, Contains(finding("routes/widget/mapping/status", "did you mean \"closed\"?")));
  EXPECT_THAT(account->findings, Contains(finding("routes/widget/mapping/priority", "GitHub has none")));
  EXPECT_THAT(account->findings,
              Contains(finding("routes/widget/mirror_when", "did you mean \"bug\"?", Weight::warning)));
  EXPECT_THAT(account->findings, Contains(finding("people/0", "did you mean \"maintainer\"?", Weight::warning)));
  EXPECT_THAT(account->findings, Contains(finding("routes/widget/publish_when", "severity")));
}

TEST_F(GitHubProbe, FindsIssuesTurnedOff) {
  github.change([](stand_in::State& state) { find_repository(state, widgets)->has_issues = false; });
  const auto account = adapter().probe(everything());
  ASSERT_TRUE(account) << account.error().message;
  EXPECT_THAT(account->findings, Contains(finding("trackers/community/repository", "turned off")));
}

TEST_F(GitHubProbe, TellsTheNewNameOfARenamedRepository) {
  github.rename_repository(widgets, "gizmos");
  const auto account = adapter().probe(everything());
  ASSERT_TRUE(account) << account.error().message;
  EXPECT_THAT(account->findings, Contains(finding("trackers/community/repository", "acme/gizmos", Weight::warning)));
}

TEST_F(GitHubProbe, WarnsWhenFewRequestsAreLeft) {
  github.change([](stand_in::State& state) {
    state.settings.limits.enforced = true;
    state.settings.limits.requests_per_hour = 1000;
    state.settings.limits.points_per_minute = 100'000;
  });
  GitHubAdapter& reader = adapter();
  github.open(widgets, "one", "text");
  for (int n = 0; n < 985; ++n) ASSERT_TRUE(reader.fetch(ref(1)));
  const auto account = reader.probe(Needs{});
  ASSERT_TRUE(account) << account.error().message;
  EXPECT_THAT(account->facts, Contains(Pair("rate limit", HasSubstr("of 1000 requests left"))));
  EXPECT_THAT(account->findings, Contains(finding("trackers/community/token", "requests are left", Weight::warning)));
}

TEST_F(GitHubProbe, TellsNoTokenInWhatItFinds) {
  const auto account = adapter("visitor").probe(everything());
  ASSERT_TRUE(account);
  for (const auto& [name, fact] : account->facts) EXPECT_THAT(fact, Not(HasSubstr("ghp_")));
  for (const Finding& one : account->findings) EXPECT_THAT(one.what + one.remedy, Not(HasSubstr("ghp_")));
}

}  // namespace
}  // namespace causeway::github
