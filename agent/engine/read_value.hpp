#pragma once
#include <functional>
#include <optional>

#include "agent/store/store.hpp"

namespace causeway::engine {

/// Runs a read and hands out its value.
template <class T>
Result<T> read_value(store::Store& store, const std::function<Result<T>(store::Transaction&)>& question) {
  std::optional<T> answer;
  auto done = store.read([&](store::Transaction& transaction) -> Result<void> {
    auto found = question(transaction);
    if (!found) return std::unexpected(found.error());
    answer = std::move(*found);
    return {};
  });
  if (!done) return std::unexpected(done.error());
  return std::move(*answer);
}

/// The side of the link on which `ticket` stands.
[[nodiscard]] inline Side side_of(const store::Link& link, const TicketRef& ticket) {
  return link.tickets[0] == ticket ? Side::left : Side::right;
}

}  // namespace causeway::engine
