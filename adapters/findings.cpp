#include "adapters/findings.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "agent/model/suggest.hpp"

namespace causeway {

void Findings::error(std::string_view key, std::string what, std::string remedy) {
  add(Finding::Weight::error, own(key), std::move(what), std::move(remedy));
}

void Findings::warning(std::string_view key, std::string what, std::string remedy) {
  add(Finding::Weight::warning, own(key), std::move(what), std::move(remedy));
}

void Findings::add(Finding::Weight weight, std::string place, std::string what, std::string remedy) {
  account_.findings.push_back({weight, std::move(place), std::move(what), std::move(remedy)});
}

void Findings::missing(std::string_view product, std::string_view kind, const std::vector<Needs::Wanted>& wanted,
                       const std::vector<std::string>& known) {
  for (const Needs::Wanted& one : wanted) {
    if (std::find(known.begin(), known.end(), one.value) != known.end()) continue;
    add(Finding::Weight::error, one.place, fmt::format("{} has {}", product, unknown_name(kind, one.value, known)),
        fmt::format("correct the name, or create the {} in {}", kind, product));
  }
}

std::string Findings::own(std::string_view key) const { return fmt::format("trackers/{}/{}", tracker_.value, key); }

}  // namespace causeway
