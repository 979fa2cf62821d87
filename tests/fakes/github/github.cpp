#include "tests/fakes/github/github.hpp"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <charconv>

#include "tests/fakes/github/call.hpp"

namespace causeway::fakes::github {
namespace {

constexpr std::size_t per_page_default = 30;
constexpr std::size_t per_page_max = 100;
constexpr Seconds minute = 60;
constexpr Seconds hour = 3600;
constexpr std::int64_t anonymous_requests_per_hour = 60;
constexpr std::int64_t searches_per_minute = 30;
/// What the headers say when no limit is enforced, so that nobody saves up for one.
constexpr std::int64_t unlimited = 1'000'000;
constexpr std::string_view documentation = "https://docs.github.com/rest";

std::vector<std::string> split_path(std::string_view path) {
  std::vector<std::string> parts;
  std::size_t start = 1;
  while (start < path.size()) {
    const std::size_t end = std::min(path.find('/', start), path.size());
    parts.push_back(path_decoded(path.substr(start, end - start)));
    start = end + 1;
  }
  return parts;
}

bool is_api(const std::vector<std::string>& parts) {
  if (parts.empty()) return false;
  static constexpr std::array<std::string_view, 9> roots{"repos",        "repositories", "user",  "rate_limit", "app",
                                                         "installation", "search",       "users", "issues"};
  return std::find(roots.begin(), roots.end(), parts[0]) != roots.end();
}

/// Below the repository, in the words of the OpenAPI document.
std::string_view template_below(const std::vector<std::string>& rest) {
  const auto is = [&](std::size_t at, std::string_view word) { return rest.size() > at && rest[at] == word; };
  if (rest.empty()) return "/repos/{owner}/{repo}";
  if (is(0, "issues")) {
    if (rest.size() == 1) return "/repos/{owner}/{repo}/issues";
    if (is(1, "comments")) {
      return rest.size() == 2 ? "/repos/{owner}/{repo}/issues/comments"
                              : "/repos/{owner}/{repo}/issues/comments/{comment_id}";
    }
    if (is(1, "events")) {
      return rest.size() == 2 ? "/repos/{owner}/{repo}/issues/events"
                              : "/repos/{owner}/{repo}/issues/events/{event_id}";
    }
    if (rest.size() == 2) return "/repos/{owner}/{repo}/issues/{issue_number}";
    if (is(2, "comments")) return "/repos/{owner}/{repo}/issues/{issue_number}/comments";
    if (is(2, "labels")) {
      return rest.size() == 3 ? "/repos/{owner}/{repo}/issues/{issue_number}/labels"
                              : "/repos/{owner}/{repo}/issues/{issue_number}/labels/{name}";
    }
    if (is(2, "assignees")) {
      return rest.size() == 3 ? "/repos/{owner}/{repo}/issues/{issue_number}/assignees"
                              : "/repos/{owner}/{repo}/issues/{issue_number}/assignees/{assignee}";
    }
    if (is(2, "lock")) return "/repos/{owner}/{repo}/issues/{issue_number}/lock";
    if (is(2, "events")) return "/repos/{owner}/{repo}/issues/{issue_number}/events";
    if (is(2, "timeline")) return "/repos/{owner}/{repo}/issues/{issue_number}/timeline";
  }
  if (is(0, "labels")) return rest.size() == 1 ? "/repos/{owner}/{repo}/labels" : "/repos/{owner}/{repo}/labels/{name}";
  if (is(0, "milestones")) {
    if (rest.size() == 1) return "/repos/{owner}/{repo}/milestones";
    return rest.size() == 2 ? "/repos/{owner}/{repo}/milestones/{milestone_number}"
                            : "/repos/{owner}/{repo}/milestones/{milestone_number}/labels";
  }
  if (is(0, "assignees")) {
    return rest.size() == 1 ? "/repos/{owner}/{repo}/assignees" : "/repos/{owner}/{repo}/assignees/{assignee}";
  }
  if (is(0, "collaborators")) return "/repos/{owner}/{repo}/collaborators/{username}/permission";
  if (is(0, "installation")) return "/repos/{owner}/{repo}/installation";
  return "/repos/{owner}/{repo}/…";
}

std::string_view template_of(const std::vector<std::string>& parts, std::vector<std::string>& rest) {
  if (parts[0] == "repos" && parts.size() >= 3) {
    rest.assign(parts.begin() + 3, parts.end());
    return template_below(rest);
  }
  if (parts[0] == "repositories" && parts.size() >= 2) {
    rest.assign(parts.begin() + 2, parts.end());
    return template_below(rest);
  }
  if (parts[0] == "user" && parts.size() == 1) return "/user";
  if (parts[0] == "users" && parts.size() == 2) return "/users/{username}";
  if (parts[0] == "rate_limit") return "/rate_limit";
  if (parts[0] == "search") return "/search/issues";
  if (parts[0] == "installation") return "/installation/repositories";
  if (parts[0] == "app") {
    if (parts.size() == 1) return "/app";
    if (parts.size() == 2) return "/app/installations";
    return parts.size() == 3 ? "/app/installations/{installation_id}"
                             : "/app/installations/{installation_id}/access_tokens";
  }
  return "/…";
}

Forms forms_of(std::string_view accept) {
  const auto asks = [&](std::string_view form) { return accept.find(form) != std::string_view::npos; };
  if (asks("full+json") || asks(".full")) return {true, true, true};
  if (asks("html+json") || asks(".html")) return {false, false, true};
  if (asks("text+json") || asks(".text")) return {false, true, false};
  return {};
}

bool known_version(std::string_view version) {
  return version.empty() || version == "2022-11-28" || version == "2026-03-10";
}

std::string etag_of(const Request& request, std::uint64_t salt, std::string_view body) {
  const auto seed = XXH3_64bits_withSeed(request.target.data(), request.target.size(), salt);
  const std::string_view accept = request.header("Accept");
  const auto with_form = XXH3_64bits_withSeed(accept.data(), accept.size(), seed);
  const XXH128_hash_t hash = XXH3_128bits_withSeed(body.data(), body.size(), with_form);
  return fmt::format("W/\"{:016x}{:016x}\"", hash.high64, hash.low64);
}

bool matches(std::string_view wanted, std::string_view etag) {
  const std::string_view strong = etag.substr(2);
  return wanted == "*" || wanted.find(strong) != std::string_view::npos;
}

void trim(std::deque<Seconds>& stamps, Seconds oldest) {
  while (!stamps.empty() && stamps.front() <= oldest) stamps.pop_front();
}

Response slow_down(const Limits& limits) {
  Response response = message_answer(
      limits.status,
      "You have exceeded a secondary rate limit. Please wait a few minutes before you try again. If you reach out to "
      "GitHub Support for help, please include the request ID.");
  if (limits.retry_after) response.headers.emplace_back("Retry-After", std::to_string(*limits.retry_after));
  return response;
}

}  // namespace

Response json_answer(int status, std::string body) {
  return {status, {{"Content-Type", "application/json; charset=utf-8"}}, std::move(body), false, {}, 0};
}

Response empty_answer(int status) { return {status, {}, {}, false, {}, 0}; }

Response page_answer(int status, std::string body) {
  return {status, {{"Content-Type", "text/html; charset=utf-8"}}, std::move(body), false, {}, 0};
}

Response message_answer(int status, std::string_view message) {
  Out out;
  out.open()
      .member("message", message)
      .member("documentation_url", documentation)
      .member("status", std::to_string(status))
      .close();
  return json_answer(status, out.take());
}

Response not_found() { return message_answer(404, "Not Found"); }

Response invalid(const std::vector<Problem>& problems) {
  Out out;
  out.open().member("message", "Validation Failed").key("errors").open_list();
  for (const Problem& problem : problems) {
    out.open();
    if (problem.value) out.member("value", *problem.value);
    out.member("resource", problem.resource).member("code", problem.code).member("field", problem.field);
    if (!problem.message.empty()) out.member("message", problem.message);
    out.close();
  }
  out.close_list().member("documentation_url", documentation).member("status", "422").close();
  return json_answer(422, out.take());
}

Response wrong_type(std::string_view what) { return message_answer(422, fmt::format("Invalid request.\n\n{}", what)); }

Response created(std::string body, std::string location) {
  Response response = json_answer(201, std::move(body));
  response.headers.emplace_back("Location", std::move(location));
  return response;
}

std::optional<Number> as_number(std::string_view text) {
  Number number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || stop != text.data() + text.size()) return std::nullopt;
  return number;
}

