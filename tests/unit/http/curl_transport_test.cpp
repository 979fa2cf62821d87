#include "agent/http/curl_transport.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <charconv>
#include <optional>
#include <thread>

namespace causeway::http {
namespace {

/// A server that keeps its connections open, reads every request whole, and breaks the connection off instead of
/// answering those that `silent` names.
class Server {
 public:
  enum class After { goes_on, is_gone };
  explicit Server(std::size_t silent, After after = After::goes_on)
      : silent_(silent), after_(after), listener_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const place = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_, place, size) != 0 || ::listen(listener_, 8) != 0 ||
        ::getsockname(listener_, place, &size) != 0)
      throw std::runtime_error("no socket to listen on");
    port_ = ntohs(address.sin_port);
    thread_ = std::jthread{[this] { serve(); }};
  }
  ~Server() { stop(); }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  void stop() {
    if (!thread_.joinable()) return;
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
  }
  [[nodiscard]] std::string url() const { return fmt::format("http://127.0.0.1:{}/issues", port_); }
  /// Once stopped: how many requests came whole.
  [[nodiscard]] std::size_t requests() const { return requests_; }

 private:
  void serve() {
    while (true) {
      const int connection = ::accept(listener_, nullptr, nullptr);
      if (connection < 0) return;
      while (read_request(connection)) {
        if (++requests_ == silent_) {
          if (after_ == After::is_gone) ::shutdown(listener_, SHUT_RDWR);
          break;
        }
        const std::string_view answer =
            "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}";
        if (::send(connection, answer.data(), answer.size(), MSG_NOSIGNAL) < 0) break;
        if (requests_ > silent_) break;
      }
      ::close(connection);
    }
  }

  static bool read_request(int connection) {
    std::string text;
    while (true) {
      const std::size_t head = text.find("\r\n\r\n");
      if (head != std::string::npos) {
        std::size_t length = 0;
        const std::size_t name = text.find("Content-Length: ");
        if (name < head) {
          const char* const digits = text.data() + name + std::string_view{"Content-Length: "}.size();
          std::from_chars(digits, text.data() + head, length);
        }
        if (text.size() >= head + 4 + length) return true;
      }
      std::array<char, 4096> piece{};
      const ssize_t count = ::recv(connection, piece.data(), piece.size(), 0);
      if (count <= 0) return false;
      text.append(piece.data(), static_cast<std::size_t>(count));
    }
  }

  std::size_t silent_;
  After after_;
  int listener_;
  int port_ = 0;
  std::atomic<std::size_t> requests_ = 0;
  std::jthread thread_;
};

Request request(Method method, const std::string& url) {
  Request wish;
  wish.method = method;
  wish.url = url;
  wish.path_template = "/issues";
  if (method != Method::get) wish.body = R"({"title":"once"})";
  return wish;
}

TEST(CurlTransport, NeverRepeatsAWriteWhoseKeptConnectionBrokeOff) {
  for (const Method method : {Method::post, Method::patch, Method::put, Method::del}) {
    Server server{2};
    const auto transport = make_curl_transport({});
    ASSERT_TRUE(transport->send(request(Method::post, server.url())));
    const auto lost = transport->send(request(method, server.url()));
    server.stop();
    EXPECT_EQ(server.requests(), 2U) << name(method) << " went out again by itself";
    ASSERT_FALSE(lost);
    EXPECT_EQ(lost.error().fault, Fault::outcome_unknown);
  }
}

TEST(CurlTransport, AWriteMayHaveHappenedThoughNoNewConnectionIsToBeHad) {
  Server server{2, Server::After::is_gone};
  const auto transport = make_curl_transport({});
  ASSERT_TRUE(transport->send(request(Method::post, server.url())));
  const auto lost = transport->send(request(Method::post, server.url()));
  server.stop();
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().fault, Fault::outcome_unknown) << lost.error().message;
  const auto later = transport->send(request(Method::post, server.url()));
  ASSERT_FALSE(later);
  EXPECT_EQ(later.error().fault, Fault::transient) << "nobody was there to take it";
}

TEST(CurlTransport, GoesOnAfterABrokenConnection) {
  Server server{2};
  const auto transport = make_curl_transport({});
  ASSERT_TRUE(transport->send(request(Method::post, server.url())));
  EXPECT_FALSE(transport->send(request(Method::post, server.url())));
  EXPECT_TRUE(transport->send(request(Method::post, server.url())));
  server.stop();
  EXPECT_EQ(server.requests(), 3U);
}

TEST(CurlTransport, ReadsAgainOverAFreshConnection) {
  Server server{2};
  const auto transport = make_curl_transport({});
  ASSERT_TRUE(transport->send(request(Method::get, server.url())));
  EXPECT_TRUE(transport->send(request(Method::get, server.url())));
  server.stop();
  EXPECT_EQ(server.requests(), 3U);
}

}  // namespace
}  // namespace causeway::http
