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

/// How many comments on `side` announce files of the other side. They are no pairs, but they count.
[[nodiscard]] inline std::size_t announcements_on(const store::Link& link, Side side) {
  std::size_t count = 0;
  for (const AttachmentPair& file : link.base.attachments) count += file.born != side ? 1 : 0;
  return count;
}

/// The side of the link on which `ticket` stands.
[[nodiscard]] inline Side side_of(const store::Link& link, const TicketRef& ticket) {
  return link.tickets[0] == ticket ? Side::left : Side::right;
}

}  // namespace causeway::engine
