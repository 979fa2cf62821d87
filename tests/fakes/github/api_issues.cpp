/// /repos/{owner}/{repo}/issues and what stands below one issue.
#include <fmt/format.h>

#include <algorithm>

#include "agent/model/time.hpp"
#include "tests/fakes/github/call.hpp"

namespace causeway::fakes::github {
namespace {

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> parts;
  std::size_t start = 0;
  while (start <= text.size()) {
    const std::size_t end = std::min(text.find(',', start), text.size());
    parts.emplace_back(text.substr(start, end - start));
    start = end + 1;
  }
  return parts;
}

std::optional<Seconds> seconds_of(const std::string& text) {
  const auto instant = parse_instant(text.size() == 10 ? text + "T00:00:00Z" : text);
  if (!instant) return std::nullopt;
  return std::chrono::ceil<std::chrono::seconds>(*instant).time_since_epoch().count();
}

template <class List>
bool has(const List& list, Number id) {
  return std::find(list.begin(), list.end(), id) != list.end();
}

/// What a list is asked for. Filters that name nothing known match nothing.
struct Filter {
  enum class State : std::uint8_t { open, closed, all };
  State state = State::open;
  std::optional<std::vector<Number>> labels;
  bool unknown_label = false;
  std::optional<std::string> assignee;  ///< login, "none" or "*"
  Number assignee_id = 0;
  std::optional<Number> creator;
  std::optional<std::string> mentioned, milestone, type;
  Number milestone_number = 0;
  std::optional<Seconds> since;
  std::string_view sort = "created";
  bool ascending = false;

