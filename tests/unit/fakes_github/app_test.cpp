#include <Poco/Crypto/RSAKey.h>
#include <Poco/JWT/Signer.h>
#include <Poco/JWT/Token.h>

#include <sstream>

#include "tests/unit/fakes_github/fixture.hpp"

namespace causeway::fakes::github {
namespace {

const std::string mint = "/app/installations/1/access_tokens";

class GitHubApp : public OnGitHub {
 protected:
  static Poco::Crypto::RSAKey& key() {
    static Poco::Crypto::RSAKey pair{Poco::Crypto::RSAKey::KL_2048, Poco::Crypto::RSAKey::EXP_LARGE};
    return pair;
  }
  void SetUp() override {
    std::ostringstream pem;
    key().save(&pem);
    github.register_app(1, pem.str());
  }
  std::string signed_token(std::int64_t issued_in, std::int64_t expires_in, const std::string& issuer = "1") {
    const std::int64_t now = std::chrono::floor<std::chrono::seconds>(clock.now()).time_since_epoch().count();
    Poco::JWT::Token token;
    token.setType("JWT");
    token.setIssuer(issuer);
    token.payload().set("iat", now + issued_in);
    token.payload().set("exp", now + expires_in);
    Poco::JWT::Signer signer{Poco::SharedPtr<Poco::Crypto::RSAKey>{new Poco::Crypto::RSAKey{key()}}};
    return signer.sign(token, Poco::JWT::Signer::ALGO_RS256);
  }
  http::Response minted(const std::string& body = {}) { return post(mint, body, signed_token(-60, 540)); }
};

TEST_F(GitHubApp, GetsATokenForAnHour) {
  EXPECT_EQ(at(get("/app", signed_token(-60, 540)), "/slug"), "causeway-sync");
  const http::Response answer = minted();
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(at(answer, "/expires_at"), "2026-11-23T09:00:00Z");
  const std::string token = at(answer, "/token");
  const http::Response made = post(issues_path, R"({"title":"x","labels":["bug"]})", token);
  EXPECT_EQ(at(made, "/user/login"), "causeway-sync[bot]");
  EXPECT_EQ(at(made, "/user/type"), "Bot");
  EXPECT_EQ(at(made, "/performed_via_github_app/slug"), "causeway-sync");
  EXPECT_EQ(at(made, "/labels"), "list of 1");
  EXPECT_EQ(get("/user", token).status, 403);
  EXPECT_EQ(at(get("/installation/repositories", token), "/total_count"), "3");
  clock.advance(1h);
  EXPECT_EQ(get(issues_path, token).status, 401);
}

TEST_F(GitHubApp, MustSignWithItsKeyAndTheRightTimes) {
  EXPECT_EQ(post(mint, "", "").status, 401);
  EXPECT_EQ(post(mint, "", "ghp_syncuser").status, 401);
  EXPECT_THAT(at(post(mint, "", signed_token(0, 700)), "/message"), HasSubstr("too far in the future"));
  EXPECT_EQ(post(mint, "", signed_token(-700, -100)).status, 401);
  EXPECT_EQ(post(mint, "", signed_token(120, 300)).status, 401);
  EXPECT_EQ(post(mint, "", signed_token(-60, 540, "2")).status, 401);
  EXPECT_EQ(post(mint, "", signed_token(-60, 540, "Iv23liSAMPLE")).status, 201);
  std::string forged = signed_token(-60, 540);
  forged.back() = forged.back() == 'A' ? 'B' : 'A';
  forged[forged.size() - 5] = forged[forged.size() - 5] == 'A' ? 'B' : 'A';
  EXPECT_EQ(post(mint, "", forged).status, 401);
  EXPECT_EQ(post("/app/installations/9/access_tokens", "", signed_token(-60, 540)).status, 404);
}

TEST_F(GitHubApp, MayNarrowItsToken) {
  const std::string widgets = at(get("/repos/acme/widgets"), "/id");
  const std::string token =
      at(minted(R"({"repository_ids":[)" + widgets + R"(],"permissions":{"issues":"read"}})"), "/token");
  EXPECT_EQ(get(issues_path, token).status, 200);
  const http::Response refused = post(issues_path, R"({"title":"x"})", token);
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(at(refused, "/message"), "Resource not accessible by integration");
  EXPECT_EQ(get("/repos/acme/secret", token).status, 404);
  EXPECT_EQ(minted(R"({"repositories":["nothing"]})").status, 422);
  EXPECT_EQ(get("/repos/acme/secret", at(minted(R"({"repositories":["secret"]})"), "/token")).status, 200);
}

TEST_F(GitHubApp, LosesItsTokensBeforeTheirTime) {
  const std::string token = at(minted(), "/token");
  EXPECT_EQ(get(issues_path, token).status, 200);
  github.expire_tokens(1);
  EXPECT_EQ(get(issues_path, token).status, 401);
  github.change([](State& state) { state.settings.long_tokens = true; });
  EXPECT_GT(at(minted(), "/token").size(), 500U);
  github.change([](State& state) { state.installations.at(1).suspended = true; });
  EXPECT_EQ(minted().status, 403);
}

}  // namespace
}  // namespace causeway::fakes::github
