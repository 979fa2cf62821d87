/// What is written as ADF is what Jira accepts.
#include "tests/unit/adf/adf_schema.hpp"

#include <gtest/gtest.h>

#include "agent/markup/convert.hpp"

namespace causeway::markup {
namespace {

std::string document_of(std::string_view blocks) {
  return fmt::format(R"({{"version":1,"type":"doc","content":[{}]}})", blocks);
}

/// What people planted in the schema's way, one violation each.
class AdfViolation : public testing::TestWithParam<std::string_view> {};

TEST_P(AdfViolation, IsFoundByTheSchema) { EXPECT_NE(schema_violation(GetParam()), ""); }

TEST_P(AdfViolation, IsNotWrittenAgain) {
  const Document document = parse(Format::adf, GetParam());
  EXPECT_EQ(schema_violation(render(Format::adf, document).text), "") << render(Format::adf, document).text;
  EXPECT_EQ(schema_violation(render(Format::adf, neutralize(document, Format::adf)).text), "");
}

INSTANTIATE_TEST_SUITE_P(
    Adf, AdfViolation,
    testing::Values(
        R"({"type":"doc","content":[]})", R"({"version":2,"type":"doc","content":[]})",
        R"({"version":1,"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":""}]}]})",
        R"({"version":1,"type":"doc","content":[{"type":"heading","attrs":{"level":7},"content":[]}]})",
        R"({"version":1,"type":"doc","content":[{"type":"heading","content":[]}]})",
        R"({"version":1,"type":"doc","content":[{"type":"text","text":"loose"}]})",
        R"({"version":1,"type":"doc","content":[{"type":"unknown"}]})",
        R"({"version":1,"type":"doc","content":[{"type":"unknown","content":[{"type":"paragraph"}]}]})",
        R"({"version":1,"type":"doc","content":[{"type":"bulletList","content":[]}]})",
        R"({"version":1,"type":"doc","content":[{"type":"blockquote","content":[{"type":"rule"}]}]})",
        R"({"version":1,"type":"doc","content":[{"type":"panel","attrs":{"panelType":"loud"},"content":[{"type":"paragraph"}]}]})",
        R"({"version":1,"type":"doc","content":[{"type":"bulletList","content":[{"type":"listItem","content":[{"type":"blockquote","content":[{"type":"paragraph"}]}]}]}]})",
        R"({"version":1,"type":"doc","content":[{"type":"bulletList","content":[{"type":"listItem","content":[{"type":"table","content":[{"type":"tableRow","content":[{"type":"tableCell","attrs":{"colspan":2},"content":[{"type":"paragraph"}]}]}]}]}]}]})",
        R"({"version":1,"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":"a","marks":[{"type":"code"},{"type":"strong"}]}]}]})",
        R"({"version":1,"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":"a","marks":[{"type":"textColor","attrs":{"color":"red"}}]}]}]})",
        R"({"version":1,"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":"a","marks":[{"type":"glow"}]}]}]})",
        R"({"version":1,"type":"doc","content":[{"type":"paragraph","content":[{"type":"status","attrs":{"text":"","color":"red"}}]}]})",
        R"({"version":1,"type":"doc","content":[{"type":"paragraph","content":[{"type":"mention","attrs":{"text":"@a"}}]}]})",
        R"({"version":1,"type":"doc","content":[{"type":"paragraph","content":[{"type":"date","attrs":{"timestamp":5}}]}]})",
        R"({"version":1,"type":"doc","content":[{"type":"paragraph","content":[{"type":"paragraph"}]}]})",
        R"({"version":1,"type":"doc","content":[{"type":"taskList","attrs":{"localId":"a"},"content":[{"type":"taskItem","attrs":{"localId":"b","state":"MAYBE"}}]}]})",
        R"({"version":1,"type":"doc","content":[{"type":"taskList","content":[{"type":"taskItem","attrs":{"state":"DONE"}}]}]})",
        R"({"version":1,"type":"doc","content":[{"type":"mediaSingle","attrs":{"layout":"center"},"content":[{"type":"media","attrs":{"type":"file"}}]}]})",
        R"({"version":1,"type":"doc","content":[{"type":"extension","attrs":{"extensionKey":"k"}}]})",
        R"({"version":1,"type":"doc","content":[{"type":"layoutSection","content":[{"type":"layoutColumn","attrs":{"width":50},"content":[{"type":"paragraph"}]}]}]})",
        R"({"version":1,"type":"doc","content":[{"type":"codeBlock","content":[{"type":"text","text":"a","marks":[{"type":"strong"}]}]}]})",
        R"({"version":1,"type":"doc","content":[{"type":"nestedExpand","attrs":{"title":"t"},"content":[{"type":"paragraph"}]}]})",
        R"({"version":1,"type":"doc","content":[{"type":"table","content":[{"type":"tableRow","content":[{"type":"tableCell","content":[]}]}]}]})",
        R"({"version":1,"type":"doc","content":[{"type":"paragraph","marks":[{"type":"alignment","attrs":{"align":"left"}}]}]})",
        R"({"version":1,"type":"doc","content":[5,null,"x",[]]})"));

/// Blocks that Jira allows; each is written as it was read.
class AdfUnchanged : public testing::TestWithParam<std::string_view> {};

TEST_P(AdfUnchanged, ComesBackAsItWas) {
  const std::string native = document_of(GetParam());
  ASSERT_EQ(schema_violation(native), "") << native;
  const std::string stable = canonical(Format::adf, native);
  EXPECT_EQ(schema_violation(stable), "") << stable;
  EXPECT_EQ(render(Format::adf, parse(Format::adf, native)).text, stable);
  EXPECT_EQ(canonical(Format::adf, stable), stable);
}

TEST_P(AdfUnchanged, ShowsInEveryFormat) {
  const Document document = parse(Format::adf, document_of(GetParam()));
  for (const Format format : {Format::github, Format::textile, Format::redmine_markdown}) {
    const std::string text = render(format, document).text;
    EXPECT_EQ(text.find("\"type\""), std::string::npos) << text;
    EXPECT_EQ(text.find("\"attrs\""), std::string::npos) << text;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Adf, AdfUnchanged,
    testing::Values(
        R"({"type":"paragraph","content":[{"type":"text","text":"a"},{"type":"hardBreak"},{"type":"text","text":"b"}]})",
        R"({"type":"paragraph","content":[{"type":"text","text":"x","marks":[{"type":"strong"}]},{"type":"text","text":"y","marks":[{"type":"em"},{"type":"strong"}]},{"type":"text","text":"z","marks":[{"type":"em"}]}]})",
        R"({"type":"paragraph","content":[{"type":"text","text":"c","marks":[{"type":"code"},{"type":"link","attrs":{"href":"https://e.org"}}]}]})",
        R"({"type":"paragraph","content":[{"type":"text","text":"2","marks":[{"type":"subsup","attrs":{"type":"sub"}}]},{"type":"text","text":"r","marks":[{"type":"textColor","attrs":{"color":"#ff5630"}},{"type":"underline"},{"type":"strike"}]},{"type":"text","text":"b","marks":[{"type":"backgroundColor","attrs":{"color":"#ff5630"}}]}]})",
        R"({"type":"paragraph","content":[{"type":"text","text":"n","marks":[{"type":"annotation","attrs":{"id":"1","annotationType":"inlineComment"}}]}]})",
        R"({"type":"paragraph","content":[{"type":"mention","attrs":{"id":"5b10","text":"@Ann Lee"}},{"type":"text","text":" "},{"type":"mention","attrs":{"id":"all","text":"@all","userType":"SPECIAL"}}]})",
        R"({"type":"paragraph","content":[{"type":"status","attrs":{"text":"DONE","color":"green"}},{"type":"date","attrs":{"timestamp":"1582152559000"}},{"type":"emoji","attrs":{"shortName":":grin:","id":"1f601","text":"g"}},{"type":"emoji","attrs":{"shortName":":tada:"}},{"type":"inlineCard","attrs":{"url":"https://e.org"}},{"type":"placeholder","attrs":{"text":"say"}},{"type":"inlineExtension","attrs":{"extensionType":"t","extensionKey":"k","parameters":{"localId":"kept","b":[1,2.5,{"a":null}]}}},{"type":"mediaInline","attrs":{"id":"i","collection":"c","alt":"a.txt"}}]})",
        R"({"type":"paragraph","marks":[{"type":"alignment","attrs":{"align":"center"}}],"content":[{"type":"text","text":"m"}]})",
        R"({"type":"paragraph","marks":[{"type":"indentation","attrs":{"level":2}}],"content":[{"type":"text","text":"m"}]})",
        R"({"type":"heading","attrs":{"level":3},"content":[{"type":"text","text":"h"}]})",
        R"({"type":"rule"},{"type":"codeBlock","attrs":{"language":"c++ or so"},"content":[{"type":"text","text":"a\n\n b\n"}]},{"type":"codeBlock"})",
        R"({"type":"orderedList","attrs":{"order":0},"content":[{"type":"listItem","content":[{"type":"paragraph","content":[{"type":"text","text":"a"}]},{"type":"bulletList","content":[{"type":"listItem","content":[{"type":"codeBlock"}]}]}]}]})",
        R"({"type":"taskList","attrs":{"localId":"1"},"content":[{"type":"taskItem","attrs":{"localId":"2","state":"DONE"},"content":[{"type":"text","text":"t"}]},{"type":"taskList","attrs":{"localId":"3"},"content":[{"type":"taskItem","attrs":{"localId":"4","state":"TODO"}}]}]})",
        R"({"type":"decisionList","attrs":{"localId":"1"},"content":[{"type":"decisionItem","attrs":{"localId":"2","state":"DECIDED"},"content":[{"type":"text","text":"go"}]}]})",
        R"({"type":"blockquote","content":[{"type":"paragraph","content":[{"type":"text","text":"q"}]},{"type":"codeBlock"}]})",
        R"({"type":"panel","attrs":{"panelType":"note"},"content":[{"type":"heading","attrs":{"level":1}},{"type":"rule"}]})",
        R"({"type":"panel","attrs":{"panelType":"custom","panelColor":"#abcdef","panelIcon":":x:"},"content":[{"type":"paragraph","content":[{"type":"text","text":"p"}]}]})",
        R"({"type":"expand","attrs":{"title":"more"},"content":[{"type":"nestedExpand","attrs":{"title":""},"content":[{"type":"paragraph","content":[{"type":"text","text":"p"}]}]}]})", R"({"type":"table","content":[{"type":"tableRow","content":[{"type":"tableHeader","content":[{"type":"paragraph","content":[{"type":"text","text":"h"}]}]}]},{"type":"tableRow","content":[{"type":"tableCell","content":[{"type":"paragraph","marks":[{"type":"alignment","attrs":{"align":"end"}}]}]}]}]})", R"({"type":"table","attrs":{"layout":"wide"},"content":[{"type":"tableRow","content":[{"type":"tableCell","attrs":{"colspan":2},"content":[{"type":"bulletList","content":[{"type":"listItem","content":[{"type":"paragraph","content":[{"type":"text","text":"in a cell"}]}]}]}]}]}]})",
        R"({"type":"mediaSingle","attrs":{"layout":"center"},"content":[{"type":"media","attrs":{"type":"external","url":"https://e.org/a.png","alt":"a"}}]})",
        R"({"type":"mediaSingle","attrs":{"layout":"wide","width":50},"content":[{"type":"media","attrs":{"type":"file","id":"1","collection":""}},{"type":"caption","content":[{"type":"text","text":"c"}]}]},{"type":"mediaGroup","content":[{"type":"media","attrs":{"type":"file","id":"1","collection":"","alt":"a.zip"}}]})",
        R"({"type":"blockCard","attrs":{"url":"https://e.org"}},{"type":"embedCard","attrs":{"url":"https://e.org","layout":"center"}})",
        R"({"type":"extension","attrs":{"extensionType":"com.atlassian","extensionKey":"toc","parameters":{"z":{},"a":[]}}})",
        R"({"type":"bodiedExtension","attrs":{"extensionType":"x","extensionKey":"excerpt"},"content":[{"type":"paragraph","content":[{"type":"text","text":"in it"}]}]})",
        R"({"type":"layoutSection","content":[{"type":"layoutColumn","attrs":{"width":50},"content":[{"type":"paragraph","content":[{"type":"text","text":"left"}]}]},{"type":"layoutColumn","attrs":{"width":50},"content":[{"type":"panel","attrs":{"panelType":"info"},"content":[{"type":"paragraph"}]}]}]})"));

TEST(AdfSchema, WhateverMarkdownNestsIsAllowed) {
  const std::vector<std::string> blocks{"# head",
                                        "> quote",
                                        "- item",
                                        "1. item",
                                        "- [x] task",
                                        "| a | b |\n|---|---|\n| c |",
                                        "---",
                                        "```c\ncode\n```",
                                        "<p>html</p>",
                                        "![a](https://e.org/a.png)",
                                        "text ***`code`*** <kbd>K</kbd> [l](https://e.org) [r](rel) ![i](rel)",
                                        "<details><summary>s</summary>\n\ntext\n\n</details>"};
  const auto indented = [](std::string_view text, std::string_view first, std::string_view other) {
    std::string out{first};
    for (const char c : text) {
      out.push_back(c);
      if (c == '\n') out.append(other);
    }
    return out;
  };
  for (const std::string& inner : blocks)
    for (const std::string_view outer : {"", "> ", "- ", "1. ", "- [ ] ", "> - ", "- > "}) {
      const std::string text = "lead\n\n" + indented(inner, outer, outer == "> " ? "> " : "      ");
      const Rendered rendered = render(Format::adf, parse(Format::github, text));
      EXPECT_EQ(schema_violation(rendered.text), "") << text << "\n" << rendered.text;
    }
}

}  // namespace
}  // namespace causeway::markup
