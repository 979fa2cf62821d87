#pragma once
/// Times as Jira writes them and as JQL reads them: in somebody's time zone.
#include <optional>
#include <string>
#include <string_view>

#include "tests/fakes/jira/state.hpp"

namespace causeway::fakes::jira {

/// `2024-12-29T08:41:23.904+0530`. An unknown zone is UTC.
[[nodiscard]] std::string zoned_time(Milliseconds time, const std::string& zone);
/// `2024-12-29 08:41`, `2024/12/29 8:41` or only the day, as a clock on the wall of that zone shows it. An hour that
/// the clock shows twice is the earlier one; one that it skips begins with the next. nullopt: no such text.
[[nodiscard]] std::optional<Milliseconds> wall_time(std::string_view text, const std::string& zone);

}  // namespace causeway::fakes::jira
