#include "agent/reconcile/reconcile.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace causeway::reconcile {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class Reconcile : public ::testing::Test {
 protected:
  Reconcile() {
    mapping_.statuses = ValueTable{{{"open", "New"}, {"open", "In Progress"}, {"completed", "Closed"}}};
    mapping_.people = ValueTable{{{"alice", "a.lice"}}};
    for (Snapshot& snapshot : now_) {
      snapshot.coverage = Coverage::all;
      snapshot.ticket.title = "title";
      snapshot.ticket.body = "body";
      snapshot.ticket.visibility = Visibility::open;
    }
    now_[0].ticket.status = "open";
    now_[1].ticket.status = "New";
    for (const Side side : {Side::left, Side::right})
      base_[side] = side_base(now_[index(side)], markup::Format::github, mapping_);
  }

  std::array<View, 2> views() {
    std::array<View, 2> views;
    for (const std::size_t side : {0U, 1U}) {
      views[side].snapshot = read_[side] ? &now_[side] : nullptr;
      views[side].labels_without_blanks = side == 1U && one_word_labels_;
      views[side].labels = views[side].priority = views[side].milestone = true;
      views[side].fresh = fresh_;
    }
    return views;
  }
  Plan plan() { return reconcile(base_, views(), born_, mapping_, rules_); }
  const EditTicket& edit(const Plan& plan, Side side) { return std::get<EditTicket>(plan[side].at(0).operation); }

  std::array<Snapshot, 2> now_;
  std::array<bool, 2> read_{true, true};
  bool fresh_ = false;
  bool one_word_labels_ = false;
  Base base_;
  Side born_ = Side::left;
  Mapping mapping_;
  MergeRules rules_;
};

TEST_F(Reconcile, PlansNothingWhenNothingChanged) {
  EXPECT_TRUE(plan().empty());
  EXPECT_TRUE(plan().already.empty());
}

TEST_F(Reconcile, ALabelWithBlanksIsOneWordWhereLabelsHaveNone) {
  one_word_labels_ = true;
  now_[0].ticket.labels = {"good first issue"};
  Plan adding = plan();
  EXPECT_THAT(edit(adding, Side::right).labels_add, testing::ElementsAre("good-first-issue"));
  agree(base_, adding[Side::right].at(0).agreement, Side::right, {});
  now_[1].ticket.labels = {"good-first-issue"};
  EXPECT_TRUE(plan().empty());
  // Taken off on either side it is taken off on the other.
  now_[1].ticket.labels = {};
  EXPECT_THAT(edit(plan(), Side::left).labels_remove, testing::ElementsAre("good first issue"));
  now_[1].ticket.labels = {"good-first-issue"};
  now_[0].ticket.labels = {};
  EXPECT_THAT(edit(plan(), Side::right).labels_remove, testing::ElementsAre("good-first-issue"));
}

TEST_F(Reconcile, OpensTicketsWithTheRoutesFurtherValues) {
  rules_.create[index(Side::right)] = {{"category", "Intake"}};
  rules_.create[index(Side::left)] = {{"type", "Task"}};
  now_[0].coverage = Coverage::all;
  read_[1] = false;
  const Plan opening = reconcile(std::nullopt, views(), Side::left, mapping_, rules_);
  EXPECT_EQ(std::get<CreateTicket>(opening[Side::right].at(0).operation).ticket.fields, rules_.create[1]);
}

TEST_F(Reconcile, TakesTheSideThatChangedAlone) {
  now_[1].ticket.title = "better";
  const Plan result = plan();
  EXPECT_EQ(edit(result, Side::left).set.at(Field::title), "better");
  EXPECT_EQ(edit(result, Side::left).set.size(), 1U) << "only what changed is written";
  EXPECT_THAT(result[Side::right], IsEmpty());
  EXPECT_THAT(result.conflicts, IsEmpty());
}

TEST_F(Reconcile, AnEchoOfOurOwnWritePlansNothing) {
  now_[0].ticket.title = "better";
  Plan first = plan();
  now_[1].ticket.title = "better";
  agree(base_, first[Side::right][0].agreement, Side::right, {});
  EXPECT_TRUE(plan().empty());
}

