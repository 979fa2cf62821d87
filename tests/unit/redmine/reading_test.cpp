#include <gmock/gmock.h>

#include "adapters/redmine/envelope.hpp"
#include "tests/unit/redmine/fixture.hpp"

namespace causeway::redmine {
namespace {

using stand_in::Trouble;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::UnorderedElementsAre;

using RedmineReading = OnStandIn;

TEST_F(RedmineReading, ListsEverythingFromTheBeginning) {
  redmine.open("alpha", "one", "text");
  redmine.open("alpha", "two", "text");
  redmine.open("beta", "elsewhere", "text");
  Cursor start;
  EXPECT_THAT(round(adapter(), start), ElementsAre("1", "2"));
  EXPECT_FALSE(start.empty());
}

TEST_F(RedmineReading, FindsAnEmptyProjectUnchanged) {
  const Result<ChangePage> page = adapter().changes({});
  ASSERT_TRUE(page);
  EXPECT_THAT(page->tickets, IsEmpty());
  EXPECT_EQ(page->watermark, Cursor{});
}

TEST_F(RedmineReading, ListsOnlyWhatChangedSince) {
  RedmineAdapter& reader = adapter();
  redmine.open("alpha", "one", "");
  const auto two = redmine.open("alpha", "two", "");
  Cursor start;
  round(reader, start);
  clock.advance(60s);
  round(reader, start);
  redmine.note(two, "news");
  EXPECT_THAT(round(reader, start), ElementsAre("2"));
}

TEST_F(RedmineReading, SaysThatNothingHasChangedByTheSameWatermarkAndInOneRequest) {
  RedmineAdapter& reader = adapter();
  redmine.open("alpha", "one", "");
  Cursor start;
  round(reader, start);
  clock.advance(60s);
  round(reader, start);
  clock.advance(10s);
  const Cursor settled = start;
  redmine.forget_requests();
  EXPECT_THAT(round(reader, start), IsEmpty());
  EXPECT_EQ(start, settled);
  EXPECT_EQ(sent(), 1U);
}

TEST_F(RedmineReading, RepeatsASecondThatIsNotOverYet) {
  RedmineAdapter& reader = adapter();
  redmine.open("alpha", "one", "");
  Cursor start;
  EXPECT_THAT(round(reader, start), ElementsAre("1"));
  // Within the same second: a stamp that is shown as the one already seen.
  redmine.open("alpha", "two", "");
  EXPECT_THAT(round(reader, start), Contains("2"));
}

TEST_F(RedmineReading, ReadsThousandsByIdWithoutAnOffset) {
  for (int n = 0; n < 450; ++n) redmine.open("alpha", "ticket", "");
  Cursor start;
  std::vector<std::string> ids = round(adapter(), start);
  EXPECT_THAT(ids, SizeIs(450));
  EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), 450U);
}

TEST_F(RedmineReading, LosesNothingThatIsChangedWhileItReads) {
  RedmineAdapter& reader = adapter();
  for (int n = 0; n < 350; ++n) redmine.open("alpha", "ticket", "");
  std::set<std::string> seen;
  Cursor start;
  std::optional<Cursor> next = start;
  stand_in::Number touched = 1;
  while (next) {
    const Result<ChangePage> page = reader.changes(*next);
    ASSERT_TRUE(page) << page.error().message;
    for (const Snapshot& ticket : page->tickets) seen.insert(ticket.ref.id.value);
    // Between two pages people go on working, on old tickets and new ones. Pages with offsets lose rows to this.
    for (int n = 0; n < 40; ++n) redmine.note(touched++, "meanwhile");
    clock.advance(1s);
    if (page->watermark) start = *page->watermark;
    next = page->then;
  }
  EXPECT_THAT(seen, SizeIs(350));
  // And what was touched after its page was read comes in the next round.
  const std::vector<std::string> again = round(reader, start);
  for (stand_in::Number id = 1; id < touched; ++id) EXPECT_THAT(again, Contains(std::to_string(id)));
}

TEST_F(RedmineReading, BelievesNothingThatADeadKeyIsShown) {
  redmine.open("alpha", "public", "");
  const auto hidden = redmine.open("alpha", "private", "", "reporter", true);
  RedmineAdapter& reader = adapter(default_options(), std::string(40, 'z'));
  // The list itself is answered with 200: as to a visitor, without the private ticket.
  const Result<ChangePage> page = reader.changes({});
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().fault, Fault::denied);
  EXPECT_EQ(page.error().reach, Reach::tracker);
  for (const auto id : {stand_in::Number{1}, hidden}) {
    const Result<Snapshot> ticket = reader.fetch(ref(id));
    ASSERT_FALSE(ticket);
    EXPECT_EQ(ticket.error().fault, Fault::denied);
    EXPECT_EQ(ticket.error().reach, Reach::tracker);
  }
  EXPECT_FALSE(reader.find({TrackerId{"queue"}, {}}, Marker{"0123456789abcdef0123"}, clock.now()));
}

