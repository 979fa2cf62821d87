#pragma once
/// The privacy gate: the only maker of `Cleared`. Fails closed: what it cannot judge is held (rule 4).
#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "agent/model/plan.hpp"
#include "agent/model/result.hpp"
#include "agent/model/role.hpp"

namespace causeway::policy {

/// What must not reach a community tracker.
struct RedactionRules {
  bool secrets = true;  ///< private keys, tokens of known services, passwords in assignments and URLs
  bool emails = true;
  bool internal_hosts = true;          ///< private addresses, .local, .internal, .corp, .lan, .intranet
  std::vector<std::string> hosts;      ///< further host names; a leading dot takes sub-domains
  std::vector<std::string> customers;  ///< names of customers, found without regard to case as whole words
  std::vector<std::string> domains;    ///< customers' domains, sub-domains included
  std::vector<std::string> patterns;   ///< RE2 expressions
  std::vector<std::string> allowed;    ///< literal texts that are no hit, for example "security@example.org"
  bool operator==(const RedactionRules&) const = default;
};

/// One thing found. Never carries the found text itself beyond a masked hint ("gh…(40 characters)").
struct Redaction {
  std::string rule;   ///< "secret: GitHub token"
  std::string where;  ///< "title", "body", "label"
  std::size_t line = 1;
  std::string masked;
};

/// Where one operation would go and what is known of where it comes from.
struct Crossing {
  TrackerRole to = TrackerRole::community;
  /// The source ticket's visibility, read just before. Restricted never reaches a community tracker.
  Visibility source = Visibility::restricted;
  bool born_there = false;           ///< the ticket was filed on the target's side: its readers know of it already
  bool publication_allowed = false;  ///< the route says that first publications need no approval
  bool approved = false;             ///< a person has approved exactly this operation
  bool customer_case = false;   ///< a customer's tracker is linked to the source too: its text may be the customer's
  bool customer_born = false;   ///< a customer has filed it: all of its text is the customer's
  bool other_customer = false;  ///< a customer's tracker other than the target is linked to the source
  /// Towards a customer's tracker: that customer's own names and domains. Another customer's are held.
  const std::vector<std::string>* own_names = nullptr;
};

class PrivacyGate {
 public:
  /// A pattern that does not compile is a `rejected` failure naming it.
  static Result<PrivacyGate> make(const RedactionRules& rules);
  PrivacyGate(PrivacyGate&&) noexcept;
  PrivacyGate& operator=(PrivacyGate&&) noexcept;
  ~PrivacyGate();

  /// Cleared, or a Hold that says why in words a person can act on. Any thread.
  [[nodiscard]] std::expected<Cleared, Hold> review(const Step& step, const Crossing& crossing) const;
  /// What the rules find in one text.
  [[nodiscard]] std::vector<Redaction> scan(std::string_view text, std::string_view where) const;

 private:
  struct Rules;
  explicit PrivacyGate(std::unique_ptr<Rules> rules);
  enum class Look : std::uint8_t { plain, as_typed };
  using Pick = std::function<bool(std::size_t rule)>;
  [[nodiscard]] std::vector<Redaction> scan(std::string_view text, std::string_view where, const Pick& pick) const;
  [[nodiscard]] std::vector<Redaction> scan_once(std::string_view text, std::string_view where, Look look,
                                                 const Pick& pick) const;
  [[nodiscard]] std::vector<std::string> told_once(const Operation& operation, const Pick& pick) const;
  [[nodiscard]] Pick other_customers(const std::vector<std::string>* own_names) const;
  std::unique_ptr<Rules> rules_;
};

}  // namespace causeway::policy
