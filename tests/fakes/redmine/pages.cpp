/// Plain pages for people: the issue list, and an issue with forms. Whoever looks is the developer, so that the demo
/// needs no login.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "tests/fakes/redmine/call.hpp"

namespace causeway::fakes::redmine {
namespace {

constexpr std::string_view style =
    "body{font:15px/1.5 sans-serif;max-width:60em;margin:1em auto;padding:0 1em;color:#222}a{color:#169}"
    "header{background:#628db6;color:#fff;padding:.6em 1em;margin:0 -1em 1em}header a{color:#fff}"
    "table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #ddd;padding:.3em .6em;text-align:left}"
    "pre{white-space:pre-wrap;background:#f6f6f0;border:1px solid #ddd;padding:.6em;font:14px/1.4 monospace}"
    ".note{border-left:4px solid #628db6;padding-left:.8em;margin:1em 0}.private{border-color:#d22}"
    "textarea,input[type=text]{width:100%;box-sizing:border-box;font:inherit}fieldset{margin:1em 0;border:1px solid "
    "#ccc}";

std::string page(std::string_view title, std::string_view editor, std::string_view content) {
  return fmt::format(
      "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>{0}</title><style>{1}</style>{2}</head>"
      "<body><header><a href=\"/projects\">Redmine stand-in</a></header><h1>{0}</h1>{3}</body></html>",
      escaped(title), style, editor, content);
}

std::string options(const std::vector<Status>& statuses, Number chosen) {
  std::string text;
  for (const Status& status : statuses) {
    text += fmt::format("<option value=\"{}\"{}>{}</option>", status.id, status.id == chosen ? " selected" : "",
                        escaped(status.name));
  }
  return text;
}

Response go_to(std::string address) { return {303, {{"Location", std::move(address)}}, {}, false, {}}; }

std::string field(const Query& form, std::string_view name) {
  const std::string* found = part(form, name);
  return found == nullptr ? std::string{} : *found;
}

}  // namespace

Response Redmine::list_page(Call& call, const Project* project) {
  const Actor actor{state_, state_.users.at(user_of("developer"))};
  const Query all{{"status_id", "*"}, {"sort", "updated_on:desc"}, {"limit", "100"}, {"subproject_id", "!*"}};
  const auto list = list_issues(state_, actor, all, project);
  std::string rows;
  for (const Issue* issue : list->rows) {
    const Status* status = find_status(state_, issue->status);
    rows += fmt::format(
        "<tr><td><a href=\"/issues/{0}\">#{0}</a></td><td>{1}</td><td><a "
        "href=\"/issues/{0}\">{2}</a>{3}</td><td>{4}</td></tr>",
        issue->id, status == nullptr ? "" : escaped(status->name), escaped(issue->subject),
        issue->is_private ? " (private)" : "", shown_time(issue->updated));
  }
  const std::string opening = fmt::format(
      "<fieldset><legend>New issue</legend><form method=\"post\" action=\"/projects/{}/issues\">"
      "<p><input type=\"text\" name=\"subject\" placeholder=\"Subject\"></p>"
      "<p><textarea name=\"description\" rows=\"4\" placeholder=\"Description\"></textarea></p>"
      "<p><button>Create</button></p></form></fieldset>",
      project->identifier);
  // The columns that the real page offers.
  const Actor asking{state_, *call.user};
  std::string columns;
  for (const auto& [id, column] : state_.custom_fields) {
    if (asking.sees(column, *project))
      columns += fmt::format("<option value=\"cf_{}\">{}</option>", id, escaped(column.name));
  }
  return html_answer(
      200, page(project->name, "",
                fmt::format("<table><tr><th>#</th><th>Status</th><th>Subject</th><th>Updated</th></tr>{}</table>{}"
                            "<details><summary>Columns</summary><select>{}</select></details>",
                            rows, opening, columns)));
}

Response Redmine::issue_page(Call& call, const Issue& issue) {
  static_cast<void>(call);
  // The same script name by which a real page tells its text format.
  const std::string editor =
      fmt::format("<script src=\"/javascripts/jstoolbar/{}.js\"></script>", state_.settings.text_formatting);
  std::string notes;
  for (const Journal& journal : issue.journals) {
    if (journal.notes.empty()) continue;
    const auto user = state_.users.find(journal.user);
    notes +=
        fmt::format("<div class=\"note{}\"><b>{}</b>, {}{}<pre>{}</pre></div>", journal.is_private ? " private" : "",
                    user == state_.users.end() ? "Anonymous" : escaped(user->second.name()),
                    shown_time(journal.created), journal.is_private ? " (private)" : "", escaped(journal.notes));
  }
  std::string fields;
  for (const auto& [id, values] : issue.custom) {
    fields += fmt::format("<tr><th>{}</th><td>{}</td></tr>", escaped(state_.custom_fields.at(id).name),
                          escaped(fmt::format("{}", fmt::join(values, ", "))));
  }
  return html_answer(
      200, page(fmt::format("#{}: {}", issue.id, issue.subject), editor,
                fmt::format("<table>{4}</table><pre>{0}</pre>{1}"
                            "<fieldset><legend>Change</legend><form method=\"post\" action=\"/issues/{2}\">"
                            "<p><input type=\"text\" name=\"subject\" value=\"{5}\"></p>"
                            "<p><textarea name=\"description\" rows=\"6\">{0}</textarea></p>"
                            "<p><select name=\"status\">{3}</select></p>"
                            "<p><textarea name=\"notes\" rows=\"4\" placeholder=\"Notes\"></textarea></p>"
                            "<p><label><input type=\"checkbox\" name=\"private\" value=\"1\"> Private note</label></p>"
                            "<p><button>Submit</button></p></form></fieldset>",
                            escaped(issue.description), notes, issue.id, options(state_.statuses, issue.status), fields,
                            escaped(issue.subject))));
}

Response Redmine::answer_page(Call& call) {
  const std::vector<std::string>& parts = call.parts;
  const bool posted = call.request.method == "POST";
  const Query form = posted ? parse_query(call.request.body) : Query{};
  if (parts.empty() || (parts.size() == 1 && parts[0] == "projects")) {
    std::string list = "<ul>";
    for (const auto& [id, project] : state_.projects) {
      list += fmt::format("<li><a href=\"/projects/{}/issues\">{}</a></li>", project.identifier, escaped(project.name));
    }
    return html_answer(200, page("Projects", "", list + "</ul>"));
  }
  if (parts[0] == "login") return html_answer(200, page("Sign in", "", "<p>No login is needed here.</p>"));
  if (parts[0] == "projects" && parts.size() >= 2) {
    const Project* project = find_project(state_, parts[1]);
    if (project == nullptr) return html_answer(404, page("404", "", ""));
    if (posted) {
      const Number id =
          open_locked(project->identifier, field(form, "subject"), field(form, "description"), "developer", false);
      return go_to(id == 0 ? fmt::format("/projects/{}/issues", project->identifier) : fmt::format("/issues/{}", id));
    }
    return list_page(call, project);
  }
  const auto id = parts[0] == "issues" && parts.size() == 2 ? as_number(parts[1]) : std::nullopt;
  const auto issue = id ? state_.issues.find(*id) : state_.issues.end();
  if (issue == state_.issues.end()) return html_answer(404, page("404", "", ""));
  if (call.request.header("Accept") == "application/json") return empty_answer(406);
  if (!posted) return issue_page(call, issue->second);
  edit_locked(
      *id,
      [&](Attributes& changed) {
        changed.subject = field(form, "subject");
        changed.description = field(form, "description");
        if (const auto status = as_number(field(form, "status"))) changed.status = *status;
      },
      "developer");
  if (const std::string notes = field(form, "notes"); !notes.empty()) {
    note_locked(*id, notes, "developer", field(form, "private") == "1");
  }
  return go_to(fmt::format("/issues/{}", *id));
}

}  // namespace causeway::fakes::redmine
