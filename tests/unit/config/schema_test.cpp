/// The schema is the one source of the keys: that it is understood, complete and a JSON Schema that others read as we
/// do.
#define RAPIDJSON_SCHEMA_USE_INTERNALREGEX 0
#define RAPIDJSON_SCHEMA_USE_STDREGEX 1
#include "config/schema.hpp"

#include <gmock/gmock.h>
#include <rapidjson/schema.h>
#include <rapidjson/stringbuffer.h>

#include "tests/unit/config/text_file.hpp"

namespace causeway::config {
namespace {

using test::source_file;
using testing::IsEmpty;

std::optional<Node> tree(std::string_view yaml) {
  Problems problems{"test.yaml"};
  auto node = read_yaml(yaml, problems);
  if (node) name_paths(*node, "");
  return node;
}

/// The tree as JSON, the way an editor's YAML language server gives it to its validator.
Json to_json(const Node& node, rapidjson::Document::AllocatorType& memory) {
  Json json;
  if (node.kind == Node::Kind::list) {
    json.SetArray();
    for (const Node& item : node.items) json.PushBack(to_json(item, memory), memory);
  } else if (node.kind == Node::Kind::map) {
    json.SetObject();
    for (const Entry& entry : node.entries)
      json.AddMember(Json{entry.key.c_str(), memory}, to_json(entry.value, memory), memory);
  } else if (node.is_boolean()) {
    json.SetBool(*boolean_of(&node));
  } else if (node.is_integer()) {
    json.SetInt64(std::stoll(node.text));
  } else if (node.is_number()) {
    json.SetDouble(std::stod(node.text));
  } else if (node.kind == Node::Kind::scalar) {
    json.SetString(node.text.c_str(), memory);
  }
  return json;
}

/// RapidJSON's own judgement; empty: valid.
std::string judged_by_rapidjson(const Node& node) {
  rapidjson::Document parsed;
  parsed.Parse(schema().data(), schema().size());
  const rapidjson::SchemaDocument document{parsed};
  rapidjson::SchemaValidator validator{document};
  rapidjson::Document memory;
  if (to_json(node, memory.GetAllocator()).Accept(validator)) return {};
  rapidjson::StringBuffer place;
  validator.GetInvalidDocumentPointer().StringifyUriFragment(place);
  return std::string{"refused: "} + validator.GetInvalidSchemaKeyword() + " at " + place.GetString();
}

bool refused_by_us(const Node& node) {
  Problems problems{"test.yaml"};
  check(node, schema_document(), problems);
  return problems.errors();
}

/// Calls `visit` with every schema inside `schema`, itself included.
void each_schema(const Json& schema, const std::function<void(const Json&)>& visit) {
  visit(schema);
  for (const char* map : {"properties", "definitions"}) {
    if (!schema.HasMember(map)) continue;
    for (const auto& member : schema[map].GetObject()) each_schema(member.value, visit);
  }
  for (const char* inner : {"items", "additionalProperties", "propertyNames"}) {
    if (schema.HasMember(inner) && schema[inner].IsObject()) each_schema(schema[inner], visit);
  }
}

/// The keys of every map in `node` that the schema names, as "address of the map's schema/key".
void used_keys(const Node& node, const Json& schema, std::set<std::pair<const Json*, std::string>>& used) {
  const Json* properties = word(schema, "properties");
  const Json* others = word(schema, "additionalProperties");
  const Json* items = word(schema, "items");
  for (const Node& item : node.items) {
    if (items != nullptr) used_keys(item, *items, used);
  }
  for (const Entry& entry : node.entries) {
    if (properties != nullptr && properties->HasMember(entry.key)) {
      used.emplace(properties, entry.key);
      used_keys(entry.value, (*properties)[entry.key], used);
    } else if (others != nullptr && others->IsObject()) {
      used_keys(entry.value, *others, used);
    }
  }
}

TEST(Schema, UsesOnlyWordsThatTheLoaderUnderstands) {
  const std::set<std::string> understood = words_understood();
  each_schema(schema_document(), [&](const Json& one) {
    for (const auto& member : one.GetObject())
      EXPECT_TRUE(understood.contains(member.name.GetString())) << member.name.GetString();
  });
}

TEST(Schema, SaysWhatEveryKeyIsFor) {
  each_schema(schema_document(), [](const Json& one) {
    if (!one.HasMember("properties")) return;
    for (const auto& property : one["properties"].GetObject()) {
      EXPECT_NE(text_word(property.value, "description"), "") << property.name.GetString();
      EXPECT_FALSE(types_of(property.value).empty()) << property.name.GetString();
    }
  });
}

TEST(Schema, ForbidsUnknownKeysInEveryMap) {
  each_schema(schema_document(), [](const Json& one) {
    EXPECT_TRUE(!one.HasMember("properties") || one.HasMember("additionalProperties"));
  });
}

TEST(Schema, EveryPatternSaysInWordsWhatItWants) {
  each_schema(schema_document(), [](const Json& one) {
    if (!one.HasMember("pattern")) return;
    EXPECT_NE(text_word(one, "x-form"), "");
    ASSERT_TRUE(one.HasMember("examples"));
    for (const Json& example : one["examples"].GetArray()) {
      Node node;
      node.kind = Node::Kind::scalar;
      node.text = example.GetString();
      Problems problems{"test.yaml"};
      check(node, one, problems);
      EXPECT_FALSE(problems.errors()) << node.text << " is the example for " << text_word(one, "x-form");
    }
  });
}

TEST(Schema, HasNoKeyThatTheLoaderDoesNotAccept) {
  const std::string yaml = source_file("tests/unit/config/every-key.yaml");
  const auto root = tree(yaml);
  ASSERT_TRUE(root);
  std::set<std::pair<const Json*, std::string>> used;
  used_keys(*root, schema_document(), used);
  std::set<const Json*> seen;
  each_schema(schema_document(), [&](const Json& one) {
    if (!one.HasMember("properties") || !seen.insert(&one["properties"]).second) return;
    for (const auto& property : one["properties"].GetObject()) {
      EXPECT_TRUE(used.contains({&one["properties"], property.name.GetString()}))
          << property.name.GetString() << " is not in every-key.yaml";
    }
  });
  const Loaded loaded = parse(yaml, "every-key.yaml");
  EXPECT_TRUE(loaded.config);
  for (const Problem& problem : loaded.problems) EXPECT_TRUE(problem.warning) << to_text(problem);
}

TEST(Schema, AcceptsTheExamples) {
  for (const char* file : {"config/causeway.example.yaml", "config/causeway-full.example.yaml",
                           "config/causeway-jira.example.yaml", "tests/unit/config/every-key.yaml"}) {
    const auto root = tree(source_file(file));
    ASSERT_TRUE(root) << file;
    EXPECT_EQ(judged_by_rapidjson(*root), "") << file;
    EXPECT_FALSE(refused_by_us(*root)) << file;
    EXPECT_TRUE(parse(source_file(file), file).config) << file;
  }
}

TEST(Schema, AcceptsEveryShippedPresetInARoute) {
  for (const auto& [name, yaml] : shipped_presets()) {
    auto route = tree(yaml);
    ASSERT_TRUE(route) << name;
    auto root = tree(source_file("config/causeway.example.yaml"));
    ASSERT_TRUE(root);
    for (Entry& entry : root->entries) {
      if (entry.key != "routes") continue;
      for (Entry& one : entry.value.entries) one.value = merged(*route, std::move(one.value), 1);
    }
    name_paths(*root, "");
    EXPECT_EQ(judged_by_rapidjson(*root), "") << name;
    EXPECT_FALSE(refused_by_us(*root)) << name;
    EXPECT_NE(text_of(route->find("description")).value_or(""), "") << name;
  }
}

TEST(Schema, ShipsThePresetsOfTheMappingsFolder) {
  ASSERT_EQ(shipped_presets().size(), 20U);
  for (const auto& [name, yaml] : shipped_presets()) EXPECT_EQ(yaml, source_file("mappings/" + name + ".yaml"));
  EXPECT_EQ(schema(), source_file("config/causeway.schema.json"));
}

TEST(Schema, RefusesWhatTheLoaderRefusesOfIt) {
  for (const char* name : {"unknown-keys", "wrong-types", "missing-keys", "unknown-words", "not-a-map", "wrong-rows"}) {
    const auto root = tree(source_file(std::string{"tests/unit/config/fixtures/"} + name + ".yaml"));
    ASSERT_TRUE(root) << name;
    EXPECT_NE(judged_by_rapidjson(*root), "") << name;
    EXPECT_TRUE(refused_by_us(*root)) << name;
  }
}

TEST(Duration, IsANumberAndAUnit) {
  using namespace std::chrono_literals;
  EXPECT_EQ(parse_duration("60s"), 60s);
  EXPECT_EQ(parse_duration("5m"), 5min);
  EXPECT_EQ(parse_duration("24h"), 24h);
  EXPECT_EQ(parse_duration("400d"), std::chrono::days{400});
  for (const char* no : {"", "s", "5", "5 m", "-5m", "+5m", "5ms", "1.5h", "99999999999999999999s", "5M"})
    EXPECT_EQ(parse_duration(no), std::nullopt) << no;
}

TEST(Example, IsShorterThanFortyLines) {
  const std::string example = source_file("config/causeway.example.yaml");
  EXPECT_LE(std::count(example.begin(), example.end(), '\n'), 40);
}

}  // namespace
}  // namespace causeway::config
