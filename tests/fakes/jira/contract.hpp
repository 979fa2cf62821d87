#pragma once
/// The vendor's OpenAPI documents as judges of traffic: is this what Jira would have been asked, is this what it would
/// have answered? Cloud's is in tests/contracts/jira; Data Center's is read from where the environment variable
/// CAUSEWAY_JIRA_DATA_CENTER_CONTRACT says. Rich text is held against the ADF schema as well.
#include <mutex>
#include <string>
#include <vector>

#include "agent/http/transport.hpp"
#include "tests/fakes/jira/state.hpp"
#include "tests/fakes/openapi/openapi.hpp"

namespace causeway::fakes::jira {

/// Any thread.
class Contract {
 public:
  /// Reads the document once. nullptr: there is none for Data Center.
  static const Contract* instance(Deployment deployment);
  Contract(const std::string& json, Deployment deployment);

  /// What is wrong with a request; empty: nothing. `target` is path and query, without context path and gateway.
  [[nodiscard]] std::vector<std::string> check_request(std::string_view method, std::string_view target,
                                                       const http::Headers& headers, const std::string& body) const;
  [[nodiscard]] std::vector<std::string> check_answer(std::string_view method, std::string_view target, int status,
                                                      const std::string& body) const;

 private:
  const Deployment deployment_;
  const OpenApi document_;
};

/// Passes everything on and notes whatever breaks the contract. Requests to `/_standin/…`, for tokens and to the other
/// host are not looked at; without a document nothing is. Any thread.
class ContractChecker final : public http::Transport {
 public:
  /// Borrows `inner`. `base` is what the addresses of requests begin with, context path and all.
  ContractChecker(http::Transport& inner, Deployment deployment, std::string base)
      : inner_(inner), contract_(Contract::instance(deployment)), base_(std::move(base)) {}
  Result<http::Response> send(const http::Request& request) override;

  /// "PUT /rest/…: the body …", in order.
  [[nodiscard]] std::vector<std::string> request_violations() const;
  /// Answers that trouble was made for are listed here too.
  [[nodiscard]] std::vector<std::string> answer_violations() const;
  [[nodiscard]] std::size_t checked() const;

 private:
  http::Transport& inner_;
  const Contract* const contract_;
  const std::string base_;
  mutable std::mutex mutex_;  ///< guards what follows
  std::vector<std::string> requests_, answers_;
  std::size_t checked_ = 0;
};

}  // namespace causeway::fakes::jira
