/// Random pieces of every markup, put together at random: reading never fails, what is written is read the same again,
/// and what has been neutralized is dead and comes back.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "agent/markup/convert.hpp"
#include "tests/property/adf_trees.hpp"
#include "tests/unit/adf/adf_schema.hpp"

namespace causeway::markup {
namespace {

constexpr std::string_view joiner = "\xE2\x81\xA0";

/// What people write, and what hurts.
const std::vector<std::string>& pieces() {
  static const std::vector<std::string> all{"*",       "**",          "_",
                                            "__",      "-",           "--",
                                            "+",       "^",           "~",
                                            "~~",      "%",           "??",
                                            "@",       "!",           "\"",
                                            " ",       " ",           " ",
                                            "\n",      "\n",          "\n\n",
                                            "\n\n",    "a",           "b",
                                            "word",    "W\xC3\xB6rd", "\xF0\x9F\x98\x80",
                                            "h1. ",    "bq. ",        "p(x). ",
                                            "> ",      ">> ",         "* ",
                                            "** ",     "# ",          "- ",
                                            "1. ",     "  ",          "    ",
                                            "|",       "|a|b|",       "\n|---|---|\n",
                                            "|_. ",    "=",           "==",
                                            "<pre>",   "</pre>",      "<code>",
                                            "</code>", "<b>",         "</b>",
                                            "<br>",    "<!-- x -->",  "<kbd>",
                                            "</kbd>",  "<notextile>", "</notextile>",
                                            "&amp;",   "&",           "[",
                                            "]",       "[[",          "]]",
                                            "(",       "(x)",         ")",
                                            "{x}",     "{",           "[1]",
                                            "[ ] ",    "[x] ",        "`",
                                            "``",      "```\n",       "~~~\n",
                                            "\\",      ":",           "::",
                                            ":tada:",  ".",           ",",
                                            ";",       "'",           "ABC",
                                            "---",     "***",         "===",
                                            "\t",      "fn1. ",       "\xC2\xA0"};
  return all;
}

/// What Jira's wiki markup has beyond that.
const std::vector<std::string>& jira_pieces() {
  static const std::vector<std::string> all{"{quote}",
                                            "{code}",
                                            "{code:sql}",
                                            "{noformat}",
                                            "{panel:title=T}",
                                            "{panel}",
                                            "{info}",
                                            "{expand:x}",
                                            "{expand}",
                                            "{color:red}",
                                            "{color}",
                                            "{*}",
                                            "{_}",
                                            "{-}",
                                            "{{",
                                            "}}",
                                            "{{{}",
                                            "\n{{collapse(s)\n",
                                            "\n}}\n",
                                            "{toc}",
                                            "[~bob]",
                                            "<details><summary>s</summary>\n\n",
                                            "\n\n</details>\n\n",
                                            "> [!NOTE]\n> ",
                                            "[a|http://x.y]",
                                            "[^f.txt]",
                                            "!a.png!",
                                            "||",
                                            "\\\\",
                                            "----",
                                            "*# ",
                                            "(/)",
                                            "http://x.y",
                                            "ABC-12",
                                            "}"};
  return all;
}

/// What is live somewhere.
const std::vector<std::string>& live_pieces() {
  static const std::vector<std::string> all{"#12",
                                            "r12",
                                            "@bob",
                                            "@alice-b",
                                            "[[W|x]]",
                                            "{{toc}}",
                                            "commit:abc1234",
                                            "abc1234def",
                                            "source:x",
                                            "owner/repo#3",
                                            "GH-5",
                                            "document#4",
                                            "sandbox:#5",
                                            "main|r7",
                                            "https://github.com/o/r/issues/12"};
  return all;
}

std::string some_adf() {
  return adf_tree(*rc::gen::container<std::vector<std::uint8_t>>(rc::gen::arbitrary<std::uint8_t>()));
}

/// A text of this format; for ADF, where plain text is nothing but text, most often a document.
std::string some_text_of(Format format, bool with_live);

std::string some_text(bool with_live) {
  const auto parts = *rc::gen::container<std::vector<std::string>>(
      rc::gen::weightedOneOf<std::string>({{3, rc::gen::elementOf(pieces())}, {1, rc::gen::elementOf(jira_pieces())}}));
  std::string text;
  for (const std::string& part : parts) {
    text.append(part);
    if (with_live && *rc::gen::inRange(0, 4) == 0)
      text.append(" ").append(*rc::gen::elementOf(live_pieces())).append(" ");
  }
  return text;
}

std::string some_text_of(Format format, bool with_live) {
  const bool tree = format == Format::adf && *rc::gen::inRange(0, 4) > 0;
  return tree ? some_adf() : some_text(with_live);
}

Format some_format() { return *rc::gen::elementOf(std::vector<Format>(all_formats.begin(), all_formats.end())); }

/// Is the tree whole: every node inside the one that holds it, every span inside the bytes?
bool is_sound(const Document& document) {
  std::vector<Document::Index> ends{document.size()};
  for (Document::Index index = 0; index < document.size(); ++index) {
    const Node& node = document.nodes[index];
    while (ends.back() <= index) ends.pop_back();
    if (node.end <= index || node.end > ends.back()) return false;
    ends.push_back(node.end);
    for (const Span span : {node.text, node.target, node.title})
      if (std::size_t{span.begin} + span.size > document.bytes.size()) return false;
  }
  return true;
}

/// In Jira the key of an issue is a link and no more: it tells nobody and leaves no trace.
bool has_live(const Document& document) {
  return std::ranges::any_of(document.nodes, [](const Node& node) {
    return node.kind == Kind::mention || (node.kind == Kind::reference && !is_jira(node.source));
  });
}

TEST(MarkupProperty, AnyBytesAreRead) {
  EXPECT_TRUE(rc::check([] {
    const auto bytes = *rc::gen::arbitrary<std::string>();
    const Format format = some_format();
    const Document document = parse(format, bytes);
    RC_ASSERT(is_sound(document));
    for (const Format target : all_formats) {
      const Document dead = neutralize(document, target);
      RC_ASSERT(is_sound(dead));
      const std::string text = render(target, dead).text;
      RC_ASSERT(canonical(target, text) == canonical(target, canonical(target, text)));
    }
  }));
}

TEST(MarkupProperty, WhatIsWrittenIsReadTheSameAgain) {
  EXPECT_TRUE(rc::check([] {
    const Format format = some_format();
    const Document document = parse(format, some_text_of(format, true));
    RC_ASSERT(is_sound(document));
    // The first writing settles what the format cannot tell apart; from then on nothing may change.
    const Document settled = parse(format, render(format, document).text);
    RC_ASSERT(parse(format, render(format, settled).text) == settled);
  }));
}

TEST(MarkupProperty, WhatIsNeutralizedIsDeadInTheTarget) {
  EXPECT_TRUE(rc::check([] {
    const Format format = some_format();
    const Document document = parse(format, some_text_of(format, true));
    const Format target = some_format();
    const std::string text = render(target, neutralize(document, target)).text;
    RC_LOG() << text << "\n";
    const Document read = parse(target, text);
    RC_ASSERT(!has_live(read));
    for (const Node& node : read.nodes)
      RC_ASSERT(is_redmine(target) || is_jira(target) || node.kind == Kind::code_block ||
                read.target(node).find("//github.com/o/r/issues/") == std::string_view::npos);
  }));
}

TEST(MarkupProperty, WhatIsNeutralizedComesBack) {
  EXPECT_TRUE(rc::check([] {
    const Format format = some_format();
    const auto words = *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(live_pieces()));
    std::string text;
    for (const std::string& word : words)
      text.append("word ").append(word).append(
          *rc::gen::elementOf(std::vector<std::string>{"\n\n", " and ", ", ", " (x) "}));
    const Document document = parse(format, text);
    const std::string plain = render(format, document).text;
    RC_ASSERT(revive(render(format, neutralize(document, format)).text) == plain);
    RC_ASSERT(revive(plain) == plain);
  }));
}

TEST(MarkupProperty, RevivingTwiceIsRevivingOnceAndOtherTextIsLeftAlone) {
  EXPECT_TRUE(rc::check([] {
    const std::string text = some_text(true);
    RC_PRE(text.find(joiner) == std::string::npos);
    RC_ASSERT(revive(text) == text);
  }));
}

TEST(MarkupProperty, ACanonicalTextIsCanonical) {
  EXPECT_TRUE(rc::check([] {
    const Format format = some_format();
    const bool adf = format == Format::adf && *rc::gen::inRange(0, 2) == 0;
    const std::string once = canonical(format, adf ? some_adf() : *rc::gen::arbitrary<std::string>());
    RC_ASSERT(canonical(format, once) == once);
    RC_ASSERT(once.find('\r') == std::string::npos);
  }));
}

TEST(MarkupProperty, WhateverIsWrittenAsAdfFollowsTheSchema) {
  EXPECT_TRUE(rc::check([] {
    const Format format = some_format();
    const Document document = parse(format, some_text_of(format, true));
    RC_ASSERT(schema_violation(render(Format::adf, document).text) == "");
    const std::string text = render(Format::adf, neutralize(document, Format::adf)).text;
    RC_ASSERT(schema_violation(text) == "");
    const std::string stable = canonical(Format::adf, text);
    RC_ASSERT(stable.empty() || schema_violation(stable) == "");
    const Cut cut = cut_to_limit(Format::adf, text, static_cast<std::size_t>(*rc::gen::inRange(0, 600)), "more");
    RC_ASSERT(cut.text.empty() || schema_violation(cut.text) == "");
  }));
}

TEST(MarkupProperty, AdfShowsInEveryFormatWithoutItsJson) {
  EXPECT_TRUE(rc::check([] {
    const Document document = parse(Format::adf, some_adf());
    for (const Format format : all_formats) {
      if (format == Format::adf) continue;
      const std::string text = render(format, document).text;
      RC_LOG() << text << "\n";
      RC_ASSERT(text.find("\"attrs\"") == std::string::npos);
      RC_ASSERT(is_sound(parse(format, text)));
    }
  }));
}

TEST(MarkupProperty, ACutNeverExceedsTheLimitNorBreaksACharacter) {
  EXPECT_TRUE(rc::check([] {
    const Format format = some_format();
    const std::string text = canonical(format, some_text(false));
    const auto bytes_max = static_cast<std::size_t>(*rc::gen::inRange(0, 120));
    const Cut cut = cut_to_limit(format, text, bytes_max, "the whole text");
    RC_ASSERT(cut.text.size() <= bytes_max);
    RC_ASSERT(cut.was_cut == (text.size() > bytes_max));
    RC_ASSERT(canonical(format, cut.text + ".") == cut.text + ".");
  }));
}

}  // namespace
}  // namespace causeway::markup
