/// No secret, and no ticket's text, in anything the program says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <fstream>
#include <sstream>

#include "adapters/json.hpp"
#include "tests/fakes/process/town.hpp"

namespace causeway::fakes {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string ticket_words = "canary-in-a-ticket";

class Secrets : public testing::Test {
 protected:
  static void expect_silence(const std::string& said, const std::string& where) {
    EXPECT_THAT(said, Not(HasSubstr(Town::github_token))) << where;
    EXPECT_THAT(said, Not(HasSubstr(Town::redmine_key))) << where;
  }
  static std::string content(const std::string& path) {
    std::ifstream file{path};
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
  }
  Town town;
};

TEST_F(Secrets, AreInNoCommandsOutput) {
  town.community.open(Town::widgets, "Importer stops", "text", "visitor", {"support"});
  for (const std::vector<std::string>& words :
       std::vector<std::vector<std::string>>{{"check"},
                                             {"check", "--json"},
                                             {"plan"},
                                             {"run", "--once", "-v", "--log-format", "json"},
                                             {"run", "--once", "-v", "--log-format", "text"},
                                             {"status"},
                                             {"status", "--json"},
                                             {"holds"},
                                             {"explain", "community/1"}}) {
    const Ended said = town.ask(words);
    expect_silence(said.out + said.err, testing::PrintToString(words));
  }
}

TEST_F(Secrets, AreInNoLogWhateverTheTrackersAnswer) {
  town.community.open(Town::widgets, ticket_words, ticket_words, "visitor", {"support"});
  town.support.trouble({.kind = Trouble::Kind::status, .method = "POST", .status = 403, .times = 1});
  town.support.trouble({.kind = Trouble::Kind::status, .method = "POST", .status = 500, .times = 1});
  town.community.trouble({.kind = Trouble::Kind::html, .times = 1});
  town.community.trouble({.kind = Trouble::Kind::status, .status = 401, .times = 1});
  for (int pass = 0; pass < 4; ++pass) {
    const Ended said = town.ask({"run", "--once", "-v", "--log-format", "json"});
    expect_silence(said.out + said.err, "run");
    EXPECT_THAT(said.out + said.err, Not(HasSubstr(ticket_words)));
  }
}

TEST_F(Secrets, AreNotInTheProcessTable) {
  Process agent{town.causeway({"run", "-v", "--log-format", "json"})};
  ASSERT_TRUE(eventually([&] { return town.requests() > 4; })) << agent.err();
  expect_silence(content(fmt::format("/proc/{}/cmdline", agent.id())), "cmdline");
  agent.signal(SIGTERM);
  EXPECT_EQ(agent.wait(), 0);
  expect_silence(agent.out() + agent.err(), "log");
}

TEST_F(Secrets, AreNotInTheStore) {
  town.community.open(Town::widgets, "Importer stops", "text", "visitor", {"support"});
  ASSERT_TRUE(town.settle());
  const std::string store = content(town.file("causeway.sqlite")) + content(town.file("causeway.sqlite-wal"));
  ASSERT_GT(store.size(), 4096U);
  expect_silence(store, "store");
}

TEST_F(Secrets, EveryLineOfTheLogIsOneJsonObject) {
  town.community.open(Town::widgets, "Importer\nstops \x1b[31m", "text", "visitor", {"support"});
  const Ended pass = town.ask({"run", "--once", "-v", "--log-format", "json"});
  std::istringstream lines{pass.err};
  std::string line;
  std::size_t count = 0;
  while (std::getline(lines, line)) {
    const auto entry = json::parse(line);
    ASSERT_TRUE(entry && entry->IsObject()) << line;
    EXPECT_TRUE(entry->HasMember("at") && entry->HasMember("level") && entry->HasMember("event")) << line;
    ++count;
  }
  EXPECT_GT(count, 1U);
}

}  // namespace
}  // namespace causeway::fakes
