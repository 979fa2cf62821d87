#pragma once
/// Compact binary forms for the store: variable-length numbers, length-prefixed text. Every byte survives, valid UTF-8
/// or not.
#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string>
#include <string_view>

#include "agent/model/time.hpp"

namespace causeway {

/// `text` as a number when that number written out is `text` again.
[[nodiscard]] inline std::optional<std::uint64_t> canonical_number(std::string_view text) {
  constexpr std::size_t digits_max = 18;
  if (text.empty() || text.size() > digits_max || (text.size() > 1 && text.front() == '0')) return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

class ByteWriter {
 public:
  void byte(std::uint8_t value) { bytes_.push_back(static_cast<char>(value)); }
  void number(std::uint64_t value) {
    while (value >= 0x80) {
      byte(static_cast<std::uint8_t>(value | 0x80));
      value >>= 7;
    }
    byte(static_cast<std::uint8_t>(value));
  }
  void fixed64(std::uint64_t value) {
    for (int shift = 0; shift < 64; shift += 8) byte(static_cast<std::uint8_t>(value >> shift));
  }
  void text(std::string_view value) {
    number(value.size());
    bytes_.append(value);
  }
  void flag(bool value) { byte(value ? 1 : 0); }
  /// Ids are mostly numbers, which take fewer bytes than their digits.
  void id(std::string_view value) {
    if (const auto as_number = canonical_number(value)) {
      number(*as_number << 1U | 1U);
    } else {
      number(value.size() << 1U);
      bytes_.append(value);
    }
  }
  /// Whole seconds take less than milliseconds. Nothing before 1970 is kept.
  void instant(Instant value) {
    const auto milliseconds = static_cast<std::uint64_t>(std::max<std::int64_t>(0, value.time_since_epoch().count()));
    number(milliseconds % 1000 == 0 ? milliseconds / 1000 << 1U : milliseconds << 1U | 1U);
  }
  [[nodiscard]] std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

/// Damaged bytes make `ok` false and every further answer empty; they never ask for more memory than there are bytes.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}
  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] bool whole() const { return ok_ && bytes_.empty(); }
  std::uint8_t byte() {
    if (bytes_.empty()) {
      ok_ = false;
      return 0;
    }
    const auto value = static_cast<std::uint8_t>(bytes_.front());
    bytes_.remove_prefix(1);
    return value;
  }
  std::uint64_t number() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      const std::uint8_t part = byte();
      value |= static_cast<std::uint64_t>(part & 0x7f) << shift;
      if ((part & 0x80) == 0) return value;
    }
    ok_ = false;
    return 0;
  }
  /// Of things that each take at least one byte.
  std::size_t count() { return limited(number()); }
  std::uint64_t fixed64() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 8) value |= static_cast<std::uint64_t>(byte()) << shift;
    return value;
  }
  std::string text() { return taken(count()); }
  bool flag() { return byte() != 0; }
  std::string id() {
    const std::uint64_t value = number();
    if ((value & 1U) != 0) return std::to_string(value >> 1U);
    return taken(limited(value >> 1U));
  }
  Instant instant() {
    const std::uint64_t value = number();
    const auto amount = static_cast<std::int64_t>(value >> 1U);
    if ((value & 1U) != 0) return Instant{std::chrono::milliseconds{amount}};
    return Instant{std::chrono::seconds{amount}};
  }

 private:
  std::size_t limited(std::uint64_t value) {
    if (value > bytes_.size()) ok_ = false;
    return ok_ ? static_cast<std::size_t>(value) : 0;
  }
  std::string taken(std::size_t size) {
    std::string value{bytes_.substr(0, size)};
    bytes_.remove_prefix(value.size());
    return value;
  }

  std::string_view bytes_;
  bool ok_ = true;
};

}  // namespace causeway
