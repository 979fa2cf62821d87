#include <fmt/format.h>
#include <gmock/gmock.h>

#include "adapters/redmine/envelope.hpp"
#include "tests/unit/redmine/fixture.hpp"

namespace causeway::redmine {
namespace {

using stand_in::Trouble;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;
using testing::StartsWith;
using testing::UnorderedElementsAre;

class RedmineWriting : public OnStandIn {
 protected:
  static CreateTicket sample() {
    CreateTicket wish;
    wish.ticket.title = "Crash";
    wish.ticket.body = "It\ncrashes 😀";
    wish.ticket.visibility = Visibility::open;
    wish.attribution = {"alice", "acme/widget#12", "https://github.com/acme/widget/issues/12"};
    return wish;
  }
  static RedmineOptions with_fields() {
    RedmineOptions options = default_options();
    options.fields = {{"labels", "Labels"}, {"twin", "Twin"}};
    return options;
  }
  void add_fields(bool labels_multiple) {
    redmine.change([&](stand_in::State& state) {
      stand_in::CustomField labels;
      labels.id = 10;
      labels.name = "Labels";
      labels.format = labels_multiple ? "list" : "text";
      labels.multiple = labels_multiple;
      labels.possible_values = {"bug", "ui", "docs"};
      state.custom_fields[10] = labels;
      stand_in::CustomField twin;
      twin.id = 11;
      twin.name = "Twin";
      twin.format = "link";
      state.custom_fields[11] = twin;
    });
  }
  static EditTicket to_status(const std::string& status) {
    EditTicket wish;
    wish.set[Field::status] = status;
    return wish;
  }
  std::string fresh_marker() { return fmt::format("{:020x}", ++markers_); }
  std::string status_of(stand_in::Number id) {
    const auto issue = redmine.look(id);
    const auto state = redmine.state();
    return issue ? stand_in::find_status(state, issue->status)->name : "";
  }
  std::map<std::string, std::size_t> requests_of(const std::function<void()>& work) {
    redmine.forget_requests();
    work();
    return redmine.requests();
  }

