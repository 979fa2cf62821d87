/// Setting the fields of an issue, with what Jira says against it.
#include <fmt/format.h>

#include <algorithm>

#include "tests/fakes/http/exchange.hpp"
#include "tests/fakes/jira/out.hpp"
#include "tests/fakes/jira/rich.hpp"
#include "tests/fakes/jira/rules.hpp"

namespace causeway::fakes::jira {
namespace {

constexpr std::size_t summary_max = 255;
constexpr std::size_t label_max = 255;
constexpr std::string_view too_long = "The entered text is too long. It exceeds the allowed limit of {} characters.";

std::string with_commas(std::size_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, ",");
  return text;
}

std::string not_on_screen(const std::string& field) {
  return fmt::format("Field '{}' cannot be set. It is not on the appropriate screen, or unknown.", field);
}

/// What `{"id": …}` or `{"name": …}` means among these.
const Named* meant(const std::vector<Named>& all, const rapidjson::Value& value) {
  if (const auto* id = member(value, "id")) return find_named(all, text_of(*id));
  const auto* name = member(value, "name");
  if (name == nullptr) return nullptr;
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Named& one) { return same_name(one.name, text_of(*name)); });
  return found == all.end() ? nullptr : &*found;
}

std::string label_problem(const rapidjson::Value& value) {
  if (!value.IsString()) return "data was not an array of strings";
  const std::string label = text_of(value);
  if (label.find_first_of(" \t\n") != std::string::npos || label.empty()) {
    return fmt::format("The label '{}' contains spaces which is invalid.", label);
  }
  if (characters(label) > label_max)
    return fmt::format("The label '{}' exceeds the maximum length of 255 characters.", label);
  return {};
}

void insert_once(std::vector<std::string>& list, const std::string& value) {
  if (std::find(list.begin(), list.end(), value) == list.end()) list.push_back(value);
}

/// A value as a custom field keeps it, as JSON; "null" for none.
std::string take_custom(const State& state, int api, const CustomField& field, const rapidjson::Value& value,
                        std::string& problem) {
  if (value.IsNull()) return "null";
  const auto option = [&](const rapidjson::Value& wanted) -> std::string {
    for (const auto& [id, text] : field.options) {
      const auto* by_id = member(wanted, "id");
      const auto* by_value = member(wanted, "value");
      if ((by_id != nullptr && text_of(*by_id) == id) || (by_value != nullptr && text_of(*by_value) == text)) {
        Out out;
        out.open().member("self", "").member("value", text).member("id", id).close();
        return out.take();
      }
    }
    problem =
        fmt::format("Option id '{}' is not valid", member(wanted, "id") == nullptr ? "null" : text_of(wanted["id"]));
    return "null";
  };
  switch (field.kind) {
    case FieldKind::text:
      if (!value.IsString()) problem = "Operation value must be a string";
      else if (characters(text_of(value)) > summary_max) problem = fmt::format(too_long, summary_max);
      return json_of(value);
    case FieldKind::rich_text: {
      std::string stored;
      problem = take_rich(state, api, value, stored);
      if (stored.empty()) return "null";
      rapidjson::Value text{stored.data(), static_cast<rapidjson::SizeType>(stored.size())};
      return json_of(text);
    }
    case FieldKind::number:
      if (!value.IsNumber()) problem = "Operation value must be a number";
      return json_of(value);
    case FieldKind::option:
      return option(value);
    case FieldKind::options: {
      if (!value.IsArray()) {
        problem = "data was not an array";
        return "null";
      }
      std::string list;
      for (const auto& one : value.GetArray()) list += (list.empty() ? "" : ",") + option(one);
      return list.empty() ? "null" : "[" + list + "]";
    }
    case FieldKind::texts:
      if (!value.IsArray()) {
        problem = "data was not an array";
      } else {
        for (const auto& one : value.GetArray()) {
          if (problem.empty()) problem = label_problem(one);
        }
      }
      return json_of(value);
    case FieldKind::user: {
      const auto user = take_user(state, value);
      if (!user || user->empty()) problem = "User does not exist or is not valid";
      Out out;
      out.text(user.value_or(""));
      return out.take();
    }
    case FieldKind::date:
    case FieldKind::moment:
      if (!value.IsString()) problem = "Error parsing date string: " + json_of(value);
      return json_of(value);
    case FieldKind::anything:
      return json_of(value);
  }
  return "null";
}

}  // namespace

