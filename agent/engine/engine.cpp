#include "agent/engine/engine.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <thread>

#include "agent/engine/health_text.hpp"
#include "agent/engine/read_value.hpp"

namespace causeway::engine {
namespace {

using namespace std::chrono_literals;
using store::IntentState;
using store::Link;
using store::Transaction;

constexpr std::size_t hints_at_once = 500;
constexpr std::size_t unfinished_at_once = 10'000;
constexpr auto loop_pause = 200ms;
constexpr std::string_view brake_engaged = "engaged";
constexpr std::string_view brake_released = "released";

std::string sweep_key(const TrackerId& tracker) { return "sweep/" + tracker.value; }
std::string brake_key(const RouteId& route) { return "brake/" + route.value; }
std::string health_key(const TrackerId& tracker) { return "health/" + tracker.value; }

}  // namespace

Engine::Engine(EngineSetting setting, std::vector<Tracker*> trackers, store::Store& store,
               const policy::PrivacyGate& gate, const Clock& clock, Randomness& randomness, Log& log)
    : setting_(std::move(setting)),
      trackers_(std::move(trackers)),
      store_(store),
      clock_(clock),
      log_(log),
      context_{store_, clock_, randomness, gate, log_, report_, brake_, {}, setting_.dry} {
  for (const Tracker* one : trackers_) context_.roles[one->id()] = one->setting().role;
}

Tracker* Engine::tracker(const TrackerId& id) const {
  const auto found =
      std::find_if(trackers_.begin(), trackers_.end(), [&](const Tracker* one) { return one->id() == id; });
  return found == trackers_.end() ? nullptr : *found;
}

const config::RouteConfig* Engine::route(const RouteId& id) const {
  const auto found = std::find_if(setting_.routes.begin(), setting_.routes.end(),
                                  [&](const config::RouteConfig& one) { return one.id == id; });
  return found == setting_.routes.end() ? nullptr : &*found;
}

Result<void> Engine::recover() {
  for (const IntentState state : {IntentState::sending, IntentState::ready}) {
    auto written = store_.write([&](Transaction& transaction) -> Result<void> {
      auto intents = transaction.intents_in(state, unfinished_at_once);
      if (!intents) return std::unexpected(intents.error());
      for (const store::StoredIntent& intent : *intents) {
        auto link = transaction.link(intent.link);
        if (!link) return std::unexpected(link.error());
        if (!*link) continue;
        if (auto result = transaction.add_hint((*link)->tickets[index((*link)->born)], clock_.now()); !result)
          return result;
      }
      return {};
    });
    if (!written) return written;
  }
  return store_.write(
      [&](Transaction& transaction) { return transaction.remove_audit_before(clock_.now() - setting_.audit_kept); });
}

Result<void> Engine::begin_pass(bool full) {
  brake_.begin();
  if (auto synced = sync_brakes(); !synced) return synced;
  for (Tracker* one : trackers_) {
    if (full) {
      if (auto swept = sweep_everything(*one); !swept) return swept;
    }
    if (auto begun = begin_round(*one); !begun) return begun;
  }
  return load_due_hints(setting_.dry ? std::numeric_limits<std::size_t>::max() / 2 : hints_at_once);
}

Result<void> Engine::end_pass() {
  if (setting_.dry) return {};
  if (auto synced = sync_brakes(); !synced) return synced;
  if (auto lifted = lift_releases(); !lifted) return lifted;
  return note_health();
}

/// The store is where a brake that is on survives and where a person releases it, in a process of their own.
Result<void> Engine::sync_brakes() {
  auto states = read_value<std::map<std::string, std::string>>(
      store_, [](Transaction& transaction) { return transaction.values("brake/"); });
  if (!states) return std::unexpected(states.error());
  const std::set<RouteId> stopped = brake_.engaged();
  for (const config::RouteConfig& one : setting_.routes) {
    const auto known = states->find(brake_key(one.id));
    if (known != states->end()) {
      brake_.set(one.id, known->second == brake_engaged, known->second == brake_released);
      continue;
    }
    if (!stopped.contains(one.id)) {
      brake_.set(one.id, false, false);
      continue;
    }
    if (setting_.dry) continue;
    log_.write(Level::warning, "brake",
               {{"route", one.id.value}, {"way_out", "causeway resolve brake:" + one.id.value + " approve"}});
    auto written = store_.write([&](Transaction& transaction) -> Result<void> {
      if (auto result = transaction.set_value(brake_key(one.id), std::string{brake_engaged}); !result) return result;
      return context_.audit(
          transaction, LinkId{}, "brake",
          fmt::format("route {} would have changed more than {} tickets and was stopped", one.id.value, one.brake));
    });
    if (!written) return written;
  }
  return {};
}

/// A released route counts again once it has caught up: what waits and what was done lately is no more than is usual.
Result<void> Engine::lift_releases() {
  if (!queue_.idle()) return {};
  auto states = read_value<std::map<std::string, std::string>>(
      store_, [](Transaction& transaction) { return transaction.values("brake/"); });
  if (!states) return std::unexpected(states.error());
  if (states->empty()) return {};
  auto counts = read_value<store::Counts>(store_, [](Transaction& transaction) { return transaction.counts(); });
  if (!counts) return std::unexpected(counts.error());
  for (const config::RouteConfig& one : setting_.routes) {
    const auto known = states->find(brake_key(one.id));
    if (known == states->end() || known->second != brake_released) continue;
    if (brake_.taken(one.id) > one.brake || static_cast<std::size_t>(counts->hints) > one.brake) continue;
    if (auto result =
            store_.write([&](Transaction& transaction) { return transaction.remove_value(brake_key(one.id)); });
        !result)
      return result;
    brake_.set(one.id, false, false);
  }
  return {};
}

Result<void> Engine::load_due_hints(std::size_t count_max) {
  auto hints = read_value<std::vector<store::Hint>>(
      store_, [&](Transaction& transaction) { return transaction.hints_due(clock_.now(), count_max); });
  if (!hints) return std::unexpected(hints.error());
  for (store::Hint& hint : *hints) queue_.add(TicketJob{std::move(hint), std::nullopt});
  return {};
}

/// For a pass: what has become due since. Looking ahead takes nothing off the store, so it takes everything once.
Result<void> Engine::load_more_hints() { return setting_.dry ? Result<void>{} : load_due_hints(hints_at_once); }

/// The safety net: linked tickets are read whole one after another, so that what no listing shows (edited and deleted
/// comments, renamed labels) is found as well. Answers how many links it took.
Result<std::size_t> Engine::sweep(Tracker& one, std::size_t links_max) {
  if (setting_.dry || one.blocked() || links_max == 0) return std::size_t{0};
  std::size_t taken = 0;
  auto written = store_.write([&](Transaction& transaction) -> Result<void> {
    auto from = transaction.value(sweep_key(one.id()));
    if (!from) return std::unexpected(from.error());
    std::int64_t after = 0;
    if (*from) std::from_chars((*from)->data(), (*from)->data() + (*from)->size(), after);
    auto links = transaction.links_after(LinkId{after}, links_max);
    if (!links) return std::unexpected(links.error());
    taken = links->size();
    for (const Link& link : *links) {
      if (link.state == store::LinkState::broken) continue;
      for (const TicketRef& ticket : link.tickets) {
        if (ticket.tracker != one.id() || ticket.id.empty()) continue;
        if (auto result = transaction.add_hint(ticket, clock_.now()); !result) return result;
      }
    }
    const std::int64_t last = links->empty() ? 0 : static_cast<std::int64_t>(links->back().id);
    return transaction.set_value(sweep_key(one.id()), std::to_string(last));
  });
  if (!written) return std::unexpected(written.error());
  return taken;
}

Result<void> Engine::sweep_everything(Tracker& one) {
  if (setting_.dry || one.blocked()) return {};
  // From the first link on, wherever the slow sweep stands.
  if (auto begun =
          store_.write([&](Transaction& transaction) { return transaction.remove_value(sweep_key(one.id())); });
      !begun)
    return begun;
  while (true) {
    const auto taken = sweep(one, hints_at_once);
    if (!taken) return std::unexpected(taken.error());
    if (*taken == 0) return {};
  }
}

Result<bool> Engine::step() {
  if (store_.failed()) return std::unexpected(*store_.failure());
  auto job = queue_.take();
  if (!job) {
    if (auto loaded = load_more_hints(); !loaded) return std::unexpected(loaded.error());
    job = queue_.take();
    if (!job) return false;
  }
  perform(*job);
  queue_.done();
  if (store_.failed()) return std::unexpected(*store_.failure());
  return true;
}

std::vector<std::jthread> Engine::workers(const std::atomic<bool>& finished) {
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < setting_.workers; ++i) {
    threads.emplace_back([this, &finished] {
      while (auto job = queue_.wait(finished)) {
        perform(*job);
        queue_.done();
      }
    });
  }
  return threads;
}

