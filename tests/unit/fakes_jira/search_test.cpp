#include "tests/unit/fakes_jira/fixture.hpp"

namespace causeway::fakes::jira {
namespace {

class JiraTokenSearch : public OnCloud {
 protected:
  void file(int count) {
    for (int at = 0; at < count; ++at) {
      jira.file("INIT", "Issue " + std::to_string(at), "text");
      clock.advance(1min);
    }
  }
  /// Keys of all pages, read until no token comes.
  std::vector<std::string> all(const std::string& jql, int size, int pages_max = 20) {
    std::vector<std::string> keys;
    std::string token;
    for (int page = 0; page < pages_max; ++page) {
      const http::Response answer = search(jql, R"(,"fields":["summary"],"maxResults":)" + std::to_string(size) +
                                                    (token.empty() ? "" : R"(,"nextPageToken":")" + token + "\""));
      EXPECT_EQ(answer.status, 200) << answer.body;
      for (const std::string& key : column(answer, "/issues", "key")) keys.push_back(key);
      token = at(answer, "/nextPageToken");
      if (token == "absent") return keys;
    }
    return {"no end"};
  }
};

// CHANGE-2046; gh pycontribs/jira/issues/2369.
TEST_F(JiraTokenSearch, HasReplacedTheOldOneWhichIsGone) {
  breaks_requests = true;
  EXPECT_EQ(get("/search?jql=project=INIT").status, 410);
  EXPECT_EQ(post("/rest/api/2/search", R"({"jql":"project=INIT"})").status, 410);
}

// Jira Cloud REST, "Search for issues using JQL enhanced search": only ids without fields, no total, bounded.
TEST_F(JiraTokenSearch, ShowsOnlyIdsUnlessAskedAndNeverATotal) {
  file(1);
  const http::Response answer = search("project = INIT order by key");
  EXPECT_EQ(at(answer, "/issues/0/id"), "10001");
  EXPECT_EQ(at(answer, "/issues/0/key"), "absent");
  EXPECT_EQ(at(answer, "/total"), "absent");
  EXPECT_EQ(at(answer, "/isLast"), "true");
  EXPECT_EQ(at(answer, "/nextPageToken"), "absent");
  EXPECT_EQ(at(search("project = INIT", R"(,"fields":["*all"])"), "/issues/0/fields/status/name"), "To Do");
  EXPECT_EQ(search("order by key").status, 400);
  EXPECT_EQ(search("project = NOPE").status, 400);
  EXPECT_EQ(search("summary ~ \\\"open").status, 400);
  EXPECT_EQ(at(post("/search/approximate-count", R"({"jql":"project = INIT"})"), "/count"), "1");
  breaks_requests = true;
  EXPECT_EQ(search("project = INIT", R"(,"startAt":5)").status, 400);
  EXPECT_EQ(search("project = INIT", R"(,"expand":["names"])").status, 400);
}

TEST_F(JiraTokenSearch, GoesFromPageToPageByToken) {
  file(5);
  EXPECT_THAT(all("project = INIT order by updated asc", 2),
              ElementsAre("INIT-1", "INIT-2", "INIT-3", "INIT-4", "INIT-5"));
  EXPECT_THAT(all("project = INIT order by updated desc", 3),
              ElementsAre("INIT-5", "INIT-4", "INIT-3", "INIT-2", "INIT-1"));
}

// gh bobmatnyc/trusty-tools/pull/6981, gh simstudioai/sim/pull/4410.
TEST_F(JiraTokenSearch, MayHaveEmptyPagesInTheMiddleRepeatTokensAndKeepQuietAboutTheEnd) {
  file(3);
  jira.change([](State& state) {
    state.settings.empty_pages = 2;
    state.settings.says_is_last = false;
  });
  EXPECT_THAT(all("project = INIT order by key", 2), ElementsAre("INIT-1", "INIT-2", "INIT-3"));
  EXPECT_EQ(at(search("project = INIT"), "/isLast"), "absent");
  jira.change([](State& state) {
    state.settings.empty_pages = 0;
    state.settings.repeat_token = true;
  });
  EXPECT_THAT(all("project = INIT order by key", 1), ElementsAre("no end"));
}

// Tokens live seven days and belong to one query.
TEST_F(JiraTokenSearch, RefusesTokensOfOtherQueriesAndOldOnes) {
  file(3);
  const std::string token = at(search("project = INIT", R"(,"maxResults":1)"), "/nextPageToken");
  const std::string with = R"(,"maxResults":1,"nextPageToken":")" + token + "\"";
  EXPECT_EQ(search("project = INIT", with).status, 200);
  EXPECT_EQ(search("project = INIT and status = Done", with).status, 400);
  clock.advance(24h * 7);
  EXPECT_EQ(search("project = INIT", with).status, 400);
}

