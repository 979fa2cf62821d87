#include "adapters/jira/knowledge.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "agent/model/suggest.hpp"

namespace causeway::jira {
namespace {

/// Keys are only for links that people follow; an issue whose key was forgotten gets a longer link.
constexpr std::size_t keys_max = 100'000;
constexpr std::int64_t pages_max = 200;

std::vector<std::string> names(const std::vector<Named>& list) {
  std::vector<std::string> result;
  for (const Named& one : list) result.push_back(one.name);
  return result;
}

}  // namespace

template <class T, class Ask>
Result<T> Knowledge::known(Known<T>& place, const Ask& ask) {
  const std::scoped_lock lock{asking_};
  const Instant now = clock_.now();
  if (place.value && now - place.learned <= options_.dictionary_age) return *place.value;
  Result<T> answer = ask();
  if (!answer) return answer;
  place.value = *answer;
  place.learned = now;
  return answer;
}

Result<User> Knowledge::account() {
  const std::scoped_lock lock{asking_};
  const Instant now = clock_.now();
  if (account_ && now - std::max(account_seen_, client_.account_named()) <= options_.trust &&
      account_seen_ != Instant{}) {
    return *account_;
  }
  const Result<std::string> body = client_.read("/myself", "/myself", "asking who we are");
  if (!body) {
    Failure failure = body.error();
    if (failure.fault == Fault::gone) {
      failure.fault = Fault::denied;
      failure.message = fmt::format(
          "there is no Jira with the REST API {} at {}; correct url, with its context path, or "
          "deployment",
          options_.deployment == Deployment::cloud ? "v3" : "v2", options_.url);
    }
    failure.reach = Reach::tracker;
    return std::unexpected(std::move(failure));
  }
  Result<User> account = read_user(*body);
  if (!account) return account;
  account_ = *account;
  account_seen_ = now;
  return account;
}

void Knowledge::doubt_account() {
  const std::scoped_lock lock{asking_};
  account_seen_ = {};
}

Result<Project> Knowledge::project() {
  return known(project_, [&]() -> Result<Project> {
    const std::string what = fmt::format("reading project {}", options_.project);
    const Result<std::string> body =
        client_.read(fmt::format("/project/{}", web::query_part(options_.project)), "/project/{projectIdOrKey}", what);
    if (!body) {
      Failure failure = body.error();
      if (failure.fault == Fault::gone) {
        failure = Failure{Fault::denied,
                          Reach::tracker,
                          fmt::format("there is no project {} that this account may see; correct the key, or give the "
                                      "account the permission Browse projects",
                                      options_.project),
                          {}};
      }
      failure.reach = Reach::tracker;
      return std::unexpected(std::move(failure));
    }
    return read_project(*body);
  });
}

void Knowledge::doubt_project() {
  const std::scoped_lock lock{asking_};
  project_.value.reset();
}

void Knowledge::forget() {
  const std::scoped_lock lock{asking_};
  account_seen_ = {};
  project_.value.reset();
  fields_.value.reset();
  types_.value.reset();
  for (auto& [type, fields] : create_fields_) fields.value.reset();
  statuses_.value.reset();
}

Result<std::vector<Named>> Knowledge::ask_named(const std::string& path, std::string_view path_template,
                                                std::string_view list, std::string_view what) {
  std::vector<Named> all;
  for (std::int64_t page = 0; page < pages_max; ++page) {
    const char joined = path.find('?') == std::string::npos ? '?' : '&';
    const std::string start = all.empty() ? path : fmt::format("{}{}startAt={}", path, joined, all.size());
    const Result<std::string> body = client_.read(start, path_template, what);
    if (!body) return std::unexpected(body.error());
    Result<NamedPage> entries = read_named(*body, list);
    if (!entries) return std::unexpected(entries.error());
    all.insert(all.end(), entries->entries.begin(), entries->entries.end());
    if (entries->is_last || entries->entries.empty()) break;
  }
  return all;
}

Result<std::vector<Named>> Knowledge::fields() {
  return known(fields_, [&] { return ask_named("/field", "/field", "values", "reading the fields"); });
}

Result<std::optional<std::string>> Knowledge::field_id(const std::string& name) {
  for (const bool fresh : {false, true}) {
    if (fresh) {
      const std::scoped_lock lock{asking_};
      fields_.value.reset();
    }
    const Result<std::vector<Named>> all = fields();
    if (!all) return std::unexpected(all.error());
    for (const Named& field : *all) {
      if (field.id == name || field.name == name) return std::optional{field.id};
    }
  }
  return std::optional<std::string>{};
}

Result<std::map<std::string, std::string>> Knowledge::condition_fields() {
  std::map<std::string, std::string> ids;
  if (options_.fields.empty()) return ids;
  const Result<std::vector<Named>> all = fields();
  if (!all) return std::unexpected(all.error());
  for (const auto& [ours, theirs] : options_.fields) {
    const auto found = std::find_if(all->begin(), all->end(), [&, name = theirs](const Named& field) {
      return field.id == name || field.name == name;
    });
    if (found != all->end()) ids[theirs] = found->id;
  }
  return ids;
}

Result<std::vector<Named>> Knowledge::issue_types() {
  return known(types_, [&] { return ask_issue_types(); });
}

Result<std::vector<Named>> Knowledge::ask_issue_types() {
  return ask_named(fmt::format("/issue/createmeta/{}/issuetypes", web::query_part(options_.project)),
                   "/issue/createmeta/{projectIdOrKey}/issuetypes", "issueTypes", "reading the issue types");
}

Result<Named> Knowledge::issue_type(const std::string& name) {
  const std::string& wanted = name.empty() ? options_.issue_type : name;
  const Result<std::vector<Named>> types = issue_types();
  if (!types) return std::unexpected(types.error());
  const auto found = std::find_if(types->begin(), types->end(), [&](const Named& type) {
    return wanted.empty() || type.name == wanted || type.id == wanted;
  });
  if (found != types->end()) return *found;
  return fail(Fault::rejected, fmt::format("project {} offers our account {}; correct issue_type", options_.project,
                                           unknown_name("issue type", wanted, names(*types))));
}

Result<std::vector<FieldMeta>> Knowledge::create_fields(const Named& type) {
  Known<std::vector<FieldMeta>>* place = nullptr;
  {
    const std::scoped_lock lock{asking_};
    place = &create_fields_[type.id];
  }
  return known(*place, [&] { return ask_create_fields(type.id); });
}

Result<std::vector<FieldMeta>> Knowledge::ask_create_fields(const std::string& type) {
  std::vector<FieldMeta> all;
  for (std::int64_t page = 0; page < pages_max; ++page) {
    const Result<std::string> body =
        client_.read(fmt::format("/issue/createmeta/{}/issuetypes/{}?startAt={}&maxResults=100",
                                 web::query_part(options_.project), web::query_part(type), all.size()),
                     "/issue/createmeta/{projectIdOrKey}/issuetypes/{issueTypeId}", "reading what a new issue needs");
    if (!body) return std::unexpected(body.error());
    Result<FieldPage> fields = read_create_fields(*body);
    if (!fields) return std::unexpected(fields.error());
    all.insert(all.end(), fields->fields.begin(), fields->fields.end());
    if (fields->is_last || fields->fields.empty()) break;
  }
  return all;
}

Result<std::map<std::string, std::vector<Status>>> Knowledge::statuses() {
  return known(statuses_, [&]() -> Result<std::map<std::string, std::vector<Status>>> {
    const Result<std::string> body =
        client_.read(fmt::format("/project/{}/statuses", web::query_part(options_.project)),
                     "/project/{projectIdOrKey}/statuses", "reading the statuses");
    if (!body) return std::unexpected(body.error());
    return read_project_statuses(*body);
  });
}

std::optional<Beginnings> Knowledge::beginnings(const Named& type) {
  const std::scoped_lock lock{asking_};
  const Known<Beginnings>& known = beginnings_[type.id];
  if (!known.value || clock_.now() - known.learned > options_.dictionary_age) return std::nullopt;
  return known.value;
}

void Knowledge::learn_beginnings(const Named& type, Beginnings seen) {
  const std::scoped_lock lock{asking_};
  const Instant now = clock_.now();
  Known<Beginnings>& known = beginnings_[type.id];
  if (known.value && now - known.learned <= options_.dictionary_age) {
    // One new issue shows what another one hid by having been given a value.
    const Beginnings& before = *known.value;
    if (!seen.priority) seen.priority = before.priority;
    if (!seen.assignee) seen.assignee = before.assignee;
    if (!seen.milestone) seen.milestone = before.milestone;
    if (!seen.labels) seen.labels = before.labels;
  }
  known.value = std::move(seen);
  known.learned = now;
}

std::optional<std::string> Knowledge::key_of(const std::string& id) const {
  const std::scoped_lock lock{seen_};
  const auto found = keys_.find(id);
  return found == keys_.end() ? std::nullopt : std::optional{found->second};
}

void Knowledge::saw_key(const std::string& id, const std::string& key) {
  const std::scoped_lock lock{seen_};
  const auto [place, added] = keys_.insert_or_assign(id, key);
  if (!added) return;
  keys_by_age_.push_back(id);
  if (keys_by_age_.size() <= keys_max) return;
  keys_.erase(keys_by_age_.front());
  keys_by_age_.pop_front();
}

void Knowledge::saw_ways(const std::string& type, const std::string& status,
                         const std::vector<Transition>& transitions) {
  std::set<std::string> targets;
  for (const Transition& transition : transitions) targets.insert(transition.to.name);
  const std::scoped_lock lock{seen_};
  ways_[{type, status}] = std::move(targets);
}

std::optional<std::string> Knowledge::next_status(const std::string& type, const std::string& from,
                                                  const std::string& wanted,
                                                  const std::set<std::string>& avoided) const {
  const std::scoped_lock lock{seen_};
  std::map<std::string, std::string> first_step;
  std::deque<std::string> open{from};
  while (!open.empty()) {
    const std::string here = open.front();
    open.pop_front();
    const auto ways = ways_.find({type, here});
    if (ways == ways_.end()) continue;
    for (const std::string& next : ways->second) {
      if (next == from || first_step.contains(next)) continue;
      const std::string step = here == from ? next : first_step.at(here);
      if (next == wanted) return step;
      if (avoided.contains(next)) continue;
      first_step.emplace(next, step);
      open.push_back(next);
    }
  }
  return std::nullopt;
}

Knowledge::Reached Knowledge::reached(const std::string& type, const std::string& from,
                                      const std::set<std::string>& avoided) const {
  const std::scoped_lock lock{seen_};
  Reached reached;
  std::deque<std::string> open{from};
  reached.statuses.insert(from);
  while (!open.empty()) {
    const std::string here = open.front();
    open.pop_front();
    if (here != from && avoided.contains(here)) continue;
    const auto ways = ways_.find({type, here});
    if (ways == ways_.end()) {
      reached.unseen.insert(here);
      continue;
    }
    for (const std::string& next : ways->second) {
      if (reached.statuses.insert(next).second) open.push_back(next);
    }
  }
  return reached;
}

}  // namespace causeway::jira
