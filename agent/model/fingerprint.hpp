#pragma once
/// Bases remember what both sides agreed on as 64-bit fingerprints (XXH3), not as text: a million links fit in 250 MB,
/// and the store holds no copy of anybody's words. A changed value that keeps its fingerprint is a 2^-64 event.
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace causeway {

using Fingerprint = std::uint64_t;
/// Of something that is not there.
inline constexpr Fingerprint fingerprint_of_nothing = 0;

/// Never `fingerprint_of_nothing`, not even for the empty text.
[[nodiscard]] Fingerprint fingerprint(std::string_view text);
[[nodiscard]] inline Fingerprint fingerprint(const std::string& text) { return fingerprint(std::string_view{text}); }
[[nodiscard]] inline Fingerprint fingerprint(const std::optional<std::string>& text) {
  return text ? fingerprint(std::string_view{*text}) : fingerprint_of_nothing;
}

}  // namespace causeway
