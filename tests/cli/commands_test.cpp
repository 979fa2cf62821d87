#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "adapters/json.hpp"
#include "tests/fakes/process/town.hpp"

namespace causeway::fakes {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr redmine::Number publish_field = 2;

class Commands : public testing::Test {
 protected:
  github::Number file(const std::string& title, const std::string& body = "text") {
    return town.community.open(Town::widgets, title, body, "visitor", {"support"});
  }
  /// A queue ticket that is to be published and waits for a person.
  redmine::Number publish(const std::string& subject, const std::string& text) {
    const auto ticket = town.support.open("support", subject, text, "lead");
    town.support.edit(ticket, [](redmine::Attributes& issue) { issue.custom[publish_field] = {"1"}; }, "lead");
    return ticket;
  }
  /// The number of the only hold; 0 when there is not exactly one.
  [[nodiscard]] std::int64_t only_hold() const {
    const auto holds = json::parse(town.ask({"holds", "--json"}).out);
    if (!holds || (*holds)["holds"].Size() != 1) return 0;
    return json::integer((*holds)["holds"][0], "id").value_or(0);
  }
  Town town;
};

TEST_F(Commands, PlanBeforeTheFirstRunShowsEveryWriteAndMakesNone) {
  town.community.comment(Town::widgets, file("Importer stops", "The importer stops."), "Here too.");
  publish("Reader loses a block", "The reader loses a block.");
  const Ended plan = town.ask({"plan"});
  EXPECT_EQ(plan.code, 0) << plan.out << plan.err;
  EXPECT_THAT(plan.out, HasSubstr("community/1 → support/new: open a ticket"));
  EXPECT_THAT(plan.out, HasSubstr("title: Importer stops"));
  EXPECT_THAT(plan.out, HasSubstr("The importer stops."));
  EXPECT_THAT(plan.out, HasSubstr("Here too."));
  EXPECT_THAT(plan.out, HasSubstr("held (first_publication)"));
  EXPECT_THAT(plan.out, HasSubstr("3 writes, 1 held. Nothing was written."));
  EXPECT_THAT(plan.out, HasSubstr("support: "));
  EXPECT_EQ(town.writes(Town::Place::community), 0U);
  EXPECT_EQ(town.writes(Town::Place::support), 0U);
  EXPECT_GT(town.requests(), 0U);
  EXPECT_FALSE(std::filesystem::exists(town.file("causeway.sqlite")));
}

TEST_F(Commands, PlanAfterARunShowsOnlyWhatIsNew) {
  const auto number = file("Importer stops");
  ASSERT_TRUE(town.settle());
  EXPECT_THAT(town.ask({"plan"}).out, HasSubstr("Nothing to do: both sides agree."));
  town.community.comment(Town::widgets, number, "Me too.");
  const std::size_t before = town.writes(Town::Place::support);
  const Ended plan = town.ask({"plan"});
  EXPECT_THAT(plan.out, HasSubstr("add a comment"));
  EXPECT_THAT(plan.out, HasSubstr("Me too."));
  EXPECT_THAT(plan.out, HasSubstr("1 write, 0 held."));
  EXPECT_EQ(town.writes(Town::Place::support), before);
}

TEST_F(Commands, PlanShowsALinkOnceThoughBothItsTicketsHaveChanged) {
  const auto number = file("Importer stops");
  ASSERT_TRUE(town.settle());
  town.community.comment(Town::widgets, number, "Me too.");
  town.support.edit(
      town.ticket("Importer stops"), [](redmine::Attributes& issue) { issue.subject = "Importer halts"; }, "lead");
  const Ended plan = town.ask({"plan"});
  EXPECT_THAT(plan.out, HasSubstr("Me too."));
  EXPECT_THAT(plan.out, HasSubstr("title: Importer halts"));
  EXPECT_THAT(plan.out, HasSubstr("2 writes, 0 held.")) << plan.out;
}

TEST_F(Commands, EveryCommandsJsonParses) {
  file("Importer stops");
  publish("Reader loses a block", "The reader loses a block.");
  const auto parses = [&](std::vector<std::string> words) {
    words.emplace_back("--json");
    const Ended said = town.ask(words);
    EXPECT_TRUE(json::parse(said.out)) << testing::PrintToString(words) << ": " << said.out << said.err;
    return said.code;
  };
  EXPECT_EQ(parses({"check"}), 0);
  EXPECT_EQ(parses({"plan"}), 0);
  EXPECT_EQ(parses({"run", "--once"}), 1);  // one is held
  EXPECT_EQ(parses({"status"}), 1);
  EXPECT_EQ(parses({"holds"}), 1);
  EXPECT_EQ(parses({"explain", "community/1"}), 0);
  EXPECT_EQ(parses({"resolve", std::to_string(only_hold()), "approve"}), 0);
  EXPECT_EQ(parses({"backup", town.file("copy.sqlite")}), 0);
  const Ended converted = town.ask({"convert", "--from", "github", "--to", "textile", "--json"}, "**bold**");
  const auto document = json::parse(converted.out);
  ASSERT_TRUE(document) << converted.out;
}

TEST_F(Commands, AHoldIsShownWithItsTextAndGoesOutOnceApproved) {
  publish("Reader loses a block", "The reader loses a block.");
  EXPECT_EQ(town.ask({"run", "--once"}).code, 1);
  EXPECT_TRUE(town.community.all(Town::widgets).empty());
  const Ended holds = town.ask({"holds"});
  EXPECT_EQ(holds.code, 1);
  EXPECT_THAT(holds.out, HasSubstr("first_publication"));
  EXPECT_THAT(holds.out, HasSubstr("   | The reader loses a block."));
  const Ended approved = town.ask({"resolve", std::to_string(only_hold()), "approve"});
  EXPECT_EQ(approved.code, 0);
  EXPECT_THAT(approved.out, HasSubstr("Approved: open a ticket on community."));
  EXPECT_THAT(approved.out, Not(HasSubstr("create_ticket")));
  ASSERT_TRUE(town.settle());
  EXPECT_EQ(town.community.all(Town::widgets).size(), 1U);
  EXPECT_THAT(town.ask({"holds"}).out, HasSubstr("Nothing waits for a person."));
  EXPECT_EQ(town.ask({"holds"}).code, 0);
}

TEST_F(Commands, ADroppedHoldNeverGoesOut) {
  publish("Reader loses a block", "The reader loses a block.");
  (void)town.ask({"run", "--once"});
  const Ended dropped = town.ask({"resolve", std::to_string(only_hold()), "drop"});
  EXPECT_EQ(dropped.code, 0);
  EXPECT_THAT(dropped.out, HasSubstr("Dropped: open a ticket on community."));
  ASSERT_TRUE(town.settle());
  EXPECT_TRUE(town.community.all(Town::widgets).empty());
}

TEST_F(Commands, AFindOfTheSameRuleOnTheSameLineIsSaidOnceWithItsCount) {
  publish("Reader loses a block", "Initech has it, says Initech.\nInitech again.");
  const Ended plan = town.ask({"plan"});
  EXPECT_THAT(plan.out, HasSubstr("customer's name in body, line 1: in…(7 characters), twice; customer's name in body, "
                                  "line 2: in…(7 characters)."))
      << plan.out;
}

TEST_F(Commands, WhatIsNotThereIsExitCodeFive) {
  file("Importer stops");
  ASSERT_TRUE(town.settle());
  const Ended ticket = town.ask({"explain", "community/77"});
  EXPECT_EQ(ticket.code, 5);
  EXPECT_THAT(ticket.err, HasSubstr("community/77 is not linked to anything"));
  const Ended hold = town.ask({"resolve", "77", "approve"});
  EXPECT_EQ(hold.code, 5);
  EXPECT_THAT(hold.err, HasSubstr("there is no hold 77"));
  EXPECT_EQ(town.ask({"resolve", "brake:community-route", "approve"}).code, 5);
}

TEST_F(Commands, ATicketOrHoldThatCannotBeMeantIsExitCodeTwo) {
  ASSERT_TRUE(town.settle());
  const Ended ticket = town.ask({"explain", "comunity/1"});
  EXPECT_EQ(ticket.code, 2);
  EXPECT_THAT(ticket.err, HasSubstr("the trackers are community, support"));
  EXPECT_EQ(town.ask({"resolve", "first", "approve"}).code, 2);
}

TEST_F(Commands, WithoutAStoreThoseThatNeedOneSayHowToMakeIt) {
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{{"status"},
                                                                                     {"holds"},
                                                                                     {"explain", "community/1"},
                                                                                     {"resolve", "1", "approve"},
                                                                                     {"backup", town.file("copy")}}) {
    const Ended refused = town.ask(words);
    EXPECT_EQ(refused.code, 4) << words.front();
    EXPECT_THAT(refused.err, HasSubstr("`causeway run` makes it")) << words.front();
  }
}

