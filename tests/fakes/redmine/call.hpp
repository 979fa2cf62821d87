#pragma once
/// One request on its way through the stand-in, and the answers that several kinds of requests share.
#include <rapidjson/document.h>

#include <optional>
#include <string>

#include "tests/fakes/redmine/json_out.hpp"
#include "tests/fakes/redmine/redmine.hpp"

namespace causeway::fakes::redmine {

struct Redmine::Call {
  const Request& request;
  std::string path;  ///< decoded, without query and without ".json"
  std::vector<std::string> parts;
  Query query;
  bool json = false;  ///< the path ended in ".json"
  const User* user = nullptr;
  std::string host;
  std::string path_template;  ///< filled in by who handles it
  [[nodiscard]] Includes includes() const;
};

[[nodiscard]] Response json_answer(int status, std::string body);
[[nodiscard]] Response empty_answer(int status);
[[nodiscard]] Response html_answer(int status, std::string body);
/// 401 for visitors, 403 for others.
[[nodiscard]] Response denied(const User& user);
[[nodiscard]] std::optional<Number> as_number(std::string_view text);
/// A JSON number, or text that begins with one; other texts are 0, as Ruby's to_i has it.
[[nodiscard]] std::optional<Number> number_of(const rapidjson::Value& value);
[[nodiscard]] std::string text_of(const rapidjson::Value& value);

}  // namespace causeway::fakes::redmine
