#include "tests/fakes/jira/rich.hpp"

#include <fmt/format.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>

#include "agent/markup/convert.hpp"

namespace causeway::fakes::jira {
namespace {

using rapidjson::Value;

const Value* member(const Value& object, const char* name) {
  if (!object.IsObject()) return nullptr;
  const auto found = object.FindMember(name);
  return found == object.MemberEnd() ? nullptr : &found->value;
}

std::string_view text_of(const Value& value) {
  return value.IsString() ? std::string_view{value.GetString(), value.GetStringLength()} : std::string_view{};
}

const rapidjson::Document& schema() {
  static const rapidjson::Document document = [] {
    std::ifstream file{CAUSEWAY_SOURCE_DIR "/tests/contracts/jira/adf.schema.json"};
    std::ostringstream text;
    text << file.rdbuf();
    rapidjson::Document read;
    read.Parse(text.str().c_str());
    if (read.HasParseError() || !read.IsObject()) throw std::runtime_error("no ADF schema");
    return read;
  }();
  return document;
}

/// JSON Schema draft 4, as far as the ADF schema uses it. The general validator follows all alternatives of an `anyOf`
/// side by side, which for nested nodes doubles at each level; here each pair of value and schema is looked at once.
class Judgement {
 public:
  bool fits(const Value& value, const Value& rule, int depth = 0) {
    constexpr int depth_max = 2000;
    if (depth > depth_max) return false;
    const auto [entry, is_new] = known_.try_emplace({&value, &rule}, false);
    if (!is_new) return entry->second;
    const bool result = look(value, rule, depth);
    known_[{&value, &rule}] = result;
    return result;
  }
  [[nodiscard]] const std::string& first_problem() const { return problem_; }

 private:
  bool look(const Value& value, const Value& rule, int depth) {
    if (const Value* reference = member(rule, "$ref")) return fits(value, resolved(*reference), depth + 1);
    if (const Value* type = member(rule, "type"); type != nullptr && !has_type(value, text_of(*type))) return false;
    if (const Value* allowed = member(rule, "enum")) {
      const auto list = allowed->GetArray();
      if (std::none_of(list.begin(), list.end(), [&](const Value& one) { return one == value; })) return false;
    }
    if (const Value* all = member(rule, "allOf")) {
      for (const Value& one : all->GetArray()) {
        if (!fits(value, one, depth + 1)) return false;
      }
    }
    if (const Value* any = member(rule, "anyOf")) {
      const auto list = any->GetArray();
      if (std::none_of(list.begin(), list.end(), [&](const Value& one) { return fits(value, one, depth + 1); })) {
        note(value);
        return false;
      }
    }
    if (value.IsObject()) return object_fits(value, rule, depth);
    if (value.IsArray()) return list_fits(value, rule, depth);
    if (value.IsString()) {
      const Value* least = member(rule, "minLength");
      return least == nullptr || characters(text_of(value)) >= least->GetUint();
    }
    if (value.IsNumber()) {
      const Value* least = member(rule, "minimum");
      const Value* most = member(rule, "maximum");
      return (least == nullptr || value.GetDouble() >= least->GetDouble()) &&
             (most == nullptr || value.GetDouble() <= most->GetDouble());
    }
    return true;
  }

  bool object_fits(const Value& value, const Value& rule, int depth) {
    if (const Value* required = member(rule, "required")) {
      for (const Value& name : required->GetArray()) {
        if (!value.HasMember(name)) return false;
      }
    }
    const Value* properties = member(rule, "properties");
    const Value* others = member(rule, "additionalProperties");
    // What kind of node it is comes first: that settles most alternatives without going deeper.
    if (properties != nullptr) {
      const Value* type = member(value, "type");
      const Value* type_rule = member(*properties, "type");
      if (type != nullptr && type_rule != nullptr && !fits(*type, *type_rule, depth + 1)) return false;
    }
    for (const auto& one : value.GetObject()) {
      const auto known = properties == nullptr ? nullptr : member(*properties, one.name.GetString());
      if (known != nullptr) {
        if (!fits(one.value, *known, depth + 1)) return false;
      } else if (others != nullptr && others->IsFalse()) {
        return false;
      } else if (others != nullptr && others->IsObject() && !fits(one.value, *others, depth + 1)) {
        return false;
      }
    }
    return true;
  }

