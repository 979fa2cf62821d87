#include "agent/cli/commands.hpp"
#include "agent/cli/output.hpp"
#include "agent/cli/wiring.hpp"

namespace causeway::cli {
namespace {

struct Line {
  bool error = true;
  std::string where;  ///< file:line
  std::string place;
  std::string what;
  std::string remedy;
};

void print(const std::vector<Line>& lines, const std::vector<std::pair<std::string, std::string>>& facts, bool json) {
  const auto errors =
      static_cast<std::size_t>(std::count_if(lines.begin(), lines.end(), [](const Line& line) { return line.error; }));
  if (json) {
    Json out;
    out.begin_object();
    out.member("ok", errors == 0);
    out.key("problems");
    out.begin_array();
    for (const Line& line : lines) {
      out.begin_object();
      out.member("weight", line.error ? "error" : "warning");
      out.member("where", line.where);
      out.member("place", line.place);
      out.member("what", line.what);
      out.member("remedy", line.remedy);
      out.end_object();
    }
    out.end_array();
    out.key("facts");
    out.begin_object();
    for (const auto& [name, value] : facts) out.member(name, value);
    out.end_object();
    out.end_object();
    print_line(out.take());
    return;
  }
  for (const auto& [name, value] : facts) print_line(fmt::format("  {}: {}", name, printable(value)));
  for (const Line& line : lines) {
    print_line(fmt::format("{}: {}{}: {}{}", line.where, line.error ? "" : "warning: ", line.place, line.what,
                           line.remedy.empty() ? "" : "; " + line.remedy));
  }
  print_line(lines.empty() ? "No problems. Nothing was written."
                           : fmt::format("{}; nothing was written.", counted(lines.size(), "problem", "problems")));
}

}  // namespace

ExitCode check(const CommonOptions& common) {
  std::vector<Line> lines;
  std::vector<std::pair<std::string, std::string>> facts;
  const SystemClock clock;
  Setup setup = set_up(common.config, clock);
  for (const config::Problem& problem : setup.problems) {
    lines.push_back({!problem.warning, fmt::format("{}:{}", problem.file, problem.line), problem.path, problem.what,
                     problem.remedy});
  }
  bool unusable = setup.wiring == nullptr;
  if (setup.wiring) {
    for (const auto& one : setup.wiring->trackers()) {
      const auto account = one->adapter().probe(needs_of(setup.wiring->config(), one->id()));
      const std::string place = "trackers/" + one->id().value;
      if (!account) {
        lines.push_back({true, setup.where(place), place, account.error().message,
                         "see that the address is right and the tracker can be reached from here"});
        continue;
      }
      facts.emplace_back(one->id().value + " account", account->login.empty() ? "(none)" : account->login);
      for (const auto& [name, value] : account->facts) facts.emplace_back(one->id().value + " " + name, value);
      for (const Finding& finding : account->findings) {
        lines.push_back({finding.weight == Finding::Weight::error, setup.where(finding.place), finding.place,
                         finding.what, finding.remedy});
      }
    }
  }
  print(lines, facts, common.json);
  if (unusable) return configuration;
  return std::any_of(lines.begin(), lines.end(), [](const Line& line) { return line.error; }) ? attention : done;
}

}  // namespace causeway::cli