std::string take_rich(const State& state, int api, const rapidjson::Value& value, std::string& stored) {
  stored.clear();
  if (value.IsNull()) return {};
  const Settings& settings = state.settings;
  const std::size_t most = settings.limits.text_characters;
  const bool adf = settings.deployment == Deployment::cloud && api == 3;
  if (!adf) {
    if (!value.IsString()) return "Operation value must be a string";
    const std::string text = text_of(value);
    if (characters(text) > most) return fmt::format(too_long, with_commas(most));
    stored = settings.deployment == Deployment::cloud ? adf_of_wiki(text) : text;
    return {};
  }
  if (!value.IsObject()) return "Operation value must be an Atlassian Document (see the Atlassian Document Format)";
  if (!adf_problem(value).empty()) return "The text was not accepted. This could be due to unsupported content.";
  stored = json_of(value);
  const std::size_t size = settings.limits.adf_counts_as_json ? characters(stored) : characters(plain_of_adf(stored));
  if (size > most) return fmt::format(too_long, with_commas(most));
  return {};
}

std::optional<std::string> take_user(const State& state, const rapidjson::Value& value) {
  if (value.IsNull()) return "";
  const bool cloud = state.settings.deployment == Deployment::cloud;
  // Cloud refuses names, as its strict mode for privacy has it.
  const std::array<const char*, 2> keys = cloud ? std::array{"accountId", "id"} : std::array{"name", "key"};
  for (const char* by : keys) {
    const auto* wanted = member(value, by);
    if (wanted == nullptr) continue;
    if (wanted->IsNull()) return "";
    const std::string text = text_of(*wanted);
    if (text.empty() && !cloud) return "";
    if (text == "-1") return "";
    for (const auto& [id, user] : state.users) {
      const bool found = cloud || std::string_view{by} == "key" ? id == text : user.name == text;
      if (found) return id;
    }
    return std::nullopt;
  }
  return std::nullopt;
}

bool IssueChange::on_screen(std::string_view field) const {
  if (always.contains(field)) return true;
  return std::any_of(screen.begin(), screen.end(), [&](const ScreenField& one) { return one.field == field; });
}

