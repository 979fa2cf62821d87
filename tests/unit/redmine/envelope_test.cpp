#include "adapters/redmine/envelope.hpp"

#include <gtest/gtest.h>

namespace causeway::redmine {
namespace {

const Marker marker{"0123456789abcdef0123"};
const Attribution alice{"alice", "acme/widget#12", "https://github.com/acme/widget/issues/12"};

std::string with_crlf(const std::string& text) {
  std::string result;
  for (const char letter : text) result += letter == '\n' ? std::string{"\r\n"} : std::string{letter};
  return result;
}

TEST(Envelope, SaysWhoseWordsTheseAreInTheLastLine) {
  EXPECT_EQ(wrap("Hello", alice, marker),
            "Hello\n\n-- alice, https://github.com/acme/widget/issues/12 (cw:0123456789abcdef0123)");
}

TEST(Envelope, GivesBackEveryTextByteForByte) {
  const std::vector<std::string> texts{"",
                                       "a",
                                       "\n",
                                       "\n\n",
                                       "a\n",
                                       "a\n\n\n",
                                       "  indented",
                                       "```\nopen fence",
                                       "<pre>\nopen",
                                       "-- not ours",
                                       "😀 \xE2\x80\x8F",
                                       "a\n\n-- bob (cw)\n\nb",
                                       "quoted:\n\n-- bob (cw:ffffffffffffffffffff)"};
  for (const std::string& text : texts) {
    for (const auto& mark : {std::optional{marker}, std::optional<Marker>{}}) {
      const Unwrapped unwrapped = unwrap(wrap(text, alice, mark));
      EXPECT_EQ(unwrapped.text, text);
      EXPECT_EQ(unwrapped.marker, mark);
      EXPECT_TRUE(unwrapped.enveloped);
      const Unwrapped stored = unwrap(with_crlf(wrap(text, alice, mark)));
      EXPECT_EQ(stored.text, text);
      EXPECT_EQ(stored.marker, mark);
    }
  }
}

TEST(Envelope, IsTakenOffWhereAPersonWroteBelowIt) {
  const Unwrapped unwrapped = unwrap(wrap("Hello", alice, marker) + "\r\n\r\nAdded later");
  EXPECT_EQ(unwrapped.text, "Hello\n\nAdded later");
  EXPECT_EQ(unwrapped.marker, marker);
}

TEST(Envelope, LeavesTextsOfPeopleAlone) {
  for (const std::string text : {"Hello", "-- alice", "-- alice (cw:xyz)", "-- alice (cw:0123456789ABCDEF0123)",
                                 "see -- alice (cw:0123456789abcdef0123)", "-- alice(cw:0123456789abcdef0123)",
                                 "-- alice (cw:0123456789abcdef0123) and more"}) {
    const Unwrapped unwrapped = unwrap(text);
    EXPECT_EQ(unwrapped.text, text);
    EXPECT_FALSE(unwrapped.enveloped) << text;
    EXPECT_FALSE(unwrapped.marker);
  }
}

TEST(Envelope, HoldsNothingThatRedmineWouldBringToLife) {
  const Attribution hostile{"@bob #12 {{include(x)}} <b> !http://evil/x.png! [[wiki]] *b*\nsecond line",
                            "acme/widget#12", ""};
  const std::string line = wrap("", hostile, marker);
  EXPECT_EQ(
      line,
      "-- bob no. 12 includex b http//evil/x.png wiki b second line, acme/widget no. 12 (cw:0123456789abcdef0123)");
  EXPECT_EQ(line.find('\n'), std::string::npos);
}

TEST(Envelope, KeepsAnAddressOneWord) {
  const std::string line = wrap("", {"", "", "https://x.test/a b\"c<d>|(e)"}, marker);
  EXPECT_EQ(line, "-- https://x.test/a%20b%22c%3Cd%3E%7C%28e%29 (cw:0123456789abcdef0123)");
}

TEST(Envelope, StandsAloneWhereNothingMayBeNamed) {
  EXPECT_EQ(wrap("Hello", {}, marker), "Hello\n\n-- (cw:0123456789abcdef0123)");
  EXPECT_EQ(unwrap("Hello\n\n-- (cw:0123456789abcdef0123)").text, "Hello");
}

TEST(Envelope, MakesEveryLineEndALineFeed) { EXPECT_EQ(with_line_feeds("a\r\nb\rc\nd\r"), "a\nb\nc\nd\n"); }

}  // namespace
}  // namespace causeway::redmine
