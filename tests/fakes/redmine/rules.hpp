#pragma once
/// What Redmine does when it is asked for something: who may see and do what, which changes take, what is refused.
/// Behaviour as observed on Redmine 5.0 (tests/real proves it on the real one).
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/fakes/redmine/state.hpp"

namespace causeway::fakes::redmine {

/// The user a request acts as, with what the roles give.
class Actor {
 public:
  Actor(const State& state, const User& user) : state_(state), user_(user) {}
  [[nodiscard]] const User& user() const { return user_; }
  /// Roles in the project: as a member, else as any user or visitor of a public project.
  [[nodiscard]] std::vector<const Role*> roles(const Project& project) const;
  [[nodiscard]] bool may(std::string_view permission, const Project& project) const;
  [[nodiscard]] bool sees(const Project& project) const;
  [[nodiscard]] bool sees(const Issue& issue) const;
  [[nodiscard]] bool sees(const Issue& issue, const Journal& journal) const;
  [[nodiscard]] bool sees(const CustomField& field, const Project& project) const;
  [[nodiscard]] bool edits(const Issue& issue) const;
  /// Statuses the workflow leads to, the present one among them, in order.
  [[nodiscard]] std::vector<Number> allowed_statuses(const Issue& issue) const;

 private:
  const State& state_;
  const User& user_;
};

/// A wish of a POST or PUT, as far as it was given. Texts as they came.
struct Wish {
  std::optional<std::string> project;  ///< id or identifier
  std::optional<std::string> subject, description, start_date, due_date;
  std::optional<Number> tracker, status, priority, assignee, category, version, parent;
  std::optional<bool> is_private;
  std::map<Number, std::vector<std::string>> custom;
  std::optional<std::string> notes;
  bool private_notes = false;
  std::optional<std::int64_t> lock_version;
  struct Upload {
    std::string token, name, content_type, description;
  };
  std::vector<Upload> uploads;
};

/// What came of it: nothing wrong, texts of a 422 (empty list: lock conflict), or no right at all.
struct Outcome {
  enum class Kind : std::uint8_t { done, refused, forbidden, server_error };
  Kind kind = Kind::done;
  std::vector<std::string> errors;
  Number id = 0;
};

[[nodiscard]] const Project* find_project(const State& state, std::string_view id_or_identifier);
[[nodiscard]] const Status* find_status(const State& state, Number id);
[[nodiscard]] bool is_closed(const State& state, Number status);

Outcome create_issue(State& state, const Actor& actor, const Wish& wish, Microseconds now);
Outcome update_issue(State& state, const Actor& actor, Issue& issue, const Wish& wish, Microseconds now);
/// With its children.
void delete_issue(State& state, Number id);
/// Empty notes delete the journal when it has no details.
void set_notes(State& state, Number journal, const std::string& notes, std::optional<bool> is_private);
void set_updated(State& state, Issue& issue, Microseconds now);
Number add_journal(State& state, Issue& issue, Journal journal);
[[nodiscard]] Journal* find_journal(State& state, Number id);
/// What changed, as a journal keeps it.
[[nodiscard]] std::vector<Detail> details_of(const State& state, const Attributes& before, const Attributes& now);
/// Every line end as CRLF, as descriptions are stored.
[[nodiscard]] std::string with_crlf(std::string_view text);

}  // namespace causeway::fakes::redmine
