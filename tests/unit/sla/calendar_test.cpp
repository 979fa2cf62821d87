/// Calendar arithmetic in the words of its rules: what is commonly got wrong, and what happens here.
#include <gmock/gmock.h>

#include "tests/unit/sla/calendars.hpp"

namespace causeway::policy::sla {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::StartsWith;

struct Measured {
  const char* what;
  CalendarText calendar;
  const char* start;
  const char* end;
  milliseconds open;
};

void expect(const std::vector<Measured>& table) {
  for (const Measured& row : table) {
    EXPECT_EQ(made(row.calendar).between(at(row.start), at(row.end)), row.open) << row.what;
  }
}

CalendarText only(const std::string& zone, const std::string& day, const std::string& opens,
                  const std::string& closes) {
  return {zone, {{day, {{opens, closes}}}}, {}, {}};
}

TEST(Rule1, ElapsedRealTimeInsideLocalHours) {
  expect({
      {"a Sunday of 25 hours that is open all day", only("Europe/Berlin", "sun", "00:00", "24:00"),
       "2026-10-24T12:00:00Z", "2026-10-26T12:00:00Z", 25h},
      {"a Sunday of 23 hours", only("Europe/Berlin", "sun", "00:00", "24:00"), "2026-03-28T12:00:00Z",
       "2026-03-30T12:00:00Z", 23h},
      {"an interval partly inside a gap keeps its surviving part", only("Europe/Berlin", "sun", "01:30", "02:30"),
       "2026-03-28T12:00:00Z", "2026-03-30T12:00:00Z", 30min},
      {"an interval that ends inside a gap's other half", only("Europe/Berlin", "sun", "02:30", "03:30"),
       "2026-03-28T12:00:00Z", "2026-03-30T12:00:00Z", 30min},
      {"an interval wholly inside a gap has no minutes", only("Europe/Berlin", "sun", "02:00", "03:00"),
       "2026-03-28T12:00:00Z", "2026-03-30T12:00:00Z", 0h},
      {"in an overlap both occurrences count", only("Europe/Berlin", "sun", "02:15", "02:45"), "2026-10-24T12:00:00Z",
       "2026-10-26T12:00:00Z", 1h},
      {"half an hour of daylight saving", only("Australia/Lord_Howe", "sun", "00:00", "24:00"), "2026-04-03T12:00:00Z",
       "2026-04-06T12:00:00Z", 24h + 30min},
      {"the clock is put back over midnight", only("America/Sao_Paulo", "sat", "23:00", "24:00"),
       "2018-02-17T12:00:00Z", "2018-02-19T12:00:00Z", 2h},
      {"the offset is changed for good", only("Asia/Pyongyang", "fri", "00:00", "24:00"), "2018-05-03T12:00:00Z",
       "2018-05-05T12:00:00Z", 23h + 30min},
      {"after the years that the zone data lists one by one", only("Europe/Berlin", "sun", "00:00", "24:00"),
       "2045-10-28T12:00:00Z", "2045-10-30T12:00:00Z", 25h},
  });
}

TEST(Rule1, TimeIsAddedThroughBothChangesOfTheClock) {
  const Calendar berlin = whole_days("Europe/Berlin");
  EXPECT_EQ(shown(berlin, berlin.add(at("2026-03-29T01:30:00+01:00"), 1h)), "2026-03-29T03:30:00+02:00");
  EXPECT_EQ(shown(berlin, berlin.add(at("2026-10-25T02:30:00+02:00"), 1h)), "2026-10-25T02:30:00+01:00");
  EXPECT_EQ(shown(berlin, berlin.subtract(at("2026-03-29T03:30:00+02:00"), 1h)), "2026-03-29T01:30:00+01:00");
}

TEST(Rule2, ALocalTimeThatDoesNotExistIsOneGapLaterAndAnAmbiguousOneIsItsFirstOccurrence) {
  struct Row {
    const char* zone;
    const char* local;  ///< written as if UTC
    const char* instant;
  };
  for (const Row& row : std::initializer_list<Row>{
           {"Europe/Berlin", "2026-03-29T02:30:00Z", "2026-03-29T03:30:00+02:00"},
           {"Europe/Berlin", "2026-03-29T01:59:59Z", "2026-03-29T01:59:59+01:00"},
           {"Europe/Berlin", "2026-03-29T03:00:00Z", "2026-03-29T03:00:00+02:00"},
           {"Europe/Berlin", "2026-10-25T02:30:00Z", "2026-10-25T02:30:00+02:00"},
           {"Europe/Berlin", "2026-10-25T03:00:00Z", "2026-10-25T03:00:00+01:00"},
           // these two call their winter time the daylight saving one
           {"Europe/Dublin", "2026-10-25T01:30:00Z", "2026-10-25T01:30:00+01:00"},
           {"Europe/Dublin", "2026-03-29T01:30:00Z", "2026-03-29T02:30:00+01:00"},
           {"Africa/Casablanca", "2024-03-10T02:30:00Z", "2024-03-10T02:30:00+01:00"},
           {"Africa/Casablanca", "2024-04-14T02:30:00Z", "2024-04-14T03:30:00+01:00"},
           // midnights that do not exist
           {"America/Sao_Paulo", "2018-11-04T00:00:00Z", "2018-11-04T01:00:00-02:00"},
           {"America/Havana", "2026-03-08T00:00:00Z", "2026-03-08T01:00:00-04:00"},
           {"Asia/Tehran", "2021-03-22T00:00:00Z", "2021-03-22T01:00:00+04:30"},
           // a whole date that does not exist
           {"Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-31T10:00:00+14:00"},
       }) {
    const Zone zone = *Zone::find(row.zone);
    EXPECT_EQ(zone.format(zone.instant_of(LocalTime{at(row.local).time_since_epoch()})), row.instant) << row.zone;
  }
}

TEST(Rule2, AMidnightOrADateThatDoesNotExistHasNoMinutes) {
  expect({
      {"São Paulo", only("America/Sao_Paulo", "sun", "00:00", "02:00"), "2018-11-03T12:00:00Z", "2018-11-05T12:00:00Z",
       1h},
      {"Havana", only("America/Havana", "sun", "00:00", "24:00"), "2026-03-07T17:00:00Z", "2026-03-09T17:00:00Z", 23h},
      {"Tehran", only("Asia/Tehran", "mon", "00:00", "24:00"), "2021-03-21T12:00:00Z", "2021-03-23T12:00:00Z", 23h},
      {"Apia had no Friday", only("Pacific/Apia", "fri", "00:00", "24:00"), "2011-12-29T12:00:00Z",
       "2012-01-02T12:00:00Z", 0h},
  });
  const Calendar apia = made({"Pacific/Apia", days_of({"thu", "fri", "sat"}, {{"09:00", "17:00"}}), {}, {}});
  EXPECT_EQ(shown(apia, apia.add(at("2011-12-29T16:00:00-10:00"), 2h)), "2011-12-31T10:00:00+14:00");
  EXPECT_EQ(shown(apia, apia.subtract(at("2011-12-31T10:00:00+14:00"), 2h)), "2011-12-29T16:00:00-10:00");
}

TEST(Rule3, HolidaysAndOverridesAreLocalDatesOfTheCalendarsZone) {
  // 24 December begins in Auckland while it is still the 23rd in UTC
  CalendarText auckland{"Pacific/Auckland", days_of(every_day, {{"00:00", "24:00"}}), {}, {"2026-12-24"}};
  expect({{"a holiday", auckland, "2026-12-23T10:59:00Z", "2026-12-24T11:01:00Z", 2min}});

  CalendarText night{"Europe/Berlin", {}, {}, {"2026-12-25"}};
  for (const std::string& day : every_day) night.hours.push_back({day, {{"22:00", "24:00"}, {"00:00", "06:00"}}});
  expect({{"an overnight shift loses only the hours on that date", night, "2026-12-24T12:00:00+01:00",
           "2026-12-26T12:00:00+01:00", 2h + 6h}});

  CalendarText eve = office();
  eve.overrides = {{"2026-12-24", {{"09:00", "12:00"}}}, {"2026-12-26", {{"10:00", "11:00"}}}, {"2026-12-28", {}}};
  eve.holidays = {"2026-12-25"};
  expect({
      {"an override replaces that date's hours", eve, "2026-12-24T00:00:00+01:00", "2026-12-25T00:00:00+01:00", 3h},
      {"a holiday is closed", eve, "2026-12-25T00:00:00+01:00", "2026-12-26T00:00:00+01:00", 0h},
      {"an override opens a closed day", eve, "2026-12-26T00:00:00+01:00", "2026-12-27T00:00:00+01:00", 1h},
      {"an empty override closes a date", eve, "2026-12-28T00:00:00+01:00", "2026-12-29T00:00:00+01:00", 0h},
      {"other days stay as they are", eve, "2026-12-29T00:00:00+01:00", "2026-12-30T00:00:00+01:00", 8h},
  });
  eve.holidays.emplace_back("2026-12-24");
  expect({{"an override says when a holiday is open after all", eve, "2026-12-24T00:00:00+01:00",
           "2026-12-25T00:00:00+01:00", 3h}});
}

TEST(Rule4, TwentyFourOClockEndsADayAndSecondsAreKept) {
  CalendarText day = only("UTC", "mon", "00:00", "24:00");
  expect({
      {"no minute is missing", day, "2026-11-23T00:00:00Z", "2026-11-24T00:00:00Z", 24h},
      {"seconds are kept", day, "2026-11-23T10:00:01Z", "2026-11-23T10:01:00Z", 59s},
      {"and what trackers say below them", day, "2026-11-23T10:00:00.250Z", "2026-11-23T10:00:01Z", 750ms},
      {"hours may have seconds too", only("UTC", "mon", "09:00:30", "09:01"), "2026-11-23T00:00:00Z",
       "2026-11-24T00:00:00Z", 30s},
  });
  // a shift over midnight is two intervals, and between them nothing is lost
  const Calendar night = made({"UTC", {{"mon", {{"22:00", "24:00"}}}, {"tue", {{"00:00", "06:00"}}}}, {}, {}});
  EXPECT_EQ(shown(night, night.add(at("2026-11-23T23:59:59Z"), 2s)), "2026-11-24T00:00:01+00:00");
}

TEST(Rule5, WhatEndsExactlyAtClosingTimeIsDueAtTheClosingInstant) {
  const Calendar calendar = made(office());
  EXPECT_EQ(shown(calendar, calendar.add(at("2026-11-27T16:00:00+01:00"), 1h)), "2026-11-27T17:00:00+01:00");
  EXPECT_EQ(shown(calendar, calendar.add(at("2026-11-27T16:00:00+01:00"), 1h + 1ms)), "2026-11-30T09:00:00.001+01:00");
  EXPECT_EQ(shown(calendar, calendar.subtract(at("2026-11-30T10:00:00+01:00"), 1h)), "2026-11-30T09:00:00+01:00");
  EXPECT_FALSE(calendar.is_open(at("2026-11-27T17:00:00+01:00")));
  EXPECT_TRUE(calendar.is_open(at("2026-11-27T16:59:59.999+01:00")));
  EXPECT_TRUE(calendar.is_open(at("2026-11-27T09:00:00+01:00")));
}

TEST(Rule6, CountingBeginsAtTheNextOpeningAndAddingZeroRollsForwardToIt) {
  const Calendar calendar = made(office());
  struct Row {
    const char* start;
    milliseconds amount;
    const char* added;
    const char* subtracted;
  };
  for (const Row& row : std::initializer_list<Row>{
           {"2026-11-28T12:00:00+01:00", 1h, "2026-11-30T10:00:00+01:00", "2026-11-27T16:00:00+01:00"},
           {"2026-11-28T12:00:00+01:00", 0h, "2026-11-30T09:00:00+01:00", "2026-11-27T17:00:00+01:00"},
           {"2026-11-30T08:59:59+01:00", 0h, "2026-11-30T09:00:00+01:00", "2026-11-27T17:00:00+01:00"},
           {"2026-11-30T12:00:00+01:00", 0h, "2026-11-30T12:00:00+01:00", "2026-11-30T12:00:00+01:00"},
           // closing time is outside for who looks forward, opening time for who looks back
           {"2026-11-27T17:00:00+01:00", 0h, "2026-11-30T09:00:00+01:00", "2026-11-27T17:00:00+01:00"},
           {"2026-11-30T09:00:00+01:00", 0h, "2026-11-30T09:00:00+01:00", "2026-11-27T17:00:00+01:00"},
           {"2026-11-30T09:00:00+01:00", 8h, "2026-11-30T17:00:00+01:00", "2026-11-27T09:00:00+01:00"},
           {"2026-11-30T09:00:00+01:00", 9h, "2026-12-01T10:00:00+01:00", "2026-11-26T16:00:00+01:00"},
       }) {
    EXPECT_EQ(shown(calendar, calendar.add(at(row.start), row.amount)), row.added) << row.start;
    EXPECT_EQ(shown(calendar, calendar.subtract(at(row.start), row.amount)), row.subtracted) << row.start;
  }
  EXPECT_EQ(shown(calendar, calendar.next_opening(at("2026-11-28T12:00:00Z"))), "2026-11-30T09:00:00+01:00");
  EXPECT_EQ(calendar.between(at("2026-11-30T12:00:00Z"), at("2026-11-30T11:00:00Z")), 0h) << "end before start";
}

TEST(Rule7, EverySearchIsBounded) {
  CalendarText once{"Europe/Berlin", {}, {{"2026-12-24", {{"09:00", "12:00"}}}}, {}};
  const Calendar calendar = made(once);
  EXPECT_EQ(shown(calendar, calendar.add(at("2017-01-01T00:00:00Z"), 3h)), "2026-12-24T12:00:00+01:00");
  EXPECT_THAT(shown(calendar, calendar.add(at("2016-12-01T00:00:00Z"), 1h)),
              StartsWith("error: no open time within 10 years after 2016-12-01T01:00:00+01:00"));
  EXPECT_THAT(shown(calendar, calendar.add(at("2026-12-24T11:00:00Z"), 0h)),
              StartsWith("error: no open time within 10 years after"));
  EXPECT_THAT(shown(calendar, calendar.add(at("2026-12-24T10:00:00Z"), 2h)),
              StartsWith("error: no open time within 10 years after 2026-12-24T12:00:00+01:00"));
  EXPECT_EQ(shown(calendar, calendar.subtract(at("2036-12-01T00:00:00Z"), 3h)), "2026-12-24T09:00:00+01:00");
  EXPECT_THAT(shown(calendar, calendar.subtract(at("2037-06-01T00:00:00Z"), 1h)),
              StartsWith("error: no open time within 10 years before"));
  EXPECT_THAT(shown(calendar, calendar.subtract(at("2026-12-24T11:00:00Z"), 4h)),
              StartsWith("error: no open time within 10 years before 2026-12-24T09:00:00+01:00"));

  const Calendar office_hours = made(office());
  EXPECT_THAT(shown(office_hours, office_hours.add(at("1850-01-01T00:00:00Z"), 1h)), HasSubstr("outside the years"));
  EXPECT_THAT(shown(office_hours, office_hours.add(at("2399-12-01T00:00:00Z"), 9000h)), HasSubstr("outside the years"));
  EXPECT_THAT(shown(office_hours, office_hours.subtract(at("1900-02-01T00:00:00Z"), 9000h)),
              HasSubstr("outside the years"));
  EXPECT_THAT(shown(office_hours, office_hours.add(at("2026-12-01T00:00:00Z"), milliseconds::max())),
              HasSubstr("more time than"));
  EXPECT_THAT(shown(office_hours, office_hours.add(at("2026-12-01T00:00:00Z"), -1ms)), HasSubstr("negative"));
}

TEST(Pauses, AreIntersectedWithOpenTimeAndCountOnceWhereTheyOverlap) {
  const Calendar calendar = made(office());
  const Pause lunch{at("2026-11-30T12:00:00+01:00"), at("2026-11-30T13:00:00+01:00"), "lunch"};
  const Pause longer{at("2026-11-30T12:30:00+01:00"), at("2026-11-30T14:00:00+01:00"), "vendor"};
  const Pause night{at("2026-11-30T17:00:00+01:00"), at("2026-12-01T09:00:00+01:00"), "night"};
  const Pause empty{at("2026-11-30T10:00:00+01:00"), at("2026-11-30T10:00:00+01:00"), "none"};
  const std::vector<Pause> pauses{longer, night, empty, lunch};
  const Instant start = at("2026-11-30T09:00:00+01:00");
  EXPECT_EQ(shown(calendar, calendar.add(start, 3h, pauses)), "2026-11-30T12:00:00+01:00") << "not at its end";
  EXPECT_EQ(shown(calendar, calendar.add(start, 4h, pauses)), "2026-11-30T15:00:00+01:00");
  EXPECT_EQ(shown(calendar, calendar.add(start, 7h, pauses)), "2026-12-01T10:00:00+01:00");
  EXPECT_EQ(calendar.between(start, at("2026-11-30T17:00:00+01:00"), pauses), 6h);
  EXPECT_EQ(shown(calendar, calendar.subtract(at("2026-12-01T10:00:00+01:00"), 7h, pauses)),
            "2026-11-30T09:00:00+01:00");
  EXPECT_EQ(shown(calendar, calendar.add(at("2026-11-30T12:15:00+01:00"), 0h, pauses)), "2026-11-30T14:00:00+01:00");
  EXPECT_EQ(shown(calendar, calendar.add(start, 3h, std::vector<Pause>{night})), "2026-11-30T12:00:00+01:00");
}

TEST(Pauses, WithoutAnEndHaveNoDueTimeBehindThem) {
  const Calendar calendar = made(office());
  const std::vector<Pause> waiting{{at("2026-11-30T12:00:00+01:00"), std::nullopt, "waiting for the customer"}};
  EXPECT_EQ(shown(calendar, calendar.add(at("2026-11-30T09:00:00+01:00"), 3h, waiting)), "2026-11-30T12:00:00+01:00");
  EXPECT_THAT(shown(calendar, calendar.add(at("2026-11-30T09:00:00+01:00"), 3h + 1ms, waiting)),
              StartsWith("error: paused since 2026-11-30T12:00:00+01:00 without an end"));
  EXPECT_EQ(calendar.between(at("2026-11-30T09:00:00+01:00"), at("2026-12-30T09:00:00+01:00"), waiting), 3h);
}

TEST(Pauses, MayBeLongerThanTheSearch) {
  const Calendar calendar = made(office());
  const std::vector<Pause> long_one{{at("2026-11-30T12:00:00+01:00"), at("2042-11-03T12:00:00+01:00"), "asleep"}};
  EXPECT_EQ(shown(calendar, calendar.add(at("2026-11-30T09:00:00+01:00"), 4h, long_one)), "2042-11-03T13:00:00+01:00");
}

TEST(OpenSpans, AreCutToTheQuestionAndJoinedWhereTheyTouch) {
  const Calendar night = made({"UTC", {{"mon", {{"22:00", "24:00"}}}, {"tue", {{"00:00", "06:00"}}}}, {}, {}});
  const std::vector<Span> wanted{{at("2026-11-23T23:00:00Z"), at("2026-11-24T06:00:00Z")}};
  EXPECT_EQ(night.open_spans(at("2026-11-23T23:00:00Z"), at("2026-11-25T00:00:00Z")), wanted);
}

TEST(Zones, AreFoundByTheirExactNameAndNothingElseIs) {
  for (const char* name : {"Europe/Berlin", "UTC", "America/Argentina/Buenos_Aires", "Etc/GMT+5", "US/Eastern"})
    EXPECT_TRUE(Zone::find(name)) << name;
  for (const char* name : {"", "europe/berlin", "Europe/Atlantis", "localtime", "../../etc/passwd", "/etc/localtime",
                           "right/UTC", "posix/UTC", "Fixed/UTC+01:00:00", "zone.tab", "Europe", "libc:localtime"})
    EXPECT_FALSE(Zone::find(name)) << name;
}

}  // namespace
}  // namespace causeway::policy::sla
