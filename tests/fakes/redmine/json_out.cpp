#include "tests/fakes/redmine/json_out.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "agent/model/time.hpp"
#include "tests/fakes/http/exchange.hpp"

namespace causeway::fakes::redmine {
namespace {

/// A writer of objects whose members are called one after another.
class Out {
 public:
  Out() : writer_(buffer_) {}
  rapidjson::Writer<rapidjson::StringBuffer>& raw() { return writer_; }
  Out& open() {
    writer_.StartObject();
    return *this;
  }
  Out& close() {
    writer_.EndObject();
    return *this;
  }
  Out& key(std::string_view name) {
    writer_.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
    return *this;
  }
  Out& text(std::string_view value) {
    writer_.String(value.data(), static_cast<rapidjson::SizeType>(value.size()));
    return *this;
  }
  Out& member(std::string_view name, std::string_view value) { return key(name).text(value); }
  Out& member(std::string_view name, const char* value) { return key(name).text(value); }
  Out& member(std::string_view name, Number value) {
    key(name);
    writer_.Int64(value);
    return *this;
  }
  Out& flag(std::string_view name, bool value) {
    key(name);
    writer_.Bool(value);
    return *this;
  }
  Out& null(std::string_view name) {
    key(name);
    writer_.Null();
    return *this;
  }
  Out& list(std::string_view name) {
    key(name);
    writer_.StartArray();
    return *this;
  }
  Out& end_list() {
    writer_.EndArray();
    return *this;
  }
  Out& named(Number id, std::string_view name) { return open().member("id", id).member("name", name).close(); }
  Out& reference(std::string_view name, Number id, std::string_view shown) { return key(name).named(id, shown); }
  [[nodiscard]] std::string take() const { return {buffer_.GetString(), buffer_.GetSize()}; }