const rapidjson::Value* member(const rapidjson::Value& object, const char* name) {
  if (!object.IsObject()) return nullptr;
  const auto found = object.FindMember(name);
  return found == object.MemberEnd() ? nullptr : &found->value;
}

std::string text_of(const rapidjson::Value& value) {
  if (value.IsString()) return {value.GetString(), value.GetStringLength()};
  if (value.IsInt64()) return std::to_string(value.GetInt64());
  if (value.IsBool()) return value.GetBool() ? "true" : "false";
  return {};
}

Page page_of(const Query& query) {
  Page page;
  const auto read = [&](std::string_view name, std::size_t otherwise) {
    const std::string* text = part(query, name);
    const auto number = text == nullptr ? std::nullopt : as_number(*text);
    return number && *number > 0 ? static_cast<std::size_t>(*number) : otherwise;
  };
  page.size = std::min(read("per_page", per_page_default), per_page_max);
  page.number = read("page", 1);
  return page;
}

std::string token_of(const std::string& login) { return "ghp_" + login; }

GitHub::GitHub(const Clock& clock) : clock_(clock), state_(sample_world(now())) {}

GitHub::GitHub(const Clock& clock, State state) : clock_(clock), state_(std::move(state)) {}

Seconds GitHub::now() const {
  return std::chrono::floor<std::chrono::seconds>(clock_.now()).time_since_epoch().count();
}

