#pragma once
/// Redmine's REST JSON as values, and our wishes as Redmine's REST JSON. Pure: no request is made here.
///
/// Written against Redmine 5.0 and read against the sources of 5.1 to 7.0
/// (www.redmine.org/projects/redmine/wiki/Rest_api).
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "adapters/json.hpp"
#include "adapters/web.hpp"
#include "agent/model/result.hpp"
#include "agent/model/ticket.hpp"
#include "agent/model/time.hpp"

namespace causeway::redmine {

/// Row number of a Redmine table.
using Number = std::int64_t;

/// How Redmine shows whatever it refers to. Id 0: nothing.
struct Named {
  Number id = 0;
  std::string name;
  bool operator==(const Named&) const = default;
};

struct CustomValue {
  Number id = 0;
  std::string name;
  bool multiple = false;
  std::vector<std::string> values;  ///< one for a field that holds one, and empty when that one is null or ""
  bool operator==(const CustomValue&) const = default;
};

/// An entry of an issue's history. Only those with notes are comments.
/// A text of the issue that was changed: its subject or description, with line feeds.
struct TextChange {
  std::string name;
  std::string before;
  std::string after;
  bool operator==(const TextChange&) const = default;
};

struct Journal {
  Number id = 0;
  Named user;
  std::string notes;
  Instant created{};
  bool is_private = true;  ///< unless the answer says otherwise
  std::vector<TextChange> texts;
  bool operator==(const Journal&) const = default;
};

struct Issue {
  Number id = 0;
  Named project, tracker, status, priority, author, assignee, category, version;
  std::string subject;
  std::string description;  ///< as stored: line ends are CRLF
  bool is_private = true;   ///< unless the answer says otherwise
  Instant created{};
  Instant updated{};
  std::vector<CustomValue> custom;
  std::optional<std::vector<Journal>> journals;  ///< absent when not asked for
  struct File {
    Attachment attachment;
    Number author = 0;
  };
  std::vector<File> files;
  std::optional<std::vector<Named>> allowed_statuses;  ///< absent when not asked for
};

struct IssuePage {
  std::vector<Issue> issues;
  std::int64_t total = 0;
};

struct User {
  Number id = 0;
  std::string login;  ///< empty: this key may not see it
  std::string name;   ///< first and last name
  bool admin = false;
  std::map<Number, std::vector<Number>> roles;  ///< by project; only when memberships were asked for
};

/// One page of any list of things with names.
struct NamedPage {
  struct Entry {
    Named named;
    bool is_closed = false;               ///< statuses
    std::optional<Named> default_status;  ///< trackers
    bool locked = false;                  ///< versions that take no new tickets
  };
  std::vector<Entry> entries;
  std::int64_t total = 0;
};

/// A body that is no whole JSON is a `transient` failure, one without what must be there a `malformed` one that names
/// it.
Result<Issue> read_issue(std::string_view body);
Result<IssuePage> read_issues(std::string_view body);
Result<User> read_user(std::string_view body);
/// `list` is the member's name: "issue_statuses". Memberships give their user or group.
Result<NamedPage> read_named(std::string_view body, std::string_view list);
/// A project with its trackers, categories and custom fields, as asked for by `include`.
struct Project {
  Named named;
  std::string identifier;
  int status = 1;  ///< 1 active, 5 closed, 9 archived
  bool is_public = false;
  std::vector<Named> trackers, categories, custom_fields;
};
Result<Project> read_project(std::string_view body);
struct Role {
  std::string name;
  std::string issues_visibility;  ///< "all", "default" (no private issues of others), "own"
  std::set<std::string> permissions;
};
Result<Role> read_role(std::string_view body);
/// Custom fields of issues that must be filled in and have no default. Only administrators may ask.
Result<std::vector<Named>> read_required_fields(std::string_view body);
/// Texts of a 422, in the language of the API user. nullopt: the body is not an error list. Empty: a lock conflict.
[[nodiscard]] std::optional<std::vector<std::string>> read_errors(std::string_view body);

/// What a POST or PUT of an issue sets. Unset members are left alone by Redmine. Number 0 clears.
struct IssueChange {
  std::optional<std::string> project;  ///< identifier; creating only
  std::optional<std::string> subject, description;
  std::optional<Number> tracker, status, priority, assignee, category, version;
  std::optional<bool> is_private;
  /// A list of values only for fields that hold several.
  std::map<Number, std::variant<std::string, std::vector<std::string>>> custom;
  std::optional<std::string> notes;
  bool private_notes = false;
  struct Upload {
    std::string token;  ///< what `/uploads.json` answered
    std::string name;
  };
  std::vector<Upload> uploads = {};
};
struct Uploaded {
  std::string token;
  Number id = 0;  ///< 0: this Redmine does not tell
};
[[nodiscard]] Result<Uploaded> read_upload(std::string_view body);
[[nodiscard]] std::string issue_body(const IssueChange& change);
/// `text` as Redmine accepts it and gives it back: half of a UTF-16 pair becomes a question mark.
[[nodiscard]] std::string cleaned(std::string_view text);
[[nodiscard]] std::string journal_body(std::string_view notes, std::optional<bool> is_private);

using web::query_part;

/// What is needed to tell an issue as a ticket.
struct Reading {
  TrackerId tracker;
  std::string url;                            ///< of the installation
  std::map<std::string, std::string> fields;  ///< as in RedmineOptions
  /// By id: the login of everybody whose login is known. May be null.
  std::shared_ptr<const std::map<Number, std::string>> logins;
  Instant observed{};
  Number account = 0;  ///< the one we write as; 0: not known
};
/// A person's key is the login where the API user may see it (administrators see all, others only their own), else the
/// name as Redmine shows it. Both stay the same from one reading to the next, which is what the person map needs.
[[nodiscard]] Person person(const Named& shown, const Reading& reading);
[[nodiscard]] Snapshot snapshot_of(const Issue& issue, const Reading& reading);
/// Values of one custom field; nullptr when the issue has none of that name.
[[nodiscard]] const CustomValue* custom_value(const Issue& issue, std::string_view name);
/// Labels out of a field's values: each value, or each line of a long text.
[[nodiscard]] std::set<std::string> labels_of(const CustomValue& field);

}  // namespace causeway::redmine
