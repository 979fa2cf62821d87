#include "tests/fakes/jira/jql.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "tests/fakes/http/exchange.hpp"
#include "tests/fakes/jira/rich.hpp"
#include "tests/fakes/jira/rules.hpp"
#include "tests/fakes/jira/zone.hpp"

namespace causeway::fakes::jira {
namespace {

using Test = std::function<bool(const Issue&)>;
constexpr Milliseconds minute = 60'000;

struct Token {
  enum class Kind : std::uint8_t { word, quoted, symbol, end };
  Kind kind = Kind::end;
  std::string text;
  [[nodiscard]] bool is(std::string_view word) const { return kind != Kind::quoted && same_name(text, word); }
};

/// nullopt: a text in quotes does not end.
std::optional<std::vector<Token>> tokens_of(std::string_view text) {
  std::vector<Token> tokens;
  std::size_t at = 0;
  while (at < text.size()) {
    const char letter = text[at];
    if (std::isspace(static_cast<unsigned char>(letter)) != 0) {
      ++at;
    } else if (letter == '"' || letter == '\'') {
      std::string value;
      for (++at; at < text.size() && text[at] != letter; ++at) {
        if (text[at] == '\\' && at + 1 < text.size()) ++at;
        value += text[at];
      }
      if (at >= text.size()) return std::nullopt;
      ++at;
      tokens.push_back({Token::Kind::quoted, std::move(value)});
    } else if (std::string_view{"()=!<>~,"}.find(letter) != std::string_view::npos) {
      std::string symbol{letter};
      const bool pair = at + 1 < text.size() &&
                        ((std::string_view{"!<>"}.find(letter) != std::string_view::npos && text[at + 1] == '=') ||
                         (letter == '!' && text[at + 1] == '~'));
      if (pair) symbol += text[at + 1];
      at += symbol.size();
      tokens.push_back({Token::Kind::symbol, std::move(symbol)});
    } else {
      const std::size_t end = std::min(text.find_first_of(" \t\r\n\"'()=!<>~,", at), text.size());
      tokens.push_back({Token::Kind::word, std::string{text.substr(at, end - at)}});
      at = end;
    }
  }
  tokens.push_back({});
  return tokens;
}

/// `-5m`, `-2h`, `-1d`, `-1w`, also `+`.
std::optional<Milliseconds> relative_time(std::string_view text) {
  if (text.size() < 3 || (text[0] != '-' && text[0] != '+')) return std::nullopt;
  const auto number = as_number(text.substr(1, text.size() - 2));
  if (!number) return std::nullopt;
  const char unit = text.back();
  const Milliseconds size = unit == 'm'   ? minute
                            : unit == 'h' ? 60 * minute
                            : unit == 'd' ? 1440 * minute
                            : unit == 'w' ? 10'080 * minute
                                          : 0;
  if (size == 0) return std::nullopt;
  return (text[0] == '-' ? -1 : 1) * *number * size;
}

std::string inverted(std::string text) {
  for (char& letter : text) letter = static_cast<char>(0xFFU - static_cast<unsigned char>(letter));
  return text;
}

std::string lowered(const std::string& text) { return lower(text); }

class Reader {
 public:
  Reader(std::vector<Token> tokens, const Asking& asking, Jql& result)
      : tokens_(std::move(tokens)), asking_(asking), result_(result) {}

  void read() {
    if (!peek().is("order") && peek().kind != Token::Kind::end) {
      result_.bounded = true;
      result_.matches = any_of(0);
    }
    if (!result_.matches) result_.matches = [](const Issue&) { return true; };
    if (peek().is("order")) read_order();
    if (result_.errors.empty() && peek().kind != Token::Kind::end) {
      fail(fmt::format("Error in the JQL Query: Expecting either 'OR' or 'AND' but got '{}'.", peek().text));
    }
  }

 private:
  [[nodiscard]] const Token& peek(std::size_t ahead = 0) const {
    return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
  }
  Token take() {
    const Token token = peek();
    if (at_ + 1 < tokens_.size()) ++at_;
    return token;
  }
  bool take(std::string_view word) {
    if (!peek().is(word) || peek().kind == Token::Kind::end) return false;
    take();
    return true;
  }
  void fail(std::string why) { result_.errors.push_back(std::move(why)); }

  Test any_of(int depth) {
    Test left = all_of(depth);
    while (result_.errors.empty() && take("or")) {
      left = [left, right = all_of(depth)](const Issue& issue) { return left(issue) || right(issue); };
    }
    return left;
  }

  Test all_of(int depth) {
    Test left = one(depth);
    while (result_.errors.empty() && take("and")) {
      left = [left, right = one(depth)](const Issue& issue) { return left(issue) && right(issue); };
    }
    return left;
  }