std::string GitHub::link_header(const Call& call, const Page& page) const {
  const std::size_t last = std::max<std::size_t>(1, (page.total + page.size - 1) / page.size);
  if (last == 1 && page.number == 1) return {};
  // Links name the repository by id, whatever the path that was asked for.
  std::string base = call.origin;
  if (call.repository != nullptr) {
    base += fmt::format("/repositories/{}", call.repository->id);
    for (const std::string& segment : call.rest) base += "/" + url_encoded(segment);
  } else {
    base += call.path;
  }
  std::string others;
  std::string_view text = call.query_text;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('&'), text.size());
    const std::string_view pair = text.substr(0, end);
    if (!pair.starts_with("page=")) others += std::string{pair} + "&";
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  std::string links;
  const auto add = [&](std::size_t number, std::string_view relation) {
    links += fmt::format("{}<{}?{}page={}>; rel=\"{}\"", links.empty() ? "" : ", ", base, others, number, relation);
  };
  if (page.number > 1) add(std::min(page.number - 1, last), "prev");
  if (page.number < last) {
    add(page.number + 1, "next");
    add(last, "last");
  }
  if (page.number > 1) add(1, "first");
  return links;
}

Response GitHub::list_answer(const Call& call, const Page& page, std::string body) const {
  Response response = json_answer(200, std::move(body));
  if (std::string links = link_header(call, page); !links.empty()) response.headers.emplace_back("Link", links);
  return response;
}

Usage& GitHub::usage_of(const Call& call) {
  if (call.user == 0) return usage_["anonymous"];
  return usage_[state_.users.at(call.user).login];
}

