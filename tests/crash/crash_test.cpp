/// The agent is killed at every commit and around every request of a scripted day, comes back, and must reach the same
/// end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agent/engine/holds.hpp"
#include "agent/store/sqlite/sqlite_store.hpp"
#include "tests/fakes/world/world.hpp"
#include "tests/unit/store/temporary_folder.hpp"

namespace causeway {
namespace {

using namespace std::chrono_literals;
using fakes::World;

/// Thrown where the process would die. Nothing of ours catches it.
struct Crash {};

/// Dies at the given point and never again. Points are counted over commits (before and after each) and requests
/// (before each, and after each write was done but before its answer arrived).
class Fate {
 public:
  explicit Fate(std::size_t dies_at) : dies_at_(dies_at) {}
  void pass_point() {
    if (++points_ == dies_at_) throw Crash{};
  }
  [[nodiscard]] std::size_t points() const { return points_; }

 private:
  std::size_t dies_at_;
  std::size_t points_ = 0;
};

/// What is durable: the same for all lives of a day.
class Disk {
 public:
  virtual ~Disk() = default;
  /// Begins a life on what the last one left. Whatever the last one had open is closed before.
  virtual store::Store& open() = 0;
  virtual void close() = 0;
};

class MemoryDisk final : public Disk {
 public:
  store::Store& open() override { return store_; }
  void close() override {}

 private:
  fakes::MemoryStore store_;
};

/// The real store on a real file, opened anew by each life.
class FileDisk final : public Disk {
 public:
  store::Store& open() override {
    // Nobody cuts the power here, so the operating system may decide when what was written reaches the disk.
    auto opened = store::open_sqlite({folder_.file("store.sqlite"), store::SqliteOptions::Use::alone, false, 2048});
    if (!opened) throw std::runtime_error(opened.error().message);
    store_ = std::move(*opened);
    return *store_;
  }
  void close() override { store_.reset(); }

 private:
  TemporaryFolder folder_;
  std::unique_ptr<store::Store> store_;
};

/// Dies before or after a commit. A death before it may also come in the middle of the work: then nothing of it is
/// there.
class FatefulStore final : public store::Store {
 public:
  FatefulStore(Disk& disk, Fate& fate) : disk_(disk), fate_(fate) { reopen(); }
  void reopen() {
    disk_.close();
    inner_ = &disk_.open();
  }
  Result<void> write(const store::Work& work) override {
    fate_.pass_point();
    auto result = inner_->write([&](store::Transaction& transaction) -> Result<void> {
      auto done = work(transaction);
      fate_.pass_point();
      return done;
    });
    fate_.pass_point();
    return result;
  }
  Result<void> read(const store::Work& work) override { return inner_->read(work); }
  Result<void> backup(const std::string& path) override { return inner_->backup(path); }

