#pragma once
/// What happened to a case, in the words that clocks are derived from, at the trackers' own times. Pure.
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "agent/model/time.hpp"

namespace causeway::policy::sla {

/// Who wrote a comment, as far as clocks care.
enum class Author : std::uint8_t {
  customer,
  support,     ///< a human of the support side
  maintainer,  ///< a human of the community's side
  vendor,
  machine,  ///< bots, automatic replies, notifications
  own       ///< what we mirrored ourselves; the original counts where it was written
};

/// Where a case stands. Which tracker's status means which is a matter of configuration.
enum class Phase : std::uint8_t {
  working,
  waiting_for_customer,
  pending,  ///< waiting for anybody else: vendor, maintenance window, an agreed date
  resolved,
  closed
};
[[nodiscard]] std::string_view name(Phase phase);

struct Opened {
  std::string severity;
  bool operator==(const Opened&) const = default;
};
struct Commented {
  Author author = Author::customer;
  bool is_public = true;  ///< internal notes are no answer
  bool operator==(const Commented&) const = default;
};
struct Moved {
  Phase phase = Phase::working;
  bool operator==(const Moved&) const = default;
};
struct SeverityChanged {
  std::string severity;
  bool operator==(const SeverityChanged&) const = default;
};
struct WorkaroundGiven {
  bool operator==(const WorkaroundGiven&) const = default;
};
/// Given to the maintainers (ola) or a vendor: their clocks may begin here.
struct HandedOver {
  bool to_vendor = false;
  bool operator==(const HandedOver&) const = default;
};
/// Another ticket was merged into this one: the survivor keeps the earliest start.
struct Absorbed {
  Instant opened;  ///< when the other one was opened
  bool operator==(const Absorbed&) const = default;
};
/// This one was merged into another.
struct MergedAway {
  bool operator==(const MergedAway&) const = default;
};
struct EntitlementChanged {
  bool entitled = false;
  bool operator==(const EntitlementChanged&) const = default;
};

using Happening = std::variant<Opened, Absorbed, EntitlementChanged, SeverityChanged, HandedOver, Commented,
                               WorkaroundGiven, Moved, MergedAway>;

struct Event {
  Instant at;      ///< the tracker's own time, not when we learned of it
  std::string id;  ///< the tracker's, where it has one: the same event told twice counts once
  Happening what;
  bool operator==(const Event&) const = default;
};

/// The history up to `now`, by time, told once. At one instant things happen in the order of `Happening`'s list: who
/// answers and resolves in one step has answered first.
[[nodiscard]] std::vector<Event> in_order(std::span<const Event> history, Instant now);

}  // namespace causeway::policy::sla