std::optional<Response> GitHub::check_token(Call& call) {
  std::string_view given = call.request.header("Authorization");
  if (given.empty()) return std::nullopt;
  for (const std::string_view scheme : {"Bearer ", "bearer ", "token ", "Token "}) {
    if (given.starts_with(scheme)) given.remove_prefix(scheme.size());
  }
  call.credential = given;
  // An app signs in with a token that it made itself; only /app takes it.
  if (!call.parts.empty() && call.parts[0] == "app") return std::nullopt;
  const auto token = state_.tokens.find(given);
  const bool good = token != state_.tokens.end() && state_.users.contains(token->second.user) &&
                    (!token->second.expires || call.now < *token->second.expires);
  if (!good) return message_answer(401, "Bad credentials");
  call.token = &token->second;
  call.user = token->second.user;
  if (token->second.installation != 0) {
    const auto installation = state_.installations.find(token->second.installation);
    if (installation == state_.installations.end()) return message_answer(401, "Bad credentials");
    if (installation->second.suspended) return message_answer(403, "This installation has been suspended");
    call.app = installation->second.app;
  }
  return std::nullopt;
}

std::optional<Response> GitHub::check_limits(Call& call) {
  const Limits& limits = state_.settings.limits;
  Usage& usage = usage_of(call);
  if (call.now >= usage.hour_began + hour) {
    usage.hour_began = call.now;
    usage.requests = 0;
  }
  if (call.now >= usage.search_began + minute) {
    usage.search_began = call.now;
    usage.searches = 0;
  }
  if (!limits.enforced) return std::nullopt;
  const std::int64_t milliseconds = clock_.now().time_since_epoch().count();
  while (!usage.under_way_until.empty() && usage.under_way_until.front() <= milliseconds) {
    usage.under_way_until.pop_front();
  }
  if (usage.under_way_until.size() >= limits.concurrent) return slow_down(limits);
  usage.under_way_until.push_back(milliseconds + state_.settings.latency_ms);

  const std::int64_t per_hour = call.user == 0 ? anonymous_requests_per_hour : limits.requests_per_hour;
  const bool search = call.path_template == "/search/issues";
  const bool exceeded = search ? usage.searches >= searches_per_minute
                               : call.path_template != "/rate_limit" && usage.requests >= per_hour;
  if (exceeded) {
    return message_answer(limits.status,
                          fmt::format("API rate limit exceeded for user ID {}. If you reach out to GitHub Support for "
                                      "help, please include the request ID.",
                                      call.user));
  }
  std::deque<std::pair<Seconds, int>>& points = usage.points[std::string{call.path_template}];
  while (!points.empty() && points.front().first <= call.now - minute) points.pop_front();
  std::int64_t spent = 0;
  for (const auto& [when, value] : points) spent += value;
  const int price = call.reads() ? 1 : 5;
  if (spent + price > limits.points_per_minute) return slow_down(limits);
  if (call.creates) {
    trim(usage.creations, call.now - hour);
    const auto recent = std::count_if(usage.creations.begin(), usage.creations.end(),
                                      [&](Seconds when) { return when > call.now - minute; });
    if (recent >= limits.creations_per_minute) return slow_down(limits);
    if (static_cast<std::int64_t>(usage.creations.size()) >= limits.creations_per_hour) return slow_down(limits);
    usage.creations.push_back(call.now);
  }
  points.emplace_back(call.now, price);
  return std::nullopt;
}

