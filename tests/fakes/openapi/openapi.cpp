#include "tests/fakes/openapi/openapi.hpp"

#include <fmt/format.h>
#include <rapidjson/pointer.h>
#include <rapidjson/schema.h>
#include <rapidjson/stringbuffer.h>

#include <algorithm>
#include <charconv>
#include <set>
#include <stdexcept>

#include "agent/model/time.hpp"
#include "tests/fakes/http/exchange.hpp"

namespace causeway::fakes {
namespace {

using rapidjson::Value;
using Allocator = rapidjson::Document::AllocatorType;

const Value* member(const Value& object, const char* name) {
  if (!object.IsObject()) return nullptr;
  const auto found = object.FindMember(name);
  return found == object.MemberEnd() ? nullptr : &found->value;
}

std::string text_of(const Value& value) { return {value.GetString(), value.GetStringLength()}; }

Value text_value(std::string_view text, Allocator& memory) {
  return Value{text.data(), static_cast<rapidjson::SizeType>(text.size()), memory};
}

/// Turns OpenAPI 3.0's dialect of schemas into JSON Schema draft 4, which the validator speaks, and collects the names
/// of the components that it mentions.
class Conversion {
 public:
  Conversion(Allocator& memory, std::set<std::string>& mentioned, const OpenApiRules& rules)
      : memory_(memory), mentioned_(mentioned), rules_(rules) {}

  Value convert(const Value& schema) {
    if (!schema.IsObject()) return Value{schema, memory_};
    if (const Value* reference = member(schema, "$ref")) {
      const std::string name = text_of(*reference).substr(std::string_view{"#/components/schemas/"}.size());
      mentioned_.insert(name);
      Value result{rapidjson::kObjectType};
      result.AddMember("$ref", text_value("#/definitions/" + name, memory_), memory_);
      return result;
    }
    Value result{rapidjson::kObjectType};
    for (const char* name : {"type", "required", "enum", "pattern", "minLength", "maxLength", "minimum", "maximum",
                             "minItems", "maxItems", "uniqueItems"}) {
      if (const Value* value = member(schema, name)) add(result, name, Value{*value, memory_});
    }
    if (const Value* properties = member(schema, "properties")) {
      Value converted{rapidjson::kObjectType};
      for (const auto& property : properties->GetObject()) {
        converted.AddMember(Value{property.name, memory_}, convert(property.value), memory_);
      }
      add(result, "properties", std::move(converted));
    }
    for (const char* name : {"items", "not", "additionalProperties"}) {
      if (const Value* value = member(schema, name)) add(result, name, convert(*value));
    }
    for (const char* name : {"allOf", "anyOf", "oneOf"}) {
      const Value* list = member(schema, name);
      if (list == nullptr) continue;
      Value converted{rapidjson::kArrayType};
      for (const auto& one : list->GetArray()) converted.PushBack(convert(one), memory_);
      add(result, name, std::move(converted));
    }
    add_format(schema, result);
    const Value* nullable = member(schema, "nullable");
    return nullable != nullptr && nullable->IsTrue() ? or_null(std::move(result)) : std::move(result);
  }

 private:
  void add(Value& object, const char* name, Value value) {
    object.AddMember(text_value(name, memory_), std::move(value), memory_);
  }

  /// The validator knows no formats, so those that matter are said as patterns.
  void add_format(const Value& schema, Value& result) {
    const Value* format = member(schema, "format");
    if (format == nullptr || member(schema, "pattern") != nullptr) return;
    const std::string name = text_of(*format);
    if (name == "date-time") {
      add(result, "pattern", text_value(rules_.time_pattern, memory_));
    } else if (name == "uri") {
      add(result, "pattern", text_value("^https?://[^ ]+$", memory_));
    }
  }

