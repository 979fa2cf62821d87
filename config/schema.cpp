#include "config/schema.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <re2/re2.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "agent/model/suggest.hpp"

namespace causeway::config {
namespace {

constexpr std::size_t shown_characters_max = 60;

const char* type_in_words(std::string_view type) {
  if (type == "string") return "a text";
  if (type == "integer") return "a whole number";
  if (type == "number") return "a number";
  if (type == "boolean") return "true or false";
  if (type == "array") return "a list";
  return "a map (key: value)";
}

std::string in_words(const std::vector<std::string>& types) {
  std::vector<std::string> words;
  for (const std::string& type : types) words.emplace_back(type_in_words(type));
  return fmt::format("{}", fmt::join(words, " or "));
}

bool has_type(const Node& node, std::string_view type) {
  if (type == "array") return node.kind == Node::Kind::list;
  if (type == "object") return node.kind == Node::Kind::map;
  if (type == "integer") return node.is_integer();
  if (type == "number") return node.is_number();
  if (type == "boolean") return node.is_boolean();
  return node.kind == Node::Kind::scalar && !node.is_number() && !node.is_boolean();
}

/// What a person has written there. Never the text of a secret.
std::string shown(const Node& node, bool secret) {
  switch (node.kind) {
    case Node::Kind::nothing:
      return "nothing";
    case Node::Kind::list:
      return "a list";
    case Node::Kind::map:
      return "a map";
    case Node::Kind::scalar:
      break;
  }
  if (secret) return "something else";
  if (node.text.size() <= shown_characters_max) return fmt::format("\"{}\"", node.text);
  return fmt::format("a text of {} bytes", node.text.size());
}

std::vector<std::string> names_of(const Json& object) {
  std::vector<std::string> names;
  for (const auto& member : object.GetObject()) names.emplace_back(member.name.GetString());
  return names;
}

/// The first sentence of a description.
std::string first_sentence(const std::string& description) {
  const std::size_t end = description.find(". ");
  return end == std::string::npos ? description.substr(0, description.find_last_not_of('.') + 1)
                                  : description.substr(0, end);
}

std::string path_to(const Node& node, const std::string& key) {
  return node.path.empty() ? key : node.path + "/" + key;
}

/// The one check of one node; the secret flag goes down the tree.
class Checker {
 public:
  explicit Checker(Problems& problems) : problems_(problems) {}

  void check(const Node& node, const Json& schema, bool secret) {
    const Json* write_only = word(schema, "writeOnly");
    secret = secret || (write_only != nullptr && write_only->GetBool());
    if (!check_type(node, schema, secret)) return;
    if (node.kind == Node::Kind::map) return check_map(node, schema, secret);
    if (node.kind == Node::Kind::list) return check_list(node, schema, secret);
    check_scalar(node, schema, secret);
  }

 private:
  bool check_type(const Node& node, const Json& schema, bool secret) {
    const std::vector<std::string> types = types_of(schema);
    if (std::any_of(types.begin(), types.end(), [&](const std::string& type) { return has_type(node, type); }))
      return true;
    problems_.error(node.line, node.path,
                    fmt::format("must be {}, but here is {}", in_words(types), shown(node, secret)),
                    type_remedy(node, schema, types, secret));
    return false;
  }

  static std::string type_remedy(const Node& node, const Json& schema, const std::vector<std::string>& types,
                                 bool secret) {
    const auto wants = [&](std::string_view type) {
      return std::find(types.begin(), types.end(), type) != types.end();
    };
    if (secret) return "write {env: NAME}, {file: PATH} or {credential: NAME}";
    if (node.kind == Node::Kind::nothing) return "give it a value, or take the key away";
    if (word(schema, "pattern") != nullptr) return for_example(schema);
    if (wants("boolean")) return "write true or false";
    if (node.kind == Node::Kind::scalar && wants("string")) return fmt::format("put it in quotes: \"{}\"", node.text);
    if (node.kind == Node::Kind::scalar && wants("array")) return fmt::format("put it in brackets: [{}]", node.text);
    return fmt::format("write {}", in_words(types));
  }

