#include "agent/engine/engine.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <thread>

#include "agent/engine/health_text.hpp"
#include "agent/engine/turn.hpp"
#include "agent/policy/condition.hpp"

namespace causeway::engine {
namespace {

using namespace std::chrono_literals;
using store::IntentState;
using store::Link;
using store::LinkState;
using store::Transaction;

constexpr std::size_t hints_at_once = 500;
constexpr std::size_t unfinished_at_once = 10'000;
constexpr auto ticket_backoff_min = 10s;
constexpr auto ticket_backoff_max = 3600s;
/// A ticket that carries our mark and is not linked yet: its own turn is about to settle it.
constexpr auto settling_patience = 5s;

std::string cursor_key(const TrackerId& tracker) { return "cursor/" + tracker.value; }
std::string sweep_key(const TrackerId& tracker) { return "sweep/" + tracker.value; }
std::string brake_key(const RouteId& route) { return "brake/" + route.value; }
std::string health_key(const TrackerId& tracker) { return "health/" + tracker.value; }

Side side_of(const Link& link, const TicketRef& ticket) { return link.tickets[0] == ticket ? Side::left : Side::right; }

/// What one link's turns are kept in order by: the ticket it began with, known from before the link is stored.
std::string order_key(const Link& link) { return display(link.tickets[index(link.born)]); }

/// Runs a read and hands out its value.
template <class T>
Result<T> read_value(store::Store& store, const std::function<Result<T>(Transaction&)>& question) {
  std::optional<T> answer;
  auto done = store.read([&](Transaction& transaction) -> Result<void> {
    auto found = question(transaction);
    if (!found) return std::unexpected(found.error());
    answer = std::move(*found);
    return {};
  });
  if (!done) return std::unexpected(done.error());
  return std::move(*answer);
}

}  // namespace

Engine::Engine(EngineSetting setting, std::vector<Tracker*> trackers, store::Store& store, const policy::PrivacyGate& gate,
               const Clock& clock, Randomness& randomness, Log& log)
    : setting_(std::move(setting)),
      trackers_(std::move(trackers)),
      store_(store),
      clock_(clock),
      log_(log),
      context_{store_, clock_, randomness, gate, log_, report_, brake_, setting_.dry} {}

Tracker* Engine::tracker(const TrackerId& id) const {
  const auto found = std::find_if(trackers_.begin(), trackers_.end(), [&](const Tracker* one) { return one->id() == id; });
  return found == trackers_.end() ? nullptr : *found;
}

const config::RouteConfig* Engine::route(const RouteId& id) const {
  const auto found = std::find_if(setting_.routes.begin(), setting_.routes.end(),
                                  [&](const config::RouteConfig& one) { return one.id == id; });
  return found == setting_.routes.end() ? nullptr : &*found;
}

std::vector<std::pair<const config::RouteConfig*, Side>> Engine::routes_of(const TrackerId& tracker) const {
  std::vector<std::pair<const config::RouteConfig*, Side>> found;
  for (const config::RouteConfig& route : setting_.routes) {
    if (route.left == tracker) found.emplace_back(&route, Side::left);
    if (route.right == tracker) found.emplace_back(&route, Side::right);
  }
  return found;
}

bool Engine::any_route_selects(const Snapshot& snapshot) const {
  const auto routes = routes_of(snapshot.ref.tracker);
  return std::any_of(routes.begin(), routes.end(), [&](const auto& entry) {
    return policy::selects(entry.second == Side::left ? entry.first->mirror_when : entry.first->publish_when, snapshot);
  });
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
        if (auto result = transaction.add_hint((*link)->tickets[index((*link)->born)], clock_.now()); !result) return result;
      }
      return {};
    });
    if (!written) return written;
  }
  return store_.write([&](Transaction& transaction) { return transaction.remove_audit_before(clock_.now() - setting_.audit_kept); });
}

