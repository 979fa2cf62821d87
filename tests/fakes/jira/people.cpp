/// What people do in the browser.
#include <fmt/format.h>

#include <algorithm>

#include "tests/fakes/jira/call.hpp"
#include "tests/fakes/jira/rich.hpp"

namespace causeway::fakes::jira {
namespace {

std::string id_named(const std::vector<Named>& all, const std::string& name) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const Named& one) { return same_name(one.name, name); });
  return found == all.end() ? std::string{} : found->id;
}

void apply(Comment& comment, const Restriction& restriction) {
  comment.visibility.reset();
  if (!restriction.role.empty()) comment.visibility = Visibility{"role", restriction.role};
  if (!restriction.group.empty()) comment.visibility = Visibility{"group", restriction.group};
  comment.properties.erase("sd.public.comment");
  if (restriction.internal) comment.properties["sd.public.comment"] = R"({"internal":true})";
}

}  // namespace

Issue* Jira::find(const std::string& key) {
  std::string upper = key;
  std::transform(upper.begin(), upper.end(), upper.begin(), [](unsigned char letter) { return std::toupper(letter); });
  const auto id = state_.keys.find(upper);
  const auto found = id == state_.keys.end() ? state_.issues.end() : state_.issues.find(id->second);
  return found == state_.issues.end() ? nullptr : &found->second;
}

std::string Jira::user_named(const std::string& name) const {
  for (const auto& [id, user] : state_.users) {
    if (user.name == name || id == name) return id;
  }
  return {};
}

std::string Jira::stored_text(const std::string& text) const {
  if (state_.settings.deployment == Deployment::data_center || text.starts_with("{\"")) return text;
  return adf_of_plain(text);
}

Milliseconds Jira::touch(Issue& issue) {
  issue.updated = std::max(now(), issue.updated + 1);
  return issue.updated;
}

void Jira::changed(const Issue& issue) {
  const auto& lags = state_.settings.index_lag_ms;
  const Milliseconds longest = lags.empty() ? 0 : *std::max_element(lags.begin(), lags.end());
  if (longest == 0) return;
  std::vector<Version>& versions = versions_[issue.id];
  versions.push_back({now(), std::make_shared<const Issue>(issue)});
  // Of what no index shows any more, only the newest is needed.
  while (versions.size() > 1 && versions[1].since <= now() - longest) versions.erase(versions.begin());
}

void Jira::change(const std::function<void(State&)>& change) {
  const std::scoped_lock lock{mutex_};
  change(state_);
  const auto& lags = state_.settings.index_lag_ms;
  const bool lagging = std::any_of(lags.begin(), lags.end(), [](Milliseconds lag) { return lag > 0; });
  if (!lagging) return versions_.clear();
  // An index that begins to lag knows everything that is there now.
  for (const auto& [id, issue] : state_.issues) {
    if (!versions_.contains(id)) versions_[id].push_back({0, std::make_shared<const Issue>(issue)});
  }
}

std::string Jira::file_locked(const std::string& project_key, const std::string& summary,
                              const std::string& description, const std::string& name, const Form& more) {
  const Project* project = find_project(state_, project_key);
  if (project == nullptr) return {};
  Issue issue;
  issue.project = project->id;
  issue.type = project->issue_types.front();
  for (const std::string& id : project->issue_types) {
    if (more.type && state_.issue_types.at(id).name == *more.type) issue.type = id;
  }
  issue.status = state_.issue_types.at(issue.type).initial_status;
  issue.summary = summary;
  issue.description = stored_text(description);
  issue.reporter = issue.creator = user_named(name);
  if (!state_.priorities.empty()) issue.priority = state_.priorities[state_.priorities.size() / 2].id;
  if (more.labels) issue.labels = *more.labels;
  if (more.priority) issue.priority = id_named(state_.priorities, *more.priority);
  if (more.assignee) issue.assignee = user_named(*more.assignee);
  for (const auto& [field, json] : more.custom) issue.custom[field] = json;
  return state_.issues.at(keep_issue(std::move(issue))).key;
}

