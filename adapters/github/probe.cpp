/// What `causeway check` asks of a GitHub. Reads only.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "adapters/github/adapter.hpp"
#include "agent/model/suggest.hpp"

namespace causeway::github {
namespace {

using Weight = Finding::Weight;

/// Below this share of the requests of an hour a run is about to stop.
constexpr std::int64_t low_percent = 2;

void add(Account& account, const TrackerId& tracker, std::string_view key, std::string what, std::string remedy,
         Weight weight = Weight::error) {
  account.findings.push_back(
      {weight, fmt::format("trackers/{}/{}", tracker.value, key), std::move(what), std::move(remedy)});
}

std::vector<std::string> split(std::string_view list) {
  std::vector<std::string> parts;
  while (!list.empty()) {
    const std::size_t comma = std::min(list.find(','), list.size());
    std::string_view part = list.substr(0, comma);
    while (!part.empty() && part.front() == ' ') part.remove_prefix(1);
    if (!part.empty()) parts.emplace_back(part);
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
  return parts;
}

}  // namespace

Result<Account> GitHubAdapter::probe(const Needs& needs) {
  Account account;
  const Result<Repository> repository = knowledge_.repository(std::chrono::seconds{0});
  if (!repository) {
    if (repository.error().fault != Fault::denied) return std::unexpected(repository.error());
    const bool missing = repository.error().message.find(options_.repository) != std::string::npos;
    add(account, options_.id, missing ? "repository" : "token", repository.error().message,
        missing
            ? "correct the name (owner/name), or give the token access to the repository"
            : "GitHub, Settings, Developer settings: make a token that may read and write issues of the repository");
    if (missing) {
      if (const auto done = probe_login(account); !done) return std::unexpected(done.error());
    }
    return account;
  }
  account.facts["repository"] =
      fmt::format("{} ({})", repository->full_name, repository->visibility == Visibility::open ? "public" : "private");
  if (!repository->full_name.empty() && !same_name(repository->full_name, options_.repository)) {
    add(account, options_.id, "repository", fmt::format("the repository is called {} now", repository->full_name),
        "write the new name: the old one may be given to another repository", Weight::warning);
  }
  if (!repository->has_issues) {
    add(account, options_.id, "repository", "issues are turned off in the repository", "turn them on in its settings");
  }
  if (repository->archived && needs.writes) {
    add(account, options_.id, "repository", "the repository is archived and takes no changes", "unarchive it");
  }
  if (needs.private_comments) {
    add(account, options_.id, "repository", "private comments are wanted, but GitHub has none",
        "send them to another tracker");
  }
  const Result<http::Response> answer = client_.get("", "/repos/{owner}/{repo}");
  if (!answer) return std::unexpected(answer.error());
  probe_token(*answer, *repository, needs, account);
  if (const auto done = probe_login(account); !done) return std::unexpected(done.error());
  if (const auto done = probe_limits(account); !done) return std::unexpected(done.error());
  if (const auto done = probe_names(needs, account); !done) return std::unexpected(done.error());
  return account;
}

void GitHubAdapter::probe_token(const http::Response& answer, const Repository& repository, const Needs& needs,
                                Account& account) {
  if (client_.tokens().app() != nullptr) {
    const auto granted = client_.tokens().permissions();
    const auto issues = granted.find("issues");
    const std::string level = issues == granted.end() ? "none" : issues->second;
    account.facts["permissions"] = fmt::format("issues: {}", level);
    const bool enough = level == "write" || (level == "read" && !needs.writes);
    if (!enough) {
      add(account, options_.id, "app", fmt::format("the app's permission for issues is \"{}\"", level),
          fmt::format("give the app the repository permission Issues: {}, and accept it for the installation",
                      needs.writes ? "read and write" : "read"));
    }
    return;
  }
  // Only classic tokens have scopes; the header is missing for others.
  const bool classic = std::any_of(answer.headers.begin(), answer.headers.end(),
                                   [](const auto& header) { return same_name(header.first, "X-OAuth-Scopes"); });
  if (classic) {
    const std::vector<std::string> scopes = split(answer.header("X-OAuth-Scopes"));
    account.facts["token scopes"] = scopes.empty() ? "none" : fmt::format("{}", fmt::join(scopes, ", "));
    const bool may =
        contains(scopes, "repo") || (repository.visibility == Visibility::open && contains(scopes, "public_repo"));
    if (needs.writes && !may) {
      add(account, options_.id, "token", "the token's scopes do not allow writing issues",
          repository.visibility == Visibility::open ? "give it the scope public_repo" : "give it the scope repo");
    }
  }
  if (!repository.permissions || !needs.writes) return;
  std::vector<std::string> rights;
  for (const char* right : {"triage", "push", "maintain", "admin"}) {
    const auto found = repository.permissions->find(right);
    if (found != repository.permissions->end() && found->second) rights.emplace_back(right);
  }
  account.facts["rights"] = rights.empty() ? "read" : fmt::format("{}", fmt::join(rights, ", "));
  if (!rights.empty()) return;
  add(account, options_.id, "token",
      "the token's user may only read the repository: GitHub would refuse to change issues of others, and silently "
      "drop "
      "labels, assignees and milestones of new ones",
      "give the user the role Triage or Write in the repository");
}

Result<void> GitHubAdapter::probe_login(Account& account) {
  const bool is_app = client_.tokens().app() != nullptr;
  const Result<http::Response> response = is_app ? client_.ask("/app", "/app", true) : client_.ask("/user", "/user");
  if (!response) return std::unexpected(response.error());
  // Tokens without the right to say who they are work all the same.
  if (response->status != 200 || !web::is_json(*response)) return {};
  const Result<std::string> name = read_name(response->body, is_app ? "slug" : "login");
  if (!name) return {};
  account.login = is_app ? *name + "[bot]" : *name;
  account.facts["user"] = account.login;
  return {};
}

Result<void> GitHubAdapter::probe_limits(Account& account) {
  const Result<http::Response> response = client_.ask("/rate_limit", "/rate_limit");
  if (!response) return std::unexpected(response.error());
  if (response->status != 200 || !web::is_json(*response)) {
    account.facts["rate limit"] = "none told";  // Enterprise Servers have it off by default, and answer 404
    return {};
  }
  const Result<RateLimit> limit = read_rate_limit(response->body);
  if (!limit) return std::unexpected(limit.error());
  account.facts["rate limit"] =
      fmt::format("{} of {} requests left until {}", limit->remaining, limit->limit, format_instant(limit->reset));
  if (limit->remaining * 100 < limit->limit * low_percent) {
    add(account, options_.id, "token",
        fmt::format("only {} of {} requests are left until {}", limit->remaining, limit->limit,
                    format_instant(limit->reset)),
        "wait until then, or give Causeway a token of its own", Weight::warning);
  }
  return {};
}

Result<void> GitHubAdapter::probe_names(const Needs& needs, Account& account) {
  const auto found = [&](Weight weight, const Needs::Wanted& wanted, std::string what, std::string remedy) {
    account.findings.push_back({weight, wanted.place, std::move(what), std::move(remedy)});
  };
  for (const Needs::Wanted& status : needs.statuses) {
    if (state_of(status.value)) continue;
    found(Weight::error, status, fmt::format("GitHub has {}", unknown_name("status", status.value, status_words())),
          "correct the name");
  }
  for (const Needs::Wanted& priority : needs.priorities) {
    found(Weight::error, priority, "priorities are wanted, but GitHub has none", "map priorities to labels");
  }
  const std::vector<std::string> fields{"type", "author_association"};
  for (const Needs::Wanted& field : needs.fields) {
    if (contains(fields, field.value)) continue;
    found(Weight::error, field, fmt::format("GitHub has {}", unknown_name("field", field.value, fields)),
          "correct the name");
  }
  if (!needs.labels.empty()) {
    const auto labels = knowledge_.names("/labels?per_page=100", "/repos/{owner}/{repo}/labels", "name");
    if (!labels && labels.error().fault != Fault::denied) return std::unexpected(labels.error());
    for (const Needs::Wanted& label : needs.labels) {
      if (!labels || contains(*labels, label.value)) continue;
      found(Weight::warning, label, fmt::format("the repository has {}", unknown_name("label", label.value, *labels)),
            "correct the name, or create the label; GitHub makes it in grey when it is first used");
    }
  }
  if (!needs.people.empty()) {
    const auto people = knowledge_.names("/assignees?per_page=100", "/repos/{owner}/{repo}/assignees", "login");
    if (!people && people.error().fault != Fault::denied) return std::unexpected(people.error());
    for (const Needs::Wanted& person : needs.people) {
      if (!people || contains(*people, person.value)) continue;
      found(Weight::warning, person,
            fmt::format("the repository can assign {}", unknown_name("person", person.value, *people)),
            "correct the login, or give the person access to the repository");
    }
  }
  return {};
}

}  // namespace causeway::github
