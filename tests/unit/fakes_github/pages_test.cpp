#include "tests/unit/fakes_github/fixture.hpp"

namespace causeway::fakes::github {
namespace {

class GitHubPages : public testing::Test {
 protected:
  Response ask(const std::string& method, const std::string& target, const std::string& body = {}) {
    return github.handle({method, target, {{"Host", "github.test"}}, body});
  }
  fakes::ManualClock clock;
  GitHub github{clock};
};

TEST_F(GitHubPages, ShowAndChangeAnIssueWithPlainForms) {
  const Response made =
      ask("POST", "/acme/widgets/issues", "title=A+title&body=one%0D%0Atwo&labels=bug%2C+new&as=reporter");
  EXPECT_EQ(made.status, 303);
  EXPECT_EQ(made.headers.front().second, "/acme/widgets/issues/1");
  const Issue issue = *github.look("acme/widgets", 1);
  EXPECT_EQ(issue.body, "one\r\ntwo");
  EXPECT_EQ(issue.labels.size(), 2U);
  ask("POST", "/acme/widgets/issues/1/comments", "body=a+comment&as=visitor");
  EXPECT_THAT(ask("GET", "/acme/widgets/issues/1").body,
              testing::AllOf(HasSubstr("<p>a comment</p>"), HasSubstr(">visitor</b>")));
  const std::string comment = std::to_string(github.comments("acme/widgets", 1).front().id);
  ask("POST", "/acme/widgets/comments/" + comment, "body=changed&do=save");
  EXPECT_EQ(github.comments("acme/widgets", 1).front().body, "changed");
  ask("POST", "/acme/widgets/issues/1", "title=B&body=one%0D%0Atwo&labels=bug&state=closed&as=maintainer");
  EXPECT_TRUE(github.look("acme/widgets", 1)->closed);
  EXPECT_EQ(github.look("acme/widgets", 1)->labels.size(), 1U);
  ask("POST", "/acme/widgets/comments/" + comment, "body=changed&do=delete");
  EXPECT_TRUE(github.comments("acme/widgets", 1).empty());
  EXPECT_THAT(ask("GET", "/acme/widgets/issues?state=closed").body, HasSubstr("/acme/widgets/issues/1\">B</a>"));
  EXPECT_THAT(ask("GET", "/").body, HasSubstr("/acme/gadgets/issues"));
}

TEST_F(GitHubPages, LetNothingThatSomebodyWroteBecomeMarkup) {
  github.open("acme/widgets", "<script>alert(1)</script>", "<script>alert(2)</script>\n\n[x](javascript:alert(3))",
              "visitor", {"<b>"});
  github.comment("acme/widgets", 1, "</textarea><script>alert(4)</script>");
  for (const char* path : {"/acme/widgets/issues", "/acme/widgets/issues/1"}) {
    const std::string body = ask("GET", path).body;
    EXPECT_THAT(body, testing::Not(HasSubstr("<script")));
    EXPECT_THAT(body, testing::Not(HasSubstr("href=\"javascript")));
    EXPECT_THAT(body, testing::Not(HasSubstr("<b>&lt;")));
    EXPECT_THAT(body, HasSubstr("&lt;b&gt;"));
  }
}

TEST_F(GitHubPages, LeaveATextAloneWhenOnlyTheBrowsersLineEndsDiffer) {
  github.open("acme/widgets", "A title", "one\ntwo");
  ask("POST", "/acme/widgets/issues/1", "title=A+title&body=one%0D%0Atwo&labels=bug&state=open&as=maintainer");
  EXPECT_EQ(github.look("acme/widgets", 1)->body, "one\ntwo");
  EXPECT_EQ(github.look("acme/widgets", 1)->labels.size(), 1U);
}

TEST_F(GitHubPages, ActAsPeopleThroughTheControls) {
  const auto control = [&](const std::string& path, const std::string& body) {
    const Response response = ask("POST", "/_standin/" + path, body);
    EXPECT_EQ(response.status, 200) << path << ": " << response.body;
    return response.body;
  };
  EXPECT_THAT(control("issues/acme/widgets", R"({"title":"A","body":"b","labels":["bug"],"as":"reporter"})"),
              HasSubstr("\"number\":1"));
  control("issues/acme/widgets/1/edit", R"({"title":"B","state":"closed"})");
  control("issues/acme/widgets/1/comment", R"({"body":"c"})");
  const std::string comment = std::to_string(github.comments("acme/widgets", 1).front().id);
  control("comments/" + comment + "/edit", R"({"body":"d"})");
  control("comments/" + comment + "/minimize", R"({"reason":"spam"})");
  EXPECT_THAT(
      ask("GET", "/_standin/issues/acme/widgets/1").body,
      testing::AllOf(HasSubstr("\"title\":\"B\""), HasSubstr("\"body\":\"d\""), HasSubstr("\"reason\":\"spam\"")));
  control("issues/acme/widgets/1/label", R"({"add":["new"],"remove":["bug"]})");
  control("labels/acme/widgets/new/rename", R"({"to":"newer"})");
  EXPECT_THAT(ask("GET", "/_standin/issues/acme/widgets").body, HasSubstr("\"name\":\"newer\""));
  control("issues/acme/widgets/1/lock", "{}");
  EXPECT_TRUE(github.look("acme/widgets", 1)->locked);
  EXPECT_THAT(control("issues/acme/widgets/1/transfer", R"({"to":"acme/gadgets"})"), HasSubstr("\"number\":1"));
  control("issues/acme/gadgets/1/remove", "{}");
  EXPECT_TRUE(github.all("acme/gadgets").empty());
  control("bulk", R"({"repository":"acme/widgets","issues":20,"comments":2})");
  EXPECT_EQ(github.all("acme/widgets").size(), 20U);
  control("settings", R"({"latency_ms":50,"list_lag":3,"limits":{"enforced":true,"retry_after":null}})");
  EXPECT_EQ(github.state().settings.latency_ms, 50);
  EXPECT_FALSE(github.state().settings.limits.retry_after);
  control("troubles", R"({"kind":"status","status":503,"times":1})");
  EXPECT_EQ(ask("GET", "/user").status, 503);
  control("repositories", R"({"owner":"acme","name":"more","members":{"visitor":"write"}})");
  control("repositories/acme/more/rename", R"({"to":"most"})");
  EXPECT_EQ(ask("GET", "/acme/more/issues").status, 301);
  EXPECT_THAT(ask("GET", "/_standin/requests").body, HasSubstr("\"GET /user\":1"));
  control("reset", "{}");
  EXPECT_TRUE(github.all("acme/widgets").empty());
  EXPECT_EQ(ask("POST", "/_standin/nonsense", "{}").status, 404);
}

}  // namespace
}  // namespace causeway::fakes::github
