#include "tests/unit/jira/fixture.hpp"

namespace causeway::jira {
namespace {

class JiraReading : public OnStandIn {};

TEST_P(JiraReading, ShowsAllOfATicket) {
  stand_in::Form form;
  form.type = "Task";
  form.priority = "High";
  form.labels = std::vector<std::string>{"bug", "ui"};
  form.assignee = "maintainer";
  form.custom["customfield_10052"] = "\"T-17\"";
  const std::string key = jira.file("INIT", "Crash", "It crashes", "reporter", form);
  const NativeId id = id_of(key);
  const auto comment = jira.comment(key, "words", "visitor");
  jira.attach(key, "log.txt", "12345");
  JiraOptions options = default_options();
  options.fields = {{"number", "Ticket number"}};
  const Snapshot ticket = must_fetch(adapter(options), id);
  EXPECT_EQ(ticket.display_key, key);
  EXPECT_EQ(ticket.url, options.url + "/browse/" + key);
  EXPECT_EQ(ticket.ticket.title, "Crash");
  EXPECT_EQ(ticket.ticket.body, text("It crashes"));
  EXPECT_EQ(ticket.ticket.status, "To Do");
  EXPECT_EQ(ticket.ticket.priority, "High");
  EXPECT_THAT(ticket.ticket.labels, ElementsAre("bug", "ui"));
  EXPECT_EQ(ticket.ticket.assignee, cloud() ? "712020:maintainer" : "maintainer");
  EXPECT_EQ(ticket.ticket.fields.at("Ticket number"), "T-17");
  EXPECT_EQ(ticket.ticket.fields.at("type"), "Task");
  EXPECT_EQ(ticket.ticket.visibility, Visibility::open);
  EXPECT_EQ(ticket.author.login, cloud() ? "712020:reporter" : "reporter");
  EXPECT_EQ(ticket.coverage, Coverage::all);
  ASSERT_THAT(ticket.comments, SizeIs(1));
  EXPECT_EQ(ticket.comments[0].id.value, std::to_string(comment));
  EXPECT_EQ(ticket.comments[0].body, text("words"));
  ASSERT_THAT(ticket.attachments, SizeIs(1));
  EXPECT_EQ(ticket.attachments[0].bytes, 5U);
}

TEST_P(JiraReading, CallsGoneWhatWasMovedArchivedOrDeleted) {
  JiraAdapter& reader = adapter();
  const NativeId moved = open(), archived = open(), deleted = open(), kept = open();
  for (const NativeId& id : {moved, archived, deleted}) EXPECT_FALSE(must_fetch(reader, id).gone);
  jira.move(key_of(moved), "OPS");
  jira.archive(key_of(archived));
  jira.remove(key_of(deleted));
  for (const NativeId& id : {moved, archived, deleted}) EXPECT_TRUE(must_fetch(reader, id).gone) << id.value;
  EXPECT_FALSE(must_fetch(reader, kept).gone);
}

TEST_P(JiraReading, IsPrivateWhereASecurityLevelOrARestrictionSaysSo) {
  const NativeId id = open();
  const std::string key = key_of(id);
  jira.comment(key, "for all");
  jira.comment(key, "for some", "maintainer", {"Developers", "", false});
  JiraAdapter& reader = adapter();
  Snapshot ticket = must_fetch(reader, id);
  ASSERT_THAT(ticket.comments, SizeIs(2));
  EXPECT_EQ(ticket.comments[0].visibility, Visibility::open);
  EXPECT_EQ(ticket.comments[1].visibility, Visibility::restricted);
  jira.set_security(key, "Staff only");
  ticket = must_fetch(reader, id);
  EXPECT_EQ(ticket.ticket.visibility, Visibility::restricted);
  EXPECT_EQ(ticket.comments[0].visibility, Visibility::restricted);
  jira.set_security(key, "Management");
  EXPECT_TRUE(must_fetch(reader, id).gone);
}

TEST_P(JiraReading, TellsInternalNotesOfAServiceProject) {
  const std::string key = jira.file("DESK", "Help", "please");
  jira.comment(key, "for the customer", "agent");
  jira.comment(key, "among us", "agent", {"", "", true});
  JiraOptions options = default_options();
  options.project = "DESK";
  options.issue_type = "Support";
  JiraAdapter& reader = adapter(options);
  Cursor start;
  const auto page = reader.changes(start);
  ASSERT_TRUE(page) << page.error().message;
  ASSERT_THAT(page->comments, SizeIs(2));
  EXPECT_EQ(page->comments[0].comment.visibility, Visibility::open);
  EXPECT_EQ(page->comments[1].comment.visibility, Visibility::restricted);
  EXPECT_EQ(must_fetch(reader, id_of(key)).comments[1].visibility, Visibility::restricted);
}

TEST_P(JiraReading, BringsEveryCommentThoughASearchShowsOnlySome) {
  const NativeId id = open();
  for (int made = 0; made < 130; ++made) jira.comment(key_of(id), "words");
  Cursor start;
  EXPECT_THAT(round(adapter(), start).comments, SizeIs(130));
  EXPECT_THAT(must_fetch(adapter(), id).comments, SizeIs(130));
}

/// As if the issue came with fewer comments than it has, so that pages of them are read.
void show_few_comments(const http::Request& request, http::Response& response) {
  constexpr std::string_view all = R"("total":130)";
  const std::size_t at =
      request.url.find("?fields=") == std::string::npos ? std::string::npos : response.body.find(all);
  if (at != std::string::npos) response.body.replace(at, all.size(), R"("total":131)");
}

TEST_P(JiraReading, CommentsThatComeTwiceAreToldOnceAndNoneIsLost) {
  const NativeId id = open();
  for (int made = 0; made < 130; ++made) jira.comment(key_of(id), "words");
  // As if one had come in before them between the two pages, with the last of them shown or not.
  int late = 0;
  std::string rest;
  Altered shifted{transport, [&](const http::Request& request, http::Response& response) {
                    show_few_comments(request, response);
                    constexpr std::string_view second = "startAt=100&maxResults=100", asked = R"("startAt":99)";
                    const std::size_t at = request.url.find(second);
                    if (at == std::string::npos || late == 0) return;
                    --late;
                    http::Request earlier = request;
                    earlier.url.replace(at, second.size(), "startAt=99&maxResults=" + rest);
                    response = *transport.send(earlier);
                    response.body.replace(response.body.find(asked), asked.size(), R"("startAt":100)");
                  }};
  JiraAdapter reader{default_options(), shifted, credential(), clock};
  for (const char* shown : {"31", "30"}) {
    rest = shown;
    late = 1;
    const Snapshot ticket = must_fetch(reader, id);
    EXPECT_EQ(late, 0);
    std::set<std::string> ids;
    for (const Comment& comment : ticket.comments) ids.insert(comment.id.value);
    EXPECT_THAT(ticket.comments, SizeIs(130)) << shown;
    EXPECT_THAT(ids, SizeIs(130)) << shown;
  }
  late = 100;
  const auto never = reader.fetch(ref(id));
  ASSERT_FALSE(never);
  EXPECT_EQ(never.error().fault, Fault::transient);
}

TEST_P(JiraReading, PagesOfCommentsThatWereNotAskedForAreRefused) {
  const NativeId id = open();
  for (int made = 0; made < 130; ++made) jira.comment(key_of(id), "words");
  std::size_t asked = 0;
  Altered stuck{transport, [&](const http::Request& request, http::Response& response) {
                  show_few_comments(request, response);
                  const std::size_t at = request.url.find("startAt=100");
                  if (at == std::string::npos || ++asked > 10) return;
                  http::Request first = request;
                  first.url.replace(at, 11, "startAt=0");
                  response = *transport.send(first);
                }};
  JiraAdapter reader{default_options(), stuck, credential(), clock};
  const auto ticket = reader.fetch(ref(id));
  ASSERT_FALSE(ticket);
  EXPECT_EQ(ticket.error().fault, Fault::malformed);
}

TEST_P(JiraReading, CommentsWithoutAnEndAreNotReadForEver) {
  const NativeId id = open();
  for (int made = 0; made < 130; ++made) jira.comment(key_of(id), "words");
  std::size_t pages = 0;
  Altered endless{transport, [&](const http::Request& request, http::Response& response) {
                    show_few_comments(request, response);
                    const std::size_t at = request.url.find("startAt=");
                    if (at == std::string::npos || ++pages > 20'000) return;
                    const std::string start = request.url.substr(at + 8, request.url.find('&', at) - at - 8);
                    response.body = R"({"startAt":)" + start + R"(,"total":999999999,"comments":[{"id":")" +
                                    std::to_string(1'000'000 + pages) +
                                    R"(","body":"x","created":"2026-01-01T00:00:00.000+0000"}]})";
                  }};
  JiraAdapter reader{default_options(), endless, credential(), clock};
  const auto ticket = reader.fetch(ref(id));
  ASSERT_FALSE(ticket);
  EXPECT_EQ(ticket.error().fault, Fault::malformed);
  EXPECT_LT(pages, 20'000U);
}

