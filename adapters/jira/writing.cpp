/// Writing to Jira: one intent, at most one change.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "adapters/jira/adapter.hpp"
#include "adapters/jira/envelope.hpp"
#include "agent/markup/convert.hpp"

namespace causeway::jira {
namespace {

constexpr std::string_view issues_template = "/issue";
constexpr std::string_view issue_template = "/issue/{issueIdOrKey}";
constexpr std::string_view comments_template = "/issue/{issueIdOrKey}/comment";
constexpr std::string_view comment_template = "/issue/{issueIdOrKey}/comment/{id}";
/// How often what Jira refuses is taken out and the rest is sent again: one answer may not name everything.
constexpr int refusals_max = 3;

/// What a person reads who must find out why nothing was written. The engine holds these as HoldReason::permission.
std::unexpected<Failure> no_permission(std::string text) {
  return fail(Fault::rejected, "permission: " + std::move(text));
}

/// The write was done, but what it made could not be read.
std::unexpected<Failure> half_told(std::string_view what) {
  return fail(Fault::outcome_unknown, fmt::format("{}: it was done, but the answer did not come whole", what));
}

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

bool same_text(markup::Format format, std::string_view asked, std::string_view shown) {
  return markup::canonical(format, json::clean(asked)) == markup::canonical(format, shown);
}

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

/// Files of ours that are there already were put there by a try whose answer was lost: they are not put there again.
Result<void> JiraAdapter::put_files(const NativeId& ticket, const AddComment& wish, const Intent& intent,
                                    Receipt& receipt) {
  if (intent.contents.empty()) return {};
  if (wish.visibility == Visibility::restricted) {
    for (const Attachment& file : wish.files) {
      receipt.losses.push_back(
          fmt::format("{}: Jira shows files to everybody who sees the issue, so it was not put there", file.name));
    }
    return {};
  }
  const Result<Issue> issue = read_now(ticket, "fields=project,status,created,updated,attachment");
  if (!issue) return std::unexpected(issue.error());
  const Result<User> account = knowledge_.account();
  if (!account) return std::unexpected(account.error());
  std::set<NativeId> taken;
  for (std::size_t at = 0; at < intent.contents.size() && at < wish.files.size(); ++at) {
    const std::string& name = wish.files[at].name;
    const std::string& bytes = intent.contents[at];
    const auto there = std::find_if(issue->files.begin(), issue->files.end(), [&](const File& file) {
      return file.author == account->person.login && file.attachment.name == name &&
             file.attachment.bytes == bytes.size() && !taken.contains(file.attachment.id);
    });
    if (there != issue->files.end()) {
      taken.insert(there->attachment.id);
      receipt.files.push_back(there->attachment);
    } else if (const auto put = put_file(ticket, name, bytes, receipt); !put) {
      return put;
    }
  }
  for (Attachment& file : receipt.files) file.ours = true;
  return {};
}

Result<void> JiraAdapter::put_file(const NativeId& ticket, const std::string& name, const std::string& bytes,
                                   Receipt& receipt) {
  const std::string what = fmt::format("uploading {} bytes to issue {}", bytes.size(), ticket.value);
  const Result<http::Response> response = client_.upload(fmt::format("/issue/{}/attachments", ticket.value),
                                                         "/issue/{issueIdOrKey}/attachments", what, name, bytes);
  // Whatever became of it is seen before it is put there again.
  const auto try_again = [](Failure failure) {
    if (failure.fault == Fault::outcome_unknown) failure.fault = Fault::transient;
    return std::unexpected(std::move(failure));
  };
  if (!response) return try_again(response.error());
  if (response->status != 200 && response->status != 201) {
    const Failure failure = refused(*response, http::Method::post, what);
    if (failure.fault != Fault::rejected) return try_again(failure);
    receipt.losses.push_back(fmt::format("{} was not taken: {}", name, failure.message));
    return {};
  }
  const auto files = read_files(response->body);
  if (!files) return try_again(Failure{Fault::transient, Reach::ticket, files.error().message, std::nullopt});
  for (const File& file : *files) {
    if (file.attachment.bytes != bytes.size()) {
      return fail(Fault::transient, fmt::format("{}: {} bytes arrived", what, file.attachment.bytes));
    }
    receipt.files.push_back(file.attachment);
  }
  return {};
}

Result<Receipt> JiraAdapter::add_comment(const NativeId& ticket, const AddComment& wish, const Intent& intent) {
  const Marker& marker = intent.marker;
  const std::string what = fmt::format("commenting on issue {}", ticket.value);
  const bool restricted = wish.visibility == Visibility::restricted;
  const PrivateComments& who = options_.private_comments;
  std::string visibility;
  bool internal = false;
  if (restricted) {
    if (who.kind == PrivateComments::Kind::none) {
      return no_permission("it is not said who may read private comments here (private_comments)");
    }
    internal = who.kind == PrivateComments::Kind::internal;
    if (!internal) visibility = visibility_value(who);
    const Result<Project> project = knowledge_.project();
    if (!project) return std::unexpected(project.error());
    if (internal && !project->is_service) {
      return no_permission(
          "Jira has internal notes in service projects only, and would show this one to everybody; say "
          "private_comments: role:NAME");
    }
  }
  Receipt receipt;
  if (const auto put = put_files(ticket, wish, intent, receipt); !put) return std::unexpected(put.error());
  const std::string text = wrap(format(), wish.body, wish.attribution, marker);
  const Result<http::Response> response =
      send(http::Method::post, fmt::format("/issue/{}/comment", ticket.value), comments_template, what,
           comment_body(format(), text, marker, visibility, internal), true);
  if (!response) return std::unexpected(response.error());
  if (response->status != 201 || !web::is_json(*response)) {
    Failure failure = refused(*response, http::Method::post, what);
    if (restricted && response->status == 400) failure.message = "permission: " + failure.message;
    return std::unexpected(std::move(failure));
  }
  const Result<JiraComment> made = read_comment(response->body);
  if (!made) return half_told(what);
  if (restricted) {
    if (const auto proved = prove_private(ticket, *made); !proved) return std::unexpected(proved.error());
  }
  receipt.written = NativeId{made->id};
  receipt.verified = same_text(format(), text, made->body);
  return receipt;
}

/// A comment that should be private and is not is taken away at once.
Result<void> JiraAdapter::prove_private(const NativeId& ticket, const JiraComment& comment) {
  if (options_.private_comments.kind != PrivateComments::Kind::internal) {
    if (comment.is_restricted) return {};
  } else {
    std::optional<bool> internal = comment.is_internal;
    if (!internal) {
      const Result<std::string> body =
          client_.read(fmt::format("/comment/{}/properties/{}", comment.id, internal_property),
                       "/comment/{commentId}/properties/{propertyKey}", "reading back a private comment");
      if (body) {
        if (const auto value = read_internal_property(body.value())) internal = *value;
      }
    }
    if (internal.value_or(false)) return {};
  }
  const std::string what = fmt::format("taking back comment {} on issue {}", comment.id, ticket.value);
  const Result<http::Response> response = send(
      http::Method::del, fmt::format("/issue/{}/comment/{}", ticket.value, comment.id), comment_template, what, {});
  const bool taken_back = response && response->status == 204;
  return no_permission(fmt::format("Jira did not keep the private comment {} on issue {} private; it was {}",
                                   comment.id, ticket.value,
                                   taken_back ? "taken off again" : "NOT taken off: do it at once"));
}

Result<Receipt> JiraAdapter::edit_comment(const NativeId& ticket, const EditComment& wish) {
  if (!is_number(wish.comment)) return fail(Fault::malformed, fmt::format("\"{}\" is no comment", wish.comment.value));
  const std::string what = fmt::format("changing comment {} on issue {}", wish.comment.value, ticket.value);
  const std::string path = fmt::format("/issue/{}/comment/{}", ticket.value, wish.comment.value);
  const auto lost = [&](const http::Response& response, http::Method method) {
    Failure failure = refused(response, method, what);
    if (failure.fault == Fault::gone) failure.fault = Fault::stale;
    return std::unexpected(std::move(failure));
  };
  // A PUT without a restriction takes it off, so the one that is there has to be known.
  const Result<http::Response> before = client_.get(path + "?expand=properties", comment_template, what);
  if (!before) return std::unexpected(before.error());
  if (before->status != 200 || !web::is_json(*before)) return lost(*before, http::Method::get);
  const Result<JiraComment> comment = read_comment(before->body);
  if (!comment) return std::unexpected(comment.error());
  if (wish.visibility == Visibility::restricted && !comment->is_restricted && !comment->is_internal.value_or(false)) {
    return no_permission(fmt::format("comment {} on issue {} is public now; private text is not put into it",
                                     wish.comment.value, ticket.value));
  }
  const std::string text = wrap(format(), wish.body, wish.attribution, wish.envelope);
  const Result<http::Response> response = send(http::Method::put, path, comment_template, what,
                                               comment_body(format(), text, std::nullopt, comment->visibility, false));
  if (!response) return std::unexpected(response.error());
  if (response->status != 200 || !web::is_json(*response)) return lost(*response, http::Method::put);
  const Result<JiraComment> made = read_comment(response->body);
  if (!made) return half_told(what);
  Receipt receipt;
  receipt.written = wish.comment;
  receipt.verified = same_text(format(), text, made->body);
  return receipt;
}

Result<Receipt> JiraAdapter::remove_comment(const NativeId& ticket, const RemoveComment& wish) {
  if (!is_number(wish.comment)) return fail(Fault::malformed, fmt::format("\"{}\" is no comment", wish.comment.value));
  const std::string what = fmt::format("removing comment {} of issue {}", wish.comment.value, ticket.value);
  const Result<http::Response> response =
      send(http::Method::del, fmt::format("/issue/{}/comment/{}", ticket.value, wish.comment.value), comment_template,
           what, {});
  if (!response) return std::unexpected(response.error());
  if (response->status != 204) {
    const Failure failure = refused(*response, http::Method::del, what);
    if (failure.fault != Fault::gone) return std::unexpected(failure);
  }
  Receipt receipt;
  receipt.written = wish.comment;
  receipt.verified = true;
  return receipt;
}

}  // namespace causeway::jira