  [[nodiscard]] bool takes_all() const {
    return state == State::all && !labels && !assignee && !creator && !mentioned && !milestone && !type;
  }
  [[nodiscard]] bool wants(const Issue& issue) const {
    if (state != State::all && issue.closed != (state == State::closed)) return false;
    if (since && issue.updated < *since) return false;
    if (unknown_label) return false;
    if (labels && !std::all_of(labels->begin(), labels->end(), [&](Number id) { return has(issue.labels, id); })) {
      return false;
    }
    if (assignee == "none" && !issue.assignees.empty()) return false;
    if (assignee == "*" && issue.assignees.empty()) return false;
    if (assignee && assignee != "none" && assignee != "*" && !has(issue.assignees, assignee_id)) return false;
    if (creator && issue.user != *creator) return false;
    if (mentioned && issue.body.value_or("").find("@" + *mentioned) == std::string::npos) return false;
    if (milestone == "none" && issue.milestone != 0) return false;
    if (milestone == "*" && issue.milestone == 0) return false;
    if (milestone && milestone != "none" && milestone != "*" && issue.milestone != milestone_number) return false;
    return !type || type == "none";
  }
};

bool one_of(const std::string& value, std::initializer_list<std::string_view> allowed) {
  return std::find(allowed.begin(), allowed.end(), value) != allowed.end();
}

/// Reads a text that must be one; nullopt and `bad`: it is something else.
std::optional<std::string> text_member(const rapidjson::Value& body, const char* name, std::string& bad) {
  const rapidjson::Value* value = member(body, name);
  if (value == nullptr || value->IsNull()) return std::nullopt;
  if (value->IsString()) return text_of(*value);
  bad = fmt::format("For 'properties/{}', {} is not a string.", name, text_of(*value));
  return std::nullopt;
}

/// Names from a list of texts or of objects with a name.
std::optional<std::vector<std::string>> names_member(const rapidjson::Value& body, const char* name, std::string& bad) {
  const rapidjson::Value* list = name == nullptr ? &body : member(body, name);
  if (list == nullptr) return std::nullopt;
  std::vector<std::string> names;
  if (list->IsNull()) return names;
  if (!list->IsArray()) {
    bad = fmt::format("For 'properties/{}', {} is not an array.", name == nullptr ? "labels" : name, text_of(*list));
    return std::nullopt;
  }
  for (const auto& one : list->GetArray()) {
    const rapidjson::Value* inner = one.IsObject() ? member(one, "name") : &one;
    if (inner == nullptr || !inner->IsString()) {
      bad = fmt::format("For 'properties/{}/items', this is not a string.", name == nullptr ? "labels" : name);
      return std::nullopt;
    }
    names.push_back(text_of(*inner));
  }
  return names;
}

/// What is wrong with label names before any of them comes into being.
std::vector<Problem> label_problems(const std::vector<std::string>& names) {
  std::vector<Problem> problems;
  for (const std::string& name : names) {
    if (name.empty()) problems.push_back({"Label", "name", "missing_field", {}, name});
    if (characters(name) > label_characters_max) {
      problems.push_back({"Label", "name", "custom", "name is too long (maximum is 50 characters)", name});
    }
  }
  if (names.size() > labels_max) {
    problems.push_back({"Issue", "labels", "custom", "an issue can have at most 100 labels"});
  }
  return problems;
}

std::string labels_json(const Shown& shown, const Repository& repository, const Issue& issue, Page* page = nullptr) {
  Out out;
  out.open_list();
  for (const Number id : issue.labels) {
    if (page == nullptr || page->take()) write_label(out, shown, repository, repository.labels.at(id));
  }
  out.close_list();
  return out.take();
}

/// Everything a POST or PATCH of an issue may hold, read and checked.
struct Reading {
  Change change;
  std::optional<Response> refused;
};

Reading read_change(const State& state, const Repository& repository, const rapidjson::Value& body, bool creating,
                    bool pushes) {
  Reading reading;
  std::string bad;
  Change& change = reading.change;
  const auto refuse = [&](Response response) {
    reading.refused = std::move(response);
    return std::move(reading);
  };
  if (const auto* title = member(body, "title"); title != nullptr && !title->IsNull()) {
    if (!title->IsString() && !title->IsInt64()) {
      return refuse(wrong_type("For 'properties/title', the value is not a string or an integer."));
    }
    change.title = text_of(*title);
  } else if (creating) {
    return refuse(wrong_type("\"title\" wasn't supplied."));
  }
  if (const auto* text = member(body, "body"); text != nullptr) {
    if (text->IsNull()) {
      change.body = std::optional<std::string>{};
    } else if (auto value = text_member(body, "body", bad)) {
      change.body = std::move(value);
    }
  }
  auto labels = names_member(body, "labels", bad);
  auto assignees = names_member(body, "assignees", bad);
  if (const auto one = text_member(body, "assignee", bad); one && !assignees) assignees = std::vector{*one};
  const auto wanted_state = text_member(body, "state", bad);
  change.state_reason = text_member(body, "state_reason", bad);
  if (!bad.empty()) return refuse(wrong_type(bad));

  std::vector<Problem> problems;
  if (change.title && change.title->find_first_not_of(" \t\r\n") == std::string::npos) {
    problems.push_back({"Issue", "title", "missing_field"});
  }
  if (change.title && characters(*change.title) > title_characters_max) {
    problems.push_back({"Issue", "title", "custom", "title is too long (maximum is 256 characters)"});
  }
  if (change.body && *change.body && (*change.body)->size() > body_bytes_max) {
    if (creating) {
      problems.push_back({"Issue", "body", "custom", "body is too long (maximum is 65536 characters)"});
    } else {
      change.body.reset();  // answered with 200, and the old body stays
    }
  }
  if (wanted_state) {
    if (!one_of(*wanted_state, {"open", "closed"})) problems.push_back({"Issue", "state", "invalid", {}, wanted_state});
    change.closed = *wanted_state == "closed";
  }
  if (change.state_reason && !one_of(*change.state_reason, {"completed", "not_planned", "duplicate", "reopened"})) {
    problems.push_back({"Issue", "state_reason", "invalid", {}, change.state_reason});
  }
  const rapidjson::Value* milestone = member(body, "milestone");
  if (pushes) {
    if (labels) {
      for (Problem& problem : label_problems(*labels)) problems.push_back(std::move(problem));
    }
    if (milestone != nullptr) {
      const auto number = milestone->IsNull() ? std::optional{Number{0}} : as_number(text_of(*milestone));
      if (!number || (*number != 0 && !repository.milestones.contains(*number))) {
        problems.push_back({"Issue", "milestone", "invalid", {}, text_of(*milestone)});
      } else {
        change.milestone = number;
      }
    }
    if (assignees) {
      for (const std::string& login : *assignees) {
        const Number id = user_of(state, login);
        if (id == 0 || !assignable(repository, id)) problems.push_back({"Issue", "assignees", "invalid", {}, login});
      }
    }
    change.labels = std::move(labels);
    change.assignees = std::move(assignees);
  }  // else: dropped without a word
  if (!problems.empty()) return refuse(invalid(problems));
  return reading;
}

}  // namespace

