/// Plain pages for people: the issue lists, and an issue with forms. Whoever looks is the maintainer, so that the demo
/// needs no login.
#include <fmt/format.h>

#include "tests/fakes/jira/call.hpp"
#include "tests/fakes/jira/rich.hpp"

namespace causeway::fakes::jira {
namespace {

constexpr std::string_view style =
    "body{font:15px/1.5 sans-serif;max-width:60em;margin:1em auto;padding:0 1em;color:#172b4d}a{color:#0052cc}"
    "header{background:#0747a6;color:#fff;padding:.6em 1em;margin:0 -1em 1em}header a{color:#fff}"
    "table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #ddd;padding:.3em .6em;text-align:left}"
    "pre{white-space:pre-wrap;background:#f4f5f7;padding:.6em;font:14px/1.4 monospace}"
    ".note{border-left:4px solid #0052cc;padding-left:.8em;margin:1em 0}.private{border-color:#d22}"
    "textarea,input[type=text]{width:100%;box-sizing:border-box;font:inherit}fieldset{margin:1em 0;border:1px solid "
    "#ccc}";

std::string page(const std::string& root, std::string_view title, std::string_view content) {
  return fmt::format(
      "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>{0}</title><style>{1}</style></head>"
      "<body><header><a href=\"{3}/\">Jira stand-in</a></header><h1>{0}</h1>{2}</body></html>",
      escaped(title), style, content, root);
}

std::string field(const Query& form, std::string_view name) {
  const std::string* found = part(form, name);
  std::string text = found == nullptr ? std::string{} : *found;
  std::erase(text, '\r');  // browsers end lines with both
  return text;
}

Response go_to(std::string address) { return {303, {{"Location", std::move(address)}}, {}, false, {}, 0}; }

/// The text as a form can hold it.
std::string readable(const State& state, const std::string& stored) {
  return state.settings.deployment == Deployment::cloud ? wiki_of_adf(stored) : stored;
}

std::string list_page(const State& state, const std::string& root) {
  std::string content;
  for (const auto& [id, project] : state.projects) {
    content += fmt::format("<h2>{} ({})</h2><table><tr><th>Key</th><th>Status</th><th>Summary</th></tr>",
                           escaped(project.name), project.key);
    for (auto issue = state.issues.rbegin(); issue != state.issues.rend(); ++issue) {
      if (issue->second.project != id || issue->second.archived) continue;
      content += fmt::format("<tr><td><a href=\"{0}/browse/{1}\">{1}</a></td><td>{2}</td><td>{3}</td></tr>", root,
                             issue->second.key, escaped(find_status(state, issue->second.status)->name),
                             escaped(issue->second.summary));
    }
    content += fmt::format(
        "</table><fieldset><legend>New issue</legend><form method=\"post\" action=\"{}/projects/{}\">"
        "<p><input type=\"text\" name=\"summary\" placeholder=\"Summary\"></p>"
        "<p><textarea name=\"description\" rows=\"4\" placeholder=\"Description\"></textarea></p>"
        "<p><button>Create</button></p></form></fieldset>",
        root, project.key);
  }
  return content;
}

std::string issue_page(const State& state, const Issue& issue, const std::string& root) {
  std::string comments;
  for (const Number id : issue.comments) {
    const Comment& comment = state.comments.at(id);
    const User* author = find_user(state, comment.author);
    const bool restricted = comment.visibility.has_value() || is_internal(comment);
    comments += fmt::format("<div class=\"note{}\"><b>{}</b>{}<pre>{}</pre></div>", restricted ? " private" : "",
                            author == nullptr ? "?" : escaped(author->display_name), restricted ? " (restricted)" : "",
                            escaped(readable(state, comment.body)));
  }
  std::string options, labels;
  for (const Status& status : state.statuses) {
    options += fmt::format("<option{}>{}</option>", status.id == issue.status ? " selected" : "", escaped(status.name));
  }
  for (const std::string& label : issue.labels) labels += (labels.empty() ? "" : " ") + label;
  const std::string text = escaped(readable(state, issue.description));
  return fmt::format(
      "<pre>{0}</pre>{1}<fieldset><legend>Change</legend><form method=\"post\" action=\"{2}/browse/{3}\">"
      "<p><input type=\"text\" name=\"summary\" value=\"{4}\"></p>"
      "<p><textarea name=\"description\" rows=\"6\">{0}</textarea></p>"
      "<p><select name=\"status\">{5}</select> <input type=\"text\" name=\"labels\" value=\"{6}\"></p>"
      "<p><textarea name=\"comment\" rows=\"4\" placeholder=\"Comment\"></textarea></p>"
      "<p><label><input type=\"checkbox\" name=\"internal\" value=\"1\"> Internal</label></p>"
      "<p><button>Save</button></p></form></fieldset>",
      text, comments, root, issue.key, escaped(issue.summary), options, escaped(labels));
}

}  // namespace

Response Jira::answer_page(Call& call) {
  const std::string& root = state_.settings.context_path;
  const bool posted = call.is("POST");
  const Query form = posted ? parse_query(call.request.body) : Query{};
  if (posted && call.at(0, "projects") && call.parts.size() == 2) {
    const std::string key =
        file_locked(call.parts[1], field(form, "summary"), field(form, "description"), "reporter", {});
    return go_to(key.empty() ? root + "/" : root + "/browse/" + key);
  }
  if (call.parts.size() < 2) return page_answer(200, page(root, "Projects", list_page(state_, root)));
  Issue* issue = find(call.parts[1]);
  if (issue == nullptr) return page_answer(404, page(root, "404", ""));
  if (!posted)
    return page_answer(200, page(root, issue->key + ": " + issue->summary, issue_page(state_, *issue, root)));
  const std::string author = user_named("maintainer");
  Form change;
  change.summary = field(form, "summary");
  change.labels = split(field(form, "labels"), ' ');
  // Only a text that was really touched is written anew: the form shows less than ADF can hold.
  const std::string text = field(form, "description");
  if (text != readable(state_, issue->description)) change.description = text;
  edit_locked(*issue, change, author);
  const Status* status = status_named(state_, field(form, "status"));
  if (status != nullptr && status->id != issue->status) {
    Issue with = *issue;
    with.status = status->id;
    const bool done = status->category == "done";
    with.resolution = done ? state_.resolutions.front().id : std::string{};
    replace(*issue, std::move(with), author);
  }
  if (const std::string said = field(form, "comment"); !said.empty()) {
    Comment comment;
    comment.body = stored_text(said);
    comment.author = comment.update_author = author;
    if (field(form, "internal") == "1") comment.properties["sd.public.comment"] = R"({"internal":true})";
    add_comment(*issue, std::move(comment));
  }
  return go_to(root + "/browse/" + issue->key);
}

}  // namespace causeway::fakes::jira
