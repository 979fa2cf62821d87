#include "tests/fakes/redmine/query.hpp"

#include <algorithm>
#include <charconv>
#include <functional>
#include <limits>

#include "agent/model/time.hpp"

namespace causeway::fakes::redmine {
namespace {

constexpr std::size_t limit_default = 25;
constexpr std::size_t limit_max = 100;
constexpr Microseconds second = 1'000'000;

using Test = std::function<bool(const Issue&)>;

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || stop != text.data() + text.size()) return std::nullopt;
  return value;
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  std::size_t start = 0;
  while (start <= text.size()) {
    const std::size_t end = std::min(text.find(separator, start), text.size());
    parts.emplace_back(text.substr(start, end - start));
    start = end + 1;
  }
  return parts;
}

struct Filter {
  std::string op;
  std::vector<std::string> values;
};

/// The first of the field's operators that the text begins with; none: "=".
Filter read_filter(std::string_view text, const std::vector<std::string_view>& operators) {
  Filter filter{"=", {}};
  for (const std::string_view op : operators) {
    if (!text.starts_with(op)) continue;
    filter.op = op;
    text.remove_prefix(op.size());
    break;
  }
  filter.values = split(text, '|');
  return filter;
}

const std::vector<std::string_view> list_operators{"!*", "!", "*", "="};
const std::vector<std::string_view> status_operators{"o", "!", "c", "*", "="};
const std::vector<std::string_view> number_operators{">=", "<=", "><", "!*", "*", "="};
const std::vector<std::string_view> date_operators{">=", "<=", "><", "!*", "*", "="};
const std::vector<std::string_view> text_operators{"!~", "!*", "~", "!", "^", "$", "*", "="};

struct Moment {
  Microseconds at = 0;
  bool whole_day = false;
};

/// A stamp like 2026-11-23T02:34:33Z, or a day. Fractions and other zones are refused.
std::optional<Moment> read_moment(const std::string& text) {
  if (text.size() == 10) {
    const auto instant = parse_instant(text + "T00:00:00Z");
    if (instant) return Moment{instant->time_since_epoch().count() * 1000, true};
    return std::nullopt;
  }
  if (text.size() != 20 || text.back() != 'Z') return std::nullopt;
  const auto instant = parse_instant(text);
  if (!instant) return std::nullopt;
  return Moment{instant->time_since_epoch().count() * 1000, false};
}

