#include "adapters/github/codec.hpp"

#include <gmock/gmock.h>

#include "tests/unit/github/golden.hpp"

namespace causeway::github {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;
using testing::UnorderedElementsAre;

TEST(GitHubCodec, ReadsARecordedListOfIssues) {
  const auto issues = read_issues(golden("issues-page-1").body);
  ASSERT_TRUE(issues) << issues.error().message;
  ASSERT_THAT(*issues, SizeIs(3));
  const Issue& issue = issues->front();
  EXPECT_EQ(issue.number, 13);
  EXPECT_EQ(issue.title, "Test issue 13");
  EXPECT_EQ(issue.body, "");  // null
  EXPECT_EQ(issue.author.login, "octokit-fixture-user-a");
  EXPECT_EQ(issue.state, "open");
  EXPECT_FALSE(issue.is_pull_request);
  EXPECT_GE(issue.updated, issue.created);
}

TEST(GitHubCodec, ReadsARecordedIssueWithEverythingOnIt) {
  const auto issue = read_issue(golden_text("hook-issue-labeled"));
  ASSERT_TRUE(issue) << issue.error().message;
  EXPECT_EQ(issue->number, 1);
  EXPECT_EQ(issue->title, "Spelling error in the README file");
  EXPECT_THAT(issue->labels, ElementsAre("bug"));
  EXPECT_EQ(issue->milestone, "v1.0");
  EXPECT_THAT(issue->assignees, ElementsAre("Codertocat"));
  EXPECT_EQ(issue->author_association, "OWNER");
  EXPECT_EQ(format_instant(issue->created), "2019-05-15T15:20:18Z");
}

TEST(GitHubCodec, TellsPullRequestsLockedAndClosedIssuesApart) {
  EXPECT_TRUE(read_issue(golden_text("hook-issue-of-pull-request"))->is_pull_request);
  EXPECT_TRUE(read_issue(golden_text("hook-issue-locked"))->locked);
  EXPECT_EQ(read_issue(golden_text("hook-issue-closed"))->state, "closed");
}

TEST(GitHubCodec, ReadsARecordedComment) {
  const auto comment = read_comment(golden_text("hook-comment"));
  ASSERT_TRUE(comment) << comment.error().message;
  EXPECT_EQ(comment->id, 492700400);
  EXPECT_EQ(comment->issue, 1);
  EXPECT_EQ(comment->author.login, "Codertocat");
  EXPECT_FALSE(comment->is_on_pull_request);
  EXPECT_FALSE(comment->is_minimized);
}

TEST(GitHubCodec, TellsACommentOnAPullRequestByItsAddress) {
  std::string body = golden_text("hook-comment");
  const std::string address = "Hello-World/issues/1#issuecomment";
  const std::size_t at = body.find(address);
  ASSERT_NE(at, std::string::npos);
  body.replace(at, address.size(), "Hello-World/pull/1#issuecomment");
  EXPECT_TRUE(read_comment(body)->is_on_pull_request);
}

TEST(GitHubCodec, ReadsARecordedRepositoryAsPublic) {
  const auto repository = read_repository(golden("repository").body);
  ASSERT_TRUE(repository) << repository.error().message;
  EXPECT_EQ(repository->full_name, "octokit-fixture-org/hello-world");
  EXPECT_EQ(repository->visibility, Visibility::open);
  EXPECT_TRUE(repository->has_issues);
  EXPECT_FALSE(repository->archived);
  ASSERT_TRUE(repository->permissions);
  EXPECT_THAT(*repository->permissions, testing::Contains(Pair("push", testing::_)));
}

TEST(GitHubCodec, TakesARepositoryForPrivateUnlessItIsClearlyPublic) {
  const std::map<std::string, Visibility> cases{
      {R"({"id":1})", Visibility::restricted},
      {R"({"id":1,"private":true})", Visibility::restricted},
      {R"({"id":1,"private":false})", Visibility::open},
      {R"({"id":1,"private":false,"visibility":"public"})", Visibility::open},
      {R"({"id":1,"private":true,"visibility":"internal"})", Visibility::restricted},
      {R"({"id":1,"private":false,"visibility":"internal"})", Visibility::restricted},
      {R"({"id":1,"visibility":"public"})", Visibility::restricted},
  };
  for (const auto& [body, visibility] : cases) EXPECT_EQ(read_repository(body)->visibility, visibility) << body;
}

TEST(GitHubCodec, TakesGhostsForNobody) {
  const std::string rest =
      R"("number":1,"state":"open","created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-01T00:00:00Z"})";
  for (const std::string user : {R"({"user":null,)", R"({"user":{"login":"ghost"},)", R"({)"}) {
    const auto issue = read_issue(user + rest);
    ASSERT_TRUE(issue);
    EXPECT_EQ(issue->author, (Person{"", "ghost"})) << user;
  }
}

TEST(GitHubCodec, SaysWhetherAnAnswerWasCutOrMakesNoSense) {
  EXPECT_EQ(read_issue(R"({"number":1,)").error().fault, Fault::transient);
  EXPECT_EQ(read_issues("<html>").error().fault, Fault::transient);
  EXPECT_EQ(read_issues("{}").error().fault, Fault::malformed);
  EXPECT_EQ(read_issue(R"({"number":1})").error().fault, Fault::malformed);
  EXPECT_EQ(
      read_comment(R"({"id":1,"created_at":"2026-01-01T00:00:00Z","updated_at":"2026-01-01T00:00:00Z"})").error().fault,
      Fault::malformed);
  EXPECT_EQ(read_repository("{}").error().fault, Fault::malformed);
  EXPECT_EQ(read_token(R"({"token":"x"})").error().fault, Fault::malformed);
  EXPECT_EQ(read_rate_limit("{}").error().fault, Fault::malformed);
}

TEST(GitHubCodec, ReadsRecordedLabelNames) {
  const auto names = read_names(golden("labels-added").body, "name");
  ASSERT_TRUE(names);
  EXPECT_THAT(*names, UnorderedElementsAre("Foo", "bAr", "baZ"));
}

TEST(GitHubCodec, FollowsRecordedLinks) {
  const auto links = links_of(golden("issues-page-2").header("Link"));
  EXPECT_THAT(links, SizeIs(4));
  EXPECT_EQ(links.at("next"), "https://api.github.com/repositories/515435940/issues?per_page=3&page=3");
  EXPECT_EQ(page_of(links.at("last")), 5);
  EXPECT_EQ(with_page(links.at("last"), 12), "https://api.github.com/repositories/515435940/issues?per_page=3&page=12");
  EXPECT_FALSE(links_of(golden("issues-page-5").header("Link")).contains("next"));
  EXPECT_THAT(links_of(""), IsEmpty());
  EXPECT_THAT(links_of("<broken"), IsEmpty());
  EXPECT_FALSE(page_of("https://x.test/issues?per_page=3"));
  EXPECT_EQ(page_of("https://x.test/issues?page=7&per_page=3"), 7);
}

TEST(GitHubCodec, SpellsOutARecordedRefusalWithoutItsValue) {
  const Refusal refusal = read_refusal(golden("validation-failed").body);
  EXPECT_EQ(refusal.message, "Validation Failed");
  EXPECT_THAT(refusal.errors, ElementsAre("Label: color: invalid"));
  EXPECT_THAT(refusal.fields, ElementsAre("color"));
  const Refusal other = read_refusal(
      R"({"message":"m","errors":[{"value":"private words","field":"body","code":"custom","message":"body is too long"}]})");
  EXPECT_THAT(other.errors, ElementsAre("body: custom: body is too long"));
  EXPECT_THAT(read_refusal("no JSON").errors, IsEmpty());
}

TEST(GitHubCodec, HasOneWordForEachStatus) {
  const std::map<std::pair<std::string, std::string>, std::string> words{
      {{"open", ""}, "open"},
      {{"open", "reopened"}, "open"},
      {{"closed", ""}, "closed"},
      {{"closed", "completed"}, "closed"},
      {{"closed", "not_planned"}, "closed:not_planned"},
      {{"closed", "duplicate"}, "closed:duplicate"},
      {{"closed", "something_new"}, "closed"},
  };
  for (const auto& [state, word] : words) {
    Issue issue;
    issue.state = state.first;
    issue.state_reason = state.second;
    EXPECT_EQ(status_word(issue), word);
  }
  for (const std::string& word : status_words()) {
    const auto state = state_of(word);
    ASSERT_TRUE(state) << word;
    Issue issue;
    issue.state = state->state;
    issue.state_reason = state->reason;
    EXPECT_EQ(status_word(issue), word);
  }
  EXPECT_FALSE(state_of("Closed"));
}

TEST(GitHubCodec, WritesOnlyWhatIsSet) {
  EXPECT_EQ(issue_body({}), "{}");
  IssueChange change;
  change.title = "T";
  change.milestone = 0;
  change.assignees = std::vector<std::string>{};
  EXPECT_EQ(issue_body(change), R"({"title":"T","assignees":[],"milestone":null})");
  change = {};
  change.state = "closed";
  change.state_reason = "not_planned";
  change.labels = std::vector<std::string>{"a \"b\""};
  EXPECT_EQ(issue_body(change), R"({"state":"closed","state_reason":"not_planned","labels":["a \"b\""]})");
  EXPECT_EQ(comment_body(std::string_view{"a\0b\xFF", 4}), "{\"body\":\"ab\uFFFD\"}");
}

