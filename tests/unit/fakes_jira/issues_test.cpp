#include "tests/unit/fakes_jira/fixture.hpp"

namespace causeway::fakes::jira {
namespace {

class JiraIssues : public OnCloud {
 protected:
  static std::string task(const std::string& more) {
    return R"({"fields":{"project":{"key":"INIT"},"issuetype":{"name":"Task"},"summary":"A title")" + more + "}}";
  }
};

// Jira Cloud REST, "Create issue": 201 with id, key and self only; "Get issue".
TEST_F(JiraIssues, AreCreatedWithWhatWasAskedForAndReadBack) {
  const http::Response made = post(
      "/issue",
      task(R"(,"labels":["b","a"],"priority":{"name":"High"},"assignee":{"accountId":"712020:agent"},"description":)" +
           adf("text")));
  ASSERT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(at(made, "/key"), "INIT-1");
  EXPECT_EQ(at(made, "/fields"), "absent");
  const http::Response read = get("/issue/init-1");
  EXPECT_EQ(at(read, "/id"), "10001");
  EXPECT_EQ(at(read, "/fields/labels/0"), "a");
  EXPECT_EQ(at(read, "/fields/priority/name"), "High");
  EXPECT_EQ(at(read, "/fields/assignee/accountId"), "712020:agent");
  EXPECT_EQ(at(read, "/fields/description/content/0/content/0/text"), "text");
  EXPECT_EQ(at(read, "/fields/status/name"), "To Do");
  EXPECT_EQ(at(get("/issue/10001?fields=summary"), "/fields/status"), "absent");
}

// github.com/mozilla/jira-bugzilla-integration/issues/294.
TEST_F(JiraIssues, RefuseFieldsThatAreNotOnTheScreenOrMissing) {
  const http::Response unknown = post("/issue", task(R"(,"customfield_10060":"x")"));
  EXPECT_EQ(unknown.status, 400);
  EXPECT_EQ(at(unknown, "/errors/customfield_10060"),
            "Field 'customfield_10060' cannot be set. It is not on the appropriate screen, or unknown.");
  const http::Response bug =
      post("/issue", R"({"fields":{"project":{"id":"10000"},"issuetype":{"id":"10001"},"summary":"x"}})");
  EXPECT_EQ(at(bug, "/errors/customfield_10050"), "Severity is required.");
  EXPECT_EQ(
      post(
          "/issue",
          R"({"fields":{"project":{"id":"10000"},"issuetype":{"id":"10001"},"summary":"x","customfield_10050":{"value":"High"}}})")
          .status,
      201);
  EXPECT_EQ(
      at(post("/issue", R"({"fields":{"project":{"key":"NOPE"},"issuetype":{"id":"10001"}}})"), "/errors/project"),
      "valid project is required");
  EXPECT_EQ(at(put("/issue/INIT-1", R"({"fields":{"status":{"id":"10103"}}})"), "/errors/status"),
            "Field 'status' cannot be set. It is not on the appropriate screen, or unknown.");
}

// Facts A4: JRACLOUD-59124; gh release-engineering/Sync2Jira/issues/123; labels without blanks.
TEST_F(JiraIssues, RefuseTextsThatAreTooLongOrOfTheWrongShape) {
  EXPECT_EQ(post("/issue", R"({"fields":{"project":{"key":"INIT"},"issuetype":{"name":"Task"},"summary":")" +
                               std::string(256, 'x') + R"("}})")
                .status,
            400);
  EXPECT_EQ(
      post("/issue", R"({"fields":{"project":{"key":"INIT"},"issuetype":{"name":"Task"},"summary":"a\nb"}})").status,
      400);
  EXPECT_THAT(at(post("/issue", task(R"(,"labels":["two words"])")), "/errors/labels"), HasSubstr("contains spaces"));
  EXPECT_THAT(at(post("/issue", task(",\"description\":" + adf(std::string(32'768, 'x')))), "/errors/description"),
              HasSubstr("exceeds the allowed limit of 32,767 characters"));
  EXPECT_EQ(post("/issue", task(",\"description\":" + adf(std::string(32'767, 'x')))).status, 201);
  EXPECT_EQ(at(post("/issue", task(R"(,"assignee":{"accountId":"712020:leaver"})")), "/errors/assignee"),
            "User 'Former user' cannot be assigned issues.");
  breaks_requests = true;  // no ADF
  EXPECT_EQ(post("/issue", task(R"(,"description":"plain")")).status, 400);
}

// Facts A7: gh tenable/integration-jira-cloud/issues/13 and the ADF schema.
TEST_F(JiraIssues, RefuseDocumentsThatTheSchemaRefuses) {
  breaks_requests = true;
  const std::vector<std::string> bad{
      R"({"type":"doc","content":[]})",
      R"({"version":1,"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":""}]}]})",
      R"({"version":1,"type":"doc","content":[{"type":"heading","attrs":{"level":7},"content":[]}]})",
      R"({"version":1,"type":"doc","content":[{"type":"marquee"}]})",
      R"({"version":1,"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":"x","marks":[{"type":"code"},{"type":"strong"}]}]}]})",
      R"({"version":1,"type":"doc","content":[{"type":"bulletList","content":[{"type":"listItem","content":[{"type":"table","content":[]}]}]}]})"};
  for (const std::string& document : bad) {
    const http::Response answer = post("/issue", task(",\"description\":" + document));
    EXPECT_EQ(answer.status, 400) << document;
    EXPECT_THAT(at(answer, "/errors/description"), HasSubstr("could be due to unsupported content"));
  }
}

// Jira Cloud REST, "Edit issue": 204, returnIssue, fields and update not both, a transition is ignored.
TEST_F(JiraIssues, AreEditedFieldByField) {
  const std::string key = jira.file("INIT", "A title", "text");
  EXPECT_EQ(
      put("/issue/" + key, R"({"fields":{"summary":"B"},"update":{"labels":[{"add":"x"},{"add":"y"},{"remove":"x"}]}})")
          .status,
      204);
  EXPECT_EQ(jira.look(key)->summary, "B");
  EXPECT_THAT(jira.look(key)->labels, ElementsAre("y"));
  const http::Response both = put("/issue/" + key, R"({"fields":{"labels":[]},"update":{"labels":[{"add":"x"}]}})");
  EXPECT_EQ(both.status, 400);
  EXPECT_EQ(at(both, "/errors/labels"), "Field 'labels' cannot appear in both 'fields' and 'update'");
  EXPECT_EQ(put("/issue/" + key, R"({"fields":{"summary":"C"},"transition":{"id":"11"}})").status, 204);
  EXPECT_EQ(jira.look(key)->status, "10100");
  EXPECT_EQ(at(put("/issue/" + key + "?returnIssue=true", R"({"fields":{"summary":"D"}})"), "/fields/summary"), "D");
  EXPECT_EQ(put("/issue/" + key, R"({"fields":{"summary":"E","labels":["a b"]}})").status, 400);
  EXPECT_EQ(jira.look(key)->summary, "D");
  jira.change([](State& state) { state.settings.updates_conflict = true; });
  EXPECT_EQ(put("/issue/" + key, R"({"fields":{"summary":"E"}})").status, 409);
}

// Jira Cloud REST, "Get issue": an old key returns the moved issue with its new key.
TEST_F(JiraIssues, KeepTheirIdAndAnswerToTheOldKeyWhenMoved) {
  const std::string key = jira.file("INIT", "A title", "text");
  const Number id = jira.look(key)->id;
  const std::string moved = jira.move(key, "OPS");
  EXPECT_EQ(moved, "OPS-1");
  const http::Response read = get("/issue/" + key);
  EXPECT_EQ(read.status, 200);
  EXPECT_EQ(at(read, "/key"), "OPS-1");
  EXPECT_EQ(at(read, "/id"), std::to_string(id));
  EXPECT_EQ(at(get("/issue/OPS-1?expand=changelog"), "/changelog/histories/0/items/2/toString"), "OPS-1");
}

// Facts A1, A4: not visible, deleted and archived are all 404.
TEST_F(JiraIssues, LookGoneWhenDeletedArchivedOrRestricted) {
  const std::string key = jira.file("INIT", "A title", "text");
  jira.archive(key);
  EXPECT_EQ(get("/issue/" + key).status, 404);
  jira.restore(key);
  jira.set_security(key, "Staff only");
  EXPECT_EQ(at(get("/issue/" + key), "/fields/security/name"), "Staff only");
  jira.set_security(key, "Management");
  EXPECT_EQ(get("/issue/" + key).status, 404);
  jira.set_security(key, "");
  jira.remove(key);
  EXPECT_EQ(get("/issue/" + key).status, 404);
}

// Jira Cloud REST, "Delete issue": subtasks have to be asked for.
TEST_F(JiraIssues, AreDeletedWithTheirSubtasksOnlyWhenAsked) {
  const std::string key = jira.file("INIT", "A title", "text");
  const http::Response child =
      post("/issue",
           R"({"fields":{"project":{"key":"INIT"},"issuetype":{"name":"Sub-task"},"summary":"x","parent":{"key":")" +
               key + R"("}}})");
  ASSERT_EQ(child.status, 201) << child.body;
  EXPECT_EQ(del("/issue/" + key).status, 400);
  EXPECT_EQ(del("/issue/" + key + "?deleteSubtasks=true").status, 204);
  EXPECT_THAT(jira.all("INIT"), IsEmpty());
}

// Jira Cloud REST, "Bulk create issue": at most 50, and part of them may succeed in one 201.
TEST_F(JiraIssues, AreCreatedInBulkAsFarAsTheyAreGood) {
  const std::string good = task(R"(,"labels":["m"])"), bad = task(R"(,"labels":["a b"])");
  const http::Response made = post("/issue/bulk", R"({"issueUpdates":[)" + good + "," + bad + "," + good + "]}");
  EXPECT_EQ(made.status, 201);
  EXPECT_EQ(at(made, "/issues"), "list of 2");
  EXPECT_EQ(at(made, "/errors/0/failedElementNumber"), "1");
  EXPECT_THAT(at(made, "/errors/0/elementErrors/errors/labels"), HasSubstr("spaces"));
  EXPECT_EQ(post("/issue/bulk", R"({"issueUpdates":[)" + bad + "]}").status, 400);
}

// Jira Cloud REST, "Set issue property": 201 new, 200 changed, 32768 characters; properties with the create.
TEST_F(JiraIssues, CarryProperties) {
  const http::Response made = post(
      "/issue",
      R"({"fields":{"project":{"key":"INIT"},"issuetype":{"name":"Task"},"summary":"x"},"properties":[{"key":"mark","value":{"a":1}}]})");
  const std::string path = "/issue/" + at(made, "/key") + "/properties/mark";
  EXPECT_EQ(at(get(path), "/value/a"), "1");
  const auto updated = jira.look(at(made, "/key"))->updated;
  EXPECT_EQ(put(path, R"({"a":2})").status, 200);
  EXPECT_EQ(put(path + "2", R"("text")").status, 201);
  EXPECT_EQ(jira.look(at(made, "/key"))->updated, updated);
  EXPECT_EQ(at(get("/issue/" + at(made, "/key") + "?properties=mark&fields=summary"), "/properties/mark/a"), "2");
  EXPECT_EQ(put(path, "\"" + std::string(32'768, 'x') + "\"").status, 400);
  EXPECT_EQ(del(path).status, 204);
  EXPECT_EQ(get(path).status, 404);
}

// Jira Cloud REST, "Create or update remote issue link": globalId upserts, what is left out becomes null.
TEST_F(JiraIssues, CarryRemoteLinksByTheirGlobalId) {
  const std::string path = "/issue/" + jira.file("INIT", "A title", "text") + "/remotelink";
  const std::string link =
      R"({"globalId":"g","relationship":"mirrors","object":{"url":"https://x.test/1","title":"One"}})";
  const http::Response made = post(path, link);
  EXPECT_EQ(made.status, 201);
  EXPECT_EQ(at(get(path + "?globalId=g"), "/relationship"), "mirrors");
  const http::Response again = post(path, R"({"globalId":"g","object":{"url":"https://x.test/1","title":"Two"}})");
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(at(again, "/id"), at(made, "/id"));
  EXPECT_EQ(at(get(path), "/0/object/title"), "Two");
  EXPECT_EQ(at(get(path), "/0/relationship"), "absent");
  jira.change([](State& state) { state.settings.limits.remote_links = 1; });
  EXPECT_EQ(post(path, R"({"globalId":"h","object":{"url":"https://x.test/2","title":"Three"}})").status, 413);
}

// Facts A4: /issue/createmeta/{project}/issuetypes[/{id}], paged.
TEST_F(JiraIssues, TellWhichFieldsACreateTakes) {
  EXPECT_THAT(column(get("/issue/createmeta/INIT/issuetypes"), "/issueTypes", "name"),
              ElementsAre("Bug", "Task", "Sub-task"));
  const http::Response page = get("/issue/createmeta/INIT/issuetypes/10001?startAt=2&maxResults=1");
  EXPECT_EQ(at(page, "/fields/0/fieldId"), "summary");
  EXPECT_EQ(at(page, "/fields/0/required"), "true");
  EXPECT_THAT(column(get("/issue/createmeta/INIT/issuetypes/10001"), "/fields", "fieldId"),
              testing::Contains("customfield_10050"));
  const std::string key = jira.file("INIT", "A title", "text");
  EXPECT_EQ(at(get("/issue/" + key + "/editmeta"), "/fields/labels/operations/0"), "add");
}

// Jira Cloud REST v2 on the same site: rich text is wiki markup (MrRefactoring/jira.js, adfRouting.test.ts).
TEST_F(JiraIssues, ShowAndTakeWikiTextThroughTheSecondVersion) {
  const std::string key = jira.file("INIT", "A title", "text");
  EXPECT_EQ(at(get("/rest/api/2/issue/" + key), "/fields/description"), "text");
  EXPECT_EQ(put("/rest/api/2/issue/" + key, R"({"fields":{"description":"other"}})").status, 204);
  EXPECT_EQ(at(get("/issue/" + key), "/fields/description/content/0/content/0/text"), "other");
}

class JiraIssuesOnDataCenter : public OnDataCenter {};

// Jira Data Center REST v2: wiki text, users by name, comments embedded, base with a context path.
TEST_F(JiraIssuesOnDataCenter, HoldWikiTextAndPeopleByName) {
  const http::Response made = post(
      "/issue",
      R"({"fields":{"project":{"key":"INIT"},"issuetype":{"name":"Task"},"summary":"x","description":"h1. *b*","assignee":{"name":"agent"}}})");
  ASSERT_EQ(made.status, 201) << made.body;
  jira.comment("INIT-1", "{code}x{code}");
  const http::Response read = get("/issue/INIT-1");
  EXPECT_EQ(at(read, "/fields/description"), "h1. *b*");
  EXPECT_EQ(at(read, "/fields/assignee/name"), "agent");
  EXPECT_EQ(at(read, "/fields/assignee/key"), "JIRAUSER10102");
  EXPECT_EQ(at(read, "/fields/assignee/accountId"), "absent");
  EXPECT_EQ(at(read, "/fields/comment/comments/0/body"), "{code}x{code}");
  EXPECT_THAT(at(read, "/self"), HasSubstr("http://jira.test/jira/rest/api/2/issue/"));
  EXPECT_EQ(get("http://jira.test/rest/api/2/myself").status, 404);
  EXPECT_THAT(column(get("/issue/createmeta/INIT/issuetypes"), "/values", "name"),
              ElementsAre("Bug", "Task", "Sub-task"));
  breaks_requests = true;  // which Data Center does not have
  EXPECT_EQ(get("/issue/INIT-1/changelog").status, 404);
}

}  // namespace
}  // namespace causeway::fakes::jira
