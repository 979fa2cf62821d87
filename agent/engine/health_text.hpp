#pragma once
/// How a tracker's health stands in the store, for `status` in another process.
#include <optional>
#include <string>
#include <string_view>

#include "agent/engine/tracker.hpp"

namespace causeway::engine {

[[nodiscard]] std::string encode_health(const Health& health);
[[nodiscard]] std::optional<Health> decode_health(std::string_view text);
/// Whether two say the same apart from when the last answer came, which changes with every request.
[[nodiscard]] bool same_state(std::string_view left, std::string_view right);

}  // namespace causeway::engine