Issue* GitHub::issue_of(Call& call, std::string_view number, std::optional<Response>& otherwise, bool sub_resource) {
  Repository& repository = *call.repository;
  const auto wanted = as_number(number);
  if (!wanted) {
    otherwise = not_found();
    return nullptr;
  }
  if (Issue* issue = find_issue(repository, *wanted)) return issue;
  otherwise = not_found();
  const auto gone = repository.gone.find(*wanted);
  if (gone == repository.gone.end()) return nullptr;
  if (gone->second.repository == 0) {
    otherwise = message_answer(410, "This issue was deleted");
    return nullptr;
  }
  // Only the issue itself leads on, only for reading, and only to where the reader may go.
  const auto target = state_.repositories.find(gone->second.repository);
  if (sub_resource || !call.reads() || target == state_.repositories.end()) return nullptr;
  const bool in_reach =
      call.app != 0 ? !target->second.is_private : access_of(target->second, call.user) != Access::none;
  if (!in_reach) return nullptr;
  const std::string location =
      fmt::format("{}/repositories/{}/issues/{}", call.origin, target->first, gone->second.number);
  Out out;
  out.open()
      .member("message", "Moved Permanently")
      .member("url", location)
      .member("documentation_url",
              "https://docs.github.com/rest/guides/best-practices-for-using-the-rest-api#follow-redirects")
      .close();
  otherwise = json_answer(301, out.take());
  otherwise->headers.emplace_back("Location", location);
  return nullptr;
}

Response GitHub::issues_route(Call& call) {
  if (!call.repository->has_issues) return message_answer(410, "Issues are disabled for this repo");
  const std::string& method = call.request.method;
  if (call.rest.size() == 1) {
    if (method == "GET") return list_issues(call);
    return method == "POST" ? create_issue(call) : not_found();
  }
  if (call.rest[1] == "comments") {
    if (call.rest.size() == 2) return method == "GET" ? list_comments(call, nullptr) : not_found();
    const auto id = as_number(call.rest[2]);
    return id && call.rest.size() == 3 ? comment_route(call, *id) : not_found();
  }
  if (call.rest[1] == "events") {
    if (method != "GET" || call.rest.size() > 3) return not_found();
    Page page = page_of(call.query);
    Out out;
    out.open_list();
    std::vector<std::pair<const Event*, const Issue*>> events;
    for (const auto& [number, issue] : call.repository->issues) {
      for (const Event& event : issue.events) events.emplace_back(&event, &issue);
    }
    std::sort(events.begin(), events.end(), [](const auto& a, const auto& b) { return a.first->id > b.first->id; });
    for (const auto& [event, issue] : events) {
      if (call.rest.size() == 3) {
        if (std::to_string(event->id) != call.rest[2]) continue;
        Out one;
        write_event(one, call.shown(state_), *call.repository, *issue, *event, true);
        return json_answer(200, one.take());
      }
      if (page.take()) write_event(out, call.shown(state_), *call.repository, *issue, *event, true);
    }
    if (call.rest.size() == 3) return not_found();
    out.close_list();
    return list_answer(call, page, out.take());
  }
  return issue_route(call);
}

