/// Who we are: Basic, bearer, OAuth client credentials.
#include "tests/unit/jira/fixture.hpp"

namespace causeway::jira {
namespace {

class JiraTokens : public OnStandIn {
 protected:
  JiraAdapter& service_account(const std::string& secret = "secret-1") {
    JiraOptions options = default_options();
    options.url = origin + "/ex/jira/" + jira.state().settings.cloud_id;
    options.site = origin;
    return adapter(options, ClientCredentials{"client-1", http::Secret{secret}, origin + "/oauth/token"});
  }
};

TEST_P(JiraTokens, ClientCredentialsWorkThroughTheGatewayWithOneTokenForAll) {
  jira.change([](stand_in::State& state) { state.settings.bearer_needs_gateway = true; });
  const NativeId id = open();
  JiraAdapter& reader = service_account();
  const Snapshot snapshot = must_fetch(reader, id);
  EXPECT_FALSE(snapshot.gone);
  EXPECT_EQ(snapshot.url, origin + "/browse/" + key_of(id));
  must_fetch(reader, id);
  EXPECT_EQ(sent("/oauth/token"), 1U);
}

TEST_P(JiraTokens, ATokenIsRenewedBeforeItEndsAndOnceWhenItIsRefused) {
  const NativeId id = open();
  JiraAdapter& reader = service_account();
  must_fetch(reader, id);
  clock.advance(3590s);
  must_fetch(reader, id);
  EXPECT_EQ(sent("/oauth/token"), 2U);
  jira.expire_access_tokens();
  must_fetch(reader, id);
  EXPECT_EQ(sent("/oauth/token"), 3U);
}

TEST_P(JiraTokens, AClientThatIsNotAcceptedIsDenied) {
  const auto snapshot = service_account("wrong").fetch(ref(open()));
  ASSERT_FALSE(snapshot);
  EXPECT_EQ(snapshot.error().fault, Fault::denied);
  EXPECT_EQ(snapshot.error().reach, Reach::tracker);
  EXPECT_THAT(snapshot.error().message, Not(HasSubstr("wrong")));
}

INSTANTIATE_TEST_SUITE_P(, JiraTokens, testing::Values(Deployment::cloud), deployment_name);

class JiraAccount : public OnStandIn {};

TEST_P(JiraAccount, AnAnswerForNobodyIsNeverAnEmptyList) {
  open();
  for (const bool refuses : {true, false}) {
    jira.change([&](stand_in::State& state) { state.settings.wrong_is_anonymous = !refuses; });
    JiraAdapter& reader = adapter(default_options(), credential("token-of-nobody"));
    const auto page = reader.changes({});
    ASSERT_FALSE(page);
    EXPECT_EQ(page.error().fault, Fault::denied);
    EXPECT_EQ(page.error().reach, Reach::tracker);
  }
}

TEST_P(JiraAccount, ACredentialThatEndsBetweenTwoPagesIsNoticedAtOnce) {
  const NativeId id = open();
  JiraAdapter& reader = adapter();
  Cursor start;
  round(reader, start);
  jira.forget_who_asks(-1);
  EXPECT_EQ(reader.changes(start).error().fault, Fault::denied);
  EXPECT_EQ(reader.fetch(ref(id)).error().fault, Fault::denied);
  EXPECT_EQ(reader.find(ref({}), Marker{"0123456789abcdef0123"}, clock.now()).error().fault, Fault::denied);
  EXPECT_EQ(reader.apply(intent(AddComment{"words", {}, Visibility::open}, id)).error().fault, Fault::denied);
  jira.no_trouble();
  EXPECT_FALSE(must_fetch(reader, id).gone);
}

TEST_P(JiraAccount, APublicProjectsVisitorIsNotTakenForUs) {
  const NativeId id = open();
  jira.change([](stand_in::State& state) { state.projects.at("10000").anonymous = true; });
  JiraAdapter& reader = adapter(default_options(), credential("token-of-nobody"));
  EXPECT_EQ(reader.changes({}).error().fault, Fault::denied);
  EXPECT_EQ(reader.fetch(ref(id)).error().fault, Fault::denied);
}

TEST_P(JiraAccount, AUserWhomJiraLetsInNoMoreIsToldOfTheCaptcha) {
  if (cloud()) {
    EXPECT_FALSE(adapter().fetch(ref(open())).value().gone);
    return;
  }
  const NativeId id = open();
  JiraAdapter& wrong = adapter(default_options(), UserToken{"syncuser", http::Secret{"wrong"}});
  for (int attempt = 0; attempt < 5; ++attempt) EXPECT_FALSE(wrong.fetch(ref(id)));
  JiraAdapter& right = adapter(default_options(), UserToken{"syncuser", http::Secret{"password-syncuser"}});
  const auto refused = right.fetch(ref(id));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().fault, Fault::denied);
  EXPECT_THAT(refused.error().message, HasSubstr("CAPTCHA"));
  jira.solve_captcha("syncuser");
  EXPECT_TRUE(right.fetch(ref(id)));
}

INSTANTIATE_TEST_SUITE_P(, JiraAccount, testing::Values(Deployment::cloud, Deployment::data_center), deployment_name);

}  // namespace
}  // namespace causeway::jira
