#include "adapters/github/codec.hpp"

#include <fmt/format.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <charconv>

#include "adapters/github/envelope.hpp"

namespace causeway::github {
namespace {

std::unexpected<Failure> malformed(std::string_view what) {
  return fail(Fault::malformed, fmt::format("GitHub's answer is not what it should be: {}", what));
}

/// GitHub never sends half a document: something on the way did, and another try may bring the rest.
std::unexpected<Failure> cut() {
  return fail(Fault::transient, "GitHub's answer is cut off or no JSON; something stands in between", Reach::tracker);
}

/// Accounts that are gone are null in old answers and "ghost" in others; neither is a person that could be mapped.
Person read_person(const json::Value& object, std::string_view name) {
  constexpr std::string_view ghost = "ghost";
  const json::Value* user = json::member(object, name);
  const std::string login{user == nullptr ? std::string_view{} : json::text(*user, "login")};
  if (login.empty() || login == ghost) return {"", std::string{ghost}};
  return {login, login};
}

std::optional<Number> number_after(std::string_view url, std::string_view part) {
  const std::size_t at = url.rfind(part);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view rest = url.substr(at + part.size());
  Number number = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
  if (error != std::errc{} || number <= 0) return std::nullopt;
  return number;
}

Result<Issue> issue_from(const json::Value& object) {
  Issue issue;
  const auto number = json::integer(object, "number");
  const auto created = json::instant(object, "created_at");
  const auto updated = json::instant(object, "updated_at");
  if (!number || !created || !updated) return malformed("an issue without number, created_at or updated_at");
  issue.number = *number;
  issue.created = *created;
  issue.updated = *updated;
  issue.is_pull_request = json::member(object, "pull_request") != nullptr;
  issue.title = json::text(object, "title");
  issue.body = json::text(object, "body");
  issue.state = json::text(object, "state");
  if (issue.state != "open" && issue.state != "closed") return malformed("an issue that is neither open nor closed");
  issue.state_reason = json::text(object, "state_reason");
  issue.author = read_person(object, "user");
  if (const json::Value* assignees = json::array(object, "assignees")) {
    for (const json::Value& assignee : assignees->GetArray()) {
      if (const std::string_view login = json::text(assignee, "login"); !login.empty()) {
        issue.assignees.emplace_back(login);
      }
    }
  }
  if (const json::Value* labels = json::array(object, "labels")) {
    for (const json::Value& label : labels->GetArray()) {
      // The schema allows plain names as well.
      const std::string_view name =
          label.IsString() ? std::string_view{label.GetString(), label.GetStringLength()} : json::text(label, "name");
      if (!name.empty()) issue.labels.emplace_back(name);
    }
  }
  if (const json::Value* milestone = json::member(object, "milestone")) {
    issue.milestone = std::string{json::text(*milestone, "title")};
  }
  if (const json::Value* type = json::member(object, "type")) issue.type = json::text(*type, "name");
  issue.author_association = json::text(object, "author_association");
  issue.comments = static_cast<std::size_t>(std::max<Number>(0, json::integer(object, "comments").value_or(0)));
  issue.locked = json::boolean(object, "locked").value_or(false);
  issue.html_url = json::text(object, "html_url");
  return issue;
}

Result<IssueComment> comment_from(const json::Value& object) {
  IssueComment comment;
  const auto id = json::integer(object, "id");
  const auto created = json::instant(object, "created_at");
  const auto updated = json::instant(object, "updated_at");
  const auto issue = number_after(json::text(object, "issue_url"), "/issues/");
  if (!id || !created || !updated || !issue) {
    return malformed("a comment without id, issue_url, created_at or updated_at");
  }
  comment.id = *id;
  comment.issue = *issue;
  comment.created = *created;
  comment.updated = *updated;
  comment.is_on_pull_request = json::text(object, "html_url").find("/pull/") != std::string_view::npos;
  comment.is_minimized = json::member(object, "minimized") != nullptr;
  comment.author = read_person(object, "user");
  comment.body = json::text(object, "body");
  return comment;
}

template <class T>
Result<std::vector<T>> list_from(std::string_view body, Result<T> (*read)(const json::Value&)) {
  const auto document = json::parse(body);
  if (!document) return cut();
  if (!document->IsArray()) return malformed("no list");
  std::vector<T> list;
  list.reserve(document->Size());
  for (const json::Value& object : document->GetArray()) {
    Result<T> one = read(object);
    if (!one) return std::unexpected(one.error());
    list.push_back(*std::move(one));
  }
  return list;
}

template <class T>
Result<T> one_from(std::string_view body, Result<T> (*read)(const json::Value&)) {
  const auto document = json::parse(body);
  if (!document) return cut();
  return read(*document);
}

Result<Milestone> milestone_from(const json::Value& object) {
  const auto number = json::integer(object, "number");
  if (!number) return malformed("a milestone without number");
  return Milestone{*number, std::string{json::text(object, "title")}};
}

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

void write_text(Writer& writer, std::string_view text) {
  const std::string cleaned = json::clean(text);
  writer.String(cleaned.data(), static_cast<rapidjson::SizeType>(cleaned.size()));
}

void write_key(Writer& writer, std::string_view name) {
  writer.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
}

void write_member(Writer& writer, std::string_view name, const std::optional<std::string>& text) {
  if (!text) return;
  write_key(writer, name);
  write_text(writer, *text);
}

void write_member(Writer& writer, std::string_view name, const std::optional<std::vector<std::string>>& texts) {
  if (!texts) return;
  write_key(writer, name);
  writer.StartArray();
  for (const std::string& text : *texts) write_text(writer, text);
  writer.EndArray();
}

std::string finish(const rapidjson::StringBuffer& buffer) { return {buffer.GetString(), buffer.GetSize()}; }

/// Where the value of the `page` parameter stands in `url`: first letter and length.
std::optional<std::pair<std::size_t, std::size_t>> page_value(std::string_view url) {
  constexpr std::string_view name = "page=";
  std::size_t at = url.find('?');
  while (at != std::string_view::npos) {
    ++at;
    if (url.substr(at).starts_with(name)) {
      const std::size_t begin = at + name.size();
      return std::pair{begin, std::min(url.find('&', begin), url.size()) - begin};
    }
    at = url.find('&', at);
  }
  return std::nullopt;
}

}  // namespace

Result<Issue> read_issue(std::string_view body) { return one_from(body, issue_from); }
Result<std::vector<Issue>> read_issues(std::string_view body) { return list_from(body, issue_from); }
Result<IssueComment> read_comment(std::string_view body) { return one_from(body, comment_from); }
Result<std::vector<IssueComment>> read_comments(std::string_view body) { return list_from(body, comment_from); }
Result<std::vector<Milestone>> read_milestones(std::string_view body) { return list_from(body, milestone_from); }

Result<Repository> read_repository(std::string_view body) {
  const auto document = json::parse(body);
  if (!document) return cut();
  const auto id = json::integer(*document, "id");
  if (!id) return malformed("a repository without id");
  Repository repository;
  repository.id = *id;
  repository.full_name = json::text(*document, "full_name");
  const std::string_view visibility = json::text(*document, "visibility");
  const bool is_private = json::boolean(*document, "private").value_or(true);
  // "internal" is private too, but for a whole enterprise; old servers do not tell `visibility`.
  if (!is_private && (visibility.empty() || visibility == "public")) repository.visibility = Visibility::open;
  repository.has_issues = json::boolean(*document, "has_issues").value_or(true);
  repository.archived = json::boolean(*document, "archived").value_or(false);
  if (const json::Value* permissions = json::member(*document, "permissions"); permissions && permissions->IsObject()) {
    repository.permissions.emplace();
    for (const auto& permission : permissions->GetObject()) {
      if (permission.value.IsBool())
        (*repository.permissions)[permission.name.GetString()] = permission.value.GetBool();
    }
  }
  return repository;
}

Result<std::vector<std::string>> read_names(std::string_view body, std::string_view member) {
  const auto document = json::parse(body);
  if (!document) return cut();
  if (!document->IsArray()) return malformed("no list");
  std::vector<std::string> names;
  for (const json::Value& object : document->GetArray()) names.emplace_back(json::text(object, member));
  return names;
}

Result<std::string> read_name(std::string_view body, std::string_view member) {
  const auto document = json::parse(body);
  if (!document) return cut();
  const std::string_view name = json::text(*document, member);
  if (name.empty()) return malformed(fmt::format("no {}", member));
  return std::string{name};
}

Result<InstallationToken> read_token(std::string_view body) {
  const auto document = json::parse(body);
  if (!document) return cut();
  InstallationToken token;
  token.token = json::text(*document, "token");
  const auto expires = json::instant(*document, "expires_at");
  if (token.token.empty() || !expires) return malformed("an installation token without token or expires_at");
  token.expires = *expires;
  if (const json::Value* permissions = json::member(*document, "permissions"); permissions && permissions->IsObject()) {
    for (const auto& permission : permissions->GetObject()) {
      if (permission.value.IsString()) token.permissions[permission.name.GetString()] = permission.value.GetString();
    }
  }
  return token;
}

Result<RateLimit> read_rate_limit(std::string_view body) {
  const auto document = json::parse(body);
  if (!document) return cut();
  const json::Value* resources = json::member(*document, "resources");
  const json::Value* core = resources == nullptr ? nullptr : json::member(*resources, "core");
  if (core == nullptr) return malformed("a rate limit without core");
  const auto limit = json::integer(*core, "limit");
  const auto remaining = json::integer(*core, "remaining");
  const auto reset = json::integer(*core, "reset");
  if (!limit || !remaining || !reset) return malformed("a rate limit without limit, remaining or reset");
  return RateLimit{*limit, *remaining, Instant{std::chrono::seconds{*reset}}};
}

Refusal read_refusal(std::string_view body) {
  Refusal refusal;
  const auto document = json::parse(body);
  if (!document) return refusal;
  refusal.message = json::text(*document, "message");
  const json::Value* errors = json::array(*document, "errors");
  if (errors == nullptr) return refusal;
  for (const json::Value& error : errors->GetArray()) {
    if (error.IsString()) {
      refusal.errors.emplace_back(error.GetString(), error.GetStringLength());
      refusal.fields.emplace_back();
      continue;
    }
    std::string spelled;
    for (const char* part : {"resource", "field", "code", "message"}) {
      const std::string_view text = json::text(error, part);
      if (text.empty()) continue;
      if (!spelled.empty()) spelled += ": ";
      spelled += text;
    }
    refusal.errors.push_back(std::move(spelled));
    refusal.fields.emplace_back(json::text(error, "field"));
  }
  return refusal;
}

std::string issue_body(const IssueChange& change) {
  rapidjson::StringBuffer buffer;
  Writer writer{buffer};
  writer.StartObject();
  write_member(writer, "title", change.title);
  write_member(writer, "body", change.body);
  write_member(writer, "state", change.state);
  write_member(writer, "state_reason", change.state_reason);
  write_member(writer, "labels", change.labels);
  write_member(writer, "assignees", change.assignees);
  write_member(writer, "type", change.type);
  if (change.milestone) {
    writer.Key("milestone");
    if (*change.milestone == 0) {
      writer.Null();
    } else {
      writer.Int64(*change.milestone);
    }
  }
  writer.EndObject();
  return finish(buffer);
}

std::string comment_body(std::string_view text) {
  rapidjson::StringBuffer buffer;
  Writer writer{buffer};
  writer.StartObject();
  write_key(writer, "body");
  write_text(writer, text);
  writer.EndObject();
  return finish(buffer);
}

std::string labels_body(const std::vector<std::string>& labels) {
  rapidjson::StringBuffer buffer;
  Writer writer{buffer};
  writer.StartObject();
  write_member(writer, "labels", std::optional{labels});
  writer.EndObject();
  return finish(buffer);
}

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char left, char right) {
    return std::tolower(static_cast<unsigned char>(left)) == std::tolower(static_cast<unsigned char>(right));
  });
}

