#include "tests/unit/fakes_jira/fixture.hpp"

namespace causeway::fakes::jira {
namespace {

class JiraAccess : public OnCloud {};

// ID-6351, servicenow KB2942093: with a wrong credential some reads answer 200 as if nobody had signed in.
TEST_F(JiraAccess, TakesAWrongTokenForNobodysAndGivesItAwayInAHeader) {
  jira.file("INIT", "A title", "text");
  credential = "Basic " + base64("syncuser@example.com:wrong");
  const http::Response found = search("project = INIT");
  EXPECT_EQ(found.status, 200);
  EXPECT_EQ(at(found, "/issues"), "list of 0");
  EXPECT_EQ(found.header("X-Seraph-LoginReason"), "AUTHENTICATED_FAILED");
  EXPECT_EQ(get("/myself").status, 401);
  EXPECT_EQ(get("/issue/INIT-1").status, 404);
  EXPECT_EQ(post("/issue", R"({"fields":{}})").status, 401);
  EXPECT_EQ(get("/serverInfo").status, 200);
  jira.change([](State& state) { state.settings.wrong_is_anonymous = false; });
  EXPECT_EQ(search("project = INIT").status, 401);
}

TEST_F(JiraAccess, CanForgetWhoAsksForAWhile) {
  jira.file("INIT", "A title", "text");
  jira.forget_who_asks(1, "GET", "/rest/api/3/issue/{issueIdOrKey}");
  EXPECT_EQ(get("/issue/INIT-1").status, 404);
  EXPECT_EQ(get("/issue/INIT-1").status, 200);
}

// dac oauth-2-3lo and service accounts: client credentials give a bearer of an hour.
TEST_F(JiraAccess, GivesServiceAccountsATokenForAnHour) {
  credential.clear();
  const std::string wish = R"({"grant_type":"client_credentials","client_id":"client-1","client_secret":"secret-1"})";
  const http::Response token = post("/oauth/token", wish);
  EXPECT_EQ(at(token, "/expires_in"), "3600");
  EXPECT_EQ(
      post("/oauth/token", R"({"grant_type":"client_credentials","client_id":"client-1","client_secret":"no"})").status,
      401);
  credential = "Bearer " + at(token, "/access_token");
  EXPECT_EQ(at(get("/myself"), "/accountId"), "712020:syncuser");
  EXPECT_EQ(at(get("/ex/jira/11223344-a1b2-3b33-c444-def123456789/rest/api/3/myself"), "/accountId"),
            "712020:syncuser");
  jira.change([](State& state) { state.settings.bearer_needs_gateway = true; });
  EXPECT_EQ(get("/myself").status, 401);
  EXPECT_EQ(get("/ex/jira/11223344-a1b2-3b33-c444-def123456789/rest/api/3/myself").status, 200);
  clock.advance(1h);
  EXPECT_EQ(get("/ex/jira/11223344-a1b2-3b33-c444-def123456789/rest/api/3/myself").status, 401);
}

// GDPR strict mode; gh pycontribs/jira/issues/1842.
TEST_F(JiraAccess, KnowsPeopleByAccountIdOnly) {
  EXPECT_THAT(column(get("/user/search?query=rita"), "", "accountId"), ElementsAre("712020:reporter"));
  EXPECT_THAT(column(get("/user/search?query=visitor@"), "", "accountId"), IsEmpty());  // the e-mail is hidden
  EXPECT_THAT(column(get("/user/search?query=agent@"), "", "accountId"), ElementsAre("712020:agent"));
  EXPECT_EQ(get("/user/search?username=rita").status, 400);
  const auto assignable = column(get("/user/assignable/search?project=INIT"), "", "accountId");
  EXPECT_THAT(assignable, testing::Contains("712020:agent"));
  EXPECT_THAT(assignable, Not(testing::Contains("712020:leaver")));
  EXPECT_EQ(at(get("/user?accountId=712020:agent"), "/displayName"), "Anton Agent");
}

TEST_F(JiraAccess, SaysWhatItIsAndWhatOneMay) {
  EXPECT_EQ(at(get("/serverInfo"), "/deploymentType"), "Cloud");
  EXPECT_EQ(at(get("/rest/api/2/serverInfo"), "/deploymentType"), "Cloud");
  EXPECT_EQ(at(get("/mypermissions?projectKey=INIT&permissions=CREATE_ISSUES,ADMINISTER"),
               "/permissions/CREATE_ISSUES/havePermission"),
            "true");
  EXPECT_EQ(at(get("/mypermissions?permissions=ADMINISTER"), "/permissions/ADMINISTER/havePermission"), "false");
  EXPECT_EQ(get("/mypermissions?permissions=NO_SUCH").status, 400);
  EXPECT_EQ(get("/mypermissions").status, 400);
  EXPECT_EQ(at(get("/project/INIT"), "/issueTypes/0/name"), "Bug");
  EXPECT_EQ(at(get("/project/DESK"), "/projectTypeKey"), "service_desk");
  EXPECT_EQ(get("/project/NOPE").status, 404);
  EXPECT_THAT(column(get("/project/INIT/statuses"), "/0/statuses", "name"),
              ElementsAre("To Do", "In Progress", "In Review", "Done"));
  EXPECT_EQ(at(get("/project/DESK/role"), "/Service Desk Team"),
            "http://jira.test/rest/api/3/project/10020/role/10010");
  EXPECT_EQ(at(get("/priority"), "/0/name"), "Highest");
  EXPECT_EQ(at(get("/resolution"), "/0/name"), "Done");
  EXPECT_EQ(at(get("/status"), "/0/statusCategory/key"), "new");
  EXPECT_THAT(column(get("/field"), "", "id"), testing::Contains("customfield_10050"));
  jira.file("INIT", "x", "y", "reporter", {.labels = {{"one"}}});
  EXPECT_EQ(at(get("/label"), "/values/0"), "one");
}

TEST_F(JiraAccess, HidesProjectsFromWhoMayNotBrowseThem) {
  jira.file("INIT", "A title", "text");
  jira.change([](State& state) { state.projects.at("10000").browsers = {"712020:maintainer"}; });
  EXPECT_EQ(get("/project/INIT").status, 404);
  EXPECT_EQ(get("/issue/INIT-1").status, 404);
  EXPECT_EQ(search("project = INIT").status, 400);
}

class JiraAccessOnDataCenter : public OnDataCenter {};

// Personal access tokens (8.14+); a wrong one may fall to anonymous.
TEST_F(JiraAccessOnDataCenter, TakesPersonalTokensAndPasswords) {
  EXPECT_EQ(at(get("/myself"), "/name"), "syncuser");
  credential = "Bearer token-syncuser";
  EXPECT_EQ(at(get("/myself"), "/key"), "JIRAUSER10100");
  EXPECT_EQ(at(get("/serverInfo"), "/deploymentType"), "Server");
  EXPECT_EQ(at(get("/serverInfo"), "/versionNumbers/0"), "10");
  credential = "Bearer nothing";
  const http::Response found = get("/search?jql=project%20%3D%20INIT");
  EXPECT_EQ(found.status, 200);
  EXPECT_EQ(found.header("X-Seraph-LoginReason"), "AUTHENTICATED_FAILED");
}

// Too many bad logins: CAPTCHA, AUTHENTICATION_DENIED until a human logs in.
TEST_F(JiraAccessOnDataCenter, AsksForAPictureAfterTooManyBadLogins) {
  credential = "Basic " + base64("syncuser:wrong");
  for (int attempt = 0; attempt < 3; ++attempt) EXPECT_EQ(get("/myself").status, 401);
  be("syncuser");
  const http::Response denied = get("/myself");
  EXPECT_EQ(denied.status, 403);
  EXPECT_EQ(denied.header("X-Seraph-LoginReason"), "AUTHENTICATION_DENIED");
  jira.solve_captcha("syncuser");
  EXPECT_EQ(get("/myself").status, 200);
}

// Browser-like User-Agent plus foreign Origin: 403 "XSRF check failed".
TEST_F(JiraAccessOnDataCenter, RefusesWhatLooksLikeSomebodyElsesPage) {
  const std::string key = jira.file("INIT", "A title", "text");
  const std::string wish = R"({"fields":{"summary":"B"}})";
  const http::Headers browser{{"User-Agent", "Mozilla/5.0"}, {"Origin", "http://evil.test"}};
  EXPECT_EQ(ask(http::Method::put, "/issue/" + key, wish, browser).status, 403);
  EXPECT_EQ(ask(http::Method::put, "/issue/" + key, wish, {{"User-Agent", "Mozilla/5.0"}}).status, 204);
}

// Logins can be renamed, keys stay.
TEST_F(JiraAccessOnDataCenter, KnowsPeopleByNamesThatChange) {
  const std::string key = jira.file("INIT", "A title", "text");
  jira.rename_user("reporter", "rita", "Rita R.");
  const http::Response read = get("/issue/" + key);
  EXPECT_EQ(at(read, "/fields/reporter/name"), "rita");
  EXPECT_EQ(at(read, "/fields/reporter/key"), "JIRAUSER10103");
  EXPECT_EQ(get("/user/search").status, 400);
  EXPECT_THAT(column(get("/user/search?username=rita"), "", "name"), ElementsAre("rita"));
  EXPECT_EQ(column(get("/user/search?username=."), "", "name").size(), 6U);
  EXPECT_EQ(at(get("/user?key=JIRAUSER10103"), "/name"), "rita");
}

}  // namespace
}  // namespace causeway::fakes::jira
