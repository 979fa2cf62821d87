/// `/_standin/…`: acting as a person, making trouble, looking at everything. Bodies and answers are JSON.
///
// clang-format off
///   GET    /_standin/issues/OWNER/REPO                 every issue as the API shows it, each with "comment_list"
///   GET    /_standin/issues/OWNER/REPO/12
///   POST   /_standin/issues/OWNER/REPO                 {title, body, labels, as, pull_request} → {id, number}
///   POST   /_standin/issues/OWNER/REPO/12/edit         {title, body, labels, assignees, milestone, state, state_reason, as}
///   POST   /_standin/issues/OWNER/REPO/12/comment      {body, as} → {id}
///   POST   /_standin/issues/OWNER/REPO/12/label        {add: [...], remove: [...], as}
///   POST   /_standin/issues/OWNER/REPO/12/lock         {reason, as}; also unlock, close {reason, as}, reopen
///   POST   /_standin/issues/OWNER/REPO/12/remove
///   POST   /_standin/issues/OWNER/REPO/12/transfer     {to: "owner/repo", as} → {number}
///   POST   /_standin/comments/7/edit                   {body}; also remove, minimize {reason}
///   POST   /_standin/labels/OWNER/REPO                 {name, color, description}
///   POST   /_standin/labels/OWNER/REPO/NAME/rename     {to}; also remove
///   POST   /_standin/repositories                      {owner, name, private, members: {login: "read|triage|write|admin"}} → {id}
///   POST   /_standin/repositories/OWNER/REPO/rename    {to}; also remove
///   POST   /_standin/repositories/OWNER/REPO/settings  {archived, private, has_issues}
///   POST   /_standin/bulk                              {repository, issues, comments, bytes}
///   POST   /_standin/users/LOGIN/remove
///   POST   /_standin/apps/1                            {public_key}; /_standin/installations/1 {suspended, expire_tokens}
///   POST   /_standin/tokens                            {token, as, lifetime}
///   POST   /_standin/settings                          {latency_ms, list_lag, token_lifetime, long_tokens, limits: {enforced, requests_per_hour,
///                                                       creations_per_minute, creations_per_hour, points_per_minute, concurrent, status, retry_after (null: unsaid)}}
///   POST   /_standin/reset                             {}: the sample world again, nothing counted, no trouble
///   GET    /_standin/requests                          {"GET /repos/{owner}/{repo}/issues": 3, …}; DELETE begins to count anew
///   GET    /_standin/refusals                          {"refusals": 0}: answers 403 and 429 so far, limits among them
///   POST   /_standin/troubles                          {kind, method, path, status, skip, times, after_commit, retry_after, delay_ms}; DELETE ends all
// clang-format on
#include <fmt/format.h>

#include "tests/fakes/github/call.hpp"