 private:
  int markers_ = 0;
};

TEST_F(RedmineWriting, OpensATicketInOneRequestThatProvesItself) {
  RedmineOptions options = default_options();
  options.create = {{"tracker", "Support"}, {"category", "Backend"}, {"External ID", "x"}};
  RedmineAdapter& writer = adapter(options);
  CreateTicket wish = sample();
  wish.ticket.priority = "High";
  wish.ticket.assignee = "Developer Test";
  wish.ticket.milestone = "1.0";
  const auto first = writer.apply(intent(wish));
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_TRUE(first->verified);
  EXPECT_TRUE(first->created && first->updated);
  EXPECT_THAT(first->losses, IsEmpty());
  const auto issue = redmine.look(*number_of(first->written));
  ASSERT_TRUE(issue);
  EXPECT_EQ(issue->subject, "Crash");
  EXPECT_EQ(issue->tracker, 3);
  EXPECT_EQ(issue->category, 1);
  EXPECT_EQ(issue->priority, 3);
  EXPECT_EQ(issue->assignee, 6);
  EXPECT_EQ(issue->version, 1);
  EXPECT_THAT(issue->custom, ElementsAre(Pair(2, ElementsAre("x"))));
  EXPECT_EQ(unwrap(issue->description).text, "It\ncrashes 😀");
  EXPECT_EQ(unwrap(issue->description).marker, Marker{"0123456789abcdef0123"});
  // Once names and numbers are known, a ticket takes one request.
  EXPECT_THAT(requests_of([&] { ASSERT_TRUE(writer.apply(intent(wish))); }), ElementsAre(Pair("POST /issues", 1)));
}

TEST_F(RedmineWriting, PutsMarkerTwinAndLabelsIntoFieldsWhereThereAreSome) {
  add_fields(false);
  RedmineOptions options = with_fields();
  options.fields["marker"] = "External ID";
  CreateTicket wish = sample();
  wish.ticket.labels = {"bug", "help wanted"};
  const auto receipt = adapter(options).apply(intent(wish));
  ASSERT_TRUE(receipt) << receipt.error().message;
  EXPECT_TRUE(receipt->verified);
  const auto issue = redmine.look(1);
  EXPECT_THAT(issue->custom, UnorderedElementsAre(Pair(2, ElementsAre("0123456789abcdef0123")),
                                                  Pair(10, ElementsAre("bug\nhelp wanted")),
                                                  Pair(11, ElementsAre("https://github.com/acme/widget/issues/12"))));
  EXPECT_THAT(issue->description, Not(HasSubstr("0123456789abcdef0123")));
  const auto ticket = adapter(options).fetch(ref(1));
  ASSERT_TRUE(ticket);
  EXPECT_EQ(ticket->marker, Marker{"0123456789abcdef0123"});
  EXPECT_EQ(ticket->ticket.body, wish.ticket.body);
  EXPECT_THAT(ticket->ticket.labels, ElementsAre("bug", "help wanted"));
}

TEST_F(RedmineWriting, SendsLabelsAsAListToAFieldOfSeveralValues) {
  add_fields(true);
  redmine.open("alpha", "shows that the field holds several", "");
  CreateTicket wish = sample();
  wish.ticket.labels = {"bug", "ui"};
  RedmineAdapter& writer = adapter(with_fields());
  const auto receipt = writer.apply(intent(wish));
  ASSERT_TRUE(receipt) << receipt.error().message;
  EXPECT_TRUE(receipt->verified);
  EXPECT_THAT(redmine.look(2)->custom.at(10), ElementsAre("bug", "ui"));
  EditTicket edit;
  edit.labels_add = {"docs"};
  edit.labels_remove = {"bug", "ui"};
  ASSERT_TRUE(writer.apply(intent(edit, 2)));
  EXPECT_THAT(redmine.look(2)->custom.at(10), ElementsAre("docs"));
  EditTicket empty;
  empty.labels_remove = {"docs"};
  ASSERT_TRUE(writer.apply(intent(empty, 2)));
  EXPECT_FALSE(redmine.look(2)->custom.contains(10));
}

TEST_F(RedmineWriting, KeepsLabelsThatOthersHaveAdded) {
  add_fields(false);
  const auto id = redmine.open("alpha", "ticket", "");
  redmine.edit(id, [](stand_in::Attributes& issue) { issue.custom[10] = {"theirs\r\nbug"}; });
  EditTicket edit;
  edit.labels_add = {"ui"};
  edit.labels_remove = {"bug"};
  ASSERT_TRUE(adapter(with_fields()).apply(intent(edit, id)));
  EXPECT_THAT(redmine.look(id)->custom.at(10), ElementsAre("theirs\nui"));
}

TEST_F(RedmineWriting, IgnoresTheStatusOfANewTicket) {
  CreateTicket wish = sample();
  wish.ticket.status = "Closed";
  const auto receipt = adapter().apply(intent(wish));
  ASSERT_TRUE(receipt);
  EXPECT_TRUE(receipt->verified);
  EXPECT_EQ(status_of(1), "New");
}

TEST_F(RedmineWriting, NamesWhatRedmineDoesNotHave) {
  CreateTicket wish = sample();
  wish.ticket.priority = "Hihg";
  const auto receipt = adapter().apply(intent(wish));
  ASSERT_FALSE(receipt);
  EXPECT_EQ(receipt.error().fault, Fault::rejected);
  EXPECT_THAT(receipt.error().message, HasSubstr("no priority \"Hihg\""));
  EXPECT_THAT(receipt.error().message, HasSubstr("did you mean \"High\"?"));
  EXPECT_THAT(redmine.all(), IsEmpty());
}

TEST_F(RedmineWriting, LearnsOfANewVersionWhenItIsWanted) {
  RedmineAdapter& writer = adapter();
  CreateTicket wish = sample();
  wish.ticket.milestone = "1.0";
  ASSERT_TRUE(writer.apply(intent(wish)));
  redmine.change([](stand_in::State& state) { state.projects.at(1).versions.push_back({{9, "2.0"}, "open"}); });
  wish.ticket.milestone = "2.0";
  const auto receipt = writer.apply(intent(wish));
  ASSERT_TRUE(receipt) << receipt.error().message;
  EXPECT_EQ(redmine.look(2)->version, 9);
}

TEST_F(RedmineWriting, ChangesOnlyWhatIsNamed) {
  const auto id = redmine.open("alpha", "Crash", "text");
  redmine.edit(id, [](stand_in::Attributes& issue) { issue.assignee = 6; });
  const auto before = redmine.look(id);
  EditTicket wish;
  wish.set[Field::title] = "Crash at start";
  RedmineAdapter& writer = adapter();
  ASSERT_TRUE(writer.apply(intent(wish, id)));
  auto after = redmine.look(id);
  EXPECT_EQ(after->subject, "Crash at start");
  after->subject = before->subject;
  EXPECT_EQ(after->description, before->description);
  EXPECT_EQ(after->assignee, before->assignee);
  EXPECT_THAT(requests_of([&] { ASSERT_TRUE(writer.apply(intent(wish, id))); }),
              ElementsAre(Pair("GET /issues/{id}", 1), Pair("PUT /issues/{id}", 1)));
}

TEST_F(RedmineWriting, ClearsWhatCanBeEmptyAndNothingElse) {
  const auto id = redmine.open("alpha", "Crash", "text");
  redmine.edit(id, [](stand_in::Attributes& issue) {
    issue.assignee = 6;
    issue.version = 1;
  });
  EditTicket wish;
  wish.set[Field::assignee] = std::nullopt;
  wish.set[Field::milestone] = std::nullopt;
  RedmineAdapter& writer = adapter();
  ASSERT_TRUE(writer.apply(intent(wish, id)));
  EXPECT_EQ(redmine.look(id)->assignee, 0);
  EXPECT_EQ(redmine.look(id)->version, 0);
  EditTicket impossible;
  impossible.set[Field::priority] = std::nullopt;
  const auto receipt = writer.apply(intent(impossible, id));
  ASSERT_FALSE(receipt);
  EXPECT_EQ(receipt.error().fault, Fault::rejected);
}

TEST_F(RedmineWriting, RebuildsWhatStandsAroundABodyWeMirrored) {
  RedmineAdapter& writer = adapter();
  ASSERT_TRUE(writer.apply(intent(sample())));
  EditTicket wish;
  wish.set[Field::body] = "Better words";
  wish.attribution = sample().attribution;
  wish.envelope = Marker{"0123456789abcdef0123"};
  ASSERT_TRUE(writer.apply(intent(wish, 1)));
  const Unwrapped unwrapped = unwrap(redmine.look(1)->description);
  EXPECT_EQ(unwrapped.text, "Better words");
  EXPECT_EQ(unwrapped.marker, Marker{"0123456789abcdef0123"});
}

TEST_F(RedmineWriting, SaysThatATwinLinkHasNoPlaceWithoutAskingRedmine) {
  const auto id = redmine.open("alpha", "Crash", "text");
  EditTicket wish;
  wish.twin_url = "https://github.com/acme/widget/issues/12";
  RedmineAdapter& writer = adapter();
  const auto receipt = writer.apply(intent(wish, id));
  ASSERT_TRUE(receipt);
  EXPECT_THAT(receipt->losses, SizeIs(1));
  EXPECT_EQ(redmine.requests()["PUT /issues/{id}"], 0U);
}

TEST_F(RedmineWriting, SetsAStatusThatTheWorkflowAllowsAndReadsItBack) {
  const auto id = redmine.open("alpha", "Crash", "text");
  RedmineAdapter& writer = adapter();
  const auto receipt = writer.apply(intent(to_status("Closed"), id));
  ASSERT_TRUE(receipt) << receipt.error().message;
  EXPECT_EQ(status_of(id), "Closed");
  ASSERT_TRUE(receipt->reading);
  EXPECT_EQ(receipt->reading->ticket.status, "Closed");
  EXPECT_EQ(receipt->reading->coverage, Coverage::all);
}

/// Only New → In Progress → Resolved → Closed, in steps.
void allow_only_steps(stand_in::State& state) {
  std::set<stand_in::Transition> steps;
  for (const stand_in::IssueTracker& tracker : state.trackers) {
    for (const auto& [from, to] : std::vector<std::pair<int, int>>{{1, 2}, {2, 1}, {2, 4}, {4, 2}, {2, 3}, {3, 5}}) {
      steps.insert({tracker.id, 3, from, to});
    }
  }
  state.workflow = steps;
}

TEST_F(RedmineWriting, WalksToAStatusThroughThoseTheWorkflowAllows) {
  redmine.change(allow_only_steps);
  const auto id = redmine.open("alpha", "Crash", "text");
  const auto receipt = adapter().apply(intent(to_status("Closed"), id));
  ASSERT_TRUE(receipt) << receipt.error().message;
  EXPECT_EQ(status_of(id), "Closed");
}

TEST_F(RedmineWriting, TakesTheShortWayOnceItHasSeenTheWorkflow) {
  redmine.change(allow_only_steps);
  RedmineAdapter& writer = adapter();
  ASSERT_TRUE(writer.apply(intent(to_status("Closed"), redmine.open("alpha", "one", ""))));
  const auto id = redmine.open("alpha", "two", "");
  // One try, then In Progress, Resolved, Closed; each read back.
  EXPECT_THAT(requests_of([&] { ASSERT_TRUE(writer.apply(intent(to_status("Closed"), id))); }),
              ElementsAre(Pair("GET /issues/{id}", 4), Pair("PUT /issues/{id}", 4)));
}

TEST_F(RedmineWriting, LeavesTheStatusAsItWasWhenNoWayLeadsThere) {
  redmine.change([](stand_in::State& state) {
    allow_only_steps(state);
    std::erase_if(state.workflow, [](const stand_in::Transition& step) { return std::get<3>(step) == 5; });
    for (const stand_in::IssueTracker& tracker : state.trackers) state.workflow.insert({tracker.id, 3, 3, 1});
  });
  const auto id = redmine.open("alpha", "Crash", "text");
  const auto receipt = adapter().apply(intent(to_status("Closed"), id));
  ASSERT_FALSE(receipt);
  EXPECT_EQ(receipt.error().fault, Fault::rejected);
  EXPECT_THAT(receipt.error().message, HasSubstr("not to \"Closed\""));
  EXPECT_EQ(status_of(id), "New");
}

TEST_F(RedmineWriting, MovesNothingWhenOtherTicketsShowThatNoWayLeadsThere) {
  redmine.change([](stand_in::State& state) {
    allow_only_steps(state);
    std::erase_if(state.workflow, [](const stand_in::Transition& step) { return std::get<3>(step) == 5; });
  });
  for (const stand_in::Number status : {2, 3, 4}) {
    redmine.edit(redmine.open("alpha", "other", ""), [&](stand_in::Attributes& issue) { issue.status = status; });
  }
  const auto id = redmine.open("alpha", "Crash", "text");
  const auto receipt = adapter().apply(intent(to_status("Closed"), id));
  ASSERT_FALSE(receipt);
  EXPECT_EQ(receipt.error().fault, Fault::rejected);
  EXPECT_EQ(status_of(id), "New");
  EXPECT_THAT(redmine.look(id)->journals, IsEmpty());
}

TEST_F(RedmineWriting, TellsWhereATicketStandsThatCannotBePutBack) {
  redmine.change([](stand_in::State& state) {
    allow_only_steps(state);
    std::erase_if(state.workflow,
                  [](const stand_in::Transition& step) { return std::get<3>(step) == 5 || std::get<3>(step) == 1; });
  });
  const auto id = redmine.open("alpha", "Crash", "text");
  const auto receipt = adapter().apply(intent(to_status("Closed"), id));
  ASSERT_FALSE(receipt);
  EXPECT_THAT(receipt.error().message, HasSubstr(fmt::format("stays \"{} (it was New before", status_of(id))));
}

/// Nobody has chosen the status half-way, so what is known of it must not be "nothing was changed".
TEST_F(RedmineWriting, WhatStopsAWalkHalfwayLeavesTheOutcomeOpen) {
  redmine.change(allow_only_steps);
  RedmineAdapter& writer = adapter();
  ASSERT_TRUE(writer.apply(intent(to_status("Closed"), redmine.open("alpha", "one", ""))));
  EXPECT_TRUE(writer.capabilities().status_in_steps);
  for (const auto& [method, skip, status] :
       {std::tuple{"PUT", 2, 429}, {"PUT", 2, 409}, {"GET", 1, 502}, {"GET", 1, 429}, {"GET", 1, 401}}) {
    const auto id = redmine.open("alpha", "two", "");
    redmine.trouble({.method = method, .status = status, .skip = skip, .times = 1, .retry_after = "7"});
    const auto receipt = writer.apply(intent(to_status("Closed"), id));
    redmine.no_trouble();
    ASSERT_FALSE(receipt) << method << status;
    EXPECT_EQ(status_of(id), "In Progress") << method << status;
    EXPECT_EQ(receipt.error().fault, Fault::outcome_unknown) << method << status;
    if (status == 429) {
      EXPECT_EQ(receipt.error().retry_after, 7s);
      EXPECT_EQ(receipt.error().reach, Reach::tracker);
    }
  }
}

TEST_F(RedmineWriting, FindsFieldsOfThisProjectAndThoseForAllProjects) {
  for (const bool for_all : {false, true}) {
    redmine.change([&](stand_in::State& state) {
      for (auto& [id, field] : state.custom_fields) field.for_all = for_all;
    });
    RedmineOptions options = default_options();
    options.fields["twin"] = "External ID";
    const auto receipt = adapter(options).apply(intent(sample(), 0, fresh_marker()));
    ASSERT_TRUE(receipt) << receipt.error().message;
    EXPECT_THAT(redmine.look(*number_of(receipt->written))->custom,
                ElementsAre(Pair(2, ElementsAre(sample().attribution.url))));
  }
}

TEST_F(RedmineWriting, SendsHalfASurrogatePairAsRedmineWouldKeepIt) {
  CreateTicket wish = sample();
  wish.ticket.body = "half \xED\xA0\xBD, broken \xFF";
  ASSERT_TRUE(adapter().apply(intent(wish)));
  EXPECT_EQ(unwrap(redmine.look(1)->description).text, "half ?, broken \xEF\xBF\xBD");
}

TEST_F(RedmineWriting, SaysWhatKeepsATicketOpenThatTheWorkflowWouldLetClose) {
  const auto blocker = redmine.open("alpha", "blocker", "");
  const auto id = redmine.open("alpha", "blocked", "");
  redmine.change([&](stand_in::State& state) { state.relations.push_back({blocker, id, "blocks"}); });
  const auto receipt = adapter().apply(intent(to_status("Closed"), id));
  ASSERT_FALSE(receipt);
  EXPECT_EQ(receipt.error().fault, Fault::rejected);
  EXPECT_EQ(status_of(id), "New");
}

TEST_F(RedmineWriting, CommentsInOneRequest) {
  const auto id = redmine.open("alpha", "Crash", "text");
  RedmineAdapter& writer = adapter();
  ASSERT_TRUE(writer.fetch(ref(id)));
  EXPECT_THAT(requests_of([&] {
                const auto receipt = writer.apply(intent(AddComment{"Hello", {"alice", "", ""}, Visibility::open}, id));
                ASSERT_TRUE(receipt);
                EXPECT_TRUE(receipt->written.empty());
                EXPECT_FALSE(receipt->verified);
              }),
              ElementsAre(Pair("PUT /issues/{id}", 1)));
  const auto ticket = writer.fetch(ref(id));
  ASSERT_TRUE(ticket);
  ASSERT_THAT(ticket->comments, SizeIs(1));
  EXPECT_EQ(ticket->comments[0].body, "Hello");
  EXPECT_EQ(ticket->comments[0].marker, Marker{"0123456789abcdef0123"});
  EXPECT_EQ(ticket->comments[0].visibility, Visibility::open);
}

TEST_F(RedmineWriting, KeepsAPrivateNotePrivate) {
  const auto id = redmine.open("alpha", "Crash", "text");
  const auto receipt = adapter().apply(intent(AddComment{"internal", {}, Visibility::restricted}, id));
  ASSERT_TRUE(receipt) << receipt.error().message;
  EXPECT_TRUE(receipt->verified);
  const auto issue = redmine.look(id);
  ASSERT_THAT(issue->journals, SizeIs(1));
  EXPECT_TRUE(issue->journals[0].is_private);
  EXPECT_EQ(receipt->written.value, std::to_string(issue->journals[0].id));
}

TEST_F(RedmineWriting, SendsNoPrivateNoteWithoutTheRightToKeepItPrivate) {
  const auto id = redmine.open("alpha", "Crash", "text");
  RedmineAdapter& writer = adapter(default_options(), developer_key);
  const auto receipt = writer.apply(intent(AddComment{"internal", {}, Visibility::restricted}, id));
  ASSERT_FALSE(receipt);
  EXPECT_EQ(receipt.error().fault, Fault::rejected);
  EXPECT_THAT(receipt.error().message, StartsWith("permission:"));
  EXPECT_EQ(redmine.requests()["PUT /issues/{id}"], 0U);
  EXPECT_THAT(redmine.look(id)->journals, IsEmpty());
}

TEST_F(RedmineWriting, TakesAPrivateNoteBackThatBecamePublicAllTheSame) {
  const auto id = redmine.open("alpha", "Crash", "text");
  RedmineAdapter& writer = adapter();
  ASSERT_TRUE(writer.apply(intent(AddComment{"first", {}, Visibility::restricted}, id)));
  // The right is taken away within the moment for which it is taken as given.
  redmine.change([](stand_in::State& state) { state.roles.at(3).permissions.erase("set_notes_private"); });
  const auto receipt =
      writer.apply(intent(AddComment{"second", {}, Visibility::restricted}, id, "aaaaaaaaaaaaaaaaaaaa"));
  ASSERT_FALSE(receipt);
  EXPECT_THAT(receipt.error().message, StartsWith("permission:"));
  EXPECT_THAT(receipt.error().message, HasSubstr("taken off again"));
  for (const stand_in::Journal& journal : redmine.look(id)->journals) EXPECT_TRUE(journal.is_private);
}

TEST_F(RedmineWriting, OpensAPrivateTicketOnlyWithTheRightToKeepItPrivate) {
  CreateTicket wish = sample();
  wish.ticket.visibility = Visibility::restricted;
  const auto refused = adapter(default_options(), developer_key).apply(intent(wish));
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, StartsWith("permission:"));
  EXPECT_THAT(redmine.all(), IsEmpty());
  const auto opened = adapter().apply(intent(wish));
  ASSERT_TRUE(opened);
  EXPECT_TRUE(opened->verified);
  EXPECT_TRUE(redmine.look(1)->is_private);
}

TEST_F(RedmineWriting, TellsWhatItWroteOver) {
  const auto issue = redmine.open("alpha", "old", "first words");
  RedmineAdapter& writer = adapter();
  ASSERT_TRUE(writer.fetch(ref(issue)));
  // Somebody is quicker than we are.
  redmine.edit(issue, [](stand_in::Attributes& now) {
    now.subject = "theirs";
    now.description = "their\r\nwords";
  });
  EditTicket wish;
  wish.set[Field::title] = "ours";
  wish.set[Field::body] = "our words";
  const auto receipt = writer.apply(intent(wish, issue));
  ASSERT_TRUE(receipt) << receipt.error().message;
  EXPECT_EQ(receipt->displaced.at(Field::title), "theirs");
  EXPECT_EQ(receipt->displaced.at(Field::body), "their\nwords");
  ASSERT_TRUE(receipt->reading);
  EXPECT_EQ(receipt->reading->ticket.title, "ours");
}

TEST_F(RedmineWriting, EditsANoteUnderTheSameMarker) {
  const auto id = redmine.open("alpha", "Crash", "text");
  RedmineAdapter& writer = adapter();
  ASSERT_TRUE(writer.apply(intent(AddComment{"Hello", {"alice", "", ""}, Visibility::open}, id)));
  const NativeId note{std::to_string(redmine.look(id)->journals.at(0).id)};
  ASSERT_TRUE(writer.apply(intent(
      EditComment{note, "Hello again", {"alice", "", ""}, Marker{"0123456789abcdef0123"}, Visibility::open}, id)));
  const Unwrapped unwrapped = unwrap(redmine.look(id)->journals.at(0).notes);
  EXPECT_EQ(unwrapped.text, "Hello again");
  EXPECT_EQ(unwrapped.marker, Marker{"0123456789abcdef0123"});
}

TEST_F(RedmineWriting, PutsNoPrivateTextIntoANoteThatIsPublicNow) {
  const auto id = redmine.open("alpha", "Crash", "text");
  RedmineAdapter& writer = adapter();
  const auto added = writer.apply(intent(AddComment{"internal", {}, Visibility::restricted}, id));
  ASSERT_TRUE(added);
  redmine.edit_note(*number_of(added->written), redmine.look(id)->journals.at(0).notes, false);
  const auto receipt = writer.apply(intent(
      EditComment{added->written, "more internal", {}, Marker{"0123456789abcdef0123"}, Visibility::restricted}, id));
  ASSERT_FALSE(receipt);
  EXPECT_THAT(receipt.error().message, StartsWith("permission:"));
  EXPECT_THAT(redmine.look(id)->journals.at(0).notes, Not(HasSubstr("more internal")));
}

TEST_F(RedmineWriting, RemovesANoteOfOurs) {
  const auto id = redmine.open("alpha", "Crash", "text");
  RedmineAdapter& writer = adapter();
  ASSERT_TRUE(writer.apply(intent(AddComment{"Hello", {}, Visibility::open}, id)));
  const NativeId note{std::to_string(redmine.look(id)->journals.at(0).id)};
  ASSERT_TRUE(writer.apply(intent(RemoveComment{note}, id)));
  EXPECT_THAT(redmine.look(id)->journals, IsEmpty());
  EXPECT_TRUE(writer.apply(intent(RemoveComment{note}, id)));  // a second time changes nothing
}

TEST_F(RedmineWriting, LeavesANoteThatGotTheIdOfOneOfOurs) {
  const auto id = redmine.open("alpha", "Crash", "text");
  RedmineAdapter& writer = adapter();
  ASSERT_TRUE(writer.apply(intent(AddComment{"Hello", {}, Visibility::open}, id)));
  const auto ours = redmine.look(id)->journals.at(0).id;
  redmine.edit_note(ours, "");
  ASSERT_EQ(redmine.note(id, "somebody's words"), ours);
  const auto receipt = writer.apply(intent(RemoveComment{NativeId{std::to_string(ours)}}, id));
  ASSERT_TRUE(receipt);
  EXPECT_THAT(receipt->losses, SizeIs(1));
  EXPECT_EQ(redmine.look(id)->journals.at(0).notes, "somebody's words");
}

TEST_F(RedmineWriting, TriesAgainLaterWhenAnotherWriterWasThere) {
  const auto id = redmine.open("alpha", "Crash", "text");
  redmine.trouble({.kind = Trouble::Kind::lock, .method = "PUT"});
  RedmineAdapter& writer = adapter();
  const auto receipt = writer.apply(intent(AddComment{"Hello", {}, Visibility::open}, id));
  ASSERT_FALSE(receipt);
  EXPECT_EQ(receipt.error().fault, Fault::transient);
  EXPECT_EQ(receipt.error().reach, Reach::ticket);
  EXPECT_THAT(redmine.look(id)->journals, IsEmpty());
}

TEST_F(RedmineWriting, DoesNotKnowWhatBecameOfAWriteWithoutAnAnswer) {
  const auto id = redmine.open("alpha", "Crash", "text");
  RedmineAdapter& writer = adapter();
  for (const bool after_commit : {false, true}) {
    for (const Trouble::Kind kind : {Trouble::Kind::status, Trouble::Kind::html, Trouble::Kind::drop}) {
      for (const char* method : {"PUT", "POST"}) {
        redmine.no_trouble();
        redmine.trouble({.kind = kind, .method = method, .after_commit = after_commit});
        const auto receipt = std::string{method} == "PUT"
                                 ? writer.apply(intent(AddComment{"Hello", {}, Visibility::open}, id))
                                 : writer.apply(intent(sample()));
        // An HTML page with 200 passes for the 204 of a PUT: that is why writes are read back.
        if (receipt) {
          EXPECT_FALSE(receipt->verified);
        } else {
          EXPECT_EQ(receipt.error().fault, Fault::outcome_unknown);
        }
      }
    }
  }
  redmine.no_trouble();
  redmine.trouble({.kind = Trouble::Kind::cut, .method = "POST"});
  const auto receipt = writer.apply(intent(sample()));
  ASSERT_FALSE(receipt);
  EXPECT_EQ(receipt.error().fault, Fault::outcome_unknown);
}

TEST_F(RedmineWriting, HandsOnWhatRedmineSaysAgainstIt) {
  CreateTicket wish = sample();
  wish.ticket.title = std::string(300, 'x');
  const auto receipt = adapter().apply(intent(wish));
  ASSERT_FALSE(receipt);
  EXPECT_EQ(receipt.error().fault, Fault::rejected);
  EXPECT_THAT(receipt.error().message, HasSubstr("Subject is too long"));
}

TEST_F(RedmineWriting, HoldsOneTicketWhenOnlyItsWriteIsForbidden) {
  const auto id = redmine.open("alpha", "Crash", "text");
  redmine.change([](stand_in::State& state) {
    state.roles.at(3).permissions.erase("edit_issues");
    state.roles.at(3).permissions.erase("edit_own_issues");
    state.roles.at(3).permissions.erase("add_issue_notes");
  });
  const auto receipt = adapter().apply(intent(AddComment{"Hello", {}, Visibility::open}, id));
  ASSERT_FALSE(receipt);
  EXPECT_EQ(receipt.error().fault, Fault::rejected);
  EXPECT_EQ(receipt.error().reach, Reach::ticket);
  EXPECT_THAT(receipt.error().message, StartsWith("permission:"));
}

TEST_F(RedmineWriting, WritesNothingAsAVisitor) {
  redmine.change(
      [](stand_in::State& state) { state.roles.at(2).permissions.insert({"add_issues", "add_issue_notes"}); });
  const auto id = redmine.open("alpha", "Crash", "text");
  RedmineAdapter& writer = adapter(default_options(), std::string(40, 'z'));
  const auto opened = writer.apply(intent(sample()));
  const auto commented = writer.apply(intent(AddComment{"Hello", {}, Visibility::open}, id));
  ASSERT_FALSE(opened);
  ASSERT_FALSE(commented);
  EXPECT_EQ(opened.error().fault, Fault::denied);
  EXPECT_THAT(redmine.all(), SizeIs(1));
  EXPECT_THAT(redmine.look(id)->journals, IsEmpty());
}

TEST_F(RedmineWriting, CallsAnEditOfADeletedTicketGone) {
  EditTicket wish;
  wish.set[Field::title] = "x";
  const auto receipt = adapter().apply(intent(wish, 99));
  ASSERT_FALSE(receipt);
  EXPECT_EQ(receipt.error().fault, Fault::gone);
}

TEST_F(RedmineWriting, WritesAsAnotherOnlyWithAnAdministratorsKey) {
  const auto id = redmine.open("alpha", "Crash", "text");
  RedmineOptions options = default_options();
  options.switch_user = "manager";
  ASSERT_TRUE(adapter(options, admin_key).apply(intent(AddComment{"one", {}, Visibility::open}, id)));
  ASSERT_TRUE(adapter(options, sync_key).apply(intent(AddComment{"two", {}, Visibility::open}, id)));
  EXPECT_EQ(redmine.look(id)->journals.at(0).user, 5);
  EXPECT_EQ(redmine.look(id)->journals.at(1).user, 8);
}

TEST_F(RedmineWriting, KnowsFilesAndChangesAsItsOwnThatItMadeAsAnother) {
  const auto id = redmine.open("alpha", "Crash", "text");
  RedmineOptions options = default_options();
  options.switch_user = "manager";
  RedmineAdapter& writer = adapter(options, admin_key);
  AddComment comment{"Hello", {}, Visibility::open};
  comment.files = {{NativeId{"1"}, "log.txt", "", 4}};
  Intent wish = intent(comment, id);
  wish.contents = {"line"};
  ASSERT_TRUE(writer.apply(wish));
  redmine.attach(id, "theirs.txt", "12345", "admin");
  const auto ticket = writer.fetch(ref(id));
  ASSERT_TRUE(ticket);
  ASSERT_THAT(ticket->attachments, SizeIs(2));
  EXPECT_TRUE(ticket->attachments[0].ours);
  EXPECT_FALSE(ticket->attachments[1].ours) << "by the person whose key it is";
  redmine.forget_requests();
  ASSERT_TRUE(writer.fetch(ref(id)));
  EXPECT_EQ(sent(), 1U);
  EditTicket edit;
  edit.set[Field::title] = "Crash at start";
  const auto receipt = writer.apply(intent(edit, id));
  ASSERT_TRUE(receipt);
  EXPECT_THAT(receipt->displaced, ElementsAre(Pair(Field::title, "Crash")));
}

TEST_F(RedmineWriting, CountsRequestsAsItSendsThem) {
  add_fields(false);
  RedmineAdapter& writer = adapter(with_fields());
  const auto id = redmine.open("alpha", "Crash", "text");
  CreateTicket create = sample();
  create.ticket.priority = "High";
  create.ticket.labels = {"bug"};
  EditTicket labels;
  labels.labels_add = {"ui"};
  EditTicket twin;
  twin.twin_url = "https://x.test/1";
  const std::vector<Operation> operations{create,
                                          to_status("In Progress"),
                                          labels,
                                          twin,
                                          AddComment{"Hello", {}, Visibility::open},
                                          AddComment{"Hello", {}, Visibility::restricted}};
  for (const Operation& operation : operations) {
    const auto receipt = writer.apply(intent(operation, operation.index() == 0 ? 0 : id, fresh_marker()));
    ASSERT_TRUE(receipt) << receipt.error().message;
  }
  for (const Operation& operation : operations) {
    EditTicket undo;
    undo.labels_remove = {"ui"};
    ASSERT_TRUE(writer.apply(intent(undo, id)));
    redmine.forget_requests();
    ASSERT_TRUE(writer.apply(intent(operation, operation.index() == 0 ? 0 : id, fresh_marker())));
    EXPECT_EQ(sent(), writer.requests_for(operation)) << name(operation);
  }
}

}  // namespace
}  // namespace causeway::redmine
