#include "adapters/redmine/adapter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "adapters/redmine/envelope.hpp"

namespace causeway::redmine {
namespace {

constexpr std::size_t subject_characters_max = 255;
/// Redmine itself takes 10 MiB and more; MySQL's 16 MiB columns and proxies' limits set the bound.
constexpr std::size_t text_bytes_max = 8 * 1024 * 1024;
constexpr std::size_t writers_default = 4;

}  // namespace

std::optional<Number> number_of(const NativeId& id) {
  Number number = 0;
  const char* end = id.value.data() + id.value.size();
  const auto [stop, error] = std::from_chars(id.value.data(), end, number);
  if (error != std::errc{} || stop != end || number <= 0) return std::nullopt;
  return number;
}

RedmineAdapter::RedmineAdapter(RedmineOptions options, http::Transport& transport, http::Secret key, const Clock& clock)
    : options_(std::move(options)),
      client_(options_, transport, std::move(key)),
      clock_(clock),
      knowledge_(options_, client_, clock) {
  capabilities_.format = options_.format;
  capabilities_.title_characters_max = subject_characters_max;
  capabilities_.body_bytes_max = text_bytes_max;
  capabilities_.priority = true;
  capabilities_.labels = !field_name("labels").empty();
  capabilities_.milestone = true;
  capabilities_.twin_link = !field_name("twin").empty();
  capabilities_.private_comments = true;
  capabilities_.writes_are_blind = true;
  capabilities_.uploads = true;
  capabilities_.status_in_steps = true;
  capabilities_.writers_default = writers_default;
}

std::string RedmineAdapter::field_name(const std::string& ours) const {
  const auto found = options_.fields.find(ours);
  return found == options_.fields.end() ? std::string{} : found->second;
}

std::string RedmineAdapter::url_of(const NativeId& ticket) const {
  return fmt::format("{}/issues/{}", options_.url, ticket.value);
}

Result<Snapshot> RedmineAdapter::fetch(const TicketRef& ref) {
  const Instant observed = clock_.now();
  const Result<Issue> issue = read_now(ref.id);
  if (issue) return tell(*issue, observed);
  if (issue.error().fault != Fault::gone) return std::unexpected(issue.error());
  Snapshot snapshot;
  snapshot.ref = ref;
  snapshot.display_key = fmt::format("#{}", ref.id.value);
  snapshot.url = url_of(ref.id);
  snapshot.observed = observed;
  snapshot.gone = true;
  return snapshot;
}

Result<Issue> RedmineAdapter::read_now(const NativeId& ticket) {
  const auto number = number_of(ticket);
  if (!number) return fail(Fault::malformed, fmt::format("\"{}\" is no Redmine issue", ticket.value));
  const std::string what = fmt::format("reading issue {}", *number);
  const Result<http::Response> response =
      read(fmt::format("/issues/{}.json?include=journals,attachments,allowed_statuses", *number), "/issues/{id}");
  if (!response) return std::unexpected(response.error());
  if (response->status == 401 || response->status == 403 || response->status == 404 || response->status == 410) {
    return std::unexpected(not_shown(*response, what));
  }
  if (response->status != 200) return std::unexpected(failure_of(*response, http::Method::get, what));
  if (!is_json(*response)) {
    return fail(Fault::transient, fmt::format("{}: the answer is no JSON; something stands in between", what),
                Reach::tracker);
  }
  Result<Issue> issue = read_issue(response->body);
  if (!issue) return issue;
  // A visitor sees a public issue too, without its private notes and hidden fields: only a key that holds makes it a
  // reading.
  if (const auto account = knowledge_.account(); !account) return std::unexpected(account.error());
  const auto project = knowledge_.project();
  if (!project) return std::unexpected(project.error());
  if (issue->project.id != (*project)->named.id) {
    return fail(Fault::gone, fmt::format("issue {} is in another project now", *number));
  }
  if (!issue->journals) return fail(Fault::malformed, fmt::format("{}: no journals in the answer", what));
  knowledge_.saw_stamp(issue->updated);
  knowledge_.saw(*issue);
  return issue;
}

Result<http::Response> RedmineAdapter::read(std::string_view path, std::string_view path_template) {
  const Result<std::string> acting = knowledge_.acting_login();
  if (!acting) return std::unexpected(acting.error());
  return client_.get(path, path_template, *acting);
}

Failure RedmineAdapter::not_shown(const http::Response& response, std::string_view what) {
  knowledge_.doubt_account();
  if (const auto account = knowledge_.account(); !account) return account.error();
  const Failure failure = failure_of(response, http::Method::get, what);
  if (failure.fault == Fault::denied && failure.reach == Reach::tracker) return failure;
  knowledge_.doubt_project();
  if (const auto project = knowledge_.project(); !project) return project.error();
  return Failure{Fault::gone, Reach::ticket, failure.message, std::nullopt};
}

Result<Snapshot> RedmineAdapter::tell(const Issue& issue, Instant observed) {
  std::vector<Named> people{issue.author, issue.assignee};
  if (issue.journals) {
    for (const Journal& journal : *issue.journals) people.push_back(journal.user);
  }
  if (const auto met = knowledge_.meet(people); !met) return std::unexpected(met.error());
  Reading reading{options_.id, options_.url, options_.fields, knowledge_.logins(), observed};
  if (!issue.files.empty()) {
    const Result<User> account = knowledge_.acting_account();
    if (!account) return std::unexpected(account.error());
    reading.account = account->id;
  }
  return snapshot_of(issue, reading);
}

Result<void> RedmineAdapter::download(const Attachment& attachment, const std::function<bool(std::string_view)>& sink) {
  constexpr std::size_t piece = 64 * 1024;
  const Result<http::Response> response = client_.get_file(attachment.url);
  if (!response) return std::unexpected(response.error());
  const std::string what = fmt::format("downloading attachment {}", attachment.id.value);
  if (response->status != 200) return std::unexpected(failure_of(*response, http::Method::get, what));
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

}  // namespace causeway::redmine
