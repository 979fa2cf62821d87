#include "tests/fakes/jira/contract.hpp"

#include <fmt/format.h>
#include <rapidjson/pointer.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "tests/fakes/http/exchange.hpp"
#include "tests/fakes/jira/rich.hpp"
#include "tests/fakes/jira/rules.hpp"

namespace causeway::fakes::jira {
namespace {

/// `2024-12-29T08:41:23.904+0530`, as captured answers have it.
constexpr const char* time_pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}[+-][0-9]{4}$";

std::string file_text(const std::string& path) {
  std::ifstream file{path};
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// The component's member may be null though the document forgets to say so.
void make_nullable(rapidjson::Document& document, const char* component, const char* name) {
  const std::string path = fmt::format("/components/schemas/{}/properties/{}", component, name);
  rapidjson::Value* schema = rapidjson::Pointer{path.c_str()}.Get(document);
  if (schema != nullptr) schema->AddMember("nullable", true, document.GetAllocator());
}

/// The vendor's own examples break its schema here: a changelog's values are null when there was nothing before or is
/// nothing after.
void amend_cloud(rapidjson::Document& document) {
  for (const char* name : {"from", "fromString", "to", "toString"}) make_nullable(document, "ChangeDetails", name);
}

/// Generated, and wrong where it was not corrected by hand: an upsert of a remote link answers 201 as well as 200, and
/// the screens of transitions are asked for by `expand`. Beyond that it requires almost nothing.
void amend_data_center(rapidjson::Document& document) {
  auto& memory = document.GetAllocator();
  rapidjson::Value* answers =
      rapidjson::Pointer{"/paths/~1rest~1api~12~1issue~1{issueIdOrKey}~1remotelink/post/responses"}.Get(document);
  if (answers != nullptr && answers->HasMember("200") && !answers->HasMember("201")) {
    answers->AddMember("201", rapidjson::Value{(*answers)["200"], memory}, memory);
  }
  rapidjson::Value* parameters =
      rapidjson::Pointer{"/paths/~1rest~1api~12~1issue~1{issueIdOrKey}~1transitions/get/parameters"}.Get(document);
  if (parameters == nullptr || !parameters->IsArray()) return;
  rapidjson::Document expand{&memory};
  expand.Parse(R"({"name":"expand","in":"query","schema":{"type":"string"}})");
  parameters->PushBack(rapidjson::Value{expand, memory}, memory);
}

/// Every rich text below a value has to be ADF that the vendor's schema accepts.
void check_adf(const rapidjson::Value& value, const std::string& where, std::vector<std::string>& wrong) {
  if (value.IsArray()) {
    for (const auto& one : value.GetArray()) check_adf(one, where, wrong);
  }
  if (!value.IsObject()) return;
  if (const auto* type = member(value, "type"); type != nullptr && text_of(*type) == "doc") {
    const std::string problem = adf_problem(value);
    if (!problem.empty()) wrong.push_back(fmt::format("ADF of {} breaks its schema: {}", where, problem));
    return;
  }
  for (const auto& one : value.GetObject()) check_adf(one.value, one.name.GetString(), wrong);
}

/// In v3 these are documents, never plain text.
void check_rich_members(const rapidjson::Value& body, std::string_view path, std::vector<std::string>& wrong) {
  const auto plain = [&](const rapidjson::Value* value, std::string_view name) {
    if (value != nullptr && !value->IsObject() && !value->IsNull())
      wrong.push_back(fmt::format("{} is no ADF document", name));
  };
  if (path.find("/comment") != std::string_view::npos) plain(member(body, "body"), "body");
  const auto* fields = member(body, "fields");
  if (fields == nullptr) return;
  for (const char* name : {"description", "environment"}) plain(member(*fields, name), name);
}

struct Target {
  std::string path;
  std::string_view query;
  bool second = false;  ///< REST v2 on Cloud, whose rich text is wiki markup
};

Target parts_of(std::string_view target, Deployment deployment) {
  const std::size_t question = std::min(target.find('?'), target.size());
  Target parts{std::string{target.substr(0, question)},
               question < target.size() ? target.substr(question + 1) : std::string_view{}};
  constexpr std::string_view v2 = "/rest/api/2/";
  if (deployment != Deployment::cloud || !parts.path.starts_with(v2)) return parts;
  parts.second = true;
  parts.path.replace(0, v2.size(), "/rest/api/3/");
  return parts;
}

OpenApiRules rules_of(Deployment deployment) {
  OpenApiRules rules;
  rules.time_pattern = time_pattern;
  rules.error_component = "ErrorCollection";
  rules.amend = deployment == Deployment::cloud ? amend_cloud : amend_data_center;
  return rules;
}

}  // namespace

Contract::Contract(const std::string& json, Deployment deployment)
    : deployment_(deployment), document_(json, rules_of(deployment)) {}

const Contract* Contract::instance(Deployment deployment) {
  if (deployment == Deployment::cloud) {
    static const Contract cloud{file_text(CAUSEWAY_SOURCE_DIR "/tests/contracts/jira/cloud-v3.openapi.json"),
                                deployment};
    return &cloud;
  }
  static const std::unique_ptr<const Contract> data_center = [] {
    const char* path = std::getenv("CAUSEWAY_JIRA_DATA_CENTER_CONTRACT");  // NOLINT(concurrency-mt-unsafe)
    if (path == nullptr || *path == '\0') return std::unique_ptr<const Contract>{};
    return std::make_unique<const Contract>(file_text(path), Deployment::data_center);
  }();
  return data_center.get();
}

std::vector<std::string> Contract::check_request(std::string_view method, std::string_view target,
                                                 const http::Headers& headers, const std::string& body) const {
  const Target parts = parts_of(target, deployment_);
  std::string_view content_type;
  for (const auto& [name, value] : headers) {
    if (same_name(name, "Content-Type")) content_type = value;
  }
  std::vector<std::string> wrong = document_.check_request(method, parts.path, parts.query, content_type, body);
  if (deployment_ != Deployment::cloud || parts.second || !content_type.starts_with("application/json")) return wrong;
  rapidjson::Document value;
  value.Parse<rapidjson::kParseIterativeFlag>(body.data(), body.size());
  if (value.HasParseError()) return wrong;
  // An entity property may hold anything.
  if (parts.path.find("/properties") != std::string::npos) return wrong;
  check_adf(value, "the body", wrong);
  check_rich_members(value, parts.path, wrong);
  return wrong;
}

std::vector<std::string> Contract::check_answer(std::string_view method, std::string_view target, int status,
                                                const std::string& body) const {
  const Target parts = parts_of(target, deployment_);
  const bool file = parts.path.find("/attachment/content/") != std::string::npos && status < 300;
  std::vector<std::string> wrong =
      file ? std::vector<std::string>{} : document_.check_answer(method, parts.path, status, body);
  if (deployment_ != Deployment::cloud || parts.second || file || body.empty()) return wrong;
  rapidjson::Document value;
  value.Parse<rapidjson::kParseIterativeFlag>(body.data(), body.size());
  if (!value.HasParseError() && parts.path.find("/properties") == std::string::npos)
    check_adf(value, "the answer", wrong);
  return wrong;
}

Result<http::Response> ContractChecker::send(const http::Request& request) {
  std::string target = request.url.starts_with(base_) ? request.url.substr(base_.size()) : std::string{};
  if (target.starts_with("/ex/jira/")) target.erase(0, std::min(target.find('/', 9), target.size()));
  const std::string_view method = http::name(request.method);
  if (contract_ == nullptr || !target.starts_with("/rest/api/")) return inner_.send(request);
  const auto note = [&](std::vector<std::string>& list, const std::vector<std::string>& wrong) {
    const std::scoped_lock lock{mutex_};
    for (const std::string& one : wrong) list.push_back(fmt::format("{} {}: {}", method, target, one));
  };
  note(requests_, contract_->check_request(method, target, request.headers, request.body));
  Result<http::Response> response = inner_.send(request);
  if (!response) return response;
  note(answers_, contract_->check_answer(method, target, response->status, response->body));
  const std::scoped_lock lock{mutex_};
  ++checked_;
  return response;
}

std::vector<std::string> ContractChecker::request_violations() const {
  const std::scoped_lock lock{mutex_};
  return requests_;
}

std::vector<std::string> ContractChecker::answer_violations() const {
  const std::scoped_lock lock{mutex_};
  return answers_;
}

std::size_t ContractChecker::checked() const {
  const std::scoped_lock lock{mutex_};
  return checked_;
}

}  // namespace causeway::fakes::jira
