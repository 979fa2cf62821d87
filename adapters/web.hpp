#pragma once
/// Small things about HTTP that every adapter needs. Pure.
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "agent/http/transport.hpp"

namespace causeway::web {

/// "https://host:port" of an absolute address; empty when it is none.
[[nodiscard]] std::string_view origin_of(std::string_view url);
/// `text` as one part of a path or query: everything but unreserved letters is percent-encoded.
[[nodiscard]] std::string query_part(std::string_view text);
/// The longest wait that an answer may ask for: whoever asks for more is asked again then. What comes from outside is
/// also too large a number to count with.
inline constexpr std::chrono::seconds wait_max = std::chrono::hours{24};
/// Retry-After in its form of seconds, `wait_max` at most; nullopt when absent or anything else.
[[nodiscard]] std::optional<std::chrono::seconds> retry_after(const http::Response& response);
/// Whether the answer says of itself that it is JSON. A proxy's page has another type.
[[nodiscard]] bool is_json(const http::Response& response);
/// `texts`, cut between characters where they are longer than a message may be.
[[nodiscard]] std::string shortened(std::string texts);

}  // namespace causeway::web
