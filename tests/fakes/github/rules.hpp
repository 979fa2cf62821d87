#pragma once
/// What GitHub does when something changes: stamps, history, labels that come into being by being used.
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/fakes/github/state.hpp"

namespace causeway::fakes::github {

constexpr std::size_t title_characters_max = 256;
constexpr std::size_t body_bytes_max = 262'144;  ///< although the message says 65536 characters
constexpr std::size_t label_characters_max = 50;
constexpr std::size_t label_description_characters_max = 100;
constexpr std::size_t labels_max = 100;
constexpr std::size_t assignees_max = 10;
constexpr Number ghost_id = 10137;

/// Fields to set, as far as they were given. Labels and assignees replace the whole set.
struct Change {
  std::optional<std::string> title{};
  std::optional<std::optional<std::string>> body{};
  std::optional<std::vector<std::string>> labels{};
  std::optional<std::vector<std::string>> assignees{};
  std::optional<Number> milestone{};  ///< by number; 0: none
  std::optional<bool> closed{};
  std::optional<std::string> state_reason{};
};

[[nodiscard]] std::size_t characters(std::string_view text);
[[nodiscard]] const User& user_or_ghost(const State& state, Number id);
/// 0: nobody
[[nodiscard]] Number user_of(const State& state, std::string_view login);
[[nodiscard]] Repository* find_repository(State& state, std::string_view full_name);
[[nodiscard]] Issue* find_issue(Repository& repository, Number number);
/// The repository that has the comment; nullptr: none.
[[nodiscard]] Repository* repository_of_comment(State& state, Number comment);
[[nodiscard]] Access access_of(const Repository& repository, Number user);
[[nodiscard]] bool assignable(const Repository& repository, Number user);
[[nodiscard]] std::string_view association(const Repository& repository, Number user);
[[nodiscard]] const Label* find_label(const Repository& repository, std::string_view name);

/// A user; the one that is already there when the login is taken.
Number add_user(State& state, const std::string& login, const std::string& type = "User");
Repository& add_repository(State& state, const std::string& owner, const std::string& name, Seconds now);

Label& add_label(State& state, Repository& repository, const std::string& name, const std::string& color,
                 std::optional<std::string> description = std::nullopt);
/// Issues change with it, without a new stamp.
void rename_label(Repository& repository, Label& label, const std::string& name);
void drop_label(Repository& repository, Number label);
Milestone& add_milestone(State& state, Repository& repository, const std::string& title, Number creator, Seconds now);

Issue& add_issue(State& state, Repository& repository, Number user, Number app, const std::string& title,
                 std::optional<std::string> body, Seconds now);
/// Without a new stamp when nothing differs. Labels that do not exist come into being.
void apply(State& state, Repository& repository, Issue& issue, const Change& change, Number actor, Seconds now);
void attach_labels(State& state, Repository& repository, Issue& issue, const std::vector<std::string>& names,
                   Number actor, Seconds now);
void detach_label(State& state, Repository& repository, Issue& issue, Number label, Number actor, Seconds now);
void set_lock(State& state, Repository& repository, Issue& issue, bool locked, std::optional<std::string> reason,
              Number actor, Seconds now);
Comment& add_comment(State& state, Repository& repository, Issue& issue, Number user, Number app,
                     const std::string& body, Seconds now);
void set_comment(State& state, Repository& repository, Comment& comment, const std::string& body, Seconds now);
/// Leaves no trace but the smaller number of comments.
void drop_comment(Repository& repository, Number comment);
void drop_issue(Repository& repository, Number number);
/// The number in the target.
Number transfer_issue(State& state, Repository& from, Number number, Repository& to, Number actor, Seconds now);
void rename_repository(State& state, Repository& repository, const std::string& name);
/// The issue as lists show it at that time; nullptr: not at all.
[[nodiscard]] const Issue* listed(const Issue& issue, Seconds now);

/// What they wrote is then the ghost's.
void drop_user(State& state, Number user);
/// Adds generated issues with comments, a minute apart until now.
void generate_issues(State& state, Repository& repository, std::size_t issues, std::size_t comments_each,
                     std::size_t body_bytes, Seconds now);

}  // namespace causeway::fakes::github
