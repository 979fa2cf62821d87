#pragma once
/// The stand-in, asked as an HTTP client asks, with every request and answer held against the vendor's document.
/// Where a fact was found is said at its test, in the words of the vendors' pages or issue threads.
#include <Poco/Base64Encoder.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidjson/document.h>
#include <rapidjson/pointer.h>

#include <sstream>

#include "tests/fakes/jira/contract.hpp"
#include "tests/fakes/jira/transport.hpp"
#include "tests/fakes/world/manual_clock.hpp"

namespace causeway::fakes::jira {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

inline const std::string origin = "http://jira.test";

inline std::string base64(const std::string& text) {
  std::ostringstream out;
  Poco::Base64Encoder encoder{out};
  encoder.rdbuf()->setLineLength(0);
  encoder << text;
  encoder.close();
  return out.str();
}

/// A value inside an answer, by JSON pointer; numbers and truths as text, "null" for null, "absent" when not there.
inline std::string at(const std::string& body, const std::string& pointer) {
  rapidjson::Document document;
  document.Parse(body.data(), body.size());
  if (document.HasParseError()) return "no JSON";
  const rapidjson::Value* found = rapidjson::Pointer{pointer.c_str()}.Get(document);
  if (found == nullptr) return "absent";
  if (found->IsString()) return {found->GetString(), found->GetStringLength()};
  if (found->IsInt64()) return std::to_string(found->GetInt64());
  if (found->IsBool()) return found->GetBool() ? "true" : "false";
  if (found->IsArray()) return "list of " + std::to_string(found->Size());
  return found->IsNull() ? "null" : "object";
}
inline std::string at(const http::Response& response, const std::string& pointer) { return at(response.body, pointer); }

/// One member of each row of a list inside an answer.
inline std::vector<std::string> column(const http::Response& response, const std::string& list,
                                       const std::string& name) {
  rapidjson::Document document;
  document.Parse(response.body.data(), response.body.size());
  std::vector<std::string> values;
  const rapidjson::Value* rows = document.HasParseError() ? nullptr : rapidjson::Pointer{list.c_str()}.Get(document);
  if (rows == nullptr || !rows->IsArray()) return {"no list"};
  for (rapidjson::SizeType row = 0; row < rows->Size(); ++row) {
    values.push_back(at(response, list + "/" + std::to_string(row) + "/" + name));
  }
  return values;
}

/// A document of one paragraph.
inline std::string adf(const std::string& text) {
  return R"({"version":1,"type":"doc","content":[{"type":"paragraph","content":[{"type":"text","text":")" + text +
         R"("}]}]})";
}

class OnAnyJira : public testing::Test {
 protected:
  OnAnyJira(State state, std::string base, std::string rest)
      : jira(clock, std::move(state)), base_(std::move(base)), rest_(std::move(rest)) {}

  /// `path` below /rest/api/N, or a whole one that begins with "/rest" or "http".
  http::Response ask(http::Method method, const std::string& path, const std::string& body = {},
                     const http::Headers& more = {}) {
    http::Request request;
    request.method = method;
    const bool whole = path.starts_with("http");
    request.url = whole ? path
                  : path.starts_with("/rest") || path.starts_with("/oauth") || path.starts_with("/ex") ||
                          path.starts_with("/secure")
                      ? base_ + path
                      : base_ + rest_ + path;
    request.headers = {{"Accept", "application/json"}};
    const bool typed =
        std::any_of(more.begin(), more.end(), [](const auto& one) { return one.first == "Content-Type"; });
    if (!body.empty() && !typed) request.headers.emplace_back("Content-Type", "application/json");
    request.headers.insert(request.headers.end(), more.begin(), more.end());
    if (!credential.empty()) request.credential = {"Authorization", http::Secret{credential}};
    request.body = body;
    Result<http::Response> response = checker.send(request);
    if (!response) {
      ADD_FAILURE() << response.error().message;
      return {};
    }
    return *std::move(response);
  }
  http::Response get(const std::string& path) { return ask(http::Method::get, path); }
  http::Response post(const std::string& path, const std::string& body) { return ask(http::Method::post, path, body); }
  http::Response put(const std::string& path, const std::string& body) { return ask(http::Method::put, path, body); }
  http::Response del(const std::string& path) { return ask(http::Method::del, path); }
  void be(const std::string& name) {
    const bool cloud = jira.state().settings.deployment == Deployment::cloud;
    credential = "Basic " + base64(cloud ? name + "@example.com:token-" + name : name + ":password-" + name);
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
  Jira jira;
  const std::string base_, rest_;
  DirectTransport transport{jira, origin};
  ContractChecker checker{transport, jira.state().settings.deployment, base_};
  std::string credential;
  bool breaks_requests = false;  ///< on purpose
  bool breaks_answers = false;
};

class OnCloud : public OnAnyJira {
 protected:
  OnCloud() : OnAnyJira(cloud_world(), origin, "/rest/api/3") { be("syncuser"); }
  http::Response search(const std::string& jql, const std::string& more = {}) {
    return post("/search/jql", R"({"jql":")" + jql + "\"" + more + "}");
  }
};

class OnDataCenter : public OnAnyJira {
 protected:
  OnDataCenter() : OnAnyJira(data_center_world(), origin + "/jira", "/rest/api/2") { be("syncuser"); }
};

}  // namespace causeway::fakes::jira
