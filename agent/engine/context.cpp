#include "agent/engine/context.hpp"

#include <algorithm>

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

std::string without_ticket_words(std::string message, const Operation& operation) {
  constexpr std::size_t run_min = 8;  // shorter runs are words of the language
  constexpr std::size_t characters_max = 400;
  std::vector<std::string> texts;
  if (const auto* create = std::get_if<CreateTicket>(&operation)) {
    texts = {create->ticket.title, create->ticket.body, create->attribution.author};
  } else if (const auto* edit = std::get_if<EditTicket>(&operation)) {
    for (const Field field : {Field::title, Field::body}) {
      const auto wanted = edit->set.find(field);
      if (wanted != edit->set.end() && wanted->second) texts.push_back(*wanted->second);
    }
  } else if (const auto* add = std::get_if<AddComment>(&operation)) {
    texts = {add->body, add->attribution.author};
  } else if (const auto* change = std::get_if<EditComment>(&operation)) {
    texts = {change->body, change->attribution.author};
  }
  if (message.size() > characters_max) {
    std::size_t end = characters_max;
    while (end > 0 && (static_cast<unsigned char>(message[end]) & 0xC0U) == 0x80U) --end;
    message = message.substr(0, end) + "…";
  }
  std::replace_if(message.begin(), message.end(), [](char byte) { return byte == '\n' || byte == '\r'; }, ' ');
  std::string told;
  for (std::size_t at = 0; at < message.size();) {
    std::size_t repeated = 0;
    for (const std::string& text : texts) {
      const std::size_t run = std::min(run_min, text.size());
      if (run < 3 || at + run > message.size()) continue;
      std::size_t found = text.find(message.substr(at, run));
      for (; found != std::string::npos; found = text.find(message.substr(at, run), found + 1)) {
        std::size_t length = run;
        while (at + length < message.size() && found + length < text.size() &&
               message[at + length] == text[found + length])
          ++length;
        repeated = std::max(repeated, length);
        if (length >= run_min * 4) break;
      }
    }
    if (repeated > 0) {
      told += "…";
      at += repeated;
    } else {
      told.push_back(message[at++]);
    }
  }
  return told;
}

std::string display(const TicketRef& ticket) {
  return fmt::format("{}/{}", ticket.tracker.value, ticket.id.empty() ? "new" : ticket.id.value);
}

}  // namespace causeway::engine
