#pragma once
/// What requests carry as credential: a given one, or a bearer that is fetched with client credentials and renewed in
/// time.
#include <mutex>
#include <string>

#include "adapters/jira/options.hpp"
#include "agent/http/transport.hpp"
#include "agent/model/result.hpp"
#include "agent/model/time.hpp"

namespace causeway::jira {

/// Any thread. While one thread fetches a token, others wait for it.
class Tokens {
 public:
  /// Borrows transport and clock; they must outlive it.
  Tokens(http::Transport& transport, Credential credential, const Clock& clock)
      : transport_(transport), credential_(std::move(credential)), clock_(clock) {}

  /// The value of the Authorization header.
  Result<http::Secret> current();
  /// Jira did not accept this one. True: `current` will give another.
  bool refused(const http::Secret& header);

 private:
  Result<void> fetch(const ClientCredentials& client);

  http::Transport& transport_;
  const Credential credential_;
  const Clock& clock_;
  std::mutex mutex_;  ///< guards everything below
  http::Secret fetched_;
  Instant expires_{};
};

}  // namespace causeway::jira
