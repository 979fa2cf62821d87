/// Reading lists: changes, and looking for what carries a marker.
#include <fmt/format.h>

#include <algorithm>

#include "adapters/github/adapter.hpp"
#include "adapters/github/envelope.hpp"

namespace causeway::github {
namespace {

using namespace std::chrono_literals;

/// How far our clock may be from GitHub's, where an answer does not tell its time.
constexpr auto clock_doubt = 300s;
/// The same for what `find` looks for: a miss makes the engine create it again, so even a clock that runs in another
/// zone's time must not lead to one.
constexpr auto clock_doubt_of_find = 24h;
/// More pages than this are followed one by one: the number comes from outside, and each takes memory.
constexpr Number pages_at_once_max = 20'000;

std::optional<std::string> link(const http::Response& response, const std::string& rel) {
  auto links = links_of(response.header("Link"));
  const auto found = links.find(rel);
  if (found == links.end()) return std::nullopt;
  return std::move(found->second);
}

/// "Mon, 23 Nov 2026 02:34:33 GMT"
std::optional<Instant> parse_http_date(std::string_view text) {
  constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
  if (text.size() != 29 || !text.ends_with(" GMT")) return std::nullopt;
  const std::size_t month = months.find(text.substr(8, 3));
  if (month == std::string_view::npos || month % 3 != 0) return std::nullopt;
  return parse_instant(
      fmt::format("{}-{:02}-{}T{}Z", text.substr(12, 4), month / 3 + 1, text.substr(5, 2), text.substr(17, 8)));
}

}  // namespace

struct GitHubAdapter::List {
  std::string_view path, path_template, filter, what;
  bool of_comments = false;
  [[nodiscard]] std::string page(std::string_view sort, std::string_view direction) const {
    return fmt::format("{}?{}sort={}&direction={}&per_page=100", path, filter, sort, direction);
  }
};
const GitHubAdapter::List GitHubAdapter::issue_list{"/issues", "/repos/{owner}/{repo}/issues", "state=all&",
                                                    "listing issues", false};
const GitHubAdapter::List GitHubAdapter::comment_list{"/issues/comments", "/repos/{owner}/{repo}/issues/comments", "",
                                                      "listing comments", true};

Result<http::Response> GitHubAdapter::listed(Result<http::Response> response, std::string_view what) {
  if (!response || response->status == 304) return response;
  if (response->status == 200 && web::is_json(*response)) return response;
  Failure failure = refused(*response, http::Method::get, what);
  // A list has no ticket that could be gone: the repository is not what it was.
  if (failure.fault == Fault::gone) failure = Failure{Fault::denied, Reach::tracker, failure.message, {}};
  return std::unexpected(std::move(failure));
}

Result<Repository> GitHubAdapter::repository_of(Place& place) {
  Result<Repository> repository = knowledge_.repository(options_.repository_age);
  if (!repository) return repository;
  if (place.repository != 0 && place.repository != repository->id) {
    return fail(Fault::denied,
                fmt::format("\"{}\" is another repository than before; give the new name of the old one, or start anew",
                            options_.repository),
                Reach::tracker);
  }
  place.repository = repository->id;
  return repository;
}

Result<GitHubAdapter::Stamps> GitHubAdapter::take(const List& list, const http::Response& response,
                                                  std::optional<Instant> since, Place& place, Instant observed,
                                                  ChangePage& page) {
  Stamps stamps;
  const auto saw = [&](Instant updated) {
    stamps.newest = std::max(stamps.newest.value_or(updated), updated);
    stamps.oldest = std::min(stamps.oldest.value_or(updated), updated);
    return !since || updated >= *since;
  };
  std::optional<Repository> known;
  const auto repository = [&]() -> Result<Repository> {
    if (!known) {
      const Result<Repository> asked = repository_of(place);
      if (!asked) return asked;
      known = *asked;
    }
    return *known;
  };
  if (list.of_comments) {
    const auto comments = read_comments(response.body);
    if (!comments) return std::unexpected(comments.error());
    for (const IssueComment& comment : *comments) {
      if (!saw(comment.updated) || comment.is_on_pull_request) continue;
      const auto from = repository();
      if (!from) return std::unexpected(from.error());
      page.comments.push_back(
          {{options_.id, NativeId{std::to_string(comment.issue)}}, comment_of(comment, from->visibility)});
    }
    return stamps;
  }
  const auto issues = read_issues(response.body);
  if (!issues) return std::unexpected(issues.error());
  for (const Issue& issue : *issues) {
    if (!saw(issue.updated) || issue.is_pull_request) continue;
    const auto from = repository();
    if (!from) return std::unexpected(from.error());
    page.tickets.push_back(snapshot_of(issue, reading(*from, observed)));
  }
  return stamps;
}

Result<ChangePage> GitHubAdapter::changes(const Cursor& since) {
  const Result<Place> place = decode_place(since);
  if (!place) return std::unexpected(place.error());
  if (!place->step) {
    if (place->issues.since) return look_at_comments(since, *place);
    Place first;
    first.step = Place::Step{Place::Kind::first_comments, {}, {}, false};
    return first_page(first);
  }
  switch (place->step->kind) {
    case Place::Kind::first_comments:
    case Place::Kind::first_issues:
      return first_page(*place);
    case Place::Kind::beside:
      return beside_page(*place);
    case Place::Kind::look_issues:
      return look_at_issues(since, *place, {});
    case Place::Kind::walk_comments:
    case Place::Kind::walk_issues:
      return walk(*place);
  }
  return fail(Fault::malformed, "the stored place in GitHub's changes is damaged");
}

Result<ChangePage> GitHubAdapter::first_page(const Place& place) {
  const Place::Step& step = *place.step;
  const List& list = step.kind == Place::Kind::first_comments ? comment_list : issue_list;
  const Instant observed = clock_.now();
  const Result<http::Response> response =
      listed(step.url.empty() ? client_.get(list.page("created", "asc"), list.path_template)
                              : client_.follow(step.url, list.path_template),
             list.what);
  if (!response) return std::unexpected(response.error());
  ChangePage page;
  Place next = place;
  const auto stamps = take(list, *response, std::nullopt, next, observed, page);
  if (!stamps) return std::unexpected(stamps.error());
  if (!next.step->from) {
    // What changes from here on is read once more at the end.
    const auto date = parse_http_date(response->header("Date"));
    next.step->from = next_start(std::nullopt, date ? *date : observed - clock_doubt, options_.listing_lag);
  }
  const auto following = link(*response, "next");
  const auto last = link(*response, "last");
  const auto pages = last ? page_of(*last) : std::nullopt;
  if (following && (!pages || *pages > pages_at_once_max)) {
    next.step->url = *following;
    page.then = encode(next);
    return page;
  }
  for (Number number = page_of(following.value_or("")).value_or(2); following && number <= *pages; ++number) {
    Place beside = next;
    beside.step = Place::Step{Place::Kind::beside, {}, with_page(*last, number), list.of_comments};
    page.beside.push_back(encode(beside));
  }
  if (list.of_comments) {
    next.step = Place::Step{Place::Kind::first_issues, next.step->from, {}, false};
  } else {
    next.issues.since = next.comments.since = next.step->from;
    next.step.reset();
  }
  page.then = encode(next);
  return page;
}

Result<ChangePage> GitHubAdapter::beside_page(const Place& place) {
  const List& list = place.step->of_comments ? comment_list : issue_list;
  const Instant observed = clock_.now();
  const Result<http::Response> response = listed(client_.follow(place.step->url, list.path_template), list.what);
  if (!response) return std::unexpected(response.error());
  ChangePage page;
  Place here = place;
  const auto stamps = take(list, *response, std::nullopt, here, observed, page);
  if (!stamps) return std::unexpected(stamps.error());
  return page;
}

Result<bool> GitHubAdapter::look(const List& list, Place& place, Mark& mark, ChangePage& page) {
  const Instant observed = clock_.now();
  const Result<http::Response> response =
      listed(client_.get(list.page("updated", "desc"), list.path_template, mark.etag), list.what);
  if (!response) return std::unexpected(response.error());
  if (response->status == 304) return true;
  ChangePage rows;
  const auto stamps = take(list, *response, mark.since, place, observed, rows);
  if (!stamps) return std::unexpected(stamps.error());
  const bool whole = !link(*response, "next") || !stamps->oldest || *stamps->oldest < mark.since.value_or(Instant{});
  if (whole) {
    std::move(rows.comments.rbegin(), rows.comments.rend(), std::back_inserter(page.comments));
    std::move(rows.tickets.rbegin(), rows.tickets.rend(), std::back_inserter(page.tickets));
  }
  mark.etag = response->header("ETag");
  if (stamps->newest) mark.since = next_start(mark.since, *stamps->newest, options_.listing_lag);
  return whole;
}

Result<ChangePage> GitHubAdapter::look_at_comments(const Cursor& since, Place place) {
  ChangePage page;
  const std::optional<Instant> from = place.comments.since;
  const Result<bool> whole = look(comment_list, place, place.comments, page);
  if (!whole) return std::unexpected(whole.error());
  if (*whole) return look_at_issues(since, std::move(place), std::move(page));
  place.step = Place::Step{Place::Kind::walk_comments, from, {}, false};
  page.then = encode(place);
  return page;
}

Result<ChangePage> GitHubAdapter::look_at_issues(const Cursor& since, Place place, ChangePage page) {
  const std::optional<Instant> from = place.issues.since;
  place.step.reset();
  const Result<bool> whole = look(issue_list, place, place.issues, page);
  if (!whole) return std::unexpected(whole.error());
  if (*whole) {
    page.watermark = encode(place);
    if (const Result<Place> start = decode_place(since); start && *start == place) page.watermark = since;
    return page;
  }
  place.step = Place::Step{Place::Kind::walk_issues, from, {}, false};
  page.then = encode(place);
  return page;
}

Result<ChangePage> GitHubAdapter::walk(Place place) {
  const bool of_comments = place.step->kind == Place::Kind::walk_comments;
  const List& list = of_comments ? comment_list : issue_list;
  if (!place.step->from) return fail(Fault::malformed, "the stored place in GitHub's changes is damaged");
  const Instant from = *place.step->from;
  const Instant observed = clock_.now();
  const Result<http::Response> response = listed(
      place.step->url.empty()
          ? client_.get(fmt::format("{}&since={}", list.page("updated", "asc"), web::query_part(format_instant(from))),
                        list.path_template)
          : client_.follow(place.step->url, list.path_template),
      list.what);
  if (!response) return std::unexpected(response.error());
  ChangePage page;
  const auto stamps = take(list, *response, std::nullopt, place, observed, page);
  if (!stamps) return std::unexpected(stamps.error());
  if (const auto following = link(*response, "next")) {
    // The next page begins at a stamp, not at a row number: rows that change meanwhile move to the end, and pages
    // counted in rows would lose their successors. Only where a whole page has one stamp is there no other way.
    const Instant next = stamps->newest ? *stamps->newest - 1s : from;
    if (next > from) {
      place.step->from = next;
      place.step->url.clear();
    } else {
      place.step->url = *following;
    }
    page.then = encode(place);
    return page;
  }
  if (of_comments) {
    place.step = Place::Step{Place::Kind::look_issues, {}, {}, false};
    page.then = encode(place);
  } else {
    place.step.reset();
    page.watermark = encode(place);
  }
  return page;
}

Result<std::optional<Receipt>> GitHubAdapter::find(const TicketRef& near, const Marker& marker, Instant not_before) {
  if (near.id.empty()) return find_ticket(marker, not_before);
  const Result<std::vector<IssueComment>> comments = comments_of(near.id, not_before - clock_doubt_of_find);
  if (!comments) return std::unexpected(comments.error());
  for (const IssueComment& comment : *comments) {
    if (unwrap(comment.body).marker != marker) continue;
    Receipt receipt;
    receipt.written = NativeId{std::to_string(comment.id)};
    return std::optional{std::move(receipt)};
  }
  return std::optional<Receipt>{};
}

/// Our text is there for everybody to copy, mark and all: the oldest issue that carries the mark is the one we made.
Result<std::optional<Receipt>> GitHubAdapter::find_ticket(const Marker& marker, Instant not_before) {
  const Instant from = std::chrono::floor<std::chrono::seconds>(not_before - clock_doubt_of_find);
  std::optional<Receipt> oldest;
  Result<http::Response> response =
      listed(client_.get(issue_list.page("created", "desc"), issue_list.path_template), issue_list.what);
  while (true) {
    if (!response) return std::unexpected(response.error());
    const auto issues = read_issues(response->body);
    if (!issues) return std::unexpected(issues.error());
    for (const Issue& issue : *issues) {
      if (issue.created < from) return oldest;
      if (issue.is_pull_request || unwrap(issue.body).marker != marker) continue;
      oldest.emplace();
      oldest->written = NativeId{std::to_string(issue.number)};
      oldest->created = issue.created;
      oldest->updated = issue.updated;
    }
    const auto next = link(*response, "next");
    if (!next) return oldest;
    response = listed(client_.follow(*next, issue_list.path_template), issue_list.what);
  }
}

}  // namespace causeway::github
