#pragma once
/// Ids are types, not strings: a comment's id cannot be passed where a tracker's name is wanted.
#include <compare>
#include <cstdint>
#include <functional>
#include <string>

namespace causeway {

template <class Tag>
struct Id {
  std::string value;
  auto operator<=>(const Id&) const = default;
  [[nodiscard]] bool empty() const { return value.empty(); }
};

/// The name a tracker has in the configuration, for example "community".
using TrackerId = Id<struct TrackerTag>;
/// A tracker's own immutable id of a ticket, comment or attachment. GitHub: the issue number within the repository (its
/// REST API addresses by nothing else, and numbers are never given twice); comment ids as they are.
using NativeId = Id<struct NativeTag>;
/// A random mark that travels inside what we create, so that a lost answer can be looked for. 20 lower-case hex digits.
using Marker = Id<struct MarkerTag>;
/// The name of a route in the configuration.
using RouteId = Id<struct RouteTag>;

/// Row numbers of the store; 0 is "not stored yet".
enum class LinkId : std::int64_t {};
enum class IntentId : std::int64_t {};

/// The two ends of a link. `right` is the queue's ticket, `left` the one elsewhere.
enum class Side : std::uint8_t { left, right };
[[nodiscard]] constexpr Side other(Side side) { return side == Side::left ? Side::right : Side::left; }
[[nodiscard]] constexpr std::size_t index(Side side) { return side == Side::left ? 0 : 1; }

}  // namespace causeway

template <class Tag>
struct std::hash<causeway::Id<Tag>> {
  std::size_t operator()(const causeway::Id<Tag>& id) const noexcept { return std::hash<std::string>{}(id.value); }
};
