#pragma once
/// Instants, their text form, and the port through which time comes in. Pure rooms only ever get an Instant handed in.
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace causeway {

/// A moment in UTC, in milliseconds.
using Instant = std::chrono::sys_time<std::chrono::milliseconds>;

/// Reads `2026-11-23T02:34:33Z`, with optional fraction and with `Z`, `+01:00` or `+0100`. nullopt when it is none of
/// these.
[[nodiscard]] std::optional<Instant> parse_instant(std::string_view text);
/// Writes `2026-11-23T02:34:33Z` (whole seconds, cut off).
[[nodiscard]] std::string format_instant(Instant instant);

/// Where time comes from. The system clock is in agent/cli; tests and the simulator bring their own.
class Clock {
 public:
  virtual ~Clock() = default;
  /// Any thread.
  [[nodiscard]] virtual Instant now() const = 0;
};

/// Where randomness comes from. Any thread.
class Randomness {
 public:
  virtual ~Randomness() = default;
  [[nodiscard]] virtual std::uint64_t next() = 0;
};

}  // namespace causeway
