#include "adapters/redmine/envelope.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace causeway::redmine {
namespace {

constexpr std::string_view opening = "-- ";
constexpr std::string_view mark_opening = "(cw";
constexpr std::size_t marker_digits = 20;

bool is_marker(std::string_view text) {
  return text.size() == marker_digits && std::all_of(text.begin(), text.end(), [](char digit) {
           return (digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f');
         });
}

/// Plain words in both formats: whatever could start a mention, reference, link, image, macro, HTML or emphasis is
/// dropped or said in words. Letters of every script stay.
std::string plain(std::string_view words) {
  std::string text;
  for (const char letter : words) {
    if (letter == '#') {
      text += " no. ";
    } else if (letter == '@') {
      if (!text.empty()) text += " at ";
    } else if (static_cast<unsigned char>(letter) < 0x20 || letter == 0x7F) {
      text += ' ';
    } else if (std::string_view{"*+`~^|<>[]{}!\"%=?\\:;()"}.find(letter) == std::string_view::npos) {
      text += letter;
    }
  }
  const auto end = std::unique(text.begin(), text.end(), [](char a, char b) { return a == ' ' && b == ' '; });
  text.erase(end, text.end());
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

/// An address that stays one word, and that neither format reads anything else into.
std::string plain_url(std::string_view url) {
  std::string text;
  for (const char letter : url) {
    const auto code = static_cast<unsigned char>(letter);
    if (code <= 0x20 || code == 0x7F || std::string_view{"\"'<>()[]{}|\\^`!*"}.find(letter) != std::string_view::npos) {
      text += fmt::format("%{:02X}", code);
    } else {
      text += letter;
    }
  }
  return text;
}

/// The marker of a line that is ours (empty: it has none); nullopt when the line is not ours.
std::optional<std::string_view> own_line(std::string_view line) {
  while (!line.empty() && (line.back() == ' ' || line.back() == '\t')) line.remove_suffix(1);
  if (!line.starts_with(opening) || !line.ends_with(')')) return std::nullopt;
  const std::size_t mark = line.rfind(mark_opening);
  if (mark == std::string_view::npos || line[mark - 1] != ' ') return std::nullopt;
  std::string_view inside = line.substr(mark + mark_opening.size());
  inside.remove_suffix(1);
  if (inside.empty()) return inside;
  if (inside.front() != ':' || !is_marker(inside.substr(1))) return std::nullopt;
  return inside.substr(1);
}

}  // namespace

std::string with_line_feeds(std::string_view text) {
  if (text.find('\r') == std::string_view::npos) return std::string{text};
  std::string result;
  result.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\r') {
      result += text[at];
    } else {
      result += '\n';
      if (at + 1 < text.size() && text[at + 1] == '\n') ++at;
    }
  }
  return result;
}

std::string wrap(std::string_view text, const Attribution& attribution, const std::optional<Marker>& marker) {
  std::string whose = plain(attribution.author);
  const std::string where = attribution.url.empty() ? plain(attribution.origin) : plain_url(attribution.url);
  if (!whose.empty() && !where.empty()) whose += ", ";
  whose += where;
  if (!whose.empty()) whose += ' ';
  const std::string mark = marker ? fmt::format("(cw:{})", marker->value) : "(cw)";
  return fmt::format("{}{}{}{}{}", text, text.empty() ? "" : "\n\n", opening, whose, mark);
}

Unwrapped unwrap(std::string_view stored) {
  Unwrapped result;
  std::string text = with_line_feeds(stored);
  std::size_t end = text.size();
  while (true) {
    const std::size_t break_before = end == 0 ? std::string::npos : text.rfind('\n', end - 1);
    const std::size_t start = break_before == std::string::npos ? 0 : break_before + 1;
    if (const auto mark = own_line(std::string_view{text}.substr(start, end - start))) {
      result.enveloped = true;
      if (!mark->empty()) result.marker = Marker{std::string{*mark}};
      std::size_t cut = start;
      for (int breaks = 0; breaks < 2 && cut > 0 && text[cut - 1] == '\n'; ++breaks) --cut;
      // Without anything below it the line went to the end of the text, else what a person wrote below is kept with its
      // break.
      text.erase(cut, end - cut);
      if (text.find_first_not_of('\n', cut) == std::string::npos) text.erase(cut);
      break;
    }
    if (break_before == std::string::npos) break;
    end = break_before;
  }
  result.text = std::move(text);
  return result;
}

}  // namespace causeway::redmine
