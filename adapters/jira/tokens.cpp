#include "adapters/jira/tokens.hpp"

#include <Poco/Base64Encoder.h>
#include <fmt/format.h>

#include <sstream>

#include "adapters/jira/codec.hpp"
#include "adapters/jira/faults.hpp"
#include "adapters/jira/json_text.hpp"

namespace causeway::jira {
namespace {

using namespace std::chrono_literals;

/// A token that ends sooner than this is not sent any more: requests may wait in a queue.
constexpr auto renewed_before_expiry = 60s;

http::Secret basic(const UserToken& user) {
  std::ostringstream encoded;
  Poco::Base64Encoder encoder{encoded};
  encoder.rdbuf()->setLineLength(0);
  encoder << user.user << ':' << user.token.reveal();
  encoder.close();
  return http::Secret{"Basic " + encoded.str()};
}

}  // namespace

Result<http::Secret> Tokens::current() {
  if (const auto* user = std::get_if<UserToken>(&credential_)) return basic(*user);
  if (const auto* access = std::get_if<AccessToken>(&credential_)) {
    return http::Secret{"Bearer " + access->token.reveal()};
  }
  const std::scoped_lock lock{mutex_};
  if (fetched_.empty() || clock_.now() >= expires_ - renewed_before_expiry) {
    if (const auto done = fetch(std::get<ClientCredentials>(credential_)); !done) return std::unexpected(done.error());
  }
  return fetched_;
}

bool Tokens::refused(const http::Secret& header) {
  if (!std::holds_alternative<ClientCredentials>(credential_)) return false;
  const std::scoped_lock lock{mutex_};
  if (fetched_.reveal() == header.reveal()) fetched_ = http::Secret{};
  return true;
}

Result<void> Tokens::fetch(const ClientCredentials& client) {
  constexpr std::string_view what = "getting a token for the OAuth client";
  http::Request request;
  request.method = http::Method::post;
  request.url = client.token_url;
  request.path_template = "/oauth/token";
  request.headers = {{"Accept", "application/json"}, {"Content-Type", "application/json"}};
  request.body = object_of({{"grant_type", "\"client_credentials\""},
                            {"client_id", quoted(client.id)},
                            {"client_secret", quoted(client.secret.reveal())}});
  const Result<http::Response> response = transport_.send(request);
  if (!response) {
    // A token that nobody got harms nobody: asking again is safe.
    Failure failure = response.error();
    if (failure.fault == Fault::outcome_unknown) failure.fault = Fault::transient;
    return std::unexpected(std::move(failure));
  }
  if (response->status == 200 && web::is_json(*response)) {
    Result<BearerToken> token = read_token(response->body);
    if (!token) return std::unexpected(token.error());
    fetched_ = http::Secret{"Bearer " + token->token};
    expires_ = clock_.now() + token->lifetime;
    return {};
  }
  if (response->status == 200) return std::unexpected(not_json(http::Method::get, what));
  Failure failure = failure_of(*response, http::Method::get, what, clock_.now());
  failure.reach = Reach::tracker;
  if (response->status >= 400 && response->status < 500 && response->status != 429) {
    failure.fault = Fault::denied;
    failure.message =
        fmt::format("{}: the client is not accepted; check its id and secret (HTTP {})", what, response->status);
  }
  return std::unexpected(std::move(failure));
}

}  // namespace causeway::jira
