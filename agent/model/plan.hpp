#pragma once
/// The results of deciding: Plan (what both sides need), Conflict, Hold, Verdict.
#include <array>
#include <string>
#include <vector>

#include "agent/model/operation.hpp"

namespace causeway {

/// Both sides changed one thing; one value won and the other is kept here (rule 6).
struct Conflict {
  std::string what;                   ///< "title", "comment 17"
  std::array<std::string, 2> values;  ///< each side's own words
  Side kept = Side::left;
  bool operator==(const Conflict&) const = default;
};

struct Plan {
  std::array<std::vector<Step>, 2> steps;  ///< per side to be written, in the order they must be sent
  std::vector<Conflict> conflicts;
  std::vector<std::string> losses;  ///< what a target's markup cannot say
  Agreement already;                ///< both sides agree without any write: goes straight into the base
  /// The plan needs a side's text that was not given (an unread view): read it and decide again. Nothing else counts
  /// then.
  std::array<bool, 2> wants_reading{false, false};
  bool operator==(const Plan&) const = default;
  [[nodiscard]] const std::vector<Step>& operator[](Side side) const { return steps[index(side)]; }
  [[nodiscard]] std::vector<Step>& operator[](Side side) { return steps[index(side)]; }
  [[nodiscard]] bool empty() const { return steps[0].empty() && steps[1].empty() && conflicts.empty(); }
  [[nodiscard]] bool is_final() const { return !wants_reading[0] && !wants_reading[1]; }
};

enum class HoldReason : std::uint8_t {
  first_publication,  ///< the first text of a case that would reach a community tracker
  redaction,          ///< a redaction rule found something
  rejected,           ///< the tracker refused, or accepted and did nothing
  brake,              ///< the pass would write unusually much
  permission,         ///< we may not do this safely, for example a private note without the right to keep it private
  malformed           ///< the tracker's answer made no sense
};
[[nodiscard]] std::string_view name(HoldReason reason);

/// A write that waits for a person.
struct Hold {
  Step step;
  HoldReason reason = HoldReason::rejected;
  std::string explanation;  ///< for a person: what, where, why, and the way out
};

}  // namespace causeway
