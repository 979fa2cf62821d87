#pragma once
/// What Jira allows and refuses, apart from how it is said over HTTP.
#include <rapidjson/document.h>

#include <string>

#include "tests/fakes/jira/state.hpp"

namespace causeway::fakes::jira {

[[nodiscard]] const Project* find_project(const State& state, const std::string& id_or_key);
[[nodiscard]] const Status* find_status(const State& state, const std::string& id);
[[nodiscard]] const Status* status_named(const State& state, std::string_view name);
[[nodiscard]] const Named* find_named(const std::vector<Named>& all, std::string_view id);
[[nodiscard]] const User* find_user(const State& state, const std::string& id);
[[nodiscard]] const Project& project_of(const State& state, const Issue& issue);
[[nodiscard]] const IssueType& type_of(const State& state, const Issue& issue);

[[nodiscard]] bool sees(const State& state, const User* user, const Project& project);
[[nodiscard]] bool sees(const State& state, const User* user, const Issue& issue);
[[nodiscard]] bool sees(const State& state, const User* user, const Issue& issue, const Comment& comment);
[[nodiscard]] bool may_write(const State& state, const User* user, const Project& project);
[[nodiscard]] bool is_internal(const Comment& comment);
[[nodiscard]] bool in_role(const Project& project, const std::string& role, const User& user);
[[nodiscard]] bool assignable(const State& state, const User& user, const Project& project);

/// The steps that this person can take now.
[[nodiscard]] std::vector<const Transition*> transitions_now(const State& state, const User* user, const Issue& issue);

/// Texts by field, as Jira's `errors` has them.
using FieldErrors = std::map<std::string, std::string>;
struct Refusal {
  std::vector<std::string> messages;
  FieldErrors errors;
  [[nodiscard]] bool empty() const { return messages.empty() && errors.empty(); }
};

/// Applies `fields` and `update` of a body to an issue. `screen` says which fields are there; `always` fields go
/// without.
struct IssueChange {
  const State& state;
  const User* user = nullptr;
  int api = 3;
  const std::vector<ScreenField>& screen;
  std::set<std::string, std::less<>> always;
  bool required_matters = true;  ///< create and transition screens; an edit may leave out what is set already

  void apply(const rapidjson::Value& body, Issue& issue, std::vector<const rapidjson::Value*>& comments,
             Refusal& refusal) const;

 private:
  void set(const std::string& field, const rapidjson::Value& value, Issue& issue, Refusal& refusal) const;
  void operate(const std::string& field, const rapidjson::Value& operation, Issue& issue,
               std::vector<const rapidjson::Value*>& comments, Refusal& refusal) const;
  void add_or_remove(const std::string& field, const rapidjson::Value& value, bool add, Issue& issue,
                     Refusal& refusal) const;
  [[nodiscard]] bool on_screen(std::string_view field) const;
  void check_required(const Issue& issue, Refusal& refusal) const;
};

/// What is wrong with a rich text in this API version; empty: nothing, and `stored` is what Jira keeps.
[[nodiscard]] std::string take_rich(const State& state, int api, const rapidjson::Value& value, std::string& stored);
/// Who a user reference of this deployment means: id, "" for nobody, nullopt: there is no such person.
[[nodiscard]] std::optional<std::string> take_user(const State& state, const rapidjson::Value& value);

/// Differences as a changelog has them.
[[nodiscard]] std::vector<ChangeItem> differences(const State& state, const Issue& before, const Issue& after);

[[nodiscard]] const rapidjson::Value* member(const rapidjson::Value& object, const char* name);
[[nodiscard]] std::string text_of(const rapidjson::Value& value);
[[nodiscard]] std::string json_of(const rapidjson::Value& value);
[[nodiscard]] std::optional<Number> as_number(std::string_view text);

}  // namespace causeway::fakes::jira
