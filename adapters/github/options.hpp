#pragma once
/// How one GitHub repository is connected.
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <variant>

#include "agent/http/transport.hpp"
#include "agent/model/id.hpp"

namespace causeway::github {

struct GitHubOptions {
  TrackerId id;
  /// Of the REST API, without a trailing slash: "https://api.github.com", or "https://HOST/api/v3" of an Enterprise
  /// Server.
  std::string url = "https://api.github.com";
  std::string repository;  ///< "owner/name"
  /// Values for issues we create: `type`, the name of an issue type of the organisation. GitHub takes no others.
  std::map<std::string, std::string> create;
  /// How long a fresh issue may be missing from listings.
  std::chrono::seconds listing_lag{10};
  /// How long the repository's visibility is taken as given before it is asked for again.
  std::chrono::seconds repository_age{300};
  /// How old the list of milestones may grow: renaming one shows nowhere else.
  std::chrono::seconds dictionary_age{600};
};

/// A GitHub App's installation: a token is minted with the key, for an hour each.
struct AppInstallation {
  std::string app;  ///< app id or client id
  std::int64_t installation = 0;
  http::Secret private_key;  ///< PEM
};

/// A personal or fine-grained token, or an app.
using Credential = std::variant<http::Secret, AppInstallation>;

}  // namespace causeway::github
