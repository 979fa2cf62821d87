#include <algorithm>
#include <limits>

#include "agent/engine/engine.hpp"
#include "agent/engine/followed.hpp"
#include "agent/engine/read_value.hpp"
#include "agent/policy/condition.hpp"

namespace causeway::engine {
namespace {

using store::Link;
using store::LinkState;
using store::Transaction;

constexpr std::size_t spooled_at_once = 10'000;

std::string cursor_key(const TrackerId& tracker) { return "cursor/" + tracker.value; }

}  // namespace

/// Whether a case names another ticket to follow than it does, or one for the first time. A field that is not shown
/// says nothing.
bool Engine::follows_otherwise(const Snapshot& snapshot, const std::vector<Link>& links) const {
  for (const auto& [taken_by, side] : routes_of(snapshot.ref.tracker)) {
    if (side != Side::right || !snapshot.ticket.fields.contains(taken_by->follow_field)) continue;
    Tracker* const left = tracker(taken_by->left);
    if (left == nullptr) continue;
    const auto link =
        std::find_if(links.begin(), links.end(), [&](const Link& one) { return one.route == taken_by->id; });
    const auto named = followed_ticket(*taken_by, left->adapter(), snapshot);
    if (link == links.end() && named) return true;
    if (link != links.end() && link->follows && named != link->tickets[index(Side::left)].id) return true;
  }
  return false;
}

bool Engine::any_route_selects(const Snapshot& snapshot) const {
  const auto routes = routes_of(snapshot.ref.tracker);
  return std::any_of(routes.begin(), routes.end(), [&](const auto& entry) {
    return policy::selects(entry.second == Side::left ? entry.first->mirror_when : entry.first->publish_when, snapshot);
  });
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

void Engine::perform_page(const PageJob& job) {
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
      log_.write(Level::warning, "listing_failed",
                 {{"tracker", one.id().value},
                  {"fault", std::string{name(page.error().fault)}},
                  {"why", page.error().message}});
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
    if (auto result = end_round(round, one); !result)
      log_.write(Level::error, "store_failed", {{"why", result.error().message}});
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
    if (link.state == LinkState::paused && link.tickets[index(other(side))].id.empty()) continue;
    const auto& pairs = link.base.comments;
    const auto pair = std::find_if(pairs.begin(), pairs.end(),
                                   [&](const CommentPair& known) { return known.ids[index(side)] == seen.comment.id; });
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
    views[index(each)].labels_without_blanks = one->capabilities().labels_without_blanks;
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
      if (link.gone_looks[index(side)] > 0 && base.created == snapshot.created) return true;  // it is back
      linked = linked || base.created == snapshot.created;
      continue;
    }
    linked = true;
    const bool dropped = link.state == LinkState::paused && link.tickets[index(other(side))].id.empty();
    if (dropped) continue;                                                           // a person wants no twin of it
    if (base.created != Instant{} && base.created != snapshot.created) return true;  // the id was given again
    if (reconcile::differs(link.base, side, views_for(link, side, snapshot), taken_by->mapping, link.follows))
      return true;
    if (!one.capabilities().listing_is_reading && base.updated != snapshot.updated) return true;
    const auto announced = [&](const Attachment& file) {
      const auto& known = link.base.attachments;
      return file.ours || std::find(known.begin(), known.end(), AttachmentPair{file.id, side}) != known.end();
    };
    const bool mirrors_files = !link.follows && taken_by->rules.comments[index(side)].mirrored;
    if (mirrors_files && !std::all_of(snapshot.attachments.begin(), snapshot.attachments.end(), announced)) return true;
    if (snapshot.comment_count) {
      const auto known = std::count_if(link.base.comments.begin(), link.base.comments.end(),
                                       [&](const CommentPair& pair) { return !pair.ids[index(side)].empty(); });
      if (*snapshot.comment_count < static_cast<std::size_t>(known) + announcements_on(link, side))
        return true;  // one was deleted
    }
    if (link.tickets[index(other(side))].id.empty()) return true;  // its twin is still to be made
  }
  if (follows_otherwise(snapshot, *links)) return true;
  if (!linked) return any_route_selects(snapshot);
  auto spooled = transaction.spooled_comments(snapshot.ref);
  if (!spooled) return std::unexpected(spooled.error());
  return !spooled->empty();
}

Result<void> Engine::take_page(const ChangePage& page, Tracker& one) {
  std::vector<const CommentSeen*> comments;
  std::vector<const Snapshot*> tickets;
  std::set<NativeId> commented;  // by this very page, so not spooled yet
  auto read = store_.read([&](Transaction& transaction) -> Result<void> {
    for (const CommentSeen& seen : page.comments) {
      auto news = is_news(transaction, seen);
      if (!news) return std::unexpected(news.error());
      if (!*news) continue;
      comments.push_back(&seen);
      commented.insert(seen.ticket.id);
    }
    for (const Snapshot& snapshot : page.tickets) {
      report_.saw_ticket();
      auto news = is_news(transaction, one, snapshot);
      if (!news) return std::unexpected(news.error());
      if (*news || commented.contains(snapshot.ref.id)) tickets.push_back(&snapshot);
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

/// Every page is stored: the watermark may move. Comments whose ticket the listing did not show get a hint of their
/// own; those of tickets nobody takes are forgotten.
Result<void> Engine::end_round(Round& round, Tracker& one) {
  one.round_complete(round.started);
  if (setting_.dry) return {};
  auto left_over = read_value<std::vector<TicketRef>>(
      store_, [&](Transaction& transaction) { return transaction.spooled_tickets(one.id(), spooled_at_once); });
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

}  // namespace causeway::engine
