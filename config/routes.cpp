#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "agent/model/suggest.hpp"
#include "config/read.hpp"

namespace causeway::config {
namespace {

/// The GitHub adapter's words for a state with its reason.
const std::vector<std::string> github_statuses{"open", "closed", "closed:not_planned", "closed:duplicate"};

Flow flow_of(const Node* part, Flow otherwise) {
  const std::string word = part == nullptr ? "" : text_of(part->find("flow")).value_or("");
  if (word == "both") return Flow::both;
  if (word == "to_left") return Flow::to_left;
  if (word == "to_right") return Flow::to_right;
  if (word == "none") return Flow::none;
  return otherwise;
}

reconcile::Winner winner_of(const Node* part, reconcile::Winner otherwise) {
  const std::string word = part == nullptr ? "" : text_of(part->find("winner")).value_or("");
  if (word == "born") return reconcile::Winner::born;
  if (word == "left") return reconcile::Winner::left;
  if (word == "right") return reconcile::Winner::right;
  if (word == "newest") return reconcile::Winner::newest;
  return otherwise;
}

ValueTable table_of(const Node* part) {
  std::vector<ValueTable::Row> rows;
  const Node* values = part == nullptr ? nullptr : part->find("values");
  if (values == nullptr) return {};
  for (const Node& row : values->items) {
    if (row.items.size() != 2) continue;
    const auto left = text_of(&row.items[0]);
    const auto right = text_of(&row.items[1]);
    if (left && right) rows.push_back({*left, *right});
  }
  return ValueTable{std::move(rows)};
}

std::set<std::string> set_of(const Node* list) {
  std::vector<std::string> texts = texts_of(list);
  return {std::make_move_iterator(texts.begin()), std::make_move_iterator(texts.end())};
}

std::map<std::string, std::string> create_of(const Node* route, const char* side) {
  std::map<std::string, std::string> values;
  const Node* create = route->find("create");
  const Node* own = create == nullptr ? nullptr : create->find(side);
  if (own == nullptr) return values;
  for (const Entry& entry : own->entries) {
    if (auto text = text_of(&entry.value)) values[entry.key] = std::move(*text);
  }
  return values;
}

/// One route; the trackers are null where the configuration names none that exists.
class RouteReader {
 public:
  RouteReader(const Entry& entry, const std::vector<TrackerConfig>& trackers, const std::vector<PersonConfig>& people,
              const Reading& reading)
      : node_(entry.value), trackers_(trackers), people_(people), reading_(reading) {
    route_.id = RouteId{entry.key};
  }

  RouteConfig read() {
    left_ = end("left", route_.left);
    right_ = end("right", route_.right);
    check_ends();
    read_conditions();
    route_.first_publication_allowed = text_of(node_.find("first_publication")) == "allow";
    warn_of_open_publication();
    route_.rules.create = {create_of(&node_, "left"), create_of(&node_, "right")};
    read_mapping();
    read_comments();
    read_names();
    read_case_rules();
    if (const auto brake = count_of(node_.find("brake"))) route_.brake = *brake;
    return std::move(route_);
  }

 private:
  void error(const Node& at, std::string what, std::string remedy) {
    reading_.problems.error(at.line, at.path, std::move(what), std::move(remedy));
  }

  const TrackerConfig* end(const char* key, TrackerId& id) {
    const Node* given = node_.find(key);
    const auto name = text_of(given);
    if (!name || name->empty()) return nullptr;
    id = TrackerId{*name};
    const TrackerConfig* found = find_tracker(trackers_, *name);
    if (found == nullptr)
      error(*given, unknown_name("tracker", *name, names_of(trackers_)), "name a tracker of this file");
    return found;
  }

  void check_ends() {
    if (left_ == nullptr || right_ == nullptr) return;
    if (left_ == right_)
      return error(node_, "left and right are the same tracker",
                   "name the community's or customer's tracker as left and the queue as right");
    if (left_->role == TrackerRole::queue && right_->role != TrackerRole::queue) {
      return error(node_, "left and right are the wrong way round: the queue belongs to the right",
                   fmt::format("write left: {} and right: {}", right_->id.value, left_->id.value));
    }
    if (left_->role == TrackerRole::queue) {
      error(*node_.find("left"),
            fmt::format("{} is a queue, and left must be a community or customer tracker", left_->id.value),
            "name another tracker, or correct its role");
    }
    if (right_->role != TrackerRole::queue) {
      error(*node_.find("right"),
            fmt::format("{} has the role {}, and right must be a queue", right_->id.value, name(right_->role)),
            "name another tracker, or correct its role");
    }
  }

