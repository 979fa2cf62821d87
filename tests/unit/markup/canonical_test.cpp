/// The form in which trackers keep text.
#include <gtest/gtest.h>

#include "agent/markup/convert.hpp"

namespace causeway::markup {
namespace {

using namespace std::string_literals;

TEST(Canonical, LineEndsBecomeLineFeeds) { EXPECT_EQ(canonical(Format::github, "a\r\nb\rc\nd"), "a\nb\nc\nd"); }

TEST(Canonical, NulIsTakenOutEvenBetweenCarriageReturnAndLineFeed) {
  EXPECT_EQ(canonical(Format::github, "a\0b\r\0\nc"s), "ab\nc");
}

TEST(Canonical, WhiteSpaceAtTheEndGoesAndAtTheBeginningStays) {
  EXPECT_EQ(canonical(Format::textile, "  a \t\r\n\n "), "  a");
}

TEST(Canonical, BrokenBytesBecomeTheReplacementCharacter) {
  EXPECT_EQ(canonical(Format::github, "a\xFF\xC3(b"), "a\xEF\xBF\xBD\xEF\xBF\xBD(b");
}

TEST(Canonical, HalfASurrogatePairIsAQuestionMarkOnRedmine) {
  EXPECT_EQ(canonical(Format::textile,
                      "a\xED\xA0\x80"
                      "b"),
            "a?b");
  EXPECT_EQ(canonical(Format::github,
                      "a\xED\xA0\x80"
                      "b"),
            "a\xEF\xBF\xBD"
            "b");
}

TEST(Canonical, FourByteEmojiStay) {
  EXPECT_EQ(canonical(Format::textile, "\xF0\x9F\x98\x80 ok"), "\xF0\x9F\x98\x80 ok");
}

TEST(Canonical, TwiceIsOnce) {
  const std::string once = canonical(Format::redmine_markdown, "\xED\xA0\x80\r\0\r\n\xE2\x81 x \n"s);
  EXPECT_EQ(canonical(Format::redmine_markdown, once), once);
}

}  // namespace
}  // namespace causeway::markup
