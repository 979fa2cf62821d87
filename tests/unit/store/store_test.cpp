/// What the port promises, on the SQLite filling.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <filesystem>
#include <thread>

#include "agent/store/sqlite/schema.hpp"
#include "agent/store/sqlite/sqlite_store.hpp"
#include "agent/store/sqlite/sqlite_transaction.hpp"
#include "tests/unit/store/temporary_folder.hpp"

namespace causeway::store {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr Instant now = Instant{std::chrono::seconds{1'795'000'000}};
const TicketRef ticket{TrackerId{"community"}, NativeId{"12"}};

class SqliteStoreTest : public ::testing::Test {
 protected:
  SqliteStoreTest() { store_ = open(SqliteOptions::Use::alone); }

  std::unique_ptr<Store> open(SqliteOptions::Use use) {
    auto opened = open_sqlite({folder_.file("store.sqlite"), use, false, 2048});
    if (!opened) {
      ADD_FAILURE() << opened.error().message;
      return nullptr;
    }
    return std::move(*opened);
  }
  void write(const Work& work) {
    const auto done = store_->write(work);
    EXPECT_TRUE(done) << (done ? "" : done.error().message);
  }
  template <class Question>
  auto ask(Question question) {
    std::remove_cvref_t<decltype(*question(std::declval<Transaction&>()))> answer{};
    const auto done = store_->read([&](Transaction& transaction) -> Result<void> {
      auto found = question(transaction);
      if (!found) return std::unexpected(found.error());
      answer = std::move(*found);
      return {};
    });
    EXPECT_TRUE(done) << (done ? "" : done.error().message);
    return answer;
  }
  std::optional<Hint> hint() {
    return ask([](Transaction& transaction) { return transaction.hint(ticket); });
  }