Result<void> Engine::begin_pass(bool full) {
  std::set<RouteId> released;
  for (const config::RouteConfig& one : setting_.routes) {
    const auto state = read_value<std::optional<std::string>>(
        store_, [&](Transaction& transaction) { return transaction.value(brake_key(one.id)); });
    if (!state) return std::unexpected(state.error());
    if (*state && **state == "released") released.insert(one.id);
  }
  brake_.begin(std::move(released));
  for (Tracker* one : trackers_) {
    if (full) {
      if (auto swept = sweep(*one, std::numeric_limits<std::size_t>::max()); !swept) return swept;
    }
    if (auto begun = begin_round(*one); !begun) return begun;
  }
  return load_due_hints();
}

Result<void> Engine::end_pass() {
  if (setting_.dry) return {};
  const std::set<RouteId> engaged = brake_.engaged();
  for (const config::RouteConfig& one : setting_.routes) {
    const auto state = read_value<std::optional<std::string>>(
        store_, [&](Transaction& transaction) { return transaction.value(brake_key(one.id)); });
    if (!state) return std::unexpected(state.error());
    const bool on = engaged.contains(one.id);
    if (on && (!*state || **state != "engaged")) {
      log_.write(Level::warning, "brake", {{"route", one.id.value}, {"way_out", "causeway resolve brake:" + one.id.value + " approve"}});
      if (auto result = store_.write([&](Transaction& transaction) { return transaction.set_value(brake_key(one.id), "engaged"); }); !result) return result;
    }
    if (!on && *state && queue_.idle()) {
      if (auto result = store_.write([&](Transaction& transaction) { return transaction.remove_value(brake_key(one.id)); }); !result) return result;
    }
  }
  return note_health();
}

Result<void> Engine::begin_round(Tracker& one) {
  if (one.blocked()) return {};
  {
    const std::scoped_lock lock{mutex_};
    if (rounds_.contains(one.id())) return {};
  }
  auto start = read_value<std::optional<std::string>>(
      store_, [&](Transaction& transaction) { return transaction.value(cursor_key(one.id())); });
  if (!start) return std::unexpected(start.error());
  auto round = std::make_shared<Round>();
  round->tracker = one.id();
  round->start = Cursor{start->value_or("")};
  round->started = clock_.now();
  round->pages_open = 1;
  {
    const std::scoped_lock lock{mutex_};
    rounds_[one.id()] = round;
  }
  Cursor first = round->start;
  queue_.add(PageJob{std::move(round), std::move(first)});
  return {};
}

Result<void> Engine::load_due_hints() {
  auto hints = read_value<std::vector<store::Hint>>(
      store_, [&](Transaction& transaction) { return transaction.hints_due(clock_.now(), hints_at_once); });
  if (!hints) return std::unexpected(hints.error());
  for (store::Hint& hint : *hints) queue_.add(TicketJob{std::move(hint), std::nullopt});
  return {};
}

/// The safety net: linked tickets are read whole one after another, so that what no listing shows (edited and deleted
/// comments, renamed labels) is found as well.
Result<void> Engine::sweep(Tracker& one, std::size_t links_max) {
  if (setting_.dry || one.blocked()) return {};
  std::size_t left = links_max;
  while (left > 0) {
    std::size_t taken = 0;
    auto written = store_.write([&](Transaction& transaction) -> Result<void> {
      auto from = transaction.value(sweep_key(one.id()));
      if (!from) return std::unexpected(from.error());
      const std::int64_t after = from->has_value() && !(*from)->empty() ? std::stoll(**from) : 0;
      auto links = transaction.links_after(LinkId{after}, std::min<std::size_t>(left, hints_at_once));
      if (!links) return std::unexpected(links.error());
      taken = links->size();
      for (const Link& link : *links) {
        for (const TicketRef& ticket : link.tickets) {
          if (ticket.tracker != one.id() || ticket.id.empty()) continue;
          if (auto result = transaction.add_hint(ticket, clock_.now()); !result) return result;
        }
      }
      const std::int64_t last = links->empty() ? 0 : static_cast<std::int64_t>(links->back().id);
      return transaction.set_value(sweep_key(one.id()), std::to_string(last));
    });
    if (!written) return written;
    if (taken == 0) return {};
    left -= std::min(left, taken);
  }
  return {};
}

