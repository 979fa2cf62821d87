#pragma once
/// Jira's JSON, shaped as the vendor's OpenAPI documents and captured payloads have it.
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <functional>
#include <string>

#include "tests/fakes/jira/state.hpp"

namespace causeway::fakes::jira {

/// A writer of objects whose members are called one after another.
class Out {
 public:
  Out() : writer_(buffer_) {}
  Out& open() { return writer_.StartObject(), *this; }
  Out& close() { return writer_.EndObject(), *this; }
  Out& open_list() { return writer_.StartArray(), *this; }
  Out& close_list() { return writer_.EndArray(), *this; }
  Out& key(std::string_view name) { return writer_.Key(name.data(), size(name)), *this; }
  Out& text(std::string_view value) { return writer_.String(value.data(), size(value)), *this; }
  Out& number(Number value) { return writer_.Int64(value), *this; }
  Out& null() { return writer_.Null(), *this; }
  /// JSON as it stands.
  Out& raw(std::string_view json) { return writer_.RawValue(json.data(), json.size(), rapidjson::kObjectType), *this; }
  Out& member(std::string_view name, std::string_view value) { return key(name).text(value); }
  Out& member(std::string_view name, const char* value) { return key(name).text(value); }
  Out& member(std::string_view name, const std::string& value) { return key(name).text(value); }
  Out& member(std::string_view name, Number value) { return key(name).number(value); }
  Out& member(std::string_view name, std::size_t value) { return key(name).number(static_cast<Number>(value)); }
  Out& member(std::string_view name, int value) { return key(name).number(value); }
  Out& member(std::string_view name, const std::optional<std::string>& value) {
    return value ? key(name).text(*value) : key(name).null();
  }
  Out& flag(std::string_view name, bool value) { return key(name), writer_.Bool(value), *this; }
  Out& null(std::string_view name) { return key(name).null(); }
  [[nodiscard]] std::string take() const { return {buffer_.GetString(), buffer_.GetSize()}; }

 private:
  static rapidjson::SizeType size(std::string_view text) { return static_cast<rapidjson::SizeType>(text.size()); }
  rapidjson::StringBuffer buffer_;
  rapidjson::Writer<rapidjson::StringBuffer> writer_;
};

/// Who is shown something, and how.
struct Shown {
  const State& state;
  const std::string& origin;   ///< "https://initech.test", with the context path
  const User* user = nullptr;  ///< nullptr: anonymous
  int api = 3;
  [[nodiscard]] bool cloud() const { return state.settings.deployment == Deployment::cloud; }
  /// "…/rest/api/3"
  [[nodiscard]] std::string base() const;
  [[nodiscard]] const std::string& time_zone() const;
  /// `2024-12-29T08:41:23.904+0530`, in the reader's zone.
  [[nodiscard]] std::string time(Milliseconds time) const;
};

/// Which fields of an issue are shown: `*all`, `*navigable`, names, `-name`.
class FieldChoice {
 public:
  FieldChoice() = default;
  explicit FieldChoice(const std::vector<std::string>& names);
  [[nodiscard]] bool wants(std::string_view field) const;
  /// Nothing but ids.
  [[nodiscard]] bool none() const { return !all_ && !navigable_ && wanted_.empty(); }

 private:
  bool all_ = false, navigable_ = false;
  std::set<std::string, std::less<>> wanted_, unwanted_;
};

[[nodiscard]] std::vector<std::string> split(std::string_view text, char at = ',');

void write_user(Out& out, const Shown& shown, const std::string& id);
void write_status(Out& out, const Shown& shown, const Status& status);
void write_named(Out& out, const Shown& shown, std::string_view kind, const std::vector<Named>& all,
                 const std::string& id);
void write_issue_type(Out& out, const Shown& shown, const IssueType& type);
void write_project(Out& out, const Shown& shown, const Project& project);
/// Cloud v3: ADF; else wiki text.
void write_rich(Out& out, const Shown& shown, const std::string& stored);
/// What is shown of a comment only when asked for.
struct CommentExtras {
  bool rendered = false, properties = false;
};
void write_comment(Out& out, const Shown& shown, const Comment& comment, CommentExtras extras = {});
void write_attachment(Out& out, const Shown& shown, const Attachment& attachment);
void write_change(Out& out, const Shown& shown, const Change& change);
void write_fields(Out& out, const Shown& shown, const Issue& issue, const FieldChoice& choice,
                  std::size_t comments_max);
void write_property(Out& out, const std::string& key, const std::string& json);
/// "schema" of a field.
void write_schema(Out& out, const State& state, const std::string& field);
/// A field as create and edit metadata and transition screens describe it.
void write_field_meta(Out& out, const Shown& shown, const Project& project, const ScreenField& field,
                      const std::vector<std::string>& types, bool with_field_id);
void write_transition(Out& out, const Shown& shown, const Project& project, const Issue& issue,
                      const Transition& transition, bool with_fields);
[[nodiscard]] std::string field_name(const State& state, const std::string& field);
/// Comments that this reader may see, oldest first.
[[nodiscard]] std::vector<const Comment*> visible_comments(const Shown& shown, const Issue& issue);

}  // namespace causeway::fakes::jira
