#include "tests/fakes/github/rules.hpp"

#include <algorithm>

#include "tests/fakes/http/exchange.hpp"

namespace causeway::fakes::github {
namespace {

/// Keeps what lists go on showing for a while, when they lag.
void before_change(const State& state, Issue& issue, Seconds now) {
  if (state.settings.list_lag == 0) {
    issue.stale.reset();
    issue.stale_until = 0;
    return;
  }
  if (now >= issue.stale_until) {
    auto copy = std::make_shared<Issue>(issue);
    copy->stale.reset();
    issue.stale = std::move(copy);
  }
  issue.stale_until = now + state.settings.list_lag;
}

void touch(Repository& repository, Issue& issue, Seconds now) {
  repository.issues_by_update.erase({issue.updated, issue.number});
  issue.updated = now;
  repository.issues_by_update.emplace(issue.updated, issue.number);
  repository.updated = now;
}

void record(State& state, Issue& issue, Number actor, std::string kind, Seconds now, std::string text = {},
            std::string other = {}, Number subject = 0) {
  issue.events.push_back({++state.last_id, actor, std::move(kind), now, std::move(text), std::move(other), subject});
}

/// Adds to the milestone's numbers of issues.
void count(Repository& repository, const Issue& issue, Number change) {
  const auto milestone = repository.milestones.find(issue.milestone);
  if (milestone == repository.milestones.end()) return;
  (issue.closed ? milestone->second.closed_issues : milestone->second.open_issues) += change;
}

template <class List>
bool has(const List& list, Number id) {
  return std::find(list.begin(), list.end(), id) != list.end();
}

Label& label_named(State& state, Repository& repository, const std::string& name) {
  const auto found = repository.label_names.find(lower(name));
  if (found != repository.label_names.end()) return repository.labels.at(found->second);
  return add_label(state, repository, name, "ededed");
}

bool set_labels(State& state, Repository& repository, Issue& issue, const std::vector<std::string>& names, Number actor,
                Seconds now) {
  std::vector<Number> wanted;
  for (const std::string& name : names) {
    const Number id = label_named(state, repository, name).id;
    if (!has(wanted, id)) wanted.push_back(id);
  }
  bool changed = false;
  for (const Number id : issue.labels) {
    if (has(wanted, id)) continue;
    const Label& label = repository.labels.at(id);
    record(state, issue, actor, "unlabeled", now, label.name, label.color);
    changed = true;
  }
  for (const Number id : wanted) {
    if (has(issue.labels, id)) continue;
    const Label& label = repository.labels.at(id);
    record(state, issue, actor, "labeled", now, label.name, label.color);
    changed = true;
  }
  issue.labels = std::move(wanted);
  return changed;
}

bool set_assignees(State& state, Repository& repository, Issue& issue, const std::vector<std::string>& logins,
                   Number actor, Seconds now) {
  std::vector<Number> wanted;
  for (const std::string& login : logins) {
    const Number id = user_of(state, login);
    if (id == 0 || !assignable(repository, id) || has(wanted, id) || wanted.size() == assignees_max) continue;
    wanted.push_back(id);
  }
  bool changed = false;
  for (const Number id : issue.assignees) {
    if (has(wanted, id)) continue;
    record(state, issue, actor, "unassigned", now, {}, {}, id);
    changed = true;
  }
  for (const Number id : wanted) {
    if (has(issue.assignees, id)) continue;
    record(state, issue, actor, "assigned", now, {}, {}, id);
    changed = true;
  }
  issue.assignees = std::move(wanted);
  return changed;
}

bool set_state(State& state, Repository& repository, Issue& issue, bool closed,
               const std::optional<std::string>& reason, Number actor, Seconds now) {
  if (closed == issue.closed) return false;
  issue.closed = closed;
  repository.open_issues += closed ? -1 : 1;
  if (closed) {
    issue.state_reason = reason.value_or("completed");
    issue.closed_at = now;
    issue.closed_by = actor;
    record(state, issue, actor, "closed", now, *issue.state_reason);
  } else {
    issue.state_reason = "reopened";
    issue.closed_at.reset();
    issue.closed_by = 0;
    record(state, issue, actor, "reopened", now, "reopened");
  }
  return true;
}

bool set_milestone(State& state, Repository& repository, Issue& issue, Number number, Number actor, Seconds now) {
  if (number == issue.milestone) return false;
  if (const auto old = repository.milestones.find(issue.milestone); old != repository.milestones.end()) {
    record(state, issue, actor, "demilestoned", now, old->second.title);
  }
  issue.milestone = repository.milestones.contains(number) ? number : 0;
  if (issue.milestone != 0) {
    record(state, issue, actor, "milestoned", now, repository.milestones.at(number).title);
  }
  return true;
}

}  // namespace

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }));
}

