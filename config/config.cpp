#include "config/config.hpp"

#include <algorithm>

namespace causeway::config {

const TrackerConfig* Config::tracker(const TrackerId& id) const {
  const auto found =
      std::find_if(trackers.begin(), trackers.end(), [&](const TrackerConfig& one) { return one.id == id; });
  return found == trackers.end() ? nullptr : &*found;
}

const RouteConfig* Config::route(const RouteId& id) const {
  const auto found = std::find_if(routes.begin(), routes.end(), [&](const RouteConfig& one) { return one.id == id; });
  return found == routes.end() ? nullptr : &*found;
}

}  // namespace causeway::config
