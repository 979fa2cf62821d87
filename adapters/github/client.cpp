#include "adapters/github/client.hpp"

#include <fmt/format.h>

#include <charconv>

namespace causeway::github {
namespace {

bool is_redirect(int status) { return status == 301 || status == 302 || status == 307 || status == 308; }

/// Where a redirection leads: the repository's number and the path below it. nullopt: not to a repository of this API.
struct Target {
  Number repository = 0;
  std::string_view path;
};
std::optional<Target> target_of(std::string_view location, std::string_view api) {
  constexpr std::string_view part = "/repositories/";
  if (!location.starts_with(api)) return std::nullopt;
  location.remove_prefix(api.size());
  if (!location.starts_with(part)) return std::nullopt;
  location.remove_prefix(part.size());
  Target target;
  const char* end = location.data() + location.size();
  const auto [stop, error] = std::from_chars(location.data(), end, target.repository);
  if (error != std::errc{} || target.repository <= 0) return std::nullopt;
  target.path = location.substr(static_cast<std::size_t>(stop - location.data()));
  return target;
}

std::string_view without_query(std::string_view path) { return path.substr(0, path.find('?')); }

}  // namespace

http::Request Client::request(http::Method method, std::string url, std::string_view path_template) const {
  http::Request request;
  request.method = method;
  request.url = std::move(url);
  request.headers = common_headers();
  request.path_template = path_template;
  return request;
}

std::string Client::base() const {
  const std::scoped_lock lock{mutex_};
  if (renamed_) return fmt::format("{}/repositories/{}", options_.url, repository_);
  return fmt::format("{}/repos/{}", options_.url, options_.repository);
}

void Client::know_repository(Number id) {
  const std::scoped_lock lock{mutex_};
  if (repository_ == 0) repository_ = id;
}

Result<http::Response> Client::perform(http::Request request) {
  for (bool again = false;; again = true) {
    Result<http::Secret> token = tokens_.current();
    if (!token) return std::unexpected(token.error());
    request.credential = {"Authorization", http::Secret{"Bearer " + token->reveal()}};
    Result<http::Response> response = transport_.send(request);
    // A refused token has changed nothing, so even a write may go again.
    if (!response || response->status != 401 || again || !tokens_.refused(*token)) return response;
  }
}

Result<bool> Client::is_ours(Number repository) {
  {
    const std::scoped_lock lock{mutex_};
    if (repository_ != 0) return repository_ == repository;
  }
  const Result<http::Response> response = send(http::Method::get, "", "/repos/{owner}/{repo}");
  if (!response) return std::unexpected(response.error());
  if (response->status != 200) return false;
  const Result<Repository> known = read_repository(response->body);
  if (!known) return std::unexpected(known.error());
  know_repository(known->id);
  return known->id == repository;
}

Result<http::Response> Client::perform_below(http::Request request, std::string_view path) {
  request.url = fmt::format("{}{}", base(), path);
  Result<http::Response> response = perform(request);
  if (!response || !is_redirect(response->status)) return response;
  const std::string location{response->header("Location")};
  const auto target = target_of(location, options_.url);
  if (!target || without_query(target->path) != without_query(path)) return response;
  if (!path.empty()) {
    const Result<bool> ours = is_ours(target->repository);
    if (!ours) return std::unexpected(ours.error());
    if (!*ours) return response;
  }
  {
    const std::scoped_lock lock{mutex_};
    if (repository_ == 0) repository_ = target->repository;
    if (repository_ != target->repository) return response;
    renamed_ = true;
  }
  request.url = fmt::format("{}{}", base(), path);
  return perform(std::move(request));
}

Result<http::Response> Client::send(http::Method method, std::string_view path, std::string_view path_template,
                                    std::string body, bool creates_content) {
  http::Request wish = request(method, {}, path_template);
  if (!body.empty()) wish.headers.emplace_back("Content-Type", "application/json");
  wish.body = std::move(body);
  wish.creates_content = creates_content;
  return perform_below(std::move(wish), path);
}

Result<http::Response> Client::get(std::string_view path, std::string_view path_template, const std::string& etag) {
  http::Request wish = request(http::Method::get, {}, path_template);
  if (!etag.empty()) wish.headers.emplace_back("If-None-Match", etag);
  return perform_below(std::move(wish), path);
}

Result<http::Response> Client::follow(const std::string& url, std::string_view path_template) {
  if (web::origin_of(url) != web::origin_of(options_.url)) {
    return fail(Fault::malformed, "GitHub's answer leads to another host; our token does not go there", Reach::tracker);
  }
  return perform(request(http::Method::get, url, path_template));
}

Result<http::Response> Client::ask(std::string_view path, std::string_view path_template, bool as_app) {
  http::Request wish = request(http::Method::get, fmt::format("{}{}", options_.url, path), path_template);
  if (!as_app || tokens_.app() == nullptr) return perform(std::move(wish));
  const Result<http::Secret> proof = app_token(*tokens_.app(), clock_.now());
  if (!proof) return std::unexpected(proof.error());
  wish.credential = {"Authorization", http::Secret{"Bearer " + proof->reveal()}};
  return transport_.send(wish);
}

}  // namespace causeway::github
