#include "tests/fakes/jira/zone.hpp"
#include "tests/unit/fakes_jira/fixture.hpp"

namespace causeway::fakes::jira {
namespace {

class JiraTimes : public OnCloud {
 protected:
  /// The clock stands at 2026-11-23T08:00:00Z.
  void live_in(const std::string& zone) {
    jira.change([&](State& state) { state.users.at("712020:syncuser").time_zone = zone; });
  }
  std::string found(const std::string& clause) { return at(search("project = INIT and " + clause), "/issues"); }
};

// Captured payloads: milliseconds and a numeric offset without colon, of the reader's zone.
TEST_F(JiraTimes, AreShownInTheReadersZone) {
  jira.file("INIT", "A title", "text");
  EXPECT_EQ(at(get("/issue/INIT-1"), "/fields/created"), "2026-11-23T08:00:00.000+0000");
  live_in("Asia/Kolkata");
  EXPECT_EQ(at(get("/issue/INIT-1"), "/fields/created"), "2026-11-23T13:30:00.000+0530");
  live_in("America/New_York");
  EXPECT_EQ(at(get("/issue/INIT-1"), "/fields/created"), "2026-11-23T03:00:00.000-0500");
  EXPECT_EQ(at(get("/myself"), "/timeZone"), "America/New_York");
}

// gh airbytehq/airbyte/issues/48492; gh gastownhall/beads/pull/3789.
TEST_F(JiraTimes, OfQueriesAreReadInTheCallersZone) {
  jira.file("INIT", "A title", "text");
  live_in("America/New_York");
  EXPECT_EQ(found("updated >= \\\"2026-11-23 07:59\\\""), "list of 0");  // UTC is the future there
  EXPECT_EQ(found("updated >= \\\"2026/11/23 02:59\\\""), "list of 1");
  live_in("Europe/Moscow");
  EXPECT_EQ(found("updated >= \\\"2026-11-23 11:01\\\""), "list of 0");
  EXPECT_EQ(found("updated >= \\\"2026-11-23 11:00\\\""), "list of 1");
  EXPECT_EQ(found("created >= \\\"2026-11-23\\\""), "list of 1");
}

// "JQL Date Time Formats": minutes, no seconds; a bare number is epoch milliseconds.
TEST_F(JiraTimes, OfQueriesAreWholeMinutes) {
  clock.advance(30s);
  jira.file("INIT", "A title", "text");  // 08:00:30
  live_in("Pacific/Apia");
  EXPECT_EQ(found("updated >= 1795420859999"), "list of 1");  // 08:00:59.999 is 08:00
  EXPECT_EQ(found("updated >= 1795420860000"), "list of 0");  // 08:01
  EXPECT_EQ(search("updated >= \\\"2026-11-23 08:00:00\\\"").status, 400);
  EXPECT_EQ(search("updated >= yesterday").status, 400);
  EXPECT_EQ(found("updated >= -5m"), "list of 1");
  clock.advance(6min);
  EXPECT_EQ(found("updated >= -5m"), "list of 0");
}

TEST(JiraWallTimes, RepeatAnHourAndSkipAnHourWhenClocksAreSet) {
  const auto at = [](const char* text) { return wall_time(text, "Europe/Berlin").value_or(0); };
  EXPECT_EQ(at("2026-10-25 02:30"), parse_instant("2026-10-25T00:30:00Z")->time_since_epoch().count());
  EXPECT_EQ(at("2026-10-25 03:00"), parse_instant("2026-10-25T02:00:00Z")->time_since_epoch().count());
  EXPECT_EQ(at("2026-03-29 02:30"), parse_instant("2026-03-29T01:00:00Z")->time_since_epoch().count());
  EXPECT_EQ(wall_time("2026-13-01", "Etc/UTC"), std::nullopt);
  EXPECT_EQ(wall_time("2026-11-23 24:00", "Etc/UTC"), std::nullopt);
  EXPECT_EQ(zoned_time(0, "No/Such"), "1970-01-01T00:00:00.000+0000");
}

}  // namespace
}  // namespace causeway::fakes::jira
