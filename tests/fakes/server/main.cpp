/// causeway-standin: a GitHub, a Redmine or a Jira in memory on a port of this machine, for the demo, the benchmarks
/// and the tests that kill the agent.
#include <Poco/Exception.h>
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "tests/fakes/github/github.hpp"
#include "tests/fakes/jira/jira.hpp"
#include "tests/fakes/redmine/redmine.hpp"
#include "tests/fakes/server/standin_server.hpp"

namespace {

using namespace causeway;

class RunningClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  }
};

struct Wish {
  std::uint16_t port = 0;
  std::int64_t latency_ms = 0;
  std::string repository = "acme/widgets", project = "INIT";
  std::string recorded = CAUSEWAY_SOURCE_DIR "/tests/data/github-issues.json";
  std::size_t issues = 0, comments = 3, bytes = 1500;
  bool limits = false, with_recorded = false, empty = false;
  std::int64_t creations_per_hour = 500;
  std::string public_key;
};

std::string file_text(const std::string& path) {
  std::ifstream file{path};
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// Until SIGTERM or SIGINT, which every thread has blocked.
int serve(fakes::StandinServer& server, const sigset_t& ending) {
  fmt::print("listening on {}\n", server.origin());
  std::fflush(stdout);
  int signal = 0;
  sigwait(&ending, &signal);
  server.stop();
  return 0;
}

int serve_github(const Wish& wish, const Clock& clock, const sigset_t& ending) {
  fakes::github::GitHub github{clock};
  github.change([&](fakes::github::State& state) {
    state.settings.latency_ms = wish.latency_ms;
    state.settings.limits.enforced = wish.limits;
    state.settings.limits.creations_per_hour = wish.creations_per_hour;
  });
  if (!wish.public_key.empty()) github.register_app(1, file_text(wish.public_key));
  if (wish.with_recorded && !github.load_recorded(wish.repository, file_text(wish.recorded))) {
    fmt::print(stderr, "causeway-standin: {} holds no recorded issues\n", wish.recorded);
    return 1;
  }
  github.fill(wish.repository, wish.issues, wish.comments, wish.bytes);
  fakes::StandinServer server{[&](const fakes::Request& request) { return github.handle(request); }, wish.port};
  return serve(server, ending);
}

int serve_redmine(const Wish& wish, const Clock& clock, const sigset_t& ending) {
  fakes::redmine::Redmine redmine{clock, fakes::redmine::seeded_world()};
  redmine.change([&](fakes::redmine::State& state) { state.settings.latency_ms = wish.latency_ms; });
  fakes::StandinServer server{[&](const fakes::Request& request) { return redmine.handle(request); }, wish.port};
  return serve(server, ending);
}

int serve_jira(const Wish& wish, bool cloud, const Clock& clock, const sigset_t& ending) {
  fakes::jira::Jira jira{clock, cloud ? fakes::jira::cloud_world() : fakes::jira::data_center_world()};
  jira.fill(wish.project, wish.issues, wish.comments, wish.bytes);
  fakes::StandinServer server{[&](const fakes::Request& request) { return jira.handle(request); }, wish.port};
  jira.change([&](fakes::jira::State& state) {
    state.settings.latency_ms = wish.latency_ms;
    state.settings.limits.per_issue = wish.limits;
    // The same machine under another name: where files are is another host, as on the real site.
    state.settings.media_origin = fmt::format("http://localhost:{}", server.port());
  });
  return serve(server, ending);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App program{"A GitHub, a Redmine or a Jira in memory, on a port of this machine. Nothing is kept when it ends."};
  program.require_subcommand(1);
  Wish wish;
  CLI::App* github = program.add_subcommand("github", "A GitHub with the sample world");
  CLI::App* redmine = program.add_subcommand("redmine", "A Redmine seeded like the real one of the demo");
  CLI::App* jira_cloud = program.add_subcommand("jira-cloud", "A Jira Cloud site with the sample world");
  CLI::App* jira_data_center =
      program.add_subcommand("jira-data-center", "A Jira Data Center below /jira with the sample world");
  for (CLI::App* one : {jira_cloud, jira_data_center}) {
    one->add_flag("--limits", wish.limits, "Enforce the limits on writes to one issue");
    one->add_option("--project", wish.project, "Where issues are put")->capture_default_str();
  }
  for (CLI::App* one : {github, jira_cloud, jira_data_center}) {
    one->add_option("--issues", wish.issues, "So many generated issues");
    one->add_option("--comments", wish.comments, "Comments on each of them")->capture_default_str();
    one->add_option("--bytes", wish.bytes, "Size of their texts")->capture_default_str();
  }
  for (CLI::App* one : {github, redmine, jira_cloud, jira_data_center}) {
    one->add_option("--port", wish.port, "Port to listen on; 0: one that is free");
    one->add_option("--latency", wish.latency_ms, "Milliseconds that every answer takes");
  }
  github->add_flag("--limits", wish.limits, "Enforce the vendor's rate limits");
  github->add_option("--creations-per-hour", wish.creations_per_hour, "The limit on new content")
      ->capture_default_str();
  github->add_option("--repository", wish.repository, "Where issues are put")->capture_default_str();
  github->add_flag("--empty", wish.empty, "No issues (as without any of these)");
  github->add_flag("--recorded", wish.with_recorded, "Recorded real issues");
  github->add_option("--recorded-from", wish.recorded, "The file they are in")->capture_default_str();
  github->add_option("--app-public-key", wish.public_key, "PEM file: the key that the app causeway-sync signs with");
  CLI11_PARSE(program, argc, argv);
  try {
    sigset_t ending;
    sigemptyset(&ending);
    sigaddset(&ending, SIGTERM);
    sigaddset(&ending, SIGINT);
    pthread_sigmask(SIG_BLOCK, &ending, nullptr);
    const RunningClock clock;
    if (jira_cloud->parsed() || jira_data_center->parsed()) {
      return serve_jira(wish, jira_cloud->parsed(), clock, ending);
    }
    return github->parsed() ? serve_github(wish, clock, ending) : serve_redmine(wish, clock, ending);
  } catch (const Poco::Exception& error) {
    fmt::print(stderr, "causeway-standin: port {}: {}\n", wish.port, error.displayText());
    return 1;
  }
}
