/// Redmine's REST addresses.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "tests/fakes/redmine/call.hpp"

namespace causeway::fakes::redmine {
namespace {

/// Filters are kept in the session cookie; more than this does not fit (Rails answers 500, CookieOverflow).
constexpr std::size_t filter_bytes_max = 2000;

bool is_json_type(std::string_view type) {
  return type.starts_with("application/json") || type.starts_with("text/x-json");
}

std::vector<std::string> values_of(const rapidjson::Value& value) {
  std::vector<std::string> values;
  if (value.IsArray()) {
    for (const auto& one : value.GetArray()) values.push_back(text_of(one));
  } else {
    values.push_back(text_of(value));
  }
  return values;
}

void read_custom(const rapidjson::Value& object, Wish& wish) {
  if (const auto list = object.FindMember("custom_fields"); list != object.MemberEnd() && list->value.IsArray()) {
    for (const auto& field : list->value.GetArray()) {
      if (!field.IsObject()) continue;
      const auto id = field.FindMember("id");
      const auto value = field.FindMember("value");
      if (id == field.MemberEnd() || value == field.MemberEnd()) continue;
      if (const auto number = number_of(id->value)) wish.custom[*number] = values_of(value->value);
    }
  }
  if (const auto map = object.FindMember("custom_field_values"); map != object.MemberEnd() && map->value.IsObject()) {
    for (const auto& field : map->value.GetObject()) {
      if (const auto number = number_of(field.name)) wish.custom[*number] = values_of(field.value);
    }
  }
}

Wish read_wish(const rapidjson::Value& object) {
  Wish wish;
  if (!object.IsObject()) return wish;
  const auto text = [&](const char* name, std::optional<std::string>& target) {
    if (const auto found = object.FindMember(name); found != object.MemberEnd()) target = text_of(found->value);
  };
  const auto number = [&](const char* name, std::optional<Number>& target) {
    if (const auto found = object.FindMember(name); found != object.MemberEnd())
      target = number_of(found->value).value_or(0);
  };
  const auto truth = [](const rapidjson::Value& value) {
    return value.IsBool() ? value.GetBool() : text_of(value) == "1" || text_of(value) == "true";
  };
  text("project_id", wish.project);
  text("subject", wish.subject);
  text("description", wish.description);
  text("start_date", wish.start_date);
  text("due_date", wish.due_date);
  text("notes", wish.notes);
  number("tracker_id", wish.tracker);
  number("status_id", wish.status);
  number("priority_id", wish.priority);
  number("assigned_to_id", wish.assignee);
  number("category_id", wish.category);
  number("fixed_version_id", wish.version);
  number("parent_issue_id", wish.parent);
  if (const auto found = object.FindMember("is_private"); found != object.MemberEnd())
    wish.is_private = truth(found->value);
  if (const auto found = object.FindMember("private_notes"); found != object.MemberEnd()) {
    wish.private_notes = truth(found->value);
  }
  if (const auto found = object.FindMember("lock_version"); found != object.MemberEnd()) {
    wish.lock_version = number_of(found->value);
  }
  read_custom(object, wish);
  if (const auto list = object.FindMember("uploads"); list != object.MemberEnd() && list->value.IsArray()) {
    for (const auto& upload : list->value.GetArray()) {
      if (!upload.IsObject()) continue;
      const auto part_of = [&](const char* name) {
        const auto found = upload.FindMember(name);
        return found == upload.MemberEnd() ? std::string{} : text_of(found->value);
      };
      wish.uploads.push_back({part_of("token"), part_of("filename"), part_of("content_type"), part_of("description")});
    }
  }
  return wish;
}

/// The wrapped object of a body; nullopt: the body is no JSON. Of another content type nothing is read, so nothing is
/// asked for.
std::optional<rapidjson::Document> read_body(const Request& request) {
  rapidjson::Document document;
  if (!is_json_type(request.header("Content-Type"))) {
    document.SetObject();
    return document;
  }
  document.Parse<rapidjson::kParseFullPrecisionFlag | rapidjson::kParseValidateEncodingFlag>(request.body.data(),
                                                                                             request.body.size());
  if (document.HasParseError()) return std::nullopt;
  return document;
}

const rapidjson::Value& wrapped(const rapidjson::Document& document, const char* name) {
  static const rapidjson::Value nothing;
  if (!document.IsObject()) return nothing;
  const auto found = document.FindMember(name);
  return found == document.MemberEnd() ? nothing : found->value;
}

}  // namespace

Includes Redmine::Call::includes() const {
  Includes result;
  const std::string* text = part(query, "include");
  if (text == nullptr) return result;
  std::size_t start = 0;
  while (start <= text->size()) {
    const std::size_t end = std::min(text->find(',', start), text->size());
    result.insert(text->substr(start, end - start));
    start = end + 1;
  }
  return result;
}

Response Redmine::answer_issues(Call& call) {
  const bool below_project = call.parts.size() == 3;
  const std::string* named = below_project ? &call.parts[1] : part(call.query, "project_id");
  const Project* project = named == nullptr ? nullptr : find_project(state_, *named);
  const Actor actor{state_, *call.user};
  if (call.request.method == "GET") {
    if (named != nullptr && project == nullptr) return json_answer(404, "");
    if (project != nullptr && !actor.may("view_issues", *project)) return denied(*call.user);
    if (state_.settings.login_required && call.user->anonymous) return denied(*call.user);
    std::size_t filter_bytes = 0;
    for (const auto& [name, value] : call.query) filter_bytes += name.size() + value.size();
    if (filter_bytes > filter_bytes_max) return html_answer(500, "<h1>500</h1>");
    const auto list = list_issues(state_, actor, call.query, project);
    if (!list) return json_answer(422, errors_json(list.error()));
    const std::string* nometa = part(call.query, "nometa");
    const bool with_meta = (nometa == nullptr || *nometa != "1") && call.request.header("X-Redmine-Nometa") != "1";
    return json_answer(200, issues_json({state_, actor, call.host}, list->rows, call.includes(), list->total,
                                        list->offset, list->limit, with_meta));
  }
  if (call.request.method != "POST") return json_answer(404, "");
  const auto document = read_body(call.request);
  if (!document) return html_answer(400, "<h1>400</h1>");
  Wish wish = read_wish(wrapped(*document, "issue"));
  if (below_project) wish.project = call.parts[1];
  if (!wish.project && call.user->anonymous) return denied(*call.user);
  const Outcome outcome = create_issue(state_, actor, wish, now());
  switch (outcome.kind) {
    case Outcome::Kind::forbidden:
      return denied(*call.user);
    case Outcome::Kind::server_error:
      return html_answer(500, "<h1>500</h1>");
    case Outcome::Kind::refused:
      return json_answer(422, errors_json(outcome.errors));
    case Outcome::Kind::done:
      break;
  }
  Response response = json_answer(201, issue_json({state_, actor, call.host}, state_.issues.at(outcome.id), {}));
  response.headers.emplace_back("Location", fmt::format("{}/issues/{}", call.host, outcome.id));
  return response;
}

Response Redmine::answer_issue(Call& call, Number id) {
  const auto found = state_.issues.find(id);
  if (found == state_.issues.end()) return json_answer(404, "");
  Issue& issue = found->second;
  const Actor actor{state_, *call.user};
  if (!actor.sees(issue)) return denied(*call.user);
  if (state_.settings.login_required && call.user->anonymous) return denied(*call.user);
  if (call.request.method == "GET") {
    return json_answer(200, issue_json({state_, actor, call.host}, issue, call.includes()));
  }
  if (call.request.method == "DELETE") {
    if (!actor.may("delete_issues", state_.projects.at(issue.project))) return denied(*call.user);
    delete_issue(state_, id);
    return empty_answer(204);
  }
  if (call.request.method == "PUT" || call.request.method == "PATCH") return put_issue(call, issue);
  return json_answer(404, "");
}

Response Redmine::put_issue(Call& call, Issue& issue) {
  const auto document = read_body(call.request);
  if (!document) return html_answer(400, "<h1>400</h1>");
  const Outcome outcome =
      update_issue(state_, Actor{state_, *call.user}, issue, read_wish(wrapped(*document, "issue")), now());
  switch (outcome.kind) {
    case Outcome::Kind::forbidden:
      return denied(*call.user);
    case Outcome::Kind::server_error:
      return html_answer(500, "<h1>500</h1>");
    case Outcome::Kind::refused:
      return json_answer(422, errors_json(outcome.errors));
    case Outcome::Kind::done:
      break;
  }
  return empty_answer(204);
}

Response Redmine::answer_journal(Call& call, Number id) {
  if (call.request.method != "PUT" && call.request.method != "PATCH") return json_answer(404, "");
  const Journal* journal = find_journal(state_, id);
  if (journal == nullptr) return json_answer(404, "");
  const Issue& issue = state_.issues.at(state_.journal_issues.at(id));
  const Project& project = state_.projects.at(issue.project);
  const Actor actor{state_, *call.user};
  if (!actor.sees(issue) || !actor.sees(issue, *journal)) return json_answer(404, "");
  const bool own = journal->user == call.user->id && !call.user->anonymous;
  if (!actor.may("edit_issue_notes", project) && !(own && actor.may("edit_own_issue_notes", project))) {
    return denied(*call.user);
  }
  const auto document = read_body(call.request);
  if (!document) return html_answer(400, "<h1>400</h1>");
  const auto& object = wrapped(*document, "journal");
  std::string notes = journal->notes;
  std::optional<bool> is_private;
  if (object.IsObject()) {
    if (const auto text = object.FindMember("notes"); text != object.MemberEnd()) notes = text_of(text->value);
    if (const auto flag = object.FindMember("private_notes");
        flag != object.MemberEnd() && flag->value.IsBool() && actor.may("set_notes_private", project)) {
      is_private = flag->value.GetBool();
    }
  }
  set_notes(state_, id, notes, is_private);  // and the issue's stamp stays as it is
  return empty_answer(204);
}

Response Redmine::answer_user(Call& call) {
  const Actor actor{state_, *call.user};
  const Shown shown{state_, actor, call.host};
  if (call.parts.size() == 1) {
    return call.user->admin ? json_answer(200, users_json(shown)) : denied(*call.user);
  }
  if (call.parts[1] == "current") {
    if (!state_.settings.rest_enabled && !call.request.header("X-Redmine-API-Key").empty()) return json_answer(403, "");
    if (call.user->anonymous) return denied(*call.user);
    return json_answer(200, user_json(shown, *call.user, call.includes()));
  }
  const auto id = as_number(call.parts[1]);
  const auto user = id ? state_.users.find(*id) : state_.users.end();
  if (user == state_.users.end() || user->second.anonymous || (user->second.locked && !call.user->admin)) {
    return json_answer(404, "");
  }
  if (state_.settings.login_required && call.user->anonymous) return denied(*call.user);
  return json_answer(200, user_json(shown, user->second, call.includes()));
}

Response Redmine::answer_project(Call& call) {
  const Actor actor{state_, *call.user};
  const Shown shown{state_, actor, call.host};
  if (call.parts.size() == 1) {
    return json_answer(200, projects_json(shown));
  }
  if (call.parts.size() == 3 && call.parts[2] == "issues") return answer_issues(call);
  const Project* project = find_project(state_, call.parts[1]);
  if (project == nullptr) return json_answer(404, "");
  if (!actor.sees(*project) || (state_.settings.login_required && call.user->anonymous)) return denied(*call.user);
  if (call.parts.size() == 2) return json_answer(200, project_json(shown, *project, call.includes()));
  if (call.parts[2] == "memberships") {
    if (!actor.may("view_members", *project) && !actor.may("view_issues", *project)) return denied(*call.user);
    const auto [limit, offset] = limit_and_offset(call.query);
    return json_answer(200, memberships_json(shown, *project, limit, offset));
  }
  if (call.parts[2] == "versions") return json_answer(200, versions_json(*project));
  return json_answer(404, "");
}

Response Redmine::answer_upload(Call& call) {
  if (call.request.method != "POST") return json_answer(404, "");
  if (call.user->anonymous) return denied(*call.user);
  if (call.request.header("Content-Type") != "application/octet-stream") return empty_answer(406);
  StoredFile file;
  file.id = ++state_.last_file;
  if (const std::string* name = part(call.query, "filename")) file.name = *name;
  file.content_type = "application/octet-stream";
  file.content = call.request.body;
  const std::string token =
      fmt::format("{}.{:016x}", file.id, static_cast<std::uint64_t>(++state_.last_upload) * 0x9E3779B97F4A7C15ULL);
  const Number id = file.id;
  state_.uploads[token] = std::move(file);
  return json_answer(201, upload_json(token, id));
}

Response Redmine::answer_file(Call& call) {
  const auto wanted = call.parts.size() > 2 ? as_number(call.parts[2]) : std::nullopt;
  for (const auto& [id, issue] : state_.issues) {
    for (const StoredFile& file : issue.files) {
      if (file.id != wanted) continue;
      if (!Actor{state_, *call.user}.sees(issue)) return denied(*call.user);
      Response response{200, {{"Content-Type", file.content_type}}, file.content, false, {}};
      return response;
    }
  }
  return html_answer(404, "<h1>404</h1>");
}

Response Redmine::route(Call& call) {
  const std::vector<std::string>& parts = call.parts;
  const std::string root = parts.empty() ? std::string{} : parts[0];
  if (root == "_standin") return answer_control(call);
  if (root == "attachments" && parts.size() > 1 && parts[1] == "download") return answer_file(call);
  if (!call.json) return answer_page(call);
  if (root == "issues" && parts.size() == 1) return answer_issues(call);
  if (root == "issues" && parts.size() == 2) {
    if (const auto id = as_number(parts[1])) return answer_issue(call, *id);
  }
  if (root == "journals" && parts.size() == 2) {
    if (const auto id = as_number(parts[1])) return answer_journal(call, *id);
  }
  if (root == "users") return answer_user(call);
  if (root == "projects") return answer_project(call);
  if (root == "uploads") return answer_upload(call);
  if (state_.settings.login_required && call.user->anonymous) return denied(*call.user);
  if (call.path == "/issue_statuses") return json_answer(200, statuses_json(state_));
  if (call.path == "/trackers") return json_answer(200, trackers_json(state_));
  if (call.path == "/enumerations/issue_priorities") return json_answer(200, priorities_json(state_));
  if (call.path == "/custom_fields") {
    return call.user->admin ? json_answer(200, custom_fields_json(state_)) : denied(*call.user);
  }
  if (root == "roles" && parts.size() == 1) return json_answer(200, roles_json(state_));
  if (root == "roles" && parts.size() == 2) {
    const auto id = as_number(parts[1]);
    const auto role = id ? state_.roles.find(*id) : state_.roles.end();
    if (role != state_.roles.end()) return json_answer(200, role_json(role->second));
  }
  return json_answer(404, "");
}

}  // namespace causeway::fakes::redmine