Result<bool> Engine::step() {
  if (store_.failed()) return std::unexpected(*store_.failure());
  auto job = queue_.take();
  if (!job) {
    if (auto loaded = load_due_hints(); !loaded) return std::unexpected(loaded.error());
    job = queue_.take();
    if (!job) return false;
  }
  perform(std::move(*job));
  queue_.done();
  if (store_.failed()) return std::unexpected(*store_.failure());
  return true;
}

Result<Report::Data> Engine::pass(const std::atomic<bool>& stop, bool full) {
  context_.stopping = &stop;
  if (auto begun = begin_pass(full); !begun) return std::unexpected(begun.error());
  std::atomic<bool> finished{false};
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < setting_.workers; ++i) {
      threads.emplace_back([this, &finished] {
        while (auto job = queue_.wait(finished)) {
          perform(std::move(*job));
          queue_.done();
        }
      });
    }
    while (!stop.load() && !store_.failed()) {
      queue_.wait_idle_for(200ms);
      if (!queue_.idle()) continue;
      if (auto loaded = load_due_hints(); !loaded) break;
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
  context_.stopping = &stop;
  std::map<TrackerId, Instant> next_poll;
  std::atomic<bool> finished{false};
  std::vector<std::jthread> threads;
  for (std::size_t i = 0; i < setting_.workers; ++i) {
    threads.emplace_back([this, &finished] {
      while (auto job = queue_.wait(finished)) {
        perform(std::move(*job));
        queue_.done();
      }
    });
  }
  Result<void> outcome;
  brake_.begin({});
  while (!stop.load() && !store_.failed() && outcome) {
    const Instant now = clock_.now();
    for (Tracker* one : trackers_) {
      Instant& due = next_poll[one->id()];
      if (now < due) continue;
      due = now + one->setting().poll;
      const auto counts = read_value<store::Counts>(store_, [](Transaction& transaction) { return transaction.counts(); });
      if (!counts) break;
      const auto share = static_cast<double>(one->setting().poll.count()) / static_cast<double>(std::max<std::int64_t>(1, one->setting().sweep.count()));
      const auto links = static_cast<std::size_t>(std::ceil(static_cast<double>(counts->links) * share));
      outcome = sweep(*one, std::min(links, hints_at_once));
      if (outcome) outcome = begin_round(*one);
      if (queue_.idle()) {
        if (outcome) outcome = end_pass();
        std::set<RouteId> released;
        for (const config::RouteConfig& each : setting_.routes) {
          const auto state = read_value<std::optional<std::string>>(store_, [&](Transaction& transaction) { return transaction.value(brake_key(each.id)); });
          if (state && *state && **state == "released") released.insert(each.id);
        }
        brake_.begin(std::move(released));
      }
    }
    if (outcome) outcome = load_due_hints();
    if (outcome) outcome = note_health();
    tick();
    queue_.wait_for(200ms, stop);
  }
  finished.store(true);
  queue_.wake_all();
  threads.clear();
  if (store_.failed()) return std::unexpected(*store_.failure());
  return outcome;
}

void Engine::perform(Job job) {
  if (auto* page = std::get_if<PageJob>(&job)) {
    perform_page(std::move(*page));
  } else {
    perform_ticket(std::move(std::get<TicketJob>(job)));
  }
}

void Engine::perform_page(PageJob job) {
  Round& round = *job.round;
  Tracker& one = *tracker(round.tracker);
  bool failed = false;
  {
    const std::scoped_lock lock{mutex_};
    failed = round.failed;
  }
  std::vector<Cursor> next;
  if (!failed) {
    auto page = one.changes(job.cursor);
    if (!page) {
      failed = true;
      report_.failed(fmt::format("{}: {}", one.id().value, page.error().message));
      log_.write(Level::warning, "listing_failed", {{"tracker", one.id().value}, {"fault", std::string{name(page.error().fault)}}, {"why", page.error().message}});
    } else if (auto taken = take_page(*page, one); !taken) {
      failed = true;
    } else {
      const std::scoped_lock lock{mutex_};
      next = std::move(page->beside);
      if (page->then) round.then = std::move(page->then);
      if (page->watermark) round.watermark = std::move(page->watermark);
    }
  }
  bool ended = false;
  {
    const std::scoped_lock lock{mutex_};
    round.failed = round.failed || failed;
    if (round.failed) next.clear();
    round.pages_open += next.size();
    --round.pages_open;
    if (round.pages_open == 0 && !round.failed && round.then) {
      next.push_back(std::move(*round.then));
      round.then.reset();
      ++round.pages_open;
    }
    ended = round.pages_open == 0;
  }
  for (Cursor& cursor : next) queue_.add(PageJob{job.round, std::move(cursor)});
  if (!ended) return;
  if (!round.failed) {
    if (auto result = end_round(round, one); !result) log_.write(Level::error, "store_failed", {{"why", result.error().message}});
  }
  const std::scoped_lock lock{mutex_};
  rounds_.erase(one.id());
}

