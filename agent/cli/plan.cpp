#include "agent/cli/commands.hpp"
#include "agent/cli/console_log.hpp"
#include "agent/cli/describe.hpp"
#include "agent/cli/output.hpp"
#include "agent/cli/wiring.hpp"

namespace causeway::cli {
namespace {

using engine::PlannedWrite;

struct Cost {
  std::size_t writes = 0;
  std::size_t creations = 0;
  std::size_t requests = 0;
  std::int64_t seconds = 0;
};

/// Requests and time by tracker, for what is not held. Time: what the vendor's limits on creating content allow, or
/// what the spacing between writes asks for, whichever is longer.
std::map<TrackerId, Cost> costs(const config::Config& config, const std::vector<PlannedWrite>& writes) {
  std::map<TrackerId, Cost> costs;
  for (const PlannedWrite& write : writes) {
    if (write.held) continue;
    Cost& cost = costs[write.target.tracker];
    ++cost.writes;
    cost.requests += write.requests;
    if (creates(write.operation)) ++cost.creations;
  }
  for (auto& [id, cost] : costs) {
    const config::TrackerConfig* tracker = config.tracker(id);
    if (tracker == nullptr) continue;
    const auto spaced = [&](std::size_t per, std::int64_t seconds) {
      return per == 0 || cost.creations <= per ? 0 : static_cast<std::int64_t>((cost.creations - 1) / per) * seconds;
    };
    cost.seconds = std::max(spaced(tracker->creations_per_minute.value_or(0), 60),
                            spaced(tracker->creations_per_hour.value_or(0), 3600));
  }
  return costs;
}

void print_json(const engine::Report::Data& report, const std::map<TrackerId, Cost>& costs) {
  Json json;
  json.begin_object();
  json.key("writes");
  json.begin_array();
  for (const PlannedWrite& write : report.writes) {
    json.begin_object();
    json.member("route", write.route.value);
    json.member("source", engine::display(write.source));
    json.member("target", engine::display(write.target));
    json.member("operation", name(write.operation));
    json.key("content");
    describe_json(json, write.operation);
    json.member("requests", write.requests);
    if (write.held) {
      json.member("held", name(*write.held));
      json.member("explanation", write.explanation);
    }
    json.end_object();
  }
  json.end_array();
  json.key("losses");
  json.begin_array();
  for (const std::string& loss : report.losses) json.text(loss);
  json.end_array();
  json.key("conflicts");
  json.begin_array();
  for (const Conflict& conflict : report.conflicts) json.text(conflict.what);
  json.end_array();
  json.key("failures");
  json.begin_array();
  for (const std::string& failure : report.failures) json.text(failure);
  json.end_array();
  json.key("costs");
  json.begin_object();
  for (const auto& [tracker, cost] : costs) {
    json.key(tracker.value);
    json.begin_object();
    json.member("writes", cost.writes);
    json.member("requests", cost.requests);
    json.member("seconds_at_least", cost.seconds);
    json.end_object();
  }
  json.end_object();
  json.end_object();
  print_line(json.take());
}

void print_text(const engine::Report::Data& report, const std::map<TrackerId, Cost>& costs, bool full_text) {
  std::size_t number = 0;
  std::size_t held = 0;
  for (const PlannedWrite& write : report.writes) {
    print_line(fmt::format("{}. {} → {}: {}", ++number, engine::display(write.source), engine::display(write.target),
                           headline(write.operation)));
    if (full_text) {
      const std::string text = describe(write.operation);
      if (!text.empty()) print_line(indented(text, "     "));
    }
    if (write.held) {
      ++held;
      print_line(fmt::format("     held ({}): {}", name(*write.held), printable(write.explanation)));
    }
  }
  for (const Conflict& conflict : report.conflicts) {
    print_line(fmt::format("Conflict: both sides changed the {}; the {} side's value is kept.", conflict.what,
                           conflict.kept == Side::left ? "left" : "right"));
  }
  for (const std::string& loss : report.losses) print_line("Lost: " + printable(loss));
  for (const std::string& failure : report.failures) print_line("Could not look: " + printable(failure));
  if (report.writes.empty()) {
    print_line("Nothing to do: both sides agree. Nothing was written.");
    return;
  }
  print_line(fmt::format("{}, {} held. Nothing was written.", counted(report.writes.size(), "write", "writes"), held));
  for (const auto& [tracker, cost] : costs) {
    print_line(fmt::format("  {}: {} for {}, {} under the vendor's limits.", tracker.value,
                           counted(cost.requests, "request", "requests"), counted(cost.writes, "write", "writes"),
                           cost.seconds == 0 ? "at once" : "at least " + duration_text(cost.seconds)));
  }
}

}  // namespace

ExitCode plan(const CommonOptions& common, bool full_text) {
  const SystemClock clock;
  auto wiring = set_up_or_complain(common.config, clock);
  if (!wiring) return configuration;
  auto store = open_store(wiring->config(), StoreUse::looking_ahead);
  if (!store) return store_unusable;
  SystemRandomness randomness;
  ConsoleLog log{stderr, ConsoleLog::Form::text, engine::Level::error, clock};
  engine::Engine engine{{wiring->config().routes, wiring->workers(), true, wiring->config().audit_kept},
                        wiring->tracker_pointers(),
                        *store,
                        wiring->gate(),
                        clock,
                        randomness,
                        log};
  const std::atomic<bool> stop{false};
  const auto report = engine.pass(stop);
  if (!report) {
    complain(report.error().message);
    return store_unusable;
  }
  const auto by_tracker = costs(wiring->config(), report->writes);
  if (common.json) {
    print_json(*report, by_tracker);
  } else {
    print_text(*report, by_tracker, full_text);
  }
  return report->failures.empty() ? done : attention;
}

}  // namespace causeway::cli
