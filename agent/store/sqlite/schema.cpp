#include "agent/store/sqlite/schema.hpp"

#include <fmt/format.h>

#include <array>

namespace causeway::store {
namespace {

/// Step n brings version n to n + 1. Never changed once released; only added to.
/// Tracker and route names are numbers from `names`; ids of tickets and comments are numbers where they can be.
constexpr std::array steps{
    R"(
CREATE TABLE named_values (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE names (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE hints (
  tracker INTEGER NOT NULL, ticket NOT NULL, due INTEGER NOT NULL, generation INTEGER NOT NULL, attempts INTEGER NOT NULL,
  PRIMARY KEY (tracker, ticket)) WITHOUT ROWID;
CREATE INDEX hints_by_due ON hints (due);
CREATE TABLE generations (last INTEGER NOT NULL);
INSERT INTO generations VALUES (0);
CREATE TABLE spooled_comments (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT, tracker INTEGER NOT NULL, ticket NOT NULL, comment NOT NULL, content BLOB NOT NULL,
  UNIQUE (tracker, ticket, comment));
CREATE TABLE links (
  id INTEGER PRIMARY KEY, route INTEGER NOT NULL, left_tracker INTEGER NOT NULL, left_ticket NOT NULL,
  right_tracker INTEGER NOT NULL, right_ticket NOT NULL, born INTEGER NOT NULL, state INTEGER NOT NULL,
  gone_looks INTEGER NOT NULL, base BLOB NOT NULL);
CREATE INDEX links_by_left ON links (left_ticket, left_tracker);
CREATE INDEX links_by_right ON links (right_ticket, right_tracker);
CREATE INDEX links_not_active ON links (state) WHERE state <> 0;
CREATE TABLE intents (
  id INTEGER PRIMARY KEY AUTOINCREMENT, link INTEGER NOT NULL, target INTEGER NOT NULL, state INTEGER NOT NULL,
  marker TEXT NOT NULL, approved INTEGER NOT NULL, created INTEGER NOT NULL, sent INTEGER NOT NULL, attempts INTEGER NOT NULL,
  reason INTEGER, explanation TEXT NOT NULL, step BLOB NOT NULL);
CREATE INDEX intents_by_link ON intents (link);
CREATE INDEX intents_by_state ON intents (state);
CREATE TABLE conflicts (
  id INTEGER PRIMARY KEY, link INTEGER NOT NULL, at INTEGER NOT NULL, what TEXT NOT NULL,
  left_value BLOB NOT NULL, right_value BLOB NOT NULL, kept INTEGER NOT NULL);
CREATE INDEX conflicts_by_link ON conflicts (link);
CREATE TABLE audit (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, link INTEGER NOT NULL, what TEXT NOT NULL, detail TEXT NOT NULL);
CREATE INDEX audit_by_link ON audit (link);
)",
    // Few intents exist at a time, and an index on what each of them changes twice costs more than it finds.
    R"(
ALTER TABLE links ADD COLUMN follows INTEGER NOT NULL DEFAULT 0;
DROP INDEX intents_by_state;
)"};

Result<std::int64_t> version_of(Connection& connection) {
  Statement asked = connection.statement("PRAGMA user_version");
  auto row = asked.row();
  if (!row) return std::unexpected(row.error());
  return asked.number(0);
}

}  // namespace

int schema_version() { return static_cast<int>(steps.size()); }

Result<void> migrate(Connection& connection) {
  const auto found = version_of(connection);
  if (!found) return std::unexpected(found.error());
  std::int64_t version = *found;
  if (version > schema_version()) {
    return fail(
        Fault::denied,
        fmt::format(
            "store: it was written by a newer Causeway (schema {}, this program knows {}); install that version or "
            "bring back a backup",
            version, schema_version()),
        Reach::tracker);
  }
  while (version < schema_version()) {
    const std::string sql = fmt::format("BEGIN IMMEDIATE;{}PRAGMA user_version = {};COMMIT;",
                                        steps[static_cast<std::size_t>(version)], version + 1);
    if (auto result = connection.run(sql.c_str()); !result) {
      (void)connection.run("ROLLBACK");
      // A command that began at the same moment may have taken the step before us.
      const auto now = version_of(connection);
      if (!now || *now <= version) return result;
      version = *now;
      continue;
    }
    ++version;
  }
  return {};
}

}  // namespace causeway::store
