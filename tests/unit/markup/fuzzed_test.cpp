/// What fuzzing found, one case each.
#include <gtest/gtest.h>

#include "agent/markup/convert.hpp"

namespace causeway::markup {
namespace {

TEST(Fuzzed, ControlCharactersAreNotReadSoThatNothingComesToLifeWhereTheyAreLeftOut) {
  for (const Format format : {Format::github, Format::textile, Format::redmine_markdown, Format::jira_wiki})
    EXPECT_EQ(parse(format,
                    "see #1\x01\x02"
                    "4"),
              parse(format, "see #14"));
}

TEST(Fuzzed, AnEntityThatNamesAControlCharacterIsNothing) {
  for (const Format format : {Format::github, Format::textile, Format::redmine_markdown, Format::jira_wiki})
    EXPECT_EQ(render(Format::github, parse(format, "a&#1;b")).text.find('\x01'), std::string::npos);
  EXPECT_EQ(render(Format::github, parse(Format::adf, R"({"version":1,"type":"doc","content":[{"type":"paragraph",)"
                                                      R"("content":[{"type":"text","text":"a\u0001b"}]}]})"))
                .text,
            "ab");
}

/// The same when it is written and read a second time.
bool is_settled(Format target, const Document& document) {
  const Document once = parse(target, render(target, document).text);
  return parse(target, render(target, once).text) == once;
}

TEST(Fuzzed, AnAmpersandBeforeAReferenceMakesNoEntity) {
  EXPECT_TRUE(is_settled(Format::github, parse(Format::textile, "2023\\&amp;#45;01")));
  EXPECT_EQ(render(Format::github, parse(Format::textile, "a&amp;#45;b")).text, "a\\&#45;b");
}

TEST(Fuzzed, AnExclamationMarkBeforeAnAddressMakesNoImage) {
  EXPECT_TRUE(is_settled(Format::github, parse(Format::textile, "\"!https://img.shields.io/npm/>\nx")));
}

TEST(Fuzzed, AMacroBehindAnAddressDoesNotBelongToIt) {
  EXPECT_TRUE(is_settled(Format::github, parse(Format::jira_wiki, "[Link|http3://example.org/{toc}")));
}

TEST(Fuzzed, ATaskThatShowsNothingIsItsBoxAsText) {
  constexpr std::string_view document =
      R"({"version":1,"type":"doc","content":[{"type":"taskList","attrs":{"localId":"x"},"content":[{"type":"taskItem",)"
      R"("attrs":{"localId":"x","state":"TODO"},"content":[{"type":"hardBreak"}]}]}]})";
  EXPECT_EQ(render(Format::github, parse(Format::adf, document)).text, "- [ ]");
  EXPECT_TRUE(is_settled(Format::github, parse(Format::adf, document)));
}

TEST(Fuzzed, AnEmptyQuoteInAPanelLeavesNoMark) {
  constexpr std::string_view document =
      R"({"version":1,"type":"doc","content":[{"type":"panel","attrs":{"panelType":"error"},"content":[)"
      R"({"type":"blockquote","content":[{"type":"paragraph","content":[]}]}]}]})";
  EXPECT_EQ(render(Format::textile, parse(Format::adf, document)).text, "> *error*");
  EXPECT_EQ(render(Format::textile, parse(Format::github, "> a\n>\n> >\n>\n> b")).text, "> a\n>\n> b");
}

TEST(Fuzzed, AnEscapedMarkDoesNotPutTheNextPartingIntoATag) {
  constexpr std::string_view document =
      R"({"version":1,"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":"@bob"},)"
      R"({"type":"text","text":"a","marks":[{"type":"strike"},{"type":"code"},{"type":"strong"}]}]}]})";
  const std::string text = render(Format::textile, parse(Format::adf, document)).text;
  EXPECT_NE(text.find("<code>a</code>"), std::string::npos) << text;
  EXPECT_TRUE(is_settled(Format::textile, parse(Format::adf, document)));
}

TEST(Fuzzed, ASpaceAtTheBeginningOfALinkIsMovedOutOfItHoweverDeepItStands) {
  constexpr std::string_view document =
      R"({"version":1,"type":"doc","content":[{"type":"heading","attrs":{"level":6},"content":[)"
      R"({"type":"text","text":"a"},{"type":"text","text":" b","marks":[{"type":"em"},)"
      R"({"type":"link","attrs":{"href":"https://e.org"}}]}]}]})";
  const Document linked = parse(Format::adf, document);
  EXPECT_EQ(render(Format::textile, linked).text, "h6. a \"_b_\":https://e.org");
  EXPECT_TRUE(is_settled(Format::textile, linked));
}

TEST(Fuzzed, AnAddressThatEndsLikeTheSpanAroundItIsNotPartedInItsLastCharacter) {
  const Document document = parse(Format::textile, "~~ a -bq. http://x.y----");
  EXPECT_EQ(render(Format::textile, document).text.find("&<"), std::string::npos);
  EXPECT_TRUE(is_settled(Format::textile, document));
}

TEST(Fuzzed, TheIdOfAnAccountGetsItsPrefixInWikiMarkupOnceOnly) {
  constexpr std::string_view document =
      R"({"version":1,"type":"doc","content":[{"type":"paragraph","content":[{"type":"mention","attrs":{"id":"ann",)"
      R"("text":"@Ann"}}]}]})";
  const std::string wiki = render(Format::jira_wiki, parse(Format::adf, document)).text;
  EXPECT_EQ(wiki, "[~accountid:ann]");
  const Document back = parse(Format::adf, render(Format::adf, parse(Format::jira_wiki, wiki)).text);
  EXPECT_EQ(render(Format::jira_wiki, back).text, wiki);
}

}  // namespace
}  // namespace causeway::markup
