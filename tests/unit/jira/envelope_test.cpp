#include "adapters/jira/envelope.hpp"

#include <gmock/gmock.h>

#include "adapters/jira/json_text.hpp"

namespace causeway::jira {
namespace {

using markup::Format;
using testing::HasSubstr;
using testing::Not;

const Marker marker{"0123456789abcdef0123"};
const Attribution alice{"alice", "acme/widget#12", "https://github.com/acme/widget/issues/12"};

TEST(JiraEnvelope, GivesBackWhatWasWrapped) {
  const std::string document =
      R"({"version":1,"type":"doc","content":[{"type":"panel","attrs":{"panelType":"info","x":0.5},"content":[{"type":"paragraph","content":[{"type":"text","text":"é \"q\" 😀","marks":[{"type":"strong"}]}]}]},{"type":"unknown","attrs":{"n":null,"b":true}}]})";
  for (const auto& [format, text] : {std::pair{Format::adf, document},
                                     {Format::adf, std::string{}},
                                     {Format::jira_wiki, std::string{"h1. A\n\n{code}\nx\n{code}\n"}},
                                     {Format::jira_wiki, std::string{}}}) {
    const Unwrapped back = unwrap(format, wrap(format, text, alice, marker));
    EXPECT_EQ(back.text, text);
    EXPECT_TRUE(back.enveloped);
    EXPECT_EQ(back.marker, marker);
    EXPECT_THAT(back.whose, HasSubstr("alice"));
  }
}

TEST(JiraEnvelope, LeavesTextAloneThatIsNotOurs) {
  const std::string document =
      R"J({"version":1,"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":"-- alice (cw:nothex)"}]}]})J";
  EXPECT_EQ(unwrap(Format::adf, document).text, document);
  EXPECT_FALSE(unwrap(Format::adf, document).enveloped);
  EXPECT_FALSE(unwrap(Format::jira_wiki, "-- alice\nwords").enveloped);
  EXPECT_EQ(unwrap(Format::adf, "no json").text, "no json");
}

TEST(JiraEnvelope, KeepsWhatAPersonWroteBelowOurLine) {
  std::string stored = wrap(Format::adf, as_document("words"), alice, marker);
  stored.insert(stored.size() - 2, R"(,{"type":"paragraph","content":[{"type":"text","text":"and more"}]})");
  const Unwrapped back = unwrap(Format::adf, stored);
  EXPECT_EQ(back.text, as_document("words\nand more"));
  EXPECT_EQ(back.marker, marker);
}

TEST(JiraEnvelope, ReadsALineWhoseAddressJiraMadeACardOf) {
  const std::string stored =
      R"J({"version":1,"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":"-- alice, "},{"type":"inlineCard","attrs":{"url":"https://github.com/acme/widget/issues/12"}},{"type":"text","text":" (cw:0123456789abcdef0123)"}]}]})J";
  EXPECT_EQ(unwrap(Format::adf, stored).marker, marker);
}

TEST(JiraEnvelope, SpeaksInPlainWordsOnly) {
  const Attribution odd{"*eve* [~admin] {color}", "", ""};
  EXPECT_THAT(wrap(Format::jira_wiki, "", odd, marker), Not(testing::ContainsRegex("[*{}~]")));
}

TEST(JiraEnvelope, MakesParagraphsOfTextThatIsNoDocument) {
  EXPECT_EQ(
      as_document("a\n\nb"),
      R"({"version":1,"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":"a"}]},{"type":"paragraph","content":[{"type":"text","text":"b"}]}]})");
  EXPECT_EQ(as_document(""), R"({"version":1,"type":"doc","content":[]})");
}

TEST(JiraEnvelope, NeitherDeepNorLongDocumentsDoHarm) {
  std::string deep = R"({"version":1,"type":"doc","content":[)";
  constexpr int levels = 60'000;
  for (int level = 0; level < levels; ++level) deep += R"({"type":"blockquote","content":[)";
  for (int level = 0; level < levels; ++level) deep += "]}";
  deep += "]}";
  EXPECT_EQ(unwrap(Format::adf, wrap(Format::adf, deep, alice, marker)).text, deep);
}

TEST(JiraJson, WritesValuesAsTheyCameWithoutNulAndBrokenUtf8) {
  const auto document = json::parse(R"({"a":[1,2.5,-3e10,null,true],"b":{"c":"x\u0000y"},"big":12345678901234567890})");
  ASSERT_TRUE(document);
  EXPECT_EQ(written(*document), R"({"a":[1,2.5,-30000000000.0,null,true],"b":{"c":"xy"},"big":12345678901234567890})");
}

}  // namespace
}  // namespace causeway::jira
