#include "adapters/github/cursor.hpp"

#include <gtest/gtest.h>

namespace causeway::github {
namespace {

using namespace std::chrono_literals;

Instant at(std::string_view text) { return *parse_instant(text); }

TEST(GitHubCursor, ReadsWhatItWrote) {
  Place place;
  place.repository = 42;
  place.issues = {at("2026-11-23T02:34:33Z"), "W/\"abc\\\""};
  place.comments = {at("2026-11-23T02:34:30Z"), ""};
  for (const Place::Kind kind : {Place::Kind::first_comments, Place::Kind::first_issues, Place::Kind::beside,
                                 Place::Kind::walk_comments, Place::Kind::look_issues, Place::Kind::walk_issues}) {
    place.step = Place::Step{kind, at("2026-11-23T02:00:00Z"), "https://api.test/repositories/42/issues?page=2",
                             kind == Place::Kind::beside};
    const auto read = decode_place(encode(place));
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(*read, place);
  }
  place.step.reset();
  EXPECT_EQ(*decode_place(encode(place)), place);
  EXPECT_EQ(*decode_place(Cursor{}), Place{});
  EXPECT_EQ(encode(Place{}), Cursor{});
}

TEST(GitHubCursor, RefusesWhatIsNotItsOwn) {
  for (const char* text :
       {"x", "{}", "[]", R"({"step":"somewhere"})", R"({"issues":{"since":"2026-11-23T02:34:33Z"}})"}) {
    const auto read = decode_place(Cursor{text});
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().fault, Fault::malformed);
  }
}

TEST(GitHubCursor, StaysBehindWhatAListMayStillHide) {
  const Instant newest = at("2026-11-23T02:34:33Z");
  EXPECT_EQ(next_start(std::nullopt, newest, 10s), newest - 12s);
}

TEST(GitHubCursor, NeverMovesBack) {
  const Instant newest = at("2026-11-23T02:34:33Z");
  EXPECT_EQ(next_start(newest, newest, 10s), newest);
}

}  // namespace
}  // namespace causeway::github
