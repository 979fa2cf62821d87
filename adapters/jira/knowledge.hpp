#pragma once
/// What is known of one Jira besides its issues: the account, the project, names, what creating asks for and begins
/// with, the workflow as seen. With the client's token this is the adapter's only mutable state. Guarded inside; any
/// thread. While one thread asks for a list, others wait for its answer.
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "adapters/jira/client.hpp"
#include "adapters/jira/codec.hpp"
#include "adapters/jira/options.hpp"

namespace causeway::jira {

/// What a new issue has that nobody asked for. Outer nullopt: not seen yet.
struct Beginnings {
  std::string status;
  std::optional<std::optional<std::string>> priority, assignee, milestone;
  std::optional<std::set<std::string>> labels;
};

class Knowledge {
 public:
  /// Borrows all; they must outlive it.
  Knowledge(const JiraOptions& options, Client& client, const Clock& clock)
      : options_(options), client_(client), clock_(clock) {}

  /// The account the credential belongs to, asked for again once nothing has proved it for `options.trust`. Nothing
  /// that was read may be believed without it. `denied` with Reach::tracker when the credential does not hold.
  Result<User> account();
  /// Makes the next `account` ask, whatever its age.
  void doubt_account();
  /// `denied` with Reach::tracker when it cannot be seen, or is archived.
  Result<Project> project();
  void doubt_project();
  /// Forgets lists, so that the next use asks.
  void forget();

  /// All fields of the installation.
  Result<std::vector<Named>> fields();
  /// The id behind a field's name or id; nullopt: there is none. What is not known is asked for once more before that
  /// is said.
  Result<std::optional<std::string>> field_id(const std::string& name);
  /// For route conditions: the configured fields' own names and their ids. Those that do not exist are left out.
  Result<std::map<std::string, std::string>> condition_fields();
  /// Types of issues that can be created, without sub-tasks.
  Result<std::vector<Named>> issue_types();
  /// The one of that name or id; empty: the one that is configured, else the first. `rejected` when there is none.
  Result<Named> issue_type(const std::string& name = {});
  /// What creating an issue of that type takes.
  Result<std::vector<FieldMeta>> create_fields(const Named& type);
  /// Type name → statuses of its workflow.
  Result<std::map<std::string, std::vector<Status>>> statuses();

  [[nodiscard]] std::optional<Beginnings> beginnings(const Named& type);
  void learn_beginnings(const Named& type, Beginnings seen);

  /// The key of an issue that was seen lately.
  [[nodiscard]] std::optional<std::string> key_of(const std::string& id) const;
  void saw_key(const std::string& id, const std::string& key);

  /// Where the workflow was seen to lead from a status, by type and status name.
  void saw_ways(const std::string& type, const std::string& status, const std::vector<Transition>& transitions);
  /// The next status on the shortest way known; nullopt: no way is known. Goes through none of `avoided`.
  [[nodiscard]] std::optional<std::string> next_status(const std::string& type, const std::string& from,
                                                       const std::string& wanted,
                                                       const std::set<std::string>& avoided) const;
  struct Reached {
    std::set<std::string> statuses;  ///< with the one it begins from
    std::set<std::string> unseen;    ///< those of them whose ways on were never seen
  };
  [[nodiscard]] Reached reached(const std::string& type, const std::string& from,
                                const std::set<std::string>& avoided) const;

 private:
  template <class T>
  struct Known {
    std::optional<T> value;
    Instant learned{};
  };
  template <class T, class Ask>
  Result<T> known(Known<T>& place, const Ask& ask);
  Result<std::vector<Named>> ask_named(const std::string& path, std::string_view path_template, std::string_view list,
                                       std::string_view what);
  Result<std::vector<Named>> ask_issue_types();
  Result<std::vector<FieldMeta>> ask_create_fields(const std::string& type);

  const JiraOptions& options_;
  Client& client_;
  const Clock& clock_;

  std::mutex asking_;  ///< guards the lists, and is held while they are asked for
  std::optional<User> account_;
  Instant account_seen_{};
  Known<Project> project_;
  Known<std::vector<Named>> fields_;
  Known<std::vector<Named>> types_;
  std::map<std::string, Known<std::vector<FieldMeta>>> create_fields_;  ///< by the type's id
  Known<std::map<std::string, std::vector<Status>>> statuses_;
  std::map<std::string, Known<Beginnings>> beginnings_;  ///< by the type's id

  mutable std::mutex seen_;  ///< guards everything below; never held during a request
  std::unordered_map<std::string, std::string> keys_;
  std::deque<std::string> keys_by_age_;
  std::map<std::pair<std::string, std::string>, std::set<std::string>> ways_;
};

}  // namespace causeway::jira
