#include "agent/markup/address.hpp"

#include "agent/markup/characters.hpp"

namespace causeway::markup {

bool has_scheme(std::string_view address) {
  if (address.empty() || !is_letter(address[0])) return false;
  for (const char c : address) {
    if (c == ':') return true;
    if (!is_alphanumeric(c) && c != '+' && c != '-' && c != '.') return false;
  }
  return false;
}

bool is_relative(std::string_view address) {
  return !has_scheme(address) && !address.starts_with('#') && !address.starts_with("//") &&
         !address.starts_with("www.");
}

}  // namespace causeway::markup
