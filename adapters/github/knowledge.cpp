#include "adapters/github/knowledge.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace causeway::github {

using namespace std::chrono_literals;

Result<Repository> Knowledge::repository(std::chrono::seconds age_max) {
  constexpr std::string_view what = "reading the repository";
  const std::scoped_lock lock{mutex_};
  const Instant now = clock_.now();
  if (repository_ && age_max > 0s && now - repository_->learned <= age_max) return repository_->value;
  const Result<http::Response> response = client_.get("", "/repos/{owner}/{repo}");
  if (!response) return std::unexpected(response.error());
  if (response->status == 404 && web::is_json(*response)) {
    return fail(Fault::denied,
                fmt::format("the repository \"{}\" does not exist, or not for this token", options_.repository),
                Reach::tracker);
  }
  if (response->status != 200) {
    Failure failure = failure_of(*response, http::Method::get, what, now);
    if (failure.fault == Fault::gone) failure.fault = Fault::denied;
    failure.reach = Reach::tracker;
    return std::unexpected(std::move(failure));
  }
  if (!web::is_json(*response)) return std::unexpected(not_json(http::Method::get, what));
  Result<Repository> read = read_repository(response->body);
  if (!read) return read;
  if (repository_ && repository_->value.id != read->id) {
    return fail(Fault::denied,
                fmt::format("\"{}\" is another repository than before; give the new name of the old one, or start anew",
                            options_.repository),
                Reach::tracker);
  }
  client_.know_repository(read->id);
  repository_ = Known<Repository>{*read, now};
  return read;
}

Result<std::vector<Milestone>> Knowledge::milestones(std::chrono::seconds age_max) {
  const std::scoped_lock lock{mutex_};
  const Instant now = clock_.now();
  if (milestones_ && age_max > 0s && now - milestones_->learned <= age_max) return milestones_->value;
  constexpr std::string_view path_template = "/repos/{owner}/{repo}/milestones";
  constexpr std::string_view what = "reading the milestones";
  std::vector<Milestone> all;
  Result<http::Response> response = client_.get("/milestones?state=all&per_page=100", path_template);
  while (true) {
    if (!response) return std::unexpected(response.error());
    if (response->status != 200) return std::unexpected(failure_of(*response, http::Method::get, what, now));
    if (!web::is_json(*response)) return std::unexpected(not_json(http::Method::get, what));
    const auto page = read_milestones(response->body);
    if (!page) return page;
    all.insert(all.end(), page->begin(), page->end());
    const auto links = links_of(response->header("Link"));
    const auto next = links.find("next");
    if (next == links.end()) break;
    response = client_.follow(next->second, path_template);
  }
  milestones_ = Known<std::vector<Milestone>>{all, now};
  return all;
}

Result<std::optional<Number>> Knowledge::milestone(const std::string& title) {
  for (const std::chrono::seconds age : {options_.dictionary_age, std::chrono::seconds{0}}) {
    const auto known = milestones(age);
    if (!known) return std::unexpected(known.error());
    const auto found = std::find_if(known->begin(), known->end(),
                                    [&](const Milestone& milestone) { return milestone.title == title; });
    if (found != known->end()) return std::optional{found->number};
  }
  return std::optional<Number>{};
}

Result<std::vector<std::string>> Knowledge::names(std::string_view path, std::string_view path_template,
                                                  std::string_view member) {
  std::vector<std::string> all;
  Result<http::Response> response = client_.get(path, path_template);
  while (true) {
    if (!response) return std::unexpected(response.error());
    const std::string what = fmt::format("reading {}", path_template);
    if (response->status != 200) return std::unexpected(failure_of(*response, http::Method::get, what, clock_.now()));
    if (!web::is_json(*response)) return std::unexpected(not_json(http::Method::get, what));
    auto page = read_names(response->body, member);
    if (!page) return page;
    all.insert(all.end(), page->begin(), page->end());
    const auto links = links_of(response->header("Link"));
    const auto next = links.find("next");
    if (next == links.end()) return all;
    response = client_.follow(next->second, path_template);
  }
}

}  // namespace causeway::github
