#include "tests/fakes/server/standin_server.hpp"

#include <Poco/Exception.h>
#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/StreamCopier.h>
#include <Poco/ThreadPool.h>
#include <fmt/format.h>

#include <condition_variable>
#include <mutex>

namespace causeway::fakes {
namespace {

constexpr int backlog = 512;
constexpr int keep_alive_seconds = 300;

/// Lets answers wait, and stops waiting when the server does.
class Waiting {
 public:
  /// Whether the time has passed.
  bool wait(std::chrono::milliseconds time) {
    if (time.count() == 0) return true;
    std::unique_lock lock{mutex_};
    return !changed_.wait_for(lock, time, [&] { return over_; });
  }
  void end() {
    const std::scoped_lock lock{mutex_};
    over_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool over_ = false;
};

class OneRequest final : public Poco::Net::HTTPRequestHandler {
 public:
  OneRequest(const StandinServer::Handler& handler, Waiting& waiting) : handler_(handler), waiting_(waiting) {}

  void handleRequest(Poco::Net::HTTPServerRequest& request, Poco::Net::HTTPServerResponse& response) override {
    Request given;
    given.method = request.getMethod();
    given.target = request.getURI();
    for (const auto& [name, value] : request) given.headers.emplace_back(name, value);
    if (request.hasContentLength()) {
      given.body.resize(static_cast<std::size_t>(request.getContentLength64()));
      request.stream().read(given.body.data(), static_cast<std::streamsize>(given.body.size()));
    } else if (request.getChunkedTransferEncoding()) {
      Poco::StreamCopier::copyToString(request.stream(), given.body);
    }
    const Response answer = handler_(given);
    if (!waiting_.wait(answer.delay) || answer.drop) {
      response.setKeepAlive(false);  // and nothing is sent: the connection just closes
      return;
    }
    response.setStatus(static_cast<Poco::Net::HTTPResponse::HTTPStatus>(answer.status));
    response.setReason(Poco::Net::HTTPResponse::getReasonForStatus(response.getStatus()));
    response.erase("Date");  // Poco's own; a stand-in's clock may be another one
    for (const auto& [name, value] : answer.headers) response.add(name, value);
    if (answer.announced > answer.body.size()) {
      response.setContentLength64(static_cast<Poco::Int64>(answer.announced));
      response.setKeepAlive(false);
      response.send().write(answer.body.data(), static_cast<std::streamsize>(answer.body.size())).flush();
      return;
    }
    if (answer.status == 204 || answer.status == 304) {
      response.setContentLength(Poco::Net::HTTPMessage::UNKNOWN_CONTENT_LENGTH);
      response.send();
      return;
    }
    response.sendBuffer(answer.body.data(), answer.body.size());
  }

 private:
  const StandinServer::Handler& handler_;
  Waiting& waiting_;
};

class Factory final : public Poco::Net::HTTPRequestHandlerFactory {
 public:
  Factory(StandinServer::Handler handler, Waiting& waiting) : handler_(std::move(handler)), waiting_(waiting) {}
  Poco::Net::HTTPRequestHandler* createRequestHandler(const Poco::Net::HTTPServerRequest& /*request*/) override {
    return new OneRequest{handler_, waiting_};  // NOLINT(cppcoreguidelines-owning-memory): Poco owns it
  }

 private:
  const StandinServer::Handler handler_;
  Waiting& waiting_;
};

Poco::Net::HTTPServerParams::Ptr parameters(int threads) {
  Poco::Net::HTTPServerParams::Ptr made{new Poco::Net::HTTPServerParams};
  made->setMaxThreads(threads);
  made->setMaxQueued(backlog);
  made->setKeepAlive(true);
  made->setMaxKeepAliveRequests(0);
  made->setKeepAliveTimeout(Poco::Timespan{keep_alive_seconds, 0});
  return made;
}

}  // namespace

struct StandinServer::Running {
  Running(Handler handler, std::uint16_t port, int threads)
      : pool(threads, threads),
        socket(Poco::Net::SocketAddress{"127.0.0.1", port}, backlog),
        server(new Factory{std::move(handler), waiting}, pool, socket, parameters(threads)) {
    server.start();
  }
  Waiting waiting;
  Poco::ThreadPool pool;
  Poco::Net::ServerSocket socket;
  Poco::Net::HTTPServer server;
};

StandinServer::StandinServer(Handler handler, std::uint16_t port, int threads)
    : running_(std::make_unique<Running>(std::move(handler), port, threads)) {}

StandinServer::~StandinServer() { stop(); }

std::uint16_t StandinServer::port() const { return running_->socket.address().port(); }

std::string StandinServer::origin() const { return fmt::format("http://127.0.0.1:{}", port()); }

void StandinServer::stop() {
  running_->waiting.end();
  running_->server.stopAll(true);
  running_->pool.joinAll();
}

}  // namespace causeway::fakes
