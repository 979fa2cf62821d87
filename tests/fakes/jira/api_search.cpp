#include <fmt/format.h>

#include <algorithm>

#include "tests/fakes/jira/call.hpp"
#include "tests/fakes/jira/jql.hpp"

namespace causeway::fakes::jira {
namespace {

constexpr Milliseconds token_life = Milliseconds{7} * 24 * 3'600'000;

std::vector<std::string> texts(const rapidjson::Value* list) {
  std::vector<std::string> all;
  if (list == nullptr || !list->IsArray()) return all;
  for (const auto& one : list->GetArray()) all.push_back(text_of(one));
  return all;
}

/// A search, whether it came as a query or as a body.
struct Wish {
  std::string jql, token;
  std::vector<std::string> fields, expand, properties;
  std::set<Number> reconciled;
  std::size_t start = 0, most = 50;
};

struct Row {
  std::string sort_key;
  const Issue* issue = nullptr;
};

std::vector<Row> rows_of(const std::vector<const Issue*>& issues, const Jql& jql, const State& state,
                         const User* user) {
  std::vector<Row> rows;
  for (const Issue* issue : issues) {
    if (jql.matches(*issue) && sees(state, user, *issue)) rows.push_back({jql.sort_key(*issue), issue});
  }
  std::sort(rows.begin(), rows.end(), [](const Row& left, const Row& right) { return left.sort_key < right.sort_key; });
  return rows;
}

std::optional<std::string> unknown_member(const rapidjson::Value& body, const std::set<std::string>& known) {
  if (!body.IsObject()) return std::nullopt;
  for (const auto& one : body.GetObject()) {
    if (!known.contains(one.name.GetString())) return std::string{one.name.GetString()};
  }
  return std::nullopt;
}

}  // namespace

std::vector<const Issue*> Jira::indexed(const Call& call, const std::set<Number>& reconciled) {
  const Settings& settings = state_.settings;
  ++searches_;
  const bool flapping = settings.flap_every > 0 && searches_ % settings.flap_every == 0;
  const Milliseconds lag = settings.index_lag_ms.empty() ? 0 : settings.index_lag_ms[call.node];
  std::vector<const Issue*> issues;
  for (const auto& [id, issue] : state_.issues) {
    const Issue* shown = &issue;
    const auto versions = versions_.find(id);
    if (lag > 0 && versions != versions_.end() && !reconciled.contains(id)) {
      shown = nullptr;
      for (const Version& version : versions->second) {
        if (version.since <= call.now - lag) shown = version.issue.get();
      }
    }
    if (shown == nullptr || shown->archived || issue.archived) continue;
    if (flapping && issue.updated > call.now - settings.flap_ms && !reconciled.contains(id)) continue;
    issues.push_back(shown);
  }
  return issues;
}

Response Jira::search_by_token(Call& call) {
  static const std::set<std::string> known{"jql",           "maxResults", "fields",       "expand",
                                           "nextPageToken", "properties", "fieldsByKeys", "reconcileIssues"};
  Wish wish;
  if (call.is("POST")) {
    if (!call.body.IsObject())
      return message_answer(400, "Invalid request payload. Refer to the REST API documentation and try again.");
    if (unknown_member(call.body, known))
      return message_answer(400, "Invalid request payload. Refer to the REST API documentation and try again.");
    if (const auto* jql = member(call.body, "jql")) wish.jql = text_of(*jql);
    if (const auto* token = member(call.body, "nextPageToken")) wish.token = text_of(*token);
    if (const auto* most = member(call.body, "maxResults"); most != nullptr && most->IsUint())
      wish.most = most->GetUint();
    wish.fields = texts(member(call.body, "fields"));
    if (const auto* expand = member(call.body, "expand")) {
      if (!expand->IsString())
        return message_answer(400, "Invalid request payload. Refer to the REST API documentation and try again.");
      wish.expand = split(text_of(*expand));
    }
    wish.properties = texts(member(call.body, "properties"));
    for (const std::string& id : texts(member(call.body, "reconcileIssues")))
      wish.reconciled.insert(as_number(id).value_or(0));
  } else {
    for (const auto& [name, value] : call.query) {
      if (!known.contains(name) && name != "failFast")
        return message_answer(400, fmt::format("The query parameter '{}' is not known.", name));
      if (name == "reconcileIssues") {
        for (const std::string& id : split(value)) wish.reconciled.insert(as_number(id).value_or(0));
      }
    }
    wish.jql = call.asked("jql");
    wish.token = call.asked("nextPageToken");
    wish.most = call.number("maxResults", 50);
    wish.fields = split(call.asked("fields"));
    wish.expand = split(call.asked("expand"));
    wish.properties = split(call.asked("properties"));
  }
  constexpr std::size_t properties_max = 5, reconciled_max = 50;
  if (wish.properties.size() > properties_max) return message_answer(400, "At most 5 properties can be requested.");
  if (wish.reconciled.size() > reconciled_max) return message_answer(400, "At most 50 issues can be reconciled.");
  const Shown shown = call.shown(state_);
  const bool strict = call.user != nullptr && state_.settings.unknown_keys_refused;
  const Jql jql = parse_jql(wish.jql, {state_, call.user, shown.time_zone(), call.now, strict});
  if (!jql.errors.empty()) return refused(400, {jql.errors, {}});
  if (!jql.bounded) {
    return message_answer(400,
                          "Unbounded JQL queries are not allowed here. Please add a search restriction to your query.");
  }
  PageToken position;
  position.query = wish.jql;
  if (!wish.token.empty()) {
    const auto known_token = page_tokens_.find(wish.token);
    const bool good = known_token != page_tokens_.end() && known_token->second.query == wish.jql &&
                      call.now < known_token->second.expires;
    if (!good) return message_answer(400, "The provided next page token is invalid or expired.");
    position = known_token->second;
  }
  const FieldChoice choice{wish.fields};
  const bool only_ids = choice.none() || (wish.fields.size() <= 2 &&
                                          std::all_of(wish.fields.begin(), wish.fields.end(),
                                                      [](const auto& name) { return name == "id" || name == "key"; }));
  constexpr std::size_t ids_max = 5000, full_max = 100;
  const std::size_t cap = state_.settings.search_cap > 0 ? state_.settings.search_cap : only_ids ? ids_max : full_max;
  const std::size_t most = std::clamp<std::size_t>(wish.most, 1, cap);
  const bool empty_page = position.pages > 0 && position.pages <= state_.settings.empty_pages;

  const std::vector<Row> rows = rows_of(indexed(call, wish.reconciled), jql, state_, call.user);
  auto from = position.pages == 0
                  ? rows.begin()
                  : std::upper_bound(rows.begin(), rows.end(), position.after,
                                     [](const std::string& after, const Row& row) { return after < row.sort_key; });
  const auto count = empty_page ? 0 : std::min<std::size_t>(most, static_cast<std::size_t>(rows.end() - from));
  Out out;
  out.open().key("issues").open_list();
  for (std::size_t at = 0; at < count; ++at, ++from) {
    const Issue& issue = *from->issue;
    position.after = from->sort_key;
    out.open();
    if (!only_ids) out.member("expand", "operations,versionedRepresentations,editmeta,changelog,renderedFields");
    out.member("id", std::to_string(issue.id));
    // Without fields there is nothing but the id.
    if (!choice.none()) {
      out.member("self", fmt::format("{}/issue/{}", shown.base(), issue.id)).member("key", issue.key);
      out.key("fields");
      write_fields(out, shown, issue, choice, state_.settings.limits.embedded_comments);
      write_expansions(out, shown, issue, wish.expand, wish.properties);
    }
    out.close();
  }
  out.close_list();
  const bool last = from == rows.end();
  if (!last) {
    ++position.pages;
    position.expires = call.now + token_life;
    std::string token = fmt::format("Ch0j{:016x}", ++tokens_made_ * 0x9E3779B97F4A7C15ULL);
    if (state_.settings.repeat_token && !wish.token.empty()) {
      token = wish.token;
      position = page_tokens_.at(token);
    }
    page_tokens_[token] = position;
    out.member("nextPageToken", token);
  }
  if (state_.settings.says_is_last) out.flag("isLast", last);
  out.close();
  return json_answer(200, out.take());
}

Response Jira::count(Call& call) {
  const Shown shown = call.shown(state_);
  const auto* text = member(call.body, "jql");
  const Jql jql = parse_jql(text == nullptr ? "" : text_of(*text),
                            {state_, call.user, shown.time_zone(), call.now, call.user != nullptr});
  if (!jql.errors.empty()) return refused(400, {jql.errors, {}});
  if (!jql.bounded)
    return message_answer(400,
                          "Unbounded JQL queries are not allowed here. Please add a search restriction to your query.");
  Out out;
  out.open().member("count", rows_of(indexed(call, {}), jql, state_, call.user).size()).close();
  return json_answer(200, out.take());
}

Response Jira::search_by_offset(Call& call) {
  Wish wish;
  bool validated = true;
  const bool has_fields = call.is("POST") ? member(call.body, "fields") != nullptr : !call.asked("fields").empty();
  if (call.is("POST")) {
    static const std::set<std::string> known{"jql", "startAt", "maxResults", "fields", "expand", "validateQuery"};
    if (!call.body.IsObject()) return message_answer(400, "The body has to be an object.");
    if (const auto name = unknown_member(call.body, known)) {
      return message_answer(400,
                            fmt::format("Unrecognized field \"{}\" (Class "
                                        "com.atlassian.jira.rest.v2.search.SearchRequestBean), not marked as ignorable",
                                        *name));
    }
    if (const auto* jql = member(call.body, "jql")) wish.jql = text_of(*jql);
    if (const auto* start = member(call.body, "startAt"); start != nullptr && start->IsUint())
      wish.start = start->GetUint();
    if (const auto* most = member(call.body, "maxResults"); most != nullptr && most->IsUint())
      wish.most = most->GetUint();
    wish.fields = texts(member(call.body, "fields"));
    wish.expand = texts(member(call.body, "expand"));
    const auto* validate = member(call.body, "validateQuery");
    validated = validate == nullptr || !validate->IsFalse();
  } else {
    wish.jql = call.asked("jql");
    wish.start = call.number("startAt", 0);
    wish.most = call.number("maxResults", 50);
    wish.fields = split(call.asked("fields"));
    wish.expand = split(call.asked("expand"));
    validated = call.asked("validateQuery", "strict") != "none" && call.asked("validateQuery", "strict") != "false" &&
                call.asked("validateQuery", "strict") != "warn";
  }
  if (!has_fields) wish.fields = {"*navigable"};
  const Shown shown = call.shown(state_);
  const bool strict = validated && call.user != nullptr && state_.settings.unknown_keys_refused;
  const Jql jql = parse_jql(wish.jql, {state_, call.user, shown.time_zone(), call.now, strict});
  if (!jql.errors.empty()) return refused(400, {jql.errors, {}});
  constexpr std::size_t server_max = 1000;
  const std::size_t most =
      std::min(wish.most, state_.settings.search_cap > 0 ? state_.settings.search_cap : server_max);
  const std::vector<Row> rows = rows_of(indexed(call, {}), jql, state_, call.user);
  const FieldChoice choice{wish.fields};
  Out out;
  out.open()
      .member("expand", "schema,names")
      .member("startAt", wish.start)
      .member("maxResults", most)
      .member("total", rows.size());
  out.key("issues").open_list();
  for (std::size_t at = wish.start; at < std::min(wish.start + most, rows.size()); ++at) {
    const Issue& issue = *rows[at].issue;
    out.open().member("expand", "operations,versionedRepresentations,editmeta,changelog,renderedFields");
    out.member("id", std::to_string(issue.id)).member("self", fmt::format("{}/issue/{}", shown.base(), issue.id));
    out.member("key", issue.key).key("fields");
    constexpr std::size_t all = 1'000'000;
    write_fields(out, shown, issue, choice, all);
    write_expansions(out, shown, issue, wish.expand, split(call.asked("properties")));
    out.close();
  }
  out.close_list().close();
  return json_answer(200, out.take());
}

}  // namespace causeway::fakes::jira
