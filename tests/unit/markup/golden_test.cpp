/// Texts and what they are in the other formats, kept in tests/golden/markup. A file has the parts `=== github`,
/// `=== textile`, `=== redmine-markdown`, and any number of `=== FROM > TO`: the first is read, the second must come
/// out.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "agent/markup/convert.hpp"

namespace causeway::markup {
namespace {

std::string trimmed_end(std::string text) {
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

std::map<std::string, std::string> parts_of(const std::filesystem::path& path) {
  std::ifstream file{path};
  std::map<std::string, std::string> parts;
  std::string name;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("=== ")) {
      name = line.substr(4);
      parts[name];
    } else {
      parts[name] += line + "\n";
    }
  }
  for (auto& [key, text] : parts) text = trimmed_end(text);
  return parts;
}

TEST(Golden, EveryTextBecomesWhatTheTableSays) {
  std::size_t pairs = 0;
  for (const auto& entry : std::filesystem::directory_iterator{CAUSEWAY_SOURCE_DIR "/tests/golden/markup"}) {
    const auto parts = parts_of(entry.path());
    for (const auto& [name, expected] : parts) {
      const std::size_t arrow = name.find(" > ");
      if (arrow == std::string::npos) continue;
      const auto from = parse_format_name(name.substr(0, arrow));
      const auto to = parse_format_name(name.substr(arrow + 3));
      ASSERT_TRUE(from && to) << entry.path() << name;
      EXPECT_EQ(render(*to, parse(*from, parts.at(name.substr(0, arrow)))).text, expected)
          << entry.path() << ": " << name;
      ++pairs;
    }
  }
  EXPECT_GE(pairs, 20U);
}

}  // namespace
}  // namespace causeway::markup