std::string Jira::file(const std::string& project, const std::string& summary, const std::string& description,
                       const std::string& name, const Form& more) {
  const std::scoped_lock lock{mutex_};
  return file_locked(project, summary, description, name, more);
}

void Jira::edit_locked(Issue& issue, const Form& form, const std::string& author) {
  Issue with = issue;
  if (form.summary) with.summary = *form.summary;
  if (form.description) with.description = stored_text(*form.description);
  if (form.labels) with.labels = *form.labels;
  if (form.priority) with.priority = id_named(state_.priorities, *form.priority);
  if (form.assignee) with.assignee = user_named(*form.assignee);
  if (form.resolution) with.resolution = id_named(state_.resolutions, *form.resolution);
  for (const std::string& id : project_of(state_, issue).issue_types) {
    if (form.type && state_.issue_types.at(id).name == *form.type) with.type = id;
  }
  for (const auto& [field, json] : form.custom) {
    if (json == "null") with.custom.erase(field);
    else with.custom[field] = json;
  }
  replace(issue, std::move(with), author);
}

void Jira::edit(const std::string& key, const Form& form, const std::string& name) {
  const std::scoped_lock lock{mutex_};
  if (Issue* issue = find(key)) edit_locked(*issue, form, user_named(name));
}

void Jira::set_labels(const std::string& key, std::vector<std::string> labels, const std::string& name) {
  Form form;
  form.labels = std::move(labels);
  edit(key, form, name);
}

Number Jira::comment(const std::string& key, const std::string& text, const std::string& name,
                     const Restriction& restriction) {
  const std::scoped_lock lock{mutex_};
  Issue* issue = find(key);
  if (issue == nullptr) return 0;
  Comment comment;
  comment.body = stored_text(text);
  comment.author = comment.update_author = user_named(name);
  apply(comment, restriction);
  return add_comment(*issue, std::move(comment));
}

void Jira::edit_comment(Number id, const std::string& text, const std::string& name) {
  const std::scoped_lock lock{mutex_};
  const auto found = state_.comments.find(id);
  if (found == state_.comments.end()) return;
  Issue& issue = state_.issues.at(found->second.issue);
  found->second.body = stored_text(text);
  found->second.update_author = user_named(name);
  found->second.updated = touch(issue);
  changed(issue);
  tell({"comment_updated", "issue_comment_edited", found->second.update_author, &issue, &found->second, nullptr});
}

void Jira::restrict_comment(Number id, const Restriction& restriction) {
  const std::scoped_lock lock{mutex_};
  const auto found = state_.comments.find(id);
  if (found == state_.comments.end()) return;
  Issue& issue = state_.issues.at(found->second.issue);
  apply(found->second, restriction);
  found->second.updated = touch(issue);
  changed(issue);
  tell({"comment_updated", "issue_comment_edited", found->second.update_author, &issue, &found->second, nullptr});
}

void Jira::delete_comment(Number id, const std::string& name) {
  const std::scoped_lock lock{mutex_};
  const auto found = state_.comments.find(id);
  if (found != state_.comments.end()) erase_comment(state_.issues.at(found->second.issue), id, user_named(name));
}

void Jira::transition(const std::string& key, const std::string& status, const std::string& name) {
  const std::scoped_lock lock{mutex_};
  Issue* issue = find(key);
  const Status* to = status_named(state_, status);
  if (issue == nullptr || to == nullptr) return;
  Issue with = *issue;
  with.status = to->id;
  const bool done = to->category == "done";
  if (done && with.resolution.empty() && !state_.resolutions.empty()) with.resolution = state_.resolutions.front().id;
  if (!done) with.resolution.clear();
  replace(*issue, std::move(with), user_named(name));
}

