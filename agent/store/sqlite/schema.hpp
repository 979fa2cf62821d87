#pragma once
#include "agent/store/sqlite/connection.hpp"

namespace causeway::store {

/// The version of the schema that this program writes.
[[nodiscard]] int schema_version();
/// Brings the file to `schema_version()`, each step in a transaction of its own. A file of a newer program is refused.
Result<void> migrate(Connection& connection);

}  // namespace causeway::store
