#pragma once
/// The port to what must survive: cursors, hints, links with their bases, intents, conflicts, the audit trail.
/// Every stage of the line reads here, writes here and commits once.
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "agent/model/base.hpp"
#include "agent/model/id.hpp"
#include "agent/model/plan.hpp"
#include "agent/model/result.hpp"
#include "agent/model/ticket.hpp"

namespace causeway::store {

/// "This ticket may have changed." One per ticket; a newer one replaces the older and gets a new generation.
struct Hint {
  TicketRef ticket;
  Instant due{};                ///< not to be looked at before
  std::int64_t generation = 0;  ///< given by the store
  std::int32_t attempts = 0;    ///< failed tries in a row
};

enum class LinkState : std::uint8_t {
  active,
  paused,  ///< one side became private, or the route no longer takes it: nothing is written to the public side
  broken   ///< one side is gone; its twin is left alone
};

struct Link {
  LinkId id{};
  RouteId route;
  std::array<TicketRef, 2> tickets;  ///< an id is empty while its ticket is still to be created
  Side born = Side::left;
  LinkState state = LinkState::active;
  bool follows = false;  ///< see reconcile::Relation
  Base base;
  std::array<std::uint8_t, 2> gone_looks{};  ///< how often in a row each side was found gone (a tombstone needs two)
};

enum class IntentState : std::uint8_t {
  ready,    ///< may be sent
  sending,  ///< the request may have left: never repeat without looking
  held      ///< waits for a person
};

struct StoredIntent {
  IntentId id{};
  LinkId link{};
  Side target = Side::left;
  Step step;
  Marker marker;
  IntentState state = IntentState::ready;
  bool approved = false;  ///< a person approved it
  Instant created{};
  Instant sent{};  ///< when it became `sending`
  std::int32_t attempts = 0;
  std::optional<HoldReason> reason;  ///< of a held one
  std::string explanation;
};

struct AuditEntry {
  Instant at{};
  LinkId link{};       ///< 0: not about one link
  std::string what;    ///< one word: created, edited, commented, held, approved, conflict, …
  std::string detail;  ///< a sentence for people. No secrets, no ticket text
};

struct StoredConflict {
  std::int64_t id = 0;
  LinkId link{};
  Instant at{};
  Conflict conflict;
};

/// A comment that a listing showed, kept until its ticket is decided.
struct SpooledComment {
  std::int64_t sequence = 0;
  Comment comment;
};

struct Counts {
  std::int64_t links = 0, links_paused = 0, links_broken = 0;
  std::int64_t hints = 0;
  std::int64_t intents_ready = 0, intents_sending = 0, intents_held = 0;
  std::int64_t conflicts = 0;
};

/// What can be done inside one transaction. Valid only during the call that handed it out; used by one thread.
class Transaction {
 public:
  virtual ~Transaction() = default;

  virtual Result<std::optional<std::string>> value(
      const std::string& key) = 0;  ///< small named values: cursors, health
  virtual Result<void> set_value(const std::string& key, const std::string& value) = 0;
  virtual Result<void> remove_value(const std::string& key) = 0;
  virtual Result<std::map<std::string, std::string>> values(const std::string& prefix) = 0;

  /// Adds or replaces the ticket's hint with a new generation; an earlier due time is kept, attempts are kept.
  virtual Result<void> add_hint(const TicketRef& ticket, Instant due) = 0;
  /// Removes the hint only when it is still of that generation: one that came meanwhile stays.
  virtual Result<void> remove_hint(const TicketRef& ticket, std::int64_t generation) = 0;
  /// Puts a hint of that generation off, counting one more attempt.
  virtual Result<void> postpone_hint(const TicketRef& ticket, std::int64_t generation, Instant due) = 0;
  /// Makes every hint due at `now` that is not due before.
  virtual Result<void> hasten_hints(Instant now) = 0;
  virtual Result<std::optional<Hint>> hint(const TicketRef& ticket) = 0;
  /// Those due at or before `now`, earliest first.
  virtual Result<std::vector<Hint>> hints_due(Instant now, std::size_t count_max) = 0;
  /// When the next hint is due; nullopt: there is none.
  virtual Result<std::optional<Instant>> next_hint_due() = 0;

  virtual Result<void> spool_comment(const TicketRef& ticket, const Comment& comment) = 0;
  virtual Result<std::vector<SpooledComment>> spooled_comments(const TicketRef& ticket) = 0;  ///< by sequence
  virtual Result<void> remove_spooled_comments(const TicketRef& ticket, std::int64_t up_to_sequence) = 0;
  /// Tickets of that tracker that have spooled comments.
  virtual Result<std::vector<TicketRef>> spooled_tickets(const TrackerId& tracker, std::size_t count_max) = 0;

  /// Fills in `link.id` when it is 0, else replaces that row.
  virtual Result<void> put_link(Link& link) = 0;
  virtual Result<std::optional<Link>> link(LinkId id) = 0;
  /// By either side's ticket. A ticket has at most one link on each route; all are returned.
  virtual Result<std::vector<Link>> links_of(const TicketRef& ticket) = 0;
  /// In order of id, from the first after `after`: for sweeps and for walking all of them in pieces.
  virtual Result<std::vector<Link>> links_after(LinkId after, std::size_t count_max) = 0;
  virtual Result<void> remove_link(LinkId id) = 0;

  /// Fills in `intent.id` when it is 0, else replaces that row.
  virtual Result<void> put_intent(StoredIntent& intent) = 0;
  /// Changes only state and `sent`: cheap, for the hot path.
  virtual Result<void> mark_intent(IntentId id, IntentState state, Instant sent) = 0;
  virtual Result<void> remove_intent(IntentId id) = 0;
  virtual Result<std::optional<StoredIntent>> intent(IntentId id) = 0;
  virtual Result<std::vector<StoredIntent>> intents_of(LinkId link) = 0;  ///< in the order they were put
  virtual Result<std::vector<StoredIntent>> intents_in(IntentState state, std::size_t count_max) = 0;

  virtual Result<void> add_conflict(LinkId link, Instant at, const Conflict& conflict) = 0;
  virtual Result<std::vector<StoredConflict>> conflicts(std::optional<LinkId> link, std::size_t count_max) = 0;
  virtual Result<void> add_audit(const AuditEntry& entry) = 0;
  virtual Result<std::vector<AuditEntry>> audit(std::optional<LinkId> link,
                                                std::size_t count_max) = 0;  ///< newest first
  virtual Result<void> remove_audit_before(Instant at) = 0;

  virtual Result<Counts> counts() = 0;
};

using Work = std::function<Result<void>(Transaction&)>;

class Store {
 public:
  virtual ~Store() = default;
  /// Runs `work` in a transaction; returns once it is durable on disk. Any thread; callers that arrive together are
  /// committed together. When `work` fails, only its own changes are undone and its failure is returned. A store
  /// that cannot write (disk full) fails every caller of that commit: nothing of it is there.
  virtual Result<void> write(const Work& work) = 0;
  /// Runs `work` on a consistent view, for reading only. Any thread.
  virtual Result<void> read(const Work& work) = 0;
  /// A whole, consistent copy of the store at `path`, made while others go on working.
  virtual Result<void> backup(const std::string& path) = 0;
};

}  // namespace causeway::store
