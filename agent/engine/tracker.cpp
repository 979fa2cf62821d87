#include "agent/engine/tracker.hpp"

#include <algorithm>

namespace causeway::engine {
namespace {

using namespace std::chrono_literals;
constexpr auto backoff_min = 5s;
constexpr auto backoff_max = 600s;
/// GitHub asks for a minute at least where it does not say how long.
constexpr auto rate_limit_default = 60s;
/// Rights are mended by people, so looking again every few minutes is enough.
constexpr auto denied_again = 300s;

}  // namespace

std::string_view name(Health::State state) {
  switch (state) {
    case Health::State::unknown: return "unknown";
    case Health::State::ok: return "ok";
    case Health::State::waiting: return "waiting";
    case Health::State::unreachable: return "unreachable";
    case Health::State::denied: return "denied";
  }
  return "unknown";
}

Tracker::Tracker(TrackerSetting setting, Adapter& adapter, const Clock& clock)
    : setting_(std::move(setting)),
      adapter_(adapter),
      clock_(clock),
      writers_(std::max<std::size_t>(1, setting_.writers)),
      readers_(std::max<std::size_t>(1, setting_.readers)) {}

Result<ChangePage> Tracker::changes(const Cursor& since) {
  const Slots::Held slot{readers_};
  return noted(adapter_.changes(since), readers_);
}

Result<Snapshot> Tracker::fetch(const TicketRef& ref) {
  const Slots::Held slot{readers_};
  return noted(adapter_.fetch(ref), readers_);
}

Result<std::optional<Receipt>> Tracker::find(const TicketRef& near, const Marker& marker, Instant not_before) {
  const Slots::Held slot{readers_};
  return noted(adapter_.find(near, marker, not_before), readers_);
}

Result<Receipt> Tracker::apply(const Intent& intent) {
  const Slots::Held slot{writers_};
  return noted(adapter_.apply(intent), writers_);
}

Health Tracker::health() const {
  const std::scoped_lock lock{mutex_};
  return health_;
}

std::optional<Instant> Tracker::blocked() const {
  const Instant now = clock_.now();
  const std::scoped_lock lock{mutex_};
  if (health_.blocked_until > now) return health_.blocked_until;
  return std::nullopt;
}

void Tracker::round_complete(Instant started) {
  const std::scoped_lock lock{mutex_};
  if (!last_round_started_ || *last_round_started_ < started) last_round_started_ = started;
}

bool Tracker::fresh(std::chrono::milliseconds age) const {
  const Instant now = clock_.now();
  const std::scoped_lock lock{mutex_};
  return last_round_started_ && now - *last_round_started_ <= age;
}

void Tracker::note_success(Slots& slots) {
  slots.went_well();
  const Instant now = clock_.now();
  const std::scoped_lock lock{mutex_};
  failures_in_a_row_ = 0;
  health_.last_success = now;
  if (health_.state != Health::State::ok && health_.blocked_until <= now) {
    health_.state = Health::State::ok;
    health_.since = now;
    health_.message.clear();
  }
}

void Tracker::note(const Failure& failure, Slots& slots) {
  const Instant now = clock_.now();
  Health::State state = Health::State::ok;
  std::chrono::milliseconds wait{0};
  switch (failure.fault) {
    case Fault::rate_limited:
      slots.halve();
      state = Health::State::waiting;
      wait = failure.retry_after.value_or(rate_limit_default);
      break;
    case Fault::denied:
      if (failure.reach != Reach::tracker) return;
      state = Health::State::denied;
      wait = denied_again;
      break;
    case Fault::transient:
    case Fault::outcome_unknown:
      if (failure.reach != Reach::tracker) return;
      state = Health::State::unreachable;
      break;
    case Fault::stale:
    case Fault::gone:
    case Fault::rejected:
    case Fault::malformed: return;
  }
  const std::scoped_lock lock{mutex_};
  if (state == Health::State::unreachable) {
    const int doublings = std::min(failures_in_a_row_, 7);
    wait = failure.retry_after ? std::chrono::milliseconds{*failure.retry_after}
                               : std::min<std::chrono::milliseconds>(backoff_min * (1 << doublings), backoff_max);
    ++failures_in_a_row_;
  }
  if (health_.state != state) health_.since = now;
  health_.state = state;
  health_.message = failure.message;
  health_.blocked_until = std::max(health_.blocked_until, now + wait);
}

}  // namespace causeway::engine