TEST_F(Reconcile, LineEndsAreNobodysChange) {
  now_[1].ticket.body = "body\r\n";
  EXPECT_TRUE(plan().empty());
}

TEST_F(Reconcile, AOneWayFieldGoesItsWayEvenWhenTheOtherSideChangedToo) {
  mapping_.fields[static_cast<std::size_t>(Field::status)] = Flow::to_right;
  now_[0].ticket.status = "completed";
  now_[1].ticket.status = "In Progress";
  const Plan result = plan();
  ASSERT_THAT(result[Side::right], SizeIs(1)) << "the rule names the queue, but the field flows to it";
  EXPECT_EQ(edit(result, Side::right).set.at(Field::status), "Closed");
  ASSERT_THAT(result.conflicts, SizeIs(1));
  EXPECT_EQ(result.conflicts[0].values[1], "In Progress");
}

TEST_F(Reconcile, ReadsATitleBeforeOverwritingItHoweverFreshTheListing) {
  fresh_ = true;
  read_[0] = false;
  now_[1].ticket.title = "better";
  EXPECT_TRUE(plan().wants_reading[0]);
}

TEST_F(Reconcile, WordsThatSomebodyAddedToOurCopyAreKeptWhenItGoes) {
  Comment mirror;
  mirror.id = NativeId{"7"};
  mirror.body = "ours, and more";
  mirror.marker = Marker{"m"};
  now_[1].comments = {mirror};
  CommentPair pair;
  pair.ids = {NativeId{"3"}, NativeId{"7"}};
  pair.texts = {text_fingerprint(markup::Format::github, "ours"), text_fingerprint(markup::Format::github, "ours")};
  base_.comments = {pair};
  const Plan result = plan();
  ASSERT_THAT(result[Side::right], SizeIs(1));
  EXPECT_TRUE(std::holds_alternative<RemoveComment>(result[Side::right][0].operation));
  ASSERT_THAT(result.conflicts, SizeIs(1));
  EXPECT_EQ(result.conflicts[0].values[1], "ours, and more");
  read_[1] = false;
  EXPECT_TRUE(plan().wants_reading[1]) << "nothing is taken away unread";
}

TEST_F(Reconcile, AWriteThatIsNeverMadeLeavesTheTargetAsItIs) {
  now_[0].ticket.title = "refused";
  now_[0].ticket.labels = {"new"};
  const Plan result = plan();
  agree_unwritten(base_, result[Side::right][0].agreement, Side::right);
  EXPECT_TRUE(plan().empty());
  EXPECT_TRUE(plan().already.empty());
}

TEST_F(Reconcile, RecordsWhoLost) {
  now_[0].ticket.status = "completed";
  now_[1].ticket.status = "In Progress";
  const Plan result = plan();
  ASSERT_THAT(result.conflicts, SizeIs(1));
  EXPECT_EQ(result.conflicts[0].kept, Side::right) << "the queue decides about status";
  EXPECT_EQ(edit(result, Side::left).set.at(Field::status), "open");
}

TEST_F(Reconcile, TheSameChangeOnBothSidesIsNoConflict) {
  now_[0].ticket.status = "completed";
  now_[1].ticket.status = "Closed";
  const Plan result = plan();
  EXPECT_TRUE(result.empty());
  EXPECT_TRUE(result.already.fields.contains(Field::status));
}

TEST_F(Reconcile, FlowsOnlyWhereTheMappingLetsIt) {
  mapping_.fields[static_cast<std::size_t>(Field::title)] = Flow::to_right;
  now_[1].ticket.title = "queue only";
  const Plan result = plan();
  EXPECT_TRUE(result.empty());
  agree(base_, result.already, Side::left, {});
  EXPECT_TRUE(plan().already.empty()) << "and is not thought about again";
}