bool contains(const std::vector<std::string>& names, std::string_view wanted) {
  return std::any_of(names.begin(), names.end(), [&](const std::string& name) { return same_name(name, wanted); });
}

const std::vector<std::string>& status_words() {
  static const std::vector<std::string> words{"open", "closed", "closed:not_planned", "closed:duplicate"};
  return words;
}

std::string status_word(const Issue& issue) {
  if (issue.state == "open") return "open";
  const std::string word = fmt::format("closed:{}", issue.state_reason);
  const auto& words = status_words();
  return std::find(words.begin(), words.end(), word) != words.end() ? word : "closed";
}

std::optional<State> state_of(std::string_view word) {
  if (word == "open") return State{"open", ""};
  if (word == "closed") return State{"closed", "completed"};
  if (word == "closed:not_planned") return State{"closed", "not_planned"};
  if (word == "closed:duplicate") return State{"closed", "duplicate"};
  return std::nullopt;
}

std::map<std::string, std::string> links_of(std::string_view header) {
  std::map<std::string, std::string> links;
  while (true) {
    const std::size_t open = header.find('<');
    const std::size_t close = header.find('>', open == std::string_view::npos ? header.size() : open);
    if (close == std::string_view::npos) return links;
    const std::string_view url = header.substr(open + 1, close - open - 1);
    header.remove_prefix(close + 1);
    const std::string_view parameters = header.substr(0, header.find('<'));
    constexpr std::string_view name = "rel=\"";
    const std::size_t rel = parameters.find(name);
    if (rel == std::string_view::npos) continue;
    const std::string_view value = parameters.substr(rel + name.size());
    links.emplace(value.substr(0, value.find('"')), url);
  }
}

