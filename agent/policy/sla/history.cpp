#include "agent/policy/sla/history.hpp"

#include <algorithm>
#include <tuple>

namespace causeway::policy::sla {
namespace {

/// What tells two happenings of one kind apart, as something that has an order.
std::tuple<std::int64_t, std::string_view> detail(const Happening& what) {
  struct Visitor {
    using Detail = std::tuple<std::int64_t, std::string_view>;
    Detail operator()(const Opened& opened) const { return {0, opened.severity}; }
    Detail operator()(const Absorbed& absorbed) const { return {absorbed.opened.time_since_epoch().count(), {}}; }
    Detail operator()(const EntitlementChanged& changed) const { return {changed.entitled ? 1 : 0, {}}; }
    Detail operator()(const SeverityChanged& changed) const { return {0, changed.severity}; }
    Detail operator()(const HandedOver& handed) const { return {handed.to_vendor ? 1 : 0, {}}; }
    // the customer's comes first: an answer in the same second answers it
    Detail operator()(const Commented& comment) const {
      return {static_cast<std::int64_t>(comment.author) * 2 + (comment.is_public ? 1 : 0), {}};
    }
    Detail operator()(const WorkaroundGiven& /*given*/) const { return {0, {}}; }
    Detail operator()(const Moved& moved) const { return {static_cast<std::int64_t>(moved.phase), {}}; }
    Detail operator()(const MergedAway& /*merged*/) const { return {0, {}}; }
  };
  return std::visit(Visitor{}, what);
}

/// What is alike and happens in one second is told apart by the tracker's ids, which grow: 9 comes before 10.
bool before(const Event& one, const Event& other) {
  if (one.at != other.at) return one.at < other.at;
  if (one.what.index() != other.what.index()) return one.what.index() < other.what.index();
  const bool comments = std::holds_alternative<Commented>(one.what);
  if (comments && detail(one.what) != detail(other.what)) return detail(one.what) < detail(other.what);
  if (one.id.size() != other.id.size()) return one.id.size() < other.id.size();
  if (one.id != other.id) return one.id < other.id;
  return detail(one.what) < detail(other.what);
}

}  // namespace

std::string_view name(Phase phase) {
  switch (phase) {
    case Phase::working:
      return "working";
    case Phase::waiting_for_customer:
      return "waiting for the customer";
    case Phase::pending:
      return "pending";
    case Phase::resolved:
      return "resolved";
    case Phase::closed:
      return "closed";
  }
  return "working";
}

std::vector<Event> in_order(std::span<const Event> history, Instant now) {
  std::vector<Event> events;
  events.reserve(history.size());
  for (const Event& event : history) {
    if (event.at <= now) events.push_back(event);
  }
  std::sort(events.begin(), events.end(), before);
  events.erase(std::unique(events.begin(), events.end()), events.end());
  return events;
}

}  // namespace causeway::policy::sla
