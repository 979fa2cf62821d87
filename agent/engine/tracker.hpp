#pragma once
/// A tracker as the engine uses it: its adapter behind slots, with its health noted on every answer.
#include <chrono>
#include <mutex>
#include <optional>
#include <string>

#include "adapters/adapter.hpp"
#include "agent/engine/slots.hpp"
#include "agent/model/role.hpp"
#include "agent/model/time.hpp"

namespace causeway::engine {

struct TrackerSetting {
  TrackerId id;
  TrackerRole role = TrackerRole::queue;
  std::size_t writers = 1;  ///< requests that write at the same time
  std::size_t readers = 2;
  std::chrono::milliseconds poll{std::chrono::seconds{60}};
  std::chrono::milliseconds sweep{std::chrono::hours{24}};
};

/// What `status` says about a tracker.
struct Health {
  enum class State { unknown, ok, waiting, unreachable, denied };
  State state = State::unknown;
  std::string message;      ///< of the last failure
  Instant since{};          ///< when this state began
  Instant last_success{};
  Instant blocked_until{};  ///< nothing is sent before
};
[[nodiscard]] std::string_view name(Health::State state);

/// Thread-safe.
class Tracker {
 public:
  /// Borrows the adapter and the clock; both must outlive it.
  Tracker(TrackerSetting setting, Adapter& adapter, const Clock& clock);

  [[nodiscard]] const TrackerSetting& setting() const { return setting_; }
  [[nodiscard]] const TrackerId& id() const { return setting_.id; }
  [[nodiscard]] const Capabilities& capabilities() const { return adapter_.capabilities(); }
  [[nodiscard]] Adapter& adapter() { return adapter_; }

  Result<ChangePage> changes(const Cursor& since);
  Result<Snapshot> fetch(const TicketRef& ref);
  Result<std::optional<Receipt>> find(const TicketRef& near, const Marker& marker, Instant not_before);
  Result<Receipt> apply(const Intent& intent);

  [[nodiscard]] Health health() const;
  /// Until when nothing may be sent; nullopt: now is fine.
  [[nodiscard]] std::optional<Instant> blocked() const;
  /// A listing round that began at `started` was read to its end.
  void round_complete(Instant started);
  /// The last complete listing round began at most `age` ago.
  [[nodiscard]] bool fresh(std::chrono::milliseconds age) const;

 private:
  void note_success(Slots& slots);
  void note(const Failure& failure, Slots& slots);
  template <class T>
  T noted(T result, Slots& slots) {
    if (result) {
      note_success(slots);
    } else {
      note(result.error(), slots);
    }
    return result;
  }

  TrackerSetting setting_;
  Adapter& adapter_;
  const Clock& clock_;
  Slots writers_;
  Slots readers_;
  mutable std::mutex mutex_;
  Health health_;
  int failures_in_a_row_ = 0;
  std::optional<Instant> last_round_started_;
};

}  // namespace causeway::engine