Result<bool> Engine::is_news(Transaction& transaction, const CommentSeen& seen) {
  auto links = transaction.links_of(seen.ticket);
  if (!links) return std::unexpected(links.error());
  if (links->empty()) return !seen.comment.marker;  // its ticket may be about to be taken
  for (const Link& link : *links) {
    const config::RouteConfig* taken_by = route(link.route);
    if (taken_by == nullptr || link.state == LinkState::broken) continue;
    const Side side = side_of(link, seen.ticket);
    const auto& pairs = link.base.comments;
    const auto pair = std::find_if(pairs.begin(), pairs.end(), [&](const CommentPair& known) { return known.ids[index(side)] == seen.comment.id; });
    if (pair == pairs.end()) {
      if (!seen.comment.marker) return true;
      continue;
    }
    const markup::Format format = tracker(seen.ticket.tracker)->capabilities().format;
    if (reconcile::text_fingerprint(format, seen.comment.body) != pair->texts[index(side)]) return true;
    if (pair->born == side && seen.comment.visibility != Visibility::open) return true;
  }
  return false;
}

std::array<reconcile::View, 2> Engine::views_for(const Link& link, Side side, const Snapshot& snapshot) const {
  std::array<reconcile::View, 2> views;
  for (const Side each : {Side::left, Side::right}) {
    const Tracker* one = tracker(link.tickets[index(each)].tracker);
    if (one == nullptr) continue;
    views[index(each)].format = one->capabilities().format;
    views[index(each)].priority = one->capabilities().priority;
    views[index(each)].labels = one->capabilities().labels;
    views[index(each)].milestone = one->capabilities().milestone;
  }
  views[index(side)].snapshot = &snapshot;
  return views;
}

/// Whether a row of a listing needs a turn. A row that shows what the base says, or what we wrote last, does not.
Result<bool> Engine::is_news(Transaction& transaction, Tracker& one, const Snapshot& snapshot) {
  auto links = transaction.links_of(snapshot.ref);
  if (!links) return std::unexpected(links.error());
  bool linked = false;
  for (const Link& link : *links) {
    const config::RouteConfig* taken_by = route(link.route);
    if (taken_by == nullptr) continue;
    const Side side = side_of(link, snapshot.ref);
    const SideBase& base = link.base[side];
    if (link.state == LinkState::broken) {
      if (base.created == snapshot.created) return true;  // it is back
      continue;
    }
    linked = true;
    if (base.created != Instant{} && base.created != snapshot.created) return true;  // the id was given again
    if (reconcile::differs(link.base, side, views_for(link, side, snapshot), taken_by->mapping)) return true;
    if (!one.capabilities().listing_is_reading && base.updated != snapshot.updated) return true;
    if (snapshot.comment_count) {
      const auto known = std::count_if(link.base.comments.begin(), link.base.comments.end(),
                                       [&](const CommentPair& pair) { return !pair.ids[index(side)].empty(); });
      if (*snapshot.comment_count < static_cast<std::size_t>(known)) return true;  // one was deleted
    }
    if (link.tickets[index(other(side))].id.empty()) return true;  // its twin is still to be made
  }
  if (!linked) return any_route_selects(snapshot);
  auto spooled = transaction.spooled_comments(snapshot.ref);
  if (!spooled) return std::unexpected(spooled.error());
  return !spooled->empty();
}

