#include "tests/fakes/jira/out.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tests/fakes/http/exchange.hpp"
#include "tests/fakes/jira/rich.hpp"
#include "tests/fakes/jira/rules.hpp"
#include "tests/fakes/jira/zone.hpp"

namespace causeway::fakes::jira {
namespace {

constexpr std::string_view textarea = "com.atlassian.jira.plugin.system.customfieldtypes:textarea";

void write_avatars(Out& out, const Shown& shown, std::string_view of) {
  out.key("avatarUrls").open();
  for (const std::string_view size : {"48x48", "24x24", "16x16", "32x32"}) {
    out.member(size, fmt::format("{}/secure/{}?size={}", shown.origin, of, size));
  }
  out.close();
}

void write_category(Out& out, const Shown& shown, const std::string& category) {
  const bool is_new = category == "new", is_done = category == "done";
  const int id = is_new ? 2 : is_done ? 3 : 4;
  out.key("statusCategory").open().member("self", fmt::format("{}/statuscategory/{}", shown.base(), id));
  out.member("id", id).member("key", category);
  out.member("colorName", is_new ? "blue-gray" : is_done ? "green" : "yellow");
  out.member("name", is_new ? "To Do" : is_done ? "Done" : "In Progress").close();
}

void write_change_item(Out& out, const Shown& shown, const ChangeItem& item) {
  const auto shown_text = [&](const std::optional<std::string>& text) {
    const bool rich = item.field == "description" || item.field == "environment";
    return rich && text && shown.cloud() ? std::optional{wiki_of_adf(*text)} : text;
  };
  out.open()
      .member("field", item.field)
      .member("fieldtype", item.field_id.starts_with("customfield_") ? "custom" : "jira");
  if (shown.cloud() && !item.field_id.empty()) out.member("fieldId", item.field_id);
  out.member("from", item.from).member("fromString", shown_text(item.from_text));
  out.member("to", item.to).member("toString", shown_text(item.to_text)).close();
}

void write_custom(Out& out, const Shown& shown, const CustomField& field, const std::string& json) {
  rapidjson::Document value;
  value.Parse(json.c_str());
  if (field.kind == FieldKind::rich_text) {
    write_rich(out, shown, text_of(value));
  } else if (field.kind == FieldKind::user) {
    write_user(out, shown, text_of(value));
  } else {
    out.raw(json);
  }
}

void write_list(Out& out, const Shown& shown, std::string_view kind, const std::vector<Named>& all,
                const std::vector<std::string>& chosen) {
  out.open_list();
  for (const std::string& id : chosen) write_named(out, shown, kind, all, id);
  out.close_list();
}

void write_parent(Out& out, const Shown& shown, const Issue& parent) {
  out.open().member("id", std::to_string(parent.id)).member("key", parent.key);
  out.member("self", fmt::format("{}/issue/{}", shown.base(), parent.id));
  out.key("fields").open().member("summary", parent.summary);
  if (const Status* status = find_status(shown.state, parent.status)) {
    out.key("status");
    write_status(out, shown, *status);
  }
  out.key("issuetype");
  write_issue_type(out, shown, type_of(shown.state, parent));
  out.close().close();
}

void write_comments(Out& out, const Shown& shown, const Issue& issue, std::size_t comments_max) {
  const std::vector<const Comment*> comments = visible_comments(shown, issue);
  const std::size_t count = std::min(comments.size(), comments_max);
  out.open().key("comments").open_list();
  for (std::size_t at = 0; at < count; ++at) write_comment(out, shown, *comments[at]);
  out.close_list();
  if (shown.cloud()) out.member("self", fmt::format("{}/issue/{}/comment", shown.base(), issue.id));
  out.member("maxResults", count).member("total", comments.size()).member("startAt", 0).close();
}

}  // namespace

std::string Shown::base() const { return fmt::format("{}/rest/api/{}", origin, api); }

const std::string& Shown::time_zone() const {
  return user == nullptr || user->time_zone.empty() ? state.settings.default_time_zone : user->time_zone;
}

std::string Shown::time(Milliseconds when) const { return zoned_time(when, time_zone()); }

std::vector<std::string> split(std::string_view text, char at) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(at), text.size());
    std::string_view part = text.substr(0, end);
    while (part.starts_with(' ')) part.remove_prefix(1);
    while (part.ends_with(' ')) part.remove_suffix(1);
    if (!part.empty()) parts.emplace_back(part);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

