#pragma once
/// The adapter on the stand-in, in one thread, with time standing still.
#include <gtest/gtest.h>

#include <numeric>

#include "adapters/redmine/adapter.hpp"
#include "agent/policy/privacy.hpp"
#include "tests/fakes/redmine/redmine.hpp"
#include "tests/fakes/redmine/transport.hpp"
#include "tests/fakes/world/manual_clock.hpp"

namespace causeway::redmine {

namespace stand_in = fakes::redmine;
using namespace std::chrono_literals;

inline const std::string origin = "http://redmine.test";
inline const std::string admin_key(40, 'a');
inline const std::string developer_key(40, 'c');
inline const std::string sync_key(40, 'e');  ///< "syncuser", a Manager

inline Cleared cleared(Operation operation) {
  const auto gate = policy::PrivacyGate::make({});
  if (!gate) throw std::runtime_error(gate.error().message);
  auto verdict = gate->review(Step{std::move(operation), {}},
                              policy::Crossing{TrackerRole::queue, Visibility::open, true, true, true});
  if (!verdict) throw std::runtime_error(verdict.error().explanation);
  return *std::move(verdict);
}

class OnStandIn : public testing::Test {
 protected:
  static RedmineOptions default_options() {
    RedmineOptions options;
    options.id = TrackerId{"queue"};
    options.url = origin;
    options.project = "alpha";
    options.format = markup::Format::redmine_markdown;
    return options;
  }
  /// An adapter with its own memory, as a restarted agent has it.
  RedmineAdapter& adapter(const RedmineOptions& options = default_options(), const std::string& key = sync_key) {
    adapters_.push_back(std::make_unique<RedmineAdapter>(options, transport, http::Secret{key}, clock));
    return *adapters_.back();
  }
  static TicketRef ref(stand_in::Number id) { return {TrackerId{"queue"}, NativeId{std::to_string(id)}}; }
  static Intent intent(Operation operation, stand_in::Number target = 0,
                       const std::string& marker = "0123456789abcdef0123") {
    return {target == 0 ? TicketRef{TrackerId{"queue"}, {}} : ref(target), cleared(std::move(operation)),
            Marker{marker}};
  }
  [[nodiscard]] std::size_t sent() const {
    const auto counts = redmine.requests();
    return std::accumulate(counts.begin(), counts.end(), std::size_t{0},
                           [](std::size_t sum, const auto& entry) { return sum + entry.second; });
  }
  /// One round of `changes` read to its end: the tickets' ids, and the next start in `start`.
  std::vector<std::string> round(RedmineAdapter& reader, Cursor& start) {
    std::vector<std::string> ids;
    std::optional<Cursor> next = start;
    while (next) {
      const Result<ChangePage> page = reader.changes(*next);
      if (!page) {
        ADD_FAILURE() << page.error().message;
        return ids;
      }
      for (const Snapshot& ticket : page->tickets) ids.push_back(ticket.ref.id.value);
      if (page->watermark) start = *page->watermark;
      next = page->then;
    }
    return ids;
  }

  fakes::ManualClock clock;
  stand_in::Redmine redmine{clock};
  stand_in::DirectTransport transport{redmine, origin};

 private:
  std::vector<std::unique_ptr<RedmineAdapter>> adapters_;
};

}  // namespace causeway::redmine
