#include <Poco/Exception.h>
#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>
#include <Poco/StreamCopier.h>
#include <gtest/gtest.h>

#include <future>

#include "tests/fakes/github/github.hpp"
#include "tests/fakes/server/standin_server.hpp"
#include "tests/fakes/world/manual_clock.hpp"

namespace causeway::fakes {
namespace {

class Server : public testing::Test {
 protected:
  std::string ask(const std::string& method, const std::string& target, const std::string& body = {}) {
    Poco::Net::HTTPRequest request{method, target, Poco::Net::HTTPMessage::HTTP_1_1};
    request.set("User-Agent", "test");
    request.set("Authorization", "Bearer ghp_syncuser");
    request.setKeepAlive(true);
    if (!body.empty()) request.setContentLength(static_cast<std::streamsize>(body.size()));
    session.sendRequest(request) << body;
    std::string text;
    Poco::StreamCopier::copyToString(session.receiveResponse(response), text);
    return text;
  }
  ManualClock clock;
  github::GitHub github{clock};
  StandinServer server{[this](const Request& request) { return github.handle(request); }};
  Poco::Net::HTTPClientSession session{"127.0.0.1", server.port()};
  Poco::Net::HTTPResponse response;
};

TEST_F(Server, CarriesRequestsAndAnswersOverOneConnection) {
  session.setKeepAlive(true);
  const std::string text = ask("POST", "/repos/acme/widgets/issues", R"({"title":"x"})");
  EXPECT_EQ(response.getStatus(), 201);
  EXPECT_EQ(response.get("Location"), server.origin() + "/repos/acme/widgets/issues/1");
  EXPECT_EQ(github.all("acme/widgets").size(), 1U);
  EXPECT_EQ(ask("DELETE", "/repos/acme/widgets/labels/bug"), "");
  EXPECT_EQ(response.getStatus(), 204);
  ask("GET", "/repos/acme/widgets/issues");
  EXPECT_EQ(response.getStatus(), 200);
  EXPECT_TRUE(response.getKeepAlive());
  EXPECT_TRUE(session.connected());
}

TEST_F(Server, CutsAnAnswerSoThatTheClientCanTell) {
  github.trouble({.kind = Trouble::Kind::cut});
  const std::string text = ask("GET", "/user");
  EXPECT_LT(text.size(), static_cast<std::size_t>(response.getContentLength64()));
}

TEST_F(Server, ClosesWithoutAnAnswer) {
  github.trouble({.kind = Trouble::Kind::drop});
  EXPECT_THROW(ask("GET", "/user"), Poco::Exception);
}

TEST(ServerEnd, DoesNotWaitForADelayedAnswer) {
  std::promise<void> asked;
  StandinServer server{[&](const Request& /*request*/) {
    asked.set_value();
    return Response{.delay = std::chrono::hours{1}};
  }};
  auto client = std::async(std::launch::async, [&] {
    Poco::Net::HTTPClientSession session{"127.0.0.1", server.port()};
    Poco::Net::HTTPRequest request{"GET", "/user", Poco::Net::HTTPMessage::HTTP_1_1};
    Poco::Net::HTTPResponse response;
    session.sendRequest(request);
    session.receiveResponse(response);
  });
  asked.get_future().wait();
  server.stop();
  EXPECT_THROW(client.get(), Poco::Exception);
}

}  // namespace
}  // namespace causeway::fakes
