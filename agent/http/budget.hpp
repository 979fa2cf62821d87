#pragma once
/// Keeps a tracker's requests under the vendor's limits. Never sleeps and never sends too much: what may not go yet is
/// refused with the time to come back.
#include <deque>
#include <mutex>
#include <vector>

#include "agent/http/transport.hpp"
#include "agent/model/time.hpp"

namespace causeway::http {

/// 0: no such limit. GitHub's: 80 creations a minute, 500 an hour, 900 points a minute where a read takes one point and
/// a write five (docs.github.com, "Rate limits for the REST API").
struct Budget {
  std::size_t creations_per_minute = 0;
  std::size_t creations_per_hour = 0;
  std::size_t points_per_minute = 0;
};

/// Decorates a Transport. Thread-safe.
class BudgetTransport final : public Transport {
 public:
  /// `creations`: when content was created in the past hour by an earlier life. Borrows transport and clock.
  BudgetTransport(Transport& inner, Budget budget, const Clock& clock, std::vector<Instant> creations = {});

  Result<Response> send(const Request& request) override;

  /// Creations of the past hour, to hand to the next life.
  [[nodiscard]] std::vector<Instant> creations() const;
  void restore(std::vector<Instant> creations);

 private:
  struct Spent {
    Instant at{};
    std::size_t points = 0;
  };

  /// How long to wait before this request may leave; counts it when the answer is zero.
  [[nodiscard]] std::chrono::milliseconds claim(const Request& request);
  /// How long until `points` more fit into the minute.
  [[nodiscard]] std::chrono::milliseconds until_affordable(std::size_t points, Instant now);

  Transport& inner_;
  Budget budget_;
  const Clock& clock_;
  mutable std::mutex mutex_;
  std::deque<Instant> creations_;
  std::deque<Spent> spent_;  ///< within the past minute
  std::size_t points_ = 0;   ///< their sum
};

}  // namespace causeway::http
