#pragma once
/// How one Jira project is connected.
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <variant>

#include "agent/http/transport.hpp"
#include "agent/model/id.hpp"

namespace causeway::jira {

/// Cloud speaks REST v3 and ADF, Data Center and Server speak REST v2 and wiki markup.
enum class Deployment : std::uint8_t { cloud, data_center };

/// Who may read the comments that must stay private.
struct PrivateComments {
  enum class Kind : std::uint8_t {
    none,      ///< none are written
    internal,  ///< internal notes of a service project
    role,      ///< people with the project role `name`
    group      ///< members of the group `name`
  };
  Kind kind = Kind::none;
  std::string name;
  bool operator==(const PrivateComments&) const = default;
};

/// How long searches may hide something new: Cloud's index works in the background, Data Center's lags on other nodes.
inline constexpr std::chrono::seconds cloud_lag{60};
inline constexpr std::chrono::seconds data_center_lag{15};

struct JiraOptions {
  TrackerId id;
  Deployment deployment = Deployment::cloud;
  /// Of the installation, with its context path and without a trailing slash: "https://acme.atlassian.net",
  /// "https://jira.example.org/jira"; for a service account's OAuth "https://api.atlassian.com/ex/jira/CLOUD-ID".
  std::string url;
  /// Where people open issues, when that is another address than `url`.
  std::string site;
  std::string project;     ///< its key: "SUP"
  std::string issue_type;  ///< of what we create; empty: the first that the project offers
  /// What we need → the name or id of the custom field that holds it. All of them can be read by route conditions under
  /// their own name.
  std::map<std::string, std::string> fields;
  /// Values for issues we create: the name or id of a field → its value. Several values are parted by ", ".
  std::map<std::string, std::string> create;
  /// The same for the screens that transitions show: `resolution`.
  std::map<std::string, std::string> transition;
  PrivateComments private_comments;
  /// The link to the twin becomes a remote link of the issue.
  bool remote_links = true;
  /// How long something new may be missing from searches.
  std::chrono::seconds listing_lag = cloud_lag;
  /// How long a verified account, and the right to keep a comment private, are taken as given.
  std::chrono::seconds trust{30};
  /// How old lists of fields, statuses, required fields, and what issues begin with may grow.
  std::chrono::seconds dictionary_age{600};
};

/// A user and their API token (Cloud) or password (Data Center), for Basic authentication.
struct UserToken {
  std::string user;
  http::Secret token;
};
/// A personal access token of Data Center, or any other bearer.
struct AccessToken {
  http::Secret token;
};
/// OAuth 2.0 client credentials of a service account.
struct ClientCredentials {
  std::string id;
  http::Secret secret;
  std::string token_url = "https://auth.atlassian.com/oauth/token";
};
using Credential = std::variant<UserToken, AccessToken, ClientCredentials>;

}  // namespace causeway::jira
