/// Mirrored text notifies nobody and leaves no trace, and comes back as it was.
#include <gtest/gtest.h>

#include "agent/markup/convert.hpp"

namespace causeway::markup {
namespace {

#define JOINER "\xE2\x81\xA0"

std::string dead(Format from, Format to, std::string_view text) {
  return render(to, neutralize(parse(from, text), to)).text;
}

bool is_live(Format format, std::string_view text) {
  const Document document = parse(format, text);
  return std::ranges::any_of(
      document.nodes, [](const Node& node) { return node.kind == Kind::mention || node.kind == Kind::reference; });
}

TEST(Neutralize, MentionsAndReferencesGetAnInvisibleJoiner) {
  EXPECT_EQ(dead(Format::textile, Format::github, "Fixes #12, GH-3 and o/r#4 for @octo-cat"),
            "Fixes #" JOINER "12, GH-" JOINER "3 and o/r#" JOINER "4 for @" JOINER "octo-cat");
}

TEST(Neutralize, ACommitBecomesCode) {
  EXPECT_EQ(dead(Format::textile, Format::github, "see abc1234def now"), "see `abc1234def`" JOINER " now");
}

TEST(Neutralize, AnIssuesAddressGoesThroughTheRedirect) {
  EXPECT_EQ(dead(Format::textile, Format::github, "https://github.com/o/r/issues/1 https://github.com/o/r"),
            "https://redirect.github.com/o/r/issues/1 https://github.com/o/r");
  EXPECT_EQ(dead(Format::github, Format::github, "[x](http://www.github.com/o/r/pull/1#issue)"),
            "[x](http://redirect.github.com/o/r/pull/1#issue)");
}

TEST(Neutralize, WhatIsLiveOnlyInTheTargetIsMadeDeadToo) {
  for (const std::string_view text :
       {"r12", "{{toc}}", "[[Wiki]]", "commit:abc", "source:\"a b\"", "document#4", "sandbox:#5", "main|r7", "##12",
        "#12#note-3", "user:alice", "attachment:a.png", "@alice", "@a.b@c"}) {
    for (const Format target : {Format::textile, Format::redmine_markdown}) {
      EXPECT_TRUE(is_live(target, text)) << text;
      EXPECT_FALSE(is_live(target, dead(Format::github, target, text))) << text;
      EXPECT_FALSE(is_live(target, dead(target, target, text))) << text;
    }
  }
}

TEST(Neutralize, RedmineFindsMentionsInCodeAndAddresses) {
  EXPECT_EQ(dead(Format::github, Format::redmine_markdown, "`@alice`"), "`@" JOINER "alice`");
  EXPECT_EQ(dead(Format::github, Format::redmine_markdown, "[x](https://a.org/@alice)"), "[x](https://a.org/%40alice)");
  EXPECT_EQ(dead(Format::github, Format::redmine_markdown, "```\n@property\n```"), "```\n@property\n```");
}

TEST(Neutralize, HtmlIsMadeDeadToo) {
  EXPECT_EQ(
      dead(Format::github, Format::github, "<div>\n@alice #1 <a href=\"https://github.com/o/r/issues/1\">\n</div>"),
      "<div>\n@" JOINER "alice #" JOINER "1 <a href=\"https://redirect.github.com/o/r/issues/1\">\n</div>");
}

TEST(Neutralize, AStyleDoesNotHideAName) {
  EXPECT_EQ(dead(Format::jira_wiki, Format::github, "@{color:red}alice{color}"), "@" JOINER "alice");
}

TEST(Neutralize, WhatOnlyLooksLikeAnAddressHidesNoName) {
  EXPECT_EQ(dead(Format::textile, Format::github, "x @s://exampn y"), "x @" JOINER "s://exampn y");
  EXPECT_EQ(dead(Format::textile, Format::github, "#1 and 12345abcdef://x"),
            "#" JOINER "1 and `12345abcdef`" JOINER "://x");
  for (const std::string_view text : {"x @s://exampn y", "x @https://- y", "@ftp:// y", "@http://e.org/x", "o/r#12://x",
                                      "#12https://e.org", "@bob1http://e.org", "abc1234http://e.org", "12345abcdef://x",
                                      "o/r@12345abcdef://x @s://y #3", ":1a2b3c4ftp://e.org", "r12://x", "@a.b://"}) {
    for (const Format from : {Format::textile, Format::github, Format::jira_wiki, Format::adf}) {
      for (const Format target : {Format::github, Format::textile, Format::redmine_markdown})
        EXPECT_FALSE(is_live(target, dead(from, target, text))) << text << dead(from, target, text);
    }
  }
}

TEST(Neutralize, AnAddressTextileCannotLinkToIsTextThere) {
  EXPECT_EQ(dead(Format::github, Format::textile, "@<bob:.> x"), "@" JOINER "bob:. x");
  EXPECT_EQ(dead(Format::github, Format::redmine_markdown, "@<bob:.> x"), "@<bob:.> x");
}

TEST(Neutralize, AnEmphasisBehindASignNamesNobodyInRawText) {
  EXPECT_EQ(dead(Format::github, Format::redmine_markdown, "x @*bob* y"), "x @" JOINER "*bob* y");
  EXPECT_EQ(dead(Format::github, Format::github, "x @*bob* y"), "x @_bob_ y");
}

TEST(Neutralize, AKnownPersonIsMentioned) {
  const MentionMap people = [](std::string_view login) -> std::optional<std::string> {
    return login == "alice" ? std::optional<std::string>{"a.lice"} : std::nullopt;
  };
  const Document document = neutralize(parse(Format::github, "@alice and @bob"), Format::redmine_markdown, people);
  EXPECT_EQ(render(Format::redmine_markdown, document).text, "@a.lice and @" JOINER "bob");
}

TEST(Neutralize, EmojiAndStructureStay) {
  const Document document = parse(Format::github, "# a :tada:\n\n- **b**\n  > c\n\n| x |\n| --- |\n| y |");
  EXPECT_EQ(neutralize(document, Format::github), document);
}

TEST(Revive, GivesBackWhatWasNeutralized) {
  for (const std::string_view text :
       {"Fixes #12, GH-3 and o/r#4 for @octo-cat", "see abc1234def now", "https://github.com/o/r/issues/1", "plain"})
    EXPECT_EQ(revive(dead(Format::github, Format::github, text)), text);
  for (const Format format : {Format::textile, Format::redmine_markdown})
    for (const std::string_view text :
         {"r12 {{toc}} [[Wiki]] commit:abc document#4 sandbox:#5 main|r7 ##12 #12#note-3 @alice", "`x`"})
      EXPECT_EQ(revive(dead(format, format, text)), render(format, parse(format, text)).text);
}

TEST(Revive, LeavesOtherTextAlone) {
  for (const std::string_view text : {"a" JOINER "b", JOINER "x", "`abc1234`", "redirect.github.com",
                                      "https://redirect.github.com/a", "`code`" JOINER "x"})
    EXPECT_EQ(revive(text), text);
}

}  // namespace
}  // namespace causeway::markup
