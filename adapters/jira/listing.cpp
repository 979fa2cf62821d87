/// Reading searches: changes, and looking for what carries a marker.
#include <fmt/format.h>

#include <algorithm>

#include "adapters/jira/adapter.hpp"
#include "adapters/jira/envelope.hpp"

namespace causeway::jira {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t rows_max = 100;
/// How far our clock may be from Jira's, where an answer does not tell its time.
constexpr auto clock_doubt = 300s;
/// The same for what `find` looks for: a miss makes the engine create it again.
constexpr auto clock_doubt_of_find = 24h;
/// More pages than this are no listing of one project.
constexpr std::int64_t pages_max = 1'000'000;

constexpr std::string_view order = "ORDER BY updated ASC, key ASC";

/// "Mon, 23 Nov 2026 02:34:33 GMT"
std::optional<Instant> parse_http_date(std::string_view text) {
  constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
  if (text.size() != 29 || !text.ends_with(" GMT")) return std::nullopt;
  const std::size_t month = months.find(text.substr(8, 3));
  if (month == std::string_view::npos || month % 3 != 0) return std::nullopt;
  return parse_instant(
      fmt::format("{}-{:02}-{}T{}Z", text.substr(12, 4), month / 3 + 1, text.substr(5, 2), text.substr(17, 8)));
}

/// Milliseconds since 1970: texts would be read in the time zone of our account's profile.
std::string jql_time(Instant instant) { return std::to_string(instant.time_since_epoch().count()); }

std::string changed_since(const std::optional<Instant>& from) {
  return from ? fmt::format("updated >= {}", jql_time(*from)) : std::string{};
}

std::optional<Instant> later(const std::optional<Instant>& a, const std::optional<Instant>& b) {
  if (!a) return b;
  return b ? std::max(*a, *b) : a;
}

}  // namespace

std::string JiraAdapter::jql(std::string_view condition) const {
  return fmt::format("project = {}{}{} {}", jql_text(options_.project), condition.empty() ? "" : " AND ", condition,
                     order);
}

Result<JiraAdapter::Listed> JiraAdapter::search(const std::string& jql, const std::string& fields, std::int64_t offset,
                                                const std::string& token) {
  constexpr std::string_view what = "listing issues";
  const bool cloud = options_.deployment == Deployment::cloud;
  const Instant before = clock_.now();
  std::string path = fmt::format("{}?jql={}&fields={}&maxResults={}", cloud ? "/search/jql" : "/search",
                                 web::query_part(jql), fields, rows_max);
  if (cloud) {
    path += fmt::format("&properties={}", marker_property);
    if (!token.empty()) path += fmt::format("&nextPageToken={}", web::query_part(token));
  } else {
    path += fmt::format("&startAt={}", offset);
  }
  const Result<http::Response> response = client_.get(path, cloud ? "/search/jql" : "/search", what);
  if (!response) return std::unexpected(response.error());
  if (response->status != 200) {
    Failure failure = client_.failure(*response, http::Method::get, what);
    if (response->status == 400 || response->status == 403 || response->status == 404) {
      // A project that the account may not see is to JQL one that does not exist.
      failure = not_found(*response, http::Method::get, what);
      if (failure.fault == Fault::gone) failure.fault = Fault::denied;
    }
    failure.reach = Reach::tracker;
    return std::unexpected(std::move(failure));
  }
  if (!web::is_json(*response)) return std::unexpected(not_json(http::Method::get, what));
  Result<IssuePage> page = read_issues(response->body);
  if (!page) return std::unexpected(page.error());
  // A visitor of a public project is served too, and any visitor gets an empty list.
  if (const auto account = knowledge_.account(); !account) return std::unexpected(account.error());
  const auto date = parse_http_date(response->header("Date"));
  return Listed{*std::move(page), date ? *date : before - clock_doubt};
}

