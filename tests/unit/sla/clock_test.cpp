/// Clocks in the words of their rules.
#include <gmock/gmock.h>

#include "tests/unit/sla/case_story.hpp"

namespace causeway::policy::sla {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const Policy response_in_4h = policy_of({promise(Target::first_response, 4h)});
const Policy resolution_in_8h = policy_of({promise(Target::total_resolution, 8h)});

TEST(Rule5, AClockIsBreachedWhenElapsedExceedsTheTargetNotWhenItEqualsIt) {
  Story story{"13:00"};
  EXPECT_EQ(only_clock(story, response_in_4h, "17:00"), "running, used 240 of 240, due 17:00");
  EXPECT_EQ(only_clock(story, response_in_4h, "2026-12-03T09:00:00+01:00"), "running, used 240 of 240, due 17:00")
      << "no open time has passed since";
  EXPECT_EQ(only_clock(story, response_in_4h, "2026-12-03T09:00:00.001+01:00"), "breached, used 240 of 240, due 17:00");
  story.says("2026-12-03T09:00:00+01:00", Author::support);
  EXPECT_EQ(only_clock(story, response_in_4h, "2026-12-03T12:00:00+01:00"), "met, used 240 of 240, due 17:00");
}

TEST(Rule9, ClosedCyclesAreFrozenWithTheirVerdictAndPolicyVersion) {
  const Story story = Story{"09:00"}.says("12:00", Author::support);
  Given given;
  given.frozen = clocks_of(story.events, response_in_4h, "12:00").clocks;
  Policy stricter = policy_of({promise(Target::first_response, 1h), promise(Target::total_resolution, 2h)});
  stricter.version = "2";
  stricter.name = "gold-2027";
  const Clocks clocks = clocks_of(story.events, stricter, "13:00", given);
  EXPECT_THAT(told(clocks), ElementsAre("first response 1: met, used 180 of 240, due 13:00",
                                        "total resolution 1: breached, used 240 of 120, due 11:00"));
  EXPECT_EQ(clocks.clocks[0].version, "1");
  EXPECT_EQ(clocks.clocks[1].version, "2");
}

TEST(Rule10, PausesAreIntervalsIntersectedWithBusinessTime) {
  const Story over_night = Story{"15:00"}.moves("17:30", Phase::waiting_for_customer).moves("18:00", Phase::working);
  EXPECT_EQ(only_clock(over_night, resolution_in_8h, "18:30"), "running, used 120 of 480, due 12-03 15:00")
      << "a pause outside hours moves nothing";
  const Story twice = Story{"09:00"}
                          .moves("10:00", Phase::waiting_for_customer)
                          .moves("11:00", Phase::pending)
                          .moves("12:00", Phase::working);
  EXPECT_EQ(only_clock(twice, resolution_in_8h, "13:00"), "running, used 120 of 480, due 12-03 11:00");
  const Story changed =
      Story{"09:00", "medium"}.moves("10:00", Phase::pending).severity("11:00", "high").moves("12:00", Phase::working);
  EXPECT_EQ(only_clock(changed, resolution_in_8h, "13:00"), "running, used 120 of 480, due 12-03 11:00")
      << "pending time survives a change of severity";
}

TEST(Rule10, PausedSinceCreationMeansNoDueTimeUntilTheFirstResumeThenTheFullTarget) {
  Story story = Story{"09:00"}.moves("09:00", Phase::pending);
  EXPECT_EQ(only_clock(story, resolution_in_8h, "12:00"), "paused (pending), used 0 of 480, due none");
  story.moves("12:00", Phase::working);
  EXPECT_EQ(only_clock(story, resolution_in_8h, "13:00"), "running, used 60 of 480, due 12-03 12:00");
}

TEST(Rule11, FirstResponseDoesNotPauseNotEvenWhenThePolicyAsksForIt) {
  const Story story = Story{"09:00"}.moves("09:01", Phase::waiting_for_customer);
  Policy cheating = response_in_4h;
  cheating.promises[0].pauses_in = std::set{Phase::waiting_for_customer};
  EXPECT_EQ(only_clock(story, cheating, "12:00"), "running, used 180 of 240, due 13:00");
}

TEST(Rule11, NextResponseStartsAtTheOldestUnansweredMessageAndOnlyOnceAFirstResponseExists) {
  const Policy policy = policy_of({promise(Target::next_response, 2h)});
  Story story{"09:00"};
  story.says("09:10", Author::customer).says("09:20", Author::customer);
  EXPECT_THAT(told(clocks_of(story.events, policy, "11:00")), IsEmpty()) << "there is no first response yet";
  story.says("10:00", Author::support);
  EXPECT_THAT(told(clocks_of(story.events, policy, "11:00")), IsEmpty()) << "which answers what was asked before it";
  story.says("11:00", Author::customer).says("12:00", Author::customer);
  EXPECT_THAT(told(clocks_of(story.events, policy, "12:30")),
              ElementsAre("next response 1: running, used 90 of 120, due 13:00"));
  story.says("12:45", Author::support).says("15:00", Author::customer);
  EXPECT_THAT(told(clocks_of(story.events, policy, "16:00")),
              ElementsAre("next response 1: met, used 105 of 120, due 13:00",
                          "next response 2: running, used 60 of 120, due 17:00"));
  story.moves("16:00", Phase::waiting_for_customer);
  EXPECT_THAT(told(clocks_of(story.events, policy, "16:30")).back(),
              "next response 2: paused (waiting for the customer), used 60 of 120, due none");
}

TEST(Rule11, PeriodicUpdateMayPauseAndEachResponseBeginsItAnew) {
  const Policy policy = policy_of({promise(Target::periodic_update, 2h)});
  Story story{"09:00"};
  story.says("10:00", Author::support).says("11:00", Author::support);
  story.moves("12:00", Phase::pending).moves("13:00", Phase::working);
  EXPECT_THAT(told(clocks_of(story.events, policy, "13:30")),
              ElementsAre("periodic update 1: met, used 60 of 120, due 12:00",
                          "periodic update 2: running, used 90 of 120, due 14:00"));
  story.moves("13:45", Phase::resolved);
  EXPECT_THAT(told(clocks_of(story.events, policy, "16:00")).back(),
              "periodic update 2: stopped (resolved), used 105 of 120, due none");
}

TEST(Rule12, AResponseIsAPublicCommentByAHumanOfTheSupportSide) {
  struct Row {
    const char* what;
    Author author;
    bool is_public;
    bool answers;
  };
  for (const Row& row : std::initializer_list<Row>{
           {"support's public comment", Author::support, true, true},
           {"a maintainer's public answer on the community tracker", Author::maintainer, true, true},
           {"an internal note", Author::support, false, false},
           {"a bot, an automatic reply, a notification", Author::machine, true, false},
           {"our own mirrored write", Author::own, true, false},
           {"the customer's own comment", Author::customer, true, false},
           {"the vendor", Author::vendor, true, false},
       }) {
    Story story{"09:00"};
    story.add("10:00", Commented{row.author, row.is_public});
    EXPECT_EQ(only_clock(story, response_in_4h, "11:00"),
              row.answers ? "met, used 60 of 240, due 13:00" : "running, used 120 of 240, due 13:00")
        << row.what;
  }
  Policy support_only = response_in_4h;
  support_only.responders = {Author::support};
  EXPECT_EQ(only_clock(Story{"09:00"}.says("10:00", Author::maintainer), support_only, "11:00"),
            "running, used 120 of 240, due 13:00")
      << "configurable";
}

TEST(Rule12, ResolvingWithoutAnAnswerIsNoAnswerButStopsTheClock) {
  Story story = Story{"09:00"}.moves("10:00", Phase::resolved);
  EXPECT_EQ(only_clock(story, response_in_4h, "12:00"),
            "stopped (resolved without a response), used 60 of 240, due none");
  story.moves("12:00", Phase::working);
  EXPECT_EQ(only_clock(story, response_in_4h, "13:00"), "running, used 120 of 240, due 15:00");
}

TEST(Rule13, ASeverityChangeKeepsElapsedTimeAndSwapsTheTarget) {
  const Policy policy =
      policy_of({promise(Target::total_resolution, 2h, {"high"}), promise(Target::total_resolution, 3h, {"medium"}),
                 promise(Target::total_resolution, 8h, {"low"})});
  Story story = Story{"10:00", "medium"}.severity("11:00", "high");
  EXPECT_EQ(only_clock(story, policy, "11:30"), "running, used 90 of 120, due 12:00");
  story.severity("12:30", "low");
  EXPECT_EQ(only_clock(story, policy, "13:00"), "breached, used 180 of 480, due 12-03 10:00")
      << "lowering the severity does not erase a breach";
}

TEST(Rule13, ADueTimeThatAChangeMovesIntoThePastIsABackDatedBreachWithMutedAlarms) {
  const Policy policy =
      policy_of({promise(Target::total_resolution, 2h, {"high"}), promise(Target::total_resolution, 8h, {"low"})});
  const Story story = Story{"09:00", "low"}.severity("13:00", "high");
  const Clocks clocks = clocks_of(story.events, policy, "13:00");
  ASSERT_THAT(clocks.clocks, SizeIs(1));
  EXPECT_EQ(told(clocks.clocks[0]), "breached (a change put the due time into the past), used 240 of 120, due 11:00");
  EXPECT_TRUE(clocks.clocks[0].back_dated);
  EXPECT_EQ(clocks.clocks[0].breached_at, on("13:00"));
  EXPECT_THAT(alarms_due(clocks, {}), IsEmpty());
  EXPECT_EQ(next_level(clocks, {}), std::nullopt);
}

TEST(Rule13, ASeverityThatLastedNoTimeIsNoBreach) {
  const Policy policy =
      policy_of({promise(Target::total_resolution, 2h, {"high"}), promise(Target::total_resolution, 8h, {"low"})});
  const Story story = Story{"09:00", "low"}.severity("13:00", "high").severity("13:00", "low");
  EXPECT_EQ(only_clock(story, policy, "14:00"), "running, used 300 of 480, due 17:00");
}

TEST(Rule13, ATargetMayBeMeasuredByAnotherCalendarAtAnotherSeverity) {
  Policy policy =
      policy_of({promise(Target::total_resolution, 4h, {"high"}), promise(Target::total_resolution, 16h, {"low"})});
  policy.promises[0].calendar = "always";
  const Story story = Story{"15:00", "low"}.severity("20:00", "high");
  EXPECT_EQ(only_clock(story, policy, "21:00"), "running, used 180 of 240, due 22:00");
}

TEST(Rule14, ReopeningContinuesResolutionInsideTheWindowWithTheClosedTimePaused) {
  const Policy policy = policy_of({promise(Target::first_response, 4h), promise(Target::first_resolution, 8h),
                                   promise(Target::total_resolution, 8h)});
  Story story{"09:00"};
  story.says("10:00", Author::support).moves("11:00", Phase::resolved).moves("12:00", Phase::closed);
  const std::string response = "first response 1: met, used 60 of 240, due 13:00";
  const std::string first = "first resolution 1: met, used 120 of 480, due 17:00";
  EXPECT_THAT(told(clocks_of(story.events, policy, "13:00")),
              ElementsAre(response, first, "total resolution 1: met, used 120 of 480, due 17:00"));
  story.moves("14:00", Phase::working);
  EXPECT_THAT(told(clocks_of(story.events, policy, "15:00")),
              ElementsAre(response, first, "total resolution 1: running, used 180 of 480, due 12-03 12:00"));
  story.moves("16:00", Phase::resolved).moves("2026-12-16T16:00:00+01:00", Phase::working);
  EXPECT_THAT(told(clocks_of(story.events, policy, "2026-12-16T17:00:00+01:00")),
              ElementsAre(response, first, "total resolution 1: running, used 300 of 480, due 12-17 12:00"))
      << "14 days to the second are inside the window";
}

TEST(Rule14, ReopeningAfterTheWindowBeginsANewCycle) {
  const Policy policy = policy_of({promise(Target::first_response, 4h), promise(Target::total_resolution, 8h)});
  Story story{"09:00"};
  story.says("10:00", Author::support).moves("11:00", Phase::resolved);
  story.moves("2026-12-16T11:00:01+01:00", Phase::working);
  EXPECT_THAT(told(clocks_of(story.events, policy, "2026-12-16T12:00:01+01:00")),
              ElementsAre("first response 1: met, used 60 of 240, due 13:00",
                          "total resolution 1: met, used 120 of 480, due 17:00",
                          "total resolution 2: running, used 60 of 480, due 12-17 11:00"));
}

TEST(Rule15, AMergeKeepsTheEarliestStartOfTheSurvivorAndStopsTheOther) {
  const Policy policy = policy_of({promise(Target::first_response, 4h), promise(Target::total_resolution, 8h)});
  Story survivor{"11:00"};
  survivor.says("11:30", Author::support).add("12:00", Absorbed{on("09:00")});
  EXPECT_THAT(told(clocks_of(survivor.events, policy, "13:00")),
              ElementsAre("first response 1: met, used 30 of 240, due 15:00",
                          "total resolution 1: running, used 240 of 480, due 17:00"))
      << "what had ended before the merge is not judged anew";
  Story other{"09:00"};
  other.add("12:00", MergedAway{}).says("13:00", Author::support).moves("14:00", Phase::closed);
  EXPECT_THAT(told(clocks_of(other.events, policy, "16:00")),
              ElementsAre("first response 1: merged (merged into another ticket), used 180 of 240, due none",
                          "total resolution 1: merged (merged into another ticket), used 180 of 480, due none"));
  EXPECT_EQ(next_level(clocks_of(other.events, policy, "16:00"), {}), std::nullopt);

  Story late{"14:00"};
  late.add("15:00", Absorbed{on("09:00")});
  const Clocks clocks = clocks_of(late.events, response_in_4h, "15:00");
  EXPECT_EQ(told(clocks.clocks.at(0)),
            "breached (a change put the due time into the past), used 360 of 240, due 13:00");
  EXPECT_THAT(alarms_due(clocks, {}), IsEmpty());
}

TEST(Rule15, WhoIsNoLongerEntitledHasNoRunningClocksAndNoDueTimes) {
  Story story = Story{"09:00"}.add("10:00", EntitlementChanged{false});
  EXPECT_EQ(only_clock(story, response_in_4h, "12:00"), "stopped (no longer entitled), used 60 of 240, due none");
  EXPECT_EQ(next_level(clocks_of(story.events, response_in_4h, "12:00"), {}), std::nullopt);
  story.add("12:00", EntitlementChanged{true});
  EXPECT_EQ(only_clock(story, response_in_4h, "13:00"), "running, used 120 of 240, due 15:00");
}

TEST(Rule16, AZeroTargetMeansNoTarget) {
  EXPECT_EQ(only_clock(Story{"09:00"}, policy_of({promise(Target::first_response, 0h)}), "12:00"), "0 clocks");
  const Policy policy =
      policy_of({promise(Target::total_resolution, 0h, {"low"}), promise(Target::total_resolution, 8h)});
  EXPECT_EQ(only_clock(Story{"09:00", "high"}.severity("10:00", "low"), policy, "12:00"),
            "stopped (no target at this severity), used 180, due none");
}

TEST(Rule16, SlaOlaAndVendorClocksRunSideBySideAndOfOneKindTheFirstMatchCounts) {
  std::vector<Policy> policies{
      policy_of({promise(Target::first_response, 4h)}), policy_of({promise(Target::first_response, 1h)}),
      policy_of({promise(Target::first_response, 2h)}), policy_of({promise(Target::first_response, 3h)})};
  policies[0].plans = {"silver"};
  policies[2].kind = PolicyKind::ola;
  policies[2].responders = {Author::maintainer};
  policies[3].kind = PolicyKind::vendor;
  policies[3].responders = {Author::vendor};
  policies[3].starts_when_handed_over = true;
  Story story{"09:00"};
  story.says("09:30", Author::support).add("12:00", HandedOver{.to_vendor = true});
  const auto clocks = derive(story.events, policies_of(policies, "gold"), calendars(), on("13:00"));
  ASSERT_TRUE(clocks);
  EXPECT_THAT(told(*clocks), ElementsAre("first response 1: met, used 30 of 60, due 10:00",
                                         "first response 1: breached, used 240 of 120, due 11:00",
                                         "first response 1: running, used 60 of 180, due 15:00"));
  EXPECT_THAT(shadowed(policies), IsEmpty());
  policies[0].plans = {};
  EXPECT_THAT(shadowed(policies), ElementsAre(HasSubstr("is never used")));
}

TEST(Rule16, ShadowedPromisesAreNamed) {
  Policy policy = policy_of({promise(Target::first_response, 4h), promise(Target::first_response, 1h, {"high"})});
  EXPECT_THAT(
      shadowed(std::vector{policy}),
      ElementsAre("policy gold: promise 2 (first response) is never used: promise 1 takes every case it is for"));
  std::swap(policy.promises[0], policy.promises[1]);
  EXPECT_THAT(shadowed(std::vector{policy}), IsEmpty());
}

TEST(Rule16, APromiseMayBeForAServiceTypeOrForWhatWasOpenedOutOfHours) {
  Policy policy = policy_of(
      {promise(Target::first_response, 1h), promise(Target::first_response, 2h), promise(Target::first_response, 4h)});
  policy.promises[0].service_types = {"training"};
  policy.promises[1].opened_in_hours = false;
  EXPECT_EQ(only_clock(Story{"09:00"}, policy, "10:00"), "running, used 60 of 240, due 13:00");
  EXPECT_EQ(only_clock(Story{"08:00"}, policy, "10:00"), "running, used 60 of 120, due 11:00");
  Given training;
  training.service_type = "training";
  EXPECT_THAT(told(clocks_of(Story{"09:00"}.events, policy, "09:30", training)),
              ElementsAre("first response 1: running, used 30 of 60, due 10:00"));
}

TEST(Rule16, BestEffortIsMeasuredAndNeverBreached) {
  Policy policy = response_in_4h;
  policy.promises[0].best_effort = true;
  EXPECT_EQ(only_clock(Story{"09:00"}, policy, "16:00"), "running, used 420 of 240, due 13:00");
  EXPECT_EQ(next_level(clocks_of(Story{"09:00"}.events, policy, "10:00"), {}), std::nullopt);
}

Policy with_levels() {
  Policy policy = response_in_4h;
  policy.promises[0].levels = {{.name = "half", .percent = 50, .before = {}, .overdue = {}},
                               {.name = "soon", .percent = {}, .before = 1h, .overdue = {}},
                               {.name = "manager", .percent = {}, .before = {}, .overdue = 1h}};
  return policy;
}

TEST(Rule18, WarningsAreComputedInBusinessTimeAndFireOnce) {
  const Policy policy = with_levels();
  const Story story{"15:00"};
  const Clocks clocks = clocks_of(story.events, policy, "16:00");
  std::vector<std::string> levels;
  for (const Level& level : clocks.clocks.at(0).levels) levels.push_back(level.name + " " + clock_text(level.at));
  EXPECT_THAT(levels, ElementsAre("half 17:00", "soon 12-03 10:00", "breach 12-03 11:00", "manager 12-03 12:00"));
  EXPECT_EQ(next_level(clocks, {}), on("17:00"));
  EXPECT_THAT(alarms_due(clocks, {}), IsEmpty());

  const Clocks later = clocks_of(story.events, policy, "2026-12-03T10:00:00+01:00");
  const Alarm half{"gold", Target::first_response, on("15:00"), "half"};
  const Alarm soon{"gold", Target::first_response, on("15:00"), "soon"};
  EXPECT_THAT(alarms_due(later, {}), ElementsAre(half, soon));
  EXPECT_THAT(alarms_due(later, {half}), ElementsAre(soon)) << "once, across restarts too";
  EXPECT_EQ(next_level(later, {half, soon}), on("2026-12-03T11:00:00.001+01:00"));
  const Clocks over = clocks_of(story.events, policy, "2026-12-03T16:00:00+01:00");
  EXPECT_THAT(alarms_due(over, {half, soon}), SizeIs(2)) << "breach and manager";
}

TEST(Rule18, WhatHasEndedWarnsNobody) {
  const Clocks clocks = clocks_of(Story{"09:00"}.says("10:00", Author::support).events, with_levels(), "16:00");
  EXPECT_THAT(alarms_due(clocks, {}), IsEmpty());
  EXPECT_EQ(next_level(clocks, {}), std::nullopt);
}

TEST(Rule19, AnAlarmRaisedBeforeATimelyAnswerWasSeenIsWithdrawn) {
  Story story{"09:00"};
  Given given;
  given.alarms_raised = {{"gold", Target::first_response, on("09:00"), "breach"}};
  EXPECT_THAT(clocks_of(story.events, response_in_4h, "13:30", given).withdrawals, IsEmpty()) << "it was right so far";
  story.says("12:59", Author::support);  // seen late, by the tracker's own time in time
  const Clocks clocks = clocks_of(story.events, response_in_4h, "14:00", given);
  ASSERT_THAT(clocks.withdrawals, SizeIs(1));
  EXPECT_EQ(clocks.withdrawals[0].reason, "answered in time, alarm withdrawn");
  EXPECT_EQ(told(clocks.clocks[0]), "met, used 239 of 240, due 13:00");

  Story paused{"09:00"};
  Given resolution;
  resolution.alarms_raised = {{"gold", Target::total_resolution, on("09:00"), "breach"}};
  paused.moves("10:00", Phase::pending);
  EXPECT_EQ(
      clocks_of(paused.events, resolution_in_8h, "2026-12-03T10:00:00+01:00", resolution).withdrawals.at(0).reason,
      "not yet due, alarm withdrawn");
}

TEST(Rule19, JudgedByElapsedBusinessTimeNotByComparingWallClocks) {
  // due at closing time, answered before the next opening: no business time has passed in between
  const Story story = Story{"13:00"}.says("23:00", Author::support);
  EXPECT_EQ(only_clock(story, response_in_4h, "2026-12-04T12:00:00+01:00"), "met, used 240 of 240, due 17:00");
}

TEST(Rule20, AbsoluteTimeLeftAndBusinessTimeUsedAreBothShownForEveryClock) {
  const Policy policy = policy_of(
      {promise(Target::first_response, 4h), promise(Target::workaround, 6h), promise(Target::first_resolution, 8h)});
  const Clocks clocks = clocks_of(Story{"15:00"}.events, policy, "16:00");
  ASSERT_THAT(clocks.clocks, SizeIs(3));
  EXPECT_EQ(clocks.clocks[0].elapsed, 1h);
  EXPECT_EQ(clocks.clocks[0].remaining, milliseconds{3h});
  EXPECT_EQ(clocks.clocks[0].time_left, milliseconds{19h}) << "16:00 to 11:00 of the next day";
  EXPECT_EQ(clocks.clocks[2].remaining, milliseconds{7h});
}

TEST(Workaround, EndsWithAWorkaroundOrWithTheSolution) {
  const Policy policy = policy_of({promise(Target::workaround, 4h)});
  EXPECT_EQ(only_clock(Story{"09:00"}.add("11:00", WorkaroundGiven{}), policy, "15:00"),
            "met, used 120 of 240, due 13:00");
  EXPECT_EQ(only_clock(Story{"09:00"}.moves("14:00", Phase::resolved), policy, "15:00"),
            "breached, used 300 of 240, due 13:00");
}

TEST(Segments, TellForEachStretchWhetherItCountedAndWhy) {
  Given given;
  given.segments = true;
  const Story story = Story{"08:00", "low"}
                          .severity("10:00", "high")
                          .moves("11:00", Phase::waiting_for_customer)
                          .moves("12:00", Phase::working)
                          .add("13:00", EntitlementChanged{false})
                          .add("14:00", EntitlementChanged{true});
  const Clocks clocks = clocks_of(story.events, resolution_in_8h, "18:00", given);
  std::vector<std::string> lines;
  milliseconds counted{0};
  for (const Segment& segment : clocks.clocks.at(0).segments) {
    lines.push_back(clock_text(segment.from) + " " + segment.reason);
    if (segment.kind == Segment::Kind::counted) counted += segment.until - segment.from;
  }
  EXPECT_THAT(lines, ElementsAre("08:00 outside support hours", "09:00 support hours at severity low",
                                 "10:00 support hours at severity high", "11:00 waiting for the customer",
                                 "12:00 support hours at severity high", "13:00 no longer entitled",
                                 "14:00 support hours at severity high", "17:00 outside support hours"));
  EXPECT_EQ(counted, clocks.clocks[0].elapsed);
}

TEST(Derive, RefusesACalendarThatIsNotThereAndAHistoryWithoutABeginningHasNoClocks) {
  Policy lost = response_in_4h;
  lost.calendar = "lost";
  const std::vector<const Policy*> policies{&lost};
  const auto clocks = derive(Story{"09:00"}.events, policies, calendars(), on("10:00"));
  ASSERT_FALSE(clocks);
  EXPECT_THAT(clocks.error().message, HasSubstr("there is no calendar \"lost\""));
  EXPECT_THAT(told(clocks_of({}, response_in_4h, "10:00")), IsEmpty());
  EXPECT_THAT(told(clocks_of(Story{"09:00"}.events, response_in_4h, "08:59")), IsEmpty()) << "not opened yet";
}

}  // namespace
}  // namespace causeway::policy::sla
