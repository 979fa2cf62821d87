#include <fmt/format.h>
#include <gmock/gmock.h>

#include "adapters/github/envelope.hpp"
#include "tests/unit/github/fixture.hpp"

namespace causeway::github {
namespace {

using stand_in::Trouble;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;
using testing::SizeIs;
using testing::UnorderedElementsAre;

using GitHubReading = OnStandIn;

constexpr const char* listing = "GET /repos/{owner}/{repo}/issues";
constexpr const char* comment_listing = "GET /repos/{owner}/{repo}/issues/comments";

std::set<std::string> unique(const std::vector<std::string>& list) { return {list.begin(), list.end()}; }

TEST_F(GitHubReading, ListsEverythingFromTheBeginningButPullRequests) {
  github.open(widgets, "one", "text");
  github.open_pull_request(widgets, "a pull request", "text");
  github.open("acme/gadgets", "elsewhere", "text");
  github.close(widgets, github.open(widgets, "three", std::nullopt));
  github.comment(widgets, 1, "first words");
  Cursor start;
  const Round read = round(adapter(), start);
  EXPECT_THAT(unique(read.tickets), UnorderedElementsAre("1", "3"));
  EXPECT_THAT(unique(read.comments), ElementsAre("1: first words"));
  EXPECT_TRUE(read.comments_first);
  EXPECT_TRUE(read.ended);
}

TEST_F(GitHubReading, ReadsTheFirstPagesSideBySide) {
  for (int n = 0; n < 450; ++n) github.comment(widgets, github.open(widgets, "ticket", "text"), "words");
  clock.advance(1h);
  Cursor start;
  const Round read = round(adapter(), start);
  EXPECT_THAT(unique(read.tickets), SizeIs(450));
  EXPECT_THAT(read.comments, SizeIs(testing::Ge(450U)));
  EXPECT_EQ(read.beside, 8U);  // pages 2 to 5 of each
  EXPECT_TRUE(read.comments_first);
}

TEST_F(GitHubReading, FindsAnEmptyRepositoryUnchanged) {
  GitHubAdapter& reader = adapter();
  Cursor start;
  round(reader, start);
  const Cursor settled = start;
  const Round read = round(reader, start);
  EXPECT_THAT(read.tickets, IsEmpty());
  EXPECT_EQ(start, settled);
}

TEST_F(GitHubReading, SaysThatNothingHasChangedByTheSameWatermarkInTwoRequestsThatCostNothing) {
  for (int n = 0; n < 120; ++n) github.comment(widgets, github.open(widgets, "ticket", "text"), "words");
  Cursor start;
  round(adapter(), start);
  const Cursor settled = start;
  clock.advance(60s);
  // Entity tags live in the cursor: another life of the agent uses them.
  GitHubAdapter& reader = adapter();
  int unchanged = 0;
  transport.watch = [&](const http::Request& request, bool answered) -> std::optional<Failure> {
    const bool conditional = std::any_of(request.headers.begin(), request.headers.end(),
                                         [](const auto& header) { return header.first == "If-None-Match"; });
    if (answered && conditional) ++unchanged;
    return std::nullopt;
  };
  const auto requests = requests_of([&] {
    const Round read = round(reader, start);
    EXPECT_THAT(read.tickets, IsEmpty());
    EXPECT_THAT(read.comments, IsEmpty());
  });
  EXPECT_THAT(requests, UnorderedElementsAre(Pair(listing, 1), Pair(comment_listing, 1)));
  EXPECT_EQ(unchanged, 2);
  EXPECT_EQ(start, settled);
}

TEST_F(GitHubReading, ListsWhatChangedSinceInTwoRequestsAndIsQuietAgainAtOnce) {
  for (int n = 0; n < 150; ++n) github.open(widgets, "ticket", "text");
  clock.advance(1h);
  GitHubAdapter& reader = adapter();
  Cursor start;
  settle(reader, start);
  github.edit(widgets, 7, {.title = "other"});
  github.comment(widgets, 9, "news");
  Round read;
  const auto requests = requests_of([&] { read = round(reader, start); });
  EXPECT_THAT(requests, Contains(Pair(listing, 1)));
  EXPECT_THAT(requests, Contains(Pair(comment_listing, 1)));
  EXPECT_THAT(read.tickets, UnorderedElementsAre("7", "9"));
  EXPECT_THAT(read.comments, ElementsAre("9: news"));
  const Cursor settled = start;
  clock.advance(60s);
  EXPECT_THAT(round(reader, start).tickets, IsEmpty());
  EXPECT_EQ(start, settled);
}

TEST_F(GitHubReading, ShowsWhatAListHidAtFirst) {
  github.change([](stand_in::State& state) { state.settings.list_lag = 8; });
  github.open(widgets, "old", "text");
  clock.advance(1h);
  GitHubAdapter& reader = adapter();
  Cursor start;
  settle(reader, start);
  std::set<std::string> seen;
  for (int n = 0; n < 40; ++n) {
    github.open(widgets, "fresh", "text");
    github.edit(widgets, 1, {.title = fmt::format("title {}", n)});
    clock.advance(3s);
    seen.merge(unique(round(reader, start).tickets));
  }
  clock.advance(60s);
  seen.merge(unique(round(reader, start).tickets));
  EXPECT_THAT(seen, SizeIs(41));
}

TEST_F(GitHubReading, WalksOnWhereMoreHasChangedThanOnePageHolds) {
  for (int n = 0; n < 350; ++n) {
    github.open(widgets, "ticket", "text");
    clock.advance(1s);
  }
  GitHubAdapter& reader = adapter();
  Cursor start;
  settle(reader, start);
  for (stand_in::Number n = 1; n <= 250; ++n) {
    github.comment(widgets, n, "news");
    if (n % 3 == 0) clock.advance(1s);
  }
  const Round read = round(reader, start);
  const auto seen = unique(read.tickets);
  for (stand_in::Number n = 1; n <= 250; ++n) EXPECT_THAT(seen, Contains(std::to_string(n)));
  EXPECT_THAT(unique(read.comments), SizeIs(250));
  EXPECT_TRUE(read.comments_first);
  EXPECT_TRUE(read.ended);
}

TEST_F(GitHubReading, WalksThroughManyChangesOfOneSecond) {
  GitHubAdapter& reader = adapter();
  Cursor start;
  settle(reader, start);
  for (int n = 0; n < 350; ++n) github.comment(widgets, github.open(widgets, "ticket", "text"), "words");
  const Round read = round(reader, start);
  EXPECT_THAT(unique(read.tickets), SizeIs(350));
  EXPECT_THAT(unique(read.comments), SizeIs(350));
  EXPECT_TRUE(read.ended);
}

TEST_F(GitHubReading, LosesNothingThatIsChangedWhileItReads) {
  for (int n = 0; n < 350; ++n) {
    github.open(widgets, "ticket", "text");
    clock.advance(1s);
  }
  GitHubAdapter& reader = adapter();
  Cursor start;
  settle(reader, start);
  for (stand_in::Number n = 1; n <= 300; ++n) {
    github.edit(widgets, n, {.title = "changed"});
    clock.advance(1s);
  }
  // Between two pages people go on working on what was on the first one: pages counted in rows lose rows to this.
  stand_in::Number touched = 1;
  const Round read = round(reader, start, [&] {
    for (int n = 0; n < 20; ++n) github.edit(widgets, touched++, {.title = fmt::format("again {}", touched)});
    clock.advance(1s);
  });
  const auto seen = unique(read.tickets);
  for (stand_in::Number n = 1; n <= 300; ++n) EXPECT_THAT(seen, Contains(std::to_string(n)));
  const auto again = unique(round(reader, start).tickets);
  for (stand_in::Number n = 1; n < touched; ++n) EXPECT_THAT(again, Contains(std::to_string(n)));
}

TEST_F(GitHubReading, ReadsTheFirstTimeWhatChangedMeanwhile) {
  for (int n = 0; n < 250; ++n) github.open(widgets, "ticket", "text");
  clock.advance(1h);
  Cursor start;
  bool done = false;
  const Round read = round(adapter(), start, [&] {
    if (done) return;
    done = true;
    github.open(widgets, "fresh", "text");
    github.comment(widgets, 3, "late words");
  });
  EXPECT_THAT(unique(read.tickets), SizeIs(251));
  EXPECT_THAT(read.comments, Contains("3: late words"));
}

TEST_F(GitHubReading, FetchesATicketWithAllItsComments) {
  github.open(widgets, "A title", "one\r\ntwo", "visitor", {"bug"});
  github.open_milestone(widgets, "1.0");
  github.edit(widgets, 1, {.assignees = std::vector<std::string>{"syncuser"}, .milestone = 1});
  for (int n = 0; n < 130; ++n) github.comment(widgets, 1, fmt::format("comment {}", n));
  const auto ticket = adapter().fetch(ref(1));
  ASSERT_TRUE(ticket) << ticket.error().message;
  EXPECT_EQ(ticket->ticket.title, "A title");
  EXPECT_EQ(ticket->ticket.body, "one\ntwo");
  EXPECT_EQ(ticket->ticket.status, "open");
  EXPECT_EQ(ticket->ticket.assignee, "syncuser");
  EXPECT_EQ(ticket->ticket.milestone, "1.0");
  EXPECT_THAT(ticket->ticket.labels, ElementsAre("bug"));
  EXPECT_EQ(ticket->ticket.visibility, Visibility::open);
  EXPECT_EQ(ticket->author.login, "visitor");
  EXPECT_EQ(ticket->created, std::chrono::floor<std::chrono::seconds>(clock.now()));
  EXPECT_EQ(ticket->url, "http://github.test/acme/widgets/issues/1");
  EXPECT_EQ(ticket->coverage, Coverage::all);
  ASSERT_THAT(ticket->comments, SizeIs(130));
  EXPECT_EQ(ticket->comments.back().body, "comment 129");
  EXPECT_EQ(ticket->comments.front().visibility, Visibility::open);
}

TEST_F(GitHubReading, FetchesATicketWithoutCommentsInOneRequest) {
  github.open(widgets, "one", std::nullopt);
  GitHubAdapter& reader = adapter();
  ASSERT_TRUE(reader.fetch(ref(1)));
  EXPECT_THAT(requests_of([&] { ASSERT_TRUE(reader.fetch(ref(1))); }),
              ElementsAre(Pair("GET /repos/{owner}/{repo}/issues/{issue_number}", 1)));
}

TEST_F(GitHubReading, TakesAPrivateRepositorysTicketsForPrivate) {
  GitHubOptions options = default_options();
  options.repository = "acme/secret";
  github.comment("acme/secret", github.open("acme/secret", "one", "text", "maintainer"), "words", "maintainer");
  const auto ticket = adapter("syncuser", options).fetch(ref(1));
  ASSERT_TRUE(ticket) << ticket.error().message;
  EXPECT_EQ(ticket->ticket.visibility, Visibility::restricted);
  EXPECT_EQ(ticket->comments.at(0).visibility, Visibility::restricted);
}

TEST_F(GitHubReading, NoticesThatARepositoryTurnedPrivate) {
  github.open(widgets, "one", "text");
  GitHubAdapter& reader = adapter();
  EXPECT_EQ(reader.fetch(ref(1))->ticket.visibility, Visibility::open);
  github.change([](stand_in::State& state) { find_repository(state, widgets)->is_private = true; });
  clock.advance(301s);
  EXPECT_EQ(reader.fetch(ref(1))->ticket.visibility, Visibility::restricted);
}

TEST_F(GitHubReading, KeepsHiddenCommentsPrivate) {
  const auto comment = github.comment(widgets, github.open(widgets, "one", "text"), "spam");
  github.minimize(comment, "spam");
  const auto ticket = adapter().fetch(ref(1));
  ASSERT_TRUE(ticket);
  EXPECT_EQ(ticket->comments.at(0).visibility, Visibility::restricted);
}

TEST_F(GitHubReading, ShowsLockedClosedAndGhostlyTickets) {
  github.open(widgets, "one", "text", "reporter");
  github.lock(widgets, 1);
  github.close(widgets, 1, "not_planned");
  github.remove_user("reporter");
  const auto ticket = adapter().fetch(ref(1));
  ASSERT_TRUE(ticket) << ticket.error().message;
  EXPECT_TRUE(ticket->locked);
  EXPECT_EQ(ticket->ticket.status, "closed:not_planned");
  EXPECT_EQ(ticket->author, (Person{"", "ghost"}));
}

TEST_F(GitHubReading, FindsDeletedMovedAndImpossibleTicketsGone) {
  for (int n = 0; n < 4; ++n) github.comment(widgets, github.open(widgets, "ticket", "text"), "words");
  github.remove(widgets, 1);
  github.transfer(widgets, 2, "acme/gadgets");
  github.transfer(widgets, 3, "acme/secret");
  github.open_pull_request(widgets, "code", "text");
  GitHubAdapter& reader = adapter();
  for (const stand_in::Number number : {1, 2, 3, 5, 99}) {
    const auto ticket = reader.fetch(ref(number));
    ASSERT_TRUE(ticket) << number << ": " << ticket.error().message;
    EXPECT_TRUE(ticket->gone) << number;
  }
  EXPECT_FALSE(reader.fetch(ref(4))->gone);
}

TEST_F(GitHubReading, BelievesThatATicketIsGoneOnlyWhereItMayLook) {
  github.open(widgets, "one", "text");
  GitHubAdapter& reader = adapter();
  ASSERT_TRUE(reader.fetch(ref(1)));
  github.change([](stand_in::State& state) {
    stand_in::Repository* repository = find_repository(state, widgets);
    repository->is_private = true;
    repository->members.clear();
  });
  const auto hidden = reader.fetch(ref(1));
  ASSERT_FALSE(hidden);
  EXPECT_EQ(hidden.error().fault, Fault::denied);
  EXPECT_EQ(hidden.error().reach, Reach::tracker);
  const auto listed = reader.changes({});
  ASSERT_FALSE(listed);
  EXPECT_EQ(listed.error().fault, Fault::denied);
  EXPECT_EQ(listed.error().reach, Reach::tracker);
}

TEST_F(GitHubReading, TellsATokenThatHasRunOutFromADeletedTicket) {
  github.open(widgets, "one", "text");
  const auto ticket = adapter(default_options(), http::Secret{"ghp_wrong"}).fetch(ref(1));
  ASSERT_FALSE(ticket);
  EXPECT_EQ(ticket.error().fault, Fault::denied);
  EXPECT_EQ(ticket.error().reach, Reach::tracker);
  EXPECT_THAT(ticket.error().message, Not(HasSubstr("ghp_wrong")));
}

TEST_F(GitHubReading, TellsTurnedOffIssuesFromADeletedTicket) {
  github.open(widgets, "one", "text");
  github.change([](stand_in::State& state) { find_repository(state, widgets)->has_issues = false; });
  GitHubAdapter& reader = adapter();
  const auto ticket = reader.fetch(ref(1));
  const auto page = reader.changes({});
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().fault, Fault::denied);
  EXPECT_THAT(page.error().message, HasSubstr("turned off"));
  if (!ticket) {
    EXPECT_EQ(ticket.error().fault, Fault::denied);
    EXPECT_EQ(ticket.error().reach, Reach::tracker);
  }
}

TEST_F(GitHubReading, FollowsARenamedRepository) {
  github.comment(widgets, github.open(widgets, "one", "text"), "words");
  GitHubAdapter& reader = adapter();
  Cursor start;
  settle(reader, start);
  github.rename_repository(widgets, "gizmos");
  clock.advance(1h);
  const auto ticket = reader.fetch(ref(1));
  ASSERT_TRUE(ticket) << ticket.error().message;
  EXPECT_FALSE(ticket->gone);
  EXPECT_THAT(ticket->comments, SizeIs(1));
  github.comment("acme/gizmos", 1, "more words");
  EXPECT_THAT(round(adapter(), start).comments, Contains("1: more words"));
  // Once known, the new place is asked at once.
  const auto requests = requests_of([&] { ASSERT_TRUE(reader.fetch(ref(1))); });
  EXPECT_EQ(requests.at("GET /repos/{owner}/{repo}/issues/{issue_number}"), 1U);
}

TEST_F(GitHubReading, StopsWhereItsNameWasGivenToAnotherRepository) {
  github.open(widgets, "one", "text");
  GitHubAdapter& reader = adapter();
  Cursor start;
  settle(reader, start);
  github.remove_repository(widgets);
  github.change([&](stand_in::State& state) {
    add_repository(state, "acme", "widgets",
                   std::chrono::floor<std::chrono::seconds>(clock.now()).time_since_epoch().count());
  });
  github.open(widgets, "somebody else's", "text");
  clock.advance(1h);
  for (GitHubAdapter* one : {&reader, &adapter()}) {
    const auto page = one->changes(start);
    ASSERT_FALSE(page);
    EXPECT_EQ(page.error().fault, Fault::denied);
    EXPECT_EQ(page.error().reach, Reach::tracker);
    EXPECT_THAT(page.error().message, HasSubstr("another repository"));
  }
}

TEST_F(GitHubReading, NeverTakesItsTokenToAnotherHost) {
  Place place;
  place.step = Place::Step{Place::Kind::beside, {}, "https://evil.test/repositories/1/issues?page=2", false};
  const auto page = adapter().changes(encode(place));
  ASSERT_FALSE(page);
  EXPECT_EQ(page.error().fault, Fault::malformed);
  EXPECT_THAT(page.error().message, HasSubstr("another host"));
}

TEST_F(GitHubReading, TellsProxiesAndCutAnswersFromGitHub) {
  github.open(widgets, "one", "text");
  for (const auto kind : {Trouble::Kind::html, Trouble::Kind::cut, Trouble::Kind::status}) {
    for (const bool listing_it : {true, false}) {
      GitHubAdapter& reader = adapter();
      github.trouble({.kind = kind, .method = "GET"});
      std::optional<Failure> failure;
      if (listing_it) {
        const auto page = reader.changes({});
        if (!page) failure = page.error();
      } else {
        const auto ticket = reader.fetch(ref(1));
        if (!ticket) failure = ticket.error();
      }
      github.no_trouble();
      ASSERT_TRUE(failure);
      EXPECT_EQ(failure->fault, Fault::transient) << failure->message;
      EXPECT_EQ(failure->reach, Reach::tracker) << failure->message;
    }
  }
}

TEST_F(GitHubReading, WaitsUntilTheLimitIsOver) {
  github.open(widgets, "one", "text");
  GitHubAdapter& reader = adapter();
  ASSERT_TRUE(reader.fetch(ref(1)));
  github.change([](stand_in::State& state) {
    state.settings.limits.enforced = true;
    state.settings.limits.requests_per_hour = 1;
  });
  std::optional<Failure> failure;
  for (int n = 0; n < 3 && !failure; ++n) {
    const auto ticket = reader.fetch(ref(1));
    if (!ticket) failure = ticket.error();
  }
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->fault, Fault::rate_limited);
  EXPECT_EQ(failure->reach, Reach::tracker);
  EXPECT_GT(failure->retry_after, 0s);
  EXPECT_LE(failure->retry_after, 3601s);
}