std::optional<Response> GitHub::find_repository_of(Call& call) {
  const bool by_name = call.parts[0] == "repos";
  if (by_name && call.parts.size() < 3) return not_found();
  if (!by_name && call.parts.size() < 2) return not_found();
  Repository* found = nullptr;
  if (by_name) {
    found = find_repository(state_, call.parts[1] + "/" + call.parts[2]);
  } else if (const auto id = as_number(call.parts[1])) {
    const auto entry = state_.repositories.find(*id);
    if (entry != state_.repositories.end()) found = &entry->second;
  }
  if (found == nullptr) return not_found();
  call.access = access_of(*found, call.user);
  if (call.token != nullptr && call.token->installation != 0) {
    const Installation& installation = state_.installations.at(call.token->installation);
    const auto selected = [&](const std::set<Number>& ids) { return ids.empty() || ids.contains(found->id); };
    const bool in_reach = installation.account == found->owner && selected(installation.repositories) &&
                          selected(call.token->repositories);
    const bool writes = installation.issues_write && call.token->issues_write;
    if (in_reach) call.access = writes ? Access::write : Access::read;
  }
  if (call.access == Access::none) return not_found();  // a private thing does not exist for others
  if (by_name && !same_name(found->full_name(), call.parts[1] + "/" + call.parts[2])) {
    std::string location = fmt::format("{}/repositories/{}", call.origin, found->id);
    for (const std::string& segment : call.rest) location += "/" + url_encoded(segment);
    if (!call.query_text.empty()) location += "?" + call.query_text;
    Out out;
    out.open()
        .member("message", "Moved Permanently")
        .member("url", location)
        .member("documentation_url",
                "https://docs.github.com/rest/guides/best-practices-for-using-the-rest-api#follow-redirects")
        .close();
    Response response = json_answer(call.reads() ? 301 : 307, out.take());
    response.headers.emplace_back("Location", location);
    return response;
  }
  call.repository = found;
  if (call.reads()) return std::nullopt;
  if (call.user == 0) return message_answer(401, "Requires authentication");
  if (found->archived) return message_answer(403, "Repository was archived so is read-only.");
  return std::nullopt;
}

std::optional<Response> GitHub::read_body(Call& call) {
  call.body.SetObject();
  if (call.reads()) return std::nullopt;
  if (call.request.body.empty()) return std::nullopt;
  call.body.Parse<rapidjson::kParseFullPrecisionFlag | rapidjson::kParseValidateEncodingFlag>(call.request.body.data(),
                                                                                              call.request.body.size());
  if (call.body.HasParseError()) return message_answer(400, "Problems parsing JSON");
  if (call.body.IsObject()) return std::nullopt;
  // Labels may be sent as a bare list.
  const bool bare_labels = call.path_template == "/repos/{owner}/{repo}/issues/{issue_number}/labels";
  if (bare_labels && call.body.IsArray()) return std::nullopt;
  return message_answer(400, "Body should be a JSON object");
}

Response GitHub::handle(const Request& request) {
  const std::scoped_lock lock{mutex_};
  return answer(request);
}

Response GitHub::answer(const Request& request) {
  const std::size_t question = request.target.find('?');
  Call call{request, request.target.substr(0, question), {}, {}, {}, {}, now()};
  if (question != std::string::npos) {
    call.query_text = request.target.substr(question + 1);
    call.query = parse_query(call.query_text);
  }
  call.parts = split_path(call.path);
  const std::string_view host = request.header("Host");
  call.origin = host.empty() ? "http://github.example" : "http://" + std::string{host};
  const bool control = !call.parts.empty() && call.parts[0] == "_standin";
  if (control) return answer_control(call);
  if (!is_api(call.parts)) {
    Response response = answer_page(call);
    response.delay += std::chrono::milliseconds{state_.settings.latency_ms};
    return response;
  }
  call.path_template = template_of(call.parts, call.rest);
  ++requests_[fmt::format("{} {}", request.method, call.path_template)];
  const auto trouble = take_due(troubles_, request.method, call.path_template);
  if (trouble && trouble->replaces_handling()) return troubled(*trouble, {});
  Response response = handle_api(call);
  if (response.status == 403 || response.status == 429) ++refusals_;
  if (trouble) response = troubled(*trouble, std::move(response));
  response.delay += std::chrono::milliseconds{state_.settings.latency_ms};
  return response;
}