void IssueChange::set(const std::string& field, const rapidjson::Value& value, Issue& issue, Refusal& refusal) const {
  const auto refuse = [&](std::string why) { refusal.errors.emplace(field, std::move(why)); };
  if (!on_screen(field)) return refuse(not_on_screen(field));
  const Project& project = project_of(state, issue);
  const auto pick = [&](const std::vector<Named>& all, std::string& target, std::string_view what) {
    if (value.IsNull()) return target.clear();
    const Named* found = meant(all, value);
    if (found == nullptr) return refuse(fmt::format("The {} selected is invalid.", what));
    target = found->id;
  };
  const auto pick_many = [&](const std::vector<Named>& all, std::vector<std::string>& target, std::string_view what) {
    if (!value.IsArray()) return refuse("data was not an array");
    target.clear();
    for (const auto& one : value.GetArray()) {
      const Named* found = meant(all, one);
      if (found == nullptr) return refuse(fmt::format("{} name '{}' is not valid", what, json_of(one)));
      insert_once(target, found->id);
    }
  };
  if (field == "project") return;  // taken before: it decides which screen this is
  if (field == "issuetype") {
    const auto fits = [&](const std::string& id) {
      const IssueType& type = state.issue_types.at(id);
      const auto* by_id = member(value, "id");
      const auto* by_name = member(value, "name");
      return by_id != nullptr ? text_of(*by_id) == id : by_name != nullptr && text_of(*by_name) == type.name;
    };
    const auto found = std::find_if(project.issue_types.begin(), project.issue_types.end(), fits);
    if (found == project.issue_types.end()) return refuse("The issue type selected is invalid.");
    issue.type = *found;
  } else if (field == "summary") {
    const std::string text = text_of(value);
    if (!value.IsString() || text.find_first_not_of(" \t") == std::string::npos)
      return refuse("You must specify a summary of the issue.");
    if (text.find_first_of("\r\n") != std::string::npos) {
      return refuse("The summary is invalid because it contains newline characters.");
    }
    if (characters(text) > summary_max) return refuse("Summary must be less than 255 characters.");
    issue.summary = text;
  } else if (field == "description" || field == "environment") {
    std::string stored;
    if (std::string problem = take_rich(state, api, value, stored); !problem.empty()) return refuse(std::move(problem));
    (field == "description" ? issue.description : issue.environment) = std::move(stored);
  } else if (field == "priority") {
    pick(state.priorities, issue.priority, "priority");
  } else if (field == "resolution") {
    pick(state.resolutions, issue.resolution, "resolution");
  } else if (field == "assignee" || field == "reporter") {
    const auto person = take_user(state, value);
    const User* found = person ? find_user(state, *person) : nullptr;
    if (!person || (found == nullptr && !person->empty())) {
      return refuse(fmt::format("{} is not valid", field == "assignee" ? "User" : "The reporter specified"));
    }
    if (found != nullptr && field == "assignee" && !assignable(state, *found, project)) {
      return refuse(fmt::format("User '{}' cannot be assigned issues.", found->display_name));
    }
    (field == "assignee" ? issue.assignee : issue.reporter) = *person;
  } else if (field == "labels") {
    if (value.IsNull()) return issue.labels.clear();
    if (!value.IsArray()) return refuse("data was not an array");
    std::vector<std::string> labels;
    for (const auto& one : value.GetArray()) {
      if (std::string problem = label_problem(one); !problem.empty()) return refuse(std::move(problem));
      insert_once(labels, text_of(one));
    }
    std::sort(labels.begin(), labels.end());
    issue.labels = std::move(labels);
  } else if (field == "components") {
    pick_many(project.components, issue.components, "Component");
  } else if (field == "fixVersions") {
    pick_many(project.versions, issue.fix_versions, "Version");
  } else if (field == "duedate") {
    issue.due_date = text_of(value);
  } else if (field == "security") {
    if (value.IsNull()) return issue.security.clear();
    for (const SecurityLevel& level : project.security_levels) {
      const auto* by_id = member(value, "id");
      const auto* by_name = member(value, "name");
      const bool meant_it =
          (by_id != nullptr && text_of(*by_id) == level.id) || (by_name != nullptr && text_of(*by_name) == level.name);
      if (!meant_it) continue;
      issue.security = level.id;
      return;
    }
    refuse("The security level selected is invalid.");
  } else if (field == "parent") {
    const auto* by_id = member(value, "id");
    const auto* by_key = member(value, "key");
    const auto key = by_key == nullptr ? state.keys.end() : state.keys.find(text_of(*by_key));
    const Number id = by_id != nullptr          ? as_number(text_of(*by_id)).value_or(0)
                      : key != state.keys.end() ? key->second
                                                : 0;
    if (!state.issues.contains(id)) return refuse("Could not find issue by id or key.");
    issue.parent = id;
  } else if (const auto custom = state.custom_fields.find(field); custom != state.custom_fields.end()) {
    std::string problem;
    std::string kept = take_custom(state, api, custom->second, value, problem);
    if (!problem.empty()) return refuse(std::move(problem));
    if (kept == "null") issue.custom.erase(field);
    else issue.custom[field] = std::move(kept);
  } else {
    refuse(not_on_screen(field));
  }
}

