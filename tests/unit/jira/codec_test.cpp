#include "adapters/jira/codec.hpp"

#include <gmock/gmock.h>

#include "adapters/jira/envelope.hpp"
#include "adapters/jira/wishes.hpp"

namespace causeway::jira {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;
using testing::UnorderedElementsAre;

constexpr const char* issue_start =
    R"({"id":"10012","key":"INIT-3","fields":{"created":"2024-12-29T08:41:23.904+0530","updated":"2024-12-29T09:00:00.001+0530","project":{"id":"10000","key":"INIT"},"status":{"id":"3","name":"To Do","statusCategory":{"key":"new"}},)";

Result<Issue> issue_with(const std::string& fields, const std::string& rest = "") {
  return read_issue(issue_start + fields + R"("summary":"Crash"})" + rest + "}");
}

TEST(JiraCodec, ReadsStampsInTheZoneOfTheAccountsProfile) {
  const auto issue = issue_with("");
  ASSERT_TRUE(issue) << issue.error().message;
  EXPECT_EQ(issue->created, *parse_instant("2024-12-29T03:11:23.904Z"));
  EXPECT_EQ(issue->summary, "Crash");
  EXPECT_FALSE(issue->has_security);
  EXPECT_FALSE(issue->comments);
}

TEST(JiraCodec, ReadsPeopleOfBothDeployments) {
  EXPECT_EQ(issue_with(R"("assignee":{"accountId":"712020:a","displayName":"A"},)")->assignee, "712020:a");
  EXPECT_EQ(issue_with(R"("assignee":{"name":"alice","key":"JIRAUSER10100"},)")->assignee, "alice");
  const auto reported = issue_with(R"("reporter":{"name":"bob","displayName":"Bob"},"creator":{"name":"proxy"},)");
  EXPECT_EQ(reported->author, (Person{"bob", "Bob"}));
  EXPECT_EQ(issue_with(R"("reporter":null,"creator":{"name":"proxy"},)")->author.login, "proxy");
}

TEST(JiraCodec, ReadsRichTextAsItIs) {
  EXPECT_EQ(issue_with(R"("description":"h1. A\r\n",)")->description, "h1. A\r\n");
  EXPECT_EQ(issue_with(R"("description": {"version": 1, "type": "doc", "content": []},)")->description,
            R"({"version":1,"type":"doc","content":[]})");
  EXPECT_EQ(issue_with(R"("description":null,)")->description, "");
}

TEST(JiraCodec, ReadsTheMarkOfAPropertyAndNothingThatOnlyLooksLikeOne) {
  EXPECT_EQ(issue_with("", R"(,"properties":{"causeway":{"marker":"0123456789abcdef0123"}})")->marker,
            Marker{"0123456789abcdef0123"});
  EXPECT_FALSE(issue_with("", R"(,"properties":{"causeway":{"marker":"nonsense"},"other":1})")->marker);
}

TEST(JiraCodec, TellsWhoMayReadAComment) {
  const auto page = read_comments(
      R"({"comments":[
        {"id":"1","created":"2024-12-29T08:41:23.904+0000","body":"a"},
        {"id":"2","created":"2024-12-29T08:41:23.904+0000","body":"b","visibility":{"type":"role","value":"Admins"}},
        {"id":"3","created":"2024-12-29T08:41:23.904+0000","body":"c","jsdPublic":false},
        {"id":"4","created":"2024-12-29T08:41:23.904+0000","body":"d","jsdPublic":true},
        {"id":"5","created":"2024-12-29T08:41:23.904+0000","body":"e","properties":[{"key":"sd.public.comment","value":{"internal":true}}]},
        {"id":"6","created":"2024-12-29T08:41:23.904+0000","body":"f","properties":[{"key":"sd.public.comment","value":{"internal":"true"}}]},
        {"id":"7","created":"2024-12-29T08:41:23.904+0000","body":"g","properties":[{"key":"sd.public.comment","value":{}}]},
        {"id":"8","created":"2024-12-29T08:41:23.904+0000","body":"h","properties":[]}
      ],"startAt":0,"total":8})");
  ASSERT_TRUE(page) << page.error().message;
  Issue issue;
  Reading reading;
  reading.format = markup::Format::jira_wiki;
  std::string open_in_software, open_in_service;
  for (const JiraComment& comment : page->comments) {
    reading.is_service = false;
    if (comment_of(comment, issue, reading).visibility == Visibility::open) open_in_software += comment.body;
    reading.is_service = true;
    if (comment_of(comment, issue, reading).visibility == Visibility::open) open_in_service += comment.body;
  }
  EXPECT_EQ(open_in_software, "adh");
  EXPECT_EQ(open_in_service, "dh");
  issue.has_security = true;
  EXPECT_EQ(comment_of(page->comments[0], issue, reading).visibility, Visibility::restricted);
}

TEST(JiraCodec, KnowsWhenNotAllCommentsCame) {
  Issue issue;
  Reading reading;
  EXPECT_FALSE(shows_all_comments(issue, reading));
  issue.comments = CommentPage{{JiraComment{}}, 0, 1};
  EXPECT_TRUE(shows_all_comments(issue, reading));
  reading.is_service = true;
  EXPECT_FALSE(shows_all_comments(issue, reading));
  issue.comments->comments[0].is_internal = false;
  EXPECT_TRUE(shows_all_comments(issue, reading));
  issue.comments->total = 2;
  EXPECT_FALSE(shows_all_comments(issue, reading));
}