  Value or_null(Value schema) {
    const auto type = schema.FindMember("type");
    if (type == schema.MemberEnd()) {
      Value null{rapidjson::kObjectType};
      add(null, "type", text_value("null", memory_));
      Value choices{rapidjson::kArrayType};
      choices.PushBack(std::move(schema), memory_).PushBack(std::move(null), memory_);
      Value result{rapidjson::kObjectType};
      add(result, "anyOf", std::move(choices));
      return result;
    }
    Value types{rapidjson::kArrayType};
    types.PushBack(Value{type->value, memory_}, memory_).PushBack(text_value("null", memory_), memory_);
    type->value = std::move(types);
    if (const auto allowed = schema.FindMember("enum"); allowed != schema.MemberEnd()) {
      allowed->value.PushBack(Value{}, memory_);
    }
    return schema;
  }

  Allocator& memory_;
  std::set<std::string>& mentioned_;
  const OpenApiRules& rules_;
};

/// Refuses members that the schema does not name: a field that the vendor does not know is a mistake in a request.
void close_objects(Value& schema, Allocator& memory) {
  for (const char* name : {"allOf", "anyOf", "oneOf"}) {
    const auto list = schema.FindMember(name);
    if (list == schema.MemberEnd()) continue;
    for (auto& one : list->value.GetArray()) close_objects(one, memory);
  }
  if (!schema.HasMember("properties")) return;
  const auto others = schema.FindMember("additionalProperties");
  if (others == schema.MemberEnd()) schema.AddMember("additionalProperties", Value{false}, memory);
  else if (others->value.IsTrue()) others->value.SetBool(false);
}

std::string as_text(const rapidjson::Pointer& pointer) {
  rapidjson::StringBuffer buffer;
  pointer.StringifyUriFragment(buffer);
  return {buffer.GetString(), buffer.GetSize()};
}

std::vector<std::string> segments(std::string_view path) {
  std::vector<std::string> parts;
  std::size_t start = 1;
  while (start <= path.size()) {
    const std::size_t end = std::min(path.find('/', start), path.size());
    parts.emplace_back(path.substr(start, end - start));
    start = end + 1;
  }
  return parts;
}

bool is_json_status(int status) {
  static constexpr std::array errors{301, 302, 307, 400, 401, 403, 404, 409, 410, 415, 422, 413, 429, 500, 502, 503};
  return std::find(errors.begin(), errors.end(), status) != errors.end();
}

}  // namespace

struct OpenApi::Document {
  explicit Document(OpenApiRules how) : rules(std::move(how)) {}
  const OpenApiRules rules;
  rapidjson::Document text;
  mutable std::mutex mutex;  ///< guards `compiled`
  mutable std::map<std::string, std::unique_ptr<rapidjson::SchemaDocument>> compiled;

  /// The item of a path, and its template; nullptr: the document knows none.
  [[nodiscard]] const Value* path_item(std::string_view path, std::string& found) const {
    const std::vector<std::string> wanted = segments(path);
    const Value* best = nullptr;
    std::size_t best_literals = 0;
    for (const auto& entry : text["paths"].GetObject()) {
      const std::vector<std::string> parts = segments(text_of(entry.name));
      if (parts.size() != wanted.size()) continue;
      std::size_t literals = 0;
      const bool fits =
          std::equal(parts.begin(), parts.end(), wanted.begin(), [&](const auto& part, const auto& given) {
            if (part.starts_with('{')) return !given.empty();
            ++literals;
            return part == given;
          });
      if (!fits || (best != nullptr && literals <= best_literals)) continue;
      best = &entry.value;
      best_literals = literals;
      found = text_of(entry.name);
    }
    return best;
  }

  [[nodiscard]] const Value& resolved(const Value& value) const {
    const Value* reference = member(value, "$ref");
    if (reference == nullptr) return value;
    const Value* target = rapidjson::Pointer{reference->GetString()}.Get(text);
    if (target == nullptr) throw std::runtime_error("no " + text_of(*reference));
    return *target;
  }

  [[nodiscard]] const Value& referred(const Value& schema_text) const {
    const Value* reference = member(schema_text, "$ref");
    return reference == nullptr ? schema_text : referred(resolved(schema_text));
  }

