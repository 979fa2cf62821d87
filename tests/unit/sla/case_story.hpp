#pragma once
/// A case told in a few words, and the clocks it has.
#include "agent/policy/sla/clock.hpp"
#include "tests/unit/sla/calendars.hpp"

namespace causeway::policy::sla {

using std::chrono::milliseconds;

/// A time of Wednesday 2 December 2026 in Berlin, `10:00`, or a whole instant. The office is open from 09:00 to 17:00.
inline Instant on(std::string_view text) {
  return text.size() <= 8 ? at("2026-12-02T" + std::string{text} + (text.size() == 5 ? ":00" : "") + "+01:00")
                          : at(text);
}

/// Events in the order in which they are told, which the clocks must not care about.
class Story {
 public:
  explicit Story(std::string_view opened, std::string severity = "high") { add(opened, Opened{std::move(severity)}); }
  Story& add(std::string_view when, Happening what) {
    events.push_back({on(when), std::to_string(events.size() + 1), std::move(what)});
    return *this;
  }
  Story& says(std::string_view when, Author author) { return add(when, Commented{author, true}); }
  Story& notes(std::string_view when, Author author) { return add(when, Commented{author, false}); }
  Story& moves(std::string_view when, Phase phase) { return add(when, Moved{phase}); }
  Story& severity(std::string_view when, std::string severity) {
    return add(when, SeverityChanged{std::move(severity)});
  }

  std::vector<Event> events;
};

inline Promise promise(Target target, milliseconds within, std::set<std::string> severities = {}) {
  Promise promise;
  promise.target = target;
  promise.within = within;
  promise.severities = std::move(severities);
  return promise;
}

inline Policy policy_of(std::vector<Promise> promises) {
  Policy policy;
  policy.name = "gold";
  policy.version = "1";
  policy.calendar = "office";
  policy.promises = std::move(promises);
  return policy;
}

inline Calendars calendars() { return {{"office", made(office())}, {"always", Calendar::always()}}; }

inline Clocks clocks_of(const std::vector<Event>& events, const Policy& policy, std::string_view now,
                        const Given& given = {}) {
  const std::vector<const Policy*> policies{&policy};
  auto clocks = derive(events, policies, calendars(), on(now), given);
  if (!clocks) throw std::runtime_error(clocks.error().message);
  return *std::move(clocks);
}

/// `10:00` or, on another day, `12-03 10:00`, in Berlin.
inline std::string clock_text(std::optional<Instant> instant) {
  if (!instant) return "none";
  static const Zone berlin = *Zone::find("Europe/Berlin");
  const std::string text = berlin.format(*instant);
  return (text.substr(0, 10) == "2026-12-02" ? "" : text.substr(5, 5) + " ") + text.substr(11, 5);
}

/// `met, used 60 of 240, due 14:00`: minutes of open time.
inline std::string told(const Clock& clock) {
  const auto minutes = [](milliseconds time) { return std::chrono::floor<std::chrono::minutes>(time).count(); };
  std::string text{name(clock.verdict)};
  if (!clock.reason.empty()) text += " (" + clock.reason + ")";
  text += fmt::format(", used {}", minutes(clock.elapsed));
  if (clock.limit) text += fmt::format(" of {}", minutes(*clock.limit));
  return text + ", due " + clock_text(clock.due);
}

inline std::vector<std::string> told(const Clocks& clocks) {
  std::vector<std::string> lines;
  for (const Clock& clock : clocks.clocks)
    lines.push_back(fmt::format("{} {}: {}", name(clock.target), clock.cycle, told(clock)));
  return lines;
}

/// The only clock that there must be.
inline std::string only_clock(const Story& story, const Policy& policy, std::string_view now) {
  const Clocks clocks = clocks_of(story.events, policy, now);
  return clocks.clocks.size() == 1 ? told(clocks.clocks[0]) : fmt::format("{} clocks", clocks.clocks.size());
}

}  // namespace causeway::policy::sla
