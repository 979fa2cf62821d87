#pragma once
/// Our wishes as Jira's REST JSON. Pure.
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/jira/codec.hpp"
#include "adapters/jira/json_text.hpp"
#include "adapters/jira/options.hpp"

namespace causeway::jira {

/// What a POST or PUT of an issue sets. Values are JSON. A field is in one of the two, never in both.
struct IssueChange {
  std::map<std::string, std::string> fields;               ///< field id → value; "null" clears
  std::map<std::string, std::vector<std::string>> update;  ///< field id → operations: {"add": …}
  std::optional<Marker> marker;
  [[nodiscard]] bool empty() const { return fields.empty() && update.empty(); }
};
[[nodiscard]] std::string issue_body(const IssueChange& change);

/// Rich text for this format: a document as it stands, wiki markup as a string.
[[nodiscard]] std::string rich_value(markup::Format format, std::string_view text);
/// {"accountId": …} or {"name": …}
[[nodiscard]] std::string person_value(Deployment deployment, std::string_view login);
/// A value as a person wrote it in the configuration, in the form that the field takes. Several are parted by ", ".
[[nodiscard]] std::string field_value(const FieldMeta& field, std::string_view value, Deployment deployment);

/// `visibility`: JSON of a restriction, or empty. `internal`: a service project's internal note.
[[nodiscard]] std::string comment_body(markup::Format format, std::string_view text,
                                       const std::optional<Marker>& marker, std::string_view visibility, bool internal);
[[nodiscard]] std::string visibility_value(const PrivateComments& who);
[[nodiscard]] std::string transition_body(std::string_view transition,
                                          const std::vector<std::pair<std::string, std::string>>& fields);
/// A link that is there once per address, however often it is sent.
[[nodiscard]] std::string remote_link_body(std::string_view url);

/// The body of a form with one file, and its content type.
struct Form {
  std::string content_type;
  std::string body;
};
/// `name` as it can stand in a form: without quotes, backslashes and what is no letter.
[[nodiscard]] std::string file_name(std::string_view name);
[[nodiscard]] Form file_form(std::string_view name, std::string_view bytes);

/// `text` in quotes as JQL reads it.
[[nodiscard]] std::string jql_text(std::string_view text);
/// A title as Jira takes it: no line breaks.
[[nodiscard]] std::string one_line(std::string_view title);
/// Labels that Jira can hold: no blanks, 255 characters.
[[nodiscard]] bool is_possible_label(std::string_view label);

}  // namespace causeway::jira
