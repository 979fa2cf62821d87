/// What a tracker quietly does not take (GitHub: labels, people and milestones of accounts without push access) is
/// nobody's removal: the other side keeps it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/fakes/world/world.hpp"

namespace causeway {
namespace {

using fakes::World;
using ::testing::Contains;
using ::testing::SizeIs;

NativeId bug_of_support(World& world) {
  world.route.first_publication_allowed = true;
  world.restart();
  Ticket ticket;
  ticket.title = "found by support";
  ticket.status = "New";
  ticket.visibility = Visibility::open;
  ticket.labels = {"regression"};
  ticket.milestone = "1.0";
  ticket.assignee = "alice.queue";
  ticket.fields["Publish"] = "1";
  return world.queue.open(std::move(ticket), "lead");
}

void expect_untouched(World& world, const NativeId& ticket) {
  // Something else changes there, so that the ticket is looked at again.
  world.community.edit(world.community.all()[0], [](Ticket& t) { t.title = "reworded"; });
  world.settle();
  const Ticket here = world.queue.look(ticket).ticket;
  EXPECT_EQ(here.title, "reworded");
  EXPECT_THAT(here.labels, Contains("regression"));
  EXPECT_EQ(here.milestone, "1.0");
  EXPECT_EQ(here.assignee, "alice.queue");
}

TEST(Dropped, WhatANewTicketDidNotTakeStaysWhereItCameFrom) {
  World world;
  world.community.drops = true;
  const NativeId ticket = bug_of_support(world);
  world.settle();
  ASSERT_THAT(world.community.all(), SizeIs(1));
  expect_untouched(world, ticket);
}

TEST(Dropped, WhatANewTicketDidNotTakeStaysWhenItsAnswerWasLost) {
  World world;
  world.community.drops = true;
  world.community.after_write = [done = false](const std::string& name) mutable -> std::optional<Failure> {
    if (done || name != "create_ticket") return std::nullopt;
    done = true;
    return Failure{Fault::outcome_unknown, Reach::ticket, "lost", std::nullopt};
  };
  const NativeId ticket = bug_of_support(world);
  world.settle();
  ASSERT_THAT(world.community.all(), SizeIs(1));
  expect_untouched(world, ticket);
}

TEST(Dropped, WhatAnEditDidNotBringAboutStaysWhereItCameFrom) {
  World world;
  const NativeId filed = world.file("question");
  world.settle();
  world.community.drops = true;
  const NativeId ticket = world.twin(filed);
  world.queue.edit(ticket, [](Ticket& t) {
    t.labels.insert("regression");
    t.milestone = "1.0";
    t.assignee = "alice.queue";
  });
  world.settle();
  EXPECT_EQ(world.community.look(filed).ticket.milestone, std::nullopt);
  expect_untouched(world, ticket);
}

TEST(Dropped, WhatIsSetLaterOnTheSideThatDroppedItCounts) {
  World world;
  world.community.drops = true;
  const NativeId ticket = bug_of_support(world);
  world.settle();
  world.community.edit(world.community.all()[0], [](Ticket& t) {
    t.milestone = "2.0";
    t.labels = {"confirmed"};
  });
  world.settle();
  EXPECT_EQ(world.queue.look(ticket).ticket.milestone, "2.0");
  EXPECT_THAT(world.queue.look(ticket).ticket.labels, testing::UnorderedElementsAre("regression", "confirmed"));
}

TEST(Dropped, ALabelThatIsSpelledOtherwiseThereIsTheSameLabel) {
  World world;
  const NativeId ticket = bug_of_support(world);
  world.community.after_write = [&](const std::string& name) -> std::optional<Failure> {
    if (name != "create_ticket") return std::nullopt;
    world.community.edit(world.community.all()[0], [](Ticket& t) { t.labels = {"Regression"}; });
    return Failure{Fault::outcome_unknown, Reach::ticket, "lost", std::nullopt};
  };
  world.settle();
  expect_untouched(world, ticket);
  EXPECT_THAT(world.queue.look(ticket).ticket.labels, SizeIs(1));
}

}  // namespace
}  // namespace causeway
