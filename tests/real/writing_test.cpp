/// What the adapter writes is there afterwards, and nothing else.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "adapters/redmine/envelope.hpp"
#include "agent/reconcile/reconcile.hpp"
#include "tests/real/place.hpp"

namespace causeway::real {
namespace {

using testing::AnyOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;
using testing::UnorderedElementsAre;

CreateTicket sample() {
  CreateTicket wish;
  wish.ticket.title = "Crash at start";
  wish.ticket.body = "It\n\n* crashes\n* burns";
  wish.ticket.visibility = Visibility::open;
  wish.attribution = {"alice", "acme/widget#12", "https://github.com/acme/widget/issues/12"};
  return wish;
}

EditTicket to_status(const std::string& status) {
  EditTicket wish;
  wish.set[Field::status] = status;
  return wish;
}

/// Texts that something on the way could spoil.
std::vector<std::string> odd_texts() {
  return {"emoji 😀 👩‍👩‍👧‍👦 🏳️‍🌈 🇩🇪 👍🏽",
          "שלום \u202Eabc\u202C مرحبا \u200F!",
          "line ends\r\nof\rall\nkinds",
          std::string{"a NUL \0 inside", 14},
          "h1. Wiki\n\n{{macro}} #12 @lead [[page]] !image.png! \"link\":http://x.test",
          "<script>alert(1)</script> &amp; <b>bold</b> <!-- comment -->",
          "spaces at line ends  \n\tand tabs\t\n\n  indented",
          "\n\nbegins with empty lines",
          "control \x01\x02\x1F characters",
          "half a surrogate \xED\xA0\xBD, no UTF-8 \xFF\xFE",
          "-- bob, https://x.test (cw)\nwords below a line that looks like ours",
          "```\ncode # @lead\n```",
          "ends with breaks\n\n\n"};
}

class RedmineWriting : public RedmineChecks {};

TEST_P(RedmineWriting, OpensATicketWithEverythingThatIsNamed) {
  redmine::RedmineOptions chosen = options();
  chosen.create = {{"tracker", "Support"}, {"category", "Backend"}, {"Customer", "ACME"}};
  redmine::RedmineAdapter& writer = adapter(chosen);
  CreateTicket wish = sample();
  wish.ticket.priority = "High";
  wish.ticket.assignee = "Agent Test";
  wish.ticket.milestone = "1.0";
  wish.ticket.labels = {"bug", "help wanted"};
  const Marker marker = fresh_marker();
  const auto receipt = writer.apply(intent(wish, 0, marker));
  ASSERT_TRUE(receipt) << receipt.error().message;
  EXPECT_TRUE(receipt->verified);
  EXPECT_THAT(receipt->losses, IsEmpty());
  ASSERT_TRUE(receipt->created);
  const Snapshot ticket = read(writer, *redmine::number_of(receipt->written));
  EXPECT_EQ(ticket.created, *receipt->created);
  EXPECT_EQ(ticket.marker, marker);
  EXPECT_EQ(ticket.ticket.title, wish.ticket.title);
  EXPECT_EQ(ticket.ticket.body, wish.ticket.body);
  EXPECT_EQ(ticket.ticket.status, "New");
  EXPECT_EQ(ticket.ticket.priority, "High");
  EXPECT_EQ(ticket.ticket.assignee, "Agent Test");
  EXPECT_EQ(ticket.ticket.milestone, "1.0");
  EXPECT_EQ(ticket.ticket.labels, wish.ticket.labels);
  EXPECT_EQ(ticket.ticket.visibility, Visibility::open);
  EXPECT_EQ(ticket.ticket.fields.at("Customer"), "ACME");
  const redmine::Issue issue = lead.look(*redmine::number_of(receipt->written));
  EXPECT_EQ(issue.tracker.name, "Support");
  EXPECT_EQ(issue.category.name, "Backend");
  EXPECT_EQ(redmine::custom_value(issue, "Community issue")->values.front(), wish.attribution.url);
}

TEST_P(RedmineWriting, ReadsBackOddTextsAsTheyWereWritten) {
  redmine::RedmineAdapter& writer = adapter();
  const auto print = [&](const std::string& text) { return reconcile::text_fingerprint(place.format(), text); };
  for (const std::string& text : odd_texts()) {
    CreateTicket wish = sample();
    wish.ticket.body = text;
    const Number id = create(writer, wish);
    ASSERT_TRUE(writer.apply(intent(AddComment{text, {"bob", "", ""}, Visibility::open}, id)));
    const Snapshot ticket = read(writer, id);
    EXPECT_EQ(print(ticket.ticket.body), print(text)) << ticket.ticket.body;
    ASSERT_THAT(ticket.comments, SizeIs(1));
    EXPECT_EQ(print(ticket.comments[0].body), print(text)) << ticket.comments[0].body;
  }
}

TEST_P(RedmineWriting, BringsFilesAlongWithANoteAndKnowsThemForItsOwn) {
  redmine::RedmineAdapter& writer = adapter();
  const Number id = create(writer, sample());
  lead.attach(id, "of a person.txt", "theirs");
  std::string bytes;
  for (int i = 0; i < 200'000; ++i) bytes.push_back(static_cast<char>(i * 7));
  AddComment wish{"see the trace", {"alice", "", ""}, Visibility::open};
  wish.files.push_back({NativeId{"7"}, "a trace & ümlaut (1).bin", "https://elsewhere.test/7", bytes.size()});
  Intent with_file = intent(wish, id);
  with_file.contents = {bytes};
  const auto receipt = writer.apply(with_file);
  ASSERT_TRUE(receipt) << receipt.error().message;
  EXPECT_THAT(receipt->losses, IsEmpty());
  const Snapshot ticket = read(writer, id);
  ASSERT_THAT(ticket.attachments, SizeIs(2));
  EXPECT_FALSE(ticket.attachments[0].ours);
  EXPECT_TRUE(ticket.attachments[1].ours);
  EXPECT_EQ(ticket.attachments[1].name, "a trace & ümlaut (1).bin");
  ASSERT_THAT(receipt->files, SizeIs(1));
  std::string got;
  ASSERT_TRUE(writer.download(receipt->files[0], [&](std::string_view piece) {
    got += piece;
    return true;
  }));
  EXPECT_EQ(got, bytes);
  ASSERT_THAT(ticket.comments, SizeIs(1));
  EXPECT_EQ(ticket.comments[0].body, "see the trace");
  EXPECT_EQ(ticket.comments[0].author.display_name, "alice") << "whose words they are";
}

TEST_P(RedmineWriting, ReadsBackOddTitles) {
  redmine::RedmineAdapter& writer = adapter();
  for (const std::string& title : {std::string{"😀 👩‍👩‍👧‍👦 שלום"},
                                   std::string{"<b>&amp;</b> \"q\" 'so'"}, std::string(255, 'x')}) {
    CreateTicket wish = sample();
    wish.ticket.title = title;
    EXPECT_EQ(read(writer, create(writer, wish)).ticket.title, title);
  }
}

TEST_P(RedmineWriting, HoldsAMegabyte) {
  std::string text;
  while (text.size() < 1'000'000) text += fmt::format("line {} of many, with an emoji 😀\n", text.size());
  CreateTicket wish = sample();
  wish.ticket.body = text;
  redmine::RedmineAdapter& writer = adapter();
  const Number id = create(writer, wish);
  ASSERT_TRUE(writer.apply(intent(AddComment{text, {"bob", "", ""}, Visibility::open}, id)));
  const Snapshot ticket = read(writer, id);
  const auto expected = reconcile::text_fingerprint(place.format(), text);
  EXPECT_EQ(reconcile::text_fingerprint(place.format(), ticket.ticket.body), expected);
  EXPECT_EQ(reconcile::text_fingerprint(place.format(), ticket.comments.at(0).body), expected);
}

TEST_P(RedmineWriting, ChangesOnlyWhatIsNamed) {
  const Number id = reporter.open(project, "Crash", "as\r\nit  was \n", R"(,"priority_id":3)");
  ASSERT_EQ(lead.put(id, R"("assigned_to_id":6)"), 204);
  const redmine::Issue before = lead.look(id);
  EditTicket wish;
  wish.set[Field::title] = "Crash at start";
  wish.set[Field::milestone] = "1.0";
  ASSERT_TRUE(adapter().apply(intent(wish, id)));
  redmine::Issue after = lead.look(id);
  EXPECT_EQ(after.subject, "Crash at start");
  EXPECT_EQ(after.version.name, "1.0");
  EXPECT_EQ(after.description, before.description);
  EXPECT_EQ(after.priority, before.priority);
  EXPECT_EQ(after.assignee, before.assignee);
  EXPECT_EQ(after.status, before.status);
  EXPECT_EQ(after.custom, before.custom);
}

TEST_P(RedmineWriting, ClearsWhatCanBeEmpty) {
  const Number id = lead.open(project, "Crash", "text", R"(,"assigned_to_id":6)");
  redmine::RedmineAdapter& writer = adapter();
  EditTicket set;
  set.set[Field::milestone] = "1.0";
  ASSERT_TRUE(writer.apply(intent(set, id)));
  EditTicket clear;
  clear.set[Field::milestone] = std::nullopt;
  clear.set[Field::assignee] = std::nullopt;
  ASSERT_TRUE(writer.apply(intent(clear, id)));
  const Snapshot ticket = read(writer, id);
  EXPECT_EQ(ticket.ticket.milestone, std::nullopt);
  EXPECT_EQ(ticket.ticket.assignee, std::nullopt);
}

TEST_P(RedmineWriting, KeepsLabelsThatOthersHaveAdded) {
  const Number id = lead.open(project, "Crash");
  ASSERT_EQ(lead.put(id, fmt::format(R"("custom_fields":[{{"id":{},"value":"theirs\r\nbug"}}])", field("Labels"))),
            204);
  redmine::RedmineAdapter& writer = adapter();
  EXPECT_THAT(read(writer, id).ticket.labels, ElementsAre("bug", "theirs"));
  EditTicket edit;
  edit.labels_add = {"ui"};
  edit.labels_remove = {"bug"};
  ASSERT_TRUE(writer.apply(intent(edit, id)));
  EXPECT_THAT(read(writer, id).ticket.labels, ElementsAre("theirs", "ui"));
}

TEST_P(RedmineWriting, PutsTheTwinIntoItsField) {
  const Number id = reporter.open(project, "Crash");
  EditTicket wish;
  wish.twin_url = "https://github.com/acme/widget/issues/7";
  ASSERT_TRUE(adapter().apply(intent(wish, id)));
  EXPECT_EQ(redmine::custom_value(lead.look(id), "Community issue")->values.front(), *wish.twin_url);
}

TEST_P(RedmineWriting, FindsItsTicketsByTheMarkerInTextOrField) {
  redmine::RedmineOptions in_field = options();
  in_field.fields["marker"] = "Customer";
  const Instant started = place.clock().now();
  for (const redmine::RedmineOptions& chosen : {options(), in_field}) {
    redmine::RedmineAdapter& writer = adapter(chosen);
    const Marker marker = fresh_marker();
    const Number id = create(writer, sample(), marker);
    for (int others = 0; others < 3; ++others) create(writer, sample());
    EXPECT_EQ(lead.look(id).description.find(marker.value) == std::string::npos, chosen.fields.contains("marker"));
    const auto found = adapter(chosen).find({TrackerId{"queue"}, {}}, marker, started);
    ASSERT_TRUE(found && *found) << (found ? "not found" : found.error().message);
    EXPECT_EQ((*found)->written.value, std::to_string(id));
    EXPECT_EQ((*found)->created, lead.look(id).created);
    const auto absent = adapter(chosen).find({TrackerId{"queue"}, {}}, fresh_marker(), started);
    ASSERT_TRUE(absent);
    EXPECT_FALSE(*absent);
  }
}

TEST_P(RedmineWriting, FindsItsCommentsByTheMarker) {
  const Number id = reporter.open(project, "Crash");
  redmine::RedmineAdapter& writer = adapter();
  const Marker marker = fresh_marker();
  lead.note(id, "before");
  ASSERT_TRUE(writer.apply(intent(AddComment{"words", {"alice", "", ""}, Visibility::open}, id, marker)));
  const std::string note = std::to_string(lead.look(id).journals->back().id);
  lead.note(id, "after");
  const auto found = writer.find(ref(id), marker, place.clock().now());
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->written.value, note);
  const auto absent = writer.find(ref(id), fresh_marker(), place.clock().now());
  ASSERT_TRUE(absent);
  EXPECT_FALSE(*absent);
}

TEST_P(RedmineWriting, RebuildsWhatStandsAroundABodyItMirrored) {
  redmine::RedmineAdapter& writer = adapter();
  const Marker marker = fresh_marker();
  const Number id = create(writer, sample(), marker);
  EditTicket wish;
  wish.set[Field::body] = "Better words\n";
  wish.attribution = sample().attribution;
  wish.envelope = marker;
  ASSERT_TRUE(writer.apply(intent(wish, id)));
  ASSERT_TRUE(writer.apply(intent(wish, id)));
  const Snapshot ticket = read(writer, id);
  EXPECT_EQ(ticket.marker, marker);
  EXPECT_EQ(ticket.ticket.body, "Better words\n");
  EXPECT_THAT(lead.look(id).description, HasSubstr("alice"));
}

TEST_P(RedmineWriting, EditsAndRemovesItsComments) {
  const Number id = reporter.open(project, "Crash");
  redmine::RedmineAdapter& writer = adapter();
  const Marker marker = fresh_marker();
  ASSERT_TRUE(writer.apply(intent(AddComment{"words", {"alice", "", ""}, Visibility::open}, id, marker)));
  const NativeId note = read(writer, id).comments.at(0).id;
  ASSERT_TRUE(writer.apply(intent(EditComment{note, "better 😀", {"alice", "", ""}, marker, Visibility::open}, id)));
  Snapshot ticket = read(writer, id);
  ASSERT_THAT(ticket.comments, SizeIs(1));
  EXPECT_EQ(ticket.comments[0].body, "better 😀");
  EXPECT_EQ(ticket.comments[0].marker, marker);
  EXPECT_EQ(ticket.comments[0].id, note);
  ASSERT_TRUE(writer.apply(intent(RemoveComment{note}, id)));
  EXPECT_THAT(read(writer, id).comments, IsEmpty());
  EXPECT_TRUE(writer.apply(intent(RemoveComment{note}, id)));  // a second time changes nothing
}

TEST_P(RedmineWriting, WalksThroughTheStatusesTheWorkflowAllows) {
  redmine::RedmineOptions chosen = options();
  chosen.create = {{"tracker", "Feature"}};
  redmine::RedmineAdapter& writer = adapter(chosen);
  const Number id = create(writer, sample());
  EXPECT_THAT(read(writer, id).reachable_statuses.value(),
              AnyOf(UnorderedElementsAre("In Progress"), UnorderedElementsAre("New", "In Progress")));
  const auto receipt = writer.apply(intent(to_status("Resolved"), id));
  ASSERT_TRUE(receipt) << receipt.error().message;
  EXPECT_EQ(read(writer, id).ticket.status, "Resolved");
  const auto closed = writer.apply(intent(to_status("Closed"), id));
  ASSERT_TRUE(closed) << closed.error().message;
  EXPECT_EQ(read(writer, id).ticket.status, "Closed");
}

TEST_P(RedmineWriting, MovesNothingTowardsAStatusThatTheWorkflowForbids) {
  // A ticket in each of the other statuses shows the ways from there; none leads a developer to Rejected.
  for (const int status : {2, 3, 4}) {
    ASSERT_EQ(lead.put(reporter.open(project, "other"), fmt::format(R"("status_id":{})", status)), 204);
  }
  const Number id = reporter.open(project, "Crash");
  const auto receipt = adapter(options(), agent_key).apply(intent(to_status("Rejected"), id));
  ASSERT_FALSE(receipt);
  EXPECT_EQ(receipt.error().fault, Fault::rejected);
  EXPECT_EQ(receipt.error().reach, Reach::ticket);
  EXPECT_THAT(receipt.error().message, HasSubstr("not to \"Rejected\""));
  const redmine::Issue issue = lead.look(id);
  EXPECT_EQ(issue.status.name, "New");
  EXPECT_THAT(*issue.journals, IsEmpty());
}

TEST_P(RedmineWriting, SaysWhereItLeftATicketWhoseWayWasUnknown) {
  const Number id = reporter.open(project, "Crash");
  const auto receipt = adapter(options(), agent_key).apply(intent(to_status("Rejected"), id));
  ASSERT_FALSE(receipt);
  EXPECT_EQ(receipt.error().fault, Fault::rejected);
  EXPECT_THAT(receipt.error().message,
              HasSubstr(fmt::format("stays \"{} (it was New before", lead.look(id).status.name)));
}

TEST_P(RedmineWriting, SaysWhatKeepsATicketOpen) {
  const Number parent = lead.open(project, "Parent");
  lead.open(project, "Child", "", fmt::format(R"(,"parent_issue_id":{})", parent));
  const auto receipt = adapter().apply(intent(to_status("Closed"), parent));
  ASSERT_FALSE(receipt);
  EXPECT_EQ(receipt.error().fault, Fault::rejected);
  EXPECT_EQ(lead.look(parent).status.name, "New");
}

TEST_P(RedmineWriting, LosesNothingWhenSeveralWriteToOneTicket) {
  const Number id = reporter.open(project, "Busy");
  redmine::RedmineAdapter& writer = adapter();
  constexpr int writers = 4, notes_each = 6;
  std::atomic<int> failures{0};
  {
    std::vector<std::jthread> threads;
    for (int number = 0; number < writers; ++number) {
      threads.emplace_back([&, number] {
        for (int note = 0; note < notes_each; ++note) {
          const Intent write = intent(AddComment{fmt::format("{}-{}", number, note), {}, Visibility::open}, id);
          for (int tries = 0;; ++tries) {
            const auto receipt = writer.apply(write);
            if (receipt) break;
            // Another writer was there and nothing was written: once more.
            if (receipt.error().fault != Fault::transient || receipt.error().reach != Reach::ticket || tries > 50) {
              ++failures;
              break;
            }
          }
        }
      });
    }
  }
  EXPECT_EQ(failures, 0);
  std::multiset<std::string> seen;
  for (const Comment& comment : read(writer, id).comments) seen.insert(comment.body);
  EXPECT_THAT(seen, SizeIs(writers * notes_each));
  EXPECT_EQ(std::set<std::string>(seen.begin(), seen.end()).size(), seen.size());
}

TEST_P(RedmineWriting, HandsOnWhyRedmineRefuses) {
  CreateTicket wish = sample();
  wish.ticket.title = std::string(256, 'x');
  const auto receipt = adapter().apply(intent(wish));
  ASSERT_FALSE(receipt);
  EXPECT_EQ(receipt.error().fault, Fault::rejected);
  EXPECT_THAT(receipt.error().message, HasSubstr("Subject is too long"));
  EXPECT_THAT(receipt.error().message, Not(HasSubstr("xxxx")));
  wish = sample();
  wish.ticket.priority = "Hihg";
  const auto unknown = adapter().apply(intent(wish));
  ASSERT_FALSE(unknown);
  EXPECT_THAT(unknown.error().message, HasSubstr("did you mean \"High\"?"));
}

TEST_P(RedmineWriting, CallsAnEditOfADeletedTicketGone) {
  const Number id = reporter.open(project, "Crash");
  admin.remove(id);
  EditTicket wish;
  wish.set[Field::title] = "x";
  const auto receipt = adapter().apply(intent(wish, id));
  ASSERT_FALSE(receipt);
  EXPECT_EQ(receipt.error().fault, Fault::gone);
}

TEST_P(RedmineWriting, WritesAsAnotherOnlyWithAnAdministratorsKey) {
  const Number id = reporter.open(project, "Crash");
  redmine::RedmineOptions chosen = options();
  chosen.switch_user = "lead";
  ASSERT_TRUE(adapter(chosen, admin_key).apply(intent(AddComment{"one", {}, Visibility::open}, id)));
  ASSERT_TRUE(adapter(chosen).apply(intent(AddComment{"two", {}, Visibility::open}, id)));
  const redmine::Issue issue = lead.look(id);
  EXPECT_EQ(issue.journals->at(0).user.name, "Lead Test");
  EXPECT_EQ(issue.journals->at(1).user.name, "Causeway Test");
  chosen.switch_user = "nobody-of-that-name";
  const auto refused = adapter(chosen, admin_key).apply(intent(AddComment{"three", {}, Visibility::open}, id));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().fault, Fault::denied);
}

TEST_P(RedmineWriting, LearnsTheNewNameOfAStatusWhileRunning) {
  const Number id = reporter.open(project, "Crash");
  redmine::RedmineAdapter& writer = adapter();
  ASSERT_TRUE(writer.apply(intent(to_status("Feedback"), id)));
  place.rename_status("Feedback", "Waiting");
  const auto shown = writer.fetch(ref(id));
  ASSERT_TRUE(writer.apply(intent(to_status("In Progress"), id)));
  const auto back = writer.apply(intent(to_status("Waiting"), id));
  const std::string status = lead.look(id).status.name;
  place.rename_status("Waiting", "Feedback");
  ASSERT_TRUE(shown);
  EXPECT_EQ(shown->ticket.status, "Waiting");
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ(status, "Waiting");
}

INSTANTIATE_TEST_SUITE_P(, RedmineWriting, testing::Values(Kind::stand_in, Kind::textile, Kind::common_mark),
                         [](const auto& kind) { return name(kind.param); });

}  // namespace
}  // namespace causeway::real
