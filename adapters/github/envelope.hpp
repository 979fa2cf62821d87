#pragma once
/// What stands around text that we mirrored to GitHub: one last line, after an empty one, that says whose words these
/// are, with our mark in an HTML comment that readers do not see. Pure.
///
///     -- alice, https://redmine.test/issues/12 <!-- causeway:0123456789abcdef0123 -->
///
/// It never holds a live mention, reference, image or commit id. With line ends as LF, `unwrap(wrap(text, …)).text ==
/// text`, byte for byte.
#include <string>
#include <string_view>

#include "adapters/envelope.hpp"

namespace causeway::github {

using envelope::Unwrapped;
using envelope::with_line_feeds;

/// What the line takes at most is kept free of a body's limit.
inline constexpr std::size_t envelope_bytes_max = 1024;

[[nodiscard]] std::string wrap(std::string_view text, const Attribution& attribution, const Marker& marker);

/// Takes our line off, wherever it stands: a person may have written below it. The last one counts, should there be
/// several.
[[nodiscard]] Unwrapped unwrap(std::string_view stored);

}  // namespace causeway::github