TEST_P(JiraReading, AsksOnceWhenNothingHasChanged) {
  for (int made = 0; made < 5; ++made) jira.comment(key_of(open()), "words");
  JiraAdapter& reader = adapter();
  Cursor start;
  settle(reader, start);
  const std::size_t before = sent();
  clock.advance(60s);
  EXPECT_THAT(round(reader, start).ids, IsEmpty());
  EXPECT_EQ(sent() - before, 1U);
}

TEST_P(JiraReading, FindsChangesWhateverTheTimeZoneOfOurProfileIs) {
  for (const char* zone : {"Pacific/Honolulu", "Asia/Kolkata", "Europe/Berlin", "Pacific/Kiritimati"}) {
    jira.change([&](stand_in::State& state) {
      for (auto& [id, user] : state.users) user.time_zone = zone;
    });
    JiraAdapter& reader = adapter();
    Cursor start;
    const NativeId id = open();
    settle(reader, start);
    clock.advance(60s);
    jira.comment(key_of(id), "news");
    EXPECT_THAT(round(reader, start).ids, ElementsAre(id.value)) << zone;
    jira.remove(key_of(id));
  }
}

TEST_P(JiraReading, LosesNothingToAnIndexThatLagsAndFlaps) {
  jira.change([](stand_in::State& state) {
    state.settings.index_lag_ms = {0, cloud() ? 50'000 : 12'000};
    state.settings.flap_every = 3;
  });
  JiraAdapter& reader = adapter();
  Cursor start;
  std::set<std::string> seen, made;
  for (int step = 0; step < 60; ++step) {
    made.insert(open().value);
    clock.advance(7s);
    for (const std::string& id : round(reader, start).ids) seen.insert(id);
  }
  for (int later = 0; later < 4; ++later) {
    clock.advance(60s);
    for (const std::string& id : round(reader, start).ids) seen.insert(id);
  }
  EXPECT_EQ(seen, made);
}

