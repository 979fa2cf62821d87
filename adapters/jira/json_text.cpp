#include "adapters/jira/json_text.hpp"

#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

namespace causeway::jira {
namespace {

using Writer = rapidjson::Writer<rapidjson::StringBuffer>;

void write_text(Writer& writer, const json::Value& text, bool is_key) {
  const std::string clean = json::clean({text.GetString(), text.GetStringLength()});
  const auto length = static_cast<rapidjson::SizeType>(clean.size());
  if (is_key) {
    writer.Key(clean.data(), length);
  } else {
    writer.String(clean.data(), length);
  }
}

/// One list or object whose rest is still to be written.
struct Open {
  const json::Value* value = nullptr;
  rapidjson::SizeType next = 0;
};

}  // namespace

std::string written(const json::Value& value) {
  rapidjson::StringBuffer buffer;
  Writer writer{buffer};
  std::vector<Open> open;
  const auto begin = [&](const json::Value& one) {
    if (one.IsObject()) {
      writer.StartObject();
      open.push_back({&one, 0});
    } else if (one.IsArray()) {
      writer.StartArray();
      open.push_back({&one, 0});
    } else if (one.IsString()) {
      write_text(writer, one, false);
    } else {
      one.Accept(writer);
    }
  };
  begin(value);
  while (!open.empty()) {
    Open& top = open.back();
    const json::Value& one = *top.value;
    if (one.IsObject() && top.next < one.MemberCount()) {
      const auto& member = *(one.MemberBegin() + top.next++);
      write_text(writer, member.name, true);
      begin(member.value);
    } else if (one.IsArray() && top.next < one.Size()) {
      begin(one[top.next++]);
    } else {
      if (one.IsObject()) writer.EndObject();
      if (one.IsArray()) writer.EndArray();
      open.pop_back();
    }
  }
  return {buffer.GetString(), buffer.GetSize()};
}

std::string quoted(std::string_view text) {
  rapidjson::StringBuffer buffer;
  Writer writer{buffer};
  const std::string clean = json::clean(text);
  writer.String(clean.data(), static_cast<rapidjson::SizeType>(clean.size()));
  return {buffer.GetString(), buffer.GetSize()};
}

std::string object_of(const std::vector<std::pair<std::string, std::string>>& members) {
  std::string text = "{";
  for (const auto& [name, value] : members) {
    if (text.size() > 1) text += ',';
    text += quoted(name);
    text += ':';
    text += value;
  }
  return text + '}';
}

std::string list_of(const std::vector<std::string>& elements) {
  std::string text = "[";
  for (const std::string& element : elements) {
    if (text.size() > 1) text += ',';
    text += element;
  }
  return text + ']';
}

std::string named(std::string_view member, std::string_view text) {
  return object_of({{std::string{member}, quoted(text)}});
}

}  // namespace causeway::jira
