#pragma once
#include "agent/model/time.hpp"

namespace causeway::fakes {

/// Time that stands still until a test moves it.
class ManualClock final : public Clock {
 public:
  explicit ManualClock(Instant start = *parse_instant("2026-11-23T08:00:00Z")) : now_(start) {}
  [[nodiscard]] Instant now() const override {
    return Instant{std::chrono::milliseconds{now_ms_.load()}} + (now_ - Instant{});
  }
  void advance(std::chrono::milliseconds step) { now_ms_ += step.count(); }

 private:
  Instant now_;
  std::atomic<std::int64_t> now_ms_{0};
};

/// The same numbers for the same seed (SplitMix64). Any thread.
class SeededRandomness final : public Randomness {
 public:
  explicit SeededRandomness(std::uint64_t seed) : state_(seed) {}
  [[nodiscard]] std::uint64_t next() override {
    std::uint64_t value = state_.fetch_add(0x9E3779B97F4A7C15ULL) + 0x9E3779B97F4A7C15ULL;
    value = (value ^ value >> 30U) * 0xBF58476D1CE4E5B9ULL;
    value = (value ^ value >> 27U) * 0x94D049BB133111EBULL;
    return value ^ value >> 31U;
  }

 private:
  std::atomic<std::uint64_t> state_;
};

}  // namespace causeway::fakes
