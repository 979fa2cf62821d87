#pragma once
/// What a person decides about a hold.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/store/store.hpp"

namespace causeway::engine {

enum class Resolution {
  approve,  ///< let it go out exactly as it stands
  drop,     ///< never: both sides are taken as agreed without it
  retry     ///< judge and try again, for example after rights were mended
};
[[nodiscard]] std::optional<Resolution> parse_resolution(std::string_view word);

/// A write that waits, with where it would go.
struct HeldWrite {
  store::StoredIntent intent;
  store::Link link;
};

/// All holds, oldest first.
Result<std::vector<HeldWrite>> held_writes(store::Store& store);

/// Carries out the person's word and leaves a hint, so that the running agent goes on at once. `gone` when there is no
/// such hold (any more).
Result<std::string> resolve(store::Store& store, IntentId id, Resolution resolution, Instant now);

/// Routes whose brake is on.
Result<std::vector<RouteId>> braked_routes(store::Store& store);
/// Lets a braked route go on: everything it wants to change, until it has caught up.
Result<void> release_brake(store::Store& store, const RouteId& route, Instant now);

}  // namespace causeway::engine
