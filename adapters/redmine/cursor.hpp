#pragma once
/// Where reading a project's changes goes on, as the text of a Cursor. Pure.
#include <optional>
#include <string>

#include "adapters/adapter.hpp"
#include "adapters/redmine/codec.hpp"
#include "agent/model/result.hpp"
#include "agent/model/time.hpp"

namespace causeway::redmine {

struct Place {
  std::optional<Instant> since;  ///< whole seconds; nullopt: from the beginning
  /// Set on the later pages of a round, which go by ascending id.
  struct Walk {
    std::string watermark;  ///< the cursor text that the round will end with
    Number after = 0;       ///< the last id read
    bool operator==(const Walk&) const = default;
  };
  std::optional<Walk> walk;
  bool operator==(const Place&) const = default;
};

[[nodiscard]] Cursor encode(const Place& place);
/// `malformed` when it is no cursor of ours.
Result<Place> decode_place(const Cursor& cursor);

/// The next round's start after a listing that showed `newest` as its latest stamp and was asked for when the tracker's
/// clock showed at least `tracker_time`. `updated_on=>=T` is executed as "later than T - 1 s" on microseconds that are
/// shown cut to seconds. So to leave a whole second behind, T must be two seconds on; that is allowed once nothing can
/// still be committed into it. Before that the second is listed again.
[[nodiscard]] Instant next_start(std::optional<Instant> since, Instant newest, Instant tracker_time);

}  // namespace causeway::redmine
