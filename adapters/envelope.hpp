#pragma once
/// What the adapters' envelopes share: the one line around mirrored text that says whose words these are and carries
/// our mark. How the line looks in a tracker's markup is the adapter's own (redmine/envelope.hpp, github/envelope.hpp).
/// Pure.
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "agent/model/id.hpp"
#include "agent/model/operation.hpp"

namespace causeway::envelope {

struct Unwrapped {
  std::string text;              ///< what a person wrote, line ends as LF
  bool enveloped = false;        ///< the line was there
  std::optional<Marker> marker;  ///< absent when the mark is kept elsewhere
  std::string whose;             ///< what the line says of whose words these are
};

/// CRLF and lone CR become LF.
[[nodiscard]] std::string with_line_feeds(std::string_view text);

/// 20 lower-case hex digits.
[[nodiscard]] bool is_marker(std::string_view text);

/// Plain words in every markup we write: whatever could start a mention, reference, link, image, macro, HTML or
/// emphasis is dropped or said in words. Letters of every script stay.
[[nodiscard]] std::string plain(std::string_view words);

/// An address that stays one word, and that no markup reads anything else into.
[[nodiscard]] std::string plain_url(std::string_view url);

/// "alice, https://redmine.test/issues/12", or as much of it as may be named.
[[nodiscard]] std::string whose_words(const Attribution& attribution);

/// `text`, an empty line, `line`.
[[nodiscard]] std::string with_last_line(std::string_view text, std::string_view line);

/// What a line of ours says. Views into the line.
struct OwnLine {
  std::string_view marker;  ///< empty: it has none
  std::string_view whose;
};
/// Nullopt when the line is not ours.
using LineReader = std::function<std::optional<OwnLine>(std::string_view line)>;

/// Takes our line off, wherever it stands: a person may have written below it. The last one counts, should there be
/// several. Gives back what `with_last_line` was given, byte for byte but for line ends.
[[nodiscard]] Unwrapped without_last_line(std::string_view stored, const LineReader& read_line);

}  // namespace causeway::envelope
