#pragma once
/// The log as people or machines read it: readable lines on a terminal, else one JSON object a line.
#include <cstdio>
#include <mutex>

#include "agent/engine/log.hpp"
#include "agent/model/time.hpp"

namespace causeway::cli {

class ConsoleLog final : public engine::Log {
 public:
  enum class Form { text, json };
  /// Writes to `stream`, which must outlive the log. Any thread.
  ConsoleLog(std::FILE* stream, Form form, engine::Level least, const Clock& clock)
      : stream_(stream), form_(form), least_(least), clock_(clock) {}
  void write(engine::Level level, std::string_view event, const Fields& fields) override;

 private:
  std::FILE* stream_;
  Form form_;
  engine::Level least_;
  const Clock& clock_;
  std::mutex mutex_;
};

}  // namespace causeway::cli