  TemporaryFolder folder_;
  std::unique_ptr<Store> store_;
};

TEST_F(SqliteStoreTest, AHintThatComesMeanwhileIsNotRemoved) {
  write([](Transaction& transaction) { return transaction.add_hint(ticket, now); });
  const auto first = hint();
  ASSERT_TRUE(first);
  write([](Transaction& transaction) { return transaction.add_hint(ticket, now + std::chrono::hours{1}); });
  const auto second = hint();
  EXPECT_NE(second->generation, first->generation);
  EXPECT_EQ(second->due, now) << "the earlier due time stays";
  write([&](Transaction& transaction) { return transaction.remove_hint(ticket, first->generation); });
  EXPECT_TRUE(hint());
  write([&](Transaction& transaction) { return transaction.remove_hint(ticket, second->generation); });
  EXPECT_FALSE(hint());
}

TEST_F(SqliteStoreTest, APostponedHintCountsItsAttempts) {
  write([](Transaction& transaction) { return transaction.add_hint(ticket, now); });
  write([&](Transaction& transaction) {
    return transaction.postpone_hint(ticket, hint()->generation, now + std::chrono::minutes{1});
  });
  EXPECT_EQ(hint()->attempts, 1);
  EXPECT_THAT(ask([](Transaction& transaction) { return transaction.hints_due(now, 10); }), IsEmpty());
  EXPECT_THAT(ask([](Transaction& transaction) { return transaction.hints_due(now + std::chrono::minutes{1}, 10); }),
              SizeIs(1));
}

TEST_F(SqliteStoreTest, HastenedHintsAreDueAtOnceAndKeepTheirOrder) {
  const TicketRef late{TrackerId{"community"}, NativeId{"13"}};
  write([&](Transaction& transaction) -> Result<void> {
    if (auto added = transaction.add_hint(late, now + std::chrono::hours{1}); !added) return added;
    return transaction.add_hint(ticket, now - std::chrono::hours{1});
  });
  write([](Transaction& transaction) { return transaction.hasten_hints(now); });
  const auto due = ask([](Transaction& transaction) { return transaction.hints_due(now, 10); });
  ASSERT_THAT(due, SizeIs(2));
  EXPECT_EQ(due[0].ticket, ticket);
  EXPECT_EQ(due[1].due, now);
}

TEST_F(SqliteStoreTest, LinksAreFoundByEitherSide) {
  Link link;
  link.route = RouteId{"widget"};
  link.tickets = {ticket, TicketRef{TrackerId{"queue"}, NativeId{"ABC-007"}}};
  link.born = Side::right;
  link.state = LinkState::paused;
  link.gone_looks = {1, 2};
  link.base[Side::left][Field::title] = 5;
  link.base.comments.push_back({{NativeId{"1"}, NativeId{"2"}}, {3, 4}, Side::left});
  write([&](Transaction& transaction) { return transaction.put_link(link); });
  for (const TicketRef& side : link.tickets) {
    const auto found = ask([&](Transaction& transaction) { return transaction.links_of(side); });
    ASSERT_THAT(found, SizeIs(1));
    EXPECT_EQ(found[0].tickets, link.tickets);
    EXPECT_EQ(found[0].born, Side::right);
    EXPECT_EQ(found[0].state, LinkState::paused);
    EXPECT_EQ(found[0].gone_looks, (std::array<std::uint8_t, 2>{1, 2}));
    EXPECT_EQ(found[0].base, link.base);
  }
  EXPECT_THAT(
      ask([](Transaction& transaction) { return transaction.links_of({TrackerId{"community"}, NativeId{"013"}}); }),
      IsEmpty());
  EXPECT_THAT(
      ask([](Transaction& transaction) { return transaction.links_of({TrackerId{"unknown"}, NativeId{"12"}}); }),
      IsEmpty());
  link.tickets[1].id = NativeId{"9"};
  write([&](Transaction& transaction) { return transaction.put_link(link); });
  EXPECT_THAT(ask([&](Transaction& transaction) { return transaction.links_of(link.tickets[1]); }), SizeIs(1));
  EXPECT_EQ(ask([](Transaction& transaction) { return transaction.counts(); }).links, 1);
}

TEST_F(SqliteStoreTest, IntentsComeBackWhole) {
  StoredIntent intent;
  intent.link = LinkId{3};
  intent.target = Side::right;
  intent.step.operation = AddComment{std::string("bytes \xff\0 end", 12), {"a", "b", "c"}, Visibility::open};
  intent.marker = Marker{"abc"};
  intent.state = IntentState::held;
  intent.reason = HoldReason::redaction;
  intent.explanation = "why";
  intent.created = now;
  write([&](Transaction& transaction) { return transaction.put_intent(intent); });
  const auto found = ask([](Transaction& transaction) { return transaction.intents_in(IntentState::held, 10); });
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].step, intent.step);
  EXPECT_EQ(found[0].reason, HoldReason::redaction);
  EXPECT_EQ(found[0].explanation, "why");
  write([&](Transaction& transaction) { return transaction.mark_intent(intent.id, IntentState::sending, now); });
  EXPECT_THAT(ask([](Transaction& transaction) { return transaction.intents_of(LinkId{3}); }), SizeIs(1));
  EXPECT_EQ(ask([](Transaction& transaction) { return transaction.counts(); }).intents_sending, 1);
  write([&](Transaction& transaction) { return transaction.remove_intent(intent.id); });
  StoredIntent next = intent;
  next.id = IntentId{};
  write([&](Transaction& transaction) { return transaction.put_intent(next); });
  EXPECT_NE(next.id, intent.id) << "a hold's number is never given to another one";
}

TEST_F(SqliteStoreTest, SpooledCommentsWaitForTheirTicket) {
  Comment comment;
  comment.id = NativeId{"5"};
  comment.body = "first";
  comment.author = {"alice", "Alice"};
  comment.visibility = Visibility::open;
  write([&](Transaction& transaction) { return transaction.spool_comment(ticket, comment); });
  const auto first = ask([](Transaction& transaction) { return transaction.spooled_comments(ticket); });
  comment.body = "edited";
  write([&](Transaction& transaction) { return transaction.spool_comment(ticket, comment); });
  const auto second = ask([](Transaction& transaction) { return transaction.spooled_comments(ticket); });
  ASSERT_THAT(second, SizeIs(1));
  EXPECT_EQ(second[0].comment, comment);
  EXPECT_GT(second[0].sequence, first[0].sequence);
  write([&](Transaction& transaction) { return transaction.remove_spooled_comments(ticket, first[0].sequence); });
  EXPECT_THAT(ask([](Transaction& transaction) { return transaction.spooled_tickets(TrackerId{"community"}, 10); }),
              SizeIs(1))
      << "the newer one stays";
  write([&](Transaction& transaction) { return transaction.remove_spooled_comments(ticket, second[0].sequence); });
  EXPECT_THAT(ask([](Transaction& transaction) { return transaction.spooled_tickets(TrackerId{"community"}, 10); }),
              IsEmpty());
}

TEST_F(SqliteStoreTest, NamedValuesAreFoundByPrefix) {
  write([](Transaction& transaction) -> Result<void> {
    for (const char* key : {"cursor/a", "cursor/b", "health/a"}) {
      if (auto result = transaction.set_value(key, key); !result) return result;
    }
    return transaction.remove_value("cursor/b");
  });
  EXPECT_EQ(ask([](Transaction& transaction) { return transaction.values("cursor/"); }),
            (std::map<std::string, std::string>{{"cursor/a", "cursor/a"}}));
}

TEST_F(SqliteStoreTest, TheAuditTrailIsKeptAsLongAsAsked) {
  for (int day = 0; day < 3; ++day) {
    write([&](Transaction& transaction) {
      return transaction.add_audit({now + std::chrono::days{day}, LinkId{1}, "created", std::to_string(day)});
    });
  }
  write([](Transaction& transaction) { return transaction.remove_audit_before(now + std::chrono::days{1}); });
  const auto entries = ask([](Transaction& transaction) { return transaction.audit(LinkId{1}, 10); });
  ASSERT_THAT(entries, SizeIs(2));
  EXPECT_EQ(entries[0].detail, "2") << "newest first";
  write([](Transaction& transaction) { return transaction.remove_audit_before(now + std::chrono::days{9}); });
  EXPECT_THAT(ask([](Transaction& transaction) { return transaction.audit(std::nullopt, 10); }), IsEmpty());
}

TEST_F(SqliteStoreTest, AFailedWorkUndoesOnlyItself) {
  const auto failed = store_->write([](Transaction& transaction) -> Result<void> {
    (void)transaction.add_hint({TrackerId{"never seen"}, NativeId{"1"}}, now);
    return fail(Fault::rejected, "changed its mind");
  });
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().message, "changed its mind");
  EXPECT_EQ(ask([](Transaction& transaction) { return transaction.counts(); }).hints, 0);
  // The name that was undone with it must be made anew.
  write([](Transaction& transaction) { return transaction.add_hint({TrackerId{"never seen"}, NativeId{"1"}}, now); });
  EXPECT_EQ(ask([](Transaction& transaction) { return transaction.hints_due(now, 10); }).at(0).ticket.tracker.value,
            "never seen");
}

