/// Writing to Jira: one intent, at most one change.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "adapters/jira/adapter.hpp"
#include "adapters/jira/envelope.hpp"

namespace causeway::jira {
namespace {

constexpr std::string_view issues_template = "/issue";
constexpr std::string_view issue_template = "/issue/{issueIdOrKey}";
/// How often what Jira refuses is taken out and the rest is sent again: one answer may not name everything.
constexpr int refusals_max = 3;

std::string id_of(Field field) {
  switch (field) {
    case Field::title:
      return "summary";
    case Field::body:
      return "description";
    case Field::status:
      return "status";
    case Field::priority:
      return "priority";
    case Field::assignee:
      return "assignee";
    case Field::milestone:
      return "fixVersions";
  }
  return {};
}

std::optional<Field> field_of(std::string_view id) {
  for (const Field field : all_fields) {
    if (id_of(field) == id) return field;
  }
  return std::nullopt;
}

/// What must not be left out: the words themselves, and what keeps them from others.
bool is_vital(std::string_view id) {
  return id == "summary" || id == "description" || id == "security" || id == "project" || id == "issuetype";
}

std::string add(std::string value) { return object_of({{"add", std::move(value)}}); }
std::string remove(std::string value) { return object_of({{"remove", std::move(value)}}); }

/// Labels that Jira can hold; the others become losses.
std::vector<std::string> possible_labels(const std::set<std::string>& labels, Receipt& receipt) {
  std::vector<std::string> possible;
  for (const std::string& label : labels) {
    if (is_possible_label(label)) {
      possible.push_back(label);
      continue;
    }
    receipt.dropped_labels.insert(label);
    receipt.losses.push_back(fmt::format(
        "label \"{}\": Jira's labels have no blanks and 255 characters at most; give it another name in the "
        "route's mapping",
        label));
  }
  return possible;
}

}  // namespace

std::size_t JiraAdapter::requests_for(const Operation& operation) const {
  if (const auto* wish = std::get_if<EditTicket>(&operation)) {
    const bool status = wish->set.contains(Field::status);
    const bool labels = !wish->labels_add.empty() || !wish->labels_remove.empty();
    const bool put =
        labels || wish->set.size() > (status ? 1U : 0U) || (wish->twin_url && options_.fields.contains("twin"));
    const bool twin = wish->twin_url && options_.remote_links;
    return (put ? 1U : 0U) + (wish->set.contains(Field::milestone) ? 1U : 0U) + (status ? 2U : 0U) + (twin ? 1U : 0U);
  }
  if (const auto* wish = std::get_if<AddComment>(&operation)) {
    const bool proved = options_.deployment == Deployment::data_center &&
                        options_.private_comments.kind == PrivateComments::Kind::internal;
    const std::size_t files =
        wish->files.empty() || wish->visibility == Visibility::restricted ? 0 : 1 + wish->files.size();
    return files + (wish->visibility == Visibility::restricted && proved ? 2U : 1U);
  }
  return std::holds_alternative<EditComment>(operation) ? 2 : 1;
}

Result<Receipt> JiraAdapter::apply(const Intent& intent) {
  if (const auto may = client_.may_begin(); !may) return std::unexpected(may.error());
  // A write with a dead credential may come through as a visitor's, where visitors may write.
  if (const auto account = knowledge_.account(); !account) return std::unexpected(account.error());
  const Operation& operation = intent.write.operation();
  if (const auto* wish = std::get_if<CreateTicket>(&operation)) return create(*wish, intent.marker);
  if (!is_number(intent.target.id)) {
    return fail(Fault::malformed, fmt::format("\"{}\" is no Jira issue", intent.target.id.value));
  }
  if (const auto* wish = std::get_if<EditTicket>(&operation)) return edit(intent.target.id, *wish);
  if (const auto* wish = std::get_if<AddComment>(&operation)) return add_comment(intent.target.id, *wish, intent);
  if (const auto* wish = std::get_if<EditComment>(&operation)) return edit_comment(intent.target.id, *wish);
  return remove_comment(intent.target.id, std::get<RemoveComment>(operation));
}

Result<http::Response> JiraAdapter::send(http::Method method, const std::string& path, std::string_view path_template,
                                         std::string_view what, const std::string& body, bool creates_content) {
  Result<http::Response> response = client_.send(method, path, path_template, what, body, creates_content);
  // Two writers met on one issue, and this one was turned away with nothing done.
  if (response && response->status == 409)
    response = client_.send(method, path, path_template, what, body, creates_content);
  return response;
}

Result<http::Response> JiraAdapter::send_issue(http::Method method, const std::string& path,
                                               std::string_view path_template, std::string_view what,
                                               IssueChange& change, Receipt& receipt,
                                               std::vector<std::string>& kept_out) {
  for (int refusals = 0;; ++refusals) {
    Result<http::Response> response =
        send(method, path, path_template, what, issue_body(change), method == http::Method::post);
    if (!response || response->status != 400 || refusals == refusals_max) return response;
    // A 400 has done nothing. One field that cannot be written must not keep the others from arriving.
    const Refusal refusal = read_refusal(response->body);
    bool changed = false;
    for (const auto& [id, why] : refusal.fields) {
      if (id == "properties" && change.marker) {
        // The mark stands in the text as well.
        change.marker.reset();
        changed = true;
        continue;
      }
      const bool sent = change.fields.contains(id) || change.update.contains(id);
      if (!sent || (method == http::Method::post && is_vital(id))) return response;
      change.fields.erase(id);
      if (id == "labels") {
        receipt.losses.push_back(fmt::format("labels: Jira refused them: {}", web::shortened(why)));
      } else if (is_vital(id)) {
        kept_out.push_back(fmt::format("{}: {}", id, web::shortened(why)));
      } else {
        receipt.losses.push_back(fmt::format("{}: Jira refused it: {}", id, web::shortened(why)));
      }
      change.update.erase(id);
      if (const auto field = field_of(id)) receipt.dropped.insert(*field);
      changed = true;
    }
    if (!changed || change.empty()) return response;
  }
}

Result<std::vector<std::pair<std::string, std::string>>> JiraAdapter::values_for(
    const std::map<std::string, std::string>& chosen, const std::vector<FieldMeta>& screen,
    std::vector<std::string>& unknown) {
  std::vector<std::pair<std::string, std::string>> values;
  for (const auto& [name, value] : chosen) {
    const auto field = std::find_if(screen.begin(), screen.end(), [&, wanted = name](const FieldMeta& one) {
      return one.id == wanted || one.name == wanted;
    });
    if (field == screen.end()) {
      unknown.push_back(name);
    } else {
      values.emplace_back(field->id, field_value(*field, value, options_.deployment));
    }
  }
  return values;
}

Result<Receipt> JiraAdapter::create(const CreateTicket& wish, const Marker& marker) {
  constexpr std::string_view what = "creating an issue";
  const Ticket& ticket = wish.ticket;
  Receipt receipt;
  std::map<std::string, std::string> chosen = options_.create;
  for (const auto& [name, value] : ticket.fields) chosen[name] = value;
  const Result<Named> type = knowledge_.issue_type(chosen["type"]);
  if (!type) return std::unexpected(type.error());
  chosen.erase("type");
  IssueChange change;
  change.marker = marker;
  change.fields["project"] = named("key", options_.project);
  change.fields["issuetype"] = named("id", type->id);
  change.fields["summary"] = quoted(one_line(ticket.title));
  change.fields["description"] = rich_value(format(), wrap(format(), ticket.body, wish.attribution, marker));
  if (!chosen.empty()) {
    const Result<std::vector<FieldMeta>> screen = knowledge_.create_fields(*type);
    if (!screen) return std::unexpected(screen.error());
    std::vector<std::string> unknown;
    const auto values = values_for(chosen, *screen, unknown);
    if (!values) return std::unexpected(values.error());
    for (const auto& [id, value] : *values) change.fields[id] = value;
    for (const std::string& name : unknown) {
      receipt.losses.push_back(fmt::format("{}: it is not on the screen by which Jira creates a {}", name, type->name));
    }
  }
  if (!wish.attribution.url.empty()) {
    if (const auto set = set_twin_field(wish.attribution.url, change); !set) return std::unexpected(set.error());
  }
  if (ticket.visibility == Visibility::restricted && !change.fields.contains("security")) {
    return no_permission(
        "a private ticket is only opened with a security level, so that no more people read it than should; name one "
        "under create: {security: …}");
  }
  if (ticket.priority) change.fields["priority"] = named("name", *ticket.priority);
  if (ticket.assignee) change.fields["assignee"] = person_value(options_.deployment, *ticket.assignee);
  if (ticket.milestone) change.fields["fixVersions"] = list_of({named("name", *ticket.milestone)});
  if (!ticket.labels.empty()) {
    std::vector<std::string> labels;
    for (const std::string& label : possible_labels(ticket.labels, receipt)) labels.push_back(quoted(label));
    if (!labels.empty()) change.fields["labels"] = list_of(labels);
  }

  std::vector<std::string> kept_out;
  const auto response = send_issue(http::Method::post, "/issue", issues_template, what, change, receipt, kept_out);
  if (!response) return std::unexpected(response.error());
  if (response->status == 400) {
    Failure failure = refused(*response, http::Method::post, what);
    failure.message += "; what a new issue needs can be given under create";
    return std::unexpected(std::move(failure));
  }
  if (response->status == 404) {
    // There is no issue that could be gone: project or account are not what they were.
    Failure failure = refused(*response, http::Method::post, what);
    if (failure.fault == Fault::gone) failure.fault = Fault::denied, failure.reach = Reach::tracker;
    return std::unexpected(std::move(failure));
  }
  if (response->status != 201 || !web::is_json(*response)) {
    return std::unexpected(refused(*response, http::Method::post, what));
  }
  const Result<Created> made = read_created(response->body);
  if (!made) return half_told(what);
  knowledge_.saw_key(made->id, made->key);
  receipt.written = NativeId{made->id};
  if (!ticket.labels.empty() && !change.fields.contains("labels")) {
    receipt.dropped_labels.insert(ticket.labels.begin(), ticket.labels.end());
  }
  tell_beginnings(wish, *type, change, receipt);
  return receipt;
}

/// The answer shows nothing of the new issue. What it has that nobody asked for is the same as another new one's had
/// a while ago; only where that is not known is it read.
void JiraAdapter::tell_beginnings(const CreateTicket& wish, const Named& type, const IssueChange& sent,
                                  Receipt& receipt) {
  Ticket shown = wish.ticket;
  shown.title = one_line(shown.title);
  for (const std::string& label : receipt.dropped_labels) shown.labels.erase(label);
  const auto known = knowledge_.beginnings(type);
  const auto fill = [&](std::optional<std::string>& value, const char* id, const auto& begins) {
    if (sent.fields.contains(id)) return true;
    if (!begins) return false;
    value = *begins;
    return true;
  };
  if (known) {
    shown.status = known->status;
    const bool labels = sent.fields.contains("labels") || known->labels;
    if (!sent.fields.contains("labels") && known->labels) shown.labels = *known->labels;
    const bool whole = fill(shown.priority, "priority", known->priority) &&
                       fill(shown.assignee, "assignee", known->assignee) &&
                       fill(shown.milestone, "fixVersions", known->milestone) && labels;
    if (whole) {
      receipt.shown = std::move(shown);
      return;
    }
  }
  // The issue stands whatever comes of this reading; without it the next listing shows what it began with.
  const Result<Snapshot> snapshot = fetch({options_.id, receipt.written});
  if (!snapshot || snapshot->gone) return;
  Beginnings seen;
  seen.status = snapshot->ticket.status;
  if (!sent.fields.contains("priority")) seen.priority = snapshot->ticket.priority;
  if (!sent.fields.contains("assignee")) seen.assignee = snapshot->ticket.assignee;
  if (!sent.fields.contains("fixVersions")) seen.milestone = snapshot->ticket.milestone;
  if (!sent.fields.contains("labels")) seen.labels = snapshot->ticket.labels;
  knowledge_.learn_beginnings(type, std::move(seen));
  receipt.created = snapshot->created;
  receipt.updated = snapshot->updated;
  receipt.verified = snapshot->ticket.title == shown.title && same_text(format(), snapshot->ticket.body, shown.body);
  receipt.shown = snapshot->ticket;
}

/// A custom field for the address of the twin, where one is configured.
Result<void> JiraAdapter::set_twin_field(const std::string& url, IssueChange& change) {
  const auto field = options_.fields.find("twin");
  if (field == options_.fields.end()) return {};
  const Result<std::optional<std::string>> id = knowledge_.field_id(field->second);
  if (!id) return std::unexpected(id.error());
  if (*id) change.fields[**id] = quoted(url);
  return {};
}

Result<void> JiraAdapter::set_fields(const NativeId& ticket, const EditTicket& wish, IssueChange& change,
                                     Receipt& receipt) {
  for (const auto& [field, value] : wish.set) {
    std::string& target = change.fields[id_of(field)];
    switch (field) {
      case Field::title:
        target = quoted(one_line(value.value_or("")));
        break;
      case Field::body: {
        const std::string text = value.value_or("");
        const bool ours = wish.attribution && wish.envelope;
        target = text.empty() && !ours
                     ? "null"
                     : rich_value(format(), ours ? wrap(format(), text, *wish.attribution, *wish.envelope) : text);
        break;
      }
      case Field::priority:
        target = value ? named("name", *value) : "null";
        break;
      case Field::assignee:
        target = value ? person_value(options_.deployment, *value) : "null";
        break;
      case Field::milestone: {
        change.fields.erase("fixVersions");
        // An issue may have several versions, of which only the first is mirrored: the others stay.
        const Result<Issue> issue = read_now(ticket, "fields=project,status,created,updated,fixVersions");
        if (!issue) return std::unexpected(issue.error());
        const std::string first = issue->versions.empty() ? "" : issue->versions.front();
        std::vector<std::string> operations;
        if (!first.empty() && first != value) operations.push_back(remove(named("name", first)));
        if (value && first != *value) operations.push_back(add(named("name", *value)));
        if (!operations.empty()) change.update["fixVersions"] = std::move(operations);
        break;
      }
      case Field::status:
        change.fields.erase("status");
        break;
    }
  }
  std::vector<std::string> labels;
  for (const std::string& label : possible_labels(wish.labels_add, receipt)) labels.push_back(add(quoted(label)));
  for (const std::string& label : wish.labels_remove) {
    if (is_possible_label(label)) labels.push_back(remove(quoted(label)));
  }
  // One by one, so that what others add or remove meanwhile stays.
  if (!labels.empty()) change.update["labels"] = std::move(labels);
  return {};
}

Result<Receipt> JiraAdapter::edit(const NativeId& ticket, const EditTicket& wish) {
  const std::string what = fmt::format("changing issue {}", ticket.value);
  Receipt receipt;
  IssueChange change;
  if (const auto set = set_fields(ticket, wish, change, receipt); !set) return std::unexpected(set.error());
  if (wish.twin_url) {
    if (const auto set = set_twin_field(*wish.twin_url, change); !set) return std::unexpected(set.error());
  }
  std::vector<std::string> kept_out;
  if (!change.empty()) {
    const bool labels = change.update.contains("labels");
    const auto response = send_issue(http::Method::put, fmt::format("/issue/{}", ticket.value), issue_template, what,
                                     change, receipt, kept_out);
    if (!response) return std::unexpected(response.error());
    const bool nothing_left = response->status == 400 && change.empty();
    if (response->status != 204 && response->status != 200 && !nothing_left) {
      return std::unexpected(refused(*response, http::Method::put, what));
    }
    if (labels && !change.update.contains("labels")) {
      receipt.dropped_labels.insert(wish.labels_add.begin(), wish.labels_add.end());
    }
  }
  if (const auto status = wish.set.find(Field::status); status != wish.set.end()) {
    if (!status->second) return fail(Fault::rejected, "Jira's issues always have a status: it cannot be cleared");
    if (const auto walked = walk_to(ticket, *status->second); !walked) return std::unexpected(walked.error());
  }
  if (wish.twin_url) {
    const auto linked = options_.remote_links ? link_twin(ticket, *wish.twin_url) : Result<void>{};
    if (!linked) return std::unexpected(linked.error());
  }
  if (!kept_out.empty()) {
    return fail(Fault::rejected, fmt::format("{}: Jira refused {}", what, fmt::join(kept_out, "; ")));
  }
  receipt.verified = receipt.dropped.empty() && receipt.dropped_labels.empty();
  return receipt;
}

Result<void> JiraAdapter::link_twin(const NativeId& ticket, const std::string& url) {
  const std::string what = fmt::format("linking issue {} to its twin", ticket.value);
  const Result<http::Response> response = send(http::Method::post, fmt::format("/issue/{}/remotelink", ticket.value),
                                               "/issue/{issueIdOrKey}/remotelink", what, remote_link_body(url), false);
  if (!response) return std::unexpected(response.error());
  if (response->status == 200 || response->status == 201) return {};
  return std::unexpected(refused(*response, http::Method::post, what));
}

}  // namespace causeway::jira