TEST_P(JiraReading, TellsRowsAsSeenBeforeTheLagOfTheIndex) {
  open();
  const auto page = adapter().changes({});
  ASSERT_TRUE(page);
  EXPECT_EQ(page->tickets.front().observed, clock.now() - default_options().listing_lag);
}

TEST_P(JiraReading, ReadsThousandsThatWereChangedInOneMinute) {
  std::set<std::string> made;
  for (int count = 0; count < 430; ++count) made.insert(open().value);
  jira.change([](stand_in::State& state) { state.settings.search_cap = 50; });
  JiraAdapter& reader = adapter();
  Cursor start;
  int changed = 0;
  const Round first = round(reader, start, [&] {
    // Rows leave the minute that is being read.
    if (++changed > 6) return;
    clock.advance(61s);
    for (int at = 0; at < 5; ++at) {
      stand_in::Form form;
      form.summary = "changed";
      jira.edit(fmt::format("INIT-{}", changed * 10 + at), form);
    }
  });
  std::set<std::string> seen(first.ids.begin(), first.ids.end());
  EXPECT_EQ(seen, made);
}

TEST_P(JiraReading, DownloadsWithoutGivingOurCredentialToAnotherHost) {
  const NativeId id = open();
  jira.attach(key_of(id), "log.txt", std::string(200'000, 'x'));
  JiraAdapter& reader = adapter();
  const Snapshot ticket = must_fetch(reader, id);
  std::string got;
  ASSERT_TRUE(reader.download(ticket.attachments.at(0), [&](std::string_view piece) {
    got += piece;
    return true;
  }));
  EXPECT_EQ(got, std::string(200'000, 'x'));
  EXPECT_EQ(jira.leaked_credentials(), 0U);
}

TEST_P(JiraReading, DoesNotTakeALoginPageForAFile) {
  if (cloud()) return;
  jira.change([](stand_in::State& state) { state.settings.downloads_need_cookie = true; });
  const NativeId id = open();
  jira.attach(key_of(id), "log.txt", "12345");
  JiraAdapter& reader = adapter();
  const auto done = reader.download(must_fetch(reader, id).attachments.at(0), [](std::string_view) { return true; });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().fault, Fault::rejected);
}

TEST_P(JiraReading, FindsTheOldestOfCopiesThatCarryTheMark) {
  const Marker marker{"0123456789abcdef0123"};
  JiraAdapter& writer = adapter();
  CreateTicket wish;
  wish.ticket.title = "Crash";
  wish.ticket.visibility = Visibility::open;
  wish.ticket.body = text("It crashes");
  const NativeId made = must_apply(writer, intent(wish)).written;
  clock.advance(1min);
  stand_in::Form form;
  form.type = "Task";
  jira.file("INIT", "CLONE - Crash", look(made).description, "reporter", form);
  clock.advance(5min);
  const auto found = adapter().find(ref({}), marker, clock.now());
  ASSERT_TRUE(found) << found.error().message;
  ASSERT_TRUE(*found);
  EXPECT_EQ((*found)->written, made);
}

TEST_P(JiraReading, FindsByThePropertyWhatSomebodyTookTheLineOutOf) {
  if (!cloud()) return;  // Data Center's search shows no properties
  JiraAdapter& writer = adapter();
  CreateTicket wish;
  wish.ticket.title = "Crash";
  wish.ticket.visibility = Visibility::open;
  const NativeId made = must_apply(writer, intent(wish)).written;
  stand_in::Form form;
  form.description = "somebody's own words";
  jira.edit(key_of(made), form);
  EXPECT_EQ(must_fetch(writer, made).marker, Marker{"0123456789abcdef0123"});
  const auto found = adapter().find(ref({}), Marker{"0123456789abcdef0123"}, clock.now());
  ASSERT_TRUE(found && *found);
  EXPECT_EQ((*found)->written, made);
}

TEST_P(JiraReading, SlowsDownWhenALimitIsNear) {
  const NativeId id = open();
  JiraAdapter& reader = adapter();
  must_fetch(reader, id);
  struct Near final : http::Transport {
    explicit Near(http::Transport& real) : inner(real) {}
    Result<http::Response> send(const http::Request& request) override {
      Result<http::Response> response = inner.send(request);
      if (response) response->headers.emplace_back("X-RateLimit-NearLimit", "true");
      return response;
    }
    http::Transport& inner;
  } near{transport};
  JiraAdapter slow{default_options(), near, credential(), clock};
  EditTicket edit;
  edit.set[Field::status] = "In Progress";
  // What takes several requests comes to its end; only then nothing new is begun for a moment.
  EXPECT_TRUE(slow.apply(intent(edit, id)));
  const std::size_t before = sent();
  edit.set[Field::status] = "In Review";
  const auto refused = slow.apply(intent(edit, id));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().fault, Fault::rate_limited);
  EXPECT_EQ(refused.error().reach, Reach::tracker);
  EXPECT_EQ(refused.error().retry_after, 1s);
  EXPECT_FALSE(slow.changes({}));
  EXPECT_EQ(sent(), before);
  clock.advance(1s);
  EXPECT_TRUE(slow.apply(intent(edit, id)));
}

INSTANTIATE_TEST_SUITE_P(, JiraReading, testing::Values(Deployment::cloud, Deployment::data_center), deployment_name);

class JiraTokenPages : public OnStandIn {};

TEST_P(JiraTokenPages, GoesOnOverEmptyPagesUntilThereIsNoToken) {
  std::set<std::string> made;
  for (int count = 0; count < 40; ++count) made.insert(open().value);
  jira.change([](stand_in::State& state) {
    state.settings.search_cap = 10;
    state.settings.empty_pages = 2;
    state.settings.says_is_last = false;
  });
  Cursor start;
  const Round seen = round(adapter(), start);
  EXPECT_EQ(std::set<std::string>(seen.ids.begin(), seen.ids.end()), made);
}

TEST_P(JiraTokenPages, DoesNotGoRoundInCircles) {
  for (int count = 0; count < 40; ++count) open();
  jira.change([](stand_in::State& state) {
    state.settings.search_cap = 10;
    state.settings.repeat_token = true;
  });
  JiraAdapter& reader = adapter();
  Cursor cursor;
  std::optional<Failure> failure;
  for (int page = 0; page < 50 && !failure; ++page) {
    const auto next = reader.changes(cursor);
    if (!next) {
      failure = next.error();
    } else if (next->then) {
      cursor = *next->then;
    } else {
      break;
    }
  }
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->fault, Fault::malformed);
}

TEST_P(JiraTokenPages, GoesOnAtTheLastStampWhenATokenHasExpired) {
  std::set<std::string> made;
  for (int count = 0; count < 40; ++count) {
    made.insert(open().value);
    clock.advance(30s);
  }
  jira.change([](stand_in::State& state) { state.settings.search_cap = 10; });
  JiraAdapter& reader = adapter();
  Cursor start;
  int pages = 0;
  const Round seen = round(reader, start, [&] {
    if (++pages == 2) jira.expire_page_tokens();
  });
  EXPECT_EQ(std::set<std::string>(seen.ids.begin(), seen.ids.end()), made);
}

INSTANTIATE_TEST_SUITE_P(, JiraTokenPages, testing::Values(Deployment::cloud), deployment_name);

}  // namespace
}  // namespace causeway::jira
