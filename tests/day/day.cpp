#include "tests/day/day.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <re2/re2.h>

#include <algorithm>
#include <map>

#include "tests/day/life.hpp"

namespace causeway::day {
namespace {

using namespace std::chrono_literals;
using fakes::github::Number;

const std::string widgets = "acme/widgets";
const std::string github_origin = "http://github.test";
const std::string redmine_origin = "http://redmine.test";
const std::string redmine_key(40, 'e');
constexpr Number in_progress = 2, resolved = 3, closed = 5;
constexpr Number labels_field = 1, publish_field = 2;

/// Words that stand only in what is private: no request to GitHub may hold any of them.
const std::vector<std::string> canaries{"canary-in-a-private-note",
                                        "canary-in-an-unaddressed-note",
                                        "canary-in-a-private-ticket",
                                        "canary-in-a-private-file",
                                        "Initech",
                                        "db7.initech.example"};

constexpr const char* configuration = R"(
store: day.sqlite
trackers:
  community:
    kind: github
    role: community
    url: http://github.test
    allow_plain_http: true
    project: acme/widgets
    token: {env: NOT_ASKED_FOR}
  support:
    kind: redmine
    role: queue
    url: http://redmine.test
    allow_plain_http: true
    project: support
    token: {env: NOT_ASKED_FOR}
    fields: {labels: Labels, twin: Community issue}
routes:
  widgets:
    left: community
    right: support
    preset: github-redmine
    mirror_when: {labels: [support]}
    publish_when: {fields: {Publish to community: "1"}}
redaction:
  customers: [Initech]
  hosts: [.initech.example]
)";

/// Read once: all days have the same.
const config::Config& loaded_configuration() {
  static const config::Config config = [] {
    auto read = config::parse(configuration, "day.yaml");
    if (!read.config) throw std::runtime_error(config::to_text(read.problems.front()));
    return std::move(*read.config);
  }();
  return config;
}

const policy::PrivacyGate& shared_gate() {
  static const policy::PrivacyGate gate = *policy::PrivacyGate::make(loaded_configuration().redaction);
  return gate;
}

class Day {
 public:
  explicit Day(const DayOptions& options) : checks_contract_(options.check_contract), fate_(options.deaths) {
    github_.change([](fakes::github::State& state) { state.settings.list_lag = 3; });
  }

  End live() {
    morning();
    noon();
    publication();
    conflict();
    evening();
    night();
    return account();
  }

 private:
  std::unique_ptr<Adapter> make(const config::TrackerConfig& tracker) {
    http::Transport& to_github = checks_contract_ ? static_cast<http::Transport&>(contract_) : watched_github_;
    if (tracker.kind == "github")
      return cli::make_adapter({tracker, to_github, http::Secret{fakes::github::token_of("syncuser")}, {}, clock_});
    return cli::make_adapter({tracker, watched_redmine_, http::Secret{redmine_key}, {}, clock_});
  }

  /// People are done: the agent carries over what they did.
  void agent_works(bool full = false) {
    clock_.advance(10s);  // lists lag behind
    agent_.survive([&] { agent_.settle(full); });
    clock_.advance(5min);
  }
  void people_pause() { clock_.advance(90s); }

  fakes::redmine::Number ticket(const std::string& subject) const {
    for (const auto number : redmine_.all()) {
      if (const auto found = redmine_.look(number); found && found->subject == subject) return number;
    }
    return 0;
  }

  // The day.

