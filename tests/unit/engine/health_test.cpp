#include <gtest/gtest.h>

#include "agent/engine/health_text.hpp"
#include "agent/engine/slots.hpp"

namespace causeway::engine {
namespace {

TEST(HealthText, ComesBackAsItWas) {
  Health health;
  health.state = Health::State::unreachable;
  health.message = "connection refused\nby nobody";
  health.since = *parse_instant("2026-11-23T08:00:00Z");
  health.last_success = *parse_instant("2026-11-23T07:59:00Z");
  health.blocked_until = *parse_instant("2026-11-23T08:01:00Z");
  const auto decoded = decode_health(encode_health(health));
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->state, health.state);
  EXPECT_EQ(decoded->message, "connection refused by nobody");
  EXPECT_EQ(decoded->since, health.since);
  EXPECT_EQ(decoded->blocked_until, health.blocked_until);
}

TEST(HealthText, IsTheSameStateWheneverTheLastAnswerCame) {
  Health health;
  health.state = Health::State::ok;
  const std::string before = encode_health(health);
  health.last_success = *parse_instant("2026-11-23T07:59:00Z");
  EXPECT_TRUE(same_state(before, encode_health(health)));
  health.state = Health::State::denied;
  EXPECT_FALSE(same_state(before, encode_health(health)));
}

TEST(HealthText, RefusesWhatIsNone) { EXPECT_FALSE(decode_health("ok")); }

TEST(Slots, AreHalvedAndGrowBack) {
  Slots slots{8};
  slots.halve();
  EXPECT_EQ(slots.allowed(), 4U);
  for (int i = 0; i < 50; ++i) slots.went_well();
  EXPECT_EQ(slots.allowed(), 5U);
  for (int i = 0; i < 10; ++i) slots.halve();
  EXPECT_EQ(slots.allowed(), 1U);
}

}  // namespace
}  // namespace causeway::engine
