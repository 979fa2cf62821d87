#pragma once
/// A scripted day between a GitHub and a Redmine in memory, with the real adapters, the real engine and the real store
/// between them, in which the agent dies wherever it is told to.
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "agent/cli/registry.hpp"
#include "agent/engine/engine.hpp"
#include "agent/store/sqlite/sqlite_store.hpp"
#include "config/load.hpp"
#include "tests/fakes/github/contract.hpp"
#include "tests/fakes/github/github.hpp"
#include "tests/fakes/github/transport.hpp"
#include "tests/fakes/redmine/redmine.hpp"
#include "tests/fakes/redmine/transport.hpp"
#include "tests/fakes/world/manual_clock.hpp"
#include "tests/unit/store/temporary_folder.hpp"

namespace causeway::day {

/// A place at which the process can die.
struct Point {
  enum class Kind : std::uint8_t {
    before_commit,  ///< everything is written into the transaction, nothing of it is there yet
    after_commit,
    before_request,
    after_request  ///< it was done, the answer did not arrive
  };
  Kind kind = Kind::before_commit;
  std::string what;  ///< "PATCH https://…"; empty for commits
};
[[nodiscard]] std::string name(const Point& point);

/// Thrown where the process dies. Nothing of ours catches it.
struct Death {};

/// Decides at which points the process dies, and keeps the list of all it came by.
class Fate {
 public:
  /// Points are counted from 1, over all lives.
  explicit Fate(std::set<std::size_t> deaths) : deaths_(std::move(deaths)) {}
  void pass(Point::Kind kind, std::string_view what = {});
  /// From now on nothing dies and nothing is counted.
  void end() { over_ = true; }
  [[nodiscard]] const std::vector<Point>& points() const { return points_; }
  [[nodiscard]] std::size_t died() const { return died_; }

 private:
  const std::set<std::size_t> deaths_;
  std::vector<Point> points_;
  std::size_t died_ = 0;
  bool over_ = false;
};

/// What is there when the day is over, without what may differ: markers, numbers, times, order.
struct End {
  std::vector<std::string> github;   ///< a line for each issue
  std::vector<std::string> redmine;  ///< a line for each ticket
  std::vector<std::string> links;    ///< "left title | right title, state"
  std::vector<std::string> acme;     ///< a line for each issue of a customer's Jira, where there is one
  std::vector<std::string> initech;
  std::size_t held = 0;
  std::size_t conflicts = 0;
  std::vector<std::string> duplicates;     ///< markers that more than one object carries
  std::vector<std::string> leaks;          ///< requests that said what the tracker asked must not read
  std::vector<std::string> written_again;  ///< writes of a full pass after everything had settled
  std::vector<std::string> unsettled;      ///< what went wrong with coming to rest
  std::vector<std::string> contract;       ///< what the vendors' OpenAPI documents object to
  std::size_t checked = 0;                 ///< exchanges it was asked about
  std::vector<Point> points;
  std::size_t died = 0;
};

struct DayOptions {
  std::set<std::size_t> deaths;
  bool check_contract = false;
};

/// Lives through the whole day between a GitHub and a Redmine. Any thread, each day in its own world.
[[nodiscard]] End live_through(const DayOptions& options);
/// A day with two customers' Jiras (Cloud and Data Center), the queue in Redmine, and an issue on GitHub which a case
/// of either customer follows.
[[nodiscard]] End live_through_cases(const DayOptions& options);

}  // namespace causeway::day
