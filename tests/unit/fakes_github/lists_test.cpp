#include "tests/unit/fakes_github/fixture.hpp"

namespace causeway::fakes::github {
namespace {

class GitHubLists : public OnGitHub {
 protected:
  void SetUp() override {
    for (const char* title : {"one", "two", "three", "four", "five"}) {
      github.open("acme/widgets", title, "text");
      clock.advance(10s);
    }
  }
  std::vector<std::string> numbers(const std::string& query) { return column(get(issues_path + query), "number"); }
};

TEST_F(GitHubLists, BeginWithTheNewestOpenIssue) {
  github.close("acme/widgets", 2);
  EXPECT_THAT(numbers(""), ElementsAre("5", "4", "3", "1"));
  EXPECT_THAT(numbers("?state=closed"), ElementsAre("2"));
  EXPECT_THAT(numbers("?state=all&direction=asc"), ElementsAre("1", "2", "3", "4", "5"));
}

TEST_F(GitHubLists, LeadOnByRepositoryId) {
  const http::Response first = get(issues_path + "?per_page=2&state=all");
  const std::string base =
      origin + "/repositories/" + at(get("/repos/acme/widgets"), "/id") + "/issues?per_page=2&state=all&page=";
  EXPECT_EQ(first.header("Link"), "<" + base + "2>; rel=\"next\", <" + base + "3>; rel=\"last\"");
  const http::Response second = get(base + "2");
  EXPECT_THAT(column(second, "number"), ElementsAre("3", "2"));
  EXPECT_THAT(std::string{second.header("Link")},
              HasSubstr("<" + base + "1>; rel=\"prev\", <" + base + "3>; rel=\"next\""));
  const http::Response third = get(base + "3");
  EXPECT_THAT(column(third, "number"), ElementsAre("1"));
  EXPECT_THAT(std::string{third.header("Link")}, testing::Not(HasSubstr("next")));
  EXPECT_EQ(get(issues_path).header("Link"), "");
}

TEST_F(GitHubLists, GiveThirtyAndAtMostAHundred) {
  github.fill("acme/widgets", 120, 0, 100);
  EXPECT_EQ(numbers("").size(), 30U);
  EXPECT_EQ(numbers("?per_page=100").size(), 100U);
  breaks_requests = true;
  EXPECT_EQ(numbers("?per_page=1000").size(), 100U);
}

TEST_F(GitHubLists, TakeSinceAsInclusiveWholeSeconds) {
  const std::string stamp = at(get(issues_path + "/3"), "/updated_at");
  EXPECT_THAT(numbers("?sort=updated&direction=asc&since=" + stamp), ElementsAre("3", "4", "5"));
  EXPECT_THAT(numbers("?sort=updated&direction=desc&since=" + stamp), ElementsAre("5", "4", "3"));
  EXPECT_THAT(numbers("?since=" + stamp + "&direction=asc"), ElementsAre("3", "4", "5"));
  github.comment("acme/widgets", 1, "bump");
  EXPECT_THAT(numbers("?sort=updated&direction=asc&since=" + stamp), ElementsAre("3", "4", "5", "1"));
}

TEST_F(GitHubLists, FilterByLabelsPeopleAndMilestone) {
  github.label("acme/widgets", 1, "bug");
  github.label("acme/widgets", 1, "question");
  github.label("acme/widgets", 2, "bug");
  EXPECT_THAT(numbers("?labels=bug"), ElementsAre("2", "1"));
  EXPECT_THAT(numbers("?labels=BUG,question"), ElementsAre("1"));
  EXPECT_THAT(numbers("?labels=bug,nothing"), IsEmpty());
  github.edit(
      "acme/widgets", 4,
      {.assignees = std::vector<std::string>{"syncuser"}, .milestone = github.open_milestone("acme/widgets", "m")});
  EXPECT_THAT(numbers("?assignee=syncuser"), ElementsAre("4"));
  EXPECT_THAT(numbers("?assignee=*"), ElementsAre("4"));
  EXPECT_THAT(numbers("?assignee=none"), ElementsAre("5", "3", "2", "1"));
  EXPECT_THAT(numbers("?milestone=1"), ElementsAre("4"));
  EXPECT_THAT(numbers("?milestone=none").size(), 4U);
  EXPECT_THAT(numbers("?creator=reporter"), IsEmpty());
  EXPECT_EQ(get(issues_path + "?assignee=nobody-there").status, 422);
}

TEST_F(GitHubLists, MixPullRequestsInAndCountNumbersTogether) {
  github.open_pull_request("acme/widgets", "a change", "text");
  github.open("acme/widgets", "after it", "text");
  const http::Response list = get(issues_path + "?per_page=2");
  EXPECT_THAT(column(list, "number"), ElementsAre("7", "6"));
  EXPECT_EQ(at(list, "/0/pull_request"), "absent");
  EXPECT_EQ(at(list, "/1/pull_request/url"), origin + "/repos/acme/widgets/pulls/6");
}

TEST_F(GitHubLists, LagBehindWhatTheIssueItselfShows) {
  github.change([](State& state) { state.settings.list_lag = 5; });
  const Number fresh = github.open("acme/widgets", "fresh", "text");
  github.edit("acme/widgets", 1, {.title = "renamed"});
  github.comment("acme/widgets", 2, "fresh");
  EXPECT_EQ(get(issues_path + "/" + std::to_string(fresh)).status, 200);
  EXPECT_EQ(at(get(issues_path + "/1"), "/title"), "renamed");
  EXPECT_THAT(numbers("?state=all&direction=asc"), ElementsAre("1", "2", "3", "4", "5"));
  EXPECT_EQ(at(get(issues_path + "?direction=asc"), "/0/title"), "one");
  EXPECT_EQ(at(get(issues_path + "/2/comments"), ""), "list of 0");
  EXPECT_EQ(at(get("/search/issues?q=fresh"), "/total_count"), "0");
  clock.advance(5s);
  EXPECT_EQ(numbers("?state=all").size(), 6U);
  EXPECT_EQ(at(get(issues_path + "?direction=asc"), "/0/title"), "renamed");
  EXPECT_EQ(at(get(issues_path + "/2/comments"), ""), "list of 1");
}

TEST_F(GitHubLists, OrderCommentsOfTheRepositoryByChange) {
  const Number first = github.comment("acme/widgets", 1, "first");
  clock.advance(10s);
  const Number second = github.comment("acme/widgets", 2, "second");
  clock.advance(10s);
  github.edit_comment(first, "first again");
  const std::string path = issues_path + "/comments";
  const std::string one = std::to_string(first);
  const std::string two = std::to_string(second);
  EXPECT_THAT(column(get(path), "id"), ElementsAre(one, two));
  EXPECT_THAT(column(get(path + "?direction=desc"), "id"), ElementsAre(one, two));
  EXPECT_THAT(column(get(path + "?sort=updated&direction=asc"), "id"), ElementsAre(two, one));
  EXPECT_THAT(column(get(path + "?sort=updated&direction=desc&per_page=1"), "id"), ElementsAre(one));
  const std::string stamp = at(get(path + "/" + one), "/updated_at");
  EXPECT_THAT(column(get(path + "?since=" + stamp), "id"), ElementsAre(one));
  EXPECT_THAT(column(get(issues_path + "/1/comments?since=" + stamp), "id"), ElementsAre(one));
}

TEST_F(GitHubLists, HaveTagsThatDifferByPageTokenAndContent) {
  const auto tag = [&](const std::string& path, const std::string& token) {
    return std::string{get(path, token).header("ETag")};
  };
  const std::string first = tag(issues_path + "?per_page=2", "ghp_syncuser");
  EXPECT_THAT(first, testing::StartsWith("W/\""));
  EXPECT_EQ(first, tag(issues_path + "?per_page=2", "ghp_syncuser"));
  EXPECT_NE(first, tag(issues_path + "?per_page=2&page=2", "ghp_syncuser"));
  EXPECT_NE(first, tag(issues_path + "?per_page=2", "ghp_visitor"));
  const http::Response unchanged = get(issues_path + "?per_page=2", "ghp_syncuser", {{"If-None-Match", first}});
  EXPECT_EQ(unchanged.status, 304);
  EXPECT_EQ(unchanged.body, "");
  github.comment("acme/widgets", 5, "news");
  EXPECT_EQ(get(issues_path + "?per_page=2", "ghp_syncuser", {{"If-None-Match", first}}).status, 200);
}

}  // namespace
}  // namespace causeway::fakes::github
