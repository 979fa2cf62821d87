/// Reading lists of issues: changes, and looking for what carries a marker.
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "adapters/redmine/adapter.hpp"
#include "adapters/redmine/cursor.hpp"
#include "adapters/redmine/envelope.hpp"

namespace causeway::redmine {
namespace {

using namespace std::chrono_literals;

/// Redmine cuts anything larger.
constexpr std::size_t rows_max = 100;
/// How far a tracker's clock may be off when `find` looks at creation times.
constexpr auto clock_doubt = 24h;

std::string at_or_after(std::string_view field, const std::optional<Instant>& from) {
  return from ? fmt::format("&{}=%3E%3D{}", field, query_part(format_instant(*from))) : std::string{};
}

/// Filters whose names a Redmine does not know are ignored, and the answer is the whole list: that must not pass for an
/// answer.
std::unexpected<Failure> ignored(std::string_view filter) {
  return fail(Fault::malformed, fmt::format("Redmine's list of issues does not keep to the filter {}", filter),
              Reach::tracker);
}

}  // namespace

Result<IssuePage> RedmineAdapter::list(const std::string& filter, http::Response* answer) {
  Result<http::Response> response =
      read(fmt::format("/issues.json?project_id={}&subproject_id=%21%2A&status_id=%2A&limit={}{}",
                       query_part(options_.project), rows_max, filter),
           "/issues");
  if (!response) return std::unexpected(response.error());
  if (response->status != 200) {
    Failure failure = failure_of(*response, http::Method::get, "listing issues");
    if (response->status == 401 || response->status == 403 || response->status == 404) {
      failure = not_shown(*response, "listing issues");
      failure.fault = failure.fault == Fault::gone ? Fault::denied : failure.fault;
      failure.reach = Reach::tracker;
    }
    return std::unexpected(std::move(failure));
  }
  if (!is_json(*response)) {
    return fail(Fault::transient, "listing issues: the answer is no JSON; something stands in between", Reach::tracker);
  }
  Result<IssuePage> page = read_issues(response->body);
  if (!page) return page;
  if (answer != nullptr) *answer = *std::move(response);
  if (page->issues.empty()) {
    // Nothing was told, so nothing wrong can be believed; but the very first answer must prove that we are not a mere
    // visitor.
    if (knowledge_.account_known()) return page;
    if (const auto account = knowledge_.account(); !account) return std::unexpected(account.error());
    return page;
  }
  if (const auto account = knowledge_.account(); !account) return std::unexpected(account.error());
  const auto project = knowledge_.project();
  if (!project) return std::unexpected(project.error());
  for (const Issue& issue : page->issues) {
    if (issue.project.id != (*project)->named.id) return ignored("project_id");
    knowledge_.saw_stamp(issue.updated);
    knowledge_.saw(issue);
  }
  return page;
}

Result<ChangePage> RedmineAdapter::changes(const Cursor& since) {
  const Result<Place> place = decode_place(since);
  if (!place) return std::unexpected(place.error());
  if (place->walk) return changes_by_id(place->since, place->walk->watermark, place->walk->after);
  return changes_newest_first(since, place->since);
}

Result<ChangePage> RedmineAdapter::changes_newest_first(const Cursor& since, std::optional<Instant> from) {
  const Instant observed = clock_.now();
  const Instant tracker_time = knowledge_.tracker_time({});
  http::Response answer;
  const Result<IssuePage> page = list("&sort=updated_on%3Adesc%2Cid%3Adesc" + at_or_after("updated_on", from), &answer);
  if (!page) return std::unexpected(page.error());
  ChangePage changes;
  if (page->issues.empty()) {
    changes.watermark = since;
    return changes;
  }
  for (std::size_t row = 0; row < page->issues.size(); ++row) {
    const Issue& issue = page->issues[row];
    if (from && issue.updated < *from - 1s) return ignored("updated_on");
    if (row > 0 && page->issues[row - 1].updated < issue.updated) return ignored("sort");
  }
  const std::string_view date = answer.header("Date");
  const Instant start =
      next_start(from, page->issues.front().updated, date.empty() ? tracker_time : knowledge_.tracker_time(date));
  const Cursor watermark = encode(Place{start, std::nullopt});
  if (page->total > static_cast<std::int64_t>(page->issues.size())) {
    changes.then = encode(Place{from, Place::Walk{watermark.value, 0}});
    return changes;
  }
  for (auto issue = page->issues.rbegin(); issue != page->issues.rend(); ++issue) {
    Result<Snapshot> snapshot = tell(*issue, observed);
    if (!snapshot) return std::unexpected(snapshot.error());
    changes.tickets.push_back(*std::move(snapshot));
  }
  changes.watermark = watermark;
  return changes;
}

Result<ChangePage> RedmineAdapter::changes_by_id(std::optional<Instant> from, const std::string& watermark,
                                                 Number after) {
  const Instant observed = clock_.now();
  const Result<IssuePage> page =
      list(fmt::format("&sort=id%3Aasc&issue_id=%3E%3D{}{}", after + 1, at_or_after("updated_on", from)));
  if (!page) return std::unexpected(page.error());
  ChangePage changes;
  Number last = after;
  for (const Issue& issue : page->issues) {
    if (issue.id <= last) return ignored("issue_id");
    if (from && issue.updated < *from - 1s) return ignored("updated_on");
    last = issue.id;
    Result<Snapshot> snapshot = tell(issue, observed);
    if (!snapshot) return std::unexpected(snapshot.error());
    changes.tickets.push_back(*std::move(snapshot));
  }
  if (page->total > static_cast<std::int64_t>(page->issues.size()) && !page->issues.empty()) {
    changes.then = encode(Place{from, Place::Walk{watermark, last}});
  } else {
    changes.watermark = Cursor{watermark};
  }
  return changes;
}

Result<std::optional<Receipt>> RedmineAdapter::find(const TicketRef& near, const Marker& marker, Instant not_before) {
  if (near.id.empty()) return find_ticket(marker, not_before);
  const Result<Issue> issue = read_now(near.id);
  if (!issue) return std::unexpected(issue.error());
  for (const Journal& journal : *issue->journals) {
    if (unwrap(journal.notes).marker != marker) continue;
    Receipt receipt;
    receipt.written = NativeId{std::to_string(journal.id)};
    receipt.updated = issue->updated;
    return std::optional{std::move(receipt)};
  }
  return std::optional<Receipt>{};
}

/// Redmine copies issues at the press of a button, mark and all: the oldest that carries the mark is the one we made.
Result<std::optional<Receipt>> RedmineAdapter::find_ticket(const Marker& marker, Instant not_before) {
  const std::string created = at_or_after("created_on", not_before - clock_doubt);
  const Reading reading{options_.id, options_.url, options_.fields, nullptr, clock_.now()};
  std::optional<Receipt> oldest;
  Number below = std::numeric_limits<std::int32_t>::max();  // Redmine's ids are 32 bits wide
  while (true) {
    const Result<IssuePage> page = list(fmt::format("&sort=id%3Adesc&issue_id=%3C%3D{}{}", below, created));
    if (!page) return std::unexpected(page.error());
    for (const Issue& issue : page->issues) {
      if (issue.id > below) return ignored("issue_id");
      below = issue.id - 1;
      if (snapshot_of(issue, reading).marker != marker) continue;
      oldest.emplace();
      oldest->written = NativeId{std::to_string(issue.id)};
      oldest->created = issue.created;
      oldest->updated = issue.updated;
    }
    if (page->issues.empty() || page->total <= static_cast<std::int64_t>(page->issues.size())) {
      // "Not there" makes the engine create it again, so it must not be a visitor's view of the list.
      if (const auto account = knowledge_.account(); !account) return std::unexpected(account.error());
      return oldest;
    }
  }
}

}  // namespace causeway::redmine
