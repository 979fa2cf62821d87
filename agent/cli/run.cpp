#include <malloc.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

#include "agent/cli/commands.hpp"
#include "agent/cli/console_log.hpp"
#include "agent/cli/output.hpp"
#include "agent/cli/wiring.hpp"

namespace causeway::cli {
namespace {

using namespace std::chrono_literals;

/// Requests in flight get this long after a stop was asked for; the agent is to be gone within 10 s. What is then still
/// unanswered stands in the store as `sending` and is looked for at the next start.
constexpr auto patience_at_stop = 8s;

constexpr int memory_pools_max = 4;

std::atomic<bool> stop_asked{false};

void ask_to_stop(int /*signal*/) { stop_asked.store(true); }

void listen_for_signals() {
  struct sigaction action{};
  action.sa_handler = ask_to_stop;
  sigemptyset(&action.sa_mask);
  // A second Ctrl-C is the person's way to insist.
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

/// Ends the process when a stop was asked for and requests do not come back.
class StopWatch {
 public:
  explicit StopWatch(engine::Log& log)
      : thread_([this, &log](const std::stop_token& finished) { watch(finished, log); }) {}

 private:
  void watch(const std::stop_token& finished, engine::Log& log) {
    std::unique_lock lock{mutex_};
    while (!finished.stop_requested() && !stop_asked.load())
      ended_.wait_for(lock, finished, 100ms, [] { return stop_asked.load(); });
    if (finished.stop_requested()) return;
    ended_.wait_for(lock, finished, patience_at_stop, [] { return false; });
    if (finished.stop_requested()) return;
    log.write(engine::Level::warning, "stopped_waiting",
              {{"why", "a tracker did not answer in time; the write is looked for at the next start"}});
    std::_Exit(attention);
  }

  std::mutex mutex_;
  std::condition_variable_any ended_;
  std::jthread thread_;
};

void print_summary(const engine::Report::Data& report, const Wiring& wiring, bool json) {
  if (json) {
    Json out;
    out.begin_object();
    out.key("done");
    out.begin_object();
    for (const auto& [what, count] : report.done) out.member(what, count);
    out.end_object();
    out.member("tickets_listed", report.tickets_seen);
    out.member("postponed", report.postponed);
    out.key("failures");
    out.begin_array();
    for (const std::string& failure : report.failures) out.text(failure);
    out.end_array();
    out.key("requests");
    out.begin_object();
    for (const auto& [tracker, by_path] : wiring.requests()) {
      out.key(tracker);
      out.begin_object();
      for (const auto& [path, count] : by_path) out.member(path, count);
      out.end_object();
    }
    out.end_object();
    out.end_object();
    print_line(out.take());
    return;
  }
  std::string line;
  for (const auto& [what, count] : report.done) line += fmt::format("{}{} {}", line.empty() ? "" : ", ", count, what);
  print_line(line.empty() ? "Both sides agree; nothing was written." : line + ".");
  for (const std::string& failure : report.failures) print_line("Not done: " + printable(failure));
  if (report.postponed > 0)
    print_line(counted(report.postponed, "ticket is", "tickets are") +
               " tried again later; `causeway status` says when.");
}

}  // namespace

ExitCode run(const CommonOptions& common, const RunOptions& options) {
  // Left alone, the C library keeps a pool of freed memory for nearly each of our threads: a third more at the peak.
  mallopt(M_ARENA_MAX, memory_pools_max);
  const SystemClock clock;
  auto wiring = set_up_or_complain(common.config, clock);
  if (!wiring) return configuration;
  auto store = open_store(wiring->config(), StoreUse::alone);
  if (!store) return store_unusable;
  if (auto restored = wiring->restore_budgets(*store); !restored) {
    complain(restored.error().message);
    return store_unusable;
  }
  SystemRandomness randomness;
  const bool text = options.log_format.empty() ? isatty(STDERR_FILENO) != 0 : options.log_format == "text";
  ConsoleLog log{stderr, text ? ConsoleLog::Form::text : ConsoleLog::Form::json,
                 options.verbose ? engine::Level::debug : engine::Level::info, clock};
  engine::Engine engine{{wiring->config().routes, wiring->workers(), false, wiring->config().audit_kept},
                        wiring->tracker_pointers(),
                        *store,
                        wiring->gate(),
                        clock,
                        randomness,
                        log};
  listen_for_signals();
  const StopWatch watch{log};
  if (auto recovered = engine.recover(); !recovered) {
    complain(recovered.error().message);
    return store_unusable;
  }
  log.write(engine::Level::info, "started",
            {{"config", common.config}, {"trackers", std::to_string(wiring->trackers().size())}});
  Instant budgets_saved{};
  const auto save_budgets = [&] {
    if (clock.now() - budgets_saved < 5s) return;
    budgets_saved = clock.now();
    if (auto saved = wiring->save_budgets(*store); !saved)
      log.write(engine::Level::error, "store_failed", {{"why", saved.error().message}});
  };
  if (options.once) {
    auto report = engine.pass(stop_asked, options.full);
    budgets_saved = {};
    save_budgets();
    if (!report) {
      complain(report.error().message);
      return store_unusable;
    }
    print_summary(*report, *wiring, common.json);
    return report->failures.empty() && !report->done.contains("held") ? done : attention;
  }
  const auto ran = engine.run(stop_asked, save_budgets);
  budgets_saved = {};
  save_budgets();
  if (!ran) {
    complain(ran.error().message);
    return store_unusable;
  }
  log.write(engine::Level::info, "stopped", {});
  return done;
}

}  // namespace causeway::cli
