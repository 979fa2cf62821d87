#pragma once
/// Runs the line: reads listings, turns what they show into hints, gives every hinted ticket its turn. Sees only ports.
/// Can be run by threads (`run`, `pass`) or stepped by hand on one thread (`begin_pass`, `step`), which is what tests
/// and the simulator do.
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "agent/engine/brake.hpp"
#include "agent/engine/context.hpp"
#include "agent/engine/turn.hpp"
#include "agent/engine/watched_store.hpp"
#include "agent/engine/work_queue.hpp"

namespace causeway::engine {

struct EngineSetting {
  std::vector<config::RouteConfig> routes;
  std::size_t workers = 8;  ///< threads; more than the sum of writing slots, so that reading goes on meanwhile
  bool dry = false;         ///< decide and report, write nothing
  std::chrono::days audit_kept{400};
};

class Engine {
 public:
  /// Borrows everything; all must outlive the engine.
  Engine(EngineSetting setting, std::vector<Tracker*> trackers, store::Store& store, const policy::PrivacyGate& gate,
         const Clock& clock, Randomness& randomness, Log& log);

  /// Puts hints for whatever an earlier life left unfinished. Call once, before anything else.
  Result<void> recover();

  /// One pass with threads: every tracker's changes and all that is due; with `full` every linked ticket is compared
  /// whole. Returns when nothing is left that could be done now, or soon after `stop` is set: writes in flight are
  /// settled first. A failure means that the store cannot be written.
  Result<Report::Data> pass(const std::atomic<bool>& stop, bool full = false);
  /// Goes on until `stop`: polls, works, sweeps. `tick` is called about once a second on the calling thread.
  Result<void> run(const std::atomic<bool>& stop, const std::function<void()>& tick);

  /// By hand, on the caller's thread.
  Result<void> begin_pass(bool full = false);
  /// Does one job; false: nothing was left to do.
  Result<bool> step();
  Result<void> end_pass();
  [[nodiscard]] Report::Data take_report() { return report_.take(); }

  /// Tickets read and not yet worked on.
  [[nodiscard]] std::size_t waiting() const { return queue_.waiting(); }

 private:
  /// What the store knows of a ticket.
  struct Known {
    std::vector<store::Link> links;
    std::optional<store::Hint> hint;
    std::vector<store::SpooledComment> spooled;
  };
  class Told;

  [[nodiscard]] std::vector<std::jthread> workers(const std::atomic<bool>& finished);
  Result<void> turn_of_the_loop(std::map<TrackerId, Instant>& next_poll);
  Result<void> load_due_hints(std::size_t count_max);
  Result<void> load_more_hints();
  Result<std::size_t> sweep(Tracker& tracker, std::size_t links_max);
  Result<void> sweep_everything(Tracker& tracker);
  Result<void> sync_brakes();
  Result<void> lift_releases();
  Result<void> note_health();
  void perform(const Job& job);
  [[nodiscard]] Tracker* tracker(const TrackerId& id) const;
  [[nodiscard]] const config::RouteConfig* route(const RouteId& id) const;

  // engine_listing.cpp: from listings to hints
  Result<void> begin_round(Tracker& tracker);
  void perform_page(const PageJob& job);
  Result<void> take_page(const ChangePage& page, Tracker& tracker);
  Result<void> end_round(Round& round, Tracker& tracker);
  Result<bool> is_news(store::Transaction& transaction, Tracker& tracker, const Snapshot& snapshot);
  Result<bool> is_news(store::Transaction& transaction, const CommentSeen& seen);
  [[nodiscard]] bool any_route_selects(const Snapshot& snapshot) const;
  [[nodiscard]] bool follows_otherwise(const Snapshot& snapshot, const std::vector<store::Link>& links) const;
  [[nodiscard]] std::array<reconcile::View, 2> views_for(const store::Link& link, Side side,
                                                         const Snapshot& snapshot) const;

  // engine_tickets.cpp: from hints to turns
  void perform_ticket(const TicketJob& job);
  Result<void> take_turns(const TicketJob& job);
  Result<void> take_turns(const TicketJob& job, Known known);
  Result<Known> load(const TicketRef& ticket);
  [[nodiscard]] std::vector<store::Link> links_in_turn(const TicketRef& ticket, const std::vector<store::Link>& links,
                                                       std::optional<Failure>& wait) const;
  [[nodiscard]] std::vector<std::pair<const config::RouteConfig*, Side>> free_routes(
      const TicketRef& ticket, const std::vector<store::Link>& links, std::optional<Instant> created) const;
  [[nodiscard]] std::optional<Snapshot> reading_of(const TicketJob& job, const Known& known) const;
  Result<void> pass_by_our_own(const Occasion& occasion, const Snapshot& snapshot);
  [[nodiscard]] std::vector<store::Link> new_links(const TicketRef& ticket, const std::vector<store::Link>& links,
                                                   const Snapshot& snapshot, std::optional<Failure>& wait) const;
  Result<void> turn(const Occasion& occasion, store::Link link, const Snapshot& snapshot);
  Result<void> forget(const Occasion& occasion);
  [[nodiscard]] bool already_looked_at(const TicketRef& ticket);
  void postpone(const TicketRef& ticket, const Failure& failure);
  [[nodiscard]] std::vector<std::pair<const config::RouteConfig*, Side>> routes_of(const TrackerId& tracker) const;

  EngineSetting setting_;
  std::vector<Tracker*> trackers_;
  WatchedStore store_;
  const Clock& clock_;
  Log& log_;
  Report report_;
  Brake brake_;
  Context context_;
  WorkQueue queue_;
  std::mutex mutex_;  ///< guards the rest
  std::map<TrackerId, std::shared_ptr<Round>> rounds_;
  std::map<TrackerId, std::string> health_noted_;
  std::set<TicketRef> looked_at_;  ///< of a dry pass
};

}  // namespace causeway::engine
