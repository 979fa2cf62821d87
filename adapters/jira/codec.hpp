#pragma once
/// Jira's REST JSON as values. Pure: no request is made here. What we ask for is in wishes.hpp.
///
/// One reader for both deployments: they differ in how people are named (accountId or name), in rich text (a document
/// or a string) and in the envelopes of lists, and what is there tells which it is. Written against Cloud's OpenAPI
/// (REST v3, 2026) and Data Center's (10.3, REST v2).
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/json.hpp"
#include "agent/markup/format.hpp"
#include "agent/model/result.hpp"
#include "agent/model/ticket.hpp"
#include "agent/model/time.hpp"

namespace causeway::jira {

/// The key of the property in which our mark stands.
inline constexpr std::string_view marker_property = "causeway";
/// The property by which service projects tell internal notes.
inline constexpr std::string_view internal_property = "sd.public.comment";

/// How Jira shows a status, priority, version, role …
struct Named {
  std::string id;
  std::string name;
  bool operator==(const Named&) const = default;
};

struct Status {
  std::string id;
  std::string name;
  std::string category;  ///< "new", "indeterminate" or "done"
  bool operator==(const Status&) const = default;
};

struct JiraComment {
  std::string id;
  Person author;
  std::string body;  ///< as stored: an ADF document as JSON, or wiki markup
  Instant created{};
  bool is_restricted = false;       ///< to a role or group
  std::optional<bool> is_internal;  ///< of a service project; nullopt: the answer does not tell
  std::optional<Marker> marker;     ///< of its property
  std::string visibility;           ///< the restriction as it came, as JSON; empty: none
};

struct CommentPage {
  std::vector<JiraComment> comments;
  std::int64_t start = 0;
  std::int64_t total = 0;
};

/// What a screen says of one field.
struct FieldMeta {
  std::string id;
  std::string name;
  std::string type;   ///< "string", "array", "priority", "option", "user" …
  std::string items;  ///< of an array
  bool is_rich = false;
  bool is_required = false;
  bool has_default = false;
  std::vector<std::string> allowed;  ///< names or values
};

struct Transition {
  std::string id;
  std::string name;
  Status to;
  /// Whether people are shown a screen with fields on the way; true unless the answer says otherwise.
  bool has_screen = true;
  std::optional<std::vector<FieldMeta>> fields;  ///< of that screen; absent when the answer does not show them
};

/// A file on an issue, and whose it is.
struct File {
  Attachment attachment;
  std::string author;  ///< login
};

struct Issue {
  std::string id;
  std::string key;
  Named project;  ///< the name is its key
  std::string summary;
  std::string description;  ///< as JiraComment::body
  Status status;
  std::string priority, type, resolution;
  Person author;
  std::string assignee;
  std::vector<std::string> labels, versions, components;
  bool has_security = false;  ///< some security level keeps it from others
  bool archived = false;
  Instant created{};
  Instant updated{};
  std::optional<CommentPage> comments;  ///< absent when not asked for
  std::vector<File> files;
  std::map<std::string, std::string> custom;           ///< by field id: what a person would read
  std::optional<Marker> marker;                        ///< of its property
  std::optional<std::vector<Transition>> transitions;  ///< absent when not asked for
};

struct IssuePage {
  std::vector<Issue> issues;
  std::optional<std::int64_t> total;  ///< Data Center
  std::string next;                   ///< Cloud: the token of the next page; empty: this was the last
};

struct User {
  Person person;
  bool active = true;
};

struct Project {
  std::string id;
  std::string key;
  std::string name;
  bool archived = false;
  bool is_service = false;  ///< of Jira Service Management
};

struct ServerInfo {
  std::string base_url;
  std::string version;
  std::string deployment;  ///< "Cloud", "Server", "Data Center"
};

struct Created {
  std::string id;
  std::string key;
};

/// What Jira says about a refusal, in the language of our account.
struct Refusal {
  std::vector<std::string> messages;
  std::map<std::string, std::string> fields;  ///< field id → why
};

/// A body that is no whole JSON is a `transient` failure, one without what must be there a `malformed` one that names
/// it.
Result<Issue> read_issue(std::string_view body);
Result<IssuePage> read_issues(std::string_view body);
Result<JiraComment> read_comment(std::string_view body);
Result<CommentPage> read_comments(std::string_view body);
/// What an upload has made.
Result<std::vector<File>> read_files(std::string_view body);
Result<Created> read_created(std::string_view body);
Result<User> read_user(std::string_view body);
Result<std::vector<User>> read_users(std::string_view body);
Result<Project> read_project(std::string_view body);
Result<ServerInfo> read_server_info(std::string_view body);
Result<std::vector<Transition>> read_transitions(std::string_view body);
/// Every field of the installation: id and name.
Result<std::vector<Named>> read_fields(std::string_view body);
/// Objects with id and name, in a bare list or in a page whose list is called `values` or as `list` says.
struct NamedPage {
  std::vector<Named> entries;
  bool is_last = true;
};
Result<NamedPage> read_named(std::string_view body, std::string_view list);
/// Statuses of a project's issue types: type name → statuses.
Result<std::map<std::string, std::vector<Status>>> read_project_statuses(std::string_view body);
/// The fields that creating an issue of one type takes.
struct FieldPage {
  std::vector<FieldMeta> fields;
  bool is_last = true;
};
Result<FieldPage> read_create_fields(std::string_view body);
/// Which of the permissions asked for are ours.
Result<std::map<std::string, bool>> read_permissions(std::string_view body);
/// One member of an entity property's value: the answer to GET …/properties/{key}.
Result<std::optional<bool>> read_internal_property(std::string_view body);
struct BearerToken {
  std::string token;
  std::chrono::seconds lifetime{};
};
Result<BearerToken> read_token(std::string_view body);
[[nodiscard]] Refusal read_refusal(std::string_view body);

/// What is needed to tell an issue as a ticket.
struct Reading {
  TrackerId tracker;
  markup::Format format = markup::Format::adf;
  std::string site;                           ///< where people open issues
  std::map<std::string, std::string> fields;  ///< name for route conditions → field id
  bool is_service = false;                    ///< comments of a service project may be internal
  Instant observed{};
  std::string account = {};  ///< our login; empty: not known
};
/// Without comments: coverage `changed`, with their number when known.
[[nodiscard]] Snapshot snapshot_of(const Issue& issue, const Reading& reading);
[[nodiscard]] Comment comment_of(const JiraComment& comment, const Issue& issue, const Reading& reading);
/// Whether the comments that came with the issue are all there are, and tell who may read them.
[[nodiscard]] bool shows_all_comments(const Issue& issue, const Reading& reading);

}  // namespace causeway::jira
