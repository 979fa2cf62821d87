#pragma once
/// Counts requests by method, path and outcome.
#include <map>
#include <mutex>
#include <string>

#include "agent/http/transport.hpp"

namespace causeway::http {

/// Decorates a Transport. Thread-safe.
class CountingTransport final : public Transport {
 public:
  /// Borrows the transport.
  explicit CountingTransport(Transport& inner) : inner_(inner) {}
  Result<Response> send(const Request& request) override;
  /// "POST /issues.json 201" → how often. Failures have the fault's name in place of the status.
  [[nodiscard]] std::map<std::string, std::size_t> counts() const;

 private:
  Transport& inner_;
  mutable std::mutex mutex_;
  std::map<std::string, std::size_t> counts_;
};

}  // namespace causeway::http
