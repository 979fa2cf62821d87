#pragma once
/// What the adapters' probes share: findings about one tracker, each place named in the same way.
#include <string>
#include <string_view>
#include <vector>

#include "adapters/adapter.hpp"

namespace causeway {

/// Borrows both, which must outlive it.
class Findings {
 public:
  Findings(Account& account, const TrackerId& tracker) : account_(account), tracker_(tracker) {}
  /// About a key of the tracker ("token").
  void error(std::string_view key, std::string what, std::string remedy);
  void warning(std::string_view key, std::string what, std::string remedy);
  /// About any place of the configuration.
  void add(Finding::Weight weight, std::string place, std::string what, std::string remedy);
  /// An error for each value that is not among those that are there. `product`: "Jira"; `kind`: "status".
  void missing(std::string_view product, std::string_view kind, const std::vector<Needs::Wanted>& wanted,
               const std::vector<std::string>& known);

 private:
  [[nodiscard]] std::string own(std::string_view key) const;
  Account& account_;
  const TrackerId& tracker_;
};

}  // namespace causeway