void IssueChange::add_or_remove(const std::string& field, const rapidjson::Value& value, bool add, Issue& issue,
                                Refusal& refusal) const {
  const auto refuse = [&](std::string why) { refusal.errors.emplace(field, std::move(why)); };
  if (!on_screen(field)) return refuse(not_on_screen(field));
  const auto put = [&](std::vector<std::string>& list, const std::string& one) {
    if (add) insert_once(list, one);
    else std::erase(list, one);
  };
  const auto from = [&](const std::vector<Named>& all, std::vector<std::string>& list) {
    const Named* found = meant(all, value);
    if (found == nullptr) return refuse(fmt::format("{} is not valid", json_of(value)));
    put(list, found->id);
  };
  const Project& project = project_of(state, issue);
  if (field == "labels") {
    if (std::string problem = label_problem(value); !problem.empty()) return refuse(std::move(problem));
    put(issue.labels, text_of(value));
    std::sort(issue.labels.begin(), issue.labels.end());
  } else if (field == "components") {
    from(project.components, issue.components);
  } else if (field == "fixVersions") {
    from(project.versions, issue.fix_versions);
  } else {
    refuse(fmt::format("Field does not support update '{}'", add ? "add" : "remove"));
  }
}

void IssueChange::operate(const std::string& field, const rapidjson::Value& operation, Issue& issue,
                          std::vector<const rapidjson::Value*>& comments, Refusal& refusal) const {
  if (!operation.IsObject() || operation.MemberCount() != 1) {
    refusal.errors.emplace(field, "Operation must have exactly one verb");
    return;
  }
  const std::string verb = operation.MemberBegin()->name.GetString();
  const rapidjson::Value& value = operation.MemberBegin()->value;
  if (field == "comment") {
    if (!on_screen(field)) refusal.errors.emplace(field, not_on_screen(field));
    else if (verb == "add") comments.push_back(&value);
    else refusal.errors.emplace(field, fmt::format("Field does not support update '{}'", verb));
    return;
  }
  if (verb == "set") return set(field, value, issue, refusal);
  if (verb == "add" || verb == "remove") return add_or_remove(field, value, verb == "add", issue, refusal);
  refusal.errors.emplace(field, fmt::format("Field does not support update '{}'", verb));
}

void IssueChange::check_required(const Issue& issue, Refusal& refusal) const {
  for (const ScreenField& one : screen) {
    if (!one.required || refusal.errors.contains(one.field)) continue;
    const bool missing = one.field == "summary"       ? issue.summary.empty()
                         : one.field == "description" ? issue.description.empty()
                         : one.field == "resolution"  ? issue.resolution.empty()
                         : one.field == "priority"    ? issue.priority.empty()
                         : one.field == "labels"      ? issue.labels.empty()
                         : one.field == "components"  ? issue.components.empty()
                         : one.field == "assignee"    ? issue.assignee.empty()
                         : one.field == "duedate"
                             ? issue.due_date.empty()
                             : state.custom_fields.contains(one.field) && !issue.custom.contains(one.field);
    if (!missing) continue;
    refusal.errors.emplace(one.field, one.field == "summary"
                                          ? "You must specify a summary of the issue."
                                          : fmt::format("{} is required.", field_name(state, one.field)));
  }
}

void IssueChange::apply(const rapidjson::Value& body, Issue& issue, std::vector<const rapidjson::Value*>& comments,
                        Refusal& refusal) const {
  const rapidjson::Value* fields = member(body, "fields");
  const rapidjson::Value* update = member(body, "update");
  // The type first: values are read with its screen in mind.
  if (fields != nullptr && fields->IsObject()) {
    for (const auto& one : fields->GetObject()) {
      const std::string name = one.name.GetString();
      if (update != nullptr && member(*update, name.c_str()) != nullptr) {
        refusal.errors.emplace(name, fmt::format("Field '{}' cannot appear in both 'fields' and 'update'", name));
        continue;
      }
      set(name, one.value, issue, refusal);
    }
  }
  if (update != nullptr && update->IsObject()) {
    for (const auto& one : update->GetObject()) {
      const std::string name = one.name.GetString();
      if (fields != nullptr && member(*fields, name.c_str()) != nullptr) continue;
      if (!one.value.IsArray()) {
        refusal.errors.emplace(name, "data was not an array");
        continue;
      }
      for (const auto& operation : one.value.GetArray()) operate(name, operation, issue, comments, refusal);
    }
  }
  if (required_matters) check_required(issue, refusal);
}

}  // namespace causeway::fakes::jira
