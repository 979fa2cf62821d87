#pragma once
/// "Did you mean …?" for names that do not exist. Pure.
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace causeway {

/// The one of `known` that `wanted` was most likely meant to be (a few letters off, or another case); nullopt: none is
/// near.
[[nodiscard]] std::optional<std::string> closest(std::string_view wanted, std::span<const std::string> known);

/// `no status "Closd"; it has New, In Progress, Closed (did you mean "Closed"?)`. At most 20 names are listed.
[[nodiscard]] std::string unknown_name(std::string_view what, std::string_view wanted,
                                       std::span<const std::string> known);

}  // namespace causeway
