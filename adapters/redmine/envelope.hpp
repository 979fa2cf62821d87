#pragma once
/// What stands around text that we mirrored into Redmine: one last line, after an empty one, that says whose words
/// these are and carries our mark. Pure.
///
///     -- alice, https://github.com/acme/widget/issues/12 (cw:0123456789abcdef0123)
///
/// Textile and CommonMark both show it as this one plain line. It never holds a live mention, issue reference, image or
/// macro. With line ends as LF, `unwrap(wrap(text, …)).text == text`, byte for byte.
#include <optional>
#include <string>
#include <string_view>

#include "adapters/envelope.hpp"

namespace causeway::redmine {

using envelope::Unwrapped;
/// Redmine stores descriptions with CRLF and notes as they came.
using envelope::with_line_feeds;

/// `text` with our line. Without `marker` the line ends in "(cw)": the mark is then kept elsewhere.
[[nodiscard]] std::string wrap(std::string_view text, const Attribution& attribution,
                               const std::optional<Marker>& marker);

/// Takes our line off, wherever it stands: a person may have written below it. The last one counts, should there be
/// several.
[[nodiscard]] Unwrapped unwrap(std::string_view stored);

}  // namespace causeway::redmine
