#pragma once
/// One link's way down the line: observe, decide, deliver, settle. Straight-line and blocking; the caller makes sure that a
/// link has one turn at a time.
#include <array>
#include <optional>
#include <vector>

#include "agent/engine/context.hpp"

namespace causeway::engine {

/// The hint that brought the turn about: removed in the transaction that makes it superfluous.
struct Occasion {
  TicketRef ticket;
  std::int64_t generation = 0;
  std::int64_t spooled_up_to = 0;  ///< comments of the listing that are part of the snapshot
};

class Turn {
 public:
  /// `trackers[0]` is left. Everything borrowed must outlive the turn.
  Turn(const Context& context, const config::RouteConfig& route, std::array<Tracker*, 2> trackers, store::Link link,
       Occasion occasion);

  /// A reading that is already there.
  void give(Side side, Snapshot snapshot);
  /// Success: everything that could be done is done, held or waits with its own hint. A failure: come again later.
  Result<void> run();

 private:
  [[nodiscard]] Tracker& tracker(Side side) const { return *trackers_[index(side)]; }
  [[nodiscard]] bool exists(Side side) const { return !link_.tickets[index(side)].id.empty(); }
  [[nodiscard]] reconcile::View view(Side side) const;

  // observe
  Result<void> read(Side side);
  Result<bool> check_identity(Side side);
  Result<void> note_gone(Side side);

  // recover what an earlier life may have sent
  Result<void> recover();
  Result<void> look_for(const store::StoredIntent& intent);
  Result<void> back_to_ready(IntentId id);

  // decide
  Result<void> decide();
  Result<Plan> plan_with_all_readings();
  void add_conflict_notes(Plan& plan) const;
  [[nodiscard]] policy::Crossing crossing(Side target, bool approved) const;
  Result<void> judge(const Plan& plan);
  void report_plan(const Plan& plan);

  // deliver and settle
  Result<void> deliver(Side side);
  void take_defaults(Side side, const Ticket& asked, const Ticket& shown);
  Result<void> deliver_creation(Side side);
  Result<void> deliver_others(Side side);
  Result<void> settle(Side side, const std::vector<std::pair<store::StoredIntent, Receipt>>& done);
  Result<void> read_back(Side side, std::vector<std::pair<store::StoredIntent, Receipt>>& done);
  Result<void> hold(store::StoredIntent intent, HoldReason reason, std::string explanation);
  void stamp();
  [[nodiscard]] std::vector<Side> unsettled() const;
  Result<void> finish();
  Result<Receipt> send(Side side, const store::StoredIntent& intent);
  void tell(const store::StoredIntent& intent);

  const Context& context_;
  const config::RouteConfig& route_;
  std::array<Tracker*, 2> trackers_;
  store::Link link_;
  Occasion occasion_;
  std::array<std::optional<Snapshot>, 2> snapshots_;
  std::array<std::vector<store::StoredIntent>, 2> ready_;  ///< per target side, in the order to be sent
  std::array<bool, 2> must_read_{false, false};
  bool complete_ = true;        ///< nothing is held back that a later look should bring about
  bool hint_removed_ = false;
  std::optional<Side> opened_;  ///< the side on which this turn opened a ticket
};

}  // namespace causeway::engine
