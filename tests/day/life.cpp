#include "tests/day/life.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

#include "agent/engine/holds.hpp"
#include "agent/store/sqlite/sqlite_store.hpp"

namespace causeway::day {
namespace {

using namespace std::chrono_literals;

/// Dies before or after a commit.
class FatefulStore final : public store::Store {
 public:
  FatefulStore(std::unique_ptr<store::Store> inner, Fate& fate) : inner_(std::move(inner)), fate_(fate) {}
  Result<void> write(const store::Work& work) override {
    auto result = inner_->write([&](store::Transaction& transaction) -> Result<void> {
      auto done = work(transaction);
      fate_.pass(Point::Kind::before_commit);
      return done;
    });
    fate_.pass(Point::Kind::after_commit);
    return result;
  }
  Result<void> read(const store::Work& work) override { return inner_->read(work); }
  Result<void> backup(const std::string& path) override { return inner_->backup(path); }

 private:
  std::unique_ptr<store::Store> inner_;
  Fate& fate_;
};

class SilentLog final : public engine::Log {
 public:
  void write(engine::Level /*level*/, std::string_view /*event*/, const Fields& /*fields*/) override {}
};

}  // namespace

std::string name(const Point& point) {
  switch (point.kind) {
    case Point::Kind::before_commit:
      return "before a commit";
    case Point::Kind::after_commit:
      return "after a commit";
    case Point::Kind::before_request:
      return "before " + point.what;
    case Point::Kind::after_request:
      return "after " + point.what;
  }
  return {};
}

void Fate::pass(Point::Kind kind, std::string_view what) {
  if (over_) return;
  points_.push_back({kind, std::string{what}});
  if (!deaths_.contains(points_.size())) return;
  ++died_;
  throw Death{};
}

Result<http::Response> WatchedTransport::send(const http::Request& request) {
  watch_(request, false);
  auto answer = inner_.send(request);
  watch_(request, true);
  return answer;
}

Agent::Agent(const config::Config& config, const policy::PrivacyGate& gate, fakes::ManualClock& clock, Fate& fate,
             MakeAdapter make_adapter)
    : config_(config),
      gate_(gate),
      clock_(clock),
      fate_(fate),
      make_adapter_(std::move(make_adapter)),
      log_(std::make_unique<SilentLog>()) {}

void Agent::request_passes(const http::Request& request, bool answered) {
  const std::string what = fmt::format("{} {}", http::name(request.method), request.url);
  if (!answered && request.method != http::Method::get) {
    ++writes_made_;
    writes_.push_back(what);
  }
  fate_.pass(answered ? Point::Kind::after_request : Point::Kind::before_request, what);
}

void Agent::begin_life() {
  life_ = {};
  auto opened = store::open_sqlite({folder_.file("day.sqlite"), store::SqliteOptions::Use::alone, false, 2048});
  if (!opened) throw std::runtime_error(opened.error().message);
  life_.store = std::make_unique<FatefulStore>(std::move(*opened), fate_);
  std::vector<engine::Tracker*> pointers;
  for (const config::TrackerConfig& tracker : config_.trackers) {
    life_.adapters.push_back(make_adapter_(tracker));
    engine::TrackerSetting setting{tracker.id, tracker.role, 1, 1, tracker.poll, tracker.sweep};
    setting.own_names = tracker.own_names;
    life_.trackers.push_back(std::make_unique<engine::Tracker>(std::move(setting), *life_.adapters.back(), clock_));
    pointers.push_back(life_.trackers.back().get());
  }
  life_.engine = std::make_unique<engine::Engine>(engine::EngineSetting{config_.routes, 1, false, config_.audit_kept},
                                                  pointers, *life_.store, gate_, clock_, randomness_, *log_);
  if (auto recovered = life_.engine->recover(); !recovered) complain(recovered.error().message);
}

void Agent::survive(const std::function<void()>& what) {
  while (true) {
    try {
      if (!life_.engine) begin_life();
      return what();
    } catch (const Death&) {
      life_ = {};
    }
  }
}

engine::Report::Data Agent::pass(bool full) {
  constexpr int steps_max = 10'000;
  const auto demand = [&](const Result<void>& result) {
    if (!result) complain(result.error().message);
  };
  demand(life_.engine->begin_pass(full));
  for (int steps = 0;; ++steps) {
    const auto stepped = life_.engine->step();
    if (!stepped) complain(stepped.error().message);
    if (!stepped || !*stepped) break;
    if (steps == steps_max) {
      complain("a pass does not end");
      break;
    }
  }
  demand(life_.engine->end_pass());
  return life_.engine->take_report();
}

void Agent::settle(bool full) {
  constexpr int passes_max = 20;
  for (int passes = 0; passes < passes_max; ++passes) {
    const std::size_t before = writes_made_;
    const engine::Report::Data report = pass(full);
    const bool still = writes_made_ == before && report.failures.empty() && counts().hints == 0;
    clock_.advance(20min);
    if (still) return;
    if (passes + 1 == passes_max)
      complain(fmt::format("{} passes do not settle; {}", passes_max, fmt::join(report.failures, "; ")));
  }
}

void Agent::approve_held() {
  survive([&] {
    const auto held = engine::held_writes(*life_.store);
    if (!held) return;
    for (const engine::HeldWrite& one : *held) {
      (void)engine::resolve(*life_.store, one.intent.id, engine::Resolution::approve, clock_.now());
    }
  });
}

void Agent::rest(End& end) {
  fate_.end();
  clock_.advance(1h);
  (void)take_writes();
  const engine::Report::Data report = pass(true);
  end.written_again = take_writes();
  const store::Counts left = counts();
  end.unsettled = complaints_;
  end.unsettled.insert(end.unsettled.end(), report.failures.begin(), report.failures.end());
  if (left.hints != 0) end.unsettled.push_back(fmt::format("{} hints are left", left.hints));
  if (left.intents_ready + left.intents_sending != 0) end.unsettled.emplace_back("writes are left undone");
  end.held = static_cast<std::size_t>(left.intents_held);
  end.conflicts = static_cast<std::size_t>(left.conflicts);
  end.points = fate_.points();
  end.died = fate_.died();
}

store::Counts Agent::counts() {
  store::Counts counts;
  (void)life_.store->read([&](store::Transaction& transaction) -> Result<void> {
    counts = *transaction.counts();
    return {};
  });
  return counts;
}

std::vector<store::Link> Agent::links() {
  std::vector<store::Link> links;
  (void)life_.store->read([&](store::Transaction& transaction) -> Result<void> {
    links = *transaction.links_after(LinkId{}, 1000);
    return {};
  });
  return links;
}

std::vector<std::string> Agent::take_writes() { return std::exchange(writes_, {}); }

}  // namespace causeway::day
