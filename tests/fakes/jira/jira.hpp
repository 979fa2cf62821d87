#pragma once
/// A Jira in memory, Cloud or Data Center: the stand-in for tests, the simulator, the benchmarks and the demo. It
/// remembers, and it is as unpleasant as the real ones. Cloud's shapes are those of Atlassian's OpenAPI document
/// (tests/contracts/jira), which its tests check every answer against.
///
/// Besides Jira's own addresses it answers `/_standin/…` (control.cpp), through which a test acts as a person or makes
/// trouble, and shows plain pages of the issue lists and of an issue (`/` and `/browse/KEY`).
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "agent/model/time.hpp"
#include "tests/fakes/http/exchange.hpp"
#include "tests/fakes/jira/rules.hpp"
#include "tests/fakes/jira/state.hpp"

namespace causeway::fakes::jira {

class Out;
struct Shown;

using fakes::Request;
using fakes::Response;
using fakes::Trouble;

/// A Cloud site. Project `INIT` (software, "Initech") with the types Bug (10001), Task (10002) and Sub-task (10003),
/// and `DESK` (service desk) with Support (10004). People, by `name`: `syncuser` (the integration's account),
/// `maintainer` (admin), `agent` (role Service Desk Team), `reporter`, `visitor` (e-mail hidden), `customer` (portal
/// only), `leaver` (inactive); each has the e-mail NAME@example.com, the API token `token-NAME` and the accountId
/// `712020:NAME`. The OAuth client `client-1` with secret `secret-1` is syncuser. Bugs need the field Severity
/// (customfield_10050). Workflow `software`: To Do (10100) → In Progress (10101) → In Review (10102) → Done (10103);
/// Done asks for a resolution; from Done one comes back only by Reopen. Workflow `support`: Open, Waiting for customer,
/// Resolved.
[[nodiscard]] State cloud_world();
/// The same on Data Center 10.3 below `/jira`: people log in with NAME and `password-NAME` or with the personal access
/// token `token-NAME`; their keys are JIRAUSER10100 and on.
[[nodiscard]] State data_center_world();

/// Fields of a new or changed issue, as a person fills in the form. What is not given stays.
struct Form {
  std::optional<std::string> summary;
  /// Text is one paragraph per line on Cloud, wiki text on Data Center; what begins with `{"` is ADF on Cloud.
  std::optional<std::string> description;
  std::optional<std::vector<std::string>> labels;
  std::optional<std::string> priority;        ///< name
  std::optional<std::string> assignee;        ///< name of the user; empty: nobody
  std::optional<std::string> type;            ///< name
  std::optional<std::string> resolution;      ///< name; empty: none
  std::map<std::string, std::string> custom;  ///< field id → JSON value; "null" empties it
};

/// Who may read a comment. By default everybody who sees the issue.
struct Restriction {
  std::string role, group;
  bool internal = false;  ///< a service desk's internal note
};

/// A body that Jira would have sent to a listener, with its headers.
struct Webhook {
  std::string event;  ///< "jira:issue_updated", "comment_created"
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

/// 429 for one of Jira's reasons: "jira-quota-global-based", "jira-quota-tenant-based", "jira-burst-based",
/// "jira-per-issue-on-write"; empty: Data Center's, which gives none.
struct RateLimit {
  std::string reason;
  std::string method{}, path_template{};  ///< empty: any
  int skip = 0, times = 1;
  Milliseconds retry_after_ms = 5000;
};

/// Any thread.
class Jira {
 public:
  /// Borrows the clock.
  explicit Jira(const Clock& clock, State state = cloud_world());

  [[nodiscard]] Response handle(const Request& request);

