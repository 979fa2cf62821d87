#include "adapters/redmine/cursor.hpp"

#include <gtest/gtest.h>

namespace causeway::redmine {
namespace {

using namespace std::chrono_literals;

Instant at(const char* text) { return *parse_instant(text); }

TEST(RedmineCursor, ComesBackAsItWas) {
  const Instant since = at("2026-11-23T08:00:00Z");
  for (const Place& place : {Place{}, Place{since, std::nullopt}, Place{since, Place::Walk{"{\"since\":\"x\"}", 17}},
                             Place{std::nullopt, Place::Walk{"mark", 0}}}) {
    const Result<Place> again = decode_place(encode(place));
    ASSERT_TRUE(again);
    EXPECT_EQ(*again, place);
  }
}

TEST(RedmineCursor, IsRefusedWhenDamaged) {
  for (const char* text : {"{", "7", "{}", "{\"since\":\"yesterday\"}"}) {
    const Result<Place> place = decode_place(Cursor{text});
    ASSERT_FALSE(place) << text;
    EXPECT_EQ(place.error().fault, Fault::malformed);
  }
}

TEST(RedmineCursor, ListsASecondAgainWhileItMayStillGrow) {
  const Instant newest = at("2026-11-23T08:00:10Z");
  EXPECT_EQ(next_start(std::nullopt, newest, at("2026-11-23T08:00:11Z")), newest);
  EXPECT_EQ(next_start(std::nullopt, newest, at("2026-11-23T08:00:16Z")), newest);
}

TEST(RedmineCursor, LeavesASecondBehindOnceNothingCanComeIntoIt) {
  // ">=T" is executed as "later than T - 1 s", so only two seconds on is the whole shown second left out.
  const Instant newest = at("2026-11-23T08:00:10Z");
  EXPECT_EQ(next_start(std::nullopt, newest, at("2026-11-23T08:00:17Z")), newest + 2s);
}

TEST(RedmineCursor, NeverGoesBack) {
  const Instant since = at("2026-11-23T08:00:12Z");
  EXPECT_EQ(next_start(since, at("2026-11-23T08:00:11Z"), at("2026-11-23T08:00:12Z")), since);
}

}  // namespace
}  // namespace causeway::redmine
