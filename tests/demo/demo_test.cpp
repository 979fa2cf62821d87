/// The demo is a promise of the README, so it is played as a test: the real programs, over HTTP.
#include <gtest/gtest.h>

#include <cstdlib>

namespace {

int play(const std::string& options) {
  const std::string command =
      "python3 " CAUSEWAY_SOURCE_DIR "/tests/demo/demo.py --bin " CAUSEWAY_BINARY_DIR "/bin --once " + options;
  return std::system(command.c_str());
}

TEST(Demo, ADayWithTheStandInEndsWithBothSidesEqual) { EXPECT_EQ(play("--without-redmine"), 0); }
TEST(Demo, ADayWithARealRedmineEndsWithBothSidesEqual) { EXPECT_EQ(play(""), 0); }

}  // namespace
