#include "agent/policy/sla/holidays.hpp"

#include <gmock/gmock.h>

#include "agent/policy/sla/calendar.hpp"

namespace causeway::policy::sla {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::string calendar_of(const std::vector<std::string>& events) {
  std::string text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//example//holidays//EN\r\n";
  for (const std::string& event : events) text += "BEGIN:VEVENT\r\nUID:x@example.org\r\n" + event + "END:VEVENT\r\n";
  return text + "END:VCALENDAR\r\n";
}

Result<HolidayList> read(const std::string& text) {
  return read_holidays(text, *parse_date("2026-01-01"), *parse_date("2028-01-01"));
}

std::vector<std::string> shown(const Result<HolidayList>& list) {
  if (!list) return {"error: " + list.error().message};
  std::vector<std::string> lines;
  for (const Holiday& holiday : list->holidays) lines.push_back(format_date(holiday.date) + " " + holiday.summary);
  return lines;
}

TEST(Holidays, AreTheWholeDaysOfTheirEvents) {
  const auto list = read(calendar_of({
      "DTSTART;VALUE=DATE:20261225\r\nDTEND;VALUE=DATE:20261227\r\nSUMMARY:Christmas\r\n",
      "DTSTART;VALUE=DATE:20260501\r\nSUMMARY:Labour Day\r\n",
      "DTSTART;VALUE=DATE:20261003\r\nDURATION:P1D\r\nSUMMARY:Unity Day\r\n",
      "DTSTART;VALUE=DATE:20251225\r\nDTEND;VALUE=DATE:20251226\r\nSUMMARY:Another year\r\n",
      "DTSTART;VALUE=DATE:20251229\r\nDTEND;VALUE=DATE:20260103\r\nSUMMARY:Over the year's end\r\n",
  }));
  EXPECT_THAT(shown(list),
              ElementsAre("2026-01-01 Over the year's end", "2026-01-02 Over the year's end", "2026-05-01 Labour Day",
                          "2026-10-03 Unity Day", "2026-12-25 Christmas", "2026-12-26 Christmas"));
  EXPECT_THAT(list->problems, IsEmpty());
}

TEST(Holidays, ComeRoundByTheirRule) {
  EXPECT_THAT(shown(read(calendar_of({"DTSTART;VALUE=DATE:20100501\r\nRRULE:FREQ=YEARLY\r\nSUMMARY:Labour Day\r\n"}))),
              ElementsAre("2026-05-01 Labour Day", "2027-05-01 Labour Day"));
  EXPECT_THAT(shown(read(calendar_of({"DTSTART;VALUE=DATE:20101125\r\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH\r\n"
                                      "EXDATE;VALUE=DATE:20261126\r\nSUMMARY:Thanksgiving\r\n"}))),
              ElementsAre("2027-11-25 Thanksgiving"));
  EXPECT_THAT(shown(read(calendar_of({"DTSTART;VALUE=DATE:20240101\r\nRRULE:FREQ=YEARLY;COUNT=3\r\nSUMMARY:A\r\n"}))),
              ElementsAre("2026-01-01 A"));
}

TEST(Holidays, FoldedLinesEscapesAndByteOrderMarksAreRead) {
  const auto list =
      read("\xEF\xBB\xBF" + calendar_of({"DTSTART;VALUE=DATE:2026\r\n 0501\r\nSUMMARY:Tag der\r\n  Arb\r\n eit\\, "
                                         "überall\r\n"}));
  EXPECT_THAT(shown(list), ElementsAre("2026-05-01 Tag der Arbeit, überall"));
  std::string lines = calendar_of({"DTSTART;VALUE=DATE:20260501\r\nSUMMARY:Labour Day\r\n"});
  std::erase(lines, '\r');
  EXPECT_THAT(shown(read(lines)), ElementsAre("2026-05-01 Labour Day"));
}

TEST(Holidays, WhatIsNoWholeDayIsLeftOutAndTold) {
  const auto list = read(calendar_of({
      "DTSTART:20260501T090000Z\r\nDTEND:20260501T100000Z\r\nSUMMARY:Meeting\r\n",
      "SUMMARY:No start\r\n",
      "DTSTART;VALUE=DATE:20260505\r\nSTATUS:CANCELLED\r\nSUMMARY:Cancelled\r\n",
      "DTSTART;VALUE=DATE:20260505\r\nRRULE:FREQ=SECONDLY\r\nSUMMARY:Every second\r\n",
      "DTSTART;VALUE=DATE:20260101\r\nDTEND;VALUE=DATE:20300101\r\nSUMMARY:Years\r\n",
      "DTSTART;VALUE=DATE:20260506\r\nSUMMARY:Fine\r\n",
  }));
  EXPECT_THAT(shown(list), ElementsAre("2026-05-06 Fine"));
  EXPECT_THAT(list->problems, ElementsAre(HasSubstr("\"Meeting\" is left out: it has a time of day"),
                                          HasSubstr("no DTSTART"), HasSubstr("it is cancelled"),
                                          HasSubstr("its RRULE cannot be used"), HasSubstr("longer than a year")));
}

TEST(Holidays, BadInputIsRefusedAndNeverStopsTheProgram) {
  for (const std::string& text : std::initializer_list<std::string>{
           "", "no calendar at all", "BEGIN:VCALENDAR", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "END:VEVENT\r\n",
           std::string(100'000, ':'), "<html><body>404</body></html>", std::string{"BEGIN\0:VEVENT", 13},
           calendar_of({}), std::string(holiday_file_bytes_max + 1, 'x')}) {
    EXPECT_FALSE(read(text)) << text.substr(0, 40);
  }
  for (const char* start : {"20260230", "2026", "99999999", "tomorrow", ""}) {
    const auto list = read(calendar_of({fmt::format("DTSTART;VALUE=DATE:{}\r\nSUMMARY:Bad\r\n", start),
                                        "DTSTART;VALUE=DATE:20260506\r\nSUMMARY:Fine\r\n"}));
    EXPECT_THAT(shown(list), ElementsAre("2026-05-06 Fine")) << start;
    EXPECT_THAT(list->problems, SizeIs(1)) << start;
  }
}

TEST(Holidays, CutAnywhereAreReadOrRefused) {
  const std::string whole =
      calendar_of({"DTSTART;VALUE=DATE:20261225\r\nDTEND;VALUE=DATE:20261227\r\n"
                   "RRULE:FREQ=YEARLY\r\nSUMMARY:Christmas\r\n"});
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const auto list = read(whole.substr(0, length));
    EXPECT_LE(list ? list->holidays.size() : 0U, 4U) << length;
  }
}

}  // namespace
}  // namespace causeway::policy::sla
