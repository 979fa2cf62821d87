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

#include "agent/model/id.hpp"
#include "agent/model/operation.hpp"

namespace causeway::redmine {

struct Unwrapped {
  std::string text;              ///< what a person wrote, line ends as LF
  bool enveloped = false;        ///< the line was there
  std::optional<Marker> marker;  ///< absent when the mark lives in a custom field
};

/// CRLF and lone CR become LF: Redmine stores descriptions with CRLF and notes as they came.
[[nodiscard]] std::string with_line_feeds(std::string_view text);

/// `text` with our line. Without `marker` the line ends in "(cw)": the mark is then kept elsewhere.
[[nodiscard]] std::string wrap(std::string_view text, const Attribution& attribution,
                               const std::optional<Marker>& marker);

/// Takes our line off, wherever it stands: a person may have written below it. The last one counts, should there be
/// several.
[[nodiscard]] Unwrapped unwrap(std::string_view stored);

}  // namespace causeway::redmine
