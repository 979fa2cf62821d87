#include "config/reference/reference.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <deque>

#include "config/schema.hpp"

namespace causeway::config {
namespace {

/// A section of the page: one map of the schema with its keys.
struct Section {
  std::string title;
  const Json* schema = nullptr;
};

bool has_keys(const Json& schema) { return word(schema, "properties") != nullptr; }

/// The map whose keys are told in a section of their own, when `schema` leads to one.
const Json* told_apart(const Json& schema) {
  if (has_keys(schema)) return &schema;
  for (const char* inner : {"additionalProperties", "items"}) {
    const Json* one = word(schema, inner);
    if (one != nullptr && one->IsObject() && has_keys(*one)) return one;
  }
  return nullptr;
}

std::string title_of(const Json& schema, const std::string& path) {
  const std::string own = text_word(resolved(schema), "title");
  return own.empty() ? path : own;
}

/// As GitHub makes them of headings.
std::string anchor(const std::string& title) {
  std::string text;
  for (const char letter : title) {
    if (letter >= 'A' && letter <= 'Z') text += static_cast<char>(letter - 'A' + 'a');
    if ((letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '-' || letter == '_')
      text += letter;
    if (letter == ' ') text += '-';
  }
  return text;
}

std::string quoted_list(const Json& values) {
  std::vector<std::string> words;
  for (const Json& value : values.GetArray()) words.push_back(fmt::format("`{}`", value.GetString()));
  return fmt::format("{}", fmt::join(words, ", "));
}

std::string plain_type(const Json& schema) {
  const std::vector<std::string> types = types_of(schema);
  const auto has = [&](std::string_view type) { return std::find(types.begin(), types.end(), type) != types.end(); };
  if (has("array") && !has("string")) return "list";
  if (has("object")) return "map";
  if (has("array")) return "value or list of values";
  if (has("boolean") && !has("string")) return "`true` or `false`";
  if (has("integer") && !has("string")) {
    const Json* minimum = word(schema, "minimum");
    const Json* maximum = word(schema, "maximum");
    return minimum != nullptr && maximum != nullptr
               ? fmt::format("number, {} to {}", minimum->GetUint(), maximum->GetUint())
               : "number";
  }
  return "text";
}

/// What may be written behind a key.
std::string value_text(const Json& schema, const std::string& path) {
  if (const Json* choices = word(schema, "enum")) return quoted_list(*choices);
  const auto link = [](const std::string& title) { return fmt::format("[{}](#{})", title, anchor(title)); };
  if (const Json* apart = told_apart(schema)) {
    const std::string title = title_of(*apart, path);
    if (apart == &schema) return link(title);
    return word(schema, "items") != nullptr ? "list of " + link(title) : "names, each with " + link(title);
  }
  if (const Json* examples = word(schema, "examples"))
    return fmt::format("{}, such as {}", plain_type(schema), quoted_list(*examples));
  if (const Json* items = word(schema, "items"); items != nullptr && plain_type(schema) == "list") {
    return plain_type(*items) == "list" ? "list of `[left, right]`" : "list of texts";
  }
  if (const Json* values = word(schema, "additionalProperties"); values != nullptr && values->IsObject())
    return "map of names and values";
  return plain_type(schema);
}

std::string default_text(const Json& schema, bool required) {
  if (required) return "must be given";
  const Json* value = word(schema, "default");
  if (value == nullptr) return "";
  if (value->IsBool()) return value->GetBool() ? "`true`" : "`false`";
  if (value->IsNumber()) return fmt::format("`{}`", value->GetInt64());
  const std::string text = value->GetString();
  return text.find(' ') == std::string::npos ? fmt::format("`{}`", text) : text;
}

std::string cell(std::string text) {
  for (std::size_t at = text.find('|'); at != std::string::npos; at = text.find('|', at + 2)) text.insert(at, "\\");
  return text;
}

std::string meaning(const Json& schema) {
  std::string text = text_word(schema, "description");
  const Json* kinds = word(schema, "x-kinds");
  if (kinds == nullptr) return text;
  return fmt::format("Only {}. {}", quoted_list(*kinds), text);
}

bool is_required(const Json& schema, std::string_view key) {
  const Json* required = word(schema, "required");
  return required != nullptr &&
         std::any_of(required->Begin(), required->End(), [&](const Json& one) { return one.GetString() == key; });
}

/// A part that several keys lead to has a title and a description of its own; else the key's will do.
std::string description_of(const Json& schema) {
  const Json& part = resolved(schema);
  return part.HasMember("title") ? text_word(part, "description") : text_word(schema, "description");
}

/// The section, and what it leads to at the end of `waiting`.
std::string section_text(const Section& section, const std::string& prefix,
                         std::deque<std::pair<Section, std::string>>& waiting) {
  std::string text = fmt::format("\n## {}\n\n", section.title);
  // The whole file is described above.
  if (const std::string description = description_of(*section.schema);
      section.schema != &schema_document() && !description.empty())
    text += description + "\n\n";
  text += "| Key | Value | Default | Meaning |\n| --- | --- | --- | --- |\n";
  for (const auto& property : word(*section.schema, "properties")->GetObject()) {
    const std::string key = property.name.GetString();
    const Json& schema = property.value;
    const Json* apart = told_apart(schema);
    std::string path = prefix + key;
    if (apart != nullptr && apart != &schema) path += word(schema, "items") != nullptr ? "" : "/NAME";
    text += fmt::format("| `{}` | {} | {} | {} |\n", key, cell(value_text(schema, path)),
                        cell(default_text(schema, is_required(*section.schema, key))), cell(meaning(schema)));
    if (apart != nullptr) waiting.push_back({{title_of(*apart, path), apart}, path + "/"});
  }
  return text;
}

std::string presets_text() {
  std::string text =
      "\n## Presets\n\nA route that says `preset: NAME` begins with these values. What it says itself goes first: maps "
      "are joined key by key, "
      "anything else is replaced as a whole.\n";
  for (const auto& [name, yaml] : shipped_presets()) text += fmt::format("\n### {}\n\n```yaml\n{}```\n", name, yaml);
  return text;
}

}  // namespace

std::string reference(std::string_view example) {
  const Json& root = schema_document();
  std::string text =
      "<!-- Written by `./dev docs` from config/causeway.schema.json and mappings/*.yaml. Change those. -->\n\n# "
      "Configuration\n\n";
  text += text_word(root, "description");
  text +=
      " `causeway check` names everything that is wrong with it, each with its line and the way out; it then asks the "
      "trackers. Keys that are not "
      "in this page are errors.\n\nEditors that know JSON Schema complete and check the file with "
      "`config/causeway.schema.json`.\n\nA whole "
      "configuration:\n\n";
  text += fmt::format("```yaml\n{}```\n", example);

  std::vector<std::string> told;
  std::deque<std::pair<Section, std::string>> waiting{{{"Top level", &root}, ""}};
  while (!waiting.empty()) {
    const auto [section, prefix] = waiting.front();
    waiting.pop_front();
    if (std::find(told.begin(), told.end(), section.title) != told.end()) continue;
    told.push_back(section.title);
    // What a section leads to comes right behind it.
    std::deque<std::pair<Section, std::string>> inner;
    text += section_text(section, prefix, inner);
    waiting.insert(waiting.begin(), inner.begin(), inner.end());
  }
  return text + presets_text();
}

}  // namespace causeway::config
