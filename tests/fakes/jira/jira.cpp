#include "tests/fakes/jira/jira.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tests/fakes/jira/call.hpp"

namespace causeway::fakes::jira {
namespace {

constexpr int failed_logins_max = 3;

std::string decode_base64(std::string_view text) {
  std::string decoded;
  unsigned bits = 0;
  int count = 0;
  for (const char letter : text) {
    static constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const std::size_t value = alphabet.find(letter);
    if (value == std::string_view::npos) break;
    bits = bits << 6U | static_cast<unsigned>(value);
    count += 6;
    if (count >= 8) {
      count -= 8;
      decoded += static_cast<char>(bits >> static_cast<unsigned>(count) & 0xFFU);
    }
  }
  return decoded;
}

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

/// Below /rest/api/N, in the words of the OpenAPI document.
std::string template_of(const std::vector<std::string>& parts) {
  std::string text;
  const auto is = [&](std::size_t at, std::string_view word) { return parts.size() > at && parts[at] == word; };
  for (std::size_t at = 0; at < parts.size(); ++at) {
    std::string_view word = parts[at];
    const bool below_issue = is(0, "issue") && !is(1, "createmeta") && !is(1, "bulk");
    if (below_issue && at == 1) word = "{issueIdOrKey}";
    if (below_issue && at == 3) {
      if (is(2, "comment")) word = "{id}";
      if (is(2, "properties")) word = "{propertyKey}";
      if (is(2, "remotelink")) word = "{linkId}";
    }
    if (is(0, "issue") && is(1, "createmeta") && at == 2) word = "{projectIdOrKey}";
    if (is(0, "issue") && is(1, "createmeta") && at == 4) word = "{issueTypeId}";
    if (is(0, "comment") && at == 1 && !is(1, "list")) word = "{commentId}";
    if (is(0, "comment") && at == 3) word = "{propertyKey}";
    if (is(0, "project") && at == 1 && !is(1, "search")) word = "{projectIdOrKey}";
    if (is(0, "project") && is(2, "role") && at == 3) word = "{id}";
    if (is(0, "attachment") && at == (is(1, "content") ? 2U : 1U) && !is(at, "content")) word = "{id}";
    text += "/";
    text += word;
  }
  return text;
}

bool hits(Trouble& trouble, std::string_view method, std::string_view path_template) {
  std::vector<Trouble> one{trouble};
  const bool due = take_due(one, method, path_template).has_value();
  if (one.empty()) trouble.times = 0;
  else trouble = one.front();
  return due;
}

}  // namespace

std::string Jira::Call::asked(std::string_view name, std::string otherwise) const {
  const std::string* found = part(query, name);
  return found == nullptr ? std::move(otherwise) : *found;
}

std::size_t Jira::Call::number(std::string_view name, std::size_t otherwise) const {
  const auto number = as_number(asked(name));
  return number && *number >= 0 ? static_cast<std::size_t>(*number) : otherwise;
}

bool Jira::Call::expands(std::string_view what) const {
  const std::vector<std::string> all = split(asked("expand"));
  return std::find(all.begin(), all.end(), what) != all.end();
}

Response json_answer(int status, std::string body) {
  return {status, {{"Content-Type", "application/json;charset=UTF-8"}}, std::move(body), false, {}, 0};
}

Response empty_answer(int status) { return {status, {}, {}, false, {}, 0}; }

Response page_answer(int status, std::string body) {
  return {status, {{"Content-Type", "text/html;charset=UTF-8"}}, std::move(body), false, {}, 0};
}

Response refused(int status, const Refusal& refusal) {
  Out out;
  out.open().key("errorMessages").open_list();
  for (const std::string& message : refusal.messages) out.text(message);
  out.close_list().key("errors").open();
  for (const auto& [field, text] : refusal.errors) out.member(field, text);
  out.close().close();
  return json_answer(status, out.take());
}

Response message_answer(int status, std::string message) { return refused(status, {{std::move(message)}, {}}); }

Response no_issue() { return message_answer(404, "Issue does not exist or you do not have permission to see it."); }

Response denied(const User* user) {
  return user == nullptr
             ? message_answer(401, "You are not authenticated. Authentication required to perform this operation.")
             : message_answer(403, "You do not have permission to do that.");
}

Jira::Jira(const Clock& clock, State state) : clock_(clock) {
  change([&](State& own) { own = std::move(state); });
}

Milliseconds Jira::now() const { return clock_.now().time_since_epoch().count(); }

std::optional<Response> Jira::sign_in(Call& call) {
  const std::string_view given = call.request.header("Authorization");
  const bool cloud = call.cloud(state_);
  const auto failed = [&](const char* reason, int status) -> std::optional<Response> {
    call.failed_login = true;
    call.user = nullptr;
    if (status == 0 && state_.settings.wrong_is_anonymous) return std::nullopt;
    Response response =
        message_answer(status == 0 ? 401 : status, "Client must be authenticated to access this resource.");
    response.headers.emplace_back("X-Seraph-LoginReason", reason);
    return response;
  };
  if (given.empty()) return std::nullopt;
  if (given.starts_with("Bearer ")) {
    const std::string token{given.substr(7)};
    if (cloud) {
      const auto known = access_tokens_.find(token);
      const bool good = known != access_tokens_.end() && call.now < known->second.second &&
                        (call.through_gateway || !state_.settings.bearer_needs_gateway);
      if (!good) return failed("AUTHENTICATED_FAILED", 401);
      call.user = find_user(state_, known->second.first);
      return std::nullopt;
    }
    const auto owner = std::find_if(state_.users.begin(), state_.users.end(), [&](const auto& entry) {
      return entry.second.active && !entry.second.token.empty() && entry.second.token == token;
    });
    if (owner == state_.users.end()) return failed("AUTHENTICATED_FAILED", 0);
    call.user = &owner->second;
    return std::nullopt;
  }
  if (!given.starts_with("Basic ")) return failed("AUTHENTICATED_FAILED", 0);
  const std::string pair = decode_base64(given.substr(6));
  const std::size_t colon = std::min(pair.find(':'), pair.size());
  const std::string name = pair.substr(0, colon);
  const std::string secret = colon < pair.size() ? pair.substr(colon + 1) : std::string{};
  const auto owner = std::find_if(state_.users.begin(), state_.users.end(), [&](const auto& entry) {
    return same_name(cloud ? entry.second.email : entry.second.name, name);
  });
  if (owner == state_.users.end()) return failed("AUTHENTICATED_FAILED", cloud ? 0 : 401);
  User& user = owner->second;
  // Once Jira asks for the letters in a picture, not even the right password helps.
  if (user.captcha) return failed("AUTHENTICATION_DENIED", 403);
  const std::string& right = cloud ? user.token : user.password;
  if (!user.active || right.empty() || right != secret) {
    if (!cloud && ++user.failed_logins >= failed_logins_max) user.captcha = true;
    return failed("AUTHENTICATED_FAILED", cloud ? 0 : 401);
  }
  user.failed_logins = 0;
  call.user = &user;
  return std::nullopt;
}

Response Jira::token_route(Call& call) {
  const auto value = [&](const char* name) {
    if (const auto* found = member(call.body, name)) return text_of(*found);
    const std::string* found = call.bad_body ? nullptr : part(parse_query(call.request.body), name);
    return found == nullptr ? std::string{} : *found;
  };
  const Query form = parse_query(call.request.body);
  const auto field = [&](const char* name) {
    const std::string* found = part(form, name);
    return found != nullptr ? *found : value(name);
  };
  if (!call.is("POST") || field("grant_type") != "client_credentials") {
    return json_answer(400, R"({"error":"unsupported_grant_type","error_description":"Unsupported grant type"})");
  }
  for (const OAuthClient& client : state_.clients) {
    if (client.id != field("client_id") || client.secret != field("client_secret")) continue;
    constexpr Milliseconds hour = 3'600'000;
    const std::string token = fmt::format("access-{:016x}", ++tokens_made_ * 0x9E3779B97F4A7C15ULL);
    access_tokens_[token] = {client.user, call.now + hour};
    Out out;
    out.open().member("access_token", token).member("expires_in", 3600).member("token_type", "Bearer");
    out.member("scope", "read:jira-work write:jira-work read:jira-user").close();
    return json_answer(200, out.take());
  }
  return json_answer(401, R"({"error":"access_denied","error_description":"Unauthorized"})");
}

std::optional<Response> Jira::check_limits(Call& call) {
  const std::string utc = "Etc/UTC";
  const auto refuse = [&](const std::string& reason, Milliseconds wait) {
    ++refusals_;
    Response response = message_answer(429, "Rate limit exceeded.");
    const Milliseconds seconds = (wait + 999) / 1000;
    response.headers.emplace_back("Retry-After", std::to_string(seconds));
    if (!call.cloud(state_)) {
      response.headers.emplace_back("X-RateLimit-Limit", "50");
      response.headers.emplace_back("X-RateLimit-Remaining", "0");
      response.headers.emplace_back("X-RateLimit-Interval-Seconds", "1");
      response.headers.emplace_back("X-RateLimit-FillRate", "10");
      return response;
    }
    const bool quota = reason.starts_with("jira-quota");
    response.headers.emplace_back("X-RateLimit-Limit", quota ? "65000" : "100");
    response.headers.emplace_back("X-RateLimit-Remaining", "0");
    const Instant reset{std::chrono::milliseconds{call.now + wait}};
    response.headers.emplace_back("X-RateLimit-Reset", format_instant(reset));
    if (!reason.empty()) response.headers.emplace_back("RateLimit-Reason", reason);
    return response;
  };
  for (auto& [trouble, limit] : limits_) {
    if (hits(trouble, call.request.method, call.path_template)) return refuse(limit.reason, limit.retry_after_ms);
  }
  if (!state_.settings.limits.per_issue || call.is("GET") || !call.at(0, "issue") || call.parts.size() < 2) {
    return std::nullopt;
  }
  const Issue* issue = visible_issue(call, call.parts[1]);
  if (issue == nullptr) return std::nullopt;
  std::deque<Milliseconds>& writes = writes_[issue->id];
  constexpr Milliseconds short_while = 2000, long_while = 30'000;
  constexpr std::ptrdiff_t short_most = 20, long_most = 100;
  while (!writes.empty() && writes.front() <= call.now - long_while) writes.pop_front();
  const auto recent =
      std::count_if(writes.begin(), writes.end(), [&](Milliseconds when) { return when > call.now - short_while; });
  if (recent >= short_most) return refuse("jira-per-issue-on-write", short_while);
  if (static_cast<std::ptrdiff_t>(writes.size()) >= long_most) return refuse("jira-per-issue-on-write", long_while);
  writes.push_back(call.now);
  return std::nullopt;
}

Issue* Jira::visible_issue(const Call& call, const std::string& id_or_key) {
  Issue* issue = find(id_or_key);
  if (issue == nullptr) {
    const auto id = as_number(id_or_key);
    const auto found = id ? state_.issues.find(*id) : state_.issues.end();
    if (found != state_.issues.end()) issue = &found->second;
  }
  return issue != nullptr && sees(state_, call.user, *issue) ? issue : nullptr;
}

Comment* Jira::visible_comment(const Call& call, const Issue& issue, const std::string& id) {
  const auto number = as_number(id);
  const auto found = number ? state_.comments.find(*number) : state_.comments.end();
  if (found == state_.comments.end() || found->second.issue != issue.id) return nullptr;
  return sees(state_, call.user, issue, found->second) ? &found->second : nullptr;
}

Response Jira::route(Call& call) {
  if (call.at(0, "issue") && call.api != 0) return issue_route(call);
  if (call.at(0, "search")) {
    if (call.at(1, "jql") && call.cloud(state_)) return search_by_token(call);
    if (call.at(1, "approximate-count") && call.cloud(state_)) return count(call);
    if (call.parts.size() > 1) return message_answer(404, "");
    if (!call.cloud(state_)) return search_by_offset(call);
    return message_answer(
        410,
        "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. A full "
        "migration guideline is available at https://developer.atlassian.com/changelog/#CHANGE-2046");
  }
  if (call.at(0, "comment") && call.at(1, "list")) return comment_list(call);
  if (call.at(0, "comment") && call.parts.size() >= 3) return comment_properties_route(call);
  if (call.at(0, "changelog") && call.at(1, "bulkfetch") && call.cloud(state_)) return changelog_bulk(call);
  if (call.at(0, "attachment")) return attachment_route(call);
  return site_route(call);
}

Response Jira::answer(const Request& request) {
  Call call{request};
  call.now = now();
  const std::size_t question = std::min(request.target.find('?'), request.target.size());
  call.path = request.target.substr(0, question);
  if (question < request.target.size()) call.query = parse_query(request.target.substr(question + 1));
  const std::string_view host = request.header("Host");
  const std::string_view scheme = request.header("X-Forwarded-Proto");
  call.origin = fmt::format("{}://{}", scheme.empty() ? "http" : scheme, host.empty() ? "jira.test" : host);
  if (call.cloud(state_)) {
    const std::string gateway = "/ex/jira/" + state_.settings.cloud_id;
    if (call.path.starts_with(gateway + "/")) {
      call.path.erase(0, gateway.size());
      call.through_gateway = true;
    }
  } else if (const std::string& context = state_.settings.context_path; !context.empty()) {
    if (call.path != context && !call.path.starts_with(context + "/")) {
      return page_answer(404, "<html><head><title>404</title></head><body>Not Found</body></html>");
    }
    call.path.erase(0, context.size());
    call.origin += context;
  }
  origin_ = call.origin;
  call.parts = split_path(call.path);
  call.node = answers_++ % std::max<std::size_t>(1, state_.settings.index_lag_ms.size());
  const bool rest = call.at(0, "rest") && call.at(1, "api") && call.parts.size() > 2;
  if (rest) {
    call.api = call.parts[2] == "3" && call.cloud(state_)          ? 3
               : call.parts[2] == "2" || call.parts[2] == "latest" ? 2
                                                                   : 0;
    if (call.parts[2] == "latest" && call.cloud(state_)) call.api = 3;
    const std::string version = call.parts[2];
    call.parts.erase(call.parts.begin(), call.parts.begin() + 3);
    call.path_template = fmt::format("/rest/api/{}{}", version, template_of(call.parts));
    if (call.api == 0) return message_answer(404, "null for uri: " + request.target);
  } else {
    call.path_template = call.path;
  }
  if (!request.body.empty() && request.header("Content-Type").starts_with("application/json")) {
    call.body.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseFullPrecisionFlag>(request.body.data(),
                                                                                         request.body.size());
    call.bad_body = call.body.HasParseError();
    // What looks like a browser on somebody else's page is refused.
    const bool browser = request.header("User-Agent").starts_with("Mozilla/");
    const std::string_view from = request.header("Origin");
    if (browser && !call.is("GET") && !from.empty() && !call.origin.starts_with(from)) {
      return message_answer(403, "XSRF check failed");
    }
    if (call.bad_body) call.body.SetNull();
  }
  const bool page = !rest && (call.parts.empty() || call.at(0, "browse") || call.at(0, "projects"));
  if (page) return answer_page(call);
  ++requests_[fmt::format("{} {}", request.method, call.path_template)];

  const std::optional<Trouble> trouble = take_due(troubles_, request.method, call.path_template);
  if (trouble && trouble->replaces_handling()) return troubled(*trouble, {});
  Response response = [&]() -> Response {
    if (call.at(0, "oauth") && call.at(1, "token") && call.cloud(state_)) return token_route(call);
    if (call.at(0, "_edge") && call.at(1, "tenant_info") && call.cloud(state_)) {
      return json_answer(200, fmt::format(R"({{"cloudId":"{}"}})", state_.settings.cloud_id));
    }
    if (call.at(0, "file") && call.cloud(state_)) return media_answer(call);
    if (auto wrong = sign_in(call)) return *std::move(wrong);
    for (Trouble& one : anonymous_) {
      if (!hits(one, request.method, call.path_template)) continue;
      call.user = nullptr;
      call.failed_login = true;
    }
    if (auto limited = check_limits(call)) return *std::move(limited);
    if (call.at(0, "secure") && call.at(1, "attachment")) return attachment_route(call);
    if (!rest) return page_answer(404, "<html><head><title>404</title></head><body>Not Found</body></html>");
    const bool json_wanted = call.is("PUT") || (call.is("POST") && !call.at(2, "attachments"));
    if (call.bad_body)
      return message_answer(400, "There was an error parsing JSON. Check that your request body is valid.");
    if (json_wanted && !request.body.empty() && !request.header("Content-Type").starts_with("application/json")) {
      return empty_answer(415);
    }
    return route(call);
  }();
  if (state_.settings.near_limit && call.cloud(state_) && response.status < 300) {
    response.headers.emplace_back("X-RateLimit-Limit", "100");
    response.headers.emplace_back("X-RateLimit-Remaining", "15");
    response.headers.emplace_back("X-RateLimit-NearLimit", "true");
  }
  if (call.failed_login && response.status != 401) {
    response.headers.emplace_back("X-Seraph-LoginReason", "AUTHENTICATED_FAILED");
  }
  if (call.user != nullptr && response.status < 300) {
    response.headers.emplace_back(call.cloud(state_) ? "X-AACCOUNTID" : "X-AUSERNAME",
                                  url_encoded(call.cloud(state_) ? call.user->id : call.user->name));
  }
  return trouble ? troubled(*trouble, std::move(response)) : response;
}

Response Jira::handle(const Request& request) {
  if (request.target.starts_with("/_standin/")) return answer_control(request);
  const std::scoped_lock lock{mutex_};
  Response response = answer(request);
  const auto has_date = std::any_of(response.headers.begin(), response.headers.end(),
                                    [](const auto& one) { return same_name(one.first, "Date"); });
  if (!response.drop && !has_date) response.headers.emplace_back("Date", http_date(clock_.now()));
  response.delay += std::chrono::milliseconds{state_.settings.latency_ms};
  return response;
}

}  // namespace causeway::fakes::jira
