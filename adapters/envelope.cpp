#include "adapters/envelope.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace causeway::envelope {
namespace {

constexpr std::size_t marker_digits = 20;

}  // namespace

bool is_marker(std::string_view text) {
  return text.size() == marker_digits && std::all_of(text.begin(), text.end(), [](char digit) {
           return (digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f');
         });
}

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

std::string whose_words(const Attribution& attribution) {
  std::string whose = plain(attribution.author);
  const std::string where = attribution.url.empty() ? plain(attribution.origin) : plain_url(attribution.url);
  if (!whose.empty() && !where.empty()) whose += ", ";
  return whose + where;
}

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

std::string with_last_line(std::string_view text, std::string_view line) {
  return fmt::format("{}{}{}", text, text.empty() ? "" : "\n\n", line);
}

Unwrapped without_last_line(std::string_view stored, const LineReader& read_line) {
  Unwrapped result;
  std::string text = with_line_feeds(stored);
  std::size_t end = text.size();
  while (true) {
    const std::size_t break_before = end == 0 ? std::string::npos : text.rfind('\n', end - 1);
    const std::size_t start = break_before == std::string::npos ? 0 : break_before + 1;
    if (const auto line = read_line(std::string_view{text}.substr(start, end - start))) {
      result.enveloped = true;
      result.whose = line->whose;
      if (!line->marker.empty()) result.marker = Marker{std::string{line->marker}};
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

}  // namespace causeway::envelope
