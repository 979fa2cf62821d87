#pragma once
/// How old the installed time-zone data is: what clocks will do tomorrow is known only as well as it knows it.
#include <string>

namespace causeway::cli {

/// `2026f`, or `unknown` where the data does not say (it is read from TZDIR, or /usr/share/zoneinfo).
[[nodiscard]] std::string zone_data_version();

}  // namespace causeway::cli