TEST_F(Reconcile, AsksForAReadingBeforeItOverwrites) {
  now_[0].ticket.status = "completed";
  read_[1] = false;
  EXPECT_TRUE(plan().wants_reading[1]);
  fresh_ = true;
  EXPECT_TRUE(plan().is_final());
  EXPECT_EQ(edit(plan(), Side::right).set.at(Field::status), "Closed");
}

TEST_F(Reconcile, RebuildsWhatStandsAroundABodyThatWeMirrored) {
  now_[1].marker = Marker{"abc"};
  now_[0].author = {"alice", "Alice"};
  now_[0].ticket.body = "new body";
  const EditTicket result = edit(plan(), Side::right);
  EXPECT_EQ(result.envelope, Marker{"abc"});
  ASSERT_TRUE(result.attribution);
  EXPECT_EQ(result.attribution->author, "Alice");
}

TEST_F(Reconcile, DoesNotNameAuthorsOrOriginWhereTheyMustNotBeKnown) {
  rules_.names_authors[0] = false;
  rules_.names_origin[0] = false;
  Comment comment;
  comment.id = NativeId{"5"};
  comment.author = {"secret.customer", "Secret Customer"};
  comment.body = "text";
  comment.visibility = Visibility::open;
  now_[1].comments.push_back(comment);
  now_[1].url = "https://queue.internal/5";
  const Plan result = plan();
  const auto& add = std::get<AddComment>(result[Side::left].at(0).operation);
  EXPECT_EQ(add.attribution.author, "Support");
  EXPECT_TRUE(add.attribution.url.empty());
}

TEST_F(Reconcile, OpensATicketInItsFirstStatus) {
  now_[0].ticket.status = "completed";
  read_[1] = false;
  const Plan result = reconcile(std::nullopt, views(), Side::left, mapping_, rules_);
  ASSERT_THAT(result[Side::right], SizeIs(2));
  EXPECT_EQ(std::get<CreateTicket>(result[Side::right][0].operation).ticket.status, "New");
  EXPECT_EQ(std::get<EditTicket>(result[Side::right][1].operation).set.at(Field::status), "Closed");
}

TEST_F(Reconcile, TextThatWeWroteIsNotMirroredBack) {
  Comment comment;
  comment.id = NativeId{"5"};
  comment.body = "ours";
  comment.visibility = Visibility::open;
  comment.marker = Marker{"abc"};
  now_[1].comments.push_back(comment);
  EXPECT_TRUE(plan().empty());
}

TEST_F(Reconcile, RestoresACopyThatSomebodyEdited) {
  Comment original;
  original.id = NativeId{"1"};
  original.body = "original";
  original.visibility = Visibility::open;
  now_[0].comments.push_back(original);
  Plan first = plan();
  agree(base_, first[Side::right][0].agreement, Side::right, NativeId{"2"});
  Comment copy = original;
  copy.id = NativeId{"2"};
  copy.marker = Marker{"abc"};
  copy.body = "tampered";
  now_[1].comments.push_back(copy);
  const Plan result = plan();
  ASSERT_THAT(result[Side::right], SizeIs(1));
  EXPECT_EQ(std::get<EditComment>(result[Side::right][0].operation).body, "original");
  EXPECT_THAT(result.conflicts, SizeIs(1));
}

TEST_F(Reconcile, AFilesAddressCanBeFollowedWhicheverMarkupItsTrackerWrites) {
  Attachment file;
  file.id = NativeId{"9"};
  file.name = "a_b*c*.txt";
  file.url = "https://jira.example/attachment/9";
  file.bytes = 3;
  now_[0].attachments.push_back(file);
  for (const markup::Format from : {markup::Format::adf, markup::Format::jira_wiki, markup::Format::github}) {
    std::array<View, 2> both = views();
    both[0].format = from;
    both[1].format = markup::Format::textile;
    const Plan result = reconcile(base_, both, born_, mapping_, rules_);
    ASSERT_FALSE(result[Side::right].empty());
    const std::string said = std::get<AddComment>(result[Side::right].back().operation).body;
    EXPECT_THAT(said, testing::EndsWith("(3 bytes): https://jira.example/attachment/9"));
  }
}

}  // namespace
}  // namespace causeway::reconcile
