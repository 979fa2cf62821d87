#include "tests/unit/fakes_jira/fixture.hpp"

namespace causeway::fakes::jira {
namespace {

Response visit(Jira& jira, const std::string& method, const std::string& target, const std::string& body = {}) {
  return jira.handle({method, target, {{"Host", "jira.test"}}, body});
}

TEST(JiraPages, ShowAndEditIssues) {
  const ManualClock clock;
  Jira jira{clock};
  EXPECT_EQ(visit(jira, "POST", "/projects/INIT", "summary=A+title&description=one%0D%0A%0D%0Atwo").status, 303);
  EXPECT_THAT(visit(jira, "GET", "/").body, HasSubstr("A title"));
  const std::string page = visit(jira, "GET", "/browse/INIT-1").body;
  EXPECT_THAT(page, HasSubstr("one\n\ntwo"));
  const std::string before = jira.look("INIT-1")->description;
  visit(jira, "POST", "/browse/INIT-1",
        "summary=B&description=one%0D%0A%0D%0Atwo&status=Done&labels=x+y&comment=hello&internal=1");
  const Issue issue = *jira.look("INIT-1");
  EXPECT_EQ(issue.summary, "B");
  EXPECT_EQ(issue.status, "10103");
  EXPECT_EQ(issue.description, before);
  EXPECT_THAT(issue.labels, ElementsAre("x", "y"));
  EXPECT_THAT(visit(jira, "GET", "/browse/INIT-1").body, HasSubstr("note private"));
  EXPECT_EQ(visit(jira, "GET", "/browse/INIT-9").status, 404);
}

TEST(JiraPages, AreJoinedByControlsForTestsInOtherProcesses) {
  const ManualClock clock;
  Jira jira{clock, data_center_world()};
  EXPECT_EQ(at(visit(jira, "POST", "/_standin/issues/INIT", R"({"summary":"A","labels":["l"]})").body, "/key"),
            "INIT-1");
  EXPECT_EQ(
      at(visit(jira, "POST", "/_standin/issues/INIT-1/comment", R"({"text":"c","role":"Developers"})").body, "/id"),
      "10001");
  visit(jira, "POST", "/_standin/issues/INIT-1/edit", R"({"summary":"B"})");
  visit(jira, "POST", "/_standin/issues/INIT-1/transition", R"({"status":"Done"})");
  visit(jira, "POST", "/_standin/bulk", R"({"project":"INIT","issues":2,"comments":1,"bytes":100})");
  const std::string all = visit(jira, "GET", "/_standin/issues/INIT").body;
  EXPECT_EQ(at(all, ""), "list of 3");
  EXPECT_EQ(at(all, "/0/fields/summary"), "B");
  EXPECT_EQ(at(all, "/0/comment_list/0/visibility/value"), "Developers");
  EXPECT_EQ(at(all, "/1/comment_list"), "list of 1");
  EXPECT_EQ(at(visit(jira, "POST", "/_standin/issues/INIT-1/move", R"({"project":"OPS"})").body, "/key"), "OPS-1");
  visit(jira, "POST", "/_standin/settings", R"({"index_lag_ms":[0,5000],"latency_ms":3})");
  EXPECT_EQ(jira.state().settings.index_lag_ms.size(), 2U);
  visit(jira, "POST", "/_standin/troubles", R"({"status":500})");
  EXPECT_EQ(visit(jira, "GET", "/jira/rest/api/2/serverInfo").status, 500);
  EXPECT_EQ(at(visit(jira, "GET", "/_standin/requests").body, "/GET ~1rest~1api~12~1serverInfo"), "1");
  visit(jira, "POST", "/_standin/limits", R"({"times":1})");
  EXPECT_EQ(visit(jira, "GET", "/jira/rest/api/2/serverInfo").status, 429);
  EXPECT_EQ(at(visit(jira, "GET", "/_standin/refusals").body, "/refusals"), "1");
  EXPECT_EQ(visit(jira, "GET", "/_standin/nonsense").status, 404);
}

}  // namespace
}  // namespace causeway::fakes::jira
