#pragma once
/// The port for telling people and machines what happens. Never gets a secret or ticket text.
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace causeway::engine {

enum class Level { debug, info, warning, error };

class Log {
 public:
  using Fields = std::vector<std::pair<std::string_view, std::string>>;
  virtual ~Log() = default;
  /// `event` is one word in snake_case. Any thread.
  virtual void write(Level level, std::string_view event, const Fields& fields) = 0;
};

}  // namespace causeway::engine
