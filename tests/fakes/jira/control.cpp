/// `/_standin/…` (without context path): acting as a person, making trouble, looking at everything. Bodies and answers
/// are JSON.
///
// clang-format off
///   GET    /_standin/issues/INIT                 every issue as REST v2 shows it to an administrator, comments and all
///   POST   /_standin/issues/INIT                 {summary, description, type, labels, as} → {key}
///   POST   /_standin/issues/INIT-1/edit          {summary, description, labels, priority, assignee, as}
///   POST   /_standin/issues/INIT-1/comment       {text, role, group, internal, as} → {id}
///   POST   /_standin/issues/INIT-1/transition    {status, as}; also move {project} → {key}, remove, archive, restore, security {level}
///   POST   /_standin/issues/INIT-1/attach        {name, content, as} → {id}
///   POST   /_standin/comments/10001/edit         {text}; also remove, restrict {role, group, internal}
///   POST   /_standin/bulk                        {project, issues, comments, bytes}
///   POST   /_standin/settings                    {latency_ms, index_lag_ms: […], flap_every, flap_ms, search_cap, empty_pages, repeat_token, near_limit,
///                                                 per_issue_limits, webhooks, wrong_is_anonymous, unknown_keys_refused}
///   GET    /_standin/webhooks                    [{event, headers, body}]: those since the last call
///   GET    /_standin/requests                    {"GET /rest/api/3/issue/{issueIdOrKey}": 3, …}; DELETE begins to count anew
///   GET    /_standin/refusals                    {"refusals": 0}: answers 429 so far
///   POST   /_standin/limits                      {reason, method, path, skip, times, retry_after_ms}
///   POST   /_standin/troubles                    {kind, method, path, status, skip, times, after_commit, retry_after, delay_ms}; DELETE ends all
// clang-format on
#include <fmt/format.h>

#include "tests/fakes/jira/call.hpp"

