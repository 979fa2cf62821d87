/// How the real program ends, and what keeps it from beginning.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>
#include <fstream>

#include "tests/fakes/process/town.hpp"

namespace causeway::fakes {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

class Stop : public testing::Test {
 protected:
  void file(const std::string& title) { town.community.open(Town::widgets, title, "text", "visitor", {"support"}); }
  [[nodiscard]] std::size_t creations() const {
    const auto counts = town.support.requests();
    const auto found = counts.find("POST /issues");
    return found == counts.end() ? 0 : found->second;
  }
  Town town;
};

TEST_F(Stop, OnSigtermEndsWellWhenThereIsNothingToDo) {
  file("one");
  Process agent{town.causeway({"run"})};
  ASSERT_TRUE(eventually([&] { return town.ticket("one") != 0; })) << agent.err();
  agent.signal(SIGTERM);
  EXPECT_EQ(agent.wait(10s), 0) << agent.err();
  EXPECT_THAT(agent.err(), HasSubstr("\"event\":\"stopped\""));
}

TEST_F(Stop, OnSigtermFinishesTheWriteInFlight) {
  town.support.trouble({.kind = Trouble::Kind::hang, .method = "POST", .path_template = "/issues", .delay = 2s});
  file("one");
  Process agent{town.causeway({"run"})};
  ASSERT_TRUE(eventually([&] { return creations() == 1; })) << agent.err();
  agent.signal(SIGTERM);
  ASSERT_EQ(agent.wait(10s), 0) << agent.err();
  // It knows what it has done: `status` sees nothing that is being sent.
  EXPECT_THAT(town.ask({"status"}).out, HasSubstr("0 being sent"));
  ASSERT_TRUE(town.settle());
  EXPECT_EQ(town.tickets("one"), 1U);
}

TEST_F(Stop, OnSigtermEndsWithinTenSecondsThoughARequestHangs) {
  town.support.trouble({.kind = Trouble::Kind::hang, .method = "POST", .path_template = "/issues", .delay = 600s});
  file("one");
  Process agent{town.causeway({"run"})};
  ASSERT_TRUE(eventually([&] { return creations() == 1; })) << agent.err();
  agent.signal(SIGTERM);
  EXPECT_EQ(agent.wait(10s), 1) << agent.err();
  EXPECT_THAT(agent.err(), HasSubstr("stopped_waiting"));
  EXPECT_THAT(town.ask({"status"}).out, HasSubstr("1 being sent"));
  // The ticket was made, only the answer did not come: the next start finds it.
  town.support.no_trouble();
  ASSERT_TRUE(town.settle());
  EXPECT_EQ(town.tickets("one"), 1U);
}

TEST_F(Stop, ASecondAgentOnTheSameStoreIsRefused) {
  Process first{town.causeway({"run"})};
  ASSERT_TRUE(eventually([&] { return first.err().find("\"started\"") != std::string::npos; })) << first.err();
  const Ended second = town.ask({"run", "--once"});
  EXPECT_EQ(second.code, 4);
  EXPECT_THAT(second.err, HasSubstr("in use by the agent with process id " + std::to_string(first.id())));
  EXPECT_THAT(second.err, HasSubstr("stop that one first"));
  EXPECT_TRUE(first.running());
  // Killed, it leaves no lock behind.
  first.signal(SIGKILL);
  first.wait();
  EXPECT_EQ(town.ask({"run", "--once"}).code, 0);
}

class FullDisk : public Stop {
 protected:
  [[nodiscard]] Command causeway(std::vector<std::string> words) const {
    Command command = town.causeway(std::move(words));
    command.environment["LD_PRELOAD"] = FULL_DISK;
    command.environment["FULL_DISK_WHEN"] = town.file("full");
    command.environment["ASAN_OPTIONS"] = "verify_asan_link_order=0";
    return command;
  }
  void fill() const { std::ofstream{town.file("full")} << "full"; }
  void free() const { std::filesystem::remove(town.file("full")); }
};

TEST_F(FullDisk, StopsBeforeAnythingIsSent) {
  file("one");
  Process agent{causeway({"run"})};
  ASSERT_TRUE(eventually([&] { return town.ticket("one") != 0; })) << agent.err();
  ASSERT_TRUE(eventually([&] { return town.ask({"status"}).out.find(" 0 waiting") != std::string::npos; }))
      << agent.err();
  town.support.forget_requests();
  fill();
  file("two");
  EXPECT_EQ(agent.wait(), 4) << agent.err();
  EXPECT_THAT(agent.err(), HasSubstr("the disk is full; free space and start again, nothing is lost"));
  EXPECT_EQ(town.writes(Town::Place::support), 0U);
  EXPECT_EQ(town.ticket("two"), 0);
  free();
  ASSERT_TRUE(town.settle());
  EXPECT_EQ(town.tickets("one"), 1U);
  EXPECT_EQ(town.tickets("two"), 1U);
}

TEST_F(FullDisk, DoesNotStart) {
  file("one");
  fill();
  const Ended refused = run(causeway({"run", "--once"}));
  EXPECT_EQ(refused.code, 4);
  EXPECT_THAT(refused.err, HasSubstr("full"));
  EXPECT_EQ(town.requests(), 0U);
}

}  // namespace
}  // namespace causeway::fakes
