#include <fmt/format.h>

#include <algorithm>

#include "tests/fakes/jira/call.hpp"
#include "tests/fakes/jira/rich.hpp"

namespace causeway::fakes::jira {
namespace {

constexpr std::size_t property_max = 32'768;

/// Where a page begins and ends among `total`.
std::pair<std::size_t, std::size_t> span_of(std::size_t start, std::size_t most, std::size_t total) {
  const std::size_t from = std::min(start, total);
  return {from, std::min(from + most, total)};
}

}  // namespace

Refusal Jira::read_comment(const Call& call, const rapidjson::Value& body, const Issue& issue, Comment& comment) const {
  const rapidjson::Value* text = member(body, "body");
  std::string stored;
  if (text == nullptr || text->IsNull()) return {{}, {{"comment", "Comment body can not be empty!"}}};
  if (std::string problem = take_rich(state_, call.api, *text, stored); !problem.empty())
    return {{}, {{"comment", problem}}};
  if (stored.find_first_not_of(" \r\n\t") == std::string::npos)
    return {{}, {{"comment", "Comment body can not be empty!"}}};
  comment.body = std::move(stored);
  comment.issue = issue.id;
  comment.update_author = call.user->id;
  if (comment.author.empty()) comment.author = call.user->id;
  if (const rapidjson::Value* visibility = member(body, "visibility"); visibility != nullptr) {
    comment.visibility.reset();
    const auto* type = member(*visibility, "type");
    const auto* value = member(*visibility, "value");
    const auto* identifier = member(*visibility, "identifier");
    const Project& project = project_of(state_, issue);
    if (type != nullptr) {
      std::string name = value != nullptr        ? text_of(*value)
                         : identifier != nullptr ? text_of(*identifier)
                                                 : std::string{};
      for (const auto& [role, id] : project.role_ids) {
        if (value == nullptr && text_of(*type) == "role" && id == name) name = role;
      }
      // One can only restrict to what one belongs to oneself.
      const bool known = text_of(*type) == "role" ? in_role(project, name, *call.user)
                                                  : text_of(*type) == "group" && call.user->groups.contains(name);
      if (!known)
        return {
            {},
            {{"commentLevel", fmt::format("You are currently not a member of the {} '{}'.", text_of(*type), name)}}};
      comment.visibility = Visibility{text_of(*type), name};
    }
  }
  if (const rapidjson::Value* properties = member(body, "properties"); properties != nullptr && properties->IsArray()) {
    for (const auto& one : properties->GetArray()) {
      const auto* key = member(one, "key");
      const auto* value = member(one, "value");
      if (key == nullptr || value == nullptr) return {{"A property needs a key and a value."}, {}};
      comment.properties[text_of(*key)] = json_of(*value);
    }
  }
  return {};
}

Response Jira::comments_route(Call& call, Issue& issue) {
  const Shown shown = call.shown(state_);
  if (call.parts.size() > 3) {
    Comment* comment = visible_comment(call, issue, call.parts[3]);
    if (comment == nullptr)
      return message_answer(404, fmt::format("Can not find a comment for the id: {}.", call.parts[3]));
    return comment_route(call, issue, *comment);
  }
  const CommentExtras extras{call.expands("renderedBody"), call.expands("properties")};
  if (call.is("GET")) {
    std::vector<const Comment*> comments = visible_comments(shown, issue);
    if (call.asked("orderBy") == "-created") std::reverse(comments.begin(), comments.end());
    const std::size_t start = call.number("startAt", 0);
    // Cloud gives 100 at most unless asked for more (5000); Data Center gives all unless asked for fewer.
    const std::size_t most = call.number("maxResults", call.cloud(state_) ? 100 : 1'048'576);
    const auto [from, to] =
        span_of(start, std::min<std::size_t>(most, call.cloud(state_) ? 5000 : 1'048'576), comments.size());
    Out out;
    out.open().member("startAt", start).member("maxResults", most).member("total", comments.size());
    out.key("comments").open_list();
    for (std::size_t at = from; at < to; ++at) write_comment(out, shown, *comments[at], extras);
    out.close_list().close();
    return json_answer(200, out.take());
  }
  if (!call.is("POST")) return empty_answer(405);
  if (!may_write(state_, call.user, project_of(state_, issue))) return denied(call.user);
  if (issue.comments.size() >= state_.settings.limits.comments) {
    return message_answer(413, "The number of comments on this issue has reached its limit.");
  }
  Comment comment;
  if (Refusal wrong = read_comment(call, call.body, issue, comment); !wrong.empty()) return refused(400, wrong);
  const Number id = add_comment(issue, std::move(comment));
  Out out;
  write_comment(out, shown, state_.comments.at(id), extras);
  return json_answer(201, out.take());
}

Response Jira::comment_route(Call& call, Issue& issue, Comment& comment) {
  const Shown shown = call.shown(state_);
  const CommentExtras extras{call.expands("renderedBody"), call.expands("properties")};
  if (call.is("GET")) {
    Out out;
    write_comment(out, shown, comment, extras);
    return json_answer(200, out.take());
  }
  if (!may_write(state_, call.user, project_of(state_, issue))) return denied(call.user);
  const bool own = comment.author == call.user->id;
  if (!own && !call.user->admin) {
    return message_answer(400, "You do not have the permission to edit this comment.");
  }
  if (call.is("DELETE")) {
    erase_comment(issue, comment.id, call.user->id);
    return empty_answer(204);
  }
  if (!call.is("PUT")) return empty_answer(405);
  Comment with = comment;
  with.visibility.reset();  // a PUT replaces: what it leaves out is gone
  if (Refusal wrong = read_comment(call, call.body, issue, with); !wrong.empty()) return refused(400, wrong);
  with.updated = touch(issue);
  comment = std::move(with);
  changed(issue);
  tell({"comment_updated", "issue_comment_edited", call.user->id, &issue, &comment, nullptr});
  Out out;
  write_comment(out, shown, comment, extras);
  return json_answer(200, out.take());
}

Number Jira::add_comment(Issue& issue, Comment comment) {
  comment.id = ++state_.last_comment;
  comment.issue = issue.id;
  comment.created = comment.updated = touch(issue);
  const Number id = comment.id;
  const Comment& kept = state_.comments[id] = std::move(comment);
  issue.comments.push_back(id);
  changed(issue);
  tell({"comment_created", "issue_commented", kept.author, &issue, &kept, nullptr});
  return id;
}

void Jira::erase_comment(Issue& issue, Number id, const std::string& author) {
  const auto found = state_.comments.find(id);
  if (found == state_.comments.end()) return;
  const Comment gone = found->second;
  std::erase(issue.comments, id);
  state_.comments.erase(found);
  touch(issue);
  changed(issue);
  tell({"comment_deleted", "issue_comment_deleted", author, &issue, &gone, nullptr});
}

Response Jira::comment_list(Call& call) {
  const rapidjson::Value* ids = member(call.body, "ids");
  if (!call.cloud(state_) || !call.is("POST")) return message_answer(404, "");
  constexpr rapidjson::SizeType ids_max = 1000;
  if (ids == nullptr || !ids->IsArray() || ids->Empty() || ids->Size() > ids_max) {
    return message_answer(400, "Between 1 and 1000 ids have to be given.");
  }
  const Shown shown = call.shown(state_);
  Out list;
  list.open_list();
  std::size_t count = 0;
  for (const auto& id : ids->GetArray()) {
    const auto found = id.IsInt64() ? state_.comments.find(id.GetInt64()) : state_.comments.end();
    if (found == state_.comments.end()) continue;
    const Issue& issue = state_.issues.at(found->second.issue);
    if (!sees(state_, call.user, issue) || !sees(state_, call.user, issue, found->second)) continue;
    write_comment(list, shown, found->second, {call.expands("renderedBody"), call.expands("properties")});
    ++count;
  }
  list.close_list();
  Out out;
  out.open().member("maxResults", static_cast<Number>(ids_max)).member("startAt", 0).member("total", count);
  out.flag("isLast", true).key("values").raw(list.take()).close();
  return json_answer(200, out.take());
}

Response Jira::properties_route(Call& call, std::map<std::string, std::string>& properties, std::size_t at,
                                Issue& issue) {
  const std::string self = fmt::format("{}/{}", call.origin, call.path.substr(1));
  if (call.parts.size() == at) {
    Out out;
    out.open().key("keys").open_list();
    for (const auto& [key, json] : properties) {
      out.open().member("self", self + "/" + url_encoded(key)).member("key", key).close();
    }
    out.close_list().close();
    return json_answer(200, out.take());
  }
  const std::string& key = call.parts[at];
  const auto found = properties.find(key);
  if (call.is("GET")) {
    if (found == properties.end()) {
      return message_answer(404, fmt::format("The property with key '{}' does not exist.", key));
    }
    Out out;
    write_property(out, key, found->second);
    return json_answer(200, out.take());
  }
  if (!may_write(state_, call.user, project_of(state_, issue))) return denied(call.user);
  if (call.is("DELETE")) {
    if (found == properties.end()) return message_answer(404, "");
    properties.erase(found);
    return empty_answer(204);
  }
  if (call.request.body.empty() || call.bad_body) return message_answer(400, "The property value has to be JSON.");
  if (characters(call.request.body) > property_max) {
    return message_answer(400, "The property value cannot be longer than 32768 characters.");
  }
  constexpr std::size_t key_max = 255;
  if (characters(key) > key_max) return message_answer(400, "The property key cannot be longer than 255 characters.");
  const bool is_new = found == properties.end();
  properties[key] = json_of(call.body);
  Response response = json_answer(is_new ? 201 : 200, "");
  return response;
}

Response Jira::comment_properties_route(Call& call) {
  const auto id = as_number(call.parts[1]);
  const auto found = id ? state_.comments.find(*id) : state_.comments.end();
  if (found == state_.comments.end() || call.parts[2] != "properties") return message_answer(404, "");
  Issue& issue = state_.issues.at(found->second.issue);
  if (!sees(state_, call.user, issue) || !sees(state_, call.user, issue, found->second)) {
    return message_answer(404, fmt::format("Can not find a comment for the id: {}.", call.parts[1]));
  }
  return properties_route(call, found->second.properties, 3, issue);
}

Response Jira::links_route(Call& call, Issue& issue) {
  const Shown shown = call.shown(state_);
  const auto write = [&](Out& out, const RemoteLink& link) {
    rapidjson::Document kept;
    kept.Parse(link.json.c_str());
    out.open().member("id", link.id);
    out.member("self", fmt::format("{}/issue/{}/remotelink/{}", shown.base(), issue.key, link.id));
    if (!link.global_id.empty()) out.member("globalId", link.global_id);
    for (const auto& one : kept.GetObject()) out.key(one.name.GetString()).raw(json_of(one.value));
    out.close();
  };
  const auto find_link = [&](const std::string& global, const std::string& id) {
    return std::find_if(issue.links.begin(), issue.links.end(), [&](const RemoteLink& link) {
      return global.empty() ? std::to_string(link.id) == id : link.global_id == global;
    });
  };
  if (call.is("GET")) {
    Out out;
    const std::string global = call.asked("globalId");
    if (!global.empty() || call.parts.size() > 3) {
      const auto found = find_link(global, call.parts.size() > 3 ? call.parts[3] : std::string{});
      if (found == issue.links.end()) return message_answer(404, "No link was found.");
      write(out, *found);
      return json_answer(200, out.take());
    }
    out.open_list();
    for (const RemoteLink& link : issue.links) write(out, link);
    out.close_list();
    return json_answer(200, out.take());
  }
  if (!may_write(state_, call.user, project_of(state_, issue))) return denied(call.user);
  if (call.is("DELETE")) {
    const auto found = find_link(call.asked("globalId"), call.parts.size() > 3 ? call.parts[3] : std::string{});
    if (found == issue.links.end()) return message_answer(404, "No link was found.");
    issue.links.erase(found);
    return empty_answer(204);
  }
  const rapidjson::Value* object = member(call.body, "object");
  if (object == nullptr || member(*object, "url") == nullptr || member(*object, "title") == nullptr) {
    return refused(400, {{}, {{"title", "'title' is required."}, {"url", "'url' is required."}}});
  }
  RemoteLink link;
  if (const auto* global = member(call.body, "globalId"); global != nullptr) link.global_id = text_of(*global);
  Out kept;
  kept.open();
  for (const char* name : {"application", "relationship", "object"}) {
    // What an update leaves out is null from then on.
    if (const auto* value = member(call.body, name); value != nullptr) kept.key(name).raw(json_of(*value));
  }
  link.json = kept.close().take();
  const auto same = link.global_id.empty() ? issue.links.end() : find_link(link.global_id, {});
  const bool is_new = same == issue.links.end();
  if (is_new && issue.links.size() >= state_.settings.limits.remote_links) {
    return message_answer(413, "The number of remote links on this issue has reached its limit.");
  }
  link.id = is_new ? ++state_.last_link : same->id;
  const Number id = link.id;
  if (is_new) issue.links.push_back(std::move(link));
  else *same = std::move(link);
  Out out;
  out.open()
      .member("id", id)
      .member("self", fmt::format("{}/issue/{}/remotelink/{}", shown.base(), issue.key, id))
      .close();
  return json_answer(is_new ? 201 : 200, out.take());
}

}  // namespace causeway::fakes::jira
