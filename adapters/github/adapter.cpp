#include "adapters/github/adapter.hpp"

#include <fmt/format.h>

#include <charconv>

#include "adapters/github/envelope.hpp"

namespace causeway::github {
namespace {

constexpr std::size_t title_characters_max = 256;
/// GitHub's own message says 65536 characters. It stores more in places, but says yes to longer edits and drops them.
constexpr std::size_t text_bytes_max = 65536;

/// Where people look at repositories: the API's own host but for github.com.
std::string site_of(std::string_view api) {
  if (api == "https://api.github.com") return "https://github.com";
  return std::string{web::origin_of(api)};
}

}  // namespace

std::optional<Number> number_of(const NativeId& id) {
  Number number = 0;
  const char* end = id.value.data() + id.value.size();
  const auto [stop, error] = std::from_chars(id.value.data(), end, number);
  if (error != std::errc{} || stop != end || number <= 0) return std::nullopt;
  return number;
}

GitHubAdapter::GitHubAdapter(GitHubOptions options, http::Transport& transport, Credential credential,
                             const Clock& clock)
    : options_(std::move(options)),
      clock_(clock),
      client_(options_, transport, std::move(credential), clock),
      knowledge_(options_, client_, clock) {
  capabilities_.format = markup::Format::github;
  capabilities_.title_characters_max = title_characters_max;
  capabilities_.body_bytes_max = text_bytes_max - envelope_bytes_max;
  capabilities_.labels = true;
  capabilities_.milestone = true;
  capabilities_.listing_lag = options_.listing_lag;
  capabilities_.listing_is_reading = true;
  capabilities_.writers_default =
      1;  // "make requests serially" (docs.github.com, "Best practices for using the REST API")
}

std::string GitHubAdapter::url_of(const NativeId& ticket) const {
  return fmt::format("{}/{}/issues/{}", site_of(options_.url), options_.repository, ticket.value);
}

Reading GitHubAdapter::reading(const Repository& repository, Instant observed) const {
  return {options_.id, url_of({}), repository.visibility, observed};
}

Failure GitHubAdapter::not_found(const http::Response& response, http::Method method, std::string_view what) {
  const Failure failure = failure_of(response, method, what, clock_.now());
  if (failure.fault != Fault::gone) return failure;
  const Result<Repository> repository = knowledge_.repository(std::chrono::seconds{0});
  if (!repository) return repository.error();
  if (!repository->has_issues) {
    return Failure{Fault::denied,
                   Reach::tracker,
                   fmt::format("{}: issues are turned off in the repository; turn them on in its settings", what),
                   {}};
  }
  return failure;
}

Failure GitHubAdapter::refused(const http::Response& response, http::Method method, std::string_view what) {
  if (response.status == 404 || response.status == 410) return not_found(response, method, what);
  if (response.status < 300) return not_json(method, what);
  return failure_of(response, method, what, clock_.now());
}

Result<Issue> GitHubAdapter::read_now(const NativeId& ticket) {
  const auto number = number_of(ticket);
  if (!number) return fail(Fault::malformed, fmt::format("\"{}\" is no GitHub issue", ticket.value));
  const std::string what = fmt::format("reading issue {}", *number);
  const Result<http::Response> response =
      client_.get(fmt::format("/issues/{}", *number), "/repos/{owner}/{repo}/issues/{issue_number}");
  if (!response) return std::unexpected(response.error());
  if (response->status != 200 || !web::is_json(*response)) {
    return std::unexpected(refused(*response, http::Method::get, what));
  }
  Result<Issue> issue = read_issue(response->body);
  if (!issue) return issue;
  if (issue->is_pull_request) return fail(Fault::gone, fmt::format("{} is a pull request", *number));
  if (issue->number != *number) return fail(Fault::gone, fmt::format("issue {} has moved to another place", *number));
  return issue;
}

Result<std::vector<IssueComment>> GitHubAdapter::comments_of(const NativeId& ticket, std::optional<Instant> since) {
  constexpr std::string_view path_template = "/repos/{owner}/{repo}/issues/{issue_number}/comments";
  const std::string what = fmt::format("reading the comments of issue {}", ticket.value);
  std::string path = fmt::format("/issues/{}/comments?per_page=100", ticket.value);
  if (since) path += fmt::format("&since={}", web::query_part(format_instant(*since)));
  std::vector<IssueComment> all;
  Result<http::Response> response = client_.get(path, path_template);
  while (true) {
    if (!response) return std::unexpected(response.error());
    if (response->status != 200 || !web::is_json(*response)) {
      return std::unexpected(refused(*response, http::Method::get, what));
    }
    Result<std::vector<IssueComment>> page = read_comments(response->body);
    if (!page) return page;
    std::move(page->begin(), page->end(), std::back_inserter(all));
    const auto links = links_of(response->header("Link"));
    const auto next = links.find("next");
    if (next == links.end()) return all;
    response = client_.follow(next->second, path_template);
  }
}

Result<Snapshot> GitHubAdapter::fetch(const TicketRef& ref) {
  const Instant observed = clock_.now();
  const auto gone = [&] {
    Snapshot snapshot;
    snapshot.ref = ref;
    snapshot.display_key = fmt::format("#{}", ref.id.value);
    snapshot.url = url_of(ref.id);
    snapshot.observed = observed;
    snapshot.gone = true;
    return snapshot;
  };
  const Result<Issue> issue = read_now(ref.id);
  if (!issue && issue.error().fault == Fault::gone) return gone();
  if (!issue) return std::unexpected(issue.error());
  const Result<Repository> repository = knowledge_.repository(options_.repository_age);
  if (!repository) return std::unexpected(repository.error());
  Snapshot snapshot = snapshot_of(*issue, reading(*repository, observed));
  snapshot.coverage = Coverage::all;
  if (issue->comments == 0) return snapshot;
  const Result<std::vector<IssueComment>> comments = comments_of(ref.id, std::nullopt);
  // Deleted or moved between the two requests.
  if (!comments && comments.error().fault == Fault::gone) return gone();
  if (!comments) return std::unexpected(comments.error());
  for (const IssueComment& comment : *comments)
    snapshot.comments.push_back(comment_of(comment, repository->visibility));
  snapshot.comment_count = snapshot.comments.size();
  return snapshot;
}

Result<void> GitHubAdapter::download(const Attachment& /*attachment*/,
                                     const std::function<bool(std::string_view)>& /*sink*/) {
  return fail(Fault::rejected, "GitHub's issues have no attachments: files are links in the text");
}

}  // namespace causeway::github
