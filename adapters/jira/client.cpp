#include "adapters/jira/client.hpp"

#include <fmt/format.h>

#include "adapters/jira/wishes.hpp"

namespace causeway::jira {
namespace {

using namespace std::chrono_literals;

/// How long nothing new is begun after Jira said that a limit is near: it refills by the second.
constexpr auto near_limit_pause = 1s;

http::Request request(http::Method method, std::string url, std::string_view path_template) {
  http::Request request;
  request.method = method;
  request.url = std::move(url);
  request.headers = {{"Accept", "application/json"}};
  request.path_template = path_template;
  return request;
}

}  // namespace

std::string Client::api() const {
  return fmt::format("{}/rest/api/{}", options_.url, options_.deployment == Deployment::cloud ? 3 : 2);
}

Failure Client::failure(const http::Response& response, http::Method method, std::string_view what) const {
  return failure_of(response, method, what, clock_.now());
}

Result<void> Client::may_begin() const {
  const Instant now = clock_.now();
  const Instant quiet_until{std::chrono::milliseconds{quiet_until_.load()}};
  if (now >= quiet_until) return {};
  Failure wait{Fault::rate_limited, Reach::tracker, "Jira says that a limit is near", {}};
  wait.retry_after = std::chrono::ceil<std::chrono::seconds>(quiet_until - now);
  return std::unexpected(std::move(wait));
}

Result<http::Response> Client::perform(http::Request request, std::string_view what) {
  for (bool again = false;; again = true) {
    Result<http::Secret> header = tokens_.current();
    if (!header) return std::unexpected(header.error());
    request.credential = {"Authorization", *header};
    Result<http::Response> response = transport_.send(request);
    if (!response) return response;
    if (response->header("X-RateLimit-NearLimit") == "true") {
      quiet_until_.store((clock_.now() + near_limit_pause).time_since_epoch().count());
    }
    const bool refused = response->status == 401 || (response->status < 500 && is_anonymous(*response));
    // A write for nobody's account may have been done where visitors may write.
    const bool harmless = response->status == 401 || request.method == http::Method::get;
    if (refused && harmless && !again && tokens_.refused(*header)) continue;
    if (refused) return std::unexpected(anonymous_failure(*response, what));
    if (names_account(*response)) account_named_.store(clock_.now().time_since_epoch().count());
    return response;
  }
}

Result<http::Response> Client::get(std::string_view path, std::string_view path_template, std::string_view what) {
  return perform(request(http::Method::get, api() + std::string{path}, path_template), what);
}

Result<std::string> Client::read(std::string_view path, std::string_view path_template, std::string_view what) {
  Result<http::Response> response = get(path, path_template, what);
  if (!response) return std::unexpected(response.error());
  if (response->status != 200) return std::unexpected(failure(*response, http::Method::get, what));
  if (!web::is_json(*response)) return std::unexpected(not_json(http::Method::get, what));
  return std::move(response->body);
}

Result<http::Response> Client::send(http::Method method, std::string_view path, std::string_view path_template,
                                    std::string_view what, std::string body, bool creates_content) {
  http::Request wish = request(method, api() + std::string{path}, path_template);
  if (!body.empty()) wish.headers.emplace_back("Content-Type", "application/json");
  wish.body = std::move(body);
  wish.creates_content = creates_content;
  return perform(std::move(wish), what);
}

Result<http::Response> Client::upload(std::string_view path, std::string_view path_template, std::string_view what,
                                      std::string_view name, std::string_view bytes) {
  http::Request wish = request(http::Method::post, api() + std::string{path}, path_template);
  Form form = file_form(name, bytes);
  // Without this Jira takes a form for a browser's that was tricked into sending it.
  wish.headers.emplace_back("X-Atlassian-Token", "no-check");
  wish.headers.emplace_back("Content-Type", std::move(form.content_type));
  wish.body = std::move(form.body);
  return perform(std::move(wish), what);
}

Result<std::string> Client::server_info() {
  constexpr std::string_view what = "reading serverInfo";
  Result<http::Response> response =
      perform(request(http::Method::get, options_.url + "/rest/api/2/serverInfo", "/rest/api/2/serverInfo"), what);
  if (!response) return std::unexpected(response.error());
  if (response->status != 200) return std::unexpected(failure(*response, http::Method::get, what));
  if (!web::is_json(*response)) return std::unexpected(not_json(http::Method::get, what));
  return std::move(response->body);
}

Result<http::Response> Client::get_file(const std::string& url, std::string_view path_template) {
  constexpr std::string_view what = "downloading an attachment";
  http::Request wish = request(http::Method::get, url, path_template);
  wish.headers.clear();
  if (web::origin_of(url) == web::origin_of(options_.url)) return perform(std::move(wish), what);
  return transport_.send(wish);
}

}  // namespace causeway::jira
