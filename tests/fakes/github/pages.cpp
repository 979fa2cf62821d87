/// Plain pages for people: the issue list, and an issue with forms. Nobody signs in; each form says as whom one acts.
#include <fmt/format.h>

#include <algorithm>

#include "tests/fakes/github/call.hpp"

namespace causeway::fakes::github {
namespace {

constexpr std::string_view style =
    "body{font:15px/1.5 system-ui,sans-serif;max-width:58em;margin:0 auto;padding:0 1em 3em;color:#1f2328}"
    "a{color:#0969da;text-decoration:none}a:hover{text-decoration:underline}"
    "header{background:#24292f;color:#fff;padding:.7em 1em;margin:0 -1em 1em}header a{color:#fff;font-weight:600}"
    "nav a{margin-right:1em}ul.rows{list-style:none;padding:0;border:1px solid #d0d7de;border-radius:6px}"
    "ul.rows li{padding:.6em 1em;border-top:1px solid #d0d7de}ul.rows li:first-child{border-top:0}"
    ".small{color:#59636e;font-size:13px}.open{color:#1a7f37}.closed{color:#8250df}"
    ".label{display:inline-block;border:1px solid #d0d7de;border-radius:1em;padding:0 "
    ".6em;font-size:12px;margin-left:.3em}"
    ".dot{display:inline-block;width:.7em;height:.7em;border-radius:50%;margin-right:.3em}"
    "article{border:1px solid #d0d7de;border-radius:6px;margin:1em 0}article>.small{background:#f6f8fa;padding:.5em "
    "1em;border-bottom:1px solid #d0d7de;border-radius:6px 6px 0 0}article>.text{padding:.2em 1em;overflow-x:auto}"
    "pre,code{background:#f6f8fa;font:13px/1.45 monospace}pre{padding:.7em;overflow-x:auto}code{padding:.1em .3em}"
    "blockquote{border-left:4px solid #d0d7de;margin-left:0;padding-left:1em;color:#59636e}"
    "table{border-collapse:collapse}td,th{border:1px solid #d0d7de;padding:.3em .7em}img{max-width:100%}"
    "form{margin:.5em "
    "0}textarea,input[type=text]{width:100%;box-sizing:border-box;font:inherit;padding:.4em;border:1px "
    "solid #d0d7de;border-radius:6px}textarea{font-family:monospace;font-size:13px}"
    "button{font:inherit;padding:.3em .9em;border:1px solid "
    "#d0d7de;border-radius:6px;background:#f6f8fa;cursor:pointer}"
    "button.main{background:#1f883d;border-color:#1f883d;color:#fff}details{padding:0 1em .6em}summary{cursor:pointer}"
    "select{font:inherit}label{display:block;margin:.4em 0}";

Response page(int status, std::string_view title, std::string_view content) {
  return page_answer(
      status, fmt::format("<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
                          "content=\"width=device-width\"><title>{0}</title><style>{1}</style></head><body><header><a "
                          "href=\"/\">GitHub stand-in</a></header><main><h1>{0}</h1>{2}</main></body></html>",
                          escaped(title), style, content));
}

Response nothing_there() { return page(404, "Not found", "<p>There is nothing here.</p>"); }

Response go_to(std::string address) { return {303, {{"Location", std::move(address)}}, {}, false, {}, 0}; }

std::string field(const Query& form, std::string_view name) {
  const std::string* found = part(form, name);
  return found == nullptr ? std::string{} : *found;
}

std::string path_of(const Repository& repository) {
  return "/" + url_encoded(repository.owner_login) + "/" + url_encoded(repository.name);
}

std::string people(const State& state, std::string_view chosen) {
  std::string options;
  for (const auto& [login, id] : state.logins) {
    const User& user = state.users.at(id);
    if (user.type != "User" || id == ghost_id) continue;
    options += fmt::format("<option{}>{}</option>", user.login == chosen ? " selected" : "", escaped(user.login));
  }
  return "<label>as <select name=\"as\">" + options + "</select></label>";
}

std::string labels_of(const Repository& repository, const Issue& issue) {
  std::string text;
  for (const Number id : issue.labels) {
    const Label& label = repository.labels.at(id);
    text += fmt::format("<span class=\"label\"><span class=\"dot\" style=\"background:#{}\"></span>{}</span>",
                        escaped(label.color), escaped(label.name));
  }
  return text;
}

std::string label_names(const Repository& repository, const Issue& issue) {
  std::string text;
  for (const Number id : issue.labels) text += (text.empty() ? "" : ", ") + repository.labels.at(id).name;
  return text;
}

std::vector<std::string> names_in(std::string_view text) {
  std::vector<std::string> names;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    std::string_view name = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    while (name.starts_with(' ')) name.remove_prefix(1);
    while (name.ends_with(' ')) name.remove_suffix(1);
    if (!name.empty()) names.emplace_back(name);
  }
  return names;
}

std::string with_lf(std::string_view text) {
  std::string result;
  for (const char letter : text) {
    if (letter != '\r') result += letter;
  }
  return result;
}

/// What a form brings back for a text: browsers send CRLF, which is no change by itself.
std::string edited(const std::string& present, const std::string& typed) {
  return with_lf(present) == with_lf(typed) ? present : typed;
}

std::string article(std::string_view head, std::string_view markdown, std::string_view below = {}) {
  return fmt::format("<article><div class=\"small\">{}</div><div class=\"text\">{}</div>{}</article>", head,
                     markdown.empty() ? "<p class=\"small\">No description provided.</p>" : rendered(markdown), below);
}

std::string rows_of(const State& state, const Repository& repository, const std::string& wanted, Page& shown) {
  std::string rows;
  for (auto at = repository.issues.rbegin(); at != repository.issues.rend(); ++at) {
    const Issue& issue = at->second;
    if (wanted != "all" && issue.closed != (wanted == "closed")) continue;
    if (!shown.take()) continue;
    rows += fmt::format(
        "<li><span class=\"{0}\">{1}</span> <a href=\"{2}/{3}/{4}\">{5}</a>{6}<div class=\"small\">#{4} opened {7} by "
        "{8}{9}{10}</div></li>",
        issue.closed ? "closed" : "open", issue.closed ? "&#10003;" : "&#9678;", path_of(repository),
        issue.pull_request ? "pull" : "issues", issue.number, escaped(issue.title), labels_of(repository, issue),
        shown_time(issue.created), escaped(user_or_ghost(state, issue.user).login),
        issue.pull_request ? " &middot; pull request" : "",
        issue.comments.empty() ? "" : fmt::format(" &middot; {} comments", issue.comments.size()));
  }
  return rows;
}

std::string list_content(const State& state, const Repository& repository, const Query& query) {
  const std::string* state_text = part(query, "state");
  const std::string wanted = state_text == nullptr ? "open" : *state_text;
  const std::string base = path_of(repository) + "/issues";
  Page shown = page_of(query);
  const std::string rows = rows_of(state, repository, wanted, shown);
  std::string links;
  for (const char* one : {"open", "closed", "all"}) {
    links += fmt::format("<a href=\"{}?state={}\">{}{}{}</a>", base, one, one == wanted ? "<b>" : "", one,
                         one == wanted ? "</b>" : "");
  }
  if (shown.number > 1) {
    links += fmt::format("<a href=\"{}?state={}&amp;page={}\">newer</a>", base, url_encoded(wanted), shown.number - 1);
  }
  if (shown.number * shown.size < shown.total) {
    links += fmt::format("<a href=\"{}?state={}&amp;page={}\">older</a>", base, url_encoded(wanted), shown.number + 1);
  }
  return fmt::format(
      "<nav>{0}</nav><ul class=\"rows\">{1}</ul><h2>New issue</h2><form method=\"post\" action=\"{2}\">"
      "<label>Title <input type=\"text\" name=\"title\" maxlength=\"256\" required></label>"
      "<label>Description <textarea name=\"body\" rows=\"6\"></textarea></label>"
      "<label>Labels, separated by commas <input type=\"text\" name=\"labels\"></label>{3}"
      "<button class=\"main\">Create</button></form>",
      links, rows.empty() ? "<li>No issues.</li>" : rows, base, people(state, "visitor"));
}

std::string comment_article(const State& state, const Repository& repository, const Comment& comment) {
  const std::string forms = fmt::format(
      "<details><summary class=\"small\">Edit</summary><form method=\"post\" action=\"{0}/comments/{1}\">"
      "<textarea name=\"body\" rows=\"5\" aria-label=\"Comment\">\n{2}</textarea>"
      "<button name=\"do\" value=\"save\">Save</button> <button name=\"do\" value=\"delete\">Delete</button>"
      "</form></details>",
      path_of(repository), comment.id, escaped(comment.body));
  const std::string head = fmt::format("<b id=\"issuecomment-{0}\">{1}</b> commented {2}{3}{4}", comment.id,
                                       escaped(user_or_ghost(state, comment.user).login), shown_time(comment.created),
                                       comment.updated == comment.created ? "" : " &middot; edited",
                                       comment.minimized ? " &middot; hidden as " + escaped(*comment.minimized) : "");
  return article(head, comment.body, forms);
}

std::string issue_content(const State& state, const Repository& repository, const Issue& issue) {
  std::string comments;
  for (const Number id : issue.comments) {
    comments += comment_article(state, repository, repository.comments.at(id));
  }
  const std::string base = path_of(repository);
  const std::string& author = user_or_ghost(state, issue.user).login;
  const std::string edit = fmt::format(
      "<details><summary class=\"small\">Edit</summary><form method=\"post\" action=\"{0}/issues/{1}\">"
      "<label>Title <input type=\"text\" name=\"title\" maxlength=\"256\" value=\"{2}\"></label>"
      "<label>Description <textarea name=\"body\" rows=\"8\">\n{3}</textarea></label>"
      "<label>Labels, separated by commas <input type=\"text\" name=\"labels\" value=\"{4}\"></label>"
      "<label>State <select name=\"state\"><option{5}>open</option><option{6}>closed</option></select></label>{7}"
      "<button class=\"main\">Save</button></form></details>",
      base, issue.number, escaped(issue.title), escaped(issue.body.value_or("")),
      escaped(label_names(repository, issue)), issue.closed ? "" : " selected", issue.closed ? " selected" : "",
      people(state, "maintainer"));
  return fmt::format(
      "<p class=\"small\"><a href=\"{0}/issues\">{1}</a> &middot; <span class=\"{2}\">{2}</span>{3}{4}</p>{5}{6}"
      "<h2>Add a comment</h2><form method=\"post\" action=\"{0}/issues/{7}/comments\">"
      "<textarea name=\"body\" rows=\"5\" required aria-label=\"Comment\"></textarea>{8}"
      "<button class=\"main\">Comment</button></form>",
      base, escaped(repository.full_name()), issue.closed ? "closed" : "open", issue.locked ? " &middot; locked" : "",
      labels_of(repository, issue),
      article(fmt::format("<b>{}</b> opened {}", escaped(author), shown_time(issue.created)), issue.body.value_or(""),
              edit),
      comments, issue.number, people(state, "visitor"));
}

}  // namespace

