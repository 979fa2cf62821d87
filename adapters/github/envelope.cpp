#include "adapters/github/envelope.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace causeway::github {
namespace {

constexpr std::string_view opening = "-- ";
constexpr std::string_view mark_opening = "<!-- causeway:";
constexpr std::string_view mark_closing = " -->";
constexpr std::string_view word_joiner = "\xE2\x81\xA0";
constexpr std::size_t whose_bytes_max = envelope_bytes_max - 64;
constexpr std::size_t commit_digits_min = 7;

/// "0123abc" would become a link to a commit and "GH-12" one to an issue, each with a trace over there.
bool is_reference(std::string_view word) {
  const auto is_digit = [](unsigned char letter) { return std::isdigit(letter) != 0; };
  const auto is_hex = [](unsigned char letter) { return std::isxdigit(letter) != 0; };
  if (word.size() >= commit_digits_min && std::all_of(word.begin(), word.end(), is_hex)) return true;
  const bool issue =
      word.size() > 3 && (word[0] == 'G' || word[0] == 'g') && (word[1] == 'H' || word[1] == 'h') && word[2] == '-';
  return issue && is_digit(static_cast<unsigned char>(word[3]));
}

/// The words with an invisible joiner in each that GitHub would make a reference of.
std::string without_references(std::string_view words) {
  std::string text;
  while (!words.empty()) {
    const auto is_letter = [](unsigned char letter) { return std::isalnum(letter) != 0 || letter == '-'; };
    const auto end = static_cast<std::size_t>(std::find_if_not(words.begin(), words.end(), is_letter) - words.begin());
    const std::string_view word = words.substr(0, end);
    if (is_reference(word)) {
      text += word.substr(0, 1);
      text += word_joiner;
      text += word.substr(1);
    } else {
      text += word;
    }
    words.remove_prefix(end);
    if (words.empty()) break;
    text += words.front();
    words.remove_prefix(1);
  }
  return text;
}

/// An address of an issue on github.com leaves a trace on that issue; through this host of GitHub's it does not.
std::string without_trace(std::string_view url) {
  constexpr std::string_view live = "https://github.com/";
  if (!url.starts_with(live)) return std::string{url};
  return fmt::format("https://redirect.github.com/{}", url.substr(live.size()));
}

/// Nullopt when the line is not ours.
std::optional<envelope::OwnLine> own_line(std::string_view line) {
  while (!line.empty() && (line.back() == ' ' || line.back() == '\t')) line.remove_suffix(1);
  if (!line.ends_with(mark_closing)) return std::nullopt;
  const std::size_t mark = line.rfind(mark_opening);
  if (mark == std::string_view::npos) return std::nullopt;
  if (mark != 0 && (!line.starts_with(opening) || line[mark - 1] != ' ')) return std::nullopt;
  std::string_view inside = line.substr(mark + mark_opening.size());
  inside.remove_suffix(mark_closing.size());
  if (!envelope::is_marker(inside)) return std::nullopt;
  return envelope::OwnLine{inside, mark == 0 ? "" : line.substr(opening.size(), mark - 1 - opening.size())};
}

}  // namespace

std::string wrap(std::string_view text, const Attribution& attribution, const Marker& marker) {
  Attribution named = attribution;
  named.author = without_references(envelope::plain(attribution.author));
  named.origin = without_references(envelope::plain(attribution.origin));
  named.url = without_trace(attribution.url);
  std::string whose = envelope::whose_words(named);
  if (whose.size() > whose_bytes_max) whose.clear();  // nobody's name is that long, and half an address is none
  const std::string mark = fmt::format("{}{}{}", mark_opening, marker.value, mark_closing);
  return envelope::with_last_line(text, whose.empty() ? mark : fmt::format("{}{} {}", opening, whose, mark));
}

Unwrapped unwrap(std::string_view stored) { return envelope::without_last_line(stored, own_line); }

}  // namespace causeway::github
