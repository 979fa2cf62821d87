/// What may reach the community tracker, and what never does.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agent/engine/holds.hpp"
#include "tests/fakes/world/world.hpp"

namespace causeway {
namespace {

using fakes::World;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

NativeId published(World& world, const std::string& title = "a bug found by support") {
  Ticket ticket;
  ticket.title = title;
  ticket.body = "steps to reproduce";
  ticket.status = "New";
  ticket.visibility = Visibility::open;
  ticket.fields["Publish"] = "1";
  return world.queue.open(std::move(ticket), "lead");
}

TEST(Privacy, QueueNotesStayInTheQueueUnlessAddressed) {
  World world;
  const NativeId ticket = world.file("question");
  world.settle();
  const NativeId twin = world.twin(ticket);
  world.queue.comment(twin, "the customer is Acme");
  world.queue.comment(twin, "/community\nplease try 1.2", Visibility::restricted);
  world.settle();
  EXPECT_THAT(world.community.look(ticket).comments, IsEmpty());
  world.queue.comment(twin, "/community\nplease try 1.2");
  world.settle();
  ASSERT_THAT(world.community.look(ticket).comments, SizeIs(1));
  EXPECT_EQ(world.community.look(ticket).comments[0].body, "please try 1.2");
}

TEST(Privacy, ANoteThatTurnsPrivateLosesItsPublicCopy) {
  World world;
  const NativeId ticket = world.file("question");
  world.settle();
  const NativeId twin = world.twin(ticket);
  const NativeId note = world.queue.comment(twin, "/community\nanswer");
  world.settle();
  ASSERT_THAT(world.community.look(ticket).comments, SizeIs(1));
  world.queue.edit_comment(twin, note, "answer, no longer addressed");
  world.settle();
  EXPECT_THAT(world.community.look(ticket).comments, IsEmpty());
}

TEST(Privacy, HoldsTheFirstPublicationUntilAPersonApproves) {
  World world;
  published(world);
  world.settle();
  EXPECT_THAT(world.community.all(), IsEmpty());
  ASSERT_THAT(world.held(), SizeIs(1));
  EXPECT_EQ(world.held()[0].reason, HoldReason::first_publication);
  ASSERT_TRUE(engine::resolve(world.store, world.held()[0].id, engine::Resolution::approve, world.clock.now()));
  world.settle();
  ASSERT_THAT(world.community.all(), SizeIs(1));
  const Snapshot seen = world.community.look(world.community.all()[0]);
  EXPECT_EQ(seen.ticket.title, "a bug found by support");
  EXPECT_THAT(world.held(), IsEmpty());
  EXPECT_EQ(world.queue.look(world.queue.all()[0]).ticket.fields.at("twin"), world.community.url_of(seen.ref.id));
}

TEST(Privacy, AnApprovalIsForTheExactText) {
  World world;
  const NativeId ticket = published(world);
  world.settle();
  ASSERT_TRUE(engine::resolve(world.store, world.held()[0].id, engine::Resolution::approve, world.clock.now()));
  world.queue.edit(ticket, [](Ticket& t) { t.body = "other words"; });
  world.settle();
  EXPECT_THAT(world.community.all(), IsEmpty());
  EXPECT_THAT(world.held(), SizeIs(1));
}

TEST(Privacy, ADroppedPublicationIsNotAskedAboutAgain) {
  World world;
  const NativeId ticket = published(world);
  world.settle();
  ASSERT_TRUE(engine::resolve(world.store, world.held()[0].id, engine::Resolution::drop, world.clock.now()));
  world.queue.edit(ticket, [](Ticket& t) { t.body = "other words"; });
  world.settle();
  EXPECT_THAT(world.community.all(), IsEmpty());
  EXPECT_THAT(world.held(), IsEmpty());
}

TEST(Privacy, HoldsTextThatARedactionRuleFinds) {
  World world;
  const NativeId ticket = world.file("question");
  world.settle();
  world.queue.comment(world.twin(ticket), "/community\nask bob@customer.example.com");
  world.settle();
  EXPECT_THAT(world.community.look(ticket).comments, IsEmpty());
  ASSERT_THAT(world.held(), SizeIs(1));
  EXPECT_EQ(world.held()[0].reason, HoldReason::redaction);
  EXPECT_THAT(world.held()[0].explanation, ::testing::Not(HasSubstr("bob@customer")));
  ASSERT_TRUE(engine::resolve(world.store, world.held()[0].id, engine::Resolution::approve, world.clock.now()));
  world.settle();
  EXPECT_THAT(world.community.look(ticket).comments, SizeIs(1));
}

TEST(Privacy, ATicketThatTurnsPrivateStopsItsPublicSide) {
  World world;
  const NativeId ticket = world.file("question");
  world.settle();
  const NativeId twin = world.twin(ticket);
  world.queue.edit(twin, [](Ticket& t) { t.visibility = Visibility::restricted; });
  world.queue.comment(twin, "/community\nshould not come out");
  world.queue.edit(twin, [](Ticket& t) { t.status = "Closed"; });
  world.settle();
  EXPECT_THAT(world.community.look(ticket).comments, IsEmpty());
  EXPECT_EQ(world.community.look(ticket).ticket.status, "open");
}

TEST(Privacy, ADroppedCommentStaysDropped) {
  World world;
  const NativeId ticket = world.file("question");
  world.settle();
  const NativeId twin = world.twin(ticket);
  world.queue.comment(twin, "/community\nask bob@customer.example.com");
  world.settle();
  ASSERT_THAT(world.held(), SizeIs(1));
  ASSERT_TRUE(engine::resolve(world.store, world.held()[0].id, engine::Resolution::drop, world.clock.now()));
  world.queue.comment(twin, "another note");
  world.settle();
  EXPECT_THAT(world.held(), IsEmpty());
  EXPECT_THAT(world.community.look(ticket).comments, IsEmpty());
}

TEST(Privacy, FilesOfTheQueueAreNamedOnlyWhenAnAddressedNoteNamesThem) {
  World world;
  const NativeId ticket = world.file("question");
  world.settle();
  const NativeId twin = world.twin(ticket);
  world.queue.attach(twin, "customer-list.csv");
  world.settle();
  EXPECT_THAT(world.community.look(ticket).comments, IsEmpty());
  world.queue.attach(twin, "fix.patch");
  world.queue.comment(twin, "/community\nsee fix.patch");
  world.settle();
  std::string said;
  for (const Comment& comment : world.community.look(ticket).comments) said += comment.body + "\n";
  EXPECT_THAT(said, HasSubstr("Attachment: fix.patch"));
  EXPECT_THAT(said, ::testing::Not(HasSubstr("customer-list")));
}

TEST(Privacy, FilesOfPrivateNotesAreNotNamedToCustomersEither) {
  World world;
  world.more_routes = {fakes::customer_route()};
  world.restart();
  Ticket filed;
  filed.title = "printer on fire";
  filed.status = "Open";
  filed.visibility = Visibility::open;
  const NativeId ticket = world.customer.open(std::move(filed));
  world.settle();
  ASSERT_THAT(world.queue.all(), SizeIs(1));
  const NativeId twin = world.queue.all()[0];
  world.queue.comment(twin, "see what-we-think-of-them.txt", Visibility::restricted);
  world.queue.attach(twin, "what-we-think-of-them.txt");
  world.settle();
  EXPECT_THAT(world.customer.look(ticket).comments, IsEmpty());
  world.queue.comment(twin, "the way out is in manual.pdf");
  world.queue.attach(twin, "manual.pdf");
  world.settle();
  EXPECT_THAT(world.customer.look(ticket).comments, SizeIs(2));
}

TEST(Privacy, WhoeverMayNotLearnWhereTheQueueIsGetsNoLinkToIt) {
  World world;
  config::RouteConfig customers = fakes::customer_route();
  customers.rules.names_origin = {false, true};
  world.more_routes = {customers};
  world.restart();
  Ticket filed;
  filed.title = "printer on fire";
  filed.status = "Open";
  filed.visibility = Visibility::open;
  const NativeId ticket = world.customer.open(std::move(filed));
  world.settle();
  ASSERT_THAT(world.queue.all(), SizeIs(1));
  EXPECT_FALSE(world.customer.look(ticket).ticket.fields.contains("twin"));
}

TEST(Privacy, PrivateNotesStayInTheQueueWhateverTheRouteSays) {
  config::RouteConfig route = fakes::sample_route();
  route.rules.comments[index(Side::right)] = {true, false, ""};
  World world{route};
  const NativeId ticket = world.file("question");
  world.settle();
  const NativeId twin = world.twin(ticket);
  world.queue.comment(twin, "what we think of them", Visibility::restricted);
  const NativeId note = world.queue.comment(twin, "an answer");
  world.settle();
  ASSERT_THAT(world.community.look(ticket).comments, SizeIs(1));
  EXPECT_EQ(world.community.look(ticket).comments[0].body, "an answer");
  EXPECT_THAT(world.held(), IsEmpty());
  world.queue.hide_comment(twin, note);
  world.settle();
  EXPECT_THAT(world.community.look(ticket).comments, IsEmpty()) << "turned private, and its copy stayed";
}

TEST(Privacy, WhatIsTakenAwayGoesEvenWhenTheTicketHasTurnedPrivate) {
  World world;
  const NativeId ticket = world.file("question");
  world.settle();
  const NativeId twin = world.twin(ticket);
  const NativeId note = world.queue.comment(twin, "/community\nanswer");
  world.settle();
  ASSERT_THAT(world.community.look(ticket).comments, SizeIs(1));
  world.queue.edit(twin, [](Ticket& t) { t.visibility = Visibility::restricted; });
  world.queue.remove_comment(twin, note);
  world.settle();
  EXPECT_THAT(world.community.look(ticket).comments, IsEmpty());
  EXPECT_EQ(world.links()[0].state, store::LinkState::paused);
  world.queue.edit(twin, [](Ticket& t) { t.visibility = Visibility::open; });
  world.settle();
  EXPECT_EQ(world.links()[0].state, store::LinkState::active);
}

TEST(Privacy, ACustomersWordsReachThePublicOnlyWhenAPersonHasReadThem) {
  World world;
  world.route.first_publication_allowed = true;
  world.more_routes = {fakes::customer_route()};
  world.restart();
  Ticket shared;
  shared.title = "a bug found by support";
  shared.body = "our own words";
  shared.status = "New";
  shared.visibility = Visibility::open;
  shared.fields = {{"Publish", "1"}, {"Customer", "acme"}};
  const NativeId ticket = world.queue.open(shared, "lead");
  world.settle();
  ASSERT_THAT(world.community.all(), SizeIs(1));
  ASSERT_THAT(world.customer.all(), SizeIs(1));
  world.customer.edit(world.customer.all()[0], [](Ticket& t) {
    t.body = "our own words, and what the customer added";
    t.status = "Done";
  });
  world.customer.comment(world.customer.all()[0], "a comment of the customer");
  world.settle();
  EXPECT_EQ(world.queue.look(ticket).ticket.body, "our own words, and what the customer added");
  const Snapshot seen = world.community.look(world.community.all()[0]);
  EXPECT_EQ(seen.ticket.body, "our own words");
  EXPECT_THAT(seen.comments, IsEmpty());
  EXPECT_THAT(world.held(), SizeIs(1));
}

}  // namespace
}  // namespace causeway
