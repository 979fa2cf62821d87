/// Cases over three trackers: customers' own trackers, the queue, and a community ticket that several of them wait for.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/fakes/world/world.hpp"

namespace causeway {
namespace {

using fakes::World;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class Case : public ::testing::Test {
 protected:
  Case() : world(route(), redaction()) {
    config::RouteConfig acme = fakes::customer_route("customer");
    config::RouteConfig initech = fakes::customer_route("other_customer");
    for (config::RouteConfig* one : {&acme, &initech}) {
      one->publish_when = {};
      one->rules.comments[index(Side::right)].command = "/customer";
      one->rules.names_origin = {false, true};
      one->rules.names_authors = {false, true};
    }
    world.more_routes = {acme, initech};
    world.restart();
    upstream = world.community.open(ticket("Importer stops", "open"), "visitor");
    acmes = world.customer.open(ticket("Acme cannot import", "Open"), "ann");
    initechs = world.other_customer.open(ticket("Import broken at Initech", "Open"), "ian");
    world.settle();
  }

  static config::RouteConfig route() {
    config::RouteConfig route = fakes::sample_route();
    route.follow_field = "Upstream";
    return route;
  }
  static policy::RedactionRules redaction() {
    policy::RedactionRules rules;
    rules.customers = {"Acme", "Initech"};
    return rules;
  }
  static Ticket ticket(const std::string& title, const std::string& status) {
    Ticket ticket;
    ticket.title = title;
    ticket.body = "as the title says";
    ticket.status = status;
    ticket.visibility = Visibility::open;
    return ticket;
  }
  /// The queue's ticket of a customer's ticket.
  NativeId case_of(const TrackerId& tracker, const NativeId& id) const {
    for (const store::Link& link : world.links()) {
      if (link.tickets[0] == TicketRef{tracker, id}) return link.tickets[1].id;
    }
    return {};
  }
  NativeId acmes_case() const { return case_of(TrackerId{"customer"}, acmes); }
  NativeId initechs_case() const { return case_of(TrackerId{"other_customer"}, initechs); }
  void follow(const NativeId& queue_ticket, const std::string& named) {
    world.queue.edit(queue_ticket, [&](Ticket& one) { one.fields["Upstream"] = named; });
    world.settle();
  }
  void both_follow() {
    follow(acmes_case(), "#" + upstream.value);
    follow(initechs_case(), world.community.url_of(upstream));
  }
  static std::vector<std::string> bodies(const Snapshot& snapshot) {
    std::vector<std::string> found;
    for (const Comment& comment : snapshot.comments) found.push_back(comment.body);
    return found;
  }

  World world;
  NativeId upstream, acmes, initechs;
};

TEST_F(Case, APublicAnswerReachesEveryCustomerWhoWaits) {
  both_follow();
  world.community.comment(upstream, "fixed in 2.4", Visibility::open, "maintainer");
  world.settle();
  for (const Snapshot& one : {world.customer.look(acmes), world.other_customer.look(initechs)}) {
    ASSERT_THAT(bodies(one), ElementsAre("fixed in 2.4")) << one.ref.tracker.value;
    EXPECT_EQ(one.comments[0].author.display_name, "maintainer") << "the public has read who said it";
  }
  EXPECT_THAT(bodies(world.queue.look(acmes_case())), ElementsAre("fixed in 2.4"));
  EXPECT_THAT(world.held(), IsEmpty());
}

TEST_F(Case, APublicAnswerThatIsEditedOrDeletedIsSoForEveryCustomer) {
  both_follow();
  const NativeId edited = world.community.comment(upstream, "fixed in 2.4", Visibility::open, "maintainer");
  const NativeId deleted = world.community.comment(upstream, "never mind", Visibility::open, "maintainer");
  world.settle();
  world.community.edit_comment(upstream, edited, "fixed in 2.5");
  world.community.remove_comment(upstream, deleted);
  world.pass(true);
  world.settle();
  EXPECT_THAT(bodies(world.customer.look(acmes)), ElementsAre("fixed in 2.5"));
  EXPECT_THAT(bodies(world.other_customer.look(initechs)), ElementsAre("fixed in 2.5"));
}

TEST_F(Case, NothingOfOneCustomerReachesAnotherOrThePublic) {
  both_follow();
  world.customer.comment(acmes, "our data is at risk", Visibility::open, "ann");
  world.queue.comment(acmes_case(), "/customer\nwe are on it", Visibility::open, "lead");
  world.queue.comment(acmes_case(), "what we think of them", Visibility::restricted, "lead");
  world.settle();
  EXPECT_THAT(bodies(world.queue.look(acmes_case())), SizeIs(3));
  EXPECT_THAT(bodies(world.customer.look(acmes)), ElementsAre("our data is at risk", "we are on it"));
  EXPECT_THAT(world.other_customer.look(initechs).comments, IsEmpty());
  EXPECT_THAT(world.community.look(upstream).comments, IsEmpty());
}

TEST_F(Case, WhatWasThereBeforeACaseFollowsStaysWhereItIs) {
  world.community.comment(upstream, "old talk", Visibility::open, "maintainer");
  world.settle();
  both_follow();
  EXPECT_THAT(world.queue.look(acmes_case()).comments, IsEmpty());
  EXPECT_EQ(world.queue.look(acmes_case()).ticket.title, "Acme cannot import");
  EXPECT_EQ(world.community.look(upstream).ticket.title, "Importer stops");
  EXPECT_THAT(world.community.all(), SizeIs(1));
}

TEST_F(Case, ClosingUpstreamIsProposedToEachCaseAndForcedOnNone) {
  both_follow();
  world.community.edit(upstream, [](Ticket& one) { one.status = "completed"; });
  world.settle();
  for (const NativeId& one : {acmes_case(), initechs_case()}) {
    const Snapshot seen = world.queue.look(one);
    EXPECT_EQ(seen.ticket.status, "New");
    ASSERT_THAT(seen.comments, SizeIs(1));
    EXPECT_EQ(seen.comments[0].visibility, Visibility::restricted);
    EXPECT_THAT(seen.comments[0].body, HasSubstr("Proposed: set this ticket to"));
  }
  EXPECT_EQ(world.customer.look(acmes).ticket.status, "Open");
  EXPECT_THAT(world.customer.look(acmes).comments, IsEmpty());
  world.community.edit(upstream, [](Ticket& one) { one.status = "open"; });
  world.settle();
  EXPECT_THAT(world.queue.look(acmes_case()).comments, SizeIs(1)) << "reopening proposes nothing";
}

TEST_F(Case, ACaseThatNamesAnotherTicketOrNoneNoLongerFollows) {
  both_follow();
  follow(acmes_case(), "");
  world.community.comment(upstream, "fixed in 2.4", Visibility::open, "maintainer");
  world.settle();
  EXPECT_THAT(world.customer.look(acmes).comments, IsEmpty());
  EXPECT_THAT(world.other_customer.look(initechs).comments, SizeIs(1));
}

TEST_F(Case, AnAddressOfSomewhereElseOrNothingThereIsNotFollowed) {
  const std::size_t before = world.links().size();
  for (const char* named : {"https://elsewhere.invalid/1", "soon", "#", "#0", "#99"}) {
    follow(acmes_case(), named);
    EXPECT_EQ(world.links().size(), before) << named;
  }
}

TEST_F(Case, ACustomersCaseIsPublishedOnlyWhenAPersonHasReadIt) {
  world.route.first_publication_allowed = true;
  world.restart();
  world.queue.edit(acmes_case(), [](Ticket& one) {
    one.title = "cannot import";
    one.fields["Publish"] = "1";
  });
  world.settle();
  EXPECT_THAT(world.community.all(), SizeIs(1)) << "only the visitor's";
  ASSERT_THAT(world.held(), SizeIs(1));
  EXPECT_EQ(world.held()[0].reason, HoldReason::first_publication);
}

TEST_F(Case, ClosingACommunityTicketDoesNotCloseACaseThatIsACustomersToo) {
  const NativeId ticket = world.file("question");
  world.settle();
  const NativeId twin = world.twin(ticket);
  config::RouteConfig acme = world.more_routes[0];
  acme.publish_when.fields["Customer"] = {"acme"};
  world.more_routes = {acme};
  world.restart();
  world.queue.edit(twin, [](Ticket& one) { one.fields["Customer"] = "acme"; });
  world.settle();
  world.community.edit(ticket, [](Ticket& one) { one.status = "completed"; });
  world.settle();
  EXPECT_EQ(world.queue.look(twin).ticket.status, "New");
  EXPECT_THAT(bodies(world.queue.look(twin)), ElementsAre(HasSubstr("Proposed")));
  world.queue.edit(twin, [](Ticket& one) { one.status = "Closed"; });
  world.settle();
  EXPECT_EQ(world.queue.look(twin).ticket.status, "Closed");
}

TEST_F(Case, AStatusThatBrokeOffOnItsWayGoesOnAndIsNobodysChange) {
  bool broke_off = false;
  world.customer.before = [&](const std::string& request) -> std::optional<Failure> {
    if (broke_off || request != "edit_ticket") return std::nullopt;
    broke_off = true;
    world.customer.edit(acmes, [](Ticket& one) { one.status = "In Review"; });
    return Failure{Fault::outcome_unknown, Reach::ticket, "lost", {}};
  };
  world.queue.edit(acmes_case(), [](Ticket& one) { one.status = "Closed"; });
  world.settle();
  ASSERT_TRUE(broke_off);
  EXPECT_EQ(world.customer.look(acmes).ticket.status, "Done");
  EXPECT_EQ(world.queue.look(acmes_case()).ticket.status, "Closed");
  EXPECT_THAT(world.queue.look(acmes_case()).comments, IsEmpty()) << "no conflict is told";
}

TEST_F(Case, AStatusThatBrokeOffIsTakenBackWhenTheQueueHasThoughtBetterOfIt) {
  bool broke_off = false;
  world.customer.before = [&](const std::string& request) -> std::optional<Failure> {
    if (broke_off || request != "edit_ticket") return std::nullopt;
    broke_off = true;
    world.customer.edit(acmes, [](Ticket& one) { one.status = "In Review"; });
    world.queue.edit(acmes_case(), [](Ticket& one) { one.status = "New"; });
    return Failure{Fault::outcome_unknown, Reach::ticket, "lost", {}};
  };
  world.queue.edit(acmes_case(), [](Ticket& one) { one.status = "Closed"; });
  world.settle();
  ASSERT_TRUE(broke_off);
  EXPECT_EQ(world.customer.look(acmes).ticket.status, "Open");
  EXPECT_EQ(world.queue.look(acmes_case()).ticket.status, "New");
}

TEST_F(Case, ATextThatNamesAnotherCustomerIsHeldBeforeItReachesThisOne) {
  world.queue.comment(acmes_case(), "/customer\nInitech has seen this too", Visibility::open, "lead");
  world.queue.comment(acmes_case(), "/customer\nthank you, Acme", Visibility::open, "lead");
  world.settle();
  EXPECT_THAT(bodies(world.customer.look(acmes)), ElementsAre("thank you, Acme"));
  ASSERT_THAT(world.held(), SizeIs(1));
  EXPECT_EQ(world.held()[0].reason, HoldReason::redaction);
  EXPECT_THAT(world.held()[0].explanation, Not(HasSubstr("Initech")));
}

TEST_F(Case, ACaseThatNamesAnotherTicketFollowsThatOne) {
  both_follow();
  const NativeId second = world.community.open(ticket("Importer is slow", "open"), "visitor");
  follow(acmes_case(), "#" + second.value);
  world.community.comment(second, "faster in 2.5", Visibility::open, "maintainer");
  world.settle();
  EXPECT_THAT(bodies(world.customer.look(acmes)), ElementsAre("faster in 2.5"));
}

TEST_F(Case, AFieldThatIsNotShownEndsNothing) {
  both_follow();
  world.queue.edit(acmes_case(), [](Ticket& one) { one.fields.erase("Upstream"); });
  world.settle();
  world.community.comment(upstream, "fixed in 2.4", Visibility::open, "maintainer");
  world.settle();
  EXPECT_THAT(world.customer.look(acmes).comments, SizeIs(1));
}

TEST_F(Case, WordsPutIntoTheQueuesCopyOfAPublicAnswerStayInTheQueue) {
  both_follow();
  world.community.comment(upstream, "fixed in 2.4", Visibility::open, "maintainer");
  world.settle();
  const NativeId copy = world.queue.look(acmes_case()).comments[0].id;
  world.queue.edit_comment(acmes_case(), copy, "fixed in 2.4; we will bill them");
  world.settle();
  EXPECT_THAT(bodies(world.customer.look(acmes)), ElementsAre("fixed in 2.4"));
}

TEST_F(Case, OneCustomersCaseIsNeverToldToAnother) {
  world.more_routes[1].publish_when.fields["Publish"] = {"1"};
  world.restart();
  world.queue.edit(acmes_case(), [](Ticket& one) {
    one.title = "cannot import";
    one.fields["Publish"] = "1";
  });
  world.settle();
  EXPECT_THAT(world.other_customer.all(), SizeIs(1)) << "only its own";
}

TEST_F(Case, ACustomerWhoseTrackerIsNoLongerConfiguredStaysProtected) {
  world.route.first_publication_allowed = true;
  const NativeId acmes_ticket = acmes_case();
  world.more_routes.clear();
  world.forget_customers();
  world.restart();
  world.queue.edit(acmes_ticket, [](Ticket& one) {
    one.title = "cannot import";
    one.fields["Publish"] = "1";
  });
  world.settle();
  EXPECT_THAT(world.community.all(), SizeIs(1));
  EXPECT_THAT(world.held(), SizeIs(1));
}

TEST_F(Case, AStepOfTheCaseDoesNotReopenWhatWasClosedUpstream) {
  const NativeId ticket = world.file("question");
  world.settle();
  const NativeId twin = world.twin(ticket);
  world.route.rules.proposes_closing = true;
  world.restart();
  world.community.edit(ticket, [](Ticket& one) { one.status = "completed"; });
  world.settle();
  world.queue.edit(twin, [](Ticket& one) { one.status = "In Progress"; });
  world.settle();
  EXPECT_EQ(world.community.look(ticket).ticket.status, "completed");
  EXPECT_EQ(world.queue.look(twin).ticket.status, "In Progress");
}

TEST_F(Case, AnOldNoteDoesNotNameALongerFile) {
  world.queue.comment(acmes_case(), "/customer\nplease send us error.log", Visibility::open, "lead");
  world.queue.attach(acmes_case(), "my-error.log", "private");
  world.queue.attach(acmes_case(), "error.log.gz", "private");
  world.queue.attach(acmes_case(), "log", "private");
  world.settle();
  EXPECT_THAT(world.customer.look(acmes).attachments, IsEmpty());
}

TEST_F(Case, ACustomersFileGoesToTheQueueAndNoFurther) {
  both_follow();
  world.customer.attach(acmes, "trace.txt", "what happened");
  world.settle();
  EXPECT_EQ(world.queue.file(acmes_case(), "trace.txt"), "what happened");
  EXPECT_THAT(world.customer.look(acmes).attachments, SizeIs(1)) << "no copy comes back";
  EXPECT_THAT(world.other_customer.look(initechs).attachments, IsEmpty());
  EXPECT_THAT(world.community.look(upstream).comments, IsEmpty());
}

TEST_F(Case, AFileOfTheQueueGoesToTheCustomerOnlyWhenANoteForTheCustomerNamesIt) {
  world.queue.attach(acmes_case(), "what-we-think.txt", "private");
  world.queue.attach(acmes_case(), "manual.pdf", "read me");
  world.queue.comment(acmes_case(), "/customer\nplease see manual.pdf", Visibility::open, "lead");
  world.settle();
  EXPECT_EQ(world.customer.file(acmes, "manual.pdf"), "read me");
  EXPECT_EQ(world.customer.file(acmes, "what-we-think.txt"), "");
}

TEST_F(Case, AFileThatDoesNotArriveAsItLeftIsToldOf) {
  world.queue.on_upload = [](std::string& bytes) { bytes.back() = '?'; };
  world.customer.attach(acmes, "trace.txt", "what happened");
  world.settle();
  std::string told;
  const auto read = world.store.read([&](store::Transaction& transaction) -> Result<void> {
    const auto entries = transaction.audit(std::nullopt, 100);
    for (const store::AuditEntry& entry : *entries) told += entry.detail + "\n";
    return {};
  });
  ASSERT_TRUE(read);
  EXPECT_THAT(told, HasSubstr("did not arrive as it left"));
  EXPECT_THAT(told, Not(HasSubstr("trace.txt"))) << "the audit trail holds no words of tickets";
}

TEST_F(Case, AFileThatCannotBeReadNowIsBroughtLater) {
  bool down = true;
  world.customer.before = [&](const std::string& request) -> std::optional<Failure> {
    if (down && request == "download") return Failure{Fault::transient, Reach::ticket, "not now", {}};
    return std::nullopt;
  };
  world.customer.attach(acmes, "trace.txt", "what happened");
  world.pass();
  EXPECT_EQ(world.queue.file(acmes_case(), "trace.txt"), "");
  down = false;
  world.settle();
  EXPECT_EQ(world.queue.file(acmes_case(), "trace.txt"), "what happened");
}

TEST_F(Case, AFileTooLargeForTheTargetIsNamedWithItsAddress) {
  world.customer.attach(acmes, "dump.bin", std::string(11U << 20U, 'x'));
  world.settle();
  EXPECT_EQ(world.queue.file(acmes_case(), "dump.bin"), "");
  EXPECT_THAT(bodies(world.queue.look(acmes_case())), ElementsAre(HasSubstr("dump.bin")));
}

}  // namespace
}  // namespace causeway
