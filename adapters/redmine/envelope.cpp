#include "adapters/redmine/envelope.hpp"

#include <fmt/format.h>

namespace causeway::redmine {
namespace {

constexpr std::string_view opening = "-- ";
constexpr std::string_view mark_opening = "(cw";

/// Nullopt when the line is not ours.
std::optional<envelope::OwnLine> own_line(std::string_view line) {
  while (!line.empty() && (line.back() == ' ' || line.back() == '\t')) line.remove_suffix(1);
  if (!line.starts_with(opening) || !line.ends_with(')')) return std::nullopt;
  const std::size_t mark = line.rfind(mark_opening);
  if (mark == std::string_view::npos || line[mark - 1] != ' ') return std::nullopt;
  std::string_view inside = line.substr(mark + mark_opening.size());
  inside.remove_suffix(1);
  const std::string_view whose = mark > opening.size() ? line.substr(opening.size(), mark - 1 - opening.size()) : "";
  if (inside.empty()) return envelope::OwnLine{{}, whose};
  if (inside.front() != ':' || !envelope::is_marker(inside.substr(1))) return std::nullopt;
  return envelope::OwnLine{inside.substr(1), whose};
}

}  // namespace

std::string wrap(std::string_view text, const Attribution& attribution, const std::optional<Marker>& marker) {
  std::string whose = envelope::whose_words(attribution);
  if (!whose.empty()) whose += ' ';
  const std::string mark = marker ? fmt::format("(cw:{})", marker->value) : "(cw)";
  return envelope::with_last_line(text, fmt::format("{}{}{}", opening, whose, mark));
}

Unwrapped unwrap(std::string_view stored) { return envelope::without_last_line(stored, own_line); }

}  // namespace causeway::redmine