const User& user_or_ghost(const State& state, Number id) {
  const auto found = state.users.find(id);
  return found == state.users.end() ? state.users.at(ghost_id) : found->second;
}

Number user_of(const State& state, std::string_view login) {
  const auto found = state.logins.find(lower(login));
  return found == state.logins.end() ? 0 : found->second;
}

Repository* find_repository(State& state, std::string_view full_name) {
  const auto found = state.names.find(lower(full_name));
  return found == state.names.end() ? nullptr : &state.repositories.at(found->second);
}

Issue* find_issue(Repository& repository, Number number) {
  const auto found = repository.issues.find(number);
  return found == repository.issues.end() ? nullptr : &found->second;
}

Repository* repository_of_comment(State& state, Number comment) {
  for (auto& [id, repository] : state.repositories) {
    if (repository.comments.contains(comment)) return &repository;
  }
  return nullptr;
}

Access access_of(const Repository& repository, Number user) {
  if (user != 0 && user == repository.owner) return Access::admin;
  const auto member = repository.members.find(user);
  if (member != repository.members.end()) return member->second;
  return repository.is_private ? Access::none : Access::read;
}

bool assignable(const Repository& repository, Number user) {
  const auto member = repository.members.find(user);
  return user == repository.owner || (member != repository.members.end() && member->second >= Access::triage);
}

std::string_view association(const Repository& repository, Number user) {
  if (user == repository.owner) return "OWNER";
  const auto member = repository.members.find(user);
  if (member == repository.members.end()) return "NONE";
  return member->second == Access::admin ? "MEMBER" : "COLLABORATOR";
}

const Label* find_label(const Repository& repository, std::string_view name) {
  const auto found = repository.label_names.find(lower(name));
  return found == repository.label_names.end() ? nullptr : &repository.labels.at(found->second);
}

Number add_user(State& state, const std::string& login, const std::string& type) {
  if (const Number known = user_of(state, login); known != 0) return known;
  const Number id = lower(login) == "ghost" ? ghost_id : ++state.last_id;
  state.users[id] = {id, login, type, ""};
  state.logins[lower(login)] = id;
  return id;
}

Repository& add_repository(State& state, const std::string& owner, const std::string& name, Seconds now) {
  Repository repository;
  repository.id = ++state.last_id;
  repository.owner = add_user(state, owner, "Organization");
  repository.owner_login = owner;
  repository.name = name;
  repository.created = repository.updated = now;
  state.names[lower(repository.full_name())] = repository.id;
  return state.repositories[repository.id] = std::move(repository);
}

Label& add_label(State& state, Repository& repository, const std::string& name, const std::string& color,
                 std::optional<std::string> description) {
  const Number id = ++state.last_id;
  repository.label_names[lower(name)] = id;
  return repository.labels[id] = {id, name, color, std::move(description), false};
}

void rename_label(Repository& repository, Label& label, const std::string& name) {
  repository.label_names.erase(lower(label.name));
  label.name = name;
  repository.label_names[lower(name)] = label.id;
}

