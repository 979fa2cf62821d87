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
/// How long our own writes are remembered, to tell listings from before them. Readings are worked on well within, also
/// those of a search index that says it is a minute behind.
constexpr auto writes_remembered = 300s;
/// A tracker that says "wait 0 seconds" is not asked in a circle.
constexpr auto wait_min = 1s;

}  // namespace

std::string_view name(Health::State state) {
  switch (state) {
    case Health::State::unknown:
      return "unknown";
    case Health::State::ok:
      return "ok";
    case Health::State::waiting:
      return "waiting";
    case Health::State::unreachable:
      return "unreachable";
    case Health::State::denied:
      return "denied";
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
  return asked(readers_, [&] {
    auto page = adapter_.changes(since);
    // What keeps a listing from being read keeps all of the tracker's tickets from being seen.
    if (!page) page.error().reach = Reach::tracker;
    return page;
  });
}

Result<Snapshot> Tracker::fetch(const TicketRef& ref) {
  return asked(readers_, [&] { return adapter_.fetch(ref); });
}

Result<void> Tracker::download(const Attachment& attachment, const std::function<bool(std::string_view)>& sink) {
  return asked(readers_, [&] { return adapter_.download(attachment, sink); });
}

Result<std::optional<Receipt>> Tracker::find(const TicketRef& near, const Marker& marker, Instant not_before) {
  return asked(readers_, [&] { return adapter_.find(near, marker, not_before); });
}

Result<Receipt> Tracker::apply(const Intent& intent, const std::function<Result<void>()>& just_before) {
  std::optional<Failure> kept_back;
  auto receipt = asked(writers_, [&]() -> Result<Receipt> {
    if (just_before) {
      if (auto may = just_before(); !may) kept_back = may.error();
    }
    // Says nothing of this tracker, whatever it says of the other.
    if (kept_back) return fail(Fault::stale, kept_back->message);
    return adapter_.apply(intent);
  });
  if (kept_back) return std::unexpected(*std::move(kept_back));
  // A listing that is on its way at this moment shows the ticket as it was. An answer that was lost counts as well.
  if (capabilities().listing_is_reading)
    note_write(intent.target.id.empty() && receipt ? receipt->written : intent.target.id);
  return receipt;
}

std::optional<Failure> Tracker::waiting() const {
  const auto until = blocked();
  if (!until) return std::nullopt;
  Failure wait{Fault::rate_limited,
               Reach::tracker,
               fmt::format("{} is not to be asked before {}", id().value, format_instant(*until)),
               {}};
  wait.retry_after = std::chrono::ceil<std::chrono::seconds>(*until - clock_.now());
  return wait;
}

void Tracker::note_write(const NativeId& ticket) {
  const Instant now = clock_.now();
  const std::scoped_lock lock{mutex_};
  while (!writes_by_time_.empty() && now - writes_by_time_.front().first > writes_remembered) {
    const auto known = writes_.find(writes_by_time_.front().second);
    if (known != writes_.end() && known->second == writes_by_time_.front().first) writes_.erase(known);
    writes_by_time_.pop_front();
  }
  writes_[ticket] = now;
  writes_by_time_.emplace_back(now, ticket);
}

bool Tracker::written_since(const NativeId& ticket, Instant observed) const {
  const Instant now = clock_.now();
  const std::scoped_lock lock{mutex_};
  if (now - observed >= writes_remembered) return true;
  const auto known = writes_.find(ticket);
  return known != writes_.end() && known->second >= observed;
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
      wait = std::max<std::chrono::seconds>(wait_min, failure.retry_after.value_or(rate_limit_default));
      break;
    case Fault::denied:
      if (failure.reach != Reach::tracker) return;
      state = Health::State::denied;
      wait = denied_again;
      break;
    case Fault::transient:
    case Fault::outcome_unknown:
    case Fault::gone:
    case Fault::rejected:
    case Fault::malformed:
      if (failure.reach != Reach::tracker) return;
      state = Health::State::unreachable;
      break;
    case Fault::stale:
      return;
  }
  const std::scoped_lock lock{mutex_};
  if (state == Health::State::unreachable) {
    const int doublings = std::min(failures_in_a_row_, 7);
    wait = failure.retry_after ? std::max<std::chrono::milliseconds>(wait_min, *failure.retry_after)
                               : std::min<std::chrono::milliseconds>(backoff_min * (1 << doublings), backoff_max);
    ++failures_in_a_row_;
  }
  if (health_.state != state) health_.since = now;
  health_.state = state;
  health_.message = failure.message;
  health_.blocked_until = std::max(health_.blocked_until, now + wait);
}

}  // namespace causeway::engine
