#include "agent/http/budget.hpp"

#include <gtest/gtest.h>

#include "tests/fakes/world/manual_clock.hpp"

namespace causeway::http {
namespace {

using namespace std::chrono_literals;

class CountingInner final : public Transport {
 public:
  Result<Response> send(const Request& /*request*/) override {
    ++sent;
    return Response{201, {}, "{}"};
  }
  std::size_t sent = 0;
};

Request creation() {
  Request request;
  request.method = Method::post;
  request.path_template = "/issues";
  request.creates_content = true;
  return request;
}

Request edit() {
  Request request;
  request.method = Method::patch;
  request.path_template = "/issues/{number}";
  return request;
}

class BudgetTest : public testing::Test {
 protected:
  fakes::ManualClock clock;
  CountingInner inner;
};

TEST_F(BudgetTest, RefusesTheCreationThatIsOneTooManyAndSaysWhenToComeBack) {
  BudgetTransport budget{inner, {.creations_per_minute = 2}, clock};
  EXPECT_TRUE(budget.send(creation()));
  clock.advance(10s);
  EXPECT_TRUE(budget.send(creation()));
  clock.advance(10s);
  const auto refused = budget.send(creation());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().fault, Fault::rate_limited);
  EXPECT_EQ(refused.error().retry_after, 40s);
  EXPECT_EQ(inner.sent, 2U);
  clock.advance(40s);
  EXPECT_TRUE(budget.send(creation()));
}

TEST_F(BudgetTest, EditsAreNoCreations) {
  BudgetTransport budget{inner, {.creations_per_minute = 1}, clock};
  EXPECT_TRUE(budget.send(creation()));
  EXPECT_TRUE(budget.send(edit()));
  EXPECT_FALSE(budget.send(creation()));
}

TEST_F(BudgetTest, TheHourCountsToo) {
  BudgetTransport budget{inner, {.creations_per_minute = 2, .creations_per_hour = 3}, clock};
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(budget.send(creation()));
    clock.advance(60s);
  }
  const auto refused = budget.send(creation());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().retry_after, 3600s - 180s);
}

TEST_F(BudgetTest, AnotherLifeRemembersWhatWasCreated) {
  BudgetTransport first{inner, {.creations_per_hour = 2}, clock};
  EXPECT_TRUE(first.send(creation()));
  EXPECT_TRUE(first.send(creation()));
  BudgetTransport second{inner, {.creations_per_hour = 2}, clock, first.creations()};
  EXPECT_FALSE(second.send(creation()));
}

TEST_F(BudgetTest, AWriteTakesFivePointsAndAReadOne) {
  BudgetTransport budget{inner, {.points_per_minute = 11}, clock};
  EXPECT_TRUE(budget.send(edit()));
  clock.advance(20s);
  EXPECT_TRUE(budget.send(edit()));
  EXPECT_TRUE(budget.send(Request{}));
  const auto read = budget.send(Request{});
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().retry_after, 40s);
  clock.advance(40s);
  EXPECT_TRUE(budget.send(edit()));
  EXPECT_FALSE(budget.send(Request{}));
}

}  // namespace
}  // namespace causeway::http
