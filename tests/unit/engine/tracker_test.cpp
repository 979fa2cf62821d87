#include "agent/engine/tracker.hpp"

#include <gtest/gtest.h>

#include <latch>

#include "agent/policy/privacy.hpp"
#include "tests/fakes/world/world.hpp"

namespace causeway::engine {
namespace {

class TrackerTest : public testing::Test {
 protected:
  [[nodiscard]] Intent edit(const std::string& title) const {
    EditTicket wish;
    wish.set[Field::title] = title;
    const auto gate = policy::PrivacyGate::make({});
    auto cleared = gate->review({std::move(wish), {}}, {TrackerRole::queue, Visibility::open, true, true, true});
    return {{TrackerId{"community"}, ticket}, *std::move(cleared), Marker{"0123456789abcdef0123"}};
  }

  fakes::ManualClock clock;
  fakes::MemoryTracker adapter{TrackerId{"community"}, fakes::community_capabilities(), clock};
  Tracker tracker{{TrackerId{"community"}, TrackerRole::community, 1, 1}, adapter, clock};
  NativeId ticket = adapter.open(Ticket{});
};

TEST_F(TrackerTest, AsksWhetherAWriteMayGoOnlyWhenItsTurnHasCome) {
  std::latch first_is_on_its_way{1};
  std::latch second_waits{1};
  std::latch first_may_end{1};
  std::atomic<bool> on_its_way{false};
  std::atomic<bool> asked_too_early{false};
  adapter.before = [&, is_first = true](const std::string& /*request*/) mutable -> std::optional<Failure> {
    if (!is_first) return std::nullopt;
    is_first = false;
    on_its_way = true;
    first_is_on_its_way.count_down();
    first_may_end.wait();
    on_its_way = false;
    return std::nullopt;
  };
  std::jthread first{[&] { EXPECT_TRUE(tracker.apply(edit("first"))); }};
  first_is_on_its_way.wait();
  std::jthread second{[&] {
    second_waits.count_down();
    EXPECT_TRUE(tracker.apply(edit("second"), [&]() -> Result<void> {
      asked_too_early = on_its_way.load();
      return {};
    }));
  }};
  second_waits.wait();
  first_may_end.count_down();
  first.join();
  second.join();
  EXPECT_FALSE(asked_too_early) << "what it saw may be old by the time the write leaves";
  EXPECT_EQ(adapter.look(ticket).ticket.title, "second");
}

TEST_F(TrackerTest, AWriteThatMayNotGoAnyMoreIsNotSentAndSaysNothingOfTheTracker) {
  const auto kept_back = tracker.apply(edit("never"), [&]() -> Result<void> {
    return fail(Fault::transient, "the other tracker does not answer", Reach::tracker);
  });
  ASSERT_FALSE(kept_back);
  EXPECT_EQ(kept_back.error().fault, Fault::transient);
  EXPECT_EQ(adapter.writes(), 0U);
  EXPECT_FALSE(tracker.blocked());
}

}  // namespace
}  // namespace causeway::engine
