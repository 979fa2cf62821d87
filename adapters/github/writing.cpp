/// Writing to GitHub: one function per operation.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "adapters/github/adapter.hpp"
#include "adapters/github/envelope.hpp"
#include "agent/markup/convert.hpp"
#include "agent/model/suggest.hpp"

namespace causeway::github {
namespace {

constexpr std::size_t text_bytes_max = 65536;
constexpr std::size_t label_characters_max = 50;
constexpr std::string_view issues_template = "/repos/{owner}/{repo}/issues";
constexpr std::string_view issue_template = "/repos/{owner}/{repo}/issues/{issue_number}";
constexpr std::string_view labels_template = "/repos/{owner}/{repo}/issues/{issue_number}/labels";
constexpr std::string_view label_template = "/repos/{owner}/{repo}/issues/{issue_number}/labels/{name}";
constexpr std::string_view comments_template = "/repos/{owner}/{repo}/issues/{issue_number}/comments";
constexpr std::string_view comment_template = "/repos/{owner}/{repo}/issues/comments/{comment_id}";

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char letter) { return (static_cast<unsigned char>(letter) & 0xC0U) != 0x80U; }));
}

bool same_text(std::string_view asked, std::string_view shown) {
  return markup::canonical(markup::Format::github, json::clean(asked)) ==
         markup::canonical(markup::Format::github, shown);
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

Result<void> fits(std::string_view text, std::string_view what) {
  if (text.size() <= text_bytes_max) return {};
  return fail(Fault::rejected,
              fmt::format("{}: the text has {} bytes, and GitHub takes {}", what, text.size(), text_bytes_max));
}

std::unexpected<Failure> no_permission(std::string_view what) {
  return fail(Fault::rejected, fmt::format("permission: {}", what));
}

/// The write was done, but what it made could not be read.
std::unexpected<Failure> half_told(std::string_view what) {
  return fail(Fault::outcome_unknown, fmt::format("{}: it was done, but the answer did not come whole", what));
}

/// Names that GitHub can hold; the others become losses.
std::vector<std::string> possible_labels(const std::set<std::string>& labels, Receipt& receipt) {
  std::vector<std::string> possible;
  for (const std::string& label : labels) {
    if (characters(label) <= label_characters_max) {
      possible.push_back(label);
    } else {
      receipt.dropped_labels.insert(label);
      receipt.losses.push_back(
          fmt::format("label \"{}\": GitHub's labels have {} characters at most", label, label_characters_max));
    }
  }
  return possible;
}

void note_dropped_labels(const std::vector<std::string>& wanted, const std::vector<std::string>& shown,
                         Receipt& receipt) {
  for (const std::string& label : wanted) {
    if (contains(shown, label)) continue;
    receipt.dropped_labels.insert(label);
    receipt.losses.push_back(
        fmt::format("label \"{}\": GitHub dropped it; our account needs triage or push access", label));
  }
}

/// What the answer shows instead of what was asked for.
void note_dropped_people(const IssueChange& change, const Issue& issue, Receipt& receipt) {
  for (const std::string& login : change.assignees.value_or(std::vector<std::string>{})) {
    if (contains(issue.assignees, login)) continue;
    receipt.dropped.insert(Field::assignee);
    receipt.losses.push_back(fmt::format("assignee {}: GitHub did not assign them", login));
  }
}

}  // namespace

std::size_t GitHubAdapter::requests_for(const Operation& operation) const {
  const auto* edit = std::get_if<EditTicket>(&operation);
  if (edit == nullptr) return 1;
  return (edit->set.empty() ? 0U : 1U) + (edit->labels_add.empty() ? 0U : 1U) + edit->labels_remove.size();
}

Result<Receipt> GitHubAdapter::apply(const Intent& intent) {
  const Operation& operation = intent.write.operation();
  if (const auto* wish = std::get_if<CreateTicket>(&operation)) return create(*wish, intent.marker);
  if (!number_of(intent.target.id)) {
    return fail(Fault::malformed, fmt::format("\"{}\" is no GitHub issue", intent.target.id.value));
  }
  if (const auto* wish = std::get_if<EditTicket>(&operation)) return edit(intent.target.id, *wish);
  if (const auto* wish = std::get_if<AddComment>(&operation))
    return add_comment(intent.target.id, *wish, intent.marker);
  if (const auto* wish = std::get_if<EditComment>(&operation)) return edit_comment(*wish);
  return remove_comment(std::get<RemoveComment>(operation));
}

