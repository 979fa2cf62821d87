#include <fmt/format.h>

#include <algorithm>

#include "tests/fakes/jira/call.hpp"

namespace causeway::fakes::jira {

Response Jira::server_info(Call& call) const {
  const bool cloud = call.cloud(state_);
  const std::string version = !state_.settings.version.empty() ? state_.settings.version
                              : cloud                          ? "1001.0.0-SNAPSHOT"
                                                               : "10.3.24";
  Out out;
  out.open().member("baseUrl", call.origin).member("version", version).key("versionNumbers").open_list();
  for (const std::string& number : split(version.substr(0, version.find('-')), '.'))
    out.number(as_number(number).value_or(0));
  out.close_list()
      .member("deploymentType", cloud ? "Cloud" : "Server")
      .member("buildNumber", cloud ? 100'273 : 10'030'024);
  const Shown shown = call.shown(state_);
  out.member("buildDate", shown.time(1'764'547'200'000)).member("serverTime", shown.time(call.now));
  out.member("scmInfo", "0123456789abcdef0123456789abcdef01234567").member("serverTitle", "Jira stand-in");
  if (cloud) out.member("serverTimeZone", state_.settings.default_time_zone);
  out.close();
  return json_answer(200, out.take());
}

Response Jira::permissions(Call& call) {
  const std::vector<std::string> wanted = split(call.asked("permissions"));
  if (call.cloud(state_) && wanted.empty()) {
    return message_answer(400, "The 'permissions' query parameter is required.");
  }
  const Issue* issue = nullptr;
  const Project* project = nullptr;
  for (const char* name : {"issueKey", "issueId"}) {
    const std::string value = call.asked(name);
    if (value.empty()) continue;
    issue = visible_issue(call, value);
    if (issue == nullptr) return no_issue();
    project = &project_of(state_, *issue);
  }
  for (const char* name : {"projectKey", "projectId"}) {
    const std::string value = call.asked(name);
    if (value.empty()) continue;
    project = find_project(state_, value);
    if (project == nullptr || !sees(state_, call.user, *project))
      return message_answer(404, "No project could be found.");
  }
  const auto granted = [&](const std::string& key) {
    const auto in = [&](const Project& one) {
      if (key == "BROWSE_PROJECTS") return sees(state_, call.user, one);
      if (key == "ADMINISTER" || key == "ADMINISTER_PROJECTS" || key == "EDIT_ALL_COMMENTS" ||
          key == "DELETE_ALL_COMMENTS") {
        return call.user != nullptr && call.user->admin;
      }
      if (key == "SET_ISSUE_SECURITY") return may_write(state_, call.user, one) && !one.security_levels.empty();
      return may_write(state_, call.user, one);
    };
    if (project != nullptr) return in(*project);
    return std::any_of(state_.projects.begin(), state_.projects.end(), [&](const auto& one) { return in(one.second); });
  };
  static const std::vector<std::string> usual{
      "BROWSE_PROJECTS",    "CREATE_ISSUES",       "EDIT_ISSUES",     "TRANSITION_ISSUES",  "ADD_COMMENTS",
      "EDIT_OWN_COMMENTS",  "DELETE_OWN_COMMENTS", "ASSIGN_ISSUES",   "CREATE_ATTACHMENTS", "LINK_ISSUES",
      "SET_ISSUE_SECURITY", "DELETE_ISSUES",       "MODIFY_REPORTER", "ADMINISTER",         "ADMINISTER_PROJECTS",
      "EDIT_ALL_COMMENTS",  "DELETE_ALL_COMMENTS", "RESOLVE_ISSUES",  "CLOSE_ISSUES",       "SCHEDULE_ISSUES"};
  Out out;
  out.open().key("permissions").open();
  for (const std::string& key : wanted.empty() ? usual : wanted) {
    if (std::find(usual.begin(), usual.end(), key) == usual.end()) {
      return message_answer(400, fmt::format("Unrecognized permission: {}", key));
    }
    out.key(key).open().member("id", std::to_string(10 + (std::find(usual.begin(), usual.end(), key) - usual.begin())));
    out.member("key", key).member("name", key).member("type", key == "ADMINISTER" ? "GLOBAL" : "PROJECT");
    out.member("description", "").flag("havePermission", granted(key)).close();
  }
  out.close().close();
  return json_answer(200, out.take());
}

Response Jira::project_route(Call& call) {
  const Shown shown = call.shown(state_);
  const bool search = call.at(1, "search") && call.cloud(state_);
  if (call.parts.size() == 1 || search) {
    Out list;
    list.open_list();
    std::size_t count = 0;
    for (const auto& [id, project] : state_.projects) {
      if (!sees(state_, call.user, project)) continue;
      write_project(list, shown, project);
      ++count;
    }
    list.close_list();
    if (!search) return json_answer(200, list.take());
    Out out;
    out.open().member("maxResults", 50).member("startAt", 0).member("total", count).flag("isLast", true);
    out.key("values").raw(list.take()).close();
    return json_answer(200, out.take());
  }
  const Project* project = find_project(state_, call.parts[1]);
  if (project == nullptr || !sees(state_, call.user, *project)) {
    return message_answer(404, fmt::format("No project could be found with key '{}'.", call.parts[1]));
  }
  Out out;
  if (call.at(2, "statuses")) {
    out.open_list();
    for (const std::string& id : project->issue_types) {
      const IssueType& type = state_.issue_types.at(id);
      out.open()
          .member("self", fmt::format("{}/issuetype/{}", shown.base(), id))
          .member("id", id)
          .member("name", type.name);
      out.flag("subtask", type.subtask).key("statuses").open_list();
      std::set<std::string> used{type.initial_status};
      for (const Transition& step : state_.workflows.at(type.workflow)) used.insert(step.to);
      for (const Status& status : state_.statuses) {
        if (used.contains(status.id)) write_status(out, shown, status);
      }
      out.close_list().close();
    }
    out.close_list();
    return json_answer(200, out.take());
  }
  if (call.at(2, "role")) {
    out.open();
    for (const auto& [name, id] : project->role_ids) {
      out.member(name, fmt::format("{}/project/{}/role/{}", shown.base(), project->id, id));
    }
    out.close();
    return json_answer(200, out.take());
  }
  if (call.at(2, "components") || call.at(2, "versions")) {
    const bool components = call.at(2, "components");
    const std::vector<Named>& all = components ? project->components : project->versions;
    out.open_list();
    for (const Named& one : all) write_named(out, shown, components ? "component" : "version", all, one.id);
    out.close_list();
    return json_answer(200, out.take());
  }
  if (call.parts.size() > 2) return message_answer(404, "");
  out.open().member("self", fmt::format("{}/project/{}", shown.base(), project->id)).member("id", project->id);
  out.member("key", project->key).member("name", project->name).member("description", "");
  out.member("projectTypeKey", project->type).key("issueTypes").open_list();
  for (const std::string& id : project->issue_types) write_issue_type(out, shown, state_.issue_types.at(id));
  out.close_list().key("components").open_list();
  for (const Named& one : project->components) write_named(out, shown, "component", project->components, one.id);
  out.close_list().key("versions").open_list();
  for (const Named& one : project->versions) write_named(out, shown, "version", project->versions, one.id);
  out.close_list().key("roles").open();
  for (const auto& [name, id] : project->role_ids) {
    out.member(name, fmt::format("{}/project/{}/role/{}", shown.base(), project->id, id));
  }
  out.close();
  if (shown.cloud())
    out.member("style", "classic").flag("simplified", false).flag("isPrivate", !project->browsers.empty());
  out.close();
  return json_answer(200, out.take());
}

Response Jira::users_route(Call& call) {
  const Shown shown = call.shown(state_);
  if (call.user == nullptr) return denied(nullptr);
  const bool cloud = call.cloud(state_);
  const bool assignables = call.at(1, "assignable");
  for (const char* refused_name : {"username", "userKey", "key"}) {
    if (cloud && part(call.query, refused_name) != nullptr) {
      return message_answer(400, "The query parameter 'username' is not supported in GDPR strict mode.");
    }
  }
  Out out;
  if (call.parts.size() == 1) {
    const std::string wanted = cloud ? call.asked("accountId") : call.asked("key", call.asked("username"));
    for (const auto& [id, user] : state_.users) {
      const bool found = cloud || part(call.query, "key") != nullptr ? id == wanted : user.name == wanted;
      if (!found || wanted.empty()) continue;
      write_user(out, shown, id);
      return json_answer(200, out.take());
    }
    return message_answer(404, "The user does not exist");
  }
  const std::string query = lower(cloud ? call.asked("query") : call.asked("username"));
  if (query.empty() && !assignables && call.asked("accountId").empty()) {
    return message_answer(400, cloud ? "A query is required." : "The username query parameter was not provided");
  }
  const Project* project = nullptr;
  if (assignables) {
    const std::string by_issue = call.asked("issueKey", call.asked("issueId"));
    const Issue* issue = by_issue.empty() ? nullptr : visible_issue(call, by_issue);
    project = issue != nullptr ? &project_of(state_, *issue) : find_project(state_, call.asked("project"));
    if (project == nullptr) return message_answer(404, "No project or issue was found.");
  }
  const auto begins = [&](const std::string& text) {
    // Prefixes of any word.
    const std::vector<std::string> words = split(lower(text), ' ');
    return lower(text).starts_with(query) ||
           std::any_of(words.begin(), words.end(), [&](const std::string& word) { return word.starts_with(query); });
  };
  out.open_list();
  constexpr std::size_t users_max = 1000;
  const std::size_t start = call.number("startAt", 0), most = std::min(call.number("maxResults", 50), users_max);
  std::size_t at = 0;
  for (const auto& [id, user] : state_.users) {
    if (project != nullptr && !assignable(state_, user, *project)) continue;
    if (!assignables && !cloud && !user.active) continue;
    const bool all = query.empty() || (!cloud && query == ".");
    const std::string only = call.asked("accountId");
    if (!only.empty() && only != id) continue;
    const bool mail = !user.email_hidden && begins(user.email);
    if (!all && !begins(user.display_name) && !mail && (cloud || !begins(user.name))) continue;
    if (at++ < start || at > start + most) continue;
    write_user(out, shown, id);
  }
  out.close_list();
  return json_answer(200, out.take());
}

Response Jira::site_route(Call& call) {
  const Shown shown = call.shown(state_);
  if (call.at(0, "serverInfo")) return server_info(call);
  if (call.at(0, "mypermissions")) return permissions(call);
  if (call.at(0, "project")) return project_route(call);
  if (call.at(0, "user")) return users_route(call);
  Out out;
  if (call.at(0, "myself")) {
    if (call.user == nullptr) return denied(nullptr);
    write_user(out, shown, call.user->id);
    return json_answer(200, out.take());
  }
  if (call.at(0, "priority") || call.at(0, "resolution")) {
    const std::string& kind = call.parts[0];
    const std::vector<Named>& all = kind == "priority" ? state_.priorities : state_.resolutions;
    out.open_list();
    for (const Named& one : all) write_named(out, shown, kind, all, one.id);
    out.close_list();
    return json_answer(200, out.take());
  }
  if (call.at(0, "status")) {
    out.open_list();
    for (const Status& status : state_.statuses) write_status(out, shown, status);
    out.close_list();
    return json_answer(200, out.take());
  }
  if (call.at(0, "issuetype")) {
    out.open_list();
    for (const auto& [id, type] : state_.issue_types) write_issue_type(out, shown, type);
    out.close_list();
    return json_answer(200, out.take());
  }
  if (call.at(0, "field")) {
    static const std::vector<std::string> system{
        "summary",  "description", "environment",    "issuetype",  "project",   "status",
        "priority", "resolution",  "resolutiondate", "assignee",   "reporter",  "creator",
        "labels",   "components",  "fixVersions",    "duedate",    "created",   "updated",
        "security", "parent",      "comment",        "attachment", "issuelinks"};
    out.open_list();
    const auto write = [&](const std::string& id, bool custom) {
      out.open().member("id", id);
      if (shown.cloud()) out.member("key", id);
      out.member("name", field_name(state_, id)).flag("custom", custom).flag("orderable", true);
      out.flag("navigable", id != "comment" && id != "attachment").flag("searchable", true);
      out.key("clauseNames").open_list().text(id).close_list().key("schema");
      write_schema(out, state_, id);
      out.close();
    };
    for (const std::string& id : system) write(id, false);
    for (const auto& [id, field] : state_.custom_fields) write(id, true);
    out.close_list();
    return json_answer(200, out.take());
  }
  if (call.at(0, "label") && shown.cloud()) {
    std::set<std::string> labels;
    for (const auto& [id, issue] : state_.issues) labels.insert(issue.labels.begin(), issue.labels.end());
    const std::size_t start = call.number("startAt", 0), most = call.number("maxResults", 1000);
    out.open().member("maxResults", most).member("startAt", start).member("total", labels.size());
    out.flag("isLast", start + most >= labels.size()).key("values").open_list();
    std::size_t at = 0;
    for (const std::string& label : labels) {
      if (at >= start && at < start + most) out.text(label);
      ++at;
    }
    out.close_list().close();
    return json_answer(200, out.take());
  }
  return message_answer(404, "null for uri: " + call.path);
}

}  // namespace causeway::fakes::jira
