#pragma once
/// One link's way down the line: observe, decide, deliver, settle. Straight-line and blocking; the caller makes sure
/// that a link has one turn at a time.
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
  bool shared =
      false;  ///< more links of the ticket have their turn after this one: the hint and the comments must stay
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

  // the case that the link belongs to
  Result<void> load_case();
  [[nodiscard]] bool names_another_ticket(const Snapshot& right) const;
  Result<void> hint_siblings(store::Transaction& transaction, Side written) const;
  Result<void> begin_following();
  Result<void> end_following();

  // observe
  Result<void> read(Side side);
  Result<bool> check_identity(Side side);
  Result<void> note_gone(Side side);

  // recover what an earlier life may have sent
  Result<void> recover();
  Result<void> look_for(const store::StoredIntent& intent);
  Result<void> take_found(const store::StoredIntent& intent, const Receipt& receipt);
  Result<void> back_to_ready(IntentId id);
  Result<void> go_on_from_between(const store::StoredIntent& intent);

  // decide
  Result<void> decide();
  Result<Plan> plan_with_all_readings();
  Result<void> load_known(const Plan& plan);
  [[nodiscard]] Step conflict_note(const Conflict& conflict) const;
  [[nodiscard]] policy::Crossing crossing(Side target, bool approved) const;
  struct Judged {
    std::vector<store::StoredIntent> kept;      ///< to be stored, in order
    std::vector<store::StoredIntent> held_now;  ///< a person is to be told
    [[nodiscard]] bool sends(Side target) const {
      return !kept.empty() && kept.back().target == target && kept.back().state != store::IntentState::held;
    }
  };
  Result<void> judge(const Plan& plan);
  void judge_step(Side target, const Step& step, Judged& judged);
  Result<void> store_judgement(const Plan& plan, Judged& judged);
  Result<void> record_conflict(store::Transaction& transaction, const Conflict& conflict) const;
  void report_plan(const Plan& plan);

  // deliver and settle
  using Answered = std::vector<std::pair<store::StoredIntent, Receipt>>;
  Result<void> deliver(Side side);
  void take_defaults(Side side, const Ticket& asked, const Ticket& shown);
  Result<void> deliver_creation(Side side);
  Result<void> deliver_others(Side side);
  [[nodiscard]] std::optional<store::StoredIntent> link_to_twin(Side created) const;
  Result<void> settle(Side side, Answered done);
  Result<void> read_back(Side side, Answered& done);
  [[nodiscard]] std::string missing_in(const Snapshot& after, const store::StoredIntent& intent,
                                       Receipt& receipt) const;
  [[nodiscard]] std::vector<Conflict> displaced_by(Side side, const Answered& done) const;
  Result<void> hold(store::StoredIntent intent, const Failure& failure);
  void stamp();
  [[nodiscard]] std::vector<Side> unsettled() const;
  Result<void> finish();
  Result<void> look_again(store::Transaction& transaction) const;
  Result<void> remove_hint(store::Transaction& transaction) const;
  Result<void> remove_spooled(store::Transaction& transaction) const;
  Result<void> confirm_open(Side target, const Step& step);
  Result<Receipt> send(Side side, const store::StoredIntent& intent);
  Result<std::vector<std::string>> contents_of(Side target, const Operation& operation);
  [[nodiscard]] std::string damaged_in(Side target, const Receipt& receipt, const std::vector<std::string>& contents);
  [[nodiscard]] std::pair<std::string, std::string> account_of(const store::StoredIntent& intent) const;
  void tell(const store::StoredIntent& intent);

  const Context& context_;
  const config::RouteConfig& route_;
  std::array<Tracker*, 2> trackers_;
  store::Link link_;
  Occasion occasion_;
  std::array<std::optional<Snapshot>, 2> snapshots_;
  std::array<std::vector<store::StoredIntent>, 2> ready_;  ///< per target side, in the order to be sent
  std::array<bool, 2> must_read_{false, false};
  std::array<bool, 2> hinted_{false, false};  ///< a change of this side waits for a turn of its own
  std::array<Instant, 2> confirmed_open_{};   ///< when this side was last seen to be readable by everybody
  std::vector<store::StoredIntent> known_;    ///< unfinished writes of the link that the plan has not taken up yet
  std::vector<store::StoredConflict> recorded_;
  bool customer_case_ = false;               ///< a customer's tracker is linked to the queue's ticket as well
  bool customer_born_ = false;               ///< and that customer has filed the case
  bool has_siblings_ = false;                ///< so is any other ticket
  bool other_customer_ = false;              ///< another customer's tracker than this link's is linked to it
  std::map<NativeId, Fingerprint> relayed_;  ///< see reconcile::View
  bool link_changed_ = false;                ///< its state differs from the stored one
  bool complete_ = true;                     ///< nothing is held back that a later look should bring about
  bool hint_removed_ = false;
  std::optional<Side> opened_;  ///< the side on which this turn opened a ticket
};

}  // namespace causeway::engine
