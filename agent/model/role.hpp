#pragma once
#include <cstdint>
#include <string_view>

namespace causeway {

/// What a tracker is to us. Whatever goes to a `community` tracker is read by the whole world.
enum class TrackerRole : std::uint8_t { community, customer, queue };
[[nodiscard]] constexpr std::string_view name(TrackerRole role) {
  switch (role) {
    case TrackerRole::community:
      return "community";
    case TrackerRole::customer:
      return "customer";
    case TrackerRole::queue:
      return "queue";
  }
  return "community";
}

}  // namespace causeway
