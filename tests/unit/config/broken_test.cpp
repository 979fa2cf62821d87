/// Each file in fixtures/ is named after its mistakes; beside it stands every problem that must be told, as it is told.
#include <gmock/gmock.h>

#include <filesystem>

#include "config/load.hpp"
#include "tests/unit/config/text_file.hpp"

namespace causeway::config {
namespace {

using test::source_file;
using testing::HasSubstr;
using testing::Not;

constexpr const char* folder = "tests/unit/config/fixtures/";

std::vector<std::string> fixtures() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator{test::source_path(folder)}) {
    if (entry.path().extension() == ".yaml") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string told(const std::vector<Problem>& problems) {
  std::string text;
  for (const Problem& problem : problems) text += to_text(problem) + "\n";
  return text;
}

class Broken : public testing::TestWithParam<std::string> {};

TEST_P(Broken, TellsEveryProblemWithItsLineAndTheWayOut) {
  const Loaded loaded = parse(source_file(folder + GetParam() + ".yaml"), GetParam() + ".yaml");
  EXPECT_EQ(told(loaded.problems), source_file(folder + GetParam() + ".problems"));
  const bool only_warnings =
      std::all_of(loaded.problems.begin(), loaded.problems.end(), [](const Problem& one) { return one.warning; });
  EXPECT_EQ(loaded.config.has_value(), only_warnings);
  for (const Problem& problem : loaded.problems) {
    EXPECT_NE(problem.what, "");
    EXPECT_NE(problem.remedy, "");
  }
}

TEST_P(Broken, NeverShowsASecret) {
  const Loaded loaded = parse(source_file(folder + GetParam() + ".yaml"), GetParam() + ".yaml");
  EXPECT_THAT(told(loaded.problems), Not(HasSubstr("Pretend")));
}

INSTANTIATE_TEST_SUITE_P(Fixtures, Broken, testing::ValuesIn(fixtures()), [](const auto& fixture) {
  std::string name = fixture.param;
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
});

TEST(BrokenFiles, AreThere) { EXPECT_GE(fixtures().size(), 30U); }

/// Whatever the text, loading answers: it neither throws nor crashes nor takes long.
TEST(BrokenFiles, CutAnywhereAreAnswered) {
  const std::string whole = source_file("tests/unit/config/every-key.yaml");
  for (std::size_t length = 0; length < whole.size(); length += 13) {
    const Loaded loaded = parse(std::string_view{whole}.substr(0, length), "cut.yaml");
    EXPECT_TRUE(loaded.config || !loaded.problems.empty()) << length;
  }
}

TEST(BrokenFiles, WithAByteChangedAreAnswered) {
  const std::string whole = source_file("tests/unit/config/every-key.yaml");
  for (const char letter : {'{', '[', ':', '\n', '&', '*', '"', '\xc3'}) {
    for (std::size_t at = 0; at < whole.size(); at += 61) {
      std::string changed = whole;
      changed[at] = letter;
      const Loaded loaded = parse(changed, "changed.yaml");
      EXPECT_TRUE(loaded.config || !loaded.problems.empty()) << letter << " at " << at;
    }
  }
}

}  // namespace
}  // namespace causeway::config
