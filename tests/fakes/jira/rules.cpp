#include "tests/fakes/jira/rules.hpp"

#include <fmt/format.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <charconv>

#include "tests/fakes/http/exchange.hpp"

namespace causeway::fakes::jira {

const rapidjson::Value* member(const rapidjson::Value& object, const char* name) {
  if (!object.IsObject()) return nullptr;
  const auto found = object.FindMember(name);
  return found == object.MemberEnd() ? nullptr : &found->value;
}

std::string text_of(const rapidjson::Value& value) {
  if (value.IsString()) return {value.GetString(), value.GetStringLength()};
  if (value.IsInt64()) return std::to_string(value.GetInt64());
  if (value.IsBool()) return value.GetBool() ? "true" : "false";
  return {};
}

std::string json_of(const rapidjson::Value& value) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer{buffer};
  value.Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

std::optional<Number> as_number(std::string_view text) {
  Number number = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || stop != text.data() + text.size()) return std::nullopt;
  return number;
}

const Project* find_project(const State& state, const std::string& id_or_key) {
  if (const auto found = state.projects.find(id_or_key); found != state.projects.end()) return &found->second;
  std::string key = id_or_key;
  std::transform(key.begin(), key.end(), key.begin(), [](unsigned char letter) { return std::toupper(letter); });
  const auto id = state.project_keys.find(key);
  return id == state.project_keys.end() ? nullptr : &state.projects.at(id->second);
}

const Status* find_status(const State& state, const std::string& id) {
  const auto found =
      std::find_if(state.statuses.begin(), state.statuses.end(), [&](const Status& status) { return status.id == id; });
  return found == state.statuses.end() ? nullptr : &*found;
}

const Status* status_named(const State& state, std::string_view name) {
  const auto found = std::find_if(state.statuses.begin(), state.statuses.end(),
                                  [&](const Status& status) { return same_name(status.name, name); });
  return found == state.statuses.end() ? nullptr : &*found;
}

const Named* find_named(const std::vector<Named>& all, std::string_view id) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const Named& one) { return one.id == id; });
  return found == all.end() ? nullptr : &*found;
}

const User* find_user(const State& state, const std::string& id) {
  const auto found = state.users.find(id);
  return found == state.users.end() ? nullptr : &found->second;
}

const Project& project_of(const State& state, const Issue& issue) { return state.projects.at(issue.project); }

const IssueType& type_of(const State& state, const Issue& issue) { return state.issue_types.at(issue.type); }

bool sees(const State& /*state*/, const User* user, const Project& project) {
  if (project.anonymous) return true;
  if (user == nullptr || user->account_type == "customer") return false;
  return user->admin || project.browsers.empty() || project.browsers.contains(user->id);
}

bool sees(const State& state, const User* user, const Issue& issue) {
  const Project& project = project_of(state, issue);
  if (issue.archived || !sees(state, user, project)) return false;
  if (issue.security.empty()) return true;
  const auto level = std::find_if(project.security_levels.begin(), project.security_levels.end(),
                                  [&](const SecurityLevel& one) { return one.id == issue.security; });
  // Not even an administrator sees an issue whose level does not name them.
  return level != project.security_levels.end() && user != nullptr && level->members.contains(user->id);
}

bool in_role(const Project& project, const std::string& role, const User& user) {
  const auto members = project.roles.find(role);
  return members != project.roles.end() && members->second.contains(user.id);
}

bool sees(const State& state, const User* user, const Issue& issue, const Comment& comment) {
  if (!comment.visibility) return true;
  if (user == nullptr) return false;
  const Visibility& visibility = *comment.visibility;
  if (visibility.type == "group") return user->groups.contains(visibility.value);
  return in_role(project_of(state, issue), visibility.value, *user);
}

bool may_write(const State& state, const User* user, const Project& project) {
  return user != nullptr && sees(state, user, project) && !project.readers_only.contains(user->id);
}

