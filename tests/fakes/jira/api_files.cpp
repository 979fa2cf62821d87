/// Attachments: multipart up; down by way of another host (Cloud) or from under /secure (Data Center).
#include <fmt/format.h>

#include <algorithm>

#include "tests/fakes/jira/call.hpp"

namespace causeway::fakes::jira {
namespace {

struct Part {
  std::string name, file_name, content_type, content;
};

/// What a header's parameter says: `form-data; name="file"; filename="a.txt"`.
std::string parameter(std::string_view header, std::string_view name) {
  const std::string key = fmt::format("{}=", name);
  std::size_t at = 0;
  while ((at = header.find(key, at)) != std::string_view::npos) {
    const bool whole = at > 0 && (header[at - 1] == ' ' || header[at - 1] == ';');
    at += key.size();
    if (!whole) continue;
    if (at < header.size() && header[at] == '"') {
      std::string value;
      for (++at; at < header.size() && header[at] != '"'; ++at) {
        if (header[at] == '\\' && at + 1 < header.size()) ++at;
        value += header[at];
      }
      return value;
    }
    return std::string{header.substr(at, header.find(';', at) - at)};
  }
  return {};
}

std::vector<Part> parts_of(const Request& request) {
  std::vector<Part> parts;
  const std::string boundary = parameter(request.header("Content-Type"), "boundary");
  if (boundary.empty()) return parts;
  const std::string mark = "--" + boundary;
  std::string_view rest = request.body;
  std::size_t at = rest.find(mark);
  while (at != std::string_view::npos) {
    rest.remove_prefix(at + mark.size());
    if (!rest.starts_with("\r\n")) break;
    rest.remove_prefix(2);
    const std::size_t end = rest.find("\r\n" + mark);
    const std::size_t head_end = rest.find("\r\n\r\n");
    if (end == std::string_view::npos || head_end == std::string_view::npos || head_end > end) break;
    Part part;
    for (const std::string& line : split(rest.substr(0, head_end), '\n')) {
      std::string_view header = line;
      if (header.ends_with('\r')) header.remove_suffix(1);
      const std::size_t colon = std::min(header.find(':'), header.size());
      if (same_name(header.substr(0, colon), "Content-Disposition")) {
        part.name = parameter(header, "name");
        part.file_name = parameter(header, "filename");
      }
      if (same_name(header.substr(0, colon), "Content-Type"))
        part.content_type = split(header.substr(colon + 1), ';').front();
    }
    part.content = rest.substr(head_end + 4, end - head_end - 4);
    parts.push_back(std::move(part));
    rest.remove_prefix(end + 2);
    at = rest.find(mark);
  }
  return parts;
}

/// `bytes=0-99`: the first and the last byte; nullopt: the whole.
std::optional<std::pair<std::size_t, std::size_t>> range_of(std::string_view header, std::size_t size) {
  if (!header.starts_with("bytes=") || size == 0) return std::nullopt;
  header.remove_prefix(6);
  const std::size_t dash = header.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto from = as_number(header.substr(0, dash));
  const auto to = as_number(header.substr(dash + 1));
  if (!from || *from < 0 || static_cast<std::size_t>(*from) >= size) return std::nullopt;
  const std::size_t last = to && *to >= *from ? std::min(static_cast<std::size_t>(*to), size - 1) : size - 1;
  return std::pair{static_cast<std::size_t>(*from), last};
}

}  // namespace

Response Jira::upload(Call& call, Issue& issue) {
  // Without the header it looks like a forged form.
  if (call.request.header("X-Atlassian-Token") != "no-check") return message_answer(403, "XSRF check failed");
  if (!may_write(state_, call.user, project_of(state_, issue))) return denied(call.user);
  if (!call.request.header("Content-Type").starts_with("multipart/form-data")) return empty_answer(415);
  const std::vector<Part> parts = parts_of(call.request);
  constexpr std::size_t parts_max = 60;
  const auto files = std::count_if(parts.begin(), parts.end(), [](const Part& part) { return part.name == "file"; });
  if (files == 0 || parts.size() > parts_max) return message_answer(400, "No file was given in a part named 'file'.");
  if (issue.attachments.size() + static_cast<std::size_t>(files) > state_.settings.limits.attachments) {
    return message_answer(413, "The number of attachments on this issue has reached its limit.");
  }
  Out out;
  out.open_list();
  for (const Part& part : parts) {
    if (part.name != "file") continue;
    Attachment attachment;
    attachment.name = part.file_name;
    attachment.content_type = part.content_type.empty() ? "application/octet-stream" : part.content_type;
    attachment.content = part.content;
    attachment.author = call.user->id;
    const Number id = add_attachment(issue, std::move(attachment));
    write_attachment(out, call.shown(state_), state_.attachments.at(id));
  }
  out.close_list();
  return json_answer(200, out.take());
}

Number Jira::add_attachment(Issue& issue, Attachment attachment) {
  attachment.id = ++state_.last_attachment;
  attachment.issue = issue.id;
  attachment.created = now();
  const Number id = attachment.id;
  issue.attachments.push_back(id);
  const std::string name = attachment.name, author = attachment.author;
  state_.attachments[id] = std::move(attachment);
  record(issue, author, {{"Attachment", "attachment", std::nullopt, std::nullopt, std::to_string(id), name}});
  return id;
}

Response Jira::file_answer(Call& call, const Attachment& attachment) const {
  Response response{200, {{"Content-Type", attachment.content_type}}, attachment.content, false, {}, 0};
  response.headers.emplace_back("Content-Disposition",
                                fmt::format("attachment; filename*=UTF-8''{}", url_encoded(attachment.name)));
  if (const auto range = range_of(call.request.header("Range"), attachment.content.size())) {
    response.status = 206;
    response.body = attachment.content.substr(range->first, range->second - range->first + 1);
    response.headers.emplace_back(
        "Content-Range", fmt::format("bytes {}-{}/{}", range->first, range->second, attachment.content.size()));
  }
  return response;
}

Response Jira::attachment_route(Call& call) {
  const bool secure = call.at(0, "secure");
  const bool content = secure || call.at(1, "content");
  const std::size_t at = secure || content ? 2 : 1;
  const auto id = call.parts.size() > at ? as_number(call.parts[at]) : std::nullopt;
  const auto found = id ? state_.attachments.find(*id) : state_.attachments.end();
  const bool visible =
      found != state_.attachments.end() && sees(state_, call.user, state_.issues.at(found->second.issue));
  if (secure && state_.settings.downloads_need_cookie) {
    // Some versions know no token here and send whoever comes to the login page.
    Response response = empty_answer(302);
    response.headers.emplace_back("Location", call.origin + "/login.jsp?os_destination=" + url_encoded(call.path));
    return response;
  }
  if (!visible)
    return message_answer(404, "The attachment with id '" + (id ? std::to_string(*id) : "") + "' does not exist");
  const Attachment& attachment = found->second;
  if (secure) return file_answer(call, attachment);
  if (content) {
    if (!call.cloud(state_)) return message_answer(404, "");
    if (call.asked("redirect") == "false") return file_answer(call, attachment);
    Response response = empty_answer(303);
    response.headers.emplace_back(
        "Location",
        fmt::format("{}/file/{}/binary?token={:016x}&name={}", state_.settings.media_origin, attachment.id,
                    static_cast<std::uint64_t>(attachment.id) * 0x9E3779B97F4A7C15ULL, url_encoded(attachment.name)));
    return response;
  }
  if (call.is("DELETE")) {
    Issue& issue = state_.issues.at(attachment.issue);
    if (!may_write(state_, call.user, project_of(state_, issue))) return denied(call.user);
    const std::string name = attachment.name;
    std::erase(issue.attachments, *id);
    state_.attachments.erase(*id);
    record(issue, call.user->id, {{"Attachment", "attachment", std::to_string(*id), name, std::nullopt, std::nullopt}});
    return empty_answer(204);
  }
  Out out;
  const Shown shown = call.shown(state_);
  out.open().member("self", fmt::format("{}/attachment/{}", shown.base(), *id));
  // A number here, though a text everywhere else.
  if (shown.cloud()) out.member("id", *id);
  out.member("filename", attachment.name).key("author");
  write_user(out, shown, attachment.author);
  out.member("created", shown.time(attachment.created)).member("size", attachment.content.size());
  out.member("mimeType", attachment.content_type);
  out.member("content", shown.cloud() ? fmt::format("{}/attachment/content/{}", shown.base(), *id)
                                      : fmt::format("{}/secure/attachment/{}/{}", shown.origin, *id,
                                                    url_encoded(attachment.name)));
  out.close();
  return json_answer(200, out.take());
}

Response Jira::media_answer(Call& call) {
  // The address is signed; a credential of the site is none of this host's business.
  if (!call.request.header("Authorization").empty()) {
    ++leaks_;
    return message_answer(400, "Only one auth mechanism allowed");
  }
  const auto id = call.parts.size() > 1 ? as_number(call.parts[1]) : std::nullopt;
  const auto found = id ? state_.attachments.find(*id) : state_.attachments.end();
  const std::string token = fmt::format("{:016x}", id ? static_cast<std::uint64_t>(*id) * 0x9E3779B97F4A7C15ULL : 0);
  if (found == state_.attachments.end() || call.asked("token") != token) return message_answer(403, "Access denied");
  return file_answer(call, found->second);
}

}  // namespace causeway::fakes::jira
