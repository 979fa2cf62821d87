#include "adapters/redmine/page.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace causeway::redmine {
namespace {

/// The five that Rails writes.
std::string without_entities(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, char>, 5> entities{
      {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}}};
  std::string plain;
  while (!text.empty()) {
    const auto entity =
        std::find_if(entities.begin(), entities.end(), [&](const auto& one) { return text.starts_with(one.first); });
    plain += entity == entities.end() ? text.front() : entity->second;
    text.remove_prefix(entity == entities.end() ? 1 : entity->first.size());
  }
  return plain;
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \n\r\t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \n\r\t") - first + 1);
}

}  // namespace

std::vector<Named> fields_of_list_page(std::string_view html) {
  // <option value="cf_1">Labels</option>, and <input type="checkbox" … value="cf_2" /> for those shown below the row.
  static constexpr std::string_view column = "value=\"cf_";
  std::vector<Named> fields;
  for (std::size_t at = html.find(column); at != std::string_view::npos; at = html.find(column, at)) {
    at += column.size();
    Named field;
    const auto [end, error] = std::from_chars(html.data() + at, html.data() + html.size(), field.id);
    if (error != std::errc{} || end == html.data() + html.size() || *end != '"') continue;  // "cf_1.name" and the like
    const std::size_t name = html.find('>', at);
    const std::size_t name_end = html.find('<', name);
    if (name == std::string_view::npos || name_end == std::string_view::npos) break;
    field.name = without_entities(trimmed(html.substr(name + 1, name_end - name - 1)));
    const bool known = std::any_of(fields.begin(), fields.end(), [&](const Named& one) { return one.id == field.id; });
    if (!known && !field.name.empty()) fields.push_back(std::move(field));
  }
  return fields;
}

}  // namespace causeway::redmine
