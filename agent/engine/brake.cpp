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

bool Brake::allows(const config::RouteConfig& route, const Plan& plan, const std::string& ticket) {
  if (route.brake == 0) return true;
  const auto weighty = [](const std::vector<Step>& steps) {
    return std::any_of(steps.begin(), steps.end(), is_weighty);
  };
  if (!weighty(plan.steps[0]) && !weighty(plan.steps[1])) return true;
  const std::scoped_lock lock{mutex_};
  if (engaged_.contains(route.id)) return false;
  std::set<std::string>& taken = taken_[route.id];
  if (taken.contains(ticket)) return true;
  if (taken.size() >= route.brake && !released_.contains(route.id)) {
    engaged_.insert(route.id);
    return false;
  }
  // While released only "more than usual" matters, and need not be remembered ticket by ticket.
  if (taken.size() <= route.brake) taken.insert(ticket);
  return true;
}

void Brake::begin() {
  const std::scoped_lock lock{mutex_};
  taken_.clear();
}

void Brake::set(const RouteId& route, bool engaged, bool released) {
  const std::scoped_lock lock{mutex_};
  if (engaged) {
    engaged_.insert(route);
  } else {
    engaged_.erase(route);
  }
  if (released) {
    released_.insert(route);
  } else {
    released_.erase(route);
  }
}

std::set<RouteId> Brake::engaged() const {
  const std::scoped_lock lock{mutex_};
  return engaged_;
}

std::size_t Brake::taken(const RouteId& route) const {
  const std::scoped_lock lock{mutex_};
  const auto found = taken_.find(route);
  return found == taken_.end() ? 0 : found->second.size();
}

}  // namespace causeway::engine