bool is_internal(const Comment& comment) {
  const auto property = comment.properties.find("sd.public.comment");
  if (property == comment.properties.end()) return false;
  rapidjson::Document value;
  value.Parse(property->second.c_str());
  const rapidjson::Value* internal = value.HasParseError() ? nullptr : member(value, "internal");
  return internal != nullptr && (internal->IsTrue() || text_of(*internal) == "true");
}

bool assignable(const State& state, const User& user, const Project& project) {
  return user.active && sees(state, &user, project);
}

std::vector<const Transition*> transitions_now(const State& state, const User* user, const Issue& issue) {
  std::vector<const Transition*> now;
  if (!may_write(state, user, project_of(state, issue))) return now;
  const auto workflow = state.workflows.find(type_of(state, issue).workflow);
  if (workflow == state.workflows.end()) return now;
  for (const Transition& transition : workflow->second) {
    if (transition.hidden) continue;
    if (transition.from.empty() || transition.from.contains(issue.status)) now.push_back(&transition);
  }
  return now;
}

std::vector<ChangeItem> differences(const State& state, const Issue& before, const Issue& after) {
  std::vector<ChangeItem> items;
  const auto text = [](const std::string& value) {
    return value.empty() ? std::nullopt : std::optional<std::string>{value};
  };
  const auto add = [&](std::string field, std::string id, const std::string& from, const std::string& from_text,
                       const std::string& to, const std::string& to_text) {
    if (from == to && from_text == to_text) return;
    items.push_back({std::move(field), std::move(id), text(from), text(from_text), text(to), text(to_text)});
  };
  const auto named = [](const std::vector<Named>& all, const std::string& id) {
    const Named* found = find_named(all, id);
    return found == nullptr ? std::string{} : found->name;
  };
  const auto status = [&](const std::string& id) {
    const Status* found = find_status(state, id);
    return found == nullptr ? std::string{} : found->name;
  };
  const auto person = [&](const std::string& id) {
    const User* found = find_user(state, id);
    return found == nullptr ? std::string{} : found->display_name;
  };
  const auto joined = [](const std::vector<std::string>& all) {
    std::string line;
    for (const std::string& one : all) line += (line.empty() ? "" : " ") + one;
    return line;
  };
  add("summary", "summary", "", before.summary, "", after.summary);
  add("description", "description", "", before.description, "", after.description);
  add("environment", "environment", "", before.environment, "", after.environment);
  add("status", "status", before.status, status(before.status), after.status, status(after.status));
  add("resolution", "resolution", before.resolution, named(state.resolutions, before.resolution), after.resolution,
      named(state.resolutions, after.resolution));
  add("priority", "priority", before.priority, named(state.priorities, before.priority), after.priority,
      named(state.priorities, after.priority));
  add("assignee", "assignee", before.assignee, person(before.assignee), after.assignee, person(after.assignee));
  add("reporter", "reporter", before.reporter, person(before.reporter), after.reporter, person(after.reporter));
  add("labels", "labels", "", joined(before.labels), "", joined(after.labels));
  add("duedate", "duedate", before.due_date, before.due_date, after.due_date, after.due_date);
  add("issuetype", "issuetype", before.type, type_of(state, before).name, after.type, type_of(state, after).name);
  add("security", "security", before.security, before.security, after.security, after.security);
  add("Component", "components", "", joined(before.components), "", joined(after.components));
  add("Fix Version", "fixVersions", "", joined(before.fix_versions), "", joined(after.fix_versions));
  if (before.project != after.project) {
    add("project", "project", before.project, project_of(state, before).name, after.project,
        project_of(state, after).name);
    add("Key", "", "", before.key, "", after.key);
  }
  for (const auto& [id, field] : state.custom_fields) {
    const auto value = [&id = id](const Issue& issue) {
      const auto found = issue.custom.find(id);
      return found == issue.custom.end() ? std::string{} : found->second;
    };
    add(field.name, id, "", value(before), "", value(after));
  }
  return items;
}

}  // namespace causeway::fakes::jira
