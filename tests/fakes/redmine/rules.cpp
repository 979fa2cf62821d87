#include "tests/fakes/redmine/rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace causeway::fakes::redmine {
namespace {

constexpr std::size_t subject_characters_max = 255;

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }));
}

bool blank(std::string_view text) { return text.find_first_not_of(" \t\r\n") == std::string_view::npos; }

template <class List>
bool has(const List& list, Number id) {
  return std::any_of(list.begin(), list.end(), [&](const auto& entry) { return entry.id == id; });
}

bool blocked(const State& state, const Issue& issue) {
  return std::any_of(state.relations.begin(), state.relations.end(), [&](const Relation& relation) {
    if (relation.type != "blocks" || relation.to != issue.id) return false;
    const auto blocker = state.issues.find(relation.from);
    return blocker != state.issues.end() && !is_closed(state, blocker->second.status);
  });
}

bool has_open_children(const State& state, const Issue& issue) {
  for (auto child = state.children.lower_bound({issue.id, 0});
       child != state.children.end() && child->first == issue.id; ++child) {
    if (!is_closed(state, state.issues.at(child->second).status)) return true;
  }
  return false;
}

bool assignable(const State& state, const Project& project, Number user) {
  const auto member = project.members.find(user);
  if (member == project.members.end()) return false;
  return std::any_of(member->second.begin(), member->second.end(),
                     [&](Number role) { return state.roles.at(role).assignable; });
}

/// What the project offers is taken over; everything the new project does not have falls away.
void move_to(const State& state, Issue& issue, const Project& project) {
  issue.project = project.id;
  if (std::find(project.trackers.begin(), project.trackers.end(), issue.tracker) == project.trackers.end()) {
    issue.tracker = project.trackers.empty() ? 0 : project.trackers.front();
  }
  if (!has(project.categories, issue.category)) issue.category = 0;
  if (!has(project.versions, issue.version)) issue.version = 0;
  if (issue.assignee != 0 && !assignable(state, project, issue.assignee)) issue.assignee = 0;
}

void take_custom(const State& state, const Actor& actor, Issue& issue, const Wish& wish) {
  const Project& project = state.projects.at(issue.project);
  for (const auto& [id, values] : wish.custom) {
    const auto field = state.custom_fields.find(id);
    if (field == state.custom_fields.end() || !actor.sees(field->second, project)) continue;
    std::vector<std::string> kept;
    for (const std::string& value : values) {
      if (!value.empty()) kept.push_back(value);
    }
    if (!field->second.multiple && kept.size() > 1) kept.resize(1);
    if (kept.empty()) {
      issue.custom.erase(id);
    } else {
      issue.custom[id] = std::move(kept);
    }
  }
}

/// Takes over what the actor may set and leaves the rest as it is, without a word.
void take(const State& state, const Actor& actor, Issue& issue, const Wish& wish, bool creating) {
  if (wish.project && !creating) {
    const Project* target = find_project(state, *wish.project);
    if (target != nullptr && target->id != issue.project && actor.may("add_issues", *target)) {
      move_to(state, issue, *target);
    }
  }
  const Project& project = state.projects.at(issue.project);
  if (wish.tracker &&
      std::find(project.trackers.begin(), project.trackers.end(), *wish.tracker) != project.trackers.end()) {
    issue.tracker = *wish.tracker;
  }
  if (creating) {
    for (const IssueTracker& tracker : state.trackers) {
      if (tracker.id == issue.tracker) issue.status = tracker.default_status;
    }
  } else if (wish.status) {
    const std::vector<Number> allowed = actor.allowed_statuses(issue);
    if (std::find(allowed.begin(), allowed.end(), *wish.status) != allowed.end()) issue.status = *wish.status;
  }
  if (wish.priority) issue.priority = *wish.priority;
  if (wish.subject) issue.subject = *wish.subject;
  if (wish.description) issue.description = with_crlf(*wish.description);
  if (wish.assignee) issue.assignee = *wish.assignee;
  if (wish.category) issue.category = has(project.categories, *wish.category) ? *wish.category : 0;
  if (wish.version) issue.version = *wish.version;
  if (wish.start_date) issue.start_date = *wish.start_date;
  if (wish.due_date) issue.due_date = *wish.due_date;
  if (wish.parent && actor.may("manage_subtasks", project)) issue.parent = *wish.parent;
  const bool own = issue.author == actor.user().id;
  if (wish.is_private &&
      (actor.may("set_issues_private", project) || (own && actor.may("set_own_issues_private", project)))) {
    issue.is_private = *wish.is_private;
  }
  take_custom(state, actor, issue, wish);
}

