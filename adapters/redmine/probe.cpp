/// What `causeway check` asks of a Redmine. Reads only.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "adapters/findings.hpp"
#include "adapters/redmine/adapter.hpp"
#include "agent/model/suggest.hpp"

namespace causeway::redmine {
namespace {

using Weight = Finding::Weight;

/// Statuses whose ways are looked at. One listing and one reading each.
constexpr std::size_t statuses_looked_at_max = 20;
constexpr int project_active = 1;

std::vector<std::string> names(const std::vector<NamedPage::Entry>& entries) {
  std::vector<std::string> result;
  for (const NamedPage::Entry& entry : entries) result.push_back(entry.named.name);
  return result;
}

bool contains(const std::vector<std::string>& list, std::string_view value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

void check_rights(const Rights& rights, const Needs& needs, bool public_project, Findings& findings) {
  const auto need = [&](std::string_view permission, std::string_view why) {
    if (rights.may(permission)) return;
    findings.error("token", fmt::format("the role of the key's user lacks the right {}: {}", permission, why),
                   "Redmine, Administration, Roles and permissions: give it to the role");
  };
  if (!rights.admin && rights.roles.empty()) {
    findings.error("token",
                   fmt::format("the key's user is no member of the project{}",
                               public_project ? ", only a visitor of a public one" : ""),
                   "add the user to the project with a role that may view, add and edit issues");
    return;
  }
  need("view_issues", "no ticket can be read");
  if (needs.writes) {
    need("add_issues", "no ticket can be opened");
    need("edit_issues", "no ticket can be changed");
    need("add_issue_notes", "no comment can be written");
    if (!rights.may("edit_own_issue_notes")) need("edit_issue_notes", "no comment can be changed or removed");
  }
  if (!rights.may("view_private_notes")) {
    findings.warning(
        "token", "the role of the key's user lacks the right view_private_notes: private notes of others stay unseen",
        "give it to the role when commands or files in private notes must be seen");
  }
  if (needs.private_comments) need("set_notes_private", "Redmine would store private notes for everybody to read");
  for (const std::string& visibility : rights.issues_visibilities) {
    if (visibility == "own" && !rights.issues_visibilities.contains("all") &&
        !rights.issues_visibilities.contains("default")) {
      findings.error("token", "the role of the key's user shows only issues that the user opened or has been assigned",
                     "Redmine, Administration, Roles and permissions: set the issues visibility to \"All issues\"");
    }
  }
}

/// The text formatting that a page's editor is made for; nullopt when the page has no editor.
std::optional<std::string> format_of_page(std::string_view html) {
  if (html.find("jstoolbar/common_mark") != std::string_view::npos) return "redmine-markdown";
  if (html.find("jstoolbar/markdown") != std::string_view::npos) return "redmine-markdown";
  if (html.find("jstoolbar/textile") != std::string_view::npos) return "textile";
  return std::nullopt;
}

}  // namespace

Result<Account> RedmineAdapter::probe(const Needs& needs) {
  Account account;
  Findings findings{account, options_.id};
  knowledge_.forget();
  const Result<User> user = knowledge_.account();
  if (!user) {
    if (user.error().fault != Fault::denied) return std::unexpected(user.error());
    findings.error("token", user.error().message, "My account, API access key: show or reset it, and give that one");
    return account;
  }
  account.login = user->login;
  account.facts["user"] = user->admin ? fmt::format("{} (administrator)", user->login) : user->login;
  if (options_.switch_user && !user->admin) {
    findings.error("switch_user",
                   "the key is not an administrator's: Redmine would silently write as the key's own user",
                   "give an administrator's key, or leave switch_user out");
  }

  const auto project = knowledge_.project();
  if (!project) {
    if (project.error().fault != Fault::denied) return std::unexpected(project.error());
    findings.error("project", project.error().message,
                   "correct the identifier (it is in the project's address), or add the "
                   "user to the project");
    return account;
  }
  account.facts["project"] =
      fmt::format("{} ({})", (*project)->named.name, (*project)->is_public ? "public" : "private");
  if ((*project)->status != project_active) {
    findings.error("project", "the project is closed: nothing can be written to it", "reopen it");
  }

  const Result<Rights> rights = knowledge_.rights(std::chrono::seconds{0});
  if (!rights) {
    if (rights.error().fault != Fault::denied) return std::unexpected(rights.error());
    findings.error("switch_user", rights.error().message, "give the login of an active user");
    return account;
  }
  account.facts["roles"] = rights->admin ? "administrator" : fmt::format("{}", fmt::join(rights->roles, ", "));
  check_rights(*rights, needs, (*project)->is_public, findings);

  std::map<Kind, std::vector<NamedPage::Entry>> lists;
  for (const Kind kind :
       {Kind::status, Kind::priority, Kind::tracker, Kind::version, Kind::category, Kind::custom_field}) {
    auto list = knowledge_.entries(kind);
    if (!list && list.error().fault != Fault::denied) return std::unexpected(list.error());
    if (!list) {
      findings.warning("token", fmt::format("the list of kind \"{}\" cannot be read", name(kind)),
                       "names of this kind are not checked");
      continue;
    }
    lists[kind] = *std::move(list);
  }
  findings.missing("Redmine", "status", needs.statuses, names(lists[Kind::status]));
  findings.missing("Redmine", "priority", needs.priorities, names(lists[Kind::priority]));
  std::vector<std::string> fields = names(lists[Kind::custom_field]);
  for (const auto& [ours, theirs] : options_.fields) {
    if (contains(fields, theirs)) continue;
    findings.error(fmt::format("fields/{}", ours),
                   fmt::format("Redmine has {}", unknown_name("custom field", theirs, fields)),
                   "create the field for this project, and make it visible to the role of the key's user");
  }
  for (const char* own : {"tracker", "category"}) fields.emplace_back(own);
  findings.missing("Redmine", "field", needs.fields, fields);
  if (!needs.labels.empty() && !capabilities_.labels) {
    findings.add(Weight::error, needs.labels.front().place, "labels are wanted, but Redmine has none of its own",
                 fmt::format("name a custom field for them in trackers/{}/fields/labels", options_.id.value));
  }
  const auto keys = knowledge_.member_keys();
  if (!keys && keys.error().fault != Fault::denied) return std::unexpected(keys.error());
  if (keys) {
    for (const Needs::Wanted& person : needs.people) {
      if (contains(*keys, person.value)) continue;
      findings.add(
          Weight::warning, person.place, fmt::format("the project has {}", unknown_name("member", person.value, *keys)),
          user->admin ? "give the login of a member"
                      : "the key may not see logins: give the name as Redmine shows it, or use an administrator's key");
    }
  }

  for (const auto& [key, value] : options_.create) {
    const std::map<std::string, Kind> kinds{{"tracker", Kind::tracker},
                                            {"category", Kind::category},
                                            {"version", Kind::version},
                                            {"priority", Kind::priority}};
    const auto kind = kinds.find(key);
    const std::vector<std::string> known = kind == kinds.end() ? fields : names(lists[kind->second]);
    const std::string& wanted = kind == kinds.end() ? key : value;
    if (contains(known, wanted)) continue;
    const std::string_view what = kind == kinds.end() ? std::string_view{"custom field"} : name(kind->second);
    findings.error(fmt::format("create/{}", key), fmt::format("Redmine has {}", unknown_name(what, wanted, known)),
                   "correct the name");
  }
  if (const auto done = probe_workflow(needs, account); !done) return std::unexpected(done.error());
  if (const auto done = probe_required_fields(*user, account); !done) return std::unexpected(done.error());
  return account;
}

Result<void> RedmineAdapter::probe_workflow(const Needs& needs, Account& account) {
  Findings findings{account, options_.id};
  const auto trackers = knowledge_.trackers_with_defaults();
  const auto statuses = knowledge_.entries(Kind::status);
  if (!trackers || !statuses) return {};
  const auto chosen = options_.create.find("tracker");
  const auto project = knowledge_.project();
  if (!project) return std::unexpected(project.error());
  const std::string tracker_name = chosen != options_.create.end() ? chosen->second
                                   : (*project)->trackers.empty()  ? std::string{}
                                                                   : (*project)->trackers.front().name;
  const auto tracker = std::find_if(trackers->begin(), trackers->end(),
                                    [&](const NamedPage::Entry& entry) { return entry.named.name == tracker_name; });
  if (tracker == trackers->end() || !tracker->default_status) return {};

  // The workflow itself is in no API; an issue tells where it may go from its status. So one issue of each status is
  // looked at.
  std::optional<Number> sample;
  std::size_t looked_at = 0;
  for (const NamedPage::Entry& status : *statuses) {
    if (++looked_at > statuses_looked_at_max) break;
    const auto looked = look_at_ways(tracker->named.id, status.named.id);
    if (!looked) return std::unexpected(looked.error());
    if (*looked) sample = *looked;
  }

  const Named first = *tracker->default_status;
  account.facts["first status"] = first.name;
  const Knowledge::Reached ways = knowledge_.reached(tracker->named.id, first.id, {});
  std::vector<std::string> unseen;
  for (const NamedPage::Entry& status : *statuses) {
    if (ways.unseen.contains(status.named.id)) unseen.push_back(status.named.name);
  }
  std::vector<std::string> unreached;
  for (const Needs::Wanted& wanted : needs.statuses) {
    const auto status = std::find_if(statuses->begin(), statuses->end(),
                                     [&](const NamedPage::Entry& entry) { return entry.named.name == wanted.value; });
    if (status == statuses->end() || ways.statuses.contains(status->named.id)) continue;
    unreached.push_back(wanted.value);
    // Where a way may lead on from a status that no ticket is in, nothing is known to be wrong.
    if (!unseen.empty()) continue;
    findings.add(Weight::error, wanted.place,
                 fmt::format("no way was seen from \"{}\" to \"{}\" for tickets of \"{}\"", first.name, wanted.value,
                             tracker_name),
                 "Redmine, Administration, Workflow: allow the transition to the role of the key's user");
  }
  if (!unseen.empty()) {
    account.facts["workflow"] = fmt::format(
        "not known from {}: no ticket is in that status{}", fmt::join(unseen, ", "),
        unreached.empty() ? ""
                          : fmt::format("; whether {} can be reached is only seen then", fmt::join(unreached, ", ")));
  }
  if (sample) return probe_text_format(*sample, account);
  account.facts["text_format"] = "unknown: there is no ticket yet whose page would tell";
  return {};
}

Result<std::optional<Number>> RedmineAdapter::look_at_ways(Number tracker, Number status) {
  const Result<http::Response> response =
      read(fmt::format("/issues.json?project_id={}&subproject_id=%21%2A&tracker_id={}&status_id={}&limit=1",
                       query_part(options_.project), tracker, status),
           "/issues");
  if (!response) return std::unexpected(response.error());
  if (response->status != 200) return std::optional<Number>{};
  const Result<IssuePage> page = read_issues(response->body);
  if (!page) return std::unexpected(page.error());
  if (page->issues.empty() || page->issues.front().status.id != status) return std::optional<Number>{};
  const Number sample = page->issues.front().id;
  const Result<Issue> issue = read_now(NativeId{std::to_string(sample)});
  if (!issue && issue.error().fault != Fault::gone) return std::unexpected(issue.error());
  return std::optional{sample};
}

Result<void> RedmineAdapter::probe_text_format(Number sample, Account& account) {
  Findings findings{account, options_.id};
  // The format is in no API. An issue's page loads the editor made for it, and a key opens that page as well.
  const Result<http::Response> page = read(fmt::format("/issues/{}", sample), "/issues/{id} (page)");
  if (!page) return std::unexpected(page.error());
  const auto format = page->status == 200 ? format_of_page(page->body) : std::nullopt;
  account.facts["text_format"] = format.value_or("unknown: the page shows no editor to this user");
  const std::string_view configured = options_.format == markup::Format::textile ? "textile" : "redmine-markdown";
  if (format && *format != configured) {
    findings.error("format", fmt::format("Redmine's texts are {}, but the configuration says {}", *format, configured),
                   fmt::format("write format: {}", *format));
  }
  return {};
}

Result<void> RedmineAdapter::probe_required_fields(const User& user, Account& account) {
  Findings findings{account, options_.id};
  if (!user.admin) {
    account.facts["required fields"] = "unknown: only an administrator's key may read them";
    return {};
  }
  const Result<std::string> body = client_.read("/custom_fields.json", "/custom_fields");
  if (!body) return std::unexpected(body.error());
  const auto fields = read_required_fields(*body);
  if (!fields) return std::unexpected(fields.error());
  const auto known = knowledge_.entries(Kind::custom_field);
  if (!known) return std::unexpected(known.error());
  std::vector<std::string> required;
  for (const Named& field : *fields) {
    const bool ours = std::any_of(known->begin(), known->end(),
                                  [&](const NamedPage::Entry& one) { return one.named.id == field.id; });
    if (!ours) continue;
    required.push_back(field.name);
    if (options_.create.contains(field.name) || field.name == field_name("marker")) continue;
    findings.error("create",
                   fmt::format("the field \"{}\" is required and has no default: Redmine would refuse every new ticket",
                               field.name),
                   fmt::format("give it a value: create: {{ {}: … }}", field.name));
  }
  account.facts["required fields"] = required.empty() ? "none" : fmt::format("{}", fmt::join(required, ", "));
  return {};
}

}  // namespace causeway::redmine