 private:
  Disk& disk_;
  store::Store* inner_ = nullptr;
  Fate& fate_;
};

/// What a person would compare: tickets by title, with everything that can be seen of them.
std::vector<std::string> shown(const fakes::MemoryTracker& tracker) {
  std::vector<std::string> lines;
  for (const NativeId& id : tracker.all()) {
    const Snapshot seen = tracker.look(id);
    std::string line = fmt::format("{} | {} | {} | {}", seen.ticket.title, seen.ticket.body, seen.ticket.status,
                                   seen.ticket.priority.value_or("-"));
    if (seen.ticket.fields.contains("twin")) line += " | has a link to its twin";
    for (const std::string& label : seen.ticket.labels) line += " #" + label;
    std::multiset<std::string> comments;
    for (const Comment& comment : seen.comments) {
      comments.insert(fmt::format("{} {}", comment.visibility == Visibility::open ? "open" : "internal", comment.body));
    }
    for (const std::string& comment : comments) line += " | " + comment;
    lines.push_back(std::move(line));
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

struct End {
  std::vector<std::string> community;
  std::vector<std::string> queue;
  std::size_t held = 0;
  std::size_t conflicts = 0;
  std::size_t points = 0;
  bool at_rest = false;
};

class Day {
 public:
  Day(Disk& disk, std::size_t dies_at) : fate_(dies_at), store_(disk, fate_) {
    const auto before = [this](const std::string&) -> std::optional<Failure> {
      fate_.pass_point();
      return std::nullopt;
    };
    for (fakes::MemoryTracker* tracker : {&world_.community, &world_.queue}) {
      tracker->before = before;
      tracker->after_write = before;
    }
    survive([this] { world_.use_store(store_); });
  }

  End live() {
    NativeId first;
    NativeId second;
    NativeId comment;
    people([&] {
      first = world_.file("crash on start", "it **crashes**");
      comment = world_.community.comment(first, "me too");
      second = world_.file("old and closed");
      world_.community.edit(second, [](Ticket& t) { t.status = "completed"; });
    });
    people([&] {
      world_.community.edit_comment(first, comment, "me too, on Debian");
      world_.community.edit(first, [](Ticket& t) { t.labels.insert("bug"); });
      const NativeId twin = world_.twin(first);
      world_.queue.comment(twin, "internal thoughts");
      world_.queue.comment(twin, "/community\nplease try 1.2");
      world_.queue.edit(twin, [](Ticket& t) { t.status = "In Progress"; });
    });
    people([&] {
      Ticket bug;
      bug.title = "found by support";
      bug.body = "steps";
      bug.status = "New";
      bug.visibility = Visibility::open;
      bug.fields["Publish"] = "1";
      world_.queue.open(bug, "lead");
    });
    for (const store::StoredIntent& held : world_.held()) {
      people([&] { (void)engine::resolve(store_, held.id, engine::Resolution::approve, world_.clock.now()); });
    }
    people([&] {
      // Both sides change one thing: somebody loses, and is told.
      world_.community.edit(first, [](Ticket& t) { t.title = "crash on start (Debian)"; });
      world_.queue.edit(world_.twin(first), [](Ticket& t) { t.title = "crash at start"; });
      world_.queue.attach(world_.twin(first), "core.txt");
      world_.queue.comment(world_.twin(first), "/community\nsee core.txt");
      world_.community.attach(first, "trace.log");
    });
    people([&] {
      world_.queue.edit(world_.twin(first), [](Ticket& t) { t.status = "Closed"; });
      world_.community.remove_comment(first, comment);
      world_.community.edit(second, [](Ticket& t) { t.title = "old, closed, renamed"; });
    });
    return end();
  }

 private:
  /// Something that people do, and the passes after it. Each life goes on until nothing changes.
  void people(const std::function<void()>& what) {
    survive(what);
    survive([this] { world_.settle(); });
  }
  void survive(const std::function<void()>& what) {
    try {
      what();
    } catch (const Crash&) {
      world_.stop();
      store_.reopen();
      world_.use_store(store_);
      what();
    }
  }
  End end() {
    End end;
    const std::size_t writes = world_.community.writes() + world_.queue.writes();
    world_.clock.advance(1h);
    survive([this] { world_.pass(true); });
    end.at_rest = world_.community.writes() + world_.queue.writes() == writes;
    end.community = shown(world_.community);
    end.queue = shown(world_.queue);
    end.held = world_.held().size();
    end.conflicts = static_cast<std::size_t>(world_.counts().conflicts);
    end.points = fate_.points();
    return end;
  }

  Fate fate_;
  World world_;
  FatefulStore store_;
};

template <class DiskKind>
void live_through_every_death() {
  DiskKind quiet;
  const End undisturbed = Day{quiet, 0}.live();
  ASSERT_TRUE(undisturbed.at_rest);
  ASSERT_GT(undisturbed.points, 100U) << "the day has too little in it";
  ASSERT_EQ(undisturbed.community.size(), 3U);
  ASSERT_EQ(undisturbed.queue.size(), 3U);
  ASSERT_EQ(undisturbed.conflicts, 1U);
  for (std::size_t point = 1; point <= undisturbed.points; ++point) {
    DiskKind disk;
    const End end = Day{disk, point}.live();
    EXPECT_EQ(end.community, undisturbed.community) << "killed at point " << point;
    EXPECT_EQ(end.queue, undisturbed.queue) << "killed at point " << point;
    EXPECT_EQ(end.held, undisturbed.held) << "killed at point " << point;
    EXPECT_EQ(end.conflicts, undisturbed.conflicts) << "killed at point " << point;
    EXPECT_TRUE(end.at_rest) << "killed at point " << point;
  }
}

TEST(CrashAtEveryPoint, ReachesTheSameEndWithoutLossOrDuplicate) { live_through_every_death<MemoryDisk>(); }

TEST(CrashAtEveryPoint, ReachesTheSameEndOnTheRealStore) { live_through_every_death<FileDisk>(); }

}  // namespace
}  // namespace causeway
