#include "agent/markup/adf/canonical.hpp"

#include <cstring>

#include "agent/markup/characters.hpp"
#include "agent/markup/convert.hpp"
#include "agent/markup/utf8.hpp"

namespace causeway::markup {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

/// Redmine's JSON reader turns half of a surrogate pair into a question mark; GitHub's into the replacement character.
std::string_view replacement_for(Format format, std::string_view broken) {
  const bool surrogate = broken.size() == 3;
  return surrogate && is_redmine(format) ? std::string_view{"?"} : replacement;
}

/// Text as every tracker keeps it, whatever its markup.
std::string clean_text(Format format, std::string_view native) {
  std::string out;
  std::size_t kept = 0;  // everything before is in `out`
  std::size_t position = 0;
  const auto replace = [&](std::size_t length, std::string_view with) {
    out.append(native.substr(kept, position - kept)).append(with);
    position += length;
    kept = position;
  };
  while (position < native.size()) {
    position = skip_plain(native, position);
    if (position == native.size()) break;
    const char c = native[position];
    if (c == '\0') {
      replace(1, "");
    } else if (c == '\r') {
      std::size_t next = position + 1;
      while (next < native.size() && native[next] == '\0') ++next;
      const bool pair = next < native.size() && native[next] == '\n';
      replace(pair ? next + 1 - position : 1, "\n");
    } else {
      const std::size_t length = valid_length(native, position);
      if (length > 0) {
        position += length;
      } else {
        const std::size_t broken = broken_length(native, position);
        replace(broken, replacement_for(format, native.substr(position, broken)));
      }
    }
  }
  out.append(native.substr(kept));
  while (!out.empty() && is_space(out.back())) out.pop_back();
  return out;
}

}  // namespace

std::string canonical(Format format, std::string_view native) {
  std::string text = clean_text(format, native);
  if (format != Format::adf) return text;
  auto stable = adf::canonical(text);
  return stable ? std::move(*stable) : std::move(text);
}

}  // namespace causeway::markup