Result<void> Engine::take_page(const ChangePage& page, Tracker& one) {
  std::vector<const CommentSeen*> comments;
  std::vector<const Snapshot*> tickets;
  std::vector<const Snapshot*> strangers;
  auto read = store_.read([&](Transaction& transaction) -> Result<void> {
    for (const CommentSeen& seen : page.comments) {
      auto news = is_news(transaction, seen);
      if (!news) return std::unexpected(news.error());
      if (*news) comments.push_back(&seen);
    }
    for (const Snapshot& snapshot : page.tickets) {
      report_.saw_ticket();
      auto news = is_news(transaction, one, snapshot);
      if (!news) return std::unexpected(news.error());
      (*news ? tickets : strangers).push_back(&snapshot);
    }
    return {};
  });
  if (!read) return read;
  if (setting_.dry) {
    // Nothing may be stored, so comments are read again with their ticket.
    std::set<NativeId> hinted;
    for (const CommentSeen* seen : comments) {
      if (hinted.insert(seen->ticket.id).second) queue_.add(TicketJob{{seen->ticket, {}, 0, 0}, std::nullopt});
    }
    for (const Snapshot* snapshot : tickets) queue_.add(TicketJob{{snapshot->ref, {}, 0, 0}, std::nullopt});
    return {};
  }
  if (!comments.empty() || !tickets.empty()) {
    const Instant now = clock_.now();
    auto written = store_.write([&](Transaction& transaction) -> Result<void> {
      for (const CommentSeen* seen : comments) {
        if (auto result = transaction.spool_comment(seen->ticket, seen->comment); !result) return result;
      }
      for (const Snapshot* snapshot : tickets) {
        if (auto result = transaction.add_hint(snapshot->ref, now); !result) return result;
      }
      return {};
    });
    if (!written) return written;
  }
  for (const Snapshot* snapshot : tickets) {
    TicketJob job{{snapshot->ref, {}, 0, 0}, std::nullopt};
    if (one.capabilities().listing_is_reading) job.snapshot = *snapshot;
    queue_.add(std::move(job));
  }
  return {};
}

/// Every page is stored: the watermark may move. Comments whose ticket the listing did not show get a hint of their own; those
/// of tickets nobody takes are forgotten.
Result<void> Engine::end_round(Round& round, Tracker& one) {
  one.round_complete(round.started);
  if (setting_.dry) return {};
  auto left_over = read_value<std::vector<TicketRef>>(
      store_, [&](Transaction& transaction) { return transaction.spooled_tickets(one.id(), unfinished_at_once); });
  if (!left_over) return std::unexpected(left_over.error());
  const bool moves = round.watermark && round.watermark->value != round.start.value;
  if (left_over->empty() && !moves) return {};
  return store_.write([&](Transaction& transaction) -> Result<void> {
    for (const TicketRef& ticket : *left_over) {
      auto hint = transaction.hint(ticket);
      if (!hint) return std::unexpected(hint.error());
      if (*hint) continue;
      auto links = transaction.links_of(ticket);
      if (!links) return std::unexpected(links.error());
      Result<void> result;
      if (links->empty()) {
        result = transaction.remove_spooled_comments(ticket, std::numeric_limits<std::int64_t>::max());
      } else {
        result = transaction.add_hint(ticket, clock_.now());
      }
      if (!result) return result;
    }
    if (!moves) return {};
    return transaction.set_value(cursor_key(one.id()), round.watermark->value);
  });
}

void Engine::perform_ticket(TicketJob job) {
  const TicketRef ticket = job.hint.ticket;
  if (auto result = take_turns(job); !result) postpone(ticket, result.error());
}

Result<void> Engine::drop_hint(const TicketRef& ticket, std::int64_t generation) {
  if (setting_.dry) return {};
  return store_.write([&](Transaction& transaction) { return transaction.remove_hint(ticket, generation); });
}

