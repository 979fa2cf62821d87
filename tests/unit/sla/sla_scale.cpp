/// How long it takes to derive the clocks of many cases. Run by hand; no test.
#include <chrono>
#include <cstdio>

#include "tests/unit/sla/case_story.hpp"
#include "tests/unit/sla/random_calendars.hpp"

using namespace causeway;
using namespace causeway::policy::sla;
using namespace std::chrono_literals;

namespace {

template <class Work>
double seconds_for(const Work& work) {
  const auto before = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - before).count();
}

}  // namespace

int main() {
  constexpr int cases = 100'000;
  Policy policy = policy_of({promise(Target::first_response, 4h), promise(Target::next_response, 8h),
                             promise(Target::total_resolution, 40h)});
  for (Promise& one : policy.promises) {
    one.levels = {{.name = "half", .percent = 50, .before = {}, .overdue = {}},
                  {.name = "soon", .percent = 80, .before = {}, .overdue = {}}};
  }
  Story story{"09:00", "low"};
  story.says("10:00", Author::support).moves("10:00", Phase::waiting_for_customer);
  story.says("2026-12-03T11:00:00+01:00", Author::customer).moves("2026-12-03T11:00:00+01:00", Phase::working);
  story.severity("2026-12-03T12:00:00+01:00", "high");
  const Calendars all = calendars();
  const std::vector<const Policy*> policies{&policy};
  const Instant now = at("2026-12-03T13:00:00+01:00");
  std::size_t clocks = 0;
  const double derived = seconds_for([&] {
    for (int index = 0; index < cases; ++index) clocks += derive(story.events, policies, all, now)->clocks.size();
  });
  fmt::print("{} cases, {} clocks with 2 levels each: {:.2f} s, {:.1f} us a case\n", cases, clocks, derived,
             derived / cases * 1e6);

  const Calendar office_hours = made(office());
  std::int64_t sum = 0;
  const double added = seconds_for([&] {
    for (int index = 0; index < 10'000; ++index)
      sum += office_hours.add(now + std::chrono::minutes{index}, 2'000h)->time_since_epoch().count();
  });
  const double zones = seconds_for([&] {
    for (int index = 0; index < 100; ++index) sum += std::ssize(Zone::find("Europe/Berlin")->spans());
  });
  fmt::print("add over a year: {:.2f} us, find a zone: {:.0f} us ({})\n", added * 1e2, zones * 1e4, sum);
  return 0;
}
