/// Moving an issue to a status, over the transitions that exist now.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "adapters/jira/adapter.hpp"

namespace causeway::jira {
namespace {

/// Steps in one intent at most; a longer way is a person's decision.
constexpr int steps_max = 4;
constexpr std::string_view transitions_template = "/issue/{issueIdOrKey}/transitions";

std::vector<std::string> targets_of(const std::vector<Transition>& transitions) {
  std::vector<std::string> names;
  for (const Transition& transition : transitions) {
    if (std::find(names.begin(), names.end(), transition.to.name) == names.end()) names.push_back(transition.to.name);
  }
  return names;
}

/// Whether people are asked for something on the way.
bool asks(const Transition& transition) {
  return transition.fields ? !transition.fields->empty() : transition.has_screen;
}

/// Two transitions may lead to the same status: the one that asks for nothing is taken first.
const Transition* transition_to(const std::vector<Transition>& transitions, const std::string& status) {
  const Transition* best = nullptr;
  for (const Transition& transition : transitions) {
    if (transition.to.name != status) continue;
    if (best == nullptr || (asks(*best) && !asks(transition))) best = &transition;
  }
  return best;
}

/// A walk that something stops. Once a step was taken the issue stands where nobody wanted it: only looking again tells
/// what is left to do, whatever the failure says of its own request. A refusal is a person's matter all the same.
std::unexpected<Failure> stopped(Failure failure, bool has_moved) {
  if (has_moved && failure.fault != Fault::rejected) failure.fault = Fault::outcome_unknown;
  return std::unexpected(std::move(failure));
}

/// A value that a screen can be given when nobody chose one: the only one there is, or how work usually ends.
std::optional<std::string> obvious_value(const FieldMeta& field) {
  if (field.allowed.size() == 1) return field.allowed.front();
  if (field.id != "resolution") return std::nullopt;
  for (const char* usual : {"Done", "Fixed"}) {
    if (std::find(field.allowed.begin(), field.allowed.end(), usual) != field.allowed.end()) return usual;
  }
  return std::nullopt;
}

}  // namespace

Result<Issue> JiraAdapter::where_it_is(const NativeId& ticket) {
  Result<Issue> issue =
      read_now(ticket, "fields=project,status,issuetype,created,updated&expand=transitions,transitions.fields");
  if (!issue) return issue;
  if (!issue->transitions) {
    const std::string what = fmt::format("reading the transitions of issue {}", ticket.value);
    const Result<std::string> body =
        client_.read(fmt::format("/issue/{}/transitions", ticket.value), transitions_template, what);
    if (!body) return std::unexpected(body.error());
    Result<std::vector<Transition>> transitions = read_transitions(*body);
    if (!transitions) return std::unexpected(transitions.error());
    issue->transitions = *std::move(transitions);
  }
  knowledge_.saw_ways(issue->type, issue->status.name, *issue->transitions);
  return issue;
}

/// Half the way is nobody's wish: back to where the walk began, if a step leads there. Answers in words where it is.
Result<std::string> JiraAdapter::put_back(const NativeId& ticket, const Issue& issue, const std::string& start) {
  const std::string& now = issue.status.name;
  if (now == start) return now;
  bool is_back = false;
  if (const Transition* back = transition_to(*issue.transitions, start)) {
    const auto taken = take_step(ticket, *back);
    if (!taken && taken.error().fault != Fault::rejected) return std::unexpected(taken.error());
    is_back = taken.has_value();
  }
  return is_back ? fmt::format("{} (it went as far as {} and was put back)", start, now)
                 : fmt::format("{} (it was {} before, and the workflow does not lead back there)", now, start);
}

Result<void> JiraAdapter::walk_to(const NativeId& ticket, const std::string& wanted) {
  std::set<std::string> visited;
  std::string start;
  for (int step = 0;; ++step) {
    const bool has_moved = step > 0;
    const Result<Issue> issue = where_it_is(ticket);
    if (!issue) return stopped(issue.error(), has_moved);
    const std::string& now = issue->status.name;
    if (now == wanted) return {};
    if (start.empty()) start = now;
    std::optional<std::string> next;
    if (step < steps_max && !visited.contains(wanted)) {
      const auto chosen = choose_step(*issue, wanted, visited);
      if (!chosen) return stopped(chosen.error(), has_moved);
      next = *chosen;
    }
    if (!next) {
      const Result<std::string> where = put_back(ticket, *issue, start);
      if (!where) return stopped(where.error(), has_moved);
      return fail(Fault::rejected,
                  fmt::format("issue {} stays \"{}\": the workflow leads our account from there to {}, not to \"{}\"",
                              ticket.value, *where, fmt::join(targets_of(*issue->transitions), ", "), wanted));
    }
    visited.insert(now);
    if (*next == wanted) visited.insert(wanted);
    const Transition* transition = transition_to(*issue->transitions, *next);
    if (const auto taken = take_step(ticket, *transition); !taken) {
      if (taken.error().fault != Fault::rejected || now == start) return stopped(taken.error(), has_moved);
      const Result<std::string> where = put_back(ticket, *issue, start);
      if (!where) return stopped(where.error(), has_moved);
      Failure failure = taken.error();
      failure.message += fmt::format("; issue {} stays \"{}\"", ticket.value, *where);
      return std::unexpected(std::move(failure));
    }
    // The answer has no body; where the last step leads is known.
    if (*next == wanted) return {};
  }
}

Result<std::optional<std::string>> JiraAdapter::choose_step(const Issue& issue, const std::string& wanted,
                                                            const std::set<std::string>& visited) {
  const std::vector<Transition>& here = *issue.transitions;
  if (transition_to(here, wanted) != nullptr) return std::optional{wanted};
  const auto statuses = knowledge_.statuses();
  if (!statuses) return std::unexpected(statuses.error());
  std::set<std::string> avoided = visited;
  for (const auto& [type, list] : *statuses) {
    for (const Status& status : list) {
      // Closing tells people that it is over.
      if (status.category == "done") avoided.insert(status.name);
    }
  }
  avoided.erase(wanted);
  // Other issues show the ways from statuses that this one has not been in. Each is looked at once.
  Knowledge::Reached ways = knowledge_.reached(issue.type, issue.status.name, avoided);
  std::set<std::string> looked_at;
  while (!ways.statuses.contains(wanted)) {
    const auto unknown = std::find_if(ways.unseen.begin(), ways.unseen.end(), [&](const std::string& status) {
      return !looked_at.contains(status) && !avoided.contains(status);
    });
    if (unknown == ways.unseen.end()) break;
    looked_at.insert(*unknown);
    const std::string status = *unknown;
    if (const auto looked = look_at_ways(issue.type, status); !looked) return std::unexpected(looked.error());
    ways = knowledge_.reached(issue.type, issue.status.name, avoided);
  }
  const auto known = knowledge_.next_status(issue.type, issue.status.name, wanted, avoided);
  if (known && transition_to(here, *known) != nullptr) return known;
  // Nothing tells whether the ways from these lead there; only going does. Where every way is known and none leads
  // there, the issue is not moved at all.
  for (const std::string& next : targets_of(here)) {
    if (next == issue.status.name || avoided.contains(next)) continue;
    if (!knowledge_.reached(issue.type, next, avoided).unseen.empty()) return std::optional{next};
  }
  return std::optional<std::string>{};
}

Result<bool> JiraAdapter::look_at_ways(const std::string& type, const std::string& status) {
  const Result<Listed> listed =
      search(fmt::format("project = {} AND issuetype = {} AND status = {} ORDER BY updated DESC",
                         jql_text(options_.project), jql_text(type), jql_text(status)),
             "project,status,created,updated", 0, {});
  if (!listed && listed.error().fault == Fault::rejected) return false;  // no status that JQL knows
  if (!listed) return std::unexpected(listed.error());
  for (const Issue& sample : listed->page.issues) {
    if (sample.status.name != status) continue;
    const Result<Issue> issue = where_it_is(NativeId{sample.id});
    if (!issue && issue.error().fault != Fault::gone) return std::unexpected(issue.error());
    if (issue && issue->status.name == status) return true;
  }
  return false;
}

/// What the step's screen asks for, and what was chosen for it.
Result<std::vector<std::pair<std::string, std::string>>> JiraAdapter::screen_values(const NativeId& ticket,
                                                                                    const Transition& transition) {
  std::vector<std::pair<std::string, std::string>> values;
  std::optional<std::vector<FieldMeta>> screen = transition.fields;
  if (!screen && transition.has_screen) {
    const Result<std::string> body =
        client_.read(fmt::format("/issue/{}/transitions?transitionId={}&expand=transitions.fields", ticket.value,
                                 web::query_part(transition.id)),
                     transitions_template, fmt::format("reading the screen of a transition of issue {}", ticket.value));
    if (!body) return std::unexpected(body.error());
    const Result<std::vector<Transition>> shown = read_transitions(*body);
    if (!shown) return std::unexpected(shown.error());
    for (const Transition& one : *shown) {
      if (one.id == transition.id) screen = one.fields;
    }
  }
  for (const FieldMeta& field : screen.value_or(std::vector<FieldMeta>{})) {
    const auto chosen = std::find_if(options_.transition.begin(), options_.transition.end(), [&](const auto& entry) {
      return entry.first == field.id || entry.first == field.name;
    });
    std::optional<std::string> value;
    if (chosen != options_.transition.end()) value = chosen->second;
    if (!value && field.is_required && !field.has_default) value = obvious_value(field);
    if (value) values.emplace_back(field.id, field_value(field, *value, options_.deployment));
  }
  return values;
}

Result<void> JiraAdapter::take_step(const NativeId& ticket, const Transition& transition) {
  const std::string what = fmt::format("moving issue {} to \"{}\"", ticket.value, transition.to.name);
  const std::string path = fmt::format("/issue/{}/transitions", ticket.value);
  auto asked = screen_values(ticket, transition);
  if (!asked) return std::unexpected(asked.error());
  std::vector<std::pair<std::string, std::string>>& fields = *asked;
  for (int attempt = 0;; ++attempt) {
    const Result<http::Response> response =
        send(http::Method::post, path, transitions_template, what, transition_body(transition.id, fields));
    if (!response) return std::unexpected(response.error());
    if (response->status == 204) return {};
    const Refusal refusal = response->status == 400 ? read_refusal(response->body) : Refusal{};
    bool changed = false;
    if (attempt == 0) {
      // The list of a screen's fields may lack some, and hold some that are not there (seen with Data Center 9.12).
      for (const auto& [id, why] : refusal.fields) {
        const auto sent =
            std::find_if(fields.begin(), fields.end(), [&, named = id](const auto& one) { return one.first == named; });
        const auto chosen = options_.transition.find(id);
        if (sent != fields.end()) {
          fields.erase(sent);
          changed = true;
        } else if (id == "resolution") {
          fields.emplace_back(id, named("name", chosen == options_.transition.end() ? "Done" : chosen->second));
          changed = true;
        }
      }
    }
    if (changed) continue;
    Failure failure = refused(*response, http::Method::post, what);
    if (!refusal.fields.empty()) failure.message += "; what the screen asks for can be given under transition";
    return std::unexpected(std::move(failure));
  }
}

}  // namespace causeway::jira
