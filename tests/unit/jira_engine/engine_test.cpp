/// The whole agent between a community's GitHub and a Jira as the queue, with the presets as they are shipped.
#include "agent/engine/engine.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <numeric>

#include "adapters/github/adapter.hpp"
#include "adapters/jira/adapter.hpp"
#include "adapters/jira/envelope.hpp"
#include "config/load.hpp"
#include "tests/fakes/github/github.hpp"
#include "tests/fakes/github/transport.hpp"
#include "tests/fakes/jira/jira.hpp"
#include "tests/fakes/jira/transport.hpp"
#include "tests/fakes/store/memory_store.hpp"
#include "tests/fakes/world/world.hpp"

namespace causeway::jira {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const std::string repository = "acme/widgets";

const std::string yaml = R"(
trackers:
  community: {kind: github, role: community, project: acme/widgets, token: {env: A}}
  queue: {kind: jira, role: queue, url: "https://jira.example.org", project: INIT, token: {env: B}}
routes:
  widget:
    left: community
    right: queue
    preset: github-jira
    mirror_when: {everything: true}
    publish_when: {fields: {type: Bug}}
)";

template <class Counts>
std::size_t sum(const Counts& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::size_t{0},
                         [](std::size_t total, const auto& entry) { return total + entry.second; });
}

class JiraAsQueue : public testing::TestWithParam<Deployment> {
 protected:
  JiraAsQueue() {
    config::Loaded loaded = config::parse(yaml, "causeway.yaml");
    for (const config::Problem& problem : loaded.problems) ADD_FAILURE() << config::to_text(problem);
    if (!loaded.config) throw std::runtime_error("no configuration");
    routes_ = loaded.config->routes;
    begin();
  }
  /// A life of the agent, on the store as it is.
  void begin() {
    engine_.reset();
    trackers_.clear();
    github::GitHubOptions left;
    left.id = TrackerId{"community"};
    left.url = "http://github.test";
    left.repository = repository;
    github_adapter_ = std::make_unique<github::GitHubAdapter>(left, github_transport_,
                                                              http::Secret{fakes::github::token_of("syncuser")}, clock);
    const bool cloud = GetParam() == Deployment::cloud;
    JiraOptions right;
    right.id = TrackerId{"queue"};
    right.deployment = GetParam();
    right.url = cloud ? "http://jira.test" : "http://jira.test/jira";
    right.project = "INIT";
    right.issue_type = "Task";
    right.private_comments = {PrivateComments::Kind::role, "Developers"};
    right.listing_lag = cloud ? cloud_lag : data_center_lag;
    Credential credential = AccessToken{http::Secret{"token-syncuser"}};
    if (cloud) credential = UserToken{"syncuser@example.com", http::Secret{"token-syncuser"}};
    jira_adapter_ = std::make_unique<JiraAdapter>(right, jira_transport_, std::move(credential), clock);
    trackers_.push_back(std::make_unique<engine::Tracker>(
        engine::TrackerSetting{left.id, TrackerRole::community, 1, 2, 60s, 24h}, *github_adapter_, clock));
    trackers_.push_back(std::make_unique<engine::Tracker>(
        engine::TrackerSetting{right.id, TrackerRole::queue, 8, 8, 60s, 24h}, *jira_adapter_, clock));
    std::vector<engine::Tracker*> pointers;
    for (const auto& tracker : trackers_) pointers.push_back(tracker.get());
    engine_ = std::make_unique<engine::Engine>(engine::EngineSetting{routes_, 1, false, std::chrono::days{400}},
                                               pointers, store_, gate_, clock, randomness_, log_);
    if (const auto recovered = engine_->recover(); !recovered) ADD_FAILURE() << recovered.error().message;
  }
  engine::Report::Data pass() {
    if (auto begun = engine_->begin_pass(false); !begun) ADD_FAILURE() << begun.error().message;
    for (int steps = 0; steps < 100'000; ++steps) {
      const auto stepped = engine_->step();
      if (!stepped) ADD_FAILURE() << stepped.error().message;
      if (!stepped || !*stepped) break;
    }
    if (auto ended = engine_->end_pass(); !ended) ADD_FAILURE() << ended.error().message;
    engine::Report::Data report = engine_->take_report();
    for (const std::string& failure : report.failures) ADD_FAILURE() << failure;
    return report;
  }
  [[nodiscard]] std::size_t writes() const {
    std::size_t total = 0;
    for (const auto& counts : {github.requests(), jira.requests()}) {
      for (const auto& [request, count] : counts) {
        if (!request.starts_with("GET")) total += count;
      }
    }
    return total;
  }
  [[nodiscard]] std::size_t requests() const { return sum(github.requests()) + sum(jira.requests()); }
  /// Passes, each a minute later, until nothing was written for a while.
  void settle() {
    int quiet = 0;
    for (int passes = 0; passes < 60 && quiet < 8; ++passes) {
      const std::size_t before = writes();
      pass();
      quiet = writes() == before ? quiet + 1 : 0;
      clock.advance(1min);
    }
    EXPECT_EQ(quiet, 8) << "it never comes to rest";
  }
  [[nodiscard]] std::vector<fakes::jira::Issue> issues() const {
    std::vector<fakes::jira::Issue> all;
    for (const auto id : jira.all("INIT")) all.push_back(*jira.look(id));
    return all;
  }
  [[nodiscard]] std::string status_of(const fakes::jira::Issue& issue) const {
    for (const auto& status : jira.state().statuses) {
      if (status.id == issue.status) return status.name;
    }
    return {};
  }

