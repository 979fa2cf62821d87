#pragma once
/// The agent as a day lives it: it dies where its fate says and begins anew on the store that it left behind.
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "agent/cli/registry.hpp"
#include "agent/engine/engine.hpp"
#include "agent/policy/privacy.hpp"
#include "config/load.hpp"
#include "tests/day/day.hpp"
#include "tests/fakes/world/manual_clock.hpp"
#include "tests/unit/store/temporary_folder.hpp"

namespace causeway::day {

/// Tells of each request before it is sent and again once it was answered.
class WatchedTransport final : public http::Transport {
 public:
  using Watch = std::function<void(const http::Request& request, bool answered)>;
  /// Borrows `inner`.
  WatchedTransport(http::Transport& inner, Watch watch) : inner_(inner), watch_(std::move(watch)) {}
  Result<http::Response> send(const http::Request& request) override;

 private:
  http::Transport& inner_;
  const Watch watch_;
};

/// One thread.
class Agent {
 public:
  using MakeAdapter = std::function<std::unique_ptr<Adapter>(const config::TrackerConfig&)>;
  /// Borrows everything. Begins to live with the first `survive`.
  Agent(const config::Config& config, const policy::PrivacyGate& gate, fakes::ManualClock& clock, Fate& fate,
        MakeAdapter make_adapter);

  /// A request passes by: the agent may die of it.
  void request_passes(const http::Request& request, bool answered);
  /// Does it, in as many lives as it takes.
  void survive(const std::function<void()>& what);
  /// One pass on the clock as it stands.
  engine::Report::Data pass(bool full);
  /// Passes, each a little later, until one writes nothing and nothing waits.
  void settle(bool full);
  /// A person says yes to everything that is held.
  void approve_held();

  /// After the day, when nobody dies any more: a full pass, which is to write nothing, and all that is left undone.
  void rest(End& end);
  /// Oldest first.
  [[nodiscard]] std::vector<store::Link> links();
  /// Requests that write since the last call.
  [[nodiscard]] std::vector<std::string> take_writes();
  void complain(std::string about) { complaints_.push_back(std::move(about)); }
  /// For good.
  void stop() { life_ = {}; }

 private:
  /// What dies with the process.
  struct Life {
    std::unique_ptr<store::Store> store;
    std::vector<std::unique_ptr<Adapter>> adapters;
    std::vector<std::unique_ptr<engine::Tracker>> trackers;
    std::unique_ptr<engine::Engine> engine;
  };
  void begin_life();
  [[nodiscard]] store::Counts counts();

  const config::Config& config_;
  const policy::PrivacyGate& gate_;
  fakes::ManualClock& clock_;
  Fate& fate_;
  const MakeAdapter make_adapter_;
  TemporaryFolder folder_;
  fakes::SeededRandomness randomness_{7};
  std::unique_ptr<engine::Log> log_;
  Life life_;
  std::vector<std::string> writes_, complaints_;
  std::size_t writes_made_ = 0;
};

}  // namespace causeway::day
