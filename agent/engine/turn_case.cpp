#include <algorithm>

#include "agent/engine/followed.hpp"
#include "agent/engine/turn.hpp"

namespace causeway::engine {

using store::Link;
using store::Transaction;

/// What the other links of the queue's ticket bring: whether it is a customer's case, and which of its comments the
/// public has read already.
Result<void> Turn::load_case() {
  if (!exists(Side::right)) return {};
  return context_.store.read([&](Transaction& transaction) -> Result<void> {
    auto links = transaction.links_of(link_.tickets[index(Side::right)]);
    if (!links) return std::unexpected(links.error());
    for (const Link& one : *links) {
      if (one.id == link_.id) continue;
      has_siblings_ = true;
      const TrackerId& left = one.tickets[index(Side::left)].tracker;
      const auto role = context_.roles.find(left);
      // A tracker that is no longer configured counts as a customer's: what it brought stays protected.
      if (role == context_.roles.end() || role->second == TrackerRole::customer) {
        customer_case_ = true;
        customer_born_ = customer_born_ || one.born == Side::left;
        other_customer_ = other_customer_ || left != link_.tickets[index(Side::left)].tracker;
      }
      if (role == context_.roles.end() || role->second != TrackerRole::community) continue;
      for (const CommentPair& pair : one.base.comments) {
        if (pair.born == Side::left && !pair.ids[index(Side::right)].empty())
          relayed_[pair.ids[index(Side::right)]] = pair.texts[index(Side::right)];
      }
    }
    return {};
  });
}

/// The case's other links pass on what the public has said here.
Result<void> Turn::hint_siblings(Transaction& transaction, Side written) const {
  const bool passed_on =
      written == Side::right && has_siblings_ && tracker(Side::left).setting().role == TrackerRole::community;
  return passed_on ? transaction.add_hint(link_.tickets[index(written)], context_.clock.now()) : Result<void>{};
}

/// Whether the case says that it follows another ticket or none. A field that is not shown says nothing.
bool Turn::names_another_ticket(const Snapshot& right) const {
  if (!right.ticket.fields.contains(route_.follow_field)) return false;
  return followed_ticket(route_, tracker(Side::left).adapter(), right) != link_.tickets[index(Side::left)].id;
}

/// A case begins to follow a ticket that is there already. What both hold by now stays where it is.
Result<void> Turn::begin_following() {
  for (const Side side : {Side::left, Side::right}) {
    if (snapshots_[index(side)] && snapshots_[index(side)]->coverage == Coverage::all) continue;
    if (auto result = read(side); !result) return result;
  }
  const TicketRef& upstream = link_.tickets[index(Side::left)];
  const bool gone = snapshots_[0]->gone || snapshots_[1]->gone;
  if (context_.dry) return {};
  const std::string detail =
      gone ? fmt::format("{} names {}, which is not there", display(occasion_.ticket), display(upstream))
           : fmt::format("{} follows {}", display(occasion_.ticket), display(upstream));
  if (!gone) link_.base = reconcile::base_to_follow_from({view(Side::left), view(Side::right)}, route_.mapping);
  auto written = context_.store.write([&](Transaction& transaction) -> Result<void> {
    if (!gone) {
      if (auto result = transaction.put_link(link_); !result) return result;
    }
    if (auto result = context_.audit(transaction, link_.id, gone ? "not_followed" : "followed", detail); !result)
      return result;
    if (auto result = remove_spooled(transaction); !result) return result;
    if (auto result = remove_hint(transaction); !result) return result;
    return gone ? Result<void>{} : look_again(transaction);
  });
  if (written) context_.told(occasion_.ticket, gone ? "not_followed" : "followed", detail);
  return written;
}

Result<void> Turn::end_following() {
  if (context_.dry) return {};
  const std::string detail = fmt::format("{} no longer follows {}", display(link_.tickets[index(Side::right)]),
                                         display(link_.tickets[index(Side::left)]));
  auto written = context_.store.write([&](Transaction& transaction) -> Result<void> {
    auto intents = transaction.intents_of(link_.id);
    if (!intents) return std::unexpected(intents.error());
    for (const store::StoredIntent& intent : *intents) {
      if (auto result = transaction.remove_intent(intent.id); !result) return result;
    }
    if (auto result = transaction.remove_link(link_.id); !result) return result;
    if (auto result = context_.audit(transaction, link_.id, "unfollowed", detail); !result) return result;
    if (auto result = remove_spooled(transaction); !result) return result;
    if (auto result = remove_hint(transaction); !result) return result;
    // It may name another one now.
    return transaction.add_hint(link_.tickets[index(Side::right)], context_.clock.now());
  });
  if (written) context_.told(occasion_.ticket, "unfollowed", detail);
  return written;
}

}  // namespace causeway::engine