TEST_F(Commands, AStoreThatIsNoneIsExitCodeFour) {
  std::ofstream{town.file("causeway.sqlite")} << std::string(5000, 'x');
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"run", "--once"}, {"status"}, {"plan"}}) {
    const Ended refused = town.ask(words);
    EXPECT_EQ(refused.code, 4) << words.front();
    EXPECT_THAT(refused.err, HasSubstr("damaged or no store of ours")) << words.front();
  }
  EXPECT_EQ(town.writes(Town::Place::support), 0U);
}

TEST_F(Commands, ExplainTellsTheStoryOfATicket) {
  const auto number = file("Importer stops");
  ASSERT_TRUE(town.settle());
  const Ended story = town.ask({"explain", fmt::format("community/{}", number)});
  EXPECT_EQ(story.code, 0);
  EXPECT_THAT(story.out, HasSubstr(fmt::format("community/{} ↔ support/{}", number, town.ticket("Importer stops"))));
  EXPECT_THAT(story.out, HasSubstr("route community-route, active, filed on community"));
  EXPECT_THAT(story.out, Not(HasSubstr("Importer stops"))) << "the record holds ticket text";
  EXPECT_EQ(town.ask({"explain", fmt::format("support/{}", town.ticket("Importer stops"))}).out, story.out);
}