Response GitHub::handle_api(Call& call) {
  const Request& request = call.request;
  if (request.header("User-Agent").empty()) {
    return {403,
            {{"Content-Type", "text/html"}},
            "Request forbidden by administrative rules. Please make sure your request has a User-Agent header "
            "(https://docs.github.com/en/rest/overview/resources-in-the-rest-api#user-agent-required). Check "
            "https://developer.github.com for other possible causes.\n",
            false,
            {},
            0};
  }
  call.forms = forms_of(request.header("Accept"));
  call.creates = request.method == "POST" && call.path_template.starts_with("/repos/");
  Response response;
  if (auto refused = check_token(call)) {
    response = *std::move(refused);
  } else if (auto limited = check_limits(call)) {
    response = *std::move(limited);
  } else {
    Usage& usage = usage_of(call);
    if (call.path_template == "/search/issues") {
      ++usage.searches;
    } else if (call.path_template != "/rate_limit") {
      ++usage.requests;
    }
    response = route(call);
  }
  finish(call, response);
  return response;
}

void GitHub::finish(Call& call, Response& response) {
  const Request& request = call.request;
  const Limits& limits = state_.settings.limits;
  if (response.status == 200 || response.status == 201) {
    const std::uint64_t salt = call.token == nullptr ? 0 : call.token->salt;
    std::string etag = etag_of(request, salt, response.body);
    bool unchanged = false;
    if (request.method == "GET") {
      const std::string_view wanted = request.header("If-None-Match");
      unchanged = !wanted.empty() && matches(wanted, etag);
      if (wanted.empty()) {
        const std::string_view since = request.header("If-Modified-Since");
        const auto& headers = response.headers;
        unchanged = !since.empty() && std::any_of(headers.begin(), headers.end(), [&](const auto& header) {
          return header.first == "Last-Modified" && header.second == since;
        });
      }
    }
    if (unchanged) {
      response.status = 304;
      response.body.clear();
      std::erase_if(response.headers, [](const auto& header) { return header.first == "Content-Type"; });
      if (call.user != 0 && call.path_template != "/rate_limit" && call.path_template != "/search/issues") {
        --usage_of(call).requests;
      }
    }
    response.headers.emplace_back("ETag", std::move(etag));
    response.headers.emplace_back("Cache-Control", "private, max-age=60, s-maxage=60");
    response.headers.emplace_back("Vary", "Accept, Authorization, Cookie, X-GitHub-OTP");
  }
  const Usage& usage = usage_of(call);
  const bool search = call.path_template == "/search/issues";
  std::int64_t limit = search             ? searches_per_minute
                       : !limits.enforced ? unlimited
                       : call.user == 0   ? anonymous_requests_per_hour
                                          : limits.requests_per_hour;
  if (search && !limits.enforced) limit = unlimited;
  std::int64_t used = std::min(search ? usage.searches : usage.requests, limit);
  if (!limits.enforced) used = std::min(used, limit / 2);
  const Seconds reset = search ? usage.search_began + minute : usage.hour_began + hour;
  auto& headers = response.headers;
  headers.emplace_back("X-GitHub-Media-Type", "github.v3; format=json");
  headers.emplace_back("x-github-api-version-selected", "2022-11-28");
  headers.emplace_back("X-RateLimit-Limit", std::to_string(limit));
  headers.emplace_back("X-RateLimit-Remaining", std::to_string(limit - used));
  headers.emplace_back("X-RateLimit-Used", std::to_string(used));
  headers.emplace_back("X-RateLimit-Reset", std::to_string(reset));
  headers.emplace_back("X-RateLimit-Resource", search ? "search" : "core");
  headers.emplace_back("X-GitHub-Request-Id", fmt::format("{:04X}:{:06X}", 0x5EED, ++answers_));
  headers.emplace_back("Server", "github.com");
  headers.emplace_back("Date", http_date(clock_.now()));
}

