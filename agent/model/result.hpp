#pragma once
/// What can go wrong, in eight words, and the value that carries it. Nothing here throws.
#include <chrono>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace causeway {

/// Each fault has exactly one answer by the engine (docs/architecture.md, "Faults").
enum class Fault {
  transient,        ///< nothing was changed and trying again later may work: wait with backoff, repeat
  rate_limited,     ///< the tracker asked us to wait: repeat after `retry_after`
  outcome_unknown,  ///< a write left us and no whole answer came back: look before doing anything else
  stale,            ///< the ticket changed under us: drop the intent, observe again
  gone,             ///< the ticket is deleted, moved away or no longer visible: drop the intent, observe again
  denied,           ///< credentials or rights are missing: stop this tracker, tell a person
  rejected,         ///< the tracker understood and refused: hold this ticket, tell a person
  malformed         ///< an answer that cannot be what it should be: hold this ticket, tell a person
};

/// How far a failure reaches: one ticket, or everything on that tracker.
enum class Reach { ticket, tracker };

struct Failure {
  Fault fault = Fault::transient;
  Reach reach = Reach::ticket;
  std::string message;  ///< what we were doing and what came back; never a secret, never ticket text
  std::optional<std::chrono::seconds> retry_after;
};

/// A value or a Failure. Early return is the house style: `if (!result) return std::unexpected(result.error());`
template <class T>
class [[nodiscard]] Result : public std::expected<T, Failure> {
 public:
  using std::expected<T, Failure>::expected;
};

[[nodiscard]] inline std::unexpected<Failure> fail(Fault fault, std::string message, Reach reach = Reach::ticket) {
  return std::unexpected(Failure{fault, reach, std::move(message), std::nullopt});
}

[[nodiscard]] std::string_view name(Fault fault);

}  // namespace causeway
