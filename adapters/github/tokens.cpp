#include "adapters/github/tokens.hpp"

#include <Poco/Crypto/RSAKey.h>
#include <Poco/Exception.h>
#include <Poco/JWT/Signer.h>
#include <Poco/JWT/Token.h>
#include <fmt/format.h>

#include <sstream>

#include "adapters/github/codec.hpp"
#include "adapters/github/faults.hpp"

namespace causeway::github {
namespace {

using namespace std::chrono_literals;

constexpr auto clock_doubt = 60s;
constexpr auto app_token_lifetime = 540s;  ///< GitHub takes ten minutes at most, by its own clock
constexpr auto renewed_before_expiry = 300s;

Poco::Int64 epoch_seconds(Instant instant) {
  return std::chrono::floor<std::chrono::seconds>(instant).time_since_epoch().count();
}

}  // namespace

http::Headers common_headers() {
  return {
      {"Accept", "application/vnd.github+json"}, {"X-GitHub-Api-Version", "2022-11-28"}, {"User-Agent", "causeway"}};
}

Result<http::Secret> app_token(const AppInstallation& app, Instant now) {
  try {
    std::istringstream pem{app.private_key.reveal()};
    const Poco::SharedPtr<Poco::Crypto::RSAKey> key{new Poco::Crypto::RSAKey(nullptr, &pem)};
    Poco::JWT::Token token;
    token.setType("JWT");
    token.setIssuer(app.app);
    token.payload().set("iat", epoch_seconds(now - clock_doubt));
    token.payload().set("exp", epoch_seconds(now + app_token_lifetime - clock_doubt));
    Poco::JWT::Signer signer{key};
    return http::Secret{signer.sign(token, Poco::JWT::Signer::ALGO_RS256)};
  } catch (const Poco::Exception&) {
    // The exception's text could quote the key.
    return fail(Fault::denied, "the app's private key cannot be used; give the PEM file as GitHub made it",
                Reach::tracker);
  }
}

Result<http::Secret> Tokens::current() {
  const auto* app = std::get_if<AppInstallation>(&credential_);
  if (app == nullptr) return std::get<http::Secret>(credential_);
  const std::scoped_lock lock{mutex_};
  if (minted_.empty() || clock_.now() >= expires_ - renewed_before_expiry) {
    if (const auto done = mint(*app); !done) return std::unexpected(done.error());
  }
  return minted_;
}

bool Tokens::refused(const http::Secret& token) {
  if (!std::holds_alternative<AppInstallation>(credential_)) return false;
  const std::scoped_lock lock{mutex_};
  if (minted_.reveal() == token.reveal()) minted_ = http::Secret{};
  return true;
}

std::map<std::string, std::string> Tokens::permissions() const {
  const std::scoped_lock lock{mutex_};
  return permissions_;
}

Result<void> Tokens::mint(const AppInstallation& app) {
  constexpr std::string_view what = "getting a token for the app's installation";
  const Result<http::Secret> proof = app_token(app, clock_.now());
  if (!proof) return std::unexpected(proof.error());
  http::Request request;
  request.method = http::Method::post;
  request.url = fmt::format("{}/app/installations/{}/access_tokens", options_.url, app.installation);
  request.path_template = "/app/installations/{installation_id}/access_tokens";
  request.headers = common_headers();
  request.credential = {"Authorization", http::Secret{"Bearer " + proof->reveal()}};
  const Result<http::Response> response = transport_.send(request);
  if (!response) {
    // A token that nobody got harms nobody: asking again is safe.
    Failure failure = response.error();
    if (failure.fault == Fault::outcome_unknown) failure.fault = Fault::transient;
    return std::unexpected(std::move(failure));
  }
  if (response->status == 201 && web::is_json(*response)) {
    Result<InstallationToken> token = read_token(response->body);
    if (!token) return std::unexpected(token.error());
    minted_ = http::Secret{std::move(token->token)};
    expires_ = token->expires;
    permissions_ = std::move(token->permissions);
    return {};
  }
  Failure failure = failure_of(*response, http::Method::get, what, clock_.now());
  failure.reach = Reach::tracker;
  if (response->status == 401) {
    failure.message =
        fmt::format("{}: the app is not accepted; check its id, its key, and this machine's clock (HTTP 401)", what);
  } else if (failure.fault == Fault::gone || failure.fault == Fault::denied) {
    failure.fault = Fault::denied;
    failure.message =
        fmt::format("{}: the installation is deleted, suspended or of another app (HTTP {})", what, response->status);
  }
  return std::unexpected(std::move(failure));
}

}  // namespace causeway::github
