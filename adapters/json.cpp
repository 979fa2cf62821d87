#include "adapters/json.hpp"

namespace causeway::json {
namespace {

/// Length of the well-formed UTF-8 sequence at the front of `text`; 0 when there is none. Surrogates are not
/// well-formed.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  const auto continues = [&](std::size_t at) { return at < text.size() && (byte(at) & 0xC0U) == 0x80U; };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  if (first < 0xC2) return 0;
  if (first < 0xE0) return continues(1) ? 2 : 0;
  if (first < 0xF0) {
    if (!continues(1) || !continues(2)) return 0;
    if (first == 0xE0 && byte(1) < 0xA0) return 0;
    if (first == 0xED && byte(1) >= 0xA0) return 0;
    return 3;
  }
  if (first > 0xF4 || !continues(1) || !continues(2) || !continues(3)) return 0;
  if (first == 0xF0 && byte(1) < 0x90) return 0;
  if (first == 0xF4 && byte(1) >= 0x90) return 0;
  return 4;
}

}  // namespace

std::optional<rapidjson::Document> parse(std::string_view text) {
  rapidjson::Document document;
  // Not by recursion: a hostile answer of nothing but brackets must not exhaust the stack.
  document.Parse<rapidjson::kParseFullPrecisionFlag | rapidjson::kParseIterativeFlag>(text.data(), text.size());
  if (document.HasParseError()) return std::nullopt;
  return document;
}

const Value* member(const Value& object, std::string_view name) {
  if (!object.IsObject()) return nullptr;
  const auto length = static_cast<rapidjson::SizeType>(name.size());
  const auto found = object.FindMember(Value{rapidjson::StringRef(name.data(), length)});
  if (found == object.MemberEnd() || found->value.IsNull()) return nullptr;
  return &found->value;
}

const Value* array(const Value& object, std::string_view name) {
  const Value* found = member(object, name);
  return found != nullptr && found->IsArray() ? found : nullptr;
}

std::string_view text(const Value& object, std::string_view name) {
  const Value* found = member(object, name);
  if (found == nullptr || !found->IsString()) return {};
  return {found->GetString(), found->GetStringLength()};
}

std::optional<std::int64_t> integer(const Value& object, std::string_view name) {
  const Value* found = member(object, name);
  if (found == nullptr || !found->IsInt64()) return std::nullopt;
  return found->GetInt64();
}

std::optional<bool> boolean(const Value& object, std::string_view name) {
  const Value* found = member(object, name);
  if (found == nullptr || !found->IsBool()) return std::nullopt;
  return found->GetBool();
}

std::optional<Instant> instant(const Value& object, std::string_view name) { return parse_instant(text(object, name)); }

namespace {

/// Half of a UTF-16 pair, encoded by itself: one character that is not there, as markup::canonical() counts it.
bool is_half_surrogate(std::string_view text) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  return text.size() >= 3 && byte(0) == 0xED && byte(1) >= 0xA0 && byte(1) <= 0xBF && byte(2) >= 0x80 &&
         byte(2) <= 0xBF;
}

}  // namespace

std::string clean(std::string_view text, std::string_view half_surrogate) {
  std::string cleaned;
  cleaned.reserve(text.size());
  while (!text.empty()) {
    // Most text is plain: take runs of ASCII at once.
    std::size_t run = 0;
    while (run < text.size() && text[run] > 0) ++run;
    cleaned.append(text.substr(0, run));
    text.remove_prefix(run);
    if (text.empty()) break;
    if (text.front() == '\0') {
      text.remove_prefix(1);
      continue;
    }
    const std::size_t length = sequence_length(text);
    if (length == 0) {
      const bool half = is_half_surrogate(text);
      cleaned += half ? half_surrogate : "\xEF\xBF\xBD";
      text.remove_prefix(half ? 3 : 1);
    } else {
      cleaned.append(text.substr(0, length));
      text.remove_prefix(length);
    }
  }
  return cleaned;
}

}  // namespace causeway::json
