#pragma once
/// The adapter on the stand-in, in one thread, with time standing still.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "adapters/jira/adapter.hpp"
#include "adapters/jira/envelope.hpp"
#include "agent/policy/privacy.hpp"
#include "tests/fakes/jira/jira.hpp"
#include "tests/fakes/jira/transport.hpp"
#include "tests/fakes/world/manual_clock.hpp"

namespace causeway::jira {

namespace stand_in = fakes::jira;
using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

inline const std::string origin = "http://jira.test";

inline Cleared cleared(Operation operation) {
  const auto gate = policy::PrivacyGate::make({});
  if (!gate) throw std::runtime_error(gate.error().message);
  auto verdict = gate->review(Step{std::move(operation), {}},
                              policy::Crossing{TrackerRole::queue, Visibility::open, true, true, true});
  if (!verdict) throw std::runtime_error(verdict.error().explanation);
  return *std::move(verdict);
}

/// Jira's answers, and what something in between or another version makes of them.
class Altered final : public http::Transport {
 public:
  using Change = std::function<void(const http::Request& request, http::Response& response)>;
  Altered(http::Transport& inner, Change change) : inner_(inner), change_(std::move(change)) {}
  Result<http::Response> send(const http::Request& request) override {
    Result<http::Response> response = inner_.send(request);
    if (response) change_(request, *response);
    return response;
  }

 private:
  http::Transport& inner_;
  const Change change_;
};

/// Every test runs against both deployments.
class OnStandIn : public testing::TestWithParam<Deployment> {
 protected:
  [[nodiscard]] static bool cloud() { return GetParam() == Deployment::cloud; }
  [[nodiscard]] static JiraOptions default_options() {
    JiraOptions options;
    options.id = TrackerId{"queue"};
    options.deployment = GetParam();
    options.url = cloud() ? origin : origin + "/jira";
    options.project = "INIT";
    options.issue_type = "Task";
    options.listing_lag = cloud() ? cloud_lag : data_center_lag;
    return options;
  }
  [[nodiscard]] static Credential credential(const std::string& token = "token-syncuser") {
    if (cloud()) return UserToken{"syncuser@example.com", http::Secret{token}};
    return AccessToken{http::Secret{token}};
  }
  /// An adapter with its own memory, as a restarted agent has it.
  JiraAdapter& adapter(const JiraOptions& options = default_options(), Credential as = credential()) {
    adapters_.push_back(std::make_unique<JiraAdapter>(options, transport, std::move(as), clock));
    return *adapters_.back();
  }
  static TicketRef ref(const NativeId& id) { return {TrackerId{"queue"}, id}; }
  static Intent intent(Operation operation, const NativeId& target = {},
                       const std::string& marker = "0123456789abcdef0123") {
    return {ref(target), cleared(std::move(operation)), Marker{marker}};
  }
  /// Files an issue of type Task.
  NativeId open(const std::string& title = "Crash", const std::string& body = "It crashes") {
    stand_in::Form form;
    form.type = "Task";
    return id_of(jira.file("INIT", title, body, "reporter", form));
  }
  [[nodiscard]] NativeId id_of(const std::string& key) const { return NativeId{std::to_string(jira.look(key)->id)}; }
  [[nodiscard]] stand_in::Issue look(const NativeId& id) const { return *jira.look(std::stoll(id.value)); }
  [[nodiscard]] std::string key_of(const NativeId& id) const { return look(id).key; }
  /// Plain words in this deployment's markup.
  [[nodiscard]] static std::string text(const std::string& words) { return cloud() ? as_document(words) : words; }
  [[nodiscard]] std::size_t sent() const {
    const auto counts = jira.requests();
    return std::accumulate(counts.begin(), counts.end(), std::size_t{0},
                           [](std::size_t sum, const auto& entry) { return sum + entry.second; });
  }
  [[nodiscard]] std::size_t sent(const std::string& what) const {
    std::size_t sum = 0;
    for (const auto& [request, count] : jira.requests()) sum += request.find(what) != std::string::npos ? count : 0;
    return sum;
  }
  static Snapshot must_fetch(JiraAdapter& reader, const NativeId& id) {
    Result<Snapshot> snapshot = reader.fetch(ref(id));
    if (!snapshot) throw std::runtime_error(snapshot.error().message);
    return *std::move(snapshot);
  }
  static Receipt must_apply(JiraAdapter& writer, const Intent& wish) {
    Result<Receipt> receipt = writer.apply(wish);
    if (!receipt) throw std::runtime_error(receipt.error().message);
    return *std::move(receipt);
  }
  struct Round {
    std::vector<std::string> ids;
    std::vector<std::string> comments;
    std::size_t pages = 0;
  };
  /// One round of `changes` read to its end; `between` acts after each page.
  Round round(JiraAdapter& reader, Cursor& start, const std::function<void()>& between = {}) {
    Round seen;
    std::optional<Cursor> next = start;
    while (next && seen.pages < 200) {
      const Result<ChangePage> page = reader.changes(*next);
      if (!page) {
        ADD_FAILURE() << page.error().message;
        return seen;
      }
      ++seen.pages;
      for (const Snapshot& ticket : page->tickets) seen.ids.push_back(ticket.ref.id.value);
      for (const CommentSeen& one : page->comments) seen.comments.push_back(one.comment.id.value);
      if (page->watermark) start = *page->watermark;
      next = page->then;
      if (between) between();
    }
    return seen;
  }
  /// Rounds, each a little later, until one ends where it began.
  void settle(JiraAdapter& reader, Cursor& start) {
    for (int rounds = 0; rounds < 20; ++rounds) {
      clock.advance(5min);
      const Cursor before = start;
      round(reader, start);
      if (start == before && rounds > 0) return;
    }
    ADD_FAILURE() << "never settled";
  }

  fakes::ManualClock clock;
  stand_in::Jira jira{clock, GetParam() == Deployment::cloud ? stand_in::cloud_world() : stand_in::data_center_world()};
  stand_in::DirectTransport transport{jira, origin};

 private:
  std::vector<std::unique_ptr<JiraAdapter>> adapters_;
};

inline std::string deployment_name(const testing::TestParamInfo<Deployment>& info) {
  return info.param == Deployment::cloud ? "Cloud" : "DataCenter";
}

}  // namespace causeway::jira
