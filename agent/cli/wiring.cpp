#include "agent/cli/wiring.hpp"

#include <unistd.h>

#include <charconv>
#include <filesystem>

#include "agent/cli/output.hpp"
#include "agent/cli/registry.hpp"
#include "agent/cli/version.hpp"
#include "agent/http/curl_transport.hpp"
#include "agent/store/sqlite/sqlite_store.hpp"

namespace causeway::cli {
namespace {

std::string budget_key(const TrackerId& tracker) { return "budget/" + tracker.value; }

/// Instants as "seconds seconds …": what the vendor counts is not finer.
std::string encode(const std::vector<Instant>& instants) {
  std::string text;
  for (const Instant instant : instants) {
    if (!text.empty()) text.push_back(' ');
    text += std::to_string(std::chrono::floor<std::chrono::seconds>(instant).time_since_epoch().count());
  }
  return text;
}

std::vector<Instant> decode(std::string_view text) {
  std::vector<Instant> instants;
  const char* place = text.data();
  const char* const end = text.data() + text.size();
  while (place < end) {
    std::int64_t seconds = 0;
    const auto [next, error] = std::from_chars(place, end, seconds);
    if (error != std::errc{}) break;
    instants.emplace_back(std::chrono::seconds{seconds});
    place = next + 1;
  }
  return instants;
}

http::CurlOptions curl_options(const config::TrackerConfig& tracker) {
  http::CurlOptions options;
  options.user_agent = std::string{"Causeway/"} + version;
  options.timeout = tracker.timeout;
  options.proxy = tracker.proxy.value_or("");
  options.ca_file = tracker.ca_file.value_or("");
  return options;
}

engine::TrackerSetting setting_of(const config::TrackerConfig& tracker, const Capabilities& capabilities) {
  engine::TrackerSetting setting;
  setting.id = tracker.id;
  setting.role = tracker.role;
  setting.writers = tracker.writers.value_or(capabilities.writers_default);
  setting.readers = tracker.readers.value_or(std::max<std::size_t>(2, setting.writers));
  setting.poll = tracker.poll;
  setting.sweep = tracker.sweep;
  setting.own_names = tracker.own_names;
  return setting;
}

}  // namespace

/// One tracker's line of decorators. Its parts borrow from each other, so it stays where it is.
struct Wiring::Connection {
  Connection(const config::TrackerConfig& tracker, const Clock& clock)
      : id(tracker.id),
        curl(http::make_curl_transport(curl_options(tracker))),
        counting(*curl),
        budget(counting, budget_of(tracker), clock) {}

