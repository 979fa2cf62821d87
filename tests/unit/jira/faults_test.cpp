#include "adapters/jira/faults.hpp"

#include <gmock/gmock.h>

namespace causeway::jira {
namespace {

using namespace std::chrono_literals;
using http::Method;
using testing::HasSubstr;

const Instant now = *parse_instant("2026-11-23T12:40:00Z");

Failure failure(http::Response response, Method method = Method::get) {
  return failure_of(response, method, "reading issue 10012", now);
}

struct LimitCase {
  http::Headers headers;
  Reach reach;
  std::chrono::seconds wait;
};

TEST(JiraFaults, EachLimitReachesAsFarAsItsReasonSays) {
  const std::vector<LimitCase> cases{
      {{{"RateLimit-Reason", "jira-per-issue-on-write"}, {"Retry-After", "7"}}, Reach::ticket, 7s},
      {{{"RateLimit-Reason", "jira-per-issue-on-write"}}, Reach::ticket, 30s},
      {{{"RateLimit-Reason", "jira-burst-based"}}, Reach::tracker, 2s},
      {{{"RateLimit-Reason", "jira-quota-tenant-based"}, {"X-RateLimit-Reset", "2026-11-23T12:45:00Z"}},
       Reach::tracker,
       301s},
      {{{"RateLimit-Reason", "jira-quota-global-based"}}, Reach::tracker, 1201s},
      {{{"RateLimit-Reason", "jira-quota-global-based"}, {"Retry-After", "99"}}, Reach::tracker, 99s},
      {{{"RateLimit-Reason", "jira-quota-global-based"}, {"X-RateLimit-Reset", "9999-01-01T00:00:00Z"}},
       Reach::tracker,
       web::wait_max},
      {{{"Retry-After", "0"}}, Reach::tracker, 1s},
      {{}, Reach::tracker, 60s},
  };
  for (const LimitCase& one : cases) {
    const Failure limited = failure({429, one.headers, ""});
    EXPECT_EQ(limited.fault, Fault::rate_limited);
    EXPECT_EQ(limited.reach, one.reach) << limited.message;
    EXPECT_EQ(limited.retry_after, one.wait) << limited.message;
  }
}

TEST(JiraFaults, AnAnswerForNobodyIsDenied) {
  for (const auto& [name, value] : http::Headers{{"X-Seraph-LoginReason", "AUTHENTICATED_FAILED"},
                                                 {"x-seraph-loginreason", "AUTHENTICATION_DENIED"},
                                                 {"X-AUSERNAME", "anonymous"}}) {
    const http::Response answer{200, {{name, value}}, "{}"};
    EXPECT_TRUE(is_anonymous(answer)) << name;
    EXPECT_FALSE(names_account(answer)) << name;
    EXPECT_EQ(anonymous_failure(answer, "x").fault, Fault::denied);
    EXPECT_EQ(anonymous_failure(answer, "x").reach, Reach::tracker);
  }
  EXPECT_FALSE(is_anonymous({200, {{"X-Seraph-LoginReason", "OK"}, {"X-AUSERNAME", "syncuser"}}, ""}));
  EXPECT_TRUE(names_account({200, {{"X-AACCOUNTID", "712020%3A1"}}, ""}));
  EXPECT_FALSE(names_account({200, {}, ""}));
  EXPECT_THAT(failure({403, {{"X-Seraph-LoginReason", "AUTHENTICATION_DENIED"}}, ""}).message, HasSubstr("CAPTCHA"));
}

TEST(JiraFaults, AServerThatFailsMayHaveWritten) {
  for (const int status : {500, 502, 503, 504}) {
    EXPECT_EQ(failure({status, {}, ""}).fault, Fault::transient);
    EXPECT_EQ(failure({status, {}, ""}, Method::post).fault, Fault::outcome_unknown);
  }
  EXPECT_EQ(failure({503, {{"Retry-After", "20"}}, ""}).retry_after, 20s);
}

TEST(JiraFaults, EveryOtherStatusHasItsMeaning) {
  EXPECT_EQ(failure({401, {}, ""}).reach, Reach::tracker);
  EXPECT_EQ(failure({403, {}, ""}).fault, Fault::denied);
  EXPECT_EQ(failure({404, {}, ""}).fault, Fault::gone);
  EXPECT_EQ(failure({409, {}, ""}, Method::put).fault, Fault::stale);
  EXPECT_EQ(failure({410, {}, ""}).reach, Reach::tracker);
  EXPECT_EQ(failure({413, {}, ""}, Method::post).fault, Fault::rejected);
  EXPECT_EQ(failure({302, {}, ""}).fault, Fault::denied);
}

TEST(JiraFaults, TellsJirasOwnWordsShortened) {
  const std::string body = R"({"errorMessages":["No."],"errors":{"priority":"Unknown priority"}})";
  EXPECT_THAT(failure({400, {}, body}, Method::put).message, HasSubstr("No.; priority: Unknown priority"));
  const std::string endless = R"({"errorMessages":[")" + std::string(100'000, 'x') + "\"]}";
  EXPECT_LT(failure({400, {}, endless}, Method::put).message.size(), 1000U);
}

}  // namespace
}  // namespace causeway::jira
