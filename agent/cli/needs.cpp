#include "agent/cli/wiring.hpp"

namespace causeway::cli {
namespace {

void want(std::vector<Needs::Wanted>& list, const std::vector<std::string>& values, const std::string& place) {
  for (const std::string& value : values) {
    const bool known =
        std::any_of(list.begin(), list.end(), [&](const Needs::Wanted& one) { return one.value == value; });
    if (!known) list.push_back({value, place});
  }
}

void want_fields(Needs& needs, const policy::Condition& condition, const std::string& place) {
  for (const auto& [field, values] : condition.fields)
    want(needs.fields, {field}, fmt::format("{}/fields/{}", place, field));
}

}  // namespace

Needs needs_of(const config::Config& config, const TrackerId& tracker) {
  Needs needs;
  for (const config::RouteConfig& route : config.routes) {
    if (route.left != tracker && route.right != tracker) continue;
    const Side side = route.left == tracker ? Side::left : Side::right;
    const std::string place = "routes/" + route.id.value;
    if (route.mapping.flow(Field::status) != Flow::none)
      want(needs.statuses, route.mapping.statuses.values(side), place + "/mapping");
    if (route.mapping.flow(Field::priority) != Flow::none)
      want(needs.priorities, route.mapping.priorities.values(side), place + "/mapping");
    want(needs.people, route.mapping.people.values(side), "people");
    const policy::Condition& condition = side == Side::left ? route.mirror_when : route.publish_when;
    const std::string condition_place = place + (side == Side::left ? "/mirror_when" : "/publish_when");
    want(needs.labels, {condition.labels.begin(), condition.labels.end()}, condition_place + "/labels");
    want_fields(needs, condition, condition_place);
    if (side == Side::right && !route.follow_field.empty())
      want(needs.fields, {route.follow_field}, place + "/follow_field");
    // Conflicts are told in internal notes on the queue.
    if (side == Side::right) needs.private_comments = true;
  }
  if (const config::TrackerConfig* one = config.tracker(tracker)) {
    for (const auto& [word, field] : one->fields)
      want(needs.fields, {field}, fmt::format("trackers/{}/fields/{}", tracker.value, word));
  }
  return needs;
}

}  // namespace causeway::cli