  TrackerId id;
  std::unique_ptr<http::Transport> curl;
  http::CountingTransport counting;
  http::BudgetTransport budget;
  std::unique_ptr<Adapter> adapter;
  std::string budget_saved;
};

Wiring::Wiring(config::Config config) : config_(std::move(config)) {}
Wiring::~Wiring() = default;

std::vector<config::Problem> Wiring::connect(const Clock& clock, const config::Lines& lines) {
  std::vector<config::Problem> problems;
  const auto secret = [&](const config::SecretSource& source, config::SecretForm form, const std::string& path) {
    if (source.empty()) return http::Secret{};
    auto resolved = config::resolve_secret(source, form, path, config_.file, lines);
    if (resolved) return http::Secret{std::move(*resolved)};
    problems.push_back(std::move(resolved.error()));
    return http::Secret{};
  };
  for (const config::TrackerConfig& tracker : config_.trackers) {
    const std::string place = "trackers/" + tracker.id.value;
    auto connection = std::make_unique<Connection>(tracker, clock);
    http::Secret token = secret(tracker.token, config::SecretForm::line, place + "/token");
    http::Secret app_key =
        tracker.app ? secret(tracker.app->key, config::SecretForm::whole, place + "/app/key") : http::Secret{};
    if (const auto& oauth = tracker.jira.oauth)
      app_key = secret(oauth->secret, config::SecretForm::line, place + "/oauth/client_secret");
    connection->adapter = make_adapter({tracker, connection->budget, std::move(token), std::move(app_key), clock});
    if (!connection->adapter) {
      problems.push_back({config_.file, config::line_of(lines, place + "/kind"), place + "/kind",
                          fmt::format("there is no kind of tracker \"{}\"", tracker.kind),
                          "use github, redmine or jira"});
      continue;
    }
    trackers_.push_back(std::make_unique<engine::Tracker>(setting_of(tracker, connection->adapter->capabilities()),
                                                          *connection->adapter, clock));
    connections_.push_back(std::move(connection));
  }
  auto gate = policy::PrivacyGate::make(config_.redaction);
  if (gate) {
    gate_ = std::make_unique<policy::PrivacyGate>(std::move(*gate));
  } else {
    problems.push_back(
        {config_.file, config::line_of(lines, "redaction"), "redaction", gate.error().message, "mend the expression"});
  }
  return problems;
}

std::vector<engine::Tracker*> Wiring::tracker_pointers() const {
  std::vector<engine::Tracker*> pointers;
  for (const auto& tracker : trackers_) pointers.push_back(tracker.get());
  return pointers;
}

std::size_t Wiring::workers() const {
  // A ticket keeps its thread while it is read back; a few more than there are slots for writing keep those in use
  // meanwhile.
  std::size_t count = 2;
  for (const auto& tracker : trackers_) count += tracker->setting().writers + tracker->setting().readers / 4;
  return count;
}

Result<void> Wiring::restore_budgets(store::Store& store) {
  return store.read([&](store::Transaction& transaction) -> Result<void> {
    for (const auto& connection : connections_) {
      auto saved = transaction.value(budget_key(connection->id));
      if (!saved) return std::unexpected(saved.error());
      connection->budget_saved = saved->value_or("");
      connection->budget.restore(decode(connection->budget_saved));
    }
    return {};
  });
}

Result<void> Wiring::save_budgets(store::Store& store) {
  std::map<std::string, std::string> changed;
  for (const auto& connection : connections_) {
    std::string now = encode(connection->budget.creations());
    if (now == connection->budget_saved) continue;
    connection->budget_saved = now;
    changed[budget_key(connection->id)] = std::move(now);
  }
  if (changed.empty()) return {};
  return store.write([&](store::Transaction& transaction) -> Result<void> {
    for (const auto& [key, value] : changed) {
      if (auto result = transaction.set_value(key, value); !result) return result;
    }
    return {};
  });
}

std::map<std::string, std::map<std::string, std::size_t>> Wiring::requests() const {
  std::map<std::string, std::map<std::string, std::size_t>> counts;
  for (const auto& connection : connections_) counts[connection->id.value] = connection->counting.counts();
  return counts;
}

std::string Setup::where(const std::string& path) const {
  return fmt::format("{}:{}", file, config::line_of(lines, path));
}

Setup set_up(const std::string& config_path, const Clock& clock) {
  Setup setup;
  setup.file = config_path;
  config::Loaded loaded = config::load(config_path);
  setup.problems = std::move(loaded.problems);
  setup.lines = std::move(loaded.lines);
  if (!loaded.config) return setup;
  auto wiring = std::make_unique<Wiring>(std::move(*loaded.config));
  std::vector<config::Problem> more = wiring->connect(clock, setup.lines);
  if (more.empty()) setup.wiring = std::move(wiring);
  setup.problems.insert(setup.problems.end(), std::make_move_iterator(more.begin()),
                        std::make_move_iterator(more.end()));
  return setup;
}

namespace {

/// Says everything that is wrong; `usable`: whether work goes on all the same.
void complain_about(const std::vector<config::Problem>& problems, bool usable) {
  for (const config::Problem& problem : problems) complain(printable(config::to_text(problem)));
  if (!usable) complain(counted(problems.size(), "problem", "problems") + "; nothing was started.");
}

}  // namespace

std::unique_ptr<Wiring> set_up_or_complain(const std::string& config_path, const Clock& clock) {
  Setup setup = set_up(config_path, clock);
  complain_about(setup.problems, setup.wiring != nullptr);
  return std::move(setup.wiring);
}

std::optional<config::Config> read_config_or_complain(const std::string& path) {
  config::Loaded loaded = config::load(path);
  if (!loaded.config) complain_about(loaded.problems, false);
  return std::move(loaded.config);
}

std::unique_ptr<store::Store> open_store(const config::Config& config, StoreUse use) {
  store::SqliteOptions options;
  options.path = config.store_path;
  switch (use) {
    case StoreUse::alone:
      options.use = store::SqliteOptions::Use::alone;
      break;
    case StoreUse::reading:
      options.use = store::SqliteOptions::Use::reading;
      break;
    case StoreUse::beside_the_agent:
      options.use = store::SqliteOptions::Use::beside_the_agent;
      break;
    case StoreUse::looking_ahead:
      options.use = ::access(options.path.c_str(), F_OK) == 0 ? store::SqliteOptions::Use::reading
                                                              : store::SqliteOptions::Use::nothing_yet;
      break;
  }
  auto opened = store::open_sqlite(options);
  if (opened) return std::move(*opened);
  complain(printable(opened.error().message));
  return nullptr;
}

}  // namespace causeway::cli
