/// `/_standin/…`: acting as a person, making trouble, looking at everything. Bodies and answers are JSON.
///
// clang-format off
///   GET    /_standin/issues              every issue, whole
///   GET    /_standin/issues/12
///   POST   /_standin/issues              {project, subject, description, as, private} → {id}
///   POST   /_standin/issues/12/edit      {subject, description, status, priority, assignee, project, private, fields: {name: value}, as}
///   POST   /_standin/issues/12/note      {text, private, as} → {id}
///   POST   /_standin/issues/12/attach    {name, content, as}
///   DELETE /_standin/issues/12
///   POST   /_standin/journals/7          {text, private}: without a new stamp on the issue, as Redmine does it
///   GET    /_standin/requests            {"GET /issues": 3, …}; DELETE begins to count anew
///   POST   /_standin/troubles            {kind, method, path, status, skip, times, after_commit, retry_after, delay_ms}; DELETE ends all
///   POST   /_standin/settings            {rest_enabled, login_required, ids_reused, dates_with_header, latency_ms}
// clang-format on
#include <fmt/format.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "tests/fakes/redmine/call.hpp"

namespace causeway::fakes::redmine {
namespace {

class Body {
 public:
  explicit Body(const std::string& text) { document_.Parse(text.data(), text.size()); }
  [[nodiscard]] bool good() const { return !document_.HasParseError() && document_.IsObject(); }
  [[nodiscard]] const rapidjson::Value* find(const char* name) const {
    const auto found = document_.FindMember(name);
    return found == document_.MemberEnd() ? nullptr : &found->value;
  }
  [[nodiscard]] std::string text(const char* name, std::string otherwise = {}) const {
    const auto* value = find(name);
    return value == nullptr ? otherwise : text_of(*value);
  }
  [[nodiscard]] std::optional<bool> flag(const char* name) const {
    const auto* value = find(name);
    return value != nullptr && value->IsBool() ? std::optional{value->GetBool()} : std::nullopt;
  }
  [[nodiscard]] int number(const char* name, int otherwise) const {
    const auto* value = find(name);
    return value != nullptr && value->IsInt() ? value->GetInt() : otherwise;
  }