  Test one(int depth) {
    constexpr int depth_max = 50;
    const Test nothing = [](const Issue&) { return false; };
    if (depth > depth_max) return fail("The JQL query is too complex."), nothing;
    if (take("not")) return [inner = one(depth + 1)](const Issue& issue) { return !inner(issue); };
    if (take("(")) {
      Test inner = any_of(depth + 1);
      if (!take(")")) fail("Error in the JQL Query: Expecting ')' before the end of the query.");
      return inner;
    }
    if (peek().kind == Token::Kind::end || peek().kind == Token::Kind::symbol) {
      return fail("Error in the JQL Query: Expecting a field name."), nothing;
    }
    const Token field = take();
    const Token& next = peek();
    const bool is_operator =
        next.kind == Token::Kind::symbol || next.is("in") || next.is("not") || next.is("is") || next.is("was");
    if (!is_operator || next.is("(") || next.is(")")) return bare_words(field);
    return comparison(lower(field.text));
  }

  /// Words without any comparison are looked for in the texts.
  Test bare_words(const Token& first) {
    std::vector<std::string> words{lower(first.text)};
    while (peek().kind == Token::Kind::word && !peek().is("and") && !peek().is("or") && !peek().is("order"))
      words.push_back(lower(take().text));
    return [words, this_state = &asking_.state](const Issue& issue) {
      const std::string text = lowered(issue.summary + " " + readable(*this_state, issue.description));
      return std::all_of(words.begin(), words.end(),
                         [&](const std::string& word) { return text.find(word) != std::string::npos; });
    };
  }

  static std::string readable(const State& state, const std::string& stored) {
    return state.settings.deployment == Deployment::cloud ? plain_of_adf(stored) : stored;
  }

  std::vector<Token> values(bool list) {
    std::vector<Token> taken;
    const auto value = [&] {
      Token one = take();
      if (one.kind == Token::Kind::end || one.kind == Token::Kind::symbol)
        return fail("Error in the JQL Query: Expecting a value.");
      if (peek().is("(") && one.kind == Token::Kind::word) {  // a function
        take();
        if (!take(")")) return fail("Error in the JQL Query: Expecting ')'.");
        one.text += "()";
      }
      taken.push_back(std::move(one));
    };
    if (!list) {
      value();
      return taken;
    }
    if (!take("(")) {
      fail("Error in the JQL Query: Expecting '('.");
      return taken;
    }
    do value();
    while (result_.errors.empty() && take(","));
    if (!take(")")) fail("Error in the JQL Query: Expecting ')'.");
    return taken;
  }

  Test comparison(const std::string& field) {
    const Test nothing = [](const Issue&) { return false; };
    if (take("is")) {
      const bool negated = take("not");
      if (!take("empty") && !take("null")) return fail("Error in the JQL Query: Expecting EMPTY."), nothing;
      return emptiness(field, negated);
    }
    bool negated = false;
    std::string verb = take().text;
    if (same_name(verb, "not")) {
      if (!peek().is("in")) return fail("Error in the JQL Query: Expecting 'in'."), nothing;
      take();
      negated = true;
      verb = "in";
    }
    const bool list = same_name(verb, "in");
    std::vector<Token> wanted = values(list);
    if (!result_.errors.empty()) return nothing;
    if (verb == "!=") {
      negated = true;
      verb = "=";
    }
    if (field == "updated" || field == "created" || field == "updateddate" || field == "createddate" ||
        field == "resolved" || field == "resolutiondate") {
      return moment(field, verb, wanted.front());
    }
    if (verb == "~" || verb == "!~") return contains(field, lower(wanted.front().text), verb == "!~");
    const bool by_id = field == "id" || field == "key" || field == "issue" || field == "issuekey";
    if (by_id && (verb == ">" || verb == ">=" || verb == "<" || verb == "<="))
      return key_order(verb, wanted.front().text);
    if (!list && verb != "=")
      return fail(fmt::format("The operator '{}' is not supported by the '{}' field.", verb, field)), nothing;
    Test inner = by_id ? keys(wanted) : equals(field, wanted);
    if (!negated || !inner) return inner ? inner : nothing;
    // "!=" and "not in" leave out what is empty.
    Test present = emptiness(field, true);
    return [inner, present](const Issue& issue) { return present(issue) && !inner(issue); };
  }

  /// Whether a field holds nothing; `negated`: something.
  Test emptiness(const std::string& field, bool negated) {
    const auto test = [negated](auto empty) {
      return [empty, negated](const Issue& issue) { return empty(issue) != negated; };
    };
    if (field == "assignee") return test([](const Issue& issue) { return issue.assignee.empty(); });
    if (field == "resolution") return test([](const Issue& issue) { return issue.resolution.empty(); });
    if (field == "labels") return test([](const Issue& issue) { return issue.labels.empty(); });
    if (field == "description") return test([](const Issue& issue) { return issue.description.empty(); });
    if (field == "level" || field == "security") return test([](const Issue& issue) { return issue.security.empty(); });
    return test([](const Issue&) { return false; });
  }