void drop_label(Repository& repository, Number label) {
  const auto found = repository.labels.find(label);
  if (found == repository.labels.end()) return;
  repository.label_names.erase(lower(found->second.name));
  repository.labels.erase(found);
  for (auto& [number, issue] : repository.issues) std::erase(issue.labels, label);
}

Milestone& add_milestone(State& state, Repository& repository, const std::string& title, Number creator, Seconds now) {
  const Number number = ++repository.last_milestone;
  Milestone& milestone = repository.milestones[number];
  milestone.id = ++state.last_id;
  milestone.number = number;
  milestone.creator = creator;
  milestone.title = title;
  milestone.created = milestone.updated = now;
  return milestone;
}

Issue& add_issue(State& state, Repository& repository, Number user, Number app, const std::string& title,
                 std::optional<std::string> body, Seconds now) {
  const Number number = ++repository.last_number;
  Issue& issue = repository.issues[number];
  issue.id = ++state.last_id;
  issue.number = number;
  issue.user = user;
  issue.app = app;
  issue.title = title;
  issue.body = std::move(body);
  issue.created = issue.updated = now;
  issue.stale_until = state.settings.list_lag == 0 ? 0 : now + state.settings.list_lag;
  repository.issues_by_update.emplace(now, number);
  ++repository.open_issues;
  return issue;
}

void apply(State& state, Repository& repository, Issue& issue, const Change& change, Number actor, Seconds now) {
  before_change(state, issue, now);
  count(repository, issue, -1);
  bool changed = false;
  if (change.title && *change.title != issue.title) {
    record(state, issue, actor, "renamed", now, issue.title, *change.title);
    issue.title = *change.title;
    changed = true;
  }
  if (change.body && *change.body != issue.body) {
    issue.body = *change.body;
    changed = true;
  }
  if (change.labels) changed |= set_labels(state, repository, issue, *change.labels, actor, now);
  if (change.assignees) changed |= set_assignees(state, repository, issue, *change.assignees, actor, now);
  if (change.milestone) changed |= set_milestone(state, repository, issue, *change.milestone, actor, now);
  if (change.closed) changed |= set_state(state, repository, issue, *change.closed, change.state_reason, actor, now);
  count(repository, issue, 1);
  if (changed) touch(repository, issue, now);
}

void attach_labels(State& state, Repository& repository, Issue& issue, const std::vector<std::string>& names,
                   Number actor, Seconds now) {
  Change change;
  std::vector<std::string>& all = change.labels.emplace();
  for (const Number id : issue.labels) all.push_back(repository.labels.at(id).name);
  all.insert(all.end(), names.begin(), names.end());
  apply(state, repository, issue, change, actor, now);
}

void detach_label(State& state, Repository& repository, Issue& issue, Number label, Number actor, Seconds now) {
  Change change;
  std::vector<std::string>& left = change.labels.emplace();
  for (const Number id : issue.labels) {
    if (id != label) left.push_back(repository.labels.at(id).name);
  }
  apply(state, repository, issue, change, actor, now);
}

void set_lock(State& state, Repository& repository, Issue& issue, bool locked, std::optional<std::string> reason,
              Number actor, Seconds now) {
  if (issue.locked == locked && (!locked || issue.lock_reason == reason)) return;
  before_change(state, issue, now);
  issue.locked = locked;
  issue.lock_reason = locked ? std::move(reason) : std::nullopt;
  record(state, issue, actor, locked ? "locked" : "unlocked", now, issue.lock_reason.value_or(""));
  touch(repository, issue, now);
}

Comment& add_comment(State& state, Repository& repository, Issue& issue, Number user, Number app,
                     const std::string& body, Seconds now) {
  before_change(state, issue, now);
  const Number id = ++state.last_id;
  const Seconds listed_from = state.settings.list_lag == 0 ? 0 : now + state.settings.list_lag;
  Comment& comment = repository.comments[id];
  comment = {id, issue.number, user, app, body, now, now, std::nullopt, listed_from};
  repository.comments_by_update.emplace(now, id);
  issue.comments.push_back(id);
  touch(repository, issue, now);
  return comment;
}