Result<void> GitHubAdapter::set_milestone(const std::optional<std::string>& title, IssueChange& change,
                                          Receipt& receipt) {
  if (!title) {
    change.milestone = 0;
    return {};
  }
  const Result<std::optional<Number>> number = knowledge_.milestone(*title);
  if (!number) return std::unexpected(number.error());
  if (*number) {
    change.milestone = *number;
  } else {
    receipt.dropped.insert(Field::milestone);
    receipt.losses.push_back(fmt::format("milestone \"{}\": the repository has none of that title", *title));
  }
  return {};
}

Result<Issue> GitHubAdapter::write_issue(http::Method method, const std::string& path, std::string_view path_template,
                                         IssueChange& change, std::string_view what, Receipt& receipt) {
  const bool creating = method == http::Method::post;
  while (true) {
    const Result<http::Response> response = client_.send(method, path, path_template, issue_body(change), creating);
    if (!response) return std::unexpected(response.error());
    if (response->status == (creating ? 201 : 200) && web::is_json(*response)) {
      const Result<Issue> issue = read_issue(response->body);
      if (!issue) return half_told(what);
      return issue;
    }
    const Refusal refusal = response->status == 422 ? read_refusal(response->body) : Refusal{};
    const auto names = [&](std::string_view field) {
      return std::any_of(refusal.fields.begin(), refusal.fields.end(),
                         [&](const std::string& named) { return named.starts_with(field); });
    };
    // A person who cannot be assigned, or a milestone that is gone, must not keep the words from arriving. A 422 has
    // done nothing.
    if (change.assignees && !change.assignees->empty() && names("assignee")) {
      receipt.losses.push_back(
          fmt::format("assignee {}: GitHub does not let them be assigned here", change.assignees->front()));
      receipt.dropped.insert(Field::assignee);
      change.assignees.reset();
    } else if (change.milestone && names("milestone")) {
      receipt.losses.emplace_back("milestone: GitHub does not know it any more");
      receipt.dropped.insert(Field::milestone);
      change.milestone.reset();
    } else {
      return std::unexpected(refused(*response, method, what));
    }
    if (change.empty()) return read_now(NativeId{path.substr(path.rfind('/') + 1)});
  }
}

Result<Receipt> GitHubAdapter::create(const CreateTicket& wish, const Marker& marker) {
  constexpr std::string_view what = "creating an issue";
  const Ticket& ticket = wish.ticket;
  Receipt receipt;
  if (ticket.visibility == Visibility::restricted) {
    const Result<Repository> repository = knowledge_.repository(std::chrono::seconds{0});
    if (!repository) return std::unexpected(repository.error());
    if (repository->visibility != Visibility::restricted) {
      return no_permission("a private ticket cannot be opened on GitHub: everybody can read the repository");
    }
  }
  IssueChange change;
  change.title = ticket.title;
  change.body = wrap(ticket.body, wish.attribution, marker);
  if (const auto small = fits(*change.body, what); !small) return std::unexpected(small.error());
  if (!ticket.labels.empty()) change.labels = possible_labels(ticket.labels, receipt);
  std::map<std::string, std::string> chosen = options_.create;
  for (const auto& [name, value] : ticket.fields) chosen[name] = value;
  for (const auto& [name, value] : chosen) {
    if (name == "type") {
      change.type = value;
    } else {
      receipt.losses.push_back(fmt::format("{}: GitHub takes no such value for a new issue", name));
    }
  }
  if (ticket.assignee) change.assignees = std::vector<std::string>{*ticket.assignee};
  if (ticket.milestone) {
    if (const auto set = set_milestone(ticket.milestone, change, receipt); !set) return std::unexpected(set.error());
  }
  const Result<Issue> made = write_issue(http::Method::post, "/issues", issues_template, change, what, receipt);
  if (!made) return std::unexpected(made.error());
  note_dropped_labels(change.labels.value_or(std::vector<std::string>{}), made->labels, receipt);
  note_dropped_people(change, *made, receipt);
  if (change.milestone && made->milestone != ticket.milestone) {
    receipt.dropped.insert(Field::milestone);
    receipt.losses.emplace_back("milestone: GitHub dropped it; our account needs triage or push access");
  }
  receipt.written = NativeId{std::to_string(made->number)};
  receipt.created = made->created;
  receipt.updated = made->updated;
  // Only what was asked for was made visible here, so this says as much as a reading would, but for the repository.
  receipt.shown = snapshot_of(*made, Reading{options_.id, url_of({}), ticket.visibility, clock_.now()}).ticket;
  receipt.verified = trimmed(made->title) == trimmed(json::clean(ticket.title)) && same_text(*change.body, made->body);
  return receipt;
}

