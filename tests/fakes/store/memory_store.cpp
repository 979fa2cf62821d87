#include "tests/fakes/store/memory_store.hpp"

#include <algorithm>

namespace causeway::fakes {
namespace {

using store::AuditEntry;
using store::Counts;
using store::Hint;
using store::IntentState;
using store::Link;
using store::LinkState;
using store::SpooledComment;
using store::StoredConflict;
using store::StoredIntent;

class MemoryTransaction final : public store::Transaction {
 public:
  explicit MemoryTransaction(MemoryStore::State& state) : state_(state) {}

  Result<std::optional<std::string>> value(const std::string& key) override {
    const auto found = state_.values.find(key);
    return found == state_.values.end() ? std::optional<std::string>{} : found->second;
  }
  Result<void> set_value(const std::string& key, const std::string& value) override {
    state_.values[key] = value;
    return {};
  }
  Result<void> remove_value(const std::string& key) override {
    state_.values.erase(key);
    return {};
  }
  Result<std::map<std::string, std::string>> values(const std::string& prefix) override {
    std::map<std::string, std::string> found;
    for (const auto& [key, value] : state_.values) {
      if (key.starts_with(prefix)) found[key] = value;
    }
    return found;
  }

  Result<void> add_hint(const TicketRef& ticket, Instant due) override {
    const auto [place, is_new] = state_.hints.try_emplace(ticket, Hint{ticket, due, 0, 0});
    place->second.due = std::min(place->second.due, due);
    place->second.generation = state_.next++;
    return {};
  }
  Result<void> remove_hint(const TicketRef& ticket, std::int64_t generation) override {
    const auto found = state_.hints.find(ticket);
    if (found != state_.hints.end() && found->second.generation == generation) state_.hints.erase(found);
    return {};
  }
  Result<void> postpone_hint(const TicketRef& ticket, std::int64_t generation, Instant due) override {
    const auto found = state_.hints.find(ticket);
    if (found != state_.hints.end() && found->second.generation == generation) {
      found->second.due = due;
      ++found->second.attempts;
    }
    return {};
  }
  Result<void> hasten_hints(Instant now) override {
    for (auto& [ticket, hint] : state_.hints) hint.due = std::min(hint.due, now);
    return {};
  }
  Result<std::optional<Hint>> hint(const TicketRef& ticket) override {
    const auto found = state_.hints.find(ticket);
    return found == state_.hints.end() ? std::optional<Hint>{} : found->second;
  }
  Result<std::vector<Hint>> hints_due(Instant now, std::size_t count_max) override {
    std::vector<Hint> due;
    for (const auto& [ticket, hint] : state_.hints) {
      if (hint.due <= now) due.push_back(hint);
    }
    std::stable_sort(due.begin(), due.end(), [](const Hint& a, const Hint& b) { return a.due < b.due; });
    if (due.size() > count_max) due.resize(count_max);
    return due;
  }
  Result<std::optional<Instant>> next_hint_due() override {
    std::optional<Instant> next;
    for (const auto& [ticket, hint] : state_.hints) {
      if (!next || hint.due < *next) next = hint.due;
    }
    return next;
  }

  Result<void> spool_comment(const TicketRef& ticket, const Comment& comment) override {
    std::erase_if(state_.spool, [&](const auto& entry) {
      return entry.second.ticket == ticket && entry.second.comment.id == comment.id;
    });
    state_.spool[state_.next++] = {ticket, comment};
    return {};
  }
  Result<std::vector<SpooledComment>> spooled_comments(const TicketRef& ticket) override {
    std::vector<SpooledComment> found;
    for (const auto& [sequence, entry] : state_.spool) {
      if (entry.ticket == ticket) found.push_back({sequence, entry.comment});
    }
    return found;
  }
  Result<void> remove_spooled_comments(const TicketRef& ticket, std::int64_t up_to_sequence) override {
    std::erase_if(state_.spool,
                  [&](const auto& entry) { return entry.second.ticket == ticket && entry.first <= up_to_sequence; });
    return {};
  }
  Result<std::vector<TicketRef>> spooled_tickets(const TrackerId& tracker, std::size_t count_max) override {
    std::set<TicketRef> found;
    for (const auto& [sequence, entry] : state_.spool) {
      if (entry.ticket.tracker == tracker && found.size() < count_max) found.insert(entry.ticket);
    }
    return std::vector<TicketRef>(found.begin(), found.end());
  }