Result<void> Engine::take_turns(const TicketJob& job) {
  const TicketRef& ticket = job.hint.ticket;
  Tracker* const one = tracker(ticket.tracker);
  if (one == nullptr) return drop_hint(ticket, std::numeric_limits<std::int64_t>::max());
  std::vector<Link> links;
  std::optional<store::Hint> hint;
  std::vector<store::SpooledComment> spooled;
  auto loaded = store_.read([&](Transaction& transaction) -> Result<void> {
    auto found = transaction.links_of(ticket);
    auto known = transaction.hint(ticket);
    auto comments = transaction.spooled_comments(ticket);
    if (!found) return std::unexpected(found.error());
    if (!known) return std::unexpected(known.error());
    if (!comments) return std::unexpected(comments.error());
    links = std::move(*found);
    hint = std::move(*known);
    spooled = std::move(*comments);
    return {};
  });
  if (!loaded) return loaded;
  if (!hint && !setting_.dry) return {};  // somebody else's turn has dealt with it
  const std::int64_t generation = hint ? hint->generation : 0;

  const std::string key = links.empty() ? display(ticket) : order_key(links.front());
  if (!queue_.occupy(key, job)) return {};
  struct Release {
    WorkQueue& queue;
    const std::string& key;
    ~Release() { queue.release(key); }
  } const release{queue_, key};
  // Whoever held the key before may have linked the ticket or settled the hint.
  loaded = store_.read([&](Transaction& transaction) -> Result<void> {
    auto found = transaction.links_of(ticket);
    if (!found) return std::unexpected(found.error());
    links = std::move(*found);
    return {};
  });
  if (!loaded) return loaded;

  // A tracker that is down delays only what needs it, and costs nothing meanwhile.
  for (const auto& [taken_by, side] : routes_of(ticket.tracker)) {
    const bool concerned = links.empty() || std::any_of(links.begin(), links.end(), [&](const Link& link) { return link.route == taken_by->id; });
    Tracker* const twin = tracker(side == Side::left ? taken_by->right : taken_by->left);
    if (concerned && twin != nullptr) {
      if (const auto until = twin->blocked()) {
        Failure wait{Fault::rate_limited, Reach::ticket, fmt::format("{} is not to be asked before {}", twin->id().value, format_instant(*until)), {}};
        wait.retry_after = std::chrono::ceil<std::chrono::seconds>(*until - clock_.now());
        return std::unexpected(std::move(wait));
      }
    }
  }

  std::optional<Snapshot> snapshot = job.snapshot;
  if (snapshot) {
    for (store::SpooledComment& seen : spooled) snapshot->comments.push_back(seen.comment);
    snapshot->coverage = snapshot->comment_count == snapshot->comments.size() ? Coverage::all : Coverage::changed;
    for (const Link& link : links) {
      const Side side = side_of(link, ticket);
      const auto known = std::count_if(link.base.comments.begin(), link.base.comments.end(), [&](const CommentPair& pair) { return !pair.ids[index(side)].empty(); });
      if (snapshot->comment_count && *snapshot->comment_count < static_cast<std::size_t>(known)) snapshot.reset();
      if (!snapshot) break;
    }
  }
  const std::int64_t spooled_up_to = spooled.empty() ? 0 : spooled.back().sequence;
  if (!snapshot) {
    auto fetched = one->fetch(ticket);
    if (!fetched) return std::unexpected(fetched.error());
    snapshot = std::move(*fetched);
  }
  for (const Link& link : links) {
    if (auto result = turn(ticket, generation, spooled_up_to, link, snapshot); !result) return result;
  }
  return open_links(ticket, generation, spooled_up_to, links, *snapshot);
}

Result<void> Engine::turn(const TicketRef& ticket, std::int64_t generation, std::int64_t spooled_up_to, Link link,
                          const std::optional<Snapshot>& snapshot) {
  const config::RouteConfig* taken_by = route(link.route);
  if (taken_by == nullptr) return drop_hint(ticket, generation);
  const std::array<Tracker*, 2> ends{tracker(taken_by->left), tracker(taken_by->right)};
  if (ends[0] == nullptr || ends[1] == nullptr) return drop_hint(ticket, generation);
  const Side side = side_of(link, ticket);
  Turn one{context_, *taken_by, ends, std::move(link), Occasion{ticket, generation, spooled_up_to}};
  if (snapshot) one.give(side, *snapshot);
  return one.run();
}

