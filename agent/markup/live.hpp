#pragma once
/// Finding what a tracker makes live in plain text: mentions, references, emoji short names.
#include <cstddef>
#include <optional>
#include <string_view>

#include "agent/markup/document.hpp"
#include "agent/markup/format.hpp"

namespace causeway::markup {

struct Live {
  Kind kind = Kind::reference;  ///< mention, reference or emoji
  std::size_t begin = 0;        ///< of the whole, e.g. of `@`
  std::size_t end = 0;
  std::string_view inner;  ///< what the node keeps: the login, the short name, or the whole reference
};

/// The first live piece of `text` at or after `from`. `text` is one run: what stands before it counts as a boundary.
[[nodiscard]] std::optional<Live> next_live(Format format, std::string_view text, std::size_t from);

/// The commit named at `position`, the start of a word: 7 to 40 hexadecimal digits, or `user@` or `owner/repo@` before
/// them. Returns its end, or 0. Words of letters only and numbers are no commits unless 40 characters long.
[[nodiscard]] std::size_t commit_end(std::string_view text, std::size_t position);

/// Adds `text` to `document` as text, mention, reference and emoji nodes, `text` being one run of plain characters.
void add_run(Document& document, Format format, std::string_view text);

/// Does Redmine notify somebody for the `@` at `position` of raw text? (Redmine::Acts::Mentionable::MENTION_PATTERN)
[[nodiscard]] bool notifies_on_redmine(std::string_view raw, std::size_t position);

}  // namespace causeway::markup
