#pragma once

namespace causeway::cli {
inline constexpr const char* version = "0.1.0";
}
