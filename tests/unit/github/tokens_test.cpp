#include "adapters/github/tokens.hpp"

#include <Poco/Crypto/RSAKey.h>
#include <Poco/JWT/Signer.h>
#include <Poco/JWT/Token.h>
#include <gmock/gmock.h>

#include <sstream>

#include "tests/unit/github/fixture.hpp"

namespace causeway::github {
namespace {

using testing::HasSubstr;
using testing::Not;

/// A key pair in PEM: public, private. Made once, since that takes a while.
const std::pair<std::string, std::string>& key_pair() {
  static const std::pair<std::string, std::string> pair = [] {
    const Poco::Crypto::RSAKey key{Poco::Crypto::RSAKey::KL_2048, Poco::Crypto::RSAKey::EXP_LARGE};
    std::ostringstream of_public;
    std::ostringstream of_private;
    key.save(&of_public, &of_private);
    return std::pair{of_public.str(), of_private.str()};
  }();
  return pair;
}

constexpr const char* minting = "POST /app/installations/{installation_id}/access_tokens";

class GitHubTokens : public OnStandIn {
 protected:
  GitHubTokens() { github.register_app(1, key_pair().first); }
  static AppInstallation app() { return {"1", 1, http::Secret{key_pair().second}}; }
  GitHubAdapter& as_app() { return adapter(default_options(), app()); }
};

TEST_F(GitHubTokens, ProvesTheAppForLessThanTenMinutesAndFromAMinuteAgo) {
  const auto proof = app_token(app(), clock.now());
  ASSERT_TRUE(proof) << proof.error().message;
  std::istringstream pem{key_pair().first};
  Poco::JWT::Signer reader{new Poco::Crypto::RSAKey{&pem}};
  reader.setAlgorithms({Poco::JWT::Signer::ALGO_RS256});
  Poco::JWT::Token token;
  ASSERT_TRUE(reader.tryVerify(proof->reveal(), token));
  const auto now = std::chrono::floor<std::chrono::seconds>(clock.now()).time_since_epoch().count();
  EXPECT_EQ(token.getIssuer(), "1");
  EXPECT_EQ(token.payload().getValue<Poco::Int64>("iat"), now - 60);
  EXPECT_LE(token.payload().getValue<Poco::Int64>("exp"), now + 540);
  EXPECT_GT(token.payload().getValue<Poco::Int64>("exp"), now + 300);
}

TEST_F(GitHubTokens, SaysThatAKeyIsNoneWithoutQuotingIt) {
  const AppInstallation broken{"1", 1, http::Secret{"-----BEGIN RSA PRIVATE KEY-----\nsecretsecret\n"}};
  const auto proof = app_token(broken, clock.now());
  ASSERT_FALSE(proof);
  EXPECT_EQ(proof.error().fault, Fault::denied);
  EXPECT_EQ(proof.error().reach, Reach::tracker);
  EXPECT_THAT(proof.error().message, Not(HasSubstr("secretsecret")));
}

TEST_F(GitHubTokens, MintsOneTokenForManyRequests) {
  github.open(widgets, "one", "text");
  GitHubAdapter& reader = as_app();
  const auto requests = requests_of([&] {
    for (int n = 0; n < 5; ++n) ASSERT_TRUE(reader.fetch(ref(1)));
  });
  EXPECT_EQ(requests.at(minting), 1U);
}

TEST_F(GitHubTokens, RenewsATokenBeforeItRunsOut) {
  github.open(widgets, "one", "text");
  GitHubAdapter& reader = as_app();
  ASSERT_TRUE(reader.fetch(ref(1)));
  clock.advance(56min);
  const auto requests = requests_of([&] { ASSERT_TRUE(reader.fetch(ref(1))); });
  EXPECT_EQ(requests.at(minting), 1U);
}

TEST_F(GitHubTokens, RenewsATokenThatIsRefusedInTheMiddleOfAWalk) {
  for (int n = 0; n < 250; ++n) github.open(widgets, "one", "text");
  GitHubAdapter& reader = as_app();
  Cursor start;
  const Round read = round(reader, start, [&] { github.expire_tokens(1); });
  EXPECT_TRUE(read.ended);
  EXPECT_EQ(std::set<std::string>(read.tickets.begin(), read.tickets.end()).size(), 250U);
}

TEST_F(GitHubTokens, RenewsOnlyOnceAndThenSaysSo) {
  // Whatever token comes, the server takes none.
  int refusals = 0;
  class Refusing final : public http::Transport {
   public:
    Refusing(http::Transport& inner, int& refusals) : inner_(inner), refusals_(refusals) {}
    Result<http::Response> send(const http::Request& request) override {
      if (request.path_template == "/app/installations/{installation_id}/access_tokens") return inner_.send(request);
      ++refusals_;
      return http::Response{401, {{"Content-Type", "application/json"}}, R"({"message":"Bad credentials"})"};
    }

   private:
    http::Transport& inner_;
    int& refusals_;
  } refusing{transport, refusals};
  GitHubAdapter refused{default_options(), refusing, app(), clock};
  const auto ticket = refused.fetch(ref(1));
  ASSERT_FALSE(ticket);
  EXPECT_EQ(ticket.error().fault, Fault::denied);
  EXPECT_EQ(ticket.error().reach, Reach::tracker);
  EXPECT_EQ(refusals, 2);
}

TEST_F(GitHubTokens, TakesTokensOfAnyLength) {
  github.change([](stand_in::State& state) { state.settings.long_tokens = true; });
  github.open(widgets, "one", "text");
  EXPECT_TRUE(as_app().fetch(ref(1)));
}

TEST_F(GitHubTokens, WritesAsTheApp) {
  AddComment wish{"Hello", {"alice", "", ""}, Visibility::open};
  github.open(widgets, "one", "text");
  ASSERT_TRUE(as_app().apply(intent(wish, 1)));
  const auto ticket = as_app().fetch(ref(1));
  ASSERT_TRUE(ticket);
  EXPECT_EQ(ticket->comments.at(0).author.login, "causeway-sync[bot]");
}

TEST_F(GitHubTokens, TellsAWrongAppFromALostInstallation) {
  AppInstallation unknown = app();
  unknown.app = "77";
  const auto wrong = adapter(default_options(), unknown).fetch(ref(1));
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().fault, Fault::denied);
  EXPECT_THAT(wrong.error().message, HasSubstr("clock"));
  github.change([](stand_in::State& state) { state.installations.at(1).suspended = true; });
  const auto suspended = as_app().fetch(ref(1));
  ASSERT_FALSE(suspended);
  EXPECT_EQ(suspended.error().fault, Fault::denied);
  EXPECT_EQ(suspended.error().reach, Reach::tracker);
  EXPECT_THAT(suspended.error().message, HasSubstr("suspended"));
  AppInstallation lost = app();
  lost.installation = 99;
  const auto gone = adapter(default_options(), lost).fetch(ref(1));
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().fault, Fault::denied);
}

TEST_F(GitHubTokens, AsksAgainLaterWhereMintingFails) {
  github.trouble(
      {.method = "POST", .path_template = "/app/installations/{installation_id}/access_tokens", .status = 502});
  const auto failed = as_app().fetch(ref(1));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().fault, Fault::transient);
  EXPECT_EQ(failed.error().reach, Reach::tracker);
}

}  // namespace
}  // namespace causeway::github
