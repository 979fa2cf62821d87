#include "agent/markup/textile/marks.hpp"

#include <algorithm>

namespace causeway::markup::textile {

std::string_view address_in(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size() && !is_space(text[end]) && text[end] != '<' && text[end] != '>' &&
         static_cast<unsigned char>(text[end]) >= 0x20)
    ++end;
  std::string_view address = text.substr(0, end);
  while (!address.empty() && ends_address(address.back())) address.remove_suffix(1);
  // A parenthesis that was opened before the address is no part of it.
  if (address.ends_with(')') && std::ranges::count(address, '(') < std::ranges::count(address, ')'))
    address.remove_suffix(1);
  return address;
}

bool begins_address(std::string_view text) {
  std::size_t begin = 0;
  if (text.starts_with('/')) {
    begin = 1;
  } else if (text.starts_with("www.")) {
    begin = 4;
  } else if (text.starts_with("mailto:")) {
    begin = 7;
  } else {
    while (begin < text.size() && is_letter(text[begin])) ++begin;
    if (begin == 0 || text.substr(begin, 3) != "://") return false;
    begin += 3;
  }
  if (begin + 1 >= text.size()) return false;
  return is_word(text[begin]) || text[begin] == '/' || !is_ascii(text[begin]);
}

std::size_t links_by_itself(std::string_view text) {
  constexpr std::array<std::string_view, 7> beginnings{"http://", "https://", "ftp://", "sftp://",
                                                       "ftps://", "sftps://", "www."};
  for (const std::string_view beginning : beginnings) {
    if (!text.starts_with(beginning)) continue;
    const std::string_view rest = text.substr(beginning.size());
    return rest.size() > 1 && !is_space(rest[0]) && rest[0] != '<' && address_in(text).size() > beginning.size() + 1
               ? beginning.size()
               : 0;
  }
  return 0;
}

}  // namespace causeway::markup::textile
