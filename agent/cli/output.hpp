#pragma once
/// What commands print: JSON for machines, plain lines for people.
#include <memory>
#include <string>
#include <string_view>

namespace causeway::cli {

/// Writes one JSON value. Invalid UTF-8 becomes U+FFFD, so the output always parses.
class Json {
 public:
  Json();
  ~Json();
  Json(const Json&) = delete;
  Json& operator=(const Json&) = delete;

  void begin_object();
  void end_object();
  void begin_array();
  void end_array();
  void key(std::string_view name);
  void text(std::string_view value);
  void number(std::int64_t value);
  void boolean(bool value);
  void member(std::string_view name, std::string_view value) {
    key(name);
    text(value);
  }
  void member(std::string_view name, const char* value) {
    key(name);
    text(value);
  }
  void member(std::string_view name, std::int64_t value) {
    key(name);
    number(value);
  }
  void member(std::string_view name, std::size_t value) {
    key(name);
    number(static_cast<std::int64_t>(value));
  }
  void member(std::string_view name, bool value) {
    key(name);
    boolean(value);
  }
  [[nodiscard]] std::string take();

 private:
  struct Writer;
  std::unique_ptr<Writer> writer_;
};

/// Prints to standard output with a line end.
void print_line(std::string_view line);
/// Prints to standard error with a line end.
void complain(std::string_view line);
/// Control characters (terminal escapes among them) made visible: tickets are written by strangers.
[[nodiscard]] std::string printable(std::string_view text);
/// Every line of `text` behind `prefix`, made printable.
[[nodiscard]] std::string indented(std::string_view text, std::string_view prefix);
/// "3 tickets", "1 ticket".
[[nodiscard]] std::string counted(std::size_t count, std::string_view singular, std::string_view plural);
/// "2 h 5 min", "40 s".
[[nodiscard]] std::string duration_text(std::int64_t seconds);

}  // namespace causeway::cli