TEST_F(RedmineReading, NoticesAKeyThatDiesOnTheWay) {
  RedmineAdapter& reader = adapter();
  redmine.open("alpha", "one", "");
  Cursor start;
  round(reader, start);
  clock.advance(60s);
  redmine.change([](stand_in::State& state) { state.users.at(8).key = "another"; });
  redmine.note(1, "news");
  const Result<ChangePage> page = reader.changes(start);
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().fault, Fault::denied);
}

TEST_F(RedmineReading, SaysSoWhenTheRestApiIsOff) {
  redmine.change([](stand_in::State& state) { state.settings.rest_enabled = false; });
  const Result<ChangePage> page = adapter().changes({});
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().fault, Fault::denied);
  EXPECT_THAT(page.error().message, HasSubstr("REST API is switched off"));
}

/// A Redmine that does not know one of our filters, and so answers with the whole list.
class Forgetful final : public http::Transport {
 public:
  Forgetful(http::Transport& inner, std::string part) : inner_(inner), part_(std::move(part)) {}
  Result<http::Response> send(const http::Request& request) override {
    http::Request changed = request;
    if (const std::size_t at = changed.url.find(part_); at != std::string::npos) {
      changed.url.replace(
          at,
          changed.url.find('&', at + 1) == std::string::npos ? std::string::npos : changed.url.find('&', at + 1) - at,
          "");
    }
    return inner_.send(changed);
  }

 private:
  http::Transport& inner_;
  const std::string part_;
};

TEST_F(RedmineReading, RefusesAListThatDoesNotKeepToTheFilter) {
  Cursor start;
  redmine.open("alpha", "old", "");
  redmine.open("alpha", "old and left alone", "");
  clock.advance(60s);
  redmine.open("alpha", "new", "");
  round(adapter(), start);
  redmine.open("beta", "elsewhere", "");
  redmine.open("alpha", "newest", "");
  clock.advance(2s);
  redmine.note(1, "an old ticket with the newest stamp");
  for (const char* part : {"&updated_on=", "project_id=", "&sort="}) {
    Forgetful transport_without{transport, part};
    RedmineAdapter reader{default_options(), transport_without, http::Secret{sync_key}, clock};
    const Result<ChangePage> page = reader.changes(start);
    ASSERT_FALSE(page) << part;
    EXPECT_EQ(page.error().fault, Fault::malformed);
    EXPECT_EQ(page.error().reach, Reach::tracker);
  }
}

TEST_F(RedmineReading, ReadsATicketWithItsNotesAndWays) {
  const auto id = redmine.open("alpha", "Crash", "It\ncrashes");
  redmine.note(id, "public", "developer");
  redmine.note(id, "internal", "manager", true);
  redmine.attach(id, "log.txt", "12345");
  redmine.edit(id, [](stand_in::Attributes& issue) { issue.status = 2; });
  const Result<Snapshot> ticket = adapter().fetch(ref(id));
  ASSERT_TRUE(ticket) << ticket.error().message;
  EXPECT_FALSE(ticket->gone);
  EXPECT_EQ(ticket->ticket.body, "It\ncrashes");
  EXPECT_EQ(ticket->coverage, Coverage::all);
  ASSERT_THAT(ticket->comments, SizeIs(2));
  EXPECT_EQ(ticket->comments[0].visibility, Visibility::open);
  EXPECT_EQ(ticket->comments[1].body, "internal");
  EXPECT_EQ(ticket->comments[1].visibility, Visibility::restricted);
  ASSERT_THAT(ticket->attachments, SizeIs(1));
  EXPECT_EQ(ticket->attachments[0].name, "log.txt");
  EXPECT_EQ(ticket->attachments[0].bytes, 5U);
  EXPECT_THAT(ticket->reachable_statuses.value(), Contains("Closed"));
}

TEST_F(RedmineReading, ShowsADeletedATicketMovedAwayAndAHiddenOneAsGone) {
  const auto deleted = redmine.open("alpha", "deleted", "");
  const auto moved = redmine.open("alpha", "moved", "");
  const auto hidden = redmine.open("alpha", "hidden", "", "reporter", true);
  redmine.remove(deleted);
  redmine.edit(moved, [](stand_in::Attributes& issue) { issue.project = 2; });
  redmine.change([](stand_in::State& state) { state.roles.at(3).issues_visibility = "default"; });
  RedmineAdapter& reader = adapter();
  for (const auto id : {deleted, moved, hidden}) {
    const Result<Snapshot> ticket = reader.fetch(ref(id));
    ASSERT_TRUE(ticket) << ticket.error().message;
    EXPECT_TRUE(ticket->gone);
  }
}