  std::optional<Milliseconds> instant(const Token& token) {
    if (token.is("now()")) return asking_.now;
    if (const auto ago = relative_time(token.text)) return asking_.now + *ago;
    if (const auto epoch = as_number(token.text); epoch && token.kind == Token::Kind::word) {
      return *epoch - (*epoch % minute + minute) % minute;
    }
    return wall_time(token.text, asking_.time_zone);
  }

  Test moment(const std::string& field, const std::string& verb, const Token& token) {
    const auto when = instant(token);
    if (!when) {
      fail(fmt::format(
          "Date value '{}' for field '{}' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', 'yyyy-MM-dd HH:mm', "
          "'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'.",
          token.text, field));
      return {};
    }
    const auto value = [field](const Issue& issue) -> std::optional<Milliseconds> {
      if (field.starts_with("resol")) return issue.resolved;
      return field.starts_with("updated") ? issue.updated : issue.created;
    };
    return [value, verb, when = *when](const Issue& issue) {
      const auto own = value(issue);
      if (!own) return false;
      if (verb == ">=") return *own >= when;
      if (verb == ">") return *own > when;
      if (verb == "<=") return *own <= when;
      if (verb == "<") return *own < when;
      return *own == when;
    };
  }

  Test contains(const std::string& field, std::string word, bool negated) {
    word.erase(std::remove(word.begin(), word.end(), '*'), word.end());
    word.erase(std::remove(word.begin(), word.end(), '"'), word.end());
    const State* state = &asking_.state;
    return [field, word, negated, state](const Issue& issue) {
      std::string text;
      if (field == "summary" || field == "text") text += issue.summary + "\n";
      if (field == "description" || field == "text") text += readable(*state, issue.description) + "\n";
      if (field == "comment" || field == "text") {
        for (const Number id : issue.comments) {
          const auto comment = state->comments.find(id);
          if (comment != state->comments.end()) text += readable(*state, comment->second.body) + "\n";
        }
      }
      return (lower(text).find(word) != std::string::npos) != negated;
    };
  }

  Test keys(const std::vector<Token>& wanted) {
    std::set<Number> ids;
    for (const Token& token : wanted) {
      std::string upper = token.text;
      std::transform(upper.begin(), upper.end(), upper.begin(),
                     [](unsigned char letter) { return std::toupper(letter); });
      // A former key still means its issue.
      const auto by_key = asking_.state.keys.find(upper);
      const Number id = by_key != asking_.state.keys.end() ? by_key->second : as_number(token.text).value_or(0);
      const auto issue = asking_.state.issues.find(id);
      if (issue != asking_.state.issues.end() && sees(asking_.state, asking_.user, issue->second)) {
        ids.insert(id);
      } else if (asking_.strict) {
        fail(as_number(token.text) ? fmt::format("A value with ID '{}' does not exist for the field 'id'.", token.text)
                                   : fmt::format("An issue with key '{}' does not exist for field 'key'.", token.text));
      }
    }
    return [ids](const Issue& issue) { return ids.contains(issue.id); };
  }

  Test key_order(const std::string& verb, const std::string& text) {
    const auto by_key = asking_.state.keys.find(text);
    const Number id = by_key != asking_.state.keys.end() ? by_key->second : as_number(text).value_or(0);
    return [id, verb](const Issue& issue) {
      if (verb == ">") return issue.id > id;
      if (verb == ">=") return issue.id >= id;
      return verb == "<" ? issue.id < id : issue.id <= id;
    };
  }

