#include "adapters/github/envelope.hpp"

#include <gtest/gtest.h>

namespace causeway::github {
namespace {

const Marker marker{"0123456789abcdef0123"};
const Attribution alice{"alice", "Support #12", "https://redmine.test/issues/12"};

TEST(GitHubEnvelope, SaysWhoseWordsTheseAreAndHidesTheMark) {
  EXPECT_EQ(wrap("Hello", alice, marker),
            "Hello\n\n-- alice, https://redmine.test/issues/12 <!-- causeway:0123456789abcdef0123 -->");
}

TEST(GitHubEnvelope, GivesBackEveryTextByteForByte) {
  for (const std::string text : {"", "a", "\n", "a\n\n\n", "```\nopen fence", "<!-- open comment", "-- not ours", "😀",
                                 "quoted:\n\n-- bob <!-- causeway:ffffffffffffffffffff -->",
                                 "a\n\n<!-- causeway:ffffffffffffffffffff -->\n\nb"}) {
    const Unwrapped unwrapped = unwrap(wrap(text, alice, marker));
    EXPECT_EQ(unwrapped.text, text);
    EXPECT_EQ(unwrapped.marker, marker);
    EXPECT_TRUE(unwrapped.enveloped);
  }
}

TEST(GitHubEnvelope, ReadsTextsThatTheWebSiteSavedWithItsOwnLineEnds) {
  const Unwrapped unwrapped = unwrap("one\r\ntwo\r\n\r\n-- alice <!-- causeway:0123456789abcdef0123 -->\r\n");
  EXPECT_EQ(unwrapped.text, "one\ntwo");
  EXPECT_EQ(unwrapped.marker, marker);
}

TEST(GitHubEnvelope, IsTakenOffWhereAPersonWroteBelowIt) {
  const Unwrapped unwrapped = unwrap(wrap("Hello", alice, marker) + "\n\nAdded later");
  EXPECT_EQ(unwrapped.text, "Hello\n\nAdded later");
  EXPECT_EQ(unwrapped.marker, marker);
}

TEST(GitHubEnvelope, LeavesTextsOfPeopleAlone) {
  for (const std::string text :
       {"Hello", "-- alice", "<!-- causeway:xyz -->", "<!-- causeway:0123456789ABCDEF0123 -->",
        "see -- alice <!-- causeway:0123456789abcdef0123 -->", "-- alice<!-- causeway:0123456789abcdef0123 -->",
        "-- alice <!-- causeway:0123456789abcdef0123 --> and more"}) {
    const Unwrapped unwrapped = unwrap(text);
    EXPECT_EQ(unwrapped.text, text);
    EXPECT_FALSE(unwrapped.enveloped) << text;
    EXPECT_FALSE(unwrapped.marker);
  }
}

TEST(GitHubEnvelope, HoldsNothingThatGitHubWouldBringToLife) {
  const Attribution hostile{"@bob #12 GH-7 deadbeef1 <b> ![x](y) *b* --> fixes acme/widget#1\nline", "", ""};
  const std::string line = wrap("", hostile, marker);
  EXPECT_EQ(line,
            "-- bob no. 12 G\u2060H-7 d\u2060eadbeef1 b xy b -- fixes acme/widget no. 1 line "
            "<!-- causeway:0123456789abcdef0123 -->");
}

TEST(GitHubEnvelope, LeavesNoTraceOnAnIssueThatItNames) {
  const std::string line = wrap("", {"bob", "", "https://github.com/acme/widget/issues/12"}, marker);
  EXPECT_EQ(line, "-- bob, https://redirect.github.com/acme/widget/issues/12 <!-- causeway:0123456789abcdef0123 -->");
}

TEST(GitHubEnvelope, StandsAloneWhereNothingMayBeNamed) {
  EXPECT_EQ(wrap("Hello", {}, marker), "Hello\n\n<!-- causeway:0123456789abcdef0123 -->");
  EXPECT_EQ(unwrap("Hello\n\n<!-- causeway:0123456789abcdef0123 -->").text, "Hello");
}

TEST(GitHubEnvelope, TakesNoMoreRoomThanIsKeptForIt) {
  const std::string line = wrap("", {std::string(5000, 'a'), "", "https://x.test/" + std::string(5000, 'b')}, marker);
  EXPECT_LE(line.size() + 2, envelope_bytes_max);
}

}  // namespace
}  // namespace causeway::github
