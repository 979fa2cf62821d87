#pragma once
/// The Store on one SQLite file in WAL mode.
#include <memory>
#include <string>

#include "agent/store/store.hpp"

namespace causeway::store {

struct SqliteOptions {
  std::string path;
  enum class Use {
    alone,             ///< the agent: holds the process lock PATH.lock
    reading,           ///< a command that looks, while the agent may run
    beside_the_agent,  ///< a command that makes one short write, while the agent may run
    nothing_yet        ///< an empty store in memory, for looking ahead before the first run; `path` is not touched
  };
  Use use = Use::alone;
  /// false: the operating system decides when a commit reaches the disk. For tests and simulation only.
  bool durable = true;
  int cache_kib = 8192;
};

/// Opens or makes the store. A `denied` failure says who holds it, or why it cannot be used.
Result<std::unique_ptr<Store>> open_sqlite(const SqliteOptions& options);

}  // namespace causeway::store
