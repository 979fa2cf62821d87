#pragma once
/// Operations in words, with their exact text.
#include <string>

#include "agent/cli/output.hpp"
#include "agent/model/operation.hpp"

namespace causeway::cli {

/// "open a ticket", "change title and status".
[[nodiscard]] std::string headline(const Operation& operation);
/// The exact text that would be sent, for people. May be empty.
[[nodiscard]] std::string describe(const Operation& operation);
/// The same as one JSON object.
void describe_json(Json& json, const Operation& operation);

}  // namespace causeway::cli