/// The routes that take this ticket and have no link for it yet.
Result<void> Engine::open_links(const TicketRef& ticket, std::int64_t generation, std::int64_t spooled_up_to,
                                const std::vector<Link>& links, const Snapshot& snapshot) {
  if (snapshot.gone) return drop_hint(ticket, generation);
  if (snapshot.marker && links.empty()) {
    // We made it. Either its turn is just about to settle it, or it is of a life whose store is lost: never mirrored back.
    auto sending = read_value<std::vector<store::StoredIntent>>(
        store_, [](Transaction& transaction) { return transaction.intents_in(IntentState::sending, unfinished_at_once); });
    if (!sending) return std::unexpected(sending.error());
    const bool ours = std::any_of(sending->begin(), sending->end(), [&](const store::StoredIntent& intent) { return intent.marker == *snapshot.marker; });
    if (ours) {
      return store_.write([&](Transaction& transaction) { return transaction.postpone_hint(ticket, generation, clock_.now() + settling_patience); });
    }
    log_.write(Level::warning, "unknown_marker", {{"ticket", display(ticket)}});
    return drop_hint(ticket, generation);
  }
  bool opened = !links.empty();
  for (const auto& [taken_by, side] : routes_of(ticket.tracker)) {
    const bool linked = std::any_of(links.begin(), links.end(), [&](const Link& link) {
      const Side known = side_of(link, ticket);
      const Instant created = link.base[known].created;
      return link.route == taken_by->id && (link.state != LinkState::broken || created == Instant{} || created == snapshot.created);
    });
    if (linked || snapshot.marker) continue;
    if (!policy::selects(side == Side::left ? taken_by->mirror_when : taken_by->publish_when, snapshot)) continue;
    Link link;
    link.route = taken_by->id;
    link.tickets[0].tracker = taken_by->left;
    link.tickets[1].tracker = taken_by->right;
    link.tickets[index(side)] = ticket;
    link.born = side;
    link.base[side].created = snapshot.created;
    opened = true;
    if (auto result = turn(ticket, generation, spooled_up_to, std::move(link), snapshot); !result) return result;
  }
  if (opened) return {};
  if (setting_.dry) return {};
  return store_.write([&](Transaction& transaction) -> Result<void> {
    if (spooled_up_to > 0) {
      if (auto result = transaction.remove_spooled_comments(ticket, spooled_up_to); !result) return result;
    }
    return transaction.remove_hint(ticket, generation);
  });
}

void Engine::postpone(const TicketRef& ticket, const Failure& failure) {
  report_.failed(fmt::format("{}: {}", display(ticket), failure.message));
  report_.postponed();
  if (setting_.dry || store_.failed()) return;
  log_.write(Level::warning, "postponed", {{"ticket", display(ticket)}, {"fault", std::string{name(failure.fault)}}, {"why", failure.message}});
  const Instant now = clock_.now();
  auto written = store_.write([&](Transaction& transaction) -> Result<void> {
    auto hint = transaction.hint(ticket);
    if (!hint) return std::unexpected(hint.error());
    if (!*hint) return transaction.add_hint(ticket, now + ticket_backoff_min);
    const int doublings = std::min((*hint)->attempts, 9);
    std::chrono::milliseconds wait = std::min<std::chrono::seconds>(ticket_backoff_min * (1 << doublings), ticket_backoff_max);
    if (failure.retry_after) wait = *failure.retry_after;
    // What was lost on the way is looked for soon; only that the tracker's listing shows it may take a while.
    if (failure.fault == Fault::outcome_unknown && !failure.retry_after) wait = std::min<std::chrono::milliseconds>(wait, ticket_backoff_min);
    return transaction.postpone_hint(ticket, (*hint)->generation, now + wait);
  });
  if (!written) log_.write(Level::error, "store_failed", {{"why", written.error().message}});
}

/// For `status`, which runs in another process.
Result<void> Engine::note_health() {
  if (setting_.dry) return {};
  for (const Tracker* one : trackers_) {
    const std::string text = encode_health(one->health());
    {
      const std::scoped_lock lock{mutex_};
      std::string& noted = health_noted_[one->id()];
      if (same_state(noted, text)) continue;
      noted = text;
    }
    if (auto result = store_.write([&](Transaction& transaction) { return transaction.set_value(health_key(one->id()), text); }); !result) return result;
  }
  return {};
}

}  // namespace causeway::engine