Response GitHub::issue_route(Call& call) {
  const std::string& method = call.request.method;
  const bool sub_resource = call.rest.size() > 2;
  std::optional<Response> otherwise;
  Issue* issue = issue_of(call, call.rest[1], otherwise, sub_resource);
  if (issue == nullptr) return *std::move(otherwise);
  if (!sub_resource) {
    if (method == "PATCH") return update_issue(call, *issue);
    if (method != "GET") return not_found();
    Out out;
    write_issue(out, call.shown(state_), *call.repository, *issue);
    Response response = json_answer(200, out.take());
    response.headers.emplace_back("Last-Modified", http_date(Instant{std::chrono::seconds{issue->updated}}));
    return response;
  }
  const std::string& what = call.rest[2];
  if (what == "comments" && call.rest.size() == 3) {
    if (method == "GET") return list_comments(call, issue);
    return method == "POST" ? create_comment(call, *issue) : not_found();
  }
  if (what == "labels") return issue_labels_route(call, *issue);
  if (what == "assignees") return issue_assignees_route(call, *issue);
  if (what == "lock" && call.rest.size() == 3) return lock_route(call, *issue);
  if (what == "events" || what == "timeline") return events_route(call, *issue, what == "timeline");
  return not_found();
}

Response GitHub::list_issues(Call& call) {
  const Repository& repository = *call.repository;
  Filter filter;
  std::vector<Problem> problems;
  for (const auto& [name, value] : call.query) {
    const auto refuse = [&] { problems.push_back({"Issue", name, "invalid", {}, value}); };
    if (name == "state") {
      if (!one_of(value, {"open", "closed", "all"})) refuse();
      filter.state = value == "all"      ? Filter::State::all
                     : value == "closed" ? Filter::State::closed
                                         : Filter::State::open;
    } else if (name == "labels" && !value.empty()) {
      filter.labels.emplace();
      for (const std::string& label : split(value)) {
        const Label* known = find_label(repository, label);
        if (known == nullptr) filter.unknown_label = true;
        if (known != nullptr) filter.labels->push_back(known->id);
      }
    } else if (name == "assignee" && !value.empty()) {
      filter.assignee = value;
      filter.assignee_id = user_of(state_, value);
      if (!one_of(value, {"none", "*"}) && filter.assignee_id == 0) refuse();
    } else if (name == "creator" && !value.empty()) {
      filter.creator = user_of(state_, value);
    } else if (name == "mentioned" && !value.empty()) {
      filter.mentioned = value;
    } else if (name == "milestone" && !value.empty()) {
      filter.milestone = value;
      if (!one_of(value, {"none", "*"}) && !as_number(value)) refuse();
      filter.milestone_number = as_number(value).value_or(0);
    } else if (name == "type" && !value.empty()) {
      filter.type = value;
    } else if (name == "since" && !value.empty()) {
      filter.since = seconds_of(value);
      if (!filter.since) refuse();
    } else if (name == "sort" && one_of(value, {"created", "updated", "comments"})) {
      filter.sort = value;
    } else if (name == "direction") {
      filter.ascending = value == "asc";
    }
  }
  if (!problems.empty()) return invalid(problems);

  Page page = page_of(call.query);
  Out out;
  out.open_list();
  const Shown shown = call.shown(state_);
  const auto offer = [&](const Issue& issue) {
    if (filter.wants(issue) && page.take()) write_issue(out, shown, repository, issue);
  };
  // Rows [begin, end) of an index that hold everything since `since`. Without further filters only the page is looked
  // at.
  const auto walk = [&](auto begin, auto end, const auto& issue_of_row) {
    if (filter.takes_all()) {
      page.total = static_cast<std::size_t>(std::distance(begin, end));
      const std::size_t first = std::min(page.first(), page.total);
      const std::size_t last = std::min(first + page.size, page.total);
      auto row = std::next(begin, static_cast<std::ptrdiff_t>(first));
      for (std::size_t count = first; count < last; ++count) write_issue(out, shown, repository, issue_of_row(*row++));
      return;
    }
    for (; begin != end; ++begin) offer(issue_of_row(*begin));
  };
  const auto of_index = [&](const auto& entry) -> const Issue& { return repository.issues.at(entry.second); };
  const auto of_number = [](const auto& entry) -> const Issue& { return entry.second; };
  const auto& index = repository.issues_by_update;
  const bool lags = state_.settings.list_lag != 0;
  if (lags || filter.sort == "comments" || (filter.sort == "created" && filter.since)) {
    // Rows as they were a moment ago have no index, nor have these orders.
    std::vector<const Issue*> rows;
    for (const auto& [number, issue] : repository.issues) {
      if (const Issue* row = listed(issue, call.now)) rows.push_back(row);
    }
    const auto key = [&](const Issue* issue) {
      if (filter.sort == "updated") return std::pair{issue->updated, issue->number};
      if (filter.sort == "comments") return std::pair{static_cast<Seconds>(issue->comments.size()), issue->number};
      return std::pair{Seconds{0}, issue->number};
    };
    std::sort(rows.begin(), rows.end(),
              [&](const Issue* a, const Issue* b) { return filter.ascending ? key(a) < key(b) : key(b) < key(a); });
    for (const Issue* issue : rows) offer(*issue);
  } else if (filter.sort == "updated") {
    const auto begin = filter.since ? index.lower_bound({*filter.since, 0}) : index.begin();
    if (filter.ascending) {
      walk(begin, index.end(), of_index);
    } else {
      walk(index.rbegin(), std::make_reverse_iterator(begin), of_index);
    }
  } else if (filter.ascending) {
    walk(repository.issues.begin(), repository.issues.end(), of_number);
  } else {
    walk(repository.issues.rbegin(), repository.issues.rend(), of_number);
  }
  out.close_list();
  return list_answer(call, page, out.take());
}

