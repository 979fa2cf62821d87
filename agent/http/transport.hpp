#pragma once
/// The port through which every request to a tracker leaves. Fillings: libcurl (agent/http/curl_transport.hpp), the
/// fakes in tests; budgets, metrics and recording are decorators that know nothing of trackers.
#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/model/result.hpp"

namespace causeway::http {

enum class Method { get, post, put, patch, del };
[[nodiscard]] std::string_view name(Method method);

/// A credential. Has no formatter and no stream operator, so it cannot be logged by accident.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}
  /// The one place to get it back: named so that it can be searched for.
  [[nodiscard]] const std::string& reveal() const { return value_; }
  [[nodiscard]] bool empty() const { return value_.empty(); }

 private:
  std::string value_;
};

using Headers = std::vector<std::pair<std::string, std::string>>;

struct Request {
  Method method = Method::get;
  std::string url;                            ///< absolute
  Headers headers;                            ///< without credentials
  std::pair<std::string, Secret> credential;  ///< header name and value; name empty: none. Never sent to another host
  std::string body;
  std::string_view path_template;  ///< for metrics and budgets: "/repos/{owner}/{repo}/issues"; a string literal
  bool creates_content = false;    ///< counts against limits on content creation
};

struct Response {
  int status = 0;
  Headers headers;
  std::string body;
  /// Value of a header, any letter case; empty when absent.
  [[nodiscard]] std::string_view header(std::string_view wanted) const;
};

class Transport {
 public:
  virtual ~Transport() = default;
  /// Any thread; blocks for at most the filling's time limit. An answer with any status is a Response. Failures:
  /// `transient` when the request certainly did not leave (no address, refused, TLS), or when it was a GET;
  /// `outcome_unknown` when something else left and no whole answer came back.
  virtual Result<Response> send(const Request& request) = 0;
};

}  // namespace causeway::http