  policy::Condition condition(const char* key, const TrackerConfig* tracker) {
    policy::Condition condition;
    const Node* given = node_.find(key);
    if (given == nullptr || given->kind != Node::Kind::map) return condition;
    condition.everything = boolean_of(given->find("everything")).value_or(false);
    condition.labels = set_of(given->find("labels"));
    condition.statuses = set_of(given->find("statuses"));
    condition.authors = set_of(given->find("authors"));
    condition.title_contains = texts_of(given->find("title_contains"));
    if (const Node* fields = given->find("fields")) {
      for (const Entry& entry : fields->entries) {
        std::set<std::string> values = set_of(&entry.value);
        if (auto one = text_of(&entry.value)) values.insert(std::move(*one));
        if (!values.empty()) condition.fields[entry.key] = std::move(values);
      }
    }
    check_condition(*given, condition, tracker);
    return condition;
  }

  void check_condition(const Node& given, const policy::Condition& condition, const TrackerConfig* tracker) {
    if (condition.empty() && reading_.problems.reported(given.path)) return;
    if (condition.empty())
      return error(given, "this selects no ticket",
                   "name labels, statuses, fields …, write everything: true, or take the key away");
    policy::Condition rest = condition;
    rest.everything = false;
    if (condition.everything && !rest.empty()) {
      error(given, "everything stands beside other conditions, which would then still have to hold",
            "take everything away, or the others");
    }
    if (tracker == nullptr) return;
    if (tracker->kind == "github" && given.find("statuses") != nullptr)
      check_github_statuses(given.find("statuses")->items);
    if (tracker->kind == "redmine" && !condition.labels.empty() && !tracker->fields.contains("labels")) {
      error(*given.find("labels"),
            fmt::format("{} is a Redmine, which has no labels of its own, so this never holds", tracker->id.value),
            fmt::format("name a custom field for them: trackers/{}/fields/labels", tracker->id.value));
    }
  }

  void check_github_statuses(const std::vector<Node>& nodes) {
    for (const Node& node : nodes) check_github_status(node);
  }

  void check_github_status(const Node& node) {
    const auto text = text_of(&node);
    if (!text || text->empty() ||
        std::find(github_statuses.begin(), github_statuses.end(), *text) != github_statuses.end())
      return;
    error(node, fmt::format("GitHub has {}", unknown_name("status", *text, github_statuses)), "write one of them");
  }

  void read_conditions() {
    route_.mirror_when = condition("mirror_when", left_);
    route_.publish_when = condition("publish_when", right_);
    if (node_.find("mirror_when") == nullptr && node_.find("publish_when") == nullptr) {
      error(node_, "this route takes no ticket",
            "say which: mirror_when for tickets of left that go to the queue, publish_when for those of the queue that "
            "go to left");
    }
  }

  void warn_of_open_publication() {
    if (!route_.first_publication_allowed || !route_.publish_when.everything || left_ == nullptr ||
        left_->role != TrackerRole::community)
      return;
    const Node& given = *node_.find("first_publication");
    reading_.problems.warning(given.line, given.path,
                              "every public ticket of the queue is published and no person looks at it before",
                              "write first_publication: hold, or a narrower publish_when");
  }

  void read_mapping() {
    const Node* mapping = node_.find("mapping");
    const auto part = [&](const char* key) { return mapping == nullptr ? nullptr : mapping->find(key); };
    constexpr std::array<std::pair<Field, const char*>, field_count> fields{{{Field::title, "title"},
                                                                             {Field::body, "body"},
                                                                             {Field::status, "status"},
                                                                             {Field::priority, "priority"},
                                                                             {Field::assignee, "assignee"},
                                                                             {Field::milestone, "milestone"}}};
    Mapping& to = route_.mapping;
    for (const auto& [field, key] : fields) {
      const auto index = static_cast<std::size_t>(field);
      to.fields[index] = flow_of(part(key), to.fields[index]);
      route_.rules.winners[index] = winner_of(part(key), route_.rules.winners[index]);
    }
    to.label_flow = flow_of(part("labels"), to.label_flow);
    to.statuses = table_of(part("status"));
    to.priorities = table_of(part("priority"));
    to.milestones = table_of(part("milestone"));
    to.labels = table_of(part("labels"));
    if (const Node* labels = part("labels")) to.labels_ignored = set_of(labels->find("ignored"));
    to.people = people_table();
    check_statuses(part("status"));
  }

