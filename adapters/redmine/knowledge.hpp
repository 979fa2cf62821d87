#pragma once
/// What is known of one Redmine besides its issues: numbers of names, the account and its rights, people, the workflow
/// as seen, the clock. This is the adapter's only mutable state; it is guarded inside and may be used by any thread.
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/redmine/client.hpp"
#include "adapters/redmine/codec.hpp"
#include "adapters/redmine/options.hpp"
#include "agent/model/time.hpp"

namespace causeway::redmine {

/// Kinds of things that issues name and requests must number.
enum class Kind : std::uint8_t { status, priority, tracker, version, category, custom_field };
inline constexpr std::size_t kind_count = 6;
[[nodiscard]] std::string_view name(Kind kind);

/// What our user may do in the project.
struct Rights {
  bool admin = false;
  std::set<std::string> permissions;
  std::vector<std::string> roles;
  std::set<std::string> issues_visibilities;
  Instant learned{};
  [[nodiscard]] bool may(std::string_view permission) const {
    return admin || permissions.contains(std::string{permission});
  }
};

class Knowledge {
 public:
  /// Borrows all; they must outlive it.
  Knowledge(const RedmineOptions& options, const Client& client, const Clock& clock)
      : options_(options), client_(client), clock_(clock) {}

  /// The user the key belongs to, asked for again once the last look is older than `options.trust`. Redmine serves an
  /// invalid key as an anonymous visitor, with 200 and without what only members see, so nothing that was read may be
  /// believed without this. `denied` with Reach::tracker when the key does not hold.
  Result<User> account();
  /// Makes the next `account` ask, whatever its age.
  void doubt_account();
  /// The key was seen to hold at some time.
  [[nodiscard]] bool account_known();
  /// The login to send in X-Redmine-Switch-User; empty: none. Asks whose key it is when that decides.
  Result<std::string> acting_login();
  /// The user we write as, whose files and changes are ours: the account itself, or whom we switch to, at most
  /// `options.dictionary_age` old.
  Result<User> acting_account();
  /// Rights in the project, of the user we write as. Asked for again when older than `age`.
  Result<Rights> rights(std::chrono::seconds age);

  /// The project with everything it knows, at most `options.dictionary_age` old.
  Result<std::shared_ptr<const Project>> project();
  /// Makes the next `project` ask, whatever its age.
  void doubt_project();
  /// All of one kind, in Redmine's order, at most `options.dictionary_age` old.
  Result<std::vector<NamedPage::Entry>> entries(Kind kind);
  /// All trackers of the installation with the status each begins in.
  Result<std::vector<NamedPage::Entry>> trackers_with_defaults();
  /// The number behind a name. A name that is not there is looked for once more in a fresh list; then it is `rejected`,
  /// with the names that are there.
  Result<Number> number(Kind kind, std::string_view name);
  /// Forgets lists, rights and people, so that the next use asks.
  void forget();

  /// The user or group behind a person's key (see `person`). `rejected` when there is none, or when several have that
  /// name.
  Result<Number> member(std::string_view key);
  /// Everybody who can be assigned, by the key they have for us.
  Result<std::vector<std::string>> member_keys();
  /// Asks for the logins of people not seen before, where the account may see logins.
  Result<void> meet(const std::vector<Named>& people);
  [[nodiscard]] std::shared_ptr<const std::map<Number, std::string>> logins();

  /// Whether the field holds several values; nullopt: no issue has shown it yet.
  std::optional<bool> multiple(Number custom_field);
  void saw(const Issue& issue);

  /// The next status on the shortest way known from `from` to `wanted` that passes none of `avoided`; nullopt: no way
  /// is known.
  std::optional<Number> next_status(Number tracker, Number from, Number wanted, const std::set<Number>& avoided);
  /// Where the workflow was seen to lead from a status; nullopt: never seen.
  std::optional<std::set<Number>> seen_from(Number tracker, Number from);

  /// Statuses that can be reached from `from` (itself among them) in the part of the workflow that was seen, going on
  /// from none of `avoided`, and those of them whose ways on were never seen.
  struct Reached {
    std::set<Number> statuses;
    std::set<Number> unseen;
  };
  [[nodiscard]] Reached reached(Number tracker, Number from, const std::set<Number>& avoided);

  /// The tracker's clock shows at least this. From stamps that were seen (they cannot lie in its future), else our own
  /// clock less two minutes. Puma sends no Date header; where a proxy does, `date` is it.
  Instant tracker_time(std::string_view date);
  /// A stamp the tracker has just shown.
  void saw_stamp(Instant stamp);

 private:
  struct Dictionary {
    std::vector<NamedPage::Entry> entries;
    std::optional<Instant> loaded;
    std::map<std::string, Instant, std::less<>> missing;  ///< names that a fresh list did not have either
  };
  Result<std::vector<NamedPage::Entry>> load(Kind kind);
  Result<std::vector<NamedPage::Entry>> load_pages(std::string_view path, std::string_view path_template,
                                                   std::string_view list);
  Result<std::vector<NamedPage::Entry>> load_custom_fields(const Project& project);
  Result<std::vector<Named>> members();
  [[nodiscard]] bool old(const std::optional<Instant>& loaded, std::chrono::seconds age) const;

  const RedmineOptions& options_;
  const Client& client_;
  const Clock& clock_;

  std::mutex asking_;  ///< held while the account is asked for, so that many threads ask once
  std::mutex mutex_;   ///< guards everything below; never held during a request
  std::optional<User> account_;
  std::optional<Instant> account_seen_;
  std::optional<User> acting_;
  std::optional<Instant> acting_seen_;
  std::optional<Rights> rights_;
  std::shared_ptr<const Project> project_;
  std::optional<Instant> project_loaded_;
  std::array<Dictionary, kind_count> dictionaries_;
  std::vector<Named> members_;
  std::optional<Instant> members_loaded_;
  std::shared_ptr<const std::map<Number, std::string>> logins_;
  std::map<Number, std::string> met_;  ///< the shown name each person had when the login was asked for
  std::map<Number, bool> multiple_;
  std::map<Number, std::string> field_names_;                       ///< as issues showed them
  std::map<std::pair<Number, Number>, std::set<Number>> workflow_;  ///< (tracker, status) → statuses allowed from there
  std::optional<std::chrono::milliseconds> clock_ahead_;            ///< the tracker's clock less ours, at least
};

}  // namespace causeway::redmine
