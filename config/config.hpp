#pragma once
/// The configuration as values. Loading and checking: config/load.hpp. Reference: docs/configuration.md (from the
/// schema).
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agent/model/id.hpp"
#include "agent/model/role.hpp"
#include "agent/policy/condition.hpp"
#include "agent/policy/privacy.hpp"
#include "agent/reconcile/reconcile.hpp"
#include "mappings/mapping.hpp"

namespace causeway::config {

/// Where a secret comes from. Exactly one is set.
struct SecretSource {
  std::string env;           ///< name of an environment variable
  std::string file;          ///< a file that holds it, as it can be opened; refused when others may read it
  std::string credential;    ///< a systemd credential's name ($CREDENTIALS_DIRECTORY)
  std::string inline_value;  ///< only with `allow_inline_secrets: true` at the top
  [[nodiscard]] bool empty() const { return env.empty() && file.empty() && credential.empty() && inline_value.empty(); }
};

struct GithubApp {
  std::string id;
  std::string installation;
  SecretSource key;  ///< PEM
};

struct OAuthClient {
  std::string id;
  SecretSource secret;
  std::string token_url;
};

/// What only a Jira has.
struct JiraConfig {
  bool cloud = false;  ///< else Data Center or Server
  std::string site;    ///< where people open issues; empty: as the tracker's url
  std::string email;   ///< for Basic authentication; empty: the token is a bearer
  std::optional<OAuthClient> oauth;
  std::string issue_type;                         ///< empty: the first that the project offers
  std::map<std::string, std::string> transition;  ///< values for the screens of transitions
  std::string private_comments;                   ///< "", "internal", "role:NAME", "group:NAME"
  bool remote_links = true;
};

struct TrackerConfig {
  TrackerId id;
  std::string kind;  ///< "github", "redmine", "jira": a name of the registry
  TrackerRole role = TrackerRole::queue;
  std::string url;      ///< of the API (GitHub) or of the installation (Redmine, Jira), without a trailing slash
  std::string project;  ///< "owner/name" (GitHub), project identifier (Redmine), key (Jira)
  SecretSource token;
  std::optional<GithubApp> app;
  JiraConfig jira;
  std::optional<std::string> format;          ///< "textile" or "redmine-markdown"
  std::map<std::string, std::string> fields;  ///< what we need → the tracker's field: labels, twin, marker …
  std::map<std::string, std::string> create;  ///< values for tickets we create there: type, category …
  std::vector<std::string> own_names;         ///< of a customer's tracker: that customer's names and domains
  std::optional<std::string> switch_user;     ///< Redmine: write as the mapped person where allowed
  std::optional<std::size_t> writers;         ///< requests that write at the same time
  std::optional<std::size_t> readers;
  std::optional<std::chrono::seconds> listing_lag;
  std::chrono::seconds poll{60};
  std::chrono::seconds sweep{std::chrono::hours{24}};  ///< how often every linked ticket is compared whole
  std::chrono::seconds timeout{30};
  std::optional<std::string> proxy;
  std::optional<std::string> ca_file;  ///< as it can be opened
  /// The vendor's limits, to stay under: writes that create content per minute and hour. 0: none.
  std::optional<std::size_t> creations_per_minute;
  std::optional<std::size_t> creations_per_hour;
};

struct RouteConfig {
  RouteId id;
  TrackerId left;                  ///< community or customer
  TrackerId right;                 ///< the queue
  policy::Condition mirror_when;   ///< tickets of left that go to the queue
  policy::Condition publish_when;  ///< tickets of the queue that go to left
  /// The queue's field by which a case follows a ticket of left that is there already: its address, or "#12". Empty: no
  /// case follows.
  std::string follow_field;
  bool first_publication_allowed = false;
  Mapping mapping;
  reconcile::MergeRules rules;
  std::size_t brake = 200;  ///< a pass that would create, close or rewrite more tickets than this stops and asks
};

struct PersonConfig {
  std::string name;
  std::map<TrackerId, std::string> logins;
};

struct Config {
  std::string file;        ///< where it was read from, for messages
  std::string store_path;  ///< as it can be opened: a relative one in the file was taken from the file's folder
  bool allow_inline_secrets = false;
  std::vector<TrackerConfig> trackers;
  std::vector<RouteConfig> routes;
  std::vector<PersonConfig> people;
  policy::RedactionRules redaction;
  std::chrono::days audit_kept{400};
  [[nodiscard]] const TrackerConfig* tracker(const TrackerId& id) const;
  [[nodiscard]] const RouteConfig* route(const RouteId& id) const;
};

}  // namespace causeway::config
