/// What people do in Redmine arrives.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include <numeric>

#include "tests/real/place.hpp"

namespace causeway::real {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class RedmineReading : public RedmineChecks {
 protected:
  /// One round of `changes` read to its end; `after_page` acts between its pages. Answers the newest reading of each
  /// ticket, and the next start in `start`.
  std::map<std::string, Snapshot> round(
      redmine::RedmineAdapter& reader, Cursor& start, const std::function<void()>& after_page = [] {}) {
    std::map<std::string, Snapshot> seen;
    std::optional<Cursor> next = start;
    while (next) {
      const auto page = reader.changes(*next);
      if (!page) throw std::runtime_error("listing: " + page.error().message);
      for (const Snapshot& ticket : page->tickets) seen[ticket.ref.id.value] = ticket;
      if (page->watermark) start = *page->watermark;
      next = page->then;
      after_page();
    }
    return seen;
  }
};

TEST_P(RedmineReading, ShowsATicketAsPeopleMadeIt) {
  const Number id = reporter.open(project, "Crash 😀", "It\r\ncrashes", R"(,"priority_id":3,"tracker_id":3)");
  lead.note(id, "a note\r\nof two lines");
  agent.note(id, "another");
  const Snapshot ticket = read(adapter(), id);
  EXPECT_EQ(ticket.ref, ref(id));
  EXPECT_EQ(ticket.ticket.title, "Crash 😀");
  EXPECT_EQ(ticket.ticket.body, "It\ncrashes");
  EXPECT_EQ(ticket.ticket.status, "New");
  EXPECT_EQ(ticket.ticket.visibility, Visibility::open);
  EXPECT_EQ(ticket.author.display_name, "Reporter Test");
  EXPECT_EQ(ticket.marker, std::nullopt);
  EXPECT_EQ(ticket.coverage, Coverage::all);
  ASSERT_THAT(ticket.comments, SizeIs(2));
  EXPECT_EQ(ticket.comments[0].body, "a note\nof two lines");
  EXPECT_EQ(ticket.comments[0].author.display_name, "Lead Test");
  EXPECT_EQ(ticket.comments[1].body, "another");
  EXPECT_LE(ticket.comments[0].written, ticket.comments[1].written);
  EXPECT_EQ(ticket.url, fmt::format("{}/issues/{}", place.url(), id));
}

TEST_P(RedmineReading, ShowsWhatPeopleChange) {
  const Number id = reporter.open(project, "Crash", "text");
  redmine::RedmineAdapter& reader = adapter();
  read(reader, id);
  const int status =
      lead.put(id, R"("subject":"Burns","description":"more","status_id":2,"priority_id":4,"assigned_to_id":6)");
  ASSERT_EQ(status, 204);
  const Snapshot ticket = read(reader, id);
  EXPECT_EQ(ticket.ticket.title, "Burns");
  EXPECT_EQ(ticket.ticket.body, "more");
  EXPECT_EQ(ticket.ticket.status, "In Progress");
  EXPECT_EQ(ticket.ticket.priority, "Urgent");
  EXPECT_EQ(ticket.ticket.assignee, "Agent Test");
  EXPECT_THAT(ticket.comments, IsEmpty());  // a change of fields is no comment
}

TEST_P(RedmineReading, SeesNotesThatAreEditedOrDeletedWithoutANewStamp) {
  const Number id = reporter.open(project, "Crash");
  const Number first = lead.note(id, "first");
  const Number second = lead.note(id, "second");
  redmine::RedmineAdapter& reader = adapter();
  const Snapshot before = read(reader, id);
  ASSERT_EQ(lead.edit_note(first, "first, corrected"), 204);
  ASSERT_EQ(lead.edit_note(second, ""), 204);
  const Snapshot after = read(reader, id);
  EXPECT_EQ(after.updated, before.updated);
  ASSERT_THAT(after.comments, SizeIs(1));
  EXPECT_EQ(after.comments[0].id, before.comments[0].id);
  EXPECT_EQ(after.comments[0].body, "first, corrected");
}

TEST_P(RedmineReading, ListsAndDownloadsFiles) {
  const Number id = reporter.open(project, "Crash");
  std::string content;
  while (content.size() < 200'000) content += fmt::format("line {} \xF0\x9F\x98\x80\n", content.size());
  lead.attach(id, "a log with spaces & ümlaut.txt", content);
  redmine::RedmineAdapter& reader = adapter();
  const Snapshot ticket = read(reader, id);
  ASSERT_THAT(ticket.attachments, SizeIs(1));
  EXPECT_EQ(ticket.attachments[0].name, "a log with spaces & ümlaut.txt");
  EXPECT_EQ(ticket.attachments[0].bytes, content.size());
  std::string got;
  const auto done = reader.download(ticket.attachments[0], [&](std::string_view piece) {
    got += piece;
    return true;
  });
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(got, content);
}

TEST_P(RedmineReading, CallsDeletedMovedAndHiddenTicketsGone) {
  const Number deleted = reporter.open(project, "deleted");
  const Number moved = reporter.open(project, "moved");
  const Number kept = reporter.open(project, "kept");
  redmine::RedmineAdapter& reader = adapter();
  read(reader, moved);
  admin.remove(deleted);
  const std::string elsewhere = place.fresh_project();
  const auto target = redmine::read_project(lead.send(http::Method::get, "/projects/" + elsewhere + ".json").body);
  ASSERT_TRUE(target);
  ASSERT_EQ(lead.put(moved, fmt::format(R"("project_id":{})", target->named.id)), 204);
  EXPECT_EQ(lead.look(moved).project.id, target->named.id);
  EXPECT_TRUE(read(reader, deleted).gone);
  EXPECT_TRUE(read(reader, moved).gone);
  EXPECT_TRUE(read(reader, kept + 1000).gone);
  EXPECT_FALSE(read(reader, kept).gone);
  EXPECT_EQ(read(reader, moved).ref, ref(moved));
  Cursor start;
  EXPECT_THAT(round(reader, start), SizeIs(1));
}

TEST_P(RedmineReading, TellsANewTicketFromTheDeletedOneWhoseIdItGot) {
  const Number first = reporter.open(project, "first");
  redmine::RedmineAdapter& reader = adapter();
  const Snapshot before = read(reader, first);
  admin.remove(first);
  // Both databases here give the id of a deleted last row again; stamps are shown in whole seconds.
  for (int tries = 0; tries < 2000; ++tries) {
    const Number second = reporter.open(project, "second");
    const Snapshot after = read(reader, second);
    ASSERT_EQ(after.ref, before.ref);
    if (after.created != before.created) {
      EXPECT_GT(after.created, before.created);
      return;
    }
    admin.remove(second);
  }
  FAIL() << "the creation never differed";
}

TEST_P(RedmineReading, ReadsAThousandTicketsWhileTheyChange) {
  constexpr int count = 1000;
  std::vector<Number> ids(count);
  std::iota(ids.begin(), ids.end(), place.open_many(project, count));
  redmine::RedmineAdapter& reader = adapter();
  Cursor start;
  std::set<Number> changed, removed;
  std::size_t pages = 0;
  // Between any two pages tickets change that were read already, that will be, and that are next; some are new, one
  // goes.
  const auto seen = round(reader, start, [&] {
    const std::size_t page = pages++;
    for (const std::size_t at : {page * 100 + 1, page * 100 + 99, count - 1 - page}) {
      if (at >= ids.size() || removed.contains(ids[at])) continue;
      EXPECT_EQ(lead.put(ids[at], R"("subject":"changed")"), 204);
      changed.insert(ids[at]);
    }
    const std::size_t going = (page * 100 + 250) % count;
    if (page % 4 == 0 && !removed.contains(ids[going])) {
      admin.remove(ids[going]);
      removed.insert(ids[going]);
      changed.erase(ids[going]);
    }
    ids.push_back(reporter.open(project, "changed"));
    changed.insert(ids.back());
  });
  EXPECT_GT(pages, 10U);
  for (const Number id : ids) {
    if (removed.contains(id) || changed.contains(id)) continue;
    EXPECT_TRUE(seen.contains(std::to_string(id))) << "ticket " << id << " was lost";
  }
  // What changed meanwhile is in this round or in the next, as it is now.
  std::map<std::string, Snapshot> newest = seen;
  for (auto& [id, ticket] : round(reader, start)) newest[id] = ticket;
  for (const Number id : changed) {
    ASSERT_TRUE(newest.contains(std::to_string(id))) << "ticket " << id << " was lost";
    EXPECT_EQ(newest.at(std::to_string(id)).ticket.title, "changed") << id;
  }
}

TEST_P(RedmineReading, ListsWhatChangedAndSettlesOnceNothingDoes) {
  const Number one = reporter.open(project, "one");
  const Number two = reporter.open(project, "two");
  redmine::RedmineAdapter& reader = adapter();
  Cursor start;
  EXPECT_THAT(round(reader, start), SizeIs(2));
  // A second that is not over yet is listed again, so this takes as long as Redmine's clock needs to leave it.
  Cursor before;
  std::map<std::string, Snapshot> seen;
  const Instant patience = place.clock().now() + 600s;
  do {
    place.pass(1s);
    reporter.note(one, "time passes");
    seen = round(reader, start);
  } while (seen.contains(std::to_string(two)) && place.clock().now() < patience);
  EXPECT_FALSE(seen.contains(std::to_string(two)));
  EXPECT_TRUE(seen.contains(std::to_string(one)));
  do {
    place.pass(1s);
    before = start;
    seen = round(reader, start);
  } while ((start != before || !seen.empty()) && place.clock().now() < patience + 600s);
  EXPECT_EQ(start, before);
  EXPECT_THAT(seen, IsEmpty());
  lead.note(two, "news");
  EXPECT_TRUE(round(reader, start).contains(std::to_string(two)));
}

TEST_P(RedmineReading, ReadsAClosedProjectAndSaysWhyItCannotWrite) {
  const Number id = reporter.open(project, "Crash");
  place.set_project_status(project, 5);
  redmine::RedmineAdapter& reader = adapter();
  EXPECT_FALSE(read(reader, id).gone);
  const auto receipt = reader.apply(intent(AddComment{"words", {}, Visibility::open}, id));
  ASSERT_FALSE(receipt);
  EXPECT_EQ(receipt.error().fault, Fault::rejected);
  EXPECT_EQ(receipt.error().reach, Reach::ticket);
  EXPECT_THAT(receipt.error().message, testing::HasSubstr("the project is closed"));
}

TEST_P(RedmineReading, StopsForAnArchivedProjectAndCallsNothingGone) {
  const Number id = reporter.open(project, "Crash");
  redmine::RedmineAdapter& reader = adapter();
  read(reader, id);
  place.set_project_status(project, 9);
  const auto ticket = reader.fetch(ref(id));
  const auto page = reader.changes({});
  const auto fresh = adapter().changes({});
  place.set_project_status(project, 1);
  for (const auto* fault : {&ticket.error(), &page.error(), &fresh.error()}) {
    EXPECT_EQ(fault->fault, Fault::denied);
    EXPECT_EQ(fault->reach, Reach::tracker);
    EXPECT_THAT(fault->message, testing::HasSubstr("archived"));
  }
}

TEST_P(RedmineReading, ProbesTheTextFormat) {
  reporter.open(project, "Crash");
  const std::string right{markup::name(place.format())};
  const auto good = adapter().probe({});
  ASSERT_TRUE(good) << good.error().message;
  EXPECT_EQ(good->facts.at("text_format"), right);
  EXPECT_EQ(good->login, "causeway");
  for (const Finding& finding : good->findings) EXPECT_EQ(finding.weight, Finding::Weight::warning) << finding.what;
  redmine::RedmineOptions wrong = options();
  wrong.format = place.format() == markup::Format::textile ? markup::Format::redmine_markdown : markup::Format::textile;
  const auto bad = adapter(wrong).probe({});
  ASSERT_TRUE(bad);
  EXPECT_THAT(bad->findings, Contains(testing::Field(&Finding::place, "trackers/queue/format")));
}

TEST_P(RedmineReading, ProbesNamesFieldsAndRights) {
  reporter.open(project, "Crash");
  redmine::RedmineOptions chosen = options();
  chosen.fields["labels"] = "Label";
  Needs needs;
  needs.private_comments = true;
  needs.statuses = {{"Clsoed", "routes/x/mapping/status"}, {"Closed", "routes/x/mapping/status"}};
  const auto account = adapter(chosen, agent_key).probe(needs);
  ASSERT_TRUE(account) << account.error().message;
  std::string all;
  for (const Finding& finding : account->findings) all += finding.place + ": " + finding.what + "\n";
  EXPECT_THAT(all, testing::HasSubstr("Clsoed"));
  EXPECT_THAT(all, testing::HasSubstr("did you mean \"Labels\"?"));
  EXPECT_THAT(all, testing::HasSubstr("set_notes_private"));
  EXPECT_THAT(all, Not(testing::HasSubstr(agent_key)));
}

INSTANTIATE_TEST_SUITE_P(, RedmineReading, testing::Values(Kind::stand_in, Kind::textile, Kind::common_mark),
                         [](const auto& kind) { return name(kind.param); });

}  // namespace
}  // namespace causeway::real
