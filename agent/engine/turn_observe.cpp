#include <algorithm>

#include "agent/engine/turn.hpp"

namespace causeway::engine {
namespace {

using namespace std::chrono_literals;
using store::IntentState;
using store::LinkState;
using store::StoredIntent;
using store::Transaction;

/// A gone ticket is believed at the second look.
constexpr std::uint8_t gone_looks_needed = 2;
constexpr auto gone_look_again = 60s;
/// Our clock and a tracker's may differ this much when an object is looked for by its time of creation.
constexpr auto clock_skew_max = 300s;

}  // namespace

Result<void> Turn::read(Side side) {
  auto snapshot = tracker(side).fetch(link_.tickets[index(side)]);
  if (!snapshot) return std::unexpected(snapshot.error());
  snapshots_[index(side)] = std::move(*snapshot);
  return {};
}

/// false: the link was dealt with (gone, or its id now belongs to another ticket).
Result<bool> Turn::check_identity(Side side) {
  const Snapshot& snapshot = *snapshots_[index(side)];
  const Instant created = link_.base[side].created;
  const bool another = created != Instant{} && !snapshot.gone && snapshot.created != created;
  std::uint8_t& looks = link_.gone_looks[index(side)];
  if (!snapshot.gone && !another) {
    if (looks == 0) return true;
    looks = 0;
    link_changed_ = true;
    if (link_.state == LinkState::broken && link_.gone_looks[index(other(side))] < gone_looks_needed)
      link_.state = LinkState::active;
    return true;
  }
  if (another && looks < gone_looks_needed)
    looks = gone_looks_needed - 1;  // the id was given again: no second look is needed
  if (auto noted = note_gone(side); !noted) return std::unexpected(noted.error());
  return false;
}

Result<void> Turn::note_gone(Side side) {
  if (context_.dry) return {};
  const TicketRef ticket = link_.tickets[index(side)];
  std::uint8_t& looks = link_.gone_looks[index(side)];
  const bool known = looks >= gone_looks_needed;
  if (!known) ++looks;
  const bool believed = looks >= gone_looks_needed;
  if (believed) link_.state = LinkState::broken;
  const std::string detail = fmt::format("{} is gone; its twin is left as it is", display(ticket));
  const Instant again = context_.clock.now() + gone_look_again;
  auto written = context_.store.write([&](Transaction& transaction) -> Result<void> {
    if (auto result = transaction.put_link(link_); !result) return result;
    if (auto result = remove_hint(transaction); !result) return result;
    if (believed) {
      // What was still to be written has nowhere to go.
      auto intents = transaction.intents_of(link_.id);
      if (!intents) return std::unexpected(intents.error());
      for (const StoredIntent& intent : *intents) {
        if (auto result = transaction.remove_intent(intent.id); !result) return result;
      }
      if (auto result = remove_spooled(transaction); !result) return result;
      return known ? Result<void>{} : context_.audit(transaction, link_.id, "gone", detail);
    }
    if (occasion_.shared && ticket == occasion_.ticket) return {};
    if (auto result = transaction.add_hint(ticket, again); !result) return result;
    // Should it be back then, what brought us here is still to be done.
    if (occasion_.shared || ticket == occasion_.ticket) return {};
    return transaction.add_hint(occasion_.ticket, again);
  });
  if (written && believed && !known) context_.told(ticket, "gone", detail);
  return written;
}

/// What an earlier turn or an earlier life left unfinished, and whether the other side waits for a turn of its own.
Result<void> Turn::recover() {
  if (link_.id == LinkId{}) return {};
  std::vector<StoredIntent> intents;
  auto loaded = context_.store.read([&](Transaction& transaction) -> Result<void> {
    auto found = transaction.intents_of(link_.id);
    if (!found) return std::unexpected(found.error());
    intents = std::move(*found);
    for (const Side side : {Side::left, Side::right}) {
      if (!exists(side) || link_.tickets[index(side)] == occasion_.ticket) continue;
      auto hint = transaction.hint(link_.tickets[index(side)]);
      if (!hint) return std::unexpected(hint.error());
      hinted_[index(side)] = hint->has_value();
    }
    return {};
  });
  if (!loaded || context_.dry) return loaded;
  for (const StoredIntent& intent : intents) {
    // Where an unfinished write came from must be known whole, or deciding again would take it for no longer wanted.
    must_read_[index(other(intent.target))] = true;
    if (intent.state == IntentState::held) continue;
    // It was stale, or its ticket gone, or nobody knows: what is there now is looked at before anything else is
    // written.
    must_read_[index(intent.target)] = true;
    if (intent.state != IntentState::sending) continue;
    if (auto looked = look_for(intent); !looked) return looked;
  }
  return {};
}

/// The request may have left. What was to be created is looked for by its marker; what was to be changed is simply
/// read: the base still holds the old agreement, so deciding again finds what is missing, and only that.
Result<void> Turn::look_for(const StoredIntent& intent) {
  if (!creates(intent.step.operation)) {
    if (auto result = read(intent.target); !result) return result;
    if (auto result = go_on_from_between(intent); !result) return result;
    return back_to_ready(intent.id);
  }
  auto found =
      tracker(intent.target).find(link_.tickets[index(intent.target)], intent.marker, intent.sent - clock_skew_max);
  if (!found && found.error().fault == Fault::gone)
    return back_to_ready(intent.id);  // reading it comes next and sees the same
  if (!found) return std::unexpected(found.error());
  if (*found) return take_found(intent, **found);
  const Instant provable = intent.sent + tracker(intent.target).capabilities().listing_lag;
  if (context_.clock.now() < provable) {
    // A listing that lags proves nothing yet (docs/architecture.md, "A write that may have happened").
    Failure wait{Fault::rate_limited,
                 Reach::ticket,
                 "waiting until the tracker's listing can prove that a write did not arrive",
                 {}};
    wait.retry_after = std::chrono::ceil<std::chrono::seconds>(provable - context_.clock.now());
    return std::unexpected(std::move(wait));
  }
  return back_to_ready(intent.id);
}

Result<void> Turn::take_found(const StoredIntent& intent, const Receipt& receipt) {
  const Side side = intent.target;
  const auto* create = std::get_if<CreateTicket>(&intent.step.operation);
  if (create != nullptr) {
    link_.tickets[index(side)].tracker = tracker(side).id();
    link_.tickets[index(side)].id = receipt.written;
    if (receipt.created) link_.base[side].created = *receipt.created;
  }
  // Its side has changed since whatever reading we hold.
  if (auto result = read(side); !result) return result;
  reconcile::agree(link_.base, intent.step.agreement, side, receipt.written);
  std::optional<StoredIntent> twin;
  if (create != nullptr) {
    const Snapshot& seen = *snapshots_[index(side)];
    if (!seen.gone) take_defaults(side, create->ticket, seen.ticket);
    twin = link_to_twin(side);
  }
  auto written = context_.store.write([&](Transaction& transaction) -> Result<void> {
    if (auto result = transaction.put_link(link_); !result) return result;
    if (auto result = transaction.remove_intent(intent.id); !result) return result;
    if (twin) {
      if (auto result = transaction.put_intent(*twin); !result) return result;
    }
    if (auto result = hint_siblings(transaction, side); !result) return result;
    return context_.audit(
        transaction, link_.id, "found",
        fmt::format("a write whose answer was lost had reached {}", display(link_.tickets[index(side)])));
  });
  if (written) context_.report.count("found");
  return written;
}

/// A status that is reached in steps: where the write broke off is none of anybody's changes, and neither wins over
/// what was wanted nor makes a conflict. The audit trail names it, should it have been somebody's after all.
Result<void> Turn::go_on_from_between(const StoredIntent& intent) {
  const Side side = intent.target;
  const auto* edit = std::get_if<EditTicket>(&intent.step.operation);
  if (edit == nullptr || !tracker(side).capabilities().status_in_steps) return {};
  const auto wanted = edit->set.find(Field::status);
  const std::optional<Snapshot>& seen = snapshots_[index(side)];
  if (wanted == edit->set.end() || !seen || seen->gone) return {};
  const Fingerprint now = fingerprint(seen->ticket.status);
  if (now == link_.base[side][Field::status] || now == fingerprint(wanted->second)) return {};
  link_.base[side][Field::status] = now;
  // The other side then still counts as changed, so that the rest of the way is planned.
  link_.base[other(side)][Field::status] = fingerprint_of_nothing;
  return context_.store.write([&](Transaction& transaction) -> Result<void> {
    if (auto result = transaction.put_link(link_); !result) return result;
    return context_.audit(transaction, link_.id, "found",
                          fmt::format("a change of the status of {} broke off at \"{}\" and goes on from there",
                                      display(link_.tickets[index(side)]), seen->ticket.status));
  });
}

/// It did not arrive, or doing it again does no harm. Kept, so that a person's approval is: deciding drops it if it is
/// no longer wanted.
Result<void> Turn::back_to_ready(IntentId id) {
  return context_.store.write(
      [&](Transaction& transaction) { return transaction.mark_intent(id, IntentState::ready, {}); });
}

}  // namespace causeway::engine