TEST_F(GitHubReading, FindsATicketByItsMarkerAmongTheNewest) {
  for (int n = 0; n < 130; ++n) github.open(widgets, "before", "text");
  const Attribution nobody;
  const auto made = github.open(widgets, "ours", wrap("text", nobody, Marker{sample_marker}));
  for (int n = 0; n < 130; ++n) github.open(widgets, "after", "text");
  GitHubAdapter& reader = adapter();
  const auto found = reader.find({TrackerId{"community"}, {}}, Marker{sample_marker}, clock.now() - 1h);
  ASSERT_TRUE(found) << found.error().message;
  ASSERT_TRUE(*found);
  EXPECT_EQ((*found)->written, NativeId{std::to_string(made)});
  EXPECT_TRUE((*found)->created);
  const auto nothing = reader.find({TrackerId{"community"}, {}}, Marker{"ffffffffffffffffffff"}, clock.now() - 1h);
  ASSERT_TRUE(nothing);
  EXPECT_FALSE(*nothing);
}

TEST_F(GitHubReading, LooksNoFurtherBackThanTheWriteCanBe) {
  for (int n = 0; n < 450; ++n) github.open(widgets, "old", "text");
  clock.advance(48h);
  github.open(widgets, "new", "text");
  GitHubAdapter& reader = adapter();
  const auto requests = requests_of(
      [&] { EXPECT_TRUE(reader.find({TrackerId{"community"}, {}}, Marker{sample_marker}, clock.now() - 300s)); });
  EXPECT_THAT(requests, ElementsAre(Pair(listing, 1)));
}

