#include <fmt/format.h>
#include <fmt/ranges.h>
#include <re2/re2.h>

#include <algorithm>
#include <map>

#include "tests/day/life.hpp"
#include "tests/fakes/github/contract.hpp"
#include "tests/fakes/jira/contract.hpp"
#include "tests/fakes/jira/jira.hpp"
#include "tests/fakes/jira/rich.hpp"
#include "tests/fakes/jira/transport.hpp"

namespace causeway::day {
namespace {

using namespace std::chrono_literals;
namespace gh = fakes::github;
namespace rm = fakes::redmine;
namespace jr = fakes::jira;

const std::string widgets = "acme/widgets";
const std::string github_origin = "http://github.test", redmine_origin = "http://redmine.test";
const std::string acme_origin = "http://acme.test", initech_origin = "http://initech.test";
const std::string redmine_key(40, 'e');
constexpr rm::Number in_progress = 2, resolved = 3;
constexpr rm::Number community_issue_field = 3;

/// Who may read what is told by the words it holds: "acme-own" at Acme and in the queue, "initech-own" at Initech and
/// in the queue, "queue-own" nowhere else. What is on GitHub and older than the cases is "of-the-past".
const std::map<std::string, std::vector<std::string>> forbidden{
    {"community", {"acme-own", "initech-own", "queue-own", "Initech", "Globex"}},
    {"acme", {"initech-own", "queue-own", "of-the-past", "Initech"}},
    {"initech", {"acme-own", "queue-own", "of-the-past", "Globex"}}};

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
  acme:
    kind: jira
    role: customer
    url: http://acme.test
    deployment: cloud
    allow_plain_http: true
    project: INIT
    own_names: [Globex]
    email: syncuser@example.com
    token: {env: NOT_ASKED_FOR}
    transition: {resolution: Done}
    private_comments: role:Developers
  initech:
    kind: jira
    role: customer
    url: http://initech.test/jira
    deployment: data-center
    allow_plain_http: true
    project: INIT
    own_names: [Initech]
    token: {env: NOT_ASKED_FOR}
    transition: {resolution: Done}
    private_comments: role:Developers
  support:
    kind: redmine
    role: queue
    url: http://redmine.test
    allow_plain_http: true
    project: support
    token: {env: NOT_ASKED_FOR}
    fields: {labels: Labels}
routes:
  community:
    left: community
    right: support
    preset: github-redmine
    mirror_when: {labels: [support]}
    publish_when: {fields: {Publish to community: "1"}}
    follow_field: Community issue
  acme:
    left: acme
    right: support
    preset: jira-redmine
    mirror_when: {everything: true}
  initech:
    left: initech
    right: support
    preset: jira-redmine
    mirror_when: {everything: true}
redaction:
  customers: [Globex, Initech]
)";

const config::Config& loaded_configuration() {
  static const config::Config config = [] {
    auto read = config::parse(configuration, "cases.yaml");
    if (!read.config) throw std::runtime_error(config::to_text(read.problems.front()));
    return std::move(*read.config);
  }();
  return config;
}

const policy::PrivacyGate& shared_gate() {
  static const policy::PrivacyGate gate = *policy::PrivacyGate::make(loaded_configuration().redaction);
  return gate;
}

jr::State lagging(jr::State state, std::vector<jr::Milliseconds> lag) {
  state.settings.index_lag_ms = std::move(lag);
  state.settings.flap_every = 5;
  return state;
}

class Cases {
 public:
  explicit Cases(const DayOptions& options) : checks_contract_(options.check_contract), fate_(options.deaths) {}

  End live() {
    morning();
    noon();
    afternoon();
    evening();
    night();
    return account();
  }

 private:
  std::unique_ptr<Adapter> make(const config::TrackerConfig& tracker) {
    const std::string& id = tracker.id.value;
    const auto of = [&](http::Transport& judge, http::Transport& watched, std::string token) {
      return cli::make_adapter(
          {tracker, checks_contract_ ? judge : watched, http::Secret{std::move(token)}, {}, clock_});
    };
    if (id == "community") return of(github_judge_, watched_github_, gh::token_of("syncuser"));
    if (id == "acme") return of(acme_judge_, watched_acme_, "token-syncuser");
    if (id == "initech") return of(initech_judge_, watched_initech_, "token-syncuser");
    return of(watched_redmine_, watched_redmine_, redmine_key);
  }

