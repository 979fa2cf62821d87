#pragma once
/// The commands, each a function from its options to an exit code. They print; what they say is part of the product.
#include <cstdint>
#include <optional>
#include <string>

#include "agent/cli/exit_code.hpp"

namespace causeway::cli {

struct CommonOptions {
  std::string config;  ///< path of the configuration
  bool json = false;
};

struct RunOptions {
  bool once = false;
  bool full = false;  ///< compare every linked ticket whole
  bool verbose = false;
  std::string log_format;  ///< "text", "json"; empty: by whether a person looks
};

struct ConvertOptions {
  std::string from;
  std::string to;
  bool neutralize = false;
};

struct CalendarOptions {
  std::string holidays;     ///< path of an iCalendar file to show instead of answering
  std::optional<int> year;  ///< without it: this one and the next
  bool zone_data = false;   ///< tell how old the time-zone data is instead
};

ExitCode check(const CommonOptions& common);
ExitCode plan(const CommonOptions& common, bool full_text);
ExitCode run(const CommonOptions& common, const RunOptions& options);
ExitCode status(const CommonOptions& common);
ExitCode explain(const CommonOptions& common, const std::string& ticket);
ExitCode holds(const CommonOptions& common);
ExitCode resolve(const CommonOptions& common, const std::string& hold, const std::string& word);
ExitCode backup(const CommonOptions& common, const std::string& path);
ExitCode convert(const CommonOptions& common, const ConvertOptions& options);
ExitCode calendar(const CommonOptions& common, const CalendarOptions& options);

/// The whole program.
int main_program(int argc, char** argv);

}  // namespace causeway::cli
