#pragma once
/// The token that requests carry: a given one, or one minted for a GitHub App's installation and renewed in time.
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "adapters/github/options.hpp"
#include "agent/http/transport.hpp"
#include "agent/model/result.hpp"
#include "agent/model/time.hpp"

namespace causeway::github {

/// The JSON Web Token by which an app proves who it is (docs.github.com, "Generating a JSON Web Token"): RS256, issued
/// a minute ago since clocks differ, valid for nine more. `denied` when the key is no RSA key in PEM.
Result<http::Secret> app_token(const AppInstallation& app, Instant now);

/// Any thread. While one thread mints a token, others wait for it.
class Tokens {
 public:
  /// Borrows all but the credential; they must outlive it.
  Tokens(const GitHubOptions& options, http::Transport& transport, Credential credential, const Clock& clock)
      : options_(options), transport_(transport), credential_(std::move(credential)), clock_(clock) {}

  /// A token that holds for some minutes at least.
  Result<http::Secret> current();
  /// GitHub did not accept this one. True: `current` will give another.
  bool refused(const http::Secret& token);
  [[nodiscard]] const AppInstallation* app() const { return std::get_if<AppInstallation>(&credential_); }
  /// What the installation may do, as told with its last token: "issues" → "write".
  [[nodiscard]] std::map<std::string, std::string> permissions() const;

 private:
  Result<void> mint(const AppInstallation& app);

  const GitHubOptions& options_;
  http::Transport& transport_;
  const Credential credential_;
  const Clock& clock_;
  mutable std::mutex mutex_;  ///< guards everything below
  http::Secret minted_;
  Instant expires_{};
  std::map<std::string, std::string> permissions_;
};

/// What every request carries besides its credential.
[[nodiscard]] http::Headers common_headers();

}  // namespace causeway::github
