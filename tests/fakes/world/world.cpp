#include "tests/fakes/world/world.hpp"

#include <gtest/gtest.h>

namespace causeway::fakes {

using namespace std::chrono_literals;

void KeepingLog::write(engine::Level /*level*/, std::string_view event, const Fields& fields) {
  std::string line{event};
  for (const auto& [key, value] : fields) line += fmt::format(" {}={}", key, value);
  const std::scoped_lock lock{mutex_};
  lines_.push_back(std::move(line));
}

std::vector<std::string> KeepingLog::lines() const {
  const std::scoped_lock lock{mutex_};
  return lines_;
}

Capabilities community_capabilities() {
  Capabilities can;
  can.format = markup::Format::github;
  can.labels = true;
  can.milestone = true;
  can.listing_is_reading = true;
  return can;
}

Capabilities queue_capabilities() {
  Capabilities can;
  can.format = markup::Format::textile;
  can.priority = true;
  can.labels = true;
  can.milestone = true;
  can.private_comments = true;
  can.twin_link = true;
  can.uploads = true;
  can.writes_are_blind = true;
  can.writers_default = 4;
  return can;
}

/// As a Jira's: statuses are reached over others.
Capabilities customer_capabilities() {
  Capabilities can = queue_capabilities();
  can.status_in_steps = true;
  return can;
}

config::RouteConfig sample_route() {
  config::RouteConfig route;
  route.id = RouteId{"widget"};
  route.left = TrackerId{"community"};
  route.right = TrackerId{"queue"};
  route.mirror_when.labels = {"support"};
  route.publish_when.fields["Publish"] = {"1"};
  route.mapping.statuses =
      ValueTable{{{"open", "New"}, {"open", "In Progress"}, {"completed", "Closed"}, {"not_planned", "Rejected"}}};
  route.mapping.people = ValueTable{{{"alice", "alice.queue"}}};
  route.rules.comments[index(Side::right)].command = "/community";
  route.rules.names_origin = {false, true};
  route.rules.names_authors = {false, true};
  return route;
}

config::RouteConfig customer_route(const std::string& customer) {
  config::RouteConfig route;
  route.id = RouteId{customer == "customer" ? "acme" : customer};
  route.left = TrackerId{customer};
  route.right = TrackerId{"queue"};
  route.mirror_when.everything = true;
  route.publish_when.fields["Customer"] = {"acme"};
  route.mapping.statuses = ValueTable{{{"Open", "New"}, {"Open", "In Progress"}, {"Done", "Closed"}}};
  return route;
}

World::World(config::RouteConfig given, const policy::RedactionRules& redaction)
    : community(TrackerId{"community"}, community_capabilities(), clock),
      queue(TrackerId{"queue"}, queue_capabilities(), clock),
      customer(TrackerId{"customer"}, customer_capabilities(), clock),
      other_customer(TrackerId{"other_customer"}, customer_capabilities(), clock),
      route(std::move(given)),
      gate_(*policy::PrivacyGate::make(redaction)) {
  restart();
}

void World::restart() {
  engine_.reset();
  trackers_.clear();
  trackers_.push_back(std::make_unique<engine::Tracker>(
      engine::TrackerSetting{TrackerId{"community"}, TrackerRole::community, 1, 1, 60s, 24h}, community, clock));
  trackers_.push_back(std::make_unique<engine::Tracker>(
      engine::TrackerSetting{TrackerId{"queue"}, TrackerRole::queue, 4, 4, 60s, 24h}, queue, clock));
  if (has_customers_) {
    trackers_.push_back(std::make_unique<engine::Tracker>(
        engine::TrackerSetting{TrackerId{"customer"}, TrackerRole::customer, 4, 4, 60s, 24h, {"Acme"}}, customer,
        clock));
    trackers_.push_back(std::make_unique<engine::Tracker>(
        engine::TrackerSetting{TrackerId{"other_customer"}, TrackerRole::customer, 4, 4, 60s, 24h, {"Initech"}},
        other_customer, clock));
  }
  engine_ = std::make_unique<engine::Engine>(engine::EngineSetting{routes(), 1, false, std::chrono::days{400}},
                                             tracker_pointers(), *used_store_, gate_, clock, randomness, log);
  const auto recovered = engine_->recover();
  if (!recovered) ADD_FAILURE() << recovered.error().message;
}

std::vector<config::RouteConfig> World::routes() const {
  std::vector<config::RouteConfig> routes{route};
  routes.insert(routes.end(), more_routes.begin(), more_routes.end());
  return routes;
}

std::vector<engine::Tracker*> World::tracker_pointers() const {
  std::vector<engine::Tracker*> pointers;
  for (const auto& tracker : trackers_) pointers.push_back(tracker.get());
  return pointers;
}

engine::Report::Data World::plan() {
  constexpr int steps_max = 10'000;
  engine::Engine looking{engine::EngineSetting{routes(), 1, true, std::chrono::days{400}},
                         tracker_pointers(),
                         *used_store_,
                         gate_,
                         clock,
                         randomness,
                         log};
  if (auto begun = looking.begin_pass(); !begun) ADD_FAILURE() << begun.error().message;
  for (int steps = 0;; ++steps) {
    const auto stepped = looking.step();
    if (!stepped) ADD_FAILURE() << stepped.error().message;
    if (!stepped || !*stepped) break;
    if (steps == steps_max) {
      ADD_FAILURE() << "looking ahead does not end";
      break;
    }
  }
  return looking.take_report();
}

void World::use_store(store::Store& another) {
  stop();
  used_store_ = &another;
  restart();
}

void World::stop() { engine_.reset(); }

engine::Report::Data World::pass(bool full) {
  auto begun = engine_->begin_pass(full);
  if (!begun) ADD_FAILURE() << begun.error().message;
  constexpr int steps_max = 10'000;
  for (int steps = 0;; ++steps) {
    const auto stepped = engine_->step();
    if (steps == steps_max) {
      ADD_FAILURE() << "the pass does not end";
      break;
    }
    if (!stepped) {
      ADD_FAILURE() << stepped.error().message;
      break;
    }
    if (!*stepped) break;
  }
  if (auto ended = engine_->end_pass(); !ended) ADD_FAILURE() << ended.error().message;
  return engine_->take_report();
}

std::size_t World::settle(std::size_t most) {
  for (std::size_t passes = 1; passes <= most; ++passes) {
    const std::size_t before = community.writes() + queue.writes() + customer.writes();
    const engine::Report::Data report = pass();
    const bool still = community.writes() + queue.writes() + customer.writes() == before && report.failures.empty();
    if (still && counts().hints == 0) return passes;
    clock.advance(20min);
  }
  return most;
}

NativeId World::file(const std::string& title, const std::string& body) {
  Ticket ticket;
  ticket.title = title;
  ticket.body = body;
  ticket.status = "open";
  ticket.labels = {"support"};
  ticket.visibility = Visibility::open;
  return community.open(std::move(ticket));
}

NativeId World::twin(const NativeId& community_ticket) const {
  for (const store::Link& link : links()) {
    if (link.tickets[0].id == community_ticket) return link.tickets[1].id;
  }
  return {};
}

std::vector<store::Link> World::links() const {
  std::vector<store::Link> found;
  (void)used_store_->read([&](store::Transaction& transaction) -> Result<void> {
    found = *transaction.links_after(LinkId{}, 10'000);
    return {};
  });
  return found;
}

std::vector<store::StoredIntent> World::held() const {
  std::vector<store::StoredIntent> found;
  (void)used_store_->read([&](store::Transaction& transaction) -> Result<void> {
    found = *transaction.intents_in(store::IntentState::held, 10'000);
    return {};
  });
  return found;
}

store::Counts World::counts() const {
  store::Counts counts;
  (void)used_store_->read([&](store::Transaction& transaction) -> Result<void> {
    counts = *transaction.counts();
    return {};
  });
  return counts;
}

}  // namespace causeway::fakes