TEST_F(SqliteStoreTest, ManyThreadsWriteAtTheSameTimeAndEachKeepsItsOwn) {
  constexpr int threads = 16;
  constexpr int writes = 50;
  std::atomic<int> refused{0};
  {
    std::vector<std::jthread> running;
    for (int thread = 0; thread < threads; ++thread) {
      running.emplace_back([&, thread] {
        for (int i = 0; i < writes; ++i) {
          const auto done = store_->write([&](Transaction& transaction) -> Result<void> {
            if (auto result = transaction.set_value(fmt::format("{}/{}", thread, i), "x"); !result) return result;
            if (i % 10 == 9) return fail(Fault::rejected, "every tenth");
            return {};
          });
          if (!done) ++refused;
        }
      });
    }
  }
  EXPECT_EQ(refused.load(), threads * writes / 10);
  EXPECT_THAT(ask([](Transaction& transaction) { return transaction.values(""); }), SizeIs(threads * writes * 9 / 10));
}

TEST_F(SqliteStoreTest, OnlyOneAgentHoldsAStore) {
  const auto second = open_sqlite({folder_.file("store.sqlite"), SqliteOptions::Use::alone, false, 2048});
  ASSERT_FALSE(second);
  EXPECT_THAT(second.error().message, HasSubstr(std::to_string(getpid())));
  EXPECT_THAT(second.error().message, HasSubstr("stop that one first"));
  store_.reset();
  EXPECT_TRUE(open_sqlite({folder_.file("store.sqlite"), SqliteOptions::Use::alone, false, 2048}));
}

TEST_F(SqliteStoreTest, CommandsReadAndWriteBesideTheAgent) {
  write([](Transaction& transaction) { return transaction.add_hint(ticket, now); });
  const auto beside = open(SqliteOptions::Use::beside_the_agent);
  ASSERT_TRUE(beside->write([](Transaction& transaction) { return transaction.set_value("key", "from beside"); }));
  EXPECT_EQ(ask([](Transaction& transaction) { return transaction.value("key"); }), "from beside");
  const auto reading = open(SqliteOptions::Use::reading);
  EXPECT_FALSE(reading->write([](Transaction& transaction) { return transaction.set_value("key", "no"); }));
}

TEST_F(SqliteStoreTest, AStoreThatIsNotThereSaysSo) {
  const auto missing = open_sqlite({folder_.file("missing.sqlite"), SqliteOptions::Use::reading, false, 2048});
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message, HasSubstr("causeway run"));
}

