#pragma once
/// GitHub's JSON, shaped as its OpenAPI document has it.
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <string>

#include "tests/fakes/github/rules.hpp"

namespace causeway::fakes::github {

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
  Out& member(std::string_view name, std::string_view value) { return key(name).text(value); }
  Out& member(std::string_view name, const char* value) { return key(name).text(value); }
  Out& member(std::string_view name, const std::string& value) { return key(name).text(value); }
  Out& member(std::string_view name, Number value) { return key(name).number(value); }
  Out& member(std::string_view name, const std::optional<std::string>& value) {
    return value ? key(name).text(*value) : key(name).null();
  }
  Out& flag(std::string_view name, bool value) { return key(name), writer_.Bool(value), *this; }
  Out& null(std::string_view name) { return key(name).null(); }
  Out& time(std::string_view name, Seconds value);
  Out& time(std::string_view name, std::optional<Seconds> value) { return value ? time(name, *value) : null(name); }
  [[nodiscard]] std::string take() const { return {buffer_.GetString(), buffer_.GetSize()}; }

 private:
  static rapidjson::SizeType size(std::string_view text) { return static_cast<rapidjson::SizeType>(text.size()); }
  rapidjson::StringBuffer buffer_;
  rapidjson::Writer<rapidjson::StringBuffer> writer_;
};

/// Which forms of a body the Accept header asked for.
struct Forms {
  bool raw = true, text = false, html = false;
};

struct Shown {
  const State& state;
  const std::string& origin;  ///< "http://127.0.0.1:4000": every address in an answer begins with it
  Forms forms{};
};

/// 2026-11-23T02:34:33Z
[[nodiscard]] std::string shown_time(Seconds time);
/// What cmark-gfm makes of it, without raw HTML.
[[nodiscard]] std::string rendered(std::string_view markdown);

void write_user(Out& out, const Shown& shown, const User& user);
void write_user(Out& out, const Shown& shown, Number user);
void write_label(Out& out, const Shown& shown, const Repository& repository, const Label& label);
void write_milestone(Out& out, const Shown& shown, const Repository& repository, const Milestone& milestone);
void write_comment(Out& out, const Shown& shown, const Repository& repository, const Comment& comment);
/// Leaves the object open, for what only some answers have.
void begin_issue(Out& out, const Shown& shown, const Repository& repository, const Issue& issue);
void write_issue(Out& out, const Shown& shown, const Repository& repository, const Issue& issue);
void write_event(Out& out, const Shown& shown, const Repository& repository, const Issue& issue, const Event& event,
                 bool with_issue);
void write_timeline_comment(Out& out, const Shown& shown, const Repository& repository, const Comment& comment);
void write_app(Out& out, const Shown& shown, const App& app);
[[nodiscard]] std::string repository_json(const Shown& shown, const Repository& repository, Access access);
[[nodiscard]] std::string account_json(const Shown& shown, const User& user);

}  // namespace causeway::fakes::github
