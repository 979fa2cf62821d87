#include "adapters/redmine/client.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>

#include "adapters/redmine/codec.hpp"

namespace causeway::redmine {
namespace {

constexpr std::size_t error_bytes_max = 400;

std::optional<std::chrono::seconds> retry_after(const http::Response& response) {
  const std::string_view text = response.header("Retry-After");
  long seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc{} || end != text.data() + text.size() || seconds < 0) return std::nullopt;
  return std::chrono::seconds{seconds};
}

/// "https://host:port" of an absolute address.
std::string_view origin_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  return url.substr(0, std::min(url.find('/', scheme + 3), url.size()));
}

Failure make(Fault fault, Reach reach, std::string message, std::optional<std::chrono::seconds> wait = std::nullopt) {
  return Failure{fault, reach, std::move(message), wait};
}

}  // namespace

http::Request Client::request(http::Method method, std::string_view path, std::string_view path_template,
                              const std::string& as_login) const {
  http::Request request;
  request.method = method;
  request.url = fmt::format("{}{}", options_.url, path);
  request.path_template = path_template;
  if (!as_login.empty()) request.headers.emplace_back("X-Redmine-Switch-User", as_login);
  request.credential = {"X-Redmine-API-Key", key_};
  return request;
}

Result<http::Response> Client::get(std::string_view path, std::string_view path_template,
                                   const std::string& as_login) const {
  return transport_.send(request(http::Method::get, path, path_template, as_login));
}

Result<std::string> Client::read(std::string_view path, std::string_view path_template,
                                 const std::string& as_login) const {
  Result<http::Response> response = get(path, path_template, as_login);
  if (!response) return std::unexpected(response.error());
  const std::string what = fmt::format("reading {}", path_template);
  if (response->status != 200) return std::unexpected(failure_of(*response, http::Method::get, what));
  if (!is_json(*response)) {
    return fail(Fault::transient, fmt::format("{}: the answer is no JSON; something stands in between", what),
                Reach::tracker);
  }
  return std::move(response->body);
}

Result<http::Response> Client::write(http::Method method, std::string_view path, std::string_view path_template,
                                     std::string body, const std::string& as_login) const {
  http::Request wish = request(method, path, path_template, as_login);
  wish.headers.emplace_back("Content-Type", "application/json");
  wish.body = std::move(body);
  wish.creates_content = true;
  return transport_.send(wish);
}

Result<http::Response> Client::get_file(const std::string& url) const {
  http::Request request;
  request.url = url;
  request.path_template = "/attachments/download/{id}/{name}";
  if (origin_of(url) == origin_of(options_.url)) request.credential = {"X-Redmine-API-Key", key_};
  return transport_.send(request);
}

bool is_json(const http::Response& response) {
  return response.header("Content-Type").find("json") != std::string_view::npos;
}

Failure failure_of(const http::Response& response, http::Method method, std::string_view what) {
  const int status = response.status;
  const bool reading = method == http::Method::get;
  const auto say = [&](std::string_view why) { return fmt::format("{}: {} (HTTP {})", what, why, status); };
  if (status == 401) {
    return make(Fault::denied, Reach::tracker, say("the API key is not accepted; give a valid key of an active user"));
  }
  if (status == 403) return make(Fault::denied, Reach::ticket, say("Redmine does not allow it"));
  if (status == 404 || status == 410)
    return make(Fault::gone, Reach::ticket, say("it does not exist, or not for this user"));
  if (status == 409) return make(Fault::stale, Reach::ticket, say("it has changed meanwhile"));
  if (status == 412) {
    return make(Fault::denied, Reach::tracker, say("the user to switch to is unknown or locked; correct switch_user"));
  }
  if (status == 413) return make(Fault::rejected, Reach::ticket, say("the text is larger than the server takes"));
  if (status == 429) return make(Fault::rate_limited, Reach::tracker, say("asked to wait"), retry_after(response));
  if (status == 422) {
    const auto errors = is_json(response) ? read_errors(response.body) : std::nullopt;
    if (errors && errors->empty()) {
      // Redmine's optimistic lock: two writers met on one issue, and nothing of this request was saved.
      return make(Fault::transient, Reach::ticket, say("somebody else is just writing to it"));
    }
    if (errors) {
      std::string texts = fmt::format("{}", fmt::join(*errors, "; "));
      if (texts.size() > error_bytes_max) {
        std::size_t end = error_bytes_max;
        while (end > 0 && (static_cast<unsigned char>(texts[end]) & 0xC0U) == 0x80U) --end;  // not inside a character
        texts = texts.substr(0, end) + "…";
      }
      return make(Fault::rejected, Reach::ticket, say(fmt::format("Redmine refused: {}", texts)));
    }
    return make(Fault::rejected, Reach::ticket, say("Redmine refused without saying why"));
  }
  if (status >= 300 && status < 400) {
    return make(Fault::denied, Reach::tracker, say("the server sends us elsewhere; give the final address as url"));
  }
  if (status >= 500) {
    const Fault fault = reading ? Fault::transient : Fault::outcome_unknown;
    // 500 comes from one request; 502, 503 and 504 from a server that is not there.
    return make(fault, status == 500 ? Reach::ticket : Reach::tracker, say("the server failed"), retry_after(response));
  }
  if (status >= 400) return make(Fault::rejected, Reach::ticket, say("Redmine refused"));
  if (reading) return make(Fault::transient, Reach::tracker, say("an answer that Redmine does not give"));
  return make(Fault::outcome_unknown, Reach::tracker, say("an answer that Redmine does not give"));
}

}  // namespace causeway::redmine