  [[nodiscard]] const rapidjson::SchemaDocument& schema(const std::string& name, const Value& schema_text,
                                                        bool closed) const {
    const std::scoped_lock lock{mutex};
    auto& entry = compiled[name];
    if (entry) return *entry;
    rapidjson::Document whole;
    whole.SetObject();
    Allocator& memory = whole.GetAllocator();
    std::set<std::string> mentioned;
    Conversion conversion{memory, mentioned, rules};
    // A reference at the very top is followed here: through one more layer the validator would only say "allOf".
    Value top = conversion.convert(referred(schema_text));
    if (closed) close_objects(top, memory);
    Value definitions{rapidjson::kObjectType};
    std::set<std::string> done;
    while (true) {
      const auto next = std::find_if(mentioned.begin(), mentioned.end(),
                                     [&](const std::string& candidate) { return !done.contains(candidate); });
      if (next == mentioned.end()) break;
      const std::string component = *next;
      done.insert(component);
      const Value* body = member(text["components"]["schemas"], component.c_str());
      if (body == nullptr) throw std::runtime_error("no schema " + component);
      Value converted = conversion.convert(*body);
      definitions.AddMember(text_value(component, memory), std::move(converted), memory);
    }
    for (auto& entry_of_top : top.GetObject()) {
      whole.AddMember(std::move(entry_of_top.name), std::move(entry_of_top.value), memory);
    }
    whole.AddMember("definitions", std::move(definitions), memory);
    entry = std::make_unique<rapidjson::SchemaDocument>(whole);
    return *entry;
  }

  void validate(const rapidjson::SchemaDocument& schema_document, const std::string& body, std::string_view what,
                std::vector<std::string>& wrong) const {
    rapidjson::Document value;
    value.Parse<rapidjson::kParseFullPrecisionFlag | rapidjson::kParseValidateEncodingFlag>(body.data(), body.size());
    if (value.HasParseError()) {
      wrong.push_back(fmt::format("{} is no JSON", what));
      return;
    }
    rapidjson::SchemaValidator validator{schema_document};
    if (value.Accept(validator)) return;
    wrong.push_back(fmt::format("{} breaks '{}' of {} at {}", what, validator.GetInvalidSchemaKeyword(),
                                as_text(validator.GetInvalidSchemaPointer()),
                                as_text(validator.GetInvalidDocumentPointer())));
  }

