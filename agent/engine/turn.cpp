#include "agent/engine/turn.hpp"

#include <algorithm>

namespace causeway::engine {
namespace {

using namespace std::chrono_literals;
using store::IntentState;
using store::LinkState;
using store::StoredIntent;
using store::Transaction;

constexpr std::array<Side, 2> both_sides{Side::left, Side::right};
/// How old a complete listing may be to stand for "unchanged" (reconcile::View::fresh).
constexpr auto fresh_for = 10s;
/// Stamps have whole seconds: a change right after a reading can carry the stamp that the reading saw. Such a reading
/// is repeated when the second is long over.
constexpr auto stamp_settles_after = 2s;
constexpr auto look_again_after = 90s;

}  // namespace

Turn::Turn(const Context& context, const config::RouteConfig& route, std::array<Tracker*, 2> trackers, store::Link link,
           Occasion occasion)
    : context_(context), route_(route), trackers_(trackers), link_(std::move(link)), occasion_(std::move(occasion)) {}

void Turn::give(Side side, Snapshot snapshot) { snapshots_[index(side)] = std::move(snapshot); }

reconcile::View Turn::view(Side side) const {
  const Capabilities& can = tracker(side).capabilities();
  reconcile::View view;
  view.snapshot = snapshots_[index(side)] ? &*snapshots_[index(side)] : nullptr;
  // A change that a listing has shown and that still waits for its turn makes the base old news.
  // So does a list that lags for longer than that.
  view.fresh =
      can.listing_is_reading && can.listing_lag <= fresh_for && !hinted_[index(side)] && tracker(side).fresh(fresh_for);
  view.is_public = tracker(side).setting().role == TrackerRole::community;
  view.is_queue = tracker(side).setting().role == TrackerRole::queue;
  if (side == Side::right) view.relayed = &relayed_;
  view.format = can.format;
  view.title_characters_max = can.title_characters_max;
  view.body_bytes_max = can.body_bytes_max;
  view.private_comments = can.private_comments;
  view.priority = can.priority;
  view.labels = can.labels;
  view.labels_without_blanks = can.labels_without_blanks;
  view.milestone = can.milestone;
  view.uploads = can.uploads;
  view.upload_bytes_max = can.upload_bytes_max;
  return view;
}

Result<void> Turn::run() {
  if (link_.follows && link_.id == LinkId{}) return begin_following();
  if (auto loaded = load_case(); !loaded) return loaded;
  if (auto recovered = recover(); !recovered) return recovered;
  // A tombstone is lifted only by seeing both sides alive, and what happened meanwhile was not followed.
  if (link_.state == LinkState::broken) must_read_ = {true, true};
  for (const Side side : both_sides) {
    if (!exists(side)) continue;
    const bool is_occasion = link_.tickets[index(side)] == occasion_.ticket;
    if (is_occasion && !snapshots_[index(side)]) {
      if (auto result = read(side); !result) return result;
    }
    // A new twin gets everything there is, so its original must be known whole.
    const bool whole = must_read_[index(side)] || !exists(other(side));
    if (whole && (!snapshots_[index(side)] || snapshots_[index(side)]->coverage != Coverage::all)) {
      if (auto result = read(side); !result) return result;
    }
  }
  for (const Side side : both_sides) {
    if (!snapshots_[index(side)]) continue;
    const auto same = check_identity(side);
    if (!same) return std::unexpected(same.error());
    if (!*same) return {};
  }
  if (link_.follows && snapshots_[index(Side::right)] && names_another_ticket(*snapshots_[index(Side::right)]))
    return end_following();
  const bool refused = link_.state == LinkState::paused && !(exists(Side::left) && exists(Side::right));
  if (link_.state == LinkState::broken || refused) return finish();  // nothing may be written, and a person knows
  if (auto decided = decide(); !decided || context_.dry) return decided;
  // Opening a ticket can ask for one more write on the side it came from, and a displaced value for a note, hence the
  // second way round.
  for (int round = 0; round < 2; ++round) {
    for (const Side side : both_sides) {
      if (auto delivered = deliver(side); !delivered) return delivered;
    }
  }
  return finish();
}

/// The stamps by which a listing's row is recognised as nothing new. Only where a listing does not show everything:
/// where it does, the fields themselves are compared.
void Turn::stamp() {
  for (const Side side : both_sides) {
    const auto& snapshot = snapshots_[index(side)];
    if (!snapshot || !exists(side) || snapshot->gone || tracker(side).capabilities().listing_is_reading) continue;
    if (link_.base[side].created == Instant{}) link_.base[side].created = snapshot->created;
    if (complete_ && snapshot->coverage == Coverage::all && link_.base[side].updated < snapshot->updated) {
      link_.base[side].updated = snapshot->updated;
    }
  }
}

/// Sides whose last reading may have missed a change within the same second. A ticket that we have only just opened is
/// left out: nobody has seen it yet.
std::vector<Side> Turn::unsettled() const {
  std::vector<Side> sides;
  for (const Side side : both_sides) {
    const auto& snapshot = snapshots_[index(side)];
    if (!snapshot || snapshot->gone || !exists(side) || opened_ == side) continue;
    if (tracker(side).capabilities().listing_is_reading) continue;
    if (link_.base[side].updated == snapshot->updated && snapshot->observed - snapshot->updated < stamp_settles_after) {
      sides.push_back(side);
    }
  }
  return sides;
}

Result<void> Turn::finish() {
  const Base before = link_.base;
  stamp();
  const bool changed = link_.id != LinkId{} && (link_changed_ || !(before == link_.base));
  if (!changed && hint_removed_ && unsettled().empty()) return {};
  return context_.store.write([&](Transaction& transaction) -> Result<void> {
    if (changed) {
      if (auto result = transaction.put_link(link_); !result) return result;
    }
    if (auto result = remove_hint(transaction); !result) return result;
    return look_again(transaction);
  });
}

/// A second look at each side whose last reading may have missed a change.
Result<void> Turn::look_again(Transaction& transaction) const {
  for (const Side side : unsettled()) {
    const TicketRef& ticket = link_.tickets[index(side)];
    if (occasion_.shared && ticket == occasion_.ticket) continue;  // the last of its turns sees the same
    if (auto result = transaction.add_hint(ticket, context_.clock.now() + look_again_after); !result) return result;
  }
  return {};
}

/// The occasion is dealt with, unless other links of the ticket still wait for their turn.
Result<void> Turn::remove_hint(Transaction& transaction) const {
  if (occasion_.shared) return {};
  return transaction.remove_hint(occasion_.ticket, occasion_.generation);
}

Result<void> Turn::remove_spooled(Transaction& transaction) const {
  if (occasion_.shared || occasion_.spooled_up_to == 0) return {};
  return transaction.remove_spooled_comments(occasion_.ticket, occasion_.spooled_up_to);
}

}  // namespace causeway::engine
