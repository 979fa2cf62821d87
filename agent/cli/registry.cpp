#include "agent/cli/registry.hpp"

#include <algorithm>
#include <array>

#include "adapters/github/adapter.hpp"
#include "adapters/jira/adapter.hpp"
#include "adapters/redmine/adapter.hpp"
#include "agent/model/bytes.hpp"

namespace causeway::cli {
namespace {

std::unique_ptr<Adapter> make_github(AdapterParts parts) {
  github::GitHubOptions options;
  options.id = parts.tracker.id;
  options.url = parts.tracker.url;
  options.repository = parts.tracker.project;
  options.create = parts.tracker.create;
  if (parts.tracker.listing_lag) options.listing_lag = *parts.tracker.listing_lag;
  github::Credential credential = std::move(parts.token);
  if (parts.tracker.app) {
    // The schema lets nothing but digits through.
    const auto installation = static_cast<std::int64_t>(canonical_number(parts.tracker.app->installation).value_or(0));
    credential = github::AppInstallation{parts.tracker.app->id, installation, std::move(parts.app_key)};
  }
  return std::make_unique<github::GitHubAdapter>(std::move(options), parts.transport, std::move(credential),
                                                 parts.clock);
}

std::unique_ptr<Adapter> make_redmine(AdapterParts parts) {
  redmine::RedmineOptions options;
  options.id = parts.tracker.id;
  options.url = parts.tracker.url;
  options.project = parts.tracker.project;
  if (const auto format = markup::parse_format_name(parts.tracker.format.value_or(""))) options.format = *format;
  options.fields = parts.tracker.fields;
  options.create = parts.tracker.create;
  options.switch_user = parts.tracker.switch_user;
  return std::make_unique<redmine::RedmineAdapter>(std::move(options), parts.transport, std::move(parts.token),
                                                   parts.clock);
}

jira::PrivateComments private_comments_of(std::string_view text) {
  using Kind = jira::PrivateComments::Kind;
  constexpr std::string_view role = "role:", group = "group:";
  if (text == "internal") return {Kind::internal, {}};
  if (text.starts_with(role)) return {Kind::role, std::string{text.substr(role.size())}};
  if (text.starts_with(group)) return {Kind::group, std::string{text.substr(group.size())}};
  return {};
}

std::unique_ptr<Adapter> make_jira(AdapterParts parts) {
  const config::JiraConfig& jira = parts.tracker.jira;
  jira::JiraOptions options;
  options.id = parts.tracker.id;
  options.deployment = jira.cloud ? jira::Deployment::cloud : jira::Deployment::data_center;
  options.url = parts.tracker.url;
  options.site = jira.site;
  options.project = parts.tracker.project;
  options.issue_type = jira.issue_type;
  options.fields = parts.tracker.fields;
  options.create = parts.tracker.create;
  options.transition = jira.transition;
  options.private_comments = private_comments_of(jira.private_comments);
  options.remote_links = jira.remote_links;
  options.listing_lag = parts.tracker.listing_lag.value_or(jira.cloud ? jira::cloud_lag : jira::data_center_lag);
  jira::Credential credential = jira::AccessToken{std::move(parts.token)};
  if (jira.oauth) {
    jira::ClientCredentials client{jira.oauth->id, std::move(parts.app_key)};
    if (!jira.oauth->token_url.empty()) client.token_url = jira.oauth->token_url;
    credential = std::move(client);
  } else if (!jira.email.empty()) {
    credential = jira::UserToken{jira.email, std::move(std::get<jira::AccessToken>(credential).token)};
  }
  return std::make_unique<jira::JiraAdapter>(std::move(options), parts.transport, std::move(credential), parts.clock);
}

struct Kind {
  std::string_view name;
  std::unique_ptr<Adapter> (*make)(AdapterParts parts);
  std::size_t points_per_minute;  ///< see http::Budget
};

constexpr std::array kinds{
    Kind{"github", make_github, 900},
    Kind{"redmine", make_redmine, 0},
    Kind{"jira", make_jira, 0},
};

const Kind* kind_of(const config::TrackerConfig& tracker) {
  const auto* const found =
      std::find_if(kinds.begin(), kinds.end(), [&](const Kind& kind) { return kind.name == tracker.kind; });
  return found == kinds.end() ? nullptr : found;
}

}  // namespace

std::unique_ptr<Adapter> make_adapter(AdapterParts parts) {
  const Kind* const kind = kind_of(parts.tracker);
  return kind == nullptr ? nullptr : kind->make(std::move(parts));
}

http::Budget budget_of(const config::TrackerConfig& tracker) {
  http::Budget budget;
  budget.creations_per_minute = tracker.creations_per_minute.value_or(0);
  budget.creations_per_hour = tracker.creations_per_hour.value_or(0);
  // Who lifts the limits on creations (an own Enterprise Server has none by default) has no points to keep either.
  const Kind* const kind = kind_of(tracker);
  if (kind != nullptr && (budget.creations_per_minute > 0 || budget.creations_per_hour > 0))
    budget.points_per_minute = kind->points_per_minute;
  return budget;
}

}  // namespace causeway::cli