TEST(GitHubCodec, TellsAnIssueAsATicket) {
  Issue issue = *read_issue(golden_text("hook-issue-labeled"));
  issue.body = "words\r\nmore\r\n\r\n-- bob <!-- causeway:0123456789abcdef0123 -->";
  issue.comments = 3;
  issue.type = "Bug";
  const Snapshot snapshot = snapshot_of(
      issue, Reading{TrackerId{"community"}, "https://github.com/a/b/issues/", Visibility::open, Instant{}});
  EXPECT_EQ(snapshot.ref, (TicketRef{TrackerId{"community"}, NativeId{"1"}}));
  EXPECT_EQ(snapshot.display_key, "#1");
  EXPECT_EQ(snapshot.url, "https://github.com/a/b/issues/1");
  EXPECT_EQ(snapshot.ticket.body, "words\nmore");
  EXPECT_EQ(snapshot.marker, Marker{"0123456789abcdef0123"});
  EXPECT_EQ(snapshot.ticket.assignee, "Codertocat");
  EXPECT_EQ(snapshot.ticket.milestone, "v1.0");
  EXPECT_EQ(snapshot.ticket.visibility, Visibility::open);
  EXPECT_THAT(snapshot.ticket.labels, ElementsAre("bug"));
  EXPECT_EQ(snapshot.ticket.fields.at("type"), "Bug");
  EXPECT_EQ(snapshot.coverage, Coverage::changed);
  EXPECT_EQ(snapshot.comment_count, 3U);
}

TEST(GitHubCodec, KeepsHiddenCommentsAndThoseOfPrivateRepositoriesPrivate) {
  IssueComment comment = *read_comment(golden_text("hook-comment"));
  EXPECT_EQ(comment_of(comment, Visibility::open).visibility, Visibility::open);
  EXPECT_EQ(comment_of(comment, Visibility::restricted).visibility, Visibility::restricted);
  comment.is_minimized = true;
  EXPECT_EQ(comment_of(comment, Visibility::open).visibility, Visibility::restricted);
}

}  // namespace
}  // namespace causeway::github
