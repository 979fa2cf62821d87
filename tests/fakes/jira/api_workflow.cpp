#include <fmt/format.h>

#include <algorithm>

#include "tests/fakes/jira/call.hpp"

namespace causeway::fakes::jira {

Response Jira::transitions_route(Call& call, Issue& issue) {
  const Shown shown = call.shown(state_);
  const Project& project = project_of(state_, issue);
  if (call.is("GET")) {
    const std::string only = call.asked("transitionId");
    Out out;
    out.open().member("expand", "transitions").key("transitions").open_list();
    // Without the right to move the issue the list is empty, which is no error.
    for (const Transition* one : transitions_now(state_, call.user, issue)) {
      if (!only.empty() && one->id != only) continue;
      write_transition(out, shown, project, issue, *one, call.expands("transitions.fields"));
    }
    out.close_list().close();
    return json_answer(200, out.take());
  }
  if (!call.is("POST")) return empty_answer(405);
  const rapidjson::Value* wanted = member(call.body, "transition");
  const rapidjson::Value* id = wanted == nullptr ? nullptr : member(*wanted, "id");
  if (id == nullptr) return message_answer(400, "Missing 'transition' identifier");
  const std::vector<const Transition*> now = transitions_now(state_, call.user, issue);
  const auto found =
      std::find_if(now.begin(), now.end(), [&](const Transition* one) { return one->id == text_of(*id); });
  if (found == now.end()) {
    if (state_.settings.unknown_transition_is_500) return message_answer(500, "Internal server error");
    return message_answer(
        400, fmt::format("It seems that you have tried to perform a workflow operation ({}) that is not valid "
                         "for the current state of this issue. The likely cause is that somebody has changed "
                         "the issue recently, please look at the issue history for details.",
                         text_of(*id)));
  }
  // Conflicts are used up in the workflow itself.
  std::vector<Transition>& steps = state_.workflows.at(type_of(state_, issue).workflow);
  Transition& step = *std::find_if(steps.begin(), steps.end(), [&](const Transition& one) { return &one == *found; });
  if (step.conflicts > 0) {
    --step.conflicts;
    return message_answer(409, "The issue could not be transitioned due to a conflicting transition or update.");
  }
  Issue with = issue;
  Refusal refusal;
  std::vector<const rapidjson::Value*> wishes;
  const IssueChange change{state_, call.user, call.api, step.screen, {}, true};
  change.apply(call.body, with, wishes, refusal);
  if (!step.screen.empty() && refusal.errors.contains("resolution") && member(call.body, "fields") == nullptr) {
    refusal.errors["resolution"] = "Field Resolution is required";
  }
  if (!refusal.empty()) return refused(400, refusal);
  if (!step.validator.empty()) return message_answer(400, step.validator);
  std::vector<Comment> comments;
  for (const rapidjson::Value* wish : wishes) {
    Comment comment;
    if (Refusal wrong = read_comment(call, *wish, issue, comment); !wrong.empty()) return refused(400, wrong);
    comments.push_back(std::move(comment));
  }
  if (!step.to.empty()) with.status = step.to;
  if (step.clears_resolution) with.resolution.clear();
  replace(issue, std::move(with), call.user->id);
  for (Comment& comment : comments) add_comment(issue, std::move(comment));
  if (!step.sets.empty()) {
    // Post functions change more in the same step; listeners hear of it separately.
    Issue after = issue;
    for (const auto& [field, json] : step.sets) {
      if (field == "assignee") after.assignee = json == "null" ? std::string{} : json;
      else if (json == "null") after.custom.erase(field);
      else after.custom[field] = json;
    }
    replace(issue, std::move(after), call.user->id);
  }
  return empty_answer(204);
}

Response Jira::changelog_route(Call& call, const Issue& issue) {
  const Shown shown = call.shown(state_);
  constexpr std::size_t page_max = 100;
  const std::size_t start = call.number("startAt", 0);
  const std::size_t most = std::clamp<std::size_t>(call.number("maxResults", page_max), 1, page_max);
  const std::size_t end = std::min(start + most, issue.changes.size());
  Out out;
  out.open().member(
      "self", fmt::format("{}/issue/{}/changelog?maxResults={}&startAt={}", shown.base(), issue.key, most, start));
  if (end < issue.changes.size()) {
    out.member("nextPage",
               fmt::format("{}/issue/{}/changelog?maxResults={}&startAt={}", shown.base(), issue.key, most, end));
  }
  out.member("maxResults", most).member("startAt", start).member("total", issue.changes.size());
  out.flag("isLast", end >= issue.changes.size()).key("values").open_list();
  for (std::size_t at = start; at < end; ++at) write_change(out, shown, issue.changes[at]);
  out.close_list().close();
  return json_answer(200, out.take());
}

Response Jira::changelog_bulk(Call& call) {
  const Shown shown = call.shown(state_);
  const rapidjson::Value* ids = member(call.body, "issueIdsOrKeys");
  constexpr rapidjson::SizeType ids_max = 1000;
  if (ids == nullptr || !ids->IsArray() || ids->Empty() || ids->Size() > ids_max) {
    return message_answer(400, "Between 1 and 1000 issues have to be given.");
  }
  std::set<std::string> fields;
  if (const auto* wanted = member(call.body, "fieldIds"); wanted != nullptr && wanted->IsArray()) {
    for (const auto& one : wanted->GetArray()) fields.insert(text_of(one));
  }
  Out out;
  out.open().key("issueChangeLogs").open_list();
  for (const auto& id : ids->GetArray()) {
    const Issue* issue = visible_issue(call, text_of(id));
    if (issue == nullptr) continue;
    out.open().member("issueId", std::to_string(issue->id)).key("changeHistories").open_list();
    for (const Change& change : issue->changes) {
      const bool wanted =
          fields.empty() || std::any_of(change.items.begin(), change.items.end(),
                                        [&](const ChangeItem& item) { return fields.contains(item.field_id); });
      if (wanted) write_change(out, shown, change);
    }
    out.close_list().close();
  }
  out.close_list().close();
  return json_answer(200, out.take());
}

}  // namespace causeway::fakes::jira
