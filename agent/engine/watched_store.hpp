#pragma once
/// A store decorator that remembers that a commit failed: whoever cannot write down what it does must stop doing it.
#include <atomic>
#include <mutex>
#include <optional>

#include "agent/store/store.hpp"

namespace causeway::engine {

class WatchedStore final : public store::Store {
 public:
  explicit WatchedStore(store::Store& inner) : inner_(inner) {}

  Result<void> write(const store::Work& work) override { return watched(inner_.write(work)); }
  Result<void> read(const store::Work& work) override { return watched(inner_.read(work)); }
  Result<void> backup(const std::string& path) override { return inner_.backup(path); }

  [[nodiscard]] bool failed() const { return failed_.load(); }
  [[nodiscard]] std::optional<Failure> failure() const {
    const std::scoped_lock lock{mutex_};
    return failure_;
  }

 private:
  Result<void> watched(Result<void> result) {
    if (!result) {
      const std::scoped_lock lock{mutex_};
      if (!failure_) failure_ = result.error();
      failed_.store(true);
    }
    return result;
  }

  store::Store& inner_;
  mutable std::mutex mutex_;
  std::optional<Failure> failure_;
  std::atomic<bool> failed_{false};
};

}  // namespace causeway::engine
