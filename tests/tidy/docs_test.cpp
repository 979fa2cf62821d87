/// The documents say what the code says: links lead somewhere, the README's configuration loads, its commands exist,
/// and the table of rooms is the one that is enforced.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cctype>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>

#include "config/load.hpp"

namespace {

namespace fs = std::filesystem;

const fs::path root{CAUSEWAY_SOURCE_DIR};
using Names = std::set<std::string>;

std::string text_of(const fs::path& path) {
  std::ifstream stream{path};
  return {std::istreambuf_iterator<char>{stream}, {}};
}

/// Every match of `pattern` in `text`.
std::vector<std::smatch> matches(const std::string& text, const std::regex& pattern) {
  return {std::sregex_iterator{text.begin(), text.end(), pattern}, std::sregex_iterator{}};
}

/// The first group of every match.
Names names_in(const std::string& text, const std::regex& pattern) {
  Names names;
  for (const std::smatch& match : matches(text, pattern)) names.insert(match[1]);
  return names;
}

std::vector<fs::path> documents() {
  std::vector<fs::path> found;
  for (const char* folder : {".", "docs", "changelog/unreleased"}) {
    for (const auto& entry : fs::directory_iterator{root / folder}) {
      if (entry.path().extension() == ".md") found.push_back(fs::canonical(entry.path()));
    }
  }
  return found;
}

/// How GitHub names the anchor of a heading.
std::string anchor_of(const std::string& heading) {
  std::string anchor;
  for (const char letter : heading) {
    const auto code = static_cast<unsigned char>(letter);
    if (letter == ' ') {
      anchor.push_back('-');
    } else if (std::isalnum(code) != 0 || letter == '-' || letter == '_') {
      anchor.push_back(static_cast<char>(std::tolower(code)));
    }
  }
  return anchor;
}

bool has_anchor(const fs::path& document, const std::string& anchor) {
  static const std::regex heading{R"re((?:^|\n)#{1,6} ([^\n]+))re"};
  const Names headings = names_in(text_of(document), heading);
  return std::any_of(headings.begin(), headings.end(),
                     [&](const std::string& one) { return anchor_of(one) == anchor; });
}

/// The configuration that the README shows.
std::string readme_configuration() {
  const std::string readme = text_of(root / "README.md");
  const std::string opening = "```yaml\n";
  const std::size_t begin = readme.find(opening);
  if (begin == std::string::npos) return {};
  const std::size_t first = begin + opening.size();
  return readme.substr(first, readme.find("```", first) - first);
}

using Arrows = std::map<std::string, Names>;

/// The table that tests/tidy/arrows_test.cpp enforces. A room that may include all of them says so with "everything".
Arrows enforced_arrows() {
  static const std::regex row{R"re(\{"([^"]+)",\s*\{([^{}]*)\}\})re"};
  static const std::regex quoted{R"re("([^"]+)")re"};
  Arrows arrows;
  const std::string text = text_of(root / "tests/tidy/arrows_test.cpp");
  for (const std::smatch& match : matches(text, row)) {
    const std::string targets = match[2];
    arrows[match[1]] =
        targets.find("rooms.begin()") != std::string::npos ? Names{"everything"} : names_in(targets, quoted);
  }
  return arrows;
}

/// The table of docs/architecture.md: room, purpose, what it may include.
Arrows documented_arrows() {
  static const std::regex row{R"re(\n\| `([^`]+)` \| [^\n]* \| ([^|\n]*) \|)re"};
  static const std::regex quoted{R"re(`([^`]+)`)re"};
  const std::string page = text_of(root / "docs/architecture.md");
  const std::size_t begin = page.find("## Rooms and arrows");
  if (begin == std::string::npos) return {};
  const std::string section = page.substr(begin, page.find("\n## ", begin + 1) - begin);
  Arrows arrows;
  for (const std::smatch& match : matches(section, row)) {
    const std::string targets = match[2];
    arrows[match[1]] = targets == "everything" ? Names{"everything"} : names_in(targets, quoted);
  }
  return arrows;
}

TEST(Documents, EveryLinkLeadsSomewhere) {
  static const std::regex link{R"re(\]\(([^)#\s]*)(?:#([^)\s]*))?\))re"};
  std::size_t links = 0;
  for (const fs::path& document : documents()) {
    const std::string text = text_of(document);
    for (const std::smatch& match : matches(text, link)) {
      const std::string target = match[1];
      if (target.find("://") != std::string::npos) continue;
      ++links;
      const fs::path path = target.empty() ? document : document.parent_path() / target;
      EXPECT_TRUE(fs::exists(path)) << document << " links to " << match.str();
      if (!fs::exists(path) || !match[2].matched) continue;
      EXPECT_TRUE(has_anchor(path, match[2])) << document << " links to " << match.str();
    }
  }
  EXPECT_GT(links, 20U) << "the documents were not found";
}

TEST(Documents, TheReadmesConfigurationLoadsWithoutAWarning) {
  const std::string yaml = readme_configuration();
  const causeway::config::Loaded loaded = causeway::config::parse(yaml, "README.md");
  for (const causeway::config::Problem& problem : loaded.problems) ADD_FAILURE() << to_text(problem);
  ASSERT_TRUE(loaded.config);
  EXPECT_EQ(loaded.config->routes.size(), 1U);
  EXPECT_LE(std::count(yaml.begin(), yaml.end(), '\n'), 40);
}

TEST(Documents, TheReadmeNamesEveryCommandAndNoOther) {
  const Names commands =
      names_in(text_of(root / "agent/cli/program.cpp"), std::regex{R"re(command\(\s*program,\s*"([a-z]+)")re"});
  ASSERT_THAT(commands, testing::Contains("check"));
  EXPECT_EQ(names_in(text_of(root / "README.md"), std::regex{R"re(\n\| `causeway ([a-z]+))re"}), commands);
}

TEST(Documents, TheTableOfRoomsIsTheOneThatIsEnforced) {
  const Arrows enforced = enforced_arrows();
  ASSERT_EQ(enforced.size(), 12U);
  EXPECT_EQ(documented_arrows(), enforced);
}

TEST(Documents, TheTableOfExitCodesIsThePrograms) {
  const Names codes = names_in(text_of(root / "agent/cli/exit_code.hpp"), std::regex{R"re( = (\d)\b)re"});
  ASSERT_THAT(codes, testing::Not(testing::IsEmpty()));
  const std::string page = text_of(root / "docs/operations.md");
  const std::size_t begin = page.find("## Exit codes");
  ASSERT_NE(begin, std::string::npos);
  EXPECT_EQ(names_in(page.substr(begin, page.find("\n## ", begin + 1) - begin), std::regex{R"re(\n\| (\d) \|)re"}),
            codes);
}

}  // namespace
