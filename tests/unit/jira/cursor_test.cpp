#include "adapters/jira/cursor.hpp"

#include <gtest/gtest.h>

namespace causeway::jira {
namespace {

using namespace std::chrono_literals;

Instant at(const char* text) { return *parse_instant(text); }

TEST(JiraCursor, ComesBackAsItWas) {
  Place place;
  EXPECT_TRUE(encode(place).empty());
  place.since = at("2026-11-23T02:34:00Z");
  EXPECT_EQ(*decode_place(encode(place)), place);
  place.walk = Place::Walk{at("2026-11-23T03:00:00.123Z"),
                           at("2026-11-23T02:59:01.5Z"),
                           "tok\"en",
                           at("2026-11-23T02:59:00Z"),
                           true,
                           100,
                           240,
                           7};
  EXPECT_EQ(*decode_place(encode(place)), place);
  place.since.reset();
  EXPECT_EQ(*decode_place(encode(place)), place);
}

TEST(JiraCursor, IsRefusedWhenItIsNotOurs) {
  for (const char* text : {"x", "{}", "[]", R"({"since":"soon"})"}) {
    const auto place = decode_place(Cursor{text});
    ASSERT_FALSE(place) << text;
    EXPECT_EQ(place.error().fault, Fault::malformed);
  }
}

TEST(JiraCursor, StaysBehindWhatTheIndexMayStillHide) {
  const Instant newest = at("2026-11-23T12:00:30Z");
  EXPECT_EQ(next_start(std::nullopt, newest, newest + 10s, 60s), at("2026-11-23T11:58:00Z"));
  // What began before the newest row was changed may have missed others of that time.
  EXPECT_EQ(next_start(std::nullopt, newest, newest - 10min, 60s), at("2026-11-23T11:48:00Z"));
}

TEST(JiraCursor, LeavesTheNewestMinuteBehindOnceNothingElseCanComeIntoIt) {
  const Instant newest = at("2026-11-23T12:00:30Z");
  EXPECT_EQ(next_start(std::nullopt, newest, newest + 3min, 60s), at("2026-11-23T11:58:00Z"));
  EXPECT_EQ(next_start(std::nullopt, newest, newest + 4min, 60s), at("2026-11-23T12:01:00Z"));
}

TEST(JiraCursor, NeverGoesBack) {
  const Instant since = at("2026-11-23T12:00:00Z");
  EXPECT_EQ(next_start(since, since + 10s, since + 20s, 60s), since);
}

}  // namespace
}  // namespace causeway::jira
