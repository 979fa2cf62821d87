#pragma once
/// What a GitHub holds, as plain values. Rules are in rules.hpp, REST in api_*.cpp.
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace causeway::fakes::github {

using Number = std::int64_t;
/// Since 1970: GitHub keeps and shows whole seconds.
using Seconds = std::int64_t;

struct User {
  Number id = 0;
  std::string login;
  std::string type = "User";  ///< "User", "Bot", "Organization"
  std::string name;
};

enum class Access : std::uint8_t { none, read, triage, write, admin };

struct Label {
  Number id = 0;
  std::string name;
  std::string color = "ededed";
  std::optional<std::string> description;
  bool standard = false;
};

struct Milestone {
  Number id = 0, number = 0, creator = 0;
  std::string title;
  std::optional<std::string> description;
  bool closed = false;
  Seconds created = 0, updated = 0;
  std::optional<Seconds> closed_at, due;
  Number open_issues = 0, closed_issues = 0;
};

struct Comment {
  Number id = 0, issue = 0, user = 0, app = 0;
  std::string body;
  Seconds created = 0, updated = 0;
  std::optional<std::string> minimized;  ///< the reason: "spam", "outdated", "resolved" …
  Seconds listed_from = 0;               ///< lists show it only then
};

/// One entry of an issue's history.
struct Event {
  Number id = 0, actor = 0;
  std::string kind;  ///< "labeled", "closed", "renamed" …
  Seconds created = 0;
  std::string text;    ///< label name, milestone title, title before, lock reason, state reason
  std::string other;   ///< label colour, title after
  Number subject = 0;  ///< whom "assigned" is about
};

struct Issue {
  Number id = 0, number = 0, user = 0, app = 0;
  std::string title;
  std::optional<std::string> body;
  std::vector<Number> labels, assignees;
  Number milestone = 0;  ///< by number
  bool closed = false, locked = false;
  std::optional<std::string> state_reason, lock_reason;
  Number closed_by = 0;
  Seconds created = 0, updated = 0;
  std::optional<Seconds> closed_at;
  bool pull_request = false;
  std::vector<Number> comments;
  std::vector<Event> events;
  /// What lists show until `stale_until`; nullptr then: nothing at all.
  std::shared_ptr<const Issue> stale;
  Seconds stale_until = 0;
};

/// What an issue number has become. No repository: deleted.
struct Gone {
  Number repository = 0, number = 0;
};

struct Repository {
  Number id = 0, owner = 0;
  std::string owner_login, name, description;
  bool is_private = false, archived = false, has_issues = true;
  Seconds created = 0, updated = 0;
  std::map<Number, Access> members;
  std::map<Number, Label> labels;
  std::map<std::string, Number> label_names;  ///< in small letters
  std::map<Number, Milestone> milestones;     ///< by number
  std::map<Number, Issue> issues;             ///< by number
  std::set<std::pair<Seconds, Number>> issues_by_update;
  std::map<Number, Comment> comments;  ///< by id
  std::set<std::pair<Seconds, Number>> comments_by_update;
  std::map<Number, Gone> gone;
  Number last_number = 0, last_milestone = 0, open_issues = 0;
  [[nodiscard]] std::string full_name() const { return owner_login + "/" + name; }
};

struct Token {
  Number user = 0;
  Number installation = 0;         ///< 0: a person's
  std::optional<Seconds> expires;  ///< never
  std::set<Number> repositories;   ///< of an installation; empty: all of its account
  bool issues_write = true;        ///< of an installation; else issues may only be read
  std::uint64_t salt = 0;          ///< etags differ by token
};

struct App {
  Number id = 0, owner = 0, bot = 0;
  std::string slug, name, client_id;
  std::string public_key;  ///< PEM
};

struct Installation {
  Number id = 0, app = 0, account = 0;
  std::set<Number> repositories;  ///< empty: all
  bool suspended = false;
  bool issues_write = true;
};

struct Limits {
  bool enforced = false;
  std::int64_t requests_per_hour = 5000;
  std::int64_t creations_per_minute = 80;
  std::int64_t creations_per_hour = 500;
  std::int64_t points_per_minute = 900;
  std::size_t concurrent = 100;
  int status = 403;                             ///< or 429
  std::optional<std::int64_t> retry_after{60};  ///< seconds, said with a secondary limit; nullopt: not said
};

/// What one user has used up.
struct Usage {
  Seconds hour_began = 0, search_began = 0;
  std::int64_t requests = 0, searches = 0;
  std::deque<Seconds> creations;
  std::map<std::string, std::deque<std::pair<Seconds, int>>, std::less<>> points;  ///< by path template
  std::deque<std::int64_t> under_way_until;                                        ///< milliseconds
};

struct Settings {
  Limits limits;
  Seconds list_lag = 0;           ///< so long lists, comment lists and search do not show a change
  std::int64_t latency_ms = 0;    ///< of every answer
  Seconds token_lifetime = 3600;  ///< of installation tokens
  bool long_tokens = false;       ///< the longer, stateless form of installation tokens
};

struct State {
  Settings settings;
  std::map<Number, User> users;
  std::map<std::string, Number> logins;  ///< in small letters
  std::map<Number, Repository> repositories;
  std::map<std::string, Number> names;  ///< "owner/name" in small letters, former names too
  std::map<std::string, Token, std::less<>> tokens;
  std::map<Number, App> apps;
  std::map<Number, Installation> installations;
  Number last_id = 1'000'000'000;
};

}  // namespace causeway::fakes::github
