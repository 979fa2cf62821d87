#pragma once
/// A GitHub in memory: the stand-in for tests, the simulator, the benchmarks and the demo. It remembers, and it is as
/// unpleasant as the real one. Shapes are those of GitHub's OpenAPI document (tests/contracts/github), which its tests
/// check every answer against.
///
/// Besides GitHub's own addresses it answers `/_standin/…` (control.cpp), through which a test acts as a person or
/// makes trouble, and shows plain pages of the issue list and of an issue.
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "agent/model/time.hpp"
#include "tests/fakes/github/rules.hpp"
#include "tests/fakes/github/state.hpp"
#include "tests/fakes/http/exchange.hpp"

namespace causeway::fakes::github {

struct Page;

using fakes::Request;
using fakes::Response;
using fakes::Trouble;

/// People `maintainer` (admin), `syncuser` (write), `triager`, `visitor` and `reporter` (no rights of their own), each
/// with the token `ghp_NAME`; repositories `acme/widgets` and `acme/gadgets` (public), `acme/secret` (private,
/// maintainer and syncuser only); the app `causeway-sync` (id 1) with installation 1, whose public key comes by
/// `register_app`.
[[nodiscard]] State sample_world(Seconds now);
/// The token of a person of the sample world.
[[nodiscard]] std::string token_of(const std::string& login);

/// Any thread.
class GitHub {
 public:
  /// Borrows the clock.
  explicit GitHub(const Clock& clock);
  GitHub(const Clock& clock, State state);

  [[nodiscard]] Response handle(const Request& request);

  // As a person in the browser: no rights are asked for. Repositories by "owner/name", issues by number, comments by
  // id. What does not exist is left alone; numbers are then 0.
  Number open(const std::string& repository, const std::string& title, const std::optional<std::string>& body,
              const std::string& login = "visitor", const std::vector<std::string>& labels = {});
  Number open_pull_request(const std::string& repository, const std::string& title, const std::string& body,
                           const std::string& login = "visitor");
  void edit(const std::string& repository, Number issue, const Change& change, const std::string& login = "maintainer");
  Number comment(const std::string& repository, Number issue, const std::string& body,
                 const std::string& login = "visitor");
  void edit_comment(Number comment, const std::string& body);
  void remove_comment(Number comment);
  /// Hides it; an empty reason shows it again.
  void minimize(Number comment, const std::string& reason = "outdated");
  void label(const std::string& repository, Number issue, const std::string& name,
             const std::string& login = "maintainer");
  void unlabel(const std::string& repository, Number issue, const std::string& name,
               const std::string& login = "maintainer");
  void close(const std::string& repository, Number issue, const std::string& reason = "completed",
             const std::string& login = "maintainer");
  void reopen(const std::string& repository, Number issue, const std::string& login = "maintainer");
  void lock(const std::string& repository, Number issue, const std::optional<std::string>& reason = std::nullopt);
  void unlock(const std::string& repository, Number issue);
  void remove(const std::string& repository, Number issue);
  /// The number in the target.
  Number transfer(const std::string& repository, Number issue, const std::string& target);
  /// The former name leads on to the new one.
  void rename_repository(const std::string& repository, const std::string& name);
  void remove_repository(const std::string& repository);
  void rename_label(const std::string& repository, const std::string& name, const std::string& to);
  void remove_label(const std::string& repository, const std::string& name);
  Number open_milestone(const std::string& repository, const std::string& title);
  /// What they wrote is then the ghost's.
  void remove_user(const std::string& login);
  void register_app(Number app, const std::string& public_key_pem);
  /// A person's token; `lifetime` in seconds.
  void add_token(const std::string& token, const std::string& login, std::optional<Seconds> lifetime = std::nullopt);
  /// Makes every token of this installation invalid, as when it ran out.
  void expire_tokens(Number installation);
  /// Adds generated issues with comments, all by people of the world.
  void fill(const std::string& repository, std::size_t issues, std::size_t comments_each,
            std::size_t body_bytes = 1500);
  /// Adds the recorded issues of tests/data/github-issues.json. Whether the text could be read.
  bool load_recorded(const std::string& repository, const std::string& json);
  /// Anything else, under the lock: settings, rights, names.
  void change(const std::function<void(State&)>& change);
  [[nodiscard]] std::optional<Issue> look(const std::string& repository, Number issue) const;
  [[nodiscard]] std::vector<Comment> comments(const std::string& repository, Number issue) const;
  [[nodiscard]] std::vector<Number> all(const std::string& repository) const;
  [[nodiscard]] State state() const;

  void trouble(Trouble trouble);
  void no_trouble();
  /// Requests so far, by "PATCH /repos/{owner}/{repo}/issues/{issue_number}".
  [[nodiscard]] std::map<std::string, std::size_t> requests() const;
  void forget_requests();

 private:
  struct Call;
  Response answer(const Request& request);
  Response route(Call& call);
  Response handle_api(Call& call);
  /// nullopt: go on.
  std::optional<Response> check_token(Call& call);
  std::optional<Response> check_limits(Call& call);
  std::optional<Response> find_repository_of(Call& call);
  std::optional<Response> read_body(Call& call);
  /// The issue a request is about, or how GitHub says that there is none.
  Issue* issue_of(Call& call, std::string_view number, std::optional<Response>& otherwise, bool sub_resource);
  Response repository_route(Call& call);
  Response issues_route(Call& call);
  Response issue_route(Call& call);
  Response list_issues(Call& call);
  Response create_issue(Call& call);
  Response update_issue(Call& call, Issue& issue);
  Response list_comments(Call& call, const Issue* issue);
  Response create_comment(Call& call, Issue& issue);
  Response comment_route(Call& call, Number id);
  Response issue_labels_route(Call& call, Issue& issue);
  Response issue_assignees_route(Call& call, Issue& issue);
  Response lock_route(Call& call, Issue& issue);
  Response events_route(Call& call, Issue& issue, bool timeline);
  Response labels_route(Call& call);
  Response milestones_route(Call& call);
  Response assignees_route(Call& call);
  Response repository_answer(Call& call);
  Response user_answer(Call& call);
  Response app_route(Call& call);
  Response access_token(Call& call, const App& app, Installation& installation);
  Response installation_repositories(Call& call);
  Response search(Call& call);
  Response rate_limit(Call& call);
  Response answer_control(Call& call);
  Response control_issue(Call& call, Repository& repository, const std::vector<std::string>& parts);
  Response answer_page(Call& call);
  /// Headers that every answer of the API has.
  void finish(Call& call, Response& response);
  std::string link_header(const Call& call, const Page& page) const;
  /// A list's answer, with its Link header.
  Response list_answer(const Call& call, const Page& page, std::string body) const;
  Usage& usage_of(const Call& call);
  [[nodiscard]] Seconds now() const;
  Issue* find(const std::string& repository, Number issue, Repository*& found);

  const Clock& clock_;
  mutable std::mutex mutex_;  ///< guards everything below
  State state_;
  std::map<std::string, Usage, std::less<>> usage_;  ///< by login, or "anonymous"
  std::vector<Trouble> troubles_;
  std::map<std::string, std::size_t> requests_;
  std::size_t refusals_ = 0;  ///< answers 403 and 429
  std::uint64_t answers_ = 0, tokens_made_ = 0;
};

}  // namespace causeway::fakes::github
