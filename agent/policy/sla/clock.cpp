#include "agent/policy/sla/clock.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "agent/policy/sla/course.hpp"

namespace causeway::policy::sla {
namespace {

using std::chrono::milliseconds;

/// Later than exactly the limit is too late.
constexpr milliseconds too_late{1};

bool holds(const Pause& pause, Instant instant) {
  return pause.from <= instant && (!pause.until || instant < *pause.until);
}

const Pause* holding(const std::vector<Pause>& pauses, Instant instant) {
  const auto found =
      std::find_if(pauses.begin(), pauses.end(), [&](const Pause& pause) { return holds(pause, instant); });
  return found == pauses.end() ? nullptr : &*found;
}

/// A stretch of a course under one promise. A change of severity ends one and begins the next.
struct Piece {
  Instant from;
  Instant until;  ///< of the last: when it ended, or now
  std::string severity;
  const Promise* promise = nullptr;  ///< none: nothing is promised at this severity
  const Calendar* calendar = nullptr;
  std::vector<Pause> pauses;  ///< by phase
  std::vector<Pause> all;     ///< those, and the stops
  milliseconds before{0};     ///< open time used before this piece
  milliseconds used{0};       ///< in it

  [[nodiscard]] std::optional<milliseconds> limit() const {
    if (promise == nullptr || promise->within == milliseconds{0}) return std::nullopt;
    return promise->within;
  }
};

/// Judges one course by its pieces.
class Judge {
 public:
  Judge(const Course& course, std::vector<Piece> pieces, std::optional<Instant> merged_away, Instant now)
      : course_(course), pieces_(std::move(pieces)), now_(now) {
    merged_ = !course.ended && merged_away;
    milliseconds before{0};
    for (Piece& piece : pieces_) {
      piece.before = before;
      piece.used = piece.calendar->between(piece.from, piece.until, piece.all);
      before += piece.used;
    }
    elapsed_ = before;
  }

  /// Whether anything was ever promised.
  [[nodiscard]] bool promised() const {
    return std::any_of(pieces_.begin(), pieces_.end(), [](const Piece& piece) { return piece.limit().has_value(); });
  }

  [[nodiscard]] Clock judge(const Policy& policy, bool with_segments) const {
    const Piece& last = pieces_.back();
    Clock clock{.policy = policy.name, .version = policy.version, .kind = policy.kind, .target = course_.target};
    clock.cycle = course_.cycle;
    clock.began = course_.began;
    clock.severity = last.severity;
    clock.started = course_.started;
    if (course_.ended) clock.ended = course_.ended;
    if (merged_) clock.ended = last.until;
    clock.limit = last.limit();
    clock.best_effort = last.promise != nullptr && last.promise->best_effort;
    clock.elapsed = elapsed_;
    find_breach(clock);
    tell_verdict(clock);
    if (clock.limit) clock.remaining = *clock.limit - elapsed_;
    const bool vanished = clock.verdict == Verdict::merged || stopped() != nullptr;
    if (clock.limit && !vanished) clock.due = reach(*clock.limit);
    if (clock.due && !clock.ended) clock.time_left = *clock.due - now_;
    add_levels(clock, vanished);
    if (with_segments) add_segments(clock);
    return clock;
  }

 private:
  [[nodiscard]] const Pause* stopped() const { return course_.ended ? nullptr : holding(course_.stops, now_); }

  /// When so much open time has been used; nullopt: not as things stand.
  [[nodiscard]] std::optional<Instant> reach(milliseconds amount) const {
    for (std::size_t index = 0; index < pieces_.size(); ++index) {
      const Piece& piece = pieces_[index];
      const bool is_last = index + 1 == pieces_.size();
      const bool here = piece.used > milliseconds{0} && piece.before + piece.used >= amount;
      if (!here && !is_last) continue;
      const auto found = piece.calendar->add(piece.from, std::max(amount - piece.before, milliseconds{0}), piece.all);
      return found ? std::optional{*found} : std::nullopt;
    }
    return std::nullopt;
  }

