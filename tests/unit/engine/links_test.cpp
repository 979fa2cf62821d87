/// What a link remembers and what becomes of it: twins that vanish, edits that race with ours, tickets with several
/// links.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agent/markup/convert.hpp"
#include "tests/fakes/world/world.hpp"

namespace causeway {
namespace {

using namespace std::chrono_literals;
using fakes::World;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

Failure lost(Fault fault, Reach reach = Reach::ticket) { return {fault, reach, "lost", std::nullopt}; }

/// Fails the first request of that name, then lets everything pass.
std::function<std::optional<Failure>(const std::string&)> fail_once(std::string request, Fault fault) {
  return
      [request = std::move(request), fault, done = false](const std::string& name) mutable -> std::optional<Failure> {
        if (done || name != request) return std::nullopt;
        done = true;
        return lost(fault);
      };
}

/// Does something as a person just before the first request of that name.
std::function<std::optional<Failure>(const std::string&)> meanwhile(std::string request, std::function<void()> what) {
  return [request = std::move(request), what = std::move(what),
          done = false](const std::string& name) mutable -> std::optional<Failure> {
    if (!done && name == request) {
      done = true;
      what();
    }
    return std::nullopt;
  };
}

TEST(Links, ABrokenLinkStaysBrokenHoweverMuchTheOtherSideChanges) {
  World world;
  const NativeId ticket = world.file("gone soon");
  world.settle();
  world.queue.remove(world.twin(ticket));
  world.pass(true);
  world.clock.advance(2min);
  world.pass();
  ASSERT_EQ(world.links()[0].state, store::LinkState::broken);
  for (int i = 0; i < 3; ++i) {
    world.community.edit(ticket, [&](Ticket& t) { t.title = "still written to " + std::to_string(i); });
    world.community.comment(ticket, "anybody there?");
    world.settle();
    EXPECT_EQ(world.links()[0].state, store::LinkState::broken);
  }
  const auto audit = world.store.state().audit;
  EXPECT_EQ(
      std::count_if(audit.begin(), audit.end(), [](const store::AuditEntry& entry) { return entry.what == "gone"; }),
      1);
  EXPECT_TRUE(world.store.state().hints.empty());
}

TEST(Links, ATwinThatIsGoneWhenWeWriteToItBreaksTheLink) {
  World world;
  const NativeId ticket = world.file("gone soon");
  world.settle();
  world.queue.remove(world.twin(ticket));
  world.community.comment(ticket, "nobody reads this");
  world.settle();
  EXPECT_EQ(world.links()[0].state, store::LinkState::broken);
  EXPECT_TRUE(world.store.state().hints.empty()) << "and is not tried for ever";
}

TEST(Links, ATwinThatWasOnlyOutOfSightGetsWhatItMissed) {
  World world;
  const NativeId ticket = world.file("out of sight");
  world.settle();
  const NativeId twin = world.twin(ticket);
  world.community.edit(ticket, [](Ticket& t) { t.title = "changed meanwhile"; });
  world.queue.hide(twin, true);
  world.pass();
  world.queue.hide(twin, false);
  world.settle();
  EXPECT_EQ(world.links()[0].state, store::LinkState::active);
  EXPECT_EQ(world.queue.look(twin).ticket.title, "changed meanwhile");
}

TEST(Links, TheLinkToTheTwinSurvivesALostConnection) {
  World world;
  Ticket bug;
  bug.title = "found by support";
  bug.status = "New";
  bug.visibility = Visibility::open;
  bug.fields["Publish"] = "1";
  world.route.first_publication_allowed = true;
  world.restart();
  const NativeId ticket = world.queue.open(bug, "lead");
  world.queue.before = fail_once("edit_ticket", Fault::transient);
  world.settle();
  ASSERT_THAT(world.community.all(), SizeIs(1));
  EXPECT_EQ(world.queue.look(ticket).ticket.fields["twin"], world.community.url_of(world.community.all()[0]));
}

/// The queue's ticket gets its turn before the community's row, which the same pass has read already.
void pass_with_the_queue_first(World& world, const NativeId& twin) {
  ASSERT_TRUE(world.store.write([&](store::Transaction& transaction) {
    return transaction.add_hint({TrackerId{"queue"}, twin}, world.clock.now());
  }));
  world.pass();
}

TEST(Links, AListingFromBeforeOurOwnWriteDoesNotTakeItBack) {
  World world;
  const NativeId ticket = world.file("old title");
  world.settle();
  const NativeId twin = world.twin(ticket);
  world.clock.advance(1h);
  world.community.edit(ticket, [](Ticket& t) { t.labels.insert("bug"); });
  world.queue.edit(twin, [](Ticket& t) { t.title = "new title"; });
  pass_with_the_queue_first(world, twin);
  world.settle();
  EXPECT_EQ(world.queue.look(twin).ticket.title, "new title");
  EXPECT_EQ(world.community.look(ticket).ticket.title, "new title");
  EXPECT_TRUE(world.queue.look(twin).ticket.labels.contains("bug"));
  EXPECT_THAT(world.store.state().conflicts, IsEmpty());
}

TEST(Links, AnEditThatAListingHasShownAlreadyIsNotOverwrittenUnseen) {
  World world;
  const NativeId ticket = world.file("old title");
  world.settle();
  const NativeId twin = world.twin(ticket);
  world.clock.advance(1h);
  world.queue.edit(twin, [](Ticket& t) { t.status = "Closed"; });
  world.community.edit(ticket, [](Ticket& t) { t.status = "not_planned"; });
  pass_with_the_queue_first(world, twin);
  world.settle();
  ASSERT_THAT(world.store.state().conflicts, SizeIs(1)) << "both sides changed the status, and one of them lost";
  EXPECT_EQ(world.store.state().conflicts[0].conflict.values[0], "not_planned");
}

TEST(Links, ATitleIsReadBeforeItIsOverwritten) {
  World world;
  const NativeId ticket = world.file("old title");
  world.settle();
  const NativeId twin = world.twin(ticket);
  world.clock.advance(1h);
  world.queue.edit(twin, [](Ticket& t) { t.title = "queue title"; });
  // After the listing and before our write.
  world.queue.before =
      meanwhile("fetch", [&] { world.community.edit(ticket, [](Ticket& t) { t.title = "community title"; }); });
  world.settle();
  ASSERT_THAT(world.store.state().conflicts, SizeIs(1));
  EXPECT_EQ(world.store.state().conflicts[0].conflict.values[0], "community title");
  EXPECT_EQ(world.queue.look(twin).ticket.title, world.community.look(ticket).ticket.title);
}

TEST(Links, WhatOurWriteDisplacedIsKeptWhereTheTrackersHistoryTells) {
  World world;
  world.community.tells_displaced = true;
  const NativeId ticket = world.file("old title");
  world.settle();
  const NativeId twin = world.twin(ticket);
  world.clock.advance(1h);
  world.queue.edit(twin, [](Ticket& t) { t.title = "queue title"; });
  // Between our last look and our write: no look can see it.
  world.community.before = meanwhile(
      "edit_ticket", [&] { world.community.edit(ticket, [](Ticket& t) { t.title = "a person was quicker"; }); });
  world.settle();
  ASSERT_THAT(world.store.state().conflicts, SizeIs(1));
  EXPECT_EQ(world.store.state().conflicts[0].conflict.values[0], "a person was quicker");
  const Snapshot seen = world.queue.look(twin);
  ASSERT_FALSE(seen.comments.empty());
  EXPECT_EQ(seen.comments.back().visibility, Visibility::restricted);
  EXPECT_THAT(seen.comments.back().body, HasSubstr("a person was quicker"));
}

TEST(Links, AConflictIsRecordedAndToldOnceHoweverOftenTheWriteFails) {
  World world;
  const NativeId ticket = world.file("title");
  world.settle();
  const NativeId twin = world.twin(ticket);
  world.community.edit(ticket, [](Ticket& t) { t.title = "community title"; });
  world.queue.edit(twin, [](Ticket& t) { t.title = "queue title"; });
  world.queue.before = [](const std::string& name) -> std::optional<Failure> {
    if (name != "edit_ticket") return std::nullopt;
    return lost(Fault::rejected);
  };
  world.settle();
  for (int i = 0; i < 3; ++i) {
    world.community.comment(ticket, "one more");
    world.settle();
  }
  EXPECT_THAT(world.store.state().conflicts, SizeIs(1));
  std::size_t notes = 0;
  for (const Comment& comment : world.queue.look(twin).comments)
    notes += comment.visibility == Visibility::restricted ? 1 : 0;
  EXPECT_EQ(notes, 1U);
}

TEST(Links, TheNoteOfAConflictSurvivesALostConnection) {
  World world;
  const NativeId ticket = world.file("title");
  world.settle();
  const NativeId twin = world.twin(ticket);
  world.community.edit(ticket, [](Ticket& t) { t.title = "community title"; });
  world.queue.edit(twin, [](Ticket& t) { t.title = "queue title"; });
  world.queue.before = fail_once("add_comment", Fault::transient);
  world.settle();
  ASSERT_THAT(world.queue.look(twin).comments, SizeIs(1));
  EXPECT_THAT(world.queue.look(twin).comments[0].body, HasSubstr("queue title"));
}

TEST(Links, TheNoteOfAConflictShowsTheWordsAsTheyAre) {
  World world;
  const NativeId ticket = world.file("title", "body");
  world.settle();
  const NativeId twin = world.twin(ticket);
  world.community.edit(ticket, [](Ticket& t) { t.body = "community"; });
  world.queue.edit(twin, [](Ticket& t) { t.body = "ends </pre> the block\n*and* goes on"; });
  world.settle();
  const Snapshot seen = world.queue.look(twin);
  ASSERT_FALSE(seen.comments.empty());
  const markup::Document note = markup::parse(markup::Format::textile, seen.comments.back().body);
  const auto block = std::find_if(note.nodes.begin(), note.nodes.end(),
                                  [](const markup::Node& node) { return node.kind == markup::Kind::code_block; });
  ASSERT_NE(block, note.nodes.end());
  // Textile cannot say the end of a block inside a block; the mark that keeps it apart is taken out again by whoever
  // mirrors it.
  EXPECT_EQ(markup::revive(note.text(*block)), "ends </pre> the block\n*and* goes on");
}

NativeId shared_ticket(World& world) {
  Ticket shared;
  shared.title = "shared";
  shared.body = "body";
  shared.status = "New";
  shared.visibility = Visibility::open;
  shared.fields["Publish"] = "1";
  shared.fields["Customer"] = "acme";
  return world.queue.open(shared, "lead");
}

TEST(Links, AQueueTicketWithTwoLinksReachesBothEvenWhenOneIsDownForAWhile) {
  World world;
  world.route.first_publication_allowed = true;
  world.more_routes = {fakes::customer_route()};
  world.restart();
  const NativeId ticket = shared_ticket(world);
  world.settle();
  ASSERT_THAT(world.customer.all(), SizeIs(1));
  ASSERT_THAT(world.community.all(), SizeIs(1));
  world.clock.advance(1h);
  world.queue.edit(ticket, [](Ticket& t) { t.status = "Closed"; });
  // Each of the two in turn is out of order for one request, and the agent is killed after that pass.
  world.customer.before = fail_once("edit_ticket", Fault::transient);
  world.pass();
  world.restart();
  world.settle();
  EXPECT_EQ(world.customer.look(world.customer.all()[0]).ticket.status, "Done");
  EXPECT_EQ(world.community.look(world.community.all()[0]).ticket.status, "completed");
}

TEST(Links, TheHintOfATicketWithTwoLinksStaysUntilBothHadTheirTurn) {
  World world;
  world.route.first_publication_allowed = true;
  world.more_routes = {fakes::customer_route()};
  world.restart();
  const NativeId ticket = shared_ticket(world);
  world.settle();
  world.clock.advance(1h);
  world.queue.edit(ticket, [](Ticket& t) { t.status = "Closed"; });
  bool hinted = false;
  const TicketRef ref{TrackerId{"queue"}, ticket};
  std::size_t writes = 0;
  const auto look = [&](const std::string& name) -> std::optional<Failure> {
    if (name == "edit_ticket" && ++writes == 2) hinted = world.store.state().hints.contains(ref);
    return std::nullopt;
  };
  world.customer.before = look;
  world.community.before = look;
  world.settle();
  ASSERT_EQ(writes, 2U);
  EXPECT_TRUE(hinted) << "killed here, the second link would never hear of the change";
}

TEST(Links, ACommentIsNotTakenForDeletedBecauseALeftoverFillsItsPlace) {
  World world;
  const NativeId ticket = world.file("comments");
  world.community.comment(ticket, "the first");
  world.settle();
  const NativeId twin = world.twin(ticket);
  world.clock.advance(1h);
  // A comment that an earlier, broken-off listing had shown and that is gone since.
  Comment leftover;
  leftover.id = NativeId{"9999"};
  leftover.body = "deleted since";
  leftover.visibility = Visibility::open;
  ASSERT_TRUE(world.store.write([&](store::Transaction& transaction) {
    return transaction.spool_comment({TrackerId{"community"}, ticket}, leftover);
  }));
  world.community.lists_comments_since = world.clock.now();
  world.community.comment(ticket, "the second");
  world.settle();
  std::vector<std::string> bodies;
  for (const Comment& comment : world.queue.look(twin).comments) bodies.push_back(comment.body);
  EXPECT_THAT(bodies, ::testing::UnorderedElementsAre("the first", "the second"));
}

}  // namespace
}  // namespace causeway
