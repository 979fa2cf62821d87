#include "agent/http/budget.hpp"

#include <algorithm>

namespace causeway::http {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t points_of_a_read = 1;
constexpr std::size_t points_of_a_write = 5;

/// A limit of `count` in `span` is full: how long until the oldest that counts falls out of it.
std::chrono::milliseconds until_free(const std::deque<Instant>& taken, std::size_t count,
                                     std::chrono::milliseconds span, Instant now) {
  if (count == 0 || taken.size() < count) return 0ms;
  const Instant oldest = taken[taken.size() - count];
  return std::max<std::chrono::milliseconds>(0ms, oldest + span - now);
}

}  // namespace

BudgetTransport::BudgetTransport(Transport& inner, Budget budget, const Clock& clock, std::vector<Instant> creations)
    : inner_(inner), budget_(budget), clock_(clock), creations_(creations.begin(), creations.end()) {}

std::chrono::milliseconds BudgetTransport::until_affordable(std::size_t points, Instant now) {
  if (budget_.points_per_minute == 0) return 0ms;
  while (!spent_.empty() && now - spent_.front().at >= 1min) {
    points_ -= spent_.front().points;
    spent_.pop_front();
  }
  std::size_t left = points_;
  for (const Spent& one : spent_) {
    if (left + points <= budget_.points_per_minute) return 0ms;
    left -= one.points;
    if (left + points <= budget_.points_per_minute)
      return std::max<std::chrono::milliseconds>(1ms, one.at + 1min - now);
  }
  return 0ms;
}

std::chrono::milliseconds BudgetTransport::claim(const Request& request) {
  const Instant now = clock_.now();
  const std::size_t points = request.method == Method::get ? points_of_a_read : points_of_a_write;
  const std::scoped_lock lock{mutex_};
  while (!creations_.empty() && now - creations_.front() >= 1h) creations_.pop_front();
  std::chrono::milliseconds wait = until_affordable(points, now);
  if (request.creates_content) {
    wait = std::max(wait, until_free(creations_, budget_.creations_per_minute, 1min, now));
    wait = std::max(wait, until_free(creations_, budget_.creations_per_hour, 1h, now));
  }
  if (wait > 0ms) return wait;
  if (request.creates_content && (budget_.creations_per_minute > 0 || budget_.creations_per_hour > 0))
    creations_.push_back(now);
  if (budget_.points_per_minute > 0) {
    spent_.push_back({now, points});
    points_ += points;
  }
  return 0ms;
}

Result<Response> BudgetTransport::send(const Request& request) {
  const std::chrono::milliseconds wait = claim(request);
  if (wait == 0ms) return inner_.send(request);
  Failure refused{Fault::rate_limited, Reach::tracker, "", std::chrono::ceil<std::chrono::seconds>(wait)};
  refused.message = fmt::format("{} {}: our own share of the vendor's limits is used up until {}", name(request.method),
                                request.path_template, format_instant(clock_.now() + wait));
  return std::unexpected(std::move(refused));
}

std::vector<Instant> BudgetTransport::creations() const {
  const std::scoped_lock lock{mutex_};
  return {creations_.begin(), creations_.end()};
}

void BudgetTransport::restore(std::vector<Instant> creations) {
  const std::scoped_lock lock{mutex_};
  creations_.assign(creations.begin(), creations.end());
}

}  // namespace causeway::http