namespace causeway::fakes::jira {
namespace {

using Value = rapidjson::Value;

Response done() { return json_answer(200, "{}"); }
Response made(std::string_view name, Number id) { return json_answer(200, fmt::format("{{\"{}\":{}}}", name, id)); }
Response made(std::string_view name, const std::string& key) {
  return json_answer(200, fmt::format("{{\"{}\":\"{}\"}}", name, key));
}

std::string text(const Value& body, const char* name, std::string otherwise = {}) {
  const auto* value = member(body, name);
  return value == nullptr || value->IsNull() ? otherwise : text_of(*value);
}

std::optional<std::string> text_if(const Value& body, const char* name) {
  const auto* value = member(body, name);
  return value == nullptr || value->IsNull() ? std::nullopt : std::optional{text_of(*value)};
}

bool flag(const Value& body, const char* name) {
  const auto* value = member(body, name);
  return value != nullptr && value->IsTrue();
}

template <class T>
void take_number(const Value& body, const char* name, T& target) {
  const auto* value = member(body, name);
  if (value != nullptr && value->IsInt64()) target = static_cast<T>(value->GetInt64());
}

void take_flag(const Value& body, const char* name, bool& target) {
  const auto* value = member(body, name);
  if (value != nullptr && value->IsBool()) target = value->GetBool();
}

Restriction restriction_of(const Value& body) {
  return {text(body, "role"), text(body, "group"), flag(body, "internal")};
}

Form form_of(const Value& body) {
  Form form;
  form.summary = text_if(body, "summary");
  form.description = text_if(body, "description");
  form.priority = text_if(body, "priority");
  form.assignee = text_if(body, "assignee");
  form.type = text_if(body, "type");
  if (const auto* labels = member(body, "labels"); labels != nullptr && labels->IsArray()) {
    form.labels.emplace();
    for (const auto& label : labels->GetArray()) form.labels->push_back(text_of(label));
  }
  return form;
}

void take_settings(const Value& body, Settings& settings) {
  take_number(body, "latency_ms", settings.latency_ms);
  take_number(body, "flap_every", settings.flap_every);
  take_number(body, "flap_ms", settings.flap_ms);
  take_number(body, "search_cap", settings.search_cap);
  take_number(body, "empty_pages", settings.empty_pages);
  take_flag(body, "repeat_token", settings.repeat_token);
  take_flag(body, "near_limit", settings.near_limit);
  take_flag(body, "webhooks", settings.webhooks);
  take_flag(body, "wrong_is_anonymous", settings.wrong_is_anonymous);
  take_flag(body, "unknown_keys_refused", settings.unknown_keys_refused);
  take_flag(body, "per_issue_limits", settings.limits.per_issue);
  const auto* lags = member(body, "index_lag_ms");
  if (lags == nullptr || !lags->IsArray() || lags->Empty()) return;
  settings.index_lag_ms.clear();
  for (const auto& lag : lags->GetArray()) settings.index_lag_ms.push_back(lag.IsInt64() ? lag.GetInt64() : 0);
}

Trouble trouble_of(const Value& body) {
  Trouble trouble;
  trouble.kind = trouble_kind(text(body, "kind", "status")).value_or(Trouble::Kind::status);
  trouble.method = text(body, "method");
  trouble.path_template = text(body, "path");
  take_number(body, "status", trouble.status);
  take_number(body, "skip", trouble.skip);
  take_number(body, "times", trouble.times);
  trouble.after_commit = flag(body, "after_commit");
  trouble.retry_after = text(body, "retry_after");
  std::int64_t delay = 0;
  take_number(body, "delay_ms", delay);
  trouble.delay = std::chrono::milliseconds{delay};
  return trouble;
}

}  // namespace

std::string Jira::whole_project(const std::string& key) const {
  const std::scoped_lock lock{mutex_};
  Out out;
  out.open_list();
  const Project* project = find_project(state_, key);
  const Shown shown{state_, origin_, find_user(state_, user_named("maintainer")), 2};
  for (const auto& [id, issue] : state_.issues) {
    if (project == nullptr || issue.project != project->id) continue;
    out.open().member("id", std::to_string(id)).member("key", issue.key).flag("archived", issue.archived).key("fields");
    write_fields(out, shown, issue, FieldChoice{{"*all", "-comment"}}, 0);
    out.key("comment_list").open_list();
    for (const Number comment : issue.comments) write_comment(out, shown, state_.comments.at(comment));
    out.close_list().key("properties").open();
    for (const auto& [name, json] : issue.properties) out.key(name).raw(json);
    out.close().close();
  }
  out.close_list();
  return out.take();
}

Response Jira::control_issue(const std::string& key, const std::string& action, const Value& body) {
  const std::string as = text(body, "as", "maintainer");
  if (action == "edit") edit(key, form_of(body), as);
  else if (action == "comment")
    return made("id", comment(key, text(body, "text"), text(body, "as", "reporter"), restriction_of(body)));
  else if (action == "transition") transition(key, text(body, "status"), as);
  else if (action == "move") return made("key", move(key, text(body, "project"), as));
  else if (action == "remove") remove(key, as);
  else if (action == "archive") archive(key);
  else if (action == "restore") restore(key);
  else if (action == "security") set_security(key, text(body, "level"), as);
  else if (action == "attach") return made("id", attach(key, text(body, "name"), text(body, "content"), as));
  else return message_answer(404, "no such action");
  return done();
}

Response Jira::answer_control(const Request& request) {
  const std::size_t question = std::min(request.target.find('?'), request.target.size());
  const std::vector<std::string> parts = split(std::string_view{request.target}.substr(0, question), '/');
  const std::string what = parts.size() > 1 ? parts[1] : std::string{};
  const bool reads = request.method == "GET", deletes = request.method == "DELETE";
  rapidjson::Document body;
  if (!request.body.empty()) body.Parse<rapidjson::kParseIterativeFlag>(request.body.data(), request.body.size());
  if (body.HasParseError()) return message_answer(400, "the body is no JSON");
  if (what == "requests") {
    if (deletes) forget_requests();
    Out out;
    out.open();
    for (const auto& [name, count] : requests()) out.member(name, count);
    return json_answer(200, out.close().take());
  }
  if (what == "refusals") return made("refusals", static_cast<Number>(refusals()));
  if (what == "webhooks") {
    Out out;
    out.open_list();
    for (const Webhook& webhook : webhooks()) {
      out.open().member("event", webhook.event).key("headers").open();
      for (const auto& [name, value] : webhook.headers) out.member(name, value);
      out.close().key("body").raw(webhook.body).close();
    }
    return json_answer(200, out.close_list().take());
  }
  if (what == "troubles" || what == "limits") {
    if (deletes) {
      no_trouble();
    } else if (what == "troubles") {
      trouble(trouble_of(body));
    } else {
      RateLimit wanted{text(body, "reason"), text(body, "method"), text(body, "path")};
      take_number(body, "skip", wanted.skip);
      take_number(body, "times", wanted.times);
      take_number(body, "retry_after_ms", wanted.retry_after_ms);
      limit(std::move(wanted));
    }
    return done();
  }
  if (what == "settings") {
    change([&](State& state) { take_settings(body, state.settings); });
    return done();
  }
  if (what == "bulk") {
    std::size_t issues = 0, comments_each = 0, bytes = 1500;
    take_number(body, "issues", issues);
    take_number(body, "comments", comments_each);
    take_number(body, "bytes", bytes);
    fill(text(body, "project", "INIT"), issues, comments_each, bytes);
    return done();
  }
  if (what == "comments" && parts.size() == 4) {
    const Number id = as_number(parts[2]).value_or(0);
    if (parts[3] == "edit") edit_comment(id, text(body, "text"), text(body, "as", "maintainer"));
    else if (parts[3] == "remove") delete_comment(id);
    else if (parts[3] == "restrict") restrict_comment(id, restriction_of(body));
    else return message_answer(404, "no such action");
    return done();
  }
  if (what != "issues" || parts.size() < 3) return message_answer(404, "no such control");
  if (parts.size() == 4) return control_issue(parts[2], parts[3], body);
  if (reads) return json_answer(200, whole_project(parts[2]));
  return made("key", file(parts[2], text(body, "summary"), text(body, "description"), text(body, "as", "reporter"),
                          form_of(body)));
}

}  // namespace causeway::fakes::jira
