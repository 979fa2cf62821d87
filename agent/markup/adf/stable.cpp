#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "agent/markup/adf/json.hpp"

namespace causeway::markup::adf {
namespace {

constexpr std::array<std::string_view, 5> numbered{"taskList", "taskItem", "blockTaskItem", "decisionList",
                                                   "decisionItem"};
constexpr std::array<std::string_view, 6> may_be_empty{"paragraph", "heading",  "codeBlock",
                                                       "caption",   "taskItem", "decisionItem"};

bool contains(std::span<const std::string_view> names, std::string_view name) {
  return std::ranges::find(names, name) != names.end();
}

/// What a value is, which says what may be left out of it.
enum class Role : std::uint8_t { raw, node, nodes, attributes, mark };

struct Entry {
  std::string_view key;  // empty in arrays
  const Value* value = nullptr;
  Role role = Role::raw;
  std::string_view node_type;  // of the node whose attributes these are
  std::string ready;           // what is written instead, if not empty
  std::string marks;           // of a text node, as JSON
};

struct Frame {
  std::vector<Entry> entries;
  const Value* elements = nullptr;  // an array of which nothing is left out, instead of entries
  std::size_t next = 0;
  bool object = false;
};

void append_string(std::string& out, std::string_view text) {
  const bool clean = text.find('\0') == std::string_view::npos && text.find('\r') == std::string_view::npos;
  if (clean) return append_quoted(out, text);
  std::string kept;
  for (std::size_t position = 0; position < text.size(); ++position) {
    const char c = text[position];
    if (c == '\0') continue;
    const bool pair = c == '\r' && position + 1 < text.size() && text[position + 1] == '\n';
    if (!pair) kept.push_back(c == '\r' ? '\n' : c);
  }
  append_quoted(out, kept);
}

void append_number(std::string& out, const Value& number) {
  if (number.IsInt64()) {
    out.append(fmt::format("{}", number.GetInt64()));
  } else if (number.IsUint64()) {
    out.append(fmt::format("{}", number.GetUint64()));
  } else {
    const double value = number.GetDouble();
    constexpr double exact_max = 9007199254740992.0;
    const bool whole = value == std::trunc(value) && std::abs(value) < exact_max;
    out.append(whole ? fmt::format("{}", static_cast<std::int64_t>(value)) : fmt::format("{}", value));
  }
}

void append_scalar(std::string& out, const Value& value) {
  if (value.IsString()) {
    append_string(out, view(value));
  } else if (value.IsNumber()) {
    append_number(out, value);
  } else {
    out.append(value.IsNull() ? "null" : value.IsTrue() ? "true" : "false");
  }
}

/// Does this attribute say only what holds without it?
bool says_nothing(std::string_view type, std::string_view name, const Value& value) {
  if (name == "localId") return !contains(numbered, type) && type != "syncBlock" && type != "bodiedSyncBlock";
  if (name == "order" || name == "colspan" || name == "rowspan") return value.IsNumber() && value.GetDouble() == 1;
  if (name == "isNumberColumnEnabled") return value.IsFalse();
  if (name == "accessLevel") return value.IsString() && value.GetStringLength() == 0;
  if (name == "userType") return value.IsString() && view(value) == "DEFAULT";
  if (type == "table" && name == "layout") return value.IsString() && view(value) == "default";
  if (type == "hardBreak") return name == "text";
  return false;
}

/// Is this a text node in which nothing is left?
bool is_empty_text(const Value& node) {
  return type_of(node) == "text" && string_member(node, "text").find_first_not_of('\0') == std::string_view::npos;
}

void sort_by_key(std::vector<Entry>& entries) {
  std::ranges::stable_sort(entries, {}, &Entry::key);
  const auto twice = std::ranges::unique(entries, {}, &Entry::key);
  entries.erase(twice.begin(), twice.end());
}

class Dump {
 public:
  std::string run(const Value& root, Role role) {
    begin(Entry{.value = &root, .role = role});
    while (!frames_.empty()) {
      Frame& frame = frames_.back();
      const std::size_t size = frame.elements != nullptr ? frame.elements->Size() : frame.entries.size();
      if (frame.next == size) {
        out_.push_back(frame.object ? '}' : ']');
        frames_.pop_back();
        continue;
      }
      if (frame.next > 0) out_.push_back(',');
      if (frame.elements != nullptr) {
        begin(Entry{.value = &(*frame.elements)[static_cast<rapidjson::SizeType>(frame.next++)]});
        continue;
      }
      const Entry entry = std::move(frame.entries[frame.next++]);
      if (frame.object) {
        append_quoted(out_, entry.key);
        out_.push_back(':');
      }
      begin(entry);
    }
    return std::move(out_);
  }

 private:
  void begin(const Entry& entry) {
    if (!entry.ready.empty() && entry.role != Role::node) {
      out_.append(entry.ready);
    } else if (entry.value->IsObject()) {
      out_.push_back('{');
      frames_.push_back(Frame{.entries = members(entry), .next = 0, .object = true});
    } else if (entry.value->IsArray()) {
      out_.push_back('[');
      if (entry.role == Role::nodes) {
        frames_.push_back(Frame{.entries = items(entry), .next = 0, .object = false});
      } else {
        frames_.push_back(Frame{.entries = {}, .elements = entry.value, .next = 0, .object = false});
      }
    } else {
      append_scalar(out_, *entry.value);
    }
  }

