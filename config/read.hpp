#pragma once
/// From a checked tree to values, with the checks that no schema can say. Each part reports everything that is wrong
/// with it.
#include <string>
#include <vector>

#include "config/node.hpp"

namespace causeway::config {

/// What all parts need while they read.
struct Reading {
  Problems& problems;
  std::string folder;  ///< of the file, for what is named relative to it; empty or ending in '/'
  bool inline_secrets = false;
};

/// A path as it can be opened: a relative one is taken from the file's folder.
[[nodiscard]] std::string beside(const Reading& reading, const std::string& path);

[[nodiscard]] std::vector<TrackerConfig> read_trackers(const Node* node, const Reading& reading);
[[nodiscard]] std::vector<PersonConfig> read_people(const Node* node, const std::vector<TrackerConfig>& trackers,
                                                    const Reading& reading);
[[nodiscard]] policy::RedactionRules read_redaction(const Node* node, const std::vector<TrackerConfig>& trackers,
                                                    const Reading& reading);
/// Presets have been merged in.
[[nodiscard]] std::vector<RouteConfig> read_routes(const Node* node, const std::vector<TrackerConfig>& trackers,
                                                   const std::vector<PersonConfig>& people, const Reading& reading);

[[nodiscard]] const TrackerConfig* find_tracker(const std::vector<TrackerConfig>& trackers, std::string_view name);
[[nodiscard]] std::vector<std::string> names_of(const std::vector<TrackerConfig>& trackers);

}  // namespace causeway::config
