/// Jira's wiki markup in and out.
#include <gtest/gtest.h>

#include <algorithm>

#include "agent/markup/convert.hpp"

namespace causeway::markup {
namespace {

Document read(std::string_view text) { return parse(Format::jira_wiki, text); }
std::string again(std::string_view text) { return render(Format::jira_wiki, read(text)).text; }
std::string to_github(std::string_view text) { return render(Format::github, read(text)).text; }
std::string from_github(std::string_view text) { return render(Format::jira_wiki, parse(Format::github, text)).text; }

class JiraWikiUnchanged : public testing::TestWithParam<std::string_view> {};

TEST_P(JiraWikiUnchanged, IsWrittenAsItWasRead) { EXPECT_EQ(again(GetParam()), GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    JiraWiki, JiraWikiUnchanged,
    testing::Values("h1. One\n\nh6. Six", "a *b* _c_ -d- +e+ ^f^ ~g~ {{h}} ??i??", "*_both_*",
                    "in{*}wor{*}d and {{{}x{}}}y, {_}a{_}b", "* a\n** b\n**# c\n* d", "# one\n# two\n#* three",
                    "* [x] done\n* [ ] open", "* a\nmore of a\n* b",
                    "# one\n{code:sql}\nSELECT 1;\n\nSELECT 2;\n{code}\n# two", "{quote}\na\n\nb\n{quote}",
                    "{code:java|title=Foo.java}\nint a;\n{code}", "{code}\nplain *text* {quote}\n{code}",
                    "{panel:title=My title|borderStyle=dashed|bgColor=#FFFFCE}\na\n\n* b\n{panel}",
                    "{info:title=Be careful}\nx\n{info}", "{note}\nx\n{note}", "{warning}\nx\n{warning}",
                    "{tip}\nx\n{tip}", "{expand:title=The log}\nx\n{expand}", "||head||right||\n|a|b|",
                    "||key|value|\n||other| |", "----", "[text|https://a.org/b]", "[text|https://a.org/b|title]",
                    "see https://a.org/b, and\n[https://a.org/c].",
                    "[~alice] and [~accountid:5b10ac8d82e05b22cc7d4ef5]", "[^log.txt] and [the log|^log.txt]",
                    "[#part] [up|#top]", "!picture.png! and !https://a.org/b.png|alt=two words!",
                    "[!https://a.org/b.png!|https://a.org/]", "[mailto:x@y.org]", "line\nnext",
                    "{color:red}red{color} and {color:#0f0}*g*{color}", "{anchor:here}see {status:colour=Red|title=NO}",
                    "{toc}", "PROJ-123 and (see PROJ-4)",
                    "a*b*c snake_case_name C:\\path -- \"quoted\" 1 * 2 * 3 --- {} [x] :) (/)",
                    "\\-- alice, an hour ago", "{color:red}\n\n* a\n\n{color}"));

struct Pair {
  std::string_view wiki;
  std::string_view github;
};

class JiraWikiToGithub : public testing::TestWithParam<Pair> {};

TEST_P(JiraWikiToGithub, IsTheSameThere) { EXPECT_EQ(to_github(GetParam().wiki), GetParam().github); }

INSTANTIATE_TEST_SUITE_P(
    JiraWiki, JiraWikiToGithub,
    testing::Values(
        Pair{"h2. Steps\n# one\n## deeper\n# two", "## Steps\n\n1. one\n   1. deeper\n2. two"},
        Pair{"a *b* _c_ -d- {{e}}", "a **b** _c_ ~~d~~ `e`"}, Pair{"bq. said *so*", "> said **so**"},
        Pair{"before {code:sh}ls{code} after", "before\n\n```sh\nls\n```\n\nafter"},
        Pair{"{noformat}a  b{noformat}", "```\na  b\n```"}, Pair{"{quote}a{quote}b", "> a\n\nb"},
        Pair{"one\\\\two", "one\\\ntwo"}, Pair{"||a||b||\n|c|d\\\\e|", "| a | b |\n| --- | --- |\n| c | d<br>e |"},
        Pair{"|a\nb|c|", "|  |  |\n| --- | --- |\n| a<br>b | c |"},
        Pair{"[t|http://a.org|smart-link] [http://a.org|http://a.org|smart-card]", "[t](http://a.org) http://a.org"},
        Pair{"*a\nb*", "\\*a\nb\\*"}, Pair{"a*b*c 2*3*4", "a\\*b\\*c 2\\*3\\*4"}, Pair{"\\*a\\* \\{x}", "\\*a\\* {x}"},
        Pair{"{quote}never closed", "{quote}never closed"}, Pair{"/issue/{id}/x", "/issue/`{id}`/x"},
        Pair{"**bold**", "\\*<strong>bold</strong>\\*"}, Pair{"{panel:title=T}x{panel}", "> **T**\n>\n> x"},
        Pair{"* a{code}x{code}\n* b", "- a\n  ```\n  x\n  ```\n- b"}));

class GithubToJiraWiki : public testing::TestWithParam<Pair> {};

TEST_P(GithubToJiraWiki, IsTheSameThere) { EXPECT_EQ(from_github(GetParam().github), GetParam().wiki); }

INSTANTIATE_TEST_SUITE_P(
    JiraWiki, GithubToJiraWiki,
    testing::Values(Pair{"h2. Steps\n\n# one\n#* two", "## Steps\n1. one\n   - two"},
                    Pair{"a *b* _c_ -d- {{e}}, x{*}y{*}z", "a **b** *c* ~~d~~ `e`, x**y**z"},
                    Pair{"{code:cpp}\nint a[] = {1};\n{code}", "```cpp\nint a[] = {1};\n```"},
                    Pair{"{{a \\{b\\} \\*c}}", "`a {b} *c`"}, Pair{"{quote}\na\n\nbq. b\n{quote}", "> a\n>\n> > b"},
                    Pair{"||a||b||\n|c\\|d| |", "|a|b|\n|---|---|\n|c\\|d||"},
                    Pair{"* [x] a\n* [ ] b", "- [x] a\n- [ ] b"}, Pair{"one *two\\\\ three*", "one **two\nthree**"},
                    Pair{"[a|https://a.org/?b=%7Bc%7D] https://b.org", "[a](https://a.org/?b={c}) https://b.org"},
                    Pair{"!https://a.org/b.png|alt=c!", "![c](https://a.org/b.png)"}));

TEST(JiraWiki, HostileTextStaysText) {
  // Each of these means something in Jira but nothing in Markdown.
  for (const std::string_view text :
       {"h1. title",     "bq. quote",     "{quote}x{quote}", "{code}",          "{color:red}x{color}",
        "{toc}",         "{*}x{*}",       "-gone-",          "+more+",          "^up^",
        "~down~",        "??cite??",      "{{code}}",        "|cell|",          "||head||",
        "!picture.png!", "[text|http:x]", "[~alice]",        "[^file.txt]",     "[#anchor]",
        "&amp;amp;",     "----",          "a \\ b",          "C:\\\\server\\x", "{anchor:x}",
        "{{{}x{}}}",     "- a -b- c",     "[a|#b]"}) {
    Document document;
    document.source = Format::github;
    const Document::Index paragraph = document.open(Node{.kind = Kind::paragraph});
    document.leaf(Kind::text, text);
    document.close(paragraph);
    const Document back = read(render(Format::jira_wiki, document).text);
    ASSERT_EQ(back.size(), 2U) << text << ": " << render(Format::jira_wiki, document).text;
    EXPECT_EQ(back.nodes[1].kind, Kind::text) << text;
    EXPECT_EQ(back.text(back.nodes[1]), text);
  }
}

TEST(JiraWiki, EveryLineOfAParagraphIsGuarded) {
  EXPECT_EQ(from_github("a\n\\# b\n\\* c\n|d|\nh1. e\nbq. f\n\\- g"),
            "a\n\\# b\n\\* c\n\\|d|\nh1&#46; e\nbq&#46; f\n\\- g");
}

TEST(JiraWiki, APictogramIsOnlyGuardedWhereItWasNone) {
  EXPECT_EQ(from_github("f(x) (/)"), "f\\(x) \\(/)");
  EXPECT_EQ(again("f(x) (/)"), "f(x) (/)");
}

TEST(JiraWiki, AMacroNamesItsPanel) {
  const Document document = read("{warning:title=Hot & cold}x{warning}");
  ASSERT_EQ(document.nodes[0].kind, Kind::panel);
  EXPECT_EQ(document.target(document.nodes[0]), "warning");
  EXPECT_EQ(document.title(document.nodes[0]), "Hot & cold");
}

TEST(JiraWiki, ATitleMayHoldAnything) {
  Document document;
  Node panel{.kind = Kind::details};
  panel.title = document.keep("a|b}c{d=e&amp;[f]");
  const Document::Index index = document.open(panel);
  const Document::Index paragraph = document.open(Node{.kind = Kind::paragraph});
  document.leaf(Kind::text, "x");
  document.close(paragraph);
  document.close(index);
  EXPECT_EQ(read(render(Format::jira_wiki, document).text), document);
}

TEST(JiraWiki, CodeThatHoldsItsOwnEndStaysOneBlock) {
  for (const std::string_view code : {"{code}", "{code}\n{noformat}", "a{noformat}"}) {
    Document document;
    Node block{.kind = Kind::code_block};
    block.text = document.keep(code);
    document.leaf(block);
    const Document back = read(render(Format::jira_wiki, document).text);
    ASSERT_EQ(back.size(), 1U) << code;
    EXPECT_EQ(back.nodes[0].kind, Kind::code_block);
  }
}

TEST(JiraWiki, WhatItCannotSayIsKeptAsCodeAndNamed) {
  const Rendered rendered =
      render(Format::jira_wiki, parse(Format::github, "<section>\nx\n</section>\n\n[a](docs/a.md) <u>y</u>"));
  EXPECT_EQ(rendered.text.substr(0, 45), "{code:html}\n<section>\nx\n</section>\n{code}\n\n{{");
  EXPECT_NE(rendered.text.find("[a](docs/a.md)"), std::string::npos);
  EXPECT_GE(rendered.losses.size(), 2U);
}

TEST(JiraWiki, AMentionIsALogin) {
  const Document document = read("[~alice.b]");
  ASSERT_EQ(document.nodes[1].kind, Kind::mention);
  EXPECT_EQ(document.text(document.nodes[1]), "alice.b");
  const Document account = read("[~accountid:5b10ac8d82e05b22cc7d4ef5]");
  EXPECT_EQ(account.text(account.nodes[1]), "5b10ac8d82e05b22cc7d4ef5");
}

TEST(JiraWiki, ANeutralizedMentionNotifiesNobody) {
  const std::string text =
      render(Format::jira_wiki, neutralize(parse(Format::github, "hi @alice [~bob]"), Format::jira_wiki)).text;
  EXPECT_EQ(text, "hi @alice \\[~bob]");
}

TEST(JiraWiki, HugeHostileTextIsRead) {
  const auto times = [](std::string_view piece, std::size_t count) {
    std::string text;
    text.reserve(piece.size() * count);
    for (std::size_t done = 0; done < count; ++done) text.append(piece);
    return text;
  };
  constexpr std::size_t megabyte = 1'000'000;
  for (const std::string_view piece :
       {"*",      "{",           "[",        "|",       "!",          "\\",        "&",
        "{{",     "*a ",         "_a*b-c+ ", "[a|",     "{a:",        "{panel:a}", "{quote}",
        "{code}", "{color:red}", "|a\n",     "||",      "# \n",       "-",         "\n* a\n** b",
        "!a.b",   "http://",     "{*}a",     "{{a\\}}", "[~",         "a\\\\",     "{quote}\n{panel:x}\n",
        "ABC-",   "h1. ",        "\n\n",     "{code:",  "{noformat} "}) {
    // Debug builds are slow: a megabyte only of what is one character long and begins something.
    const bool one = std::string_view{"*{[|"}.find(piece) != std::string_view::npos;
    const std::string text = times(piece, (one ? megabyte : megabyte / 10) / piece.size());
    const Document document = read(text);
    const std::string written = render(Format::jira_wiki, document).text;
    EXPECT_LE(written.size(), 8 * text.size()) << piece;
  }
  const std::string nested = times("{quote}", 10'000) + "x" + times("{quote}", 10'000);
  EXPECT_FALSE(again(nested).empty());
  const std::string panels = times("{panel:title=a}\n", 10'000) + "x" + times("\n{panel}", 10'000);
  EXPECT_FALSE(again(panels).empty());
}

TEST(JiraWiki, NestingEndsAtItsLimit) {
  std::string text;
  for (int level = 0; level < 100; ++level) text.append("{panel:title=a}\n");
  text.append(std::string(90, '*')).append(" x\n");
  for (int level = 1; level < 60; ++level) text.append(std::string(level, '*')).append(" y\n");
  for (int level = 0; level < 100; ++level) text.append("{panel}\n");
  const Document document = read(text);
  std::vector<Document::Index> ends;
  std::size_t deepest = 0;
  for (Document::Index index = 0; index < document.size(); ++index) {
    while (!ends.empty() && ends.back() <= index) ends.pop_back();
    ends.push_back(document.nodes[index].end);
    deepest = std::max(deepest, ends.size());
  }
  EXPECT_LE(deepest, 3 * depth_max);
}

TEST(JiraWiki, AnythingIsRead) {
  for (const std::string_view text :
       {"{",       "}",       "{}",       "{{",          "}}",      "{{}}", "{{{", "{{{}",  "{{{}}}}", "[",
        "[]",      "[|]",     "[~]",      "[~",          "!",       "!!",   "|",   "||",    "|||",     "*",
        "* ",      "** ",     "\\",       "\\\\",        "&",       "&#",   "h1.", "h1. ",  "bq.",     "{code}",
        "{code:}", "{color}", "{color:}", "{color:red}", "{quote}", "{:}",  "{a:", "-",     "--",      "----",
        "??",      "????",    "{*}",      "{*}{*}",      "{-}-{-}", "|\n|", "#",   "# \n# "})
    EXPECT_NO_THROW(static_cast<void>(again(again(text)))) << text;
}

}  // namespace
}  // namespace causeway::markup
