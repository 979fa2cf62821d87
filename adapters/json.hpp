#pragma once
/// Reading trackers' JSON without surprises: a member that is absent, null or of another type is simply "not there".
/// Pure.
#include <rapidjson/document.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "agent/model/time.hpp"

namespace causeway::json {

using Value = rapidjson::Value;

/// The whole of `text` as one JSON value; nullopt when it is not JSON, cut off, or followed by something else.
[[nodiscard]] std::optional<rapidjson::Document> parse(std::string_view text);

/// The member, or nullptr when `object` is no object, has no such member, or it is null.
[[nodiscard]] const Value* member(const Value& object, std::string_view name);
/// As `member`, and nullptr when it is not an array.
[[nodiscard]] const Value* array(const Value& object, std::string_view name);
/// A string member; empty when it is not there. Points into `object`.
[[nodiscard]] std::string_view text(const Value& object, std::string_view name);
[[nodiscard]] std::optional<std::int64_t> integer(const Value& object, std::string_view name);
[[nodiscard]] std::optional<bool> boolean(const Value& object, std::string_view name);
/// A time stamp in a string member.
[[nodiscard]] std::optional<Instant> instant(const Value& object, std::string_view name);

/// `text` as trackers accept it: without NUL (Redmine on PostgreSQL answers 500), and with U+FFFD for what is not
/// UTF-8.
/// `half_surrogate` stands for half of a UTF-16 pair, which trackers keep in ways of their own.
[[nodiscard]] std::string clean(std::string_view text, std::string_view half_surrogate = "\xEF\xBF\xBD");

}  // namespace causeway::json
