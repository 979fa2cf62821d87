#pragma once
/// Requests to one Jira: addresses, credentials, answers that were made for nobody.
#include <atomic>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/jira/faults.hpp"
#include "adapters/jira/options.hpp"
#include "adapters/jira/tokens.hpp"
#include "agent/http/transport.hpp"
#include "agent/model/result.hpp"

namespace causeway::jira {

/// Any thread. The only mutable state is the token, when Jira said that a limit is near, and when it last named our
/// account.
class Client {
 public:
  /// Borrows all but the credential; they must outlive it.
  Client(const JiraOptions& options, http::Transport& transport, Credential credential, const Clock& clock)
      : options_(options), transport_(transport), clock_(clock), tokens_(transport, std::move(credential), clock) {}

  /// `rate_limited` for a moment after Jira said that a limit is near. Asked before something is begun: what has begun
  /// goes on, or a change of several requests would never end.
  Result<void> may_begin() const;
  /// A GET of `path` below /rest/api/3 (Cloud) or /rest/api/2 (Data Center). Every whole answer comes back but one
  /// that was made for nobody: that is `denied`.
  Result<http::Response> get(std::string_view path, std::string_view path_template, std::string_view what);
  /// A GET that must be answered with 200 and a body that calls itself JSON; anything else is a Failure.
  Result<std::string> read(std::string_view path, std::string_view path_template, std::string_view what);
  /// Any other method, with JSON unless `body` is empty.
  Result<http::Response> send(http::Method method, std::string_view path, std::string_view path_template,
                              std::string_view what, std::string body = {}, bool creates_content = false);
  /// A POST of a file's bytes to an issue.
  Result<http::Response> upload(std::string_view path, std::string_view path_template, std::string_view what,
                                std::string_view name, std::string_view bytes);
  /// /rest/api/2/serverInfo, which both deployments have.
  Result<std::string> server_info();
  /// A GET of an absolute address. The credential goes along only to the installation itself.
  Result<http::Response> get_file(const std::string& url, std::string_view path_template);
  /// "https://jira.example.org/jira/rest/api/2"
  [[nodiscard]] std::string api() const;
  [[nodiscard]] Failure failure(const http::Response& response, http::Method method, std::string_view what) const;
  /// When an answer last said by itself that it was made for an account; epoch: never.
  [[nodiscard]] Instant account_named() const { return Instant{std::chrono::milliseconds{account_named_.load()}}; }

 private:
  Result<http::Response> perform(http::Request request, std::string_view what);

  const JiraOptions& options_;
  http::Transport& transport_;
  const Clock& clock_;
  Tokens tokens_;
  std::atomic<std::int64_t> quiet_until_{0};    ///< milliseconds since 1970
  std::atomic<std::int64_t> account_named_{0};  ///< milliseconds since 1970
};

}  // namespace causeway::jira