  WatchedTransport watched(http::Transport& transport, std::string tracker) {
    return WatchedTransport{transport,
                            [this, tracker = std::move(tracker)](const http::Request& request, bool answered) {
                              const auto words = forbidden.find(tracker);
                              if (!answered && words != forbidden.end()) check(tracker, request, words->second);
                              agent_.request_passes(request, answered);
                            }};
  }
  void check(const std::string& tracker, const http::Request& request, const std::vector<std::string>& words) {
    for (const std::string& word : words) {
      if ((request.url + request.body).find(word) != std::string::npos)
        end_.leaks.push_back(fmt::format("{} to {}: {}", word, tracker, request.url));
    }
  }

  /// People are done: the agent carries over what they did.
  void agent_works(bool full = false) {
    clock_.advance(70s);  // lists lag behind
    agent_.survive([&] { agent_.settle(full); });
    clock_.advance(5min);
  }

  rm::Number ticket(const std::string& subject) const {
    for (const auto number : redmine_.all()) {
      if (redmine_.look(number)->subject == subject) return number;
    }
    return 0;
  }
  void set_status(rm::Number issue, rm::Number status) {
    redmine_.edit(issue, [&](rm::Attributes& one) { one.status = status; }, "agent");
  }
  void follow(rm::Number issue, const std::string& named) {
    redmine_.edit(issue, [&](rm::Attributes& one) { one.custom[community_issue_field] = {named}; }, "lead");
  }

  // The day.

  /// There is an issue on GitHub; both customers file what is the same.
  void morning() {
    upstream_ = github_.open(widgets, "Importer stops", "Since **2.3** it stops.", "visitor", {"bug"});
    github_.comment(widgets, upstream_, "of-the-past: me too", "reporter");
    jr::Form form;
    form.type = "Task";
    form.labels = {"import", "urgent"};
    form.priority = "High";
    acmes_ = acme_.file("INIT", "Globex cannot import", "acme-own: our archive\nof last night", "reporter", form);
    acme_.attach(acmes_, "trace.txt", "acme-own trace\n");
    acmes_comment_ = acme_.comment(acmes_, "acme-own: it also happens by hand");
    form.labels = {"import"};
    initechs_ = initech_.file("INIT", "Import broken", "initech-own: *always*\n\n# one\n# two", "reporter", form);
    initech_.attach(initechs_, "db7.log", "initech-own log\n");
    initechs_other_ = initech_.file("INIT", "Printer on fire", "initech-own: smoke", "agent", form);
    agent_works();
    acmes_case_ = ticket("Globex cannot import");
    initechs_case_ = ticket("Import broken");
    if (acmes_case_ == 0 || initechs_case_ == 0) agent_.complain("a customer's issue is not in the queue");
  }

  /// Support answers and lets both cases follow the issue; a maintainer answers everybody.
  void noon() {
    follow(acmes_case_, fmt::format("#{}", upstream_));
    follow(initechs_case_, fmt::format("{}/{}/issues/{}", github_origin, widgets, upstream_));
    redmine_.note(acmes_case_, "queue-own: the same as Initech has", "lead", true);
    redmine_.note(acmes_case_, "queue-own and addressed to nobody", "lead");
    redmine_.note(acmes_case_, "/customer\nacme-own answer: we are *on it*.", "lead");
    redmine_.note(initechs_case_, "/customer\ninitech-own answer: please wait.", "agent");
    set_status(acmes_case_, in_progress);
    agent_works();
    answer_ = github_.comment(widgets, upstream_, "Fixed in `2.4`, see #1.", "maintainer");
    regret_ = github_.comment(widgets, upstream_, "Never mind the last nightly.", "maintainer");
    agent_works();
  }

  /// Everybody goes on talking, and changes what was said.
  void afternoon() {
    github_.edit_comment(answer_, "Fixed in `2.4.1`.");
    github_.remove_comment(regret_);
    acme_.edit_comment(acmes_comment_, "acme-own: it also happens by hand, every time", "reporter");
    jr::Form form;
    form.summary = "Globex cannot import at night";
    acme_.edit(acmes_, form);
    initech_.comment(initechs_, "initech-own: thank you", "reporter");
    initech_.set_labels(initechs_, {"import", "vip"});
    agent_works(true);
    redmine_.attach(acmes_case_, "manual.txt", "acme-own manual\n", "lead");
    redmine_.attach(acmes_case_, "thoughts.txt", "queue-own file\n", "lead");
    redmine_.note(acmes_case_, "/customer\nPlease read manual.txt, acme-own.", "lead");
    redmine_.note(initechs_case_, "/customer\nGlobex has that too.", "lead");
    initech_.transition(initechs_, "In Progress", "reporter");
    agent_works();
  }