  // As a person in the browser: no rights, screens or workflow conditions are asked for. Projects by key, issues by any
  // of their keys, people by name. What does not exist is left alone; keys are then empty, ids 0.
  /// The key.
  std::string file(const std::string& project, const std::string& summary, const std::string& description,
                   const std::string& name = "reporter", const Form& more = {});
  void edit(const std::string& key, const Form& form, const std::string& name = "maintainer");
  void set_labels(const std::string& key, std::vector<std::string> labels, const std::string& name = "maintainer");
  Number comment(const std::string& key, const std::string& text, const std::string& name = "reporter",
                 const Restriction& restriction = {});
  void edit_comment(Number comment, const std::string& text, const std::string& name = "maintainer");
  void restrict_comment(Number comment, const Restriction& restriction);
  void delete_comment(Number comment, const std::string& name = "maintainer");
  /// To the status of that name, whatever the workflow says.
  void transition(const std::string& key, const std::string& status, const std::string& name = "maintainer");
  /// To another project: same id, new key (answered), the old key still leads here.
  std::string move(const std::string& key, const std::string& project, const std::string& name = "maintainer");
  void remove(const std::string& key, const std::string& name = "maintainer");
  void archive(const std::string& key);
  void restore(const std::string& key);
  /// By the level's name; empty: none.
  void set_security(const std::string& key, const std::string& level, const std::string& name = "maintainer");
  Number attach(const std::string& key, const std::string& file_name, const std::string& content,
                const std::string& name = "reporter", const std::string& content_type = "text/plain");
  void rename_user(const std::string& name, const std::string& login, const std::string& display_name);
  void deactivate_user(const std::string& name);
  /// Their failed logins are forgotten.
  void solve_captcha(const std::string& name);
  /// Every OAuth access token handed out so far is void.
  void expire_access_tokens();
  /// Search page tokens handed out so far are void.
  void expire_page_tokens();
  /// Adds generated issues with comments, by people of the world.
  void fill(const std::string& project, std::size_t issues, std::size_t comments_each, std::size_t body_bytes = 1500);
  /// Anything else, under the lock.
  void change(const std::function<void(State&)>& change);

  /// By any of its keys.
  [[nodiscard]] std::optional<Issue> look(const std::string& key) const;
  [[nodiscard]] std::optional<Issue> look(Number id) const;
  /// Oldest first.
  [[nodiscard]] std::vector<Comment> comments(const std::string& key) const;
  /// Ids, archived issues too.
  [[nodiscard]] std::vector<Number> all(const std::string& project) const;
  [[nodiscard]] State state() const;

  void trouble(Trouble trouble);
  void limit(RateLimit limit);
  /// The next `times` requests of the kind are answered as if nobody had signed in, with X-Seraph-LoginReason.
  void forget_who_asks(int times, const std::string& method = {}, const std::string& path_template = {});
  void no_trouble();
  /// Requests so far, by "PUT /rest/api/3/issue/{issueIdOrKey}".
  [[nodiscard]] std::map<std::string, std::size_t> requests() const;
  void forget_requests();
  /// Answers 429 so far.
  [[nodiscard]] std::size_t refusals() const;
  /// Requests for a file's content at the other host that carried our credential.
  [[nodiscard]] std::size_t leaked_credentials() const;
  /// The events since the last call, oldest first; Settings::webhooks has to be on.
  [[nodiscard]] std::vector<Webhook> webhooks();

 private:
  struct Call;
  struct PageToken {
    std::string query;  ///< what it belongs to
    std::string after;  ///< sort key of the last issue shown
    Milliseconds expires = 0;
    std::size_t pages = 0;
  };
  struct Version {
    Milliseconds since = 0;
    std::shared_ptr<const Issue> issue;
  };
  /// What a change was about, for webhooks.
  struct Event {
    std::string event, type_name;
    std::string user;
    const Issue* issue = nullptr;
    const Comment* comment = nullptr;
    const Change* change = nullptr;
  };