  static std::string for_example(const Json& schema) {
    const Json* examples = word(schema, "examples");
    if (examples == nullptr) return fmt::format("write {}", text_word(schema, "x-form"));
    std::vector<std::string> texts;
    for (const Json& example : examples->GetArray()) texts.emplace_back(example.GetString());
    return fmt::format("for example {}", fmt::join(texts, ", "));
  }

  void check_map(const Node& node, const Json& schema, bool secret) {
    const Json* properties = word(schema, "properties");
    const Json* others = word(schema, "additionalProperties");
    const Json* key_schema = word(schema, "propertyNames");
    for (const Entry& entry : node.entries) {
      if (properties != nullptr && properties->HasMember(entry.key)) {
        check(entry.value, (*properties)[entry.key], secret);
        continue;
      }
      if (others == nullptr || !others->IsObject()) {
        unknown_key(node, entry, properties, secret);
        continue;
      }
      if (key_schema != nullptr && !matches(entry.key, *key_schema)) {
        problems_.error(entry.line, path_to(node, entry.key),
                        fmt::format("\"{}\" is not {}", entry.key, text_word(*key_schema, "x-form")),
                        for_example(*key_schema));
      }
      check(entry.value, *others, secret);
    }
    check_required(node, schema);
    if (const Json* least = word(schema, "minProperties"); least != nullptr && node.entries.size() < least->GetUint()) {
      problems_.error(
          node.line, node.path,
          fmt::format("there must be at least {} entr{} here", least->GetUint(), least->GetUint() == 1 ? "y" : "ies"),
          first_sentence(text_word(schema, "description")));
    }
  }

  void unknown_key(const Node& node, const Entry& entry, const Json* properties, bool secret) {
    const std::vector<std::string> known = properties == nullptr ? std::vector<std::string>{} : names_of(*properties);
    const auto near = closest(entry.key, known);
    std::string remedy;
    if (entry.key == "<<") {
      remedy = "write the keys out; merging by << is not understood";
    } else if (near) {
      remedy = fmt::format("did you mean \"{}\"?", *near);
    } else {
      remedy = fmt::format("there are {}", fmt::join(known, ", "));
    }
    // {the-token} is a map with the token as its key.
    problems_.error(entry.line, secret ? node.path : path_to(node, entry.key), "there is no such key here", remedy);
  }

  void check_required(const Node& node, const Json& schema) {
    const Json* required = word(schema, "required");
    if (required == nullptr) return;
    const Json* properties = word(schema, "properties");
    for (const Json& name : required->GetArray()) {
      const std::string key = name.GetString();
      if (node.find(key) != nullptr) continue;
      problems_.error(node.line, node.path, fmt::format("\"{}\" is missing", key),
                      fmt::format("add it: {}", first_sentence(text_word((*properties)[key], "description"))));
    }
  }

  void check_list(const Node& node, const Json& schema, bool secret) {
    const Json* least = word(schema, "minItems");
    const Json* most = word(schema, "maxItems");
    const bool too_few = least != nullptr && node.items.size() < least->GetUint();
    const bool too_many = most != nullptr && node.items.size() > most->GetUint();
    if (too_few || too_many) {
      problems_.error(
          node.line, node.path,
          fmt::format("must have {} values, but has {}", (too_few ? least : most)->GetUint(), node.items.size()),
          "write them as [left, right]");
    }
    const Json* items = word(schema, "items");
    if (items == nullptr) return;
    for (const Node& item : node.items) check(item, *items, secret);
  }

  void check_scalar(const Node& node, const Json& schema, bool secret) {
    if (const Json* least = word(schema, "minLength"); least != nullptr && node.text.size() < least->GetUint()) {
      problems_.error(node.line, node.path, "is an empty text", "write something, or take it away");
      return;
    }
    if (const Json* choices = word(schema, "enum")) return check_choice(node, *choices);
    if (!matches(node.text, schema)) {
      problems_.error(node.line, node.path,
                      fmt::format("{} is not {}", secret ? "this" : shown(node, secret), text_word(schema, "x-form")),
                      for_example(schema));
      return;
    }
    check_bounds(node, schema);
  }