 private:
  rapidjson::Document document_;
};

Response made(Number id) { return json_answer(200, fmt::format("{{\"id\":{}}}", id)); }
Response done() { return json_answer(200, "{}"); }
Response bad(std::string_view why) { return json_answer(400, fmt::format("{{\"error\":\"{}\"}}", why)); }

/// Takes over what a person typed. A status or person that does not exist is left alone.
void take(const State& state, const Body& body, Attributes& issue) {
  if (body.find("subject") != nullptr) issue.subject = body.text("subject");
  if (body.find("description") != nullptr) issue.description = body.text("description");
  if (const auto flag = body.flag("private")) issue.is_private = *flag;
  for (const Status& status : state.statuses) {
    if (status.name == body.text("status")) issue.status = status.id;
  }
  for (const Priority& priority : state.priorities) {
    if (priority.name == body.text("priority")) issue.priority = priority.id;
  }
  for (const auto& [id, user] : state.users) {
    if (!user.anonymous && user.login == body.text("assignee")) issue.assignee = id;
  }
  if (const Project* project = find_project(state, body.text("project"))) issue.project = project->id;
  const auto* fields = body.find("fields");
  if (fields == nullptr || !fields->IsObject()) return;
  for (const auto& member : fields->GetObject()) {
    for (const auto& [id, field] : state.custom_fields) {
      if (field.name != text_of(member.name)) continue;
      std::vector<std::string>& values = issue.custom[id];
      values.clear();
      if (member.value.IsArray()) {
        for (const auto& one : member.value.GetArray()) values.push_back(text_of(one));
      } else {
        values.push_back(text_of(member.value));
      }
    }
  }
}

}  // namespace

Response Redmine::answer_control(Call& call) {
  const std::string& method = call.request.method;
  const std::vector<std::string>& parts = call.parts;
  const std::string what = parts.size() > 1 ? parts[1] : std::string{};
  const auto id = parts.size() > 2 ? as_number(parts[2]) : std::nullopt;
  const User* everything = nullptr;
  for (const auto& [number, user] : state_.users) {
    if (user.admin) everything = &user;
  }
  if (everything == nullptr) return bad("the world has no administrator");
  const Actor actor{state_, *everything};
  const Shown shown{state_, actor, call.host};
  const Includes whole{"journals", "attachments", "allowed_statuses"};

  if (what == "requests") {
    if (method == "DELETE") requests_.clear();
    rapidjson::StringBuffer buffer;
    rapidjson::Writer<rapidjson::StringBuffer> writer{buffer};
    writer.StartObject();
    for (const auto& [name, count] : requests_) {
      writer.Key(name.c_str());
      writer.Uint64(count);
    }
    writer.EndObject();
    return json_answer(200, buffer.GetString());
  }
  if (what == "troubles" && method == "DELETE") {
    troubles_.clear();
    return done();
  }
  if (what == "issues" && method == "GET") {
    if (id) {
      const auto found = state_.issues.find(*id);
      return found == state_.issues.end() ? json_answer(404, "{}")
                                          : json_answer(200, issue_json(shown, found->second, whole));
    }
    std::string list = "[";
    for (const auto& [number, issue] : state_.issues) {
      list += (list.size() > 1 ? "," : "") + issue_json(shown, issue, whole);
    }
    return json_answer(200, list + "]");
  }
  if (what == "issues" && method == "DELETE" && id) {
    delete_issue(state_, *id);
    return done();
  }
  if (method != "POST") return json_answer(404, "{}");

  const Body body{call.request.body.empty() ? "{}" : call.request.body};
  if (!body.good()) return bad("no JSON object");
  if (what == "settings") {
    Settings& settings = state_.settings;
    settings.rest_enabled = body.flag("rest_enabled").value_or(settings.rest_enabled);
    settings.login_required = body.flag("login_required").value_or(settings.login_required);
    settings.ids_reused = body.flag("ids_reused").value_or(settings.ids_reused);
    settings.latency_ms = body.number("latency_ms", static_cast<int>(settings.latency_ms));
    settings.dates_with_header = body.flag("dates_with_header").value_or(settings.dates_with_header);
    return done();
  }
  if (what == "troubles") {
    const auto kind = trouble_kind(body.text("kind", "status"));
    if (!kind) return bad("no such kind of trouble");
    troubles_.push_back({*kind, body.text("method"), body.text("path"), body.number("status", 502),
                         body.number("skip", 0), body.number("times", 1), body.flag("after_commit").value_or(false),
                         body.text("retry_after"), std::chrono::milliseconds{body.number("delay_ms", 0)}});
    return done();
  }
  if (what == "journals" && id) {
    if (find_journal(state_, *id) == nullptr) return json_answer(404, "{}");
    set_notes(state_, *id, body.text("text"), body.flag("private"));
    return done();
  }
  if (what != "issues") return json_answer(404, "{}");
  if (!id) {
    const Number opened = open_locked(body.text("project", "alpha"), body.text("subject"), body.text("description"),
                                      body.text("as", "reporter"), body.flag("private").value_or(false));
    return opened == 0 ? bad("that issue cannot be opened") : made(opened);
  }
  if (!state_.issues.contains(*id)) return json_answer(404, "{}");
  const std::string action = parts.size() > 3 ? parts[3] : std::string{};
  const std::string as = body.text("as", "developer");
  if (action == "note") return made(note_locked(*id, body.text("text"), as, body.flag("private").value_or(false)));
  if (action == "edit") {
    edit_locked(*id, [&](Attributes& issue) { take(state_, body, issue); }, as);
    return done();
  }
  if (action == "attach") {
    attach_locked(*id, body.text("name"), body.text("content"), as);
    return done();
  }
  return json_answer(404, "{}");
}

}  // namespace causeway::fakes::redmine
