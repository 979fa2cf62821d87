#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/fakes/process/town.hpp"

namespace causeway::fakes {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

const std::vector<std::string> commands{"check", "plan",    "run",    "status", "explain",
                                        "holds", "resolve", "backup", "convert"};

class Help : public testing::Test {
 protected:
  [[nodiscard]] Ended say(std::vector<std::string> words) const {
    words.insert(words.begin(), CAUSEWAY_BIN);
    return run({.words = std::move(words), .environment = {}, .folder = folder.file(""), .input = {}});
  }
  TemporaryFolder folder;
};

TEST_F(Help, OfEveryCommandHasAnExampleAndTheExitCodes) {
  for (const std::string& command : commands) {
    const Ended help = say({command, "--help"});
    EXPECT_EQ(help.code, 0) << command;
    EXPECT_THAT(help.out, HasSubstr("Example:\n  causeway " + command)) << command;
    EXPECT_THAT(help.out, HasSubstr("Exit codes: 0 done, 1 something needs attention")) << command;
    EXPECT_THAT(help.out, HasSubstr("--json")) << command;
    EXPECT_THAT(help.err, IsEmpty()) << command;
  }
}

TEST_F(Help, OfTheProgramNamesEveryCommand) {
  const Ended help = say({"--help"});
  EXPECT_EQ(help.code, 0);
  for (const std::string& command : commands) EXPECT_THAT(help.out, HasSubstr("\n  " + command)) << command;
}

TEST_F(Help, AWrongCommandLineIsExitCodeTwoAndSaysWhatIsWrong) {
  for (const std::vector<std::string>& words : std::vector<std::vector<std::string>>{{},
                                                                                     {"rnu"},
                                                                                     {"run", "--onec"},
                                                                                     {"resolve", "1"},
                                                                                     {"resolve", "1", "aprove"},
                                                                                     {"explain"},
                                                                                     {"convert", "--from", "github"},
                                                                                     {"run", "--log-format", "xml"}}) {
    const Ended refused = say(words);
    EXPECT_EQ(refused.code, 2) << testing::PrintToString(words);
    EXPECT_THAT(refused.err, testing::Not(IsEmpty())) << testing::PrintToString(words);
  }
}

TEST_F(Help, TheVersionIsSaid) {
  const Ended version = say({"--version"});
  EXPECT_EQ(version.code, 0);
  EXPECT_THAT(version.out, testing::StartsWith("causeway "));
}

}  // namespace
}  // namespace causeway::fakes