/// Redmine asks "later than the given stamp less a second", so that stamps within that second's fraction are found too.
std::optional<Test> date_test(const Filter& filter, const std::function<Microseconds(const Issue&)>& stamp) {
  if (filter.op == "*") return Test{[](const Issue&) { return true; }};
  if (filter.op == "!*") return Test{[](const Issue&) { return false; }};
  std::vector<Moment> moments;
  for (const std::string& value : filter.values) {
    const auto moment = read_moment(value);
    if (!moment) return std::nullopt;
    moments.push_back(*moment);
  }
  if (filter.op == "><" && moments.size() < 2) return std::nullopt;
  const auto after = [](Moment moment) { return moment.whole_day ? moment.at - 1 : moment.at - second; };
  const auto until = [](Moment moment) { return moment.whole_day ? moment.at + 86'400 * second - 1 : moment.at; };
  if (filter.op == ">=") return Test{[=](const Issue& issue) { return stamp(issue) > after(moments[0]); }};
  if (filter.op == "<=") return Test{[=](const Issue& issue) { return stamp(issue) <= until(moments[0]); }};
  if (filter.op == "><") {
    return Test{
        [=](const Issue& issue) { return stamp(issue) > after(moments[0]) && stamp(issue) <= until(moments[1]); }};
  }
  if (!moments[0].whole_day) return Test{[](const Issue&) { return false; }};
  return Test{
      [=](const Issue& issue) { return stamp(issue) > after(moments[0]) && stamp(issue) <= until(moments[0]); }};
}

Test list_test(const Filter& filter, Number user, const std::function<Number(const Issue&)>& of) {
  std::vector<Number> wanted;
  for (const std::string& value : filter.values) {
    if (value == "me") {
      wanted.push_back(user);
    } else if (const auto id = number(value)) {
      wanted.push_back(*id);
    }
  }
  if (filter.op == "*") return [=](const Issue& issue) { return of(issue) != 0; };
  if (filter.op == "!*") return [=](const Issue& issue) { return of(issue) == 0; };
  const bool negated = filter.op == "!";
  return [=](const Issue& issue) {
    return (std::find(wanted.begin(), wanted.end(), of(issue)) != wanted.end()) != negated;
  };
}

Test number_test(const Filter& filter) {
  const std::int64_t first = number(filter.values.front()).value_or(0);
  if (filter.op == ">=") return [=](const Issue& issue) { return issue.id >= first; };
  if (filter.op == "<=") return [=](const Issue& issue) { return issue.id <= first; };
  if (filter.op == "><" && filter.values.size() > 1) {
    const std::int64_t last = number(filter.values[1]).value_or(0);
    return [=](const Issue& issue) { return issue.id >= first && issue.id <= last; };
  }
  if (filter.op != "=") return [](const Issue&) { return true; };
  std::set<std::int64_t> ids;
  for (const std::string& value : split(filter.values.front(), ',')) {
    if (const auto id = number(value)) ids.insert(*id);
  }
  return [=](const Issue& issue) { return ids.contains(issue.id); };
}

Test text_test(const Filter& filter, const std::function<std::vector<std::string>(const Issue&)>& of) {
  const std::string wanted = filter.values.front();
  if (filter.op == "*") return [=](const Issue& issue) { return !of(issue).empty(); };
  if (filter.op == "!*") return [=](const Issue& issue) { return of(issue).empty(); };
  const bool negated = filter.op.starts_with('!');
  const bool within = filter.op.ends_with('~');
  const std::vector<std::string> all = filter.values;
  return [=](const Issue& issue) {
    const auto values = of(issue);
    const bool found = std::any_of(values.begin(), values.end(), [&](const std::string& value) {
      return within ? value.find(wanted) != std::string::npos : std::find(all.begin(), all.end(), value) != all.end();
    });
    return found != negated;
  };
}

/// One filter of the query as a test; nullopt inside: ignored.
std::expected<std::optional<Test>, std::string> read_test(const State& state, const Actor& actor,
                                                          const Project* project, const std::string& name,
                                                          const std::string& value) {
  if (name == "updated_on" || name == "created_on") {
    const bool updated = name == "updated_on";
    auto test = date_test(read_filter(value, date_operators),
                          [=](const Issue& issue) { return updated ? issue.updated : issue.created; });
    if (!test) return std::unexpected(updated ? "Updated is invalid" : "Created is invalid");
    return test;
  }
  const Number me = actor.user().anonymous ? 0 : actor.user().id;
  const auto references = [&](Number Issue::* member) {
    return std::optional{
        list_test(read_filter(value, list_operators), me, [=](const Issue& issue) { return issue.*member; })};
  };
  if (name == "issue_id") return std::optional{number_test(read_filter(value, number_operators))};
  if (name == "tracker_id") return references(&Issue::tracker);
  if (name == "priority_id") return references(&Issue::priority);
  if (name == "author_id") return references(&Issue::author);
  if (name == "assigned_to_id") return references(&Issue::assignee);
  if (name == "category_id") return references(&Issue::category);
  if (name == "fixed_version_id") return references(&Issue::version);
  if (name == "parent_id") return references(&Issue::parent);
  if (name == "subject") {
    return std::optional{text_test(read_filter(value, text_operators),
                                   [](const Issue& issue) { return std::vector<std::string>{issue.subject}; })};
  }
  if (name.starts_with("cf_")) {
    const auto id = number(std::string_view{name}.substr(3));
    const auto field = id ? state.custom_fields.find(*id) : state.custom_fields.end();
    if (field == state.custom_fields.end()) return std::nullopt;
    const bool visible = project != nullptr ? actor.sees(field->second, *project) : field->second.visible;
    if (!visible) return std::nullopt;
    return std::optional{text_test(read_filter(value, text_operators), [number = *id](const Issue& issue) {
      const auto found = issue.custom.find(number);
      return found == issue.custom.end() ? std::vector<std::string>{} : found->second;
    })};
  }
  return std::nullopt;
}

Test status_test(const State& state, const Filter& filter) {
  if (filter.op == "*") return [](const Issue&) { return true; };
  if (filter.op == "o" || filter.op == "c") {
    const bool closed = filter.op == "c";
    return [&state, closed](const Issue& issue) { return is_closed(state, issue.status) == closed; };
  }
  return list_test(filter, 0, [](const Issue& issue) { return issue.status; });
}

using Less = std::function<int(const Issue&, const Issue&)>;

template <class T>
int compare(const T& a, const T& b) {
  return a < b ? -1 : b < a ? 1 : 0;
}

/// Keys that Redmine does not know are dropped; with none left it sorts by falling id.
std::vector<Less> read_order(std::string_view text) {
  std::vector<Less> order;
  for (const std::string& key : split(text, ',')) {
    const std::size_t colon = key.find(':');
    const std::string name = key.substr(0, colon);
    const int sign = colon != std::string::npos && key.substr(colon + 1) == "desc" ? -1 : 1;
    if (name == "id") order.emplace_back([=](const Issue& a, const Issue& b) { return sign * compare(a.id, b.id); });
    if (name == "updated_on") {
      order.emplace_back([=](const Issue& a, const Issue& b) { return sign * compare(a.updated, b.updated); });
    }
    if (name == "created_on") {
      order.emplace_back([=](const Issue& a, const Issue& b) { return sign * compare(a.created, b.created); });
    }
    if (name == "subject") {
      order.emplace_back([=](const Issue& a, const Issue& b) { return sign * compare(a.subject, b.subject); });
    }
    if (name == "priority") {
      order.emplace_back([=](const Issue& a, const Issue& b) { return sign * compare(a.priority, b.priority); });
    }
  }
  order.emplace_back([](const Issue& a, const Issue& b) { return compare(b.id, a.id); });
  return order;
}

/// Where looking may begin, so that a large store need not be walked whole: a lower bound of id or stamp, when one is
/// given.
struct Bounds {
  Number first_id = 0;
  std::optional<Microseconds> updated_after;
};

Bounds bounds_of(const Query& query) {
  Bounds bounds;
  for (const auto& [name, value] : query) {
    if (name == "issue_id" && value.starts_with(">=")) {
      bounds.first_id = number(std::string_view{value}.substr(2)).value_or(0);
    }
    if (name == "updated_on" && value.starts_with(">=")) {
      if (const auto moment = read_moment(value.substr(2))) {
        bounds.updated_after = moment->whole_day ? moment->at - 1 : moment->at - second;
      }
    }
  }
  return bounds;
}

}  // namespace

