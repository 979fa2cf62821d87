/// Issues and comments of Jira's, told as tickets.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "adapters/jira/codec.hpp"
#include "adapters/jira/envelope.hpp"

namespace causeway::jira {

bool shows_all_comments(const Issue& issue, const Reading& reading) {
  if (!issue.comments) return false;
  if (issue.comments->total > static_cast<std::int64_t>(issue.comments->comments.size())) return false;
  if (!reading.is_service) return true;
  return std::all_of(issue.comments->comments.begin(), issue.comments->comments.end(),
                     [](const JiraComment& comment) { return comment.is_internal || comment.is_restricted; });
}

Comment comment_of(const JiraComment& comment, const Issue& issue, const Reading& reading) {
  Comment told;
  Unwrapped body = unwrap(reading.format, comment.body);
  told.id = NativeId{comment.id};
  told.author = comment.author;
  if (!body.whose.empty()) told.author.display_name = std::move(body.whose);
  told.body = std::move(body.text);
  told.marker = comment.marker ? comment.marker : std::move(body.marker);
  told.written = comment.created;
  // Where notes can be internal, one that does not tell is taken for internal.
  const bool internal = comment.is_internal.value_or(reading.is_service);
  const bool is_open = !comment.is_restricted && !internal && !issue.has_security;
  told.visibility = is_open ? Visibility::open : Visibility::restricted;
  return told;
}

Snapshot snapshot_of(const Issue& issue, const Reading& reading) {
  Snapshot snapshot;
  snapshot.ref = {reading.tracker, NativeId{issue.id}};
  snapshot.display_key = issue.key;
  snapshot.url = fmt::format("{}/browse/{}", reading.site, issue.key);
  snapshot.created = issue.created;
  snapshot.updated = issue.updated;
  snapshot.observed = reading.observed;
  snapshot.author = issue.author;
  snapshot.coverage = Coverage::changed;
  if (issue.comments)
    snapshot.comment_count = static_cast<std::size_t>(std::max<std::int64_t>(0, issue.comments->total));
  Unwrapped body = unwrap(reading.format, issue.description);
  snapshot.marker = issue.marker ? issue.marker : std::move(body.marker);
  Ticket& ticket = snapshot.ticket;
  ticket.title = issue.summary;
  ticket.body = std::move(body.text);
  ticket.status = issue.status.name;
  if (!issue.priority.empty()) ticket.priority = issue.priority;
  if (!issue.assignee.empty()) ticket.assignee = issue.assignee;
  if (!issue.versions.empty()) ticket.milestone = issue.versions.front();
  ticket.labels.insert(issue.labels.begin(), issue.labels.end());
  ticket.visibility = issue.has_security ? Visibility::restricted : Visibility::open;
  ticket.fields["type"] = issue.type;
  if (!issue.resolution.empty()) ticket.fields["resolution"] = issue.resolution;
  if (!issue.components.empty()) ticket.fields["components"] = fmt::format("{}", fmt::join(issue.components, ", "));
  for (const auto& [name, id] : reading.fields) {
    const auto value = issue.custom.find(id);
    if (value != issue.custom.end()) ticket.fields[name] = value->second;
  }
  for (const File& file : issue.files) {
    snapshot.attachments.push_back(file.attachment);
    snapshot.attachments.back().ours = !reading.account.empty() && file.author == reading.account;
  }
  return snapshot;
}

}  // namespace causeway::jira
