#pragma once
/// A tracker as the engine uses it: its adapter behind slots, with its health noted on every answer.
#include <chrono>
#include <deque>
#include <map>
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
  std::vector<std::string> own_names = {};  ///< of a customer's tracker: that customer's names and domains
};

/// What `status` says about a tracker.
struct Health {
  enum class State { unknown, ok, waiting, unreachable, denied };
  State state = State::unknown;
  std::string message;  ///< of the last failure
  Instant since{};      ///< when this state began
  Instant last_success{};
  Instant blocked_until{};  ///< nothing is sent before
};
[[nodiscard]] std::string_view name(Health::State state);

/// Thread-safe. While nothing may be sent (see `blocked`), every request is answered `rate_limited` without being sent.
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
  /// See Adapter::download.
  Result<void> download(const Attachment& attachment, const std::function<bool(std::string_view)>& sink);
  Result<std::optional<Receipt>> find(const TicketRef& near, const Marker& marker, Instant not_before);
  /// `just_before` is asked when the request's turn has come, which may be long after this was called; its failure is
  /// returned instead of sending anything.
  Result<Receipt> apply(const Intent& intent, const std::function<Result<void>()>& just_before = {});

  [[nodiscard]] Health health() const;
  /// Until when nothing may be sent; nullopt: now is fine.
  [[nodiscard]] std::optional<Instant> blocked() const;
  /// Whether a reading made at `observed` may not show what we have written to the ticket ourselves since. Also true of
  /// any reading that is older than such writes are remembered.
  [[nodiscard]] bool written_since(const NativeId& ticket, Instant observed) const;
  /// A listing round that began at `started` was read to its end.
  void round_complete(Instant started);
  /// The last complete listing round began at most `age` ago.
  [[nodiscard]] bool fresh(std::chrono::milliseconds age) const;

 private:
  void note_success(Slots& slots);
  void note(const Failure& failure, Slots& slots);
  void note_write(const NativeId& ticket);
  [[nodiscard]] std::optional<Failure> waiting() const;
  /// Sends a request through a slot, unless nothing may be sent by the time a slot is free.
  template <class Request>
  auto asked(Slots& slots, Request request) -> decltype(request()) {
    const Slots::Held slot{slots};
    if (auto wait = waiting()) return std::unexpected(std::move(*wait));
    auto result = request();
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
  std::map<NativeId, Instant> writes_;  ///< the last of each ticket, of the last moments
  std::deque<std::pair<Instant, NativeId>> writes_by_time_;
};

}  // namespace causeway::engine
