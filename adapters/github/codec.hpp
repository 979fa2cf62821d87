#pragma once
/// GitHub's REST JSON as values, and our wishes as GitHub's REST JSON. Pure: no request is made here.
///
/// Written against API version 2022-11-28 (docs.github.com/rest) and answers recorded from api.github.com
/// (tests/golden/github).
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/json.hpp"
#include "agent/model/result.hpp"
#include "agent/model/ticket.hpp"
#include "agent/model/time.hpp"

namespace causeway::github {

using Number = std::int64_t;

struct Issue {
  Number number = 0;
  bool is_pull_request = false;  ///< GitHub lists pull requests among the issues
  std::string title;
  std::string body;          ///< as stored: line ends as they came; null is ""
  std::string state;         ///< "open" or "closed"
  std::string state_reason;  ///< "completed", "not_planned", "duplicate", "reopened" or ""
  Person author;
  std::vector<std::string> assignees;  ///< logins, in GitHub's order
  std::vector<std::string> labels;
  std::optional<std::string> milestone;  ///< its title
  std::string type;                      ///< of the organisation's issue types; empty: none
  std::string author_association;        ///< "OWNER", "MEMBER", "NONE" …
  std::size_t comments = 0;
  bool locked = false;
  Instant created{};
  Instant updated{};
  std::string html_url;
};

struct IssueComment {
  Number id = 0;
  Number issue = 0;
  bool is_on_pull_request = false;
  bool is_minimized = false;  ///< hidden by a maintainer as spam, abuse, outdated …
  Person author;
  std::string body;
  Instant created{};
  Instant updated{};
};

struct Repository {
  Number id = 0;
  std::string full_name;
  /// Nothing but a clear "public" counts.
  Visibility visibility = Visibility::restricted;
  bool has_issues = true;
  bool archived = false;
  /// What the token's user may do: "pull", "triage", "push", "maintain", "admin". Absent for some tokens of apps.
  std::optional<std::map<std::string, bool>> permissions;
};

struct Milestone {
  Number number = 0;
  std::string title;
  bool operator==(const Milestone&) const = default;
};

struct InstallationToken {
  std::string token;
  Instant expires{};
  std::map<std::string, std::string> permissions;  ///< "issues": "write"
};

struct RateLimit {
  std::int64_t limit = 0;
  std::int64_t remaining = 0;
  Instant reset{};
};

/// A body that is no whole JSON is a `transient` failure, one without what must be there a `malformed` one that names
/// it.
Result<Issue> read_issue(std::string_view body);
Result<std::vector<Issue>> read_issues(std::string_view body);
Result<IssueComment> read_comment(std::string_view body);
Result<std::vector<IssueComment>> read_comments(std::string_view body);
Result<Repository> read_repository(std::string_view body);
Result<std::vector<Milestone>> read_milestones(std::string_view body);
/// One text member of each object in a list: the names of labels, the logins of users.
Result<std::vector<std::string>> read_names(std::string_view body, std::string_view member);
/// One text member of an object: the login of a user, the slug of an app.
Result<std::string> read_name(std::string_view body, std::string_view member);
Result<InstallationToken> read_token(std::string_view body);
Result<RateLimit> read_rate_limit(std::string_view body);

/// What GitHub says about a refusal. `message` is GitHub's own text; the errors of a 422 are spelled out from their
/// resource, field and code, never with the value that was refused.
struct Refusal {
  std::string message;
  std::vector<std::string> errors;  ///< "Label: color: invalid"
  std::vector<std::string> fields;  ///< the fields that the errors name, in the same order
};
[[nodiscard]] Refusal read_refusal(std::string_view body);

/// What a POST or PATCH of an issue sets. Unset members are left alone by GitHub.
struct IssueChange {
  std::optional<std::string> title, body;
  std::optional<std::string> state, state_reason;
  std::optional<std::vector<std::string>> labels;  ///< creating only: a PATCH would undo what others do meanwhile
  std::optional<std::vector<std::string>> assignees;
  std::optional<Number> milestone;  ///< 0 clears
  std::optional<std::string> type;  ///< creating only: the name of an issue type of the organisation
  [[nodiscard]] bool empty() const {
    return !title && !body && !state && !state_reason && !labels && !assignees && !milestone;
  }
};
[[nodiscard]] std::string issue_body(const IssueChange& change);
[[nodiscard]] std::string comment_body(std::string_view text);
[[nodiscard]] std::string labels_body(const std::vector<std::string>& labels);

/// GitHub's names of labels, people and repositories have no case.
[[nodiscard]] bool same_name(std::string_view a, std::string_view b);
[[nodiscard]] bool contains(const std::vector<std::string>& names, std::string_view wanted);

/// The words a ticket's status has: "open", "closed", "closed:not_planned", "closed:duplicate". "closed" stands for
/// everything else that is closed.
[[nodiscard]] const std::vector<std::string>& status_words();
[[nodiscard]] std::string status_word(const Issue& issue);
/// state and state_reason of a status word; nullopt for any other word.
struct State {
  std::string state;
  std::string reason;
};
[[nodiscard]] std::optional<State> state_of(std::string_view word);

/// Addresses of a Link header by their rel: "next", "last" …
[[nodiscard]] std::map<std::string, std::string> links_of(std::string_view header);
/// The number in an address's `page` parameter; nullopt when it has none.
[[nodiscard]] std::optional<Number> page_of(std::string_view url);
/// `url` with another number in its `page` parameter.
[[nodiscard]] std::string with_page(std::string_view url, Number page);

/// What is needed to tell an issue as a ticket.
struct Reading {
  TrackerId tracker;
  std::string url;                                 ///< where people open issues: ".../acme/widget/issues/"
  Visibility visibility = Visibility::restricted;  ///< the repository's
  Instant observed{};
};
/// Without comments: coverage `changed`, with their number.
[[nodiscard]] Snapshot snapshot_of(const Issue& issue, const Reading& reading);
/// A minimized comment is `restricted`: what maintainers have hidden is not to be spread.
[[nodiscard]] Comment comment_of(const IssueComment& comment, Visibility repository);

}  // namespace causeway::github