std::optional<Number> page_of(std::string_view url) {
  const auto place = page_value(url);
  if (!place) return std::nullopt;
  const std::string_view text = url.substr(place->first, place->second);
  Number page = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), page);
  if (error != std::errc{} || end != text.data() + text.size() || page <= 0) return std::nullopt;
  return page;
}

std::string with_page(std::string_view url, Number page) {
  std::string other{url};
  if (const auto place = page_value(url)) other.replace(place->first, place->second, std::to_string(page));
  return other;
}

Snapshot snapshot_of(const Issue& issue, const Reading& reading) {
  Snapshot snapshot;
  snapshot.ref = {reading.tracker, NativeId{std::to_string(issue.number)}};
  snapshot.display_key = fmt::format("#{}", issue.number);
  snapshot.url = fmt::format("{}{}", reading.url, issue.number);
  snapshot.created = issue.created;
  snapshot.updated = issue.updated;
  snapshot.observed = reading.observed;
  snapshot.author = issue.author;
  snapshot.locked = issue.locked;
  snapshot.coverage = Coverage::changed;
  snapshot.comment_count = issue.comments;
  Unwrapped body = unwrap(issue.body);
  snapshot.marker = std::move(body.marker);
  Ticket& ticket = snapshot.ticket;
  ticket.title = issue.title;
  ticket.body = std::move(body.text);
  ticket.status = status_word(issue);
  if (!issue.assignees.empty()) ticket.assignee = issue.assignees.front();
  ticket.milestone = issue.milestone;
  ticket.labels.insert(issue.labels.begin(), issue.labels.end());
  ticket.visibility = reading.visibility;
  if (!issue.type.empty()) ticket.fields["type"] = issue.type;
  if (!issue.author_association.empty()) ticket.fields["author_association"] = issue.author_association;
  return snapshot;
}

Comment comment_of(const IssueComment& comment, Visibility repository) {
  Comment told;
  Unwrapped body = unwrap(comment.body);
  told.id = NativeId{std::to_string(comment.id)};
  told.author = comment.author;
  if (!body.whose.empty()) told.author.display_name = std::move(body.whose);
  told.body = std::move(body.text);
  told.marker = std::move(body.marker);
  told.written = comment.created;
  told.visibility = comment.is_minimized ? Visibility::restricted : repository;
  return told;
}

}  // namespace causeway::github
