/// The words of clocks, and which policy and which promise is for whom.
#include <fmt/format.h>

#include <algorithm>

#include "agent/policy/sla/clock.hpp"

namespace causeway::policy::sla {
namespace {

/// Whether what names `wide` takes everything that names `narrow`; empty means any.
bool covers(const std::set<std::string>& wide, const std::set<std::string>& narrow) {
  if (wide.empty()) return true;
  return !narrow.empty() && std::includes(wide.begin(), wide.end(), narrow.begin(), narrow.end());
}

bool covers(const Promise& wide, const Promise& narrow) {
  return wide.target == narrow.target && covers(wide.severities, narrow.severities) &&
         covers(wide.service_types, narrow.service_types) &&
         (!wide.opened_in_hours || wide.opened_in_hours == narrow.opened_in_hours);
}

}  // namespace

std::string_view name(Target target) {
  switch (target) {
    case Target::first_response:
      return "first response";
    case Target::next_response:
      return "next response";
    case Target::periodic_update:
      return "periodic update";
    case Target::workaround:
      return "workaround";
    case Target::first_resolution:
      return "first resolution";
    case Target::total_resolution:
      return "total resolution";
  }
  return "first response";
}

std::string_view name(PolicyKind kind) {
  switch (kind) {
    case PolicyKind::sla:
      return "sla";
    case PolicyKind::ola:
      return "ola";
    case PolicyKind::vendor:
      return "vendor";
  }
  return "sla";
}

std::string_view name(Verdict verdict) {
  switch (verdict) {
    case Verdict::running:
      return "running";
    case Verdict::paused:
      return "paused";
    case Verdict::met:
      return "met";
    case Verdict::breached:
      return "breached";
    case Verdict::stopped:
      return "stopped";
    case Verdict::merged:
      return "merged";
  }
  return "running";
}

std::set<Phase> usual_pauses(Target target) {
  switch (target) {
    case Target::first_response:
      return {};
    case Target::next_response:
      return {Phase::waiting_for_customer};
    default:
      return {Phase::waiting_for_customer, Phase::pending};
  }
}

std::vector<const Policy*> policies_of(std::span<const Policy> policies, const std::string& plan) {
  std::vector<const Policy*> found;
  for (const Policy& policy : policies) {
    const bool fits = policy.plans.empty() || policy.plans.contains(plan);
    const bool taken =
        std::any_of(found.begin(), found.end(), [&](const Policy* one) { return one->kind == policy.kind; });
    if (fits && !taken) found.push_back(&policy);
  }
  return found;
}

std::vector<std::string> shadowed(std::span<const Policy> policies) {
  std::vector<std::string> found;
  for (std::size_t later = 0; later < policies.size(); ++later) {
    const Policy& policy = policies[later];
    for (std::size_t earlier = 0; earlier < later; ++earlier) {
      if (policies[earlier].kind != policy.kind || !covers(policies[earlier].plans, policy.plans)) continue;
      found.push_back(fmt::format("policy {} is never used: {} before it takes every plan it is for", policy.name,
                                  policies[earlier].name));
      break;
    }
    for (std::size_t row = 0; row < policy.promises.size(); ++row) {
      for (std::size_t above = 0; above < row; ++above) {
        if (!covers(policy.promises[above], policy.promises[row])) continue;
        found.push_back(fmt::format("policy {}: promise {} ({}) is never used: promise {} takes every case it is for",
                                    policy.name, row + 1, name(policy.promises[row].target), above + 1));
        break;
      }
    }
  }
  return found;
}

}  // namespace causeway::policy::sla