// developer.atlassian.com, "Search and reconcile": the index lags, visibility is not monotonic, reads by key are not.
TEST_F(JiraTokenSearch, LagsFlapsAndReconcilesWhatItIsTold) {
  file(1);
  jira.change([](State& state) { state.settings.index_lag_ms = {60'000}; });
  jira.file("INIT", "New", "text");
  jira.edit("INIT-1", {.summary = "Changed"});
  EXPECT_THAT(column(search("project = INIT", R"(,"fields":["summary"])"), "/issues", "fields/summary"),
              ElementsAre("Issue 0"));
  EXPECT_EQ(at(get("/issue/INIT-2"), "/fields/summary"), "New");
  EXPECT_THAT(column(search("project = INIT order by key", R"(,"fields":["summary"],"reconcileIssues":[10002])"),
                     "/issues", "fields/summary"),
              ElementsAre("Issue 0", "New"));
  clock.advance(60s);
  EXPECT_THAT(column(search("project = INIT order by key", R"(,"fields":["summary"])"), "/issues", "fields/summary"),
              ElementsAre("Changed", "New"));
  jira.remove("INIT-2");
  EXPECT_EQ(at(search("project = INIT"), "/issues"), "list of 1");
  jira.change([](State& state) {
    state.settings.index_lag_ms = {0};
    state.settings.flap_every = 2;
    state.settings.flap_ms = 3'600'000;
  });
  std::set<std::string> seen;
  for (int at_search = 0; at_search < 4; ++at_search) seen.insert(at(search("project = INIT"), "/issues"));
  EXPECT_THAT(seen, ElementsAre("list of 0", "list of 1"));
}

TEST_F(JiraTokenSearch, UnderstandsTheUsualClauses) {
  file(3);
  jira.set_labels("INIT-1", {"causeway"});
  jira.transition("INIT-2", "Done");
  jira.move("INIT-3", "OPS");
  const auto keys = [&](const std::string& jql) {
    return column(search(jql, R"(,"fields":["summary"])"), "/issues", "key");
  };
  EXPECT_THAT(keys("labels = causeway"), ElementsAre("INIT-1"));
  EXPECT_THAT(keys("project in (INIT, OPS) AND status != Done order by key"), ElementsAre("INIT-1", "OPS-1"));
  EXPECT_THAT(keys("status in (Done) or (labels is not EMPTY and NOT status = Done) order by id desc"),
              ElementsAre("INIT-2", "INIT-1"));
  EXPECT_THAT(keys("id in (10001, 10002) order by created asc"), ElementsAre("INIT-1", "INIT-2"));
  EXPECT_THAT(keys("key in (init-3)"), ElementsAre("OPS-1"));
  EXPECT_THAT(keys("resolution is EMPTY and project = INIT"), ElementsAre("INIT-1"));
  EXPECT_THAT(keys("statusCategory = Done"), ElementsAre("INIT-2"));
  EXPECT_THAT(keys("summary ~ \\\"Issue 1\\\""), ElementsAre("INIT-2"));
  EXPECT_THAT(keys("reporter = \\\"712020:reporter\\\" and issuetype = Bug and key >= INIT-2"), ElementsAre("INIT-2"));
  EXPECT_EQ(search("key in (INIT-99)").status, 400);
  EXPECT_EQ(search("colour = red").status, 400);
  EXPECT_EQ(search("project = INIT order by colour").status, 400);
  EXPECT_EQ(search("(((project = INIT").status, 400);
}

TEST_F(JiraTokenSearch, CapsTheCommentsThatItEmbeds) {
  file(1);
  for (int count = 0; count < 21; ++count) jira.comment("INIT-1", "hello");
  const http::Response answer = search("project = INIT", R"(,"fields":["comment"])");
  EXPECT_EQ(at(answer, "/issues/0/fields/comment/comments"), "list of 20");
  EXPECT_EQ(at(answer, "/issues/0/fields/comment/total"), "21");
}

class JiraOffsetSearch : public OnDataCenter {
 protected:
  std::vector<std::string> keys(const std::string& jql, int start, int most) {
    return column(post("/search", R"({"jql":")" + jql + R"(","startAt":)" + std::to_string(start) +
                                      R"(,"maxResults":)" + std::to_string(most) + "}"),
                  "/issues", "key");
  }
};

// JRASERVER-69860; "Inconsistent paginated API search result".
TEST_F(JiraOffsetSearch, ShiftsWhileDataChanges) {
  for (int at_issue = 0; at_issue < 4; ++at_issue) {
    jira.file("INIT", "Issue", "text");
    clock.advance(1min);
  }
  EXPECT_THAT(keys("project = INIT order by updated asc", 0, 2), ElementsAre("INIT-1", "INIT-2"));
  jira.edit("INIT-1", {.summary = "Changed"});
  EXPECT_THAT(keys("project = INIT order by updated asc", 2, 2), ElementsAre("INIT-4", "INIT-1"));  // INIT-3 was missed
  const http::Response page = get("/search?jql=project%20%3D%20INIT&maxResults=1");
  EXPECT_EQ(at(page, "/total"), "4");
  EXPECT_EQ(at(page, "/issues/0/fields/summary"), "Issue");
  EXPECT_EQ(at(page, "/issues/0/fields/comment"), "absent");
  breaks_requests = true;  // which Data Center does not have
  EXPECT_EQ(get("/search/jql?jql=project%20%3D%20INIT").status, 404);
}

// Index is per node and asynchronous.
TEST_F(JiraOffsetSearch, DependsOnTheNode) {
  jira.change([](State& state) { state.settings.index_lag_ms = {0, 60'000}; });
  jira.file("INIT", "Issue", "text");
  std::set<std::size_t> found;
  for (int at_search = 0; at_search < 4; ++at_search) found.insert(keys("project = INIT", 0, 50).size());
  EXPECT_THAT(found, ElementsAre(0U, 1U));
  jira.change([](State& state) { state.settings.search_cap = 1; });
  EXPECT_EQ(at(get("/search?jql=project%20%3D%20INIT&maxResults=500"), "/maxResults"), "1");
}

}  // namespace
}  // namespace causeway::fakes::jira
