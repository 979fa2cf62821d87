#include "tests/unit/jira/fixture.hpp"

namespace causeway::jira {
namespace {

class JiraWorkflow : public OnStandIn {
 protected:
  static EditTicket to(const std::string& status) {
    EditTicket edit;
    edit.set[Field::status] = status;
    return edit;
  }
  [[nodiscard]] std::string status_of(const NativeId& id) const {
    const std::string wanted = look(id).status;
    for (const stand_in::Status& status : jira.state().statuses) {
      if (status.id == wanted) return status.name;
    }
    return {};
  }
  void change_step(const std::string& name, const std::function<void(stand_in::Transition&)>& change) {
    jira.change([&](stand_in::State& state) {
      for (stand_in::Transition& step : state.workflows.at("software")) {
        if (step.name == name) change(step);
      }
    });
  }
};

TEST_P(JiraWorkflow, GoesOneStepInTwoRequests) {
  const NativeId id = open();
  JiraAdapter& writer = adapter();
  must_fetch(writer, id);
  const std::size_t before = sent();
  must_apply(writer, intent(to("In Progress"), id));
  EXPECT_EQ(status_of(id), "In Progress");
  EXPECT_EQ(sent() - before, 2U);
  EXPECT_EQ(writer.requests_for(to("In Review")), 2U);
}

TEST_P(JiraWorkflow, WalksThroughStatusesNobodyHasBeenInAndFillsInTheScreen) {
  const NativeId id = open();
  must_apply(adapter(), intent(to("Done"), id));
  EXPECT_EQ(status_of(id), "Done");
  EXPECT_EQ(look(id).resolution, "10000");
}

TEST_P(JiraWorkflow, TakesTheResolutionThatIsConfigured) {
  JiraOptions options = default_options();
  options.transition = {{"resolution", "Won't Do"}};
  const NativeId id = open();
  must_apply(adapter(options), intent(to("Done"), id));
  EXPECT_EQ(look(id).resolution, "10001");
}

TEST_P(JiraWorkflow, DoesNothingWhereTheIssueIsThereAlready) {
  const NativeId id = open();
  must_apply(adapter(), intent(to("To Do"), id));
  EXPECT_EQ(sent("POST"), 0U);
}

TEST_P(JiraWorkflow, DoesNotMoveWhatCannotArrive) {
  const NativeId id = open();
  for (const char* elsewhere : {"In Progress", "In Review"}) jira.transition(key_of(open()), elsewhere);
  change_step("Done", [](stand_in::Transition& step) { step.hidden = true; });
  const auto refused = adapter().apply(intent(to("Done"), id));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().fault, Fault::rejected);
  EXPECT_THAT(refused.error().message, HasSubstr("To Do"));
  EXPECT_EQ(status_of(id), "To Do");
  EXPECT_EQ(sent("POST"), 0U);
}

TEST_P(JiraWorkflow, PutsBackWhatItMovedInVain) {
  const NativeId id = open();
  jira.change([](stand_in::State& state) {
    stand_in::Transition back;
    back.id = "71";
    back.name = "Stop";
    back.from = {"10101", "10102"};
    back.to = "10100";
    auto& steps = state.workflows.at("software");
    std::erase_if(steps, [](const stand_in::Transition& step) { return step.name == "Done"; });
    steps.push_back(back);
  });
  const auto refused = adapter().apply(intent(to("Done"), id));
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("put back"));
  EXPECT_EQ(status_of(id), "To Do");
}

TEST_P(JiraWorkflow, PutsBackWhatAValidatorStoppedHalfway) {
  const NativeId id = open();
  jira.change([](stand_in::State& state) {
    stand_in::Transition back;
    back.id = "71";
    back.name = "Stop";
    back.from = {"10101"};
    back.to = "10100";
    state.workflows.at("software").push_back(back);
  });
  change_step("Ask for Review", [](stand_in::Transition& step) { step.validator = "The moon is not full."; });
  const auto refused = adapter().apply(intent(to("Done"), id));
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("moon"));
  EXPECT_THAT(refused.error().message, HasSubstr("put back"));
  EXPECT_EQ(status_of(id), "To Do");
}