std::vector<std::string> problems(const State& state, const Actor& actor, const Issue& issue,
                                  const Attributes& before) {
  std::vector<std::string> errors;
  const Project& project = state.projects.at(issue.project);
  if (blank(issue.subject)) errors.emplace_back("Subject cannot be blank");
  if (characters(issue.subject) > subject_characters_max) {
    errors.emplace_back("Subject is too long (maximum is 255 characters)");
  }
  if (!has(state.priorities, issue.priority)) errors.emplace_back("Priority cannot be blank");
  if (issue.assignee != 0 && issue.assignee != before.assignee && !assignable(state, project, issue.assignee)) {
    errors.emplace_back("Assignee is invalid");
  }
  if (issue.version != 0 && issue.version != before.version) {
    const bool open = std::any_of(project.versions.begin(), project.versions.end(), [&](const Version& version) {
      return version.id == issue.version && version.status == "open";
    });
    if (!open) errors.emplace_back("Target version is not included in the list");
  }
  if (!issue.start_date.empty() && !issue.due_date.empty() && issue.due_date < issue.start_date) {
    errors.emplace_back("Due date must be greater than start date");
  }
  for (const auto& [id, field] : state.custom_fields) {
    const auto value = issue.custom.find(id);
    if (value == issue.custom.end()) {
      if (field.required && actor.sees(field, project)) errors.push_back(field.name + " cannot be blank");
      continue;
    }
    if (field.format != "list") continue;
    for (const std::string& one : value->second) {
      if (std::find(field.possible_values.begin(), field.possible_values.end(), one) != field.possible_values.end())
        continue;
      errors.push_back(field.name + " is not included in the list");
      break;
    }
  }
  return errors;
}

std::optional<std::string> reference(Number id) { return id == 0 ? std::nullopt : std::optional{std::to_string(id)}; }

std::optional<std::string> joined(const std::map<Number, std::vector<std::string>>& custom, Number id) {
  const auto found = custom.find(id);
  if (found == custom.end() || found->second.empty()) return std::nullopt;
  return found->second.front();
}

/// Attaches uploaded files; false when one of the tokens is unknown or already used.
bool attach(State& state, const Actor& actor, Issue& issue, const Wish& wish, Microseconds now,
            std::vector<Detail>& details) {
  for (const Wish::Upload& upload : wish.uploads) {
    if (!state.uploads.contains(upload.token)) return false;
  }
  for (const Wish::Upload& upload : wish.uploads) {
    StoredFile file = std::move(state.uploads.at(upload.token));
    state.uploads.erase(upload.token);
    if (!upload.name.empty()) file.name = upload.name;
    if (!upload.content_type.empty()) file.content_type = upload.content_type;
    file.description = upload.description;
    file.author = actor.user().id;
    file.created = now;
    details.push_back({"attachment", std::to_string(file.id), std::nullopt, file.name});
    issue.files.push_back(std::move(file));
  }
  return true;
}

/// Closing an issue closes those that duplicate it.
void close_duplicates(State& state, const Actor& actor, const Issue& issue, Microseconds now) {
  if (!is_closed(state, issue.status)) return;
  for (const Relation& relation : state.relations) {
    if (relation.type != "duplicates" || relation.to != issue.id) continue;
    const auto found = state.issues.find(relation.from);
    if (found == state.issues.end() || is_closed(state, found->second.status)) continue;
    Issue& duplicate = found->second;
    Journal journal{0, actor.user().id, "", false, now, {}};
    journal.details.push_back({"attr", "status_id", reference(duplicate.status), reference(issue.status)});
    duplicate.status = issue.status;
    duplicate.closed = now;
    add_journal(state, duplicate, std::move(journal));
    set_updated(state, duplicate, now);
  }
}

bool holds_nul(const Wish& wish) {
  const auto nul = [](const std::optional<std::string>& text) { return text && text->find('\0') != std::string::npos; };
  return nul(wish.subject) || nul(wish.description) || nul(wish.notes);
}

}  // namespace

