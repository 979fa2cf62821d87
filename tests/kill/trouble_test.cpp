/// A tracker that is down, slow or talks nonsense delays only its own work, and `status` says so.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

#include "adapters/json.hpp"
#include "tests/fakes/process/town.hpp"

namespace causeway::fakes {
namespace {

using namespace std::chrono_literals;
using testing::AnyOf;
using testing::HasSubstr;

class TwoCommunities : public testing::Test {
 protected:
  TwoCommunities() { town.configure(town.configuration(true)); }
  static void file(github::GitHub& github, const std::string& title) {
    github.open(Town::widgets, title, "text", "visitor", {"support"});
  }
  /// "ok", "waiting", "unreachable", "denied", as `status` tells.
  [[nodiscard]] std::string state(const std::string& tracker) const {
    const auto status = json::parse(town.ask({"status", "--json"}).out);
    if (!status) return "no JSON";
    return std::string{json::text((*status)["trackers"][tracker.c_str()], "state")};
  }
  Town town;
};

TEST_F(TwoCommunities, OneThatIsDownForAWhileDelaysOnlyItsOwnWork) {
  file(town.community, "first of the community");
  Process agent{town.causeway({"run"})};
  ASSERT_TRUE(eventually([&] { return town.ticket("first of the community") != 0 && state("community") == "ok"; }))
      << agent.err();
  town.close(Town::Place::community);
  file(town.community, "written meanwhile");
  file(town.second, "of the other");
  ASSERT_TRUE(eventually([&] { return state("community") == "unreachable"; })) << agent.err();
  ASSERT_TRUE(eventually([&] { return town.ticket("of the other") != 0; })) << agent.err();
  EXPECT_EQ(state("second"), "ok");
  const Ended status = town.ask({"status"});
  EXPECT_EQ(status.code, 1);
  EXPECT_THAT(status.out, HasSubstr("tried again at"));
  EXPECT_TRUE(agent.running());
  town.open(Town::Place::community);
  ASSERT_TRUE(eventually([&] { return town.ticket("written meanwhile") != 0 && state("community") == "ok"; }))
      << agent.err();
  agent.signal(SIGTERM);
  EXPECT_EQ(agent.wait(), 0);
  ASSERT_TRUE(town.settle());
  EXPECT_EQ(town.tickets("written meanwhile"), 1U);
  EXPECT_EQ(town.ask({"status"}).code, 0);
}

TEST_F(TwoCommunities, AQueueThatIsDownLosesNothing) {
  town.close(Town::Place::support);
  file(town.community, "one");
  file(town.second, "two");
  const Ended pass = town.ask({"run", "--once"});
  EXPECT_EQ(pass.code, 1) << pass.err;
  EXPECT_EQ(state("support"), "unreachable");
  town.open(Town::Place::support);
  ASSERT_TRUE(town.settle());
  EXPECT_EQ(town.tickets("one"), 1U);
  EXPECT_EQ(town.tickets("two"), 1U);
}

struct Nonsense {
  const char* name;
  Trouble trouble;
  std::string state;  ///< that `status` tells
};

class Troubled : public TwoCommunities, public testing::WithParamInterface<Nonsense> {};

TEST_P(Troubled, DelaysOnlyItsOwnWork) {
  ASSERT_TRUE(town.settle());
  town.community.trouble(GetParam().trouble);
  file(town.community, "written meanwhile");
  file(town.second, "of the other");

  const Ended pass = town.ask({"run", "--once"});
  EXPECT_EQ(pass.code, 1) << pass.out << pass.err;
  EXPECT_THAT(pass.out, HasSubstr("Not done: ")) << pass.err;
  EXPECT_NE(town.ticket("of the other"), 0);
  EXPECT_EQ(town.ticket("written meanwhile"), 0);
  EXPECT_EQ(state("community"), GetParam().state) << town.ask({"status"}).out;
  EXPECT_EQ(state("second"), "ok");
  EXPECT_EQ(town.ask({"status"}).code, 1);

  town.community.no_trouble();
  ASSERT_TRUE(town.settle());
  EXPECT_EQ(town.tickets("written meanwhile"), 1U);
  EXPECT_EQ(state("community"), "ok");
  EXPECT_EQ(town.ask({"status"}).code, 0);
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, Troubled,
    testing::Values(Nonsense{"Throttled",
                             {.kind = Trouble::Kind::status, .status = 429, .times = -1, .retry_after = "3600"},
                             "waiting"},
                    Nonsense{"ServerError", {.kind = Trouble::Kind::status, .status = 500, .times = -1}, "unreachable"},
                    Nonsense{"BadGateway", {.kind = Trouble::Kind::status, .status = 502, .times = -1}, "unreachable"},
                    Nonsense{"ServiceUnavailable",
                             {.kind = Trouble::Kind::status, .status = 503, .times = -1, .retry_after = "120"},
                             "unreachable"},
                    Nonsense{"LoginPage", {.kind = Trouble::Kind::html, .times = -1}, "unreachable"},
                    Nonsense{"CutJson", {.kind = Trouble::Kind::cut, .times = -1}, "unreachable"},
                    Nonsense{"Silence", {.kind = Trouble::Kind::drop, .times = -1}, "unreachable"}),
    [](const auto& given) { return given.param.name; });

TEST_F(TwoCommunities, OneThatThrottlesForAnHourIsLeftInPeace) {
  ASSERT_TRUE(town.settle());
  town.community.trouble({.kind = Trouble::Kind::status, .status = 429, .times = -1, .retry_after = "3600"});
  town.community.forget_requests();
  Process agent{town.causeway({"run"})};
  ASSERT_TRUE(eventually([&] { return state("community") == "waiting"; })) << agent.err();
  // Ten rounds of the others later it has still been asked no more than the requests that were under way together.
  const auto second_before = [&] { return town.second.requests()["GET /repos/{owner}/{repo}/issues"]; };
  const std::size_t before = second_before();
  ASSERT_TRUE(eventually([&] { return second_before() >= before + 10; })) << agent.err();
  std::size_t asked = 0;
  for (const auto& [name, count] : town.community.requests()) asked += count;
  EXPECT_LE(asked, 3U);
  EXPECT_THAT(town.ask({"status"}).out, HasSubstr("tried again at"));
}

}  // namespace
}  // namespace causeway::fakes
