#include "agent/engine/holds.hpp"

#include "agent/reconcile/reconcile.hpp"

namespace causeway::engine {
namespace {

using store::IntentState;
using store::StoredIntent;
using store::Transaction;

constexpr std::size_t holds_max = 10'000;
constexpr std::string_view brake_prefix = "brake/";

/// The hint is put on the ticket the link began with: its turn is the link's turn.
Result<void> wake(Transaction& transaction, const store::Link& link, Instant now) {
  return transaction.add_hint(link.tickets[index(link.born)], now);
}

/// The change counts as seen without the write, so that it is not planned again until somebody changes something.
Result<void> take_as_agreed(Transaction& transaction, store::Link& link, const StoredIntent& intent) {
  if (!std::holds_alternative<CreateTicket>(intent.step.operation)) {
    reconcile::agree_unwritten(link.base, intent.step.agreement, intent.target);
    return transaction.put_link(link);
  }
  link.state = store::LinkState::paused;
  // What was to follow into the new ticket has nowhere to go.
  auto others = transaction.intents_of(link.id);
  if (!others) return std::unexpected(others.error());
  for (const StoredIntent& other : *others) {
    if (auto result = transaction.remove_intent(other.id); !result) return result;
  }
  return transaction.put_link(link);
}

}  // namespace

std::optional<Resolution> parse_resolution(std::string_view word) {
  if (word == "approve") return Resolution::approve;
  if (word == "drop") return Resolution::drop;
  if (word == "retry") return Resolution::retry;
  return std::nullopt;
}

Result<std::vector<HeldWrite>> held_writes(store::Store& store) {
  std::vector<HeldWrite> found;
  auto done = store.read([&](Transaction& transaction) -> Result<void> {
    auto intents = transaction.intents_in(IntentState::held, holds_max);
    if (!intents) return std::unexpected(intents.error());
    for (StoredIntent& intent : *intents) {
      auto link = transaction.link(intent.link);
      if (!link) return std::unexpected(link.error());
      if (*link) found.push_back({std::move(intent), std::move(**link)});
    }
    return {};
  });
  if (!done) return std::unexpected(done.error());
  return found;
}

Result<std::string> resolve(store::Store& store, IntentId id, Resolution resolution, Instant now) {
  std::string said;
  auto done = store.write([&](Transaction& transaction) -> Result<void> {
    auto intent = transaction.intent(id);
    if (!intent) return std::unexpected(intent.error());
    if (!*intent || (*intent)->state != IntentState::held) {
      return fail(Fault::gone, fmt::format("there is no hold {} (any more); `causeway holds` lists them",
                                           static_cast<std::int64_t>(id)));
    }
    auto link = transaction.link((*intent)->link);
    if (!link) return std::unexpected(link.error());
    if (!*link) return fail(Fault::gone, "the hold's link is gone");
    StoredIntent& held = **intent;
    std::string word;
    switch (resolution) {
      case Resolution::approve:
        if (held.reason == HoldReason::permission) {
          return fail(Fault::rejected, "this cannot be approved: " + held.explanation);
        }
        held.approved = true;
        held.reason.reset();
        held.state = IntentState::ready;
        word = "approved";
        break;
      case Resolution::retry:
        held.reason.reset();
        held.state = IntentState::ready;
        word = "retried";
        break;
      case Resolution::drop:
        word = "dropped";
        break;
    }
    if (resolution == Resolution::drop) {
      if (auto result = take_as_agreed(transaction, **link, held); !result) return result;
      if (auto result = transaction.remove_intent(id); !result) return result;
    } else if (auto result = transaction.put_intent(held); !result) {
      return result;
    }
    said = fmt::format("{} {}", word, name(held.step.operation));
    if (auto result = transaction.add_audit({now, held.link, word, std::string{name(held.step.operation)}}); !result)
      return result;
    return wake(transaction, **link, now);
  });
  if (!done) return std::unexpected(done.error());
  return said;
}

Result<std::vector<RouteId>> braked_routes(store::Store& store) {
  std::vector<RouteId> found;
  auto done = store.read([&](Transaction& transaction) -> Result<void> {
    auto values = transaction.values(std::string{brake_prefix});
    if (!values) return std::unexpected(values.error());
    for (const auto& [key, state] : *values) {
      if (state == "engaged") found.push_back(RouteId{key.substr(brake_prefix.size())});
    }
    return {};
  });
  if (!done) return std::unexpected(done.error());
  return found;
}

Result<void> release_brake(store::Store& store, const RouteId& route, Instant now) {
  return store.write([&](Transaction& transaction) -> Result<void> {
    const std::string key = std::string{brake_prefix} + route.value;
    auto state = transaction.value(key);
    if (!state) return std::unexpected(state.error());
    if (*state != "engaged") return fail(Fault::gone, fmt::format("the brake of route {} is not on", route.value));
    if (auto result = transaction.set_value(key, "released"); !result) return result;
    // Its tickets wait for long; now is when they may go on.
    if (auto result = transaction.hasten_hints(now); !result) return result;
    return transaction.add_audit({now, LinkId{}, "released", "the brake of route " + route.value});
  });
}

}  // namespace causeway::engine
