#pragma once
/// A stand-in behind the Transport port, without a socket: for tests that step through everything in one thread.
#include <functional>

#include "agent/http/transport.hpp"
#include "tests/fakes/http/exchange.hpp"

namespace causeway::fakes {

/// Any thread, when the handler is. Delays are not waited for.
class HandlerTransport : public http::Transport {
 public:
  using Handler = std::function<Response(const Request&)>;
  /// `origin` is what the addresses of requests begin with.
  HandlerTransport(Handler handler, std::string origin) : handler_(std::move(handler)), origin_(std::move(origin)) {}
  Result<http::Response> send(const http::Request& request) override;
  /// Called with each request before it is sent and, once it was answered, again; what it returns is sent back instead.
  std::function<std::optional<Failure>(const http::Request& request, bool answered)> watch;

 private:
  const Handler handler_;
  const std::string origin_;
};

}  // namespace causeway::fakes
