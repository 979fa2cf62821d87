#pragma once
/// Recorded answers of the real GitHub (tests/golden/github).
#include <gtest/gtest.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <fstream>
#include <sstream>

#include "adapters/json.hpp"
#include "agent/http/transport.hpp"

namespace causeway::github {

inline std::string golden_text(const std::string& name) {
  const std::ifstream file{std::string{CAUSEWAY_SOURCE_DIR} + "/tests/golden/github/" + name + ".json"};
  std::ostringstream text;
  text << file.rdbuf();
  if (text.str().empty()) ADD_FAILURE() << "no recorded answer " << name;
  return text.str();
}

/// A recorded exchange's answer.
inline http::Response golden(const std::string& name) {
  http::Response response;
  const auto document = json::parse(golden_text(name));
  if (!document) {
    ADD_FAILURE() << name << " is no JSON";
    return response;
  }
  response.status = static_cast<int>(json::integer(*document, "status").value_or(0));
  for (const auto& header : (*document)["headers"].GetObject()) {
    response.headers.emplace_back(header.name.GetString(), header.value.GetString());
  }
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer{buffer};
  (*document)["body"].Accept(writer);
  response.body = buffer.GetString();
  return response;
}

}  // namespace causeway::github
