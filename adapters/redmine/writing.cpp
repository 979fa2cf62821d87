/// Writing to Redmine: one intent, at most one change.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "adapters/redmine/adapter.hpp"
#include "adapters/redmine/envelope.hpp"

namespace causeway::redmine {
namespace {

/// Status steps in one intent at most. Redmine's own workflow needs two; a longer way is a person's decision.
constexpr int status_steps_max = 4;

/// What a person reads who must find out why nothing was written. The engine holds these as HoldReason::permission.
std::unexpected<Failure> no_permission(std::string text) {
  return fail(Fault::rejected, "permission: " + std::move(text));
}

bool same_text(std::string_view stored, std::string_view sent) {
  return with_line_feeds(stored) == with_line_feeds(cleaned(sent));
}

bool same_reference(const std::optional<Number>& wanted, const Named& shown) { return !wanted || *wanted == shown.id; }

/// Whether the issue shows everything that was asked for, but the status and what an answer does not show.
bool shows(const Issue& issue, const IssueChange& change) {
  if (change.subject && issue.subject != cleaned(*change.subject)) return false;
  if (change.description && !same_text(issue.description, *change.description)) return false;
  if (change.is_private && issue.is_private != *change.is_private) return false;
  for (const auto& [id, wanted] : change.custom) {
    const auto field = std::find_if(issue.custom.begin(), issue.custom.end(),
                                    [&, number = id](const CustomValue& custom) { return custom.id == number; });
    if (field == issue.custom.end()) return false;
    if (const auto* text = std::get_if<std::string>(&wanted)) {
      if (!same_text(field->values.empty() ? std::string{} : field->values.front(), *text)) return false;
    } else {
      const auto& list = std::get<std::vector<std::string>>(wanted);
      if (std::set<std::string>(list.begin(), list.end()) !=
          std::set<std::string>(field->values.begin(), field->values.end())) {
        return false;
      }
    }
  }
  return same_reference(change.tracker, issue.tracker) && same_reference(change.priority, issue.priority) &&
         same_reference(change.assignee, issue.assignee) && same_reference(change.category, issue.category) &&
         same_reference(change.version, issue.version);
}

const Journal* journal_of(const Issue& issue, const NativeId& id) {
  const auto number = number_of(id);
  const auto found = std::find_if(issue.journals->begin(), issue.journals->end(),
                                  [&](const Journal& journal) { return journal.id == number; });
  return found == issue.journals->end() ? nullptr : &*found;
}

/// A walk that something stops. Once a step was taken the issue stands where nobody wanted it: only looking again tells
/// what is left to do, whatever the failure says of its own request. A refusal is a person's matter all the same.
std::unexpected<Failure> stopped(Failure failure, bool has_moved) {
  if (has_moved && failure.fault != Fault::rejected) failure.fault = Fault::outcome_unknown;
  return std::unexpected(std::move(failure));
}

bool contains(const std::vector<std::string>& list, std::string_view value) {
  return std::find(list.begin(), list.end(), value) != list.end();
}

std::vector<std::string> names(const std::vector<Named>& list) {
  std::vector<std::string> result;
  for (const Named& named : list) result.push_back(named.name);
  return result;
}

}  // namespace

Result<Receipt> RedmineAdapter::apply(const Intent& intent) {
  // A write with a dead key may come through as a visitor's, where visitors may write.
  if (const auto account = knowledge_.account(); !account) return std::unexpected(account.error());
  const Operation& operation = intent.write.operation();
  if (const auto* wish = std::get_if<CreateTicket>(&operation)) return create(*wish, intent.marker);
  if (!number_of(intent.target.id)) {
    return fail(Fault::malformed, fmt::format("\"{}\" is no Redmine issue", intent.target.id.value));
  }
  if (const auto* wish = std::get_if<EditTicket>(&operation)) return edit(intent.target.id, *wish);
  if (const auto* wish = std::get_if<AddComment>(&operation)) return add_comment(intent.target.id, *wish, intent);
  if (const auto* wish = std::get_if<EditComment>(&operation)) return edit_comment(intent.target.id, *wish);
  return remove_comment(intent.target.id, std::get<RemoveComment>(operation));
}

std::size_t RedmineAdapter::requests_for(const Operation& operation) const {
  if (const auto* wish = std::get_if<EditTicket>(&operation)) {
    const bool labels = !wish->labels_add.empty() || !wish->labels_remove.empty();
    const bool fields = !wish->set.empty() || labels || (wish->twin_url && capabilities_.twin_link);
    const bool texts = wish->set.contains(Field::title) || wish->set.contains(Field::body);
    return (fields ? 1U : 0U) + (texts ? 1U : 0U) + (labels ? 1U : 0U) + (wish->set.contains(Field::status) ? 1U : 0U);
  }
  // Each file is uploaded, and read back.
  if (const auto* wish = std::get_if<AddComment>(&operation))
    return (wish->visibility == Visibility::restricted ? 2 : 1) + 2 * wish->files.size();
  if (const auto* wish = std::get_if<EditComment>(&operation))
    return wish->visibility == Visibility::restricted ? 2 : 1;
  return std::holds_alternative<RemoveComment>(operation) ? 2 : 1;
}

Failure RedmineAdapter::write_failure(const http::Response& response, http::Method method, std::string_view what) {
  const Failure failure = failure_of(response, method, what);
  if (response.status == 401) knowledge_.doubt_account();
  if (response.status != 403) return failure;
  // Forbidden for this one write, or has everything been taken from us?
  knowledge_.doubt_account();
  if (const auto account = knowledge_.account(); !account) return account.error();
  knowledge_.doubt_project();
  const auto project = knowledge_.project();
  if (!project) return project.error();
  constexpr int active = 1;
  const std::string_view why =
      (*project)->status == active ? "the role of the key's user lacks the right to do it" : "the project is closed";
  return Failure{Fault::rejected, Reach::ticket, fmt::format("permission: {}: {} (HTTP 403)", what, why), std::nullopt};
}

Result<void> RedmineAdapter::demand(const std::vector<std::string_view>& any_of, std::string_view what) {
  const Result<Rights> rights = knowledge_.rights(options_.trust);
  if (!rights) return std::unexpected(rights.error());
  const bool may =
      std::any_of(any_of.begin(), any_of.end(), [&](std::string_view permission) { return rights->may(permission); });
  if (may) return {};
  return no_permission(
      fmt::format("{} needs the right {} in Redmine; without it Redmine would show it to everybody. Give the "
                  "right to the role of the key's user",
                  what, fmt::join(any_of, " or ")));
}

Result<void> RedmineAdapter::set_fields(const std::map<Field, std::optional<std::string>>& set, IssueChange& change) {
  const auto numbered = [&](Kind kind, const std::optional<std::string>& value,
                            std::optional<Number>& target) -> Result<void> {
    if (!value) {
      target = 0;
      return {};
    }
    const Result<Number> number =
        kind == Kind::custom_field ? knowledge_.member(*value) : knowledge_.number(kind, *value);
    if (!number) return std::unexpected(number.error());
    target = *number;
    return {};
  };
  for (const auto& [field, value] : set) {
    Result<void> done;
    switch (field) {
      case Field::title:
        change.subject = value.value_or("");
        break;
      case Field::body:
        change.description = value.value_or("");
        break;
      case Field::status:
        done = numbered(Kind::status, value, change.status);
        break;
      case Field::priority:
        done = numbered(Kind::priority, value, change.priority);
        break;
      case Field::milestone:
        done = numbered(Kind::version, value, change.version);
        break;
      case Field::assignee: {
        if (!value) {
          change.assignee = 0;
          break;
        }
        const Result<Number> member = knowledge_.member(*value);
        if (!member) return std::unexpected(member.error());
        change.assignee = *member;
        break;
      }
    }
    if (!done) return done;
  }
  if (change.status == Number{0} || change.priority == Number{0}) {
    return fail(Fault::rejected, "Redmine's tickets always have a status and a priority: neither can be cleared");
  }
  return {};
}

Result<void> RedmineAdapter::set_labels(const std::set<std::string>& labels, std::optional<bool> multiple,
                                        IssueChange& change) {
  const Result<Number> field = knowledge_.number(Kind::custom_field, field_name("labels"));
  if (!field) return std::unexpected(field.error());
  if (!multiple) multiple = knowledge_.multiple(*field);
  if (!multiple) {
    // No issue has shown the field yet: one of the project's tells which kind it is.
    if (const auto sample = list("&sort=id%3Adesc"); !sample) return std::unexpected(sample.error());
    multiple = knowledge_.multiple(*field);
  }
  if (multiple.value_or(false)) {
    // Redmine takes a list with nothing in it for "unset" only when it holds the empty word.
    std::vector<std::string> values(labels.begin(), labels.end());
    if (values.empty()) values.emplace_back();
    change.custom[*field] = std::move(values);
  } else {
    change.custom[*field] = fmt::format("{}", fmt::join(labels, "\n"));
  }
  return {};
}

Result<void> RedmineAdapter::set_chosen(const std::map<std::string, std::string>& chosen, IssueChange& change) {
  for (const auto& [name, value] : chosen) {
    std::optional<Number>* reference = nullptr;
    Kind kind = Kind::custom_field;
    if (name == "tracker") reference = &change.tracker, kind = Kind::tracker;
    if (name == "category") reference = &change.category, kind = Kind::category;
    if (name == "version") reference = &change.version, kind = Kind::version;
    if (name == "priority") reference = &change.priority, kind = Kind::priority;
    if (reference != nullptr) {
      const Result<Number> number = knowledge_.number(kind, value);
      if (!number) return std::unexpected(number.error());
      *reference = *number;
      continue;
    }
    const Result<Number> field = knowledge_.number(Kind::custom_field, name);
    if (!field) return std::unexpected(field.error());
    change.custom[*field] = value;
  }
  return {};
}

Result<Receipt> RedmineAdapter::create(const CreateTicket& wish, const Marker& marker) {
  const Ticket& ticket = wish.ticket;
  IssueChange change;
  change.project = options_.project;
  std::map<std::string, std::string> chosen = options_.create;
  for (const auto& [name, value] : ticket.fields) chosen[name] = value;
  if (const auto set = set_chosen(chosen, change); !set) return std::unexpected(set.error());

  const std::string marker_field = field_name("marker");
  std::map<Field, std::optional<std::string>> set{
      {Field::title, ticket.title},
      {Field::body, wrap(ticket.body, wish.attribution, marker_field.empty() ? std::optional{marker} : std::nullopt)}};
  for (const Field field : {Field::priority, Field::assignee, Field::milestone}) {
    if (auto wanted = value(ticket, field)) set[field] = std::move(wanted);
  }
  if (const auto done = set_fields(set, change); !done) return std::unexpected(done.error());
  if (!marker_field.empty()) {
    const Result<Number> field = knowledge_.number(Kind::custom_field, marker_field);
    if (!field) return std::unexpected(field.error());
    change.custom[*field] = marker.value;
  }
  if (capabilities_.labels && !ticket.labels.empty()) {
    if (const auto done = set_labels(ticket.labels, std::nullopt, change); !done) return std::unexpected(done.error());
  }
  if (capabilities_.twin_link && !wish.attribution.url.empty()) {
    const Result<Number> field = knowledge_.number(Kind::custom_field, field_name("twin"));
    if (!field) return std::unexpected(field.error());
    change.custom[*field] = wish.attribution.url;
  }
  if (ticket.visibility == Visibility::restricted) {
    const auto may = demand({"set_issues_private", "set_own_issues_private"}, "opening a private issue");
    if (!may) return std::unexpected(may.error());
    change.is_private = true;
  }

  constexpr std::string_view what = "creating an issue";
  const Result<http::Response> response = write(http::Method::post, "/issues.json", "/issues", issue_body(change));
  if (!response) return std::unexpected(response.error());
  if (response->status != 201) return std::unexpected(write_failure(*response, http::Method::post, what));
  const Result<Issue> made = read_issue(response->body);
  if (!made) {
    return fail(Fault::outcome_unknown, fmt::format("{}: it was made, but its answer did not come whole", what));
  }
  knowledge_.saw_stamp(made->updated);
  knowledge_.saw(*made);
  if (change.is_private && !made->is_private) {
    // The right was there moments ago and is not any more. Nobody must go on reading it.
    IssueChange withdrawn;
    withdrawn.subject = "(withdrawn)";
    withdrawn.description = wrap("", {}, marker);
    const auto taken_back = put_issue(NativeId{std::to_string(made->id)}, withdrawn);
    return no_permission(fmt::format("Redmine opened the private issue {} for everybody; its text was {}", made->id,
                                     taken_back ? "taken out again" : "NOT taken out: do it at once"));
  }
  Receipt receipt;
  receipt.written = NativeId{std::to_string(made->id)};
  receipt.created = made->created;
  receipt.updated = made->updated;
  receipt.verified = shows(*made, change);
  return receipt;
}

Result<http::Response> RedmineAdapter::write(http::Method method, std::string_view path, std::string_view path_template,
                                             std::string body) {
  const Result<std::string> acting = knowledge_.acting_login();
  if (!acting) return std::unexpected(acting.error());
  return client_.write(method, path, path_template, std::move(body), *acting);
}

Result<void> RedmineAdapter::put_issue(const NativeId& ticket, const IssueChange& change) {
  const Result<http::Response> response =
      write(http::Method::put, fmt::format("/issues/{}.json", ticket.value), "/issues/{id}", issue_body(change));
  if (!response) return std::unexpected(response.error());
  if (response->status == 204 || response->status == 200) return {};
  return std::unexpected(write_failure(*response, http::Method::put, fmt::format("writing to issue {}", ticket.value)));
}

Result<void> RedmineAdapter::put_journal(const NativeId& journal, std::string_view notes) {
  const Result<http::Response> response = write(http::Method::put, fmt::format("/journals/{}.json", journal.value),
                                                "/journals/{id}", journal_body(notes, std::nullopt));
  if (!response) return std::unexpected(response.error());
  if (response->status == 204 || response->status == 200) return {};
  const std::string what = fmt::format("writing to note {}", journal.value);
  if (response->status == 404) return fail(Fault::stale, fmt::format("{}: the note is no longer there", what));
  return std::unexpected(write_failure(*response, http::Method::put, what));
}

Result<Receipt> RedmineAdapter::edit(const NativeId& ticket, const EditTicket& wish) {
  IssueChange change;
  Receipt receipt;
  if (const auto set = set_fields(wish.set, change); !set) return std::unexpected(set.error());
  if (change.description && wish.attribution) {
    change.description =
        wrap(*change.description, *wish.attribution, field_name("marker").empty() ? wish.envelope : std::nullopt);
  }
  if (wish.twin_url) {
    if (capabilities_.twin_link) {
      const Result<Number> field = knowledge_.number(Kind::custom_field, field_name("twin"));
      if (!field) return std::unexpected(field.error());
      change.custom[*field] = *wish.twin_url;
    } else {
      receipt.losses.emplace_back("the link to the twin: no custom field is configured for it (fields: twin)");
    }
  }
  if (!wish.labels_add.empty() || !wish.labels_remove.empty()) {
    if (!capabilities_.labels) {
      return fail(Fault::rejected, "Redmine has no labels here: configure a custom field for them (fields: labels)");
    }
    const Result<Issue> before = read_now(ticket);
    if (!before) return std::unexpected(before.error());
    const CustomValue* field = custom_value(*before, field_name("labels"));
    if (field == nullptr) {
      return fail(Fault::rejected, fmt::format("issue {} has no field \"{}\": enable it for the tracker \"{}\"",
                                               ticket.value, field_name("labels"), before->tracker.name));
    }
    std::set<std::string> labels = labels_of(*field);
    const std::set<std::string> present = labels;
    labels.insert(wish.labels_add.begin(), wish.labels_add.end());
    for (const std::string& label : wish.labels_remove) labels.erase(label);
    if (labels != present) {
      if (const auto set = set_labels(labels, field->multiple, change); !set) return std::unexpected(set.error());
    }
  }
  std::optional<NamedPage::Entry> wanted_status;
  if (change.status) {
    const auto statuses = knowledge_.entries(Kind::status);
    if (!statuses) return std::unexpected(statuses.error());
    for (const NamedPage::Entry& status : *statuses) {
      if (status.named.id == *change.status) wanted_status = status;
    }
  }
  const IssueChange nothing;
  if (issue_body(change) == issue_body(nothing)) {
    receipt.verified = true;
    return receipt;
  }
  if (const auto put = put_issue(ticket, change); !put) return std::unexpected(put.error());
  note_displaced(ticket, change, receipt);
  if (!wanted_status) return receipt;
  Result<Receipt> walked = walk_to(ticket, *wanted_status);
  if (walked) {
    walked->losses = std::move(receipt.losses);
    walked->displaced = std::move(receipt.displaced);
  }
  return walked;
}

/// Redmine writes over whatever stands there; its history tells what that was. The look also proves the write.
void RedmineAdapter::note_displaced(const NativeId& ticket, const IssueChange& change, Receipt& receipt) {
  if (!change.subject && !change.description) return;
  const Instant observed = clock_.now();
  const Result<Issue> issue = read_now(ticket);
  const Result<User> account = knowledge_.acting_account();
  if (!issue || !issue->journals || !account) return;  // the write stands; whoever wants proof reads again
  if (Result<Snapshot> reading = tell(*issue, observed)) receipt.reading = *std::move(reading);
  const auto look = [&](const char* name, const std::optional<std::string>& sent, Field field) {
    if (!sent) return;
    for (auto journal = issue->journals->rbegin(); journal != issue->journals->rend(); ++journal) {
      if (journal->user.id != account->id) continue;
      for (const TextChange& text : journal->texts) {
        if (text.name != name || text.after != with_line_feeds(*sent)) continue;
        receipt.displaced[field] = field == Field::body ? unwrap(text.before).text : text.before;
        return;
      }
    }
  };
  look("subject", change.subject, Field::title);
  look("description", change.description, Field::body);
}

Result<Receipt> RedmineAdapter::walk_to(const NativeId& ticket, const NamedPage::Entry& wanted) {
  std::set<Number> visited;
  std::optional<Named> start;
  for (int step = 0;; ++step) {
    const bool has_moved = step > 0;
    const Instant observed = clock_.now();
    const Result<Issue> issue = read_now(ticket);
    if (!issue) return stopped(issue.error(), has_moved);
    if (issue->status.id == wanted.named.id) {
      Result<Snapshot> reading = tell(*issue, observed);
      if (!reading) return stopped(reading.error(), has_moved);
      Receipt receipt;
      receipt.updated = issue->updated;
      receipt.reading = *std::move(reading);
      return receipt;
    }
    if (!start) start = issue->status;
    const bool blocked = visited.contains(wanted.named.id);  // it was tried from a status that allows it
    std::optional<Number> next;
    if (!blocked && step < status_steps_max) {
      const auto chosen = choose_step(*issue, wanted.named.id, visited);
      if (!chosen) return stopped(chosen.error(), has_moved);
      next = *chosen;
    }
    if (!next) {
      std::string now = issue->status.name;
      const std::vector<std::string> allowed = names(issue->allowed_statuses.value_or(std::vector<Named>{}));
      if (start->id != issue->status.id) {
        if (contains(allowed, start->name)) {
          IssueChange back;
          back.status = start->id;
          if (const auto put = put_issue(ticket, back); !put) return stopped(put.error(), has_moved);
          now = fmt::format("{} (it went as far as {} and was put back)", start->name, now);
        } else {
          now = fmt::format("{} (it was {} before, and the workflow does not lead back there)", now, start->name);
        }
      }
      if (blocked) {
        return fail(
            Fault::rejected,
            fmt::format("issue {} stays \"{}\" though the workflow leads to \"{}\": it has an open blocker or open "
                        "subtasks, or its parent is closed",
                        ticket.value, now, wanted.named.name));
      }
      return fail(Fault::rejected,
                  fmt::format("issue {} stays \"{}\": the workflow leads our role from there to {}, not to \"{}\"",
                              ticket.value, now, fmt::join(allowed, ", "), wanted.named.name));
    }
    visited.insert(issue->status.id);
    if (*next == wanted.named.id) visited.insert(wanted.named.id);
    IssueChange change;
    change.status = next;
    if (const auto put = put_issue(ticket, change); !put) return stopped(put.error(), has_moved);
  }
}

Result<std::optional<Number>> RedmineAdapter::choose_step(const Issue& issue, Number wanted,
                                                          const std::set<Number>& visited) {
  std::set<Number> allowed;
  for (const Named& status : issue.allowed_statuses.value_or(std::vector<Named>{})) allowed.insert(status.id);
  if (allowed.contains(wanted)) return std::optional{wanted};
  const auto statuses = knowledge_.entries(Kind::status);
  if (!statuses) return std::unexpected(statuses.error());
  std::set<Number> avoided = visited;
  for (const NamedPage::Entry& status : *statuses) {
    if (status.is_closed) avoided.insert(status.named.id);  // closing tells people that it is over
  }
  // Other tickets show the ways from statuses that this one has not been in. Each is looked at once.
  Knowledge::Reached ways = knowledge_.reached(issue.tracker.id, issue.status.id, avoided);
  std::set<Number> looked_at;
  while (!ways.statuses.contains(wanted)) {
    const auto unknown = std::find_if(ways.unseen.begin(), ways.unseen.end(),
                                      [&](Number status) { return !looked_at.contains(status); });
    if (unknown == ways.unseen.end()) break;
    looked_at.insert(*unknown);
    if (const auto looked = look_at_ways(issue.tracker.id, *unknown); !looked) return std::unexpected(looked.error());
    ways = knowledge_.reached(issue.tracker.id, issue.status.id, avoided);
  }
  const auto known = knowledge_.next_status(issue.tracker.id, issue.status.id, wanted, avoided);
  if (known && allowed.contains(*known)) return known;
  // Nothing tells whether the ways from these lead there; only going does. Onwards in Redmine's own order of statuses,
  // which is the order work goes in. Where every way is known and none leads there, the ticket is not moved at all.
  for (const NamedPage::Entry& status : *statuses) {
    const Number id = status.named.id;
    if (id == issue.status.id || !allowed.contains(id) || avoided.contains(id)) continue;
    if (ways.unseen.contains(id) || !knowledge_.reached(issue.tracker.id, id, avoided).unseen.empty())
      return std::optional{id};
  }
  return std::optional<Number>{};
}

/// Puts a file where the next write to an issue can take it from. An upload that nothing takes is thrown away by
/// Redmine, so it may be repeated.
Result<Uploaded> RedmineAdapter::upload(const Attachment& file, const std::string& bytes) {
  const Result<std::string> acting = knowledge_.acting_login();
  if (!acting) return std::unexpected(acting.error());
  const std::string what = fmt::format("uploading {} bytes", bytes.size());
  const Result<http::Response> response = client_.upload(file.name, bytes, *acting);
  if (!response) return fail(Fault::transient, response.error().message, response.error().reach);
  if (response->status == 201) return read_upload(response->body);
  Failure failure = write_failure(*response, http::Method::post, what);
  if (failure.fault == Fault::outcome_unknown) failure.fault = Fault::transient;
  return std::unexpected(std::move(failure));
}

Result<Receipt> RedmineAdapter::add_comment(const NativeId& ticket, const AddComment& wish, const Intent& intent) {
  const Marker& marker = intent.marker;
  IssueChange change;
  Receipt receipt;
  for (std::size_t i = 0; i < intent.contents.size(); ++i) {
    const Attachment& file = wish.files[i];
    Attachment& put = receipt.files.emplace_back();
    const Result<Uploaded> uploaded = upload(file, intent.contents[i]);
    if (!uploaded && uploaded.error().fault != Fault::rejected) return std::unexpected(uploaded.error());
    if (!uploaded) {
      receipt.losses.push_back(fmt::format("{} was not taken: {}", file.name, uploaded.error().message));
      continue;
    }
    change.uploads.push_back({uploaded->token, file.name});
    if (uploaded->id == 0) continue;
    put = file;
    put.id = NativeId{std::to_string(uploaded->id)};
    put.url = fmt::format("{}/attachments/download/{}/{}", options_.url, uploaded->id, query_part(file.name));
  }
  change.notes = wrap(wish.body, wish.attribution, marker);
  const bool restricted = wish.visibility == Visibility::restricted;
  if (restricted) {
    if (const auto may = demand({"set_notes_private"}, "a private note"); !may) return std::unexpected(may.error());
    change.private_notes = true;
  }
  if (const auto put = put_issue(ticket, change); !put) return std::unexpected(put.error());
  if (!restricted) return receipt;
  auto told = read_back_private(ticket, marker);
  if (told) {
    told->losses = std::move(receipt.losses);
    told->files = std::move(receipt.files);
  }
  return told;
}

Result<Receipt> RedmineAdapter::read_back_private(const NativeId& ticket, const Marker& marker) {
  const Instant observed = clock_.now();
  const Result<Issue> issue = read_now(ticket);
  if (!issue) {
    return fail(Fault::outcome_unknown,
                fmt::format("a private note went to issue {}, but it could not be read back: {}", ticket.value,
                            issue.error().message));
  }
  for (auto journal = issue->journals->rbegin(); journal != issue->journals->rend(); ++journal) {
    if (unwrap(journal->notes).marker != marker) continue;
    const NativeId id{std::to_string(journal->id)};
    if (!journal->is_private) {
      // The right was there moments ago and is not any more: what everybody could read is taken off at once.
      const auto taken_off = put_journal(id, "");
      return no_permission(fmt::format("Redmine made the private note {} on issue {} public; it was {}", id.value,
                                       ticket.value, taken_off ? "taken off again" : "NOT taken off: do it at once"));
    }
    Result<Snapshot> reading = tell(*issue, observed);
    if (!reading) return std::unexpected(reading.error());
    Receipt receipt;
    receipt.written = id;
    receipt.updated = issue->updated;
    receipt.verified = true;
    receipt.reading = *std::move(reading);
    return receipt;
  }
  return fail(Fault::outcome_unknown,
              fmt::format("a private note went to issue {}, but is not shown there", ticket.value));
}

Result<Receipt> RedmineAdapter::edit_comment(const NativeId& ticket, const EditComment& wish) {
  if (!number_of(wish.comment)) return fail(Fault::malformed, fmt::format("\"{}\" is no note", wish.comment.value));
  if (wish.visibility == Visibility::restricted) {
    const Result<Issue> issue = read_now(ticket);
    if (!issue) return std::unexpected(issue.error());
    const Journal* journal = journal_of(*issue, wish.comment);
    if (journal == nullptr) {
      return fail(Fault::stale, fmt::format("note {} is no longer on issue {}", wish.comment.value, ticket.value));
    }
    if (!journal->is_private && !issue->is_private) {
      return no_permission(fmt::format("note {} on issue {} is public now; private text is not put into it",
                                       wish.comment.value, ticket.value));
    }
  }
  const auto put = put_journal(wish.comment, wrap(wish.body, wish.attribution, wish.envelope));
  if (!put) return std::unexpected(put.error());
  Receipt receipt;
  receipt.written = wish.comment;
  return receipt;
}

Result<Receipt> RedmineAdapter::remove_comment(const NativeId& ticket, const RemoveComment& wish) {
  // Ids of deleted notes are given again on SQLite: only a note that still carries our line is ours to take away.
  const Result<Issue> issue = read_now(ticket);
  if (!issue) return std::unexpected(issue.error());
  Receipt receipt;
  receipt.written = wish.comment;
  receipt.verified = true;
  const Journal* journal = journal_of(*issue, wish.comment);
  if (journal == nullptr || journal->notes.empty()) return receipt;
  if (!unwrap(journal->notes).enveloped) {
    receipt.losses.push_back(fmt::format("note {} was left: somebody has made it their own", wish.comment.value));
    return receipt;
  }
  if (const auto put = put_journal(wish.comment, ""); !put) return std::unexpected(put.error());
  receipt.verified = false;
  return receipt;
}

}  // namespace causeway::redmine
