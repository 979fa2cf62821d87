#pragma once
/// The one place that names concrete parts: from a configuration to adapters, store and engine.
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "agent/cli/system_clock.hpp"
#include "agent/engine/engine.hpp"
#include "agent/http/budget.hpp"
#include "agent/http/metrics.hpp"
#include "config/load.hpp"

namespace causeway::cli {

/// Everything that talks to trackers. Parts borrow from each other and live together.
class Wiring {
 public:
  explicit Wiring(config::Config config);
  ~Wiring();
  Wiring(const Wiring&) = delete;
  Wiring& operator=(const Wiring&) = delete;

  /// Resolves secrets and makes transports, adapters and the gate. All problems at once.
  std::vector<config::Problem> connect(const Clock& clock, const config::Lines& lines);

  [[nodiscard]] const config::Config& config() const { return config_; }
  [[nodiscard]] const std::vector<std::unique_ptr<engine::Tracker>>& trackers() const { return trackers_; }
  [[nodiscard]] std::vector<engine::Tracker*> tracker_pointers() const;
  [[nodiscard]] const policy::PrivacyGate& gate() const { return *gate_; }
  /// How many requests may be made at the same time over all trackers, plus those who only read.
  [[nodiscard]] std::size_t workers() const;

  /// Creations of the past hour, so that a restart does not forget what the vendor remembers.
  Result<void> restore_budgets(store::Store& store);
  Result<void> save_budgets(store::Store& store);
  /// Requests by tracker, method and path, for the summary of a pass.
  [[nodiscard]] std::map<std::string, std::map<std::string, std::size_t>> requests() const;

 private:
  struct Connection;
  config::Config config_;
  std::unique_ptr<policy::PrivacyGate> gate_;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::vector<std::unique_ptr<engine::Tracker>> trackers_;
};

/// A configuration read and connected, or everything that is wrong with it.
struct Setup {
  std::unique_ptr<Wiring> wiring;  ///< null when it cannot be used
  std::vector<config::Problem> problems;
  std::string file;
  config::Lines lines;
  /// "causeway.yaml:14" of a path, or of the nearest thing around it.
  [[nodiscard]] std::string where(const std::string& path) const;
};
[[nodiscard]] Setup set_up(const std::string& config_path, const Clock& clock);
/// `set_up`, complaining on standard error; null when it cannot be used.
[[nodiscard]] std::unique_ptr<Wiring> set_up_or_complain(const std::string& config_path, const Clock& clock);

/// What the configuration will ask of a tracker, for `probe`.
[[nodiscard]] Needs needs_of(const config::Config& config, const TrackerId& tracker);

enum class StoreUse {
  alone,             ///< the agent
  reading,           ///< a command that looks
  beside_the_agent,  ///< a command that makes one short write
  looking_ahead      ///< a command that looks, also before there is a store
};
/// Opens the configured store, complaining on standard error; null when that fails.
[[nodiscard]] std::unique_ptr<store::Store> open_store(const config::Config& config, StoreUse use);
/// Reads only the configuration, for commands that need no tracker.
[[nodiscard]] std::optional<config::Config> read_config_or_complain(const std::string& path);

}  // namespace causeway::cli