/// Sets what tells the parts to stop, for as long as there is somebody to tell them.
class Engine::Told {
 public:
  Told(Engine& engine, const std::atomic<bool>& stop) : engine_(engine) { engine_.context_.stopping = &stop; }
  ~Told() { engine_.context_.stopping = nullptr; }
  Told(const Told&) = delete;
  Told& operator=(const Told&) = delete;

 private:
  Engine& engine_;
};

Result<Report::Data> Engine::pass(const std::atomic<bool>& stop, bool full) {
  const Told told{*this, stop};
  if (auto begun = begin_pass(full); !begun) return std::unexpected(begun.error());
  {
    std::atomic<bool> finished{false};
    const std::vector<std::jthread> threads = workers(finished);
    while (!stop.load() && !store_.failed()) {
      queue_.wait_idle_for(loop_pause);
      if (!queue_.idle()) continue;
      if (auto loaded = load_more_hints(); !loaded) break;
      if (queue_.idle()) break;
    }
    finished.store(true);
    queue_.wake_all();
  }
  if (store_.failed()) return std::unexpected(*store_.failure());
  if (auto ended = end_pass(); !ended) return std::unexpected(ended.error());
  return report_.take();
}

Result<void> Engine::run(const std::atomic<bool>& stop, const std::function<void()>& tick) {
  const Told told{*this, stop};
  brake_.begin();
  Result<void> outcome;
  {
    std::map<TrackerId, Instant> next_poll;
    std::atomic<bool> finished{false};
    const std::vector<std::jthread> threads = workers(finished);
    while (outcome && !stop.load() && !store_.failed()) {
      outcome = turn_of_the_loop(next_poll);
      if (!outcome) break;
      tick();
      queue_.wait_for(loop_pause, stop);
    }
    finished.store(true);
    queue_.wake_all();
  }
  if (store_.failed()) return std::unexpected(*store_.failure());
  return outcome;
}

