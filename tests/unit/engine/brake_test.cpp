/// The brake: stops once, stays on until a person says so, lets go until the route has caught up.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agent/engine/holds.hpp"
#include "tests/fakes/world/world.hpp"

namespace causeway {
namespace {

using namespace std::chrono_literals;
using fakes::World;
using ::testing::IsEmpty;
using ::testing::SizeIs;

World braked(std::size_t brake) {
  config::RouteConfig route = fakes::sample_route();
  route.brake = brake;
  return World{route};
}

std::string state(World& world) {
  const auto values = world.store.state().values;
  const auto found = values.find("brake/widget");
  return found == values.end() ? "" : found->second;
}

TEST(Brake, StaysOnUntilAPersonReleasesIt) {
  World world = braked(3);
  for (int i = 0; i < 10; ++i) world.file("one of many");
  for (int i = 0; i < 5; ++i) {
    world.pass();
    world.clock.advance(2h);
  }
  EXPECT_THAT(world.queue.all(), SizeIs(3)) << "a few more each pass is not stopping";
  world.restart();
  world.pass();
  EXPECT_THAT(world.queue.all(), SizeIs(3)) << "a new life does not let go";
  const auto braked = engine::braked_routes(world.store);
  ASSERT_TRUE(braked);
  EXPECT_THAT(*braked, SizeIs(1));
}

TEST(Brake, LetsEverythingGoOnceReleasedAndThenCountsAgain) {
  World world = braked(3);
  for (int i = 0; i < 10; ++i) world.file("one of many");
  world.pass();
  ASSERT_TRUE(engine::release_brake(world.store, RouteId{"widget"}, world.clock.now()));
  world.pass();
  EXPECT_THAT(world.queue.all(), SizeIs(10)) << "at once, not when each ticket's patience is over";
  world.clock.advance(1min);
  world.pass();
  EXPECT_EQ(state(world), "");
  for (int i = 0; i < 10; ++i) world.file("another wave");
  world.pass();
  EXPECT_THAT(world.queue.all(), SizeIs(13));
  EXPECT_EQ(state(world), "engaged");
}

TEST(Brake, ARefusedReleaseSaysSo) {
  World world = braked(3);
  EXPECT_FALSE(engine::release_brake(world.store, RouteId{"widget"}, world.clock.now()));
}

TEST(Brake, CountsATicketOnceHoweverOftenItIsTried) {
  World world = braked(3);
  world.file("one");
  world.queue.before = [tries = 0](const std::string& name) mutable -> std::optional<Failure> {
    if (name == "create_ticket" && ++tries < 8) return Failure{Fault::rate_limited, Reach::ticket, "later", 1s};
    return std::nullopt;
  };
  ASSERT_TRUE(world.engine().begin_pass());
  for (int i = 0; i < 100; ++i) {
    while (*world.engine().step()) {
    }
    world.clock.advance(2s);
  }
  EXPECT_THAT(world.queue.all(), SizeIs(1));
  EXPECT_EQ(state(world), "");
}

TEST(Brake, CommentsGoOnMeanwhile) {
  World world = braked(1);
  const NativeId first = world.file("the first");
  world.pass();
  world.file("second");
  world.file("third");
  world.pass();
  world.community.comment(first, "still mirrored");
  world.clock.advance(1min);
  world.pass();
  EXPECT_THAT(world.queue.look(world.twin(first)).comments, SizeIs(1));
}

TEST(Brake, ZeroMeansNone) {
  World world = braked(0);
  for (int i = 0; i < 300; ++i) world.file("one of many");
  world.pass();
  EXPECT_THAT(world.queue.all(), SizeIs(300));
}

}  // namespace
}  // namespace causeway
