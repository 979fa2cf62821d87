/// What must stay private stays private, whatever Redmine says to it.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "tests/real/place.hpp"

namespace causeway::real {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

class RedminePrivacy : public RedmineChecks {
 protected:
  [[nodiscard]] static Intent secret(Number id) {
    return intent(AddComment{"internal words", {}, Visibility::restricted}, id);
  }
};

TEST_P(RedminePrivacy, KeepsAPrivateNotePrivate) {
  const Number id = reporter.open(project, "Crash");
  redmine::RedmineAdapter& writer = adapter();
  const auto receipt = writer.apply(secret(id));
  ASSERT_TRUE(receipt) << receipt.error().message;
  EXPECT_TRUE(receipt->verified);
  const redmine::Issue issue = lead.look(id);
  ASSERT_THAT(*issue.journals, SizeIs(1));
  EXPECT_TRUE(issue.journals->front().is_private);
  EXPECT_EQ(std::to_string(issue.journals->front().id), receipt->written.value);
  EXPECT_THAT(*reporter.look(id).journals, IsEmpty());
  EXPECT_EQ(read(writer, id).comments.at(0).visibility, Visibility::restricted);
}

TEST_P(RedminePrivacy, SendsNoPrivateNoteWithoutTheRightToKeepItPrivate) {
  const Number id = reporter.open(project, "Crash");
  const auto receipt = adapter(options(), agent_key).apply(secret(id));
  ASSERT_FALSE(receipt);
  EXPECT_EQ(receipt.error().fault, Fault::rejected);
  EXPECT_THAT(receipt.error().message, StartsWith("permission:"));
  EXPECT_THAT(*admin.look(id).journals, IsEmpty());
}

TEST_P(RedminePrivacy, TakesANoteBackThatBecamePublicAllTheSame) {
  const Number id = reporter.open(project, "Crash");
  redmine::RedmineAdapter& writer = adapter();
  ASSERT_TRUE(writer.apply(secret(id)));
  // The right is taken away within the moment for which it is taken as given.
  place.set_right("Manager", "set_notes_private", false);
  const auto receipt = writer.apply(secret(id));
  place.set_right("Manager", "set_notes_private", true);
  ASSERT_FALSE(receipt);
  EXPECT_THAT(receipt.error().message, StartsWith("permission:"));
  EXPECT_THAT(receipt.error().message, HasSubstr("taken off again"));
  for (const redmine::Journal& journal : *admin.look(id).journals) EXPECT_TRUE(journal.is_private);
  EXPECT_THAT(*reporter.look(id).journals, IsEmpty());
}

TEST_P(RedminePrivacy, PutsNoPrivateWordsIntoANoteThatIsPublic) {
  const Number id = reporter.open(project, "Crash");
  redmine::RedmineAdapter& writer = adapter();
  const Marker marker = fresh_marker();
  ASSERT_TRUE(writer.apply(intent(AddComment{"for all", {}, Visibility::open}, id, marker)));
  const NativeId note = read(writer, id).comments.at(0).id;
  const auto receipt =
      writer.apply(intent(EditComment{note, "internal words", {}, marker, Visibility::restricted}, id));
  ASSERT_FALSE(receipt);
  EXPECT_THAT(receipt.error().message, StartsWith("permission:"));
  EXPECT_EQ(read(writer, id).comments.at(0).body, "for all");
}

TEST_P(RedminePrivacy, OpensAPrivateTicketOnlyWithTheRightToKeepItPrivate) {
  CreateTicket wish;
  wish.ticket.title = "internal";
  wish.ticket.body = "words";
  wish.ticket.visibility = Visibility::restricted;
  const auto refused = adapter(options(), agent_key).apply(intent(wish));
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, StartsWith("permission:"));
  redmine::RedmineAdapter& writer = adapter();
  const Number id = create(writer, wish);
  EXPECT_TRUE(lead.look(id).is_private);
  EXPECT_EQ(read(writer, id).ticket.visibility, Visibility::restricted);
  const std::string path = "/issues/" + std::to_string(id) + ".json";
  EXPECT_EQ(agent.send(http::Method::get, path).status, 403);
}

TEST_P(RedminePrivacy, ShowsWhichNotesAndTicketsArePrivate) {
  for (const bool hidden : {false, true}) {
    const Number id = lead.open(project, "Crash", "", fmt::format(R"(,"is_private":{})", hidden));
    lead.note(id, "internal", true);
    lead.note(id, "for all who see the ticket", false);
    const Snapshot ticket = read(adapter(), id);
    const Visibility seen_by = hidden ? Visibility::restricted : Visibility::open;
    EXPECT_EQ(ticket.ticket.visibility, seen_by);
    ASSERT_THAT(ticket.comments, SizeIs(2));
    EXPECT_EQ(ticket.comments[0].visibility, Visibility::restricted);
    EXPECT_EQ(ticket.comments[1].visibility, seen_by);
  }
}

TEST_P(RedminePrivacy, BelievesNothingThatAnInvalidKeyIsShown) {
  const Number id = reporter.open(project, "Crash");
  redmine::RedmineAdapter& stranger = adapter(options(), std::string(40, 'z'));
  // A public project's list is served to anybody, with 200.
  const Somebody visitor{place, std::string(40, 'z')};
  EXPECT_EQ(visitor.send(http::Method::get, "/issues.json?project_id=" + project).status, 200);
  const auto expect_denied = [](const auto& result) {
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().fault, Fault::denied);
    EXPECT_EQ(result.error().reach, Reach::tracker);
  };
  expect_denied(stranger.changes({}));
  expect_denied(stranger.fetch(ref(id)));
  expect_denied(stranger.fetch(ref(id + 1000)));
  expect_denied(stranger.find({TrackerId{"queue"}, {}}, fresh_marker(), place.clock().now()));
  expect_denied(stranger.find(ref(id), fresh_marker(), place.clock().now()));
  expect_denied(stranger.apply(intent(AddComment{"words", {}, Visibility::open}, id)));
  const auto probed = stranger.probe({});
  ASSERT_TRUE(probed);
  ASSERT_THAT(probed->findings, SizeIs(1));
  EXPECT_EQ(probed->findings[0].weight, Finding::Weight::error);
}

INSTANTIATE_TEST_SUITE_P(, RedminePrivacy, testing::Values(Kind::stand_in, Kind::textile, Kind::common_mark),
                         [](const auto& kind) { return name(kind.param); });

}  // namespace
}  // namespace causeway::real