Result<void> Engine::turn_of_the_loop(std::map<TrackerId, Instant>& next_poll) {
  const Instant now = clock_.now();
  if (auto synced = sync_brakes(); !synced) return synced;
  for (Tracker* one : trackers_) {
    Instant& due = next_poll[one->id()];
    if (now < due) continue;
    due = now + one->setting().poll;
    if (queue_.idle()) {
      if (auto ended = end_pass(); !ended) return ended;
      brake_.begin();
    }
    const auto counts =
        read_value<store::Counts>(store_, [](Transaction& transaction) { return transaction.counts(); });
    if (!counts) return std::unexpected(counts.error());
    const auto share = static_cast<double>(one->setting().poll.count()) /
                       static_cast<double>(std::max<std::int64_t>(1, one->setting().sweep.count()));
    const auto links = static_cast<std::size_t>(std::ceil(static_cast<double>(counts->links) * share));
    if (auto swept = sweep(*one, std::min(links, hints_at_once)); !swept) return std::unexpected(swept.error());
    if (auto begun = begin_round(*one); !begun) return begun;
  }
  // What waits in memory comes first: as long as it is plenty, more would only be read to be read again.
  if (queue_.waiting() < hints_at_once) {
    if (auto loaded = load_due_hints(hints_at_once); !loaded) return loaded;
  }
  return note_health();
}

void Engine::perform(const Job& job) {
  if (const auto* page = std::get_if<PageJob>(&job)) {
    perform_page(*page);
  } else {
    perform_ticket(std::get<TicketJob>(job));
  }
}

/// For `status`, which runs in another process, and for whoever reads the log.
Result<void> Engine::note_health() {
  if (setting_.dry) return {};
  for (const Tracker* one : trackers_) {
    const Health health = one->health();
    const std::string text = encode_health(health);
    {
      const std::scoped_lock lock{mutex_};
      std::string& noted = health_noted_[one->id()];
      if (same_state(noted, text)) continue;
      noted = text;
    }
    const bool well = health.state == Health::State::ok || health.state == Health::State::unknown;
    log_.write(well ? Level::info : Level::warning, "tracker",
               {{"tracker", one->id().value},
                {"state", std::string{name(health.state)}},
                {"why", health.message},
                {"not_before", format_instant(health.blocked_until)}});
    if (auto result =
            store_.write([&](Transaction& transaction) { return transaction.set_value(health_key(one->id()), text); });
        !result)
      return result;
  }
  return {};
}

}  // namespace causeway::engine