TEST_F(Commands, ABackupMadeWhileTheAgentRunsCanBeUsed) {
  for (int n = 0; n < 30; ++n) file(fmt::format("Backlog {}", n));
  Process agent{town.causeway({"run"})};
  ASSERT_TRUE(eventually([&] { return town.support.all().size() > 5; })) << agent.err();
  const Ended made = town.ask({"backup", town.file("copy.sqlite")});
  ASSERT_EQ(made.code, 0) << made.err;
  EXPECT_TRUE(agent.running());
  const Ended again = town.ask({"backup", town.file("copy.sqlite")});
  EXPECT_NE(again.code, 0);
  EXPECT_THAT(again.err, HasSubstr("exists already"));
  ASSERT_TRUE(eventually([&] { return town.support.all().size() == 30; })) << agent.err();
  agent.signal(SIGTERM);
  ASSERT_EQ(agent.wait(), 0);

  // Only its owner may read it, it can be looked at, and work goes on from it: what came after is found, not repeated.
  EXPECT_EQ(std::filesystem::status(town.file("copy.sqlite")).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  std::string text = town.configuration();
  text.replace(text.find("causeway.sqlite"), std::string{"causeway.sqlite"}.size(), "copy.sqlite");
  town.configure(text);
  const auto status = json::parse(town.ask({"status", "--json"}).out);
  ASSERT_TRUE(status);
  EXPECT_GT(json::integer(*status, "links").value_or(0), 0);
}

TEST_F(Commands, ConvertThereAndBackGivesTheSame) {
  const std::string text =
      "# Title\n\nA **bold** word, `code` and a [link](https://example.org).\n\n- one\n- two\n\n```ruby\nputs 1\n```\n";
  const Ended there = town.ask({"convert", "--from", "github", "--to", "textile"}, text);
  ASSERT_EQ(there.code, 0) << there.err;
  EXPECT_THAT(there.out, HasSubstr("h1. Title"));
  EXPECT_THAT(there.out, HasSubstr("*bold*"));
  EXPECT_THAT(there.err, IsEmpty());
  const Ended back = town.ask({"convert", "--from", "textile", "--to", "github"}, there.out);
  EXPECT_EQ(back.code, 0);
  const Ended once_more = town.ask({"convert", "--from", "github", "--to", "textile"}, back.out);
  EXPECT_EQ(once_more.out, there.out);
}

TEST_F(Commands, ConvertSaysWhatWasLostAndMakesMentionsDead) {
  const Ended dead =
      town.ask({"convert", "--from", "github", "--to", "textile", "--neutralize"}, "cc @alice, fixes #12");
  EXPECT_EQ(dead.code, 0) << dead.err;
  EXPECT_THAT(dead.out, Not(HasSubstr("@alice")));
  EXPECT_THAT(dead.out, Not(HasSubstr("#12")));
  const Ended unknown = town.ask({"convert", "--from", "github", "--to", "wiki"}, "text");
  EXPECT_EQ(unknown.code, 2);
  EXPECT_THAT(unknown.err, HasSubstr("textile"));
}

}  // namespace
}  // namespace causeway::fakes
