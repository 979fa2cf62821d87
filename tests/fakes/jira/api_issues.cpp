#include <fmt/format.h>

#include <algorithm>

#include "tests/fakes/jira/call.hpp"
#include "tests/fakes/jira/rich.hpp"

namespace causeway::fakes::jira {
namespace {

constexpr std::size_t bulk_max = 50;
constexpr std::size_t property_max = 32'768;

const std::set<std::string, std::less<>>& taken_before() {
  static const std::set<std::string, std::less<>> fields{"project", "issuetype", "parent", "comment"};
  return fields;
}

std::string created_json(const Shown& shown, const Issue& issue) {
  Out out;
  out.open().member("id", std::to_string(issue.id)).member("key", issue.key);
  out.member("self", fmt::format("{}/issue/{}", shown.base(), issue.id)).close();
  return out.take();
}

/// `properties` of a body: what is wrong with them, else they are taken.
std::string take_properties(const rapidjson::Value& body, std::map<std::string, std::string>& target) {
  const rapidjson::Value* list = member(body, "properties");
  if (list == nullptr || !list->IsArray()) return {};
  for (const auto& one : list->GetArray()) {
    const auto* key = member(one, "key");
    const auto* value = member(one, "value");
    if (key == nullptr || value == nullptr) return "A property needs a key and a value.";
    std::string json = json_of(*value);
    if (characters(json) > property_max) return "The property value is too long.";
    target[text_of(*key)] = std::move(json);
  }
  return {};
}

/// What a create makes of one body; nullopt: refused.
std::optional<Issue> new_issue(const State& state, const User* user, int api, const rapidjson::Value& body,
                               std::vector<const rapidjson::Value*>& comments, Refusal& refusal) {
  const rapidjson::Value* fields = member(body, "fields");
  const rapidjson::Value* wanted = fields == nullptr ? nullptr : member(*fields, "project");
  const auto* by_id = wanted == nullptr ? nullptr : member(*wanted, "id");
  const auto* by_key = wanted == nullptr ? nullptr : member(*wanted, "key");
  const Project* project = by_id != nullptr    ? find_project(state, text_of(*by_id))
                           : by_key != nullptr ? find_project(state, text_of(*by_key))
                                               : nullptr;
  if (project == nullptr || !sees(state, user, *project)) {
    refusal.errors.emplace("project",
                           wanted == nullptr ? "Specify a valid project ID or key" : "valid project is required");
    return std::nullopt;
  }
  if (!may_write(state, user, *project)) {
    refusal.errors.emplace("project", "You cannot create issues in this project.");
    return std::nullopt;
  }
  Issue issue;
  issue.project = project->id;
  const auto* type = member(*fields, "issuetype");
  for (const std::string& id : project->issue_types) {
    const IssueType& one = state.issue_types.at(id);
    const auto* type_id = type == nullptr ? nullptr : member(*type, "id");
    const auto* type_name = type == nullptr ? nullptr : member(*type, "name");
    const bool meant =
        type_id != nullptr ? text_of(*type_id) == id : type_name != nullptr && text_of(*type_name) == one.name;
    if (meant) issue.type = id;
  }
  if (issue.type.empty()) {
    refusal.errors.emplace("issuetype", type == nullptr ? "Specify an issue type" : "Specify a valid issue type");
    return std::nullopt;
  }
  const IssueType& found = state.issue_types.at(issue.type);
  issue.status = found.initial_status;
  issue.reporter = issue.creator = user->id;
  if (!state.priorities.empty()) issue.priority = state.priorities[state.priorities.size() / 2].id;
  const IssueChange change{state, user, api, found.create_screen, taken_before(), true};
  change.apply(body, issue, comments, refusal);
  if (found.subtask && issue.parent == 0) {
    refusal.errors.emplace("parent", "Issue type is a sub-task but parent issue key or id not specified.");
  }
  if (std::string problem = take_properties(body, issue.properties); !problem.empty()) {
    refusal.messages.push_back(std::move(problem));
  }
  if (!refusal.empty()) return std::nullopt;
  return issue;
}

}  // namespace

Number Jira::keep_issue(Issue issue) {
  Project& project = state_.projects.at(issue.project);
  issue.id = ++state_.last_issue;
  issue.key = fmt::format("{}-{}", project.key, ++project.last_number);
  issue.created = issue.updated = now();
  const Number id = issue.id;
  state_.keys[issue.key] = id;
  Issue& kept = state_.issues[id] = std::move(issue);
  changed(kept);
  tell({"jira:issue_created", "issue_created", kept.creator, &kept, nullptr, nullptr});
  return id;
}

Response Jira::create_issue(Call& call) {
  if (call.user == nullptr) return denied(nullptr);
  Refusal refusal;
  std::vector<const rapidjson::Value*> comments;
  std::optional<Issue> issue = new_issue(state_, call.user, call.api, call.body, comments, refusal);
  if (!issue) return refused(400, refusal);
  std::vector<Comment> made;
  for (const rapidjson::Value* wish : comments) {
    Comment comment;
    if (Refusal wrong = read_comment(call, *wish, *issue, comment); !wrong.empty()) return refused(400, wrong);
    made.push_back(std::move(comment));
  }
  Issue& kept = state_.issues.at(keep_issue(*std::move(issue)));
  for (Comment& comment : made) add_comment(kept, std::move(comment));
  return json_answer(201, created_json(call.shown(state_), kept));
}

Response Jira::create_many(Call& call) {
  if (call.user == nullptr) return denied(nullptr);
  const rapidjson::Value* list = member(call.body, "issueUpdates");
  if (list == nullptr || !list->IsArray() || list->Empty()) return message_answer(400, "Issue list cannot be empty");
  if (list->Size() > bulk_max) return message_answer(400, "The maximum number of issues that can be created is 50.");
  std::vector<std::string> made;
  Out errors;
  errors.open_list();
  for (rapidjson::SizeType at = 0; at < list->Size(); ++at) {
    Refusal refusal;
    std::vector<const rapidjson::Value*> comments;
    std::optional<Issue> issue = new_issue(state_, call.user, call.api, (*list)[at], comments, refusal);
    if (issue) {
      const Number id = keep_issue(*std::move(issue));
      made.push_back(created_json(call.shown(state_), state_.issues.at(id)));
      continue;
    }
    errors.open().member("status", 400).key("elementErrors").raw(refused(400, refusal).body);
    errors.member("failedElementNumber", static_cast<Number>(at)).close();
  }
  errors.close_list();
  Out out;
  out.open().key("issues").open_list();
  for (const std::string& one : made) out.raw(one);
  out.close_list().key("errors").raw(errors.take()).close();
  return json_answer(made.empty() ? 400 : 201, out.take());
}

Response Jira::read_issue(Call& call, const Issue& issue) {
  const Shown shown = call.shown(state_);
  std::vector<std::string> names = split(call.asked("fields"));
  if (names.empty()) names.emplace_back("*all");
  const FieldChoice choice{names};
  Out out;
  out.open().member("expand", "renderedFields,names,schema,operations,editmeta,changelog,versionedRepresentations");
  out.member("id", std::to_string(issue.id)).member("self", fmt::format("{}/issue/{}", shown.base(), issue.id));
  out.member("key", issue.key).key("fields");
  constexpr std::size_t embedded_max = 5000;
  write_fields(out, shown, issue, choice, embedded_max);
  write_expansions(out, shown, issue, split(call.asked("expand")), split(call.asked("properties")));
  out.close();
  return json_answer(200, out.take());
}

void Jira::write_expansions(Out& out, const Shown& shown, const Issue& issue, const std::vector<std::string>& expand,
                            const std::vector<std::string>& properties) const {
  const auto expands = [&](std::string_view what) {
    return std::find(expand.begin(), expand.end(), what) != expand.end();
  };
  if (expands("renderedFields")) {
    out.key("renderedFields").open();
    const std::string text = shown.cloud() ? plain_of_adf(issue.description) : issue.description;
    out.member("description", text.empty() ? std::string{} : "<p>" + escaped(text) + "</p>").close();
  }
  if (expands("changelog")) {
    constexpr std::size_t changes_max = 100;
    const std::size_t count = std::min(issue.changes.size(), changes_max);
    out.key("changelog").open().member("startAt", 0).member("maxResults", count).member("total", issue.changes.size());
    out.key("histories").open_list();
    // Newest first on Cloud, oldest first on Data Center.
    for (std::size_t at = 0; at < count; ++at) {
      write_change(out, shown, shown.cloud() ? issue.changes[issue.changes.size() - 1 - at] : issue.changes[at]);
    }
    out.close_list().close();
  }
  if (expands("transitions")) {
    out.key("transitions").open_list();
    for (const Transition* one : transitions_now(state_, shown.user, issue)) {
      write_transition(out, shown, project_of(state_, issue), issue, *one, expands("transitions.fields"));
    }
    out.close_list();
  }
  if (properties.empty()) return;
  out.key("properties").open();
  for (const auto& [key, json] : issue.properties) {
    const bool wanted = std::find(properties.begin(), properties.end(), key) != properties.end() ||
                        std::find(properties.begin(), properties.end(), "*all") != properties.end();
    if (wanted) out.key(key).raw(json);
  }
  out.close();
}

Response Jira::edit_issue(Call& call, Issue& issue) {
  if (!may_write(state_, call.user, project_of(state_, issue))) return denied(call.user);
  if (state_.settings.updates_conflict)
    return message_answer(409, "The issue could not be updated due to a conflicting update.");
  const bool empty = !call.body.IsObject() ||
                     (member(call.body, "fields") == nullptr && member(call.body, "update") == nullptr &&
                      member(call.body, "properties") == nullptr && member(call.body, "transition") == nullptr);
  if (empty) return message_answer(400, "one of 'fields' or 'update' required");
  Issue changed_issue = issue;
  Refusal refusal;
  std::vector<const rapidjson::Value*> comments;
  const IssueChange change{state_, call.user, call.api, type_of(state_, issue).edit_screen, {"comment"}, false};
  change.apply(call.body, changed_issue, comments, refusal);
  if (std::string problem = take_properties(call.body, changed_issue.properties); !problem.empty()) {
    refusal.messages.push_back(std::move(problem));
  }
  // A required field may stay as it is, but not be emptied.
  if (!refusal.empty()) return refused(400, refusal);
  std::vector<Comment> made;
  for (const rapidjson::Value* wish : comments) {
    Comment comment;
    if (Refusal wrong = read_comment(call, *wish, issue, comment); !wrong.empty()) return refused(400, wrong);
    made.push_back(std::move(comment));
  }
  replace(issue, std::move(changed_issue), call.user->id);
  for (Comment& comment : made) add_comment(issue, std::move(comment));
  if (call.asked("returnIssue") != "true" || !call.cloud(state_)) return empty_answer(204);
  return read_issue(call, issue);
}

void Jira::replace(Issue& issue, Issue with, const std::string& author) {
  std::vector<ChangeItem> items = differences(state_, issue, with);
  const bool properties_changed = issue.properties != with.properties;
  if (items.empty() && !properties_changed) return;
  // What nobody's form holds stays as it is.
  with.comments = issue.comments;
  with.attachments = issue.attachments;
  with.changes = std::move(issue.changes);
  issue = std::move(with);
  // An entity property is no edit: `updated` stays.
  if (!items.empty()) record(issue, author, std::move(items));
}

void Jira::record(Issue& issue, const std::string& author, std::vector<ChangeItem> items) {
  const Milliseconds when = touch(issue);
  const bool became_resolved = !issue.resolution.empty() && !issue.resolved;
  if (became_resolved) issue.resolved = when;
  if (issue.resolution.empty()) issue.resolved.reset();
  issue.changes.push_back({++state_.last_change, author, when, std::move(items)});
  changed(issue);
  const bool status = std::any_of(issue.changes.back().items.begin(), issue.changes.back().items.end(),
                                  [](const ChangeItem& item) { return item.field == "status"; });
  tell({"jira:issue_updated", status ? "issue_generic" : "issue_updated", author, &issue, nullptr,
        &issue.changes.back()});
}

Response Jira::delete_issue(Call& call, Issue& issue) {
  if (!may_write(state_, call.user, project_of(state_, issue))) return denied(call.user);
  const bool has_children = std::any_of(state_.issues.begin(), state_.issues.end(),
                                        [&](const auto& one) { return one.second.parent == issue.id; });
  if (has_children && call.asked("deleteSubtasks") != "true") {
    return message_answer(400,
                          fmt::format("The issue '{}' has subtasks.  You must specify the 'deleteSubtasks' parameter "
                                      "to delete this issue and all its subtasks.",
                                      issue.key));
  }
  std::vector<Number> gone{issue.id};
  for (const auto& [id, one] : state_.issues) {
    if (one.parent == issue.id) gone.push_back(id);
  }
  for (const Number id : gone) erase_issue(id, call.user->id);
  return empty_answer(204);
}

Response Jira::assign_issue(Call& call, Issue& issue) {
  if (!may_write(state_, call.user, project_of(state_, issue))) return denied(call.user);
  const auto person = take_user(state_, call.body);
  const User* found = person ? find_user(state_, *person) : nullptr;
  if (!person || (found != nullptr && !assignable(state_, *found, project_of(state_, issue)))) {
    return refused(400, {{}, {{"assignee", "User cannot be assigned issues."}}});
  }
  Issue with = issue;
  with.assignee = *person;
  replace(issue, std::move(with), call.user->id);
  return empty_answer(204);
}

Response Jira::create_meta(Call& call) {
  const Project* project = call.parts.size() > 2 ? find_project(state_, call.parts[2]) : nullptr;
  if (call.parts.size() < 4)
    return message_answer(404, "This resource was removed: ask for issue types of one project.");
  if (project == nullptr || !may_write(state_, call.user, *project)) {
    if (call.user == nullptr) return denied(nullptr);
    return message_answer(call.cloud(state_) ? 400 : 404,
                          fmt::format("No project could be found with key '{}'.", call.parts[2]));
  }
  const Shown shown = call.shown(state_);
  const std::size_t start = call.number("startAt", 0),
                    most = std::clamp<std::size_t>(call.number("maxResults", 50), 1, 200);
  Out out;
  const auto open_page = [&](std::size_t total, std::string_view name) {
    out.open().member("maxResults", most).member("startAt", start).member("total", total);
    if (!shown.cloud()) out.flag("isLast", start + most >= total);
    out.key(shown.cloud() ? name : "values").open_list();
  };
  if (call.parts.size() == 4) {
    open_page(project->issue_types.size(), "issueTypes");
    for (std::size_t at = start; at < std::min(start + most, project->issue_types.size()); ++at) {
      write_issue_type(out, shown, state_.issue_types.at(project->issue_types[at]));
    }
    out.close_list().close();
    return json_answer(200, out.take());
  }
  const bool known =
      std::find(project->issue_types.begin(), project->issue_types.end(), call.parts[4]) != project->issue_types.end();
  if (!known) return message_answer(call.cloud(state_) ? 400 : 404, "No issue type could be found with that id.");
  std::vector<ScreenField> screen{{"issuetype", true}, {"project", true}};
  const IssueType& type = state_.issue_types.at(call.parts[4]);
  if (type.subtask) screen.push_back({"parent", true});
  screen.insert(screen.end(), type.create_screen.begin(), type.create_screen.end());
  open_page(screen.size(), "fields");
  for (std::size_t at = start; at < std::min(start + most, screen.size()); ++at) {
    write_field_meta(out, shown, *project, screen[at], {type.id}, true);
  }
  out.close_list().close();
  return json_answer(200, out.take());
}

Response Jira::edit_meta(Call& call, const Issue& issue) {
  const Project& project = project_of(state_, issue);
  if (!may_write(state_, call.user, project)) return denied(call.user);
  Out out;
  out.open().key("fields").open();
  for (const ScreenField& field : type_of(state_, issue).edit_screen) {
    out.key(field.field);
    write_field_meta(out, call.shown(state_), project, field, project.issue_types, false);
  }
  out.key("comment");
  write_field_meta(out, call.shown(state_), project, {"comment", false}, {}, false);
  out.close().close();
  return json_answer(200, out.take());
}

Response Jira::issue_route(Call& call) {
  const std::vector<std::string>& parts = call.parts;
  if (parts.size() == 1) return call.is("POST") ? create_issue(call) : empty_answer(405);
  if (parts[1] == "bulk" && parts.size() == 2) return call.is("POST") ? create_many(call) : empty_answer(405);
  if (parts[1] == "createmeta") return create_meta(call);
  Issue* issue = visible_issue(call, parts[1]);
  if (issue == nullptr) return no_issue();
  if (parts.size() == 2) {
    if (call.is("GET")) return read_issue(call, *issue);
    if (call.is("PUT")) return edit_issue(call, *issue);
    return call.is("DELETE") ? delete_issue(call, *issue) : empty_answer(405);
  }
  const std::string& what = parts[2];
  if (what == "comment") return comments_route(call, *issue);
  if (what == "transitions") return transitions_route(call, *issue);
  if (what == "editmeta") return edit_meta(call, *issue);
  if (what == "properties") return properties_route(call, issue->properties, 3, *issue);
  if (what == "remotelink") return links_route(call, *issue);
  if (what == "attachments" && call.is("POST")) return upload(call, *issue);
  if (what == "changelog" && call.cloud(state_)) return changelog_route(call, *issue);
  if (what == "assignee" && call.is("PUT")) return assign_issue(call, *issue);
  return message_answer(404, "");
}

}  // namespace causeway::fakes::jira
