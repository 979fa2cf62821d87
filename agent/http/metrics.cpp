#include "agent/http/metrics.hpp"

namespace causeway::http {

Result<Response> CountingTransport::send(const Request& request) {
  auto result = inner_.send(request);
  std::string key =
      fmt::format("{} {} {}", name(request.method), request.path_template,
                  result ? std::to_string(result->status) : std::string{causeway::name(result.error().fault)});
  const std::scoped_lock lock{mutex_};
  ++counts_[std::move(key)];
  return result;
}

std::map<std::string, std::size_t> CountingTransport::counts() const {
  const std::scoped_lock lock{mutex_};
  return counts_;
}

}  // namespace causeway::http