std::vector<const Role*> Actor::roles(const Project& project) const {
  std::vector<const Role*> result;
  if (const auto member = project.members.find(user_.id); member != project.members.end()) {
    for (const Number role : member->second) result.push_back(&state_.roles.at(role));
    return result;
  }
  if (!project.is_public) return result;
  const Builtin wanted = user_.anonymous ? Builtin::anonymous : Builtin::non_member;
  for (const auto& [id, role] : state_.roles) {
    if (role.builtin == wanted) result.push_back(&role);
  }
  return result;
}

bool Actor::may(std::string_view permission, const Project& project) const {
  if (project.state == Project::State::archived) return false;
  if (project.state == Project::State::closed && !permission.starts_with("view_")) return false;
  if (user_.admin) return true;
  const auto own = roles(project);
  return std::any_of(own.begin(), own.end(),
                     [&](const Role* role) { return role->permissions.contains(std::string{permission}); });
}

bool Actor::sees(const Project& project) const {
  if (project.state == Project::State::archived) return false;
  return user_.admin || !roles(project).empty();
}

bool Actor::sees(const Issue& issue) const {
  const Project& project = state_.projects.at(issue.project);
  if (!may("view_issues", project)) return false;
  if (user_.admin) return true;
  const bool own = !user_.anonymous && (issue.author == user_.id || issue.assignee == user_.id);
  const auto held = roles(project);
  return std::any_of(held.begin(), held.end(), [&](const Role* role) {
    if (!role->permissions.contains("view_issues")) return false;
    if (role->issues_visibility == "all") return true;
    return role->issues_visibility == "default" ? !issue.is_private || own : own;
  });
}

bool Actor::sees(const Issue& issue, const Journal& journal) const {
  if (!journal.is_private || (journal.user == user_.id && !user_.anonymous)) return true;
  return may("view_private_notes", state_.projects.at(issue.project));
}

bool Actor::sees(const CustomField& field, const Project& project) const {
  if (field.visible || user_.admin) return true;
  const auto own = roles(project);
  return std::any_of(own.begin(), own.end(), [&](const Role* role) { return field.roles.contains(role->id); });
}

bool Actor::edits(const Issue& issue) const {
  const Project& project = state_.projects.at(issue.project);
  return may("edit_issues", project) || (issue.author == user_.id && may("edit_own_issues", project));
}

std::vector<Number> Actor::allowed_statuses(const Issue& issue) const {
  const Project& project = state_.projects.at(issue.project);
  std::set<Number> role_ids;
  if (user_.admin) {
    for (const auto& [id, role] : state_.roles) role_ids.insert(id);
  } else {
    for (const Role* role : roles(project)) role_ids.insert(role->id);
  }
  const auto parent = state_.issues.find(issue.parent);
  const bool parent_closed = parent != state_.issues.end() && is_closed(state_, parent->second.status);
  const bool cannot_close = blocked(state_, issue) || has_open_children(state_, issue);
  std::vector<Number> allowed;
  for (const Status& status : state_.statuses) {
    const bool leads = std::any_of(role_ids.begin(), role_ids.end(), [&](Number role) {
      return state_.workflow.contains({issue.tracker, role, issue.status, status.id});
    });
    if (status.id != issue.status) {
      if (!leads || (status.is_closed && cannot_close) || (!status.is_closed && parent_closed)) continue;
    }
    allowed.push_back(status.id);
  }
  return allowed;
}

const Project* find_project(const State& state, std::string_view id_or_identifier) {
  Number id = 0;
  const char* end = id_or_identifier.data() + id_or_identifier.size();
  const auto [stop, error] = std::from_chars(id_or_identifier.data(), end, id);
  if (error == std::errc{} && stop == end) {
    const auto found = state.projects.find(id);
    return found == state.projects.end() ? nullptr : &found->second;
  }
  for (const auto& [number, project] : state.projects) {
    if (project.identifier == id_or_identifier) return &project;
  }
  return nullptr;
}

const Status* find_status(const State& state, Number id) {
  for (const Status& status : state.statuses) {
    if (status.id == id) return &status;
  }
  return nullptr;
}

bool is_closed(const State& state, Number status) {
  const Status* found = find_status(state, status);
  return found != nullptr && found->is_closed;
}