Response GitHub::create_issue(Call& call) {
  Repository& repository = *call.repository;
  if (call.app != 0 && call.access < Access::write) {
    return message_answer(403, "Resource not accessible by integration");
  }
  Reading reading = read_change(state_, repository, call.body, true, call.access >= Access::triage);
  if (reading.refused) return *std::move(reading.refused);
  Change& change = reading.change;
  Issue& issue =
      add_issue(state_, repository, call.user, call.app, *change.title, change.body.value_or(std::nullopt), call.now);
  change.title.reset();
  change.body.reset();
  change.closed.reset();
  apply(state_, repository, issue, change, call.user, call.now);
  Out out;
  write_issue(out, call.shown(state_), repository, issue);
  return created(out.take(), fmt::format("{}/repos/{}/issues/{}", call.origin, repository.full_name(), issue.number));
}

Response GitHub::update_issue(Call& call, Issue& issue) {
  if (call.access < Access::triage && issue.user != call.user) {
    return message_answer(
        403, call.app != 0 ? "Resource not accessible by integration" : "Must have admin rights to Repository.");
  }
  Reading reading = read_change(state_, *call.repository, call.body, false, call.access >= Access::triage);
  if (reading.refused) return *std::move(reading.refused);
  apply(state_, *call.repository, issue, reading.change, call.user, call.now);
  Out out;
  write_issue(out, call.shown(state_), *call.repository, issue);
  return json_answer(200, out.take());
}

