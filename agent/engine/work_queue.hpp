#pragma once
/// The jobs that wait to be done, in memory. What must survive stands in the store as hints and cursors; this is only
/// order.
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <variant>
#include <vector>

#include "adapters/adapter.hpp"
#include "agent/store/store.hpp"

namespace causeway::engine {

/// One listing being read from its start to its end.
struct Round {
  TrackerId tracker;
  Cursor start;
  Instant started{};
  std::size_t pages_open = 0;
  std::optional<Cursor> then;
  std::optional<Cursor> watermark;
  bool failed = false;
};

struct PageJob {
  std::shared_ptr<Round> round;
  Cursor cursor;
};

struct TicketJob {
  store::Hint hint;
  std::optional<Snapshot> snapshot;  ///< when a listing has shown it just now
};

using Job = std::variant<PageJob, TicketJob>;

/// Thread-safe. Ticket jobs go before pages, so that what was read is worked off before more is read.
class WorkQueue {
 public:
  void add(PageJob job);
  /// Ignored when a job for this ticket is waiting already and brings no snapshot.
  void add(TicketJob job);

  /// The next job; nullopt: nothing can be started now. Does not wait.
  [[nodiscard]] std::optional<Job> take();
  /// Waits until there is something to take, or until `stop` is set and `wake_all` called.
  [[nodiscard]] std::optional<Job> wait(const std::atomic<bool>& stop);
  /// The job is done (or given back with `add`).
  void done();
  /// True when nothing waits and nothing is being worked on.
  [[nodiscard]] bool idle() const;
  [[nodiscard]] std::size_t waiting() const;
  void wake_all();
  /// Blocks until idle, but no longer than `most`.
  void wait_idle_for(std::chrono::milliseconds most);
  /// Blocks for `most`, less when `stop` is set and `wake_all` called.
  void wait_for(std::chrono::milliseconds most, const std::atomic<bool>& stop);

  /// Makes all of `keys` busy, or none: false when one is already. The job then waits until that one is free and comes
  /// back by itself.
  [[nodiscard]] bool occupy(const std::set<std::string>& keys, const TicketJob& job);
  void release(const std::set<std::string>& keys);

 private:
  std::optional<Job> take_locked();
  [[nodiscard]] bool idle_locked() const;

  mutable std::mutex mutex_;
  std::condition_variable added_;        ///< wakes workers, one for each job
  std::condition_variable became_idle_;  ///< wakes who watches the whole
  std::deque<TicketJob> tickets_;
  std::unordered_set<std::string> ticket_names_;
  std::deque<PageJob> pages_;
  std::unordered_map<std::string, std::vector<TicketJob>> busy_;  ///< key → who waits for it
  std::size_t in_work_ = 0;
  std::size_t parked_ = 0;
};

}  // namespace causeway::engine
