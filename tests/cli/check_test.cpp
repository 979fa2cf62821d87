#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/json.hpp"
#include "tests/fakes/process/town.hpp"

namespace causeway::fakes {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class Check : public testing::Test {
 protected:
  Check() { town.community.open(Town::widgets, "so that there is the label", "", "maintainer", {"support"}); }
  /// The configuration with one thing in place of another. Fails the test when there is nothing to replace.
  void configure_with(const std::vector<std::pair<std::string, std::string>>& replaced) {
    std::string text = town.configuration();
    for (const auto& [from, to] : replaced) {
      const std::size_t at = text.find(from);
      if (at == std::string::npos) {
        ADD_FAILURE() << "no \"" << from << "\" in the configuration";
        continue;
      }
      text.replace(at, from.size(), to);
    }
    town.configure(text);
  }
  [[nodiscard]] int line_of(const std::string& wanted) const {
    const std::string text = town.configuration();
    return static_cast<int>(
               std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(text.find(wanted)), '\n')) +
           1;
  }
  [[nodiscard]] std::string place(const std::string& wanted) const {
    return fmt::format("{}:{}: ", town.file("causeway.yaml"), line_of(wanted));
  }
  [[nodiscard]] std::size_t writes() const {
    return town.writes(Town::Place::community) + town.writes(Town::Place::support);
  }
  Town town;
};

TEST_F(Check, FindsNothingWrongWhereAllIsWell) {
  town.support.open("support", "a ticket", "", "lead");
  const Ended good = town.ask({"check"});
  EXPECT_EQ(good.code, 0) << good.out << good.err;
  EXPECT_THAT(good.out, HasSubstr("No problems. Nothing was written."));
  EXPECT_THAT(good.out, HasSubstr("community account: syncuser"));
  EXPECT_EQ(writes(), 0U);
}

TEST_F(Check, FindsNothingWrongWithAnEmptyQueue) {
  const Ended good = town.ask({"check"});
  EXPECT_EQ(good.code, 0) << good.out;
  EXPECT_THAT(good.out, Not(HasSubstr("warning"))) << good.out;
  EXPECT_THAT(good.out, HasSubstr("No problems. Nothing was written."));
  // What could not be seen is told, as a fact.
  EXPECT_THAT(good.out, HasSubstr("support workflow: not known from New"));
}

TEST_F(Check, ListsEveryMistakeInTheFileAtOnceWithItsLine) {
  configure_with({{"kind: redmine", "kind: redmin"},
                  {"role: community", "rol: community"},
                  {"poll: 1s", "poll: soon"},
                  {"preset: github-redmine", "preset: github-redmin"}});
  const Ended bad = town.ask({"check"});
  EXPECT_EQ(bad.code, 3);
  EXPECT_THAT(bad.out, HasSubstr(place("role: community"))) << bad.out;
  EXPECT_THAT(bad.out, HasSubstr("did you mean \"role\"")) << bad.out;
  EXPECT_THAT(bad.out, HasSubstr(place("poll: 1s")));
  EXPECT_THAT(bad.out, HasSubstr(place("kind: redmine")));
  EXPECT_THAT(bad.out, HasSubstr(place("preset: github-redmine")));
  EXPECT_THAT(bad.out, HasSubstr("nothing was written."));
  EXPECT_EQ(town.requests(), 0U);
}

TEST_F(Check, ListsWhatTheTrackersKnowBetterWithTheLine) {
  town.support.open("support", "a ticket", "", "lead");
  configure_with({{"labels: Labels", "labels: Lables"},
                  {"Publish to community", "Publish"},
                  {"{labels: [support]}", "{labels: [suport]}"}});
  const Ended bad = town.ask({"check"});
  EXPECT_EQ(bad.code, 1) << bad.out;
  EXPECT_THAT(bad.out, HasSubstr(place("fields: {labels: Labels")));
  EXPECT_THAT(bad.out, HasSubstr("Lables"));
  EXPECT_THAT(bad.out, HasSubstr(place("publish_when")));
  EXPECT_THAT(bad.out, HasSubstr("suport"));
  EXPECT_EQ(writes(), 0U);
}

TEST_F(Check, TellsAWrongTokenClearly) {
  Command command = town.causeway({"check"});
  command.environment["TOWN_GITHUB_TOKEN"] = "ghp_wrongwrongwrongwrongwrongwrongwrong";
  command.environment["TOWN_REDMINE_KEY"] = std::string(40, '9');
  const Ended bad = run(command);
  EXPECT_EQ(bad.code, 1) << bad.out;
  EXPECT_THAT(bad.out, HasSubstr("trackers/community/token: "));
  EXPECT_THAT(bad.out, HasSubstr("trackers/support/token: "));
  EXPECT_THAT(bad.out, Not(HasSubstr("wrongwrong")));
  EXPECT_THAT(bad.out, Not(HasSubstr(std::string(40, '9'))));
}

TEST_F(Check, TellsASecretThatIsNotThere) {
  Command command = town.causeway({"check"});
  command.environment.erase("TOWN_GITHUB_TOKEN");
  const Ended bad = run(command);
  EXPECT_EQ(bad.code, 3) << bad.out;
  EXPECT_THAT(bad.out, HasSubstr("TOWN_GITHUB_TOKEN"));
  EXPECT_EQ(town.requests(), 0U);
}

TEST_F(Check, TellsATrackerThatCannotBeReachedAndStillAsksTheOther) {
  town.close(Town::Place::community);
  const Ended bad = town.ask({"check"});
  EXPECT_EQ(bad.code, 1);
  EXPECT_THAT(bad.out, HasSubstr(place("  community:")));
  EXPECT_THAT(bad.out, HasSubstr("can be reached from here"));
  EXPECT_THAT(bad.out, HasSubstr("support account: causeway"));
}

TEST_F(Check, TellsAFileThatIsNotThere) {
  std::filesystem::remove(town.file("causeway.yaml"));
  for (const char* command : {"check", "plan", "run", "status", "holds"})
    EXPECT_EQ(town.ask({command}).code, 3) << command;
}

TEST_F(Check, AsJsonHasEveryProblemWithItsPlace) {
  configure_with({{"labels: Labels", "labels: Lables"}});
  const Ended bad = town.ask({"check", "--json"});
  const auto document = json::parse(bad.out);
  ASSERT_TRUE(document) << bad.out;
  EXPECT_EQ(json::boolean(*document, "ok"), false);
  const json::Value* problems = json::array(*document, "problems");
  ASSERT_NE(problems, nullptr);
  ASSERT_GE(problems->Size(), 1U);
  EXPECT_EQ(json::text((*problems)[0], "place"), "trackers/support/fields/labels");
  EXPECT_THAT(std::string{json::text((*problems)[0], "where")},
              testing::EndsWith(fmt::format(":{}", line_of("fields: {labels"))));
}

}  // namespace
}  // namespace causeway::fakes
