#include <fmt/format.h>
#include <gmock/gmock.h>

#include "adapters/github/envelope.hpp"
#include "tests/unit/github/fixture.hpp"

namespace causeway::github {
namespace {

using stand_in::Trouble;
using testing::Contains;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;
using testing::SizeIs;
using testing::StartsWith;
using testing::UnorderedElementsAre;

class GitHubWriting : public OnStandIn {
 protected:
  static CreateTicket sample() {
    CreateTicket wish;
    wish.ticket.title = "Crash";
    wish.ticket.body = "It\ncrashes 😀";
    wish.ticket.visibility = Visibility::open;
    wish.attribution = {"alice", "", "https://redmine.test/issues/12"};
    return wish;
  }
  static AddComment words(const std::string& body = "Hello") {
    return {body, {"alice", "", "https://redmine.test/issues/12"}, Visibility::open};
  }
  static EditTicket to(Field field, std::optional<std::string> value) {
    EditTicket wish;
    wish.set[field] = std::move(value);
    return wish;
  }
  Snapshot look(stand_in::Number number) {
    const auto ticket = adapter("maintainer").fetch(ref(number));
    if (!ticket) throw std::runtime_error(ticket.error().message);
    return *ticket;
  }
  /// Lets requests pass, but forges an answer where `forge` gives one.
  class Forging final : public http::Transport {
   public:
    using Forge = std::function<std::optional<http::Response>(const http::Request&, const http::Response&)>;
    Forging(http::Transport& inner, Forge forge) : inner_(inner), forge_(std::move(forge)) {}
    Result<http::Response> send(const http::Request& request) override {
      Result<http::Response> response = inner_.send(request);
      if (!response) return response;
      if (auto forged = forge_(request, *response)) return *std::move(forged);
      return response;
    }

