#include "agent/markup/adf/grammar.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <unordered_map>
#include <vector>

#include "agent/markup/characters.hpp"

namespace causeway::markup::adf {
namespace {

/// One kind of node or mark, in the words of a small language.
///
/// `attributes`: `name:kind`, `name!:kind` where the attribute must be there; alternatives are parted by `;`. Kinds are
/// s text, S text that is not empty, n number, p number from 0, h 0 to 100, l 1 to 6, w 1 to 3, b yes or no, *
/// anything, # a colour, ## a colour that may have an alpha part, c a status' colour, N numbers, T texts (one at
/// least),
/// `=a|b|c` one of these words.
/// `content`: the types that may stand in it, `type/marks` with the marks that may be on it there: a alignment,
/// i indentation, f fontSize, k breakout, x dataConsumer and fragment, l link, m those of media.
struct Rule {
  std::string_view type;
  std::string_view attributes;
  std::string_view content;
  std::size_t content_min = 0;
};

#define LAYOUTS "wide|full-width|center|wrap-right|wrap-left|align-end|align-start"
constexpr std::string_view inline_nodes =
    "text date emoji hardBreak inlineCard mention placeholder status inlineExtension/x mediaInline/m";
constexpr std::string_view folding_nodes =
    "paragraph/f panel blockquote orderedList bulletList rule heading codeBlock mediaGroup mediaSingle/l decisionList "
    "taskList table blockCard embedCard extension/x";
constexpr std::string_view cell_nodes =
    "paragraph/fa panel blockquote orderedList bulletList rule heading/ai codeBlock mediaSingle/l mediaGroup "
    "decisionList taskList blockCard embedCard extension/x nestedExpand";
constexpr std::string_view cell_attributes =
    "colspan:n rowspan:n colwidth:N background:s valign:=top|middle|bottom localId:s";

constexpr std::array rules{
    Rule{"doc", "",
         "blockCard codeBlock/k mediaSingle/l paragraph/fai taskList orderedList bulletList blockquote decisionList "
         "embedCard extension/x heading/ai mediaGroup rule panel table bodiedExtension/x expand/k layoutSection/k "
         "syncBlock/k"},
    Rule{"paragraph", "localId:s", inline_nodes},
    Rule{"heading", "level!:l localId:s", inline_nodes},
    Rule{"codeBlock", "language:s uniqueId:s wrap:b hideLineNumbers:b localId:s", "text"},
    Rule{"blockquote", "localId:s", "paragraph orderedList bulletList codeBlock mediaSingle/l mediaGroup extension/x",
         1},
    Rule{"bulletList", "localId:s", "listItem", 1},
    Rule{"orderedList", "order:p localId:s", "listItem", 1},
    Rule{"listItem", "localId:s", "paragraph/f bulletList orderedList taskList mediaSingle/l codeBlock extension/x", 1},
    Rule{
        "panel",
        "panelType!:=info|note|tip|warning|error|success|custom panelIcon:s panelIconId:s panelIconText:s panelColor:s "
        "localId:s",
        "paragraph/f heading bulletList orderedList blockCard mediaGroup mediaSingle/l codeBlock taskList rule "
        "decisionList extension/x",
        1},
    Rule{"expand", "title:s localId:s",
         "paragraph/f panel blockquote orderedList bulletList rule heading codeBlock mediaGroup mediaSingle/l "
         "decisionList taskList table blockCard embedCard extension/x nestedExpand",
         1},
    Rule{"nestedExpand", "title:s localId:s",
         "paragraph/f heading mediaSingle/l mediaGroup codeBlock bulletList orderedList taskList decisionList rule "
         "panel "
         "blockquote extension/x",
         1},
    Rule{"rule", "localId:s", ""},
    Rule{"table",
         "displayMode:=default|fixed isNumberColumnEnabled:b "
         "layout:=wide|full-width|center|align-end|align-start|default width:n localId:S",
         "tableRow", 1},
    Rule{"tableRow", "localId:s", "tableCell tableHeader"},
    Rule{"tableCell", cell_attributes, cell_nodes, 1},
    Rule{"tableHeader", cell_attributes, cell_nodes, 1},
    Rule{"taskList", "localId!:s", "taskItem taskList blockTaskItem", 1},
    Rule{"taskItem", "localId!:s state!:=TODO|DONE", inline_nodes},
    Rule{"blockTaskItem", "localId!:s state!:=TODO|DONE", "paragraph/f extension/x", 1},
    Rule{"decisionList", "localId!:s", "decisionItem", 1},
    Rule{"decisionItem", "localId!:s state!:s", inline_nodes},
    Rule{"mediaSingle",
         "width:h layout!:=" LAYOUTS " widthType:=percentage localId:s;width!:p widthType!:=pixel layout!:=" LAYOUTS
         " localId:s",
         "media/m caption", 1},
    Rule{"mediaGroup", "", "media/m", 1},
    Rule{"media",
         "type!:=link|file id!:S alt:s collection!:s height:n occurrenceKey:S width:n localId:s;"
         "type!:=external alt:s height:n width:n url!:s localId:s",
         ""},
    Rule{"caption", "localId:s", "hardBreak mention emoji date placeholder inlineCard status text"},
    Rule{"blockCard", "url!:s localId:s;data!:* localId:s", ""},
    Rule{"embedCard", "url!:s layout!:=" LAYOUTS " width:h originalHeight:n originalWidth:n localId:s", ""},
    Rule{"extension", "extensionKey!:S extensionType!:S parameters:* text:s layout:=wide|full-width|default localId:S",
         ""},
    Rule{"bodiedExtension",
         "extensionKey!:S extensionType!:S parameters:* text:s layout:=wide|full-width|default localId:S",
         folding_nodes, 1},
    Rule{"syncBlock", "resourceId!:s localId!:s", ""},
    Rule{"layoutSection", "localId:s", "layoutColumn", 2},
    Rule{"layoutColumn", "width!:h valign:=top|middle|bottom localId:s",
         "blockCard paragraph/fai mediaSingle/l codeBlock taskList bulletList orderedList heading/ai mediaGroup "
         "decisionList rule panel blockquote extension/x embedCard table expand bodiedExtension/x",
         1},
    Rule{"date", "timestamp!:S localId:s", ""},
    Rule{"emoji", "shortName!:s id:s text:s localId:s", ""},
    Rule{"hardBreak", "text:=\n localId:s", ""},
    Rule{"inlineCard", "url!:s localId:s;data!:* localId:s", ""},
    Rule{"mention", "id!:s text:s accessLevel:s userType:=DEFAULT|SPECIAL|APP localId:s", ""},
    Rule{"placeholder", "text!:s localId:s", ""},
    Rule{"status", "text!:S color!:c localId:s style:s", ""},
    Rule{"inlineExtension", "extensionKey!:S extensionType!:S parameters:* text:s localId:S", ""},
    Rule{"mediaInline",
         "type:=link|file|image id!:S alt:s collection!:s occurrenceKey:S width:n height:n data:* localId:s", ""},
    Rule{"text", "", ""}};
#undef LAYOUTS

/// Marks have no content; their letter stands in its place.
constexpr std::array mark_rules{Rule{"alignment", "align!:=center|end", "a"},
                                Rule{"indentation", "level!:l", "i"},
                                Rule{"fontSize", "fontSize!:=small", "f"},
                                Rule{"breakout", "mode!:=wide|full-width width:n", "k"},
                                Rule{"dataConsumer", "sources!:T", "xm"},
                                Rule{"fragment", "localId!:S name:s", "x"},
                                Rule{"border", "size!:w color!:##", "m"},
                                Rule{"link", "href!:s title:s id:s collection:s occurrenceKey:s", "lmtc"},
                                Rule{"annotation", "id!:s annotationType!:=inlineComment", "mtc"},
                                Rule{"code", "", "c"},
                                Rule{"em", "", "t"},
                                Rule{"strong", "", "t"},
                                Rule{"strike", "", "t"},
                                Rule{"underline", "", "t"},
                                Rule{"subsup", "type!:=sub|sup", "t"},
                                Rule{"textColor", "color!:#", "t"},
                                Rule{"backgroundColor", "color!:#", "t"}};

std::vector<std::string_view> split(std::string_view text, char sign) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(sign), text.size());
    if (end > 0) parts.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

struct Attribute {
  std::string_view name;
  std::string_view kind;
  bool required = false;
};

using Attributes = std::vector<Attribute>;

struct Grammar {
  std::vector<Attributes> alternatives;
  std::unordered_map<std::string_view, std::string_view> content;  // the type and the marks it may have
  std::size_t content_min = 0;
};

Grammar grammar_of(const Rule& rule) {
  Grammar grammar;
  grammar.content_min = rule.content_min;
  for (const std::string_view alternative : split(rule.attributes, ';')) {
    Attributes attributes;
    for (const std::string_view word : split(alternative, ' ')) {
      const std::size_t colon = word.find(':');
      std::string_view name = word.substr(0, colon);
      const bool required = name.ends_with('!');
      if (required) name.remove_suffix(1);
      attributes.push_back(Attribute{name, word.substr(colon + 1), required});
    }
    grammar.alternatives.push_back(std::move(attributes));
  }
  if (grammar.alternatives.empty()) grammar.alternatives.emplace_back();
  for (const std::string_view word : split(rule.content, ' ')) {
    const std::size_t slash = std::min(word.find('/'), word.size());
    grammar.content.emplace(word.substr(0, slash), word.substr(std::min(slash + 1, word.size())));
  }
  return grammar;
}

using Grammars = std::unordered_map<std::string_view, Grammar>;

template <std::size_t size>
Grammars grammars_of(const std::array<Rule, size>& from) {
  Grammars grammars;
  for (const Rule& rule : from) grammars.emplace(rule.type, grammar_of(rule));
  return grammars;
}

const Grammar* node_grammar(std::string_view type) {
  static const Grammars grammars = grammars_of(rules);
  const auto found = grammars.find(type);
  return found == grammars.end() ? nullptr : &found->second;
}

const Grammar* mark_grammar(std::string_view type) {
  static const Grammars grammars = grammars_of(mark_rules);
  const auto found = grammars.find(type);
  return found == grammars.end() ? nullptr : &found->second;
}

bool is_colour(std::string_view text, bool with_alpha) {
  const bool length = text.size() == 7 || (with_alpha && text.size() == 9);
  return length && text[0] == '#' && std::ranges::all_of(text.substr(1), is_hexadecimal);
}

bool is_status_colour(std::string_view text) {
  constexpr std::array<std::string_view, 6> names{"neutral", "purple", "blue", "red", "yellow", "green"};
  return std::ranges::find(names, text) != names.end() || is_colour(text, false);
}

bool in_range(const Value& value, double low, double high) {
  return value.IsNumber() && value.GetDouble() >= low && value.GetDouble() <= high;
}

bool fits(const Value& value, std::string_view kind) {
  if (kind[0] == '=') {
    const auto words = split(kind.substr(1), '|');
    return value.IsString() && std::ranges::find(words, view(value)) != words.end();
  }
  if (kind == "##") return value.IsString() && is_colour(view(value), true);
  switch (kind[0]) {
    case 's':
      return value.IsString();
    case 'S':
      return value.IsString() && value.GetStringLength() > 0;
    case 'n':
      return value.IsNumber();
    case 'p':
      return in_range(value, 0, 1e300);
    case 'h':
      return in_range(value, 0, 100);
    case 'l':
      return in_range(value, 1, 6);
    case 'w':
      return in_range(value, 1, 3);
    case 'b':
      return value.IsBool();
    case '#':
      return value.IsString() && is_colour(view(value), false);
    case 'c':
      return value.IsString() && is_status_colour(view(value));
    case 'N':
      return value.IsArray() && std::ranges::all_of(value.GetArray(), [](const Value& one) { return one.IsNumber(); });
    case 'T':
      return value.IsArray() && !value.Empty() &&
             std::ranges::all_of(value.GetArray(), [](const Value& one) { return one.IsString(); });
    default:
      return true;
  }
}

bool attributes_fit(const Value* given, const Attributes& wanted) {
  if (given != nullptr && !given->IsObject()) return false;
  std::size_t known = 0;
  for (const Attribute& attribute : wanted) {
    const Value* const value = given == nullptr ? nullptr : member(*given, attribute.name);
    if (value == nullptr && attribute.required) return false;
    if (value == nullptr) continue;
    if (!fits(*value, attribute.kind)) return false;
    ++known;
  }
  return given == nullptr || given->MemberCount() == known;  // fewer are known: a name too many, or one twice
}

bool attributes_fit(const Value& node, const Grammar& grammar) {
  const Value* const given = member(node, "attrs");
  if (given != nullptr && std::ranges::all_of(grammar.alternatives, &Attributes::empty)) return false;
  return std::ranges::any_of(grammar.alternatives,
                             [given](const Attributes& wanted) { return attributes_fit(given, wanted); });
}

std::string_view letters_of(std::string_view mark_type) {
  for (const Rule& rule : mark_rules)
    if (rule.type == mark_type) return rule.content;
  return {};
}

/// Are all marks on `node` known, and allowed by one of `letters`?
bool marks_fit(const Value& node, std::string_view letters) {
  const Value* const list = member(node, "marks");
  if (list == nullptr) return true;
  if (!list->IsArray() || letters.empty()) return false;
  std::vector<std::string_view> seen;
  for (const Value& mark : list->GetArray()) {
    const std::string_view type = type_of(mark);
    const Grammar* const grammar = mark_grammar(type);
    if (grammar == nullptr || letters_of(type).find_first_of(letters) == std::string_view::npos) return false;
    if (!attributes_fit(mark, *grammar) || mark.MemberCount() > (member(mark, "attrs") == nullptr ? 1U : 2U))
      return false;
    if (std::ranges::find(seen, type) != seen.end()) return false;
    seen.push_back(type);
  }
  const auto has = [&seen](std::string_view type) { return std::ranges::find(seen, type) != seen.end(); };
  return !(has("alignment") && has("indentation"));
}

bool is_valid_text(const Value& node, std::string_view parent) {
  const bool plain = member(node, "marks") == nullptr;
  if (string_member(node, "text").empty() || node.MemberCount() != (plain ? 2U : 3U)) return false;
  if (parent == "codeBlock") return plain;
  return marks_fit(node, "t") || marks_fit(node, "c");
}

/// The node itself, without what it holds.
bool is_valid_alone(const Value& node, const Grammar& grammar, std::string_view marks) {
  std::size_t known = 0;
  for (const std::string_view name : {"type", "attrs", "content", "marks"})
    if (member(node, name) != nullptr) ++known;
  if (node.MemberCount() != known || !attributes_fit(node, grammar) || !marks_fit(node, marks)) return false;
  const std::string_view type = type_of(node);
  const Value* const list = member(node, "content");
  if (list == nullptr) return grammar.content_min == 0 && type != "tableRow";
  if (!list->IsArray() || grammar.content.empty() || list->Size() < grammar.content_min) return false;
  if (type == "mediaSingle") {
    const bool second = list->Size() == 1 || (list->Size() == 2 && type_of((*list)[1]) == "caption");
    return type_of((*list)[0]) == "media" && second;
  }
  return type != "layoutSection" || list->Size() <= 3;
}

}  // namespace

bool may_hold(std::string_view parent, std::string_view child) {
  const Grammar* const grammar = node_grammar(parent);
  return grammar != nullptr && grammar->content.contains(child);
}

bool is_valid(const Value& node, std::string_view parent) {
  struct Waiting {
    const Value* node;
    std::string_view parent;
  };
  std::vector<Waiting> waiting{{&node, parent}};
  while (!waiting.empty()) {
    const Waiting next = waiting.back();
    waiting.pop_back();
    const std::string_view type = type_of(*next.node);
    const Grammar* const outer = node_grammar(next.parent);
    const Grammar* const own = node_grammar(type);
    if (outer == nullptr || own == nullptr) return false;
    const auto allowed = outer->content.find(type);
    if (allowed == outer->content.end()) return false;
    if (type == "text") {
      if (!is_valid_text(*next.node, next.parent)) return false;
      continue;
    }
    if (!is_valid_alone(*next.node, *own, allowed->second)) return false;
    if (type == "nestedExpand" && member(*next.node, "attrs") == nullptr) return false;
    for (const Value& child : content(*next.node)) waiting.push_back({&child, type});
  }
  return true;
}

}  // namespace causeway::markup::adf
