#include "agent/policy/condition.hpp"

#include <gtest/gtest.h>

namespace causeway::policy {
namespace {

Snapshot sample() {
  Snapshot snapshot;
  snapshot.author.login = "alice";
  snapshot.ticket.title = "Crash on Start";
  snapshot.ticket.status = "open";
  snapshot.ticket.labels = {"support", "bug"};
  snapshot.ticket.fields = {{"Publish", "1"}};
  return snapshot;
}

TEST(Condition, SelectsNothingWhenItSaysNothing) { EXPECT_FALSE(selects({}, sample())); }

TEST(Condition, SelectsEverythingOnlyWhenToldTo) {
  Condition condition;
  condition.everything = true;
  EXPECT_TRUE(selects(condition, sample()));
}

TEST(Condition, NeedsAllItsPartsAndAnyValueOfEach) {
  Condition condition;
  condition.labels = {"support", "paid"};
  condition.authors = {"alice"};
  condition.fields["Publish"] = {"1"};
  condition.title_contains = {"crash"};
  EXPECT_TRUE(selects(condition, sample()));
  condition.statuses = {"completed"};
  EXPECT_FALSE(selects(condition, sample()));
}

TEST(Condition, NeverSelectsWhatIsGone) {
  Condition condition;
  condition.everything = true;
  Snapshot gone = sample();
  gone.gone = true;
  EXPECT_FALSE(selects(condition, gone));
}

TEST(Condition, AFieldThatIsNotThereIsNoMatch) {
  Condition condition;
  condition.fields["Other"] = {""};
  EXPECT_FALSE(selects(condition, sample()));
}

}  // namespace
}  // namespace causeway::policy
