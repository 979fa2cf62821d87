#pragma once
/// Documents that hold what only ADF can say, made ready for other formats.
#include <cstdint>

#include "agent/markup/document.hpp"

namespace causeway::markup::adf {

/// Which of the pieces that only ADF can say are to be put into words.
enum class Which : std::uint8_t {
  all,     ///< every one
  of_site  ///< those that mean something on one site only: people and files
};

/// Is there anything in `document` that needs shown() before a format other than ADF can write it?
[[nodiscard]] bool needs_showing(const Document& document);

/// `document` with its verbatim ADF in words that every format can say: a status as inline code, a date as a day, a
/// macro as its name …, and what is lost by it noted in its `losses`. Empty paragraphs, which keep distance in Jira,
/// are gone (where `which` is `all`).
[[nodiscard]] Document shown(const Document& document, Which which);

/// Does a mention in `document` know its person's name?
[[nodiscard]] bool has_names(const Document& document);

/// Mentions whose people have names as text, for formats in which an account id names nobody.
[[nodiscard]] Document with_names(const Document& document);

}  // namespace causeway::markup::adf