TEST_F(RedmineReading, TakesNothingForGoneWhenTheWholeProjectIsShut) {
  const auto id = redmine.open("alpha", "one", "");
  RedmineAdapter& reader = adapter();
  ASSERT_TRUE(reader.fetch(ref(id)));
  redmine.change([](stand_in::State& state) { state.projects.at(1).state = stand_in::Project::State::archived; });
  const Result<Snapshot> ticket = reader.fetch(ref(id));
  ASSERT_FALSE(ticket);
  EXPECT_EQ(ticket.error().fault, Fault::denied);
  EXPECT_EQ(ticket.error().reach, Reach::tracker);
}

TEST_F(RedmineReading, TellsAnIdThatIsGivenAgainByItsCreation) {
  const auto first = redmine.open("alpha", "first", "");
  RedmineAdapter& reader = adapter();
  const auto before = reader.fetch(ref(first));
  redmine.remove(first);
  clock.advance(5s);
  const auto second = redmine.open("alpha", "second", "");
  ASSERT_EQ(first, second);  // as SQLite does it
  const auto after = reader.fetch(ref(second));
  ASSERT_TRUE(before && after);
  EXPECT_EQ(before->ref, after->ref);
  EXPECT_NE(before->created, after->created);
}

TEST_F(RedmineReading, WaitsWhenSomethingElseAnswers) {
  const auto id = redmine.open("alpha", "one", "");
  RedmineAdapter& reader = adapter();
  ASSERT_TRUE(reader.fetch(ref(id)));
  for (const Trouble::Kind kind :
       {Trouble::Kind::status, Trouble::Kind::html, Trouble::Kind::cut, Trouble::Kind::drop}) {
    redmine.no_trouble();
    redmine.trouble({.kind = kind, .times = -1});
    const Result<Snapshot> ticket = reader.fetch(ref(id));
    ASSERT_FALSE(ticket);
    EXPECT_EQ(ticket.error().fault, Fault::transient);
    EXPECT_EQ(ticket.error().reach, Reach::tracker);
    const Result<ChangePage> page = reader.changes({});
    ASSERT_FALSE(page);
    EXPECT_EQ(page.error().fault, Fault::transient);
  }
}

TEST_F(RedmineReading, HandsOnHowLongAProxyAsksToWait) {
  redmine.trouble({.kind = Trouble::Kind::status, .status = 429, .times = -1, .retry_after = "90"});
  const Result<ChangePage> page = adapter().changes({});
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().fault, Fault::rate_limited);
  EXPECT_EQ(page.error().retry_after, 90s);
}

TEST_F(RedmineReading, TakesNobodysCopyOfOurTicketForOurs) {
  const Marker mark{"aaaaaaaaaaaaaaaaaaaa"};
  const auto ours = redmine.open("alpha", "ours", wrap("text", {}, mark));
  redmine.open("alpha", "Copy of ours", wrap("text", {}, mark));
  const auto found = adapter().find({TrackerId{"queue"}, {}}, mark, clock.now());
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->written, NativeId{std::to_string(ours)});
}

TEST_F(RedmineReading, FindsATicketByItsMarkerAmongMany) {
  const Marker marker{"aaaaaaaaaaaaaaaaaaaa"};
  const auto wanted = redmine.open("alpha", "ours", wrap("text", {"alice", "", ""}, marker));
  for (int n = 0; n < 250; ++n) redmine.open("alpha", "another", "text");
  RedmineAdapter& reader = adapter();
  const auto found = reader.find({TrackerId{"queue"}, {}}, marker, clock.now());
  ASSERT_TRUE(found) << found.error().message;
  ASSERT_TRUE(*found);
  EXPECT_EQ((*found)->written.value, std::to_string(wanted));
  EXPECT_TRUE((*found)->created);
  const auto missing = reader.find({TrackerId{"queue"}, {}}, Marker{"bbbbbbbbbbbbbbbbbbbb"}, clock.now());
  ASSERT_TRUE(missing);
  EXPECT_FALSE(*missing);
}

