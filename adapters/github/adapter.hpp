#pragma once
/// One GitHub repository behind the contract of adapters/adapter.hpp. Thin: what JSON means is in codec.hpp, what
/// failures mean in faults.hpp, tokens and renames in client.hpp, what is remembered in knowledge.hpp.
///
/// A ticket is an issue, its id the issue's number. Its status is one word: "open", "closed", "closed:not_planned" or
/// "closed:duplicate". Its assignee is the first one. Pull requests are no tickets.
///
/// GitHub answers a write with what it has become, so each write is verified by its own answer: labels it dropped for
/// want of rights, people it did not assign, a text it found too long and left as it was.
#include <optional>
#include <string>

#include "adapters/adapter.hpp"
#include "adapters/github/client.hpp"
#include "adapters/github/codec.hpp"
#include "adapters/github/cursor.hpp"
#include "adapters/github/knowledge.hpp"
#include "adapters/github/options.hpp"

namespace causeway::github {

/// Any thread. The only mutable state is in `client_` and `knowledge_`.
class GitHubAdapter final : public Adapter {
 public:
  /// Borrows transport and clock; both must outlive it.
  GitHubAdapter(GitHubOptions options, http::Transport& transport, Credential credential, const Clock& clock);
  GitHubAdapter(const GitHubAdapter&) = delete;
  GitHubAdapter& operator=(const GitHubAdapter&) = delete;

  [[nodiscard]] const Capabilities& capabilities() const override { return capabilities_; }
  Result<Account> probe(const Needs& needs) override;
  /// From the beginning: all comments, then all issues, oldest first, the pages of each side by side; then what changed
  /// meanwhile. Later: the newest page of comments and of issues, each by a conditional request whose address never
  /// changes, so that nothing new costs two answers 304; what does not fit on that page is read by ascending stamp,
  /// since pages addressed by number lose rows while issues change. An issue that is deleted while the first reading
  /// runs can hide another one until that changes.
  Result<ChangePage> changes(const Cursor& since) override;
  Result<Snapshot> fetch(const TicketRef& ref) override;
  Result<std::optional<Receipt>> find(const TicketRef& near, const Marker& marker, Instant not_before) override;
  /// CreateTicket ignores the status: GitHub opens every issue as "open". A restricted comment is never posted, and a
  /// restricted ticket only where the repository was seen to be private just now: else `rejected` with a message that
  /// begins with "permission:".
  Result<Receipt> apply(const Intent& intent) override;
  [[nodiscard]] std::size_t requests_for(const Operation& operation) const override;
  [[nodiscard]] std::string url_of(const NativeId& ticket) const override;
  Result<void> download(const Attachment& attachment, const std::function<bool(std::string_view)>& sink) override;

 private:
  /// One of the two lists that `changes` reads.
  struct List;
  static const List issue_list;
  static const List comment_list;

  Result<ChangePage> first_page(const Place& place);
  Result<ChangePage> beside_page(const Place& place);
  Result<ChangePage> look_at_comments(const Cursor& since, Place place);
  Result<ChangePage> look_at_issues(const Cursor& since, Place place, ChangePage page);
  Result<ChangePage> walk(Place place);
  /// The newest page of a list: its rows since the mark into `page`, the mark moved on. True: it holds all of them.
  Result<bool> look(const List& list, Place& place, Mark& mark, ChangePage& page);
  /// Rows stamped at or after `since` out of a list's answer; sets stamps of what it showed.
  struct Stamps {
    std::optional<Instant> newest, oldest;
  };
  Result<Stamps> take(const List& list, const http::Response& response, std::optional<Instant> since, Place& place,
                      Instant observed, ChangePage& page);
  Result<http::Response> listed(Result<http::Response> response, std::string_view what);
  Result<Repository> repository_of(Place& place);

  /// The issue as it is now; `gone` when it is deleted, moved, hidden, or a pull request.
  Result<Issue> read_now(const NativeId& ticket);
  Result<std::vector<IssueComment>> comments_of(const NativeId& ticket, std::optional<Instant> since);
  /// What it means that something was not found: that it is gone, once token and repository are known to be in order.
  Failure not_found(const http::Response& response, http::Method method, std::string_view what);
  Failure refused(const http::Response& response, http::Method method, std::string_view what);
  [[nodiscard]] Reading reading(const Repository& repository, Instant observed) const;
  Result<std::optional<Receipt>> find_ticket(const Marker& marker, Instant not_before);

  Result<Receipt> create(const CreateTicket& wish, const Marker& marker);
  Result<Receipt> edit(const NativeId& ticket, const EditTicket& wish);
  Result<Receipt> add_comment(const NativeId& ticket, const AddComment& wish, const Marker& marker);
  Result<Receipt> edit_comment(const EditComment& wish);
  Result<Receipt> remove_comment(const RemoveComment& wish);
  Result<void> set_milestone(const std::optional<std::string>& title, IssueChange& change, Receipt& receipt);
  /// Sends what is set, without an assignee that GitHub does not take.
  Result<Issue> write_issue(http::Method method, const std::string& path, std::string_view path_template,
                            IssueChange& change, std::string_view what, Receipt& receipt);
  Result<void> add_labels(const NativeId& ticket, const std::set<std::string>& labels, Receipt& receipt);
  Result<void> remove_label(const NativeId& ticket, const std::string& label);

  void probe_token(const http::Response& answer, const Repository& repository, const Needs& needs, Account& account);
  Result<void> probe_login(Account& account);
  Result<void> probe_limits(Account& account);
  Result<void> probe_names(const Needs& needs, Account& account);

  const GitHubOptions options_;
  const Clock& clock_;
  Client client_;
  Knowledge knowledge_;
  Capabilities capabilities_;
};

/// The number in a NativeId; nullopt when it is none.
[[nodiscard]] std::optional<Number> number_of(const NativeId& id);

}  // namespace causeway::github
