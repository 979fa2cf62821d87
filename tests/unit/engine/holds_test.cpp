/// What a person's word on a hold does, and what it does not.
#include "agent/engine/holds.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/fakes/world/world.hpp"

namespace causeway {
namespace {

using namespace std::chrono_literals;
using engine::Resolution;
using fakes::World;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// Refuses every request of that name.
std::function<std::optional<Failure>(const std::string&)> refuse(std::string request, std::string why = "no") {
  return [request = std::move(request), why = std::move(why)](const std::string& name) -> std::optional<Failure> {
    if (name != request) return std::nullopt;
    return Failure{Fault::rejected, Reach::ticket, why, std::nullopt};
  };
}

void decide(World& world, Resolution resolution) {
  ASSERT_THAT(world.held(), SizeIs(1));
  ASSERT_TRUE(engine::resolve(world.store, world.held()[0].id, resolution, world.clock.now()));
}

TEST(Holds, ADroppedEditDoesNotComeBackAsTheOtherSidesChange) {
  World world;
  const NativeId ticket = world.file("title");
  world.settle();
  const NativeId twin = world.twin(ticket);
  world.queue.before = refuse("edit_ticket");
  world.community.edit(ticket, [](Ticket& t) {
    t.title = "a title that the queue refuses";
    t.labels.insert("bug");
  });
  world.settle();
  decide(world, Resolution::drop);
  world.queue.before = nullptr;
  world.queue.edit(twin, [](Ticket& t) { t.status = "Closed"; });
  world.settle();
  world.pass(true);
  EXPECT_EQ(world.community.look(ticket).ticket.title, "a title that the queue refuses");
  EXPECT_TRUE(world.community.look(ticket).ticket.labels.contains("bug"));
  EXPECT_EQ(world.queue.look(twin).ticket.title, "title");
  EXPECT_EQ(world.community.look(ticket).ticket.status, "completed");
}

TEST(Holds, ADroppedEditOfACommentLeavesItsCopyInOurHands) {
  World world;
  const NativeId ticket = world.file("question");
  world.settle();
  const NativeId twin = world.twin(ticket);
  const NativeId note = world.queue.comment(twin, "/community\nanswer");
  world.settle();
  world.queue.edit_comment(twin, note, "/community\nask bob@customer.example.com");
  world.settle();
  decide(world, Resolution::drop);
  world.settle();
  world.pass(true);
  EXPECT_THAT(world.held(), IsEmpty()) << "asked again about what was dropped";
  ASSERT_THAT(world.community.look(ticket).comments, SizeIs(1));
  EXPECT_EQ(world.community.look(ticket).comments[0].body, "answer");
  EXPECT_THAT(world.store.state().conflicts, IsEmpty());
  world.queue.remove_comment(twin, note);
  world.settle();
  EXPECT_THAT(world.community.look(ticket).comments, IsEmpty()) << "the copy still goes with its original";
}

TEST(Holds, WhatTheTrackerRefusesAfterAnApprovalWaitsAgain) {
  World world;
  const NativeId ticket = world.file("question");
  world.settle();
  world.queue.comment(world.twin(ticket), "/community\nask bob@customer.example.com");
  world.settle();
  std::size_t tries = 0;
  world.community.before = [&](const std::string& name) -> std::optional<Failure> {
    if (name != "add_comment") return std::nullopt;
    ++tries;
    return Failure{Fault::rejected, Reach::ticket, "too fast", std::nullopt};
  };
  decide(world, Resolution::approve);
  for (int i = 0; i < 3; ++i) {
    world.queue.edit(world.twin(ticket), [](Ticket& t) { t.priority = "High"; });
    world.settle();
  }
  EXPECT_EQ(tries, 1U);
  world.community.before = nullptr;
  decide(world, Resolution::retry);
  world.settle();
  EXPECT_THAT(world.community.look(ticket).comments, SizeIs(1));
}

TEST(Holds, AnApprovalIsForOneWriteAndForTheTextThatWasShown) {
  World world;
  const NativeId ticket = world.file("question");
  world.settle();
  const NativeId twin = world.twin(ticket);
  const NativeId note = world.queue.comment(twin, "/community\nask bob@customer.example.com");
  world.settle();
  decide(world, Resolution::approve);
  world.queue.edit_comment(twin, note, "/community\nask eve@customer.example.com");
  world.settle();
  EXPECT_THAT(world.community.look(ticket).comments, IsEmpty()) << "other words than those that were approved";
  decide(world, Resolution::approve);
  world.settle();
  ASSERT_THAT(world.community.look(ticket).comments, SizeIs(1));
  world.queue.comment(twin, "/community\nask eve@customer.example.com");
  world.settle();
  EXPECT_THAT(world.community.look(ticket).comments, SizeIs(1)) << "an approval works once";
  EXPECT_THAT(world.held(), SizeIs(1));
}

TEST(Holds, CommentsOfAnApprovedCaseGoOutUnlessARuleFindsSomething) {
  World world;
  Ticket bug;
  bug.title = "found by support";
  bug.status = "New";
  bug.visibility = Visibility::open;
  bug.fields["Publish"] = "1";
  const NativeId ticket = world.queue.open(bug, "lead");
  world.queue.comment(ticket, "/community\nbefore the approval");
  world.queue.comment(ticket, "/community\nask bob@customer.example.com");
  world.settle();
  decide(world, Resolution::approve);
  world.settle();
  ASSERT_THAT(world.community.all(), SizeIs(1));
  const NativeId published = world.community.all()[0];
  ASSERT_THAT(world.community.look(published).comments, SizeIs(1));
  EXPECT_EQ(world.community.look(published).comments[0].body, "before the approval");
  ASSERT_THAT(world.held(), SizeIs(1));
  EXPECT_EQ(world.held()[0].reason, HoldReason::redaction);
  world.queue.comment(ticket, "/community\nafter it");
  world.settle();
  EXPECT_THAT(world.community.look(published).comments, SizeIs(2));
}

TEST(Holds, ATicketThatBecomesPublicIsJudgedAnew) {
  World world;
  Ticket bug;
  bug.title = "found by support";
  bug.status = "New";
  bug.visibility = Visibility::restricted;
  bug.fields["Publish"] = "1";
  const NativeId ticket = world.queue.open(bug, "lead");
  world.settle();
  ASSERT_THAT(world.held(), SizeIs(1));
  EXPECT_EQ(world.held()[0].reason, HoldReason::permission);
  EXPECT_FALSE(engine::resolve(world.store, world.held()[0].id, Resolution::approve, world.clock.now()));
  world.queue.edit(ticket, [](Ticket& t) { t.visibility = Visibility::open; });
  world.settle();
  ASSERT_THAT(world.held(), SizeIs(1));
  EXPECT_EQ(world.held()[0].reason, HoldReason::first_publication);
}

TEST(Holds, ADroppedTicketLeavesNothingThatWaits) {
  World world;
  const NativeId ticket = world.file("refused");
  world.community.comment(ticket, "with a comment");
  world.queue.before = refuse("create_ticket");
  world.settle();
  decide(world, Resolution::drop);
  world.settle();
  EXPECT_TRUE(world.store.state().intents.empty());
}

TEST(Holds, TheTrackersRefusalIsToldWithoutTheTicketsWords) {
  World world;
  const NativeId ticket = world.file("harmless");
  world.settle();
  const std::string secret = "the words of our customer Acme";
  world.queue.before =
      refuse("edit_ticket", "422 Validation Failed: title \"" + secret + "\" " + std::string(4000, 'x'));
  world.community.edit(ticket, [&](Ticket& t) { t.title = secret; });
  world.settle();
  ASSERT_THAT(world.held(), SizeIs(1));
  EXPECT_THAT(world.held()[0].explanation, HasSubstr("Validation Failed"));
  for (const std::string& line : world.log.lines()) {
    EXPECT_THAT(line, ::testing::Not(HasSubstr("words of our customer")));
    EXPECT_LT(line.size(), 1000U);
  }
  for (const store::AuditEntry& entry : world.store.state().audit)
    EXPECT_THAT(entry.detail, ::testing::Not(HasSubstr("words of our customer")));
}

TEST(Holds, ACommentOnALockedTicketWaitsInsteadOfFailingEachTime) {
  World world;
  const NativeId ticket = world.file("heated");
  world.settle();
  const NativeId twin = world.twin(ticket);
  world.community.lock(ticket, true);
  world.queue.comment(twin, "/community\nanswer");
  world.settle();
  ASSERT_THAT(world.held(), SizeIs(1));
  EXPECT_THAT(world.held()[0].explanation, HasSubstr("locked"));
  const std::size_t requests = world.community.requests();
  world.clock.advance(1h);
  world.pass();
  EXPECT_EQ(world.community.requests(), requests + 1) << "the listing only";
  world.community.lock(ticket, false);
  decide(world, Resolution::retry);
  world.settle();
  EXPECT_THAT(world.community.look(ticket).comments, SizeIs(1));
}

}  // namespace
}  // namespace causeway
