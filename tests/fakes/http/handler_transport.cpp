#include "tests/fakes/http/handler_transport.hpp"

namespace causeway::fakes {

Result<http::Response> HandlerTransport::send(const http::Request& request) {
  if (watch) {
    if (auto failure = watch(request, false)) return std::unexpected(*std::move(failure));
  }
  if (!request.url.starts_with(origin_)) return fail(Fault::transient, "no such host", Reach::tracker);
  Request given;
  given.method = http::name(request.method);
  given.target = request.url.substr(origin_.size());
  given.headers = request.headers;
  given.headers.emplace_back("Host", origin_.substr(origin_.find("://") + 3));
  if (!request.credential.first.empty()) {
    given.headers.emplace_back(request.credential.first, request.credential.second.reveal());
  }
  given.body = request.body;
  Response answer = handler_(given);
  if (answer.drop) {
    const Fault fault = request.method == http::Method::get ? Fault::transient : Fault::outcome_unknown;
    return fail(fault, "the connection was closed without an answer", Reach::tracker);
  }
  if (watch) {
    if (auto failure = watch(request, true)) return std::unexpected(*std::move(failure));
  }
  return http::Response{answer.status, std::move(answer.headers), std::move(answer.body)};
}

}  // namespace causeway::fakes
