/// Redmine's default data (roles, statuses, workflow) with the people, projects and fields of tests/redmine/seed.rb.
#include "tests/fakes/redmine/redmine.hpp"

namespace causeway::fakes::redmine {
namespace {

constexpr Number manager_role = 3, developer_role = 4, reporter_role = 5, non_member_role = 1, anonymous_role = 2;

void add_roles(State& state) {
  const std::set<std::string> visitor{"view_issues", "view_news", "view_files", "browse_repository", "view_changesets"};
  std::set<std::string> non_member = visitor;
  non_member.insert({"add_issues", "add_issue_notes", "save_queries"});
  std::set<std::string> reporter = visitor;
  reporter.insert({"add_issues", "add_issue_notes", "save_queries", "view_watchers"});
  std::set<std::string> developer = reporter;
  developer.insert({"edit_issues", "manage_versions", "manage_categories", "manage_issue_relations", "manage_subtasks",
                    "copy_issues", "view_private_notes", "set_notes_private"});
  std::set<std::string> manager = developer;
  manager.insert({"delete_issues", "move_issues", "set_issues_private", "set_own_issues_private", "edit_issue_notes",
                  "edit_own_issue_notes", "edit_own_issues", "manage_members", "edit_project", "select_project_modules",
                  "view_private_notes", "set_notes_private"});
  developer.erase("view_private_notes");
  developer.erase("set_notes_private");
  state.roles[non_member_role] = {non_member_role, "Non member", Builtin::non_member, false, "default", non_member};
  state.roles[anonymous_role] = {anonymous_role, "Anonymous", Builtin::anonymous, false, "default", visitor};
  state.roles[manager_role] = {manager_role, "Manager", Builtin::none, true, "all", manager};
  state.roles[developer_role] = {developer_role, "Developer", Builtin::none, true, "default", developer};
  state.roles[reporter_role] = {reporter_role, "Reporter", Builtin::none, true, "default", reporter};
}

void add_workflow(State& state) {
  const auto id = [&](std::string_view name) {
    for (const Status& status : state.statuses) {
      if (status.name == name) return status.id;
    }
    return Number{0};
  };
  const std::vector<Number> working{id("New"), id("In Progress"), id("Resolved"), id("Feedback")};
  const std::vector<Number> onwards{id("In Progress"), id("Resolved"), id("Feedback"), id("Closed")};
  for (const IssueTracker& tracker : state.trackers) {
    for (const Status& from : state.statuses) {
      for (const Status& to : state.statuses) {
        if (from.id != to.id) state.workflow.insert({tracker.id, manager_role, from.id, to.id});
      }
    }
    for (const Number from : working) {
      for (const Number to : onwards) {
        if (from != to) state.workflow.insert({tracker.id, developer_role, from, to});
      }
      state.workflow.insert({tracker.id, reporter_role, from, id("Closed")});
    }
    state.workflow.insert({tracker.id, reporter_role, id("Resolved"), id("Feedback")});
  }
}

}  // namespace

State sample_world() {
  State state;
  const auto person = [&](Number id, const char* login, const char* first, const char* last, char key, bool admin) {
    state.users[id] = {id,    login, first, last, std::string{login} + "@example.invalid", std::string(40, key),
                       admin, false, false};
  };
  person(1, "admin", "Redmine", "Admin", 'a', true);
  person(5, "manager", "Manager", "Test", 'b', false);
  person(6, "developer", "Developer", "Test", 'c', false);
  person(7, "reporter", "Reporter", "Test", 'd', false);
  person(8, "syncuser", "Syncuser", "Test", 'e', false);
  state.anonymous = 4;
  state.users[4] = {4, "", "", "Anonymous", "", "", false, false, true};
  add_roles(state);
  state.statuses = {{{1, "New"}, false},      {{2, "In Progress"}, false}, {{3, "Resolved"}, false},
                    {{4, "Feedback"}, false}, {{5, "Closed"}, true},       {{6, "Rejected"}, true}};
  state.priorities = {{{1, "Low"}, false},
                      {{2, "Normal"}, true},
                      {{3, "High"}, false},
                      {{4, "Urgent"}, false},
                      {{5, "Immediate"}, false}};
  state.trackers = {{{1, "Bug"}, 1}, {{2, "Feature"}, 1}, {{3, "Support"}, 1}};
  add_workflow(state);
  const auto field = [&](Number id, const char* name, const char* format) -> CustomField& {
    CustomField& made = state.custom_fields[id];
    made.id = id;
    made.name = name;
    made.format = format;
    return made;
  };
  field(1, "Paid", "bool");
  field(2, "External ID", "string");
  CustomField& severity = field(3, "Severity", "list");
  severity.multiple = true;
  severity.possible_values = {"S1", "S2", "S3"};
  CustomField& secret = field(4, "Secret", "string");
  secret.visible = false;
  secret.roles = {manager_role};
  Number next = 1;
  for (const auto& [identifier, name, is_public] :
       std::vector<std::tuple<const char*, const char*, bool>>{{"alpha", "Alpha", true}, {"beta", "Beta", false}}) {
    Project project;
    project.id = next;
    project.identifier = identifier;
    project.name = name;
    project.is_public = is_public;
    project.trackers = {1, 2, 3};
    project.members = {{5, {manager_role}}, {6, {developer_role}}, {7, {reporter_role}}, {8, {manager_role}}};
    project.categories = {{next, "Backend"}};
    project.versions = {{{next, "1.0"}, "open"}};
    state.projects[next++] = std::move(project);
  }
  return state;
}

State seeded_world() {
  State state = sample_world();
  state.settings.text_formatting = "textile";
  for (const auto& [id, login, first] : std::vector<std::tuple<Number, const char*, const char*>>{
           {5, "lead", "Lead"}, {6, "agent", "Agent"}, {7, "reporter", "Reporter"}, {8, "causeway", "Causeway"}}) {
    User& user = state.users.at(id);
    user.login = login;
    user.firstname = first;
    user.mail = user.login + "@example.invalid";
  }
  User& admin = state.users.at(1);
  admin.firstname = "Admin";
  admin.lastname = "Test";
  state.custom_fields.clear();
  const auto field = [&](const char* name, const char* format) -> CustomField& {
    const auto id = static_cast<Number>(state.custom_fields.size()) + 1;
    CustomField& made = state.custom_fields[id];
    made.id = id;
    made.name = name;
    made.format = format;
    return made;
  };
  field("Labels", "text");
  field("Publish to community", "bool");
  field("Community issue", "string");
  field("Customer", "string");
  field("Severity", "list").possible_values = {"S1", "S2", "S3"};
  CustomField& secret = field("Secret", "string");
  secret.visible = false;
  secret.roles = {manager_role};
  // For managers a Feature leaves New only to In Progress.
  constexpr Number feature = 2, in_progress = 2, new_status = 1;
  std::erase_if(state.workflow, [](const Transition& step) {
    const auto& [tracker, role, from, to] = step;
    return tracker == feature && role == manager_role && from == new_status && to != in_progress;
  });
  const std::map<Number, std::vector<Number>> members = state.projects.at(1).members;
  state.projects.clear();
  for (const auto& [identifier, name, is_public] : std::vector<std::tuple<const char*, const char*, bool>>{
           {"support", "Support", false}, {"alpha", "Alpha", true}, {"beta", "Beta", false}}) {
    const auto id = static_cast<Number>(state.projects.size()) + 1;
    Project& project = state.projects[id];
    project.id = id;
    project.identifier = identifier;
    project.name = name;
    project.is_public = is_public;
    project.trackers = {1, 2, 3};
    project.members = members;
    project.categories = {{id, "Backend"}};
    project.versions = {{{id, "1.0"}, "open"}};
  }
  return state;
}

}  // namespace causeway::fakes::redmine
