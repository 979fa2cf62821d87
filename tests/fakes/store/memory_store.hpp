#pragma once
/// A store in memory: as quick as tests want it, with the same transactions. What it must do is proven by the SQLite
/// store's own tests; this one only has to agree with the port's comments.
#include <map>
#include <mutex>
#include <set>

#include "agent/store/store.hpp"

namespace causeway::fakes {

class MemoryStore final : public store::Store {
 public:
  Result<void> write(const store::Work& work) override;
  Result<void> read(const store::Work& work) override;
  Result<void> backup(const std::string& path) override;

  struct Spooled {
    TicketRef ticket;
    Comment comment;
  };
  /// Everything there is; a transaction works on a copy.
  struct State {
    std::map<std::string, std::string> values;
    std::map<TicketRef, store::Hint> hints;
    std::map<std::int64_t, Spooled> spool;
    std::map<LinkId, store::Link> links;
    std::map<IntentId, store::StoredIntent> intents;
    std::vector<store::StoredConflict> conflicts;
    std::vector<store::AuditEntry> audit;
    std::int64_t next = 1;
  };
  [[nodiscard]] State state() const {
    const std::scoped_lock lock{mutex_};
    return state_;
  }

 private:
  mutable std::mutex mutex_;
  State state_;
};

}  // namespace causeway::fakes
