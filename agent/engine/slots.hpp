#pragma once
/// How many requests may be with one tracker at the same time. Learns: halves when the tracker complains, grows back
/// slowly.
#include <condition_variable>
#include <cstddef>
#include <mutex>

namespace causeway::engine {

class Slots {
 public:
  explicit Slots(std::size_t count_max) : count_max_(count_max), allowed_(count_max) {}

  /// Holds one slot until destroyed.
  class Held {
   public:
    explicit Held(Slots& slots) : slots_(slots) { slots_.take(); }
    ~Held() { slots_.give_back(); }
    Held(const Held&) = delete;
    Held& operator=(const Held&) = delete;

   private:
    Slots& slots_;
  };

  /// The tracker said "too fast".
  void halve();
  /// A request went well.
  void went_well();
  [[nodiscard]] std::size_t allowed() const;

 private:
  void take();
  void give_back();

  mutable std::mutex mutex_;
  std::condition_variable freed_;
  const std::size_t count_max_;
  std::size_t allowed_;
  std::size_t taken_ = 0;
  std::size_t good_in_a_row_ = 0;
};

}  // namespace causeway::engine