Response GitHub::route(Call& call) {
  if (const std::string_view version = call.request.header("X-GitHub-Api-Version"); !known_version(version)) {
    return message_answer(400, fmt::format("The given version '{}' is not supported.", version));
  }
  if (call.path.size() > 1 && call.path.ends_with('/')) return not_found();
  const std::string& root = call.parts[0];
  if (root == "repos" || root == "repositories") return repository_route(call);
  if (root == "app") return app_route(call);
  if (root == "rate_limit") return rate_limit(call);
  if (root == "search") return search(call);
  if (root == "user" || root == "users") return user_answer(call);
  if (root == "installation") return installation_repositories(call);
  return not_found();
}

Response GitHub::repository_route(Call& call) {
  if (auto otherwise = find_repository_of(call)) return *std::move(otherwise);
  if (auto otherwise = read_body(call)) return *std::move(otherwise);
  if (call.rest.empty()) return repository_answer(call);
  const std::string& what = call.rest[0];
  if (what == "issues") return issues_route(call);
  if (what == "labels") return labels_route(call);
  if (what == "milestones") return milestones_route(call);
  if (what == "assignees") return assignees_route(call);
  if (what == "collaborators" && call.rest.size() == 3 && call.rest[2] == "permission") {
    const Number user = user_of(state_, call.rest[1]);
    if (user == 0) return not_found();
    if (call.access < Access::write)
      return message_answer(403, "Must have push access to view collaborator permission.");
    static constexpr std::array<const char*, 5> names{"none", "read", "triage", "write", "admin"};
    static constexpr std::array<const char*, 5> old_names{"none", "read", "read", "write", "admin"};
    const auto level = static_cast<std::size_t>(access_of(*call.repository, user));
    Out person;
    write_user(person, call.shown(state_), user);
    std::string shown_user = person.take();
    shown_user.pop_back();
    return json_answer(200, fmt::format(R"({{"permission":"{0}","role_name":"{1}","user":{2},"role_name":"{1}"}}}})",
                                        old_names.at(level), names.at(level), shown_user));
  }
  return not_found();
}

Response GitHub::repository_answer(Call& call) {
  if (call.request.method != "GET") return not_found();
  return json_answer(
      200, repository_json(call.shown(state_), *call.repository, call.user == 0 ? Access::none : call.access));
}

Response GitHub::user_answer(Call& call) {
  if (call.request.method != "GET") return not_found();
  if (call.parts[0] == "users") {
    const Number id = call.parts.size() == 2 ? user_of(state_, call.parts[1]) : 0;
    return id == 0 ? not_found() : json_answer(200, account_json(call.shown(state_), state_.users.at(id)));
  }
  if (call.parts.size() != 1) return not_found();
  if (call.user == 0) return message_answer(401, "Requires authentication");
  if (call.app != 0) return message_answer(403, "Resource not accessible by integration");
  return json_answer(200, account_json(call.shown(state_), state_.users.at(call.user)));
}

Response GitHub::rate_limit(Call& call) {
  const Limits& limits = state_.settings.limits;
  const Usage& usage = usage_of(call);
  const std::int64_t core = !limits.enforced ? unlimited
                            : call.user == 0 ? anonymous_requests_per_hour
                                             : limits.requests_per_hour;
  const std::int64_t used = std::min(usage.requests, limits.enforced ? core : core / 2);
  const auto write = [](Out& out, std::string_view name, std::int64_t limit, std::int64_t spent, Seconds reset) {
    out.key(name)
        .open()
        .member("limit", limit)
        .member("used", spent)
        .member("remaining", limit - spent)
        .member("reset", reset)
        .close();
  };
  Out out;
  out.open().key("resources").open();
  write(out, "core", core, used, usage.hour_began + hour);
  write(out, "search", searches_per_minute, std::min(usage.searches, searches_per_minute), usage.search_began + minute);
  out.close();
  write(out, "rate", core, used, usage.hour_began + hour);
  out.close();
  return json_answer(200, out.take());
}

Issue* GitHub::find(const std::string& repository, Number issue, Repository*& found) {
  found = find_repository(state_, repository);
  return found == nullptr ? nullptr : find_issue(*found, issue);
}

}  // namespace causeway::fakes::github
