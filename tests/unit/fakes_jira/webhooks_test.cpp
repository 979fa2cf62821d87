#include "tests/unit/fakes_jira/fixture.hpp"

namespace causeway::fakes::jira {
namespace {

std::vector<std::string> events(const std::vector<Webhook>& all) {
  std::vector<std::string> names;
  for (const Webhook& one : all) names.push_back(one.event);
  return names;
}

class JiraWebhooks : public OnCloud {
 protected:
  JiraWebhooks() {
    jira.change([](State& state) { state.settings.webhooks = true; });
  }
};

// Captured bodies (mattermost-plugin-jira, testdata): wiki text, /rest/api/2, reduced issue, double events.
TEST_F(JiraWebhooks, TellACommentTwiceInWikiTextWithAReducedIssue) {
  const std::string key = jira.file("INIT", "A title", "text");
  EXPECT_THAT(events(jira.webhooks()), ElementsAre("jira:issue_created"));
  const Number id = jira.comment(key, "hello");
  std::vector<Webhook> told = jira.webhooks();
  EXPECT_THAT(events(told), ElementsAre("comment_created", "jira:issue_updated"));
  EXPECT_EQ(at(told[0].body, "/comment/body"), "hello");
  EXPECT_THAT(at(told[0].body, "/comment/self"), HasSubstr("/rest/api/2/issue/"));
  EXPECT_EQ(at(told[0].body, "/issue/fields/summary"), "A title");
  EXPECT_EQ(at(told[0].body, "/issue/fields/description"), "absent");
  EXPECT_EQ(at(told[0].body, "/timestamp"), "1795420800000");
  EXPECT_EQ(at(told[1].body, "/issue_event_type_name"), "issue_commented");
  EXPECT_EQ(at(told[1].body, "/issue/fields/description"), "text");
  EXPECT_NE(told[0].headers[1].second, told[1].headers[1].second);
  jira.edit_comment(id, "bye");
  jira.delete_comment(id);
  EXPECT_THAT(events(jira.webhooks()),
              ElementsAre("comment_updated", "jira:issue_updated", "comment_deleted", "jira:issue_updated"));
}

TEST_F(JiraWebhooks, TellWhatChanged) {
  const std::string key = jira.file("INIT", "A title", "text");
  static_cast<void>(jira.webhooks());
  jira.set_labels(key, {"a", "b"});
  const std::vector<Webhook> told = jira.webhooks();
  ASSERT_THAT(events(told), ElementsAre("jira:issue_updated"));
  EXPECT_EQ(at(told[0].body, "/changelog/items/0/field"), "labels");
  EXPECT_EQ(at(told[0].body, "/changelog/items/0/toString"), "a b");
  EXPECT_EQ(at(told[0].body, "/changelog/items/0/from"), "null");
  EXPECT_EQ(at(told[0].body, "/user/displayName"), "Mary Maintainer");
  jira.remove(key);
  EXPECT_THAT(events(jira.webhooks()), ElementsAre("jira:issue_deleted"));
}

class JiraWebhooksOnDataCenter : public OnDataCenter {};

// gh mattermost/mattermost-plugin-jira/pull/118: comment_created has no issue in it.
TEST_F(JiraWebhooksOnDataCenter, SayNothingOfTheIssueWithAComment) {
  jira.change([](State& state) { state.settings.webhooks = true; });
  const std::string key = jira.file("INIT", "A title", "text");
  jira.comment(key, "hello");
  const std::vector<Webhook> told = jira.webhooks();
  ASSERT_THAT(events(told), ElementsAre("jira:issue_created", "comment_created", "jira:issue_updated"));
  EXPECT_EQ(at(told[1].body, "/issue"), "absent");
  EXPECT_EQ(at(told[1].body, "/comment/author/name"), "reporter");
  EXPECT_EQ(at(told[2].body, "/issue/key"), key);
  EXPECT_EQ(at(told[2].body, "/comment/body"), "hello");
}

}  // namespace
}  // namespace causeway::fakes::jira
