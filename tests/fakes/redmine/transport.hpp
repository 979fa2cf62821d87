#pragma once
/// The stand-in behind the Transport port, without a socket: for tests that step through everything in one thread.
#include "agent/http/transport.hpp"
#include "tests/fakes/redmine/redmine.hpp"

namespace causeway::fakes::redmine {

class DirectTransport final : public http::Transport {
 public:
  /// Borrows the Redmine. `origin` is what the addresses of requests begin with.
  DirectTransport(Redmine& redmine, std::string origin) : redmine_(redmine), origin_(std::move(origin)) {}
  Result<http::Response> send(const http::Request& request) override;
  /// Called with each request before it is sent and, once it was answered, again; what it returns is sent back instead.
  std::function<std::optional<Failure>(const http::Request& request, bool answered)> watch;

 private:
  Redmine& redmine_;
  const std::string origin_;
};

}  // namespace causeway::fakes::redmine
