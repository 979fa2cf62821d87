#pragma once
/// What ADF's published schema allows, as far as Causeway writes it: a stricter reading of it, never a wider one.
#include <string_view>

#include "agent/markup/adf/json.hpp"

namespace causeway::markup::adf {

/// May a node of type `child`, without marks, stand in the content of a node of type `parent`?
[[nodiscard]] bool may_hold(std::string_view parent, std::string_view child);

/// Is `node`, with all it holds, valid where it stands in the content of a node of type `parent`? Without recursion.
[[nodiscard]] bool is_valid(const Value& node, std::string_view parent);

}  // namespace causeway::markup::adf
