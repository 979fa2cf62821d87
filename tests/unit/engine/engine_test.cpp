/// What the engine does with tickets that change on either side, on trackers in memory.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/fakes/world/world.hpp"

namespace causeway {
namespace {

using fakes::World;
using ::testing::Contains;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(Engine, OpensATwinForATicketThatTheRouteTakes) {
  World world;
  const NativeId ticket = world.file("crash on start", "it **crashes**");
  world.community.comment(ticket, "me too");
  world.pass();
  const NativeId twin = world.twin(ticket);
  ASSERT_FALSE(twin.empty());
  const Snapshot seen = world.queue.look(twin);
  EXPECT_EQ(seen.ticket.title, "crash on start");
  EXPECT_EQ(seen.ticket.body, "it *crashes*");
  EXPECT_EQ(seen.ticket.status, "New");
  ASSERT_THAT(seen.comments, SizeIs(1));
  EXPECT_EQ(seen.comments[0].body, "me too");
}

TEST(Engine, LeavesTicketsAloneThatNoRouteTakes) {
  World world;
  Ticket ticket;
  ticket.title = "not for us";
  ticket.status = "open";
  ticket.visibility = Visibility::open;
  world.community.open(ticket);
  world.pass();
  EXPECT_THAT(world.queue.all(), IsEmpty());
  EXPECT_TRUE(world.store.state().hints.empty());
}

TEST(Engine, WritesNothingWhenNothingChanged) {
  World world;
  for (int i = 0; i < 5; ++i) world.community.comment(world.file("ticket"), "comment");
  ASSERT_LT(world.settle(), 4U);
  const std::size_t requests = world.community.requests() + world.queue.requests();
  const std::size_t writes = world.community.writes() + world.queue.writes();
  world.clock.advance(std::chrono::hours{1});
  world.pass();
  EXPECT_EQ(world.community.writes() + world.queue.writes(), writes);
  EXPECT_EQ(world.community.requests() + world.queue.requests(), requests + 2) << "one listing on each side";
}

TEST(Engine, ANewCommentThatTheListingShowsNeedsNoOtherReading) {
  World world;
  const NativeId ticket = world.file("comments");
  world.settle();
  const std::size_t requests = world.community.requests();
  world.clock.advance(std::chrono::hours{1});
  world.community.comment(ticket, "one more");
  world.pass();
  EXPECT_THAT(world.queue.look(world.twin(ticket)).comments, SizeIs(1));
  EXPECT_EQ(world.community.requests(), requests + 1) << "the listing alone";
}

TEST(Engine, CarriesStatusBothWays) {
  World world;
  const NativeId ticket = world.file("status");
  world.settle();
  const NativeId twin = world.twin(ticket);
  world.queue.edit(twin, [](Ticket& t) { t.status = "Closed"; });
  world.settle();
  EXPECT_EQ(world.community.look(ticket).ticket.status, "completed");
  world.community.edit(ticket, [](Ticket& t) { t.status = "open"; });
  world.settle();
  EXPECT_EQ(world.queue.look(twin).ticket.status, "New");
}

TEST(Engine, LeavesAStatusAloneThatMeansTheSameAlready) {
  World world;
  const NativeId ticket = world.file("status");
  world.settle();
  const std::size_t before = world.community.writes();
  world.queue.edit(world.twin(ticket), [](Ticket& t) { t.status = "In Progress"; });
  world.settle();
  EXPECT_EQ(world.community.writes(), before);
}

TEST(Engine, OpensClosedTicketsAndThenClosesThem) {
  World world;
  const NativeId ticket = world.file("old");
  world.community.edit(ticket, [](Ticket& t) { t.status = "completed"; });
  world.pass();
  EXPECT_EQ(world.queue.look(world.twin(ticket)).ticket.status, "Closed");
}

TEST(Engine, DoesNotTakeATrackersDefaultsForSomebodysChange) {
  World world;
  const NativeId ticket = world.file("defaults");
  world.settle();
  EXPECT_EQ(world.queue.look(world.twin(ticket)).ticket.priority, "Normal");
  EXPECT_EQ(world.community.writes(), 0U);
}

TEST(Engine, MirrorsEditedAndRemovedComments) {
  World world;
  const NativeId ticket = world.file("comments");
  const NativeId first = world.community.comment(ticket, "first");
  const NativeId second = world.community.comment(ticket, "second");
  world.settle();
  const NativeId twin = world.twin(ticket);
  world.community.edit_comment(ticket, first, "first, edited");
  world.settle();
  EXPECT_EQ(world.queue.look(twin).comments[0].body, "first, edited");
  world.community.remove_comment(ticket, second);
  world.settle();
  EXPECT_THAT(world.queue.look(twin).comments, SizeIs(1));
}

TEST(Engine, DoesNotBringBackACopyThatSomebodyTookAway) {
  World world;
  const NativeId ticket = world.file("comments");
  world.community.comment(ticket, "spam");
  world.settle();
  const NativeId twin = world.twin(ticket);
  world.queue.remove_comment(twin, world.queue.look(twin).comments[0].id);
  world.settle();
  EXPECT_THAT(world.queue.look(twin).comments, IsEmpty());
  EXPECT_THAT(world.community.look(ticket).comments, SizeIs(1));
}

TEST(Engine, MergesLabelsElementByElement) {
  World world;
  const NativeId ticket = world.file("labels");
  world.settle();
  const NativeId twin = world.twin(ticket);
  world.community.edit(ticket, [](Ticket& t) { t.labels.insert("bug"); });
  world.queue.edit(twin, [](Ticket& t) { t.labels.insert("urgent"); });
  world.settle();
  const std::set<std::string> both{"support", "bug", "urgent"};
  EXPECT_EQ(world.community.look(ticket).ticket.labels, both);
  EXPECT_EQ(world.queue.look(twin).ticket.labels, both);
  world.queue.edit(twin, [](Ticket& t) { t.labels.erase("bug"); });
  world.settle();
  EXPECT_FALSE(world.community.look(ticket).ticket.labels.contains("bug"));
}

TEST(Engine, KeepsTheLosingValueOfAConflict) {
  World world;
  const NativeId ticket = world.file("first title");
  world.settle();
  const NativeId twin = world.twin(ticket);
  world.community.edit(ticket, [](Ticket& t) { t.title = "community title"; });
  world.queue.edit(twin, [](Ticket& t) { t.title = "queue title"; });
  world.settle();
  EXPECT_EQ(world.queue.look(twin).ticket.title, "community title") << "the side where it was filed wins";
  EXPECT_EQ(world.community.look(ticket).ticket.title, "community title");
  const auto state = world.store.state();
  ASSERT_THAT(state.conflicts, SizeIs(1));
  EXPECT_EQ(state.conflicts[0].conflict.values[1], "queue title");
  const Snapshot seen = world.queue.look(twin);
  ASSERT_FALSE(seen.comments.empty());
  EXPECT_EQ(seen.comments.back().visibility, Visibility::restricted);
  EXPECT_THAT(seen.comments.back().body, ::testing::HasSubstr("queue title"));
}

TEST(Engine, LeavesPeopleAloneThatItDoesNotKnow) {
  World world;
  const NativeId ticket = world.file("people");
  world.settle();
  const NativeId twin = world.twin(ticket);
  world.queue.edit(twin, [](Ticket& t) { t.assignee = "stranger"; });
  world.settle();
  EXPECT_EQ(world.community.look(ticket).ticket.assignee, std::nullopt);
  world.queue.edit(twin, [](Ticket& t) { t.assignee = "alice.queue"; });
  world.settle();
  EXPECT_EQ(world.community.look(ticket).ticket.assignee, "alice");
  world.queue.edit(twin, [](Ticket& t) { t.assignee.reset(); });
  world.settle();
  EXPECT_EQ(world.community.look(ticket).ticket.assignee, "alice") << "people are never cleared";
}

TEST(Engine, FindsByASweepWhatNoListingShows) {
  World world;
  const NativeId ticket = world.file("silent edit");
  world.community.comment(ticket, "before");
  world.settle();
  const NativeId twin = world.twin(ticket);
  // The queue's own people edit our copy without any stamp moving: only reading everything shows it.
  const Snapshot seen = world.queue.look(twin);
  world.queue.edit_comment(twin, seen.comments[0].id, "tampered");
  world.pass(true);
  EXPECT_EQ(world.queue.look(twin).comments[0].body, "before");
  EXPECT_THAT(world.store.state().conflicts, SizeIs(1));
}

TEST(Engine, BelievesThatATicketIsGoneAtTheSecondLook) {
  World world;
  const NativeId ticket = world.file("gone soon");
  world.settle();
  world.queue.remove(world.twin(ticket));
  world.pass(true);
  ASSERT_THAT(world.links(), SizeIs(1));
  EXPECT_EQ(world.links()[0].state, store::LinkState::active);
  world.clock.advance(std::chrono::minutes{2});
  world.pass();
  EXPECT_EQ(world.links()[0].state, store::LinkState::broken);
  EXPECT_THAT(world.community.all(), SizeIs(1)) << "the twin is never deleted";
  world.settle();
  EXPECT_THAT(world.queue.all(), IsEmpty()) << "and never made again";
}

TEST(Engine, StopsARouteThatWouldChangeUnusuallyMuch) {
  config::RouteConfig route = fakes::sample_route();
  route.brake = 3;
  World world{route};
  for (int i = 0; i < 10; ++i) world.file("one of many");
  const auto report = world.pass();
  EXPECT_THAT(world.queue.all(), SizeIs(3));
  EXPECT_FALSE(report.failures.empty());
  EXPECT_EQ(world.store.state().values["brake/widget"], "engaged");
}

TEST(Engine, PlansWithoutWriting) {
  World world;
  world.file("only planned");
  world.pass();
  EXPECT_THAT(world.queue.all(), SizeIs(1));
}

}  // namespace
}  // namespace causeway