  void check_parameters(const Value& item, const Value& operation, std::string_view query_text,
                        std::vector<std::string>& wrong) const {
    for (const auto& [name, value] : parse_query(query_text)) {
      const Value* known = nullptr;
      for (const Value* owner : {&operation, &item}) {
        const Value* list = member(*owner, "parameters");
        if (list == nullptr) continue;
        for (const auto& one : list->GetArray()) {
          const Value& parameter = resolved(one);
          if (text_of(parameter["in"]) == "query" && text_of(parameter["name"]) == name) known = &parameter;
        }
      }
      if (known == nullptr) {
        wrong.push_back(fmt::format("there is no parameter '{}'", name));
        continue;
      }
      const Value& schema_text = resolved((*known)["schema"]);
      if (const Value* allowed = member(schema_text, "enum")) {
        const auto fits = [&](const Value& one) { return one.IsString() && text_of(one) == value; };
        if (std::none_of(allowed->Begin(), allowed->End(), fits)) {
          wrong.push_back(fmt::format("'{}' is none of the values of parameter '{}'", value, name));
        }
      }
      const Value* type = member(schema_text, "type");
      std::int64_t number = 0;
      const bool numeric =
          std::from_chars(value.data(), value.data() + value.size(), number).ptr == value.data() + value.size() &&
          !value.empty();
      if (type != nullptr && text_of(*type) == "integer" && !numeric) {
        wrong.push_back(fmt::format("parameter '{}' is no number", name));
      }
      const Value* format = member(schema_text, "format");
      if (format != nullptr && text_of(*format) == "date-time" && !parse_instant(value)) {
        wrong.push_back(fmt::format("parameter '{}' is no time", name));
      }
    }
  }
};

OpenApi::OpenApi(const std::string& json, OpenApiRules rules)
    : document_(std::make_unique<Document>(std::move(rules))) {
  document_->text.Parse(json.data(), json.size());
  if (document_->text.HasParseError() || member(document_->text, "paths") == nullptr) {
    throw std::runtime_error("no OpenAPI document");
  }
  if (document_->rules.amend) document_->rules.amend(document_->text);
}

OpenApi::~OpenApi() = default;

OpenApi::Operation OpenApi::find(std::string_view method, std::string_view path) const {
  Operation result;
  result.item = document_->path_item(path, result.path_template);
  if (result.item != nullptr) result.operation = member(*result.item, lower(method).c_str());
  return result;
}

std::vector<std::string> OpenApi::check_request(std::string_view method, std::string_view path, std::string_view query,
                                                std::string_view content_type, const std::string& body) const {
  std::vector<std::string> wrong;
  const Operation found = find(method, path);
  if (found.operation == nullptr) return {fmt::format("there is no {} {}", method, path)};
  document_->check_parameters(*found.item, *found.operation, query, wrong);
  const Value* expected = member(*found.operation, "requestBody");
  if (expected == nullptr) {
    if (!body.empty()) wrong.emplace_back("there must be no body");
    return wrong;
  }
  if (body.empty()) {
    const Value* required = member(*expected, "required");
    if (required != nullptr && required->IsTrue()) wrong.emplace_back("there is no body");
    return wrong;
  }
  const Value& contents = (*expected)["content"];
  const Value* content = member(contents, "application/json");
  if (content == nullptr) {
    const bool known = std::any_of(contents.MemberBegin(), contents.MemberEnd(),
                                   [&](const auto& one) { return content_type.starts_with(text_of(one.name)); });
    if (!known) wrong.push_back(fmt::format("the body must not be {}", content_type));
    return wrong;
  }
  if (!content_type.starts_with("application/json")) wrong.emplace_back("the body is not said to be JSON");
  const Value* schema_text = member(*content, "schema");
  if (schema_text == nullptr) return wrong;
  const auto& schema = document_->schema(fmt::format("{} {} body", method, found.path_template), *schema_text, true);
  document_->validate(schema, body, "the body", wrong);
  return wrong;
}

std::vector<std::string> OpenApi::check_answer(std::string_view method, std::string_view path, int status,
                                               const std::string& body) const {
  std::vector<std::string> wrong;
  const Operation found = find(method, path);
  if (found.operation == nullptr) {
    if (status != 404 && status != 410) wrong.push_back(fmt::format("there is no {} {}", method, path));
    return wrong;
  }
  const bool bare = status == 304 || status == 204 || status == 303;
  if (bare && !body.empty()) wrong.push_back(fmt::format("{} has a body", status));
  if (bare) return wrong;
  const Value* listed = member((*found.operation)["responses"], std::to_string(status).c_str());
  if (listed == nullptr && !is_json_status(status)) {
    wrong.push_back(fmt::format("{} is no answer to it", status));
    return wrong;
  }
  const Value* content = listed == nullptr ? nullptr : member(document_->resolved(*listed), "content");
  const Value* json = content == nullptr ? nullptr : member(*content, "application/json");
  const Value* schema_text = json == nullptr ? nullptr : member(*json, "schema");
  if (schema_text == nullptr) {
    if (status < 400 || body.empty() || document_->rules.error_component.empty()) return wrong;
    const Value* error = member(document_->text["components"]["schemas"], document_->rules.error_component.c_str());
    if (error == nullptr) throw std::runtime_error("no schema " + document_->rules.error_component);
    document_->validate(document_->schema(document_->rules.error_component, *error, false), body, "the error", wrong);
    return wrong;
  }
  // Where the document allows anything, it allows nothing as well.
  if (body.empty() && schema_text->ObjectEmpty()) return wrong;
  const auto& schema =
      document_->schema(fmt::format("{} {} {}", method, found.path_template, status), *schema_text, false);
  document_->validate(schema, body, status < 400 ? "the answer" : "the error", wrong);
  return wrong;
}

}  // namespace causeway::fakes