TEST_F(GitHubReading, FindsWhatWasMadeThoughOurClockIsHoursAhead) {
  github.open(widgets, "ours", wrap("text", {}, Marker{sample_marker}));
  github.comment(widgets, 1, wrap("ours", {}, Marker{"ffffffffffffffffffff"}));
  GitHubAdapter& reader = adapter();
  const Instant sent = clock.now() + 14h;
  const auto ticket = reader.find({TrackerId{"community"}, {}}, Marker{sample_marker}, sent);
  ASSERT_TRUE(ticket) << ticket.error().message;
  EXPECT_TRUE(*ticket);
  const auto comment = reader.find(ref(1), Marker{"ffffffffffffffffffff"}, sent);
  ASSERT_TRUE(comment) << comment.error().message;
  EXPECT_TRUE(*comment);
}

TEST_F(GitHubReading, TakesNobodysCopyOfOurTicketForOurs) {
  const auto ours = github.open(widgets, "ours", wrap("text", {}, Marker{sample_marker}));
  clock.advance(10s);
  github.open(widgets, "a stranger's", wrap("text", {}, Marker{sample_marker}), "visitor");
  const auto found = adapter().find({TrackerId{"community"}, {}}, Marker{sample_marker}, clock.now() - 300s);
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->written, NativeId{std::to_string(ours)});
}

