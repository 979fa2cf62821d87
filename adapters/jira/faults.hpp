#pragma once
/// What Jira's answers mean as failures. Pure.
#include <string_view>

#include "adapters/web.hpp"
#include "agent/http/transport.hpp"
#include "agent/model/result.hpp"
#include "agent/model/time.hpp"

namespace causeway::jira {

/// What an answer other than the wanted one means. `what` says what we were doing: "reading issue 10012". Never carries
/// a body, but for Jira's own words about a refusal.
[[nodiscard]] Failure failure_of(const http::Response& response, http::Method method, std::string_view what,
                                 Instant now);
/// An answer that should be JSON and is not.
[[nodiscard]] Failure not_json(http::Method method, std::string_view what);
/// What a person reads who must find out why nothing was written. The engine holds these as HoldReason::permission.
[[nodiscard]] std::unexpected<Failure> no_permission(std::string_view why);
/// The write was done, but what it made could not be read.
[[nodiscard]] std::unexpected<Failure> half_told(std::string_view what);
/// Jira's words about a refusal, shortened: "Summary is required; priority: …". Empty: it gives none.
[[nodiscard]] std::string words_of_refusal(std::string_view body);

/// Whether the answer was made for nobody though we gave a credential: Jira answers many requests with a wrong
/// credential as it answers visitors, with 200 and what they may see (X-Seraph-LoginReason gives it away, and on Data
/// Center X-AUSERNAME).
[[nodiscard]] bool is_anonymous(const http::Response& response);
/// Whether the answer says by itself that it was made for an account.
[[nodiscard]] bool names_account(const http::Response& response);
/// `denied` for an answer that was made for nobody.
[[nodiscard]] Failure anonymous_failure(const http::Response& response, std::string_view what);

}  // namespace causeway::jira
