#include "agent/engine/slots.hpp"

#include <algorithm>

namespace causeway::engine {
namespace {
constexpr std::size_t good_requests_per_step = 50;
}

void Slots::take() {
  std::unique_lock lock{mutex_};
  freed_.wait(lock, [this] { return taken_ < allowed_; });
  ++taken_;
}

void Slots::give_back() {
  {
    const std::scoped_lock lock{mutex_};
    --taken_;
  }
  freed_.notify_one();
}

void Slots::halve() {
  const std::scoped_lock lock{mutex_};
  allowed_ = std::max<std::size_t>(1, allowed_ / 2);
  good_in_a_row_ = 0;
}

void Slots::went_well() {
  const std::scoped_lock lock{mutex_};
  if (allowed_ == count_max_ || ++good_in_a_row_ < good_requests_per_step) return;
  good_in_a_row_ = 0;
  ++allowed_;
  freed_.notify_one();
}

std::size_t Slots::allowed() const {
  const std::scoped_lock lock{mutex_};
  return allowed_;
}

}  // namespace causeway::engine