  void check_choice(const Node& node, const Json& choices) {
    std::vector<std::string> known;
    for (const Json& choice : choices.GetArray()) known.emplace_back(choice.GetString());
    if (std::find(known.begin(), known.end(), node.text) != known.end()) return;
    const auto near = closest(node.text, known);
    problems_.error(node.line, node.path,
                    fmt::format("{} is not one of {}", shown(node, false), fmt::join(known, ", ")),
                    near ? fmt::format("did you mean \"{}\"?", *near) : "write one of them");
  }

  void check_bounds(const Node& node, const Json& schema) {
    const Json* minimum = word(schema, "minimum");
    const Json* maximum = word(schema, "maximum");
    if (minimum != nullptr && maximum != nullptr) {
      const auto value = count_of(&node);
      if (!value || *value < minimum->GetUint() || *value > maximum->GetUint()) {
        problems_.error(node.line, node.path, fmt::format("{} is out of range", shown(node, false)),
                        fmt::format("write a whole number from {} to {}", minimum->GetUint(), maximum->GetUint()));
      }
    }
    const std::string least = text_word(schema, "x-least");
    if (least.empty()) return;
    if (const auto duration = parse_duration(node.text); duration && *duration < parse_duration(least)) {
      problems_.error(node.line, node.path, fmt::format("{} is too short", shown(node, false)),
                      fmt::format("write {} or more", least));
    }
  }

  static bool matches(const std::string& text, const Json& schema) {
    const std::string pattern = text_word(schema, "pattern");
    return pattern.empty() || RE2::PartialMatch(text, pattern);
  }

  Problems& problems_;
};

}  // namespace

const Json& schema_document() {
  static const rapidjson::Document document = [] {
    rapidjson::Document parsed;
    parsed.Parse(schema().data(), schema().size());
    if (parsed.HasParseError()) std::abort();  // a broken schema is built in: stop rather than accept anything
    return parsed;
  }();
  return document;
}

const Json& resolved(const Json& schema) {
  const Json* one = &schema;
  while (one->HasMember("$ref")) {
    const std::string_view reference{(*one)["$ref"].GetString()};
    one = &schema_document()["definitions"][std::string{reference.substr(reference.rfind('/') + 1)}];
  }
  return *one;
}

const Json* word(const Json& schema, const char* name) {
  if (const auto own = schema.FindMember(name); own != schema.MemberEnd()) return &own->value;
  const Json& target = resolved(schema);
  const auto found = target.FindMember(name);
  return found == target.MemberEnd() ? nullptr : &found->value;
}

std::string text_word(const Json& schema, const char* name) {
  const Json* found = word(schema, name);
  return found != nullptr && found->IsString() ? found->GetString() : "";
}

std::vector<std::string> types_of(const Json& schema) {
  const Json* type = word(schema, "type");
  if (type == nullptr) return {};
  if (type->IsString()) return {type->GetString()};
  std::vector<std::string> types;
  for (const Json& one : type->GetArray()) types.emplace_back(one.GetString());
  return types;
}

std::set<std::string> words_understood() {
  return {"$id",        "$ref",          "$schema",     "additionalProperties",
          "default",    "definitions",   "description", "enum",
          "examples",   "items",         "maxItems",    "maximum",
          "minItems",   "minLength",     "minimum",     "pattern",
          "properties", "minProperties", "required",    "propertyNames",
          "title",      "type",          "writeOnly",   "x-form",
          "x-kinds",    "x-least"};
}

void check(const Node& node, const Json& schema, Problems& problems) { Checker{problems}.check(node, schema, false); }

std::optional<std::chrono::seconds> parse_duration(std::string_view text) {
  if (text.size() < 2) return std::nullopt;
  std::int64_t amount = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size() - 1, amount);
  constexpr std::int64_t amount_max = 999'999;  // as the schema says
  if (error != std::errc{} || end != text.data() + text.size() - 1 || amount < 0 || amount > amount_max)
    return std::nullopt;
  switch (text.back()) {
    case 's':
      return std::chrono::seconds{amount};
    case 'm':
      return std::chrono::minutes{amount};
    case 'h':
      return std::chrono::hours{amount};
    case 'd':
      return std::chrono::days{amount};
    default:
      return std::nullopt;
  }
}

}  // namespace causeway::config
