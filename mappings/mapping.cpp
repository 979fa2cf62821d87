#include "mappings/mapping.hpp"

#include <algorithm>

namespace causeway {

std::optional<std::string> ValueTable::translate(Side from, std::string_view value) const {
  for (const Row& row : rows_) {
    if (row[index(from)] == value) return row[index(other(from))];
  }
  return std::nullopt;
}

bool ValueTable::equivalent(std::string_view left, std::string_view right) const {
  return std::any_of(rows_.begin(), rows_.end(), [&](const Row& row) { return row[0] == left && row[1] == right; });
}

std::vector<std::string> ValueTable::values(Side side) const {
  std::vector<std::string> found;
  for (const Row& row : rows_) {
    const std::string& value = row[index(side)];
    if (std::find(found.begin(), found.end(), value) == found.end()) found.push_back(value);
  }
  return found;
}

bool flows_to(Flow flow, Side target) {
  if (flow == Flow::both) return true;
  return flow == (target == Side::left ? Flow::to_left : Flow::to_right);
}

std::optional<std::optional<std::string>> translate(const Mapping& mapping, Field field, Side from,
                                                    const std::optional<std::string>& value) {
  if (!value) return std::optional<std::string>{};
  const auto by_table = [&](const ValueTable& table) -> std::optional<std::optional<std::string>> {
    if (auto translated = table.translate(from, *value)) return std::optional<std::string>{std::move(*translated)};
    return std::nullopt;
  };
  switch (field) {
    case Field::status:
      return by_table(mapping.statuses);
    case Field::priority:
      return by_table(mapping.priorities);
    case Field::assignee:
      return by_table(mapping.people);
    case Field::milestone:
      if (mapping.milestones.empty()) return std::optional<std::string>{*value};
      return by_table(mapping.milestones);
    case Field::title:
    case Field::body:
      break;
  }
  return std::optional<std::string>{*value};
}

std::optional<std::string> translate_label(const Mapping& mapping, Side from, std::string_view label) {
  const std::string own{label};
  if (mapping.labels_ignored.contains(own)) return std::nullopt;
  if (auto translated = mapping.labels.translate(from, label)) return translated;
  return own;
}

}  // namespace causeway
