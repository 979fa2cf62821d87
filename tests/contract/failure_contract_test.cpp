/// What an adapter makes of a network and a server that fail, and that it never tells what it must not.
#include <fmt/format.h>
#include <gmock/gmock.h>

#include "tests/contract/subject.hpp"

namespace causeway::contract {
namespace {

using fakes::Trouble;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

class FailureContract : public testing::TestWithParam<Kind> {
 protected:
  /// Every way of reading; answers the failures.
  std::vector<Failure> failures_of_reading(Adapter& adapter, const NativeId& ticket) {
    std::vector<Failure> failures;
    const auto note = [&](const auto& result, std::string_view what) {
      if (result) {
        ADD_FAILURE() << what << " came through";
      } else {
        failures.push_back(result.error());
      }
    };
    note(adapter.changes({}), "changes");
    note(adapter.fetch(contract.ref(ticket)), "fetch");
    note(adapter.find(contract.ref({}), fresh_marker(), subject->clock.now()), "find of a ticket");
    note(adapter.find(contract.ref(ticket), fresh_marker(), subject->clock.now()), "find of a comment");
    return failures;
  }
  static std::vector<Operation> writes(const NativeId& comment, const Marker& marker) {
    EditTicket edit;
    edit.set[Field::title] = fmt::format("title {}", canary);
    return {sample(fmt::format("title {}", canary), canary), edit,
            AddComment{canary, {canary, "", ""}, Visibility::open},
            EditComment{comment, canary, {}, marker, Visibility::open}};
  }
  void expect_silent(const std::string& words) {
    EXPECT_THAT(words, Not(HasSubstr(canary)));
    for (const std::string& secret : subject->secrets()) EXPECT_THAT(words, Not(HasSubstr(secret)));
  }