  /// Upstream is closed: that is proposed to the cases, and support decides.
  void evening() {
    github_.comment(widgets, upstream_, "Released.", "maintainer");
    github_.close(widgets, upstream_, "completed");
    agent_works();
    set_status(acmes_case_, resolved);
    redmine_.edit(initechs_case_, [](rm::Attributes& one) { one.subject = "Import broken [queue]"; }, "lead");
    agent_works();
    acme_.transition(acmes_, "To Do", "reporter");
    acme_.comment(acmes_, "acme-own: not for us");
    agent_works();
  }

  /// A case ends, an issue leaves its project, another is deleted; the maintainer has one more word.
  void night() {
    set_status(acmes_case_, resolved);
    follow(initechs_case_, "");
    initech_.remove(initechs_other_);
    agent_works(true);
    github_.comment(widgets, upstream_, "2.4.2 is out as well.", "maintainer");
    agent_works();
    acme_.move(acmes_, "OPS");
    agent_works(true);
    clock_.advance(1h);
    agent_works(true);
  }

  // What came of it.

  End account() {
    agent_.rest(end_);
    describe_github();
    describe_redmine();
    end_.acme = describe_jira(acme_, "acme");
    end_.initech = describe_jira(initech_, "initech");
    describe_links();
    for (const auto& [marker, count] : markers_) {
      if (count > 1) end_.duplicates.push_back(fmt::format("{} ({} times)", marker, count));
    }
    if (checks_contract_) take_judgements();
    agent_.stop();
    return std::move(end_);
  }

  void take_judgements() {
    const auto add = [&](const std::vector<std::string>& objections) {
      end_.contract.insert(end_.contract.end(), objections.begin(), objections.end());
    };
    add(github_judge_.violations());
    for (const jr::ContractChecker* judge : {&acme_judge_, &initech_judge_}) {
      add(judge->request_violations());
      add(judge->answer_violations());
    }
    end_.checked = acme_judge_.checked();
  }

  std::string title_of(const std::string& tracker, std::int64_t id) const {
    if (tracker == "community") {
      const auto issue = github_.look(widgets, id);
      return issue ? issue->title : "(deleted)";
    }
    if (tracker == "support") {
      const auto issue = redmine_.look(id);
      return issue ? issue->subject : "(deleted)";
    }
    const auto issue = (tracker == "acme" ? acme_ : initech_).look(id);
    return issue ? issue->summary : "(deleted)";
  }

  /// Counts the markers of one object and takes out of its text what may differ from run to run.
  std::string normal(std::string text, const std::string& beside = {}) {
    static const RE2 marker{R"(\b([0-9a-f]{20})\b)"};
    static const RE2 time{R"(\d{4}-\d\d-\d\dT[\d:.]+Z)"};
    static const RE2 number{R"((issues/|#note-|#issuecomment-|attachments/(?:download/)?|attachment/content/)\d+)"};
    const std::string everything = text + " " + beside;
    std::set<std::string> here;
    re2::StringPiece rest{everything};
    std::string found;
    while (RE2::FindAndConsume(&rest, marker, &found)) here.insert(found);
    for (const std::string& one : here) ++markers_[one];
    RE2::GlobalReplace(&text, marker, "MARK");
    RE2::GlobalReplace(&text, time, "TIME");
    RE2::GlobalReplace(&text, number, "\\1N");
    return text;
  }

  void describe_github() {
    const gh::State state = github_.state();
    for (const auto& [id, repository] : state.repositories) {
      if (repository.full_name() != widgets) continue;
      for (const auto& [number, issue] : repository.issues) {
        std::multiset<std::string> comments;
        for (const auto comment : issue.comments) comments.insert(normal(repository.comments.at(comment).body));
        end_.github.push_back(fmt::format("{} | {} | {} | {}", issue.title, normal(issue.body.value_or("-")),
                                          issue.closed ? "closed" : "open", fmt::join(comments, " § ")));
      }
    }
  }

  void describe_redmine() {
    const rm::State state = redmine_.state();
    for (const auto& [number, issue] : state.issues) {
      std::multiset<std::string> notes, files;
      for (const auto& journal : issue.journals) {
        const std::string note = normal(journal.notes);
        if (!note.empty())
          notes.insert(fmt::format("{}{}: {}", state.users.at(journal.user).login,
                                   journal.is_private ? " privately" : "", note));
      }
      for (const auto& file : issue.files) files.insert(fmt::format("{}={}", file.name, file.content));
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
      end_.redmine.push_back(fmt::format("{} | {} | status {} priority {} | {}| {} | {}", issue.subject,
                                         normal(issue.description), issue.status, issue.priority, fields,
                                         fmt::join(files, ","), fmt::join(notes, " § ")));
    }
    std::sort(end_.redmine.begin(), end_.redmine.end());
  }

