#pragma once
/// Reading, writing and taming text in a tracker's markup. Pure functions: any thread, any number at once.
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "agent/markup/document.hpp"
#include "agent/markup/format.hpp"

namespace causeway::markup {

/// Reads any bytes: markup that is broken, or nested deeper than depth_max, becomes text. Linear in the size of
/// `native`.
[[nodiscard]] Document parse(Format format, std::string_view native);

struct Rendered {
  std::string text;
  std::vector<std::string> losses;  ///< what the format cannot say, each kind named once; empty: nothing was lost
};

/// Writes `document` so that parse() reads the same again. What the format cannot say is kept word for word in a code
/// block or as inline code, and named in `losses`.
[[nodiscard]] Rendered render(Format format, const Document& document);

/// The login in the target's tracker that stands for `login`; nullopt: nobody, the mention is made dead.
using MentionMap = std::function<std::optional<std::string>(std::string_view login)>;

/// Makes everything dead that would notify people or leave a trace on other tickets once `document` is written to
/// `target`: mentions, references to tickets, commits and comments, closing keywords (through their reference),
/// addresses of GitHub issues, Redmine's links and macros. Readers see the same text: an invisible word joiner
/// (U+2060) is put into it, a commit id becomes inline code, and an issue's address goes through redirect.github.com.
/// Rules: docs.github.com "Autolinked references and URLs"; Redmine 5.0 ApplicationHelper::LINKS_RE, MACROS_RE and
/// Redmine::Acts::Mentionable::MENTION_PATTERN (which reads raw text, inline code included).
[[nodiscard]] Document neutralize(Document document, Format target, const MentionMap& mentions = {});

/// Takes out of native text exactly what neutralize() puts in, so that text a person edited on the mirror travels back
/// without it. Text without such marks comes back unchanged.
[[nodiscard]] std::string revive(std::string_view native_text);

/// The form in which a tracker stores and returns text, so that an echo of a write compares equal: line ends are LF,
/// NUL is gone, bytes that are not UTF-8 are replaced, white space at the end of the text is gone. Nothing else
/// changes; applying it twice is applying it once. An ADF document comes out with sorted keys and without white space,
/// ids and attributes that say nothing, and empty paragraphs at its end; one that says nothing is the empty text.
[[nodiscard]] std::string canonical(Format format, std::string_view native);

struct Cut {
  std::string text;
  bool was_cut = false;
};

/// `native` if it fits into `bytes_max`, else as much of it as fits, ended at a block where one ends in its second half
/// (else at a line, else at a character; an open code block is closed), and then `link_text` as a paragraph of its
/// own. The result never exceeds `bytes_max`; where not even `link_text` fits, it is left out. An ADF document stays
/// one: it ends behind a whole block, or with as much of a block as fits where that would leave more than half unused.
[[nodiscard]] Cut cut_to_limit(Format format, std::string_view native, std::size_t bytes_max,
                               std::string_view link_text);

}  // namespace causeway::markup
