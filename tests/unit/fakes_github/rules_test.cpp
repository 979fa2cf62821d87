#include "tests/unit/fakes_github/fixture.hpp"

namespace causeway::fakes::github {
namespace {

class GitHubRules : public OnGitHub {};

std::string quoted(const std::string& text) { return "{\"title\":\"t\",\"body\":\"" + text + "\"}"; }

TEST_F(GitHubRules, CreateWithWhatWasAskedFor) {
  github.open_milestone("acme/widgets", "1.0");
  const http::Response made = post(
      issues_path,
      R"({"title":"A title","body":"b","labels":["bug",{"name":"brand new"}],"milestone":1,"assignees":["syncuser"]})");
  EXPECT_EQ(made.status, 201);
  EXPECT_EQ(made.header("Location"), origin + issues_path + "/1");
  EXPECT_EQ(at(made, "/labels/1/name"), "brand new");
  EXPECT_EQ(at(made, "/labels/1/color"), "ededed");
  EXPECT_EQ(at(made, "/milestone/number"), "1");
  EXPECT_EQ(at(made, "/assignees/0/login"), "syncuser");
  EXPECT_EQ(at(made, "/author_association"), "COLLABORATOR");
  EXPECT_EQ(at(post(issues_path, R"({"title":7})"), "/title"), "7");
  EXPECT_EQ(at(get(issues_path + "/2"), "/body"), "null");
}

TEST_F(GitHubRules, DropLabelsPeopleAndMilestoneWithoutPushAccessAndSayNothing) {
  github.open_milestone("acme/widgets", "1.0");
  const std::string wish = R"({"title":"A title","labels":["bug"],"milestone":1,"assignees":["syncuser"]})";
  const http::Response made = post(issues_path, wish, "ghp_visitor");
  EXPECT_EQ(made.status, 201);
  EXPECT_EQ(at(made, "/labels"), "list of 0");
  EXPECT_EQ(at(made, "/milestone"), "null");
  EXPECT_EQ(at(made, "/assignees"), "list of 0");
  const http::Response changed = patch(issues_path + "/1", R"({"title":"B","labels":["bug"]})", "ghp_visitor");
  EXPECT_EQ(at(changed, "/title"), "B");
  EXPECT_EQ(at(changed, "/labels"), "list of 0");
  EXPECT_EQ(patch(issues_path + "/1", R"({"title":"C"})", "ghp_reporter").status, 403);
  EXPECT_EQ(post(issues_path + "/1/labels", R"({"labels":["bug"]})", "ghp_visitor").status, 403);
}

TEST_F(GitHubRules, RefuseWhatIsTooLongOrMissing) {
  const http::Response long_title = post(issues_path, R"({"title":")" + std::string(257, 'x') + R"("})");
  EXPECT_EQ(long_title.status, 422);
  EXPECT_EQ(at(long_title, "/message"), "Validation Failed");
  EXPECT_EQ(at(long_title, "/errors/0/field"), "title");
  EXPECT_EQ(at(long_title, "/errors/0/code"), "custom");
  EXPECT_EQ(post(issues_path, R"({"title":")" + std::string(256, 'x') + R"("})").status, 201);
  EXPECT_EQ(at(post(issues_path, R"({"title":"  "})"), "/errors/0/code"), "missing_field");
  EXPECT_EQ(at(post(issues_path, R"({"title":"t","milestone":9})"), "/errors/0/field"), "milestone");
  EXPECT_EQ(at(post(issues_path, R"({"title":"t","assignees":["visitor"]})"), "/errors/0/field"), "assignees");
  EXPECT_EQ(at(post(issues_path, R"({"title":"t","labels":[")" + std::string(51, 'x') + R"("]})"), "/errors/0/message"),
            "name is too long (maximum is 50 characters)");
  breaks_requests = true;
  EXPECT_EQ(post(issues_path, "{").status, 400);
  EXPECT_EQ(at(post(issues_path, "{"), "/message"), "Problems parsing JSON");
  EXPECT_EQ(at(post(issues_path, "[]"), "/message"), "Body should be a JSON object");
  EXPECT_EQ(post(issues_path, R"({"title":"t","body":7})").status, 422);
  EXPECT_EQ(post(issues_path, R"({"body":"t"})").status, 422);
}

TEST_F(GitHubRules, RefuseAnOverlongBodyOnlyWhenItIsNew) {
  const std::string fits(262'144, 'x');
  EXPECT_EQ(post(issues_path, quoted(fits)).status, 201);
  const http::Response refused = post(issues_path, quoted(fits + "x"));
  EXPECT_EQ(refused.status, 422);
  EXPECT_EQ(at(refused, "/errors/0/message"), "body is too long (maximum is 65536 characters)");
  patch(issues_path + "/1", R"({"body":"old"})");
  EXPECT_EQ(patch(issues_path + "/1", quoted(fits + "x")).status, 200);
  EXPECT_EQ(at(get(issues_path + "/1"), "/body"), "old");
  const http::Response comment = post(issues_path + "/1/comments", "{\"body\":\"" + fits + "x\"}");
  EXPECT_EQ(comment.status, 422);
  EXPECT_EQ(at(comment, "/errors/0/code"), "unprocessable");
}

TEST_F(GitHubRules, StampAnIssueForEveryChangeButAnEmptyOne) {
  github.open("acme/widgets", "A title", "text");
  const auto stamp = [&] { return at(get(issues_path + "/1"), "/updated_at"); };
  std::string before = stamp();
  const auto changes = [&](const auto& act) {
    clock.advance(1s);
    act();
    const std::string now = stamp();
    const bool changed = now != before;
    before = now;
    return changed;
  };
  EXPECT_TRUE(changes([&] { patch(issues_path + "/1", R"({"title":"B"})"); }));
  EXPECT_FALSE(changes([&] { patch(issues_path + "/1", R"({"title":"B"})"); }));
  EXPECT_TRUE(changes([&] { post(issues_path + "/1/labels", R"({"labels":["bug"]})"); }));
  EXPECT_FALSE(changes([&] { post(issues_path + "/1/labels", R"({"labels":["bug"]})"); }));
  EXPECT_TRUE(changes([&] { post(issues_path + "/1/comments", R"({"body":"c"})"); }));
  const Number comment = github.comments("acme/widgets", 1).front().id;
  const std::string path = issues_path + "/comments/" + std::to_string(comment);
  EXPECT_TRUE(changes([&] { patch(path, R"({"body":"d"})"); }));
  EXPECT_FALSE(changes([&] { EXPECT_EQ(ask(http::Method::del, path).status, 204); }));
  EXPECT_EQ(at(get(issues_path + "/1"), "/comments"), "0");
  EXPECT_EQ(get(path).status, 404);
  EXPECT_FALSE(changes([&] { patch("/repos/acme/widgets/labels/bug", R"({"new_name":"defect"})"); }));
  EXPECT_EQ(at(get(issues_path + "/1"), "/labels/0/name"), "defect");
  EXPECT_FALSE(changes([&] { ask(http::Method::del, "/repos/acme/widgets/labels/defect"); }));
  EXPECT_EQ(at(get(issues_path + "/1"), "/labels"), "list of 0");
  EXPECT_FALSE(changes([&] { clock.advance(400ms); }));
}

TEST_F(GitHubRules, ReplaceAddAndRemoveLabels) {
  github.open("acme/widgets", "A title", "text", "visitor", {"bug"});
  const std::string path = issues_path + "/1/labels";
  EXPECT_THAT(column(post(path, R"({"labels":["BUG","question"]})"), "name"), ElementsAre("bug", "question"));
  EXPECT_THAT(column(ask(http::Method::put, path, R"({"labels":["a/b"]})"), "name"), ElementsAre("a/b"));
  EXPECT_THAT(column(ask(http::Method::del, path + "/a%2Fb"), "name"), IsEmpty());
  EXPECT_EQ(at(ask(http::Method::del, path + "/bug"), "/message"), "Label does not exist");
  EXPECT_EQ(at(patch(issues_path + "/1", R"({"labels":["bug"]})"), "/labels"), "list of 1");
  EXPECT_EQ(ask(http::Method::del, path).status, 204);
  EXPECT_EQ(at(get(path), ""), "list of 0");
  EXPECT_EQ(at(post("/repos/acme/widgets/labels", R"({"name":"BUG"})"), "/errors/0/code"), "already_exists");
  EXPECT_EQ(at(post("/repos/acme/widgets/labels", R"({"name":"x","color":"#fff"})"), "/errors/0/code"), "invalid");
}

TEST_F(GitHubRules, AssignAtMostWhoCanBe) {
  github.open("acme/widgets", "A title", "text");
  const http::Response added = post(issues_path + "/1/assignees", R"({"assignees":["visitor","triager"]})");
  EXPECT_EQ(added.status, 201);
  EXPECT_EQ(at(added, "/assignees"), "list of 1");
  EXPECT_EQ(at(ask(http::Method::del, issues_path + "/1/assignees", R"({"assignees":["triager"]})"), "/assignees"),
            "list of 0");
}

TEST_F(GitHubRules, CloseWithAReasonOnlyWhenTheStateChanges) {
  github.open("acme/widgets", "A title", "text");
  EXPECT_EQ(at(patch(issues_path + "/1", R"({"state_reason":"not_planned"})"), "/state_reason"), "null");
  EXPECT_EQ(at(patch(issues_path + "/1", R"({"state":"closed","state_reason":"not_planned"})"), "/state_reason"),
            "not_planned");
  EXPECT_EQ(at(patch(issues_path + "/1", R"({"state":"closed","state_reason":"completed"})"), "/state_reason"),
            "not_planned");
  EXPECT_EQ(at(patch(issues_path + "/1", R"({"state":"open"})"), "/state_reason"), "reopened");
}

TEST_F(GitHubRules, LetOnlyCollaboratorsCommentOnALockedIssue) {
  github.open("acme/widgets", "A title", "text");
  EXPECT_EQ(ask(http::Method::put, issues_path + "/1/lock", R"({"lock_reason":"resolved"})").status, 204);
  const http::Response refused = post(issues_path + "/1/comments", R"({"body":"c"})", "ghp_visitor");
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(at(refused, "/message"), "Unable to create comment because issue is locked.");
  EXPECT_EQ(post(issues_path + "/1/comments", R"({"body":"c"})").status, 201);
  EXPECT_EQ(ask(http::Method::del, issues_path + "/1/lock").status, 204);
  EXPECT_EQ(post(issues_path + "/1/comments", R"({"body":"c"})", "ghp_visitor").status, 201);
}

TEST_F(GitHubRules, LeadOnFromATransferredIssueButNotBelowIt) {
  const Number number = github.open("acme/widgets", "A title", "text", "visitor", {"bug", "only here"});
  github.comment("acme/widgets", number, "seen");
  github.open("acme/gadgets", "first there", "text");
  EXPECT_EQ(github.transfer("acme/widgets", number, "acme/gadgets"), 2);
  const http::Response moved = get(issues_path + "/1");
  EXPECT_EQ(moved.status, 301);
  const std::string target{moved.header("Location")};
  EXPECT_THAT(target, testing::MatchesRegex(origin + "/repositories/[0-9]+/issues/2"));
  const http::Response there = get(target);
  EXPECT_EQ(at(there, "/repository_url"), origin + "/repos/acme/gadgets");
  EXPECT_EQ(at(there, "/comments"), "1");
  EXPECT_EQ(at(there, "/labels"), "list of 1");
  EXPECT_EQ(get(issues_path + "/1/comments").status, 404);
  EXPECT_EQ(patch(issues_path + "/1", R"({"title":"x"})").status, 404);
  github.open("acme/widgets", "B", "text");
  github.transfer("acme/widgets", 2, "acme/secret");
  EXPECT_EQ(get(issues_path + "/2", "ghp_visitor").status, 404);
  EXPECT_EQ(get(issues_path + "/2").status, 301);
}

TEST_F(GitHubRules, SayThatAnIssueIsGone) {
  github.open("acme/widgets", "A title", "text");
  github.remove("acme/widgets", 1);
  EXPECT_EQ(get(issues_path + "/1").status, 410);
  EXPECT_EQ(at(get(issues_path + "/1"), "/message"), "This issue was deleted");
  EXPECT_EQ(patch(issues_path + "/1", R"({"title":"x"})").status, 410);
  EXPECT_EQ(get(issues_path + "/2").status, 404);
  EXPECT_EQ(at(post(issues_path, R"({"title":"x"})"), "/number"), "2");
  github.change([](State& state) { find_repository(state, "acme/widgets")->has_issues = false; });
  EXPECT_EQ(at(post(issues_path, R"({"title":"x"})"), "/message"), "Issues are disabled for this repo");
  EXPECT_EQ(at(get("/repos/acme/widgets"), "/has_issues"), "false");
}

TEST_F(GitHubRules, LeadOnFromAFormerNameOfARepository) {
  github.open("acme/widgets", "A title", "text");
  github.rename_repository("acme/widgets", "sprockets");
  const http::Response moved = get(issues_path + "?state=all");
  EXPECT_EQ(moved.status, 301);
  EXPECT_EQ(at(moved, "/message"), "Moved Permanently");
  EXPECT_EQ(column(get(std::string{moved.header("Location")}), "number"), std::vector<std::string>{"1"});
  const http::Response written = patch(issues_path + "/1", R"({"title":"B"})");
  EXPECT_EQ(written.status, 307);
  EXPECT_EQ(patch(std::string{written.header("Location")}, R"({"title":"B"})").status, 200);
  EXPECT_EQ(at(get("/repos/acme/sprockets/issues/1"), "/title"), "B");
}

TEST_F(GitHubRules, HidePrivateRepositoriesAndKeepArchivedOnesAsTheyAre) {
  EXPECT_EQ(get("/repos/acme/secret").status, 200);
  EXPECT_EQ(get("/repos/acme/secret", "ghp_visitor").status, 404);
  EXPECT_EQ(get("/repos/acme/secret", "").status, 404);
  github.change([](State& state) { find_repository(state, "acme/widgets")->archived = true; });
  const http::Response refused = post(issues_path, R"({"title":"x"})");
  EXPECT_EQ(refused.status, 403);
  EXPECT_THAT(at(refused, "/message"), HasSubstr("archived"));
  EXPECT_EQ(get(issues_path).status, 200);
}

TEST_F(GitHubRules, TakeNoBadTokenNotEvenForPublicThings) {
  EXPECT_EQ(get(issues_path, "").status, 200);
  EXPECT_EQ(at(get(issues_path, "wrong"), "/message"), "Bad credentials");
  EXPECT_EQ(get(issues_path, "wrong").status, 401);
  EXPECT_EQ(post(issues_path, R"({"title":"x"})", "").status, 401);
  github.add_token("short-lived", "visitor", 60);
  EXPECT_EQ(get("/user", "short-lived").status, 200);
  clock.advance(60s);
  EXPECT_EQ(get("/user", "short-lived").status, 401);
}

TEST_F(GitHubRules, InsistOnTheSmallThings) {
  breaks_requests = breaks_answers = true;
  http::Request request;
  request.url = origin + issues_path;
  EXPECT_EQ(transport.send(request)->status, 403);
  EXPECT_EQ(get(issues_path + "/").status, 404);
  request.headers = {{"User-Agent", "test"}, {"X-GitHub-Api-Version", "1999-01-01"}};
  EXPECT_EQ(transport.send(request)->status, 400);
}

TEST_F(GitHubRules, LoseAnswersAsAsked) {
  breaks_answers = true;
  github.trouble({.method = "POST", .path_template = "/repos/{owner}/{repo}/issues", .after_commit = true});
  EXPECT_EQ(post(issues_path, R"({"title":"x"})").status, 502);
  EXPECT_EQ(github.all("acme/widgets"), std::vector<Number>{1});
  github.trouble({.status = 503, .retry_after = "7"});
  EXPECT_EQ(post(issues_path, R"({"title":"y"})").header("Retry-After"), "7");
  EXPECT_EQ(github.all("acme/widgets").size(), 1U);
  github.trouble({.kind = Trouble::Kind::cut});
  EXPECT_EQ(at(get(issues_path + "/1"), ""), "no JSON");
  github.trouble({.kind = Trouble::Kind::drop});
  http::Request request;
  request.url = origin + issues_path;
  EXPECT_FALSE(transport.send(request));
  EXPECT_EQ(github.requests().at("POST /repos/{owner}/{repo}/issues"), 2U);
}

}  // namespace
}  // namespace causeway::fakes::github
