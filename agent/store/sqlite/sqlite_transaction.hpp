#pragma once
#include <map>

#include "agent/store/sqlite/connection.hpp"
#include "agent/store/store.hpp"

namespace causeway::store {

/// Names of trackers and routes as small numbers, kept per connection. Rows of `names` are never changed or removed, so
/// what is kept cannot go stale; what a rolled-back transaction added is forgotten.
class Names {
 public:
  Result<std::int64_t> number(Connection& connection, const std::string& name, bool may_add);
  Result<std::string> name(Connection& connection, std::int64_t number);
  void forget();

 private:
  std::map<std::string, std::int64_t> numbers_;
  std::map<std::int64_t, std::string> names_;
};

class SqliteTransaction final : public Transaction {
 public:
  SqliteTransaction(Connection& connection, Names& names, bool may_write)
      : connection_(connection), names_(names), may_write_(may_write) {}

  Result<std::optional<std::string>> value(const std::string& key) override;
  Result<void> set_value(const std::string& key, const std::string& value) override;
  Result<void> remove_value(const std::string& key) override;
  Result<std::map<std::string, std::string>> values(const std::string& prefix) override;
  Result<void> add_hint(const TicketRef& ticket, Instant due) override;
  Result<void> remove_hint(const TicketRef& ticket, std::int64_t generation) override;
  Result<void> postpone_hint(const TicketRef& ticket, std::int64_t generation, Instant due) override;
  Result<void> hasten_hints(Instant now) override;
  Result<std::optional<Hint>> hint(const TicketRef& ticket) override;
  Result<std::vector<Hint>> hints_due(Instant now, std::size_t count_max) override;
  Result<std::optional<Instant>> next_hint_due() override;
  Result<void> spool_comment(const TicketRef& ticket, const Comment& comment) override;
  Result<std::vector<SpooledComment>> spooled_comments(const TicketRef& ticket) override;
  Result<void> remove_spooled_comments(const TicketRef& ticket, std::int64_t up_to_sequence) override;
  Result<std::vector<TicketRef>> spooled_tickets(const TrackerId& tracker, std::size_t count_max) override;
  Result<void> put_link(Link& link) override;
  Result<std::optional<Link>> link(LinkId id) override;
  Result<std::vector<Link>> links_of(const TicketRef& ticket) override;
  Result<std::vector<Link>> links_after(LinkId after, std::size_t count_max) override;
  Result<void> remove_link(LinkId id) override;
  Result<void> put_intent(StoredIntent& intent) override;
  Result<void> mark_intent(IntentId id, IntentState state, Instant sent) override;
  Result<void> remove_intent(IntentId id) override;
  Result<std::optional<StoredIntent>> intent(IntentId id) override;
  Result<std::vector<StoredIntent>> intents_of(LinkId link) override;
  Result<std::vector<StoredIntent>> intents_in(IntentState state, std::size_t count_max) override;
  Result<void> add_conflict(LinkId link, Instant at, const Conflict& conflict) override;
  Result<std::vector<StoredConflict>> conflicts(std::optional<LinkId> link, std::size_t count_max) override;
  Result<void> add_audit(const AuditEntry& entry) override;
  Result<std::vector<AuditEntry>> audit(std::optional<LinkId> link, std::size_t count_max) override;
  Result<void> remove_audit_before(Instant at) override;
  Result<Counts> counts() override;

 private:
  /// -1 for a name that no row has: matches nothing.
  Result<std::int64_t> number(const std::string& name) { return names_.number(connection_, name, may_write_); }
  Result<Link> read_link(Statement& row);
  Result<std::vector<Link>> read_links(Statement& rows);
  Result<std::vector<StoredIntent>> read_intents(Statement& rows);
  Result<std::vector<Hint>> read_hints(Statement& rows);

  Connection& connection_;
  Names& names_;
  bool may_write_;
};

}  // namespace causeway::store