TEST_F(GitHubReading, AnAbsurdNumberOfPagesIsNotBelieved) {
  github.open(widgets, "one", "text");
  class Boasting final : public http::Transport {
   public:
    explicit Boasting(http::Transport& inner) : inner_(inner) {}
    Result<http::Response> send(const http::Request& request) override {
      auto response = inner_.send(request);
      const std::string page = origin + "/repositories/1/issues/comments?per_page=100&page=";
      if (response && request.url.find("/comments?") != std::string::npos)
        response->headers.emplace_back("Link", fmt::format("<{0}2>; rel=\"next\", <{0}1000000>; rel=\"last\"", page));
      return response;
    }

   private:
    http::Transport& inner_;
  } boasting{transport};
  GitHubAdapter reader{default_options(), boasting, http::Secret{stand_in::token_of("syncuser")}, clock};
  const auto page = reader.changes({});
  ASSERT_TRUE(page) << page.error().message;
  EXPECT_TRUE(page->beside.empty());
  EXPECT_TRUE(page->then) << "read one by one";
}

TEST_F(GitHubReading, FindsACommentByItsMarker) {
  github.open(widgets, "one", "text");
  for (int n = 0; n < 120; ++n) github.comment(widgets, 1, "words");
  const auto made = github.comment(widgets, 1, wrap("ours", {}, Marker{sample_marker}));
  GitHubAdapter& reader = adapter();
  const auto found = reader.find(ref(1), Marker{sample_marker}, clock.now() - 300s);
  ASSERT_TRUE(found) << found.error().message;
  ASSERT_TRUE(*found);
  EXPECT_EQ((*found)->written, NativeId{std::to_string(made)});
  EXPECT_FALSE(*reader.find(ref(1), Marker{"ffffffffffffffffffff"}, clock.now() - 300s));
  const auto gone = reader.find(ref(99), Marker{sample_marker}, clock.now());
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().fault, Fault::gone);
}

