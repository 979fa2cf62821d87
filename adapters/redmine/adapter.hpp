#pragma once
/// One Redmine project behind the contract of adapters/adapter.hpp. Thin: what JSON means is in codec.hpp, what
/// failures mean in client.hpp, what is remembered in knowledge.hpp.
///
/// Redmine says yes more often than it does anything: 204 after a status change that the workflow forbids, after fields
/// the role may not edit, after a private note that it then shows to everybody. So writes are blind (Capabilities), and
/// where a mistake could not be taken back the adapter asks before and looks after.
#include <optional>
#include <set>
#include <string>

#include "adapters/adapter.hpp"
#include "adapters/redmine/client.hpp"
#include "adapters/redmine/codec.hpp"
#include "adapters/redmine/knowledge.hpp"
#include "adapters/redmine/options.hpp"

namespace causeway::redmine {

/// Any thread. The only mutable state is `knowledge_`.
class RedmineAdapter final : public Adapter {
 public:
  /// Borrows transport and clock; both must outlive it.
  RedmineAdapter(RedmineOptions options, http::Transport& transport, http::Secret key, const Clock& clock);
  RedmineAdapter(const RedmineAdapter&) = delete;
  RedmineAdapter& operator=(const RedmineAdapter&) = delete;

  [[nodiscard]] const Capabilities& capabilities() const override { return capabilities_; }
  Result<Account> probe(const Needs& needs) override;
  /// Reads newest first; when that page does not hold everything, all of it by ascending id. No page is addressed by an
  /// offset: an issue that is changed between two such pages makes its successor vanish from both.
  Result<ChangePage> changes(const Cursor& since) override;
  Result<Snapshot> fetch(const TicketRef& ref) override;
  Result<std::optional<Receipt>> find(const TicketRef& near, const Marker& marker, Instant not_before) override;
  /// A status that the workflow does not allow at once is walked to in several requests. CreateTicket ignores the
  /// status: Redmine opens every issue in the tracker's first one. A private note is only sent when the right to keep
  /// it private was seen moments ago; otherwise `rejected` with a message that begins with "permission:".
  Result<Receipt> apply(const Intent& intent) override;
  [[nodiscard]] std::size_t requests_for(const Operation& operation) const override;
  [[nodiscard]] std::string url_of(const NativeId& ticket) const override;
  Result<void> download(const Attachment& attachment, const std::function<bool(std::string_view)>& sink) override;

 private:
  Result<void> probe_workflow(const Needs& needs, Account& account);
  /// Learns where the workflow leads from a status, from one ticket that is in it; answers that ticket.
  Result<std::optional<Number>> look_at_ways(Number tracker, Number status);
  Result<void> probe_text_format(Number sample, Account& account);
  Result<void> probe_required_fields(const User& user, Account& account);

  /// A page of the project's issues, checked: each row is of the project. `filter` begins with '&'.
  Result<IssuePage> list(const std::string& filter, http::Response* answer = nullptr);
  Result<ChangePage> changes_newest_first(const Cursor& since, std::optional<Instant> from);
  Result<ChangePage> changes_by_id(std::optional<Instant> from, const std::string& until, Number after);
  Result<std::optional<Receipt>> find_ticket(const Marker& marker, Instant not_before);
  [[nodiscard]] std::string field_name(const std::string& ours) const;

  /// The issue as it is now; `gone` when it is deleted, hidden or of another project.
  Result<Issue> read_now(const NativeId& ticket);
  Result<Snapshot> tell(const Issue& issue, Instant observed);
  /// What it means that the issue was not shown: that it is gone, once key and project are known to be in order.
  Failure not_shown(const http::Response& response, std::string_view what);

  Result<Receipt> create(const CreateTicket& wish, const Marker& marker);
  Result<Receipt> edit(const NativeId& ticket, const EditTicket& wish);
  Result<Receipt> add_comment(const NativeId& ticket, const AddComment& wish, const Intent& intent);
  Result<Uploaded> upload(const Attachment& file, const std::string& bytes);
  Result<Receipt> edit_comment(const NativeId& ticket, const EditComment& wish);
  Result<Receipt> remove_comment(const NativeId& ticket, const RemoveComment& wish);
  Result<void> set_fields(const std::map<Field, std::optional<std::string>>& set, IssueChange& change);
  Result<void> set_chosen(const std::map<std::string, std::string>& chosen, IssueChange& change);
  Result<void> set_labels(const std::set<std::string>& labels, std::optional<bool> multiple, IssueChange& change);
  Result<http::Response> read(std::string_view path, std::string_view path_template);
  Result<http::Response> write(http::Method method, std::string_view path, std::string_view path_template,
                               std::string body);
  Result<void> put_issue(const NativeId& ticket, const IssueChange& change);
  /// Fills in `displaced` and `reading` when a text was changed.
  void note_displaced(const NativeId& ticket, const IssueChange& change, Receipt& receipt);
  Result<void> put_journal(const NativeId& journal, std::string_view notes);
  /// Goes on from what a PUT has made until the issue has the wanted status.
  Result<Receipt> walk_to(const NativeId& ticket, const NamedPage::Entry& wanted);
  Result<std::optional<Number>> choose_step(const Issue& issue, Number wanted, const std::set<Number>& visited);
  /// Fails with "permission: …" unless the user may do this.
  Result<void> demand(const std::vector<std::string_view>& any_of, std::string_view what);
  Result<Receipt> read_back_private(const NativeId& ticket, const Marker& marker);
  Failure write_failure(const http::Response& response, http::Method method, std::string_view what);

  const RedmineOptions options_;
  const Client client_;
  const Clock& clock_;
  Capabilities capabilities_;
  Knowledge knowledge_;
};

/// The number in a NativeId; nullopt when it is none.
[[nodiscard]] std::optional<Number> number_of(const NativeId& id);

}  // namespace causeway::redmine