void set_comment(State& state, Repository& repository, Comment& comment, const std::string& body, Seconds now) {
  if (comment.body == body) return;
  comment.body = body;
  repository.comments_by_update.erase({comment.updated, comment.id});
  comment.updated = now;
  repository.comments_by_update.emplace(now, comment.id);
  Issue* issue = find_issue(repository, comment.issue);
  if (issue == nullptr) return;
  before_change(state, *issue, now);
  touch(repository, *issue, now);
}

void drop_comment(Repository& repository, Number comment) {
  const auto found = repository.comments.find(comment);
  if (found == repository.comments.end()) return;
  if (Issue* issue = find_issue(repository, found->second.issue)) std::erase(issue->comments, comment);
  repository.comments_by_update.erase({found->second.updated, comment});
  repository.comments.erase(found);
}

void drop_issue(Repository& repository, Number number) {
  const auto found = repository.issues.find(number);
  if (found == repository.issues.end()) return;
  for (const Number id : found->second.comments) {
    repository.comments_by_update.erase({repository.comments.at(id).updated, id});
    repository.comments.erase(id);
  }
  if (!found->second.closed) --repository.open_issues;
  count(repository, found->second, -1);
  repository.issues_by_update.erase({found->second.updated, number});
  repository.issues.erase(found);
  repository.gone[number] = {};
}

Number transfer_issue(State& state, Repository& from, Number number, Repository& to, Number actor, Seconds now) {
  Issue* source = find_issue(from, number);
  if (source == nullptr) return 0;
  Issue& moved = add_issue(state, to, source->user, source->app, source->title, source->body, now);
  moved.created = source->created;
  moved.closed = source->closed;
  moved.state_reason = source->state_reason;
  moved.closed_at = source->closed_at;
  moved.closed_by = source->closed_by;
  moved.events = source->events;
  if (moved.closed) --to.open_issues;
  for (const Number id : source->assignees) {
    if (assignable(to, id)) moved.assignees.push_back(id);
  }
  for (const Number id : source->labels) {
    if (const Label* equal = find_label(to, from.labels.at(id).name)) moved.labels.push_back(equal->id);
  }
  if (const auto milestone = from.milestones.find(source->milestone); milestone != from.milestones.end()) {
    for (const auto& [other, candidate] : to.milestones) {
      if (candidate.title == milestone->second.title) moved.milestone = other;
    }
  }
  for (const Number id : source->comments) {
    Comment comment = from.comments.at(id);
    comment.issue = moved.number;
    to.comments_by_update.emplace(comment.updated, id);
    to.comments[id] = std::move(comment);
    moved.comments.push_back(id);
  }
  count(to, moved, 1);
  record(state, moved, actor, "transferred", now);
  drop_issue(from, number);
  from.gone[number] = {to.id, moved.number};
  return moved.number;
}

void rename_repository(State& state, Repository& repository, const std::string& name) {
  repository.name = name;
  state.names[lower(repository.full_name())] = repository.id;
}

void drop_user(State& state, Number user) {
  if (user == 0 || user == ghost_id) return;
  std::erase_if(state.logins, [&](const auto& entry) { return entry.second == user; });
  std::erase_if(state.tokens, [&](const auto& entry) { return entry.second.user == user; });
  for (auto& [id, repository] : state.repositories) {
    repository.members.erase(user);
    for (auto& [number, issue] : repository.issues) std::erase(issue.assignees, user);
  }
  state.users.erase(user);
}

const Issue* listed(const Issue& issue, Seconds now) { return now < issue.stale_until ? issue.stale.get() : &issue; }

}  // namespace causeway::fakes::github
