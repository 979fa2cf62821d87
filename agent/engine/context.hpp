#pragma once
/// What every part of the engine works with. Borrowed from the engine, which outlives all of them.
#include <atomic>
#include <map>
#include <string>

#include "agent/engine/brake.hpp"
#include "agent/engine/log.hpp"
#include "agent/engine/report.hpp"
#include "agent/engine/tracker.hpp"
#include "agent/model/time.hpp"
#include "agent/policy/privacy.hpp"
#include "agent/store/store.hpp"
#include "config/config.hpp"

namespace causeway::engine {

struct Context {
  store::Store& store;
  const Clock& clock;
  Randomness& randomness;
  const policy::PrivacyGate& gate;
  Log& log;
  Report& report;
  Brake& brake;
  std::map<TrackerId, TrackerRole> roles;
  /// Decide and report, but write nothing: neither to the store nor to a tracker.
  bool dry = false;
  /// Set when the agent is told to stop: requests in flight are finished and settled, no further ones are sent.
  const std::atomic<bool>* stopping = nullptr;

  [[nodiscard]] bool told_to_stop() const { return stopping != nullptr && stopping->load(); }
  [[nodiscard]] Marker new_marker() const;
  /// Adds to the audit trail inside a transaction; `told` afterwards tells the log and the report.
  Result<void> audit(store::Transaction& transaction, LinkId link, std::string what, std::string detail) const;
  void told(const TicketRef& ticket, const std::string& what, const std::string& detail) const;
};

/// A tracker's words about a refusal, without those of the ticket that it may repeat, and no longer than a line or two.
[[nodiscard]] std::string without_ticket_words(std::string message, const Operation& operation);
/// "community/12": how a ticket is named in logs, the audit trail and on the command line.
[[nodiscard]] std::string display(const TicketRef& ticket);

}  // namespace causeway::engine