TEST_P(JiraWorkflow, TellsWhatAValidatorSays) {
  const NativeId id = open();
  change_step("Start Progress", [](stand_in::Transition& step) { step.validator = "The moon is not full."; });
  const auto refused = adapter().apply(intent(to("In Progress"), id));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().fault, Fault::rejected);
  EXPECT_THAT(refused.error().message, HasSubstr("moon"));
}

TEST_P(JiraWorkflow, TriesOnceMoreWhenTwoMovedAtOnce) {
  const NativeId id = open();
  change_step("Start Progress", [](stand_in::Transition& step) { step.conflicts = 1; });
  must_apply(adapter(), intent(to("In Progress"), id));
  EXPECT_EQ(status_of(id), "In Progress");
}

TEST_P(JiraWorkflow, ASecondTicketOfTheSameKindGoesTheLearnedWay) {
  JiraAdapter& writer = adapter();
  must_apply(writer, intent(to("Done"), open()));
  const NativeId id = open();
  const std::size_t before = sent("/search");
  must_apply(writer, intent(to("Done"), id));
  EXPECT_EQ(sent("/search") - before, 0U);
  EXPECT_EQ(status_of(id), "Done");
}

/// Nobody has chosen the status half-way, so what is known of it must not be "nothing was changed".
TEST_P(JiraWorkflow, WhatStopsItHalfwayLeavesTheOutcomeOpen) {
  const NativeId id = open();
  JiraAdapter& writer = adapter();
  must_apply(writer, intent(to("Done"), open()));
  jira.limit({cloud() ? "jira-burst-based" : "", "POST", {}, 1, 1, 7000});
  const auto limited = writer.apply(intent(to("Done"), id));
  ASSERT_FALSE(limited);
  EXPECT_EQ(status_of(id), "In Progress");
  EXPECT_EQ(limited.error().fault, Fault::outcome_unknown);
  EXPECT_EQ(limited.error().reach, Reach::tracker);
  EXPECT_TRUE(limited.error().retry_after);
  jira.trouble({.method = "GET", .skip = 1, .times = -1});
  const auto unread = writer.apply(intent(to("Done"), id));
  ASSERT_FALSE(unread);
  EXPECT_EQ(status_of(id), "In Review");
  EXPECT_EQ(unread.error().fault, Fault::outcome_unknown);
}

TEST_P(JiraWorkflow, WhatStopsItBeforeTheFirstStepHasChangedNothing) {
  const NativeId id = open();
  JiraAdapter& writer = adapter();
  must_apply(writer, intent(to("Done"), open()));
  jira.trouble({.method = "GET", .times = -1});
  const auto unread = writer.apply(intent(to("Done"), id));
  ASSERT_FALSE(unread);
  EXPECT_EQ(unread.error().fault, Fault::transient);
  EXPECT_EQ(status_of(id), "To Do");
}

TEST_P(JiraWorkflow, PuttingBackThatIsOnlyLateLeavesTheOutcomeOpen) {
  const NativeId id = open();
  jira.change([](stand_in::State& state) {
    stand_in::Transition back;
    back.id = "71";
    back.name = "Stop";
    back.from = {"10101"};
    back.to = "10100";
    state.workflows.at("software").push_back(back);
  });
  change_step("Ask for Review", [](stand_in::Transition& step) { step.validator = "The moon is not full."; });
  jira.limit({cloud() ? "jira-burst-based" : "", "POST", {}, 2, 1, 7000});
  const auto limited = adapter().apply(intent(to("In Review"), id));
  ASSERT_FALSE(limited);
  EXPECT_EQ(status_of(id), "In Progress");
  EXPECT_EQ(limited.error().fault, Fault::outcome_unknown);
}

INSTANTIATE_TEST_SUITE_P(, JiraWorkflow, testing::Values(Deployment::cloud, Deployment::data_center), deployment_name);

}  // namespace
}  // namespace causeway::jira
