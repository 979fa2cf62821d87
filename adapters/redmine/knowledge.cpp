#include "adapters/redmine/knowledge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>

#include "adapters/redmine/page.hpp"
#include "agent/model/suggest.hpp"

namespace causeway::redmine {
namespace {

using namespace std::chrono_literals;

/// How far behind ours a tracker's clock is taken to be at most, as long as it has shown us nothing.
constexpr auto clock_behind_max = 120s;
/// A name that is not there is not looked for again for this long.
constexpr auto missing_age = 60s;

/// "Mon, 23 Nov 2026 02:34:33 GMT"
std::optional<Instant> parse_date_header(std::string_view text) {
  static constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  if (text.size() != 29 || !text.ends_with(" GMT")) return std::nullopt;
  const auto month = std::find(months.begin(), months.end(), text.substr(8, 3));
  if (month == months.end()) return std::nullopt;
  return parse_instant(fmt::format("{}-{:02}-{}T{}Z", text.substr(12, 4), month - months.begin() + 1, text.substr(5, 2),
                                   text.substr(17, 8)));
}

std::vector<NamedPage::Entry> as_entries(const std::vector<Named>& list) {
  std::vector<NamedPage::Entry> entries;
  for (const Named& named : list) entries.push_back({named, false, std::nullopt, false});
  return entries;
}

}  // namespace

std::string_view name(Kind kind) {
  switch (kind) {
    case Kind::status:
      return "status";
    case Kind::priority:
      return "priority";
    case Kind::tracker:
      return "tracker";
    case Kind::version:
      return "version";
    case Kind::category:
      return "category";
    case Kind::custom_field:
      return "custom field";
  }
  return "name";
}

bool Knowledge::old(const std::optional<Instant>& loaded, std::chrono::seconds age) const {
  return !loaded || clock_.now() - *loaded > age;
}

Result<User> Knowledge::account() {
  const auto known = [&]() -> std::optional<User> {
    const std::scoped_lock lock{mutex_};
    if (account_ && !old(account_seen_, options_.trust)) return account_;
    return std::nullopt;
  };
  if (auto user = known()) return *std::move(user);
  const std::scoped_lock single{asking_};
  if (auto user = known()) return *std::move(user);
  const Instant asked = clock_.now();
  const Result<http::Response> response = client_.get("/users/current.json", "/users/current");
  if (!response) return std::unexpected(response.error());
  if (response->status == 403) {
    return fail(Fault::denied,
                "Redmine does not take the key: its REST API is switched off (Administration, Settings, API)",
                Reach::tracker);
  }
  if (response->status != 200)
    return std::unexpected(failure_of(*response, http::Method::get, "asking whose key it is"));
  if (!is_json(*response)) {
    return fail(Fault::transient, "asking whose key it is: the answer is no JSON; something stands in between",
                Reach::tracker);
  }
  Result<User> user = read_user(response->body);
  if (!user) return user;
  const std::scoped_lock lock{mutex_};
  account_ = *user;
  account_seen_ = asked;
  if (!user->login.empty() && (logins_ == nullptr || !logins_->contains(user->id))) {
    auto logins = logins_ == nullptr ? std::make_shared<std::map<Number, std::string>>()
                                     : std::make_shared<std::map<Number, std::string>>(*logins_);
    (*logins)[user->id] = user->login;
    logins_ = std::move(logins);
  }
  return user;
}

void Knowledge::doubt_account() {
  const std::scoped_lock lock{mutex_};
  account_seen_.reset();
}

bool Knowledge::account_known() {
  const std::scoped_lock lock{mutex_};
  return account_.has_value();
}

void Knowledge::doubt_project() {
  const std::scoped_lock lock{mutex_};
  project_loaded_.reset();
}

Result<std::string> Knowledge::acting_login() {
  if (!options_.switch_user) return std::string{};
  const Result<User> user = account();
  if (!user) return std::unexpected(user.error());
  return user->admin ? *options_.switch_user : std::string{};
}

Result<User> Knowledge::acting_account() {
  const Result<std::string> acting = acting_login();
  if (!acting) return std::unexpected(acting.error());
  if (acting->empty()) return account();
  {
    const std::scoped_lock lock{mutex_};
    if (acting_ && !old(acting_seen_, options_.dictionary_age)) return *acting_;
  }
  const Instant asked = clock_.now();
  const Result<std::string> body = client_.read("/users/current.json", "/users/current", *acting);
  if (!body) return std::unexpected(body.error());
  Result<User> user = read_user(*body);
  if (!user) return user;
  const std::scoped_lock lock{mutex_};
  acting_ = *user;
  acting_seen_ = asked;
  return user;
}

Result<Rights> Knowledge::rights(std::chrono::seconds age) {
  {
    const std::scoped_lock lock{mutex_};
    if (rights_ && !old(rights_->learned, age)) return *rights_;
  }
  const Result<User> user = account();
  if (!user) return std::unexpected(user.error());
  const auto project_known = project();
  if (!project_known) return std::unexpected(project_known.error());
  Rights rights;
  rights.learned = clock_.now();
  const Result<std::string> acting = acting_login();
  if (!acting) return std::unexpected(acting.error());
  const Result<std::string> body = client_.read("/users/current.json?include=memberships", "/users/current", *acting);
  if (!body) return std::unexpected(body.error());
  const Result<User> member = read_user(*body);
  if (!member) return std::unexpected(member.error());
  rights.admin = member->admin;
  if (const auto roles = member->roles.find((*project_known)->named.id); roles != member->roles.end()) {
    for (const Number role_id : roles->second) {
      const Result<std::string> role_body = client_.read(fmt::format("/roles/{}.json", role_id), "/roles/{id}");
      if (!role_body) return std::unexpected(role_body.error());
      const Result<Role> role = read_role(*role_body);
      if (!role) return std::unexpected(role.error());
      rights.roles.push_back(role->name);
      rights.issues_visibilities.insert(role->issues_visibility);
      rights.permissions.insert(role->permissions.begin(), role->permissions.end());
    }
  }
  const std::scoped_lock lock{mutex_};
  rights_ = rights;
  return rights;
}

Result<std::shared_ptr<const Project>> Knowledge::project() {
  {
    const std::scoped_lock lock{mutex_};
    if (project_ && !old(project_loaded_, options_.dictionary_age)) return project_;
  }
  const Instant asked = clock_.now();
  const Result<std::string> body =
      client_.read(fmt::format("/projects/{}.json?include=trackers,issue_categories,issue_custom_fields",
                               query_part(options_.project)),
                   "/projects/{id}");
  if (!body) {
    Failure failure = body.error();
    if (failure.fault == Fault::gone || (failure.fault == Fault::denied && failure.reach == Reach::ticket)) {
      failure =
          Failure{Fault::denied, Reach::tracker,
                  fmt::format("project \"{}\" cannot be read: it does not exist, is archived, or the key's user is no "
                              "member of it",
                              options_.project),
                  std::nullopt};
    }
    return std::unexpected(std::move(failure));
  }
  Result<Project> read = read_project(*body);
  if (!read) return std::unexpected(read.error());
  const std::scoped_lock lock{mutex_};
  project_ = std::make_shared<const Project>(*std::move(read));
  project_loaded_ = asked;
  return project_;
}

Result<std::vector<NamedPage::Entry>> Knowledge::load_pages(std::string_view path, std::string_view path_template,
                                                            std::string_view list) {
  std::vector<NamedPage::Entry> all;
  while (true) {
    const Result<std::string> body =
        client_.read(fmt::format("{}?limit=100&offset={}", path, all.size()), path_template);
    if (!body) return std::unexpected(body.error());
    Result<NamedPage> page = read_named(*body, list);
    if (!page) return std::unexpected(page.error());
    const bool empty = page->entries.empty();
    std::move(page->entries.begin(), page->entries.end(), std::back_inserter(all));
    if (empty || static_cast<std::int64_t>(all.size()) >= page->total) return all;
  }
}

Result<std::vector<NamedPage::Entry>> Knowledge::load(Kind kind) {
  switch (kind) {
    case Kind::status:
      return load_pages("/issue_statuses.json", "/issue_statuses", "issue_statuses");
    case Kind::priority:
      return load_pages("/enumerations/issue_priorities.json", "/enumerations/issue_priorities", "issue_priorities");
    case Kind::version:
      return load_pages(fmt::format("/projects/{}/versions.json", query_part(options_.project)),
                        "/projects/{id}/versions", "versions");
    case Kind::tracker:
    case Kind::category:
    case Kind::custom_field:
      break;
  }
  const auto project_known = project();
  if (!project_known) return std::unexpected(project_known.error());
  const Project& known = **project_known;
  if (kind == Kind::tracker) return as_entries(known.trackers);
  if (kind == Kind::category) return as_entries(known.categories);
  return load_custom_fields(known);
}

Result<std::vector<NamedPage::Entry>> Knowledge::load_custom_fields(const Project& project) {
  std::vector<Named> fields = project.custom_fields;
  const auto add = [&](const Named& field) {
    const bool known = std::any_of(fields.begin(), fields.end(), [&](const Named& one) { return one.id == field.id; });
    if (!known) fields.push_back(field);
  };
  // The project names only the fields that were chosen for it one by one. Those "for all projects" are in no API that
  // is open to others than administrators, but the list of issues offers them as columns.
  const Result<std::string> acting = acting_login();
  if (!acting) return std::unexpected(acting.error());
  const Result<http::Response> page =
      client_.get(fmt::format("/projects/{}/issues?set_filter=1", query_part(options_.project)),
                  "/projects/{id}/issues (page)", *acting);
  if (!page) return std::unexpected(page.error());
  if (page->status >= 500 || page->status == 429) {
    return std::unexpected(failure_of(*page, http::Method::get, "reading the columns of the list of issues"));
  }
  if (page->status == 200) {
    for (const Named& field : fields_of_list_page(page->body)) add(field);
  }
  const std::scoped_lock lock{mutex_};
  for (const auto& [id, name] : field_names_) add(Named{id, name});
  return as_entries(fields);
}

Result<std::vector<NamedPage::Entry>> Knowledge::entries(Kind kind) {
  Dictionary& dictionary = dictionaries_[static_cast<std::size_t>(kind)];
  {
    const std::scoped_lock lock{mutex_};
    if (!old(dictionary.loaded, options_.dictionary_age)) return dictionary.entries;
  }
  const Instant asked = clock_.now();
  auto loaded = load(kind);
  if (!loaded) return loaded;
  const std::scoped_lock lock{mutex_};
  dictionary.entries = *loaded;
  dictionary.loaded = asked;
  return loaded;
}

Result<std::vector<NamedPage::Entry>> Knowledge::trackers_with_defaults() {
  return load_pages("/trackers.json", "/trackers", "trackers");
}

Result<Number> Knowledge::number(Kind kind, std::string_view name) {
  Dictionary& dictionary = dictionaries_[static_cast<std::size_t>(kind)];
  for (const bool again : {false, true}) {
    if (again) {
      const std::scoped_lock lock{mutex_};
      const auto missed = dictionary.missing.find(name);
      if (missed != dictionary.missing.end() && !old(missed->second, missing_age)) break;
      dictionary.missing.insert_or_assign(std::string{name}, clock_.now());
      dictionary.loaded.reset();
      project_loaded_.reset();
    }
    const auto list = entries(kind);
    if (!list) return std::unexpected(list.error());
    for (const NamedPage::Entry& entry : *list) {
      if (entry.named.name == name) return entry.named.id;
    }
  }
  std::vector<std::string> known;
  {
    const std::scoped_lock lock{mutex_};
    for (const NamedPage::Entry& entry : dictionary.entries) known.push_back(entry.named.name);
  }
  return fail(Fault::rejected, fmt::format("Redmine has {}", unknown_name(causeway::redmine::name(kind), name, known)));
}

void Knowledge::forget() {
  const std::scoped_lock lock{mutex_};
  for (Dictionary& dictionary : dictionaries_) dictionary = {};
  account_seen_.reset();
  acting_seen_.reset();
  rights_.reset();
  project_loaded_.reset();
  members_loaded_.reset();
  met_.clear();
}

Result<std::vector<Named>> Knowledge::members() {
  {
    const std::scoped_lock lock{mutex_};
    if (!old(members_loaded_, options_.dictionary_age)) return members_;
  }
  const Instant asked = clock_.now();
  const auto pages = load_pages(fmt::format("/projects/{}/memberships.json", query_part(options_.project)),
                                "/projects/{id}/memberships", "memberships");
  if (!pages) return std::unexpected(pages.error());
  std::vector<Named> members;
  for (const NamedPage::Entry& entry : *pages) members.push_back(entry.named);
  if (const auto met = meet(members); !met) return std::unexpected(met.error());
  const std::scoped_lock lock{mutex_};
  members_ = members;
  members_loaded_ = asked;
  return members;
}

Result<Number> Knowledge::member(std::string_view key) {
  for (const bool again : {false, true}) {
    if (again) {
      const std::scoped_lock lock{mutex_};
      members_loaded_.reset();
    }
    const auto everybody = members();
    if (!everybody) return std::unexpected(everybody.error());
    Reading reading;
    reading.logins = logins();
    std::optional<Number> found;
    for (const Named& one : *everybody) {
      if (person(one, reading).login != key) continue;
      if (found) {
        return fail(Fault::rejected, fmt::format("two members of the project are shown as \"{}\"; rename one", key));
      }
      found = one.id;
    }
    if (found) return *found;
  }
  const auto known = member_keys();
  if (!known) return std::unexpected(known.error());
  return fail(Fault::rejected, fmt::format("the project has {}", unknown_name("member", key, *known)));
}

Result<std::vector<std::string>> Knowledge::member_keys() {
  const auto everybody = members();
  if (!everybody) return std::unexpected(everybody.error());
  Reading reading;
  reading.logins = logins();
  std::vector<std::string> keys;
  for (const Named& one : *everybody) keys.push_back(person(one, reading).login);
  return keys;
}

Result<void> Knowledge::meet(const std::vector<Named>& people) {
  std::vector<Named> strangers;
  {
    const std::scoped_lock lock{mutex_};
    if (!account_ || !account_->admin) return {};
    for (const Named& one : people) {
      const auto met = met_.find(one.id);
      if (one.id != 0 && (met == met_.end() || met->second != one.name)) strangers.push_back(one);
    }
  }
  for (const Named& stranger : strangers) {
    {
      const std::scoped_lock lock{mutex_};
      if (const auto met = met_.find(stranger.id); met != met_.end() && met->second == stranger.name) continue;
    }
    const Result<http::Response> response = client_.get(fmt::format("/users/{}.json", stranger.id), "/users/{id}");
    if (!response) return std::unexpected(response.error());
    std::string login;
    if (response->status == 200) {
      const Result<User> user = read_user(response->body);
      if (!user) return std::unexpected(user.error());
      login = user->login;
    } else if (response->status != 404 && response->status != 403) {  // groups and the anonymous user have no page
      return std::unexpected(failure_of(*response, http::Method::get, "reading a user"));
    }
    const std::scoped_lock lock{mutex_};
    met_[stranger.id] = stranger.name;
    if (login.empty()) continue;
    auto logins = logins_ == nullptr ? std::make_shared<std::map<Number, std::string>>()
                                     : std::make_shared<std::map<Number, std::string>>(*logins_);
    (*logins)[stranger.id] = login;
    logins_ = std::move(logins);
  }
  return {};
}

std::shared_ptr<const std::map<Number, std::string>> Knowledge::logins() {
  const std::scoped_lock lock{mutex_};
  return logins_;
}

std::optional<bool> Knowledge::multiple(Number custom_field) {
  const std::scoped_lock lock{mutex_};
  const auto found = multiple_.find(custom_field);
  return found == multiple_.end() ? std::nullopt : std::optional{found->second};
}

void Knowledge::saw(const Issue& issue) {
  const std::scoped_lock lock{mutex_};
  for (const CustomValue& custom : issue.custom) {
    multiple_[custom.id] = custom.multiple;
    field_names_[custom.id] = custom.name;
  }
  if (!issue.allowed_statuses) return;
  std::set<Number>& allowed = workflow_[{issue.tracker.id, issue.status.id}];
  allowed.clear();
  for (const Named& status : *issue.allowed_statuses) allowed.insert(status.id);
}

std::optional<std::set<Number>> Knowledge::seen_from(Number tracker, Number from) {
  const std::scoped_lock lock{mutex_};
  const auto found = workflow_.find({tracker, from});
  return found == workflow_.end() ? std::nullopt : std::optional{found->second};
}

std::optional<Number> Knowledge::next_status(Number tracker, Number from, Number wanted,
                                             const std::set<Number>& avoided) {
  const std::scoped_lock lock{mutex_};
  std::map<Number, Number> first_steps{{from, 0}};
  std::deque<Number> open{from};
  while (!open.empty()) {
    const Number at = open.front();
    open.pop_front();
    const auto edges = workflow_.find({tracker, at});
    if (edges == workflow_.end()) continue;
    for (const Number next : edges->second) {
      if (!first_steps.try_emplace(next, at == from ? next : first_steps[at]).second) continue;
      if (next == wanted) return first_steps[next];
      if (!avoided.contains(next)) open.push_back(next);
    }
  }
  return std::nullopt;
}

Knowledge::Reached Knowledge::reached(Number tracker, Number from, const std::set<Number>& avoided) {
  Reached result;
  std::vector<Number> open{from};
  const std::scoped_lock lock{mutex_};
  while (!open.empty()) {
    const Number at = open.back();
    open.pop_back();
    if (!result.statuses.insert(at).second || (at != from && avoided.contains(at))) continue;
    const auto edges = workflow_.find({tracker, at});
    if (edges == workflow_.end()) {
      result.unseen.insert(at);
    } else {
      open.insert(open.end(), edges->second.begin(), edges->second.end());
    }
  }
  return result;
}

Instant Knowledge::tracker_time(std::string_view date) {
  if (const auto told = parse_date_header(date)) return *told;
  const Instant now = clock_.now();
  const std::scoped_lock lock{mutex_};
  const std::chrono::milliseconds behind = -std::chrono::milliseconds{clock_behind_max};
  return now + std::max(behind, clock_ahead_.value_or(behind));
}

void Knowledge::saw_stamp(Instant stamp) {
  const auto ahead = stamp - clock_.now();
  const std::scoped_lock lock{mutex_};
  if (!clock_ahead_ || *clock_ahead_ < ahead) clock_ahead_ = ahead;
}

}  // namespace causeway::redmine