  bool list_fits(const Value& value, const Value& rule, int depth) {
    const Value* least = member(rule, "minItems");
    const Value* most = member(rule, "maxItems");
    if (least != nullptr && value.Size() < least->GetUint()) return false;
    if (most != nullptr && value.Size() > most->GetUint()) return false;
    const Value* items = member(rule, "items");
    if (items == nullptr) return true;
    if (items->IsObject()) {
      return std::all_of(value.Begin(), value.End(), [&](const Value& one) { return fits(one, *items, depth + 1); });
    }
    for (rapidjson::SizeType at = 0; at < value.Size() && at < items->Size(); ++at) {
      if (!fits(value[at], (*items)[at], depth + 1)) return false;
    }
    return true;
  }

  static bool has_type(const Value& value, std::string_view type) {
    if (type == "object") return value.IsObject();
    if (type == "array") return value.IsArray();
    if (type == "string") return value.IsString();
    if (type == "boolean") return value.IsBool();
    if (type == "integer")
      return value.IsInt64() || (value.IsDouble() && std::floor(value.GetDouble()) == value.GetDouble());
    if (type == "number") return value.IsNumber();
    return type == "null" ? value.IsNull() : true;
  }

  static const Value& resolved(const Value& reference) {
    const std::string_view path = text_of(reference);
    const std::string name{path.substr(std::string_view{"#/definitions/"}.size())};
    const Value* found = member(schema()["definitions"], name.c_str());
    if (found == nullptr) throw std::runtime_error("no definition " + name);
    return *found;
  }

  /// The deepest node that fits nowhere is what is wrong.
  void note(const Value& value) {
    if (!problem_.empty()) return;
    const Value* type = member(value, "type");
    problem_ = type == nullptr ? "a value that is no node" : fmt::format("node '{}'", text_of(*type));
  }

  std::map<std::pair<const Value*, const Value*>, bool> known_;
  std::string problem_;
};

void collect(const Value& node, std::string& text) {
  const Value* kind = member(node, "type");
  const std::string_view type = kind == nullptr ? std::string_view{} : text_of(*kind);
  if (type == "text") {
    if (const Value* own = member(node, "text")) text += text_of(*own);
  }
  if (type == "hardBreak") text += '\n';
  if (const Value* content = member(node, "content"); content != nullptr && content->IsArray()) {
    for (const Value& one : content->GetArray()) {
      if (one.IsObject()) collect(one, text);
    }
  }
  if (const Value* attributes = member(node, "attrs");
      attributes != nullptr && (type == "mention" || type == "emoji" || type == "status")) {
    if (const Value* shown = member(*attributes, "text")) text += text_of(*shown);
  }
  static const std::set<std::string_view> blocks{"paragraph", "heading", "codeBlock", "rule", "tableRow"};
  if (blocks.contains(type)) text += '\n';
}

}  // namespace

std::size_t characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }));
}

std::string adf_of_plain(std::string_view text) {
  if (text.empty()) return {};
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer{buffer};
  writer.StartObject();
  writer.Key("version");
  writer.Int(1);
  writer.Key("type");
  writer.String("doc");
  writer.Key("content");
  writer.StartArray();
  std::size_t start = 0;
  while (start <= text.size()) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    const std::string_view line = text.substr(start, end - start);
    start = end + 1;
    if (line.empty()) continue;
    writer.StartObject();
    writer.Key("type");
    writer.String("paragraph");
    writer.Key("content");
    writer.StartArray();
    writer.StartObject();
    writer.Key("type");
    writer.String("text");
    writer.Key("text");
    writer.String(line.data(), static_cast<rapidjson::SizeType>(line.size()));
    writer.EndObject();
    writer.EndArray();
    writer.EndObject();
  }
  writer.EndArray();
  writer.EndObject();
  return {buffer.GetString(), buffer.GetSize()};
}

std::string plain_of_adf(const std::string& adf) {
  rapidjson::Document document;
  document.Parse<rapidjson::kParseIterativeFlag>(adf.c_str());
  if (document.HasParseError() || !document.IsObject()) return {};
  std::string text;
  collect(document, text);
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

std::string wiki_of_adf(const std::string& adf) {
  if (adf.empty()) return {};
  return markup::render(markup::Format::jira_wiki, markup::parse(markup::Format::adf, adf)).text;
}

std::string adf_of_wiki(const std::string& wiki) {
  if (wiki.find_first_not_of(" \t\r\n") == std::string::npos) return {};
  return markup::render(markup::Format::adf, markup::parse(markup::Format::jira_wiki, wiki)).text;
}

std::string adf_problem(const Value& document) {
  if (!document.IsObject()) return "it is no object";
  Judgement judgement;
  if (judgement.fits(document, schema())) return {};
  return judgement.first_problem().empty() ? "the document itself" : judgement.first_problem();
}

}  // namespace causeway::fakes::jira
