#pragma once
/// Checks ADF against the schema its vendor publishes.
#include <rapidjson/document.h>
#include <rapidjson/pointer.h>
#include <rapidjson/schema.h>
#include <rapidjson/stringbuffer.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::markup {

inline rapidjson::Document json_of(std::string_view text) {
  rapidjson::Document document;
  document.Parse<rapidjson::kParseIterativeFlag>(text.data(), text.size());
  return document;
}

inline std::string file_text(const std::filesystem::path& path) {
  std::ifstream file{path};
  return {std::istreambuf_iterator<char>{file}, {}};
}

/// The validator gives an alternative up at the first thing that does not fit: with the type in front that is at once,
/// and otherwise only after all that is in the node, for each alternative again.
inline void put_types_first(rapidjson::Value& root) {
  std::vector<rapidjson::Value*> waiting{&root};
  while (!waiting.empty()) {
    rapidjson::Value& value = *waiting.back();
    waiting.pop_back();
    if (value.IsArray())
      for (auto& element : value.GetArray()) waiting.push_back(&element);
    if (!value.IsObject() || value.ObjectEmpty()) continue;
    const auto type = value.FindMember("type");
    if (type != value.MemberEnd()) {
      value.MemberBegin()->name.Swap(type->name);
      value.MemberBegin()->value.Swap(type->value);
    }
    for (auto& member : value.GetObject()) waiting.push_back(&member.value);
  }
}

/// Where `text` breaks the schema, and the rule it breaks; empty if it is valid.
inline std::string schema_violation(std::string_view text) {
  static const rapidjson::SchemaDocument schema{
      json_of(file_text(CAUSEWAY_SOURCE_DIR "/tests/golden/adf/adf.schema.json"))};
  auto document = json_of(text);
  if (document.HasParseError()) return "no JSON";
  put_types_first(document);
  rapidjson::SchemaValidator validator{schema};
  if (document.Accept(validator)) return "";
  rapidjson::StringBuffer place;
  validator.GetInvalidDocumentPointer().Stringify(place);
  return std::string{"breaks "} + validator.GetInvalidSchemaKeyword() + " at " + place.GetString();
}

}  // namespace causeway::markup
