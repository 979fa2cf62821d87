#include "tests/unit/fakes_jira/fixture.hpp"

namespace causeway::fakes::jira {
namespace {

class JiraLimits : public OnCloud {};

// dac rate-limiting: each reason with its headers.
TEST_F(JiraLimits, NameTheirReason) {
  for (const char* reason :
       {"jira-quota-global-based", "jira-quota-tenant-based", "jira-burst-based", "jira-per-issue-on-write"}) {
    jira.limit({.reason = reason, .method = "GET", .path_template = "/rest/api/3/myself", .retry_after_ms = 7000});
    const http::Response answer = get("/myself");
    EXPECT_EQ(answer.status, 429);
    EXPECT_EQ(answer.header("RateLimit-Reason"), reason);
    EXPECT_EQ(answer.header("Retry-After"), "7");
    EXPECT_EQ(answer.header("X-RateLimit-Remaining"), "0");
    EXPECT_EQ(answer.header("X-RateLimit-Reset"), "2026-11-23T08:00:07Z");
    EXPECT_EQ(get("/myself").status, 200);
  }
  EXPECT_EQ(jira.refusals(), 4U);
}

TEST_F(JiraLimits, AnnounceThemselves) {
  EXPECT_EQ(get("/myself").header("X-RateLimit-NearLimit"), "");
  jira.change([](State& state) { state.settings.near_limit = true; });
  EXPECT_EQ(get("/myself").header("X-RateLimit-NearLimit"), "true");
}

// dac rate-limiting: 20 writes per 2 s and 100 writes per 30 s on one issue.
TEST_F(JiraLimits, CountWritesOnOneIssue) {
  jira.change([](State& state) { state.settings.limits.per_issue = true; });
  const std::string key = jira.file("INIT", "A title", "text"), other = jira.file("INIT", "B", "text");
  const auto write = [&](const std::string& issue) { return put("/issue/" + issue + "/properties/p", "1").status; };
  for (int count = 0; count < 20; ++count) EXPECT_LT(write(key), 300);
  EXPECT_EQ(write(key), 429);
  EXPECT_EQ(write(other), 201);
  EXPECT_EQ(get("/issue/" + key).status, 200);
  for (int round = 0; round < 4; ++round) {
    clock.advance(2s);
    for (int count = 0; count < 20; ++count) EXPECT_EQ(write(key), 200);
  }
  clock.advance(2s);
  EXPECT_EQ(write(key), 429);
  clock.advance(30s);
  EXPECT_EQ(write(key), 200);
}

TEST_F(JiraLimits, AreJoinedByTheUsualTrouble) {
  breaks_answers = true;
  jira.trouble({.status = 503, .retry_after = "30"});
  const http::Response busy = get("/myself");
  EXPECT_EQ(busy.status, 503);
  EXPECT_EQ(busy.header("Retry-After"), "30");
  jira.trouble({.kind = Trouble::Kind::html});
  EXPECT_THAT(get("/myself").body, HasSubstr("<html"));
  // The answer to a create is lost, though it was done: there is no key that makes a second one harmless.
  jira.trouble(
      {.kind = Trouble::Kind::drop, .method = "POST", .path_template = "/rest/api/3/issue", .after_commit = true});
  http::Request request;
  request.method = http::Method::post;
  request.url = origin + "/rest/api/3/issue";
  request.headers = {{"Content-Type", "application/json"}};
  request.credential = {"Authorization", http::Secret{credential}};
  request.body = R"({"fields":{"project":{"key":"INIT"},"issuetype":{"name":"Task"},"summary":"x"}})";
  EXPECT_FALSE(transport.send(request).has_value());
  EXPECT_EQ(jira.all("INIT").size(), 1U);
  EXPECT_EQ(jira.requests().at("POST /rest/api/3/issue"), 1U);
}

class JiraLimitsOnDataCenter : public OnDataCenter {};

// confluence adjusting-your-code-for-rate-limiting.
TEST_F(JiraLimitsOnDataCenter, HaveHeadersOfTheirOwn) {
  jira.limit({.retry_after_ms = 1});
  const http::Response answer = get("/myself");
  EXPECT_EQ(answer.status, 429);
  EXPECT_EQ(answer.header("X-RateLimit-FillRate"), "10");
  EXPECT_EQ(answer.header("retry-after"), "1");
  EXPECT_EQ(answer.header("RateLimit-Reason"), "");
}

}  // namespace
}  // namespace causeway::fakes::jira
