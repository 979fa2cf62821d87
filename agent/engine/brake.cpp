#include "agent/engine/brake.hpp"

#include <algorithm>

namespace causeway::engine {
namespace {

/// Comments are what tickets are for; opening, closing and rewriting tickets in masses is what goes wrong.
bool is_weighty(const Step& step) {
  if (std::holds_alternative<CreateTicket>(step.operation)) return true;
  const auto* edit = std::get_if<EditTicket>(&step.operation);
  return edit != nullptr &&
         (edit->set.contains(Field::title) || edit->set.contains(Field::body) || edit->set.contains(Field::status));
}

}  // namespace

bool Brake::allows(const config::RouteConfig& route, const Plan& plan) {
  if (route.brake == 0) return true;
  const auto weighty = [](const std::vector<Step>& steps) { return std::any_of(steps.begin(), steps.end(), is_weighty); };
  if (!weighty(plan.steps[0]) && !weighty(plan.steps[1])) return true;
  const std::scoped_lock lock{mutex_};
  if (released_.contains(route.id)) return true;
  std::size_t& taken = taken_[route.id];
  if (taken >= route.brake) {
    engaged_.insert(route.id);
    return false;
  }
  ++taken;
  return true;
}

void Brake::begin(std::set<RouteId> released) {
  const std::scoped_lock lock{mutex_};
  taken_.clear();
  engaged_.clear();
  released_ = std::move(released);
}

std::set<RouteId> Brake::engaged() const {
  const std::scoped_lock lock{mutex_};
  return engaged_;
}

}  // namespace causeway::engine
