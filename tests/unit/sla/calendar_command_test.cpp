/// `causeway calendar` as a stranger's program uses it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "tests/fakes/process/process.hpp"
#include "tests/unit/store/temporary_folder.hpp"

namespace causeway::fakes {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

std::vector<std::string> answers(const std::string& input, const std::map<std::string, std::string>& environment = {}) {
  const Ended ended =
      run({.words = {CAUSEWAY_BIN, "calendar"}, .environment = environment, .folder = "/tmp", .input = input});
  EXPECT_EQ(ended.code, 0);
  EXPECT_EQ(ended.err, "");
  std::vector<std::string> lines;
  std::istringstream stream{ended.out};
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

/// A request with the calendar that most of them use.
std::string ask(const std::string& rest) {
  return R"({"calendar":{"tz":"Europe/Berlin","hours":{"mon":[["09:00","12:00"],["13:00","17:00"]],)"
         R"("tue":[["09:00","12:00"],["13:00","17:00"]],"wed":[["09:00","12:00"],["13:00","17:00"]],)"
         R"("thu":[["09:00","12:00"],["13:00","17:00"]],"fri":[["09:00","12:00"],["13:00","17:00"]]},)"
         R"("holidays":["2026-12-25"],"overrides":{"2026-12-24":[["09:00","12:00"]]}},)" +
         rest + "}\n";
}

std::string answer(const std::string& rest) {
  const auto lines = answers(ask(rest));
  return lines.size() == 1 ? lines[0] : fmt::format("{} lines", lines.size());
}

TEST(CalendarCommand, AddsSubtractsAndMeasures) {
  EXPECT_EQ(answer(R"("op":"add","start":"2026-03-27T15:30:00+01:00","minutes":240)"),
            R"({"result":"2026-03-30T11:30:00+02:00"})");
  EXPECT_EQ(answer(R"("op":"subtract","start":"2026-03-30T11:30:00+02:00","minutes":240)"),
            R"({"result":"2026-03-27T15:30:00+01:00"})");
  EXPECT_EQ(answer(R"("op":"between","start":"2026-03-27T15:30:00+01:00","end":"2026-03-30T10:05:00+02:00")"),
            R"({"result":155})");
  EXPECT_EQ(answer(R"("op":"between","start":"2026-03-30T10:05:00Z","end":"2026-03-27T15:30:00Z")"), R"({"result":0})");
  EXPECT_EQ(answer(R"("op":"add","start":"2026-12-24T08:30:00Z","minutes":180)"),
            R"({"result":"2026-12-28T09:30:00+01:00"})");
}

TEST(CalendarCommand, KeepsSeconds) {
  EXPECT_EQ(answer(R"("op":"between","start":"2026-03-30T10:00:00+02:00","end":"2026-03-30T10:01:30+02:00")"),
            R"({"result":1.5})");
  EXPECT_EQ(answer(R"("op":"add","start":"2026-03-30T10:00:00+02:00","seconds":61)"),
            R"({"result":"2026-03-30T10:01:01+02:00"})");
  EXPECT_EQ(answer(R"("op":"add","start":"2026-03-30T10:00:00+02:00","minutes":0.5)"),
            R"({"result":"2026-03-30T10:00:30+02:00"})");
}

TEST(CalendarCommand, KnowsPausesWithAndWithoutAnEnd) {
  EXPECT_EQ(answer(R"("op":"add","start":"2026-03-30T09:00:00+02:00","minutes":60,)"
                   R"("pauses":[["2026-03-30T09:30:00+02:00","2026-03-30T10:30:00+02:00"]])"),
            R"({"result":"2026-03-30T11:00:00+02:00"})");
  EXPECT_THAT(answer(R"("op":"add","start":"2026-03-30T09:00:00+02:00","minutes":60,)"
                     R"("pauses":[["2026-03-30T09:30:00+02:00",null]])"),
              StartsWith(R"({"error":"start: paused since 2026-03-30T09:30:00+02:00)"));
  EXPECT_EQ(answer(R"("op":"between","start":"2026-03-30T09:00:00+02:00","end":"2026-03-31T09:00:00+02:00",)"
                   R"("pauses":[["2026-03-30T09:30:00+02:00",null]])"),
            R"({"result":30})");
}

TEST(CalendarCommand, TakesALocalTimeWhereNoOffsetIsWritten) {
  EXPECT_EQ(answer(R"("op":"add","start":"2026-03-27T15:30:00","minutes":240)"),
            R"({"result":"2026-03-30T11:30:00+02:00"})");
}

TEST(CalendarCommand, AnswersEveryLineAndSaysWhatIsWrongWithIt) {
  const std::string good = ask(R"("op":"add","start":"2026-03-27T15:30:00+01:00","minutes":240)");
  const std::vector<std::pair<std::string, std::string>> table{
      {"no json", "this is no JSON, at character"},
      {"", "this is no JSON"},
      {"[1,2]", "one JSON object"},
      {std::string(100'000, '['), "this is no JSON"},
      {R"({"op":"add"})", "calendar: a calendar is missing"},
      {R"({"calendar":{"tz":"UTC","hours":{"mon":[]}},"op":"add","start":"2026-03-27T15:30:00Z","minutes":1})",
       "hours: there is no open minute at all"},
      {R"({"calendar":{"tz":"Mars/Base","hours":{"moon":[["8:0","25:00"]]}},"op":"jump","start":"x","minute":1})",
       "tz: there is no time zone"},
      {R"({"calendar":{"hours":{"mon":[["09:00","10:00"]]}},"op":"add","start":"2026-03-27T15:30:00Z","minutes":1})",
       "tz: this is missing"},
      {R"({"calendar":{"tz":"UTC","hours":{"mon":["09:00"]}},"op":"add","start":"2026-03-27T15:30:00Z","minutes":1})",
       "hours/mon: an interval is two times of day"},
      {ask(R"("op":"jump","start":"2026-03-27T15:30:00Z","minutes":1)"), "there is no operation"},
      {ask(R"("op":"add","start":"yesterday","minutes":1)"), "is no instant"},
      {ask(R"("op":"add","start":"2026-03-27T15:30:00Z")"), "give either minutes or seconds"},
      {ask(R"("op":"add","start":"2026-03-27T15:30:00Z","minutes":1,"seconds":1)"), "give either minutes or seconds"},
      {ask(R"("op":"add","start":"2026-03-27T15:30:00Z","minutes":-1)"), "must not be negative"},
      {ask(R"("op":"add","start":"2026-03-27T15:30:00Z","minutes":1e300)"), "more time than"},
      {ask(R"("op":"add","start":"2026-03-27T15:30:00Z","minutes":"4")"), "must be a number"},
      {ask(R"("op":"between","start":"2026-03-27T15:30:00Z")"), "end: this is missing"},
      {ask(R"("op":"add","start":"2026-03-27T15:30:00Z","minutes":1,"pause":[])"), "did you mean \\\"pauses\\\""},
      {ask(R"("op":"add","start":"2026-03-27T15:30:00Z","minutes":1,"pauses":[[null,null]])"),
       "a pause is two instants"},
      {ask(R"("op":"add","start":"2026-03-27T15:30:00Z","minutes":1,)"
           R"("pauses":[["2026-03-28T00:00:00Z","2026-03-27T00:00:00Z"]])"),
       "pauses/1: it ends before it begins"},
  };
  std::string input;
  for (const auto& [line, reason] : table) input += line + (line.ends_with('\n') ? "" : "\n") + good;
  const auto lines = answers(input);
  ASSERT_EQ(lines.size(), 2 * table.size());
  for (std::size_t index = 0; index < table.size(); ++index) {
    EXPECT_THAT(lines[2 * index], StartsWith(R"({"error":")")) << table[index].first;
    EXPECT_THAT(lines[2 * index], HasSubstr(table[index].second)) << table[index].first;
    EXPECT_EQ(lines[2 * index + 1], R"({"result":"2026-03-30T11:30:00+02:00"})");
  }
}

TEST(CalendarCommand, TellsEverythingThatIsWrongAtOnce) {
  const auto lines = answers(
      R"({"calendar":{"tz":"Mars/Base","hours":{"moon":[["8:0","25:00"]]}},"op":"jump","start":5,"minutes":true})");
  ASSERT_EQ(lines.size(), 1U);
  for (const char* part : {"tz: ", "hours/moon: ", "hours/moon interval 1: ", "op: ", "start: ", "minutes: "})
    EXPECT_THAT(lines[0], HasSubstr(part));
}

TEST(CalendarCommand, AnswersTheSameWhateverTheMachinesTimeZone) {
  std::set<std::vector<std::string>> all;
  for (const char* zone : {"UTC", "America/New_York", "Asia/Kathmandu", "Pacific/Apia", "Europe/Dublin"}) {
    all.insert(answers(ask(R"("op":"add","start":"2026-03-27T15:30:00","minutes":240)") +
                           ask(R"("op":"subtract","start":"2026-03-27T15:30:00+01:00","minutes":9999)"),
                       {{"TZ", zone}}));
  }
  EXPECT_EQ(all.size(), 1U);
  EXPECT_THAT(*all.begin(), testing::Contains(R"({"result":"2026-03-30T11:30:00+02:00"})"));
}

TEST(CalendarCommand, ShowsWhichDatesOfAFileWouldBeHolidays) {
  const TemporaryFolder folder;
  const std::string path = folder.file("holidays.ics");
  const auto shown = [&](const std::vector<std::string>& events, std::vector<std::string> words) {
    std::ofstream file{path};
    file << "BEGIN:VCALENDAR\nVERSION:2.0\n";
    for (const std::string& event : events) file << "BEGIN:VEVENT\n" << event << "END:VEVENT\n";
    file << "END:VCALENDAR\n";
    file.close();
    words.insert(words.begin(), {CAUSEWAY_BIN, "calendar", "--holidays", path, "--year", "2026"});
    return run({.words = std::move(words), .environment = {}, .folder = folder.file(""), .input = {}});
  };
  const std::string christmas = "DTSTART;VALUE=DATE:20201225\nRRULE:FREQ=YEARLY\nSUMMARY:Christmas\x1b[2J\n";
  const Ended fine = shown({christmas}, {});
  EXPECT_EQ(fine.code, 0) << fine.err;
  EXPECT_THAT(fine.out, StartsWith("2026-12-25 fri  Christmas"));
  EXPECT_THAT(fine.out, testing::Not(HasSubstr("\x1b"))) << "strangers write such files";
  const Ended mixed = shown({christmas, "DTSTART:20260501T090000Z\nSUMMARY:Meeting\n"}, {"--json"});
  EXPECT_EQ(mixed.code, 1);
  EXPECT_THAT(mixed.out, HasSubstr(R"({"holidays":[{"date":"2026-12-25","summary":"Christmas)"));
  EXPECT_THAT(mixed.out, HasSubstr("it has a time of day"));
  const Ended none = shown({}, {});
  EXPECT_EQ(none.code, 1);
  EXPECT_THAT(none.err, HasSubstr("there is no event"));
}

TEST(CalendarCommand, TellsTheVersionOfTheZoneData) {
  const auto version = [](const std::map<std::string, std::string>& environment) {
    return run({.words = {CAUSEWAY_BIN, "calendar", "--zone-data"},
                .environment = environment,
                .folder = "/tmp",
                .input = {}})
        .out;
  };
  EXPECT_THAT(version({}), testing::MatchesRegex("[0-9]{4}[a-z]+\n"));
  EXPECT_EQ(version({{"TZDIR", "/nowhere"}}), "unknown\n");
}

TEST(CalendarCommand, HelpHasTheExampleAndTheExitCodes) {
  const Ended help =
      run({.words = {CAUSEWAY_BIN, "calendar", "--help"}, .environment = {}, .folder = "/tmp", .input = {}});
  EXPECT_EQ(help.code, 0);
  EXPECT_THAT(help.out, HasSubstr("Example:\n  causeway calendar"));
  EXPECT_THAT(help.out, HasSubstr("Exit codes: 0 done"));
}

}  // namespace
}  // namespace causeway::fakes