Response GitHub::answer_page(Call& call) {
  const std::vector<std::string>& parts = call.parts;
  const bool posted = call.request.method == "POST";
  const Query form = posted ? parse_query(call.request.body) : Query{};
  if (parts.empty() || (parts.size() == 1 && parts[0].empty())) {
    std::string rows;
    for (const auto& [id, one] : state_.repositories) {
      rows += fmt::format("<li><a href=\"{}/issues\">{}</a>{}</li>", path_of(one), escaped(one.full_name()),
                          one.is_private ? " <span class=\"small\">private</span>" : "");
    }
    return page(200, "Repositories", "<ul class=\"rows\">" + rows + "</ul>");
  }
  if (parts.size() < 2) return nothing_there();
  Repository* repository = find_repository(state_, parts[0] + "/" + parts[1]);
  if (repository == nullptr) return nothing_there();
  const std::string base = path_of(*repository);
  if (parts.size() == 2) return go_to(base + "/issues");
  if (!same_name(repository->full_name(), parts[0] + "/" + parts[1])) {
    std::string address = base;
    for (std::size_t at = 2; at < parts.size(); ++at) address += "/" + url_encoded(parts[at]);
    return {301, {{"Location", address}}, {}, false, {}, 0};
  }
  const Number actor = user_of(state_, field(form, "as"));
  if (parts[2] == "comments" && parts.size() == 4 && posted) {
    const auto id = as_number(parts[3]);
    const auto found = id ? repository->comments.find(*id) : repository->comments.end();
    if (found == repository->comments.end()) return nothing_there();
    const Number issue = found->second.issue;
    if (field(form, "do") == "delete") {
      drop_comment(*repository, *id);
    } else {
      set_comment(state_, *repository, found->second, edited(found->second.body, field(form, "body")), call.now);
    }
    return go_to(fmt::format("{}/issues/{}", base, issue));
  }
  if (parts[2] != "issues" && parts[2] != "pull") return nothing_there();
  if (parts.size() == 3) {
    if (!posted) return page(200, repository->full_name(), list_content(state_, *repository, call.query));
    const std::string title = field(form, "title");
    if (title.find_first_not_of(' ') == std::string::npos || characters(title) > title_characters_max) {
      return page(422, "No issue was created", "<p>A title has 1 to 256 characters.</p>");
    }
    const std::string body = field(form, "body");
    Issue& issue =
        add_issue(state_, *repository, actor, 0, title, body.empty() ? std::nullopt : std::optional{body}, call.now);
    if (const auto names = names_in(field(form, "labels")); !names.empty()) {
      attach_labels(state_, *repository, issue, names, actor, call.now);
    }
    return go_to(fmt::format("{}/issues/{}", base, issue.number));
  }
  const auto number = as_number(parts[3]);
  if (!number) return nothing_there();
  if (const auto gone = repository->gone.find(*number); gone != repository->gone.end()) {
    const auto target = state_.repositories.find(gone->second.repository);
    if (target == state_.repositories.end()) return page(404, "This issue was deleted", "");
    return {301, {{"Location", fmt::format("{}/issues/{}", path_of(target->second), gone->second.number)}},
            {},  false,
            {},  0};
  }
  Issue* issue = find_issue(*repository, *number);
  if (issue == nullptr) return nothing_there();
  if (!posted) {
    return page(200, fmt::format("{} #{}", issue->title, issue->number), issue_content(state_, *repository, *issue));
  }
  if (parts.size() == 5 && parts[4] == "comments") {
    const std::string body = field(form, "body");
    if (!body.empty()) add_comment(state_, *repository, *issue, actor, 0, body, call.now);
    return go_to(fmt::format("{}/issues/{}", base, *number));
  }
  Change change;
  if (!field(form, "title").empty()) change.title = field(form, "title");
  const std::string body = edited(issue->body.value_or(""), field(form, "body"));
  if (body != issue->body.value_or("")) change.body = body;
  change.labels = names_in(field(form, "labels"));
  change.closed = field(form, "state") == "closed";
  apply(state_, *repository, *issue, change, actor, call.now);
  return go_to(fmt::format("{}/issues/{}", base, *number));
}

}  // namespace causeway::fakes::github