  /// Issues come in on GitHub.
  void morning() {
    first_ = github_.open(
        widgets, "Importer stops after the first archive",
        "Since **2.3** the importer stops.\n\n1. open *Settings*\n2. press `Import`\n\n```ruby\nraise 'header'\n```\n\n"
        "| file | size |\n| --- | --- |\n| a.zip | 1 MB |\n\nIs this the same as #1? cc @maintainer 🚀",
        "visitor", {"support", "bug"});
    comment_ = github_.comment(widgets, first_, "It also happens with `--verbose`.");
    regret_ = github_.comment(widgets, first_, "Wrong thread, sorry.", "reporter");
    old_ = github_.open(widgets, "Old and closed", std::nullopt, "reporter", {"support"});
    github_.close(widgets, old_, "not_planned");
    doomed_ = github_.open(widgets, "Soon deleted", "spam", "reporter", {"support"});
    github_.open(widgets, "Nothing for support", "stays here");
    github_.open_pull_request(widgets, "A pull request", "no ticket");
    // A queue ticket of its own, for colleagues only.
    redmine_.open("support", "canary-in-a-private-ticket", "canary-in-a-private-ticket", "lead", true);
    agent_works();
  }

  /// Edits, labels, states and answers, on both sides.
  void noon() {
    twin_ = ticket("Importer stops after the first archive");
    redmine_.note(twin_, "canary-in-a-private-note: Initech sees it on db7.initech.example", "lead", true);
    redmine_.note(twin_, "canary-in-an-unaddressed-note", "lead");
    people_pause();
    redmine_.note(twin_, "/community\nThanks for the report, we can *reproduce* it.", "lead");
    redmine_.edit(twin_, [](fakes::redmine::Attributes& issue) { issue.status = in_progress; }, "lead");
    github_.edit(widgets, first_, {.title = "Importer stops after the first archive (since 2.3)"});
    github_.edit_comment(comment_, "It also happens with `--verbose --all`.");
    people_pause();
    github_.label(widgets, first_, "help wanted");
    github_.edit(widgets, first_, {.milestone = github_.open_milestone(widgets, "1.0")});
    agent_works();
    redmine_.edit(
        twin_,
        [](fakes::redmine::Attributes& issue) {
          issue.status = resolved;
          issue.custom[labels_field] = {"bug\nhelp wanted\nregression"};
        },
        "agent");
    github_.unlabel(widgets, first_, "bug");
    agent_works();
    redmine_.edit(twin_, [](fakes::redmine::Attributes& issue) { issue.status = closed; }, "agent");
    agent_works();
    github_.reopen(widgets, first_);
    agent_works();
  }

  /// Support publishes a finding; the gate holds it until a person has looked.
  void publication() {
    const auto internal =
        redmine_.open("support", "Reader loses the last block", "Seen at Initech on db7.initech.example.", "lead");
    redmine_.edit(internal, [](fakes::redmine::Attributes& issue) { issue.custom[publish_field] = {"1"}; }, "lead");
    agent_works();
    redmine_.edit(
        internal, [](fakes::redmine::Attributes& issue) { issue.description = "It drops the last block."; }, "lead");
    agent_works();
    agent_.approve_held();
    agent_works();
    for (const Number number : github_.all(widgets)) {
      if (github_.look(widgets, number)->title == "Reader loses the last block") published_ = number;
    }
    if (published_ == 0) agent_.complain("the finding was not published");
    if (published_ != 0) github_.comment(widgets, published_, "Good catch, fix is on the way.", "maintainer");
    agent_works();
  }

  /// Both sides change the title; a file is named in a comment.
  void conflict() {
    github_.edit(widgets, first_, {.title = "Importer stops: header of the second archive"});
    redmine_.edit(
        twin_, [](fakes::redmine::Attributes& issue) { issue.subject = "Importer stops [escalation]"; }, "lead");
    redmine_.attach(twin_, "trace.txt", "trace of the reader\n", "lead");
    redmine_.note(twin_, "/community\nThe trace is in trace.txt.", "lead");
    redmine_.note(twin_, "canary-in-a-private-file", "lead", true);
    agent_works();
  }