namespace causeway::fakes::github {
namespace {

Response done() { return json_answer(200, "{}"); }
Response made(std::string_view name, Number id) { return json_answer(200, fmt::format("{{\"{}\":{}}}", name, id)); }
Response bad(std::string_view why) { return message_answer(400, why); }

std::string text(const rapidjson::Value& body, const char* name, std::string otherwise = {}) {
  const auto* value = member(body, name);
  return value == nullptr || value->IsNull() ? otherwise : text_of(*value);
}

std::optional<std::string> text_if(const rapidjson::Value& body, const char* name) {
  const auto* value = member(body, name);
  return value == nullptr || value->IsNull() ? std::nullopt : std::optional{text_of(*value)};
}

std::optional<bool> flag(const rapidjson::Value& body, const char* name) {
  const auto* value = member(body, name);
  return value != nullptr && value->IsBool() ? std::optional{value->GetBool()} : std::nullopt;
}

template <class T>
void take_number(const rapidjson::Value& body, const char* name, T& target) {
  const auto* value = member(body, name);
  if (value != nullptr && value->IsInt64()) target = static_cast<T>(value->GetInt64());
}

std::optional<std::vector<std::string>> list(const rapidjson::Value& body, const char* name) {
  const auto* value = member(body, name);
  if (value == nullptr || !value->IsArray()) return std::nullopt;
  std::vector<std::string> texts;
  for (const auto& one : value->GetArray()) texts.push_back(text_of(one));
  return texts;
}

Access access_named(std::string_view name) {
  if (name == "admin") return Access::admin;
  if (name == "write") return Access::write;
  if (name == "triage") return Access::triage;
  return name == "read" ? Access::read : Access::none;
}

void take_settings(const rapidjson::Value& body, Settings& settings) {
  take_number(body, "latency_ms", settings.latency_ms);
  take_number(body, "list_lag", settings.list_lag);
  take_number(body, "token_lifetime", settings.token_lifetime);
  settings.long_tokens = flag(body, "long_tokens").value_or(settings.long_tokens);
  const auto* limits = member(body, "limits");
  if (limits == nullptr || !limits->IsObject()) return;
  Limits& changed = settings.limits;
  changed.enforced = flag(*limits, "enforced").value_or(changed.enforced);
  take_number(*limits, "requests_per_hour", changed.requests_per_hour);
  take_number(*limits, "creations_per_minute", changed.creations_per_minute);
  take_number(*limits, "creations_per_hour", changed.creations_per_hour);
  take_number(*limits, "points_per_minute", changed.points_per_minute);
  take_number(*limits, "concurrent", changed.concurrent);
  take_number(*limits, "status", changed.status);
  if (const auto* retry = member(*limits, "retry_after")) {
    changed.retry_after = retry->IsInt64() ? std::optional{retry->GetInt64()} : std::nullopt;
  }
}

void write_whole(Out& out, const Shown& shown, const Repository& repository, const Issue& issue) {
  begin_issue(out, shown, repository, issue);
  out.key("comment_list").open_list();
  for (const Number id : issue.comments) write_comment(out, shown, repository, repository.comments.at(id));
  out.close_list().close();
}

}  // namespace

Response GitHub::control_issue(Call& call, Repository& repository, const std::vector<std::string>& parts) {
  const bool reads = call.request.method == "GET";
  const rapidjson::Value& body = call.body;
  const Shown shown = call.shown(state_);
  const Number actor = user_of(state_, text(body, "as", "maintainer"));
  if (parts.empty()) {
    Out out;
    if (reads) {
      out.open_list();
      for (const auto& [number, issue] : repository.issues) write_whole(out, shown, repository, issue);
      out.close_list();
      return json_answer(200, out.take());
    }
    const Number author = user_of(state_, text(body, "as", "visitor"));
    Issue& issue = add_issue(state_, repository, author, 0, text(body, "title"), text_if(body, "body"), call.now);
    issue.pull_request = flag(body, "pull_request").value_or(false);
    if (const auto labels = list(body, "labels")) attach_labels(state_, repository, issue, *labels, author, call.now);
    out.open().member("id", issue.id).member("number", issue.number).close();
    return json_answer(200, out.take());
  }
  const auto number = as_number(parts[0]);
  Issue* issue = number ? find_issue(repository, *number) : nullptr;
  if (issue == nullptr) return not_found();
  if (parts.size() == 1 && reads) {
    Out out;
    write_whole(out, shown, repository, *issue);
    return json_answer(200, out.take());
  }
  if (parts.size() != 2 || reads) return not_found();
  const std::string& action = parts[1];
  if (action == "edit") {
    Change change;
    change.title = text_if(body, "title");
    if (member(body, "body") != nullptr) change.body = text_if(body, "body");
    change.labels = list(body, "labels");
    change.assignees = list(body, "assignees");
    if (member(body, "milestone") != nullptr) take_number(body, "milestone", change.milestone.emplace());
    if (const auto state = text_if(body, "state")) change.closed = *state == "closed";
    change.state_reason = text_if(body, "state_reason");
    apply(state_, repository, *issue, change, actor, call.now);
    return done();
  }
  if (action == "comment") {
    const Number author = user_of(state_, text(body, "as", "visitor"));
    return made("id", add_comment(state_, repository, *issue, author, 0, text(body, "body"), call.now).id);
  }
  if (action == "label") {
    attach_labels(state_, repository, *issue, list(body, "add").value_or(std::vector<std::string>{}), actor, call.now);
    for (const std::string& name : list(body, "remove").value_or(std::vector<std::string>{})) {
      if (const Label* known = find_label(repository, name)) {
        detach_label(state_, repository, *issue, known->id, actor, call.now);
      }
    }
    return done();
  }
  if (action == "close" || action == "reopen") {
    Change change;
    change.closed = action == "close";
    change.state_reason = text_if(body, "reason");
    apply(state_, repository, *issue, change, actor, call.now);
    return done();
  }
  if (action == "lock" || action == "unlock") {
    set_lock(state_, repository, *issue, action == "lock", text_if(body, "reason"), actor, call.now);
    return done();
  }
  if (action == "remove") {
    drop_issue(repository, *number);
    return done();
  }
  if (action == "transfer") {
    Repository* target = find_repository(state_, text(body, "to"));
    if (target == nullptr || target == &repository) return bad("no such repository to move to");
    return made("number", transfer_issue(state_, repository, *number, *target, actor, call.now));
  }
  return not_found();
}

Response GitHub::answer_control(Call& call) {
  const std::string& method = call.request.method;
  const std::vector<std::string>& parts = call.parts;
  const std::string what = parts.size() > 1 ? parts[1] : std::string{};
  if (what == "requests") {
    if (method == "DELETE") requests_.clear();
    Out out;
    out.open();
    for (const auto& [name, count] : requests_) out.member(name, static_cast<Number>(count));
    out.close();
    return json_answer(200, out.take());
  }
  if (what == "refusals") return made("refusals", static_cast<Number>(refusals_));
  if (what == "troubles" && method == "DELETE") {
    troubles_.clear();
    return done();
  }
  if (method != "GET" && method != "POST") return not_found();
  if (auto otherwise = read_body(call)) return *std::move(otherwise);
  const rapidjson::Value& body = call.body;
  Repository* repository = parts.size() > 3 ? find_repository(state_, parts[2] + "/" + parts[3]) : nullptr;
  const std::vector<std::string> below(parts.begin() + std::min<std::ptrdiff_t>(4, std::ssize(parts)), parts.end());
  if (what == "issues") return repository == nullptr ? not_found() : control_issue(call, *repository, below);
  if (method != "POST") return not_found();
  if (what == "troubles") {
    const auto kind = trouble_kind(text(body, "kind", "status"));
    if (!kind) return bad("no such kind of trouble");
    Trouble trouble;
    trouble.kind = *kind;
    trouble.method = text(body, "method");
    trouble.path_template = text(body, "path");
    take_number(body, "status", trouble.status);
    take_number(body, "skip", trouble.skip);
    take_number(body, "times", trouble.times);
    trouble.after_commit = flag(body, "after_commit").value_or(false);
    trouble.retry_after = text(body, "retry_after");
    std::int64_t delay = 0;
    take_number(body, "delay_ms", delay);
    trouble.delay = std::chrono::milliseconds{delay};
    troubles_.push_back(std::move(trouble));
    return done();
  }
  if (what == "settings") {
    take_settings(body, state_.settings);
    return done();
  }
  if (what == "reset") {
    state_ = sample_world(call.now);
    usage_.clear();
    troubles_.clear();
    requests_.clear();
    return done();
  }
  if (what == "bulk") {
    std::size_t issues = 0;
    std::size_t comments = 0;
    std::size_t bytes = 1500;
    take_number(body, "issues", issues);
    take_number(body, "comments", comments);
    take_number(body, "bytes", bytes);
    Repository* filled = find_repository(state_, text(body, "repository", "acme/widgets"));
    if (filled == nullptr) return bad("no such repository");
    generate_issues(state_, *filled, issues, comments, bytes, call.now);
    return done();
  }
  if (what == "comments" && parts.size() == 4) {
    const auto id = as_number(parts[2]);
    Repository* found = id ? repository_of_comment(state_, *id) : nullptr;
    if (found == nullptr) return not_found();
    Comment& comment = found->comments.at(*id);
    if (parts[3] == "edit") {
      set_comment(state_, *found, comment, text(body, "body"), call.now);
    } else if (parts[3] == "remove") {
      drop_comment(*found, *id);
    } else if (parts[3] == "minimize") {
      const std::string reason = text(body, "reason");
      comment.minimized = reason.empty() ? std::nullopt : std::optional{reason};
    } else {
      return not_found();
    }
    return done();
  }
  if (what == "labels" && repository != nullptr) {
    if (below.empty()) {
      const std::string name = text(body, "name");
      if (find_label(*repository, name) != nullptr) return bad("there is such a label");
      add_label(state_, *repository, name, text(body, "color", "ededed"), text_if(body, "description"));
      return done();
    }
    const Label* label = find_label(*repository, below[0]);
    if (label == nullptr || below.size() != 2) return not_found();
    if (below[1] == "rename") {
      github::rename_label(*repository, repository->labels.at(label->id), text(body, "to"));
    } else if (below[1] == "remove") {
      drop_label(*repository, label->id);
    } else {
      return not_found();
    }
    return done();
  }
  if (what == "repositories" && parts.size() == 2) {
    Repository& added = add_repository(state_, text(body, "owner", "acme"), text(body, "name"), call.now);
    added.is_private = flag(body, "private").value_or(false);
    if (const auto* members = member(body, "members"); members != nullptr && members->IsObject()) {
      for (const auto& one : members->GetObject()) {
        added.members[add_user(state_, text_of(one.name))] = access_named(text_of(one.value));
      }
    }
    return made("id", added.id);
  }
  if (what == "repositories" && repository != nullptr && below.size() == 1) {
    if (below[0] == "rename") {
      github::rename_repository(state_, *repository, text(body, "to"));
    } else if (below[0] == "remove") {
      const Number id = repository->id;
      std::erase_if(state_.names, [&](const auto& entry) { return entry.second == id; });
      state_.repositories.erase(id);
    } else if (below[0] == "settings") {
      repository->archived = flag(body, "archived").value_or(repository->archived);
      repository->is_private = flag(body, "private").value_or(repository->is_private);
      repository->has_issues = flag(body, "has_issues").value_or(repository->has_issues);
    } else {
      return not_found();
    }
    return done();
  }
  if (what == "users" && parts.size() == 4 && parts[3] == "remove") {
    drop_user(state_, user_of(state_, parts[2]));
    return done();
  }
  const auto id = parts.size() == 3 ? as_number(parts[2]) : std::nullopt;
  if (what == "apps" && id && state_.apps.contains(*id)) {
    state_.apps.at(*id).public_key = text(body, "public_key");
    return done();
  }
  if (what == "installations" && id && state_.installations.contains(*id)) {
    Installation& installation = state_.installations.at(*id);
    installation.suspended = flag(body, "suspended").value_or(installation.suspended);
    if (flag(body, "expire_tokens").value_or(false)) {
      for (auto& [name, token] : state_.tokens) {
        if (token.installation == *id) token.expires = call.now;
      }
    }
    return done();
  }
  if (what == "tokens") {
    Token token;
    token.user = user_of(state_, text(body, "as"));
    Seconds lifetime = 0;
    take_number(body, "lifetime", lifetime);
    if (lifetime != 0) token.expires = call.now + lifetime;
    token.salt = ++tokens_made_;
    state_.tokens[text(body, "token")] = token;
    return done();
  }
  return not_found();
}

}  // namespace causeway::fakes::github
