/// The bodies that Jira sends to listeners, as captured ones show them: texts are wiki markup and addresses say
/// /rest/api/2 on Cloud too.
#include <fmt/format.h>

#include "tests/fakes/jira/call.hpp"

namespace causeway::fakes::jira {
namespace {

/// What Cloud sends of the issue with a comment's event.
const FieldChoice& reduced() {
  static const FieldChoice choice{{"summary", "issuetype", "project", "assignee", "priority", "status"}};
  return choice;
}

void write_issue(Out& out, const Shown& shown, const Issue& issue, const FieldChoice& choice,
                 std::size_t comments_max) {
  out.open().member("id", std::to_string(issue.id)).member("self", fmt::format("{}/issue/{}", shown.base(), issue.id));
  out.member("key", issue.key).key("fields");
  write_fields(out, shown, issue, choice, comments_max);
  out.close();
}

void write_changelog(Out& out, const Shown& shown, const Change& change) {
  Out history;
  write_change(history, shown, change);
  rapidjson::Document whole;
  whole.Parse(history.take().c_str());
  out.open().member("id", std::to_string(change.id)).key("items").raw(json_of(whole["items"])).close();
}

}  // namespace

void Jira::tell(const Event& event) {
  if (!state_.settings.webhooks || event.issue == nullptr) return;
  const bool cloud = state_.settings.deployment == Deployment::cloud;
  // Listeners see what the one who did it sees.
  const Shown shown{state_, origin_, find_user(state_, event.user), 2};
  static const FieldChoice everything{{"*all"}};
  const auto send = [&](const std::string& name, const std::function<void(Out&)>& rest) {
    Out out;
    out.open().member("timestamp", now()).member("webhookEvent", name);
    rest(out);
    out.close();
    ++webhooks_made_;
    const std::string id = fmt::format("{:08x}-0000-4000-8000-{:012x}", webhooks_made_, webhooks_made_);
    Webhook webhook{name,
                    {{"Content-Type", "application/json; charset=utf-8"}, {"X-Atlassian-Webhook-Identifier", id}},
                    out.take()};
    if (cloud) webhook.headers.emplace_back("X-Atlassian-Webhook-Flow", "Primary");
    webhooks_.push_back(std::move(webhook));
  };
  const auto issue_event = [&](const std::string& name) {
    send(name, [&](Out& out) {
      if (!event.type_name.empty()) out.member("issue_event_type_name", event.type_name);
      out.key("user");
      write_user(out, shown, event.user);
      out.key("issue");
      constexpr std::size_t comments_max = 1000;
      write_issue(out, shown, *event.issue, everything, comments_max);
      if (event.comment != nullptr) {
        out.key("comment");
        write_comment(out, shown, *event.comment);
      }
      if (event.change != nullptr) {
        out.key("changelog");
        write_changelog(out, shown, *event.change);
      }
    });
  };
  if (event.comment == nullptr) return issue_event(event.event);
  send(event.event, [&](Out& out) {
    out.key("comment");
    write_comment(out, shown, *event.comment);
    if (!cloud) return;  // Data Center says nothing of the issue here
    out.key("issue");
    write_issue(out, shown, *event.issue, reduced(), 0);
  });
  // One comment, two events.
  issue_event("jira:issue_updated");
}

std::vector<Webhook> Jira::webhooks() {
  const std::scoped_lock lock{mutex_};
  std::vector<Webhook> taken{std::make_move_iterator(webhooks_.begin()), std::make_move_iterator(webhooks_.end())};
  webhooks_.clear();
  return taken;
}

}  // namespace causeway::fakes::jira