  Test equals(const std::string& field, const std::vector<Token>& wanted) {
    const State& state = asking_.state;
    std::set<std::string> values;
    const auto missing = [&](const Token& token) {
      fail(fmt::format("The value '{}' does not exist for the field '{}'.", token.text, field));
    };
    const auto among = [&](const std::vector<Named>& all) {
      for (const Token& token : wanted) {
        const auto found = std::find_if(all.begin(), all.end(), [&](const Named& one) {
          return one.id == token.text || same_name(one.name, token.text);
        });
        if (found != all.end()) values.insert(found->id);
        else if (token.is("unresolved") || token.is("empty")) values.insert("");
        else missing(token);
      }
    };
    if (field == "project") {
      for (const Token& token : wanted) {
        const Project* project = find_project(state, token.text);
        for (const auto& [id, one] : state.projects) {
          if (project == nullptr && same_name(one.name, token.text)) project = &one;
        }
        if (project != nullptr && sees(state, asking_.user, *project)) values.insert(project->id);
        else if (asking_.strict) missing(token);
      }
      return [values](const Issue& issue) { return values.contains(issue.project); };
    }
    if (field == "status") {
      for (const Token& token : wanted) {
        const Status* status = find_status(state, token.text);
        if (status == nullptr) status = status_named(state, token.text);
        if (status != nullptr) values.insert(status->id);
        else missing(token);
      }
      return [values](const Issue& issue) { return values.contains(issue.status); };
    }
    if (field == "statuscategory") {
      for (const Token& token : wanted) {
        values.insert(token.is("to do") || same_name(token.text, "To Do") || token.is("new") ? "new"
                      : same_name(token.text, "Done")                                        ? "done"
                                                                                             : "indeterminate");
      }
      return [values, &state](const Issue& issue) {
        const Status* status = find_status(state, issue.status);
        return status != nullptr && values.contains(status->category);
      };
    }
    if (field == "issuetype" || field == "type") {
      for (const Token& token : wanted) {
        const std::size_t before = values.size();
        for (const auto& [id, type] : state.issue_types) {
          if (id == token.text || same_name(type.name, token.text)) values.insert(id);
        }
        if (values.size() == before) missing(token);
      }
      return [values](const Issue& issue) { return values.contains(issue.type); };
    }
    if (field == "labels") {
      for (const Token& token : wanted) values.insert(token.text);
      return [values](const Issue& issue) {
        return std::any_of(issue.labels.begin(), issue.labels.end(),
                           [&](const std::string& label) { return values.contains(label); });
      };
    }
    if (field == "priority") {
      among(state.priorities);
      return [values](const Issue& issue) { return values.contains(issue.priority); };
    }
    if (field == "resolution") {
      among(state.resolutions);
      return [values](const Issue& issue) { return values.contains(issue.resolution); };
    }
    if (field == "assignee" || field == "reporter" || field == "creator") {
      for (const Token& token : wanted) {
        if (token.is("currentuser()")) values.insert(asking_.user == nullptr ? std::string{} : asking_.user->id);
        for (const auto& [id, user] : state.users) {
          if (id == token.text || (state.settings.deployment == Deployment::data_center && user.name == token.text))
            values.insert(id);
        }
      }
      return [values, field](const Issue& issue) {
        return values.contains(field == "assignee"   ? issue.assignee
                               : field == "reporter" ? issue.reporter
                                                     : issue.creator);
      };
    }
    fail(fmt::format("Field '{}' does not exist or you do not have permission to view it.", field));
    return {};
  }

  void read_order() {
    take();
    if (!take("by")) return fail("Error in the JQL Query: Expecting 'by'.");
    std::vector<std::pair<std::string, bool>> order;
    do {
      const std::string field = lower(take().text);
      const bool descending = take("desc");
      if (!descending) take("asc");
      static const std::set<std::string> known{"updated",     "created",     "key",      "issuekey", "id",
                                               "updateddate", "createddate", "priority", "status",   "rank"};
      if (!known.contains(field)) return fail(fmt::format("Not able to sort using field '{}'.", field));
      order.emplace_back(field, descending);
    } while (take(","));
    const State* state = &asking_.state;
    result_.sort_key = [order, state](const Issue& issue) {
      std::string key;
      for (const auto& [field, descending] : order) {
        std::string one;
        if (field.starts_with("updated")) one = fmt::format("{:016}", issue.updated);
        else if (field.starts_with("created")) one = fmt::format("{:016}", issue.created);
        else if (field == "priority") one = fmt::format("{:>12}", issue.priority);
        else if (field == "status") one = fmt::format("{:>12}", issue.status);
        else if (field == "id" || field == "rank") one = fmt::format("{:016}", issue.id);
        else one = key_text(*state, issue);
        key += descending ? inverted(std::move(one)) : one;
      }
      return key + fmt::format("{:016}", issue.id);
    };
  }

  static std::string key_text(const State& state, const Issue& issue) {
    const std::size_t dash = issue.key.rfind('-');
    return fmt::format("{:<12}{:012}", project_of(state, issue).key,
                       as_number(std::string_view{issue.key}.substr(dash + 1)).value_or(0));
  }

  const std::vector<Token> tokens_;
  std::size_t at_ = 0;
  const Asking& asking_;
  Jql& result_;
};

}  // namespace

Jql parse_jql(const std::string& text, const Asking& asking) {
  Jql result;
  result.sort_key = [](const Issue& issue) { return inverted(fmt::format("{:016}", issue.id)); };
  auto tokens = tokens_of(text);
  if (!tokens) {
    result.errors.emplace_back("Error in the JQL Query: The quoted string has not been completed.");
    return result;
  }
  Reader reader{*std::move(tokens), asking, result};
  reader.read();
  return result;
}

}  // namespace causeway::fakes::jira
