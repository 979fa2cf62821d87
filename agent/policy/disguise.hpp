#pragma once
/// Text as an eye reads it: what hides words from a search without hiding them from a reader is taken away.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::policy {

/// The plain text, and for each of its bytes the offset in the original that it came from.
struct Undisguised {
  std::string text;
  std::vector<std::uint32_t> from;
};

/// HTML entities and percent escapes resolved, zero-width characters and soft hyphens gone, full-width letters narrow,
/// emphasis marks after letters gone (AC**ME**), Latin letters folded to lower case and without accents. Linear in the
/// text.
[[nodiscard]] Undisguised undisguise(std::string_view text);

/// Markup as it looks once it is rendered: without escapes, tags, HTML comments and the marks of quotes, which can all
/// stand in the middle of a name. Line ends stay. For a second look: what is taken away is shown to nobody, but is
/// there.
[[nodiscard]] std::string rendered(std::string_view text);

}  // namespace causeway::policy