Response GitHub::issue_labels_route(Call& call, Issue& issue) {
  Repository& repository = *call.repository;
  const std::string& method = call.request.method;
  if (method == "GET" && call.rest.size() == 3) {
    Page page = page_of(call.query);
    std::string body = labels_json(call.shown(state_), repository, issue, &page);
    return list_answer(call, page, std::move(body));
  }
  if (method == "GET") return not_found();
  if (call.access < Access::triage) {
    return call.app != 0 ? message_answer(403, "Resource not accessible by integration")
                         : message_answer(403, "Must have push access to repository");
  }
  if (method == "DELETE") {
    if (call.rest.size() == 3) {
      apply(state_, repository, issue, {.labels = std::vector<std::string>{}}, call.user, call.now);
      return empty_answer(204);
    }
    const Label* label = find_label(repository, call.rest[3]);
    if (label == nullptr || !has(issue.labels, label->id)) return message_answer(404, "Label does not exist");
    detach_label(state_, repository, issue, label->id, call.user, call.now);
    return json_answer(200, labels_json(call.shown(state_), repository, issue));
  }
  if (call.rest.size() != 3 || (method != "POST" && method != "PUT")) return not_found();
  std::string bad;
  const auto names = names_member(call.body, call.body.IsArray() ? nullptr : "labels", bad);
  if (!bad.empty()) return wrong_type(bad);
  if (names) {
    if (const auto problems = label_problems(*names); !problems.empty()) return invalid(problems);
    if (method == "PUT") {
      apply(state_, repository, issue, {.labels = *names}, call.user, call.now);
    } else {
      if (issue.labels.size() + names->size() > labels_max) {
        return invalid({{"Issue", "labels", "custom", "an issue can have at most 100 labels"}});
      }
      attach_labels(state_, repository, issue, *names, call.user, call.now);
    }
  }
  return json_answer(200, labels_json(call.shown(state_), repository, issue));
}

Response GitHub::issue_assignees_route(Call& call, Issue& issue) {
  Repository& repository = *call.repository;
  const std::string& method = call.request.method;
  if (method == "GET" && call.rest.size() == 4) {
    const Number user = user_of(state_, call.rest[3]);
    return user != 0 && assignable(repository, user) ? empty_answer(204) : not_found();
  }
  if (call.rest.size() != 3 || (method != "POST" && method != "DELETE")) return not_found();
  std::string bad;
  const auto names = names_member(call.body, "assignees", bad);
  if (!bad.empty()) return wrong_type(bad);
  // Without push access, and for people who cannot be assigned, nothing happens and nothing is said.
  if (names && call.access >= Access::triage) {
    Change change;
    std::vector<std::string>& logins = change.assignees.emplace();
    for (const Number id : issue.assignees) logins.push_back(state_.users.at(id).login);
    for (const std::string& name : *names) {
      std::erase_if(logins, [&](const std::string& login) { return same_name(login, name); });
      if (method == "POST") logins.push_back(name);
    }
    apply(state_, repository, issue, change, call.user, call.now);
  }
  Out out;
  write_issue(out, call.shown(state_), repository, issue);
  return json_answer(method == "POST" ? 201 : 200, out.take());
}

Response GitHub::lock_route(Call& call, Issue& issue) {
  const std::string& method = call.request.method;
  if (method != "PUT" && method != "DELETE") return not_found();
  if (call.access < Access::triage) {
    return message_answer(
        403, call.app != 0 ? "Resource not accessible by integration" : "Must have admin rights to Repository.");
  }
  std::string bad;
  const auto reason = text_member(call.body, "lock_reason", bad);
  if (!bad.empty()) return wrong_type(bad);
  if (reason && !one_of(*reason, {"off-topic", "too heated", "resolved", "spam"})) {
    return invalid({{"Issue", "lock_reason", "invalid", {}, reason}});
  }
  set_lock(state_, *call.repository, issue, method == "PUT", reason, call.user, call.now);
  return empty_answer(204);
}

Response GitHub::events_route(Call& call, Issue& issue, bool timeline) {
  if (call.request.method != "GET" || call.rest.size() != 3) return not_found();
  const Repository& repository = *call.repository;
  const Shown shown = call.shown(state_);
  Page page = page_of(call.query);
  Out out;
  out.open_list();
  auto comment = issue.comments.begin();
  const auto comments_until = [&](Number id) {
    for (; timeline && comment != issue.comments.end() && *comment < id; ++comment) {
      if (page.take()) write_timeline_comment(out, shown, repository, repository.comments.at(*comment));
    }
  };
  for (const Event& event : issue.events) {
    comments_until(event.id);
    if (page.take()) write_event(out, shown, repository, issue, event, false);
  }
  comments_until(state_.last_id + 1);
  out.close_list();
  return list_answer(call, page, out.take());
}

}  // namespace causeway::fakes::github