  /// Things are taken back.
  void evening() {
    github_.remove_comment(regret_);
    github_.comment(widgets, first_, "Back to the topic: 2.3.1 works for me.");
    github_.close(widgets, published_, "completed");
    redmine_.edit(
        ticket("Old and closed"), [](fakes::redmine::Attributes& issue) { issue.status = in_progress; }, "lead");
    agent_works();
    github_.edit_comment(comment_, "It also happens with `--verbose --all`, every time.");
    agent_works(true);
  }

  /// One ticket is deleted on either side.
  void night() {
    github_.remove(widgets, doomed_);
    redmine_.remove(ticket("Reader loses the last block"));
    agent_works(true);
    clock_.advance(1h);
    agent_works(true);
  }

  // What came of it.

  End account() {
    agent_.rest(end_);
    describe_github();
    describe_redmine();
    describe_links();
    for (const auto& [marker, count] : markers_) {
      if (count > 1) end_.duplicates.push_back(fmt::format("{} ({} times)", marker, count));
    }
    if (checks_contract_) {
      end_.contract = contract_.violations();
      end_.checked = contract_.checked();
    }
    agent_.stop();
    return std::move(end_);
  }

  std::string title_of_github(Number number) const {
    const auto issue = github_.look(widgets, number);
    return issue ? issue->title : "(deleted)";
  }
  std::string title_of_redmine(fakes::redmine::Number number) const {
    const auto issue = redmine_.look(number);
    return issue ? issue->subject : "(deleted)";
  }

  /// Counts the markers in one object's text and takes out what may differ from run to run.
  std::string normal(std::string text) {
    static const RE2 marker{R"((?:causeway|cw):([0-9a-f]{20}))"};
    static const RE2 any_marker{R"((causeway|cw):[0-9a-f]{20})"};
    static const RE2 time{R"(\d{4}-\d\d-\d\dT[\d:.]+Z)"};
    static const RE2 github_url{R"(https?://[a-z.]*github\.[a-z]+/acme/widgets/issues/(\d+)(#issuecomment-\d+)?)"};
    static const RE2 redmine_url{R"(http://redmine\.test/issues/(\d+)(#note-\d+)?)"};
    std::set<std::string> here;
    re2::StringPiece rest{text};
    std::string found;
    while (RE2::FindAndConsume(&rest, marker, &found)) here.insert(found);
    for (const std::string& one : here) ++markers_[one];
    RE2::GlobalReplace(&text, any_marker, "\\1:MARK");
    RE2::GlobalReplace(&text, time, "TIME");
    std::string number;
    while (RE2::PartialMatch(text, github_url, &number))
      RE2::Replace(&text, github_url, "<GitHub: " + title_of_github(std::stoll(number)) + ">");
    while (RE2::PartialMatch(text, redmine_url, &number))
      RE2::Replace(&text, redmine_url, "<Redmine: " + title_of_redmine(std::stoll(number)) + ">");
    static const RE2 attachment{R"(/attachments/(?:download/)?\d+)"};
    RE2::GlobalReplace(&text, attachment, "/attachments/N");
    return text;
  }

  void describe_github() {
    const fakes::github::State state = github_.state();
    const auto login = [&](Number id) { return state.users.contains(id) ? state.users.at(id).login : "ghost"; };
    for (const auto& [id, repository] : state.repositories) {
      if (repository.full_name() != widgets) continue;
      for (const auto& [number, issue] : repository.issues) {
        std::multiset<std::string> comments;
        for (const Number comment : issue.comments) {
          comments.insert(login(repository.comments.at(comment).user) + ": " +
                          normal(repository.comments.at(comment).body));
        }
        std::set<std::string> labels;
        for (const Number label : issue.labels) labels.insert(repository.labels.at(label).name);
        end_.github.push_back(fmt::format(
            "{} | by {} | {} | {} {} | {} | {} | {}", issue.title, login(issue.user), normal(issue.body.value_or("-")),
            issue.closed ? "closed" : "open", issue.state_reason.value_or(""), fmt::join(labels, ","),
            issue.milestone != 0 ? repository.milestones.at(issue.milestone).title : "-", fmt::join(comments, " § ")));
      }
    }
    std::sort(end_.github.begin(), end_.github.end());
  }