TEST_F(GitHubReading, IdentifiesItselfAndAsksForOneVersionOfTheApi) {
  github.open(widgets, "one", "text");
  std::vector<http::Request> seen;
  transport.watch = [&](const http::Request& request, bool answered) -> std::optional<Failure> {
    if (!answered) seen.push_back(request);
    return std::nullopt;
  };
  ASSERT_TRUE(adapter().fetch(ref(1)));
  ASSERT_FALSE(seen.empty());
  for (const http::Request& request : seen) {
    EXPECT_THAT(request.headers, Contains(Pair("Accept", "application/vnd.github+json")));
    EXPECT_THAT(request.headers, Contains(Pair("X-GitHub-Api-Version", "2022-11-28")));
    EXPECT_THAT(request.headers, Contains(Pair("User-Agent", "causeway")));
    EXPECT_EQ(request.credential.first, "Authorization");
    EXPECT_EQ(request.credential.second.reveal(), "Bearer " + stand_in::token_of("syncuser"));
    EXPECT_THAT(request.path_template, testing::StartsWith("/repos/{owner}/{repo}"));
  }
}

TEST_F(GitHubReading, KnowsWherePeopleOpenTickets) {
  GitHubOptions options = default_options();
  options.url = "https://api.github.com";
  EXPECT_EQ(adapter("syncuser", options).url_of(NativeId{"7"}), "https://github.com/acme/widgets/issues/7");
  options.url = "https://git.example.org/api/v3";
  EXPECT_EQ(adapter("syncuser", options).url_of(NativeId{"7"}), "https://git.example.org/acme/widgets/issues/7");
  options.url = "http://127.0.0.1:4000";
  EXPECT_EQ(adapter("syncuser", options).url_of(NativeId{"7"}), "http://127.0.0.1:4000/acme/widgets/issues/7");
}

TEST_F(GitHubReading, HasNoAttachmentsToDownload) {
  const auto done = adapter().download({}, [](std::string_view) { return true; });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().fault, Fault::rejected);
}

}  // namespace
}  // namespace causeway::github
