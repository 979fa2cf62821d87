#include "config/load.hpp"

#include <gmock/gmock.h>

#include <filesystem>

#include "tests/unit/config/text_file.hpp"

namespace causeway::config {
namespace {

using namespace std::chrono_literals;
using test::source_file;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

constexpr const char* small = R"(
trackers:
  community: {kind: github, role: community, project: example/widget, token: {env: A}}
  queue: {kind: redmine, role: queue, url: "https://redmine.example.org/", project: support, token: {file: key}}
routes:
  widget:
    left: community
    right: queue
    preset: github-redmine
    mirror_when: {labels: [paid]}
)";

std::string all(const std::vector<Problem>& problems) {
  std::string text;
  for (const Problem& problem : problems) text += to_text(problem) + "\n";
  return text;
}

Config read(std::string_view yaml, const std::string& file = "causeway.yaml") {
  Loaded loaded = parse(yaml, file);
  EXPECT_TRUE(loaded.config) << all(loaded.problems);
  return loaded.config.value_or(Config{});
}

/// `small` with its last route continued.
Config read_with(const std::string& more) { return read(small + more); }

TEST(Load, ASmallConfigurationHasSafeDefaults) {
  const Config config = read(small);
  EXPECT_EQ(config.store_path, "causeway.sqlite");
  EXPECT_EQ(config.audit_kept, std::chrono::days{400});
  policy::RedactionRules expected;
  expected.hosts = {"redmine.example.org"};
  EXPECT_TRUE(config.redaction == expected) << "all there is, and the queue's own address";
  ASSERT_EQ(config.routes.size(), 1U);
  const RouteConfig& route = config.routes[0];
  EXPECT_FALSE(route.first_publication_allowed);
  EXPECT_EQ(route.brake, 200U);
  EXPECT_TRUE(route.publish_when.empty());
  const reconcile::MergeRules& rules = route.rules;
  EXPECT_EQ(rules.names_origin, (std::array{false, true})) << "text written in public names no ticket of the queue";
  EXPECT_EQ(rules.names_authors, (std::array{false, true})) << "text written in public names nobody of the queue";
  EXPECT_EQ(rules.anonymous_author, "Support");
  EXPECT_TRUE(rules.comments[0].mirrored);
  EXPECT_EQ(rules.comments[0].command, "");
  EXPECT_EQ(rules.comments[1].command, "/community");
  EXPECT_TRUE(rules.comments[1].open_only);
}

TEST(Load, GitHubHasItsVendorsLimitsAndRedmineNone) {
  const Config config = read(small);
  const TrackerConfig* community = config.tracker(TrackerId{"community"});
  const TrackerConfig* queue = config.tracker(TrackerId{"queue"});
  ASSERT_TRUE(community != nullptr && queue != nullptr);
  EXPECT_EQ(community->url, "https://api.github.com");
  EXPECT_EQ(community->creations_per_minute, 80U);
  EXPECT_EQ(community->creations_per_hour, 500U);
  EXPECT_EQ(community->format, std::nullopt);
  EXPECT_EQ(queue->url, "https://redmine.example.org");
  EXPECT_EQ(queue->creations_per_minute, std::nullopt);
  EXPECT_EQ(queue->creations_per_hour, std::nullopt);
  EXPECT_EQ(queue->format, "textile");
  EXPECT_EQ(queue->poll, 60s);
  EXPECT_EQ(queue->sweep, 24h);
  EXPECT_EQ(queue->timeout, 30s);
}

TEST(Load, RelativePathsAreTakenFromTheFilesFolder) {
  const Config config = read(small, "/etc/causeway/causeway.yaml");
  EXPECT_EQ(config.store_path, "/etc/causeway/causeway.sqlite");
  EXPECT_EQ(config.tracker(TrackerId{"queue"})->token.file, "/etc/causeway/key");
  EXPECT_EQ(read(small, "conf/causeway.yaml").store_path, "conf/causeway.sqlite");
}

TEST(Load, TheGitHubPresetClosesInTheQueueAndLeavesWorkInProgressAlone) {
  const ValueTable statuses = read(small).routes[0].mapping.statuses;
  EXPECT_EQ(statuses.translate(Side::left, "open"), "New");
  EXPECT_EQ(statuses.translate(Side::left, "closed"), "Closed");
  EXPECT_EQ(statuses.translate(Side::left, "closed:not_planned"), "Rejected");
  EXPECT_EQ(statuses.translate(Side::left, "closed:duplicate"), "Rejected");
  for (const char* at_work : {"New", "In Progress", "Feedback"}) {
    EXPECT_EQ(statuses.translate(Side::right, at_work), "open");
    EXPECT_TRUE(statuses.equivalent("open", at_work));
  }
  EXPECT_EQ(statuses.translate(Side::right, "Resolved"), "closed");
  EXPECT_EQ(statuses.translate(Side::right, "Rejected"), "closed:not_planned");
  EXPECT_EQ(read(small).routes[0].mapping.flow(Field::priority), Flow::none);
}

TEST(Load, WhatTheRouteSaysGoesBeforeItsPreset) {
  const RouteConfig route = read_with(R"(
    mapping:
      status: {values: [[open, Open], [closed, Done]]}
      title: {winner: right}
)")
                                .routes[0];
  EXPECT_THAT(route.mapping.statuses.values(Side::right), ElementsAre("Open", "Done"));
  EXPECT_EQ(route.rules.winners[static_cast<std::size_t>(Field::status)], reconcile::Winner::right);
  EXPECT_EQ(route.rules.winners[static_cast<std::size_t>(Field::title)], reconcile::Winner::right);
  EXPECT_EQ(route.mapping.flow(Field::priority), Flow::none) << "the preset's other keys stay";
}

TEST(Load, APresetThatIsBrokenIsAProblemOfTheRoute) {
  const Loaded loaded = parse(small, "causeway.yaml", {{"github-redmine", "mapping: {status"}});
  EXPECT_FALSE(loaded.config);
  EXPECT_THAT(all(loaded.problems), HasSubstr("causeway.yaml:9: routes/widget/preset: preset github-redmine, line 1:"));
}

TEST(Load, ACustomersRouteTakesNotesThatAreForTheCustomer) {
  const Config config = read(source_file("tests/unit/config/every-key.yaml"));
  EXPECT_EQ(config.route(RouteId{"acme"})->rules.comments[1].command, "/customer");
  EXPECT_EQ(config.route(RouteId{"acme"})->rules.names_authors, (std::array{false, true}));
  EXPECT_EQ(config.route(RouteId{"second"})->rules.comments[1].command, "/community");
}

TEST(Load, AnEmptyCommandLiftsTheDefault) {
  EXPECT_EQ(read_with("    comments: {right: {command: \"\"}}\n").routes[0].rules.comments[1].command, "");
}

TEST(Load, EveryKeyOfATrackerIsRead) {
  const Config config = read(source_file("tests/unit/config/every-key.yaml"), "conf/every-key.yaml");
  const TrackerConfig& community = *config.tracker(TrackerId{"community"});
  EXPECT_EQ(community.kind, "github");
  EXPECT_EQ(community.role, TrackerRole::community);
  EXPECT_EQ(community.url, "https://github.example.org/api/v3");
  EXPECT_EQ(community.project, "example/widget");
  ASSERT_TRUE(community.app);
  EXPECT_EQ(community.app->id, "42");
  EXPECT_EQ(community.app->installation, "77");
  EXPECT_EQ(community.app->key.file, "conf/keys/app.pem");
  EXPECT_TRUE(community.token.empty());
  EXPECT_THAT(community.create, UnorderedElementsAre(Pair("type", "Bug")));
  EXPECT_EQ(community.writers, 2U);
  EXPECT_EQ(community.readers, 3U);
  EXPECT_EQ(community.listing_lag, 20s);
  EXPECT_EQ(community.poll, 30s);
  EXPECT_EQ(community.sweep, 2h);
  EXPECT_EQ(community.timeout, 45s);
  EXPECT_EQ(community.proxy, "http://proxy.example.org:3128");
  EXPECT_EQ(community.ca_file, "/etc/ssl/extra.pem");
  EXPECT_EQ(community.creations_per_minute, 0U);
  EXPECT_EQ(community.creations_per_hour, 100U);

  const TrackerConfig& queue = *config.tracker(TrackerId{"queue"});
  EXPECT_EQ(queue.role, TrackerRole::queue);
  EXPECT_EQ(queue.url, "http://redmine.example.org/redmine");
  EXPECT_EQ(queue.token.credential, "redmine-key");
  EXPECT_EQ(queue.format, "redmine-markdown");
  EXPECT_EQ(queue.switch_user, "causeway");
  EXPECT_THAT(queue.fields, UnorderedElementsAre(Pair("labels", "Labels"), Pair("twin", "Twin"), Pair("marker", "Mark"),
                                                 Pair("publish", "Publish")));
  EXPECT_THAT(queue.create,
              UnorderedElementsAre(Pair("tracker", "Support"), Pair("Urgent", "true"), Pair("Weight", "1.50")));
  EXPECT_EQ(config.tracker(TrackerId{"acme"})->role, TrackerRole::customer);
  EXPECT_EQ(config.tracker(TrackerId{"acme"})->token.env, "ACME_KEY");
  EXPECT_THAT(config.tracker(TrackerId{"acme"})->own_names, ElementsAre("ACME", "acme.example"));
  EXPECT_EQ(config.tracker(TrackerId{"second"})->token.inline_value, "pretend");
  EXPECT_EQ(config.tracker(TrackerId{"none"}), nullptr);
}

TEST(Load, EveryKeyOfARouteIsRead) {
  const Config config = read(source_file("tests/unit/config/every-key.yaml"));
  const RouteConfig& route = *config.route(RouteId{"widget"});
  EXPECT_EQ(route.left.value, "community");
  EXPECT_EQ(route.right.value, "queue");
  EXPECT_THAT(route.mirror_when.labels, ElementsAre("paid"));
  EXPECT_THAT(route.mirror_when.statuses, ElementsAre("open"));
  EXPECT_THAT(route.mirror_when.authors, ElementsAre("ada"));
  EXPECT_THAT(route.mirror_when.title_contains, ElementsAre("[support]"));
  EXPECT_THAT(route.mirror_when.fields,
              UnorderedElementsAre(Pair("type", ElementsAre("Bug")), Pair("team", ElementsAre("a", "b")),
                                   Pair("Paid", ElementsAre("1"))));
  EXPECT_THAT(route.publish_when.fields, UnorderedElementsAre(Pair("Publish", ElementsAre("true"))));
  EXPECT_TRUE(route.first_publication_allowed);
  EXPECT_EQ(route.follow_field, "Upstream");
  EXPECT_TRUE(route.rules.proposes_closing);
  EXPECT_THAT(route.rules.create[0], UnorderedElementsAre(Pair("type", "Task")));
  EXPECT_THAT(route.rules.create[1], UnorderedElementsAre(Pair("category", "Intake")));
  EXPECT_EQ(route.brake, 7U);
  EXPECT_TRUE(config.route(RouteId{"second"})->mirror_when.everything);

  const Mapping& mapping = route.mapping;
  EXPECT_THAT(mapping.fields,
              ElementsAre(Flow::to_right, Flow::both, Flow::to_left, Flow::both, Flow::to_right, Flow::none));
  EXPECT_EQ(mapping.label_flow, Flow::to_left);
  EXPECT_THAT(mapping.statuses.rows(), ElementsAre(ValueTable::Row{"open", "Open"}, ValueTable::Row{"closed", "Done"}));
  EXPECT_THAT(mapping.priorities.rows(), ElementsAre(ValueTable::Row{"1", "High"}));
  EXPECT_THAT(mapping.milestones.rows(), ElementsAre(ValueTable::Row{"1.0", "1.0"}));
  EXPECT_THAT(mapping.labels.rows(), ElementsAre(ValueTable::Row{"bug", "Defect"}));
  EXPECT_THAT(mapping.labels_ignored, ElementsAre("stale"));

  using reconcile::Winner;
  EXPECT_THAT(route.rules.winners,
              ElementsAre(Winner::newest, Winner::right, Winner::left, Winner::born, Winner::left, Winner::born));
  EXPECT_FALSE(route.rules.comments[0].mirrored);
  EXPECT_FALSE(route.rules.comments[0].open_only);
  EXPECT_EQ(route.rules.comments[0].command, "/queue");
  EXPECT_TRUE(route.rules.comments[1].mirrored);
  EXPECT_EQ(route.rules.comments[1].command, "/public");
  EXPECT_EQ(route.rules.names_origin, (std::array{true, false}));
  EXPECT_EQ(route.rules.names_authors, (std::array{true, false}));
  EXPECT_EQ(route.rules.anonymous_author, "The team");
}

TEST(Load, PeopleBecomeTheTableOfEachRouteTheyHaveBothLoginsOf) {
  const Config config = read(source_file("tests/unit/config/every-key.yaml"));
  ASSERT_EQ(config.people.size(), 2U);
  EXPECT_EQ(config.people[0].name, "Ada");
  EXPECT_THAT(config.people[1].logins,
              UnorderedElementsAre(Pair(TrackerId{"community"}, "grace"), Pair(TrackerId{"acme"}, "g.h")));
  EXPECT_THAT(config.route(RouteId{"widget"})->mapping.people.rows(),
              ElementsAre(ValueTable::Row{"ada", "a.lovelace"}));
  EXPECT_THAT(config.route(RouteId{"acme"})->mapping.people.rows(), IsEmpty());
}

TEST(Load, EveryKeyOfTheRestIsRead) {
  const Config config = read(source_file("tests/unit/config/every-key.yaml"), "conf/every-key.yaml");
  EXPECT_EQ(config.file, "conf/every-key.yaml");
  EXPECT_EQ(config.store_path, "conf/state/agent.sqlite");
  EXPECT_EQ(config.audit_kept, std::chrono::days{30});
  EXPECT_TRUE(config.allow_inline_secrets);
  EXPECT_THAT(config.redaction.hosts, ElementsAre(".intern.example.org", "redmine.acme.example",
                                                  "initech.atlassian.net", "hooli.atlassian.net"));
  EXPECT_THAT(config.redaction.customers, ElementsAre("ACME"));
  EXPECT_THAT(config.redaction.domains, ElementsAre("acme.example"));
  EXPECT_THAT(config.redaction.patterns, ElementsAre("PROJ-\\d+"));
  EXPECT_THAT(config.redaction.allowed, ElementsAre("security@example.org"));
}

TEST(Load, RedactionCanBeSwitchedOffWithAWarningForEach) {
  const Loaded loaded = parse(
      std::string{small} + "redaction: {secrets: false, emails: false, internal_hosts: false}\n", "causeway.yaml");
  ASSERT_TRUE(loaded.config) << all(loaded.problems);
  EXPECT_FALSE(loaded.config->redaction.secrets || loaded.config->redaction.emails ||
               loaded.config->redaction.internal_hosts);
  ASSERT_EQ(loaded.problems.size(), 3U);
  for (const Problem& problem : loaded.problems) EXPECT_TRUE(problem.warning);
}

TEST(Load, WhereTheQueueAndTheCustomersTrackersStandIsNothingForThePublic) {
  const std::string more = R"(
  acme: {left: acme, right: queue, preset: redmine-redmine, mirror_when: {everything: true}}
)";
  std::string yaml = small + more;
  yaml.insert(
      yaml.find("routes:"),
      R"(  acme: {kind: redmine, role: customer, url: "https://Tickets.Acme.example/x", project: p, token: {env: B}}
)");
  EXPECT_THAT(read(yaml).redaction.hosts, ElementsAre("redmine.example.org", "tickets.acme.example"));
  EXPECT_THAT(read_with("    names: {left: {origin: true}}\n").redaction.hosts, IsEmpty())
      << "the route says that public text may name the queue's ticket";
  EXPECT_THAT(read_with("redaction: {internal_hosts: false}\n").redaction.hosts, IsEmpty());
  EXPECT_THAT(read_with("redaction: {hosts: [redmine.example.org]}\n").redaction.hosts,
              ElementsAre("redmine.example.org"));
}

