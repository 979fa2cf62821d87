#include "adapters/github/faults.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

#include "adapters/github/codec.hpp"

namespace causeway::github {
namespace {

using namespace std::chrono_literals;

/// GitHub asks for at least this after a secondary limit that does not say how long.
constexpr auto secondary_wait_min = 60s;

std::optional<std::int64_t> number_in(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
  return number;
}

bool says(const Refusal& refusal, std::string_view words) {
  const auto same = [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); };
  return std::search(refusal.message.begin(), refusal.message.end(), words.begin(), words.end(), same) !=
         refusal.message.end();
}

/// How long to wait; nullopt: the answer speaks of no limit.
std::optional<std::chrono::seconds> limit_wait(const http::Response& response, const Refusal& refusal, Instant now) {
  const auto asked = web::retry_after(response);
  if (says(refusal, "secondary rate limit") || says(refusal, "abuse detection")) {
    return std::max<std::chrono::seconds>(secondary_wait_min, asked.value_or(0s));
  }
  if (number_in(response.header("X-RateLimit-Remaining")) == 0) {
    const auto reset = number_in(response.header("X-RateLimit-Reset"));
    if (!reset) return std::max<std::chrono::seconds>(secondary_wait_min, asked.value_or(0s));
    const std::int64_t today = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
    const std::chrono::seconds left{std::clamp<std::int64_t>(*reset, today, today + web::wait_max.count()) - today};
    return std::max<std::chrono::seconds>(left + 1s, asked.value_or(0s));
  }
  if (asked || response.status == 429) return std::max<std::chrono::seconds>(secondary_wait_min, asked.value_or(0s));
  return std::nullopt;
}

Failure make(Fault fault, Reach reach, std::string message, std::optional<std::chrono::seconds> wait = std::nullopt) {
  return Failure{fault, reach, std::move(message), wait};
}

}  // namespace

Failure not_json(http::Method method, std::string_view what) {
  const bool reading = method == http::Method::get;
  return make(reading ? Fault::transient : Fault::outcome_unknown, Reach::tracker,
              fmt::format("{}: the answer is no JSON; something stands in between", what));
}

Failure failure_of(const http::Response& response, http::Method method, std::string_view what, Instant now) {
  const int status = response.status;
  const bool reading = method == http::Method::get;
  const Refusal refusal = read_refusal(response.body);
  const auto say = [&](std::string_view why) { return fmt::format("{}: {} (HTTP {})", what, why, status); };
  const auto quote = [&](std::string_view why) {
    return refusal.message.empty() ? say(why) : say(fmt::format("{}: {}", why, web::shortened(refusal.message)));
  };

  if (status == 401) {
    return make(Fault::denied, Reach::tracker,
                say("the token is not accepted; give one that is valid and not expired"));
  }
  if (status == 403 || status == 429) {
    if (const auto wait = limit_wait(response, refusal, now)) {
      return make(Fault::rate_limited, Reach::tracker, say("a limit of GitHub's is reached"), wait);
    }
  }
  if (status == 403) {
    if (response.body.find("User-Agent") != std::string::npos) {
      return make(Fault::denied, Reach::tracker, say("the request came without a User-Agent; a proxy may remove it"));
    }
    if (!web::is_json(response)) return not_json(method, what);
    if (says(refusal, "archived")) {
      return make(Fault::rejected, Reach::ticket, say("the repository is archived and takes no changes; unarchive it"));
    }
    if (says(refusal, "locked")) {
      return make(Fault::rejected, Reach::ticket,
                  say("the issue is locked and takes no comments from our account; unlock it or give the account write "
                      "access"));
    }
    const std::string_view accepted = response.header("X-Accepted-GitHub-Permissions");
    if (!accepted.empty() || says(refusal, "Resource not accessible")) {
      return make(
          Fault::denied, Reach::tracker,
          quote(accepted.empty() ? std::string{"the token lacks the permission; give it Issues: read and write"}
                                 : fmt::format("the token lacks the permission; GitHub would accept {}", accepted)));
    }
    return make(Fault::denied, Reach::ticket, quote("GitHub does not allow it"));
  }
  if (status == 404 || status == 410) {
    if (!web::is_json(response)) return not_json(method, what);
    return make(Fault::gone, Reach::ticket,
                say(status == 410 ? "it was deleted" : "it does not exist, or not for this token"));
  }
  if (status == 301 || status == 302 || status == 307 || status == 308) {
    return make(Fault::gone, Reach::ticket, say("it has moved to another place"));
  }
  if (status == 413) return make(Fault::rejected, Reach::ticket, say("the text is larger than the server takes"));
  if (status == 422) {
    if (refusal.errors.empty()) return make(Fault::rejected, Reach::ticket, quote("GitHub refused"));
    return make(
        Fault::rejected, Reach::ticket,
        say(fmt::format("GitHub refused: {}", web::shortened(fmt::format("{}", fmt::join(refusal.errors, "; "))))));
  }
  if (status >= 500) {
    // 500 comes from one request; 502, 503 and 504 from a server that is not there. GitHub cuts work that takes 10 s:
    // what was asked for may have been done.
    return make(reading ? Fault::transient : Fault::outcome_unknown, status == 500 ? Reach::ticket : Reach::tracker,
                say("the server failed"), web::retry_after(response));
  }
  if (status >= 400) return make(Fault::rejected, Reach::ticket, quote("GitHub refused"));
  return make(reading ? Fault::transient : Fault::outcome_unknown, Reach::tracker,
              say("an answer that GitHub does not give"));
}

}  // namespace causeway::github
