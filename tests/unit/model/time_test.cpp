#include "agent/model/time.hpp"

#include <gtest/gtest.h>

namespace causeway {
namespace {

TEST(Instant, ReadsTheFormsThatTrackersUse) {
  const Instant wanted = *parse_instant("2026-11-23T02:34:33Z");
  EXPECT_EQ(wanted.time_since_epoch(), std::chrono::seconds{1795401273});
  EXPECT_EQ(parse_instant("2026-11-23T03:34:33+01:00"), wanted);
  EXPECT_EQ(parse_instant("2026-11-23T08:04:33+0530"), wanted);
  EXPECT_EQ(parse_instant("2026-11-23T02:34:33.904Z"), wanted + std::chrono::milliseconds{904});
  EXPECT_EQ(parse_instant("2026-11-22T21:34:33-05:00"), wanted);
}

TEST(Instant, RefusesWhatIsNone) {
  for (const char* text : {"", "2026-11-23", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-11-23T24:00:00Z",
                           "2026-11-23T02:34:33", "2026-11-23T02:34:33Zx", "2026-11-23T02:34:33.Z", "yesterday"}) {
    EXPECT_FALSE(parse_instant(text)) << text;
  }
}

TEST(Instant, WritesWhatItReads) {
  EXPECT_EQ(format_instant(*parse_instant("1999-12-31T23:59:59Z")), "1999-12-31T23:59:59Z");
  EXPECT_EQ(format_instant(*parse_instant("2028-02-29T00:00:00.999Z")), "2028-02-29T00:00:00Z");
}

}  // namespace
}  // namespace causeway
