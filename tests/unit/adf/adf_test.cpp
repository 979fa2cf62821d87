/// Atlassian Document Format, in and out.
#include <gtest/gtest.h>

#include "agent/markup/convert.hpp"
#include "tests/unit/adf/adf_schema.hpp"

namespace causeway::markup {
namespace {

std::string document_of(std::string_view blocks) {
  return fmt::format(R"({{"version":1,"type":"doc","content":[{}]}})", blocks);
}

std::string paragraph_of(std::string_view inlines) {
  return document_of(fmt::format(R"({{"type":"paragraph","content":[{}]}})", inlines));
}

std::string words_of(std::string_view text) { return fmt::format(R"({{"type":"text","text":"{}"}})", text); }

std::string github_of(std::string_view adf) { return render(Format::github, parse(Format::adf, adf)).text; }
std::string textile_of(std::string_view adf) { return render(Format::textile, parse(Format::adf, adf)).text; }
std::string adf_of(std::string_view github) { return render(Format::adf, parse(Format::github, github)).text; }

bool lost(const Rendered& rendered, std::string_view loss) {
  return std::ranges::find(rendered.losses, loss) != rendered.losses.end();
}

TEST(AdfRead, APanelIsAnAlertOnGithubAndAQuoteWithItsNameOnRedmine) {
  const std::string panel = document_of(
      R"({"type":"panel","attrs":{"panelType":"warning"},"content":[{"type":"paragraph","content":[{"type":"text","text":"Careful"}]}]})");
  EXPECT_EQ(github_of(panel), "> [!WARNING]\n> Careful");
  EXPECT_EQ(textile_of(panel), "> *warning*\n>\n> Careful");
  EXPECT_EQ(render(Format::redmine_markdown, parse(Format::adf, panel)).text, "> **warning**\n>\n> Careful");
}

TEST(AdfRead, AnExpandFoldsAwayOnBothSides) {
  const std::string expand = document_of(
      R"({"type":"expand","attrs":{"title":"The <log>"},"content":[{"type":"paragraph","content":[{"type":"text","text":"boom"}]}]})");
  EXPECT_EQ(github_of(expand), "<details><summary>The &#60;log&#62;</summary>\n\nboom\n\n</details>");
  EXPECT_EQ(textile_of(expand), "{{collapse(The <log>)\nboom\n}}");
}

TEST(AdfRead, WhatOnlyJiraHasIsReadable) {
  const std::string native = paragraph_of(
      R"({"type":"status","attrs":{"text":"IN REVIEW","color":"blue"}},{"type":"text","text":" "},)"
      R"({"type":"date","attrs":{"timestamp":"1582152559000"}},{"type":"text","text":" "},)"
      R"({"type":"emoji","attrs":{"shortName":":grinning:","id":"1f600","text":"😀"}},{"type":"text","text":" "},)"
      R"({"type":"inlineCard","attrs":{"url":"https://example.org/1"}},{"type":"text","text":" "},)"
      R"({"type":"mediaInline","attrs":{"id":"i","collection":"c","alt":"a.txt"}})");
  EXPECT_EQ(github_of(native), "`IN REVIEW` 2020-02-19 😀 https://example.org/1 a.txt");
  const Rendered rendered = render(Format::github, parse(Format::adf, native));
  EXPECT_TRUE(lost(rendered, "Jira status, kept as code"));
  EXPECT_TRUE(lost(rendered, "Jira date, kept as text"));
  EXPECT_TRUE(render(Format::adf, parse(Format::adf, native)).losses.empty());
}

TEST(AdfRead, AMentionShowsThePersonsName) {
  const std::string native = paragraph_of(R"({"type":"mention","attrs":{"id":"5b10:a","text":"@Ann Lee"}})");
  EXPECT_EQ(github_of(native), "@Ann Lee");
  const Document document = parse(Format::adf, native);
  const Node& mention = document.nodes.at(1);
  EXPECT_EQ(mention.kind, Kind::mention);
  EXPECT_EQ(document.text(mention), "5b10:a");
  EXPECT_EQ(document.title(mention), "Ann Lee");
}

TEST(AdfRead, MergedCellsAndListsInCellsShowAsLines) {
  EXPECT_EQ(
      github_of(document_of(
          R"({"type":"table","content":[{"type":"tableRow","content":[{"type":"tableHeader","attrs":{"colspan":2},)"
          R"("content":[{"type":"paragraph","content":[{"type":"text","text":"a"}]},{"type":"bulletList","content":)"
          R"([{"type":"listItem","content":[{"type":"paragraph","content":[{"type":"text","text":"b"}]}]}]}]}]}]})")),
      "| a<br>\xE2\x80\xA2 b |\n| --- |");
}

TEST(AdfRead, MarksThatGoOnAreOneAndHoldWhatCarriesNone) {
  EXPECT_EQ(github_of(paragraph_of(
                R"({"type":"text","text":"a","marks":[{"type":"strong"}]},{"type":"hardBreak"},)"
                R"({"type":"text","text":"b","marks":[{"type":"strong"},{"type":"em"}]},{"type":"text","text":" c"})")),
            "**a\\\n_b_** c");
}

TEST(AdfRead, WhatIsNoAdfIsText) {
  EXPECT_EQ(github_of("plain\nlines\n\nand more"), "plain\\\nlines\n\nand more");
  EXPECT_EQ(github_of("[1]"), "[1]");
  EXPECT_EQ(github_of("{\"type\":"), "{\"type\":");
  EXPECT_EQ(github_of(""), "");
  EXPECT_EQ(github_of("{\"type\":\"doc\"}"), "");
}

TEST(AdfRead, HalfASurrogatePairDoesNotTurnADocumentIntoText) {
  EXPECT_EQ(github_of(paragraph_of(words_of("a\\ud83d b \\uDE00 c \\ud83d\\ude00"))),
            "a\xEF\xBF\xBD b \xEF\xBF\xBD c \xF0\x9F\x98\x80");
}

TEST(AdfWrite, EveryKindOfTextHasItsNode) {
  EXPECT_EQ(
      adf_of("a **b *c* `d`** ~~e~~ <sup>2</sup> <ins>u</ins> [l](https://e.org \"t\")"),
      R"({"content":[{"content":[{"text":"a ","type":"text"},{"marks":[{"type":"strong"}],"text":"b ","type":"text"},)"
      R"({"marks":[{"type":"em"},{"type":"strong"}],"text":"c","type":"text"},)"
      R"({"marks":[{"type":"strong"}],"text":" ","type":"text"},{"marks":[{"type":"code"}],"text":"d","type":"text"},)"
      R"({"text":" ","type":"text"},{"marks":[{"type":"strike"}],"text":"e","type":"text"},{"text":" ","type":"text"},)"
      R"({"marks":[{"attrs":{"type":"sup"},"type":"subsup"}],"text":"2","type":"text"},{"text":" ","type":"text"},)"
      R"({"marks":[{"type":"underline"}],"text":"u","type":"text"},{"text":" ","type":"text"},)"
      R"({"marks":[{"attrs":{"href":"https://e.org","title":"t"},"type":"link"}],"text":"l","type":"text"}],)"
      R"("type":"paragraph"}],"type":"doc","version":1})");
}

TEST(AdfWrite, AHeadingInAQuoteIsBoldAndNamedAsALoss) {
  const Rendered rendered = render(Format::adf, parse(Format::github, "> # Head"));
  EXPECT_EQ(rendered.text,
            R"({"content":[{"content":[{"content":[{"marks":[{"type":"strong"}],"text":"Head","type":"text"}],)"
            R"("type":"paragraph"}],"type":"blockquote"}],"type":"doc","version":1})");
  EXPECT_TRUE(lost(rendered, "heading in a list or quote, kept as bold text"));
}

TEST(AdfWrite, ATaskBesideOtherItemsKeepsItsBoxAsText) {
  const Rendered rendered = render(Format::adf, parse(Format::github, "- [x] done\n- plain"));
  EXPECT_NE(rendered.text.find(R"("text":"[x] done")"), std::string::npos) << rendered.text;
  EXPECT_TRUE(lost(rendered, "box of a task, kept as text"));
}

TEST(AdfWrite, APictureOfItsOwnIsOneAndOneInALineIsALink) {
  EXPECT_NE(adf_of("![alt](https://e.org/a.png)").find(R"("type":"external","url":"https://e.org/a.png")"),
            std::string::npos);
  EXPECT_NE(adf_of("see ![alt](https://e.org/a.png)").find(R"("href":"https://e.org/a.png")"), std::string::npos);
}

TEST(AdfWrite, AnAddressThatRunsSomethingIsNoLink) {
  EXPECT_EQ(adf_of("[x](javascript:alert(1))").find("javascript"), std::string::npos);
  EXPECT_EQ(adf_of("[x](JavaScript:alert(1))").find("href"), std::string::npos);
}

TEST(AdfWrite, ShortRowsAreFilledUnlessThatWouldMakeALargeTableOfASmallText) {
  const auto row_of = [](std::size_t cells) {
    std::string out = R"({"type":"tableCell","content":[]})";
    for (std::size_t cell = 1; cell < cells; ++cell) out += R"(,{"type":"tableCell","content":[]})";
    return R"({"type":"tableRow","content":[)" + out + "]}";
  };
  const auto table_of = [](std::string_view rows) {
    return document_of(fmt::format(R"({{"type":"table","content":[{}]}})", rows));
  };
  EXPECT_EQ(github_of(table_of(row_of(2) + "," + row_of(1))), "|  |  |\n| --- | --- |\n|  |  |\n|  |  |");
  std::string rows = row_of(1000);
  for (int row = 0; row < 1000; ++row) rows += "," + row_of(1);
  const Document document = parse(Format::adf, table_of(rows));
  for (const Format format : all_formats) EXPECT_LT(render(format, document).text.size(), 300'000U) << name(format);
}

TEST(AdfCanonical, AnEchoComparesEqual) {
  const std::string written = adf_of("- [ ] a\n\n1. *b*\n\n| h |\n|---|\n| c |");
  const std::string echo =
      R"({"type":"doc","version":1,"content":[{"type":"taskList","attrs":{"localId":"7f"},"content":[{"type":"taskItem",)"
      R"("attrs":{"state":"TODO","localId":"80"},"content":[{"type":"text","text":"a"}]}]},{"type":"orderedList",)"
      R"("attrs":{"order":1,"localId":"u"},"content":[{"type":"listItem","content":[{"type":"paragraph","attrs":{},)"
      R"("content":[{"type":"text","text":"b","marks":[{"type":"em"}]}]}]}]},{"type":"table",)"
      R"("attrs":{"isNumberColumnEnabled":false,"layout":"default","localId":"t"},"content":[{"type":"tableRow","content":)"
      R"([{"type":"tableHeader","attrs":{},"content":[{"type":"paragraph","content":[{"type":"text","text":"h","marks":[]}]}]}]},)"
      R"({"type":"tableRow","content":[{"type":"tableCell","attrs":{"colspan":1},"content":[{"type":"paragraph",)"
      R"("content":[{"type":"text","text":"c"}]}]}]}]},{"type":"paragraph","content":[]}]})";
  EXPECT_EQ(canonical(Format::adf, written), written);
  EXPECT_EQ(canonical(Format::adf, echo), written);
}

TEST(AdfCanonical, TextNodesWithEqualMarksAreOne) {
  EXPECT_EQ(
      canonical(Format::adf, paragraph_of(R"({"type":"text","text":"a","marks":[{"type":"strong"},{"type":"em"}]},)"
                                          R"({"type":"text","text":""},)"
                                          R"({"type":"text","text":"b","marks":[{"type":"em"},{"type":"strong"}]},)"
                                          R"({"type":"text","text":"c"})")),
      R"({"content":[{"content":[{"marks":[{"type":"em"},{"type":"strong"}],"text":"ab","type":"text"},)"
      R"({"text":"c","type":"text"}],"type":"paragraph"}],"type":"doc","version":1})");
}

TEST(AdfCanonical, ADocumentThatSaysNothingIsTheEmptyText) {
  EXPECT_EQ(canonical(Format::adf, document_of("")), "");
  EXPECT_EQ(canonical(Format::adf, document_of(R"({"type":"paragraph"},{"type":"paragraph","content":[]})")), "");
  EXPECT_EQ(canonical(Format::adf, R"({"type":"doc","version":1})"), "");
}

TEST(AdfCanonical, TextThatIsNoAdfFollowsTheRulesOfText) {
  EXPECT_EQ(canonical(Format::adf, "a\r\n{\"type\":\"doc\"} \n"), "a\n{\"type\":\"doc\"}");
}

TEST(AdfNeutralize, MentionsAreDeadUnlessMappedEvenInWhatIsKept) {
  const std::string mention = R"({"type":"mention","attrs":{"id":"5b","text":"@Ann Lee"}})";
  const Document document =
      parse(Format::adf,
            document_of(fmt::format(
                R"({{"type":"paragraph","content":[{0}]}},{{"type":"decisionList","attrs":{{"localId":"1"}},"content":)"
                R"([{{"type":"decisionItem","attrs":{{"localId":"2","state":"DECIDED"}},"content":[{0}]}}]}})",
                mention)));
  const std::string dead = render(Format::adf, neutralize(document, Format::adf)).text;
  EXPECT_EQ(dead.find("\"mention\""), std::string::npos) << dead;
  EXPECT_NE(dead.find(R"("text":"@Ann Lee")"), std::string::npos) << dead;
  const std::string mapped =
      render(Format::adf, neutralize(document, Format::adf,
                                     [](std::string_view id) {
                                       return id == "5b" ? std::optional<std::string>{"900"} : std::nullopt;
                                     }))
          .text;
  EXPECT_NE(mapped.find(R"("id":"900")"), std::string::npos) << mapped;
  EXPECT_EQ(schema_violation(dead) + schema_violation(mapped), "");
}

TEST(AdfNeutralize, WhatIsOnlyTextInJiraIsDeadOnGithub) {
  const Document document = parse(
      Format::adf,
      document_of(
          R"({"type":"expand","attrs":{"title":"for @bob"},"content":[{"type":"paragraph","content":[)"
          R"({"type":"status","attrs":{"text":"see #12","color":"red"}},{"type":"text","text":" @bob #12"}]}]})"));
  const std::string dead = render(Format::github, neutralize(document, Format::github)).text;
  EXPECT_EQ(dead,
            "<details><summary>for &#64;\xE2\x81\xA0"
            "bob</summary>\n\n`see #12` @\xE2\x81\xA0"
            "bob #\xE2\x81\xA0"
            "12\n\n</details>");
}

TEST(AdfNeutralize, FilesOfAnotherSiteBecomeTheirNames) {
  const Document document = parse(
      Format::adf,
      document_of(
          R"({"type":"mediaGroup","content":[{"type":"media","attrs":{"type":"file","id":"1","collection":"","alt":"a.zip"}}]})"));
  EXPECT_EQ(
      render(Format::adf, neutralize(document, Format::adf)).text,
      R"({"content":[{"content":[{"text":"a.zip","type":"text"}],"type":"paragraph"}],"type":"doc","version":1})");
}

TEST(AdfNeutralize, ReviveTakesJoinersOutOfTheJson) {
  const std::string native =
      paragraph_of(words_of("@\xE2\x81\xA0"
                            "bob #\xE2\x81\xA0"
                            "12"));
  EXPECT_EQ(revive(native), paragraph_of(words_of("@bob #12")));
}

TEST(AdfCut, EndsAtABlockAndLeadsToTheWhole) {
  std::string blocks;
  for (int index = 0; index < 50; ++index)
    blocks += (index > 0 ? "," : "") + fmt::format(R"({{"type":"paragraph","content":[{}]}})", words_of("some words"));
  const std::string native = document_of(blocks);
  const Cut cut = cut_to_limit(Format::adf, native, 1000, "The whole text: https://e.org/1.");
  EXPECT_TRUE(cut.was_cut);
  EXPECT_LE(cut.text.size(), 1000U);
  EXPECT_GE(cut.text.size(), 900U);
  EXPECT_EQ(schema_violation(cut.text), "") << cut.text;
  EXPECT_TRUE(cut.text.ends_with(
      R"({"content":[{"text":"The whole text: ","type":"text"},{"marks":[{"attrs":{"href":"https://e.org/1"},"type":"link"}],)"
      R"("text":"https://e.org/1","type":"text"},{"text":".","type":"text"}],"type":"paragraph"}],"type":"doc","version":1})"))
      << cut.text;
}

TEST(AdfCut, DividesWhatIsTooLongByItself) {
  const std::string code(5000, 'x');
  const std::string native = document_of(
      fmt::format(R"({{"type":"expand","attrs":{{"title":"log"}},"content":[{{"type":"codeBlock","content":[{}]}}]}})",
                  words_of(code)));
  const Cut cut = cut_to_limit(Format::adf, native, 1000, "more");
  EXPECT_GE(cut.text.size(), 900U);
  EXPECT_LE(cut.text.size(), 1000U);
  EXPECT_EQ(schema_violation(cut.text), "") << cut.text;
  EXPECT_NE(cut.text.find("\"log\""), std::string::npos);
}

TEST(AdfCut, EveryLimitGivesADocumentOrNothing) {
  const std::string native =
      adf_of("# h\n\n- a\n  - b **c \xF0\x9F\x98\x80** d\n\n> q\n\n| x |\n|---|\n| y |\n\n```\ncode\n```");
  for (std::size_t bytes_max = 0; bytes_max <= native.size(); ++bytes_max) {
    const Cut cut = cut_to_limit(Format::adf, native, bytes_max, "rest");
    EXPECT_LE(cut.text.size(), bytes_max);
    const std::string violation = cut.text.empty() ? "" : schema_violation(cut.text);
    EXPECT_EQ(violation, "") << cut.text;
  }
}

TEST(AdfDepth, TenThousandNestedNodesAreRead) {
  for (const std::string_view type : {"blockquote", "unknown", "bulletList", "expand"}) {
    std::string native = R"({"version":1,"type":"doc","content":[)";
    for (int level = 0; level < 10'000; ++level) native += fmt::format(R"({{"type":"{}","content":[)", type);
    native += words_of("deep");
    for (int level = 0; level < 10'000; ++level) native += "]}";
    native += "]}";
    const Document document = parse(Format::adf, native);
    for (const Format format : all_formats) {
      const std::string text = render(format, document).text;
      EXPECT_NE(text.find("deep"), std::string::npos) << type << name(format);
    }
    const std::string stable = canonical(Format::adf, native);
    EXPECT_EQ(canonical(Format::adf, stable), stable);
    EXPECT_LE(cut_to_limit(Format::adf, native, 5000, "more").text.size(), 5000U);
  }
  EXPECT_FALSE(parse(Format::adf, std::string(100'000, '[')).nodes.empty());
  EXPECT_FALSE(parse(Format::adf, R"({"type":"doc","content":[)" + std::string(100'000, '[')).nodes.empty());
}

}  // namespace
}  // namespace causeway::markup
