/// What `causeway check` asks of a Jira. Reads only.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "adapters/findings.hpp"
#include "adapters/jira/adapter.hpp"
#include "agent/model/suggest.hpp"

namespace causeway::jira {
namespace {

using Weight = Finding::Weight;

bool contains(const std::vector<std::string>& list, std::string_view value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

std::vector<std::string> names(const std::vector<Named>& list) {
  std::vector<std::string> result;
  for (const Named& one : list) result.push_back(one.name);
  return result;
}

constexpr std::string_view permissions_read = "BROWSE_PROJECTS";

/// A failure that is a finding, or that keeps anything else from being asked.
bool is_finding(const Failure& failure) {
  return failure.fault == Fault::denied || failure.fault == Fault::rejected || failure.fault == Fault::gone ||
         failure.fault == Fault::malformed;
}

}  // namespace

Result<void> JiraAdapter::probe_deployment(Account& account) {
  Findings findings{account, options_.id};
  const Result<std::string> body = client_.server_info();
  if (!body) return std::unexpected(body.error());
  const Result<ServerInfo> info = read_server_info(*body);
  if (!info) return std::unexpected(info.error());
  account.facts["version"] = fmt::format("{} {}", info->deployment, info->version);
  const bool is_cloud = info->deployment == "Cloud";
  if (is_cloud != (options_.deployment == Deployment::cloud)) {
    findings.error("deployment", fmt::format("this is Jira {}", is_cloud ? "Cloud" : "Data Center or Server"),
                   fmt::format("write deployment: {}", is_cloud ? "cloud" : "data-center"));
  }
  return {};
}

Result<void> JiraAdapter::probe_rights(const Needs& needs, const Project& project, Account& account) {
  Findings findings{account, options_.id};
  std::vector<std::pair<std::string, std::string>> wanted{{std::string{permissions_read}, "no issue can be read"}};
  if (needs.writes) {
    wanted.insert(wanted.end(), {{"CREATE_ISSUES", "no issue can be opened"},
                                 {"EDIT_ISSUES", "no issue can be changed"},
                                 {"TRANSITION_ISSUES", "no issue can be moved to another status"},
                                 {"ADD_COMMENTS", "no comment can be written"},
                                 {"EDIT_OWN_COMMENTS", "no comment can be changed"},
                                 {"DELETE_OWN_COMMENTS", "no comment can be removed"},
                                 {"ASSIGN_ISSUES", "nobody can be assigned"}});
  }
  std::string query = "projectKey=" + web::query_part(options_.project);
  // Cloud wants to know which ones; Data Center cannot be asked so and tells all.
  if (options_.deployment == Deployment::cloud) {
    std::vector<std::string> asked;
    for (const auto& [permission, why] : wanted) asked.push_back(permission);
    query += fmt::format("&permissions={}", fmt::join(asked, ","));
  }
  const Result<std::string> body = client_.read("/mypermissions?" + query, "/mypermissions", "reading our permissions");
  if (!body) return std::unexpected(body.error());
  const auto permissions = read_permissions(*body);
  if (!permissions) return std::unexpected(permissions.error());
  for (const auto& [permission, why] : wanted) {
    const auto found = permissions->find(permission);
    if (found == permissions->end() || found->second) continue;
    const bool light = permission == "ASSIGN_ISSUES" || permission == "TRANSITION_ISSUES";
    findings.add(light ? Weight::warning : Weight::error, fmt::format("trackers/{}/token", options_.id.value),
                 fmt::format("the account lacks the permission {} in the project: {}", permission, why),
                 "Jira, Project settings, Permissions: give it to the account, or to a role or group it is in");
  }
  if (needs.private_comments && !capabilities_.private_comments) {
    findings.error("private_comments", "it is not said who may read private comments, so none can be written",
                   project.is_service ? "write private_comments: internal, or role:NAME"
                                      : "write private_comments: role:NAME or group:NAME");
  }
  if (options_.private_comments.kind == PrivateComments::Kind::internal && !project.is_service) {
    findings.error("private_comments", "Jira has internal notes in service projects only, and this is none",
                   "write private_comments: role:NAME or group:NAME");
  }
  return {};
}

Result<void> JiraAdapter::probe_names(const Needs& needs, Account& account) {
  Findings findings{account, options_.id};
  std::vector<std::string> statuses;
  const auto by_type = knowledge_.statuses();
  if (!by_type) return std::unexpected(by_type.error());
  for (const auto& [type, list] : *by_type) {
    if (!options_.issue_type.empty() && type != options_.issue_type) continue;
    for (const Status& status : list) {
      if (!contains(statuses, status.name)) statuses.push_back(status.name);
    }
  }
  // Issues of other types may be mirrored too; only for what we open ourselves one type's statuses are all there are.
  std::vector<std::string> all = statuses;
  for (const auto& [type, list] : *by_type) {
    for (const Status& status : list) {
      if (!contains(all, status.name)) all.push_back(status.name);
    }
  }
  findings.missing("Jira", "status", needs.statuses, all);

  const Result<std::string> body = client_.read("/priority", "/priority", "reading the priorities");
  if (!body) return std::unexpected(body.error());
  const Result<NamedPage> priorities = read_named(*body, "values");
  if (!priorities) return std::unexpected(priorities.error());
  findings.missing("Jira", "priority", needs.priorities, names(priorities->entries));

  const Result<std::vector<Named>> fields = knowledge_.fields();
  if (!fields) return std::unexpected(fields.error());
  std::vector<std::string> known = names(*fields);
  for (const Named& field : *fields) known.push_back(field.id);
  for (const auto& [ours, theirs] : options_.fields) {
    if (contains(known, theirs)) continue;
    findings.error(fmt::format("fields/{}", ours),
                   fmt::format("Jira has {}", unknown_name("field", theirs, names(*fields))),
                   "correct the name, or create the field for this project");
  }
  for (const Needs::Wanted& field : needs.fields) {
    if (field.value == "type" || field.value == "resolution" || field.value == "components") continue;
    const bool read = std::any_of(options_.fields.begin(), options_.fields.end(),
                                  [&](const auto& entry) { return entry.second == field.value; });
    if (read) continue;
    findings.add(
        Weight::error, field.place,
        contains(known, field.value) ? fmt::format("the field \"{}\" is not among those that are read", field.value)
                                     : fmt::format("Jira has {}", unknown_name("field", field.value, names(*fields))),
        fmt::format("name it in trackers/{}/fields, for example {{condition: {}}}", options_.id.value, field.value));
  }
  for (const Needs::Wanted& label : needs.labels) {
    if (is_possible_label(label.value)) continue;
    findings.add(Weight::error, label.place,
                 fmt::format("\"{}\" can be no label in Jira: labels have no blanks", label.value),
                 "write it as Jira has it, with hyphens");
  }
  return {};
}

Result<void> JiraAdapter::probe_people(const Needs& needs, Account& account) {
  Findings findings{account, options_.id};
  const bool cloud = options_.deployment == Deployment::cloud;
  for (const Needs::Wanted& person : needs.people) {
    const Result<std::string> body =
        client_.read(fmt::format("/user/assignable/search?project={}&{}={}", web::query_part(options_.project),
                                 cloud ? "accountId" : "username", web::query_part(person.value)),
                     "/user/assignable/search", "looking for a person");
    if (!body && !is_finding(body.error())) return std::unexpected(body.error());
    const auto users = body ? read_users(*body) : Result<std::vector<User>>{};
    const bool found = users && std::any_of(users->begin(), users->end(), [&](const User& user) {
                         return user.person.login == person.value && user.active;
                       });
    if (found) continue;
    findings.add(Weight::warning, person.place,
                 fmt::format("\"{}\" cannot be assigned issues of the project", person.value),
                 cloud ? "give the accountId (it stands in the address of the person's profile) of somebody with the "
                         "permission Assignable User"
                       : "give the user name of somebody with the permission Assignable User");
  }
  return {};
}

Result<void> JiraAdapter::probe_creating(const Needs& needs, Account& account) {
  Findings findings{account, options_.id};
  const auto named_type = options_.create.find("type");
  const Result<Named> type =
      knowledge_.issue_type(named_type == options_.create.end() ? std::string{} : named_type->second);
  if (!type) {
    if (type.error().fault != Fault::rejected) return std::unexpected(type.error());
    findings.error("issue_type", type.error().message, "give the name of a type that the project offers");
    return {};
  }
  account.facts["issue type"] = type->name;
  const Result<std::vector<FieldMeta>> screen = knowledge_.create_fields(*type);
  if (!screen) return std::unexpected(screen.error());
  std::vector<std::string> required;
  std::vector<std::string> offered;
  for (const FieldMeta& field : *screen) {
    offered.push_back(field.name);
    const bool chosen = options_.create.contains(field.id) || options_.create.contains(field.name);
    if (chosen && !field.allowed.empty()) {
      const auto by_id = options_.create.find(field.id);
      const std::string& value = by_id != options_.create.end() ? by_id->second : options_.create.at(field.name);
      if (field.type != "array" && !contains(field.allowed, value)) {
        findings.error(fmt::format("create/{}", field.name),
                       fmt::format("Jira has {}", unknown_name(field.name, value, field.allowed)), "correct the value");
      }
    }
    if (!field.is_required || field.has_default || chosen) continue;
    constexpr std::array<std::string_view, 5> ours{"project", "issuetype", "summary", "description", "reporter"};
    if (std::find(ours.begin(), ours.end(), field.id) != ours.end()) continue;
    required.push_back(field.name);
    if (!needs.writes) continue;
    findings.error("create",
                   fmt::format("the field \"{}\" is required and has no default: Jira would refuse every new {}",
                               field.name, type->name),
                   fmt::format("give it a value: create: {{ {}: {} }}", field.name,
                               field.allowed.empty() ? "…" : field.allowed.front()));
  }
  for (const auto& [name, value] : options_.create) {
    if (name == "type") continue;
    const bool there = std::any_of(screen->begin(), screen->end(), [&, wanted = name](const FieldMeta& field) {
      return field.id == wanted || field.name == wanted;
    });
    if (there) continue;
    findings.error(fmt::format("create/{}", name),
                   fmt::format("creating a {} takes {}", type->name, unknown_name("field", name, offered)),
                   "correct the name, or put the field on the screen by which issues are created");
  }
  account.facts["required fields"] = required.empty() ? "none" : fmt::format("{}", fmt::join(required, ", "));
  return {};
}

/// The workflow itself is open to administrators only; an issue tells where it may go from its status. So one issue of
/// each status is looked at.
Result<void> JiraAdapter::probe_workflow(const Needs& needs, Account& account) {
  Findings findings{account, options_.id};
  const Result<Named> type = knowledge_.issue_type();
  const auto statuses = knowledge_.statuses();
  if (!type || !statuses || needs.statuses.empty()) return {};
  const auto list = statuses->find(type->name);
  if (list == statuses->end() || list->second.empty()) return {};
  constexpr std::size_t looked_at_max = 20;
  std::set<std::string> targets;
  std::vector<std::string> unseen;
  std::size_t looked_at = 0;
  for (const Status& status : list->second) {
    if (++looked_at > looked_at_max) break;
    const auto looked = look_at_ways(type->name, status.name);
    if (!looked && !is_finding(looked.error())) return std::unexpected(looked.error());
    if (!looked || !*looked) unseen.push_back(status.name);
  }
  for (const Status& status : list->second) {
    const Knowledge::Reached ways = knowledge_.reached(type->name, status.name, {});
    for (const std::string& target : ways.statuses) {
      if (target != status.name) targets.insert(target);
    }
  }
  if (!unseen.empty()) {
    account.facts["workflow"] = fmt::format("not known from {}: no issue is in that status", fmt::join(unseen, ", "));
    return {};
  }
  for (const Needs::Wanted& wanted : needs.statuses) {
    const bool exists = std::any_of(list->second.begin(), list->second.end(),
                                    [&](const Status& status) { return status.name == wanted.value; });
    if (!exists || targets.contains(wanted.value)) continue;
    findings.add(Weight::warning, wanted.place,
                 fmt::format("no way was seen to \"{}\" for issues of type {}", wanted.value, type->name),
                 "allow our account the transition in the workflow");
  }
  return {};
}

Result<Account> JiraAdapter::probe(const Needs& needs) {
  Account account;
  Findings findings{account, options_.id};
  knowledge_.forget();
  const Result<User> user = knowledge_.account();
  if (!user) {
    if (user.error().fault != Fault::denied) return std::unexpected(user.error());
    // Is it Jira at all, and the one that is configured?
    const Result<std::string> info = client_.server_info();
    if (!info && info.error().fault == Fault::gone) {
      findings.error("url", user.error().message, "give the address that people open, with its context path");
      return account;
    }
    if (info) {
      if (const auto done = probe_deployment(account); !done) return std::unexpected(done.error());
      if (!account.findings.empty()) return account;
    }
    findings.error(
        "token", user.error().message,
        options_.deployment == Deployment::cloud
            ? "give the e-mail address and a valid API token (id.atlassian.com, Security, API tokens), or the "
              "OAuth client of a service account"
            : "give a valid personal access token (profile, Personal Access Tokens)");
    return account;
  }
  account.login = user->person.login;
  account.facts["user"] = user->person.display_name.empty() ? user->person.login : user->person.display_name;
  if (const auto done = probe_deployment(account); !done) return std::unexpected(done.error());
  const Result<Project> project = knowledge_.project();
  if (!project) {
    if (project.error().fault != Fault::denied) return std::unexpected(project.error());
    findings.error("project", project.error().message, "correct the key: it stands before the hyphen in issues' names");
    return account;
  }
  account.facts["project"] = fmt::format("{}{}", project->name, project->is_service ? " (service project)" : "");
  if (project->archived) {
    findings.error("project", "the project is archived: nothing can be written to it", "restore it");
  }
  // What cannot be asked is one more thing that is wrong, not the end of asking.
  const auto ask = [&](const Result<void>& done, std::string_view key) -> std::optional<Failure> {
    if (done) return std::nullopt;
    if (!is_finding(done.error())) return done.error();
    findings.warning(key, fmt::format("not everything could be checked: {}", done.error().message),
                     "give the account the permission to read it");
    return std::nullopt;
  };
  if (auto failed = ask(probe_rights(needs, *project, account), "token")) return std::unexpected(*std::move(failed));
  if (auto failed = ask(probe_names(needs, account), "project")) return std::unexpected(*std::move(failed));
  if (auto failed = ask(probe_people(needs, account), "token")) return std::unexpected(*std::move(failed));
  if (auto failed = ask(probe_creating(needs, account), "create")) return std::unexpected(*std::move(failed));
  if (auto failed = ask(probe_workflow(needs, account), "project")) return std::unexpected(*std::move(failed));
  return account;
}

}  // namespace causeway::jira
