#pragma once
/// The kinds of tracker there are: one line each in registry.cpp.
#include <expected>
#include <memory>

#include "adapters/adapter.hpp"
#include "agent/http/budget.hpp"
#include "agent/http/transport.hpp"
#include "agent/model/time.hpp"
#include "config/config.hpp"

namespace causeway::cli {

/// What an adapter is made of. Borrows transport and clock, which must outlive the adapter.
struct AdapterParts {
  const config::TrackerConfig& tracker;
  http::Transport& transport;
  http::Secret token;    ///< empty when an app stands in its place
  http::Secret app_key;  ///< an app's PEM or an OAuth client's secret; empty when there is none
  const Clock& clock;
};

/// nullptr: there is no such kind.
[[nodiscard]] std::unique_ptr<Adapter> make_adapter(AdapterParts parts);

/// The vendor's limits for this tracker, as configured.
[[nodiscard]] http::Budget budget_of(const config::TrackerConfig& tracker);

}  // namespace causeway::cli
