#include "agent/engine/followed.hpp"

#include "agent/markup/characters.hpp"

namespace causeway::engine {

std::optional<NativeId> followed_ticket(const config::RouteConfig& route, const Adapter& left,
                                        const Snapshot& queue_ticket) {
  if (route.follow_field.empty()) return std::nullopt;
  const auto field = queue_ticket.ticket.fields.find(route.follow_field);
  if (field == queue_ticket.ticket.fields.end()) return std::nullopt;
  std::string_view named = markup::trimmed(field->second);
  while (named.ends_with('/')) named.remove_suffix(1);
  const std::size_t before = named.find_last_of("/#");
  if (before == std::string_view::npos) return std::nullopt;
  const NativeId id{std::string{named.substr(before + 1)}};
  const bool is_number = !id.empty() && id.value.find_first_not_of("0123456789") == std::string::npos;
  if (!is_number || id.value.front() == '0') return std::nullopt;
  if (before == 0 && named.front() == '#') return id;
  return named == left.url_of(id) ? std::optional{id} : std::nullopt;
}

}  // namespace causeway::engine
