#include "adapters/jira/adapter.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "adapters/jira/envelope.hpp"

namespace causeway::jira {
namespace {

constexpr std::size_t summary_characters_max = 255;
/// Jira's limit as it comes. What Cloud counts of a document is not said anywhere, so all of its JSON is.
constexpr std::size_t text_bytes_max = 32767;
constexpr std::size_t writers_default = 8;
constexpr std::int64_t comments_at_once = 100;
constexpr int looks_max = 3;
constexpr int comment_pages_max = 1000;

}  // namespace

bool is_number(const NativeId& id) {
  return !id.empty() &&
         std::all_of(id.value.begin(), id.value.end(), [](char digit) { return digit >= '0' && digit <= '9'; });
}

JiraAdapter::JiraAdapter(JiraOptions options, http::Transport& transport, Credential credential, const Clock& clock)
    : options_(std::move(options)),
      clock_(clock),
      client_(options_, transport, std::move(credential), clock),
      knowledge_(options_, client_, clock) {
  capabilities_.format = options_.deployment == Deployment::cloud ? markup::Format::adf : markup::Format::jira_wiki;
  capabilities_.title_characters_max = summary_characters_max;
  capabilities_.body_bytes_max = text_bytes_max - envelope_bytes_max;
  capabilities_.priority = true;
  capabilities_.labels = true;
  capabilities_.labels_without_blanks = true;
  capabilities_.milestone = true;
  capabilities_.twin_link = options_.remote_links || options_.fields.contains("twin");
  capabilities_.private_comments = options_.private_comments.kind != PrivateComments::Kind::none;
  capabilities_.uploads = true;
  capabilities_.status_in_steps = true;
  capabilities_.listing_lag = options_.listing_lag;
  capabilities_.listing_is_reading = true;
  capabilities_.writers_default = writers_default;
}

std::string JiraAdapter::url_of(const NativeId& ticket) const {
  const std::string& site = options_.site.empty() ? options_.url : options_.site;
  if (const auto key = knowledge_.key_of(ticket.value)) return fmt::format("{}/browse/{}", site, *key);
  return fmt::format("{}/issues/?jql=id%3D{}", site, ticket.value);
}

Result<Reading> JiraAdapter::reading(Instant observed) {
  const Result<Project> project = knowledge_.project();
  if (!project) return std::unexpected(project.error());
  const Result<User> account = knowledge_.account();
  if (!account) return std::unexpected(account.error());
  Result<std::map<std::string, std::string>> fields = knowledge_.condition_fields();
  if (!fields) return std::unexpected(fields.error());
  return Reading{options_.id,
                 format(),
                 options_.site.empty() ? options_.url : options_.site,
                 *std::move(fields),
                 project->is_service,
                 observed,
                 account->person.login};
}

Result<std::string> JiraAdapter::fields_wanted() {
  std::string wanted =
      "summary,description,status,priority,assignee,reporter,creator,labels,fixVersions,components,created,updated,"
      "security,project,issuetype,resolution,comment,attachment,archiveddate";
  const auto custom = knowledge_.condition_fields();
  if (!custom) return std::unexpected(custom.error());
  for (const auto& [name, id] : *custom) wanted += "," + id;
  return wanted;
}

Failure JiraAdapter::not_found(const http::Response& response, http::Method method, std::string_view what) {
  knowledge_.doubt_account();
  if (const auto account = knowledge_.account(); !account) return account.error();
  knowledge_.doubt_project();
  if (const auto project = knowledge_.project(); !project) return project.error();
  return client_.failure(response, method, what);
}

Failure JiraAdapter::refused(const http::Response& response, http::Method method, std::string_view what) {
  if (response.status < 300) return not_json(method, what);
  if (response.status == 404) {
    // A proxy's page says nothing of an issue.
    if (!response.body.empty() && !web::is_json(response)) return not_json(method, what);
    return not_found(response, method, what);
  }
  if (response.status != 403) return client_.failure(response, method, what);
  // Forbidden for this one request, or has everything been taken from us?
  const Failure failure = not_found(response, method, what);
  if (failure.reach == Reach::tracker || method == http::Method::get) return failure;
  return Failure{Fault::rejected, Reach::ticket, "permission: " + failure.message, std::nullopt};
}

Result<Issue> JiraAdapter::read_now(const NativeId& ticket, const std::string& query) {
  if (!is_number(ticket)) return fail(Fault::malformed, fmt::format("\"{}\" is no Jira issue", ticket.value));
  const std::string what = fmt::format("reading issue {}", ticket.value);
  const Result<http::Response> response =
      client_.get(fmt::format("/issue/{}?{}", ticket.value, query), "/issue/{issueIdOrKey}", what);
  if (!response) return std::unexpected(response.error());
  if (response->status != 200 || !web::is_json(*response)) {
    return std::unexpected(refused(*response, http::Method::get, what));
  }
  Result<Issue> issue = read_issue(response->body);
  if (!issue) return issue;
  if (const auto account = knowledge_.account(); !account) return std::unexpected(account.error());
  const Result<Project> project = knowledge_.project();
  if (!project) return std::unexpected(project.error());
  if (issue->project.id != project->id) {
    return fail(Fault::gone, fmt::format("issue {} is in another project now", ticket.value));
  }
  if (issue->archived) return fail(Fault::gone, fmt::format("issue {} is archived", ticket.value));
  if (issue->id != ticket.value) return fail(Fault::malformed, fmt::format("{}: another issue came", what));
  knowledge_.saw_key(issue->id, issue->key);
  return issue;
}

Result<std::vector<JiraComment>> JiraAdapter::comments_of(const NativeId& ticket) {
  if (!is_number(ticket)) return fail(Fault::malformed, fmt::format("\"{}\" is no Jira issue", ticket.value));
  const std::string what = fmt::format("reading the comments of issue {}", ticket.value);
  std::vector<JiraComment> all;
  std::set<std::string> ids;
  std::int64_t rows = 0;
  std::int64_t total = -1;
  int look = 0;
  const auto look_again = [&] {
    all.clear();
    ids.clear();
    rows = 0;
    total = -1;
    ++look;
  };
  for (int pages = 0; look < looks_max; ++pages) {
    if (pages == comment_pages_max) return fail(Fault::malformed, fmt::format("{}: they have no end", what));
    const Result<http::Response> response =
        client_.get(fmt::format("/issue/{}/comment?startAt={}&maxResults={}&orderBy=created&expand=properties",
                                ticket.value, rows, comments_at_once),
                    "/issue/{issueIdOrKey}/comment", what);
    if (!response) return std::unexpected(response.error());
    if (response->status != 200 || !web::is_json(*response)) {
      return std::unexpected(refused(*response, http::Method::get, what));
    }
    Result<CommentPage> page = read_comments(response->body);
    if (!page) return std::unexpected(page.error());
    if (total >= 0 && page->total < total) {
      // One was deleted between two pages: its successors moved up, and one of them was in neither.
      look_again();
      continue;
    }
    if (page->start != rows) return fail(Fault::malformed, fmt::format("{}: another page came", what));
    total = page->total;
    rows += static_cast<std::int64_t>(page->comments.size());
    for (JiraComment& comment : page->comments) {
      if (ids.insert(comment.id).second) all.push_back(std::move(comment));
    }
    if (!page->comments.empty() && rows < total) continue;
    const bool came_twice = static_cast<std::int64_t>(all.size()) < rows;
    if (!came_twice || static_cast<std::int64_t>(all.size()) >= total) return all;
    // They moved between two pages: where one came twice, another may have come in neither.
    look_again();
  }
  return fail(Fault::transient, fmt::format("{}: they change faster than they can be read", what));
}

Result<Snapshot> JiraAdapter::fetch(const TicketRef& ref) {
  const Instant observed = clock_.now();
  const auto gone = [&] {
    Snapshot snapshot;
    snapshot.ref = ref;
    snapshot.display_key = knowledge_.key_of(ref.id.value).value_or(ref.id.value);
    snapshot.url = url_of(ref.id);
    snapshot.observed = observed;
    snapshot.gone = true;
    return snapshot;
  };
  const Result<std::string> fields = fields_wanted();
  if (!fields) return std::unexpected(fields.error());
  const Result<Issue> issue = read_now(ref.id, fmt::format("fields={}&properties={}", *fields, marker_property));
  if (!issue && issue.error().fault == Fault::gone) return gone();
  if (!issue) return std::unexpected(issue.error());
  const Result<Reading> how = reading(observed);
  if (!how) return std::unexpected(how.error());
  Snapshot snapshot = snapshot_of(*issue, *how);
  std::vector<JiraComment> comments;
  if (shows_all_comments(*issue, *how)) {
    comments = issue->comments->comments;
  } else {
    Result<std::vector<JiraComment>> read = comments_of(ref.id);
    // Deleted or moved between the two requests.
    if (!read && read.error().fault == Fault::gone) return gone();
    if (!read) return std::unexpected(read.error());
    comments = *std::move(read);
  }
  for (const JiraComment& comment : comments) snapshot.comments.push_back(comment_of(comment, *issue, *how));
  snapshot.comment_count = snapshot.comments.size();
  snapshot.coverage = Coverage::all;
  return snapshot;
}

Result<void> JiraAdapter::download(const Attachment& attachment, const std::function<bool(std::string_view)>& sink) {
  constexpr std::size_t piece = 64 * 1024;
  constexpr std::string_view what = "downloading an attachment";
  if (!is_number(attachment.id)) return fail(Fault::malformed, "this is no attachment of Jira's");
  const bool cloud = options_.deployment == Deployment::cloud;
  Result<http::Response> response =
      cloud ? client_.get_file(fmt::format("{}/attachment/content/{}", client_.api(), attachment.id.value),
                               "/attachment/content/{id}")
            : client_.get_file(attachment.url, "/secure/attachment/{id}/{name}");
  if (!response) return std::unexpected(response.error());
  if (cloud && response->status >= 300 && response->status < 400) {
    // The file stands on another host, at an address that is signed for a moment. Our credential has no business there.
    const std::string location{response->header("Location")};
    if (web::origin_of(location).empty()) return fail(Fault::malformed, fmt::format("{}: it leads nowhere", what));
    response = client_.get_file(location, "/attachment/content/{id} (file)");
    if (!response) return std::unexpected(response.error());
  }
  const bool is_page = response->header("Content-Type").find("text/html") != std::string_view::npos;
  const bool login_page = !cloud && (response->status == 302 || (is_page && response->body.size() != attachment.bytes));
  if (login_page) {
    return fail(
        Fault::rejected,
        fmt::format("{}: this Jira shows files to browsers only, and answers our token with its login page", what));
  }
  if (response->status != 200) return std::unexpected(client_.failure(*response, http::Method::get, what));
  if (attachment.bytes != 0 && response->body.size() != attachment.bytes) {
    return fail(Fault::transient,
                fmt::format("{}: {} bytes came instead of {}", what, response->body.size(), attachment.bytes));
  }
  std::string_view rest = response->body;
  while (!rest.empty()) {
    const std::string_view part = rest.substr(0, piece);
    if (!sink(part)) return {};
    rest.remove_prefix(part.size());
  }
  return {};
}

}  // namespace causeway::jira
