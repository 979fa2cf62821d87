#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "tests/unit/fakes_jira/fixture.hpp"

namespace causeway::fakes::jira {
namespace {

/// One request of each operation, and a place in its answer with a value that must not be there.
struct Case {
  std::string method, path, body;
  std::string pointer;  ///< empty: the answer has no body
  std::string value;
};

const std::string bug = R"({"fields":{"project":{"key":"INIT"},"issuetype":{"name":"Task"},"summary":"x"}})";
const std::string said =
    R"({"body":{"version":1,"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":"x"}]}]}})";

const std::vector<Case>& cases() {
  static const std::vector<Case> all{
      {"GET", "/serverInfo", "", "/buildNumber", "\"x\""},
      {"GET", "/myself", "", "/accountType", "\"robot\""},
      {"GET", "/mypermissions?permissions=CREATE_ISSUES", "", "/permissions/CREATE_ISSUES/havePermission", "\"yes\""},
      {"GET", "/project/INIT", "", "/projectTypeKey", "\"hardware\""},
      {"GET", "/project/search", "", "/total", "\"1\""},
      {"GET", "/project/INIT/statuses", "", "/0/statuses", "{}"},
      {"GET", "/project/INIT/components", "", "/0/name", "7"},
      {"GET", "/project/INIT/versions", "", "/0/name", "7"},
      {"GET", "/project/INIT/role", "", "/Users", "7"},
      {"GET", "/priority", "", "/0/id", "1"},
      {"GET", "/resolution", "", "/0/id", "1"},
      {"GET", "/status", "", "/0/statusCategory/id", "\"2\""},
      {"GET", "/issuetype", "", "/0/subtask", "\"no\""},
      {"GET", "/field", "", "/0/clauseNames", "\"x\""},
      {"GET", "/label", "", "/values", "{}"},
      {"GET", "/user?accountId=712020:agent", "", "/active", "\"yes\""},
      {"GET", "/user/search?query=a", "", "/0/accountType", "\"robot\""},
      {"GET", "/user/assignable/search?project=INIT", "", "/0/accountType", "\"robot\""},
      {"POST", "/issue", bug, "/id", "10001"},
      {"POST", "/issue/bulk", R"({"issueUpdates":[)" + bug + "]}", "/issues/0/key", "7"},
      {"GET", "/issue/createmeta/INIT/issuetypes", "", "/issueTypes/0/id", "10001"},
      {"GET", "/issue/createmeta/INIT/issuetypes/10001", "", "/fields/0/required", "\"yes\""},
      {"GET", "/issue/INIT-1", "", "/id", "10001"},
      {"PUT", "/issue/INIT-1", R"({"fields":{"summary":"B"}})", "", ""},
      {"GET", "/issue/INIT-1/editmeta", "", "/fields/summary/required", "\"yes\""},
      {"PUT", "/issue/INIT-1/assignee", R"({"accountId":"712020:agent"})", "", ""},
      {"GET", "/issue/INIT-1/transitions?expand=transitions.fields", "", "/transitions/0/id", "11"},
      {"POST", "/issue/INIT-1/transitions", R"({"transition":{"id":"11"}})", "", ""},
      {"GET", "/issue/INIT-1/changelog", "", "/values/0/created", "\"2026-11-23T08:00:00Z\""},
      {"POST", "/changelog/bulkfetch", R"({"issueIdsOrKeys":["INIT-1"]})", "/issueChangeLogs", "{}"},
      {"POST", "/issue/INIT-1/comment", said, "/created", "\"yesterday\""},
      {"GET", "/issue/INIT-1/comment", "", "/comments/0/jsdPublic", "\"yes\""},
      {"GET", "/issue/INIT-1/comment/10001", "", "/author/accountId", "7"},
      {"PUT", "/issue/INIT-1/comment/10001", said, "/updated", "\"2026-11-23T08:00:00+00:00\""},
      {"POST", "/comment/list", R"({"ids":[10001]})", "/values/0/id", "10001"},
      {"PUT", "/comment/10001/properties/p", "{}", "", ""},
      {"GET", "/comment/10001/properties/p", "", "/key", "7"},
      {"GET", "/comment/10001/properties", "", "/keys/0/key", "7"},
      {"PUT", "/issue/INIT-1/properties/p", "{}", "", ""},
      {"GET", "/issue/INIT-1/properties/p", "", "/key", "7"},
      {"GET", "/issue/INIT-1/properties", "", "/keys/0/key", "7"},
      {"DELETE", "/issue/INIT-1/properties/p", "", "", ""},
      {"POST", "/issue/INIT-1/remotelink", R"({"globalId":"g","object":{"url":"https://x.test","title":"x"}})", "/id",
       "\"1\""},
      {"GET", "/issue/INIT-1/remotelink?globalId=g", "", "", ""},
      {"DELETE", "/issue/INIT-1/remotelink?globalId=g", "", "", ""},
      {"GET", "/attachment/10001", "", "/id", "\"10001\""},
      {"GET", "/attachment/content/10001", "", "", ""},
      {"DELETE", "/attachment/10001", "", "", ""},
      {"POST", "/search/jql", R"({"jql":"project = INIT","fields":["summary"]})", "/issues/0/id", "10001"},
      {"GET", "/search/jql?jql=project%3DINIT&fields=summary", "", "/isLast", "\"yes\""},
      {"POST", "/search/approximate-count", R"({"jql":"project = INIT"})", "/count", "\"1\""},
      {"DELETE", "/issue/INIT-1/comment/10001", "", "", ""},
      {"DELETE", "/issue/INIT-1", "", "", ""}};
  return all;
}

http::Method method_named(const std::string& name) {
  if (name == "POST") return http::Method::post;
  if (name == "PUT") return http::Method::put;
  return name == "DELETE" ? http::Method::del : http::Method::get;
}

std::string with(const std::string& body, const std::string& pointer, const std::string& value) {
  rapidjson::Document document, put;
  document.Parse(body.c_str());
  put.Parse(value.c_str());
  rapidjson::Pointer{pointer.c_str()}.Set(document, put);
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer{buffer};
  document.Accept(writer);
  return buffer.GetString();
}

class JiraContract : public OnCloud {
 protected:
  const Contract& contract = *Contract::instance(Deployment::cloud);
  const http::Headers json{{"Content-Type", "application/json"}};
};

TEST_F(JiraContract, FindsAPlantedFaultInTheAnswerAndTheRequestOfEveryOperation) {
  jira.file("INIT", "A title", "text");
  jira.attach("INIT-1", "a.txt", "x");
  for (const Case& one : cases()) {
    SCOPED_TRACE(one.method + " " + one.path);
    const http::Response answer = ask(method_named(one.method), one.path, one.body);
    EXPECT_LT(answer.status, 400) << answer.body;
    const std::string target = "/rest/api/3" + one.path;
    EXPECT_THAT(contract.check_answer(one.method, target, answer.status, answer.body), IsEmpty());
    EXPECT_THAT(contract.check_answer(one.method, target, 418, answer.body), Not(IsEmpty()));
    if (!one.pointer.empty()) {
      ASSERT_NE(at(answer, one.pointer), "absent") << answer.body;
      EXPECT_THAT(contract.check_answer(one.method, target, answer.status, with(answer.body, one.pointer, one.value)),
                  Not(IsEmpty()));
    } else if (answer.status == 204 || answer.status == 303) {
      EXPECT_THAT(contract.check_answer(one.method, target, answer.status, "{}"), Not(IsEmpty()));
    }
    const http::Headers headers = one.body.empty() ? http::Headers{} : json;
    EXPECT_THAT(contract.check_request(one.method, target, headers, one.body), IsEmpty());
    const char* joint = one.path.find('?') == std::string::npos ? "?" : "&";
    EXPECT_THAT(contract.check_request(one.method, target + joint + "colour=red", headers, one.body),
                ElementsAre(HasSubstr("no parameter 'colour'")));
    if (one.body.empty()) {
      EXPECT_THAT(contract.check_request(one.method, target, json, "{}"), ElementsAre(HasSubstr("must be no body")));
    } else if (one.path.find("/properties/") == std::string::npos) {  // they may hold anything
      EXPECT_THAT(contract.check_request(one.method, target, headers, with(one.body, "/colour", "\"red\"")),
                  Not(IsEmpty()));
    }
  }
}

TEST_F(JiraContract, FindsDocumentsThatBreakTheSchemaOfRichText) {
  const std::string bad =
      R"({"version":1,"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":""}]}]})";
  const std::string path = "/rest/api/3/issue/INIT-1/comment";
  EXPECT_THAT(contract.check_request("POST", path, json, R"({"body":)" + bad + "}"),
              ElementsAre(HasSubstr("ADF of body")));
  EXPECT_THAT(contract.check_request("POST", path, json, R"({"body":"plain"})"),
              ElementsAre(HasSubstr("no ADF document")));
  EXPECT_THAT(contract.check_request("POST", "/rest/api/2/issue/INIT-1/comment", json, R"({"body":"plain"})"),
              IsEmpty());
  EXPECT_THAT(contract.check_request("PUT", "/rest/api/3/issue/INIT-1", json, R"({"fields":{"description":"plain"}})"),
              ElementsAre(HasSubstr("description is no ADF")));
  jira.file("INIT", "A title", "text");
  const std::string read = get("/issue/INIT-1").body;
  EXPECT_THAT(contract.check_answer("GET", "/rest/api/3/issue/INIT-1", 200, with(read, "/fields/description", bad)),
              ElementsAre(HasSubstr("ADF")));
}

TEST_F(JiraContract, FindsPathsAndBodiesThatJiraDoesNotKnow) {
  EXPECT_THAT(contract.check_request("POST", "/rest/api/3/search", json, "{}"),
              ElementsAre(HasSubstr("there is no POST")));
  EXPECT_THAT(contract.check_request("POST", "/rest/api/3/search/jql", json, R"({"jql":"x","startAt":0})"),
              Not(IsEmpty()));
  EXPECT_THAT(contract.check_request("POST", "/rest/api/3/search/jql", {}, R"({"jql":"x"})"),
              ElementsAre(HasSubstr("not said to be JSON")));
  EXPECT_THAT(contract.check_request("POST", "/rest/api/3/issue/1/attachments", {{"Content-Type", "text/plain"}}, "x"),
              ElementsAre(HasSubstr("must not be text/plain")));
  EXPECT_THAT(contract.check_answer("GET", "/rest/api/3/issue/1", 404, R"({"errorMessages":"x"})"),
              ElementsAre(HasSubstr("the error")));
  EXPECT_THAT(contract.check_answer("GET", "/rest/api/3/myself", 200, "<html>"), Not(IsEmpty()));
}

TEST_F(JiraContract, IsHeldOverTrafficAndRemembersWhatBrokeIt) {
  breaks_requests = breaks_answers = true;
  search("project = INIT", R"(,"startAt":1)");
  EXPECT_THAT(checker.request_violations(), ElementsAre(HasSubstr("POST /rest/api/3/search/jql: the body")));
  jira.trouble({.kind = Trouble::Kind::html});
  get("/myself");
  EXPECT_THAT(checker.answer_violations(), ElementsAre(HasSubstr("the answer is no JSON")));
  EXPECT_EQ(checker.checked(), 2U);
}

/// The vendor's description of Data Center may be read where it is, and not be copied: where it is not, another
/// document of the same kind shows that it would be held over the traffic.
TEST(JiraDataCenterContract, IsJudgedByADocumentOfItsOwn) {
  const Contract contract{R"({"openapi":"3.0.1","paths":{"/rest/api/2/myself":{"get":{"responses":{"200":{"content":{
    "application/json":{"schema":{"type":"object","properties":{"name":{"type":"string"}}}}}}}}}},"components":{"schemas":{
    "ErrorCollection":{"type":"object","properties":{"errorMessages":{"type":"array"}}}}}})",
                          Deployment::data_center};
  EXPECT_THAT(contract.check_answer("GET", "/rest/api/2/myself", 200, R"({"name":"x"})"), IsEmpty());
  EXPECT_THAT(contract.check_answer("GET", "/rest/api/2/myself", 200, R"({"name":7})"), Not(IsEmpty()));
  EXPECT_THAT(contract.check_request("GET", "/rest/api/2/yourself", {}, ""), Not(IsEmpty()));
}

