#pragma once
/// JSON as ADF needs it: read and written without recursion, so that no depth of nesting exhausts the stack.
#include <rapidjson/document.h>

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace causeway::markup::adf {

using Value = rapidjson::Value;
using Tree = rapidjson::Document;

/// The whole of `text` as one JSON value; nullopt when it is not JSON. Half of a surrogate pair is read as U+FFFD.
[[nodiscard]] std::optional<Tree> parse_json(std::string_view text);

/// `text` as an ADF document (an object of type `doc`); nullopt when it is none.
[[nodiscard]] std::optional<Tree> parse_document(std::string_view text);

[[nodiscard]] std::string_view view(const Value& string);
/// The member; nullptr when `object` is no object or has no such member.
[[nodiscard]] const Value* member(const Value& object, std::string_view name);
/// A string member; empty when it is not there.
[[nodiscard]] std::string_view string_member(const Value& object, std::string_view name);
/// The elements of an array member; none when it is not there.
[[nodiscard]] std::span<const Value> elements(const Value& object, std::string_view name);

[[nodiscard]] inline std::string_view type_of(const Value& node) { return string_member(node, "type"); }
[[nodiscard]] inline std::span<const Value> content(const Value& node) { return elements(node, "content"); }
[[nodiscard]] inline std::span<const Value> marks(const Value& node) { return elements(node, "marks"); }
/// A string attribute of a node or mark; empty when it is not there.
[[nodiscard]] std::string_view attribute(const Value& node, std::string_view name);
/// A number attribute, cut to an integer; nullopt when it is not there.
[[nodiscard]] std::optional<double> number_attribute(const Value& node, std::string_view name);

/// `text` as a JSON string with its quotes.
void append_quoted(std::string& out, std::string_view text);

/// A node, mark or document in the one form in which equal content is equal text: no white space, keys sorted and none
/// twice, text nodes joined, without empty text, `localId` and attributes that say what holds anyway. Ids that the
/// schema asks for (of tasks and decisions) are numbered in reading order.
[[nodiscard]] std::string stable_json(const Value& node);

/// `value` with keys sorted and without white space; what stable_json() wrote comes out as it was.
[[nodiscard]] std::string sorted_json(const Value& value);

/// The words in a node and all it holds, with a space between pieces.
[[nodiscard]] std::string plain_text(const Value& node);

}  // namespace causeway::markup::adf
