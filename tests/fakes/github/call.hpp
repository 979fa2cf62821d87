#pragma once
/// One request on its way through the stand-in, and the answers that several kinds of requests share.
#include <rapidjson/document.h>

#include <optional>
#include <string>

#include "tests/fakes/github/github.hpp"
#include "tests/fakes/github/json_out.hpp"

namespace causeway::fakes::github {

struct GitHub::Call {
  const Request& request;
  std::string path;                ///< still encoded, without query
  std::vector<std::string> parts;  ///< decoded
  std::string query_text;
  Query query;
  std::string origin;  ///< "http://127.0.0.1:4000"
  Seconds now = 0;
  std::string_view path_template;
  const Token* token = nullptr;  ///< nullptr: anonymous
  std::string_view credential;   ///< as it was given
  Number user = 0;
  Number app = 0;        ///< of an installation's token
  bool creates = false;  ///< counts against the limits on content
  Forms forms{};
  // What stands behind /repos/{owner}/{repo} or /repositories/{id}:
  Repository* repository = nullptr;
  Access access = Access::none;
  std::vector<std::string> rest;  ///< the parts behind the repository
  rapidjson::Document body;
  [[nodiscard]] Shown shown(const State& state) const { return {state, origin, forms}; }
  [[nodiscard]] bool reads() const { return request.method == "GET" || request.method == "HEAD"; }
};

/// One entry of a 422's `errors`.
struct Problem {
  std::string resource, field, code, message{};
  std::optional<std::string> value{};
};

[[nodiscard]] Response json_answer(int status, std::string body);
[[nodiscard]] Response empty_answer(int status);
[[nodiscard]] Response page_answer(int status, std::string body);
[[nodiscard]] Response message_answer(int status, std::string_view message);
[[nodiscard]] Response not_found();
[[nodiscard]] Response invalid(const std::vector<Problem>& problems);
/// 422 for a value of the wrong type.
[[nodiscard]] Response wrong_type(std::string_view what);
[[nodiscard]] Response created(std::string body, std::string location);
[[nodiscard]] std::optional<Number> as_number(std::string_view text);
[[nodiscard]] const rapidjson::Value* member(const rapidjson::Value& object, const char* name);
[[nodiscard]] std::string text_of(const rapidjson::Value& value);

/// One page of a list and what the Link header needs.
struct Page {
  std::size_t number = 1, size = 30;
  std::size_t total = 0;
  [[nodiscard]] std::size_t first() const { return (number - 1) * size; }
  /// Counts an entry; whether it belongs onto this page.
  [[nodiscard]] bool take() {
    const std::size_t at = total++;
    return at >= first() && at < first() + size;
  }
};
[[nodiscard]] Page page_of(const Query& query);

}  // namespace causeway::fakes::github
