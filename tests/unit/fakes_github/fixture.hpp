#pragma once
/// The stand-in, asked as an HTTP client asks, with every request and answer held against GitHub's OpenAPI document.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidjson/document.h>
#include <rapidjson/pointer.h>

#include "tests/fakes/github/contract.hpp"
#include "tests/fakes/github/transport.hpp"
#include "tests/fakes/world/manual_clock.hpp"

namespace causeway::fakes::github {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

inline const std::string origin = "http://github.test";
inline const std::string issues_path = "/repos/acme/widgets/issues";

/// A value inside an answer, by JSON pointer; numbers and truths as text, "null" for null, "absent" when not there.
inline std::string at(const http::Response& response, const std::string& pointer) {
  rapidjson::Document document;
  document.Parse(response.body.data(), response.body.size());
  if (document.HasParseError()) return "no JSON";
  const rapidjson::Value* found = rapidjson::Pointer{pointer.c_str()}.Get(document);
  if (found == nullptr) return "absent";
  if (found->IsString()) return {found->GetString(), found->GetStringLength()};
  if (found->IsInt64()) return std::to_string(found->GetInt64());
  if (found->IsBool()) return found->GetBool() ? "true" : "false";
  if (found->IsArray()) return "list of " + std::to_string(found->Size());
  return found->IsNull() ? "null" : "object";
}

/// One member of each row of a list.
inline std::vector<std::string> column(const http::Response& response, const std::string& name) {
  rapidjson::Document document;
  document.Parse(response.body.data(), response.body.size());
  std::vector<std::string> values;
  if (document.HasParseError() || !document.IsArray()) return {"no list"};
  for (rapidjson::SizeType row = 0; row < document.Size(); ++row) {
    values.push_back(at(response, "/" + std::to_string(row) + "/" + name));
  }
  return values;
}

class OnGitHub : public testing::Test {
 protected:
  http::Response ask(http::Method method, const std::string& path, const std::string& body = {},
                     const std::string& token = "ghp_syncuser", const http::Headers& more = {}) {
    http::Request request;
    request.method = method;
    request.url = path.starts_with("http") ? path : origin + path;
    request.headers = {
        {"User-Agent", "test"}, {"Accept", "application/vnd.github+json"}, {"X-GitHub-Api-Version", "2022-11-28"}};
    if (!body.empty()) request.headers.emplace_back("Content-Type", "application/json");
    request.headers.insert(request.headers.end(), more.begin(), more.end());
    if (!token.empty()) request.credential = {"Authorization", http::Secret{"Bearer " + token}};
    request.body = body;
    Result<http::Response> response = checker.send(request);
    if (!response) {
      ADD_FAILURE() << response.error().message;
      return {};
    }
    return *std::move(response);
  }
  http::Response get(const std::string& path, const std::string& token = "ghp_syncuser",
                     const http::Headers& more = {}) {
    return ask(http::Method::get, path, {}, token, more);
  }
  http::Response post(const std::string& path, const std::string& body, const std::string& token = "ghp_syncuser") {
    return ask(http::Method::post, path, body, token);
  }
  http::Response patch(const std::string& path, const std::string& body, const std::string& token = "ghp_syncuser") {
    return ask(http::Method::patch, path, body, token);
  }
  void TearDown() override {
    if (!breaks_requests) {
      EXPECT_THAT(checker.request_violations(), IsEmpty());
    }
    if (!breaks_answers) {
      EXPECT_THAT(checker.answer_violations(), IsEmpty());
    }
  }

  fakes::ManualClock clock;
  GitHub github{clock};
  DirectTransport transport{github, origin};
  ContractChecker checker{transport, origin};
  bool breaks_requests = false;  ///< on purpose
  bool breaks_answers = false;
};

}  // namespace causeway::fakes::github
