#include "adapters/redmine/client.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "adapters/redmine/codec.hpp"

namespace causeway::redmine {
namespace {

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

Result<http::Response> Client::upload(std::string_view name, std::string bytes, const std::string& as_login) const {
  http::Request wish = request(http::Method::post, fmt::format("/uploads.json?filename={}", web::query_part(name)),
                               "/uploads", as_login);
  wish.headers.emplace_back("Content-Type", "application/octet-stream");
  wish.body = std::move(bytes);
  return transport_.send(wish);
}

Result<http::Response> Client::get_file(const std::string& url) const {
  http::Request request;
  request.url = url;
  request.path_template = "/attachments/download/{id}/{name}";
  if (web::origin_of(url) == web::origin_of(options_.url)) request.credential = {"X-Redmine-API-Key", key_};
  return transport_.send(request);
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
  if (status == 429) return make(Fault::rate_limited, Reach::tracker, say("asked to wait"), web::retry_after(response));
  if (status == 422) {
    const auto errors = is_json(response) ? read_errors(response.body) : std::nullopt;
    if (errors && errors->empty()) {
      // Redmine's optimistic lock: two writers met on one issue, and nothing of this request was saved.
      return make(Fault::transient, Reach::ticket, say("somebody else is just writing to it"));
    }
    if (errors) {
      const std::string texts = web::shortened(fmt::format("{}", fmt::join(*errors, "; ")));
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
    return make(fault, status == 500 ? Reach::ticket : Reach::tracker, say("the server failed"),
                web::retry_after(response));
  }
  if (status >= 400) return make(Fault::rejected, Reach::ticket, say("Redmine refused"));
  if (reading) return make(Fault::transient, Reach::tracker, say("an answer that Redmine does not give"));
  return make(Fault::outcome_unknown, Reach::tracker, say("an answer that Redmine does not give"));
}

}  // namespace causeway::redmine
