/// Lost answers, trackers that are down, restarts: nothing twice, nothing lost.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/fakes/world/world.hpp"

namespace causeway {
namespace {

using fakes::World;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// Fails the first request of that name with the given fault, then lets everything pass.
std::function<std::optional<Failure>(const std::string&)> fail_once(std::string request, Fault fault,
                                                                    Reach reach = Reach::ticket) {
  return [request = std::move(request), fault, reach,
          done = false](const std::string& name) mutable -> std::optional<Failure> {
    if (done || name != request) return std::nullopt;
    done = true;
    return Failure{fault, reach, "lost", std::nullopt};
  };
}

TEST(Recovery, DoesNotOpenATicketTwiceWhenTheAnswerIsLost) {
  World world;
  const NativeId ticket = world.file("lost answer");
  world.queue.after_write = fail_once("create_ticket", Fault::outcome_unknown);
  world.settle();
  EXPECT_THAT(world.queue.all(), SizeIs(1));
  EXPECT_FALSE(world.twin(ticket).empty());
}

TEST(Recovery, OpensTheTicketAgainWhenItNeverArrived) {
  World world;
  world.file("never arrived");
  world.queue.before = fail_once("create_ticket", Fault::outcome_unknown);
  world.settle();
  EXPECT_THAT(world.queue.all(), SizeIs(1));
}

TEST(Recovery, DoesNotCommentTwiceWhenTheAnswerIsLost) {
  World world;
  const NativeId ticket = world.file("comments");
  world.settle();
  world.community.comment(ticket, "once");
  world.queue.after_write = fail_once("add_comment", Fault::outcome_unknown);
  world.settle();
  EXPECT_THAT(world.queue.look(world.twin(ticket)).comments, SizeIs(1));
}

TEST(Recovery, WaitsForALaggingListingBeforeItRepeats) {
  fakes::ManualClock clock;
  World world;
  const NativeId ticket = world.file("from the queue");
  world.settle();
  const NativeId twin = world.twin(ticket);
  world.queue.comment(twin, "/community\nanswer");
  // The community's listing lags; a comment whose answer was lost is not repeated before the lag is over.
  world.community.after_write = fail_once("add_comment", Fault::outcome_unknown);
  world.settle();
  EXPECT_THAT(world.community.look(ticket).comments, SizeIs(1));
}

TEST(Recovery, GoesOnAfterATransientFailure) {
  World world;
  const NativeId ticket = world.file("transient");
  world.community.comment(ticket, "one");
  world.community.comment(ticket, "two");
  world.queue.before = fail_once("add_comment", Fault::transient);
  world.settle();
  EXPECT_THAT(world.queue.look(world.twin(ticket)).comments, SizeIs(2));
}

TEST(Recovery, ATrackerThatIsDownCostsTheOthersNothing) {
  World world;
  const NativeId ticket = world.file("outage");
  world.settle();
  world.queue.before = [](const std::string&) {
    return std::optional{Failure{Fault::transient, Reach::tracker, "connection refused", {}}};
  };
  world.community.comment(ticket, "during the outage");
  world.pass();
  const std::size_t asked = world.queue.requests();
  world.pass();
  EXPECT_EQ(world.queue.requests(), asked) << "not asked again before the backoff is over";
  world.queue.before = nullptr;
  world.settle();
  EXPECT_THAT(world.queue.look(world.twin(ticket)).comments, SizeIs(1));
}

TEST(Recovery, HoldsWhatATrackerRefusesAndGoesOnWithTheRest) {
  World world;
  const NativeId ticket = world.file("refused");
  world.settle();
  world.queue.before = [](const std::string& name) -> std::optional<Failure> {
    if (name != "edit_ticket") return std::nullopt;
    return Failure{Fault::rejected, Reach::ticket, "Subject is too long", std::nullopt};
  };
  world.community.edit(ticket, [](Ticket& t) { t.title = "new title"; });
  world.community.comment(ticket, "still comes through");
  world.settle();
  EXPECT_THAT(world.queue.look(world.twin(ticket)).comments, SizeIs(1));
  ASSERT_THAT(world.held(), SizeIs(1));
  EXPECT_THAT(world.held()[0].explanation, ::testing::HasSubstr("too long"));
}

TEST(Recovery, ALostAnswerToAnEditIsNotAConflict) {
  World world;
  const NativeId ticket = world.file("edit");
  world.settle();
  world.community.edit(ticket, [](Ticket& t) { t.title = "new title"; });
  world.queue.after_write = fail_once("edit_ticket", Fault::outcome_unknown);
  world.settle();
  EXPECT_EQ(world.queue.look(world.twin(ticket)).ticket.title, "new title");
  EXPECT_THAT(world.store.state().conflicts, IsEmpty());
}

TEST(Recovery, ANewLifeGoesOnWhereTheOldOneStopped) {
  World world;
  const NativeId ticket = world.file("restart");
  world.community.comment(ticket, "one");
  world.queue.after_write = fail_once("create_ticket", Fault::outcome_unknown);
  world.pass();
  world.restart();
  world.settle();
  EXPECT_THAT(world.queue.all(), SizeIs(1));
  EXPECT_THAT(world.queue.look(world.twin(ticket)).comments, SizeIs(1));
}

/// Refuses every commit from the given one on.
class FullStore final : public store::Store {
 public:
  FullStore(store::Store& inner, int commits) : inner_(inner), left_(commits) {}
  Result<void> write(const store::Work& work) override {
    if (left_-- <= 0) return fail(Fault::denied, "store: the disk is full", Reach::tracker);
    return inner_.write(work);
  }
  Result<void> read(const store::Work& work) override { return inner_.read(work); }
  Result<void> backup(const std::string& path) override { return inner_.backup(path); }

 private:
  store::Store& inner_;
  int left_;
};

TEST(Recovery, SendsNothingThatItCannotWriteDown) {
  for (int commits = 0; commits < 4; ++commits) {
    fakes::ManualClock clock;
    fakes::SeededRandomness randomness{1};
    fakes::KeepingLog log;
    fakes::MemoryTracker community{TrackerId{"community"}, fakes::community_capabilities(), clock};
    fakes::MemoryTracker queue{TrackerId{"queue"}, fakes::queue_capabilities(), clock};
    Ticket ticket;
    ticket.title = "disk";
    ticket.status = "open";
    ticket.labels = {"support"};
    ticket.visibility = Visibility::open;
    community.open(ticket);
    fakes::MemoryStore durable;
    FullStore full{durable, commits};
    const auto gate = policy::PrivacyGate::make({});
    engine::Tracker left{{TrackerId{"community"}, TrackerRole::community, 1, 1}, community, clock};
    engine::Tracker right{{TrackerId{"queue"}, TrackerRole::queue, 1, 1}, queue, clock};
    engine::Engine engine{{{fakes::sample_route()}, 1, false, std::chrono::days{400}},
                          {&left, &right},
                          full,
                          *gate,
                          clock,
                          randomness,
                          log};
    (void)engine.recover();
    (void)engine.begin_pass();
    while (true) {
      const auto stepped = engine.step();
      if (!stepped || !*stepped) break;
    }
    // Every request that left had its intent committed as `sending` before.
    const auto state = durable.state();
    const bool noted = std::any_of(state.intents.begin(), state.intents.end(),
                                   [](const auto& entry) { return entry.second.state == store::IntentState::sending; });
    EXPECT_EQ(queue.writes() > 0, noted) << "with " << commits << " commits";
  }
}

}  // namespace
}  // namespace causeway
