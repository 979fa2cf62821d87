#include "tests/fakes/github/contract.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "tests/fakes/http/exchange.hpp"

namespace causeway::fakes::github {
namespace {

OpenApiRules github_rules() {
  OpenApiRules rules;
  rules.error_component = "basic-error";
  return rules;
}

struct Target {
  std::string path;
  std::string_view query;
};

/// Links to further pages name the repository by id; the document knows it by name only.
Target parts_of(std::string_view target) {
  const std::size_t question = std::min(target.find('?'), target.size());
  Target parts{std::string{target.substr(0, question)},
               question < target.size() ? target.substr(question + 1) : std::string_view{}};
  constexpr std::string_view by_id = "/repositories/";
  if (!parts.path.starts_with(by_id)) return parts;
  const std::size_t end = std::min(parts.path.find('/', by_id.size()), parts.path.size());
  parts.path.replace(0, end, "/repos/owner/name");
  return parts;
}

}  // namespace

Contract::Contract(const std::string& json) : document_(json, github_rules()) {}

const Contract& Contract::instance() {
  static const Contract contract = [] {
    std::ifstream file{CAUSEWAY_SOURCE_DIR "/tests/contracts/github/rest.openapi.json"};
    std::ostringstream text;
    text << file.rdbuf();
    return Contract{text.str()};
  }();
  return contract;
}

std::vector<std::string> Contract::check_request(std::string_view method, std::string_view target,
                                                 const http::Headers& headers, const std::string& body) const {
  const Target parts = parts_of(target);
  if (document_.find(method, parts.path).operation == nullptr) {
    return {fmt::format("there is no {} {}", method, target.substr(0, target.find('?')))};
  }
  std::vector<std::string> wrong;
  const auto header = [&](std::string_view name) {
    const auto entry =
        std::find_if(headers.begin(), headers.end(), [&](const auto& one) { return same_name(one.first, name); });
    return entry == headers.end() ? std::string_view{} : std::string_view{entry->second};
  };
  if (header("User-Agent").empty()) wrong.emplace_back("there is no User-Agent");
  if (header("Accept").find("application/vnd.github") == std::string_view::npos) {
    wrong.emplace_back("Accept does not ask for application/vnd.github+json");
  }
  if (header("X-GitHub-Api-Version").empty()) wrong.emplace_back("there is no X-GitHub-Api-Version");
  const std::vector<std::string> more =
      document_.check_request(method, parts.path, parts.query, header("Content-Type"), body);
  wrong.insert(wrong.end(), more.begin(), more.end());
  for (const auto& [name, value] : parse_query(parts.query)) {
    const bool fits = !value.empty() && value.size() <= 3 &&
                      value.find_first_not_of("0123456789") == std::string::npos && std::stoi(value) >= 1 &&
                      std::stoi(value) <= 100;
    if (name == "per_page" && !fits) wrong.emplace_back("per_page is not between 1 and 100");
  }
  return wrong;
}

std::vector<std::string> Contract::check_answer(std::string_view method, std::string_view target, int status,
                                                const std::string& body) const {
  return document_.check_answer(method, parts_of(target).path, status, body);
}

Result<http::Response> ContractChecker::send(const http::Request& request) {
  const std::string target = request.url.starts_with(origin_) ? request.url.substr(origin_.size()) : request.url;
  const bool control = target.starts_with("/_standin/");
  const std::string_view method = http::name(request.method);
  const auto note = [&](std::vector<std::string>& list, const std::vector<std::string>& wrong) {
    const std::scoped_lock lock{mutex_};
    for (const std::string& one : wrong) list.push_back(fmt::format("{} {}: {}", method, target, one));
  };
  if (!control) note(requests_, Contract::instance().check_request(method, target, request.headers, request.body));
  Result<http::Response> response = inner_.send(request);
  if (control || !response) return response;
  note(answers_, Contract::instance().check_answer(method, target, response->status, response->body));
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

std::vector<std::string> ContractChecker::violations() const {
  const std::scoped_lock lock{mutex_};
  std::vector<std::string> all = requests_;
  all.insert(all.end(), answers_.begin(), answers_.end());
  return all;
}

std::size_t ContractChecker::checked() const {
  const std::scoped_lock lock{mutex_};
  return checked_;
}

}  // namespace causeway::fakes::github
