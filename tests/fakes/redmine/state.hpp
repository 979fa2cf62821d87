#pragma once
/// What a Redmine holds, as plain values. Rules are in rules.hpp, REST in api.cpp.
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace causeway::fakes::redmine {

using Number = std::int64_t;
/// Redmine keeps microseconds and shows seconds.
using Microseconds = std::int64_t;

struct Named {
  Number id = 0;
  std::string name;
};

struct User {
  Number id = 0;
  std::string login, firstname, lastname, mail, key;
  bool admin = false;
  bool locked = false;
  bool anonymous = false;
  [[nodiscard]] std::string name() const { return anonymous ? "Anonymous" : firstname + " " + lastname; }
};

enum class Builtin : std::uint8_t { none, non_member, anonymous };

struct Role {
  Number id = 0;
  std::string name;
  Builtin builtin = Builtin::none;
  bool assignable = true;
  std::string issues_visibility = "default";  ///< "all", "default", "own"
  std::set<std::string> permissions;
};

struct Status : Named {
  bool is_closed = false;
};
struct Priority : Named {
  bool is_default = false;
};
struct IssueTracker : Named {
  Number default_status = 0;
};
struct Version : Named {
  std::string status = "open";
};

struct CustomField {
  Number id = 0;
  std::string name;
  std::string format = "string";  ///< string, text, bool, list, link, int
  bool multiple = false;
  bool required = false;
  bool for_all = true;  ///< "for all projects"
  bool visible = true;  ///< to everybody; else only to `roles`
  std::set<Number> roles;
  std::string default_value;
  std::vector<std::string> possible_values;
};

struct Project {
  enum class State : std::uint8_t { active = 1, closed = 5, archived = 9 };
  Number id = 0;
  std::string identifier, name;
  bool is_public = true;
  State state = State::active;
  Number parent = 0;
  std::map<Number, std::vector<Number>> members;  ///< user → roles
  std::vector<Number> trackers;
  std::vector<Named> categories;
  std::vector<Version> versions;
};

struct Detail {
  std::string property;  ///< "attr", "cf", "attachment"
  std::string name;
  std::optional<std::string> old_value, new_value;
};

struct Journal {
  Number id = 0;
  Number user = 0;
  std::string notes;
  bool is_private = false;
  Microseconds created = 0;
  std::vector<Detail> details;
};

struct StoredFile {
  Number id = 0;
  std::string name, content_type, description, content;
  Number author = 0;
  Microseconds created = 0;
};

/// Everything a journal keeps the old and new value of.
struct Attributes {
  Number project = 0, tracker = 0, status = 0, priority = 0, assignee = 0, category = 0, version = 0, parent = 0;
  std::string subject, description, start_date, due_date;
  bool is_private = false;
  std::map<Number, std::vector<std::string>> custom;
};

struct Issue : Attributes {
  Number id = 0;
  Number author = 0;
  Microseconds created = 0, updated = 0;
  std::optional<Microseconds> closed;
  std::int64_t lock_version = 0;
  std::vector<Journal> journals;
  std::vector<StoredFile> files;
};

struct Relation {
  Number from = 0, to = 0;
  std::string type;  ///< "blocks": from blocks to; "duplicates": from duplicates to
};

/// A change that the role may make: tracker, role, from, to.
using Transition = std::tuple<Number, Number, Number, Number>;

struct Settings {
  bool rest_enabled = true;
  bool login_required = false;
  bool ids_reused = true;          ///< as SQLite: the id of a deleted last row is given again. PostgreSQL: false
  bool nul_accepted = true;        ///< as SQLite; PostgreSQL answers 500
  bool dates_with_header = false;  ///< Puma sends no Date header; a proxy before it does
  std::string text_formatting = "common_mark";
  std::int64_t latency_ms = 0;  ///< of every answer
};

struct State {
  Settings settings;
  std::map<Number, User> users;
  std::map<Number, Role> roles;
  std::vector<Status> statuses;
  std::vector<Priority> priorities;
  std::vector<IssueTracker> trackers;
  std::map<Number, CustomField> custom_fields;
  std::map<Number, Project> projects;
  std::set<Transition> workflow;
  std::map<Number, Issue> issues;
  std::map<Number, Number> journal_issues;  ///< journal → issue
  std::set<std::pair<Microseconds, Number>> by_update;
  std::set<std::pair<Number, Number>> children;  ///< (parent, child)
  std::vector<Relation> relations;
  std::map<std::string, StoredFile> uploads;  ///< by token
  Number last_issue = 0, last_journal = 0, last_file = 0, last_upload = 0;
  Number anonymous = 0;
};

}  // namespace causeway::fakes::redmine
