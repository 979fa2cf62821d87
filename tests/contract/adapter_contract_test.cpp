#include <fmt/format.h>
#include <gmock/gmock.h>

#include "agent/reconcile/reconcile.hpp"
#include "tests/contract/subject.hpp"

namespace causeway::contract {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class AdapterContract : public testing::TestWithParam<Kind> {
 protected:
  [[nodiscard]] Fingerprint print(const std::string& text) const {
    return reconcile::text_fingerprint(subject->adapter().capabilities().format, text);
  }
  [[nodiscard]] bool shows(const Snapshot& ticket, const std::string& text) const {
    return std::any_of(ticket.comments.begin(), ticket.comments.end(),
                       [&](const Comment& comment) { return comment.body == subject->in_markup(text); });
  }

  const std::unique_ptr<Subject> subject = make_subject(GetParam());
  Contract contract{*subject};
};

TEST_P(AdapterContract, ListsEveryTicketWithItsNewestTitle) {
  std::set<std::string> ids;
  for (int made = 0; made < 5; ++made) ids.insert(subject->open("ticket", "text").value);
  Cursor start;
  Round seen = contract.round(start);
  for (const std::string& id : ids) EXPECT_TRUE(seen.tickets.contains(id)) << id;
  subject->clock.advance(1min);
  subject->retitle(NativeId{*ids.begin()}, "another title");
  seen = contract.round(start);
  ASSERT_TRUE(seen.tickets.contains(*ids.begin()));
  EXPECT_EQ(seen.tickets.at(*ids.begin()).ticket.title, "another title");
}

TEST_P(AdapterContract, LeavesNoTicketOutWhileTicketsChangeBetweenPages) {
  std::vector<NativeId> ids;
  for (int made = 0; made < 350; ++made) {
    ids.push_back(subject->open("ticket", "text"));
    if (made % 10 == 0) subject->clock.advance(1s);
  }
  subject->clock.advance(10min);
  Cursor start;
  std::set<std::string> changed;
  std::size_t pages = 0;
  Round seen = contract.round(start, [&] {
    const std::size_t page = pages++;
    if (page > 40) return;
    subject->clock.advance(1s);
    for (const std::size_t at : {page * 100, page * 100 + 99, (page * 97 + 180) % ids.size(), ids.size() - 1 - page}) {
      if (at >= ids.size()) continue;
      subject->retitle(ids[at], "changed");
      changed.insert(ids[at].value);
    }
    changed.insert(subject->open("changed", "text").value);
  });
  for (const NativeId& id : ids) {
    EXPECT_TRUE(changed.contains(id.value) || seen.tickets.contains(id.value)) << id.value;
  }
  subject->clock.advance(1min);
  const Round next = contract.round(start);
  for (const auto& [id, ticket] : next.tickets) seen.tickets[id] = ticket;
  for (const std::string& id : changed) {
    ASSERT_TRUE(seen.tickets.contains(id)) << id;
    EXPECT_EQ(seen.tickets.at(id).ticket.title, "changed") << id;
  }
}

TEST_P(AdapterContract, SaysThatNothingHasChangedByTheSameWatermarkAndInFewRequests) {
  for (int made = 0; made < 5; ++made) subject->comment(subject->open("ticket", "text"), "words");
  Cursor start;
  contract.settle(start);
  const Cursor before = start;
  const std::size_t sent = subject->requests();
  contract.round(start);
  EXPECT_EQ(start, before);
  EXPECT_LE(subject->requests() - sent, 3U);
}

TEST_P(AdapterContract, BringsNewAndEditedCommentsWithOrBeforeTheirTicket) {
  const NativeId ticket = subject->open("ticket", "text");
  const NativeId first = subject->comment(ticket, "first words");
  subject->open("another", "text");
  Cursor start;
  Round seen = contract.round(start);
  EXPECT_TRUE(seen.comments_in_time);
  ASSERT_TRUE(seen.tickets.contains(ticket.value));
  // A listing that is a reading shows the comment itself; else the ticket it lists is fetched.
  const auto reads = [&](const Round& round, const std::string& text) {
    if (subject->adapter().capabilities().listing_is_reading) {
      return std::find(round.comments.begin(), round.comments.end(), ticket.value + ": " + subject->in_markup(text)) !=
             round.comments.end();
    }
    return shows(contract.fetch(ticket), text);
  };
  EXPECT_TRUE(reads(seen, "first words"));
  contract.settle(start);
  subject->clock.advance(1min);
  subject->comment(ticket, "second words");
  seen = contract.round(start);
  EXPECT_TRUE(seen.comments_in_time);
  EXPECT_TRUE(seen.tickets.contains(ticket.value));
  EXPECT_TRUE(reads(seen, "second words"));
  subject->edit_comment(ticket, first, "first words, corrected");
  EXPECT_TRUE(shows(contract.fetch(ticket), "first words, corrected"));
}

TEST_P(AdapterContract, CallsADeletedTicketGoneInsteadOfFailing) {
  const NativeId kept = subject->open("kept", "text");
  const NativeId ticket = subject->open("ticket", "text");
  EXPECT_FALSE(contract.fetch(ticket).gone);
  subject->remove(ticket);
  const Snapshot gone = contract.fetch(ticket);
  EXPECT_TRUE(gone.gone);
  EXPECT_EQ(gone.ref, contract.ref(ticket));
  EXPECT_FALSE(contract.fetch(kept).gone);
}

TEST_P(AdapterContract, CallsAWriteToADeletedTicketGone) {
  subject->open("kept", "text");
  const NativeId ticket = subject->open("ticket", "text");
  subject->remove(ticket);
  EditTicket wish;
  wish.set[Field::title] = "title";
  const auto receipt = subject->adapter().apply(contract.intent(wish, ticket));
  ASSERT_FALSE(receipt);
  EXPECT_EQ(receipt.error().fault, Fault::gone);
}

TEST_P(AdapterContract, CreatesWithMarkerIdAndCreationTime) {
  const Marker marker = fresh_marker();
  const Receipt receipt = contract.create(sample(), marker);
  ASSERT_FALSE(receipt.written.empty());
  ASSERT_TRUE(receipt.created);
  const Snapshot ticket = contract.fetch(receipt.written);
  EXPECT_EQ(ticket.marker, marker);
  EXPECT_EQ(ticket.created, *receipt.created);
  EXPECT_EQ(ticket.ticket.title, "Crash");
  EXPECT_EQ(ticket.ticket.body, subject->in_markup("It crashes"));
  EXPECT_EQ(contract.fetch(subject->open("by a person", "text")).marker, std::nullopt);
}

TEST_P(AdapterContract, FindsByTheMarkerWhatItMadeAndNothingElse) {
  const Instant before = subject->clock.now();
  const Marker ticket_marker = fresh_marker(), comment_marker = fresh_marker();
  contract.create(sample());
  const NativeId ticket = contract.create(sample(), ticket_marker).written;
  contract.create(sample());
  subject->comment(ticket, "by a person");
  contract.apply(contract.intent(AddComment{"words", {"bob", "", ""}, Visibility::open}, ticket, comment_marker));
  subject->clock.advance(subject->adapter().capabilities().listing_lag + 1min);
  subject->forget();
  const auto found = contract.find({}, ticket_marker, before);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->written, ticket);
  EXPECT_EQ(found->created, contract.fetch(ticket).created);
  const auto note = contract.find(ticket, comment_marker, before);
  ASSERT_TRUE(note);
  const Snapshot shown = contract.fetch(ticket);
  ASSERT_THAT(shown.comments, SizeIs(2));
  EXPECT_EQ(note->written, shown.comments[1].id);
  EXPECT_EQ(shown.comments[1].marker, comment_marker);
  EXPECT_FALSE(contract.find({}, fresh_marker(), before));
  EXPECT_FALSE(contract.find(ticket, fresh_marker(), before));
  EXPECT_FALSE(contract.find({}, comment_marker, before));
}

