#pragma once
/// How the words of one tracker become the words of another: tables as values. `left` and `right` as in a link.
#include <array>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/model/base.hpp"
#include "agent/model/id.hpp"

namespace causeway {

/// Rows of equivalent values. Several rows may share a value: {open, New}, {open, In Progress}. Translating takes the
/// first row.
class ValueTable {
 public:
  using Row = std::array<std::string, 2>;
  ValueTable() = default;
  explicit ValueTable(std::vector<Row> rows) : rows_(std::move(rows)) {}
  [[nodiscard]] bool empty() const { return rows_.empty(); }
  [[nodiscard]] const std::vector<Row>& rows() const { return rows_; }
  /// The other side's value of the first row with `value` on side `from`; nullopt when no row has it.
  [[nodiscard]] std::optional<std::string> translate(Side from, std::string_view value) const;
  /// Whether some row says these two mean the same: then neither needs to be rewritten.
  [[nodiscard]] bool equivalent(std::string_view left, std::string_view right) const;
  /// All distinct values of one side, in order of appearance.
  [[nodiscard]] std::vector<std::string> values(Side side) const;

 private:
  std::vector<Row> rows_;
};

/// How one field or the labels travel.
enum class Flow : std::uint8_t {
  none,      ///< not mirrored
  to_left,   ///< only from right to left
  to_right,  ///< only from left to right
  both
};
[[nodiscard]] bool flows_to(Flow flow, Side target);

struct Mapping {
  ValueTable statuses;
  ValueTable priorities;
  ValueTable milestones;  ///< empty: names are taken as they are
  ValueTable labels;      ///< for labels with other names on the other side; others are taken as they are
  ValueTable people;      ///< logins (rule 9); a login without a row is left untouched
  std::set<std::string> labels_ignored;  ///< never mirrored, on either side
  std::array<Flow, field_count> fields{Flow::both, Flow::both, Flow::both, Flow::both, Flow::both, Flow::both};
  Flow label_flow = Flow::both;
  [[nodiscard]] Flow flow(Field field) const { return fields[static_cast<std::size_t>(field)]; }
};

/// `value` of `field` on side `from` in the other side's words. Outer nullopt: cannot be said there, leave it
/// untouched. Inner nullopt: the field is empty. Title and body are not words of a table: not for them.
[[nodiscard]] std::optional<std::optional<std::string>> translate(const Mapping& mapping, Field field, Side from,
                                                                  const std::optional<std::string>& value);
/// A label of side `from` as it is called on the other side; nullopt: not mirrored.
[[nodiscard]] std::optional<std::string> translate_label(const Mapping& mapping, Side from, std::string_view label);

}  // namespace causeway