TEST(Load, AnUnusedTrackerIsAWarning) {
  std::string yaml{small};
  yaml.insert(yaml.find("routes:"),
              "  spare: {kind: github, role: community, project: example/spare, token: {env: A}}\n");
  const Loaded loaded = parse(yaml, "causeway.yaml");
  EXPECT_TRUE(loaded.config);
  EXPECT_THAT(all(loaded.problems), HasSubstr("causeway.yaml:5: warning: trackers/spare: no route uses this tracker"));
}

TEST(Load, AliasesRepeatWhatTheyName) {
  const Config config = read(R"(
trackers:
  community: {kind: github, role: community, project: example/widget, token: &token {env: A}}
  second: {kind: github, role: community, project: example/second, token: *token}
  queue: {kind: redmine, role: queue, url: "https://redmine.example.org/", project: support, token: {file: key}}
routes:
  widget: {left: community, right: queue, preset: github-redmine, mirror_when: &all {everything: true}}
  second: {left: second, right: queue, preset: github-redmine, mirror_when: *all}
)");
  EXPECT_EQ(config.tracker(TrackerId{"second"})->token.env, "A");
  EXPECT_TRUE(config.route(RouteId{"second"})->mirror_when.everything);
}

TEST(Load, EveryPathHasItsLineAndOthersTheNearest) {
  const Lines lines = parse(small, "causeway.yaml").lines;
  EXPECT_EQ(line_of(lines, "trackers/community"), 3);
  EXPECT_EQ(line_of(lines, "trackers/queue/token/file"), 4);
  EXPECT_EQ(line_of(lines, "routes/widget/left"), 7);
  EXPECT_EQ(line_of(lines, "routes/widget/mirror_when/labels"), 10);
  EXPECT_EQ(line_of(lines, "routes/widget/mapping/status"), 6) << "the preset's: where the route begins";
  EXPECT_EQ(line_of(lines, "people"), 1);
}

