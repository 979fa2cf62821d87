#include "adapters/jira/wishes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "adapters/jira/envelope.hpp"

namespace causeway::jira {
namespace {

constexpr std::size_t label_characters_max = 255;

std::string marker_value(const Marker& marker) { return named("marker", marker.value); }

std::string property(std::string_view key, std::string value) {
  return object_of({{"key", quoted(key)}, {"value", std::move(value)}});
}

std::vector<std::string_view> parts_of(std::string_view text) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(", "), text.size());
    if (end > 0) parts.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 2, text.size()));
  }
  return parts;
}

std::string one_value(std::string_view type, std::string_view value, Deployment deployment) {
  if (type == "number") {
    double number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    const bool whole = error == std::errc{} && end == value.data() + value.size();
    return whole ? std::string{value} : quoted(value);
  }
  if (type == "option" || type == "option-with-child") return named("value", value);
  if (type == "user") return person_value(deployment, value);
  for (const std::string_view with_name :
       {"priority", "version", "component", "resolution", "securitylevel", "group", "issuetype"}) {
    if (type == with_name) return named("name", value);
  }
  return quoted(value);
}

}  // namespace

std::string issue_body(const IssueChange& change) {
  std::vector<std::pair<std::string, std::string>> members;
  if (!change.fields.empty()) members.emplace_back("fields", object_of({change.fields.begin(), change.fields.end()}));
  if (!change.update.empty()) {
    std::vector<std::pair<std::string, std::string>> update;
    for (const auto& [field, operations] : change.update) update.emplace_back(field, list_of(operations));
    members.emplace_back("update", object_of(update));
  }
  if (change.marker)
    members.emplace_back("properties", list_of({property(marker_property, marker_value(*change.marker))}));
  return object_of(members);
}

std::string rich_value(markup::Format format, std::string_view text) {
  return format == markup::Format::adf ? as_document(text) : quoted(text);
}

std::string person_value(Deployment deployment, std::string_view login) {
  return named(deployment == Deployment::cloud ? "accountId" : "name", login);
}

std::string field_value(const FieldMeta& field, std::string_view value, Deployment deployment) {
  if (field.type == "array") {
    std::vector<std::string> elements;
    for (const std::string_view part : parts_of(value)) elements.push_back(one_value(field.items, part, deployment));
    return list_of(elements);
  }
  if (field.is_rich && deployment == Deployment::cloud) return as_document(value);
  return one_value(field.type, value, deployment);
}

std::string comment_body(markup::Format format, std::string_view text, const std::optional<Marker>& marker,
                         std::string_view visibility, bool internal) {
  std::vector<std::pair<std::string, std::string>> members{{"body", rich_value(format, text)}};
  if (!visibility.empty()) members.emplace_back("visibility", visibility);
  std::vector<std::string> properties;
  if (marker) properties.push_back(property(marker_property, marker_value(*marker)));
  if (internal) properties.push_back(property(internal_property, R"({"internal":true})"));
  if (!properties.empty()) members.emplace_back("properties", list_of(properties));
  return object_of(members);
}

std::string visibility_value(const PrivateComments& who) {
  const std::string_view type = who.kind == PrivateComments::Kind::role ? "role" : "group";
  return object_of({{"type", quoted(type)}, {"value", quoted(who.name)}});
}

std::string transition_body(std::string_view transition,
                            const std::vector<std::pair<std::string, std::string>>& fields) {
  std::vector<std::pair<std::string, std::string>> members{{"transition", named("id", transition)}};
  if (!fields.empty()) members.emplace_back("fields", object_of(fields));
  return object_of(members);
}

std::string remote_link_body(std::string_view url) {
  return object_of({{"globalId", quoted(fmt::format("causeway={}", url))},
                    {"application", object_of({{"type", quoted("org.causeway")}, {"name", quoted("Causeway")}})},
                    {"relationship", quoted("mirrored as")},
                    {"object", object_of({{"url", quoted(url)}, {"title", quoted(url)}})}});
}

std::string file_name(std::string_view name) {
  std::string plain = json::clean(name);
  std::replace_if(
      plain.begin(), plain.end(),
      [](char letter) { return letter == '"' || letter == '\\' || static_cast<unsigned char>(letter) < 0x20; }, '_');
  return plain;
}

Form file_form(std::string_view name, std::string_view bytes) {
  std::string boundary = "causeway";
  while (bytes.find(boundary) != std::string_view::npos) boundary += fmt::format("-{}", boundary.size());
  Form form;
  form.content_type = fmt::format("multipart/form-data; boundary={}", boundary);
  form.body = fmt::format(
      "--{}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{}\"\r\nContent-Type: "
      "application/octet-stream\r\n\r\n",
      boundary, file_name(name));
  form.body += bytes;
  form.body += fmt::format("\r\n--{}--\r\n", boundary);
  return form;
}

std::string jql_text(std::string_view text) {
  std::string result = "\"";
  for (const char letter : text) {
    if (letter == '"' || letter == '\\') result += '\\';
    result += letter;
  }
  return result + '"';
}

std::string one_line(std::string_view title) {
  std::string line{title};
  std::replace_if(line.begin(), line.end(), [](char letter) { return letter == '\n' || letter == '\r'; }, ' ');
  return line;
}

bool is_possible_label(std::string_view label) {
  const auto characters = std::count_if(
      label.begin(), label.end(), [](char letter) { return (static_cast<unsigned char>(letter) & 0xC0U) != 0x80U; });
  return !label.empty() && label.find_first_of(" \t\r\n") == std::string_view::npos &&
         static_cast<std::size_t>(characters) <= label_characters_max;
}

}  // namespace causeway::jira