Result<void> GitHubAdapter::add_labels(const NativeId& ticket, const std::set<std::string>& labels, Receipt& receipt) {
  const std::vector<std::string> wanted = possible_labels(labels, receipt);
  if (wanted.empty()) return {};
  const std::string what = fmt::format("adding labels to issue {}", ticket.value);
  const Result<http::Response> response = client_.send(
      http::Method::post, fmt::format("/issues/{}/labels", ticket.value), labels_template, labels_body(wanted));
  if (!response) return std::unexpected(response.error());
  if (response->status != 200 || !web::is_json(*response)) {
    return std::unexpected(refused(*response, http::Method::post, what));
  }
  const Result<std::vector<std::string>> shown = read_names(response->body, "name");
  if (!shown) return half_told(what);
  note_dropped_labels(wanted, *shown, receipt);
  return {};
}

Result<void> GitHubAdapter::remove_label(const NativeId& ticket, const std::string& label) {
  const std::string what = fmt::format("removing a label from issue {}", ticket.value);
  const Result<http::Response> response = client_.send(
      http::Method::del, fmt::format("/issues/{}/labels/{}", ticket.value, web::query_part(label)), label_template);
  if (!response) return std::unexpected(response.error());
  if (response->status == 200 || response->status == 204) return {};
  if (response->status == 404 && web::is_json(*response)) {
    if (read_refusal(response->body).message == "Label does not exist") return {};  // somebody else took it off
    const Result<Issue> issue = read_now(ticket);
    if (!issue) return std::unexpected(issue.error());
    if (!contains(issue->labels, label)) return {};
  }
  return std::unexpected(refused(*response, http::Method::del, what));
}

Result<Receipt> GitHubAdapter::edit(const NativeId& ticket, const EditTicket& wish) {
  const std::string what = fmt::format("changing issue {}", ticket.value);
  const std::string path = fmt::format("/issues/{}", ticket.value);
  Receipt receipt;
  IssueChange change;
  std::optional<State> state;
  for (const auto& [field, wanted] : wish.set) {
    switch (field) {
      case Field::title:
        change.title = wanted.value_or("");
        break;
      case Field::body:
        change.body = wish.attribution && wish.envelope ? wrap(wanted.value_or(""), *wish.attribution, *wish.envelope)
                                                        : wanted.value_or("");
        if (const auto small = fits(*change.body, what); !small) return std::unexpected(small.error());
        break;
      case Field::status:
        state = state_of(wanted.value_or(""));
        if (!state) {
          return fail(Fault::rejected, fmt::format("{}: GitHub has {}", what,
                                                   unknown_name("status", wanted.value_or(""), status_words())));
        }
        change.state = state->state;
        if (!state->reason.empty()) change.state_reason = state->reason;
        break;
      case Field::assignee:
        change.assignees.emplace();
        if (wanted) change.assignees->push_back(*wanted);
        break;
      case Field::milestone:
        if (const auto set = set_milestone(wanted, change, receipt); !set) return std::unexpected(set.error());
        break;
      case Field::priority:
        receipt.losses.emplace_back("priority: GitHub has none");
        break;
    }
  }
  if (wish.twin_url) receipt.losses.emplace_back("the link to the twin: GitHub has no place for it outside the text");

  // Labels one by one, so that what others add or remove meanwhile stays; the fields last, so that their answer shows
  // all.
  if (const auto added = add_labels(ticket, wish.labels_add, receipt); !added) return std::unexpected(added.error());
  for (const std::string& label : wish.labels_remove) {
    if (const auto removed = remove_label(ticket, label); !removed) return std::unexpected(removed.error());
  }
  receipt.verified = true;
  if (change.empty()) return receipt;

  Result<Issue> issue = write_issue(http::Method::patch, path, issue_template, change, what, receipt);
  if (!issue) return std::unexpected(issue.error());
  const auto has_state = [&] {
    return issue->state == state->state && (state->reason.empty() || status_word(*issue) == wish.set.at(Field::status));
  };
  if (state && issue->state == state->state && !has_state()) {
    // The reason of an issue that is closed already stays what it is: it is opened and closed again.
    IssueChange open;
    open.state = "open";
    IssueChange close;
    close.state = state->state;
    close.state_reason = state->reason;
    for (IssueChange* step : {&open, &close}) {
      issue = write_issue(http::Method::patch, path, issue_template, *step, what, receipt);
      if (!issue) return std::unexpected(issue.error());
    }
  }
  if (change.body && !same_text(*change.body, issue->body)) {
    return fail(Fault::rejected, fmt::format("{}: GitHub said yes but kept another text; it may be too long", what));
  }
  if (change.title && trimmed(json::clean(*change.title)) != trimmed(issue->title)) {
    return fail(Fault::rejected, fmt::format("{}: GitHub said yes but kept another title", what));
  }
  if (state && !has_state()) {
    return fail(Fault::rejected, fmt::format("{}: GitHub said yes but the issue is \"{}\"", what, status_word(*issue)));
  }
  note_dropped_people(change, *issue, receipt);
  if (change.milestone && issue->milestone != wish.set.at(Field::milestone)) {
    receipt.dropped.insert(Field::milestone);
    receipt.losses.emplace_back("milestone: GitHub dropped it; our account needs triage or push access");
  }
  receipt.updated = issue->updated;
  return receipt;
}

