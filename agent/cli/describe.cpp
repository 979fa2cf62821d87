#include "agent/cli/describe.hpp"

#include <fmt/ranges.h>

namespace causeway::cli {
namespace {

std::string author_line(const Attribution& attribution) {
  std::string line = "written by " + attribution.author;
  if (!attribution.origin.empty()) line += ", " + attribution.origin;
  if (!attribution.url.empty()) line += " " + attribution.url;
  return line;
}

std::string_view word(Visibility visibility) { return visibility == Visibility::open ? "public" : "internal"; }

}  // namespace

std::string headline(const Operation& operation) {
  if (std::holds_alternative<CreateTicket>(operation)) return "open a ticket";
  if (const auto* edit = std::get_if<EditTicket>(&operation)) {
    std::vector<std::string_view> parts;
    for (const auto& [field, wanted] : edit->set) parts.push_back(name(field));
    if (!edit->labels_add.empty() || !edit->labels_remove.empty()) parts.push_back("labels");
    if (edit->twin_url) parts.push_back("link to the twin");
    return fmt::format("change {}", fmt::join(parts, ", "));
  }
  if (const auto* add = std::get_if<AddComment>(&operation))
    return fmt::format("add a comment ({})", word(add->visibility));
  if (const auto* edit = std::get_if<EditComment>(&operation))
    return fmt::format("change comment {}", edit->comment.value);
  return fmt::format("remove comment {}", std::get<RemoveComment>(operation).comment.value);
}

std::string describe(const Operation& operation) {
  if (const auto* create = std::get_if<CreateTicket>(&operation)) {
    std::string text = fmt::format("title: {}\n", create->ticket.title);
    if (!create->ticket.labels.empty()) text += fmt::format("labels: {}\n", fmt::join(create->ticket.labels, ", "));
    for (const Field field : {Field::priority, Field::assignee, Field::milestone}) {
      if (const auto wanted = value(create->ticket, field)) text += fmt::format("{}: {}\n", name(field), *wanted);
    }
    return text + author_line(create->attribution) + "\n" + create->ticket.body;
  }
  if (const auto* edit = std::get_if<EditTicket>(&operation)) {
    std::string text;
    for (const auto& [field, wanted] : edit->set)
      text += fmt::format("{}: {}\n", name(field), wanted.value_or("(none)"));
    if (!edit->labels_add.empty()) text += fmt::format("labels added: {}\n", fmt::join(edit->labels_add, ", "));
    if (!edit->labels_remove.empty()) text += fmt::format("labels removed: {}\n", fmt::join(edit->labels_remove, ", "));
    if (edit->twin_url) text += fmt::format("twin: {}\n", *edit->twin_url);
    if (!text.empty()) text.pop_back();
    return text;
  }
  if (const auto* add = std::get_if<AddComment>(&operation)) return author_line(add->attribution) + "\n" + add->body;
  if (const auto* edit = std::get_if<EditComment>(&operation))
    return author_line(edit->attribution) + "\n" + edit->body;
  return {};
}

void describe_json(Json& json, const Operation& operation) {
  json.begin_object();
  if (const auto* create = std::get_if<CreateTicket>(&operation)) {
    json.member("title", create->ticket.title);
    json.member("body", create->ticket.body);
    json.member("author", create->attribution.author);
    json.key("labels");
    json.begin_array();
    for (const std::string& label : create->ticket.labels) json.text(label);
    json.end_array();
  } else if (const auto* edit = std::get_if<EditTicket>(&operation)) {
    for (const auto& [field, wanted] : edit->set) json.member(name(field), wanted.value_or(""));
    for (const auto& [key, labels] :
         {std::pair{"labels_add", &edit->labels_add}, std::pair{"labels_remove", &edit->labels_remove}}) {
      json.key(key);
      json.begin_array();
      for (const std::string& label : *labels) json.text(label);
      json.end_array();
    }
    if (edit->twin_url) json.member("twin", *edit->twin_url);
  } else if (const auto* add = std::get_if<AddComment>(&operation)) {
    json.member("body", add->body);
    json.member("author", add->attribution.author);
    json.member("visibility", word(add->visibility));
  } else if (const auto* change = std::get_if<EditComment>(&operation)) {
    json.member("comment", change->comment.value);
    json.member("body", change->body);
  } else {
    json.member("comment", std::get<RemoveComment>(operation).comment.value);
  }
  json.end_object();
}

}  // namespace causeway::cli
