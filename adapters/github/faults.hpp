#pragma once
/// What GitHub's answers mean as failures. Pure.
#include <string_view>

#include "adapters/web.hpp"
#include "agent/http/transport.hpp"
#include "agent/model/result.hpp"
#include "agent/model/time.hpp"

namespace causeway::github {

/// What an answer other than the wanted one means. `what` says what we were doing: "reading issue 12"; `now` is needed
/// for limits that end at a given time. Carries GitHub's own words where they help, never a body, token or ticket text.
///
/// 403 has at least six meanings, told apart by headers and message (docs.github.com, "Troubleshooting the REST API").
[[nodiscard]] Failure failure_of(const http::Response& response, http::Method method, std::string_view what,
                                 Instant now);

/// An answer that has a good status and is no JSON: a proxy's page, or nothing whole.
[[nodiscard]] Failure not_json(http::Method method, std::string_view what);

}  // namespace causeway::github