void set_updated(State& state, Issue& issue, Microseconds now) {
  state.by_update.erase({issue.updated, issue.id});
  issue.updated = now;
  ++issue.lock_version;
  state.by_update.insert({now, issue.id});
}

Number add_journal(State& state, Issue& issue, Journal journal) {
  if (state.settings.ids_reused) {
    state.last_journal = state.journal_issues.empty() ? 0 : state.journal_issues.rbegin()->first;
  }
  journal.id = ++state.last_journal;
  state.journal_issues[journal.id] = issue.id;
  issue.journals.push_back(std::move(journal));
  return state.last_journal;
}

Journal* find_journal(State& state, Number id) {
  const auto owner = state.journal_issues.find(id);
  if (owner == state.journal_issues.end()) return nullptr;
  for (Journal& journal : state.issues.at(owner->second).journals) {
    if (journal.id == id) return &journal;
  }
  return nullptr;
}

std::vector<Detail> details_of(const State& state, const Attributes& before, const Attributes& now) {
  std::vector<Detail> details;
  const auto references = [&](const char* name, Number old_id, Number new_id) {
    if (old_id != new_id) details.push_back({"attr", name, reference(old_id), reference(new_id)});
  };
  const auto texts = [&](const char* name, const std::string& old_text, const std::string& new_text) {
    if (old_text != new_text) details.push_back({"attr", name, old_text, new_text});
  };
  references("project_id", before.project, now.project);
  references("tracker_id", before.tracker, now.tracker);
  references("status_id", before.status, now.status);
  references("priority_id", before.priority, now.priority);
  references("assigned_to_id", before.assignee, now.assignee);
  references("category_id", before.category, now.category);
  references("fixed_version_id", before.version, now.version);
  references("parent_id", before.parent, now.parent);
  texts("subject", before.subject, now.subject);
  texts("description", before.description, now.description);
  texts("start_date", before.start_date, now.start_date);
  texts("due_date", before.due_date, now.due_date);
  if (before.is_private != now.is_private) {
    details.push_back({"attr", "is_private", before.is_private ? "1" : "0", now.is_private ? "1" : "0"});
  }
  for (const auto& [id, field] : state.custom_fields) {
    const auto old_value = before.custom.find(id);
    const auto new_value = now.custom.find(id);
    const bool same = old_value == before.custom.end()
                          ? new_value == now.custom.end()
                          : new_value != now.custom.end() && old_value->second == new_value->second;
    if (!same) details.push_back({"cf", std::to_string(id), joined(before.custom, id), joined(now.custom, id)});
  }
  return details;
}

Outcome create_issue(State& state, const Actor& actor, const Wish& wish, Microseconds now) {
  const Project* project = wish.project ? find_project(state, *wish.project) : nullptr;
  if (project == nullptr) {
    return {Outcome::Kind::refused,
            {"Project cannot be blank", "Tracker cannot be blank", "Status cannot be blank", "Subject cannot be blank"},
            0};
  }
  if (!actor.may("add_issues", *project)) return {Outcome::Kind::forbidden, {}, 0};
  if (!state.settings.nul_accepted && holds_nul(wish)) return {Outcome::Kind::server_error, {}, 0};
  Issue issue;
  issue.project = project->id;
  issue.author = actor.user().id;
  issue.tracker = project->trackers.empty() ? 0 : project->trackers.front();
  for (const Priority& priority : state.priorities) {
    if (priority.is_default) issue.priority = priority.id;
  }
  for (const auto& [id, field] : state.custom_fields) {
    if (!field.default_value.empty()) issue.custom[id] = {field.default_value};
  }
  take(state, actor, issue, wish, true);
  std::vector<std::string> errors = problems(state, actor, issue, Attributes{});
  const auto parent = state.issues.find(issue.parent);
  if (parent != state.issues.end() && is_closed(state, parent->second.status)) {
    errors.emplace_back("Parent task is invalid");
  }
  if (!errors.empty()) return {Outcome::Kind::refused, std::move(errors), 0};
  std::vector<Detail> ignored;
  if (!attach(state, actor, issue, wish, now, ignored)) {
    return {Outcome::Kind::refused, {fmt::format("{} file(s) could not be saved.", wish.uploads.size())}, 0};
  }
  if (state.settings.ids_reused) state.last_issue = state.issues.empty() ? 0 : state.issues.rbegin()->first;
  issue.id = ++state.last_issue;
  issue.created = issue.updated = now;
  state.by_update.insert({now, issue.id});
  const Number id = issue.id;
  if (issue.parent != 0) state.children.insert({issue.parent, id});
  state.issues.emplace(id, std::move(issue));
  return {Outcome::Kind::done, {}, id};
}

