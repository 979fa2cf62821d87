#include "agent/cli/output.hpp"

#include <fmt/format.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cstdio>

#include "agent/markup/convert.hpp"

namespace causeway::cli {

struct Json::Writer {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> json{buffer};
};

Json::Json() : writer_(std::make_unique<Writer>()) {}
Json::~Json() = default;

void Json::begin_object() { writer_->json.StartObject(); }
void Json::end_object() { writer_->json.EndObject(); }
void Json::begin_array() { writer_->json.StartArray(); }
void Json::end_array() { writer_->json.EndArray(); }
void Json::key(std::string_view name) { writer_->json.Key(name.data(), static_cast<rapidjson::SizeType>(name.size())); }
void Json::text(std::string_view value) {
  // canonical() mends broken UTF-8 and nothing else that matters here
  const std::string mended = markup::canonical(markup::Format::github, value);
  writer_->json.String(mended.data(), static_cast<rapidjson::SizeType>(mended.size()));
}
void Json::number(std::int64_t value) { writer_->json.Int64(value); }
void Json::boolean(bool value) { writer_->json.Bool(value); }

std::string Json::take() { return {writer_->buffer.GetString(), writer_->buffer.GetSize()}; }

void print_line(std::string_view line) {
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fputc('\n', stdout);
}

void complain(std::string_view line) {
  std::fwrite(line.data(), 1, line.size(), stderr);
  std::fputc('\n', stderr);
}

std::string printable(std::string_view text) {
  std::string shown;
  shown.reserve(text.size());
  for (const char byte : text) {
    const auto code = static_cast<unsigned char>(byte);
    if (code < 0x20 || code == 0x7f) {
      shown += byte == '\n' ? "⏎" : byte == '\t' ? " " : fmt::format("\\x{:02x}", code);
    } else {
      shown.push_back(byte);
    }
  }
  return shown;
}

std::string indented(std::string_view text, std::string_view prefix) {
  std::string shown;
  while (true) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    shown += prefix;
    shown += printable(line);
    if (end == std::string_view::npos) return shown;
    shown.push_back('\n');
    text.remove_prefix(end + 1);
  }
}

std::string counted(std::size_t count, std::string_view singular, std::string_view plural) {
  return fmt::format("{} {}", count, count == 1 ? singular : plural);
}

std::string duration_text(std::int64_t seconds) {
  if (seconds < 60) return fmt::format("{} s", seconds);
  if (seconds < 3600) return fmt::format("{} min", (seconds + 59) / 60);
  return fmt::format("{} h {} min", seconds / 3600, seconds % 3600 / 60);
}

}  // namespace causeway::cli