FieldChoice::FieldChoice(const std::vector<std::string>& names) {
  for (const std::string& given : names) {
    for (const std::string& name : split(given)) {
      if (name == "*all") all_ = true;
      else if (name == "*navigable") navigable_ = true;
      else if (name.starts_with('-')) unwanted_.insert(name.substr(1));
      else wanted_.insert(name);
    }
  }
  if (!all_ && !navigable_ && wanted_.empty() && !unwanted_.empty()) all_ = true;
}

bool FieldChoice::wants(std::string_view field) const {
  if (unwanted_.contains(field)) return false;
  if (all_ || wanted_.contains(field)) return true;
  return navigable_ && field != "comment" && field != "attachment";
}

void write_user(Out& out, const Shown& shown, const std::string& id) {
  const User* user = find_user(shown.state, id);
  if (user == nullptr) {
    out.null();
    return;
  }
  out.open();
  if (shown.cloud()) {
    out.member("self", fmt::format("{}/user?accountId={}", shown.base(), url_encoded(user->id)));
    out.member("accountId", user->id);
    if (!user->email_hidden && !user->email.empty()) out.member("emailAddress", user->email);
    write_avatars(out, shown, "useravatar");
    out.member("displayName", user->display_name).flag("active", user->active).member("timeZone", user->time_zone);
    out.member("accountType", user->account_type).close();
    return;
  }
  out.member("self", fmt::format("{}/user?username={}", shown.base(), url_encoded(user->name)));
  out.member("name", user->name).member("key", user->id);
  if (!user->email_hidden) out.member("emailAddress", user->email);
  write_avatars(out, shown, "useravatar");
  out.member("displayName", user->display_name)
      .flag("active", user->active)
      .member("timeZone", user->time_zone)
      .close();
}

void write_status(Out& out, const Shown& shown, const Status& status) {
  out.open().member("self", fmt::format("{}/status/{}", shown.base(), status.id)).member("description", "");
  out.member("iconUrl", shown.origin + "/images/icons/statuses/generic.png").member("name", status.name);
  out.member("id", status.id);
  write_category(out, shown, status.category);
  out.close();
}

void write_named(Out& out, const Shown& shown, std::string_view kind, const std::vector<Named>& all,
                 const std::string& id) {
  const Named* found = find_named(all, id);
  if (found == nullptr) {
    out.null();
    return;
  }
  out.open().member("self", fmt::format("{}/{}/{}", shown.base(), kind, id));
  if (kind == "priority") out.member("iconUrl", shown.origin + "/images/icons/priorities/medium.svg");
  out.member("name", found->name).member("id", id);
  if (kind == "resolution") out.member("description", "");
  out.close();
}

void write_issue_type(Out& out, const Shown& shown, const IssueType& type) {
  out.open().member("self", fmt::format("{}/issuetype/{}", shown.base(), type.id)).member("id", type.id);
  out.member("description", "").member("iconUrl", shown.origin + "/images/icons/issuetypes/generic.svg");
  out.member("name", type.name).flag("subtask", type.subtask);
  if (shown.cloud()) out.member("hierarchyLevel", type.subtask ? -1 : 0);
  out.close();
}

void write_project(Out& out, const Shown& shown, const Project& project) {
  out.open().member("self", fmt::format("{}/project/{}", shown.base(), project.id)).member("id", project.id);
  out.member("key", project.key).member("name", project.name).member("projectTypeKey", project.type);
  if (shown.cloud()) out.flag("simplified", false);
  write_avatars(out, shown, "projectavatar");
  out.close();
}

void write_rich(Out& out, const Shown& shown, const std::string& stored) {
  if (stored.empty()) out.null();
  else if (!shown.cloud()) out.text(stored);
  else if (shown.api == 3) out.raw(stored);
  else out.text(wiki_of_adf(stored));
}

void write_property(Out& out, const std::string& key, const std::string& json) {
  out.open().member("key", key).key("value").raw(json).close();
}

