#include "agent/cli/zone_data.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace causeway::cli {

std::string zone_data_version() {
  const char* set = std::getenv("TZDIR");
  const std::filesystem::path folder = set != nullptr ? set : "/usr/share/zoneinfo";
  std::ifstream file{folder / "tzdata.zi"};
  std::string line;
  std::getline(file, line);
  const std::string opening = "# version ";
  return line.starts_with(opening) && line.size() < 32 ? line.substr(opening.size()) : "unknown";
}

}  // namespace causeway::cli