TEST_F(SqliteStoreTest, AFileOfANewerProgramIsRefused) {
  store_.reset();
  {
    auto connection = Connection::open(folder_.file("store.sqlite"), false);
    ASSERT_TRUE((*connection)->run("PRAGMA user_version = 999"));
  }
  const auto refused = open_sqlite({folder_.file("store.sqlite"), SqliteOptions::Use::alone, false, 2048});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("newer"));
}

/// The first version's schema, word for word as it was released. Never changed: it stands for files that people have.
constexpr const char* first_version = R"(
PRAGMA journal_mode = WAL;
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
PRAGMA user_version = 1;
INSERT INTO names VALUES (1, 'community'), (2, 'queue'), (3, 'widget');
INSERT INTO named_values VALUES ('cursor/community', '2026-11-23T08:00:00Z');
INSERT INTO hints VALUES (1, 12, 1795000000000, 1, 2);
INSERT INTO links VALUES (1, 3, 1, 12, 2, 'abc', 0, 0, 1, x'0180c0f0f50b80c49fd50c03010000000000000002000000000000000080c0f0f50b80c49fd50c0107000000000000000109000000000000000100070b000000000000000b0d0000000000000001000f');
INSERT INTO audit VALUES (1, 1795000000000, 1, 'linked', 'community/12 taken by route widget');
)";

void run_sql(const std::string& path, const std::string& sql) {
  sqlite3* handle = nullptr;
  ASSERT_EQ(sqlite3_open(path.c_str(), &handle), SQLITE_OK);
  char* refused = nullptr;
  EXPECT_EQ(sqlite3_exec(handle, sql.c_str(), nullptr, nullptr, &refused), SQLITE_OK)
      << (refused != nullptr ? refused : "");
  sqlite3_free(refused);
  sqlite3_close(handle);
}

TEST_F(SqliteStoreTest, AFileOfTheFirstVersionIsReadAsItWasWritten) {
  store_.reset();
  const std::string path = folder_.file("first.sqlite");
  run_sql(path, first_version);
  auto opened = open_sqlite({path, SqliteOptions::Use::alone, false, 2048});
  ASSERT_TRUE(opened) << opened.error().message;
  store_ = std::move(*opened);
  EXPECT_EQ(ask([](Transaction& transaction) { return transaction.value("cursor/community"); }),
            "2026-11-23T08:00:00Z");
  ASSERT_TRUE(hint());
  EXPECT_EQ(hint()->attempts, 2);
  const auto links = ask([](Transaction& transaction) { return transaction.links_of(ticket); });
  ASSERT_THAT(links, SizeIs(1));
  const Link& link = links[0];
  EXPECT_EQ(link.tickets[1].id.value, "abc");
  EXPECT_EQ(link.gone_looks[0], 1);
  EXPECT_EQ(link.base[Side::left][Field::title], 1U);
  EXPECT_EQ(link.base[Side::left][Field::body], 2U);
  EXPECT_EQ(link.base[Side::right].labels, std::vector<Fingerprint>{9});
  ASSERT_THAT(link.base.comments, SizeIs(1));
  EXPECT_EQ(link.base.comments[0].ids[0].value, "3");
  EXPECT_EQ(link.base.comments[0].texts[1], 13U);
  ASSERT_THAT(link.base.attachments, SizeIs(1));
  EXPECT_EQ(link.base.attachments[0].id.value, "7");
}

TEST_F(SqliteStoreTest, ADamagedBaseIsSaidAndNotGuessed) {
  write([](Transaction& transaction) {
    Link link;
    link.tickets = {ticket, TicketRef{TrackerId{"queue"}, NativeId{"7"}}};
    return transaction.put_link(link);
  });
  store_.reset();
  run_sql(folder_.file("store.sqlite"), "UPDATE links SET base = x'01ff'");
  store_ = open(SqliteOptions::Use::alone);
  const auto done = store_->read([](Transaction& transaction) -> Result<void> {
    auto links = transaction.links_of(ticket);
    if (!links) return std::unexpected(links.error());
    return {};
  });
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().message, HasSubstr("backup"));
}

