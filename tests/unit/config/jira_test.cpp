/// What a configuration says of a Jira, and the presets that are shipped.
#include <gmock/gmock.h>

#include "config/load.hpp"

namespace causeway::config {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

Config must_parse(const std::string& yaml) {
  Loaded loaded = parse(yaml, "causeway.yaml");
  for (const Problem& problem : loaded.problems) ADD_FAILURE() << to_text(problem);
  if (!loaded.config) throw std::runtime_error("no configuration");
  return *std::move(loaded.config);
}

const std::string two_jiras = R"(
trackers:
  acme:
    kind: jira
    role: customer
    url: https://api.atlassian.com/ex/jira/11223344
    site: https://acme.atlassian.net
    project: AC
    oauth: {client_id: client-1, client_secret: {env: SECRET}, token_url: https://auth.example.org/token}
    own_names: [ACME]
  queue:
    kind: jira
    role: queue
    url: https://jira.example.org/jira/
    project: SUP
    token: {env: TOKEN}
    issue_type: Support
    fields: {twin: Twin}
    create: {Severity: Minor}
    transition: {resolution: Done}
    private_comments: "role:Service Desk Team"
    remote_links: false
routes:
  acme: {left: acme, right: queue, preset: jira-jira-service, mirror_when: {everything: true}}
)";

TEST(JiraConfiguration, EveryKeyIsRead) {
  const Config config = must_parse(two_jiras);
  const TrackerConfig& acme = *config.tracker(TrackerId{"acme"});
  EXPECT_TRUE(acme.jira.cloud);
  EXPECT_EQ(acme.jira.site, "https://acme.atlassian.net");
  ASSERT_TRUE(acme.jira.oauth);
  EXPECT_EQ(acme.jira.oauth->id, "client-1");
  EXPECT_EQ(acme.jira.oauth->secret.env, "SECRET");
  EXPECT_EQ(acme.jira.oauth->token_url, "https://auth.example.org/token");
  EXPECT_TRUE(acme.jira.remote_links);
  const TrackerConfig& queue = *config.tracker(TrackerId{"queue"});
  EXPECT_FALSE(queue.jira.cloud);
  EXPECT_EQ(queue.url, "https://jira.example.org/jira");
  EXPECT_EQ(queue.jira.issue_type, "Support");
  EXPECT_EQ(queue.jira.private_comments, "role:Service Desk Team");
  EXPECT_FALSE(queue.jira.remote_links);
  EXPECT_THAT(queue.jira.transition, ElementsAre(Pair("resolution", "Done")));
  EXPECT_THAT(queue.create, ElementsAre(Pair("Severity", "Minor")));
  EXPECT_THAT(queue.fields, ElementsAre(Pair("twin", "Twin")));
  EXPECT_FALSE(queue.creations_per_minute);
}

TEST(JiraConfiguration, TheAddressTellsTheDeploymentUnlessItIsSaid) {
  const auto cloud = [](const std::string& url, const std::string& more) {
    const Config config = must_parse(fmt::format(R"(
trackers:
  acme: {{kind: jira, role: customer, url: "{}", project: AC, token: {{env: A}}, email: a@example.com{}}}
  queue: {{kind: redmine, role: queue, url: "https://redmine.example.org", project: sup, token: {{env: B}}}}
routes:
  acme: {{left: acme, right: queue, preset: jira-redmine, mirror_when: {{everything: true}}}}
)",
                                                 url, more));
    return config.tracker(TrackerId{"acme"})->jira.cloud;
  };
  EXPECT_TRUE(cloud("https://acme.atlassian.net", ""));
  EXPECT_FALSE(cloud("https://jira.example.org", ""));
  EXPECT_TRUE(cloud("https://jira.example.org", ", deployment: cloud"));
  EXPECT_FALSE(cloud("https://acme.atlassian.net", ", deployment: data-center"));
}

TEST(JiraConfiguration, WherePeopleOpenACustomersIssuesIsNothingForThePublic) {
  const Config config = must_parse(two_jiras);
  EXPECT_THAT(config.redaction.hosts, testing::UnorderedElementsAre("acme.atlassian.net", "jira.example.org"));
}

TEST(Presets, EachOneIsWholeAndTranslatesBothWays) {
  const std::map<std::string, std::string> kinds{
      {"github", "{kind: github, role: ROLE, project: a/b, token: {env: A}}"},
      {"redmine", "{kind: redmine, role: ROLE, url: \"https://ROLE.example.org\", project: sup, token: {env: A}}"},
      {"jira", "{kind: jira, role: ROLE, url: \"https://ROLE.example.org\", project: SUP, token: {env: A}}"}};
  EXPECT_GE(shipped_presets().size(), 20U);
  for (const auto& [name, yaml] : shipped_presets()) {
    const auto tracker = [&](const std::string& kind, const std::string& role) {
      std::string text = kinds.at(kind);
      for (std::size_t at = text.find("ROLE"); at != std::string::npos; at = text.find("ROLE"))
        text.replace(at, 4, role);
      return text;
    };
    const std::string left = name.substr(0, name.find('-'));
    std::string rest = name.substr(left.size() + 1);
    for (const char* variant : {"classic-", "service-"}) {
      if (rest.starts_with(variant)) rest = rest.substr(8);
    }
    const std::string right = rest.substr(0, rest.find('-'));
    const Config config = must_parse(
        fmt::format("trackers:\n  one: {}\n  two: {}\nroutes:\n  r: {{left: one, right: two, preset: {}, mirror_when: "
                    "{{everything: true}}}}\n",
                    tracker(left, "customer"), tracker(right, "queue"), name));
    const Mapping& mapping = config.routes.at(0).mapping;
    for (const Side side : {Side::left, Side::right}) {
      const auto values = mapping.statuses.values(side);
      EXPECT_GE(values.size(), 3U) << name;
      for (const std::string& value : values) {
        const auto there = mapping.statuses.translate(side, value);
        ASSERT_TRUE(there) << name;
        // What is done on one side is done on the other, and comes back as something that means the same.
        const auto back = mapping.statuses.translate(other(side), *there);
        ASSERT_TRUE(back) << name;
        EXPECT_EQ(mapping.statuses.translate(side, *back), there) << name << ": " << value;
      }
    }
  }
}

}  // namespace
}  // namespace causeway::config
