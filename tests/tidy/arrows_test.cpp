/// Bans as tests: the arrows between the rooms (docs/architecture.md), and what only one file may do.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>

namespace {

namespace fs = std::filesystem;

const std::vector<std::string> rooms{"agent/model",  "agent/markup", "mappings",     "agent/reconcile",
                                     "agent/policy", "config",       "agent/http",   "adapters",
                                     "agent/store",  "agent/engine", "agent/server", "agent/cli"};

/// Which rooms a room may include, besides itself (docs/architecture.md has the same table).
const std::map<std::string, std::set<std::string>> arrows{
    {"agent/model", {}},
    {"agent/markup", {"agent/model"}},
    {"mappings", {"agent/model"}},
    {"agent/reconcile", {"agent/model", "agent/markup", "mappings"}},
    {"agent/policy", {"agent/model", "agent/reconcile"}},
    {"config", {"agent/model", "agent/markup", "mappings", "agent/reconcile", "agent/policy"}},
    {"agent/http", {"agent/model"}},
    {"adapters", {"agent/model", "agent/markup", "agent/http"}},
    {"agent/store", {"agent/model"}},
    {"agent/engine",
     {"agent/model", "agent/markup", "mappings", "agent/reconcile", "agent/policy", "config", "agent/http", "adapters",
      "agent/store"}},
    {"agent/server", {"agent/model", "agent/store"}},
    {"agent/cli", {rooms.begin(), rooms.end()}},
};

/// Pure rooms touch nothing: no files, sockets, threads, clocks or logs.
const std::set<std::string> pure_rooms{"agent/model", "agent/markup", "mappings", "agent/reconcile", "agent/policy"};
const std::set<std::string> impure_headers{"fstream",      "filesystem",  "thread",    "iostream", "cstdio", "unistd.h",
                                           "sys/socket.h", "curl/curl.h", "sqlite3.h", "random",   "mutex"};

struct Include {
  std::string file;
  std::string room;
  std::string target;
};

std::string room_of(const std::string& path) {
  for (const std::string& room : rooms) {
    if (path.starts_with(room + "/")) return room;
  }
  return {};
}

std::vector<fs::path> source_files() {
  std::vector<fs::path> files;
  for (const std::string& room : rooms) {
    const fs::path folder = fs::path{CAUSEWAY_SOURCE_DIR} / room;
    if (!fs::exists(folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator{folder}) {
      const std::string extension = entry.path().extension();
      if (extension == ".cpp" || extension == ".hpp") files.push_back(entry.path());
    }
  }
  return files;
}

std::vector<Include> includes() {
  static const std::regex line_with_include{R"re(^\s*#\s*include\s*[<"]([^>"]+)[>"])re"};
  std::vector<Include> found;
  for (const fs::path& path : source_files()) {
    const std::string file = fs::relative(path, CAUSEWAY_SOURCE_DIR);
    std::ifstream stream{path};
    std::string line;
    while (std::getline(stream, line)) {
      std::smatch match;
      if (std::regex_search(line, match, line_with_include)) found.push_back({file, room_of(file), match[1]});
    }
  }
  return found;
}

/// Files of the rooms that say one of these words.
std::vector<std::string> files_that_say(const std::regex& words) {
  std::vector<std::string> found;
  for (const fs::path& path : source_files()) {
    std::ifstream stream{path};
    const std::string content{std::istreambuf_iterator<char>{stream}, {}};
    if (std::regex_search(content, words)) found.push_back(fs::relative(path, CAUSEWAY_SOURCE_DIR));
  }
  return found;
}

TEST(Arrows, OnlyPointTowardsTheModel) {
  const auto all = includes();
  ASSERT_GT(all.size(), 300U) << "the sources were not found";
  for (const Include& include : all) {
    const std::string target = room_of(include.target);
    EXPECT_FALSE(include.target.starts_with("tests/")) << include.file << " includes " << include.target;
    if (target.empty() || target == include.room) continue;
    EXPECT_TRUE(arrows.at(include.room).contains(target)) << include.file << " includes " << include.target;
  }
}

TEST(Arrows, PureRoomsTouchNothing) {
  // cmark-gfm keeps the special characters of its extensions in global tables, so reading takes turns.
  const std::string exception = "agent/markup/markdown/reader.cpp";
  for (const Include& include : includes()) {
    if (!pure_rooms.contains(include.room) || (include.file == exception && include.target == "mutex")) continue;
    EXPECT_FALSE(impure_headers.contains(include.target)) << include.file << " includes <" << include.target << ">";
  }
}

TEST(Arrows, OnlyTheCommandLineNamesAConcreteAdapterOrStore) {
  for (const Include& include : includes()) {
    const bool concrete = include.target.starts_with("adapters/github/") ||
                          include.target.starts_with("adapters/redmine/") ||
                          include.target.starts_with("agent/store/sqlite/");
    if (!concrete || include.file.starts_with(include.target.substr(0, include.target.rfind('/')))) continue;
    EXPECT_TRUE(include.room == "agent/cli" || include.room == room_of(include.target))
        << include.file << " includes " << include.target;
  }
}

TEST(Bans, OneFileAsksTheSystemForTheTimeAndForRandomness) {
  EXPECT_THAT(
      files_that_say(std::regex{R"(system_clock::now|steady_clock::now|\btime\(nullptr\)|gettimeofday|random_device)"}),
      testing::ElementsAre("agent/cli/system_clock.cpp"));
}

TEST(Bans, OneFileMakesClearedWrites) {
  EXPECT_THAT(files_that_say(std::regex{R"(\bCleared\{|\bCleared\()"}),
              testing::UnorderedElementsAre("agent/model/operation.hpp", "agent/policy/privacy.cpp"));
}

}  // namespace
