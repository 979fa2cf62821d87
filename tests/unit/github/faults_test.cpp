#include "adapters/github/faults.hpp"

#include <gmock/gmock.h>

#include "tests/unit/github/golden.hpp"

namespace causeway::github {
namespace {

using namespace std::chrono_literals;
using http::Method;
using testing::HasSubstr;
using testing::Not;

const Instant now{std::chrono::seconds{1'800'000'000}};

http::Response answer(int status, const std::string& message, http::Headers headers = {}) {
  http::Response response;
  response.status = status;
  response.headers = std::move(headers);
  response.headers.emplace_back("Content-Type", "application/json; charset=utf-8");
  response.body = R"({"message":")" + message + R"("})";
  return response;
}

http::Response page(int status) {
  http::Response response;
  response.status = status;
  response.headers.emplace_back("Content-Type", "text/html");
  response.body = "<html>a proxy's words</html>";
  return response;
}

struct Case {
  std::string name;
  http::Response response;
  Fault reading;
  Fault writing;
  Reach reach;
  std::string says;
  std::optional<std::chrono::seconds> wait = std::nullopt;
};

TEST(GitHubFaults, GivesEachAnswerItsMeaning) {
  const http::Headers spent{{"X-RateLimit-Remaining", "0"}, {"X-RateLimit-Reset", "1800000100"}};
  const std::vector<Case> cases{
      {"bad token", answer(401, "Bad credentials"), Fault::denied, Fault::denied, Reach::tracker,
       "token is not accepted"},
      {"primary limit", answer(403, "API rate limit exceeded for user ID 1.", spent), Fault::rate_limited,
       Fault::rate_limited, Reach::tracker, "limit", 101s},
      {"primary limit as 429", answer(429, "API rate limit exceeded", spent), Fault::rate_limited, Fault::rate_limited,
       Reach::tracker, "limit", 101s},
      {"primary limit that ended meanwhile",
       answer(403, "API rate limit exceeded", {{"X-RateLimit-Remaining", "0"}, {"X-RateLimit-Reset", "1799999000"}}),
       Fault::rate_limited, Fault::rate_limited, Reach::tracker, "limit", 1s},
      {"secondary limit", answer(403, "You have exceeded a secondary rate limit.", {{"X-RateLimit-Remaining", "4000"}}),
       Fault::rate_limited, Fault::rate_limited, Reach::tracker, "limit", 60s},
      {"secondary limit with a time",
       answer(403, "You have exceeded a secondary rate limit.", {{"Retry-After", "300"}}), Fault::rate_limited,
       Fault::rate_limited, Reach::tracker, "limit", 300s},
      {"secondary limit with a short time", answer(429, "Slow down", {{"Retry-After", "2"}}), Fault::rate_limited,
       Fault::rate_limited, Reach::tracker, "limit", 60s},
      {"a limit that would last for ages", answer(429, "Slow down", {{"Retry-After", "9000000000000000000"}}),
       Fault::rate_limited, Fault::rate_limited, Reach::tracker, "limit", 24h},
      {"a primary limit that would last for ages",
       answer(403, "limit", {{"X-RateLimit-Remaining", "0"}, {"X-RateLimit-Reset", "9000000000000000000"}}),
       Fault::rate_limited, Fault::rate_limited, Reach::tracker, "limit", 24h + 1s},
      {"a primary limit from before all time",
       answer(403, "limit", {{"X-RateLimit-Remaining", "0"}, {"X-RateLimit-Reset", "-9000000000000000000"}}),
       Fault::rate_limited, Fault::rate_limited, Reach::tracker, "limit", 1s},
      {"429 and nothing else", answer(429, "?"), Fault::rate_limited, Fault::rate_limited, Reach::tracker, "limit",
       60s},
      {"no permission",
       answer(403, "Resource not accessible by integration", {{"X-Accepted-GitHub-Permissions", "issues=write"}}),
       Fault::denied, Fault::denied, Reach::tracker, "issues=write"},
      {"no permission, unnamed", answer(403, "Resource not accessible by personal access token"), Fault::denied,
       Fault::denied, Reach::tracker, "Issues: read and write"},
      {"not allowed", answer(403, "Must have admin rights to Repository."), Fault::denied, Fault::denied, Reach::ticket,
       "Must have admin rights"},
      {"locked", answer(403, "Unable to create comment because issue is locked"), Fault::rejected, Fault::rejected,
       Reach::ticket, "locked"},
      {"archived", answer(403, "Repository was archived so is read-only."), Fault::rejected, Fault::rejected,
       Reach::ticket, "archived"},
      {"missing User-Agent",
       http::Response{
           403, {}, "Request forbidden by administrative rules. Please make sure your request has a User-Agent header"},
       Fault::denied, Fault::denied, Reach::tracker, "User-Agent"},
      {"missing", answer(404, "Not Found"), Fault::gone, Fault::gone, Reach::ticket, "does not exist"},
      {"deleted", answer(410, "This issue was deleted"), Fault::gone, Fault::gone, Reach::ticket, "deleted"},
      {"moved", golden("repository-renamed-get"), Fault::gone, Fault::gone, Reach::ticket, "moved"},
      {"moved, with method", golden("repository-renamed-patch"), Fault::gone, Fault::gone, Reach::ticket, "moved"},
      {"refused", golden("validation-failed"), Fault::rejected, Fault::rejected, Reach::ticket,
       "Label: color: invalid"},
      {"refused in one sentence", answer(422, "Invalid request. No subschema matched"), Fault::rejected,
       Fault::rejected, Reach::ticket, "No subschema"},
      {"broken request", answer(400, "Problems parsing JSON"), Fault::rejected, Fault::rejected, Reach::ticket,
       "Problems"},
      {"server error", answer(500, "Server Error"), Fault::transient, Fault::outcome_unknown, Reach::ticket, "failed"},
      {"bad gateway", page(502), Fault::transient, Fault::outcome_unknown, Reach::tracker, "failed"},
      {"unavailable", page(503), Fault::transient, Fault::outcome_unknown, Reach::tracker, "failed"},
      {"a proxy's 403", page(403), Fault::transient, Fault::outcome_unknown, Reach::tracker, "in between"},
      {"a proxy's 404", page(404), Fault::transient, Fault::outcome_unknown, Reach::tracker, "in between"},
      {"nonsense", answer(204, ""), Fault::transient, Fault::outcome_unknown, Reach::tracker, "does not give"},
  };
  for (const Case& one : cases) {
    for (const Method method : {Method::get, Method::post, Method::patch, Method::del}) {
      const Failure failure = failure_of(one.response, method, "doing something", now);
      EXPECT_EQ(failure.fault, method == Method::get ? one.reading : one.writing) << one.name;
      EXPECT_EQ(failure.reach, one.reach) << one.name;
      EXPECT_EQ(failure.retry_after, one.wait) << one.name;
      EXPECT_THAT(failure.message, testing::StartsWith("doing something: ")) << one.name;
      EXPECT_THAT(failure.message, HasSubstr(one.says)) << one.name;
      EXPECT_THAT(failure.message, Not(HasSubstr("proxy's words"))) << one.name;
    }
  }
}

}  // namespace
}  // namespace causeway::github
