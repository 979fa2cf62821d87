#pragma once
/// A stand-in on a real socket: HTTP/1.1 with connections that stay open, on this machine only.
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "tests/fakes/http/exchange.hpp"

namespace causeway::fakes {

/// Serves from its making to its end. Any thread.
class StandinServer {
 public:
  /// Called by many threads at once.
  using Handler = std::function<Response(const Request&)>;
  /// Port 0: one that is free. `threads` is the number of connections served at the same time. Throws
  /// Poco::Exception when the port is taken.
  explicit StandinServer(Handler handler, std::uint16_t port = 0, int threads = 128);
  ~StandinServer();
  [[nodiscard]] std::uint16_t port() const;
  /// "http://127.0.0.1:4000"
  [[nodiscard]] std::string origin() const;
  /// Closes every connection; answers that were being delayed are not given any more.
  void stop();

 private:
  struct Running;
  const std::unique_ptr<Running> running_;
};

}  // namespace causeway::fakes
