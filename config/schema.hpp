#pragma once
/// Checks a tree against config/causeway.schema.json. Understands the part of JSON Schema that the file uses, and some
/// words of its own: `x-form` (what a text with this pattern is), `x-kinds` (the kinds of tracker a key is for),
/// `x-least` (the shortest duration). What no schema can say is checked where the values are read.
#include <rapidjson/document.h>

#include <chrono>
#include <set>
#include <string>
#include <vector>

#include "config/node.hpp"

namespace causeway::config {

using Json = rapidjson::Value;

/// The published schema, parsed once. Any thread.
[[nodiscard]] const Json& schema_document();
/// Follows `$ref`; a schema without one is itself.
[[nodiscard]] const Json& resolved(const Json& schema);
/// A word of `schema` or, when it does not say, of what it refers to; nullptr when neither does.
[[nodiscard]] const Json* word(const Json& schema, const char* name);
[[nodiscard]] std::string text_word(const Json& schema, const char* name);
/// The names of the types that the schema allows.
[[nodiscard]] std::vector<std::string> types_of(const Json& schema);
/// Every word that schemas in the document use, for the test that all of them are understood.
[[nodiscard]] std::set<std::string> words_understood();

/// Everything in `node` that the schema does not allow, each with its line.
void check(const Node& node, const Json& schema, Problems& problems);

/// "60s", "5m", "24h", "7d"; nullopt for anything else.
[[nodiscard]] std::optional<std::chrono::seconds> parse_duration(std::string_view text);

}  // namespace causeway::config