  void describe_redmine() {
    const fakes::redmine::State state = redmine_.state();
    for (const auto& [number, issue] : state.issues) {
      std::multiset<std::string> notes;
      for (const auto& journal : issue.journals) {
        const std::string note = normal(journal.notes);
        if (!note.empty())
          notes.insert(fmt::format("{}{}: {}", state.users.at(journal.user).login,
                                   journal.is_private ? " privately" : "", note));
      }
      std::string fields;
      for (const auto& [field, values] : issue.custom) {
        std::set<std::string> lines;
        for (const std::string& value : values) {
          for (std::size_t at = 0; at <= value.size();) {
            const std::size_t end = std::min(value.find('\n', at), value.size());
            std::string line = value.substr(at, end - at);
            if (!line.empty() && line.back() == '\r') line.pop_back();
            if (!line.empty()) lines.insert(normal(line));
            at = end + 1;
          }
        }
        if (!lines.empty()) fields += fmt::format("{}={} ", state.custom_fields.at(field).name, fmt::join(lines, ","));
      }
      std::multiset<std::string> files;
      for (const auto& file : issue.files) files.insert(file.name);
      end_.redmine.push_back(fmt::format(
          "{}{} | by {} | {} | status {} version {} assignee {} | {}| {} | {}", issue.subject,
          issue.is_private ? " (private)" : "", state.users.at(issue.author).login, normal(issue.description),
          issue.status, issue.version, issue.assignee, fields, fmt::join(files, ","), fmt::join(notes, " § ")));
    }
    std::sort(end_.redmine.begin(), end_.redmine.end());
  }

  void describe_links() {
    const auto number = [](const TicketRef& ticket) { return ticket.id.empty() ? 0 : std::stoll(ticket.id.value); };
    for (const store::Link& link : agent_.links()) {
      end_.links.push_back(fmt::format("{} | {} | {} comments | state {}", title_of_github(number(link.tickets[0])),
                                       title_of_redmine(number(link.tickets[1])), link.base.comments.size(),
                                       static_cast<int>(link.state)));
    }
    std::sort(end_.links.begin(), end_.links.end());
  }

  const bool checks_contract_;
  Fate fate_;
  fakes::ManualClock clock_;
  const config::Config& config_ = loaded_configuration();
  const policy::PrivacyGate& gate_ = shared_gate();
  fakes::github::GitHub github_{clock_};
  fakes::redmine::Redmine redmine_{clock_, fakes::redmine::seeded_world()};
  fakes::github::DirectTransport github_transport_{github_, github_origin};
  fakes::redmine::DirectTransport redmine_transport_{redmine_, redmine_origin};
  WatchedTransport watched_github_{github_transport_, [this](const http::Request& request, bool answered) {
                                     for (const std::string& canary : canaries) {
                                       if ((request.url + request.body).find(canary) != std::string::npos)
                                         end_.leaks.push_back(fmt::format("{}: {}", canary, request.url));
                                     }
                                     agent_.request_passes(request, answered);
                                   }};
  WatchedTransport watched_redmine_{redmine_transport_, [this](const http::Request& request, bool answered) {
                                      agent_.request_passes(request, answered);
                                    }};
  fakes::github::ContractChecker contract_{watched_github_, github_origin};
  Agent agent_{config_, gate_, clock_, fate_, [this](const config::TrackerConfig& tracker) { return make(tracker); }};
  End end_;
  std::map<std::string, std::size_t> markers_;
  Number first_ = 0, old_ = 0, doomed_ = 0, comment_ = 0, regret_ = 0, published_ = 0;
  fakes::redmine::Number twin_ = 0;
};

}  // namespace

End live_through(const DayOptions& options) { return Day{options}.live(); }

}  // namespace causeway::day
