#include "agent/engine/followed.hpp"

namespace causeway::engine {
namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(blanks);
  return first == std::string_view::npos ? std::string_view{}
                                         : text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

}  // namespace

std::optional<NativeId> followed_ticket(const config::RouteConfig& route, const Adapter& left,
                                        const Snapshot& queue_ticket) {
  if (route.follow_field.empty()) return std::nullopt;
  const auto field = queue_ticket.ticket.fields.find(route.follow_field);
  if (field == queue_ticket.ticket.fields.end()) return std::nullopt;
  std::string_view named = trimmed(field->second);
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
