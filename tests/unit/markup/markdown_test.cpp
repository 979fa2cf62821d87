/// GitHub Markdown and Redmine's CommonMark in and out.
#include <gtest/gtest.h>

#include "agent/markup/convert.hpp"

namespace causeway::markup {
namespace {

std::string again(Format format, std::string_view text) { return render(format, parse(format, text)).text; }

class Unchanged : public testing::TestWithParam<std::string_view> {};

TEST_P(Unchanged, IsWrittenAsItWasRead) {
  EXPECT_EQ(again(Format::github, GetParam()), GetParam());
  EXPECT_TRUE(render(Format::github, parse(Format::github, GetParam())).losses.empty());
}

INSTANTIATE_TEST_SUITE_P(Markdown, Unchanged,
                         testing::Values("# One\n\n###### Six", "a **b** _c_ ~~d~~ `e`", "- a\n  - b\n    1. c\n- d",
                                         "- [x] done\n- [ ] open", "> a\n>\n> > b", "```ruby startline=3\nputs 1\n```",
                                         "````\n```\n````", "| a | b |\n| :--- | ---: |\n| 1 | `x` |",
                                         "[text](https://a.org/b \"title\")", "![alt](https://a.org/b.png)",
                                         "https://a.org/b and <mailto:x@y.org>", "line\nnext\\\nlast", "a\n\n---\n\nb",
                                         "H<sub>2</sub>O<sup>2</sup>", "<kbd>Ctrl</kbd> <ins>new</ins>",
                                         "@alice #12 octo/repo#3 GH-4 :tada:", "a[^1]\n\n[^1]: the note",
                                         "<details>\n<summary>x</summary>\n</details>", "snake_case_name C:\\path a*b",
                                         "1 * 2 * 3", "a -- b", "\"quoted\":text"));

TEST(Markdown, AHeadInTheMiddleOfAWordIsText) {
  const Document document = parse(Format::github, "a#12 b");
  ASSERT_EQ(document.size(), 2U);
  EXPECT_EQ(document.text(document.nodes[1]), "a#12 b");
}

TEST(Markdown, OneTildeStrikesOnGitHubOnly) {
  EXPECT_EQ(parse(Format::github, "~a~").nodes[1].kind, Kind::strike);
  EXPECT_EQ(parse(Format::redmine_markdown, "~a~").nodes[1].kind, Kind::text);
}

TEST(Markdown, ReferencesFollowTheTracker) {
  EXPECT_EQ(parse(Format::redmine_markdown, "r12").nodes[1].kind, Kind::reference);
  EXPECT_EQ(parse(Format::github, "r12").nodes[1].kind, Kind::text);
  EXPECT_EQ(parse(Format::redmine_markdown, "sandbox:#12").nodes[1].kind, Kind::reference);
}

TEST(Markdown, NestingEndsWhereItIsTooDeep) {
  std::string text;
  for (int level = 0; level < 10'000; ++level) text.append("> ");
  const Document document = parse(Format::github, text + "x");
  std::size_t quotes = 0;
  for (const Node& node : document.nodes) quotes += node.kind == Kind::quote ? 1 : 0;
  EXPECT_EQ(quotes, depth_max);
}

TEST(Markdown, EntitiesInAddressesSurvive) {
  const Document document = parse(Format::github, "[x](https://a.org/?a=1&amp;amp;b)");
  EXPECT_EQ(document.target(document.nodes[1]), "https://a.org/?a=1&amp;b");
  EXPECT_EQ(parse(Format::github, render(Format::github, document).text), document);
}

TEST(Markdown, TextileThatCannotBeSaidIsKeptAsCodeAndNamed) {
  const Rendered rendered = render(Format::github, parse(Format::textile, "|\\2. wide|\n|a|b|\n"));
  EXPECT_EQ(rendered.text, "```textile\n|\\2. wide|\n|a|b|\n```");
  EXPECT_EQ(rendered.losses, std::vector<std::string>{"Textile block kept as code"});
}

}  // namespace
}  // namespace causeway::markup
