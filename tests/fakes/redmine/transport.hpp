#pragma once
#include "tests/fakes/http/handler_transport.hpp"
#include "tests/fakes/redmine/redmine.hpp"

namespace causeway::fakes::redmine {

class DirectTransport final : public HandlerTransport {
 public:
  /// Borrows the Redmine.
  DirectTransport(Redmine& redmine, std::string origin)
      : HandlerTransport([&redmine](const Request& request) { return redmine.handle(request); }, std::move(origin)) {}
};

}  // namespace causeway::fakes::redmine
