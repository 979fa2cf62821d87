#include "tests/unit/fakes_jira/fixture.hpp"

namespace causeway::fakes::jira {
namespace {

class JiraWorkflow : public OnCloud {
 protected:
  const std::string key = jira.file("INIT", "A title", "text");
  const std::string path = "/issue/" + key + "/transitions";
  http::Response go(const std::string& id, const std::string& more = {}) {
    return post(path, R"({"transition":{"id":")" + id + "\"}" + more + "}");
  }
  Transition& step(State& state, const std::string& id) {
    for (Transition& one : state.workflows.at("software")) {
      if (one.id == id) return one;
    }
    throw std::runtime_error("no such step");
  }
};

// Jira Cloud REST, "Get transitions": only what is possible now; hidden ones are absent.
TEST_F(JiraWorkflow, ListsOnlyStepsThatArePossibleNow) {
  EXPECT_THAT(column(get(path), "/transitions", "name"), ElementsAre("Start Progress"));
  EXPECT_EQ(go("11").status, 204);
  EXPECT_EQ(jira.look(key)->status, "10101");
  EXPECT_THAT(column(get(path), "/transitions", "to/name"), ElementsAre("In Review"));
  EXPECT_EQ(go("31").status, 400);
  EXPECT_EQ(go("61").status, 400);  // hidden by a condition
  be("visitor");
  EXPECT_EQ(at(get(path), "/transitions"), "list of 0");  // no right: an empty list, no error
}

// gh mozilla/jira-bugzilla-integration/pull/1258 and issues/1055.
TEST_F(JiraWorkflow, AsksForWhatIsOnTheScreenAndNothingElse) {
  jira.transition(key, "In Review");
  const http::Response listed = get(path + "?expand=transitions.fields&transitionId=31");
  EXPECT_EQ(at(listed, "/transitions/0/fields/resolution/required"), "true");
  EXPECT_EQ(at(listed, "/transitions/0/fields/resolution/allowedValues/0/name"), "Done");
  EXPECT_EQ(at(go("31"), "/errors/resolution"), "Field Resolution is required");
  EXPECT_EQ(at(go("31", R"(,"fields":{"resolution":{"name":"Done"},"summary":"x"})"), "/errors/summary"),
            "Field 'summary' cannot be set. It is not on the appropriate screen, or unknown.");
  EXPECT_EQ(go("31", R"(,"fields":{"resolution":{"name":"Won't Do"}},"update":{"comment":[{"add":{"body":)" +
                         adf("why") + "}}]}")
                .status,
            204);
  EXPECT_EQ(jira.look(key)->resolution, "10001");
  EXPECT_EQ(jira.comments(key).size(), 1U);
  EXPECT_NE(at(get("/issue/" + key), "/fields/resolutiondate"), "null");
  EXPECT_EQ(go("51").status, 204);
  EXPECT_EQ(jira.look(key)->resolution, "");
}

TEST_F(JiraWorkflow, LetsValidatorsConflictsAndPostFunctionsIn) {
  jira.change([&](State& state) {
    step(state, "11").validator = "Only on Mondays.";
    step(state, "11").conflicts = 1;
    step(state, "11").sets = {{"customfield_10052", "\"set by itself\""}};
  });
  EXPECT_EQ(go("11").status, 409);
  EXPECT_EQ(at(go("11"), "/errorMessages/0"), "Only on Mondays.");
  jira.change([&](State& state) { step(state, "11").validator.clear(); });
  EXPECT_EQ(go("11").status, 204);
  EXPECT_EQ(jira.look(key)->changes.size(), 2U);
  EXPECT_EQ(at(get("/issue/" + key), "/fields/customfield_10052"), "set by itself");
  EXPECT_EQ(post(path, R"({"fields":{}})").status, 400);
}

// Jira Cloud REST, "Get changelogs": oldest first, 100 per page; bulkfetch.
TEST_F(JiraWorkflow, KeepsAHistory) {
  go("11");
  jira.edit(key, {.summary = "B"});
  const http::Response log = get("/issue/" + key + "/changelog?maxResults=1");
  EXPECT_EQ(at(log, "/total"), "2");
  EXPECT_EQ(at(log, "/values/0/items/0/toString"), "In Progress");
  EXPECT_EQ(at(log, "/values/0/items/0/from"), "10100");
  EXPECT_EQ(at(log, "/isLast"), "false");
  const http::Response bulk =
      post("/changelog/bulkfetch", R"({"issueIdsOrKeys":[")" + key + R"("],"fieldIds":["summary"]})");
  EXPECT_EQ(at(bulk, "/issueChangeLogs/0/changeHistories"), "list of 1");
}

class JiraWorkflowOnDataCenter : public OnDataCenter {};

// Jira Data Center 10.3: an unknown id may answer 500.
TEST_F(JiraWorkflowOnDataCenter, MayFailOnUnknownSteps) {
  const std::string key = jira.file("INIT", "A title", "text");
  const std::string wish = R"({"transition":{"id":"99"}})";
  EXPECT_EQ(post("/issue/" + key + "/transitions", wish).status, 400);
  jira.change([](State& state) { state.settings.unknown_transition_is_500 = true; });
  EXPECT_EQ(post("/issue/" + key + "/transitions", wish).status, 500);
}

}  // namespace
}  // namespace causeway::fakes::jira
