#pragma once
/// The adapter on the stand-in, in one thread, with time standing still.
#include <gtest/gtest.h>

#include <numeric>

#include "adapters/github/adapter.hpp"
#include "agent/policy/privacy.hpp"
#include "tests/fakes/github/github.hpp"
#include "tests/fakes/github/transport.hpp"
#include "tests/fakes/world/manual_clock.hpp"

namespace causeway::github {

namespace stand_in = fakes::github;
using namespace std::chrono_literals;

inline const std::string origin = "http://github.test";
inline const std::string widgets = "acme/widgets";
inline const std::string sample_marker = "0123456789abcdef0123";

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
  static GitHubOptions default_options() {
    GitHubOptions options;
    options.id = TrackerId{"community"};
    options.url = origin;
    options.repository = widgets;
    return options;
  }
  /// An adapter with its own memory, as a restarted agent has it.
  GitHubAdapter& adapter(const GitHubOptions& options, Credential credential) {
    adapters_.push_back(std::make_unique<GitHubAdapter>(options, transport, std::move(credential), clock));
    return *adapters_.back();
  }
  GitHubAdapter& adapter(const std::string& login = "syncuser", const GitHubOptions& options = default_options()) {
    return adapter(options, http::Secret{stand_in::token_of(login)});
  }
  static TicketRef ref(stand_in::Number number) { return {TrackerId{"community"}, NativeId{std::to_string(number)}}; }
  static Intent intent(Operation operation, stand_in::Number target = 0, const std::string& marker = sample_marker) {
    return {target == 0 ? TicketRef{TrackerId{"community"}, {}} : ref(target), cleared(std::move(operation)),
            Marker{marker}};
  }
  [[nodiscard]] std::size_t sent() const {
    const auto counts = github.requests();
    return std::accumulate(counts.begin(), counts.end(), std::size_t{0},
                           [](std::size_t sum, const auto& entry) { return sum + entry.second; });
  }
  std::map<std::string, std::size_t> requests_of(const std::function<void()>& work) {
    github.forget_requests();
    work();
    return github.requests();
  }
  struct Round {
    std::vector<std::string> tickets;
    std::vector<std::string> comments;  ///< "issue: text"
    std::size_t beside = 0;
    /// Every comment is followed by its ticket, on the same page or a later one.
    bool comments_first = true;
    bool ended = false;
  };
  /// One round of `changes` read to its end; the next start in `start`. `between` is called after each page.
  Round round(GitHubAdapter& reader, Cursor& start, const std::function<void()>& between = {}) {
    Round result;
    std::set<NativeId> waiting;
    std::optional<Cursor> next = start;
    const auto take = [&](const ChangePage& page) {
      for (const CommentSeen& one : page.comments) {
        waiting.insert(one.ticket.id);
        result.comments.push_back(one.ticket.id.value + ": " + one.comment.body);
      }
      for (const Snapshot& ticket : page.tickets) {
        waiting.erase(ticket.ref.id);
        result.tickets.push_back(ticket.ref.id.value);
      }
      if (page.watermark) {
        start = *page.watermark;
        result.ended = true;
      }
      if (between) between();
    };
    while (next) {
      const Result<ChangePage> page = reader.changes(*next);
      if (!page) {
        ADD_FAILURE() << page.error().message;
        return result;
      }
      take(*page);
      for (auto cursor = page->beside.rbegin(); cursor != page->beside.rend(); ++cursor) {
        ++result.beside;
        const Result<ChangePage> other = reader.changes(*cursor);
        if (!other) {
          ADD_FAILURE() << other.error().message;
          return result;
        }
        EXPECT_FALSE(other->then || other->watermark);
        take(*other);
      }
      next = page->then;
    }
    result.comments_first = waiting.empty();
    return result;
  }
  /// The same, many times over, until nothing is new any more.
  void settle(GitHubAdapter& reader, Cursor& start) {
    for (int n = 0; n < 3; ++n) {
      round(reader, start);
      clock.advance(60s);
    }
  }

  fakes::ManualClock clock;
  stand_in::GitHub github{clock};
  stand_in::DirectTransport transport{github, origin};

 private:
  std::vector<std::unique_ptr<GitHubAdapter>> adapters_;
};

}  // namespace causeway::github
