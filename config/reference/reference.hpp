#pragma once
/// docs/configuration.md, from the schema and the presets.
#include <string>
#include <string_view>

namespace causeway::config {

/// The whole page. `example` is config/causeway.example.yaml.
[[nodiscard]] std::string reference(std::string_view example);

}  // namespace causeway::config
