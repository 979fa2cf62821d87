#include "agent/engine/holds.hpp"

#include <charconv>

#include "agent/cli/commands.hpp"
#include "agent/cli/describe.hpp"
#include "agent/cli/output.hpp"
#include "agent/cli/wiring.hpp"

namespace causeway::cli {
namespace {

constexpr std::string_view brake_word = "brake:";

void print_json(const std::vector<engine::HeldWrite>& held) {
  Json json;
  json.begin_object();
  json.key("holds");
  json.begin_array();
  for (const engine::HeldWrite& one : held) {
    json.begin_object();
    json.member("id", static_cast<std::int64_t>(one.intent.id));
    json.member("reason", one.intent.reason ? name(*one.intent.reason) : "");
    json.member("explanation", one.intent.explanation);
    json.member("since", format_instant(one.intent.created));
    json.member("source", engine::display(one.link.tickets[index(other(one.intent.target))]));
    json.member("target", engine::display(one.link.tickets[index(one.intent.target)]));
    json.member("operation", name(one.intent.step.operation));
    json.key("content");
    describe_json(json, one.intent.step.operation);
    json.end_object();
  }
  json.end_array();
  json.end_object();
  print_line(json.take());
}

void print_text(const engine::HeldWrite& one) {
  const auto id = static_cast<std::int64_t>(one.intent.id);
  print_line(fmt::format("{}. {} → {}: {}, since {}", id,
                         engine::display(one.link.tickets[index(other(one.intent.target))]),
                         engine::display(one.link.tickets[index(one.intent.target)]),
                         headline(one.intent.step.operation), format_instant(one.intent.created)));
  print_line(fmt::format("   {}: {}", one.intent.reason ? name(*one.intent.reason) : "held",
                         printable(one.intent.explanation)));
  const std::string text = describe(one.intent.step.operation);
  if (!text.empty()) print_line(indented(text, "   | "));
}

/// What a decision means, as a person would say it: "Approved: open a ticket on community". Empty when there is no such
/// hold, which `engine::resolve` then says.
std::string decision_text(store::Store& store, IntentId id, engine::Resolution resolution) {
  const auto held = engine::held_writes(store);
  if (!held) return {};
  const auto found =
      std::find_if(held->begin(), held->end(), [&](const engine::HeldWrite& one) { return one.intent.id == id; });
  if (found == held->end()) return {};
  const TicketRef& target = found->link.tickets[index(found->intent.target)];
  const std::string_view word = resolution == engine::Resolution::approve ? "Approved"
                                : resolution == engine::Resolution::drop  ? "Dropped"
                                                                          : "Tried again";
  return fmt::format("{}: {} on {}", word, headline(found->intent.step.operation),
                     target.id.empty() ? target.tracker.value : engine::display(target));
}

}  // namespace

ExitCode holds(const CommonOptions& common) {
  const auto config = read_config_or_complain(common.config);
  if (!config) return configuration;
  auto store = open_store(*config, StoreUse::reading);
  if (!store) return store_unusable;
  const auto held = engine::held_writes(*store);
  const auto braked = engine::braked_routes(*store);
  if (!held || !braked) {
    complain(held ? braked.error().message : held.error().message);
    return store_unusable;
  }
  if (common.json) {
    print_json(*held);
  } else {
    for (const engine::HeldWrite& one : *held) print_text(one);
    for (const RouteId& route : *braked)
      print_line(fmt::format("brake:{}  the route would change unusually many tickets", route.value));
    if (held->empty() && braked->empty()) {
      print_line("Nothing waits for a person.");
    } else {
      print_line("Decide with `causeway resolve HOLD approve|drop|retry`.");
    }
  }
  return held->empty() && braked->empty() ? done : attention;
}

ExitCode resolve(const CommonOptions& common, const std::string& hold, const std::string& word) {
  const auto config = read_config_or_complain(common.config);
  if (!config) return configuration;
  const auto resolution = engine::parse_resolution(word);
  if (!resolution) return usage;
  auto store = open_store(*config, StoreUse::beside_the_agent);
  if (!store) return store_unusable;
  const Instant now = SystemClock{}.now();
  Result<std::string> said;
  if (hold.starts_with(brake_word)) {
    if (*resolution != engine::Resolution::approve) {
      complain("resolve: a brake can only be approved; to keep it on, do nothing");
      return usage;
    }
    const RouteId route{hold.substr(brake_word.size())};
    auto released = engine::release_brake(*store, route, now);
    said = released ? Result<std::string>{"The brake of route " + route.value + " is off until the route has caught up"}
                    : Result<std::string>{std::unexpected(released.error())};
  } else {
    std::int64_t id = 0;
    const auto [end, error] = std::from_chars(hold.data(), hold.data() + hold.size(), id);
    if (error != std::errc{} || end != hold.data() + hold.size()) {
      complain(fmt::format("resolve: \"{}\" is neither a hold's number nor brake:ROUTE; `causeway holds` lists them",
                           printable(hold)));
      return usage;
    }
    std::string decision = decision_text(*store, IntentId{id}, *resolution);
    said = engine::resolve(*store, IntentId{id}, *resolution, now);
    if (said && !decision.empty()) *said = std::move(decision);
  }
  if (!said) {
    complain("resolve: " + said.error().message);
    return said.error().fault == Fault::gone       ? not_found
           : said.error().fault == Fault::rejected ? attention
                                                   : store_unusable;
  }
  if (common.json) {
    Json json;
    json.begin_object();
    json.member("done", *said);
    json.end_object();
    print_line(json.take());
  } else {
    print_line(*said +
               (*resolution == engine::Resolution::drop
                    ? ". It is never sent; both sides count as agreed without it."
                    : ". A running agent carries it out within seconds; otherwise `causeway run --once` does."));
  }
  return done;
}

ExitCode backup(const CommonOptions& common, const std::string& path) {
  const auto config = read_config_or_complain(common.config);
  if (!config) return configuration;
  auto store = open_store(*config, StoreUse::reading);
  if (!store) return store_unusable;
  const auto made = store->backup(path);
  if (!made) {
    complain("backup: " + made.error().message);
    return store_unusable;
  }
  if (common.json) {
    Json json;
    json.begin_object();
    json.member("backup", path);
    json.end_object();
    print_line(json.take());
  } else {
    print_line("Written: " + path);
  }
  return done;
}

}  // namespace causeway::cli