  /// The first piece in which more was used than promised; what comes later does not mend it.
  void find_breach(Clock& clock) const {
    for (const Piece& piece : pieces_) {
      const auto limit = piece.limit();
      if (!limit || piece.promise->best_effort || piece.before + piece.used <= *limit) continue;
      if (piece.before > *limit) {
        // the change that began this piece moved the due time into the past
        clock.breached_at = piece.from;
        clock.back_dated = true;
        return;
      }
      const auto at = piece.calendar->add(piece.from, *limit - piece.before, piece.all);
      clock.breached_at = at ? *at : piece.from;
      if (course_.moved_at && *clock.breached_at < *course_.moved_at) {
        clock.breached_at = course_.moved_at;
        clock.back_dated = true;
      }
      return;
    }
  }

  void tell_verdict(Clock& clock) const {
    if (merged_) {
      clock.verdict = Verdict::merged;
      clock.reason = "merged into another ticket";
    } else if (clock.breached_at) {
      clock.verdict = Verdict::breached;
      clock.reason = clock.back_dated ? "a change put the due time into the past" : "";
    } else if (course_.ended) {
      clock.verdict = Verdict::met;
    } else if (const Pause* stop = stopped(); stop != nullptr) {
      clock.verdict = Verdict::stopped;
      clock.reason = stop->reason;
    } else if (!clock.limit) {
      clock.verdict = Verdict::stopped;
      clock.reason = "no target at this severity";
    } else if (const Pause* pause = holding(pieces_.back().pauses, now_); pause != nullptr) {
      clock.verdict = Verdict::paused;
      clock.reason = pause->reason;
    } else {
      clock.verdict = Verdict::running;
    }
  }

  void add_levels(Clock& clock, bool vanished) const {
    const Piece& last = pieces_.back();
    if (clock.breached_at) {
      clock.levels.push_back(
          {.name = std::string{breach_level}, .at = clock.breached_at, .reached = true, .muted = clock.back_dated});
    }
    if (!clock.limit || clock.best_effort) return;
    const auto add = [&](const std::string& level_name, milliseconds amount) {
      amount = std::max(amount, milliseconds{0});
      Level level{.name = level_name, .at = reach(amount)};
      level.reached = amount > milliseconds{0} ? elapsed_ >= amount : level.at && *level.at <= last.until;
      if (!level.reached && (clock.ended || vanished)) return;
      if (level.at) level.muted = *level.at < changed_at();
      clock.levels.push_back(std::move(level));
    };
    if (!clock.breached_at) add(std::string{breach_level}, *clock.limit + too_late);
    for (const LevelRule& rule : last.promise->levels) {
      if (rule.percent) add(rule.name, *clock.limit * *rule.percent / 100);
      if (rule.before) add(rule.name, *clock.limit - *rule.before);
      if (rule.overdue) add(rule.name, *clock.limit + *rule.overdue);
    }
    std::stable_sort(clock.levels.begin(), clock.levels.end(), [](const Level& one, const Level& other) {
      return one.at.value_or(end_instant) < other.at.value_or(end_instant);
    });
  }

  /// The last change that could put a time into the past.
  [[nodiscard]] Instant changed_at() const {
    const Instant severity = pieces_.size() > 1 ? pieces_.back().from : course_.started;
    return std::max(severity, course_.moved_at.value_or(severity));
  }

  void add_segments(Clock& clock) const {
    for (const Piece& piece : pieces_) {
      const std::vector<Span> open = piece.calendar->open_spans(piece.from, piece.until);
      std::set<Instant> marks{piece.from, piece.until};
      const auto mark = [&](Instant instant) {
        if (instant > piece.from && instant < piece.until) marks.insert(instant);
      };
      for (const Span& span : open) {
        mark(span.from);
        mark(span.until);
      }
      for (const Pause& pause : piece.all) {
        mark(pause.from);
        if (pause.until) mark(*pause.until);
      }
      std::size_t next = 0;
      for (auto from = marks.begin(); std::next(from) != marks.end(); ++from) {
        while (next < open.size() && open[next].until <= *from) ++next;
        const bool is_open = next < open.size() && open[next].from <= *from;
        append(clock.segments, told(piece, {*from, *std::next(from)}, is_open));
      }
    }
  }

