#include "agent/cli/console_log.hpp"

#include <fmt/format.h>

#include "agent/cli/output.hpp"

namespace causeway::cli {
namespace {

std::string_view name(engine::Level level) {
  switch (level) {
    case engine::Level::debug:
      return "debug";
    case engine::Level::info:
      return "info";
    case engine::Level::warning:
      return "warning";
    case engine::Level::error:
      return "error";
  }
  return "error";
}

}  // namespace

void ConsoleLog::write(engine::Level level, std::string_view event, const Fields& fields) {
  if (level < least_) return;
  std::string line;
  if (form_ == Form::json) {
    Json json;
    json.begin_object();
    json.member("at", format_instant(clock_.now()));
    json.member("level", name(level));
    json.member("event", event);
    for (const auto& [key, value] : fields) json.member(key, value);
    json.end_object();
    line = json.take();
  } else {
    line = fmt::format("{} {:<7} {}", format_instant(clock_.now()).substr(11, 8), name(level), event);
    for (const auto& [key, value] : fields) line += fmt::format("  {}={}", key, printable(value));
  }
  line.push_back('\n');
  const std::scoped_lock lock{mutex_};
  std::fwrite(line.data(), 1, line.size(), stream_);
  std::fflush(stream_);
}

}  // namespace causeway::cli
