#pragma once
/// Which ticket a case names as the one it follows.
#include <optional>

#include "adapters/adapter.hpp"
#include "config/config.hpp"

namespace causeway::engine {

/// The id of the ticket of `left` that the route's follow field names, by its address or as "#12". Nullopt: none, or an
/// address of somewhere else.
[[nodiscard]] std::optional<NativeId> followed_ticket(const config::RouteConfig& route, const Adapter& left,
                                                      const Snapshot& queue_ticket);

}  // namespace causeway::engine
