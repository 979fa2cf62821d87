#include "agent/model/suggest.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <numeric>
#include <vector>

namespace causeway {
namespace {

constexpr std::size_t names_listed_max = 20;

/// Levenshtein's distance, without regard to the case of ASCII letters.
std::size_t distance(std::string_view a, std::string_view b) {
  const auto lower = [](char letter) { return std::tolower(static_cast<unsigned char>(letter)); };
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (lower(a[i]) == lower(b[j]) ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j + 1] + 1, row[j] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::optional<std::string> closest(std::string_view wanted, std::span<const std::string> known) {
  std::optional<std::string> best;
  std::size_t best_distance = wanted.size() / 3 + 2;
  for (const std::string& name : known) {
    const std::size_t away = distance(wanted, name);
    if (away < best_distance && away < std::max<std::size_t>(1, name.size())) {
      best = name;
      best_distance = away;
    }
  }
  return best;
}

std::string unknown_name(std::string_view what, std::string_view wanted, std::span<const std::string> known) {
  std::string text = fmt::format("no {} \"{}\"", what, wanted);
  if (known.empty()) return text + "; it has none";
  const auto listed = known.first(std::min(known.size(), names_listed_max));
  text += fmt::format("; it has {}", fmt::join(listed, ", "));
  if (listed.size() < known.size()) text += fmt::format(" and {} more", known.size() - listed.size());
  if (const auto near = closest(wanted, known)) text += fmt::format(" (did you mean \"{}\"?)", *near);
  return text;
}

}  // namespace causeway
