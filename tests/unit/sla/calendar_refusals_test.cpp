/// Rule 7: what cannot be a calendar is refused, with the place and the reason, everything at once.
#include <gmock/gmock.h>

#include "tests/unit/sla/calendars.hpp"

namespace causeway::policy::sla {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<CalendarProblem> refusal(const CalendarText& text) {
  const auto made = Calendar::make(text);
  return made ? std::vector<CalendarProblem>{} : made.error();
}

CalendarText monday(std::vector<IntervalText> intervals) {
  return {"Europe/Berlin", {{"mon", std::move(intervals)}}, {}, {}};
}

TEST(Refusal, NamesThePlaceAndTheReason) {
  struct Row {
    CalendarText text;
    const char* place;
    const char* reason;
  };
  CalendarText twice = office();
  twice.hours.push_back({"mon", {}});
  CalendarText unknown_day = office();
  unknown_day.hours.push_back({"monday", {{"09:00", "17:00"}}});
  CalendarText bad_override = office();
  bad_override.overrides = {{"2026-02-30", {}}};
  CalendarText override_hours = office();
  override_hours.overrides = {{"2026-12-24", {{"12:00", "09:00"}}}};
  CalendarText override_twice = office();
  override_twice.overrides = {{"2026-12-24", {}}, {"2026-12-24", {}}};
  CalendarText bad_holiday = office();
  bad_holiday.holidays = {"2026-12-25", "25.12.2026"};
  CalendarText no_zone = office();
  no_zone.zone = "";
  CalendarText unknown_zone = office();
  unknown_zone.zone = "Europe/Atlantis";

  for (const Row& row : std::initializer_list<Row>{
           {{"Europe/Berlin", {}, {}, {}}, "hours", "no open minute at all"},
           {{"Europe/Berlin", {{"mon", {}}}, {{"2026-12-24", {}}}, {}}, "hours", "no open minute at all"},
           {monday({{"09:00", "09:00"}}), "hours/mon interval 1", "09:00 to 09:00 is empty"},
           {monday({{"17:00", "09:00"}}), "hours/mon interval 1", "17:00 to 09:00 is reversed"},
           {monday({{"22:00", "06:00"}}), "hours/mon interval 1", "a shift over midnight is two intervals"},
           {monday({{"18:00", "00:00"}}), "hours/mon interval 1", "a day ends at 24:00"},
           {monday({{"09:00", "12:00"}, {"11:00", "13:00"}}), "hours/mon interval 2", "overlaps 09:00 to 12:00"},
           {monday({{"11:00", "13:00"}, {"09:00", "12:00"}}), "hours/mon interval 2", "overlaps 11:00 to 13:00"},
           {monday({{"09:00", "12:00"}, {"09:00", "12:00"}}), "hours/mon interval 2", "overlaps"},
           {monday({{"08:00", "18:00"}, {"09:00", "10:00"}, {"11:00", "12:00"}}), "hours/mon interval 2", "overlaps"},
           {monday({{"8:0", "12:00"}}), "hours/mon interval 1", "\"8:0\" is no time of day"},
           {monday({{"0800", "12:00"}}), "hours/mon interval 1", "is no time of day"},
           {monday({{"08:60", "12:00"}}), "hours/mon interval 1", "is no time of day"},
           {monday({{"08:00:", "12:00"}}), "hours/mon interval 1", "is no time of day"},
           {monday({{"-8:00", "12:00"}}), "hours/mon interval 1", "is no time of day"},
           {monday({{"08:00 ", "12:00"}}), "hours/mon interval 1", "is no time of day"},
           {monday({{"08:00", ""}}), "hours/mon interval 1", "is no time of day"},
           {monday({{"08:00", "24:01"}}), "hours/mon interval 1", "\"24:01\" is outside 00:00 to 24:00"},
           {monday({{"08:00", "25:00"}}), "hours/mon interval 1", "is outside 00:00 to 24:00"},
           {monday({{"24:00", "24:00"}}), "hours/mon interval 1", "is empty"},
           {twice, "hours/mon", "given twice"},
           {unknown_day, "hours/monday", "no such day"},
           {bad_override, "overrides/2026-02-30", "is no date"},
           {override_hours, "overrides/2026-12-24 interval 1", "is reversed"},
           {override_twice, "overrides/2026-12-24", "given twice"},
           {bad_holiday, "holidays/2", "\"25.12.2026\" is no date"},
           {no_zone, "tz", "no time zone is given"},
           {unknown_zone, "tz", "there is no time zone \"Europe/Atlantis\""},
       }) {
    const auto problems = refusal(row.text);
    ASSERT_THAT(problems, testing::Not(IsEmpty())) << row.place << ": " << row.reason;
    EXPECT_EQ(problems[0].place, row.place);
    EXPECT_THAT(problems[0].reason, HasSubstr(row.reason));
  }
}

TEST(Refusal, TellsEverythingAtOnce) {
  const CalendarText text{"Nowhere",
                          {{"mon", {{"17:00", "09:00"}, {"8:0", "25:00"}}}, {"moon", {}}},
                          {{"tomorrow", {{"09:00", "09:00"}}}},
                          {"never"}};
  EXPECT_THAT(refusal(text), SizeIs(8));
  EXPECT_THAT(to_text(refusal(text)), HasSubstr("\"8:0\" is no time of day; write HH:MM, for example 08:00; hours/mon "
                                                "interval 2: \"25:00\" is outside 00:00 to 24:00"));
}

TEST(Refusal, DoesNotMeetWhatIsUnusualButFine) {
  EXPECT_THAT(refusal(monday({{"13:00", "17:00"}, {"09:00", "12:00"}})), IsEmpty()) << "out of order";
  EXPECT_THAT(refusal(monday({{"09:00", "12:00"}, {"12:00", "17:00"}})), IsEmpty()) << "they only touch";
  EXPECT_THAT(refusal(monday({{"00:00", "24:00"}})), IsEmpty());
  EXPECT_THAT(refusal(monday({{"09:00:01", "24:00:00"}})), IsEmpty());
  EXPECT_THAT(refusal({"UTC", {}, {{"2028-02-29", {{"09:00", "10:00"}}}}, {}}), IsEmpty()) << "one date is enough";
  CalendarText same = office();
  same.holidays = {"2026-12-25", "2026-12-25"};
  EXPECT_THAT(refusal(same), IsEmpty()) << "a holiday of two lists";
}

}  // namespace
}  // namespace causeway::policy::sla