TEST_P(AdapterContract, ReadsBackWhatItWroteAndNothingOfItsOwnAroundIt) {
  for (const std::string& text :
       {std::string{"plain"}, std::string{"emoji 😀 👩‍👩‍👧‍👦 שלום"},
        std::string{"line\r\nends\rof all\nkinds"}, std::string{"# heading\n\n* list\n\n```\ncode\n```\n\n> quote"},
        std::string{"<!-- comment --> <b>bold</b> &amp;"}, std::string{"ends with breaks\n\n"},
        std::string{"a NUL \0 inside", 14}}) {
    const Marker ticket_marker = fresh_marker(), comment_marker = fresh_marker();
    const NativeId ticket = contract.create(sample("Crash", text), ticket_marker).written;
    contract.apply(contract.intent(AddComment{text, {"bob", "", ""}, Visibility::open}, ticket, comment_marker));
    const Snapshot shown = contract.fetch(ticket);
    EXPECT_EQ(print(shown.ticket.body), print(subject->in_markup(text))) << shown.ticket.body;
    ASSERT_THAT(shown.comments, SizeIs(1));
    EXPECT_EQ(print(shown.comments[0].body), print(subject->in_markup(text))) << shown.comments[0].body;
    for (const std::string& body : {shown.ticket.body, shown.comments[0].body}) {
      EXPECT_THAT(body, Not(HasSubstr(ticket_marker.value)));
      EXPECT_THAT(body, Not(HasSubstr(comment_marker.value)));
      EXPECT_THAT(body, Not(HasSubstr("alice")));
      EXPECT_THAT(body, Not(HasSubstr("bob")));
    }
  }
}