TEST(JiraCodec, ReadsCustomFieldsAsAPersonDoes) {
  const auto issue = issue_with(
      R"("customfield_1":{"value":"High"},"customfield_2":[{"value":"a"},{"value":"b"}],"customfield_3":3,"customfield_4":{"displayName":"Alice","accountId":"x"},"customfield_5":null,"customfield_6":{"type":"doc","content":[]},"customfield_7":true,"customfield_8":[["nested"]],)");
  ASSERT_TRUE(issue);
  EXPECT_THAT(issue->custom, UnorderedElementsAre(Pair("customfield_1", "High"), Pair("customfield_2", "a, b"),
                                                  Pair("customfield_3", "3"), Pair("customfield_4", "Alice"),
                                                  Pair("customfield_7", "true")));
  const Snapshot snapshot = snapshot_of(
      *issue, {TrackerId{"q"}, markup::Format::adf, "https://j.test", {{"Severity", "customfield_1"}}, false, {}});
  EXPECT_EQ(snapshot.ticket.fields.at("Severity"), "High");
  EXPECT_EQ(snapshot.url, "https://j.test/browse/INIT-3");
  EXPECT_EQ(snapshot.ref.id.value, "10012");
}

TEST(JiraCodec, ReadsListsOfBothDeployments) {
  EXPECT_THAT(read_named(R"({"issueTypes":[{"id":"1","name":"Bug"},{"id":"2","name":"Sub","subtask":true}],"total":2})",
                         "issueTypes")
                  ->entries,
              SizeIs(1));
  EXPECT_THAT(read_named(R"({"values":[{"id":"1","name":"Bug"}],"isLast":false})", "issueTypes")->entries, SizeIs(1));
  EXPECT_FALSE(read_named(R"({"values":[{"id":"1","name":"Bug"}],"isLast":false})", "x")->is_last);
  EXPECT_FALSE(read_named(R"({"values":[{"id":"1","name":"Bug"}],"startAt":0,"total":2})", "x")->is_last);
  EXPECT_TRUE(read_named(R"([{"id":"1","name":"Bug"}])", "x")->is_last);
}

TEST(JiraCodec, TellsACutAnswerFromAWrongOne) {
  for (const char* body : {"", "{", "<html>", R"({"issues":[)"}) {
    EXPECT_EQ(read_issues(body).error().fault, Fault::transient) << body;
    EXPECT_EQ(read_issue(body).error().fault, Fault::transient) << body;
  }
  for (const char* body : {"{}", "[]", R"({"issues":[{}]})", R"({"issues":3})"}) {
    EXPECT_EQ(read_issues(body).error().fault, Fault::malformed) << body;
  }
  EXPECT_EQ(read_issue(R"({"id":"1","key":"A-1","fields":{}})").error().fault, Fault::malformed);
  EXPECT_EQ(read_comment(R"({"id":"1"})").error().fault, Fault::malformed);
  EXPECT_EQ(read_user("{}").error().fault, Fault::malformed);
  EXPECT_EQ(read_transitions(R"({"transitions":[{"id":"1"}]})").error().fault, Fault::malformed);
  EXPECT_THAT(read_refusal("nonsense").messages, IsEmpty());
}

TEST(JiraWishes, GiveEachFieldItsShape) {
  FieldMeta field;
  const auto value = [&](const char* type, const char* items, const char* text, Deployment on = Deployment::cloud) {
    field.type = type;
    field.items = items;
    return field_value(field, text, on);
  };
  EXPECT_EQ(value("option", "", "High"), R"({"value":"High"})");
  EXPECT_EQ(value("array", "option", "a, b"), R"([{"value":"a"},{"value":"b"}])");
  EXPECT_EQ(value("array", "string", "a"), R"(["a"])");
  EXPECT_EQ(value("array", "component", "Pump"), R"([{"name":"Pump"}])");
  EXPECT_EQ(value("number", "", "2.5"), "2.5");
  EXPECT_EQ(value("number", "", "two"), R"("two")");
  EXPECT_EQ(value("priority", "", "Low"), R"({"name":"Low"})");
  EXPECT_EQ(value("user", "", "x"), R"({"accountId":"x"})");
  EXPECT_EQ(value("user", "", "x", Deployment::data_center), R"({"name":"x"})");
  EXPECT_EQ(value("date", "", "2026-01-01"), R"("2026-01-01")");
  field.is_rich = true;
  EXPECT_THAT(value("string", "", "words"), HasSubstr("paragraph"));
  EXPECT_EQ(value("string", "", "words", Deployment::data_center), R"("words")");
}

TEST(JiraWishes, NeverNameAFieldTwiceAndAlwaysCarryTheMark) {
  IssueChange change;
  change.fields["summary"] = R"("x")";
  change.update["labels"] = {R"({"add":"a"})", R"({"remove":"b"})"};
  change.marker = Marker{"0123456789abcdef0123"};
  EXPECT_EQ(
      issue_body(change),
      R"({"fields":{"summary":"x"},"update":{"labels":[{"add":"a"},{"remove":"b"}]},"properties":[{"key":"causeway","value":{"marker":"0123456789abcdef0123"}}]})");
  EXPECT_EQ(issue_body({}), "{}");
}

TEST(JiraWishes, QuoteWhatJqlWouldReadOtherwise) {
  EXPECT_EQ(jql_text(R"(a"b\c)"), R"("a\"b\\c")");
  EXPECT_EQ(one_line("a\r\nb"), "a  b");
  EXPECT_TRUE(is_possible_label("good-first-issue"));
  EXPECT_FALSE(is_possible_label("good first issue"));
  EXPECT_FALSE(is_possible_label(std::string(256, 'x')));
}

}  // namespace
}  // namespace causeway::jira
