#pragma once
/// One request on its way through the stand-in, and the answers that several kinds of requests share.
#include <rapidjson/document.h>

#include <optional>
#include <string>

#include "tests/fakes/jira/jira.hpp"
#include "tests/fakes/jira/out.hpp"
#include "tests/fakes/jira/rules.hpp"

namespace causeway::fakes::jira {

struct Jira::Call {
  const Request& request;
  std::string path;                ///< still encoded, without context path, gateway and query
  std::vector<std::string> parts;  ///< below /rest/api/N, decoded; of other paths: all of them
  int api = 0;                     ///< 2 or 3; 0: no REST
  Query query;
  std::string origin;  ///< "http://127.0.0.1:4000/jira"
  std::string path_template;
  bool through_gateway = false;
  const User* user = nullptr;  ///< nullptr: anonymous
  bool failed_login = false;   ///< a credential was given and did not hold
  std::size_t node = 0;
  Milliseconds now = 0;
  rapidjson::Document body;  ///< null when there is none
  bool bad_body = false;     ///< there is one and it is no JSON
  [[nodiscard]] bool is(std::string_view method) const { return request.method == method; }
  [[nodiscard]] bool at(std::size_t index, std::string_view word) const {
    return parts.size() > index && parts[index] == word;
  }
  [[nodiscard]] std::string asked(std::string_view name, std::string otherwise = {}) const;
  [[nodiscard]] std::size_t number(std::string_view name, std::size_t otherwise) const;
  /// Whether a comma list of the query names it.
  [[nodiscard]] bool expands(std::string_view what) const;
  [[nodiscard]] Shown shown(const State& state) const { return {state, origin, user, api}; }
  [[nodiscard]] bool cloud(const State& state) const { return state.settings.deployment == Deployment::cloud; }
};

[[nodiscard]] Response json_answer(int status, std::string body);
[[nodiscard]] Response empty_answer(int status);
[[nodiscard]] Response page_answer(int status, std::string body);
/// `{"errorMessages": […], "errors": {…}}`
[[nodiscard]] Response refused(int status, const Refusal& refusal);
[[nodiscard]] Response message_answer(int status, std::string message);
/// What does not exist and what is not visible look the same.
[[nodiscard]] Response no_issue();
/// 401 for nobody, 403 for others.
[[nodiscard]] Response denied(const User* user);

}  // namespace causeway::fakes::jira
