#pragma once
/// Which bytes are UTF-8, and which need a look before a text may be called canonical.
#include <cstddef>
#include <string_view>

namespace causeway::markup {

/// The next position from `position` on whose byte is NUL, CR or not ASCII; the text's size if there is none.
[[nodiscard]] std::size_t skip_plain(std::string_view text, std::size_t position);

/// The length of the valid character at `position`, 0 if there is none.
[[nodiscard]] std::size_t valid_length(std::string_view text, std::size_t position);

/// How many bytes at `position` are replaced together: 3 for half of a surrogate pair, else 1.
[[nodiscard]] std::size_t broken_length(std::string_view text, std::size_t position);

/// Has `text` only LF line ends, no NUL, and only valid UTF-8?
[[nodiscard]] bool is_clean(std::string_view text);

/// Is it a control character that nobody sees and no markup means anything by? TAB and line ends are none.
[[nodiscard]] constexpr bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7F;
}

[[nodiscard]] bool has_controls(std::string_view text);

}  // namespace causeway::markup
