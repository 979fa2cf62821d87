#pragma once
/// Where reading a project's changes goes on, as the text of a Cursor. Pure.
#include <optional>
#include <string>

#include "adapters/adapter.hpp"
#include "agent/model/result.hpp"
#include "agent/model/time.hpp"

namespace causeway::jira {

struct Place {
  std::optional<Instant> since;  ///< a whole minute; nullopt: from the beginning
  /// Set on the later pages of a round.
  struct Walk {
    Instant started{};              ///< what Jira's clock showed at least when the round began
    std::optional<Instant> newest;  ///< the latest stamp that the round has shown
    std::string token;              ///< Cloud: of the next page
    /// Data Center: the next page shows what was changed at or after this minute.
    std::optional<Instant> from;
    /// Data Center: that minute alone holds more than a page, and is read by offset. `total`: how many rows it had when
    /// the page before was read.
    bool one_minute = false;
    std::int64_t offset = 0;
    std::int64_t total = 0;
    std::int64_t pages = 0;  ///< read so far
    bool operator==(const Walk&) const = default;
  };
  std::optional<Walk> walk;
  bool operator==(const Place&) const = default;
};

[[nodiscard]] Cursor encode(const Place& place);
/// `malformed` when it is no cursor of ours.
Result<Place> decode_place(const Cursor& cursor);

[[nodiscard]] Instant minute_of(Instant instant);

/// The next round's start after a round that showed `newest` as its latest stamp and began when Jira's clock showed at
/// least `started`. JQL compares whole minutes, and searches hide what was written during the last `listing_lag`, in
/// bad moments for longer: so the start stays behind the newest stamp by twice that, until that much time has passed
/// with nothing new. Then the newest minute itself is left behind.
[[nodiscard]] Instant next_start(std::optional<Instant> since, Instant newest, Instant started,
                                 std::chrono::seconds listing_lag);

}  // namespace causeway::jira