   private:
    http::Transport& inner_;
    Forge forge_;
  };
};

TEST_F(GitHubWriting, OpensATicketInOneRequestThatProvesItself) {
  github.open_milestone(widgets, "1.0");
  CreateTicket wish = sample();
  wish.ticket.labels = {"bug", "help wanted"};
  wish.ticket.assignee = "maintainer";
  wish.ticket.milestone = "1.0";
  GitHubAdapter& writer = adapter();
  const auto first = writer.apply(intent(wish));
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_TRUE(first->verified);
  EXPECT_TRUE(first->created && first->updated && first->shown);
  EXPECT_THAT(first->losses, IsEmpty());
  EXPECT_EQ(first->shown->status, "open");
  EXPECT_EQ(first->shown->body, wish.ticket.body);
  const Snapshot made = look(1);
  EXPECT_EQ(made.ticket.title, "Crash");
  EXPECT_EQ(made.ticket.body, wish.ticket.body);
  EXPECT_EQ(made.marker, Marker{sample_marker});
  EXPECT_THAT(made.ticket.labels, UnorderedElementsAre("bug", "help wanted"));
  EXPECT_EQ(made.ticket.assignee, "maintainer");
  EXPECT_EQ(made.ticket.milestone, "1.0");
  EXPECT_EQ(made.created, first->created);
  EXPECT_THAT(*github.look(widgets, 1)->body, HasSubstr("-- alice, https://redmine.test/issues/12 <!--"));
  EXPECT_THAT(requests_of([&] { ASSERT_TRUE(writer.apply(intent(wish))); }),
              ElementsAre(Pair("POST /repos/{owner}/{repo}/issues", 1)));
}

TEST_F(GitHubWriting, CountsCreationsAndOnlyThese) {
  std::vector<std::pair<std::string, bool>> seen;
  transport.watch = [&](const http::Request& request, bool answered) -> std::optional<Failure> {
    if (answered) return std::nullopt;
    seen.emplace_back(std::string{http::name(request.method)}, request.creates_content);
    return std::nullopt;
  };
  GitHubAdapter& writer = adapter();
  ASSERT_TRUE(writer.apply(intent(sample())));
  ASSERT_TRUE(writer.apply(intent(words(), 1)));
  ASSERT_TRUE(writer.apply(intent(to(Field::title, "other"), 1)));
  EXPECT_THAT(seen, ElementsAre(Pair("POST", true), Pair("POST", true), Pair("PATCH", false)));
}

TEST_F(GitHubWriting, TellsLabelsThatGitHubDroppedSilently) {
  github.open_milestone(widgets, "1.0");
  CreateTicket wish = sample();
  wish.ticket.labels = {"bug"};
  wish.ticket.milestone = "1.0";
  wish.ticket.assignee = "maintainer";
  const auto receipt = adapter("visitor").apply(intent(wish));
  ASSERT_TRUE(receipt) << receipt.error().message;
  EXPECT_TRUE(receipt->verified);
  EXPECT_THAT(receipt->losses, UnorderedElementsAre(HasSubstr("label \"bug\""), HasSubstr("assignee maintainer"),
                                                    HasSubstr("milestone")));
  EXPECT_THAT(receipt->shown->labels, IsEmpty());
}

TEST_F(GitHubWriting, SaysWhichPartsOfAnEditGitHubDropped) {
  github.open(widgets, "one", "text");
  const std::string endless(51, 'x');
  EditTicket wish = to(Field::milestone, "there is none");
  wish.set[Field::assignee] = "nobody-at-all";
  wish.set[Field::title] = "other";
  wish.labels_add = {"bug", endless};
  const auto receipt = adapter().apply(intent(wish, 1));
  ASSERT_TRUE(receipt) << receipt.error().message;
  EXPECT_THAT(receipt->dropped, UnorderedElementsAre(Field::milestone, Field::assignee));
  EXPECT_THAT(receipt->dropped_labels, UnorderedElementsAre(endless));
  EXPECT_EQ(look(1).ticket.title, "other");
}

TEST_F(GitHubWriting, OpensATicketOfTheWantedTypeAndSaysWhatGitHubDoesNotTake) {
  CreateTicket wish = sample();
  wish.ticket.fields = {{"category", "Intake"}, {"type", "Task"}};
  std::string sent;
  Forging seeing{transport, [&](const http::Request& request, const http::Response& /*answer*/) {
                   if (request.method == http::Method::post) sent = request.body;
                   return std::optional<http::Response>{};
                 }};
  GitHubAdapter writer{default_options(), seeing, http::Secret{stand_in::token_of("syncuser")}, clock};
  const auto made = writer.apply(intent(wish));
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_THAT(sent, HasSubstr(R"("type":"Task")"));
  EXPECT_THAT(sent, Not(HasSubstr("Intake")));
  EXPECT_THAT(made->losses, ElementsAre(HasSubstr("category")));
}

TEST_F(GitHubWriting, OpensTheTicketWithoutAPersonWhoCannotBeAssigned) {
  CreateTicket wish = sample();
  wish.ticket.assignee = "nobody-at-all";
  const auto receipt = adapter().apply(intent(wish));
  ASSERT_TRUE(receipt) << receipt.error().message;
  EXPECT_THAT(receipt->losses, ElementsAre(HasSubstr("assignee nobody-at-all")));
  EXPECT_EQ(receipt->written, NativeId{"1"});
  EXPECT_THAT(github.all(widgets), SizeIs(1));
}

TEST_F(GitHubWriting, LeavesOutAMilestoneThatIsNotThereAndLabelsThatAreTooLong) {
  CreateTicket wish = sample();
  wish.ticket.milestone = "2.0";
  wish.ticket.labels = {std::string(51, 'x'), "bug"};
  const auto receipt = adapter().apply(intent(wish));
  ASSERT_TRUE(receipt) << receipt.error().message;
  EXPECT_THAT(receipt->losses, UnorderedElementsAre(HasSubstr("milestone \"2.0\""), HasSubstr("50 characters")));
  EXPECT_THAT(look(1).ticket.labels, ElementsAre("bug"));
}

TEST_F(GitHubWriting, FindsAMilestoneThatWasMadeJustNow) {
  GitHubAdapter& writer = adapter();
  github.open_milestone(widgets, "1.0");
  CreateTicket wish = sample();
  wish.ticket.milestone = "1.0";
  ASSERT_TRUE(writer.apply(intent(wish)));
  github.open_milestone(widgets, "2.0");
  wish.ticket.milestone = "2.0";
  const auto receipt = writer.apply(intent(wish, 0, "11111111111111111111"));
  ASSERT_TRUE(receipt);
  EXPECT_THAT(receipt->losses, IsEmpty());
  EXPECT_EQ(look(2).ticket.milestone, "2.0");
}

TEST_F(GitHubWriting, NeverOpensAPrivateTicketWhereEverybodyReads) {
  CreateTicket wish = sample();
  wish.ticket.visibility = Visibility::restricted;
  const auto receipt = adapter().apply(intent(wish));
  ASSERT_FALSE(receipt);
  EXPECT_EQ(receipt.error().fault, Fault::rejected);
  EXPECT_THAT(receipt.error().message, StartsWith("permission: "));
  EXPECT_THAT(github.all(widgets), IsEmpty());
  GitHubOptions options = default_options();
  options.repository = "acme/secret";
  GitHubAdapter& writer = adapter("syncuser", options);
  ASSERT_TRUE(writer.apply(intent(wish)));
  // And not any more once it has become public.
  github.change([](stand_in::State& state) { find_repository(state, "acme/secret")->is_private = false; });
  EXPECT_FALSE(writer.apply(intent(wish, 0, "11111111111111111111")));
}

TEST_F(GitHubWriting, NeverPostsAPrivateComment) {
  github.open(widgets, "one", "text");
  AddComment secret = words("secret");
  secret.visibility = Visibility::restricted;
  const EditComment change{NativeId{"1"}, "secret", {}, Marker{sample_marker}, Visibility::restricted};
  GitHubAdapter& writer = adapter();
  const auto requests = requests_of([&] {
    for (const Operation& operation : {Operation{secret}, Operation{change}}) {
      const auto receipt = writer.apply(intent(operation, 1));
      ASSERT_FALSE(receipt);
      EXPECT_EQ(receipt.error().fault, Fault::rejected);
      EXPECT_THAT(receipt.error().message, StartsWith("permission: "));
    }
  });
  EXPECT_THAT(requests, IsEmpty());
}

TEST_F(GitHubWriting, ChangesOnlyWhatIsNamed) {
  github.open(widgets, "one", "text\r\nas it was", "visitor", {"bug"});
  std::vector<std::string> bodies;
  transport.watch = [&](const http::Request& request, bool answered) -> std::optional<Failure> {
    if (!answered) bodies.push_back(request.body);
    return std::nullopt;
  };
  const auto receipt = adapter().apply(intent(to(Field::title, "two"), 1));
  ASSERT_TRUE(receipt) << receipt.error().message;
  EXPECT_TRUE(receipt->verified);
  EXPECT_TRUE(receipt->updated);
  EXPECT_THAT(bodies, ElementsAre(R"({"title":"two"})"));
  EXPECT_EQ(github.look(widgets, 1)->body, "text\r\nas it was");
}

TEST_F(GitHubWriting, RebuildsWhatStandsAroundABodyThatWasMirrored) {
  GitHubAdapter& writer = adapter();
  ASSERT_TRUE(writer.apply(intent(sample())));
  EditTicket wish = to(Field::body, "New words");
  wish.attribution = sample().attribution;
  wish.envelope = Marker{sample_marker};
  ASSERT_TRUE(writer.apply(intent(wish, 1)));
  EXPECT_EQ(look(1).ticket.body, "New words");
  EXPECT_EQ(look(1).marker, Marker{sample_marker});
  // A body that was born here gets nothing around it.
  github.open(widgets, "theirs", "text");
  ASSERT_TRUE(writer.apply(intent(to(Field::body, "edited"), 2)));
  EXPECT_EQ(github.look(widgets, 2)->body, "edited");
}

TEST_F(GitHubWriting, ClosesAndReopensForEachReason) {
  github.open(widgets, "one", "text");
  GitHubAdapter& writer = adapter();
  for (const std::string status :
       {"closed", "closed:not_planned", "closed:duplicate", "open", "closed:not_planned", "closed", "open", "open"}) {
    const auto receipt = writer.apply(intent(to(Field::status, status), 1));
    ASSERT_TRUE(receipt) << status << ": " << receipt.error().message;
    EXPECT_TRUE(receipt->verified);
    EXPECT_EQ(look(1).ticket.status, status);
  }
}

TEST_F(GitHubWriting, RefusesAStatusThatGitHubDoesNotHave) {
  github.open(widgets, "one", "text");
  const auto receipt = adapter().apply(intent(to(Field::status, "Closed"), 1));
  ASSERT_FALSE(receipt);
  EXPECT_EQ(receipt.error().fault, Fault::rejected);
  EXPECT_THAT(receipt.error().message, HasSubstr("did you mean \"closed\"?"));
}

TEST_F(GitHubWriting, AddsAndRemovesLabelsBesideWhatOthersDo) {
  github.open(widgets, "one", "text", "visitor", {"bug", "question"});
  EditTicket wish;
  wish.labels_add = {"help wanted", "support:paid"};
  wish.labels_remove = {"question", "never there"};
  // Somebody adds a label just before the request arrives.
  bool meanwhile = false;
  transport.watch = [&](const http::Request&, bool answered) -> std::optional<Failure> {
    if (!answered && !meanwhile) {
      meanwhile = true;
      github.label(widgets, 1, "wontfix");
    }
    return std::nullopt;
  };
  const auto receipt = adapter().apply(intent(wish, 1));
  ASSERT_TRUE(receipt) << receipt.error().message;
  EXPECT_TRUE(receipt->verified);
  EXPECT_THAT(look(1).ticket.labels, UnorderedElementsAre("bug", "help wanted", "support:paid", "wontfix"));
}

TEST_F(GitHubWriting, EncodesLabelNamesInAddresses) {
  const std::string odd = "a/b c?d%e ü";
  github.open(widgets, "one", "text", "visitor", {odd});
  EditTicket wish;
  wish.labels_remove = {odd};
  ASSERT_TRUE(adapter().apply(intent(wish, 1)));
  EXPECT_THAT(look(1).ticket.labels, IsEmpty());
}

TEST_F(GitHubWriting, FindsTheTicketGoneWhereALabelIsToBeRemoved) {
  github.open(widgets, "one", "text", "visitor", {"bug"});
  github.remove(widgets, 1);
  EditTicket wish;
  wish.labels_remove = {"bug"};
  const auto receipt = adapter().apply(intent(wish, 1));
  ASSERT_FALSE(receipt);
  EXPECT_EQ(receipt.error().fault, Fault::gone);
}

TEST_F(GitHubWriting, SetsAndClearsAssigneeAndMilestone) {
  github.open(widgets, "one", "text");
  github.open_milestone(widgets, "1.0");
  GitHubAdapter& writer = adapter();
  EditTicket wish = to(Field::assignee, "maintainer");
  wish.set[Field::milestone] = "1.0";
  ASSERT_TRUE(writer.apply(intent(wish, 1)));
  EXPECT_EQ(look(1).ticket.assignee, "maintainer");
  EXPECT_EQ(look(1).ticket.milestone, "1.0");
  wish = to(Field::assignee, std::nullopt);
  wish.set[Field::milestone] = std::nullopt;
  ASSERT_TRUE(writer.apply(intent(wish, 1)));
  EXPECT_EQ(look(1).ticket.assignee, std::nullopt);
  EXPECT_EQ(look(1).ticket.milestone, std::nullopt);
}

TEST_F(GitHubWriting, ChangesTheRestWhereAPersonCannotBeAssigned) {
  github.open(widgets, "one", "text");
  EditTicket wish = to(Field::assignee, "nobody-at-all");
  wish.set[Field::title] = "two";
  const auto receipt = adapter().apply(intent(wish, 1));
  ASSERT_TRUE(receipt) << receipt.error().message;
  EXPECT_THAT(receipt->losses, Contains(HasSubstr("assignee nobody-at-all")));
  EXPECT_EQ(look(1).ticket.title, "two");
  const auto alone = adapter().apply(intent(to(Field::assignee, "nobody-at-all"), 1));
  ASSERT_TRUE(alone) << alone.error().message;
  EXPECT_THAT(alone->losses, Contains(HasSubstr("assignee nobody-at-all")));
}

TEST_F(GitHubWriting, RefusesTextsThatAreTooLongBeforeTheyAreSent) {
  github.open(widgets, "one", "text");
  GitHubAdapter& writer = adapter();
  const std::string huge(65537, 'x');
  CreateTicket opening = sample();
  opening.ticket.body = huge;
  const auto requests = requests_of([&] {
    for (const Operation& operation :
         {Operation{opening}, Operation{to(Field::body, huge)}, Operation{words(huge)},
          Operation{EditComment{NativeId{"1"}, huge, {}, Marker{sample_marker}, Visibility::open}}}) {
      const auto receipt = writer.apply(intent(operation, 1));
      ASSERT_FALSE(receipt);
      EXPECT_EQ(receipt.error().fault, Fault::rejected);
      EXPECT_THAT(receipt.error().message, Not(HasSubstr("xxx")));
    }
  });
  EXPECT_THAT(requests, IsEmpty());
}

TEST_F(GitHubWriting, TakesTextsAsLongAsItPromises) {
  CreateTicket opening = sample();
  GitHubAdapter& writer = adapter();
  opening.ticket.body = std::string(writer.capabilities().body_bytes_max, 'x');
  opening.ticket.title = std::string(writer.capabilities().title_characters_max, 't');
  EXPECT_TRUE(writer.apply(intent(opening)));
  EXPECT_TRUE(writer.apply(intent(words(opening.ticket.body), 1)));
}

TEST_F(GitHubWriting, NoticesAYesThatKeptTheOldText) {
  github.open(widgets, "one", "old");
  // What an update over the limit does: 200, and the old body.
  Forging forging{transport, [](const http::Request& request, const http::Response& response) {
                    std::optional<http::Response> forged;
                    if (request.method != http::Method::patch) return forged;
                    forged = response;
                    const auto at = forged->body.find("new words");
                    if (at != std::string::npos) forged->body.replace(at, 9, "old words");
                    return forged;
                  }};
  GitHubAdapter writer{default_options(), forging, http::Secret{stand_in::token_of("syncuser")}, clock};
  const auto receipt = writer.apply(intent(to(Field::body, "new words"), 1));
  ASSERT_FALSE(receipt);
  EXPECT_EQ(receipt.error().fault, Fault::rejected);
  EXPECT_THAT(receipt.error().message, HasSubstr("kept another text"));
  const auto comment = github.comment(widgets, 1, "old");
  const auto edited = writer.apply(intent(
      EditComment{NativeId{std::to_string(comment)}, "new words", {}, Marker{sample_marker}, Visibility::open}, 1));
  ASSERT_FALSE(edited);
  EXPECT_EQ(edited.error().fault, Fault::rejected);
}

TEST_F(GitHubWriting, CommentsInOneRequestThatProvesItself) {
  github.open(widgets, "one", "text");
  GitHubAdapter& writer = adapter();
  Result<Receipt> receipt;
  EXPECT_THAT(requests_of([&] { receipt = writer.apply(intent(words("Hello\nthere"), 1)); }),
              ElementsAre(Pair("POST /repos/{owner}/{repo}/issues/{issue_number}/comments", 1)));
  ASSERT_TRUE(receipt) << receipt.error().message;
  EXPECT_TRUE(receipt->verified);
  const Snapshot ticket = look(1);
  ASSERT_THAT(ticket.comments, SizeIs(1));
  EXPECT_EQ(ticket.comments[0].id, receipt->written);
  EXPECT_EQ(ticket.comments[0].body, "Hello\nthere");
  EXPECT_EQ(ticket.comments[0].marker, Marker{sample_marker});
}

TEST_F(GitHubWriting, EditsAndRemovesItsComments) {
  github.open(widgets, "one", "text");
  GitHubAdapter& writer = adapter();
  const auto made = writer.apply(intent(words(), 1));
  ASSERT_TRUE(made);
  const auto edited = writer.apply(
      intent(EditComment{made->written, "Other", words().attribution, Marker{sample_marker}, Visibility::open}, 1));
  ASSERT_TRUE(edited) << edited.error().message;
  EXPECT_TRUE(edited->verified);
  EXPECT_EQ(look(1).comments.at(0).body, "Other");
  EXPECT_EQ(look(1).comments.at(0).marker, Marker{sample_marker});
  for (int time = 0; time < 2; ++time) {  // the second time it is gone already
    const auto removed = writer.apply(intent(RemoveComment{made->written}, 1));
    ASSERT_TRUE(removed) << removed.error().message;
    EXPECT_TRUE(removed->verified);
  }
  EXPECT_THAT(look(1).comments, IsEmpty());
  const auto late = writer.apply(
      intent(EditComment{made->written, "Late", words().attribution, Marker{sample_marker}, Visibility::open}, 1));
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().fault, Fault::stale);
}

TEST_F(GitHubWriting, SaysWhyALockedTicketTakesNoComment) {
  github.open(widgets, "one", "text");
  github.lock(widgets, 1);
  const auto receipt = adapter("visitor").apply(intent(words(), 1));
  ASSERT_FALSE(receipt);
  EXPECT_EQ(receipt.error().fault, Fault::rejected);
  EXPECT_THAT(receipt.error().message, HasSubstr("locked"));
}

TEST_F(GitHubWriting, SaysWhyAnArchivedRepositoryTakesNothing) {
  github.open(widgets, "one", "text");
  github.change([](stand_in::State& state) { find_repository(state, widgets)->archived = true; });
  const auto receipt = adapter().apply(intent(words(), 1));
  ASSERT_FALSE(receipt);
  EXPECT_EQ(receipt.error().fault, Fault::rejected);
  EXPECT_THAT(receipt.error().message, HasSubstr("archived"));
}

TEST_F(GitHubWriting, StopsWhereIssuesAreTurnedOff) {
  github.change([](stand_in::State& state) { find_repository(state, widgets)->has_issues = false; });
  const auto receipt = adapter().apply(intent(sample()));
  ASSERT_FALSE(receipt);
  EXPECT_EQ(receipt.error().fault, Fault::denied);
  EXPECT_EQ(receipt.error().reach, Reach::tracker);
}

TEST_F(GitHubWriting, FindsDeletedAndMovedTicketsGone) {
  for (int n = 0; n < 2; ++n) github.open(widgets, "one", "text");
  github.remove(widgets, 1);
  github.transfer(widgets, 2, "acme/gadgets");
  GitHubAdapter& writer = adapter();
  for (const stand_in::Number number : {1, 2, 99}) {
    for (const Operation& operation : {Operation{words()}, Operation{to(Field::title, "two")}}) {
      const auto receipt = writer.apply(intent(operation, number));
      ASSERT_FALSE(receipt) << number;
      EXPECT_EQ(receipt.error().fault, Fault::gone) << receipt.error().message;
    }
  }
  EXPECT_EQ(github.look("acme/gadgets", 1)->title, "one");
}

TEST_F(GitHubWriting, FollowsARenamedRepositoryWithTheSameMethodAndBody) {
  github.open(widgets, "one", "text");
  github.rename_repository(widgets, "gizmos");
  ASSERT_TRUE(adapter().apply(intent(to(Field::title, "two"), 1)));
  ASSERT_TRUE(adapter().apply(intent(words(), 1)));
  ASSERT_TRUE(adapter().apply(intent(sample())));
  EXPECT_EQ(github.look("acme/gizmos", 1)->title, "two");
  EXPECT_THAT(github.comments("acme/gizmos", 1), SizeIs(1));
  EXPECT_THAT(github.all("acme/gizmos"), SizeIs(2));
}

TEST_F(GitHubWriting, DoesNotKnowTheOutcomeWhereTheAnswerIsLost) {
  github.open(widgets, "one", "text");
  const auto comment = github.comment(widgets, 1, "words", "syncuser");
  const std::vector<Operation> operations{
      sample(), to(Field::title, "two"), words(),
      EditComment{NativeId{std::to_string(comment)}, "Other", {}, Marker{sample_marker}, Visibility::open},
      RemoveComment{NativeId{std::to_string(comment)}}};
  for (const Operation& operation : operations) {
    for (const auto kind : {Trouble::Kind::status, Trouble::Kind::html, Trouble::Kind::cut, Trouble::Kind::drop}) {
      if (kind == Trouble::Kind::cut && std::holds_alternative<RemoveComment>(operation)) continue;  // nothing to cut
      GitHubAdapter& writer = adapter();
      for (const char* method : {"POST", "PATCH", "DELETE"}) github.trouble({.kind = kind, .method = method});
      const auto receipt = writer.apply(intent(operation, std::holds_alternative<CreateTicket>(operation) ? 0 : 1));
      github.no_trouble();
      ASSERT_FALSE(receipt) << name(operation);
      EXPECT_EQ(receipt.error().fault, Fault::outcome_unknown) << name(operation) << ": " << receipt.error().message;
    }
  }
}

TEST_F(GitHubWriting, TakesNoWaitForAnAnswer) {
  github.open(widgets, "one", "text");
  github.change([](stand_in::State& state) {
    state.settings.limits.enforced = true;
    state.settings.limits.creations_per_minute = 1;
    state.settings.limits.retry_after.reset();
  });
  GitHubAdapter& writer = adapter();
  ASSERT_TRUE(writer.apply(intent(words(), 1)));
  const auto receipt = writer.apply(intent(words(), 1));
  ASSERT_FALSE(receipt);
  EXPECT_EQ(receipt.error().fault, Fault::rate_limited);
  EXPECT_GE(receipt.error().retry_after, 60s);
}

TEST_F(GitHubWriting, TellsNeitherTokenNorTextInItsFailures) {
  github.open(widgets, "one", "text");
  const std::string secret = "unspeakable";
  CreateTicket opening = sample();
  opening.ticket.title = std::string(300, 'x') + secret;
  opening.ticket.body = secret;
  std::vector<Failure> failures;
  const auto collect = [&](const Result<Receipt>& receipt) {
    ASSERT_FALSE(receipt);
    failures.push_back(receipt.error());
  };
  collect(adapter().apply(intent(opening)));
  collect(adapter(default_options(), http::Secret{"ghp_bad"}).apply(intent(words(secret), 1)));
  collect(adapter().apply(intent(words(secret), 99)));
  github.trouble({.kind = Trouble::Kind::cut, .method = "POST"});
  collect(adapter().apply(intent(words(secret), 1)));
  EXPECT_THAT(failures, SizeIs(4));
  for (const Failure& failure : failures) {
    EXPECT_THAT(failure.message, Not(HasSubstr(secret)));
    EXPECT_THAT(failure.message, Not(HasSubstr("ghp_")));
  }
}

TEST_F(GitHubWriting, CountsItsRequestsBeforehand) {
  github.open(widgets, "one", "text", "visitor", {"bug", "question"});
  EditTicket wish = to(Field::title, "two");
  wish.labels_add = {"wontfix", "invalid"};
  wish.labels_remove = {"bug", "question"};
  GitHubAdapter& writer = adapter();
  for (const Operation& operation : {Operation{sample()}, Operation{wish}, Operation{words()}}) {
    github.forget_requests();
    ASSERT_TRUE(writer.apply(intent(operation, std::holds_alternative<CreateTicket>(operation) ? 0 : 1)));
    EXPECT_EQ(sent(), writer.requests_for(operation)) << name(operation);
  }
}

TEST_F(GitHubWriting, CountsTheRequestsOfNothing) { EXPECT_EQ(adapter().requests_for(EditTicket{}), 0U); }

}  // namespace
}  // namespace causeway::github