TEST(Load, PlainHttpIsForThisMachineOnly) {
  const auto with_url = [](const std::string& url) {
    std::string yaml{small};
    const std::string usual = "https://redmine.example.org/";
    return parse(yaml.replace(yaml.find(usual), usual.size(), url), "causeway.yaml").config.has_value();
  };
  for (const char* mine :
       {"http://localhost:3000", "http://127.0.0.1", "http://[::1]:8080/redmine", "HTTP://LOCALHOST/"})
    EXPECT_TRUE(with_url(mine)) << mine;
  for (const char* other : {"http://redmine", "http://127.0.0.1.example.org", "http://localhost.example.org",
                            "http://10.0.0.1", "http://localhost@redmine/", "http://redmine/#localhost"}) {
    EXPECT_FALSE(with_url(other)) << other;
  }
}

TEST(Load, ReadsAFile) {
  const Loaded loaded = load(test::source_path("config/causeway.example.yaml"));
  EXPECT_TRUE(loaded.config) << all(loaded.problems);
  EXPECT_THAT(loaded.problems, IsEmpty());
}

TEST(Load, AFileThatCannotBeReadIsAProblemWithAWayOut) {
  const Loaded loaded = load("/nowhere/causeway.yaml");
  EXPECT_FALSE(loaded.config);
  ASSERT_EQ(loaded.problems.size(), 1U);
  EXPECT_EQ(to_text(loaded.problems[0]),
            "/nowhere/causeway.yaml:1: the file cannot be read: No such file or directory; name another with --config, "
            "or begin with config/causeway.example.yaml");
  EXPECT_FALSE(load("/tmp").config) << "a folder";
}