void write_comment(Out& out, const Shown& shown, const Comment& comment, CommentExtras extras) {
  const Issue& issue = shown.state.issues.at(comment.issue);
  out.open().member("self", fmt::format("{}/issue/{}/comment/{}", shown.base(), comment.issue, comment.id));
  out.member("id", std::to_string(comment.id)).key("author");
  write_user(out, shown, comment.author);
  out.key("body");
  write_rich(out, shown, comment.body);
  if (extras.rendered) {
    const std::string text = shown.cloud() ? plain_of_adf(comment.body) : comment.body;
    out.member("renderedBody", "<p>" + escaped(text) + "</p>");
  }
  out.key("updateAuthor");
  write_user(out, shown, comment.update_author);
  out.member("created", shown.time(comment.created)).member("updated", shown.time(comment.updated));
  if (comment.visibility) {
    out.key("visibility").open().member("type", comment.visibility->type).member("value", comment.visibility->value);
    if (shown.cloud()) {
      const Project& project = project_of(shown.state, issue);
      const auto role = project.role_ids.find(comment.visibility->value);
      const bool known = comment.visibility->type == "role" && role != project.role_ids.end();
      out.member("identifier", known ? role->second : comment.visibility->value);
    }
    out.close();
  }
  if (extras.properties) {
    out.key("properties").open_list();
    for (const auto& [key, json] : comment.properties) write_property(out, key, json);
    out.close_list();
  }
  // Only service projects tell the portal's customers from the team.
  if (shown.cloud()) out.flag("jsdPublic", !is_internal(comment));
  else if (project_of(shown.state, issue).is_service_desk()) out.flag("jsdPublic", !is_internal(comment));
  out.close();
}

void write_attachment(Out& out, const Shown& shown, const Attachment& attachment) {
  out.open().member("self", fmt::format("{}/attachment/{}", shown.base(), attachment.id));
  out.member("id", std::to_string(attachment.id)).member("filename", attachment.name).key("author");
  write_user(out, shown, attachment.author);
  out.member("created", shown.time(attachment.created)).member("size", attachment.content.size());
  out.member("mimeType", attachment.content_type);
  out.member("content", shown.cloud() ? fmt::format("{}/attachment/content/{}", shown.base(), attachment.id)
                                      : fmt::format("{}/secure/attachment/{}/{}", shown.origin, attachment.id,
                                                    url_encoded(attachment.name)));
  out.close();
}

void write_change(Out& out, const Shown& shown, const Change& change) {
  out.open().member("id", std::to_string(change.id)).key("author");
  write_user(out, shown, change.author);
  out.member("created", shown.time(change.created)).key("items").open_list();
  for (const ChangeItem& item : change.items) write_change_item(out, shown, item);
  out.close_list().close();
}

std::vector<const Comment*> visible_comments(const Shown& shown, const Issue& issue) {
  std::vector<const Comment*> comments;
  for (const Number id : issue.comments) {
    // The index may still show an issue as it was before a comment went.
    const auto comment = shown.state.comments.find(id);
    if (comment == shown.state.comments.end()) continue;
    if (sees(shown.state, shown.user, issue, comment->second)) comments.push_back(&comment->second);
  }
  return comments;
}