  [[nodiscard]] Segment told(const Piece& piece, Span span, bool is_open) const {
    Segment segment{span.from, span.until, Segment::Kind::outside_hours, "outside support hours"};
    if (!is_open) return segment;
    if (const Pause* stop = holding(course_.stops, span.from); stop != nullptr) {
      segment.kind = Segment::Kind::stopped;
      segment.reason = stop->reason;
    } else if (const Pause* pause = holding(piece.pauses, span.from); pause != nullptr) {
      segment.kind = Segment::Kind::paused;
      segment.reason = pause->reason;
    } else {
      segment.kind = Segment::Kind::counted;
      segment.reason = "support hours at severity " + piece.severity;
    }
    return segment;
  }

  static void append(std::vector<Segment>& segments, Segment segment) {
    const bool goes_on = !segments.empty() && segments.back().until == segment.from &&
                         segments.back().kind == segment.kind && segments.back().reason == segment.reason;
    if (goes_on) {
      segments.back().until = segment.until;
    } else {
      segments.push_back(std::move(segment));
    }
  }

  const Course& course_;
  std::vector<Piece> pieces_;
  Instant now_;
  bool merged_ = false;
  milliseconds elapsed_{0};
};

/// What all courses of one policy are cut from.
struct Cutter {
  const CaseHistory& history;
  const Policy& policy;
  const Calendars& calendars;
  Instant now;
  const Given& given;

  [[nodiscard]] const Calendar& calendar_of(const Promise* promise) const {
    const bool own = promise != nullptr && !promise->calendar.empty();
    return calendars.at(own ? promise->calendar : policy.calendar);
  }

  [[nodiscard]] const Promise* promise_for(Target target, const std::string& severity) const {
    for (const Promise& promise : policy.promises) {
      if (promise.target != target) continue;
      if (!promise.severities.empty() && !promise.severities.contains(severity)) continue;
      if (!promise.service_types.empty() && !promise.service_types.contains(given.service_type)) continue;
      const bool any_time = !promise.opened_in_hours;
      if (any_time || *promise.opened_in_hours == calendar_of(&promise).is_open(*history.opened())) return &promise;
    }
    return nullptr;
  }

  [[nodiscard]] std::vector<Piece> pieces(const Course& course) const {
    const Instant open_until = std::min(now, history.merged_away().value_or(now));
    const Instant end = std::max(course.ended.value_or(open_until), course.started);
    std::vector<Piece> pieces;
    for (const auto& [from, severity] : history.severities_from(course.started)) {
      if (!pieces.empty() && (from > end || (course.ended && from == end))) break;
      Piece piece{.from = from, .until = end, .severity = severity, .promise = promise_for(course.target, severity)};
      piece.calendar = &calendar_of(piece.promise);
      const bool own = piece.promise != nullptr && piece.promise->pauses_in;
      // a first response that could be put off by asking back would be no promise
      if (course.target != Target::first_response)
        piece.pauses = history.pauses(own ? *piece.promise->pauses_in : usual_pauses(course.target));
      piece.all = piece.pauses;
      piece.all.insert(piece.all.end(), course.stops.begin(), course.stops.end());
      if (course.ended) leave_out_what_comes_after(*course.ended, piece.all);
      if (!pieces.empty()) pieces.back().until = from;
      pieces.push_back(std::move(piece));
    }
    return pieces;
  }

  /// When something that has ended was due does not depend on what happened later.
  static void leave_out_what_comes_after(Instant end, std::vector<Pause>& pauses) {
    std::erase_if(pauses, [&](const Pause& pause) { return pause.from >= end; });
    for (Pause& pause : pauses) pause.until = std::min(pause.until.value_or(end), end);
  }

