#include "agent/engine/context.hpp"

namespace causeway::engine {

Marker Context::new_marker() const {
  return Marker{fmt::format("{:016x}{:04x}", randomness.next(), randomness.next() & 0xffffU)};
}

Result<void> Context::audit(store::Transaction& transaction, LinkId link, std::string what, std::string detail) const {
  return transaction.add_audit({clock.now(), link, std::move(what), std::move(detail)});
}

void Context::told(const TicketRef& ticket, const std::string& what, const std::string& detail) const {
  report.count(what);
  log.write(Level::info, what, {{"ticket", display(ticket)}, {"detail", detail}});
}

std::string display(const TicketRef& ticket) {
  return fmt::format("{}/{}", ticket.tracker.value, ticket.id.empty() ? "new" : ticket.id.value);
}

}  // namespace causeway::engine