class JiraDataCenterTraffic : public OnDataCenter {};

/// Judged only where the vendor's document is; with or without it the answers are what the stand-in gives.
TEST_F(JiraDataCenterTraffic, KeepsToTheVendorsDocumentWhereThatIs) {
  jira.file("INIT", "A title", "text");
  jira.attach("INIT-1", "a.txt", "x");
  const std::vector<Case> asked{
      {"GET", "/serverInfo", "", "", ""},
      {"GET", "/myself", "", "/active", "\"yes\""},
      {"GET", "/project/INIT", "", "/id", "7"},
      {"GET", "/mypermissions?projectKey=INIT", "", "", ""},
      {"POST", "/issue", bug, "/id", "{}"},
      {"POST", "/issue/bulk", R"({"issueUpdates":[)" + bug + "]}", "/issues", "7"},
      {"GET", "/issue/INIT-1", "", "/id", "{}"},
      {"PUT", "/issue/INIT-1", R"({"fields":{"summary":"B"}})", "", ""},
      {"GET", "/issue/createmeta/INIT/issuetypes", "", "/values", "7"},
      {"GET", "/issue/INIT-1/transitions?expand=transitions.fields", "", "/transitions", "7"},
      {"POST", "/issue/INIT-1/transitions", R"({"transition":{"id":"11"}})", "", ""},
      {"POST", "/issue/INIT-1/comment", R"({"body":"x"})", "/body", "7"},
      {"GET", "/issue/INIT-1/comment", "", "", ""},
      {"PUT", "/issue/INIT-1/comment/10001", R"({"body":"y"})", "/body", "7"},
      {"PUT", "/issue/INIT-1/properties/p", "{}", "", ""},
      {"POST", "/issue/INIT-1/remotelink", R"({"globalId":"g","object":{"url":"https://x.test","title":"x"}})", "", ""},
      {"GET", "/attachment/10001", "", "", ""},
      {"POST", "/search", R"({"jql":"project = INIT","startAt":0,"maxResults":5})", "/issues", "7"},
      {"GET", "/priority", "", "/0/name", "7"},
      {"GET", "/status", "", "/0/name", "7"},
      {"GET", "/field", "", "/0/name", "7"},
      {"GET", "/user/search?username=a", "", "/0/name", "7"}};
  const Contract* contract = Contract::instance(Deployment::data_center);
  for (const Case& one : asked) {
    SCOPED_TRACE(one.method + " " + one.path);
    const http::Response answer = ask(method_named(one.method), one.path, one.body);
    EXPECT_LT(answer.status, 400) << answer.body;
    if (contract == nullptr || one.pointer.empty()) continue;
    const std::string broken = with(answer.body, one.pointer, one.value);
    EXPECT_THAT(contract->check_answer(one.method, "/rest/api/2" + one.path, answer.status, broken), Not(IsEmpty()));
  }
}

}  // namespace
}  // namespace causeway::fakes::jira
