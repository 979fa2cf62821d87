#include <fmt/format.h>

#include "tests/fakes/jira/jira.hpp"

namespace causeway::fakes::jira {
namespace {

struct Person {
  std::string name, display_name, time_zone;
  bool admin = false;
};

void add_people(State& state, bool cloud) {
  static const std::vector<Person> people{
      {"syncuser", "Sync User", "Etc/UTC"},         {"maintainer", "Mary Maintainer", "Europe/Berlin", true},
      {"agent", "Anton Agent", "America/New_York"}, {"reporter", "Rita Reporter", "Asia/Kolkata"},
      {"visitor", "Victor Visitor", "Etc/UTC"},     {"customer", "Carla Customer", "Etc/UTC"},
      {"leaver", "Former user", "Etc/UTC"}};
  int number = 10'100;
  for (const Person& person : people) {
    User user;
    user.id = cloud ? "712020:" + person.name : fmt::format("JIRAUSER{}", number++);
    user.name = person.name;
    user.display_name = person.display_name;
    user.time_zone = person.time_zone;
    user.admin = person.admin;
    user.email = person.name + "@example.com";
    user.token = "token-" + person.name;
    if (!cloud) user.password = "password-" + person.name;
    user.groups = {"jira-users"};
    if (person.name == "maintainer" || person.name == "syncuser") user.groups.insert("jira-developers");
    user.email_hidden = person.name == "visitor";
    if (person.name == "customer") user.account_type = "customer";
    user.active = person.name != "leaver";
    state.users[user.id] = std::move(user);
  }
}

void add_workflows(State& state) {
  state.statuses = {{"10100", "To Do", "new"},
                    {"10101", "In Progress", "indeterminate"},
                    {"10102", "In Review", "indeterminate"},
                    {"10103", "Done", "done"},
                    {"10110", "Open", "new"},
                    {"10111", "Waiting for customer", "indeterminate"},
                    {"10112", "Resolved", "done"}};
  const std::vector<ScreenField> closing{{"resolution", true}, {"comment", false}};
  Transition start{"11", "Start Progress", {"10100"}, "10101", false, {}, {}, false, {}, 0};
  Transition review{"21", "Ask for Review", {"10101"}, "10102", false, {}, {}, false, {}, 0};
  Transition back{"41", "Back to Work", {"10102"}, "10101", false, {}, {}, false, {}, 0};
  Transition done{"31", "Done", {"10102"}, "10103", false, closing, {}, false, {}, 0};
  Transition reopen{"51", "Reopen", {"10103"}, "10100", false, {}, {}, true, {}, 0};
  Transition secret{"61", "Skip Everything", {}, "10103", true, {}, {}, false, {}, 0};
  state.workflows["software"] = {start, review, back, done, reopen, secret};
  Transition ask{"111", "Ask Customer", {"10110"}, "10111", false, {}, {}, false, {}, 0};
  Transition answer{"121", "Answer", {"10111"}, "10110", false, {}, {}, false, {}, 0};
  Transition resolve{"131", "Resolve", {}, "10112", false, closing, {}, false, {}, 0};
  Transition again{"141", "Reopen", {"10112"}, "10110", false, {}, {}, true, {}, 0};
  state.workflows["support"] = {ask, answer, resolve, again};
}

void add_types(State& state) {
  const std::vector<ScreenField> edit{{"summary", true},
                                      {"description", false},
                                      {"issuetype", true},
                                      {"priority", false},
                                      {"assignee", false},
                                      {"labels", false},
                                      {"components", false},
                                      {"fixVersions", false},
                                      {"duedate", false},
                                      {"environment", false},
                                      {"security", false},
                                      {"reporter", true},
                                      {"customfield_10050", false},
                                      {"customfield_10051", false},
                                      {"customfield_10052", false}};
  std::vector<ScreenField> create;
  for (const ScreenField& field : edit) {
    if (field.field != "issuetype" && field.field != "reporter") create.push_back(field);
  }
  std::vector<ScreenField> bug = create;
  for (ScreenField& field : bug) field.required = field.required || field.field == "customfield_10050";
  state.issue_types["10001"] = {"10001", "Bug", false, bug, edit, "software", "10100"};
  state.issue_types["10002"] = {"10002", "Task", false, create, edit, "software", "10100"};
  state.issue_types["10003"] = {"10003", "Sub-task", true, create, edit, "software", "10100"};
  state.issue_types["10004"] = {"10004", "Support", false, create, edit, "support", "10110"};
  state.custom_fields["customfield_10050"] = {
      "customfield_10050", "Severity", FieldKind::option, {{"10201", "Low"}, {"10202", "High"}, {"10203", "Critical"}}};
  state.custom_fields["customfield_10051"] = {"customfield_10051", "Steps to reproduce", FieldKind::rich_text, {}};
  state.custom_fields["customfield_10052"] = {"customfield_10052", "Ticket number", FieldKind::text, {}};
  state.custom_fields["customfield_10060"] = {"customfield_10060", "Development", FieldKind::anything, {}};
  state.priorities = {{"1", "Highest"}, {"2", "High"}, {"3", "Medium"}, {"4", "Low"}, {"5", "Lowest"}};
  state.resolutions = {{"10000", "Done"}, {"10001", "Won't Do"}, {"10002", "Duplicate"}, {"10003", "Cannot Reproduce"}};
}

void add_projects(State& state, bool cloud) {
  const auto user = [&](const std::string& name) {
    for (const auto& [id, one] : state.users) {
      if (one.name == name) return id;
    }
    return std::string{};
  };
  Project software;
  software.id = "10000";
  software.key = "INIT";
  software.name = "Initech";
  software.issue_types = {"10001", "10002", "10003"};
  software.roles = {
      {"Administrators", {user("maintainer")}},
      {"Developers", {user("maintainer"), user("syncuser")}},
      {"Users", {user("maintainer"), user("syncuser"), user("agent"), user("reporter"), user("visitor")}}};
  software.role_ids = {{"Administrators", "10002"}, {"Developers", "10003"}, {"Users", "10004"}};
  software.readers_only = {user("visitor")};
  software.security_levels = {{"10300", "Staff only", {user("maintainer"), user("syncuser")}},
                              {"10301", "Management", {user("maintainer")}}};
  software.components = {{"10400", "Pump"}, {"10401", "Valve"}};
  software.versions = {{"10500", "1.0"}, {"10501", "2.0"}};
  Project other;
  other.id = "10010";
  other.key = "OPS";
  other.name = "Operations";
  other.issue_types = {"10002"};
  other.roles = software.roles;
  other.role_ids = software.role_ids;
  Project desk;
  desk.id = "10020";
  desk.key = "DESK";
  desk.name = "Help Desk";
  desk.type = "service_desk";
  desk.issue_types = {"10004"};
  desk.roles = {{"Administrators", {user("maintainer")}},
                {"Service Desk Team", {user("agent"), user("syncuser"), user("maintainer")}},
                {"Service Desk Customers", {user("customer"), user("reporter")}}};
  desk.role_ids = {{"Administrators", "10002"}, {"Service Desk Team", "10010"}, {"Service Desk Customers", "10011"}};
  for (const Project& project : {software, other, desk}) {
    state.project_keys[project.key] = project.id;
    state.projects[project.id] = project;
  }
  if (cloud) state.clients = {{"client-1", "secret-1", user("syncuser")}};
}

State world(bool cloud) {
  State state;
  state.settings.deployment = cloud ? Deployment::cloud : Deployment::data_center;
  if (!cloud) state.settings.context_path = "/jira";
  add_people(state, cloud);
  add_workflows(state);
  add_types(state);
  add_projects(state, cloud);
  return state;
}

}  // namespace

State cloud_world() { return world(true); }

State data_center_world() { return world(false); }

}  // namespace causeway::fakes::jira
