#include "agent/cli/system_clock.hpp"

#include <random>

namespace causeway::cli {

Instant SystemClock::now() const {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

std::uint64_t SystemRandomness::next() {
  thread_local std::random_device source;
  return static_cast<std::uint64_t>(source()) << 32U | source();
}

}  // namespace causeway::cli
