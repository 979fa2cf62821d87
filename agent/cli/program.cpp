#include <CLI/CLI.hpp>
#include <cstdlib>

#include "agent/cli/commands.hpp"
#include "agent/cli/output.hpp"
#include "agent/cli/version.hpp"

namespace causeway::cli {
namespace {

constexpr const char* exit_codes =
    "Exit codes: 0 done, 1 something needs attention (printed), 2 wrong command line, 3 configuration unusable,\n"
    "4 store unusable, 5 no such ticket or hold.";

std::string default_config() {
  const char* set = std::getenv("CAUSEWAY_CONFIG");
  return set != nullptr ? set : "causeway.yaml";
}

/// A sub-command with an example and the exit codes below its options.
CLI::App* command(CLI::App& program, const std::string& name, const std::string& what, const std::string& example,
                  CommonOptions& common) {
  CLI::App* added = program.add_subcommand(name, what);
  added->footer("Example:\n  " + example + "\n\n" + exit_codes);
  added->add_flag("--json", common.json, "Print one JSON object instead of text for people");
  if (name != "convert" && name != "calendar") {
    added->add_option("-c,--config", common.config, "The configuration file (or set CAUSEWAY_CONFIG)")
        ->capture_default_str();
  }
  return added;
}

}  // namespace

int main_program(int argc, char** argv) {
  CLI::App program{
      "Causeway keeps tickets of community trackers and a paid-support queue in step, and never lets private text "
      "out."};
  program.set_version_flag("--version", std::string{"causeway "} + version);
  program.require_subcommand(1);
  program.footer(exit_codes);

  CommonOptions common;
  common.config = default_config();
  ExitCode code = done;

  CLI::App* check_command = command(program, "check",
                                    "Look for everything that is wrong with the configuration, the credentials, the "
                                    "rights, fields and workflows. Writes nothing.",
                                    "causeway check --config /etc/causeway/causeway.yaml", common);
  check_command->callback([&] { code = check(common); });

  bool full_text = true;
  CLI::App* plan_command = command(
      program, "plan",
      "Show every write a pass would make, with its exact text, the requests and the time it takes. Writes nothing.",
      "causeway plan --json | jq '.writes[].operation'", common);
  plan_command->add_flag("!--summary", full_text, "Leave the texts out");
  plan_command->callback([&] { code = plan(common, full_text); });

  RunOptions run_options;
  CLI::App* run_command = command(program, "run", "Keep the tickets in step until told to stop (SIGTERM, Ctrl-C).",
                                  "causeway run --once", common);
  run_command->add_flag("--once", run_options.once, "One pass over everything that changed, then exit");
  run_command->add_flag("--full", run_options.full,
                        "Compare every linked ticket whole, not only what listings show as changed");
  run_command->add_flag("-v,--verbose", run_options.verbose, "Log details too");
  run_command
      ->add_option("--log-format", run_options.log_format, "text or json; without it: text on a terminal, else json")
      ->check(CLI::IsMember({"text", "json"}));
  run_command->callback([&] { code = run(common, run_options); });

  CLI::App* status_command =
      command(program, "status", "Show how the trackers are, what waits and what is held.", "causeway status", common);
  status_command->callback([&] { code = status(common); });

  std::string ticket;
  CLI::App* explain_command =
      command(program, "explain", "Show what a ticket is linked to and everything that was done with it, and why.",
              "causeway explain community/12", common);
  explain_command->add_option("TICKET", ticket, "tracker/number, for example community/12")->required();
  explain_command->callback([&] { code = explain(common, ticket); });

  CLI::App* holds_command = command(program, "holds", "List the writes that wait for a person, with their exact text.",
                                    "causeway holds", common);
  holds_command->callback([&] { code = holds(common); });

  std::string hold;
  std::string word;
  CLI::App* resolve_command =
      command(program, "resolve", "Decide about a hold: let it go out, never send it, or try it again.",
              "causeway resolve 17 approve", common);
  resolve_command->add_option("HOLD", hold, "The number that `causeway holds` shows, or brake:ROUTE")->required();
  resolve_command->add_option("WHAT", word, "approve, drop or retry")
      ->required()
      ->check(CLI::IsMember({"approve", "drop", "retry"}));
  resolve_command->callback([&] { code = resolve(common, hold, word); });

  std::string path;
  CLI::App* backup_command =
      command(program, "backup", "Write a whole, consistent copy of the store; the agent may go on running.",
              "causeway backup /var/backups/causeway.sqlite", common);
  backup_command->add_option("FILE", path, "Where to; must not exist yet")->required();
  backup_command->callback([&] { code = backup(common, path); });

  ConvertOptions convert_options;
  CLI::App* convert_command =
      command(program, "convert",
              "Convert text from standard input to standard output; what was lost is said on standard error.",
              "causeway convert --from github --to textile < issue.md", common);
  convert_command->add_option("--from", convert_options.from, "github, textile, redmine-markdown, jira-wiki or adf")
      ->required();
  convert_command->add_option("--to", convert_options.to, "github, textile, redmine-markdown, jira-wiki or adf")
      ->required();
  convert_command->add_flag("--neutralize", convert_options.neutralize,
                            "Make mentions and references dead, as in mirrored text");
  convert_command->callback([&] { code = convert(common, convert_options); });

  CalendarOptions calendar_options;
  CLI::App* calendar_command = command(
      program, "calendar",
      "Compute with support hours: one JSON request a line on standard input, one JSON answer a line on standard "
      "output. A line that cannot be answered gets {\"error\":…}, and the next one still works.",
      "causeway calendar <<< '{\"calendar\":{\"tz\":\"Europe/Berlin\",\"hours\":{\"mon\":[[\"09:00\",\"17:00\"]]}},"
      "\"op\":\"add\",\"start\":\"2026-03-30T16:00:00+02:00\",\"minutes\":120}'",
      common);
  calendar_command
      ->add_option("--holidays", calendar_options.holidays,
                   "Show which dates of this iCalendar file would be holidays, and answer nothing")
      ->check(CLI::ExistingFile);
  calendar_command->add_option("--year", calendar_options.year, "With --holidays: of this year only")
      ->check(CLI::Range(1900, 2399));
  calendar_command->add_flag("--zone-data", calendar_options.zone_data,
                             "Print the version of the installed time-zone data, and answer nothing");
  calendar_command->callback([&] { code = calendar(common, calendar_options); });

  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return program.exit(error) == 0 ? done : usage;
  }
  return code;
}

}  // namespace causeway::cli