TEST_P(AdapterContract, ChangesOnlyWhatIsNamedAndTwiceIsOnce) {
  const NativeId ticket = subject->open("Crash", "spaces at the end  \r\n\r\n\tand <b>markup</b> \n");
  subject->comment(ticket, "words");
  const std::string stored = subject->stored_body(ticket);
  const Snapshot before = contract.fetch(ticket);
  EditTicket wish;
  wish.set[Field::title] = "Crash at start";
  wish.set[Field::status] = subject->closed_status();
  for (int time = 0; time < 2; ++time) {
    contract.apply(contract.intent(wish, ticket));
    EXPECT_EQ(subject->stored_body(ticket), stored);
    Snapshot after = contract.fetch(ticket);
    EXPECT_EQ(after.ticket.title, "Crash at start");
    EXPECT_EQ(after.ticket.status, subject->closed_status());
    after.ticket.title = before.ticket.title;
    after.ticket.status = before.ticket.status;
    for (const std::string& field : subject->fields_of_status()) after.ticket.fields.erase(field);
    EXPECT_EQ(after.ticket, before.ticket);
    EXPECT_EQ(after.comments, before.comments);
    EXPECT_EQ(after.created, before.created);
  }
}

TEST_P(AdapterContract, AddsAndRemovesSingleLabels) {
  ASSERT_TRUE(subject->adapter().capabilities().labels);
  CreateTicket wish = sample();
  wish.ticket.labels = {"bug", "docs"};
  const NativeId ticket = contract.create(wish).written;
  EditTicket edit;
  edit.labels_add = {"ui"};
  edit.labels_remove = {"bug"};
  for (int time = 0; time < 2; ++time) {
    contract.apply(contract.intent(edit, ticket));
    EXPECT_THAT(contract.fetch(ticket).ticket.labels, testing::UnorderedElementsAre("docs", "ui"));
  }
}

TEST_P(AdapterContract, RewritesABodyItMirroredUnderTheSameMarker) {
  const Marker marker = fresh_marker();
  const NativeId ticket = contract.create(sample(), marker).written;
  EditTicket wish;
  wish.set[Field::body] = "Better words\n\nin two paragraphs";
  wish.attribution = sample().attribution;
  wish.envelope = marker;
  for (int time = 0; time < 2; ++time) {
    contract.apply(contract.intent(wish, ticket));
    const Snapshot shown = contract.fetch(ticket);
    EXPECT_EQ(shown.ticket.body, subject->in_markup(*wish.set[Field::body]));
    EXPECT_EQ(shown.marker, marker);
  }
}

