#include "agent/markup/utf8.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace causeway::markup {
namespace {

unsigned char byte_at(std::string_view text, std::size_t position) {
  return position < text.size() ? static_cast<unsigned char>(text[position]) : 0;
}

bool continues(std::string_view text, std::size_t position, unsigned char low = 0x80, unsigned char high = 0xBF) {
  const unsigned char byte = byte_at(text, position);
  return byte >= low && byte <= high;
}

/// Does any of the eight bytes need a look: not ASCII, NUL or CR? (A borrow may report a byte that needs none.)
bool needs_look(std::uint64_t word) {
  constexpr std::uint64_t ones = 0x0101010101010101ULL;
  constexpr std::uint64_t tops = 0x8080808080808080ULL;
  const std::uint64_t carriage = word ^ (ones * '\r');
  return ((word | (word - ones) | (carriage - ones)) & tops) != 0;
}

}  // namespace

std::size_t skip_plain(std::string_view text, std::size_t position) {
  while (position < text.size()) {
    std::uint64_t word = 0;
    if (position + sizeof word <= text.size()) {
      std::memcpy(&word, text.data() + position, sizeof word);
      if (!needs_look(word)) {
        position += sizeof word;
        continue;
      }
    }
    const std::size_t stop = std::min(position + sizeof word, text.size());
    for (; position < stop; ++position) {
      const unsigned char byte = byte_at(text, position);
      if (byte >= 0x80 || byte == 0 || byte == '\r') return position;
    }
  }
  return position;
}

std::size_t valid_length(std::string_view text, std::size_t position) {
  const unsigned char lead = byte_at(text, position);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return continues(text, position + 1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const unsigned char low = lead == 0xE0 ? 0xA0 : 0x80;   // no overlong forms
    const unsigned char high = lead == 0xED ? 0x9F : 0xBF;  // no surrogates
    return continues(text, position + 1, low, high) && continues(text, position + 2) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const unsigned char low = lead == 0xF0 ? 0x90 : 0x80;
    const unsigned char high = lead == 0xF4 ? 0x8F : 0xBF;  // nothing above U+10FFFF
    return continues(text, position + 1, low, high) && continues(text, position + 2) && continues(text, position + 3)
               ? 4
               : 0;
  }
  return 0;
}

std::size_t broken_length(std::string_view text, std::size_t position) {
  const bool surrogate =
      byte_at(text, position) == 0xED && continues(text, position + 1, 0xA0) && continues(text, position + 2);
  return surrogate ? 3 : 1;
}

bool is_clean(std::string_view text) {
  std::size_t position = 0;
  while ((position = skip_plain(text, position)) < text.size()) {
    if (text[position] == '\0' || text[position] == '\r') return false;
    const std::size_t length = valid_length(text, position);
    if (length == 0) return false;
    position += length;
  }
  return true;
}

bool has_controls(std::string_view text) {
  unsigned found = 0;  // without a branch, so that the compiler takes many bytes at once
  for (const char c : text) found |= static_cast<unsigned>(is_control(c));
  return found != 0;
}

}  // namespace causeway::markup