/// The page's rows, each with all of its comments.
Result<void> JiraAdapter::take(const IssuePage& rows, Place::Walk& walk, ChangePage& page) {
  if (rows.issues.empty()) return {};
  const Result<Project> project = knowledge_.project();
  if (!project) return std::unexpected(project.error());
  // The index may still show what was before a write of ours that long ago.
  const Result<Reading> how = reading(clock_.now() - options_.listing_lag);
  if (!how) return std::unexpected(how.error());
  for (const Issue& issue : rows.issues) {
    walk.newest = later(walk.newest, issue.updated);
    // The index still lists what has moved away meanwhile.
    if (issue.project.id != project->id || issue.archived) continue;
    knowledge_.saw_key(issue.id, issue.key);
    Snapshot snapshot = snapshot_of(issue, *how);
    std::vector<JiraComment> comments;
    if (shows_all_comments(issue, *how)) {
      comments = issue.comments->comments;
    } else {
      // Cloud shows some comments only, and Data Center does not tell which of a service project's are internal.
      Result<std::vector<JiraComment>> read = comments_of(snapshot.ref.id);
      if (!read && read.error().fault == Fault::gone) continue;  // deleted or moved between the two requests
      if (!read) return std::unexpected(read.error());
      comments = *std::move(read);
      snapshot.comment_count = comments.size();
    }
    for (const JiraComment& comment : comments) {
      page.comments.push_back({snapshot.ref, comment_of(comment, issue, *how)});
    }
    page.tickets.push_back(std::move(snapshot));
  }
  return {};
}

Result<ChangePage> JiraAdapter::changes(const Cursor& since) {
  if (const auto may = client_.may_begin(); !may) return std::unexpected(may.error());
  const Result<Place> place = decode_place(since);
  if (!place) return std::unexpected(place.error());
  if (place->walk && place->walk->pages > pages_max) {
    return fail(Fault::malformed, "Jira's list of issues has no end", Reach::tracker);
  }
  return options_.deployment == Deployment::cloud ? walk_by_token(*place) : walk_by_stamp(*place);
}

namespace {

/// The round's last page: where the next round begins.
void finish_round(const Place& place, const Place::Walk& walk, std::chrono::seconds listing_lag, ChangePage& page) {
  Place next;
  next.since = place.since;
  if (walk.newest) next.since = next_start(place.since, *walk.newest, walk.started, listing_lag);
  page.watermark = encode(next);
}

}  // namespace

Result<ChangePage> JiraAdapter::walk_by_token(const Place& place) {
  Place next = place;
  if (!next.walk) next.walk.emplace();
  Place::Walk& walk = *next.walk;
  const Result<std::string> fields = fields_wanted();
  if (!fields) return std::unexpected(fields.error());
  const std::optional<Instant> from = walk.from ? walk.from : place.since;
  const std::string asked = walk.token;
  /// A token that is no use: go on at the last stamp seen, without one.
  const auto begin_anew = [&] {
    if (!walk.newest || (from && minute_of(*walk.newest) <= *from)) return false;
    walk.from = minute_of(*walk.newest);
    walk.token.clear();
    return true;
  };
  const Result<Listed> listed = search(jql(changed_since(from)), *fields, 0, asked);
  ChangePage page;
  if (!listed) {
    // Tokens live for a week at most, and not through every restart of Jira's.
    if (asked.empty() || listed.error().fault != Fault::rejected || !begin_anew()) {
      return std::unexpected(listed.error());
    }
    ++walk.pages;
    page.then = encode(next);
    return page;
  }
  if (!place.walk) walk.started = listed->tracker_time;
  ++walk.pages;
  if (const auto taken = take(listed->page, walk, page); !taken) return std::unexpected(taken.error());
  walk.token = listed->page.next;
  if (walk.token.empty()) {
    finish_round(place, walk, options_.listing_lag, page);
    return page;
  }
  if (walk.token == asked && !begin_anew()) {
    return fail(Fault::malformed, "Jira's list of issues goes round in circles: a page names itself as the next one",
                Reach::tracker);
  }
  page.then = encode(next);
  return page;
}

