/// Comments: of one issue, and of the whole repository.
#include <fmt/format.h>

#include <algorithm>

#include "tests/fakes/github/call.hpp"

namespace causeway::fakes::github {
namespace {

std::optional<Seconds> since_of(const Query& query, bool& bad) {
  const std::string* text = part(query, "since");
  if (text == nullptr || text->empty()) return std::nullopt;
  const auto instant = parse_instant(*text);
  bad = !instant;
  if (!instant) return std::nullopt;
  return std::chrono::ceil<std::chrono::seconds>(*instant).time_since_epoch().count();
}

/// The text of a comment that is to be written, or how GitHub refuses it.
std::optional<std::string> read_text(const rapidjson::Value& body, std::optional<Response>& refused) {
  const rapidjson::Value* text = member(body, "body");
  if (text == nullptr || text->IsNull()) {
    refused = wrong_type("\"body\" wasn't supplied.");
    return std::nullopt;
  }
  if (!text->IsString()) {
    refused = wrong_type("For 'properties/body', the value is not a string.");
    return std::nullopt;
  }
  std::string read = text_of(*text);
  if (read.find_first_not_of(" \t\r\n") == std::string::npos) {
    refused = invalid({{"IssueComment", "data", "unprocessable", "Body cannot be blank"}});
  } else if (read.size() > body_bytes_max) {
    refused = invalid({{"IssueComment", "data", "unprocessable", "Body is too long (maximum is 65536 characters)"}});
  }
  return read;
}

}  // namespace

Response GitHub::list_comments(Call& call, const Issue* issue) {
  const Repository& repository = *call.repository;
  bool bad = false;
  const auto since = since_of(call.query, bad);
  if (bad) return invalid({{"IssueComment", "since", "invalid"}});
  Page page = page_of(call.query);
  Out out;
  out.open_list();
  const Shown shown = call.shown(state_);
  const auto offer = [&](const Comment& comment) {
    if (since && comment.updated < *since) return;
    if (call.now < comment.listed_from) return;
    if (page.take()) write_comment(out, shown, repository, comment);
  };
  if (issue != nullptr) {
    for (const Number id : issue->comments) offer(repository.comments.at(id));
  } else {
    const std::string* sort = part(call.query, "sort");
    const std::string* direction = part(call.query, "direction");
    const bool falling = sort != nullptr && direction != nullptr && *direction == "desc";
    const auto walk = [&](auto begin, auto end, const auto& comment_of) {
      if (falling) {
        while (end != begin) offer(comment_of(*--end));
      } else {
        for (; begin != end; ++begin) offer(comment_of(*begin));
      }
    };
    if (sort != nullptr && *sort == "updated") {
      const auto& index = repository.comments_by_update;
      walk(since ? index.lower_bound({*since, 0}) : index.begin(), index.end(),
           [&](const auto& entry) -> const Comment& { return repository.comments.at(entry.second); });
    } else {
      walk(repository.comments.begin(), repository.comments.end(),
           [](const auto& entry) -> const Comment& { return entry.second; });
    }
  }
  out.close_list();
  return list_answer(call, page, out.take());
}

Response GitHub::create_comment(Call& call, Issue& issue) {
  if (call.app != 0 && call.access < Access::write) {
    return message_answer(403, "Resource not accessible by integration");
  }
  if (issue.locked && call.access < Access::triage) {
    return message_answer(403, "Unable to create comment because issue is locked.");
  }
  std::optional<Response> refused;
  const auto text = read_text(call.body, refused);
  if (refused) return *std::move(refused);
  const Comment& comment = add_comment(state_, *call.repository, issue, call.user, call.app, *text, call.now);
  Out out;
  write_comment(out, call.shown(state_), *call.repository, comment);
  return created(out.take(),
                 fmt::format("{}/repos/{}/issues/comments/{}", call.origin, call.repository->full_name(), comment.id));
}

Response GitHub::comment_route(Call& call, Number id) {
  Repository& repository = *call.repository;
  const std::string& method = call.request.method;
  const auto found = repository.comments.find(id);
  if (found == repository.comments.end()) return not_found();
  Comment& comment = found->second;
  if (method == "GET") {
    Out out;
    write_comment(out, call.shown(state_), repository, comment);
    Response response = json_answer(200, out.take());
    response.headers.emplace_back("Last-Modified", http_date(Instant{std::chrono::seconds{comment.updated}}));
    return response;
  }
  if (method != "PATCH" && method != "DELETE") return not_found();
  if (call.access < Access::write && comment.user != call.user) {
    return message_answer(
        403, call.app != 0 ? "Resource not accessible by integration" : "Must have admin rights to Repository.");
  }
  if (method == "DELETE") {
    drop_comment(repository, id);
    return empty_answer(204);
  }
  std::optional<Response> refused;
  const auto text = read_text(call.body, refused);
  if (refused) return *std::move(refused);
  set_comment(state_, repository, comment, *text, call.now);
  Out out;
  write_comment(out, call.shown(state_), repository, comment);
  return json_answer(200, out.take());
}

}  // namespace causeway::fakes::github
