#include "agent/policy/sla/course.hpp"

#include <algorithm>

namespace causeway::policy::sla {
namespace {

bool is_response(const Commented& comment, const Policy& policy) {
  return comment.is_public && policy.responders.contains(comment.author);
}

bool is_question(const Commented& comment) { return comment.is_public && comment.author == Author::customer; }

}  // namespace

CaseHistory::CaseHistory(std::span<const Event> events) {
  for (const Event& event : events) {
    const Instant at = event.at;
    if (const auto* opened = std::get_if<Opened>(&event.what)) {
      if (opened_) continue;
      opened_ = at;
      severities_.push_back({at, opened->severity});
    } else if (const auto* absorbed = std::get_if<Absorbed>(&event.what)) {
      absorbed_.push_back({at, absorbed->opened});
    } else if (const auto* entitlement = std::get_if<EntitlementChanged>(&event.what)) {
      entitled_.emplace_back(at, entitlement->entitled);
    } else if (const auto* severity = std::get_if<SeverityChanged>(&event.what)) {
      severities_.push_back({at, severity->severity});
    } else if (const auto* handed = std::get_if<HandedOver>(&event.what)) {
      auto& first = handed->to_vendor ? to_vendor_ : to_maintainers_;
      if (!first) first = at;
    } else if (const auto* comment = std::get_if<Commented>(&event.what)) {
      comments_.push_back({at, *comment});
    } else if (std::holds_alternative<WorkaroundGiven>(event.what)) {
      workarounds_.push_back(at);
    } else if (const auto* moved = std::get_if<Moved>(&event.what)) {
      if (phases_.empty() || phases_.back().phase != moved->phase) phases_.push_back({at, moved->phase});
    } else if (std::holds_alternative<MergedAway>(event.what)) {
      if (!merged_away_) merged_away_ = at;
    }
  }
}

std::vector<CaseHistory::SeverityFrom> CaseHistory::severities_from(Instant start) const {
  std::vector<SeverityFrom> from;
  for (const SeverityFrom& severity : severities_) {
    if (severity.from <= start || from.empty()) {
      from.assign(1, {start, severity.severity});
    } else if (severity.from == from.back().from) {
      from.back().severity = severity.severity;  // changed twice in one instant: the first has never been
    } else if (severity.severity != from.back().severity) {
      from.push_back(severity);
    }
  }
  return from;
}

std::vector<Pause> CaseHistory::pauses(const std::set<Phase>& phases) const {
  std::vector<Pause> result;
  for (std::size_t index = 0; index < phases_.size(); ++index) {
    if (!phases.contains(phases_[index].phase)) continue;
    Pause pause{phases_[index].from, std::nullopt, std::string{name(phases_[index].phase)}};
    if (index + 1 < phases_.size()) pause.until = phases_[index + 1].from;
    result.push_back(std::move(pause));
  }
  return result;
}

/// Resolved and then closed is one stretch.
std::vector<Pause> CaseHistory::resolutions() const {
  std::vector<Pause> result;
  for (Pause& pause : pauses({Phase::resolved, Phase::closed})) {
    if (!result.empty() && result.back().until == pause.from) {
      result.back().until = pause.until;
    } else {
      result.push_back(std::move(pause));
    }
  }
  return result;
}

std::vector<Pause> CaseHistory::stops(const std::string& resolved) const {
  std::vector<Pause> result;
  for (std::size_t index = 0; index < entitled_.size(); ++index) {
    if (entitled_[index].second) continue;
    Pause stop{entitled_[index].first, std::nullopt, "no longer entitled"};
    if (index + 1 < entitled_.size()) stop.until = entitled_[index + 1].first;
    result.push_back(std::move(stop));
  }
  if (resolved.empty()) return result;
  for (Pause& stretch : resolutions()) result.push_back({stretch.from, stretch.until, resolved});
  return result;
}

std::optional<Instant> CaseHistory::start_of(const Policy& policy) const {
  if (!opened_ || !policy.starts_when_handed_over) return opened_;
  return policy.kind == PolicyKind::vendor ? to_vendor_ : to_maintainers_;
}

bool CaseHistory::resolved_for_good_at(Instant instant) const {
  const auto stretches = resolutions();
  return !stretches.empty() && !stretches.back().until && stretches.back().from <= instant;
}

/// What had ended before the merge is not judged anew.
void CaseHistory::keep_earliest_start(Course& course) const {
  for (const Merged& merged : absorbed_) {
    const bool runs = !course.ended || *course.ended > merged.at;
    if (!runs || merged.opened >= course.started) continue;
    course.started = merged.opened;
    course.moved_at = merged.at;
  }
}

void CaseHistory::add_from_start(Target target, const Policy& policy, std::vector<Course>& courses) const {
  const auto start = start_of(policy);
  if (!start) return;
  Course course{.target = target, .began = *start, .started = *start};
  const auto end_at = [&](Instant at) {
    if (at >= *start && (!course.ended || at < *course.ended)) course.ended = at;
  };
  if (target == Target::first_response) {
    for (const Written& written : comments_) {
      if (is_response(written.comment, policy)) end_at(written.at);
    }
    course.stops = stops("resolved without a response");
  } else {
    for (const Pause& stretch : resolutions()) end_at(stretch.from);
    if (target == Target::workaround) {
      for (const Instant given : workarounds_) end_at(given);
    }
    course.stops = stops({});
  }
  if (!policy.starts_when_handed_over) keep_earliest_start(course);
  courses.push_back(std::move(course));
}

void CaseHistory::add_next_responses(const Policy& policy, std::vector<Course>& courses) const {
  const auto start = start_of(policy);
  if (!start) return;
  bool answered_once = false;
  std::optional<Instant> oldest;
  const auto add = [&](std::optional<Instant> ended) {
    if (!ended && resolved_for_good_at(*oldest)) return;  // thanks for the solution asks for nothing
    courses.push_back({.target = Target::next_response,
                       .cycle = static_cast<int>(courses.size()) + 1,
                       .began = *oldest,
                       .started = *oldest,
                       .ended = ended,
                       .stops = stops("resolved")});
    oldest.reset();
  };
  for (const Written& written : comments_) {
    if (written.at < *start) continue;
    if (is_response(written.comment, policy)) {
      if (oldest) add(written.at);
      answered_once = true;
    } else if (is_question(written.comment) && answered_once && !oldest) {
      oldest = written.at;
    }
  }
  if (oldest) add(std::nullopt);
}

void CaseHistory::add_periodic_updates(const Policy& policy, std::vector<Course>& courses) const {
  const auto start = start_of(policy);
  if (!start) return;
  std::optional<Instant> last;
  const auto add = [&](std::optional<Instant> ended) {
    if (resolved_for_good_at(*last)) return;
    courses.push_back({.target = Target::periodic_update,
                       .cycle = static_cast<int>(courses.size()) + 1,
                       .began = *last,
                       .started = *last,
                       .ended = ended,
                       .stops = stops("resolved")});
  };
  for (const Written& written : comments_) {
    if (written.at < *start || !is_response(written.comment, policy)) continue;
    if (last) add(written.at);
    last = written.at;
  }
  if (last) add(std::nullopt);
}

void CaseHistory::add_total_resolutions(const Policy& policy, std::vector<Course>& courses) const {
  const auto start = start_of(policy);
  if (!start) return;
  Course course{.target = Target::total_resolution, .began = *start, .started = *start, .stops = stops({})};
  const auto finish = [&] {
    if (course.cycle == 1 && !policy.starts_when_handed_over) keep_earliest_start(course);
    courses.push_back(course);
  };
  for (const Pause& stretch : resolutions()) {
    if (stretch.until && *stretch.until <= course.started) continue;
    if (stretch.until && *stretch.until - stretch.from <= policy.reopen_window) {
      course.stops.push_back({stretch.from, stretch.until, "resolved"});
      continue;
    }
    course.ended = std::max(stretch.from, course.started);
    finish();
    if (!stretch.until) return;
    course.cycle += 1;
    course.began = course.started = *stretch.until;
    course.ended.reset();
    course.moved_at.reset();
  }
  finish();
}

std::vector<Course> CaseHistory::courses(Target target, const Policy& policy) const {
  std::vector<Course> courses;
  switch (target) {
    case Target::first_response:
    case Target::workaround:
    case Target::first_resolution:
      add_from_start(target, policy, courses);
      break;
    case Target::next_response:
      add_next_responses(policy, courses);
      break;
    case Target::periodic_update:
      add_periodic_updates(policy, courses);
      break;
    case Target::total_resolution:
      add_total_resolutions(policy, courses);
      break;
  }
  return courses;
}

}  // namespace causeway::policy::sla