 private:
  rapidjson::StringBuffer buffer_;
  rapidjson::Writer<rapidjson::StringBuffer> writer_;
};

template <class List>
std::string name_in(const List& list, Number id) {
  for (const auto& entry : list) {
    if (entry.id == id) return entry.name;
  }
  return {};
}

std::string user_name(const State& state, Number id) {
  const auto found = state.users.find(id);
  return found == state.users.end() ? state.users.at(state.anonymous).name() : found->second.name();
}

/// Deleted people become the anonymous user.
Number user_id(const State& state, Number id) { return state.users.contains(id) ? id : state.anonymous; }

void write_status(Out& out, const Status& status) {
  out.open().member("id", status.id).member("name", status.name).flag("is_closed", status.is_closed).close();
}

void write_custom(Out& out, const Shown& shown, const Issue& issue) {
  const Project& project = shown.state.projects.at(issue.project);
  out.list("custom_fields");
  for (const auto& [id, field] : shown.state.custom_fields) {
    if (!shown.actor.sees(field, project)) continue;
    const auto value = issue.custom.find(id);
    out.open().member("id", id).member("name", field.name);
    if (field.multiple) {
      out.flag("multiple", true).list("value");
      if (value != issue.custom.end()) {
        for (const std::string& one : value->second) out.text(one);
      }
      out.end_list();
    } else {
      out.member("value", value == issue.custom.end() || value->second.empty()
                              ? std::string_view{}
                              : std::string_view{value->second.front()});
    }
    out.close();
  }
  out.end_list();
}

void write_files(Out& out, const Shown& shown, const Issue& issue) {
  out.list("attachments");
  for (const StoredFile& file : issue.files) {
    out.open()
        .member("id", file.id)
        .member("filename", file.name)
        .member("filesize", static_cast<Number>(file.content.size()))
        .member("content_type", file.content_type)
        .member("description", file.description)
        .member("content_url",
                shown.host + "/attachments/download/" + std::to_string(file.id) + "/" + url_encoded(file.name))
        .reference("author", user_id(shown.state, file.author), user_name(shown.state, file.author))
        .member("created_on", shown_time(file.created))
        .close();
  }
  out.end_list();
}

void write_optional(Out& out, std::string_view name, const std::optional<std::string>& value) {
  if (value) {
    out.member(name, *value);
  } else {
    out.null(name);
  }
}

void write_journals(Out& out, const Shown& shown, const Issue& issue) {
  out.list("journals");
  for (const Journal& journal : issue.journals) {
    if (!shown.actor.sees(issue, journal)) continue;
    out.open()
        .member("id", journal.id)
        .reference("user", user_id(shown.state, journal.user), user_name(shown.state, journal.user))
        .member("notes", journal.notes)
        .member("created_on", shown_time(journal.created))
        .flag("private_notes", journal.is_private)
        .list("details");
    for (const Detail& detail : journal.details) {
      out.open().member("property", detail.property).member("name", detail.name);
      write_optional(out, "old_value", detail.old_value);
      write_optional(out, "new_value", detail.new_value);
      out.close();
    }
    out.end_list().close();
  }
  out.end_list();
}

void write_issue(Out& out, const Shown& shown, const Issue& issue, const Includes& includes, bool alone) {
  const State& state = shown.state;
  const Project& project = state.projects.at(issue.project);
  out.open().member("id", issue.id).reference("project", project.id, project.name);
  out.reference("tracker", issue.tracker, name_in(state.trackers, issue.tracker));
  if (const Status* status = find_status(state, issue.status)) {
    out.key("status");
    write_status(out, *status);
  }
  out.reference("priority", issue.priority, name_in(state.priorities, issue.priority));
  out.reference("author", user_id(state, issue.author), user_name(state, issue.author));
  if (state.users.contains(issue.assignee)) {
    out.reference("assigned_to", issue.assignee, user_name(state, issue.assignee));
  }
  if (issue.category != 0) out.reference("category", issue.category, name_in(project.categories, issue.category));
  if (issue.version != 0) out.reference("fixed_version", issue.version, name_in(project.versions, issue.version));
  if (issue.parent != 0) out.key("parent").open().member("id", issue.parent).close();
  out.member("subject", issue.subject).member("description", issue.description);
  if (issue.start_date.empty()) {
    out.null("start_date");
  } else {
    out.member("start_date", issue.start_date);
  }
  if (issue.due_date.empty()) {
    out.null("due_date");
  } else {
    out.member("due_date", issue.due_date);
  }
  out.member("done_ratio", Number{0}).flag("is_private", issue.is_private).null("estimated_hours");
  if (alone) out.null("total_estimated_hours").member("spent_hours", Number{0}).member("total_spent_hours", Number{0});
  write_custom(out, shown, issue);
  out.member("created_on", shown_time(issue.created)).member("updated_on", shown_time(issue.updated));
  if (issue.closed) {
    out.member("closed_on", shown_time(*issue.closed));
  } else {
    out.null("closed_on");
  }
  if (includes.contains("attachments")) write_files(out, shown, issue);
  if (alone && includes.contains("journals")) write_journals(out, shown, issue);
  if (alone && includes.contains("allowed_statuses")) {
    out.list("allowed_statuses");
    for (const Number id : shown.actor.allowed_statuses(issue)) write_status(out, *find_status(state, id));
    out.end_list();
  }
  out.close();
}

void write_roles(Out& out, const State& state, const std::vector<Number>& roles) {
  out.list("roles");
  for (const Number role : roles) out.named(role, state.roles.at(role).name);
  out.end_list();
}

}  // namespace

std::string shown_time(Microseconds time) { return format_instant(Instant{std::chrono::milliseconds{time / 1000}}); }

std::string issue_json(const Shown& shown, const Issue& issue, const Includes& includes) {
  Out out;
  out.open().key("issue");
  write_issue(out, shown, issue, includes, true);
  return out.close().take();
}

std::string issues_json(const Shown& shown, const std::vector<const Issue*>& rows, const Includes& includes,
                        std::size_t total, std::size_t offset, std::size_t limit, bool with_meta) {
  Out out;
  out.open().list("issues");
  for (const Issue* issue : rows) write_issue(out, shown, *issue, includes, false);
  out.end_list();
  if (with_meta) {
    out.member("total_count", static_cast<Number>(total))
        .member("offset", static_cast<Number>(offset))
        .member("limit", static_cast<Number>(limit));
  }
  return out.close().take();
}

std::string user_json(const Shown& shown, const User& user, const Includes& includes) {
  const User& reader = shown.actor.user();
  const bool full = reader.admin || reader.id == user.id;
  Out out;
  out.open().key("user").open().member("id", user.id);
  if (full) out.member("login", user.login).flag("admin", user.admin);
  out.member("firstname", user.firstname).member("lastname", user.lastname);
  if (full) out.member("mail", user.mail);
  out.member("created_on", shown_time(0));
  if (full) out.member("api_key", user.key);
  if (includes.contains("memberships")) {
    out.list("memberships");
    for (const auto& [id, project] : shown.state.projects) {
      const auto member = project.members.find(user.id);
      if (member == project.members.end() || !shown.actor.sees(project)) continue;
      out.open().member("id", id * 1000 + user.id).reference("project", id, project.name);
      write_roles(out, shown.state, member->second);
      out.close();
    }
    out.end_list();
  }
  return out.close().close().take();
}

std::string users_json(const Shown& shown) {
  Out out;
  out.open().list("users");
  Number count = 0;
  for (const auto& [id, user] : shown.state.users) {
    if (user.anonymous || user.locked) continue;
    ++count;
    out.open()
        .member("id", id)
        .member("login", user.login)
        .flag("admin", user.admin)
        .member("firstname", user.firstname)
        .member("lastname", user.lastname)
        .member("mail", user.mail)
        .close();
  }
  return out.end_list()
      .member("total_count", count)
      .member("offset", Number{0})
      .member("limit", Number{100})
      .close()
      .take();
}

std::string role_json(const Role& role) {
  Out out;
  out.open().key("role").open().member("id", role.id).member("name", role.name).flag("assignable", role.assignable);
  out.member("issues_visibility", role.issues_visibility)
      .member("time_entries_visibility", "all")
      .member("users_visibility", "all")
      .list("permissions");
  for (const std::string& permission : role.permissions) out.text(permission);
  return out.end_list().close().close().take();
}

std::string roles_json(const State& state) {
  Out out;
  out.open().list("roles");
  for (const auto& [id, role] : state.roles) {
    if (role.builtin == Builtin::none) out.named(id, role.name);
  }
  return out.end_list().close().take();
}

namespace {

void write_project(Out& out, const Shown& shown, const Project& project, const Includes& includes) {
  out.open()
      .member("id", project.id)
      .member("name", project.name)
      .member("identifier", project.identifier)
      .member("description", "")
      .member("homepage", "")
      .member("status", static_cast<Number>(project.state))
      .flag("is_public", project.is_public)
      .flag("inherit_members", false);
  if (project.parent != 0) {
    out.reference("parent", project.parent, shown.state.projects.at(project.parent).name);
  }
  if (includes.contains("trackers")) {
    out.list("trackers");
    for (const Number tracker : project.trackers) out.named(tracker, name_in(shown.state.trackers, tracker));
    out.end_list();
  }
  if (includes.contains("issue_categories")) {
    out.list("issue_categories");
    for (const Named& category : project.categories) out.named(category.id, category.name);
    out.end_list();
  }
  if (includes.contains("issue_custom_fields")) {
    out.list("issue_custom_fields");
    for (const auto& [id, field] : shown.state.custom_fields) {
      // As in Redmine: those for all projects are not named.
      if (!field.for_all && shown.actor.sees(field, project)) out.named(id, field.name);
    }
    out.end_list();
  }
  out.member("created_on", shown_time(0)).member("updated_on", shown_time(0)).close();
}

}  // namespace

std::string project_json(const Shown& shown, const Project& project, const Includes& includes) {
  Out out;
  out.open().key("project");
  write_project(out, shown, project, includes);
  return out.close().take();
}

std::string projects_json(const Shown& shown) {
  Out out;
  out.open().list("projects");
  Number count = 0;
  for (const auto& [id, project] : shown.state.projects) {
    if (!shown.actor.sees(project)) continue;
    ++count;
    write_project(out, shown, project, {});
  }
  return out.end_list()
      .member("total_count", count)
      .member("offset", Number{0})
      .member("limit", Number{25})
      .close()
      .take();
}

std::string memberships_json(const Shown& shown, const Project& project, std::size_t limit, std::size_t offset) {
  Out out;
  out.open().list("memberships");
  std::size_t row = 0;
  for (const auto& [user, roles] : project.members) {
    if (row++ < offset || row > offset + limit) continue;
    out.open()
        .member("id", project.id * 1000 + user)
        .reference("project", project.id, project.name)
        .reference("user", user, user_name(shown.state, user));
    write_roles(out, shown.state, roles);
    out.close();
  }
  return out.end_list()
      .member("total_count", static_cast<Number>(project.members.size()))
      .member("offset", static_cast<Number>(offset))
      .member("limit", static_cast<Number>(limit))
      .close()
      .take();
}

std::string versions_json(const Project& project) {
  Out out;
  out.open().list("versions");
  for (const Version& version : project.versions) {
    out.open()
        .member("id", version.id)
        .reference("project", project.id, project.name)
        .member("name", version.name)
        .member("description", "")
        .member("status", version.status)
        .null("due_date")
        .member("sharing", "none")
        .member("created_on", shown_time(0))
        .member("updated_on", shown_time(0))
        .close();
  }
  return out.end_list().member("total_count", static_cast<Number>(project.versions.size())).close().take();
}

std::string statuses_json(const State& state) {
  Out out;
  out.open().list("issue_statuses");
  for (const Status& status : state.statuses) write_status(out, status);
  return out.end_list().close().take();
}

std::string priorities_json(const State& state) {
  Out out;
  out.open().list("issue_priorities");
  for (const Priority& priority : state.priorities) {
    out.open()
        .member("id", priority.id)
        .member("name", priority.name)
        .flag("is_default", priority.is_default)
        .flag("active", true)
        .close();
  }
  return out.end_list().close().take();
}

std::string trackers_json(const State& state) {
  Out out;
  out.open().list("trackers");
  for (const IssueTracker& tracker : state.trackers) {
    out.open()
        .member("id", tracker.id)
        .member("name", tracker.name)
        .reference("default_status", tracker.default_status, name_in(state.statuses, tracker.default_status))
        .member("description", "")
        .close();
  }
  return out.end_list().close().take();
}

std::string custom_fields_json(const State& state) {
  Out out;
  out.open().list("custom_fields");
  for (const auto& [id, field] : state.custom_fields) {
    out.open()
        .member("id", id)
        .member("name", field.name)
        .member("customized_type", "issue")
        .member("field_format", field.format)
        .flag("is_required", field.required)
        .flag("is_filter", true)
        .flag("multiple", field.multiple)
        .member("default_value", field.default_value)
        .flag("visible", field.visible);
    out.list("possible_values");
    for (const std::string& value : field.possible_values) {
      out.open().member("value", value).member("label", value).close();
    }
    out.end_list().close();
  }
  return out.end_list().close().take();
}

std::string errors_json(const std::vector<std::string>& errors) {
  Out out;
  out.open().list("errors");
  for (const std::string& error : errors) out.text(error);
  return out.end_list().close().take();
}

std::string upload_json(const std::string& token, Number id) {
  Out out;
  return out.open().key("upload").open().member("id", id).member("token", token).close().close().take();
}

}  // namespace causeway::fakes::redmine