std::pair<std::size_t, std::size_t> limit_and_offset(const Query& query) {
  const std::string* limit_text = part(query, "limit");
  const std::string* offset_text = part(query, "offset");
  const std::string* page_text = part(query, "page");
  std::int64_t limit = limit_text == nullptr ? 0 : number(*limit_text).value_or(0);
  if (limit < 1) limit = static_cast<std::int64_t>(limit_default);
  limit = std::min(limit, static_cast<std::int64_t>(limit_max));
  std::int64_t offset = offset_text == nullptr ? 0 : std::max<std::int64_t>(0, number(*offset_text).value_or(0));
  if (offset_text == nullptr && page_text != nullptr) {
    offset = (std::max<std::int64_t>(1, number(*page_text).value_or(1)) - 1) * limit;
  }
  return {static_cast<std::size_t>(limit), static_cast<std::size_t>(offset)};
}

std::expected<IssueList, std::vector<std::string>> list_issues(const State& state, const Actor& actor,
                                                               const Query& query, const Project* project) {
  std::vector<Test> tests;
  std::vector<std::string> errors;
  bool with_status = false;
  bool own_project_only = false;
  for (const auto& [name, value] : query) {
    if (name == "status_id") {
      with_status = true;
      Filter filter = read_filter(value == "open" ? "o" : value == "closed" ? "c" : value, status_operators);
      tests.push_back(status_test(state, filter));
      continue;
    }
    if (name == "subproject_id") {
      own_project_only = value == "!*";
      continue;
    }
    auto test = read_test(state, actor, project, name, value);
    if (!test) {
      errors.push_back(test.error());
    } else if (*test) {
      tests.push_back(**std::move(test));
    }
  }
  if (!errors.empty()) return std::unexpected(std::move(errors));
  if (!with_status) tests.push_back(status_test(state, {"o", {}}));

  const auto wanted = [&](const Issue& issue) {
    if (project != nullptr && issue.project != project->id) {
      const Project& other = state.projects.at(issue.project);
      if (own_project_only || other.parent != project->id) return false;
    }
    return std::all_of(tests.begin(), tests.end(), [&](const Test& test) { return test(issue); }) && actor.sees(issue);
  };
  IssueList list;
  std::tie(list.limit, list.offset) = limit_and_offset(query);
  std::vector<const Issue*> found;
  const Bounds bounds = bounds_of(query);
  if (bounds.updated_after && bounds.first_id <= 1) {
    for (auto entry = state.by_update.upper_bound({*bounds.updated_after, std::numeric_limits<Number>::max()});
         entry != state.by_update.end(); ++entry) {
      const Issue& issue = state.issues.at(entry->second);
      if (wanted(issue)) found.push_back(&issue);
    }
  } else {
    for (auto entry = state.issues.lower_bound(bounds.first_id); entry != state.issues.end(); ++entry) {
      if (wanted(entry->second)) found.push_back(&entry->second);
    }
  }
  list.total = found.size();
  if (list.offset >= found.size()) return list;
  const std::string* sort = part(query, "sort");
  const std::vector<Less> order = read_order(sort == nullptr ? std::string_view{} : std::string_view{*sort});
  const auto less = [&](const Issue* a, const Issue* b) {
    for (const Less& key : order) {
      if (const int sign = key(*a, *b); sign != 0) return sign < 0;
    }
    return false;
  };
  const std::size_t end = std::min(found.size(), list.offset + list.limit);
  std::partial_sort(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(end), found.end(), less);
  list.rows.assign(found.begin() + static_cast<std::ptrdiff_t>(list.offset),
                   found.begin() + static_cast<std::ptrdiff_t>(end));
  return list;
}

}  // namespace causeway::fakes::redmine