  void check_statuses(const Node* status) {
    const Node* values = status == nullptr ? nullptr : status->find("values");
    const bool told =
        reading_.problems.reported(node_.path + "/preset") || reading_.problems.reported(node_.path + "/mapping");
    if (!told && route_.mapping.flow(Field::status) != Flow::none && route_.mapping.statuses.empty()) {
      const Node& at = values != nullptr ? *values : status != nullptr ? *status : node_;
      error(at, "there is no table of statuses, so no status could be mirrored",
            "take a preset (preset: github-redmine), or write mapping: {status: {values: [[open, New], [closed, "
            "Closed]]}}, or {flow: none}");
    }
    if (values == nullptr || left_ == nullptr || left_->kind != "github") return;
    for (const Node& row : values->items) {
      if (!row.items.empty()) check_github_status(row.items.front());
    }
  }

  [[nodiscard]] ValueTable people_table() const {
    std::vector<ValueTable::Row> rows;
    for (const PersonConfig& person : people_) {
      const auto left = person.logins.find(route_.left);
      const auto right = person.logins.find(route_.right);
      if (left != person.logins.end() && right != person.logins.end()) rows.push_back({left->second, right->second});
    }
    return ValueTable{std::move(rows)};
  }

  void read_comments() {
    auto& [left, right] = route_.rules.comments;
    // A note of the queue is for the support team unless it says that it is for the other side.
    right.command = left_ != nullptr && left_->role == TrackerRole::customer ? "/customer" : "/community";
    const Node* comments = node_.find("comments");
    if (comments == nullptr) return;
    for (const auto& [key, rule] : {std::pair{"left", &left}, std::pair{"right", &right}}) {
      const Node* given = comments->find(key);
      if (given == nullptr) continue;
      rule->mirrored = boolean_of(given->find("mirrored")).value_or(rule->mirrored);
      rule->open_only = boolean_of(given->find("open_only")).value_or(rule->open_only);
      if (const auto command = text_of(given->find("command"))) rule->command = *command;
    }
    if (!right.open_only)
      error(*comments->find("right")->find("open_only"), "private notes of the queue never leave it",
            "take the key away");
    right.open_only = true;
  }

  void read_case_rules() {
    route_.rules.proposes_closing = text_of(node_.find("closing")) == "propose";
    const Node* follow = node_.find("follow_field");
    route_.follow_field = text_of(follow).value_or("");
    if (follow != nullptr && left_ != nullptr && left_->role != TrackerRole::community)
      error(*follow,
            fmt::format("{} is a customer's, and cases follow tickets of a community tracker", left_->id.value),
            "take the key away, or move it to the route of the community");
  }

  void read_names() {
    reconcile::MergeRules& rules = route_.rules;
    // What is written outside tells nothing of the queue and its people (rule 9).
    rules.names_origin = {false, true};
    rules.names_authors = {false, true};
    rules.anonymous_author = text_of(node_.find("anonymous_author")).value_or(rules.anonymous_author);
    const Node* names = node_.find("names");
    if (names == nullptr) return;
    for (const auto& [key, side] : {std::pair{"left", Side::left}, std::pair{"right", Side::right}}) {
      const Node* given = names->find(key);
      if (given == nullptr) continue;
      bool& origin = rules.names_origin[index(side)];
      bool& authors = rules.names_authors[index(side)];
      origin = boolean_of(given->find("origin")).value_or(origin);
      authors = boolean_of(given->find("authors")).value_or(authors);
    }
  }

  const Node& node_;
  const std::vector<TrackerConfig>& trackers_;
  const std::vector<PersonConfig>& people_;
  const Reading& reading_;
  const TrackerConfig* left_ = nullptr;
  const TrackerConfig* right_ = nullptr;
  RouteConfig route_;
};

}  // namespace

std::vector<RouteConfig> read_routes(const Node* node, const std::vector<TrackerConfig>& trackers,
                                     const std::vector<PersonConfig>& people, const Reading& reading) {
  std::vector<RouteConfig> routes;
  if (node == nullptr) return routes;
  for (const Entry& entry : node->entries) {
    if (entry.value.kind != Node::Kind::map) continue;
    RouteConfig route = RouteReader{entry, trackers, people, reading}.read();
    const auto same = std::find_if(routes.begin(), routes.end(), [&](const RouteConfig& one) {
      return one.left == route.left && one.right == route.right;
    });
    if (same != routes.end() && !route.left.empty() && !route.right.empty()) {
      reading.problems.error(entry.line, entry.value.path,
                             fmt::format("it joins the same trackers as route {}", same->id.value),
                             "make one route of the two");
    }
    routes.push_back(std::move(route));
  }
  return routes;
}

}  // namespace causeway::config
