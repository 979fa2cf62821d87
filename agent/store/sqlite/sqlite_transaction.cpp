#include "agent/store/sqlite/sqlite_transaction.hpp"

#include "agent/model/bytes.hpp"
#include "agent/store/sqlite/step_codec.hpp"

namespace causeway::store {
namespace {

std::int64_t ticks(Instant instant) { return instant.time_since_epoch().count(); }
Instant instant(std::int64_t ticks) { return Instant{std::chrono::milliseconds{ticks}}; }
std::int64_t code(LinkId id) { return static_cast<std::int64_t>(id); }
std::int64_t code(IntentId id) { return static_cast<std::int64_t>(id); }
std::int64_t code(bool flag) { return flag ? 1 : 0; }
std::int64_t code(std::size_t count) { return static_cast<std::int64_t>(count); }
template <class Enumeration>
  requires std::is_enum_v<Enumeration>
std::int64_t code(Enumeration value) {
  return static_cast<std::int64_t>(value);
}

std::unexpected<Failure> damaged(std::string_view what) {
  return fail(Fault::denied,
              fmt::format("store: a stored {} cannot be read; bring back a backup (docs/operations.md)", what),
              Reach::tracker);
}

std::string encode(const Comment& comment) {
  ByteWriter out;
  out.text(comment.author.login);
  out.text(comment.author.display_name);
  out.text(comment.body);
  out.flag(comment.visibility == Visibility::open);
  out.instant(comment.written);
  out.flag(comment.marker.has_value());
  if (comment.marker) out.text(comment.marker->value);
  return out.take();
}

std::optional<Comment> decode_comment(std::string_view bytes) {
  ByteReader in{bytes};
  Comment comment;
  comment.author.login = in.text();
  comment.author.display_name = in.text();
  comment.body = in.text();
  comment.visibility = in.flag() ? Visibility::open : Visibility::restricted;
  comment.written = in.instant();
  if (in.flag()) comment.marker = Marker{in.text()};
  if (!in.whole()) return std::nullopt;
  return comment;
}

/// Both sides' looks stand in one column, the right side's above the left's.
constexpr int gone_looks_bits = 8;

constexpr const char* link_by_id =
    "SELECT id, route, left_tracker, left_ticket, right_tracker, right_ticket, born, state, gone_looks, base, follows "
    "FROM "
    "links WHERE id = ?";
constexpr const char* links_by_ticket =
    "SELECT id, route, left_tracker, left_ticket, right_tracker, right_ticket, born, state, gone_looks, base, follows "
    "FROM "
    "links "
    "WHERE left_ticket = ?1 AND left_tracker = ?2 UNION ALL "
    "SELECT id, route, left_tracker, left_ticket, right_tracker, right_ticket, born, state, gone_looks, base, follows "
    "FROM "
    "links "
    "WHERE right_ticket = ?1 AND right_tracker = ?2 ORDER BY id";
constexpr const char* links_by_id_after =
    "SELECT id, route, left_tracker, left_ticket, right_tracker, right_ticket, born, state, gone_looks, base, follows "
    "FROM "
    "links "
    "WHERE id > ? ORDER BY id LIMIT ?";

}  // namespace

Result<std::int64_t> Names::number(Connection& connection, const std::string& name, bool may_add) {
  if (const auto known = numbers_.find(name); known != numbers_.end()) return known->second;
  std::int64_t found = -1;
  {
    Statement asked = connection.statement("SELECT id FROM names WHERE name = ?");
    auto row = asked.bind(name).row();
    if (!row) return std::unexpected(row.error());
    if (*row) found = asked.number(0);
  }
  if (found < 0) {
    if (!may_add) return found;
    if (auto added = connection.statement("INSERT INTO names (name) VALUES (?)").bind(name).run(); !added)
      return std::unexpected(added.error());
    found = connection.last_id();
  }
  numbers_[name] = found;
  names_[found] = name;
  return found;
}

Result<std::string> Names::name(Connection& connection, std::int64_t number) {
  if (const auto known = names_.find(number); known != names_.end()) return known->second;
  Statement asked = connection.statement("SELECT name FROM names WHERE id = ?");
  auto row = asked.bind(number).row();
  if (!row) return std::unexpected(row.error());
  if (!*row) return damaged("name");
  return names_[number] = asked.text(0);
}

void Names::forget() {
  numbers_.clear();
  names_.clear();
}

Result<std::optional<std::string>> SqliteTransaction::value(const std::string& key) {
  Statement asked = connection_.statement("SELECT value FROM named_values WHERE key = ?");
  auto row = asked.bind(key).row();
  if (!row) return std::unexpected(row.error());
  return *row ? std::optional<std::string>{asked.text(0)} : std::nullopt;
}

Result<void> SqliteTransaction::set_value(const std::string& key, const std::string& value) {
  return connection_
      .statement("INSERT INTO named_values VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value")
      .bind(key)
      .bind(value)
      .run();
}

Result<void> SqliteTransaction::remove_value(const std::string& key) {
  return connection_.statement("DELETE FROM named_values WHERE key = ?").bind(key).run();
}

Result<std::map<std::string, std::string>> SqliteTransaction::values(const std::string& prefix) {
  std::map<std::string, std::string> found;
  Statement asked = connection_.statement("SELECT key, value FROM named_values WHERE substr(key, 1, length(?1)) = ?1");
  asked.bind(prefix);
  while (true) {
    auto row = asked.row();
    if (!row) return std::unexpected(row.error());
    if (!*row) return found;
    found[asked.text(0)] = asked.text(1);
  }
}

Result<void> SqliteTransaction::add_hint(const TicketRef& ticket, Instant due) {
  auto tracker = number(ticket.tracker.value);
  if (!tracker) return std::unexpected(tracker.error());
  std::int64_t generation = 0;
  {
    Statement next = connection_.statement("UPDATE generations SET last = last + 1 RETURNING last");
    auto row = next.row();
    if (!row) return std::unexpected(row.error());
    generation = next.number(0);
  }
  return connection_
      .statement(
          "INSERT INTO hints VALUES (?, ?, ?, ?, 0) ON CONFLICT (tracker, ticket) DO UPDATE SET due = min(due, "
          "excluded.due), generation = excluded.generation")
      .bind(*tracker)
      .bind_id(ticket.id.value)
      .bind(ticks(due))
      .bind(generation)
      .run();
}

Result<void> SqliteTransaction::remove_hint(const TicketRef& ticket, std::int64_t generation) {
  auto tracker = number(ticket.tracker.value);
  if (!tracker) return std::unexpected(tracker.error());
  return connection_.statement("DELETE FROM hints WHERE tracker = ? AND ticket = ? AND generation = ?")
      .bind(*tracker)
      .bind_id(ticket.id.value)
      .bind(generation)
      .run();
}

Result<void> SqliteTransaction::postpone_hint(const TicketRef& ticket, std::int64_t generation, Instant due) {
  auto tracker = number(ticket.tracker.value);
  if (!tracker) return std::unexpected(tracker.error());
  return connection_
      .statement(
          "UPDATE hints SET due = ?, attempts = attempts + 1 WHERE tracker = ? AND ticket = ? AND generation = ?")
      .bind(ticks(due))
      .bind(*tracker)
      .bind_id(ticket.id.value)
      .bind(generation)
      .run();
}

Result<void> SqliteTransaction::hasten_hints(Instant now) {
  return connection_.statement("UPDATE hints SET due = ?1 WHERE due > ?1").bind(ticks(now)).run();
}

Result<std::vector<Hint>> SqliteTransaction::read_hints(Statement& rows) {
  std::vector<Hint> found;
  while (true) {
    auto row = rows.row();
    if (!row) return std::unexpected(row.error());
    if (!*row) return found;
    auto tracker = names_.name(connection_, rows.number(0));
    if (!tracker) return std::unexpected(tracker.error());
    found.push_back({{TrackerId{*tracker}, NativeId{rows.id(1)}},
                     instant(rows.number(2)),
                     rows.number(3),
                     static_cast<std::int32_t>(rows.number(4))});
  }
}

Result<std::optional<Hint>> SqliteTransaction::hint(const TicketRef& ticket) {
  auto tracker = number(ticket.tracker.value);
  if (!tracker) return std::unexpected(tracker.error());
  Statement asked = connection_.statement(
      "SELECT tracker, ticket, due, generation, attempts FROM hints WHERE tracker = ? AND ticket = ?");
  asked.bind(*tracker).bind_id(ticket.id.value);
  auto found = read_hints(asked);
  if (!found) return std::unexpected(found.error());
  return found->empty() ? std::optional<Hint>{} : std::move(found->front());
}

Result<std::vector<Hint>> SqliteTransaction::hints_due(Instant now, std::size_t count_max) {
  Statement asked = connection_.statement(
      "SELECT tracker, ticket, due, generation, attempts FROM hints WHERE due <= ? ORDER BY due LIMIT ?");
  asked.bind(ticks(now)).bind(code(count_max));
  return read_hints(asked);
}

Result<std::optional<Instant>> SqliteTransaction::next_hint_due() {
  Statement asked = connection_.statement("SELECT min(due) FROM hints");
  auto row = asked.row();
  if (!row) return std::unexpected(row.error());
  return *row && !asked.is_null(0) ? std::optional<Instant>{instant(asked.number(0))} : std::nullopt;
}

Result<void> SqliteTransaction::spool_comment(const TicketRef& ticket, const Comment& comment) {
  auto tracker = number(ticket.tracker.value);
  if (!tracker) return std::unexpected(tracker.error());
  const std::string content = encode(comment);
  return connection_
      .statement("INSERT OR REPLACE INTO spooled_comments (tracker, ticket, comment, content) VALUES (?, ?, ?, ?)")
      .bind(*tracker)
      .bind_id(ticket.id.value)
      .bind_id(comment.id.value)
      .bind_bytes(content)
      .run();
}

Result<std::vector<SpooledComment>> SqliteTransaction::spooled_comments(const TicketRef& ticket) {
  auto tracker = number(ticket.tracker.value);
  if (!tracker) return std::unexpected(tracker.error());
  std::vector<SpooledComment> found;
  Statement asked = connection_.statement(
      "SELECT sequence, comment, content FROM spooled_comments WHERE tracker = ? AND ticket = ? ORDER BY sequence");
  asked.bind(*tracker).bind_id(ticket.id.value);
  while (true) {
    auto row = asked.row();
    if (!row) return std::unexpected(row.error());
    if (!*row) return found;
    auto comment = decode_comment(asked.bytes(2));
    if (!comment) return damaged("comment");
    comment->id = NativeId{asked.id(1)};
    found.push_back({asked.number(0), std::move(*comment)});
  }
}

Result<void> SqliteTransaction::remove_spooled_comments(const TicketRef& ticket, std::int64_t up_to_sequence) {
  auto tracker = number(ticket.tracker.value);
  if (!tracker) return std::unexpected(tracker.error());
  return connection_.statement("DELETE FROM spooled_comments WHERE tracker = ? AND ticket = ? AND sequence <= ?")
      .bind(*tracker)
      .bind_id(ticket.id.value)
      .bind(up_to_sequence)
      .run();
}

Result<std::vector<TicketRef>> SqliteTransaction::spooled_tickets(const TrackerId& tracker, std::size_t count_max) {
  auto known = number(tracker.value);
  if (!known) return std::unexpected(known.error());
  std::vector<TicketRef> found;
  Statement asked = connection_.statement("SELECT DISTINCT ticket FROM spooled_comments WHERE tracker = ? LIMIT ?");
  asked.bind(*known).bind(code(count_max));
  while (true) {
    auto row = asked.row();
    if (!row) return std::unexpected(row.error());
    if (!*row) return found;
    found.push_back({tracker, NativeId{asked.id(0)}});
  }
}

Result<void> SqliteTransaction::put_link(Link& link) {
  auto route = number(link.route.value);
  if (!route) return std::unexpected(route.error());
  auto left = number(link.tickets[0].tracker.value);
  if (!left) return std::unexpected(left.error());
  auto right = number(link.tickets[1].tracker.value);
  if (!right) return std::unexpected(right.error());
  const std::string base = causeway::encode(link.base);
  const bool is_new = link.id == LinkId{};
  Statement put = connection_.statement(
      is_new ? "INSERT INTO links (route, left_tracker, left_ticket, right_tracker, "
               "right_ticket, born, state, gone_looks, base, follows) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
             : "UPDATE links SET route = ?, left_tracker = ?, left_ticket = ?, right_tracker = "
               "?, right_ticket = ?, born = ?, state = ?, gone_looks = ?, base = ?, follows = ? WHERE id = ?");
  put.bind(*route)
      .bind(*left)
      .bind_id(link.tickets[0].id.value)
      .bind(*right)
      .bind_id(link.tickets[1].id.value)
      .bind(code(link.born))
      .bind(code(link.state))
      .bind(std::int64_t{link.gone_looks[0]} | std::int64_t{link.gone_looks[1]} << gone_looks_bits)
      .bind_bytes(base)
      .bind(std::int64_t{link.follows});
  if (!is_new) put.bind(code(link.id));
  if (auto result = put.run(); !result) return result;
  if (is_new) link.id = LinkId{connection_.last_id()};
  return {};
}

Result<Link> SqliteTransaction::read_link(Statement& row) {
  Link link;
  link.id = LinkId{row.number(0)};
  auto route = names_.name(connection_, row.number(1));
  auto left = names_.name(connection_, row.number(2));
  auto right = names_.name(connection_, row.number(4));
  if (!route) return std::unexpected(route.error());
  if (!left) return std::unexpected(left.error());
  if (!right) return std::unexpected(right.error());
  link.route = RouteId{std::move(*route)};
  link.tickets[0] = {TrackerId{std::move(*left)}, NativeId{row.id(3)}};
  link.tickets[1] = {TrackerId{std::move(*right)}, NativeId{row.id(5)}};
  link.born = row.number(6) == 0 ? Side::left : Side::right;
  link.state = static_cast<LinkState>(row.number(7));
  link.gone_looks = {static_cast<std::uint8_t>(row.number(8)),
                     static_cast<std::uint8_t>(row.number(8) >> gone_looks_bits)};
  auto base = decode_base(row.bytes(9));
  if (!base) return damaged("base");
  link.base = std::move(*base);
  link.follows = row.number(10) != 0;
  return link;
}

Result<std::vector<Link>> SqliteTransaction::read_links(Statement& rows) {
  std::vector<Link> found;
  while (true) {
    auto row = rows.row();
    if (!row) return std::unexpected(row.error());
    if (!*row) return found;
    auto link = read_link(rows);
    if (!link) return std::unexpected(link.error());
    found.push_back(std::move(*link));
  }
}

Result<std::optional<Link>> SqliteTransaction::link(LinkId id) {
  Statement asked = connection_.statement(link_by_id);
  asked.bind(code(id));
  auto found = read_links(asked);
  if (!found) return std::unexpected(found.error());
  return found->empty() ? std::optional<Link>{} : std::move(found->front());
}

Result<std::vector<Link>> SqliteTransaction::links_of(const TicketRef& ticket) {
  auto tracker = number(ticket.tracker.value);
  if (!tracker) return std::unexpected(tracker.error());
  Statement asked = connection_.statement(links_by_ticket);
  asked.bind_id(ticket.id.value).bind(*tracker);
  return read_links(asked);
}

Result<std::vector<Link>> SqliteTransaction::links_after(LinkId after, std::size_t count_max) {
  Statement asked = connection_.statement(links_by_id_after);
  asked.bind(code(after)).bind(code(count_max));
  return read_links(asked);
}

Result<void> SqliteTransaction::remove_link(LinkId id) {
  return connection_.statement("DELETE FROM links WHERE id = ?").bind(code(id)).run();
}

Result<void> SqliteTransaction::put_intent(StoredIntent& intent) {
  const std::string step = store::encode(intent.step);
  const bool is_new = intent.id == IntentId{};
  Statement put = connection_.statement(
      is_new ? "INSERT INTO intents (link, target, state, marker, approved, created, sent, attempts, reason, "
               "explanation, step) VALUES (?, ?, ?, ?, ?, ?, ?, ?, nullif(?, -1), ?, ?)"
             : "UPDATE intents SET link = ?, target = ?, state = ?, marker = ?, approved = ?, created = ?, sent = ?, "
               "attempts = ?, reason = nullif(?, -1), explanation = ?, step = ? WHERE id = ?");
  put.bind(code(intent.link))
      .bind(code(intent.target))
      .bind(code(intent.state))
      .bind(intent.marker.value)
      .bind(code(intent.approved))
      .bind(ticks(intent.created))
      .bind(ticks(intent.sent))
      .bind(std::int64_t{intent.attempts})
      .bind(intent.reason ? code(*intent.reason) : std::int64_t{-1})
      .bind(intent.explanation)
      .bind_bytes(step);
  if (!is_new) put.bind(code(intent.id));
  if (auto result = put.run(); !result) return result;
  if (is_new) intent.id = IntentId{connection_.last_id()};
  return {};
}

Result<void> SqliteTransaction::mark_intent(IntentId id, IntentState state, Instant sent) {
  return connection_.statement("UPDATE intents SET state = ?, sent = ? WHERE id = ?")
      .bind(code(state))
      .bind(ticks(sent))
      .bind(code(id))
      .run();
}

Result<void> SqliteTransaction::remove_intent(IntentId id) {
  return connection_.statement("DELETE FROM intents WHERE id = ?").bind(code(id)).run();
}

Result<std::vector<StoredIntent>> SqliteTransaction::read_intents(Statement& rows) {
  std::vector<StoredIntent> found;
  while (true) {
    auto row = rows.row();
    if (!row) return std::unexpected(row.error());
    if (!*row) return found;
    StoredIntent intent;
    intent.id = IntentId{rows.number(0)};
    intent.link = LinkId{rows.number(1)};
    intent.target = rows.number(2) == 0 ? Side::left : Side::right;
    intent.state = static_cast<IntentState>(rows.number(3));
    intent.marker = Marker{rows.text(4)};
    intent.approved = rows.number(5) != 0;
    intent.created = instant(rows.number(6));
    intent.sent = instant(rows.number(7));
    intent.attempts = static_cast<std::int32_t>(rows.number(8));
    if (!rows.is_null(9)) intent.reason = static_cast<HoldReason>(rows.number(9));
    intent.explanation = rows.text(10);
    auto step = decode_step(rows.bytes(11));
    if (!step) return damaged("intent");
    intent.step = std::move(*step);
    found.push_back(std::move(intent));
  }
}

Result<std::optional<StoredIntent>> SqliteTransaction::intent(IntentId id) {
  Statement asked = connection_.statement("SELECT * FROM intents WHERE id = ?");
  asked.bind(code(id));
  auto found = read_intents(asked);
  if (!found) return std::unexpected(found.error());
  return found->empty() ? std::optional<StoredIntent>{} : std::move(found->front());
}

Result<std::vector<StoredIntent>> SqliteTransaction::intents_of(LinkId link) {
  Statement asked = connection_.statement("SELECT * FROM intents WHERE link = ? ORDER BY id");
  asked.bind(code(link));
  return read_intents(asked);
}

Result<std::vector<StoredIntent>> SqliteTransaction::intents_in(IntentState state, std::size_t count_max) {
  Statement asked = connection_.statement("SELECT * FROM intents WHERE state = ? ORDER BY id LIMIT ?");
  asked.bind(code(state)).bind(code(count_max));
  return read_intents(asked);
}

Result<void> SqliteTransaction::add_conflict(LinkId link, Instant at, const Conflict& conflict) {
  return connection_
      .statement("INSERT INTO conflicts (link, at, what, left_value, right_value, kept) VALUES (?, ?, ?, ?, ?, ?)")
      .bind(code(link))
      .bind(ticks(at))
      .bind(conflict.what)
      .bind_bytes(conflict.values[0])
      .bind_bytes(conflict.values[1])
      .bind(code(conflict.kept))
      .run();
}

Result<std::vector<StoredConflict>> SqliteTransaction::conflicts(std::optional<LinkId> link, std::size_t count_max) {
  std::vector<StoredConflict> found;
  Statement asked = connection_.statement(
      link ? "SELECT id, link, at, what, left_value, right_value, kept FROM conflicts WHERE link = ?2 ORDER BY id "
             "LIMIT ?1"
           : "SELECT id, link, at, what, left_value, right_value, kept FROM conflicts ORDER BY id LIMIT ?1");
  asked.bind(code(count_max));
  if (link) asked.bind(code(*link));
  while (true) {
    auto row = asked.row();
    if (!row) return std::unexpected(row.error());
    if (!*row) return found;
    StoredConflict conflict;
    conflict.id = asked.number(0);
    conflict.link = LinkId{asked.number(1)};
    conflict.at = instant(asked.number(2));
    conflict.conflict = {
        asked.text(3), {asked.text(4), asked.text(5)}, asked.number(6) == 0 ? Side::left : Side::right};
    found.push_back(std::move(conflict));
  }
}

Result<void> SqliteTransaction::add_audit(const AuditEntry& entry) {
  return connection_.statement("INSERT INTO audit (at, link, what, detail) VALUES (?, ?, ?, ?)")
      .bind(ticks(entry.at))
      .bind(code(entry.link))
      .bind(entry.what)
      .bind(entry.detail)
      .run();
}

Result<std::vector<AuditEntry>> SqliteTransaction::audit(std::optional<LinkId> link, std::size_t count_max) {
  std::vector<AuditEntry> found;
  Statement asked =
      connection_.statement(link ? "SELECT at, link, what, detail FROM audit WHERE link = ?2 ORDER BY id DESC LIMIT ?1"
                                 : "SELECT at, link, what, detail FROM audit ORDER BY id DESC LIMIT ?1");
  asked.bind(code(count_max));
  if (link) asked.bind(code(*link));
  while (true) {
    auto row = asked.row();
    if (!row) return std::unexpected(row.error());
    if (!*row) return found;
    found.push_back({instant(asked.number(0)), LinkId{asked.number(1)}, asked.text(2), asked.text(3)});
  }
}

/// Rows are in order of time, so the search from the front ends at the first that stays.
Result<void> SqliteTransaction::remove_audit_before(Instant at) {
  return connection_
      .statement(
          "DELETE FROM audit WHERE id < coalesce((SELECT id FROM audit WHERE at >= ? ORDER BY id LIMIT 1), (SELECT "
          "max(id) + 1 FROM audit))")
      .bind(ticks(at))
      .run();
}

Result<Counts> SqliteTransaction::counts() {
  Counts counts;
  Statement asked = connection_.statement(
      "SELECT (SELECT count(*) FROM links), (SELECT count(*) FROM links WHERE state <> 0 AND state = 1), (SELECT "
      "count(*) FROM links "
      "WHERE state <> 0 AND state = 2), "
      "(SELECT count(*) FROM hints), (SELECT count(*) FROM intents WHERE state = 0), (SELECT count(*) FROM intents "
      "WHERE state = 1), "
      "(SELECT count(*) FROM intents WHERE state = 2), (SELECT count(*) FROM conflicts)");
  auto row = asked.row();
  if (!row) return std::unexpected(row.error());
  counts.links = asked.number(0);
  counts.links_paused = asked.number(1);
  counts.links_broken = asked.number(2);
  counts.hints = asked.number(3);
  counts.intents_ready = asked.number(4);
  counts.intents_sending = asked.number(5);
  counts.intents_held = asked.number(6);
  counts.conflicts = asked.number(7);
  return counts;
}

}  // namespace causeway::store