  Result<void> put_link(Link& link) override {
    if (link.id == LinkId{}) link.id = LinkId{state_.next++};
    state_.links[link.id] = link;
    return {};
  }
  Result<std::optional<Link>> link(LinkId id) override {
    const auto found = state_.links.find(id);
    return found == state_.links.end() ? std::optional<Link>{} : found->second;
  }
  Result<std::vector<Link>> links_of(const TicketRef& ticket) override {
    std::vector<Link> found;
    for (const auto& [id, link] : state_.links) {
      if (link.tickets[0] == ticket || link.tickets[1] == ticket) found.push_back(link);
    }
    return found;
  }
  Result<std::vector<Link>> links_after(LinkId after, std::size_t count_max) override {
    std::vector<Link> found;
    for (auto next = state_.links.upper_bound(after); next != state_.links.end() && found.size() < count_max; ++next) {
      found.push_back(next->second);
    }
    return found;
  }
  Result<void> remove_link(LinkId id) override {
    state_.links.erase(id);
    return {};
  }

  Result<void> put_intent(StoredIntent& intent) override {
    if (intent.id == IntentId{}) intent.id = IntentId{state_.next++};
    state_.intents[intent.id] = intent;
    return {};
  }
  Result<void> mark_intent(IntentId id, IntentState state, Instant sent) override {
    const auto found = state_.intents.find(id);
    if (found == state_.intents.end()) return {};
    found->second.state = state;
    found->second.sent = sent;
    return {};
  }
  Result<void> remove_intent(IntentId id) override {
    state_.intents.erase(id);
    return {};
  }
  Result<std::optional<StoredIntent>> intent(IntentId id) override {
    const auto found = state_.intents.find(id);
    return found == state_.intents.end() ? std::optional<StoredIntent>{} : found->second;
  }
  Result<std::vector<StoredIntent>> intents_of(LinkId link) override {
    std::vector<StoredIntent> found;
    for (const auto& [id, intent] : state_.intents) {
      if (intent.link == link) found.push_back(intent);
    }
    return found;
  }
  Result<std::vector<StoredIntent>> intents_in(IntentState state, std::size_t count_max) override {
    std::vector<StoredIntent> found;
    for (const auto& [id, intent] : state_.intents) {
      if (intent.state == state && found.size() < count_max) found.push_back(intent);
    }
    return found;
  }

  Result<void> add_conflict(LinkId link, Instant at, const Conflict& conflict) override {
    state_.conflicts.push_back({state_.next++, link, at, conflict});
    return {};
  }
  Result<std::vector<StoredConflict>> conflicts(std::optional<LinkId> link, std::size_t count_max) override {
    std::vector<StoredConflict> found;
    for (const StoredConflict& conflict : state_.conflicts) {
      if ((!link || conflict.link == *link) && found.size() < count_max) found.push_back(conflict);
    }
    return found;
  }
  Result<void> add_audit(const AuditEntry& entry) override {
    state_.audit.push_back(entry);
    return {};
  }
  Result<std::vector<AuditEntry>> audit(std::optional<LinkId> link, std::size_t count_max) override {
    std::vector<AuditEntry> found;
    for (auto entry = state_.audit.rbegin(); entry != state_.audit.rend() && found.size() < count_max; ++entry) {
      if (!link || entry->link == *link) found.push_back(*entry);
    }
    return found;
  }
  Result<void> remove_audit_before(Instant at) override {
    std::erase_if(state_.audit, [&](const AuditEntry& entry) { return entry.at < at; });
    return {};
  }

  Result<Counts> counts() override {
    Counts counts;
    counts.links = static_cast<std::int64_t>(state_.links.size());
    for (const auto& [id, link] : state_.links) {
      counts.links_paused += link.state == LinkState::paused ? 1 : 0;
      counts.links_broken += link.state == LinkState::broken ? 1 : 0;
    }
    counts.hints = static_cast<std::int64_t>(state_.hints.size());
    for (const auto& [id, intent] : state_.intents) {
      counts.intents_ready += intent.state == IntentState::ready ? 1 : 0;
      counts.intents_sending += intent.state == IntentState::sending ? 1 : 0;
      counts.intents_held += intent.state == IntentState::held ? 1 : 0;
    }
    counts.conflicts = static_cast<std::int64_t>(state_.conflicts.size());
    return counts;
  }

 private:
  MemoryStore::State& state_;
};

}  // namespace

Result<void> MemoryStore::write(const store::Work& work) {
  const std::scoped_lock lock{mutex_};
  State copy = state_;
  MemoryTransaction transaction{copy};
  auto result = work(transaction);
  if (result) state_ = std::move(copy);
  return result;
}

Result<void> MemoryStore::read(const store::Work& work) {
  State copy = state();
  MemoryTransaction transaction{copy};
  return work(transaction);
}

Result<void> MemoryStore::backup(const std::string& path) {
  return fail(Fault::rejected, "a store in memory has nothing to copy to " + path);
}

}  // namespace causeway::fakes
