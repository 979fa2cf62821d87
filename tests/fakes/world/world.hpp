#pragma once
/// A small world for tests of the engine: a community tracker, a queue, a route between them, stepped by hand.
#include <memory>
#include <vector>

#include "agent/engine/engine.hpp"
#include "tests/fakes/store/memory_store.hpp"
#include "tests/fakes/tracker/memory_tracker.hpp"
#include "tests/fakes/world/manual_clock.hpp"

namespace causeway::fakes {

/// Forgets everything it is told, or keeps it for a test to look at.
class KeepingLog final : public engine::Log {
 public:
  void write(engine::Level level, std::string_view event, const Fields& fields) override;
  [[nodiscard]] std::vector<std::string> lines() const;

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> lines_;
};

[[nodiscard]] Capabilities community_capabilities();
[[nodiscard]] Capabilities queue_capabilities();
/// Says the same as the queue, since both are trackers of firms.
[[nodiscard]] config::RouteConfig customer_route(const std::string& customer = "customer");
/// GitHub's words on the left, Redmine's on the right; labels "support" are taken, queue tickets with field Publish
/// = 1.
[[nodiscard]] config::RouteConfig sample_route();

class World {
 public:
  explicit World(config::RouteConfig route = sample_route(), const policy::RedactionRules& redaction = {});

  /// A pass, stepped to its end. Fails the test when the store fails. Answers what was done.
  engine::Report::Data pass(bool full = false);
  /// Passes, each a little later, until one writes nothing and nothing waits. Answers how many it took; `most` when it
  /// did not settle.
  std::size_t settle(std::size_t most = 20);
  /// A new life on the same store: whatever the engine had in memory is gone.
  void restart();
  /// The next life has no customers' trackers.
  void forget_customers() { has_customers_ = false; }
  /// Puts another store between the engine and what is durable.
  void use_store(store::Store& store);
  /// Ends the life; `use_store` or `restart` begins the next.
  void stop();

  /// For stepping by hand.
  [[nodiscard]] engine::Engine& engine() { return *engine_; }
  /// A pass that only reports what it would do.
  engine::Report::Data plan();

  /// A community ticket that the route takes.
  NativeId file(const std::string& title, const std::string& body = "text");
  /// The twin of a community ticket on the queue, by the link; empty when there is none.
  [[nodiscard]] NativeId twin(const NativeId& community_ticket) const;
  [[nodiscard]] std::vector<store::Link> links() const;
  [[nodiscard]] std::vector<store::StoredIntent> held() const;
  [[nodiscard]] store::Counts counts() const;

  ManualClock clock;
  SeededRandomness randomness{7};
  KeepingLog log;
  MemoryTracker community;
  MemoryTracker queue;
  MemoryTracker customer;        ///< Acme's; on no route unless a test adds one
  MemoryTracker other_customer;  ///< Initech's; likewise
  MemoryStore store;
  config::RouteConfig route;
  std::vector<config::RouteConfig> more_routes;  ///< taken up by the next `restart`

 private:
  [[nodiscard]] std::vector<config::RouteConfig> routes() const;
  [[nodiscard]] std::vector<engine::Tracker*> tracker_pointers() const;

  bool has_customers_ = true;
  policy::PrivacyGate gate_;
  store::Store* used_store_ = &store;  ///< what links, holds and counts are read from
  std::vector<std::unique_ptr<engine::Tracker>> trackers_;
  std::unique_ptr<engine::Engine> engine_;
};

}  // namespace causeway::fakes
