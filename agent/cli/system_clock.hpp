#pragma once
/// The one place that asks the system for the time and for randomness.
#include "agent/model/time.hpp"

namespace causeway::cli {

class SystemClock final : public Clock {
 public:
  [[nodiscard]] Instant now() const override;
};

class SystemRandomness final : public Randomness {
 public:
  [[nodiscard]] std::uint64_t next() override;
};

}  // namespace causeway::cli