  const std::unique_ptr<WebSubject> subject = make_web_subject(GetParam());
  Contract contract{*subject};
};

TEST_P(FailureContract, TriesAgainLaterWhenAReadingFails) {
  const NativeId ticket = subject->open("Crash", "text");
  for (const bool warm : {false, true}) {
    for (const Trouble& trouble : {Trouble{.kind = Trouble::Kind::status, .method = "GET", .status = 502, .times = -1},
                                   Trouble{.kind = Trouble::Kind::status, .method = "GET", .status = 503, .times = -1},
                                   Trouble{.kind = Trouble::Kind::html, .method = "GET", .times = -1},
                                   Trouble{.kind = Trouble::Kind::drop, .method = "GET", .times = -1},
                                   Trouble{.kind = Trouble::Kind::cut, .method = "GET", .times = -1}}) {
      subject->forget();
      if (warm) contract.fetch(ticket);
      subject->trouble(trouble);
      for (const Failure& failure : failures_of_reading(subject->adapter(), ticket)) {
        EXPECT_EQ(failure.fault, Fault::transient) << failure.message;
        EXPECT_TRUE(failure.reach == Reach::tracker || trouble.kind == Trouble::Kind::cut) << failure.message;
      }
      subject->no_trouble();
      EXPECT_FALSE(contract.fetch(ticket).gone);
    }
  }
}

TEST_P(FailureContract, WaitsAsLongAsItIsAskedTo) {
  const NativeId ticket = subject->open("Crash", "text");
  subject->trouble({.kind = Trouble::Kind::status, .status = 429, .times = -1, .retry_after = "170"});
  for (const Failure& failure : failures_of_reading(subject->adapter(), ticket)) {
    EXPECT_EQ(failure.fault, Fault::rate_limited) << failure.message;
    EXPECT_EQ(failure.reach, Reach::tracker);
    EXPECT_EQ(failure.retry_after, 170s);
  }
}

TEST_P(FailureContract, StopsForACredentialThatDoesNotHold) {
  const NativeId ticket = subject->open("Crash", "text");
  std::vector<Failure> failures = failures_of_reading(subject->intruder(), ticket);
  for (const Operation& operation : writes(NativeId{"1"}, fresh_marker())) {
    const auto receipt =
        subject->intruder().apply(contract.intent(operation, operation.index() == 0 ? NativeId{} : ticket));
    ASSERT_FALSE(receipt) << name(operation);
    failures.push_back(receipt.error());
  }
  for (const Failure& failure : failures) {
    EXPECT_EQ(failure.fault, Fault::denied) << failure.message;
    EXPECT_EQ(failure.reach, Reach::tracker) << failure.message;
    expect_silent(failure.message);
  }
  EXPECT_EQ(subject->tickets(), 1U);
}

TEST_P(FailureContract, FindsWhatItMadeWhenTheAnswerWasLost) {
  const NativeId ticket = subject->open("Crash", "text");
  contract.fetch(ticket);
  contract.create(sample());  // whatever must be looked up is known now
  contract.apply(contract.intent(AddComment{"known", {}, Visibility::open}, ticket));
  const Instant before = subject->clock.now();
  for (const Trouble::Kind kind : {Trouble::Kind::drop, Trouble::Kind::status}) {
    for (const char* method : {"POST", "PUT", "PATCH"}) {
      subject->trouble({.kind = kind, .method = method, .status = 502, .times = -1, .after_commit = true});
    }
    const Marker ticket_marker = fresh_marker(), comment_marker = fresh_marker();
    const auto opened = subject->adapter().apply(contract.intent(sample(), {}, ticket_marker));
    const auto added = subject->adapter().apply(
        contract.intent(AddComment{"words", {"bob", "", ""}, Visibility::open}, ticket, comment_marker));
    subject->no_trouble();
    ASSERT_FALSE(opened);
    ASSERT_FALSE(added);
    EXPECT_EQ(opened.error().fault, Fault::outcome_unknown) << opened.error().message;
    EXPECT_EQ(added.error().fault, Fault::outcome_unknown) << added.error().message;
    subject->clock.advance(subject->adapter().capabilities().listing_lag + 1min);
    EXPECT_TRUE(contract.find({}, ticket_marker, before));
    EXPECT_TRUE(contract.find(ticket, comment_marker, before));
  }
  // Lost before it got there: then nothing is found, and that is the proof.
  subject->trouble({.kind = Trouble::Kind::drop, .method = "POST", .times = -1});
  const Marker marker = fresh_marker();
  const auto opened = subject->adapter().apply(contract.intent(sample(), {}, marker));
  subject->no_trouble();
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().fault, Fault::outcome_unknown);
  subject->clock.advance(subject->adapter().capabilities().listing_lag + 1min);
  EXPECT_FALSE(contract.find({}, marker, before));
}

TEST_P(FailureContract, FailsWithoutLeaking) {
  const NativeId ticket = subject->open(fmt::format("title {}", canary), canary);
  subject->comment(ticket, canary);
  const Marker marker = fresh_marker();
  contract.apply(contract.intent(AddComment{canary, {}, Visibility::open}, ticket, marker));
  const NativeId comment = contract.fetch(ticket).comments.at(1).id;
  std::size_t failures = 0;
  for (const Trouble::Kind kind :
       {Trouble::Kind::status, Trouble::Kind::html, Trouble::Kind::cut, Trouble::Kind::drop, Trouble::Kind::lock}) {
    for (const int status : {400, 401, 403, 404, 410, 413, 422, 429, 500, 503}) {
      subject->trouble({.kind = kind, .status = status, .times = -1});
      std::vector<std::string> words;
      const auto note = [&](const auto& result) {
        if (!result) words.push_back(result.error().message);
      };
      subject->forget();
      note(subject->adapter().changes({}));
      note(subject->adapter().fetch(contract.ref(ticket)));
      note(subject->adapter().find(contract.ref({}), marker, subject->clock.now()));
      for (const Operation& operation : writes(comment, marker)) {
        note(subject->adapter().apply(contract.intent(operation, operation.index() == 0 ? NativeId{} : ticket)));
      }
      note(subject->adapter().probe({}));
      subject->no_trouble();
      failures += words.size();
      for (const std::string& one : words) expect_silent(one);
      if (kind != Trouble::Kind::status) break;  // the status is only used by that kind
    }
  }
  EXPECT_GT(failures, 50U);
  // What the tracker itself refuses, and what `check` tells.
  CreateTicket wish = sample(fmt::format("{} {}", canary, std::string(5000, 'x')), canary);
  const auto refused = subject->adapter().apply(contract.intent(wish));
  if (!refused) expect_silent(refused.error().message);
  for (Adapter* adapter : {&subject->adapter(), &subject->intruder()}) {
    const auto account = adapter->probe({});
    if (!account) {
      expect_silent(account.error().message);
      continue;
    }
    for (const Finding& finding : account->findings) expect_silent(finding.place + finding.what + finding.remedy);
    for (const auto& [key, value] : account->facts) expect_silent(key + value);
  }
}

TEST_P(FailureContract, ReportsABadCredentialAsAFindingAndNoneForAGoodOne) {
  subject->open("Crash", "text");
  const auto good = subject->adapter().probe({});
  ASSERT_TRUE(good) << good.error().message;
  EXPECT_FALSE(good->login.empty());
  for (const Finding& finding : good->findings) {
    EXPECT_EQ(finding.weight, Finding::Weight::warning) << finding.place << ": " << finding.what;
  }
  const auto bad = subject->intruder().probe({});
  ASSERT_TRUE(bad) << bad.error().message;
  ASSERT_THAT(bad->findings, SizeIs(1));
  EXPECT_EQ(bad->findings[0].weight, Finding::Weight::error);
  EXPECT_THAT(bad->findings[0].place, HasSubstr("tracker"));
  EXPECT_FALSE(bad->findings[0].remedy.empty());
}

TEST_P(FailureContract, DownloadsAFilePieceByPieceAndStopsWhenToldTo) {
  const NativeId ticket = subject->open("Crash", "text");
  const std::string content(300'000, 'x');
  if (!subject->attach(ticket, "log.txt", content)) {
    // No files: none are listed, and asking for one is refused.
    EXPECT_THAT(contract.fetch(ticket).attachments, IsEmpty());
    EXPECT_FALSE(subject->adapter().download({}, [](std::string_view) { return true; }));
    return;
  }
  const Snapshot shown = contract.fetch(ticket);
  ASSERT_THAT(shown.attachments, SizeIs(1));
  EXPECT_EQ(shown.attachments[0].bytes, content.size());
  std::string got;
  ASSERT_TRUE(subject->adapter().download(shown.attachments[0], [&](std::string_view piece) {
    got += piece;
    return true;
  }));
  EXPECT_EQ(got, content);
  std::size_t pieces = 0;
  ASSERT_TRUE(subject->adapter().download(shown.attachments[0], [&](std::string_view) { return ++pieces < 2; }));
  EXPECT_EQ(pieces, 2U);
}

INSTANTIATE_TEST_SUITE_P(, FailureContract,
                         testing::Values(Kind::redmine, Kind::github, Kind::jira_cloud, Kind::jira_data_center),
                         [](const auto& kind) { return name(kind.param); });

}  // namespace
}  // namespace causeway::contract
