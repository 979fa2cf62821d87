#pragma once
/// Addresses in links and images.
#include <string_view>

namespace causeway::markup {

/// Does it start with a scheme such as `https:` or `mailto:`?
[[nodiscard]] bool has_scheme(std::string_view address);

/// Does it mean something only where it was written: neither a scheme nor a place in the same page?
[[nodiscard]] bool is_relative(std::string_view address);

}  // namespace causeway::markup