Result<ChangePage> JiraAdapter::walk_by_stamp(const Place& place) {
  Place next = place;
  if (!next.walk) next.walk.emplace();
  Place::Walk& walk = *next.walk;
  const Result<std::string> fields = fields_wanted();
  if (!fields) return std::unexpected(fields.error());
  const std::optional<Instant> from = walk.from ? walk.from : place.since;
  std::string condition = changed_since(from);
  if (walk.one_minute) condition += fmt::format(" AND updated < {}", jql_time(*from + 1min));
  const Result<Listed> listed = search(jql(condition), *fields, walk.offset, {});
  if (!listed) return std::unexpected(listed.error());
  if (!place.walk) walk.started = listed->tracker_time;
  ++walk.pages;
  ChangePage page;
  if (const auto taken = take(listed->page, walk, page); !taken) return std::unexpected(taken.error());
  const std::vector<Issue>& rows = listed->page.issues;
  const auto count = static_cast<std::int64_t>(rows.size());
  const std::int64_t total = listed->page.total.value_or(count);
  if (walk.one_minute) {
    // What changes leaves this minute, and what stood behind it moves up by as many rows.
    const std::int64_t left = std::max<std::int64_t>(0, walk.total - total);
    walk.total = total;
    walk.offset = left > 0 ? std::max<std::int64_t>(0, walk.offset - left) : walk.offset + count;
    if (left > 0 || (count > 0 && walk.offset < total)) {
      page.then = encode(next);
      return page;
    }
    walk.from = *from + 1min;
    walk.one_minute = false;
    walk.offset = walk.total = 0;
    page.then = encode(next);
    return page;
  }
  if (count == 0 || total <= count) {
    finish_round(place, walk, options_.listing_lag, page);
    return page;
  }
  const Instant last = minute_of(rows.back().updated);
  if (from && last <= *from) {
    walk.one_minute = true;
    walk.offset = walk.total = 0;
    walk.from = *from;
  } else {
    walk.from = last;
  }
  page.then = encode(next);
  return page;
}

Result<std::optional<Receipt>> JiraAdapter::find(const TicketRef& near, const Marker& marker, Instant not_before) {
  if (near.id.empty()) return find_ticket(marker, not_before);
  const Result<std::vector<JiraComment>> comments = comments_of(near.id);
  if (!comments) return std::unexpected(comments.error());
  if (const auto account = knowledge_.account(); !account) return std::unexpected(account.error());
  for (const JiraComment& comment : *comments) {
    if (comment.marker != marker && unwrap(format(), comment.body).marker != marker) continue;
    Receipt receipt;
    receipt.written = NativeId{comment.id};
    return std::optional{std::move(receipt)};
  }
  return std::optional<Receipt>{};
}

/// People clone issues, text and all: the oldest that carries the mark is the one we made.
Result<std::optional<Receipt>> JiraAdapter::find_ticket(const Marker& marker, Instant not_before) {
  const bool cloud = options_.deployment == Deployment::cloud;
  Instant from = minute_of(not_before - clock_doubt_of_find);
  std::optional<Receipt> oldest;
  std::string token;
  std::int64_t offset = 0, total = 0;
  for (std::int64_t pages = 0; pages < pages_max; ++pages) {
    // By creation: no row moves, whatever is changed meanwhile.
    const Result<Listed> listed = search(fmt::format("project = {} AND created >= {} ORDER BY created ASC, key ASC",
                                                     jql_text(options_.project), jql_time(from)),
                                         "project,status,created,updated,description", offset, token);
    if (!listed) return std::unexpected(listed.error());
    for (const Issue& issue : listed->page.issues) {
      knowledge_.saw_key(issue.id, issue.key);
      if (issue.marker != marker && unwrap(format(), issue.description).marker != marker) continue;
      if (oldest && *oldest->created <= issue.created) continue;
      oldest.emplace();
      oldest->written = NativeId{issue.id};
      oldest->created = issue.created;
      oldest->updated = issue.updated;
    }
    const auto count = static_cast<std::int64_t>(listed->page.issues.size());
    const std::int64_t left = std::max<std::int64_t>(0, total - listed->page.total.value_or(0));
    total = listed->page.total.value_or(0);
    // What was deleted or moved away between two pages made the others move up by as many rows.
    offset = !cloud && left > 0 ? std::max<std::int64_t>(0, offset - left) : offset + count;
    if (!cloud && left > 0) continue;
    if (cloud) {
      if (listed->page.next.empty()) return oldest;
      if (listed->page.next == token) break;
      token = listed->page.next;
    } else if (count == 0 || offset >= listed->page.total.value_or(0)) {
      return oldest;
    }
  }
  return fail(Fault::transient, "looking for what we made: Jira's list of issues has no end", Reach::tracker);
}

}  // namespace causeway::jira
