#include "adapters/redmine/codec.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "adapters/redmine/envelope.hpp"

namespace causeway::redmine {
namespace {

std::unexpected<Failure> malformed(std::string_view what) {
  return fail(Fault::malformed, fmt::format("Redmine's answer is not what it should be: {}", what));
}

/// Redmine never sends half a document: something on the way did, and another try may bring the rest.
std::unexpected<Failure> cut() {
  return fail(Fault::transient, "Redmine's answer is cut off or no JSON; something stands in between", Reach::tracker);
}

Named read_reference(const json::Value& object, std::string_view name) {
  const json::Value* found = json::member(object, name);
  if (found == nullptr) return {};
  return {json::integer(*found, "id").value_or(0), std::string{json::text(*found, "name")}};
}

std::vector<Named> read_references(const json::Value& object, std::string_view list) {
  std::vector<Named> result;
  if (const json::Value* found = json::array(object, list)) {
    for (const json::Value& entry : found->GetArray()) {
      result.push_back({json::integer(entry, "id").value_or(0), std::string{json::text(entry, "name")}});
    }
  }
  return result;
}

CustomValue read_custom(const json::Value& object) {
  CustomValue custom;
  custom.id = json::integer(object, "id").value_or(0);
  custom.name = json::text(object, "name");
  custom.multiple = json::boolean(object, "multiple").value_or(false);
  if (const json::Value* list = json::array(object, "value")) {
    custom.multiple = true;
    for (const json::Value& value : list->GetArray()) {
      if (value.IsString() && value.GetStringLength() > 0) {
        custom.values.emplace_back(value.GetString(), value.GetStringLength());
      }
    }
  } else if (const std::string_view value = json::text(object, "value"); !value.empty()) {
    custom.values.emplace_back(value);
  }
  return custom;
}

Journal read_journal(const json::Value& object) {
  Journal journal;
  journal.id = json::integer(object, "id").value_or(0);
  journal.user = read_reference(object, "user");
  journal.notes = json::text(object, "notes");
  journal.created = json::instant(object, "created_on").value_or(Instant{});
  journal.is_private = json::boolean(object, "private_notes").value_or(true);
  if (const json::Value* details = json::array(object, "details")) {
    for (const json::Value& detail : details->GetArray()) {
      const std::string_view name = json::text(detail, "name");
      if (json::text(detail, "property") != "attr" || (name != "subject" && name != "description")) continue;
      journal.texts.push_back({std::string{name}, with_line_feeds(json::text(detail, "old_value")),
                               with_line_feeds(json::text(detail, "new_value"))});
    }
  }
  return journal;
}

Issue::File read_file(const json::Value& object) {
  Issue::File file;
  Attachment& attachment = file.attachment;
  attachment.id = NativeId{std::to_string(json::integer(object, "id").value_or(0))};
  attachment.name = json::text(object, "filename");
  attachment.url = json::text(object, "content_url");
  attachment.bytes =
      static_cast<std::uint64_t>(std::max<std::int64_t>(0, json::integer(object, "filesize").value_or(0)));
  if (const json::Value* author = json::member(object, "author"))
    file.author = json::integer(*author, "id").value_or(0);
  return file;
}

Result<Issue> read_issue(const json::Value& object) {
  Issue issue;
  const auto id = json::integer(object, "id");
  const auto created = json::instant(object, "created_on");
  const auto updated = json::instant(object, "updated_on");
  if (!id || !created || !updated) return malformed("an issue without id, created_on or updated_on");
  issue.id = *id;
  issue.created = *created;
  issue.updated = *updated;
  issue.project = read_reference(object, "project");
  issue.tracker = read_reference(object, "tracker");
  issue.status = read_reference(object, "status");
  issue.priority = read_reference(object, "priority");
  issue.author = read_reference(object, "author");
  issue.assignee = read_reference(object, "assigned_to");
  issue.category = read_reference(object, "category");
  issue.version = read_reference(object, "fixed_version");
  if (issue.project.id == 0 || issue.status.id == 0) return malformed("an issue without project or status");
  issue.subject = json::text(object, "subject");
  issue.description = json::text(object, "description");
  issue.is_private = json::boolean(object, "is_private").value_or(true);
  if (const json::Value* fields = json::array(object, "custom_fields")) {
    for (const json::Value& field : fields->GetArray()) issue.custom.push_back(read_custom(field));
  }
  if (const json::Value* journals = json::array(object, "journals")) {
    issue.journals.emplace();
    for (const json::Value& journal : journals->GetArray()) issue.journals->push_back(read_journal(journal));
  }
  if (const json::Value* files = json::array(object, "attachments")) {
    for (const json::Value& file : files->GetArray()) issue.files.push_back(read_file(file));
  }
  if (json::array(object, "allowed_statuses") != nullptr) {
    issue.allowed_statuses = read_references(object, "allowed_statuses");
  }
  return issue;
}

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

void write_text(Writer& writer, std::string_view text) {
  const std::string clean = cleaned(text);
  writer.String(clean.data(), static_cast<rapidjson::SizeType>(clean.size()));
}

void write_key(Writer& writer, std::string_view name) {
  writer.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
}

void write_member(Writer& writer, std::string_view name, const std::optional<std::string>& text) {
  if (!text) return;
  write_key(writer, name);
  write_text(writer, *text);
}

void write_member(Writer& writer, std::string_view name, const std::optional<Number>& number) {
  if (!number) return;
  write_key(writer, name);
  if (*number == 0) {
    writer.String("");  // null would be ignored by some versions; "" clears in all
  } else {
    writer.Int64(*number);
  }
}

std::string finish(const rapidjson::StringBuffer& buffer) { return {buffer.GetString(), buffer.GetSize()}; }

}  // namespace

Result<Issue> read_issue(std::string_view body) {
  const auto document = json::parse(body);
  if (!document) return cut();
  const json::Value* issue = json::member(*document, "issue");
  if (issue == nullptr) return malformed("no issue");
  return read_issue(*issue);
}

Result<IssuePage> read_issues(std::string_view body) {
  const auto document = json::parse(body);
  if (!document) return cut();
  const json::Value* issues = json::array(*document, "issues");
  const auto total = json::integer(*document, "total_count");
  if (issues == nullptr || !total) return malformed("no issues or no total_count");
  IssuePage page;
  page.total = *total;
  page.issues.reserve(issues->Size());
  for (const json::Value& object : issues->GetArray()) {
    Result<Issue> issue = read_issue(object);
    if (!issue) return std::unexpected(issue.error());
    page.issues.push_back(std::move(*issue));
  }
  return page;
}

Result<User> read_user(std::string_view body) {
  const auto document = json::parse(body);
  if (!document) return cut();
  const json::Value* object = json::member(*document, "user");
  const auto id = object == nullptr ? std::nullopt : json::integer(*object, "id");
  if (!id) return malformed("no user");
  User user;
  user.id = *id;
  user.login = json::text(*object, "login");
  user.admin = json::boolean(*object, "admin").value_or(false);
  const std::string_view first = json::text(*object, "firstname");
  const std::string_view last = json::text(*object, "lastname");
  user.name = fmt::format("{}{}{}", first, first.empty() || last.empty() ? "" : " ", last);
  if (const json::Value* memberships = json::array(*object, "memberships")) {
    for (const json::Value& membership : memberships->GetArray()) {
      std::vector<Number>& roles = user.roles[read_reference(membership, "project").id];
      for (const Named& role : read_references(membership, "roles")) roles.push_back(role.id);
    }
  }
  return user;
}

Result<NamedPage> read_named(std::string_view body, std::string_view list) {
  const auto document = json::parse(body);
  if (!document) return cut();
  const json::Value* entries = json::array(*document, list);
  if (entries == nullptr) return malformed(fmt::format("no {}", list));
  NamedPage page;
  for (const json::Value& object : entries->GetArray()) {
    NamedPage::Entry entry;
    if (list == "memberships") {
      entry.named = read_reference(object, "user");
      if (entry.named.id == 0) entry.named = read_reference(object, "group");
    } else {
      entry.named = {json::integer(object, "id").value_or(0), std::string{json::text(object, "name")}};
    }
    if (entry.named.id == 0) return malformed(fmt::format("an entry of {} without id", list));
    entry.is_closed = json::boolean(object, "is_closed").value_or(false);
    if (const Named first = read_reference(object, "default_status"); first.id != 0) entry.default_status = first;
    const std::string_view status = json::text(object, "status");
    entry.locked = status == "locked" || status == "closed";
    page.entries.push_back(std::move(entry));
  }
  page.total = json::integer(*document, "total_count").value_or(static_cast<std::int64_t>(page.entries.size()));
  return page;
}

Result<Project> read_project(std::string_view body) {
  const auto document = json::parse(body);
  if (!document) return cut();
  const json::Value* object = json::member(*document, "project");
  const auto id = object == nullptr ? std::nullopt : json::integer(*object, "id");
  if (!id) return malformed("no project");
  Project project;
  project.named = {*id, std::string{json::text(*object, "name")}};
  project.identifier = json::text(*object, "identifier");
  project.status = static_cast<int>(json::integer(*object, "status").value_or(1));
  project.is_public = json::boolean(*object, "is_public").value_or(false);
  project.trackers = read_references(*object, "trackers");
  project.categories = read_references(*object, "issue_categories");
  project.custom_fields = read_references(*object, "issue_custom_fields");
  return project;
}

Result<Role> read_role(std::string_view body) {
  const auto document = json::parse(body);
  if (!document) return cut();
  const json::Value* object = json::member(*document, "role");
  const json::Value* list = object == nullptr ? nullptr : json::array(*object, "permissions");
  if (list == nullptr) return malformed("a role without permissions");
  Role role;
  role.name = json::text(*object, "name");
  role.issues_visibility = json::text(*object, "issues_visibility");
  for (const json::Value& permission : list->GetArray()) {
    if (permission.IsString()) role.permissions.insert(permission.GetString());
  }
  return role;
}

Result<std::vector<Named>> read_required_fields(std::string_view body) {
  const auto document = json::parse(body);
  if (!document) return cut();
  const json::Value* list = json::array(*document, "custom_fields");
  if (list == nullptr) return malformed("no custom_fields");
  std::vector<Named> required;
  for (const json::Value& field : list->GetArray()) {
    if (json::text(field, "customized_type") != "issue") continue;
    if (!json::boolean(field, "is_required").value_or(false) || !json::text(field, "default_value").empty()) continue;
    required.push_back({json::integer(field, "id").value_or(0), std::string{json::text(field, "name")}});
  }
  return required;
}

std::optional<std::vector<std::string>> read_errors(std::string_view body) {
  const auto document = json::parse(body);
  if (!document) return std::nullopt;
  const json::Value* list = json::array(*document, "errors");
  if (list == nullptr) return std::nullopt;
  std::vector<std::string> errors;
  for (const json::Value& error : list->GetArray()) {
    if (error.IsString()) errors.emplace_back(error.GetString(), error.GetStringLength());
  }
  return errors;
}

std::string cleaned(std::string_view text) { return json::clean(text, "?"); }

Result<Uploaded> read_upload(std::string_view body) {
  const auto document = json::parse(body);
  const json::Value* upload = document ? json::member(*document, "upload") : nullptr;
  if (upload == nullptr || json::text(*upload, "token").empty()) return malformed("an upload without a token");
  return Uploaded{std::string{json::text(*upload, "token")}, json::integer(*upload, "id").value_or(0)};
}

std::string issue_body(const IssueChange& change) {
  rapidjson::StringBuffer buffer;
  Writer writer{buffer};
  writer.StartObject();
  writer.Key("issue");
  writer.StartObject();
  write_member(writer, "project_id", change.project);
  write_member(writer, "tracker_id", change.tracker);
  write_member(writer, "status_id", change.status);
  write_member(writer, "priority_id", change.priority);
  write_member(writer, "subject", change.subject);
  write_member(writer, "description", change.description);
  write_member(writer, "category_id", change.category);
  write_member(writer, "fixed_version_id", change.version);
  write_member(writer, "assigned_to_id", change.assignee);
  if (change.is_private) {
    writer.Key("is_private");
    writer.Bool(*change.is_private);
  }
  if (!change.custom.empty()) {
    writer.Key("custom_fields");
    writer.StartArray();
    for (const auto& [id, value] : change.custom) {
      writer.StartObject();
      writer.Key("id");
      writer.Int64(id);
      writer.Key("value");
      if (const auto* one = std::get_if<std::string>(&value)) {
        write_text(writer, *one);
      } else {
        writer.StartArray();
        for (const std::string& element : std::get<std::vector<std::string>>(value)) write_text(writer, element);
        writer.EndArray();
      }
      writer.EndObject();
    }
    writer.EndArray();
  }
  write_member(writer, "notes", change.notes);
  if (change.private_notes) {
    writer.Key("private_notes");
    writer.Bool(true);
  }
  if (!change.uploads.empty()) {
    writer.Key("uploads");
    writer.StartArray();
    for (const IssueChange::Upload& upload : change.uploads) {
      writer.StartObject();
      write_key(writer, "token");
      write_text(writer, upload.token);
      write_key(writer, "filename");
      write_text(writer, upload.name);
      writer.EndObject();
    }
    writer.EndArray();
  }
  writer.EndObject();
  writer.EndObject();
  return finish(buffer);
}

std::string journal_body(std::string_view notes, std::optional<bool> is_private) {
  rapidjson::StringBuffer buffer;
  Writer writer{buffer};
  writer.StartObject();
  writer.Key("journal");
  writer.StartObject();
  writer.Key("notes");
  write_text(writer, notes);
  if (is_private) {
    writer.Key("private_notes");
    writer.Bool(*is_private);
  }
  writer.EndObject();
  writer.EndObject();
  return finish(buffer);
}

const CustomValue* custom_value(const Issue& issue, std::string_view name) {
  for (const CustomValue& field : issue.custom) {
    if (field.name == name) return &field;
  }
  return nullptr;
}

std::set<std::string> labels_of(const CustomValue& field) {
  std::set<std::string> labels;
  for (const std::string& value : field.values) {
    if (field.multiple) {
      labels.insert(value);
      continue;
    }
    const std::string lines = with_line_feeds(value);
    std::size_t start = 0;
    while (start <= lines.size()) {
      const std::size_t end = std::min(lines.find('\n', start), lines.size());
      const std::string_view line = std::string_view{lines}.substr(start, end - start);
      const std::size_t first = line.find_first_not_of(" \t");
      if (first != std::string_view::npos) {
        labels.emplace(line.substr(first, line.find_last_not_of(" \t") - first + 1));
      }
      start = end + 1;
    }
  }
  return labels;
}

Person person(const Named& shown, const Reading& reading) {
  if (shown.id == 0) return {};
  if (reading.logins == nullptr) return {shown.name, shown.name};
  const auto known = reading.logins->find(shown.id);
  return {known == reading.logins->end() ? shown.name : known->second, shown.name};
}

Snapshot snapshot_of(const Issue& issue, const Reading& reading) {
  const auto field_of = [&](const char* ours) -> std::string_view {
    const auto found = reading.fields.find(ours);
    return found == reading.fields.end() ? std::string_view{} : std::string_view{found->second};
  };
  const std::string_view labels_field = field_of("labels");
  const std::string_view marker_field = field_of("marker");

  Snapshot snapshot;
  snapshot.ref = {reading.tracker, NativeId{std::to_string(issue.id)}};
  snapshot.display_key = fmt::format("#{}", issue.id);
  snapshot.url = fmt::format("{}/issues/{}", reading.url, issue.id);
  snapshot.created = issue.created;
  snapshot.updated = issue.updated;
  snapshot.observed = reading.observed;
  snapshot.author = person(issue.author, reading);

  Unwrapped description = unwrap(issue.description);
  snapshot.marker = description.marker;
  Ticket& ticket = snapshot.ticket;
  ticket.title = issue.subject;
  ticket.body = std::move(description.text);
  ticket.status = issue.status.name;
  if (issue.priority.id != 0) ticket.priority = issue.priority.name;
  if (issue.assignee.id != 0) ticket.assignee = person(issue.assignee, reading).login;
  if (issue.version.id != 0) ticket.milestone = issue.version.name;
  ticket.visibility = issue.is_private ? Visibility::restricted : Visibility::open;
  ticket.fields["tracker"] = issue.tracker.name;
  if (issue.category.id != 0) ticket.fields["category"] = issue.category.name;
  for (const CustomValue& custom : issue.custom) {
    if (custom.name == labels_field) {
      ticket.labels = labels_of(custom);
    } else if (custom.name == marker_field) {
      if (!custom.values.empty()) snapshot.marker = Marker{custom.values.front()};
    } else {
      ticket.fields[custom.name] = fmt::format("{}", fmt::join(custom.values, ", "));
    }
  }

  for (const Issue::File& file : issue.files) {
    snapshot.attachments.push_back(file.attachment);
    snapshot.attachments.back().ours = reading.account != 0 && file.author == reading.account;
  }
  if (issue.allowed_statuses) {
    snapshot.reachable_statuses.emplace();
    for (const Named& status : *issue.allowed_statuses) snapshot.reachable_statuses->insert(status.name);
  }
  if (!issue.journals) return snapshot;
  snapshot.coverage = Coverage::all;
  for (const Journal& journal : *issue.journals) {
    if (journal.notes.empty()) continue;
    Comment comment;
    Unwrapped notes = unwrap(journal.notes);
    comment.id = NativeId{std::to_string(journal.id)};
    comment.author = person(journal.user, reading);
    if (!notes.whose.empty()) comment.author.display_name = std::move(notes.whose);
    comment.body = std::move(notes.text);
    comment.marker = std::move(notes.marker);
    comment.written = journal.created;
    // A public note on a private issue is read by no more people than the issue.
    comment.visibility = journal.is_private || issue.is_private ? Visibility::restricted : Visibility::open;
    snapshot.comments.push_back(std::move(comment));
  }
  snapshot.comment_count = snapshot.comments.size();
  return snapshot;
}

}  // namespace causeway::redmine
