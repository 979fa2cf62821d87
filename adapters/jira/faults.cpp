#include "adapters/jira/faults.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "adapters/jira/codec.hpp"

namespace causeway::jira {
namespace {

using namespace std::chrono_literals;

/// What Jira asks for where it does not say how long: bursts are counted per second, writes on an issue in 30 s.
constexpr auto burst_wait = 2s;
constexpr auto issue_wait = 30s;
constexpr auto unnamed_wait = 60s;

Failure make(Fault fault, Reach reach, std::string message, std::optional<std::chrono::seconds> wait = std::nullopt) {
  return Failure{fault, reach, std::move(message), wait};
}

/// Until the moment in X-RateLimit-Reset; without one, until the next full hour, when Cloud's quotas begin anew.
std::chrono::seconds until_reset(const http::Response& response, Instant now) {
  const auto reset = parse_instant(response.header("X-RateLimit-Reset"));
  const Instant end = reset ? *reset : std::chrono::floor<std::chrono::hours>(now) + 1h;
  const auto left = std::chrono::ceil<std::chrono::seconds>(end - now) + 1s;
  return std::clamp<std::chrono::seconds>(left, 1s, web::wait_max);
}

Failure limited(const http::Response& response, std::string_view what, Instant now) {
  const std::string_view reason = response.header("RateLimit-Reason");
  const auto asked = web::retry_after(response);
  const auto say = [&](std::string_view why) { return fmt::format("{}: {} (HTTP 429)", what, why); };
  if (reason == "jira-per-issue-on-write") {
    return make(Fault::rate_limited, Reach::ticket, say("Jira takes no more writes to this issue for now"),
                asked.value_or(issue_wait));
  }
  if (reason == "jira-burst-based") {
    return make(Fault::rate_limited, Reach::tracker, say("too many requests at once"), asked.value_or(burst_wait));
  }
  if (reason.starts_with("jira-quota")) {
    return make(Fault::rate_limited, Reach::tracker, say("the quota of this hour is used up"),
                asked ? *asked : until_reset(response, now));
  }
  // Data Center names no reason, and may say 0 when a token has come back meanwhile.
  return make(Fault::rate_limited, Reach::tracker, say("asked to wait"),
              asked ? std::max<std::chrono::seconds>(*asked, 1s) : unnamed_wait);
}

}  // namespace

std::unexpected<Failure> no_permission(std::string_view why) {
  return fail(Fault::rejected, fmt::format("permission: {}", why));
}

std::unexpected<Failure> half_told(std::string_view what) {
  return fail(Fault::outcome_unknown, fmt::format("{}: it was done, but the answer did not come whole", what));
}

std::string words_of_refusal(std::string_view body) {
  const Refusal refusal = read_refusal(body);
  std::vector<std::string> words = refusal.messages;
  for (const auto& [field, why] : refusal.fields) words.push_back(fmt::format("{}: {}", field, why));
  return web::shortened(fmt::format("{}", fmt::join(words, "; ")));
}

Failure not_json(http::Method method, std::string_view what) {
  const bool reading = method == http::Method::get;
  return make(reading ? Fault::transient : Fault::outcome_unknown, Reach::tracker,
              fmt::format("{}: the answer is no JSON; something stands in between", what));
}

bool is_anonymous(const http::Response& response) {
  const std::string_view reason = response.header("X-Seraph-LoginReason");
  if (reason.find("FAILED") != std::string_view::npos || reason.find("DENIED") != std::string_view::npos) return true;
  return response.header("X-AUSERNAME") == "anonymous";
}

bool names_account(const http::Response& response) {
  if (is_anonymous(response)) return false;
  return !response.header("X-AACCOUNTID").empty() || !response.header("X-AUSERNAME").empty();
}

Failure anonymous_failure(const http::Response& response, std::string_view what) {
  if (response.header("X-Seraph-LoginReason").find("DENIED") != std::string_view::npos) {
    return make(
        Fault::denied, Reach::tracker,
        fmt::format("{}: Jira lets this user in no more after too many failed logins; sign in once in a browser "
                    "and solve the CAPTCHA (HTTP {})",
                    what, response.status));
  }
  return make(Fault::denied, Reach::tracker,
              fmt::format("{}: the credential does not hold, Jira answers as for a visitor; give a valid token of an "
                          "active user (HTTP {})",
                          what, response.status));
}

Failure failure_of(const http::Response& response, http::Method method, std::string_view what, Instant now) {
  const int status = response.status;
  const bool reading = method == http::Method::get;
  const auto say = [&](std::string_view why) { return fmt::format("{}: {} (HTTP {})", what, why, status); };
  const auto quote = [&](std::string_view why) {
    const std::string words = words_of_refusal(response.body);
    return words.empty() ? say(why) : say(fmt::format("{}: {}", why, words));
  };
  if (status == 429) return limited(response, what, now);
  if (status == 401 || (status < 500 && is_anonymous(response))) return anonymous_failure(response, what);
  if (status == 403) return make(Fault::denied, Reach::ticket, quote("Jira does not allow it"));
  if (status == 404) return make(Fault::gone, Reach::ticket, say("it does not exist, or not for this user"));
  if (status == 410) {
    // Cloud answers so where an address was taken out of the API; there is no ticket that would be gone.
    return make(Fault::denied, Reach::tracker, say("this address of Jira's API is no more; correct deployment or url"));
  }
  if (status == 409) return make(Fault::stale, Reach::ticket, say("it has changed meanwhile"));
  if (status == 413) return make(Fault::rejected, Reach::ticket, quote("it holds as much as Jira takes"));
  if (status >= 300 && status < 400) {
    return make(Fault::denied, Reach::tracker, say("the server sends us elsewhere; give the final address as url"));
  }
  if (status >= 500) {
    // 500 comes from one request; 502, 503 and 504 from a server that is not there.
    return make(reading ? Fault::transient : Fault::outcome_unknown, status == 500 ? Reach::ticket : Reach::tracker,
                say("the server failed"), web::retry_after(response));
  }
  if (status >= 400) return make(Fault::rejected, Reach::ticket, quote("Jira refused"));
  return make(reading ? Fault::transient : Fault::outcome_unknown, Reach::tracker,
              say("an answer that Jira does not give"));
}

}  // namespace causeway::jira
