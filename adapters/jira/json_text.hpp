#pragma once
/// JSON as text: values of answers on their way out again, and the pieces that request bodies are made of. Pure.
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/json.hpp"

namespace causeway::jira {

/// `value` without blanks, members in their order, text as trackers accept it (json::clean). Not by recursion: rich
/// text from outside may be nested as deep as its size allows.
[[nodiscard]] std::string written(const json::Value& value);

/// `text` in quotes.
[[nodiscard]] std::string quoted(std::string_view text);
/// An object of members that are JSON already.
[[nodiscard]] std::string object_of(const std::vector<std::pair<std::string, std::string>>& members);
/// A list of elements that are JSON already.
[[nodiscard]] std::string list_of(const std::vector<std::string>& elements);
/// {"name": "…"}, the way most things in Jira are named.
[[nodiscard]] std::string named(std::string_view member, std::string_view text);

}  // namespace causeway::jira
