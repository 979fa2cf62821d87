/// Kills a writing process at random moments: what was acknowledged is there, and nothing is there by half.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <random>

#include "agent/store/sqlite/sqlite_store.hpp"
#include "tests/unit/store/temporary_folder.hpp"

namespace causeway::store {
namespace {

/// The child: writes pairs of values for ever, and tells each number once its commit is acknowledged.
[[noreturn]] void write_until_killed(const std::string& path, int out) {
  auto store = open_sqlite({path, SqliteOptions::Use::alone, true, 2048});
  if (!store) _exit(2);
  for (int i = 0;; ++i) {
    const auto done = (*store)->write([&](Transaction& transaction) -> Result<void> {
      if (auto result = transaction.set_value(fmt::format("left/{}", i), "x"); !result) return result;
      return transaction.set_value(fmt::format("right/{}", i), "x");
    });
    if (!done) _exit(3);
    if (::write(out, &i, sizeof i) != sizeof i) _exit(4);
  }
}

TEST(Durability, WhatWasAcknowledgedSurvivesAKill) {
  std::mt19937 random{20261123};
  for (int life = 0; life < 10; ++life) {
    const TemporaryFolder folder;
    const std::string path = folder.file("store.sqlite");
    std::array<int, 2> pipe_ends{};
    ASSERT_EQ(pipe(pipe_ends.data()), 0);
    const pid_t child = fork();
    if (child == 0) write_until_killed(path, pipe_ends[1]);
    close(pipe_ends[1]);
    // After so many acknowledgements, in the middle of whatever it is doing then.
    const int lives_for = std::uniform_int_distribution<int>{1, 60}(random);
    int acknowledged = -1;
    for (int i = 0; i < lives_for; ++i)
      ASSERT_EQ(::read(pipe_ends[0], &acknowledged, sizeof acknowledged), static_cast<ssize_t>(sizeof acknowledged));
    kill(child, SIGKILL);
    waitpid(child, nullptr, 0);
    int later = 0;
    while (::read(pipe_ends[0], &later, sizeof later) == static_cast<ssize_t>(sizeof later)) acknowledged = later;
    close(pipe_ends[0]);
    auto store = open_sqlite({path, SqliteOptions::Use::alone, true, 2048});
    ASSERT_TRUE(store) << store.error().message;
    (void)(*store)->read([&](Transaction& transaction) -> Result<void> {
      const auto left = transaction.values("left/");
      const auto right = transaction.values("right/");
      EXPECT_EQ(left->size(), right->size()) << "half a commit";
      EXPECT_GT(static_cast<int>(left->size()), acknowledged) << "an acknowledged commit is missing";
      return {};
    });
  }
}

}  // namespace
}  // namespace causeway::store
