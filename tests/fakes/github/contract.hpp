#pragma once
/// GitHub's OpenAPI document (tests/contracts/github) as a judge of traffic: is this what GitHub would have been asked,
/// is this what it would have answered?
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "agent/http/transport.hpp"
#include "tests/fakes/openapi/openapi.hpp"

namespace causeway::fakes::github {

/// Any thread.
class Contract {
 public:
  /// The document in the source tree, read once.
  static const Contract& instance();
  /// An OpenAPI 3.0 document. Throws std::runtime_error when it is none.
  explicit Contract(const std::string& json);

  /// What is wrong with a request; empty: nothing. `target` is path and query. Fields and parameters that the
  /// document does not know are wrong.
  [[nodiscard]] std::vector<std::string> check_request(std::string_view method, std::string_view target,
                                                       const http::Headers& headers, const std::string& body) const;
  /// What is wrong with an answer to it. Answers that the document does not list must at least be errors it knows.
  [[nodiscard]] std::vector<std::string> check_answer(std::string_view method, std::string_view target, int status,
                                                      const std::string& body) const;

 private:
  const OpenApi document_;
};

/// Passes everything on and notes whatever breaks the contract. Requests to `/_standin/…` are not looked at. Any
/// thread.
class ContractChecker final : public http::Transport {
 public:
  /// Borrows `inner`. `origin` is what the addresses of requests begin with.
  ContractChecker(http::Transport& inner, std::string origin) : inner_(inner), origin_(std::move(origin)) {}
  Result<http::Response> send(const http::Request& request) override;

  /// "PATCH /repos/…: 'state' …", in order.
  [[nodiscard]] std::vector<std::string> request_violations() const;
  /// Answers that trouble was made for are listed here too.
  [[nodiscard]] std::vector<std::string> answer_violations() const;
  [[nodiscard]] std::vector<std::string> violations() const;
  [[nodiscard]] std::size_t checked() const;

 private:
  http::Transport& inner_;
  const std::string origin_;
  mutable std::mutex mutex_;  ///< guards what follows
  std::vector<std::string> requests_, answers_;
  std::size_t checked_ = 0;
};

}  // namespace causeway::fakes::github
