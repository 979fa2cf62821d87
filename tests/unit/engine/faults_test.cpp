/// Each of the eight faults has exactly one answer, whatever was asked for when it came.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agent/engine/health_text.hpp"
#include "tests/fakes/world/world.hpp"

namespace causeway {
namespace {

using namespace std::chrono_literals;
using fakes::World;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::array all_faults{Fault::transient, Fault::rate_limited, Fault::outcome_unknown, Fault::stale,
                                Fault::gone,      Fault::denied,       Fault::rejected,        Fault::malformed};

bool is_refusal(Fault fault) { return fault == Fault::denied || fault == Fault::rejected || fault == Fault::malformed; }

struct Case {
  std::string request;
  Fault fault;
  bool after;  ///< the tracker did it, and only its answer was lost
};

std::vector<Case> all_cases() {
  std::vector<Case> cases;
  for (const char* request :
       {"create_ticket", "edit_ticket", "add_comment", "edit_comment", "remove_comment", "fetch", "changes"}) {
    for (const Fault fault : all_faults) cases.push_back({request, fault, false});
    if (std::string_view{request} != "fetch" && std::string_view{request} != "changes")
      cases.push_back({request, Fault::outcome_unknown, true});
  }
  return cases;
}

class Faults : public ::testing::TestWithParam<Case> {};

/// A day in which everything happens once on the queue's side.
void day(World& world, const NativeId& old, const NativeId& edited, const NativeId& removed) {
  world.file("new ticket");
  world.community.edit(old, [](Ticket& t) { t.title = "new title"; });
  world.community.comment(old, "new comment");
  world.community.edit_comment(old, edited, "edited comment");
  world.community.remove_comment(old, removed);
}

std::multiset<std::string> shown(const World& world) {
  std::multiset<std::string> lines;
  for (const NativeId& id : world.queue.all()) {
    const Snapshot seen = world.queue.look(id);
    lines.insert(seen.ticket.title);
    for (const Comment& comment : seen.comments) lines.insert(seen.ticket.title + ": " + comment.body);
  }
  return lines;
}

TEST_P(Faults, OneFaultHasOneAnswer) {
  const Case& given = GetParam();
  World world;
  const NativeId old = world.file("old ticket");
  const NativeId edited = world.community.comment(old, "first comment");
  const NativeId removed = world.community.comment(old, "second comment");
  world.settle();
  world.clock.advance(1h);
  day(world, old, edited, removed);
  auto fail_once = [&, done = false](const std::string& name) mutable -> std::optional<Failure> {
    if (done || name != given.request) return std::nullopt;
    done = true;
    return Failure{given.fault, Reach::ticket, "once", std::nullopt};
  };
  (given.after ? world.queue.after_write : world.queue.before) = fail_once;
  world.settle();
  const bool is_write = given.request != "fetch" && given.request != "changes";
  const std::multiset<std::string> wanted{"old ticket", "new ticket", "new title", "new title: new comment",
                                          "new title: edited comment"};
  std::multiset<std::string> expected = wanted;
  expected.erase("old ticket");
  if (is_write && is_refusal(given.fault)) {
    ASSERT_THAT(world.held(), SizeIs(1)) << "a refusal waits for a person";
    EXPECT_EQ(std::string{name(world.held()[0].step.operation)}, given.request);
    world.clock.advance(2h);
    const std::size_t writes = world.queue.writes();
    world.pass(true);
    EXPECT_EQ(world.queue.writes(), writes) << "and is not tried again by itself";
    return;
  }
  EXPECT_THAT(world.held(), IsEmpty());
  EXPECT_EQ(shown(world), expected);
  EXPECT_TRUE(world.store.state().intents.empty());
  EXPECT_TRUE(world.store.state().hints.empty());
  EXPECT_THAT(world.store.state().conflicts, IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(EveryFaultOfEveryRequest, Faults, ::testing::ValuesIn(all_cases()), [](const auto& given) {
  return fmt::format("{}_{}{}", given.param.request, name(given.param.fault),
                     given.param.after ? "_after_it_was_done" : "");
});

TEST(FaultsOfATracker, NothingMoreIsSentOnceItHasDenied) {
  World world;
  for (int i = 0; i < 5; ++i) world.file("one of several");
  std::size_t asked = 0;
  world.queue.before = [&](const std::string& name) -> std::optional<Failure> {
    if (name == "changes") return std::nullopt;
    ++asked;
    return Failure{Fault::denied, Reach::tracker, "the key is not valid", std::nullopt};
  };
  world.pass();
  EXPECT_EQ(asked, 1U);
  EXPECT_THAT(world.held(), IsEmpty()) << "no ticket is to blame";
  world.queue.before = nullptr;
  world.settle();
  EXPECT_THAT(world.queue.all(), SizeIs(5));
}

TEST(FaultsOfATracker, WhatKeepsAListingFromBeingReadIsSaidOfTheTracker) {
  for (const Fault fault : {Fault::transient, Fault::gone, Fault::rejected, Fault::malformed}) {
    World world;
    world.queue.before = [&](const std::string& name) -> std::optional<Failure> {
      if (name != "changes") return std::nullopt;
      return Failure{fault, Reach::ticket, "a list that is none", std::nullopt};
    };
    world.pass();
    std::optional<std::string> noted;
    (void)world.store.read([&](store::Transaction& transaction) -> Result<void> {
      noted = *transaction.value("health/queue");
      return {};
    });
    const auto health = engine::decode_health(noted.value_or(""));
    ASSERT_TRUE(health) << name(fault);
    EXPECT_EQ(health->state, engine::Health::State::unreachable) << name(fault);
    EXPECT_EQ(health->message, "a list that is none");
  }
}

TEST(FaultsOfATracker, ItsOwnHintsWaitWithIt) {
  World world;
  const NativeId ticket = world.file("quiet");
  world.settle();
  const NativeId twin = world.twin(ticket);
  world.queue.edit(twin, [](Ticket& t) { t.status = "Closed"; });
  world.queue.before = [](const std::string& name) -> std::optional<Failure> {
    if (name != "fetch") return std::nullopt;
    return Failure{Fault::rate_limited, Reach::tracker, "too fast", 600s};
  };
  world.pass();
  const std::size_t requests = world.queue.requests();
  world.clock.advance(60s);
  world.pass();
  EXPECT_EQ(world.queue.requests(), requests) << "asked before the wait was over";
}

TEST(FaultsOfATracker, AWaitOfNoTimeIsNoCircle) {
  World world;
  world.file("in a circle");
  world.queue.before = [](const std::string& name) -> std::optional<Failure> {
    if (name == "changes") return std::nullopt;
    return Failure{Fault::rate_limited, Reach::tracker, "too fast", 0s};
  };
  world.pass();
  world.queue.before = nullptr;
  world.settle();
  EXPECT_THAT(world.queue.all(), SizeIs(1));
}

/// Counts commits.
class CountingStore final : public store::Store {
 public:
  explicit CountingStore(store::Store& inner) : inner_(inner) {}
  Result<void> write(const store::Work& work) override {
    ++commits;
    return inner_.write(work);
  }
  Result<void> read(const store::Work& work) override { return inner_.read(work); }
  Result<void> backup(const std::string& path) override { return inner_.backup(path); }
  std::size_t commits = 0;

 private:
  store::Store& inner_;
};

TEST(FaultsOfATracker, WaitingCostsNothingMeanwhile) {
  World world;
  CountingStore counting{world.store};
  world.use_store(counting);
  constexpr std::size_t tickets = 200;
  for (std::size_t i = 0; i < tickets; ++i) world.file("one of many");
  world.queue.before = [](const std::string& name) -> std::optional<Failure> {
    if (name == "changes") return std::nullopt;
    return Failure{Fault::rate_limited, Reach::tracker, "too fast", 3600s};
  };
  world.pass();
  counting.commits = 0;
  const std::size_t requests = world.queue.requests();
  for (int second = 0; second < 600; ++second) {
    world.clock.advance(1s);
    while (*world.engine().step()) {
    }
  }
  EXPECT_EQ(counting.commits, 0U);
  EXPECT_EQ(world.queue.requests(), requests);
  world.queue.before = nullptr;
  world.settle();
  EXPECT_THAT(world.queue.all(), SizeIs(tickets));
}

TEST(FaultsOfATracker, OtherRoutesGoOn) {
  World world;
  world.more_routes = {fakes::customer_route()};
  world.restart();
  world.customer.before = [](const std::string&) {
    return std::optional{Failure{Fault::transient, Reach::tracker, "connection refused", {}}};
  };
  const NativeId ticket = world.file("of the community");
  Ticket shared;
  shared.title = "of the queue";
  shared.status = "New";
  shared.visibility = Visibility::open;
  shared.fields["Customer"] = "acme";
  world.queue.open(shared, "lead");
  world.pass();
  EXPECT_FALSE(world.twin(ticket).empty());
  world.customer.before = nullptr;
  world.settle();
  EXPECT_THAT(world.customer.all(), SizeIs(1));
}

TEST(BlindWrites, AnEditOfACommentThatDidNotTakeIsNoticed) {
  World world;
  const NativeId ticket = world.file("blind");
  const NativeId comment = world.community.comment(ticket, "first");
  world.settle();
  world.queue.ignores = {"edit_comment"};
  world.community.edit_comment(ticket, comment, "first, edited");
  world.settle();
  ASSERT_THAT(world.held(), SizeIs(1));
  EXPECT_THAT(world.held()[0].explanation, ::testing::HasSubstr("unchanged"));
}

TEST(BlindWrites, ARemovalThatDidNotTakeIsNoticed) {
  World world;
  const NativeId ticket = world.file("blind");
  const NativeId comment = world.community.comment(ticket, "first");
  world.settle();
  world.queue.ignores = {"remove_comment"};
  world.community.remove_comment(ticket, comment);
  world.settle();
  ASSERT_THAT(world.held(), SizeIs(1));
  EXPECT_THAT(world.held()[0].explanation, ::testing::HasSubstr("still there"));
}

TEST(BlindWrites, LabelsThatDidNotTakeAreNoticed) {
  World world;
  const NativeId ticket = world.file("blind");
  world.settle();
  world.queue.ignores = {"edit_ticket"};
  world.community.edit(ticket, [](Ticket& t) { t.labels.insert("bug"); });
  world.settle();
  ASSERT_THAT(world.held(), SizeIs(1));
  EXPECT_THAT(world.held()[0].explanation, ::testing::HasSubstr("labels"));
}

TEST(Passes, AHintOfATrackerThatIsNoLongerConfiguredIsForgotten) {
  World world;
  ASSERT_TRUE(world.store.write([&](store::Transaction& transaction) {
    return transaction.add_hint({TrackerId{"removed"}, NativeId{"1"}}, world.clock.now());
  }));
  world.pass();
  EXPECT_TRUE(world.store.state().hints.empty());
}

TEST(Passes, LookingAheadEndsAlthoughHintsWait) {
  World world;
  const NativeId ticket = world.file("waiting");
  ASSERT_TRUE(world.store.write([&](store::Transaction& transaction) {
    return transaction.add_hint({TrackerId{"community"}, ticket}, world.clock.now());
  }));
  const auto report = world.plan();
  EXPECT_THAT(report.writes, SizeIs(1));
  EXPECT_THAT(world.queue.all(), IsEmpty());
  EXPECT_TRUE(world.links().empty());
}

TEST(Passes, AFullComparisonBeginsWithTheFirstLinkWhereverTheSweepStands) {
  World world;
  const NativeId ticket = world.file("first");
  world.community.comment(ticket, "before");
  world.settle();
  const std::string last = std::to_string(static_cast<std::int64_t>(world.links().back().id));
  ASSERT_TRUE(
      world.store.write([&](store::Transaction& transaction) { return transaction.set_value("sweep/queue", last); }));
  const std::size_t requests = world.queue.requests();
  world.pass(true);
  EXPECT_EQ(world.queue.requests(), requests + 2) << "the listing, and the ticket";
}

TEST(Visibility, IsReadAgainWhenTheReadingIsOld) {
  World world;
  const NativeId ticket = world.file("question");
  world.settle();
  const NativeId twin = world.twin(ticket);
  const NativeId note = world.queue.comment(twin, "/community\nanswer");
  // Much time goes by between the reading and the write, and the note turns private meanwhile.
  world.community.before = [](const std::string& name) -> std::optional<Failure> {
    if (name != "add_comment") return std::nullopt;
    ADD_FAILURE() << "a private note was sent";
    return std::nullopt;
  };
  world.queue.before = [&, fetches = 0](const std::string& name) mutable -> std::optional<Failure> {
    if (name == "fetch" && ++fetches == 1) {
      world.queue.after_fetch = [&] {
        world.queue.after_fetch = nullptr;
        world.clock.advance(1min);
        world.queue.hide_comment(twin, note);
      };
    }
    return std::nullopt;
  };
  world.settle();
  EXPECT_THAT(world.community.look(ticket).comments, IsEmpty());
}

}  // namespace
}  // namespace causeway
