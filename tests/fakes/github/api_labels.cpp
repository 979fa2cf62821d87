/// A repository's labels, milestones and people to assign.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "tests/fakes/github/call.hpp"

namespace causeway::fakes::github {
namespace {

bool is_colour(std::string_view text) {
  return text.size() == 6 && std::all_of(text.begin(), text.end(), [](char digit) {
           return std::isxdigit(static_cast<unsigned char>(digit)) != 0;
         });
}

struct LabelWish {
  std::optional<std::string> name, color;
  std::optional<std::optional<std::string>> description;
};

/// nullopt and `refused`: no.
std::optional<LabelWish> read_label(const Repository& repository, const rapidjson::Value& body, const Label* present,
                                    std::optional<Response>& refused) {
  LabelWish wish;
  for (const char* name : {"name", "new_name", "color", "description"}) {
    const rapidjson::Value* value = member(body, name);
    if (value == nullptr) continue;
    const bool may_be_null = std::string_view{name} == "description";
    if (!value->IsString() && !(may_be_null && value->IsNull())) {
      refused = wrong_type(fmt::format("For 'properties/{}', the value is not a string.", name));
      return std::nullopt;
    }
    const std::string_view key = name;
    if (key == "color") wish.color = text_of(*value);
    if (key == "description") {
      wish.description = value->IsNull() ? std::optional<std::string>{} : std::optional{text_of(*value)};
    }
    if (key == (present == nullptr ? "name" : "new_name")) wish.name = text_of(*value);
  }
  std::vector<Problem> problems;
  if (present == nullptr && !wish.name) {
    refused = wrong_type("\"name\" wasn't supplied.");
    return std::nullopt;
  }
  if (wish.name) {
    const Label* other = find_label(repository, *wish.name);
    if (wish.name->empty()) problems.push_back({"Label", "name", "missing_field"});
    if (characters(*wish.name) > label_characters_max) {
      problems.push_back({"Label", "name", "custom", "name is too long (maximum is 50 characters)"});
    }
    if (other != nullptr && other != present) problems.push_back({"Label", "name", "already_exists"});
  }
  if (wish.color && !is_colour(*wish.color)) problems.push_back({"Label", "color", "invalid"});
  if (wish.description && *wish.description && characters(**wish.description) > label_description_characters_max) {
    problems.push_back({"Label", "description", "custom", "description is too long (maximum is 100 characters)"});
  }
  if (problems.empty()) return wish;
  refused = invalid(problems);
  return std::nullopt;
}

Response denied(bool integration) {
  return integration ? message_answer(403, "Resource not accessible by integration") : not_found();
}

}  // namespace

Response GitHub::labels_route(Call& call) {
  Repository& repository = *call.repository;
  const std::string& method = call.request.method;
  const Shown shown = call.shown(state_);
  const auto shown_label = [&](const Label& label) {
    Out out;
    write_label(out, shown, repository, label);
    return out.take();
  };
  if (call.rest.size() == 1 && method == "GET") {
    Page page = page_of(call.query);
    Out out;
    out.open_list();
    for (const auto& [name, id] : repository.label_names) {
      if (page.take()) write_label(out, shown, repository, repository.labels.at(id));
    }
    out.close_list();
    return list_answer(call, page, out.take());
  }
  std::optional<Response> refused;
  if (call.rest.size() == 1 && method == "POST") {
    if (call.access < Access::write) return denied(call.app != 0);
    const auto wish = read_label(repository, call.body, nullptr, refused);
    if (!wish) return *std::move(refused);
    const Label& label = add_label(state_, repository, *wish->name, lower(wish->color.value_or("ededed")),
                                   wish->description.value_or(std::nullopt));
    return created(shown_label(label),
                   fmt::format("{}/repos/{}/labels/{}", call.origin, repository.full_name(), url_encoded(label.name)));
  }
  if (call.rest.size() != 2) return not_found();
  const Label* found = find_label(repository, call.rest[1]);
  if (found == nullptr) return not_found();
  if (method == "GET") return json_answer(200, shown_label(*found));
  if (method != "PATCH" && method != "DELETE") return not_found();
  if (call.access < Access::write) return denied(call.app != 0);
  if (method == "DELETE") {
    drop_label(repository, found->id);
    return empty_answer(204);
  }
  const auto wish = read_label(repository, call.body, found, refused);
  if (!wish) return *std::move(refused);
  Label& label = repository.labels.at(found->id);
  if (wish->name) github::rename_label(repository, label, *wish->name);
  if (wish->color) label.color = lower(*wish->color);
  if (wish->description) label.description = *wish->description;
  return json_answer(200, shown_label(label));
}

Response GitHub::milestones_route(Call& call) {
  Repository& repository = *call.repository;
  const std::string& method = call.request.method;
  const Shown shown = call.shown(state_);
  const auto shown_milestone = [&](const Milestone& milestone) {
    Out out;
    write_milestone(out, shown, repository, milestone);
    return out.take();
  };
  if (call.rest.size() == 1 && method == "GET") {
    const std::string* state = part(call.query, "state");
    const std::string* sort = part(call.query, "sort");
    const std::string* direction = part(call.query, "direction");
    const std::string wanted = state == nullptr ? "open" : *state;
    const bool falling = direction != nullptr && *direction == "desc";
    const bool by_completeness = sort != nullptr && *sort == "completeness";
    std::vector<const Milestone*> rows;
    for (const auto& [number, milestone] : repository.milestones) {
      if (wanted == "all" || milestone.closed == (wanted == "closed")) rows.push_back(&milestone);
    }
    const auto key = [&](const Milestone* milestone) {
      const Number all = milestone->open_issues + milestone->closed_issues;
      if (by_completeness) return all == 0 ? Number{0} : milestone->closed_issues * 100 / all;
      return milestone->due.value_or(std::numeric_limits<Seconds>::max());
    };
    std::stable_sort(rows.begin(), rows.end(), [&](const Milestone* a, const Milestone* b) {
      return falling ? key(b) < key(a) : key(a) < key(b);
    });
    Page page = page_of(call.query);
    Out out;
    out.open_list();
    for (const Milestone* milestone : rows) {
      if (page.take()) write_milestone(out, shown, repository, *milestone);
    }
    out.close_list();
    return list_answer(call, page, out.take());
  }
  const auto number = call.rest.size() >= 2 ? as_number(call.rest[1]) : std::nullopt;
  const auto found = number ? repository.milestones.find(*number) : repository.milestones.end();
  if (call.rest.size() >= 2 && found == repository.milestones.end()) return not_found();
  if (call.rest.size() == 3 && call.rest[2] == "labels" && method == "GET") {
    std::set<Number> ids;
    for (const auto& [at, issue] : repository.issues) {
      if (issue.milestone == *number) ids.insert(issue.labels.begin(), issue.labels.end());
    }
    Page page = page_of(call.query);
    Out out;
    out.open_list();
    for (const Number id : ids) {
      if (page.take()) write_label(out, shown, repository, repository.labels.at(id));
    }
    out.close_list();
    return list_answer(call, page, out.take());
  }
  if (call.rest.size() > 2) return not_found();
  if (call.rest.size() == 2 && method == "GET") return json_answer(200, shown_milestone(found->second));
  const bool creating = call.rest.size() == 1 && method == "POST";
  if (!creating && (call.rest.size() != 2 || (method != "PATCH" && method != "DELETE"))) return not_found();
  if (call.access < Access::write) return denied(call.app != 0);
  if (method == "DELETE") {
    for (auto& [at, issue] : repository.issues) {
      if (issue.milestone == *number) issue.milestone = 0;
    }
    repository.milestones.erase(found);
    return empty_answer(204);
  }
  const rapidjson::Value* title = member(call.body, "title");
  if (creating && title == nullptr) return wrong_type("\"title\" wasn't supplied.");
  if (title != nullptr && !title->IsString()) return wrong_type("For 'properties/title', the value is not a string.");
  if (title != nullptr) {
    if (title->GetStringLength() == 0) return invalid({{"Milestone", "title", "missing_field"}});
    for (const auto& [other, milestone] : repository.milestones) {
      const bool same = !creating && other == *number;
      if (!same && milestone.title == text_of(*title)) return invalid({{"Milestone", "title", "already_exists"}});
    }
  }
  const rapidjson::Value* due = member(call.body, "due_on");
  const auto due_on = due == nullptr || due->IsNull() ? std::nullopt : parse_instant(text_of(*due));
  if (due != nullptr && !due->IsNull() && !due_on) return invalid({{"Milestone", "due_on", "invalid"}});
  Milestone& milestone =
      creating ? add_milestone(state_, repository, text_of(*title), call.user, call.now) : found->second;
  if (title != nullptr) milestone.title = text_of(*title);
  if (const auto* text = member(call.body, "description")) {
    milestone.description = text->IsNull() ? std::nullopt : std::optional{text_of(*text)};
  }
  if (due != nullptr) {
    milestone.due.reset();
    if (due_on) milestone.due = std::chrono::floor<std::chrono::seconds>(*due_on).time_since_epoch().count();
  }
  if (const auto* state = member(call.body, "state")) {
    milestone.closed = text_of(*state) == "closed";
    milestone.closed_at = milestone.closed ? std::optional{call.now} : std::nullopt;
  }
  milestone.updated = call.now;
  if (!creating) return json_answer(200, shown_milestone(milestone));
  return created(shown_milestone(milestone),
                 fmt::format("{}/repos/{}/milestones/{}", call.origin, repository.full_name(), milestone.number));
}

Response GitHub::assignees_route(Call& call) {
  const Repository& repository = *call.repository;
  if (call.request.method != "GET") return not_found();
  if (call.rest.size() == 2) {
    const Number user = user_of(state_, call.rest[1]);
    return user != 0 && assignable(repository, user) ? empty_answer(204) : not_found();
  }
  if (call.rest.size() != 1) return not_found();
  Page page = page_of(call.query);
  Out out;
  out.open_list();
  for (const auto& [id, access] : repository.members) {
    if (access >= Access::triage && state_.users.contains(id) && page.take()) {
      write_user(out, call.shown(state_), id);
    }
  }
  out.close_list();
  return list_answer(call, page, out.take());
}

}  // namespace causeway::fakes::github
