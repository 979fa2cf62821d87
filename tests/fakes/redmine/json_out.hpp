#pragma once
/// Redmine's JSON, member by member in Redmine's order.
#include <set>
#include <string>

#include "tests/fakes/redmine/rules.hpp"

namespace causeway::fakes::redmine {

using Includes = std::set<std::string, std::less<>>;

struct Shown {
  const State& state;
  const Actor& actor;
  const std::string& host;  ///< "http://127.0.0.1:3000": attachments carry absolute addresses
};

[[nodiscard]] std::string issue_json(const Shown& shown, const Issue& issue, const Includes& includes);
[[nodiscard]] std::string issues_json(const Shown& shown, const std::vector<const Issue*>& rows,
                                      const Includes& includes, std::size_t total, std::size_t offset,
                                      std::size_t limit, bool with_meta);
[[nodiscard]] std::string user_json(const Shown& shown, const User& user, const Includes& includes);
[[nodiscard]] std::string users_json(const Shown& shown);
[[nodiscard]] std::string role_json(const Role& role);
[[nodiscard]] std::string roles_json(const State& state);
[[nodiscard]] std::string project_json(const Shown& shown, const Project& project, const Includes& includes);
[[nodiscard]] std::string projects_json(const Shown& shown);
[[nodiscard]] std::string memberships_json(const Shown& shown, const Project& project, std::size_t limit,
                                           std::size_t offset);
[[nodiscard]] std::string versions_json(const Project& project);
[[nodiscard]] std::string statuses_json(const State& state);
[[nodiscard]] std::string priorities_json(const State& state);
[[nodiscard]] std::string trackers_json(const State& state);
[[nodiscard]] std::string custom_fields_json(const State& state);
[[nodiscard]] std::string errors_json(const std::vector<std::string>& errors);
[[nodiscard]] std::string upload_json(const std::string& token, Number id);

/// 2026-11-23T02:34:33Z: microseconds cut to seconds.
[[nodiscard]] std::string shown_time(Microseconds time);

}  // namespace causeway::fakes::redmine
