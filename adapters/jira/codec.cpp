#include "adapters/jira/codec.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "adapters/jira/envelope.hpp"
#include "adapters/jira/json_text.hpp"

namespace causeway::jira {
namespace {

std::unexpected<Failure> malformed(std::string_view what) {
  return fail(Fault::malformed, fmt::format("Jira's answer is not what it should be: {}", what));
}

/// Jira never sends half a document: something on the way did, and another try may bring the rest.
std::unexpected<Failure> cut() {
  return fail(Fault::transient, "Jira's answer is cut off or no JSON; something stands in between", Reach::tracker);
}

/// Ids are strings nearly everywhere, and numbers in some answers (`GET /attachment/{id}` on Cloud).
std::string id_of(const json::Value& object, std::string_view name = "id") {
  if (const auto number = json::integer(object, name)) return std::to_string(*number);
  return std::string{json::text(object, name)};
}

Named named_in(const json::Value& object, std::string_view name) {
  const json::Value* found = json::member(object, name);
  if (found == nullptr) return {};
  return {id_of(*found), std::string{json::text(*found, "name")}};
}

Person person_from(const json::Value& object) {
  Person person;
  person.display_name = json::text(object, "displayName");
  for (const char* key : {"accountId", "name", "key"}) {
    person.login = json::text(object, key);
    if (!person.login.empty()) break;
  }
  return person;
}

Person person_in(const json::Value& object, std::string_view name) {
  const json::Value* found = json::member(object, name);
  return found == nullptr ? Person{} : person_from(*found);
}

Status status_from(const json::Value& object) {
  Status status{id_of(object), std::string{json::text(object, "name")}, {}};
  if (const json::Value* category = json::member(object, "statusCategory")) {
    status.category = json::text(*category, "key");
  }
  return status;
}

std::vector<std::string> names_in(const json::Value& object, std::string_view list) {
  std::vector<std::string> names;
  if (const json::Value* found = json::array(object, list)) {
    for (const json::Value& entry : found->GetArray()) {
      if (entry.IsString()) {
        names.emplace_back(entry.GetString(), entry.GetStringLength());
      } else if (const std::string_view name = json::text(entry, "name"); !name.empty()) {
        names.emplace_back(name);
      }
    }
  }
  return names;
}

/// Rich text is a document in REST v3 and a string in v2.
std::string rich_text(const json::Value& object, std::string_view name) {
  const json::Value* found = json::member(object, name);
  if (found == nullptr) return {};
  if (found->IsString()) return {found->GetString(), found->GetStringLength()};
  return written(*found);
}

/// What a person reads in a custom field. Documents and whatever plugins invent are not for conditions.
std::string shown_value(const json::Value& value) {
  if (value.IsString()) return {value.GetString(), value.GetStringLength()};
  if (value.IsBool()) return value.GetBool() ? "true" : "false";
  if (value.IsNumber()) return written(value);
  if (value.IsArray()) {
    std::vector<std::string> parts;
    for (const json::Value& element : value.GetArray()) {
      if (element.IsArray()) continue;
      if (std::string part = shown_value(element); !part.empty()) parts.push_back(std::move(part));
    }
    return fmt::format("{}", fmt::join(parts, ", "));
  }
  for (const char* member : {"value", "name", "displayName", "key"}) {
    if (const std::string_view text = json::text(value, member); !text.empty()) return std::string{text};
  }
  return {};
}

std::optional<Marker> marker_from(const json::Value& value) {
  const std::string_view text = json::text(value, "marker");
  if (!envelope::is_marker(text)) return std::nullopt;
  return Marker{std::string{text}};
}

/// Whether a value of `sd.public.comment` says that the comment is internal. Seen as a boolean and as a text.
std::optional<bool> internal_from(const json::Value& value) {
  if (const auto flag = json::boolean(value, "internal")) return flag;
  const std::string_view text = json::text(value, "internal");
  if (!text.empty()) return text == "true";
  return std::nullopt;
}

Result<JiraComment> comment_from(const json::Value& object) {
  JiraComment comment;
  comment.id = id_of(object);
  const auto created = json::instant(object, "created");
  if (comment.id.empty() || !created) return malformed("a comment without id or created");
  comment.created = *created;
  comment.author = person_in(object, "author");
  comment.body = rich_text(object, "body");
  if (const json::Value* visibility = json::member(object, "visibility"); visibility && visibility->IsObject()) {
    comment.is_restricted = true;
    comment.visibility = written(*visibility);
  }
  if (const auto is_public = json::boolean(object, "jsdPublic")) comment.is_internal = !*is_public;
  if (const json::Value* properties = json::array(object, "properties")) {
    // Properties were asked for and shown: one that is not there says that the comment is no internal one.
    bool internal = comment.is_internal.value_or(false);
    for (const json::Value& property : properties->GetArray()) {
      const json::Value* value = json::member(property, "value");
      if (value == nullptr) continue;
      if (json::text(property, "key") == marker_property) comment.marker = marker_from(*value);
      if (json::text(property, "key") == internal_property) internal = internal || internal_from(*value).value_or(true);
    }
    comment.is_internal = internal;
  }
  return comment;
}

Result<CommentPage> comments_from(const json::Value& object) {
  CommentPage page;
  const json::Value* list = json::array(object, "comments");
  if (list == nullptr) return malformed("no comments");
  for (const json::Value& one : list->GetArray()) {
    Result<JiraComment> comment = comment_from(one);
    if (!comment) return std::unexpected(comment.error());
    page.comments.push_back(*std::move(comment));
  }
  page.start = json::integer(object, "startAt").value_or(0);
  page.total = json::integer(object, "total").value_or(static_cast<std::int64_t>(page.comments.size()));
  return page;
}

File file_from(const json::Value& object) {
  File file;
  Attachment& attachment = file.attachment;
  attachment.id = NativeId{id_of(object)};
  attachment.name = json::text(object, "filename");
  attachment.url = json::text(object, "content");
  attachment.bytes = static_cast<std::uint64_t>(std::max<std::int64_t>(0, json::integer(object, "size").value_or(0)));
  file.author = person_in(object, "author").login;
  return file;
}

FieldMeta field_from(const json::Value& object, std::string_view id) {
  FieldMeta field;
  field.id = id;
  field.name = json::text(object, "name");
  field.is_required = json::boolean(object, "required").value_or(false);
  field.has_default = json::boolean(object, "hasDefaultValue").value_or(false);
  if (const json::Value* schema = json::member(object, "schema")) {
    field.type = json::text(*schema, "type");
    field.items = json::text(*schema, "items");
    field.is_rich = json::text(*schema, "custom").ends_with(":textarea");
  }
  field.is_rich = field.is_rich || id == "description" || id == "environment";
  if (const json::Value* allowed = json::array(object, "allowedValues")) {
    for (const json::Value& value : allowed->GetArray()) {
      if (std::string text = shown_value(value); !text.empty()) field.allowed.push_back(std::move(text));
    }
  }
  return field;
}

Result<std::vector<Transition>> transitions_from(const json::Value& list) {
  std::vector<Transition> transitions;
  for (const json::Value& one : list.GetArray()) {
    Transition transition{id_of(one), std::string{json::text(one, "name")}, {}, true, std::nullopt};
    const json::Value* to = json::member(one, "to");
    if (transition.id.empty() || to == nullptr) return malformed("a transition without id or target");
    transition.to = status_from(*to);
    transition.has_screen = json::boolean(one, "hasScreen").value_or(true);
    if (const json::Value* fields = json::member(one, "fields"); fields != nullptr && fields->IsObject()) {
      transition.fields.emplace();
      for (const auto& field : fields->GetObject()) {
        transition.fields->push_back(field_from(field.value, {field.name.GetString(), field.name.GetStringLength()}));
      }
    }
    transitions.push_back(std::move(transition));
  }
  return transitions;
}

Result<Issue> issue_from(const json::Value& object) {
  Issue issue;
  issue.id = id_of(object);
  issue.key = json::text(object, "key");
  const json::Value* fields = json::member(object, "fields");
  if (issue.id.empty() || issue.key.empty() || fields == nullptr || !fields->IsObject()) {
    return malformed("an issue without id, key or fields");
  }
  const auto created = json::instant(*fields, "created");
  const auto updated = json::instant(*fields, "updated");
  if (!created || !updated) return malformed("an issue without created or updated");
  issue.created = *created;
  issue.updated = *updated;
  if (const json::Value* project = json::member(*fields, "project")) {
    issue.project = {id_of(*project), std::string{json::text(*project, "key")}};
  }
  if (const json::Value* status = json::member(*fields, "status")) issue.status = status_from(*status);
  if (issue.project.id.empty() || issue.status.name.empty()) return malformed("an issue without project or status");
  issue.summary = json::text(*fields, "summary");
  issue.description = rich_text(*fields, "description");
  issue.priority = named_in(*fields, "priority").name;
  issue.type = named_in(*fields, "issuetype").name;
  issue.resolution = named_in(*fields, "resolution").name;
  issue.author = person_in(*fields, "reporter");
  if (issue.author.login.empty()) issue.author = person_in(*fields, "creator");
  issue.assignee = person_in(*fields, "assignee").login;
  issue.labels = names_in(*fields, "labels");
  issue.versions = names_in(*fields, "fixVersions");
  issue.components = names_in(*fields, "components");
  issue.has_security = json::member(*fields, "security") != nullptr;
  issue.archived = json::member(*fields, "archiveddate") != nullptr || json::member(*fields, "archivedDate") != nullptr;
  if (const json::Value* comments = json::member(*fields, "comment")) {
    Result<CommentPage> page = comments_from(*comments);
    if (!page) return std::unexpected(page.error());
    issue.comments = *std::move(page);
  }
  if (const json::Value* files = json::array(*fields, "attachment")) {
    for (const json::Value& file : files->GetArray()) issue.files.push_back(file_from(file));
  }
  for (const auto& field : fields->GetObject()) {
    const std::string_view name{field.name.GetString(), field.name.GetStringLength()};
    if (!name.starts_with("customfield_") || field.value.IsNull()) continue;
    if (std::string text = shown_value(field.value); !text.empty()) issue.custom.emplace(name, std::move(text));
  }
  if (const json::Value* properties = json::member(object, "properties")) {
    if (const json::Value* ours = json::member(*properties, marker_property)) issue.marker = marker_from(*ours);
  }
  if (const json::Value* list = json::array(object, "transitions")) {
    Result<std::vector<Transition>> transitions = transitions_from(*list);
    if (!transitions) return std::unexpected(transitions.error());
    issue.transitions = *std::move(transitions);
  }
  return issue;
}

Result<User> user_from(const json::Value& object) {
  User account;
  account.person = person_from(object);
  if (account.person.login.empty()) return malformed("a user without accountId or name");
  account.active = json::boolean(object, "active").value_or(true);
  return account;
}

/// A list that stands alone, or as the member `name` or `values` of a page.
const json::Value* list_in(const json::Value& document, std::string_view name) {
  if (document.IsArray()) return &document;
  if (const json::Value* list = json::array(document, name)) return list;
  return json::array(document, "values");
}

/// Cloud's and Data Center's pages tell their end in one of three ways.
bool is_last_page(const json::Value& document, std::size_t rows) {
  if (document.IsArray() || rows == 0) return true;
  if (const auto last = json::boolean(document, "isLast")) return *last;
  const auto total = json::integer(document, "total");
  const auto start = json::integer(document, "startAt").value_or(0);
  return !total || start + static_cast<std::int64_t>(rows) >= *total;
}

template <class T>
Result<T> one_from(std::string_view body, Result<T> (*read)(const json::Value&)) {
  const auto document = json::parse(body);
  if (!document) return cut();
  return read(*document);
}

}  // namespace

Result<Issue> read_issue(std::string_view body) { return one_from(body, issue_from); }
Result<JiraComment> read_comment(std::string_view body) { return one_from(body, comment_from); }
Result<CommentPage> read_comments(std::string_view body) { return one_from(body, comments_from); }
Result<User> read_user(std::string_view body) { return one_from(body, user_from); }

Result<IssuePage> read_issues(std::string_view body) {
  const auto document = json::parse(body);
  if (!document) return cut();
  const json::Value* list = json::array(*document, "issues");
  if (list == nullptr) return malformed("no issues");
  IssuePage page;
  for (const json::Value& one : list->GetArray()) {
    Result<Issue> issue = issue_from(one);
    if (!issue) return std::unexpected(issue.error());
    page.issues.push_back(*std::move(issue));
  }
  page.total = json::integer(*document, "total");
  page.next = json::text(*document, "nextPageToken");
  return page;
}

Result<Created> read_created(std::string_view body) {
  const auto document = json::parse(body);
  if (!document) return cut();
  Created created{id_of(*document), std::string{json::text(*document, "key")}};
  if (created.id.empty()) return malformed("a new issue without id");
  return created;
}

Result<std::vector<File>> read_files(std::string_view body) {
  const auto document = json::parse(body);
  if (!document) return cut();
  if (!document->IsArray()) return malformed("no list of attachments");
  std::vector<File> files;
  for (const json::Value& one : document->GetArray()) {
    files.push_back(file_from(one));
    if (files.back().attachment.id.empty()) return malformed("an attachment without id");
  }
  return files;
}

Result<std::vector<User>> read_users(std::string_view body) {
  const auto document = json::parse(body);
  if (!document) return cut();
  if (!document->IsArray()) return malformed("no list of users");
  std::vector<User> accounts;
  for (const json::Value& one : document->GetArray()) {
    if (Result<User> account = user_from(one)) accounts.push_back(*std::move(account));
  }
  return accounts;
}

Result<Project> read_project(std::string_view body) {
  const auto document = json::parse(body);
  if (!document) return cut();
  Project project;
  project.id = id_of(*document);
  if (project.id.empty()) return malformed("a project without id");
  project.key = json::text(*document, "key");
  project.name = json::text(*document, "name");
  project.archived = json::boolean(*document, "archived").value_or(false);
  project.is_service = json::text(*document, "projectTypeKey") == "service_desk";
  return project;
}

Result<ServerInfo> read_server_info(std::string_view body) {
  const auto document = json::parse(body);
  if (!document) return cut();
  ServerInfo info{std::string{json::text(*document, "baseUrl")}, std::string{json::text(*document, "version")},
                  std::string{json::text(*document, "deploymentType")}};
  if (info.version.empty()) return malformed("no version in serverInfo");
  return info;
}

Result<std::vector<Transition>> read_transitions(std::string_view body) {
  const auto document = json::parse(body);
  if (!document) return cut();
  const json::Value* list = json::array(*document, "transitions");
  if (list == nullptr) return malformed("no transitions");
  return transitions_from(*list);
}

Result<std::vector<Named>> read_fields(std::string_view body) {
  Result<NamedPage> page = read_named(body, "values");
  if (!page) return std::unexpected(page.error());
  return std::move(page->entries);
}

Result<NamedPage> read_named(std::string_view body, std::string_view list) {
  const auto document = json::parse(body);
  if (!document) return cut();
  const json::Value* found = list_in(*document, list);
  if (found == nullptr) return malformed(fmt::format("no {}", list));
  NamedPage page;
  for (const json::Value& one : found->GetArray()) {
    if (json::boolean(one, "subtask").value_or(false)) continue;  // a type of issues that cannot stand alone
    if (one.IsString()) {
      page.entries.push_back({{}, std::string{one.GetString(), one.GetStringLength()}});
    } else {
      page.entries.push_back({id_of(one), std::string{json::text(one, "name")}});
    }
  }
  page.is_last = is_last_page(*document, found->Size());
  return page;
}

Result<std::map<std::string, std::vector<Status>>> read_project_statuses(std::string_view body) {
  const auto document = json::parse(body);
  if (!document) return cut();
  if (!document->IsArray()) return malformed("no list of issue types with statuses");
  std::map<std::string, std::vector<Status>> statuses;
  for (const json::Value& type : document->GetArray()) {
    std::vector<Status>& list = statuses[std::string{json::text(type, "name")}];
    if (const json::Value* found = json::array(type, "statuses")) {
      for (const json::Value& one : found->GetArray()) list.push_back(status_from(one));
    }
  }
  return statuses;
}

Result<FieldPage> read_create_fields(std::string_view body) {
  const auto document = json::parse(body);
  if (!document) return cut();
  const json::Value* list = list_in(*document, "fields");
  if (list == nullptr) return malformed("no fields");
  FieldPage page;
  for (const json::Value& one : list->GetArray()) {
    std::string_view id = json::text(one, "fieldId");
    if (id.empty()) id = json::text(one, "key");
    page.fields.push_back(field_from(one, id));
  }
  page.is_last = is_last_page(*document, list->Size());
  return page;
}

Result<std::map<std::string, bool>> read_permissions(std::string_view body) {
  const auto document = json::parse(body);
  if (!document) return cut();
  const json::Value* list = json::member(*document, "permissions");
  if (list == nullptr || !list->IsObject()) return malformed("no permissions");
  std::map<std::string, bool> permissions;
  for (const auto& one : list->GetObject()) {
    permissions.emplace(std::string{one.name.GetString(), one.name.GetStringLength()},
                        json::boolean(one.value, "havePermission").value_or(false));
  }
  return permissions;
}

Result<std::optional<bool>> read_internal_property(std::string_view body) {
  const auto document = json::parse(body);
  if (!document) return cut();
  const json::Value* value = json::member(*document, "value");
  return value == nullptr ? std::nullopt : internal_from(*value);
}

Result<BearerToken> read_token(std::string_view body) {
  const auto document = json::parse(body);
  if (!document) return cut();
  BearerToken token{std::string{json::text(*document, "access_token")},
                    std::chrono::seconds{std::clamp<std::int64_t>(json::integer(*document, "expires_in").value_or(0), 0,
                                                                  std::int64_t{24} * 3600)}};
  if (token.token.empty()) return malformed("no access_token");
  return token;
}

Refusal read_refusal(std::string_view body) {
  Refusal refusal;
  const auto document = json::parse(body);
  if (!document) return refusal;
  if (const json::Value* messages = json::array(*document, "errorMessages")) {
    for (const json::Value& message : messages->GetArray()) {
      if (message.IsString()) refusal.messages.emplace_back(message.GetString(), message.GetStringLength());
    }
  }
  if (const json::Value* errors = json::member(*document, "errors"); errors != nullptr && errors->IsObject()) {
    for (const auto& error : errors->GetObject()) {
      if (!error.value.IsString()) continue;
      refusal.fields.emplace(std::string{error.name.GetString(), error.name.GetStringLength()},
                             std::string{error.value.GetString(), error.value.GetStringLength()});
    }
  }
  return refusal;
}

}  // namespace causeway::jira
