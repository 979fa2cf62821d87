#pragma once
/// One Jira project behind the contract of adapters/adapter.hpp, on Cloud or Data Center. Thin: what JSON means is in
/// codec.hpp, what we send in wishes.hpp, what failures mean in faults.hpp, what is remembered in knowledge.hpp.
///
/// A ticket is an issue, its id the number that stays when its key changes. Its milestone is the first of its fix
/// versions, its assignee an accountId (Cloud) or a login (Data Center).
///
/// Jira lists issues by nothing but its search index, which lags behind and may show what was before. So rows of a
/// listing are told as observed `listing_lag` earlier than they came, and whoever must know reads the issue itself.
#include <optional>
#include <set>
#include <string>

#include "adapters/adapter.hpp"
#include "adapters/jira/client.hpp"
#include "adapters/jira/codec.hpp"
#include "adapters/jira/cursor.hpp"
#include "adapters/jira/knowledge.hpp"
#include "adapters/jira/options.hpp"
#include "adapters/jira/wishes.hpp"

namespace causeway::jira {

/// Any thread. The only mutable state is in `client_` and `knowledge_`.
class JiraAdapter final : public Adapter {
 public:
  /// Borrows transport and clock; both must outlive it.
  JiraAdapter(JiraOptions options, http::Transport& transport, Credential credential, const Clock& clock);
  JiraAdapter(const JiraAdapter&) = delete;
  JiraAdapter& operator=(const JiraAdapter&) = delete;

  [[nodiscard]] const Capabilities& capabilities() const override { return capabilities_; }
  Result<Account> probe(const Needs& needs) override;
  /// By ascending stamp. Cloud's pages go on by token; Data Center's begin anew at the last stamp seen, since pages
  /// counted in rows lose rows while issues change, and by offset only inside one minute.
  Result<ChangePage> changes(const Cursor& since) override;
  /// Moved to another project, archived: gone.
  Result<Snapshot> fetch(const TicketRef& ref) override;
  /// A ticket is looked for by the time of creation, in the search: Jira has no other list. See `listing_lag`.
  Result<std::optional<Receipt>> find(const TicketRef& near, const Marker& marker, Instant not_before) override;
  /// A status is walked to over the transitions that are there now. CreateTicket ignores the status: the workflow says
  /// where an issue begins. What one field cannot take does not keep the others from being written. A restricted
  /// comment is only sent where options.private_comments says for whom; a restricted ticket only with a security level
  /// in options.create: else `rejected` with a message that begins with "permission:".
  Result<Receipt> apply(const Intent& intent) override;
  [[nodiscard]] std::size_t requests_for(const Operation& operation) const override;
  [[nodiscard]] std::string url_of(const NativeId& ticket) const override;
  Result<void> download(const Attachment& attachment, const std::function<bool(std::string_view)>& sink) override;

 private:
  // Reading.
  [[nodiscard]] markup::Format format() const { return capabilities_.format; }
  Result<Reading> reading(Instant observed);
  /// The names of the fields we read, as the query has them.
  Result<std::string> fields_wanted();
  /// The issue as it is now; `gone` when it is deleted, hidden, archived or of another project.
  Result<Issue> read_now(const NativeId& ticket, const std::string& query);
  Result<std::vector<JiraComment>> comments_of(const NativeId& ticket);
  /// What it means that something was not found: that it is gone, once account and project are known to be in order.
  Failure not_found(const http::Response& response, http::Method method, std::string_view what);
  Failure refused(const http::Response& response, http::Method method, std::string_view what);

  // Listing.
  struct Listed {
    IssuePage page;
    Instant tracker_time{};
  };
  Result<Listed> search(const std::string& jql, const std::string& fields, std::int64_t offset,
                        const std::string& token);
  [[nodiscard]] std::string jql(std::string_view condition) const;
  Result<ChangePage> walk_by_token(const Place& place);
  Result<ChangePage> walk_by_stamp(const Place& place);
  Result<void> take(const IssuePage& rows, Place::Walk& walk, ChangePage& page);
  Result<std::optional<Receipt>> find_ticket(const Marker& marker, Instant not_before);

  // Writing.
  Result<Receipt> create(const CreateTicket& wish, const Marker& marker);
  void tell_beginnings(const CreateTicket& wish, const Named& type, const IssueChange& sent, Receipt& receipt);
  Result<Receipt> edit(const NativeId& ticket, const EditTicket& wish);
  Result<void> set_fields(const NativeId& ticket, const EditTicket& wish, IssueChange& change, Receipt& receipt);
  Result<Receipt> add_comment(const NativeId& ticket, const AddComment& wish, const Intent& intent);
  Result<void> put_files(const NativeId& ticket, const AddComment& wish, const Intent& intent, Receipt& receipt);
  /// Whether a file that is there already has these bytes.
  Result<bool> holds(const Attachment& file, const std::string& bytes, Receipt& receipt);
  Result<void> put_file(const NativeId& ticket, const std::string& name, const std::string& bytes, Attachment& put,
                        std::vector<std::string>& losses);
  Result<void> prove_private(const NativeId& ticket, const JiraComment& comment);
  Result<Receipt> edit_comment(const NativeId& ticket, const EditComment& wish);
  Result<Receipt> remove_comment(const NativeId& ticket, const RemoveComment& wish);
  Result<void> set_twin_field(const std::string& url, IssueChange& change);
  Result<void> link_twin(const NativeId& ticket, const std::string& url);
  /// Sends an issue, and once more without what Jira refuses of it. Answers what Jira says to that.
  Result<http::Response> send_issue(http::Method method, const std::string& path, std::string_view path_template,
                                    std::string_view what, IssueChange& change, Receipt& receipt,
                                    std::vector<std::string>& kept_out);
  /// As Client::send; a 409 is sent once more.
  Result<http::Response> send(http::Method method, const std::string& path, std::string_view path_template,
                              std::string_view what, const std::string& body, bool creates_content = false);

  // The workflow.
  Result<void> walk_to(const NativeId& ticket, const std::string& wanted);
  Result<std::string> put_back(const NativeId& ticket, const Issue& issue, const std::string& start);
  Result<Issue> where_it_is(const NativeId& ticket);
  Result<std::vector<std::pair<std::string, std::string>>> screen_values(const NativeId& ticket,
                                                                         const Transition& transition);
  Result<void> take_step(const NativeId& ticket, const Transition& transition);
  Result<std::optional<std::string>> choose_step(const Issue& issue, const std::string& wanted,
                                                 const std::set<std::string>& visited);
  /// Learns where the workflow leads from a status, from one issue that is in it. True: there was one.
  Result<bool> look_at_ways(const std::string& type, const std::string& status);
  Result<std::vector<std::pair<std::string, std::string>>> values_for(const std::map<std::string, std::string>& chosen,
                                                                      const std::vector<FieldMeta>& screen,
                                                                      std::vector<std::string>& unknown);

  // Probing.
  Result<void> probe_deployment(Account& account);
  Result<void> probe_rights(const Needs& needs, const Project& project, Account& account);
  Result<void> probe_names(const Needs& needs, Account& account);
  Result<void> probe_people(const Needs& needs, Account& account);
  Result<void> probe_creating(const Needs& needs, Account& account);
  Result<void> probe_workflow(const Needs& needs, Account& account);

  const JiraOptions options_;
  const Clock& clock_;
  Client client_;
  Knowledge knowledge_;
  Capabilities capabilities_;
};

/// Whether it is the number of an issue or comment.
[[nodiscard]] bool is_number(const NativeId& id);

}  // namespace causeway::jira