TEST(Load, AFileLargerThanOneMebibyteIsRefused) {
  const std::string path = testing::TempDir() + "large.yaml";
  {
    std::ofstream file{path};
    file << small;
    for (int line = 0; line < 20'000; ++line)
      file << "# ---------------------------------------------------------------\n";
  }
  const Loaded loaded = load(path);
  std::filesystem::remove(path);
  EXPECT_FALSE(loaded.config);
  EXPECT_THAT(all(loaded.problems), HasSubstr("larger than 1 MiB"));
}

TEST(Load, ACertificateFileThatIsNotThereIsAProblem) {
  const std::string path = testing::TempDir() + "certificate.yaml";
  {
    std::string yaml{small};
    yaml.replace(yaml.find("token: {file: key}"), 0, "ca_file: /nowhere/ca.pem, ");
    std::ofstream{path} << yaml;
  }
  const Loaded loaded = load(path);
  std::filesystem::remove(path);
  EXPECT_FALSE(loaded.config);
  EXPECT_THAT(all(loaded.problems),
              HasSubstr(":4: trackers/queue/ca_file: /nowhere/ca.pem cannot be read: No such file"));
}

TEST(Load, BytesThatAreNoTextAreRefused) {
  EXPECT_FALSE(parse(std::string("trackers: {}\n\0routes: {}\n", 26), "causeway.yaml").config);
  EXPECT_FALSE(parse("\xff\xfe\x00", "causeway.yaml").config);
  EXPECT_FALSE(parse("\x7f"
                     "ELF",
                     "causeway.yaml")
                   .config);
}

}  // namespace
}  // namespace causeway::config