  std::vector<std::string> describe_jira(const jr::Jira& jira, const std::string& name) {
    const jr::State state = jira.state();
    const auto words = [&](const std::string& text) {
      return state.settings.deployment == jr::Deployment::cloud ? jr::plain_of_adf(text) : text;
    };
    const auto joined = [](const std::map<std::string, std::string>& properties) {
      std::string all;
      for (const auto& [key, json] : properties) all += key + "=" + json + " ";
      return all;
    };
    std::vector<std::string> lines;
    for (const auto& [id, issue] : state.issues) {
      std::multiset<std::string> comments, files, links;
      for (const auto comment : issue.comments) {
        const jr::Comment& one = state.comments.at(comment);
        comments.insert(fmt::format("{}{}: {}", state.users.at(one.author).name, one.visibility ? " privately" : "",
                                    normal(words(one.body), joined(one.properties))));
      }
      for (const auto file : issue.attachments)
        files.insert(fmt::format("{}={}", state.attachments.at(file).name, state.attachments.at(file).content));
      for (const jr::RemoteLink& link : issue.links) links.insert(normal(link.json));
      std::string status;
      for (const jr::Status& one : state.statuses) {
        if (one.id == issue.status) status = one.name;
      }
      lines.push_back(fmt::format("{} {} | by {} | {} | {} {} | {} | {} | {} | {} | {}", issue.key, issue.summary,
                                  state.users.at(issue.reporter).name,
                                  normal(words(issue.description), joined(issue.properties)), status, issue.resolution,
                                  issue.priority, fmt::join(std::set(issue.labels.begin(), issue.labels.end()), ","),
                                  fmt::join(files, ","), fmt::join(links, ","), fmt::join(comments, " § ")));
      for (const std::string& word : forbidden.at(name)) {
        if (lines.back().find(word) != std::string::npos) end_.leaks.push_back(fmt::format("{} at {}", word, name));
      }
    }
    return lines;
  }

  void describe_links() {
    for (const store::Link& link : agent_.links()) {
      const auto title = [&](const TicketRef& one) {
        return one.id.empty() ? std::string{"-"} : title_of(one.tracker.value, std::stoll(one.id.value));
      };
      end_.links.push_back(fmt::format("{} | {} | {} comments | state {}", title(link.tickets[0]),
                                       title(link.tickets[1]), link.base.comments.size(),
                                       static_cast<int>(link.state)));
    }
    std::sort(end_.links.begin(), end_.links.end());
  }

  const bool checks_contract_;
  Fate fate_;
  fakes::ManualClock clock_;
  gh::GitHub github_{clock_};
  rm::Redmine redmine_{clock_, rm::seeded_world()};
  jr::Jira acme_{clock_, lagging(jr::cloud_world(), {20'000})};
  jr::Jira initech_{clock_, lagging(jr::data_center_world(), {0, 8'000})};
  gh::DirectTransport github_transport_{github_, github_origin};
  rm::DirectTransport redmine_transport_{redmine_, redmine_origin};
  jr::DirectTransport acme_transport_{acme_, acme_origin}, initech_transport_{initech_, initech_origin};
  WatchedTransport watched_github_ = watched(github_transport_, "community");
  WatchedTransport watched_redmine_ = watched(redmine_transport_, "support");
  WatchedTransport watched_acme_ = watched(acme_transport_, "acme");
  WatchedTransport watched_initech_ = watched(initech_transport_, "initech");
  gh::ContractChecker github_judge_{watched_github_, github_origin};
  jr::ContractChecker acme_judge_{watched_acme_, jr::Deployment::cloud, acme_origin};
  jr::ContractChecker initech_judge_{watched_initech_, jr::Deployment::data_center, initech_origin + "/jira"};
  Agent agent_{loaded_configuration(), shared_gate(), clock_, fate_,
               [this](const config::TrackerConfig& tracker) { return make(tracker); }};
  End end_;
  std::map<std::string, std::size_t> markers_;
  gh::Number upstream_ = 0, answer_ = 0, regret_ = 0;
  std::string acmes_, initechs_, initechs_other_;
  jr::Number acmes_comment_ = 0;
  rm::Number acmes_case_ = 0, initechs_case_ = 0;
};

}  // namespace

End live_through_cases(const DayOptions& options) { return Cases{options}.live(); }

}  // namespace causeway::day
