/// Every kind of answer once, so that the fixture can hold it against GitHub's document.
#include <fstream>
#include <sstream>

#include "tests/unit/fakes_github/fixture.hpp"

namespace causeway::fakes::github {
namespace {

class GitHubAnswers : public OnGitHub {};

TEST_F(GitHubAnswers, ShowAnIssueInAllItsForms) {
  const Number milestone = github.open_milestone("acme/widgets", "1.0");
  const Number issue = github.open("acme/widgets", "A title", "text", "visitor", {"bug", "with / slash"});
  github.edit("acme/widgets", issue, {.assignees = std::vector<std::string>{"syncuser"}, .milestone = milestone});
  github.close("acme/widgets", issue, "not_planned");
  github.lock("acme/widgets", issue, "spam");
  const http::Response response = get(issues_path + "/1");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(at(response, "/state"), "closed");
  EXPECT_EQ(at(response, "/state_reason"), "not_planned");
  EXPECT_EQ(at(response, "/closed_by/login"), "maintainer");
  EXPECT_EQ(at(response, "/labels/1/name"), "with / slash");
  EXPECT_EQ(at(response, "/labels/1/url"), origin + "/repos/acme/widgets/labels/with%20%2F%20slash");
  EXPECT_EQ(at(response, "/milestone/title"), "1.0");
  EXPECT_EQ(at(response, "/milestone/closed_issues"), "1");
  EXPECT_EQ(at(response, "/assignee/login"), "syncuser");
  EXPECT_EQ(at(response, "/active_lock_reason"), "spam");
  EXPECT_EQ(at(response, "/performed_via_github_app"), "null");
  EXPECT_EQ(at(response, "/html_url"), origin + "/acme/widgets/issues/1");
  github.reopen("acme/widgets", issue);
  EXPECT_EQ(at(get(issues_path + "/1"), "/state_reason"), "reopened");
}

TEST_F(GitHubAnswers, GiveTheBodyInTheFormThatWasAskedFor) {
  github.open("acme/widgets", "A title", "**bold**");
  EXPECT_EQ(at(get(issues_path + "/1"), "/body_html"), "absent");
  http::Request request;
  request.url = origin + issues_path + "/1";
  request.headers = {{"User-Agent", "test"}, {"Accept", "application/vnd.github.full+json"}};
  const auto response = transport.send(request);
  ASSERT_TRUE(response);
  EXPECT_EQ(at(*response, "/body"), "**bold**");
  EXPECT_EQ(at(*response, "/body_html"), "<p><strong>bold</strong></p>\n");
  EXPECT_EQ(at(*response, "/body_text"), "bold\n");
}

TEST_F(GitHubAnswers, ShowPeopleThatAreGoneAsTheGhost) {
  const Number issue = github.open("acme/widgets", "A title", std::nullopt, "reporter");
  github.comment("acme/widgets", issue, "mine", "reporter");
  github.remove_user("reporter");
  EXPECT_EQ(at(get(issues_path + "/1"), "/user/login"), "ghost");
  EXPECT_EQ(at(get(issues_path + "/1"), "/body"), "null");
  EXPECT_EQ(at(get(issues_path + "/1/comments"), "/0/user/login"), "ghost");
}

TEST_F(GitHubAnswers, ShowCommentsHiddenOnesToo) {
  const Number issue = github.open("acme/widgets", "A title", "text");
  const Number comment = github.comment("acme/widgets", issue, "line\r\nline");
  github.minimize(comment, "off-topic");
  const http::Response list = get(issues_path + "/1/comments");
  EXPECT_EQ(at(list, "/0/body"), "line\r\nline");
  EXPECT_EQ(at(list, "/0/minimized/reason"), "off-topic");
  EXPECT_EQ(at(list, "/0/issue_url"), origin + issues_path + "/1");
  EXPECT_EQ(get(issues_path + "/comments/" + std::to_string(comment)).status, 200);
  EXPECT_EQ(at(get(issues_path + "/comments"), ""), "list of 1");
}

TEST_F(GitHubAnswers, CoverLabelsMilestonesPeopleAndTheRest) {
  github.open("acme/widgets", "A title", "text");
  EXPECT_EQ(get("/repos/acme/widgets").status, 200);
  EXPECT_EQ(at(get("/repos/acme/widgets"), "/permissions/push"), "true");
  EXPECT_EQ(at(get("/repos/acme/widgets"), "/open_issues_count"), "1");
  EXPECT_EQ(at(get("/user"), "/login"), "syncuser");
  EXPECT_EQ(get("/users/visitor").status, 200);
  EXPECT_EQ(get("/rate_limit").status, 200);
  EXPECT_EQ(at(get("/repos/acme/widgets/labels"), ""), "list of 9");
  EXPECT_EQ(post("/repos/acme/widgets/labels", R"({"name":"new","color":"00ff00","description":"d"})").status, 201);
  EXPECT_EQ(at(get("/repos/acme/widgets/labels/NEW"), "/name"), "new");
  EXPECT_EQ(at(patch("/repos/acme/widgets/labels/new", R"({"new_name":"newer","color":"AABBCC"})"), "/color"),
            "aabbcc");
  EXPECT_EQ(ask(http::Method::del, "/repos/acme/widgets/labels/newer").status, 204);
  EXPECT_EQ(post("/repos/acme/widgets/milestones", R"({"title":"2.0","due_on":"2027-01-01T00:00:00Z"})").status, 201);
  EXPECT_EQ(at(patch("/repos/acme/widgets/milestones/1", R"({"state":"closed"})"), "/state"), "closed");
  EXPECT_EQ(at(get("/repos/acme/widgets/milestones"), ""), "list of 0");
  EXPECT_EQ(at(get("/repos/acme/widgets/milestones?state=all"), ""), "list of 1");
  EXPECT_THAT(column(get("/repos/acme/widgets/assignees"), "login"), ElementsAre("maintainer", "syncuser", "triager"));
  EXPECT_EQ(get("/repos/acme/widgets/assignees/syncuser").status, 204);
  EXPECT_EQ(get("/repos/acme/widgets/assignees/visitor").status, 404);
  EXPECT_EQ(at(get("/repos/acme/widgets/collaborators/triager/permission"), "/role_name"), "triage");
}

TEST_F(GitHubAnswers, TellAnIssuesHistory) {
  const Number issue = github.open("acme/widgets", "A title", "text", "visitor", {"bug"});
  github.edit("acme/widgets", issue, {.title = "Another", .assignees = std::vector<std::string>{"syncuser"}});
  github.comment("acme/widgets", issue, "seen");
  github.unlabel("acme/widgets", issue, "bug");
  github.close("acme/widgets", issue);
  github.lock("acme/widgets", issue);
  EXPECT_THAT(column(get(issues_path + "/1/timeline"), "event"),
              ElementsAre("labeled", "renamed", "assigned", "commented", "unlabeled", "closed", "locked"));
  EXPECT_EQ(at(get(issues_path + "/1/events"), ""), "list of 6");
  EXPECT_EQ(at(get(issues_path + "/1/events"), "/1/rename/from"), "A title");
  EXPECT_EQ(at(get(issues_path + "/events?per_page=2"), "/0/event"), "locked");
}

TEST_F(GitHubAnswers, FindBySearch) {
  github.open("acme/widgets", "A title", "with marker causeway:0123");
  github.open("acme/widgets", "Another", "nothing");
  const http::Response found = get("/search/issues?q=%22causeway:0123%22+repo:acme/widgets+is:issue");
  EXPECT_EQ(at(found, "/total_count"), "1");
  EXPECT_EQ(at(found, "/items/0/number"), "1");
}

TEST_F(GitHubAnswers, HoldRecordedIssues) {
  std::ifstream file{CAUSEWAY_SOURCE_DIR "/tests/data/github-issues.json"};
  std::ostringstream text;
  text << file.rdbuf();
  ASSERT_TRUE(github.load_recorded("acme/widgets", text.str()));
  EXPECT_EQ(github.all("acme/widgets").size(), 20U);
  EXPECT_EQ(at(get(issues_path + "/1"), "/title"), "Spelling error in the README file");
  EXPECT_EQ(at(get(issues_path + "/1"), "/comments"), "2");
  EXPECT_EQ(at(get(issues_path + "?per_page=100&state=all"), ""), "list of 20");
  EXPECT_FALSE(github.load_recorded("acme/widgets", "{}"));
}

}  // namespace
}  // namespace causeway::fakes::github