std::string Jira::move(const std::string& key, const std::string& project_key, const std::string& name) {
  const std::scoped_lock lock{mutex_};
  Issue* issue = find(key);
  const Project* found = find_project(state_, project_key);
  if (issue == nullptr || found == nullptr || found->id == issue->project) return {};
  Project& project = state_.projects.at(found->id);
  Issue with = *issue;
  with.project = project.id;
  with.key = fmt::format("{}-{}", project.key, ++project.last_number);
  if (std::find(project.issue_types.begin(), project.issue_types.end(), with.type) == project.issue_types.end()) {
    with.type = project.issue_types.front();
    with.status = state_.issue_types.at(with.type).initial_status;
  }
  with.security.clear();
  with.components.clear();
  with.fix_versions.clear();
  state_.keys[with.key] = with.id;  // and the old key stays
  replace(*issue, std::move(with), user_named(name));
  return issue->key;
}

void Jira::erase_issue(Number id, const std::string& author) {
  const auto found = state_.issues.find(id);
  if (found == state_.issues.end()) return;
  tell({"jira:issue_deleted", "", author, &found->second, nullptr, nullptr});
  for (const Number comment : found->second.comments) state_.comments.erase(comment);
  for (const Number attachment : found->second.attachments) state_.attachments.erase(attachment);
  state_.issues.erase(found);
  versions_.erase(id);  // what is deleted no search shows, however old its index
}

void Jira::remove(const std::string& key, const std::string& name) {
  const std::scoped_lock lock{mutex_};
  if (const Issue* issue = find(key)) erase_issue(issue->id, user_named(name));
}

void Jira::archive(const std::string& key) {
  const std::scoped_lock lock{mutex_};
  if (Issue* issue = find(key)) issue->archived = true;
}

void Jira::restore(const std::string& key) {
  const std::scoped_lock lock{mutex_};
  if (Issue* issue = find(key)) issue->archived = false;
}

void Jira::set_security(const std::string& key, const std::string& level, const std::string& name) {
  const std::scoped_lock lock{mutex_};
  Issue* issue = find(key);
  if (issue == nullptr) return;
  Issue with = *issue;
  with.security.clear();
  for (const SecurityLevel& one : project_of(state_, *issue).security_levels) {
    if (one.name == level) with.security = one.id;
  }
  replace(*issue, std::move(with), user_named(name));
}

Number Jira::attach(const std::string& key, const std::string& file_name, const std::string& content,
                    const std::string& name, const std::string& content_type) {
  const std::scoped_lock lock{mutex_};
  Issue* issue = find(key);
  if (issue == nullptr) return 0;
  Attachment attachment;
  attachment.name = file_name;
  attachment.content = content;
  attachment.content_type = content_type;
  attachment.author = user_named(name);
  return add_attachment(*issue, std::move(attachment));
}

void Jira::rename_user(const std::string& name, const std::string& login, const std::string& display_name) {
  const std::scoped_lock lock{mutex_};
  const auto found = state_.users.find(user_named(name));
  if (found == state_.users.end()) return;
  found->second.name = login;
  found->second.display_name = display_name;
}

void Jira::deactivate_user(const std::string& name) {
  const std::scoped_lock lock{mutex_};
  const auto found = state_.users.find(user_named(name));
  if (found != state_.users.end()) found->second.active = false;
}

void Jira::solve_captcha(const std::string& name) {
  const std::scoped_lock lock{mutex_};
  const auto found = state_.users.find(user_named(name));
  if (found == state_.users.end()) return;
  found->second.captcha = false;
  found->second.failed_logins = 0;
}

void Jira::expire_access_tokens() {
  const std::scoped_lock lock{mutex_};
  access_tokens_.clear();
}

void Jira::expire_page_tokens() {
  const std::scoped_lock lock{mutex_};
  page_tokens_.clear();
}