void write_fields(Out& out, const Shown& shown, const Issue& issue, const FieldChoice& choice,
                  std::size_t comments_max) {
  const State& state = shown.state;
  const Project& project = project_of(state, issue);
  const auto wants = [&](std::string_view name) {
    if (!choice.wants(name)) return false;
    out.key(name);
    return true;
  };
  const auto named = [&](std::string_view kind, const std::vector<Named>& all, const std::string& id) {
    if (id.empty()) out.null();
    else write_named(out, shown, kind, all, id);
  };
  const auto person = [&](const std::string& id) {
    if (id.empty()) out.null();
    else write_user(out, shown, id);
  };
  out.open();
  if (wants("summary")) out.text(issue.summary);
  if (wants("issuetype")) write_issue_type(out, shown, type_of(state, issue));
  if (wants("project")) write_project(out, shown, project);
  if (wants("status")) write_status(out, shown, *find_status(state, issue.status));
  if (wants("priority")) named("priority", state.priorities, issue.priority);
  if (wants("resolution")) named("resolution", state.resolutions, issue.resolution);
  if (wants("resolutiondate")) issue.resolved ? out.text(shown.time(*issue.resolved)) : out.null();
  if (wants("assignee")) person(issue.assignee);
  if (wants("reporter")) person(issue.reporter);
  if (wants("creator")) person(issue.creator);
  if (wants("created")) out.text(shown.time(issue.created));
  if (wants("updated")) out.text(shown.time(issue.updated));
  if (wants("labels")) {
    out.open_list();
    for (const std::string& label : issue.labels) out.text(label);
    out.close_list();
  }
  if (wants("components")) write_list(out, shown, "component", project.components, issue.components);
  if (wants("fixVersions")) write_list(out, shown, "version", project.versions, issue.fix_versions);
  if (wants("duedate")) issue.due_date.empty() ? out.null() : out.text(issue.due_date);
  if (wants("description")) write_rich(out, shown, issue.description);
  if (wants("environment")) write_rich(out, shown, issue.environment);
  if (wants("workratio")) out.number(-1);
  if (wants("issuelinks")) out.open_list().close_list();
  const auto parent = state.issues.find(issue.parent);
  if (parent != state.issues.end() && wants("parent")) write_parent(out, shown, parent->second);
  if (!issue.security.empty() && wants("security")) {
    for (const SecurityLevel& level : project.security_levels) {
      if (level.id != issue.security) continue;
      out.open().member("self", fmt::format("{}/securitylevel/{}", shown.base(), level.id)).member("id", level.id);
      out.member("name", level.name).member("description", "").close();
    }
  }
  if (wants("attachment")) {
    out.open_list();
    for (const Number id : issue.attachments) {
      const auto found = state.attachments.find(id);
      if (found != state.attachments.end()) write_attachment(out, shown, found->second);
    }
    out.close_list();
  }
  if (wants("comment")) write_comments(out, shown, issue, comments_max);
  for (const auto& [id, field] : state.custom_fields) {
    if (!wants(id)) continue;
    const auto value = issue.custom.find(id);
    if (value == issue.custom.end()) out.null();
    else write_custom(out, shown, field, value->second);
  }
  out.close();
}

std::string field_name(const State& state, const std::string& field) {
  static const std::map<std::string, std::string> names{{"summary", "Summary"},         {"description", "Description"},
                                                        {"environment", "Environment"}, {"issuetype", "Issue Type"},
                                                        {"project", "Project"},         {"priority", "Priority"},
                                                        {"resolution", "Resolution"},   {"assignee", "Assignee"},
                                                        {"reporter", "Reporter"},       {"labels", "Labels"},
                                                        {"components", "Components"},   {"fixVersions", "Fix versions"},
                                                        {"duedate", "Due date"},        {"security", "Security Level"},
                                                        {"parent", "Parent"},           {"comment", "Comment"},
                                                        {"attachment", "Attachment"},   {"status", "Status"},
                                                        {"created", "Created"},         {"updated", "Updated"},
                                                        {"creator", "Creator"},         {"issuelinks", "Linked Issues"},
                                                        {"resolutiondate", "Resolved"}};
  if (const auto found = names.find(field); found != names.end()) return found->second;
  const auto custom = state.custom_fields.find(field);
  return custom == state.custom_fields.end() ? field : custom->second.name;
}

void write_schema(Out& out, const State& state, const std::string& field) {
  out.open();
  if (const auto custom = state.custom_fields.find(field); custom != state.custom_fields.end()) {
    constexpr std::string_view prefix = "com.atlassian.jira.plugin.system.customfieldtypes:";
    const auto kinds = [&]() -> std::array<std::string_view, 3> {
      switch (custom->second.kind) {
        case FieldKind::text:
          return {"string", "", "textfield"};
        case FieldKind::rich_text:
          return {"string", "", textarea.substr(prefix.size())};
        case FieldKind::number:
          return {"number", "", "float"};
        case FieldKind::option:
          return {"option", "", "select"};
        case FieldKind::options:
          return {"array", "option", "multiselect"};
        case FieldKind::texts:
          return {"array", "string", "labels"};
        case FieldKind::user:
          return {"user", "", "userpicker"};
        case FieldKind::date:
          return {"date", "", "datepicker"};
        case FieldKind::moment:
          return {"datetime", "", "datetime"};
        case FieldKind::anything:
          return {"any", "", "custom"};
      }
      return {"any", "", "custom"};
    }();
    out.member("type", kinds[0]);
    if (!kinds[1].empty()) out.member("items", kinds[1]);
    out.member("custom", fmt::format("{}{}", prefix, kinds[2]));
    out.member("customId", as_number(field.substr(field.find('_') + 1)).value_or(0)).close();
    return;
  }
  static const std::map<std::string, std::pair<std::string, std::string>> types{
      {"issuetype", {"issuetype", ""}},
      {"project", {"project", ""}},
      {"priority", {"priority", ""}},
      {"resolution", {"resolution", ""}},
      {"assignee", {"user", ""}},
      {"reporter", {"user", ""}},
      {"creator", {"user", ""}},
      {"labels", {"array", "string"}},
      {"components", {"array", "component"}},
      {"fixVersions", {"array", "version"}},
      {"duedate", {"date", ""}},
      {"security", {"securitylevel", ""}},
      {"parent", {"issuelink", ""}},
      {"comment", {"comments-page", ""}},
      {"attachment", {"array", "attachment"}},
      {"status", {"status", ""}},
      {"created", {"datetime", ""}},
      {"updated", {"datetime", ""}},
      {"resolutiondate", {"datetime", ""}},
      {"issuelinks", {"array", "issuelinks"}}};
  const auto found = types.find(field);
  out.member("type", found == types.end() ? "string" : found->second.first);
  if (found != types.end() && !found->second.second.empty()) out.member("items", found->second.second);
  out.member("system", field).close();
}