TEST_F(SqliteStoreTest, TheQuestionsOfEveryTurnAreAnsweredByIndexes) {
  store_.reset();
  sqlite3* handle = nullptr;
  ASSERT_EQ(sqlite3_open(folder_.file("store.sqlite").c_str(), &handle), SQLITE_OK);
  for (const char* question :
       {"SELECT base FROM links WHERE left_ticket = 1 AND left_tracker = 2",
        "SELECT base FROM links WHERE right_ticket = 1 AND right_tracker = 2",
        "SELECT * FROM hints WHERE due <= 5 ORDER BY due LIMIT 5", "SELECT * FROM intents WHERE link = 5 ORDER BY id",
        "SELECT content FROM spooled_comments WHERE tracker = 1 AND ticket = 2 AND comment > 0",
        "SELECT * FROM conflicts WHERE link = 5 ORDER BY id LIMIT 5",
        "SELECT count(*) FROM links WHERE state <> 0 AND state = 1"}) {
    sqlite3_stmt* statement = nullptr;
    ASSERT_EQ(
        sqlite3_prepare_v2(handle, (std::string{"EXPLAIN QUERY PLAN "} + question).c_str(), -1, &statement, nullptr),
        SQLITE_OK);
    while (sqlite3_step(statement) == SQLITE_ROW) {
      const std::string step = reinterpret_cast<const char*>(sqlite3_column_text(statement, 3));
      EXPECT_TRUE(step.find("INDEX") != std::string::npos || step.find("PRIMARY KEY") != std::string::npos)
          << question << ": " << step;
    }
    sqlite3_finalize(statement);
  }
  sqlite3_close(handle);
}

TEST_F(SqliteStoreTest, ABackupIsWholeAndRefusesToOverwrite) {
  write([](Transaction& transaction) { return transaction.add_hint(ticket, now); });
  ASSERT_TRUE(store_->backup(folder_.file("copy.sqlite")));
  const auto again = store_->backup(folder_.file("copy.sqlite"));
  ASSERT_FALSE(again);
  EXPECT_THAT(again.error().message, HasSubstr("exists already"));
  const auto copy = open_sqlite({folder_.file("copy.sqlite"), SqliteOptions::Use::alone, false, 2048});
  ASSERT_TRUE(copy);
  (void)(*copy)->read([](Transaction& transaction) -> Result<void> {
    EXPECT_TRUE(*transaction.hint(ticket));
    return {};
  });
}

TEST_F(SqliteStoreTest, ALinkTakesAtMost250Bytes) {
  constexpr int count = 20'000;
  for (int from = 0; from < count; from += 1000) {
    write([&](Transaction& transaction) -> Result<void> {
      for (int i = from; i < from + 1000; ++i) {
        Link link;
        link.route = RouteId{"widget"};
        link.tickets = {TicketRef{TrackerId{"community"}, NativeId{std::to_string(100'000 + i)}},
                        TicketRef{TrackerId{"queue"}, NativeId{std::to_string(900'000 + i)}}};
        for (SideBase& side : link.base.sides) {
          side.created = side.updated = now + std::chrono::seconds{i};
          for (const Field field : {Field::title, Field::body, Field::status})
            side[field] = fingerprint(std::to_string(i));
          side.labels = {fingerprint(std::string{"support"})};
        }
        if (auto result = transaction.put_link(link); !result) return result;
      }
      return {};
    });
  }
  store_.reset();
  const auto bytes = std::filesystem::file_size(folder_.file("store.sqlite"));
  EXPECT_LE(bytes / count, 250U);
}

TEST_F(SqliteStoreTest, AFullDiskKeepsNothingAndSaysWhy) {
  store_.reset();
  auto connection = Connection::open(folder_.file("store.sqlite"), false);
  ASSERT_TRUE(connection);
  Names names;
  ASSERT_TRUE((*connection)->run("PRAGMA max_page_count = 40"));
  SqliteTransaction transaction{**connection, names, true};
  Result<void> result;
  const std::string large(4000, 'x');
  for (int i = 0; i < 1000 && result; ++i) result = transaction.set_value(std::to_string(i), large);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().fault, Fault::denied);
  EXPECT_THAT(result.error().message, HasSubstr("disk is full"));
}

TEST_F(SqliteStoreTest, LookingAheadBeforeTheFirstRunTouchesNoFile) {
  auto empty = open_sqlite({folder_.file("not-there.sqlite"), SqliteOptions::Use::nothing_yet});
  ASSERT_TRUE(empty) << empty.error().message;
  std::int64_t links = -1;
  const auto done = (*empty)->read([&](Transaction& transaction) -> Result<void> {
    auto counts = transaction.counts();
    if (!counts) return std::unexpected(counts.error());
    links = counts->links;
    return {};
  });
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(links, 0);
  EXPECT_FALSE(std::filesystem::exists(folder_.file("not-there.sqlite")));
}

}  // namespace
}  // namespace causeway::store