Outcome update_issue(State& state, const Actor& actor, Issue& issue, const Wish& wish, Microseconds now) {
  const Project& project = state.projects.at(issue.project);
  const bool edits = actor.edits(issue);
  const bool notes_allowed = edits || actor.may("add_issue_notes", project);
  if (!edits && !notes_allowed) return {Outcome::Kind::forbidden, {}, 0};
  if (wish.lock_version && *wish.lock_version != issue.lock_version) return {Outcome::Kind::refused, {}, 0};
  if (!state.settings.nul_accepted && holds_nul(wish)) return {Outcome::Kind::server_error, {}, 0};
  const Attributes before = issue;
  const bool private_notes = wish.private_notes && actor.may("set_notes_private", project);
  if (edits) {
    take(state, actor, issue, wish, false);
    std::vector<std::string> errors = problems(state, actor, issue, before);
    if (!errors.empty()) {
      static_cast<Attributes&>(issue) = before;
      return {Outcome::Kind::refused, std::move(errors), 0};
    }
  }
  if (issue.parent != before.parent) {
    state.children.erase({before.parent, issue.id});
    if (issue.parent != 0) state.children.insert({issue.parent, issue.id});
  }
  std::vector<Detail> details = details_of(state, before, issue);
  if (!attach(state, actor, issue, wish, now, details)) {
    static_cast<Attributes&>(issue) = before;
    return {Outcome::Kind::refused, {fmt::format("{} file(s) could not be saved.", wish.uploads.size())}, 0};
  }
  const std::string notes = wish.notes && notes_allowed && !blank(*wish.notes) ? *wish.notes : std::string{};
  if (private_notes && !notes.empty() && !details.empty()) {
    // What changed is for everybody; only the note is private. So two entries are made.
    add_journal(state, issue, {0, actor.user().id, "", false, now, std::move(details)});
    details.clear();
  }
  if (!notes.empty() || !details.empty()) {
    add_journal(state, issue, {0, actor.user().id, notes, private_notes && !notes.empty(), now, std::move(details)});
  }
  const bool closed = is_closed(state, issue.status);
  if (closed && !is_closed(state, before.status)) issue.closed = now;
  if (!closed) issue.closed.reset();
  set_updated(state, issue, now);  // even when nothing changed
  if (before.status != issue.status) close_duplicates(state, actor, issue, now);
  return {};
}

void delete_issue(State& state, Number id) {
  const auto found = state.issues.find(id);
  if (found == state.issues.end()) return;
  std::vector<Number> children;
  for (auto child = state.children.lower_bound({id, 0}); child != state.children.end() && child->first == id; ++child) {
    children.push_back(child->second);
  }
  state.children.erase({found->second.parent, id});
  for (const Journal& journal : found->second.journals) state.journal_issues.erase(journal.id);
  state.by_update.erase({found->second.updated, id});
  state.issues.erase(found);
  std::erase_if(state.relations, [&](const Relation& relation) { return relation.from == id || relation.to == id; });
  for (const Number child : children) delete_issue(state, child);
}

void set_notes(State& state, Number id, const std::string& notes, std::optional<bool> is_private) {
  Journal* journal = find_journal(state, id);
  if (journal == nullptr) return;
  journal->notes = notes;
  if (is_private) journal->is_private = *is_private;
  if (!blank(notes) || !journal->details.empty()) return;
  Issue& issue = state.issues.at(state.journal_issues.at(id));
  std::erase_if(issue.journals, [&](const Journal& one) { return one.id == id; });
  state.journal_issues.erase(id);
}

std::string with_crlf(std::string_view text) {
  std::string result;
  result.reserve(text.size() + text.size() / 32);
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\r') {
      if (at + 1 < text.size() && text[at + 1] == '\n') ++at;
      result += "\r\n";
    } else if (text[at] == '\n') {
      result += "\r\n";
    } else {
      result += text[at];
    }
  }
  return result;
}

}  // namespace causeway::fakes::redmine
