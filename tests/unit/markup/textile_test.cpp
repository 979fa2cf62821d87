/// Redmine's Textile in and out. What Redmine makes of each text was checked against its own formatter (RedCloth
/// 3, 5.0.4).
#include <gtest/gtest.h>

#include "agent/markup/convert.hpp"

namespace causeway::markup {
namespace {

std::string again(std::string_view text) { return render(Format::textile, parse(Format::textile, text)).text; }

class TextileUnchanged : public testing::TestWithParam<std::string_view> {};

TEST_P(TextileUnchanged, IsWrittenAsItWasRead) { EXPECT_EQ(again(GetParam()), GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    Textile, TextileUnchanged,
    testing::Values("h1. One\n\nh6. Six", "a *b* _c_ -d- +e+ ^f^ ~g~ @h@", "*_both_*", "* a\n** b\n**# c\n* d",
                    "# one\n# two", "* [x] done\n* [ ] open", "> a\n>\n>> b\n>\n> c",
                    "<pre><code class=\"ruby\">\nputs 1\n</code></pre>", "<pre>\nplain *text*\n</pre>",
                    "|_. head|_>. right|\n|a|>. b|", "\"text\":https://a.org/b", "\"text(title)\":https://a.org/b.",
                    "!https://a.org/b.png(alt)!", "!picture.png!:https://a.org/",
                    "https://a.org/b, www.a.org and x@y.org", "line\nnext", "---", "%{color:red}red%", "??cite??",
                    "p(note). styled",
                    "[[Wiki page|shown]] {{toc}} #12 r34 commit:abc1234 attachment:a.png @alice document#3",
                    "sandbox:#12 main|r12", "text[1]\n\nfn1. A footnote", "{{collapse(more)\nhidden *text*\n}}",
                    "<!-- unseen -->", "a*b*c snake_case_name C:\\path -- \"quoted\" 1 * 2 * 3",
                    "H<notextile></notextile>~2~<notextile></notextile>O", "<kbd>Ctrl</kbd>", "|\\2. wide|\n|a|b|"));

TEST(Textile, HostileTextStaysText) {
  // Each of these means something in Textile but nothing in Markdown.
  for (const std::string_view text :
       {"h1. title", "bq. quote", "p. paragraph", "fn1. note",  "%red%",    "??cite??",  "+more+",
        "^up^",      "==raw==",   "HTTP(S)",      "x[0]",       "|cell|",   "!picture!", "\"text\":http",
        "{{toc}}",   "[[Wiki]]",  "r12",          "commit:abc", "&amp;lt;", "-gone-"}) {
    const Document document = parse(Format::github, text);
    const Document back = parse(Format::textile, render(Format::textile, document).text);
    ASSERT_EQ(back.size(), 2U) << text;
    EXPECT_EQ(back.nodes[1].kind, Kind::text) << text;
    EXPECT_EQ(back.text(back.nodes[1]), document.text(document.nodes[1])) << text;
  }
}

TEST(Textile, AMarkNeedsAnEdgeOnBothSides) {
  EXPECT_EQ(parse(Format::textile, "a*b*c").size(), 2U);
  EXPECT_EQ(parse(Format::textile, "(*b*),").nodes[2].kind, Kind::strong);
}

TEST(Textile, AMarkInsideAWordIsPartedWithAnEmptyTag) {
  EXPECT_EQ(render(Format::textile, parse(Format::github, "a**b**c")).text,
            "a<notextile></notextile>*b*<notextile></notextile>c");
}

TEST(Textile, HtmlIsTextForRedmine) {
  const Document document = parse(Format::textile, "<b>x</b>");
  ASSERT_EQ(document.size(), 2U);
  EXPECT_EQ(document.text(document.nodes[1]), "<b>x</b>");
}

TEST(Textile, WhatItCannotSayIsKeptAsCodeAndNamed) {
  const Rendered rendered =
      render(Format::textile, parse(Format::github, "<details>\nx\n</details>\n\n[a](docs/a.md)"));
  EXPECT_EQ(rendered.text, "<pre><code class=\"html\">\n<details>\nx\n</details>\n</code></pre>\n\n@[a](docs/a.md)@");
  EXPECT_EQ(rendered.losses.size(), 2U);
}

TEST(Textile, CodeThatHoldsATagStaysOneBlock) {
  const Rendered rendered = render(Format::textile, parse(Format::github, "```\n</pre>\n```"));
  const Document back = parse(Format::textile, rendered.text);
  ASSERT_EQ(back.size(), 1U);
  EXPECT_EQ(back.nodes[0].kind, Kind::code_block);
  EXPECT_EQ(revive(back.text(back.nodes[0])), "</pre>");
  EXPECT_EQ(rendered.losses.size(), 1U);
}

TEST(Textile, EveryLineOfAParagraphIsGuarded) {
  EXPECT_EQ(render(Format::textile, parse(Format::github, "a\n\\> b\n\\# c\n|d|")).text,
            "a\n&#62; b\n&#35; c\n&#124;d|");
}

TEST(Textile, ANotextileIsLiteral) {
  const Document document = parse(Format::textile, "==*a*== <notextile>_b_</notextile>");
  ASSERT_EQ(document.size(), 2U);
  EXPECT_EQ(document.text(document.nodes[1]), "*a* _b_");
}

TEST(Textile, AListNeedsNoBlankLineBeforeIt) {
  const Document document = parse(Format::textile, "intro\n* a\nmore");
  EXPECT_EQ(render(Format::github, document).text, "intro\n\n- a\n  more");
}

TEST(Textile, AnythingIsRead) {
  for (const std::string_view text : {"<pre>",
                                      "</pre>",
                                      "|",
                                      "||",
                                      "@",
                                      "@@",
                                      "\x02"
                                      "0\x03",
                                      "\x02",
                                      "!(",
                                      "\"\":",
                                      "==",
                                      "[[",
                                      "{{",
                                      "> ",
                                      "*",
                                      "* ",
                                      "h1.",
                                      "h1. ",
                                      "table.\n",
                                      "<!--",
                                      "&#",
                                      "%(",
                                      "fn"})
    EXPECT_NO_THROW(static_cast<void>(again(text))) << text;
}

}  // namespace
}  // namespace causeway::markup
