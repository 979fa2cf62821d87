/// Texts longer than a tracker takes.
#include <gtest/gtest.h>

#include "agent/markup/convert.hpp"

namespace causeway::markup {
namespace {

constexpr std::string_view link = "[more](https://example.org/1)";

TEST(CutToLimit, WhatFitsIsLeftAlone) {
  const Cut cut = cut_to_limit(Format::github, "short", 5, link);
  EXPECT_EQ(cut.text, "short");
  EXPECT_FALSE(cut.was_cut);
}

TEST(CutToLimit, EndsAtABlockAndLeadsToTheWhole) {
  const std::string text = "First paragraph.\n\nSecond paragraph.\n\nThird paragraph that does not fit any more.";
  const Cut cut = cut_to_limit(Format::github, text, 75, link);
  EXPECT_TRUE(cut.was_cut);
  EXPECT_EQ(cut.text, "First paragraph.\n\nSecond paragraph.\n\n[more](https://example.org/1)");
}

TEST(CutToLimit, EndsAtALineWhereNoBlockEndsInTheSecondHalf) {
  const Cut cut = cut_to_limit(Format::github, "a\n\nline one\nline two\nline three", 22, "");
  EXPECT_EQ(cut.text, "a\n\nline one\nline two");
}

TEST(CutToLimit, NeverCutsACharacter) {
  const std::string text = "\xC3\xA4\xC3\xB6\xC3\xBC\xF0\x9F\x98\x80";
  for (std::size_t bytes_max = 0; bytes_max < text.size(); ++bytes_max) {
    const Cut cut = cut_to_limit(Format::github, text, bytes_max, "");
    EXPECT_LE(cut.text.size(), bytes_max);
    EXPECT_EQ(canonical(Format::github, cut.text), cut.text);
  }
}

TEST(CutToLimit, ClosesAnOpenCodeBlockInMarkdown) {
  const Cut cut = cut_to_limit(Format::github, "- item\n  ````ruby\n  one\n  two\n  three\n  ````\n", 40, "");
  EXPECT_EQ(cut.text, "- item\n  ````ruby\n  one\n  two\n  ````");
}

TEST(CutToLimit, ClosesAnOpenCodeBlockInTextile) {
  const Cut cut = cut_to_limit(Format::textile, "<pre>\none\ntwo\nthree\nfour\n</pre>", 25, "");
  EXPECT_EQ(cut.text, "<pre>\none\ntwo\n</pre>");
}

TEST(CutToLimit, ClosesOpenMacrosInJirasMarkup) {
  const Cut cut = cut_to_limit(Format::jira_wiki,
                               "{panel:title=T}\n{code:sql}\none {quote}\ntwo\nthree\nfour\n{code}\n{panel}", 56, "");
  EXPECT_EQ(cut.text, "{panel:title=T}\n{code:sql}\none {quote}\n{code}\n{panel}");
}

TEST(CutToLimit, LeavesTheLinkOutWhereEvenThatDoesNotFit) {
  const Cut cut = cut_to_limit(Format::github, "abcdefgh", 4, link);
  EXPECT_EQ(cut.text, "abcd");
}

TEST(CutToLimit, NeverExceedsTheLimit) {
  const std::string text = "para\n\n```\ncode\n\nmore\n```\n\n> quote\n> ~~~\n> x\n\nend of the text";
  for (std::size_t bytes_max = 0; bytes_max <= text.size(); ++bytes_max)
    for (const Format format : all_formats)
      EXPECT_LE(cut_to_limit(format, text, bytes_max, "full text").text.size(), bytes_max) << bytes_max;
}

}  // namespace
}  // namespace causeway::markup