Result<Receipt> GitHubAdapter::add_comment(const NativeId& ticket, const AddComment& wish, const Marker& marker) {
  if (wish.visibility == Visibility::restricted) {
    return no_permission("GitHub cannot keep a comment private: whoever sees the issue reads it");
  }
  const std::string what = fmt::format("commenting on issue {}", ticket.value);
  const std::string text = wrap(wish.body, wish.attribution, marker);
  if (const auto small = fits(text, what); !small) return std::unexpected(small.error());
  const Result<http::Response> response =
      client_.send(http::Method::post, fmt::format("/issues/{}/comments", ticket.value), comments_template,
                   comment_body(text), true);
  if (!response) return std::unexpected(response.error());
  if (response->status != 201 || !web::is_json(*response)) {
    return std::unexpected(refused(*response, http::Method::post, what));
  }
  const Result<IssueComment> made = read_comment(response->body);
  if (!made) return half_told(what);
  Receipt receipt;
  receipt.written = NativeId{std::to_string(made->id)};
  receipt.verified = same_text(text, made->body);
  return receipt;
}

Result<Receipt> GitHubAdapter::edit_comment(const EditComment& wish) {
  if (wish.visibility == Visibility::restricted) {
    return no_permission("GitHub cannot keep a comment private: whoever sees the issue reads it");
  }
  if (!number_of(wish.comment)) return fail(Fault::malformed, fmt::format("\"{}\" is no comment", wish.comment.value));
  const std::string what = fmt::format("changing comment {}", wish.comment.value);
  const std::string text = wrap(wish.body, wish.attribution, wish.envelope);
  if (const auto small = fits(text, what); !small) return std::unexpected(small.error());
  const Result<http::Response> response =
      client_.send(http::Method::patch, fmt::format("/issues/comments/{}", wish.comment.value), comment_template,
                   comment_body(text));
  if (!response) return std::unexpected(response.error());
  if (response->status != 200 || !web::is_json(*response)) {
    Failure failure = refused(*response, http::Method::patch, what);
    if (failure.fault == Fault::gone) failure.fault = Fault::stale;
    return std::unexpected(std::move(failure));
  }
  const Result<IssueComment> made = read_comment(response->body);
  if (!made) return half_told(what);
  if (!same_text(text, made->body)) {
    return fail(Fault::rejected, fmt::format("{}: GitHub said yes but kept another text; it may be too long", what));
  }
  Receipt receipt;
  receipt.written = wish.comment;
  receipt.verified = true;
  return receipt;
}

Result<Receipt> GitHubAdapter::remove_comment(const RemoveComment& wish) {
  if (!number_of(wish.comment)) return fail(Fault::malformed, fmt::format("\"{}\" is no comment", wish.comment.value));
  const Result<http::Response> response =
      client_.send(http::Method::del, fmt::format("/issues/comments/{}", wish.comment.value), comment_template);
  if (!response) return std::unexpected(response.error());
  if (response->status != 204) {
    const Failure failure =
        refused(*response, http::Method::del, fmt::format("removing comment {}", wish.comment.value));
    if (failure.fault != Fault::gone) return std::unexpected(failure);
  }
  Receipt receipt;
  receipt.written = wish.comment;
  receipt.verified = true;
  return receipt;
}

}  // namespace causeway::github