  Response answer(const Request& request);
  Response route(Call& call);
  /// nullopt: go on.
  std::optional<Response> sign_in(Call& call);
  std::optional<Response> check_limits(Call& call);
  Response token_route(Call& call);
  Response issue_route(Call& call);
  Response create_issue(Call& call);
  Response create_many(Call& call);
  Response read_issue(Call& call, const Issue& issue);
  Response edit_issue(Call& call, Issue& issue);
  Response delete_issue(Call& call, Issue& issue);
  Response assign_issue(Call& call, Issue& issue);
  Response create_meta(Call& call);
  Response edit_meta(Call& call, const Issue& issue);
  Response comments_route(Call& call, Issue& issue);
  Response comment_route(Call& call, Issue& issue, Comment& comment);
  Response comment_list(Call& call);
  Response properties_route(Call& call, std::map<std::string, std::string>& properties, std::size_t at, Issue& issue);
  Response comment_properties_route(Call& call);
  Response transitions_route(Call& call, Issue& issue);
  Response links_route(Call& call, Issue& issue);
  Response changelog_route(Call& call, const Issue& issue);
  Response changelog_bulk(Call& call);
  Response upload(Call& call, Issue& issue);
  Response attachment_route(Call& call);
  Response file_answer(Call& call, const Attachment& attachment) const;
  Response media_answer(Call& call);
  Response search_by_token(Call& call);
  Response search_by_offset(Call& call);
  Response count(Call& call);
  Response site_route(Call& call);
  Response server_info(Call& call) const;
  Response permissions(Call& call);
  Response project_route(Call& call);
  Response users_route(Call& call);
  Response answer_page(Call& call);
  /// Takes the lock itself, as people's actions do.
  Response answer_control(const Request& request);
  Response control_issue(const std::string& key, const std::string& action, const rapidjson::Value& body);
  [[nodiscard]] std::string whole_project(const std::string& key) const;

  /// The issue with that id or key, if the caller sees it.
  Issue* visible_issue(const Call& call, const std::string& id_or_key);
  Comment* visible_comment(const Call& call, const Issue& issue, const std::string& id);
  /// What the search index of this request's node holds, in no order.
  [[nodiscard]] std::vector<const Issue*> indexed(const Call& call, const std::set<Number>& reconciled);
  /// A moment that no earlier change of this issue had.
  Milliseconds touch(Issue& issue);
  Number keep_issue(Issue issue);
  /// Puts a changed copy in the issue's place, with the history of what differs.
  void replace(Issue& issue, Issue with, const std::string& author);
  [[nodiscard]] Refusal read_comment(const Call& call, const rapidjson::Value& body, const Issue& issue,
                                     Comment& comment) const;
  void write_expansions(Out& out, const Shown& shown, const Issue& issue, const std::vector<std::string>& expand,
                        const std::vector<std::string>& properties) const;
  /// To be called after each change: keeps what searches still have to show, and queues webhooks.
  void changed(const Issue& issue);
  void tell(const Event& event);
  void record(Issue& issue, const std::string& author, std::vector<ChangeItem> items);
  Number add_comment(Issue& issue, Comment comment);
  void erase_comment(Issue& issue, Number id, const std::string& author);
  void erase_issue(Number id, const std::string& author);
  Number add_attachment(Issue& issue, Attachment attachment);
  [[nodiscard]] Milliseconds now() const;
  Issue* find(const std::string& key);
  [[nodiscard]] std::string user_named(const std::string& name) const;
  std::string file_locked(const std::string& project, const std::string& summary, const std::string& description,
                          const std::string& name, const Form& more);
  void edit_locked(Issue& issue, const Form& form, const std::string& author);
  [[nodiscard]] std::string stored_text(const std::string& text) const;

  const Clock& clock_;
  mutable std::mutex mutex_;  ///< guards everything below
  State state_;
  std::map<Number, std::vector<Version>> versions_;  ///< oldest first; only what an index may still show
  std::map<std::string, std::pair<std::string, Milliseconds>> access_tokens_;  ///< token → user, end
  std::map<std::string, PageToken> page_tokens_;
  std::map<Number, std::deque<Milliseconds>> writes_;  ///< by issue
  std::vector<Trouble> troubles_;
  std::vector<std::pair<Trouble, RateLimit>> limits_;
  std::vector<Trouble> anonymous_;
  std::map<std::string, std::size_t> requests_;
  std::deque<Webhook> webhooks_;
  std::string origin_ = "http://jira.test";  ///< of the last request: events name it
  std::size_t webhooks_made_ = 0, refusals_ = 0, leaks_ = 0, searches_ = 0, tokens_made_ = 0, answers_ = 0;
};

}  // namespace causeway::fakes::jira
