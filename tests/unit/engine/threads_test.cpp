/// The engine with real threads on the real store: many tickets, people on both sides, requests that fail at random.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "agent/store/sqlite/sqlite_store.hpp"
#include "tests/fakes/world/world.hpp"
#include "tests/unit/store/temporary_folder.hpp"

namespace causeway {
namespace {

using namespace std::chrono_literals;
using fakes::MemoryTracker;

constexpr std::size_t tickets = 60;

/// Fails about one request in six, in one of the ways that pass by themselves. Any thread.
std::function<std::optional<Failure>(const std::string&)> trouble(fakes::SeededRandomness& randomness, bool before) {
  return [&randomness, before](const std::string& name) -> std::optional<Failure> {
    const std::uint64_t die = randomness.next() % 30;
    const Fault fault = !before    ? Fault::outcome_unknown
                        : die == 0 ? Fault::transient
                        : die == 1 ? Fault::rate_limited
                        : die == 2 ? Fault::stale
                                   : Fault::outcome_unknown;
    if (die > (before ? 3U : 1U)) return std::nullopt;
    const bool is_write = name != "fetch" && name != "changes" && name != "find";
    return Failure{fault == Fault::outcome_unknown && !is_write ? Fault::transient : fault,
                   die == 0 ? Reach::tracker : Reach::ticket, "at random", std::nullopt};
  };
}

/// A community, a queue and a customer. Some queue tickets have links to both, so that turns of one ticket meet on many
/// threads.
class Threads : public ::testing::Test {
 protected:
  Threads() : gate_(*policy::PrivacyGate::make({})) {
    auto opened = store::open_sqlite({folder_.file("store.sqlite"), store::SqliteOptions::Use::alone, false, 4096});
    if (!opened) throw std::runtime_error(opened.error().message);
    store_ = std::move(*opened);
    config::RouteConfig route = fakes::sample_route();
    route.brake = 0;
    route.first_publication_allowed = true;
    config::RouteConfig second = fakes::customer_route();
    second.brake = 0;
    engine_ = std::make_unique<engine::Engine>(engine::EngineSetting{{route, second}, 8, false, std::chrono::days{400}},
                                               std::vector<engine::Tracker*>{&left_, &right_, &third_}, *store_, gate_,
                                               clock_, randomness_, log_);
    EXPECT_TRUE(engine_->recover());
  }

  void people() {
    for (std::size_t i = 0; i < tickets; ++i) {
      Ticket ticket;
      ticket.title = fmt::format("ticket {}", i);
      ticket.body = "text";
      ticket.visibility = Visibility::open;
      if (i % 3 == 0) {
        ticket.status = "New";
        ticket.fields = {{"Publish", "1"}, {"Customer", "acme"}};
        queue_.open(ticket, "lead");
      } else {
        ticket.status = "open";
        ticket.labels = {"support"};
        const NativeId id = community_.open(ticket);
        community_.comment(id, fmt::format("comment on {}", i));
      }
    }
  }
  void people_change_everything() {
    for (MemoryTracker* tracker : {&community_, &queue_, &customer_}) {
      for (const NativeId& id : tracker->all()) {
        tracker->comment(id, "/community\nby somebody at " + tracker->url_of(id));
      }
    }
    for (const NativeId& id : queue_.all()) queue_.edit(id, [](Ticket& t) { t.status = "Closed"; });
  }

  std::size_t writes() const { return community_.writes() + queue_.writes() + customer_.writes(); }
  std::int64_t hints() {
    std::int64_t hints = 0;
    (void)store_->read([&](store::Transaction& transaction) -> Result<void> {
      hints = transaction.counts()->hints;
      return {};
    });
    return hints;
  }
  /// Passes until one writes nothing and nothing waits.
  bool settles() {
    const std::atomic<bool> stop{false};
    for (int pass = 0; pass < 300; ++pass) {
      const std::size_t before = writes();
      const auto report = engine_->pass(stop);
      EXPECT_TRUE(report);
      if (!report) return false;
      if (writes() == before && report->failures.empty() && hints() == 0) return true;
      clock_.advance(20min);
    }
    return false;
  }