  void add_clocks(std::vector<Clock>& clocks) const {
    std::set<Target> seen;
    for (const Promise& promise : policy.promises) {
      if (!seen.insert(promise.target).second) continue;
      for (Course& course : history.courses(promise.target, policy)) {
        const auto& merged_away = history.merged_away();
        if (merged_away && course.started >= *merged_away) continue;
        if (merged_away && course.ended > merged_away) course.ended.reset();  // it ended as part of the other ticket
        const Judge judge{course, pieces(course), history.merged_away(), now};
        if (judge.promised()) clocks.push_back(judge.judge(policy, given.segments));
      }
    }
  }
};

Result<void> check_calendars(const Policy& policy, const Calendars& calendars) {
  std::vector<std::string> names{policy.calendar};
  for (const Promise& promise : policy.promises) {
    if (!promise.calendar.empty()) names.push_back(promise.calendar);
  }
  for (const std::string& wanted : names) {
    if (!calendars.contains(wanted))
      return fail(Fault::rejected, fmt::format("policy {}: there is no calendar \"{}\"", policy.name, wanted));
  }
  return {};
}

bool same_cycle(const Clock& one, const Clock& other) {
  return one.kind == other.kind && one.target == other.target && one.began == other.began;
}

std::string why_withdrawn(const Clock& clock) {
  if (clock.verdict == Verdict::met) {
    const bool answer = clock.target == Target::first_response || clock.target == Target::next_response ||
                        clock.target == Target::periodic_update;
    if (answer) return "answered in time, alarm withdrawn";
    return clock.target == Target::workaround ? "workaround given in time, alarm withdrawn"
                                              : "resolved in time, alarm withdrawn";
  }
  if (clock.verdict == Verdict::merged) return "merged in time, alarm withdrawn";
  if (clock.verdict == Verdict::stopped) return "stopped in time (" + clock.reason + "), alarm withdrawn";
  return "not yet due, alarm withdrawn";
}

void add_withdrawals(const Given& given, Clocks& clocks) {
  for (const Alarm& alarm : given.alarms_raised) {
    if (alarm.level != breach_level) continue;
    const auto found = std::find_if(clocks.clocks.begin(), clocks.clocks.end(), [&](const Clock& clock) {
      return clock.policy == alarm.policy && clock.target == alarm.target && clock.began == alarm.began;
    });
    if (found == clocks.clocks.end()) {
      clocks.withdrawals.push_back({alarm, "there was nothing to answer, alarm withdrawn"});
    } else if (!found->breached_at) {
      clocks.withdrawals.push_back({alarm, why_withdrawn(*found)});
    }
  }
}

}  // namespace

Result<Clocks> derive(std::span<const Event> history, std::span<const Policy* const> policies,
                      const Calendars& calendars, Instant now, const Given& given) {
  for (const Policy* policy : policies) {
    if (const auto checked = check_calendars(*policy, calendars); !checked) return std::unexpected(checked.error());
  }
  Clocks clocks;
  clocks.clocks = given.frozen;
  const CaseHistory read{in_order(history, now)};
  std::vector<Clock> derived;
  if (read.opened()) {
    for (const Policy* policy : policies) Cutter{read, *policy, calendars, now, given}.add_clocks(derived);
  }
  for (Clock& clock : derived) {
    const bool is_frozen =
        std::any_of(given.frozen.begin(), given.frozen.end(), [&](const Clock& one) { return same_cycle(one, clock); });
    if (!is_frozen) clocks.clocks.push_back(std::move(clock));
  }
  std::stable_sort(clocks.clocks.begin(), clocks.clocks.end(), [](const Clock& one, const Clock& other) {
    return std::tie(one.kind, one.target, one.began) < std::tie(other.kind, other.target, other.began);
  });
  add_withdrawals(given, clocks);
  return clocks;
}

std::optional<Instant> next_level(const Clocks& clocks, const std::set<Alarm>& raised) {
  std::optional<Instant> next;
  for (const Clock& clock : clocks.clocks) {
    if (clock.ended) continue;
    for (const Level& level : clock.levels) {
      if (level.reached || !level.at || raised.contains({clock.policy, clock.target, clock.began, level.name}))
        continue;
      if (!next || *level.at < *next) next = level.at;
    }
  }
  return next;
}

std::vector<Alarm> alarms_due(const Clocks& clocks, const std::set<Alarm>& raised) {
  std::vector<Alarm> due;
  for (const Clock& clock : clocks.clocks) {
    for (const Level& level : clock.levels) {
      Alarm alarm{clock.policy, clock.target, clock.began, level.name};
      if (level.reached && !level.muted && !raised.contains(alarm)) due.push_back(std::move(alarm));
    }
  }
  return due;
}

}  // namespace causeway::policy::sla
