#include "agent/policy/condition.hpp"

#include <algorithm>
#include <cctype>

namespace causeway::policy {
namespace {

std::string folded(std::string_view text) {
  std::string result{text};
  std::transform(result.begin(), result.end(), result.begin(),
                 [](unsigned char byte) { return static_cast<char>(std::tolower(byte)); });
  return result;
}

bool carries_one(const std::set<std::string>& wanted, const std::set<std::string>& labels) {
  return std::any_of(wanted.begin(), wanted.end(), [&](const std::string& label) { return labels.contains(label); });
}

}  // namespace

bool Condition::empty() const {
  return !everything && labels.empty() && statuses.empty() && authors.empty() && fields.empty() &&
         title_contains.empty();
}

bool selects(const Condition& condition, const Snapshot& snapshot) {
  if (snapshot.gone || condition.empty()) return false;
  const Ticket& ticket = snapshot.ticket;
  if (!condition.labels.empty() && !carries_one(condition.labels, ticket.labels)) return false;
  if (!condition.statuses.empty() && !condition.statuses.contains(ticket.status)) return false;
  if (!condition.authors.empty() && !condition.authors.contains(snapshot.author.login)) return false;
  for (const auto& [field, values] : condition.fields) {
    const auto found = ticket.fields.find(field);
    if (found == ticket.fields.end() || !values.contains(found->second)) return false;
  }
  if (condition.title_contains.empty()) return true;
  const std::string title = folded(ticket.title);
  return std::any_of(condition.title_contains.begin(), condition.title_contains.end(),
                     [&](const std::string& part) { return title.find(folded(part)) != std::string::npos; });
}

}  // namespace causeway::policy