  /// Every ticket has its twins, every person's comment is there exactly once wherever it belongs.
  void expect_equal() {
    EXPECT_EQ(queue_.all().size(), tickets);
    std::size_t links = 0;
    ASSERT_TRUE(store_->read([&](store::Transaction& transaction) -> Result<void> {
      auto all = transaction.links_after(LinkId{}, 10'000);
      links = all->size();
      for (const store::Link& link : *all) {
        MemoryTracker& other = link.tickets[0].tracker == TrackerId{"community"} ? community_ : customer_;
        const Snapshot left = other.look(link.tickets[0].id);
        const Snapshot right = queue_.look(link.tickets[1].id);
        EXPECT_EQ(left.ticket.title, right.ticket.title);
        EXPECT_EQ(left.ticket.labels, right.ticket.labels);
        EXPECT_EQ(link.tickets[0].tracker == TrackerId{"community"} ? "completed" : "Done", left.ticket.status);
        std::multiset<std::string> markers;
        for (const Snapshot* side : {&left, &right}) {
          for (const Comment& comment : side->comments) {
            if (comment.marker) markers.insert(comment.marker->value);
          }
        }
        EXPECT_EQ(markers.size(), std::set<std::string>(markers.begin(), markers.end()).size())
            << "a comment was written twice";
      }
      return {};
    }));
    EXPECT_EQ(links, tickets + (tickets + 2) / 3) << "a third of the tickets have two links";
    EXPECT_EQ(customer_.all().size(), (tickets + 2) / 3);
    EXPECT_EQ(community_.all().size(), tickets);
    for (const NativeId& id : community_.all()) {
      std::multiset<std::string> bodies;
      for (const Comment& comment : community_.look(id).comments) bodies.insert(comment.body);
      EXPECT_EQ(bodies.size(), std::set<std::string>(bodies.begin(), bodies.end()).size())
          << "a comment stands twice on " << id.value;
    }
  }

  TemporaryFolder folder_;
  fakes::ManualClock clock_;
  fakes::SeededRandomness randomness_{11};
  fakes::SeededRandomness dice_{12};
  fakes::KeepingLog log_;
  MemoryTracker community_{TrackerId{"community"}, fakes::community_capabilities(), clock_};
  MemoryTracker queue_{TrackerId{"queue"}, fakes::queue_capabilities(), clock_};
  MemoryTracker customer_{TrackerId{"customer"}, fakes::queue_capabilities(), clock_};
  engine::Tracker left_{{TrackerId{"community"}, TrackerRole::community, 2, 2}, community_, clock_};
  engine::Tracker right_{{TrackerId{"queue"}, TrackerRole::queue, 4, 4}, queue_, clock_};
  engine::Tracker third_{{TrackerId{"customer"}, TrackerRole::customer, 2, 2}, customer_, clock_};
  policy::PrivacyGate gate_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<engine::Engine> engine_;
};

TEST_F(Threads, EndsEqualHoweverRequestsFail) {
  for (MemoryTracker* tracker : {&community_, &queue_, &customer_}) {
    tracker->before = trouble(dice_, true);
    tracker->after_write = trouble(dice_, false);
  }
  people();
  EXPECT_TRUE(settles());
  people_change_everything();
  EXPECT_TRUE(settles());
  expect_equal();
}

TEST_F(Threads, RunsUntilItIsToldToStopAndLeavesNothingInFlight) {
  people();
  std::atomic<bool> stop{false};
  int ticks = 0;
  const auto ran = engine_->run(stop, [&] {
    ++ticks;
    clock_.advance(1min);
    if (ticks == 3) stop.store(true);
  });
  ASSERT_TRUE(ran) << ran.error().message;
  ASSERT_TRUE(store_->read([&](store::Transaction& transaction) -> Result<void> {
    EXPECT_EQ(transaction.counts()->intents_sending, 0);
    return {};
  }));
  EXPECT_TRUE(settles());
  people_change_everything();
  EXPECT_TRUE(settles());
  expect_equal();
}

}  // namespace
}  // namespace causeway
