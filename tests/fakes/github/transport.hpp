#pragma once
#include "tests/fakes/github/github.hpp"
#include "tests/fakes/http/handler_transport.hpp"

namespace causeway::fakes::github {

class DirectTransport final : public HandlerTransport {
 public:
  /// Borrows the GitHub.
  DirectTransport(GitHub& github, std::string origin)
      : HandlerTransport([&github](const Request& request) { return github.handle(request); }, std::move(origin)) {}
};

}  // namespace causeway::fakes::github
