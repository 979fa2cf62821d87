#include <algorithm>
#include <limits>

#include "agent/engine/engine.hpp"
#include "agent/engine/followed.hpp"
#include "agent/engine/read_value.hpp"
#include "agent/engine/turn.hpp"
#include "agent/policy/condition.hpp"

namespace causeway::engine {
namespace {

using namespace std::chrono_literals;
using store::IntentState;
using store::Link;
using store::LinkState;
using store::Transaction;

constexpr std::size_t unfinished_at_once = 10'000;
constexpr auto ticket_backoff_min = 10s;
constexpr auto ticket_backoff_max = 3600s;
/// Whoever waits for the same moment comes back a little apart, but no more than this.
constexpr auto spread_max = 60s;
/// A ticket that carries our mark and is not linked yet: its own turn is about to settle it.
constexpr auto settling_patience = 5s;

/// What is kept in order with a ticket: both ends of each of its links, so that no link has two turns at a time.
std::set<std::string> keys_of(const TicketRef& ticket, const std::vector<Link>& links) {
  std::set<std::string> keys{display(ticket)};
  for (const Link& link : links) {
    for (const TicketRef& end : link.tickets) {
      if (!end.id.empty()) keys.insert(display(end));
    }
  }
  return keys;
}

Failure wait_for(const Tracker& tracker, Instant until, Instant now) {
  Failure wait{Fault::rate_limited,
               Reach::tracker,
               fmt::format("{} is not to be asked before {}", tracker.id().value, format_instant(until)),
               {}};
  wait.retry_after = std::chrono::ceil<std::chrono::seconds>(until - now);
  return wait;
}

}  // namespace

std::vector<std::pair<const config::RouteConfig*, Side>> Engine::routes_of(const TrackerId& tracker) const {
  std::vector<std::pair<const config::RouteConfig*, Side>> found;
  for (const config::RouteConfig& route : setting_.routes) {
    if (route.left == tracker) found.emplace_back(&route, Side::left);
    if (route.right == tracker) found.emplace_back(&route, Side::right);
  }
  return found;
}

/// Looking ahead settles nothing, so what two listings show would be looked at twice.
bool Engine::already_looked_at(const TicketRef& ticket) {
  if (!setting_.dry) return false;
  const std::scoped_lock lock{mutex_};
  return !looked_at_.insert(ticket).second;
}

void Engine::perform_ticket(const TicketJob& job) {
  const TicketRef ticket = job.hint.ticket;
  if (auto result = take_turns(job); !result) postpone(ticket, result.error());
}

/// The hint that is there now and the comments that belong to it lead nowhere.
Result<void> Engine::forget(const Occasion& occasion) {
  if (setting_.dry) return {};
  return store_.write([&](Transaction& transaction) -> Result<void> {
    if (occasion.spooled_up_to > 0) {
      if (auto result = transaction.remove_spooled_comments(occasion.ticket, occasion.spooled_up_to); !result)
        return result;
    }
    return transaction.remove_hint(occasion.ticket, occasion.generation);
  });
}

Result<Engine::Known> Engine::load(const TicketRef& ticket) {
  Known known;
  auto loaded = store_.read([&](Transaction& transaction) -> Result<void> {
    auto links = transaction.links_of(ticket);
    auto hint = transaction.hint(ticket);
    auto comments = transaction.spooled_comments(ticket);
    if (!links) return std::unexpected(links.error());
    if (!hint) return std::unexpected(hint.error());
    if (!comments) return std::unexpected(comments.error());
    known.links = std::move(*links);
    known.hint = std::move(*hint);
    known.spooled = std::move(*comments);
    return {};
  });
  if (!loaded) return std::unexpected(loaded.error());
  return known;
}

Result<void> Engine::take_turns(const TicketJob& job) {
  const TicketRef& ticket = job.hint.ticket;
  auto links =
      read_value<std::vector<Link>>(store_, [&](Transaction& transaction) { return transaction.links_of(ticket); });
  if (!links) return std::unexpected(links.error());
  const std::set<std::string> keys = keys_of(ticket, *links);
  if (!queue_.occupy(keys, job)) return {};
  {
    struct Release {
      WorkQueue& queue;
      const std::set<std::string>& keys;
      ~Release() { queue.release(keys); }
    } const release{queue_, keys};
    // Whoever held a key before may have linked the ticket or settled the hint.
    auto known = load(ticket);
    if (!known) return std::unexpected(known.error());
    if (!known->hint && !setting_.dry) return {};
    const std::set<std::string> needed = keys_of(ticket, known->links);
    if (std::includes(keys.begin(), keys.end(), needed.begin(), needed.end()))
      return take_turns(job, std::move(*known));
  }
  queue_.add(job);
  return {};
}

/// Links of the ticket that may have their turn now. What has to wait for its twin's tracker is told by `wait`.
std::vector<Link> Engine::links_in_turn(const TicketRef& ticket, const std::vector<Link>& links,
                                        std::optional<Failure>& wait) const {
  std::vector<Link> now;
  for (const Link& link : links) {
    const config::RouteConfig* taken_by = route(link.route);
    if (taken_by == nullptr || tracker(taken_by->left) == nullptr || tracker(taken_by->right) == nullptr) continue;
    const Side side = side_of(link, ticket);
    if (link.state == LinkState::broken && link.gone_looks[index(side)] == 0) continue;  // its twin is gone
    const Tracker& twin = *tracker(side == Side::left ? taken_by->right : taken_by->left);
    if (const auto until = twin.blocked()) {
      wait = wait_for(twin, *until, clock_.now());
    } else {
      now.push_back(link);
    }
  }
  return now;
}

/// Routes of the ticket's tracker that have no link for it yet. A link whose ticket of that id is another one does not
/// count.
std::vector<std::pair<const config::RouteConfig*, Side>> Engine::free_routes(const TicketRef& ticket,
                                                                             const std::vector<Link>& links,
                                                                             std::optional<Instant> created) const {
  auto routes = routes_of(ticket.tracker);
  std::erase_if(routes, [&](const auto& entry) {
    return std::any_of(links.begin(), links.end(), [&](const Link& link) {
      const Instant known = link.base[side_of(link, ticket)].created;
      const bool another = created && known != Instant{} && known != *created;
      return link.route == entry.first->id && !another;
    });
  });
  return routes;
}

/// The listing's row as a reading of the ticket; nullopt: it has to be read whole.
std::optional<Snapshot> Engine::reading_of(const TicketJob& job, const Known& known) const {
  if (!job.snapshot || (known.hint && known.hint->attempts > 0)) return std::nullopt;
  // Older than what we have written there ourselves: taken for somebody's change, it would take our write back.
  if (tracker(job.hint.ticket.tracker)->written_since(job.hint.ticket.id, job.snapshot->observed)) return std::nullopt;
  Snapshot snapshot = *job.snapshot;
  for (const store::SpooledComment& seen : known.spooled) snapshot.comments.push_back(seen.comment);
  const auto shows = [&](const NativeId& id) {
    return std::any_of(snapshot.comments.begin(), snapshot.comments.end(),
                       [&](const Comment& comment) { return comment.id == id; });
  };
  for (const Link& link : known.links) {
    const Side side = side_of(link, job.hint.ticket);
    std::size_t comments = snapshot.comments.size() + announcements_on(link, side);
    for (const CommentPair& pair : link.base.comments) {
      const NativeId& id = pair.ids[index(side)];
      if (!id.empty() && !shows(id)) ++comments;
    }
    // More are known than there are: one was deleted, maybe one that only an earlier, broken-off listing had shown.
    if (snapshot.comment_count && *snapshot.comment_count < comments) return std::nullopt;
  }
  snapshot.coverage = snapshot.comment_count == snapshot.comments.size() ? Coverage::all : Coverage::changed;
  return snapshot;
}

Result<void> Engine::take_turns(const TicketJob& job, Known known) {
  const TicketRef& ticket = job.hint.ticket;
  if (already_looked_at(ticket)) return {};
  Occasion occasion{ticket, known.hint ? known.hint->generation : 0,
                    known.spooled.empty() ? 0 : known.spooled.back().sequence, false};
  Tracker* const one = tracker(ticket.tracker);
  if (one == nullptr) return forget(occasion);  // no longer configured
  // A tracker that is down delays only what needs it, and costs nothing meanwhile.
  if (const auto until = one->blocked()) return std::unexpected(wait_for(*one, *until, clock_.now()));
  std::optional<Failure> wait;
  std::vector<Link> links = links_in_turn(ticket, known.links, wait);
  bool may_open = false;
  for (const auto& [taken_by, side] : free_routes(ticket, known.links, std::nullopt)) {
    const Tracker* const twin = tracker(side == Side::left ? taken_by->right : taken_by->left);
    if (twin == nullptr) continue;
    const auto until = twin->blocked();
    may_open = may_open || !until;
    if (until && known.links.empty()) wait = wait_for(*twin, *until, clock_.now());
  }
  const bool may_be_another = std::any_of(known.links.begin(), known.links.end(),
                                          [](const Link& link) { return link.state == LinkState::broken; });
  if (links.empty() && !may_open && !may_be_another)
    return wait ? Result<void>{std::unexpected(std::move(*wait))} : forget(occasion);

  std::optional<Snapshot> snapshot = reading_of(job, known);
  if (!snapshot) {
    auto fetched = one->fetch(ticket);
    if (!fetched) return std::unexpected(fetched.error());
    snapshot = std::move(*fetched);
  }
  if (snapshot->marker && known.links.empty()) return pass_by_our_own(occasion, *snapshot);
  std::vector<Link> opened = new_links(ticket, known.links, *snapshot, wait);
  links.insert(links.end(), std::make_move_iterator(opened.begin()), std::make_move_iterator(opened.end()));
  if (links.empty()) return wait ? Result<void>{std::unexpected(std::move(*wait))} : forget(occasion);

  for (std::size_t i = 0; i < links.size(); ++i) {
    // The hint stays until the last link has had its turn, and while one has to wait.
    occasion.shared = i + 1 < links.size() || wait.has_value();
    auto result = turn(occasion, std::move(links[i]), *snapshot);
    if (!result && (!wait || wait->retry_after)) wait = result.error();
    if (store_.failed()) return std::unexpected(*store_.failure());
  }
  if (wait) return std::unexpected(std::move(*wait));
  return {};
}

Result<void> Engine::turn(const Occasion& occasion, Link link, const Snapshot& snapshot) {
  const config::RouteConfig& taken_by = *route(link.route);
  const Side side = side_of(link, occasion.ticket);
  Turn one{context_, taken_by, {tracker(taken_by.left), tracker(taken_by.right)}, std::move(link), occasion};
  one.give(side, snapshot);
  return one.run();
}

/// We made it. Either its turn is just about to settle it, or it is of a life whose store is lost: never mirrored back.
Result<void> Engine::pass_by_our_own(const Occasion& occasion, const Snapshot& snapshot) {
  auto sending = read_value<std::vector<store::StoredIntent>>(store_, [](Transaction& transaction) {
    return transaction.intents_in(IntentState::sending, unfinished_at_once);
  });
  if (!sending) return std::unexpected(sending.error());
  const bool ours = std::any_of(sending->begin(), sending->end(),
                                [&](const store::StoredIntent& intent) { return intent.marker == *snapshot.marker; });
  if (!ours) log_.write(Level::warning, "unknown_marker", {{"ticket", display(occasion.ticket)}});
  if (!ours || setting_.dry) return forget(occasion);
  return store_.write([&](Transaction& transaction) {
    return transaction.postpone_hint(occasion.ticket, occasion.generation, clock_.now() + settling_patience);
  });
}

/// Links for the routes that take this ticket and have none for it yet.
std::vector<Link> Engine::new_links(const TicketRef& ticket, const std::vector<Link>& links, const Snapshot& snapshot,
                                    std::optional<Failure>& wait) const {
  std::vector<Link> opened;
  if (snapshot.gone) return opened;
  for (const auto& [taken_by, side] : free_routes(ticket, links, snapshot.created)) {
    // What we opened ourselves goes nowhere else; a case that we opened in the queue may, as any other case.
    if (snapshot.marker && side == Side::left) continue;
    Tracker* const twin = tracker(side == Side::left ? taken_by->right : taken_by->left);
    if (twin == nullptr) continue;
    const auto followed =
        side == Side::right ? followed_ticket(*taken_by, twin->adapter(), snapshot) : std::optional<NativeId>{};
    if (!followed && !policy::selects(side == Side::left ? taken_by->mirror_when : taken_by->publish_when, snapshot))
      continue;
    if (const auto until = twin->blocked()) {
      wait = wait_for(*twin, *until, clock_.now());
      continue;
    }
    Link& link = opened.emplace_back();
    link.route = taken_by->id;
    link.tickets[0].tracker = taken_by->left;
    link.tickets[1].tracker = taken_by->right;
    link.tickets[index(side)] = ticket;
    link.born = side;
    link.base[side].created = snapshot.created;
    if (followed) {
      link.tickets[index(Side::left)].id = *followed;
      link.born = Side::left;
      link.follows = true;
    }
  }
  return opened;
}

void Engine::postpone(const TicketRef& ticket, const Failure& failure) {
  report_.failed(fmt::format("{}: {}", display(ticket), failure.message));
  report_.postponed();
  if (setting_.dry || store_.failed()) return;
  // That its tracker has to wait was told once, when it began; thousands of tickets may wait with it.
  const bool waits = failure.fault == Fault::rate_limited;
  log_.write(waits ? Level::debug : Level::warning, "postponed",
             {{"ticket", display(ticket)}, {"fault", std::string{name(failure.fault)}}, {"why", failure.message}});
  const Instant now = clock_.now();
  auto written = store_.write([&](Transaction& transaction) -> Result<void> {
    auto hint = transaction.hint(ticket);
    if (!hint) return std::unexpected(hint.error());
    if (!*hint) return transaction.add_hint(ticket, now + ticket_backoff_min);
    const int doublings = std::min((*hint)->attempts, 9);
    std::chrono::milliseconds wait =
        std::min<std::chrono::seconds>(ticket_backoff_min * (1 << doublings), ticket_backoff_max);
    if (failure.retry_after) {
      wait = std::max<std::chrono::milliseconds>(*failure.retry_after, 1s);
      const auto spread = std::min<std::chrono::milliseconds>(spread_max, wait / 4);
      wait += std::chrono::milliseconds{context_.randomness.next() % static_cast<std::uint64_t>(spread.count())};
    }
    // What was lost on the way is looked for soon; only that the tracker's listing shows it may take a while.
    if (failure.fault == Fault::outcome_unknown && !failure.retry_after)
      wait = std::min<std::chrono::milliseconds>(wait, ticket_backoff_min);
    return transaction.postpone_hint(ticket, (*hint)->generation, now + wait);
  });
  if (!written) log_.write(Level::error, "store_failed", {{"why", written.error().message}});
}

}  // namespace causeway::engine