  fakes::ManualClock clock;
  fakes::github::GitHub github{clock};
  fakes::jira::Jira jira{
      clock, GetParam() == Deployment::cloud ? fakes::jira::cloud_world() : fakes::jira::data_center_world()};

 private:
  fakes::github::DirectTransport github_transport_{github, "http://github.test"};
  fakes::jira::DirectTransport jira_transport_{jira, "http://jira.test"};
  fakes::MemoryStore store_;
  fakes::SeededRandomness randomness_{7};
  fakes::KeepingLog log_;
  policy::PrivacyGate gate_ = *policy::PrivacyGate::make({});
  std::vector<config::RouteConfig> routes_;
  std::unique_ptr<Adapter> github_adapter_, jira_adapter_;
  std::vector<std::unique_ptr<engine::Tracker>> trackers_;
  std::unique_ptr<engine::Engine> engine_;
};

TEST_P(JiraAsQueue, MirrorsWhatIsFiledWithItsCommentsAndComesToRest) {
  const auto number = github.open(repository, "Crash", "It *crashes*\n\n- at start\n- always", "visitor");
  github.comment(repository, number, "me too");
  github.comment(repository, number, "`code`");
  settle();
  ASSERT_THAT(issues(), SizeIs(1));
  const fakes::jira::Issue issue = issues()[0];
  EXPECT_EQ(issue.summary, "Crash");
  EXPECT_THAT(issue.description, HasSubstr("crashes"));
  EXPECT_THAT(issue.description, HasSubstr("acme/widgets/issues/"));
  EXPECT_THAT(jira.comments(issue.key), SizeIs(2));
  const std::size_t before = writes();
  begin();
  settle();
  EXPECT_EQ(writes(), before);
  EXPECT_THAT(issues(), SizeIs(1));
}

TEST_P(JiraAsQueue, ChangesGoBothWaysAndDoNotComeBack) {
  const auto number = github.open(repository, "Crash", "It crashes", "visitor");
  settle();
  const std::string key = issues().at(0).key;
  fakes::github::Change change;
  change.title = "Crash at start";
  github.edit(repository, number, change);
  github.label(repository, number, "good first issue");
  settle();
  EXPECT_EQ(issues()[0].summary, "Crash at start");
  EXPECT_THAT(issues()[0].labels, ElementsAre("good-first-issue"));
  EXPECT_EQ(github.look(repository, number)->labels.size(), 1U);
  jira.transition(key, "Done", "agent");
  settle();
  EXPECT_TRUE(github.look(repository, number)->closed);
  github.reopen(repository, number);
  settle();
  EXPECT_EQ(status_of(issues()[0]), github.look(repository, number)->closed ? "Done" : "To Do");
  github.unlabel(repository, number, "good first issue");
  settle();
  EXPECT_THAT(issues()[0].labels, IsEmpty());
}

TEST_P(JiraAsQueue, LosesNothingToAnIndexThatShowsWhatWasBefore) {
  jira.change([](fakes::jira::State& state) {
    state.settings.index_lag_ms = {0, GetParam() == Deployment::cloud ? 50'000 : 12'000};
    state.settings.flap_every = 3;
  });
  std::vector<std::int64_t> numbers;
  for (int made = 0; made < 12; ++made) {
    numbers.push_back(github.open(repository, fmt::format("ticket {}", made), "text", "visitor"));
    pass();
    clock.advance(20s);
    fakes::github::Change change;
    change.title = fmt::format("ticket {} renamed", made);
    github.edit(repository, numbers.back(), change);
    if (made % 3 == 0 && !issues().empty()) {
      fakes::jira::Form form;
      form.priority = "High";
      jira.edit(issues().front().key, form);
    }
  }
  settle();
  ASSERT_THAT(issues(), SizeIs(12));
  for (const auto number : numbers) EXPECT_THAT(github.look(repository, number)->title, HasSubstr("renamed"));
  for (const fakes::jira::Issue& issue : issues()) EXPECT_THAT(issue.summary, HasSubstr("renamed"));
}

TEST_P(JiraAsQueue, CostsNoMoreRequestsThanItHasTo) {
  constexpr std::size_t tickets = 25;
  std::vector<std::int64_t> numbers;
  for (std::size_t made = 0; made < tickets; ++made) {
    numbers.push_back(github.open(repository, fmt::format("ticket {}", made), "text", "visitor"));
    for (int comment = 0; comment < 3; ++comment) github.comment(repository, numbers.back(), "words");
  }
  std::size_t before = requests();
  pass();
  EXPECT_THAT(issues(), SizeIs(tickets));
  // What is asked once (account, project, issue types, what an issue begins with …) weighs less the more there are.
  constexpr std::size_t asked_once = 12;
  EXPECT_LE(requests() - before, 4 * tickets + asked_once) << "first mirror with three comments each";
  RecordProperty("first_mirror", std::to_string(requests() - before));
  settle();
  before = requests();
  pass();
  EXPECT_LE(requests() - before, 3U) << "nothing changed";
  RecordProperty("nothing_changed", std::to_string(requests() - before));
  clock.advance(1min);
  for (const auto number : numbers) {
    fakes::github::Change change;
    change.title = fmt::format("renamed {}", number);
    github.edit(repository, number, change);
  }
  before = requests();
  pass();
  EXPECT_LE(static_cast<double>(requests() - before) / tickets, 2.3) << "changed tickets";
  RecordProperty("changed", std::to_string(requests() - before));
}

INSTANTIATE_TEST_SUITE_P(, JiraAsQueue, testing::Values(Deployment::cloud, Deployment::data_center),
                         [](const auto& one) { return one.param == Deployment::cloud ? "Cloud" : "DataCenter"; });

}  // namespace
}  // namespace causeway::jira