void Jira::fill(const std::string& project, std::size_t issues, std::size_t comments_each, std::size_t body_bytes) {
  const std::scoped_lock lock{mutex_};
  static constexpr std::string_view sentence = "The pump stops after a while and has to be started by hand. ";
  std::string text;
  while (text.size() < body_bytes) text += sentence;
  text.resize(body_bytes);
  for (std::size_t at = 0; at < issues; ++at) {
    Form form;
    form.labels = std::vector<std::string>{"generated"};
    const std::string key = file_locked(project, fmt::format("Generated issue {}", at + 1), text, "reporter", form);
    Issue* issue = find(key);
    if (issue == nullptr) return;
    for (std::size_t comment = 0; comment < comments_each; ++comment) {
      Comment one;
      one.body = stored_text(fmt::format("Comment {}: {}", comment + 1, text));
      one.author = one.update_author = user_named(comment % 2 == 0 ? "visitor" : "maintainer");
      add_comment(*issue, std::move(one));
    }
  }
}

std::optional<Issue> Jira::look(const std::string& key) const {
  const std::scoped_lock lock{mutex_};
  std::string upper = key;
  std::transform(upper.begin(), upper.end(), upper.begin(), [](unsigned char letter) { return std::toupper(letter); });
  const auto id = state_.keys.find(upper);
  const auto found = id == state_.keys.end() ? state_.issues.end() : state_.issues.find(id->second);
  return found == state_.issues.end() ? std::nullopt : std::optional{found->second};
}

std::optional<Issue> Jira::look(Number id) const {
  const std::scoped_lock lock{mutex_};
  const auto found = state_.issues.find(id);
  return found == state_.issues.end() ? std::nullopt : std::optional{found->second};
}

std::vector<Comment> Jira::comments(const std::string& key) const {
  const std::optional<Issue> issue = look(key);
  std::vector<Comment> all;
  if (!issue) return all;
  const std::scoped_lock lock{mutex_};
  for (const Number id : issue->comments) {
    if (const auto found = state_.comments.find(id); found != state_.comments.end()) all.push_back(found->second);
  }
  return all;
}

std::vector<Number> Jira::all(const std::string& project) const {
  const std::scoped_lock lock{mutex_};
  std::vector<Number> ids;
  const Project* found = find_project(state_, project);
  for (const auto& [id, issue] : state_.issues) {
    if (found != nullptr && issue.project == found->id) ids.push_back(id);
  }
  return ids;
}

State Jira::state() const {
  const std::scoped_lock lock{mutex_};
  return state_;
}

void Jira::trouble(Trouble trouble) {
  const std::scoped_lock lock{mutex_};
  troubles_.push_back(std::move(trouble));
}

void Jira::limit(RateLimit limit) {
  const std::scoped_lock lock{mutex_};
  Trouble when;
  when.method = limit.method;
  when.path_template = limit.path_template;
  when.skip = limit.skip;
  when.times = limit.times;
  limits_.emplace_back(std::move(when), std::move(limit));
}

void Jira::forget_who_asks(int times, const std::string& method, const std::string& path_template) {
  const std::scoped_lock lock{mutex_};
  Trouble when;
  when.method = method;
  when.path_template = path_template;
  when.times = times;
  anonymous_.push_back(std::move(when));
}

void Jira::no_trouble() {
  const std::scoped_lock lock{mutex_};
  troubles_.clear();
  limits_.clear();
  anonymous_.clear();
}

std::map<std::string, std::size_t> Jira::requests() const {
  const std::scoped_lock lock{mutex_};
  return requests_;
}

void Jira::forget_requests() {
  const std::scoped_lock lock{mutex_};
  requests_.clear();
}

std::size_t Jira::refusals() const {
  const std::scoped_lock lock{mutex_};
  return refusals_;
}

std::size_t Jira::leaked_credentials() const {
  const std::scoped_lock lock{mutex_};
  return leaks_;
}

}  // namespace causeway::fakes::jira
