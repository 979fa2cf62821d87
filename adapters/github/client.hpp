#pragma once
/// Requests to one GitHub repository: headers, tokens, renamed repositories.
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/github/codec.hpp"
#include "adapters/github/faults.hpp"
#include "adapters/github/options.hpp"
#include "adapters/github/tokens.hpp"

namespace causeway::github {

/// Any thread. The only mutable state is the token and the repository's number and address.
class Client {
 public:
  /// Borrows all but the credential; they must outlive it.
  Client(const GitHubOptions& options, http::Transport& transport, Credential credential, const Clock& clock)
      : options_(options),
        transport_(transport),
        clock_(clock),
        tokens_(options, transport, std::move(credential), clock) {}

  /// One request below the repository ("/issues/12"; "" is the repository itself). Every whole answer comes back. A
  /// repository that was renamed is followed with the same method and body, and remembered; an issue that was moved to
  /// another repository is not: its 301 comes back.
  Result<http::Response> send(http::Method method, std::string_view path, std::string_view path_template,
                              std::string body = {}, bool creates_content = false);
  /// A GET below the repository, only answered in full when it changed since the answer with that `etag`.
  Result<http::Response> get(std::string_view path, std::string_view path_template, const std::string& etag = {});
  /// A GET of an address that GitHub gave (Link headers). `malformed` when it leads to another host.
  Result<http::Response> follow(const std::string& url, std::string_view path_template);
  /// A GET elsewhere in the API: "/rate_limit", "/user". `as_app`: with the app's own proof instead of its
  /// installation's.
  Result<http::Response> ask(std::string_view path, std::string_view path_template, bool as_app = false);

  /// Lets `send` tell a renamed repository from another one.
  void know_repository(Number id);
  [[nodiscard]] const Tokens& tokens() const { return tokens_; }

 private:
  [[nodiscard]] http::Request request(http::Method method, std::string url, std::string_view path_template) const;
  /// With a token, and once more with a fresh one when it has run out under way.
  Result<http::Response> perform(http::Request request);
  Result<http::Response> perform_below(http::Request request, std::string_view path);
  [[nodiscard]] std::string base() const;
  /// Whether the repository of that number is ours.
  Result<bool> is_ours(Number repository);

  const GitHubOptions& options_;
  http::Transport& transport_;
  const Clock& clock_;
  Tokens tokens_;
  mutable std::mutex mutex_;  ///< guards everything below
  Number repository_ = 0;     ///< 0: not known yet
  bool renamed_ = false;      ///< requests go to /repositories/{id}
};

}  // namespace causeway::github
