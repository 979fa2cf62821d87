#pragma once
/// What a Jira holds, as plain values. Rules are in rules.hpp, JQL in jql.hpp, REST in api_*.cpp.
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace causeway::fakes::jira {

using Number = std::int64_t;
/// Since 1970: Jira keeps and shows milliseconds.
using Milliseconds = std::int64_t;

enum class Deployment : std::uint8_t { cloud, data_center };

struct User {
  std::string id;            ///< Cloud: accountId. Data Center: the key "JIRAUSER10100", which never changes
  std::string name;          ///< Data Center: the login, which can be renamed. Cloud: only how tests call the person
  std::string display_name;  ///< "Former user" when the account was removed
  std::string email;
  bool email_hidden = false;               ///< the profile shows it to nobody (Cloud)
  bool active = true;                      ///< inactive people stay as authors and cannot be assigned
  std::string time_zone = "Etc/UTC";       ///< of the profile: how times are shown to them and how JQL reads theirs
  std::string account_type = "atlassian";  ///< "app", "customer" (of a service desk portal)
  bool admin = false;
  std::set<std::string> groups;
  std::string token;     ///< Cloud: API token. Data Center: personal access token
  std::string password;  ///< Data Center: for Basic
  int failed_logins = 0;
  bool captcha = false;  ///< Data Center: nobody gets in until a human has solved it
};

struct Status {
  std::string id, name;
  std::string category = "new";  ///< "new", "indeterminate", "done"
};

/// A field on a screen.
struct ScreenField {
  std::string field;
  bool required = false;
};

/// A step of a workflow.
struct Transition {
  std::string id, name;
  std::set<std::string> from;  ///< status ids; empty: from everywhere (global)
  std::string to;              ///< status id; empty: stays where it is (looped)
  bool hidden = false;         ///< a condition keeps it from everybody: not listed, not allowed
  std::vector<ScreenField> screen;
  std::string validator;                    ///< what a validator says instead of letting it through
  bool clears_resolution = false;           ///< post functions
  std::map<std::string, std::string> sets;  ///< post functions: field → JSON value; a second event of their own
  int conflicts = 0;                        ///< so many attempts answer 409
};

struct IssueType {
  std::string id, name;
  bool subtask = false;
  std::vector<ScreenField> create_screen, edit_screen;
  std::string workflow;
  std::string initial_status;
};

enum class FieldKind : std::uint8_t { text, rich_text, number, option, options, texts, user, date, moment, anything };

struct CustomField {
  std::string id, name;
  FieldKind kind = FieldKind::text;
  std::vector<std::pair<std::string, std::string>> options;  ///< id, value
};

struct Named {
  std::string id, name;
};

struct SecurityLevel {
  std::string id, name;
  std::set<std::string> members;  ///< user ids
};

struct Project {
  std::string id, key, name;
  std::string type = "software";  ///< "service_desk", "business"
  std::vector<std::string> issue_types;
  std::map<std::string, std::set<std::string>> roles;  ///< role name → user ids
  std::map<std::string, std::string> role_ids;         ///< role name → id
  std::set<std::string> browsers;                      ///< user ids; empty: whoever has an account
  std::set<std::string> readers_only;                  ///< user ids that may not change anything
  std::vector<SecurityLevel> security_levels;
  std::vector<Named> components, versions;
  bool anonymous = false;  ///< everybody on the net may read
  Number last_number = 0;
  [[nodiscard]] bool is_service_desk() const { return type == "service_desk"; }
};

struct Visibility {
  std::string type;   ///< "role", "group"
  std::string value;  ///< the name
};

struct Comment {
  Number id = 0, issue = 0;
  std::string author, update_author;  ///< user ids
  std::string body;                   ///< Cloud: ADF as JSON. Data Center: wiki text
  Milliseconds created = 0, updated = 0;
  std::optional<Visibility> visibility;
  std::map<std::string, std::string> properties;  ///< key → JSON
};

struct ChangeItem {
  std::string field, field_id;
  std::optional<std::string> from, from_text, to, to_text;
};

struct Change {
  Number id = 0;
  std::string author;
  Milliseconds created = 0;
  std::vector<ChangeItem> items;
};

struct Attachment {
  Number id = 0, issue = 0;
  std::string name, content_type, content, author;
  Milliseconds created = 0;
};

struct RemoteLink {
  Number id = 0;
  std::string global_id;
  std::string json;  ///< "application", "relationship", "object" as they came
};

struct Issue {
  Number id = 0;
  std::string key;
  std::string project, type, status;  ///< ids
  std::string summary;
  std::string description, environment;        ///< as Comment::body; empty: null
  std::string priority, resolution, security;  ///< ids; empty: none
  std::string reporter, creator, assignee;     ///< user ids; empty: nobody
  std::vector<std::string> labels, components, fix_versions;
  std::string due_date;
  Number parent = 0;
  std::map<std::string, std::string> custom;  ///< field id → JSON value; absent: null
  Milliseconds created = 0, updated = 0;
  std::optional<Milliseconds> resolved;
  std::vector<Number> comments;                   ///< oldest first
  std::vector<Number> attachments;                ///< oldest first
  std::vector<Change> changes;                    ///< oldest first
  std::map<std::string, std::string> properties;  ///< key → JSON
  std::vector<RemoteLink> links;
  bool archived = false;  ///< looks gone to the API
};

struct Limits {
  bool per_issue = false;  ///< 20 writes per 2 s and 100 per 30 s on one issue
  /// So many of each can be on one issue; one more answers 413.
  std::size_t comments = 5000, attachments = 2000, remote_links = 2000;
  std::size_t text_characters = 32'767;  ///< of a rich text
  bool adf_counts_as_json = false;       ///< nobody says what Cloud counts: the words of an ADF document, or all of it
  std::size_t embedded_comments = 20;    ///< Cloud: so many, the oldest, come with an issue in a search
};

struct Settings {
  Deployment deployment = Deployment::cloud;
  std::string context_path;  ///< Data Center: "/jira"
  std::string version;       ///< of /serverInfo; empty: a usual one
  std::string cloud_id = "11223344-a1b2-3b33-c444-def123456789";
  std::string default_time_zone = "Etc/UTC";
  Limits limits;
  std::int64_t latency_ms = 0;  ///< of every answer
  /// How long a search on each node still shows what was before a change. Requests go around the nodes; Cloud has one.
  std::vector<Milliseconds> index_lag_ms{0};
  /// Every n-th search does not find what changed in the last `flap_ms`, though earlier ones did; 0: never.
  std::size_t flap_every = 0;
  Milliseconds flap_ms = 60'000;
  std::size_t search_cap = 0;              ///< the server's own cap on a search page; 0: 100 with fields, 5000 without
  std::size_t empty_pages = 0;             ///< so many pages in the middle of a token listing are empty
  bool repeat_token = false;               ///< a page hands out the token that it was asked with, again and again
  bool says_is_last = true;                ///< token pages carry isLast
  bool wrong_is_anonymous = true;          ///< a wrong credential is nobody's, rather than refused with 401
  bool bearer_needs_gateway = false;       ///< OAuth tokens are only taken below /ex/jira/{cloudId}
  bool unknown_keys_refused = true;        ///< `key in (NOPE-1)` is a 400
  bool unknown_transition_is_500 = false;  ///< as Data Center may
  bool downloads_need_cookie = false;      ///< Data Center: files are shown to browsers only, others get the login page
  std::string media_origin = "http://media.jira.test";  ///< where Cloud sends for files
  bool webhooks = false;                                ///< whether events are kept for `Jira::webhooks`
  bool near_limit = false;                              ///< Cloud: good answers say that the limit is near
  bool updates_conflict = false;                        ///< every PUT on an issue answers 409
};

struct OAuthClient {
  std::string id, secret, user;
};

struct State {
  Settings settings;
  std::map<std::string, User> users;                ///< by id
  std::map<std::string, Project> projects;          ///< by id
  std::map<std::string, std::string> project_keys;  ///< key, former keys too → id
  std::map<std::string, IssueType> issue_types;
  std::map<std::string, std::vector<Transition>> workflows;
  std::vector<Status> statuses;
  std::vector<Named> priorities, resolutions;
  std::map<std::string, CustomField> custom_fields;
  std::vector<OAuthClient> clients;
  std::map<Number, Issue> issues;
  std::map<std::string, Number> keys;  ///< former keys too
  std::map<Number, Comment> comments;
  std::map<Number, Attachment> attachments;
  Number last_issue = 10'000, last_comment = 10'000, last_attachment = 10'000, last_change = 10'000, last_link = 10'000;
};

}  // namespace causeway::fakes::jira
