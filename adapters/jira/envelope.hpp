#pragma once
/// What stands around text that we mirrored into Jira: one last paragraph that says whose words these are and carries
/// our mark. Pure.
///
///     -- alice, https://github.com/acme/widget/issues/12 (cw:0123456789abcdef0123)
///
/// The mark is also a property of the issue or comment, which people cannot remove by editing; in the text it is seen
/// in listings, which show no properties of comments. In ADF the line is a paragraph of the document, in wiki markup a
/// line. `unwrap(wrap(text, …)).text == text`: for wiki markup byte for byte but for line ends, for ADF the same
/// document without blanks between its words.
#include <string>
#include <string_view>

#include "adapters/envelope.hpp"
#include "agent/markup/format.hpp"

namespace causeway::jira {

using envelope::Unwrapped;

/// `text` with our line. Text that should be ADF and is not goes in as plain paragraphs.
[[nodiscard]] std::string wrap(markup::Format format, std::string_view text, const Attribution& attribution,
                               const Marker& marker);
/// Takes our line off, wherever it stands at the top level. The last one counts, should there be several.
[[nodiscard]] Unwrapped unwrap(markup::Format format, std::string_view stored);

/// `text` as ADF when it is a document already, else its lines as paragraphs.
[[nodiscard]] std::string as_document(std::string_view text);

/// Whether Jira shows what it was asked to store.
[[nodiscard]] bool same_text(markup::Format format, std::string_view asked, std::string_view shown);

/// How many bytes `wrap` adds at most.
inline constexpr std::size_t envelope_bytes_max = 1024;

}  // namespace causeway::jira
