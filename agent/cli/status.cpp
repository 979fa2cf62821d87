#include "agent/cli/commands.hpp"
#include "agent/cli/output.hpp"
#include "agent/cli/wiring.hpp"
#include "agent/engine/health_text.hpp"
#include "agent/engine/holds.hpp"

namespace causeway::cli {
namespace {

struct Findings {
  store::Counts counts;
  std::map<std::string, engine::Health> health;
  std::vector<RouteId> braked;
  std::optional<Instant> next_due;
};

Result<Findings> look(store::Store& store) {
  Findings findings;
  auto done = store.read([&](store::Transaction& transaction) -> Result<void> {
    auto counts = transaction.counts();
    if (!counts) return std::unexpected(counts.error());
    findings.counts = *counts;
    auto health = transaction.values("health/");
    if (!health) return std::unexpected(health.error());
    for (const auto& [key, text] : *health) {
      if (auto decoded = engine::decode_health(text)) findings.health[key.substr(7)] = std::move(*decoded);
    }
    auto due = transaction.next_hint_due();
    if (!due) return std::unexpected(due.error());
    findings.next_due = *due;
    return {};
  });
  if (!done) return std::unexpected(done.error());
  auto braked = engine::braked_routes(store);
  if (!braked) return std::unexpected(braked.error());
  findings.braked = std::move(*braked);
  return findings;
}

/// How long the waiting tickets take at the vendor's creations per hour, when a tracker makes us wait.
std::optional<std::int64_t> seconds_left(const config::Config& config, const Findings& findings) {
  std::optional<std::int64_t> longest;
  for (const config::TrackerConfig& tracker : config.trackers) {
    const auto health = findings.health.find(tracker.id.value);
    const bool waits = health != findings.health.end() && health->second.state == engine::Health::State::waiting;
    const std::size_t per_hour = tracker.creations_per_hour.value_or(0);
    if (!waits || per_hour == 0) continue;
    const std::int64_t seconds = findings.counts.hints * 3600 / static_cast<std::int64_t>(per_hour);
    longest = std::max(longest.value_or(0), seconds);
  }
  return longest;
}

void print_json(const config::Config& config, const Findings& findings) {
  Json json;
  json.begin_object();
  json.key("trackers");
  json.begin_object();
  for (const config::TrackerConfig& tracker : config.trackers) {
    json.key(tracker.id.value);
    json.begin_object();
    const auto found = findings.health.find(tracker.id.value);
    const engine::Health health = found == findings.health.end() ? engine::Health{} : found->second;
    json.member("state", name(health.state));
    json.member("message", health.message);
    json.member("since", format_instant(health.since));
    json.member("blocked_until", format_instant(health.blocked_until));
    json.end_object();
  }
  json.end_object();
  const store::Counts& counts = findings.counts;
  json.member("links", counts.links);
  json.member("links_paused", counts.links_paused);
  json.member("links_broken", counts.links_broken);
  json.member("waiting", counts.hints);
  if (findings.next_due) json.member("next_due", format_instant(*findings.next_due));
  json.member("ready", counts.intents_ready);
  json.member("sending", counts.intents_sending);
  json.member("held", counts.intents_held);
  json.member("conflicts", counts.conflicts);
  if (const auto left = seconds_left(config, findings)) json.member("seconds_left", *left);
  json.key("brakes");
  json.begin_array();
  for (const RouteId& route : findings.braked) json.text(route.value);
  json.end_array();
  json.end_object();
  print_line(json.take());
}

void print_text(const config::Config& config, const Findings& findings, Instant now) {
  for (const config::TrackerConfig& tracker : config.trackers) {
    const auto found = findings.health.find(tracker.id.value);
    if (found == findings.health.end()) {
      print_line(fmt::format("{:<16} not asked yet", tracker.id.value));
      continue;
    }
    const engine::Health& health = found->second;
    std::string line =
        fmt::format("{:<16} {:<12} since {}", tracker.id.value, name(health.state), format_instant(health.since));
    if (health.state != engine::Health::State::ok && !health.message.empty()) line += ": " + printable(health.message);
    if (health.blocked_until > now) line += fmt::format(" (tried again at {})", format_instant(health.blocked_until));
    print_line(line);
  }
  const store::Counts& counts = findings.counts;
  print_line(fmt::format("{} ({} paused, {} broken), {} waiting, {} being sent, {} held, {}.",
                         counted(static_cast<std::size_t>(counts.links), "link", "links"), counts.links_paused,
                         counts.links_broken, counts.hints, counts.intents_sending, counts.intents_held,
                         counted(static_cast<std::size_t>(counts.conflicts), "conflict", "conflicts")));
  if (counts.hints > 0 && findings.next_due && *findings.next_due > now)
    print_line("The next one is due at " + format_instant(*findings.next_due) + ".");
  if (const auto left = seconds_left(config, findings))
    print_line("About " + duration_text(*left) + " left at the vendor's limit.");
  if (counts.intents_held > 0) print_line("`causeway holds` shows what waits for a person.");
  for (const RouteId& route : findings.braked) {
    print_line(fmt::format(
        "The brake of route {0} is on: a pass would have changed unusually many tickets. Look with `causeway plan`; "
        "`causeway resolve brake:{0} approve` lets it go on.",
        route.value));
  }
}

}  // namespace

ExitCode status(const CommonOptions& common) {
  const auto config = read_config_or_complain(common.config);
  if (!config) return configuration;
  auto store = open_store(*config, StoreUse::reading);
  if (!store) return store_unusable;
  const auto findings = look(*store);
  if (!findings) {
    complain(findings.error().message);
    return store_unusable;
  }
  if (common.json) {
    print_json(*config, *findings);
  } else {
    print_text(*config, *findings, SystemClock{}.now());
  }
  const bool all_well = std::all_of(findings->health.begin(), findings->health.end(), [](const auto& entry) {
    return entry.second.state == engine::Health::State::ok || entry.second.state == engine::Health::State::unknown;
  });
  return all_well && findings->counts.intents_held == 0 && findings->braked.empty() ? done : attention;
}

}  // namespace causeway::cli
