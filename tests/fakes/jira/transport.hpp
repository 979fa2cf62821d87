#pragma once
#include "tests/fakes/http/handler_transport.hpp"
#include "tests/fakes/jira/jira.hpp"

namespace causeway::fakes::jira {

/// Also answers for Cloud's other host, where the content of files is.
class DirectTransport final : public http::Transport {
 public:
  /// Borrows the Jira. `origin` has no context path.
  DirectTransport(Jira& jira, std::string origin)
      : site_([&jira](const Request& request) { return jira.handle(request); }, std::move(origin)),
        media_([&jira](const Request& request) { return jira.handle(request); }, "http://media.jira.test") {}
  Result<http::Response> send(const http::Request& request) override {
    return request.url.starts_with("http://media.jira.test/") ? media_.send(request) : site_.send(request);
  }

 private:
  HandlerTransport site_, media_;
};

}  // namespace causeway::fakes::jira