TEST_P(AdapterContract, EditsAndRemovesItsOwnComment) {
  const NativeId ticket = subject->open("Crash", "text");
  subject->comment(ticket, "by a person");
  const Marker marker = fresh_marker();
  contract.apply(contract.intent(AddComment{"words", {"bob", "", ""}, Visibility::open}, ticket, marker));
  const NativeId comment = contract.fetch(ticket).comments.at(1).id;
  for (int time = 0; time < 2; ++time) {
    contract.apply(
        contract.intent(EditComment{comment, "better words", {"bob", "", ""}, marker, Visibility::open}, ticket));
    const Snapshot shown = contract.fetch(ticket);
    ASSERT_THAT(shown.comments, SizeIs(2));
    EXPECT_EQ(shown.comments[1].body, subject->in_markup("better words"));
    EXPECT_EQ(shown.comments[1].marker, marker);
    EXPECT_EQ(shown.comments[1].id, comment);
  }
  contract.apply(contract.intent(RemoveComment{comment}, ticket));
  const Snapshot shown = contract.fetch(ticket);
  EXPECT_FALSE(shows(shown, "better words"));
  EXPECT_TRUE(shows(shown, "by a person"));
}

TEST_P(AdapterContract, ShowsWhatIsHiddenAsRestricted) {
  const NativeId ticket = subject->open("Crash", "text");
  EXPECT_EQ(contract.fetch(ticket).ticket.visibility, Visibility::open);
  subject->hide(ticket);
  EXPECT_EQ(contract.fetch(ticket).ticket.visibility, Visibility::restricted);
}

TEST_P(AdapterContract, KeepsARestrictedCommentRestrictedOrDoesNotWriteIt) {
  const NativeId ticket = subject->open("Crash", "text");
  const auto receipt =
      subject->adapter().apply(contract.intent(AddComment{"internal", {}, Visibility::restricted}, ticket));
  const Snapshot shown = contract.fetch(ticket);
  if (subject->adapter().capabilities().private_comments) {
    ASSERT_TRUE(receipt) << receipt.error().message;
    ASSERT_THAT(shown.comments, SizeIs(1));
    EXPECT_EQ(shown.comments[0].visibility, Visibility::restricted);
  } else {
    ASSERT_FALSE(receipt);
    EXPECT_EQ(receipt.error().fault, Fault::rejected);
    EXPECT_THAT(shown.comments, IsEmpty());
  }
}

TEST_P(AdapterContract, TakesAsManyRequestsAsItSaid) {
  const NativeId ticket = contract.create(sample()).written;
  EditTicket title, labels;
  title.set[Field::title] = "another";
  labels.labels_add = {"ui"};
  const Marker marker = fresh_marker();
  contract.apply(contract.intent(AddComment{"words", {}, Visibility::open}, ticket, marker));
  const NativeId comment = contract.fetch(ticket).comments.at(0).id;
  EditTicket other_labels;
  other_labels.labels_add = {"docs"};
  // Names are looked up once.
  for (const Operation& warming : std::vector<Operation>{title, other_labels})
    contract.apply(contract.intent(warming, ticket));
  for (const Operation& operation :
       std::vector<Operation>{title, labels, sample(), AddComment{"words", {}, Visibility::open},
                              EditComment{comment, "better", {}, marker, Visibility::open}, RemoveComment{comment}}) {
    const std::size_t before = subject->requests();
    contract.apply(contract.intent(operation, creates(operation) && operation.index() == 0 ? NativeId{} : ticket));
    EXPECT_EQ(subject->requests() - before, subject->adapter().requests_for(operation)) << name(operation);
  }
}

INSTANTIATE_TEST_SUITE_P(, AdapterContract,
                         testing::Values(Kind::memory, Kind::redmine, Kind::github, Kind::jira_cloud,
                                         Kind::jira_data_center),
                         [](const auto& kind) { return name(kind.param); });

}  // namespace
}  // namespace causeway::contract