void write_field_meta(Out& out, const Shown& shown, const Project& project, const ScreenField& field,
                      const std::vector<std::string>& types, bool with_field_id) {
  const State& state = shown.state;
  out.open().flag("required", field.required).key("schema");
  write_schema(out, state, field.field);
  out.member("name", field_name(state, field.field)).member("key", field.field);
  if (with_field_id) out.member("fieldId", field.field);
  out.flag("hasDefaultValue", field.field == "priority").key("operations").open_list();
  static const std::set<std::string, std::less<>> sets{"labels", "components", "fixVersions"};
  const auto custom = state.custom_fields.find(field.field);
  const bool list = sets.contains(field.field) ||
                    (custom != state.custom_fields.end() &&
                     (custom->second.kind == FieldKind::options || custom->second.kind == FieldKind::texts));
  if (field.field == "comment") {
    out.text("add").text("edit").text("remove");
  } else {
    if (list) out.text("add");
    out.text("set");
    if (list) out.text("remove");
  }
  out.close_list();
  const auto values = [&](std::string_view kind, const std::vector<Named>& all) {
    out.key("allowedValues").open_list();
    for (const Named& one : all) write_named(out, shown, kind, all, one.id);
    out.close_list();
  };
  if (field.field == "priority") values("priority", state.priorities);
  if (field.field == "resolution") values("resolution", state.resolutions);
  if (field.field == "components") values("component", project.components);
  if (field.field == "fixVersions") values("version", project.versions);
  if (field.field == "issuetype") {
    out.key("allowedValues").open_list();
    for (const std::string& id : types) write_issue_type(out, shown, state.issue_types.at(id));
    out.close_list();
  }
  if (field.field == "security") {
    out.key("allowedValues").open_list();
    for (const SecurityLevel& level : project.security_levels) {
      out.open().member("self", fmt::format("{}/securitylevel/{}", shown.base(), level.id)).member("id", level.id);
      out.member("name", level.name).close();
    }
    out.close_list();
  }
  if (field.field == "project") {
    out.key("allowedValues").open_list();
    write_project(out, shown, project);
    out.close_list();
  }
  if (custom != state.custom_fields.end() && !custom->second.options.empty()) {
    out.key("allowedValues").open_list();
    for (const auto& [id, value] : custom->second.options) {
      out.open().member("self", fmt::format("{}/customFieldOption/{}", shown.base(), id)).member("value", value);
      out.member("id", id).close();
    }
    out.close_list();
  }
  out.close();
}

void write_transition(Out& out, const Shown& shown, const Project& project, const Issue& issue,
                      const Transition& transition, bool with_fields) {
  const Status* to = find_status(shown.state, transition.to.empty() ? issue.status : transition.to);
  out.open().member("id", transition.id).member("name", transition.name).key("to");
  write_status(out, shown, *to);
  if (shown.cloud()) {
    out.flag("hasScreen", !transition.screen.empty()).flag("isGlobal", transition.from.empty());
    out.flag("isInitial", false).flag("isAvailable", true).flag("isConditional", false);
    out.flag("looped", transition.to.empty());
  }
  if (with_fields) {
    out.key("fields").open();
    for (const ScreenField& field : transition.screen) {
      out.key(field.field);
      write_field_meta(out, shown, project, field, {}, false);
    }
    out.close();
  }
  out.close();
}

}  // namespace causeway::fakes::jira