TEST_F(RedmineReading, FindsATicketByItsMarkerField) {
  RedmineOptions options = default_options();
  options.fields["marker"] = "External ID";
  const auto wanted = redmine.open("alpha", "ours", "text");
  redmine.edit(wanted, [](stand_in::Attributes& issue) { issue.custom[2] = {"aaaaaaaaaaaaaaaaaaaa"}; });
  const auto found = adapter(options).find({TrackerId{"queue"}, {}}, Marker{"aaaaaaaaaaaaaaaaaaaa"}, clock.now());
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->written.value, std::to_string(wanted));
}

TEST_F(RedmineReading, FindsANoteByItsMarker) {
  const Marker marker{"aaaaaaaaaaaaaaaaaaaa"};
  const auto id = redmine.open("alpha", "ticket", "");
  redmine.note(id, "not this");
  const auto note = redmine.note(id, wrap("this", {"alice", "", ""}, marker), "syncuser");
  RedmineAdapter& reader = adapter();
  const auto found = reader.find(ref(id), marker, clock.now());
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->written.value, std::to_string(note));
  const auto missing = reader.find(ref(id), Marker{"bbbbbbbbbbbbbbbbbbbb"}, clock.now());
  ASSERT_TRUE(missing);
  EXPECT_FALSE(*missing);
}

TEST_F(RedmineReading, NamesPeopleByLoginForAdministratorsAndByNameForOthers) {
  const auto id = redmine.open("alpha", "ticket", "", "reporter");
  redmine.edit(id, [](stand_in::Attributes& issue) { issue.assignee = 6; });
  const auto by_member = adapter().fetch(ref(id));
  const auto by_admin = adapter(default_options(), admin_key).fetch(ref(id));
  ASSERT_TRUE(by_member && by_admin);
  EXPECT_EQ(by_member->author.login, "Reporter Test");
  EXPECT_EQ(by_member->ticket.assignee, "Developer Test");
  EXPECT_EQ(by_admin->author, (Person{"reporter", "Reporter Test"}));
  EXPECT_EQ(by_admin->ticket.assignee, "developer");
}

TEST_F(RedmineReading, AsksForAPersonsLoginOnce) {
  RedmineAdapter& reader = adapter(default_options(), admin_key);
  for (int n = 0; n < 3; ++n) ASSERT_TRUE(reader.fetch(ref(redmine.open("alpha", "ticket", "", "reporter"))));
  EXPECT_EQ(redmine.requests()["GET /users/{id}"], 1U);
}

TEST_F(RedmineReading, DownloadsFilesAndGivesTheKeyToNobodyElse) {
  const auto id = redmine.open("alpha", "ticket", "");
  redmine.attach(id, "log.txt", "12345");
  RedmineAdapter& reader = adapter();
  const auto ticket = reader.fetch(ref(id));
  ASSERT_TRUE(ticket);
  std::string bytes;
  transport.watch = [&](const http::Request& request, bool answered) -> std::optional<Failure> {
    if (!answered && request.url.find("/attachments/") != std::string::npos) {
      EXPECT_EQ(request.credential.first.empty(), !request.url.starts_with(origin + "/"));
    }
    return std::nullopt;
  };
  const auto keep = [&](std::string_view piece) {
    bytes += piece;
    return true;
  };
  ASSERT_TRUE(reader.download(ticket->attachments.at(0), keep));
  EXPECT_EQ(bytes, "12345");
  Attachment elsewhere = ticket->attachments.at(0);
  elsewhere.url = "http://redmine.test.evil.example/attachments/download/1/log.txt";
  EXPECT_FALSE(reader.download(elsewhere, keep));
}

TEST_F(RedmineReading, NeverTellsTheKeyNorAnybodysWords) {
  const auto id = redmine.open("alpha", "secret words", "secret words");
  std::vector<std::string> messages;
  const auto keep = [&](const auto& result) {
    if (!result) messages.push_back(result.error().message);
  };
  for (const Trouble::Kind kind :
       {Trouble::Kind::status, Trouble::Kind::html, Trouble::Kind::cut, Trouble::Kind::drop}) {
    RedmineAdapter& reader = adapter();
    redmine.no_trouble();
    redmine.trouble({.kind = kind, .times = -1});
    keep(reader.fetch(ref(id)));
    keep(reader.changes({}));
    keep(reader.probe({}));
    keep(reader.find(ref(id), Marker{"x"}, clock.now()));
    keep(reader.apply(intent(AddComment{"secret words", {}, Visibility::open}, id)));
  }
  EXPECT_THAT(messages, Not(IsEmpty()));
  for (const std::string& message : messages) {
    EXPECT_THAT(message, Not(HasSubstr(sync_key)));
    EXPECT_THAT(message, Not(HasSubstr("secret words")));
  }
}

}  // namespace
}  // namespace causeway::redmine