  std::vector<Entry> members(const Entry& of) {
    std::vector<Entry> found;
    if (of.role == Role::node) {
      found = node_members(*of.value, of.ready, of.marks);
    } else if (of.role == Role::attributes) {
      found = attributes(of.node_type, *of.value);
    } else {
      for (const auto& entry : of.value->GetObject())
        found.push_back(Entry{.key = view(entry.name), .value = &entry.value});
    }
    sort_by_key(found);
    return found;
  }

  std::vector<Entry> attributes(std::string_view type, const Value& value) {
    std::vector<Entry> found;
    const bool has_number = contains(numbered, type);
    if (has_number) found.push_back(Entry{.key = "localId", .ready = fmt::format("\"{}\"", ++number_)});
    for (const auto& entry : value.GetObject())
      if (!says_nothing(type, view(entry.name), entry.value))
        found.push_back(Entry{.key = view(entry.name), .value = &entry.value});
    return found;
  }

  /// `joined`: the text instead of the node's own, as JSON; empty if it is no text joined of several. `marks`: those of
  /// a text node that are known already.
  std::vector<Entry> node_members(const Value& node, const std::string& joined, const std::string& marks) {
    std::vector<Entry> found;
    const std::string_view type = type_of(node);
    const bool root = type == "doc";
    if (root) found.push_back(Entry{.key = "version", .ready = "1"});
    const bool has_number = contains(numbered, type);
    if (has_number && member(node, "attrs") == nullptr)
      found.push_back(Entry{.key = "attrs", .ready = fmt::format("{{\"localId\":\"{}\"}}", ++number_)});
    for (const auto& [name, value] : node.GetObject()) {
      const std::string_view key = view(name);
      if (root && key != "content" && key != "type") continue;
      if (key == "attrs" && value.IsObject()) {
        const bool nothing = !has_number && std::ranges::all_of(value.GetObject(), [type](const auto& entry) {
          return says_nothing(type, view(entry.name), entry.value);
        });
        if (nothing && type != "nestedExpand") continue;
        found.push_back(Entry{.key = key, .value = &value, .role = Role::attributes, .node_type = type});
      } else if (key == "content" && value.IsArray()) {
        const bool empty = std::ranges::all_of(elements(node, key), is_empty_text);
        if (empty && contains(may_be_empty, type)) continue;
        found.push_back(Entry{.key = key, .value = &value, .role = Role::nodes});
      } else if (key == "marks" && value.IsArray()) {
        if (!value.Empty()) found.push_back(Entry{.key = key, .ready = marks.empty() ? marks_json(value) : marks});
      } else if (key == "text" && !joined.empty()) {
        found.push_back(Entry{.key = key, .ready = joined});
      } else {
        found.push_back(Entry{.key = key, .value = &value});
      }
    }
    return found;
  }

  static std::string marks_json(const Value& marks) {
    std::vector<std::string> written;
    for (const Value& mark : marks.GetArray()) written.push_back(Dump{}.run(mark, Role::mark));
    std::ranges::sort(written);
    const auto twice = std::ranges::unique(written);
    written.erase(twice.begin(), twice.end());
    return fmt::format("[{}]", fmt::join(written, ","));
  }

  static std::string marks_of(const Value& node) {
    const Value* const marks = member(node, "marks");
    return marks == nullptr || !marks->IsArray() || marks->Empty() ? std::string{} : marks_json(*marks);
  }

  static std::vector<Entry> items(const Entry& of) {
    std::vector<Entry> found;
    std::string text;  // of the text nodes joined so far
    std::string marks;
    bool several = false;
    const auto end_run = [&] {
      if (several) append_string(found.back().ready, text);
      several = false;
    };
    for (const Value& value : of.value->GetArray()) {
      if (is_empty_text(value)) continue;
      if (type_of(value) != "text") {
        end_run();
        found.push_back(Entry{.value = &value, .role = value.IsObject() ? Role::node : Role::raw});
        continue;
      }
      std::string own_marks = marks_of(value);
      const bool joins = !found.empty() && type_of(*found.back().value) == "text" && own_marks == marks;
      if (!joins) {
        end_run();
        text.assign(string_member(value, "text"));
        marks = own_marks;
        found.push_back(Entry{.value = &value, .role = Role::node, .marks = std::move(own_marks)});
        continue;
      }
      text.append(string_member(value, "text"));
      several = true;
    }
    end_run();
    return found;
  }

  std::string out_;
  std::vector<Frame> frames_;
  std::size_t number_ = 0;
};

}  // namespace

std::string stable_json(const Value& node) { return Dump{}.run(node, node.IsObject() ? Role::node : Role::raw); }

std::string sorted_json(const Value& value) { return Dump{}.run(value, Role::raw); }

}  // namespace causeway::markup::adf
