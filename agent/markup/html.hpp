#pragma once
/// The little HTML people write inside Markdown.
#include <optional>
#include <string>
#include <string_view>

#include "agent/markup/document.hpp"

namespace causeway::markup {

struct Tag {
  std::string_view name;        ///< as written
  std::string_view attributes;  ///< what stands between the name and the end
  bool closing = false;
};

/// The one tag that `html` is; nullopt for anything else, comments too.
[[nodiscard]] std::optional<Tag> read_tag(std::string_view html);

/// An attribute's value, with entities decoded; nullopt if the tag lacks it.
[[nodiscard]] std::optional<std::string> attribute(const Tag& tag, std::string_view name);

/// The container that a pair of such tags means (`<b>`, `<del>`, `<sub>`, ...).
[[nodiscard]] std::optional<Kind> container_of(std::string_view tag_name);

/// The tag that writes this container, e.g. `strong`; empty for kinds HTML has none for.
[[nodiscard]] std::string_view tag_of(Kind container);

[[nodiscard]] bool is_comment(std::string_view html);

[[nodiscard]] std::string decode_entities(std::string_view text);

}  // namespace causeway::markup
