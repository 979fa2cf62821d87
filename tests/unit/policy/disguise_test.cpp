#include "agent/policy/disguise.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agent/policy/privacy.hpp"

namespace causeway::policy {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

PrivacyGate gate() {
  RedactionRules rules;
  rules.customers = {"Acme Corp", "E*Trade", "Wolf [Systems]"};
  auto made = PrivacyGate::make(rules);
  if (!made) throw std::runtime_error(made.error().message);
  return std::move(*made);
}

TEST(Disguise, AnEscapeInsideANameHidesNothing) {
  EXPECT_THAT(gate().scan(R"(they are E\*Trade)", "body"), SizeIs(1));
  EXPECT_THAT(gate().scan(R"(they are Acme\_Corp)", "body"), SizeIs(1));
  EXPECT_THAT(gate().scan(R"(they are Wolf \[Systems\])", "body"), SizeIs(1));
  EXPECT_THAT(gate().scan(R"({\"password\":\"hunter22\"})", "body"), SizeIs(1));
}

TEST(Disguise, TagsAndCommentsInsideANameHideNothing) {
  EXPECT_THAT(gate().scan("they are Ac<b>me</b> Corp", "body"), SizeIs(1));
  EXPECT_THAT(gate().scan("they are Acme<!-- a\nremark --> Corp", "body"), SizeIs(1));
  EXPECT_THAT(gate().scan("they are <b title='x'>Acme</b> <i>Corp</i>", "body"), SizeIs(1));
}

TEST(Disguise, WhatStandsInTagsAndCommentsIsFoundToo) {
  EXPECT_THAT(gate().scan("<!-- Acme Corp -->", "body"), SizeIs(1));
  EXPECT_THAT(gate().scan("<img alt='Acme Corp' src='x.png'>", "body"), SizeIs(1));
  EXPECT_THAT(gate().scan("![Acme Corp](https://example.org/x.png)", "body"), SizeIs(1));
}

TEST(Disguise, ANameThatGoesOnInTheNextLineOfAQuoteIsFound) {
  const auto found = gate().scan("first\n> they are Acme\n> Corp, you know", "body");
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].line, 2U);
}

TEST(Disguise, APersonsPatternMayBeOfTheTextAsItIsTyped) {
  RedactionRules rules;
  rules.patterns = {R"(\*\*internal\*\*)", R"(\\\\srv-\d+\\)", "CASE-\\d+"};
  const auto made = PrivacyGate::make(rules);
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_THAT(made->scan("**Internal** words", "body"), SizeIs(1));
  EXPECT_THAT(made->scan(R"(see \\srv-12\share)", "body"), SizeIs(1));
  EXPECT_THAT(made->scan("case-12", "body"), SizeIs(1));
}

TEST(Disguise, AnAccentMakesNoOtherName) {
  RedactionRules rules;
  rules.customers = {"Müller & Söhne", "Łódź Works"};
  rules.patterns = {"größe \\d+"};
  const auto made = PrivacyGate::make(rules);
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_THAT(made->scan("at MÜLLER & SÖHNE", "body"), SizeIs(1));
  EXPECT_THAT(made->scan("at Mu\u0308ller & So\u0308hne", "body"), SizeIs(1)) << "accents as characters of their own";
  EXPECT_THAT(made->scan("at Muller & Sohne", "body"), SizeIs(1));
  EXPECT_THAT(made->scan("at ŁÓDŹ works", "body"), SizeIs(1));
  EXPECT_THAT(made->scan("Größe 12", "body"), SizeIs(1));
  EXPECT_THAT(made->scan("at Mühle & Söhne", "body"), IsEmpty());
}

TEST(Disguise, TheSameFindIsSaidOnceThoughTheTextIsLookedAtTwice) {
  EXPECT_THAT(gate().scan(R"(Acme Corp, \*really\*)", "body"), SizeIs(1));
  EXPECT_THAT(gate().scan(R"(1 < 2, a \* b <br> and nothing else)", "body"), IsEmpty());
}

TEST(Disguise, RenderingKeepsLinesAndWhatIsNoMarkup) {
  EXPECT_EQ(rendered("a < b > c"), "a < b > c");
  EXPECT_EQ(rendered("C:\\dir\\file"), "C:\\dir\\file");
  EXPECT_EQ(rendered("x<!-- 1\n2 -->y\n> z"), "x\ny\nz");
  EXPECT_EQ(rendered("open <b never ends"), "open <b never ends");
}

}  // namespace
}  // namespace causeway::policy
