#pragma once
/// Requests over libcurl: pooled connections that are kept open, bounded answers, no cookies, no redirects of its own.
#include <memory>
#include <string>

#include "agent/http/transport.hpp"

namespace causeway::http {

struct CurlOptions {
  std::string user_agent = "Causeway";
  std::chrono::milliseconds connect_timeout{std::chrono::seconds{10}};
  std::chrono::milliseconds timeout{std::chrono::seconds{30}};
  std::size_t response_bytes_max = 32U << 20U;
  std::string proxy;    ///< empty: none, whatever the environment says
  std::string ca_file;  ///< empty: the system's
};

[[nodiscard]] std::unique_ptr<Transport> make_curl_transport(CurlOptions options);

}  // namespace causeway::http
