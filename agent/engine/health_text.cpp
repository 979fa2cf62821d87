#include "agent/engine/health_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace causeway::engine {
namespace {

std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

/// State, since, blocked until and message; without the time of the last success.
std::string_view lasting(std::string_view text) {
  take_line(text);
  return text;
}

}  // namespace

std::string encode_health(const Health& health) {
  std::string message = health.message;
  std::replace(message.begin(), message.end(), '\n', ' ');
  return fmt::format("{}\n{}\n{}\n{}\n{}", format_instant(health.last_success), name(health.state),
                     format_instant(health.since), format_instant(health.blocked_until), message);
}

std::optional<Health> decode_health(std::string_view text) {
  Health health;
  const auto last_success = parse_instant(take_line(text));
  const std::string_view state = take_line(text);
  const auto since = parse_instant(take_line(text));
  const auto blocked_until = parse_instant(take_line(text));
  if (!last_success || !since || !blocked_until) return std::nullopt;
  using State = Health::State;
  bool known = false;
  for (const State each : {State::unknown, State::ok, State::waiting, State::unreachable, State::denied}) {
    if (name(each) == state) {
      health.state = each;
      known = true;
    }
  }
  if (!known) return std::nullopt;
  health.last_success = *last_success;
  health.since = *since;
  health.blocked_until = *blocked_until;
  health.message = std::string{text};
  return health;
}

bool same_state(std::string_view left, std::string_view right) { return lasting(left) == lasting(right); }

}  // namespace causeway::engine
