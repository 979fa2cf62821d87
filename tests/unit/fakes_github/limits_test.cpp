#include "tests/unit/fakes_github/fixture.hpp"

namespace causeway::fakes::github {
namespace {

class GitHubLimits : public OnGitHub {
 protected:
  void enforce(const std::function<void(Limits&)>& change = [](Limits&) {}) {
    github.change([&](State& state) {
      state.settings.limits.enforced = true;
      change(state.settings.limits);
    });
  }
};

TEST_F(GitHubLimits, AreInEveryAnswerAndFarAwayUnlessEnforced) {
  const http::Response response = get(issues_path);
  EXPECT_EQ(response.header("x-ratelimit-limit"), "1000000");
  EXPECT_EQ(response.header("x-ratelimit-resource"), "core");
  enforce();
  EXPECT_EQ(get(issues_path).header("x-ratelimit-limit"), "5000");
  EXPECT_EQ(get(issues_path, "").header("x-ratelimit-limit"), "60");
  EXPECT_EQ(at(get("/rate_limit"), "/resources/core/limit"), "5000");
}

TEST_F(GitHubLimits, EndAnHourOfRequestsAndBeginAnotherOne) {
  enforce([](Limits& limits) { limits.requests_per_hour = 2; });
  EXPECT_EQ(get(issues_path).header("x-ratelimit-remaining"), "1");
  EXPECT_EQ(get(issues_path).status, 200);
  const http::Response refused = get(issues_path);
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.header("x-ratelimit-remaining"), "0");
  EXPECT_THAT(at(refused, "/message"), HasSubstr("API rate limit exceeded"));
  EXPECT_EQ(get("/rate_limit").status, 200);
  EXPECT_EQ(get(issues_path, "ghp_visitor").status, 200);
  clock.advance(1h);
  EXPECT_EQ(get(issues_path).status, 200);
}

TEST_F(GitHubLimits, DoNotCountWhatDidNotChange) {
  enforce();
  const std::string tag{get(issues_path).header("ETag")};
  const http::Response unchanged = get(issues_path, "ghp_syncuser", {{"If-None-Match", tag}});
  EXPECT_EQ(unchanged.status, 304);
  EXPECT_EQ(unchanged.header("x-ratelimit-used"), "1");
  EXPECT_EQ(get(issues_path).header("x-ratelimit-used"), "2");
}

TEST_F(GitHubLimits, SlowDownWhoCreatesTooMuch) {
  enforce([](Limits& limits) {
    limits.creations_per_minute = 2;
    limits.creations_per_hour = 3;
  });
  const std::string wish = R"({"title":"x"})";
  EXPECT_EQ(post(issues_path, wish).status, 201);
  EXPECT_EQ(post(issues_path, wish).status, 201);
  const http::Response refused = post(issues_path, wish);
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.header("Retry-After"), "60");
  EXPECT_THAT(at(refused, "/message"), HasSubstr("secondary rate limit"));
  EXPECT_NE(refused.header("x-ratelimit-remaining"), "0");
  EXPECT_EQ(patch(issues_path + "/1", R"({"title":"y"})").status, 200);
  clock.advance(60s);
  EXPECT_EQ(post(issues_path, wish).status, 201);
  clock.advance(60s);
  EXPECT_EQ(post(issues_path, wish).status, 403);
  clock.advance(1h);
  EXPECT_EQ(post(issues_path, wish).status, 201);
}

TEST_F(GitHubLimits, CountPointsByEndpointAndMaySayNothingAboutWaiting) {
  enforce([](Limits& limits) {
    limits.points_per_minute = 7;
    limits.retry_after.reset();
    limits.status = 429;
  });
  github.open("acme/widgets", "x", "text");
  EXPECT_EQ(patch(issues_path + "/1", R"({"title":"y"})").status, 200);
  EXPECT_EQ(get(issues_path + "/1").status, 200);
  const http::Response refused = patch(issues_path + "/1", R"({"title":"z"})");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.header("Retry-After"), "");
  EXPECT_EQ(get(issues_path).status, 200);
}

TEST_F(GitHubLimits, TakeOnlySoManyAtOnce) {
  enforce([](Limits& limits) { limits.concurrent = 2; });
  github.change([](State& state) { state.settings.latency_ms = 100; });
  EXPECT_EQ(get(issues_path).status, 200);
  EXPECT_EQ(get(issues_path).status, 200);
  EXPECT_EQ(get(issues_path).status, 403);
  clock.advance(100ms);
  EXPECT_EQ(get(issues_path).status, 200);
}

}  // namespace
}  // namespace causeway::fakes::github
