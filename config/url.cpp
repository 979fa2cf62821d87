#include "config/url.hpp"

#include <algorithm>
#include <charconv>

namespace causeway::config {
namespace {

std::string lower(std::string_view text) {
  std::string result{text};
  for (char& letter : result) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  return result;
}

bool is_port(std::string_view text) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() && value >= 1 && value <= 65535;
}

bool is_host(std::string_view host) {
  if (host.starts_with('['))
    return host.size() > 3 && host.ends_with(']') &&
           host.find_first_not_of("[]:.%0123456789abcdefABCDEF") == std::string_view::npos;
  return !host.empty() && std::all_of(host.begin(), host.end(), [](char letter) {
    const bool alphanumeric =
        (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9');
    return alphanumeric || letter == '-' || letter == '.' || letter == '_';
  });
}

}  // namespace

std::expected<Url, UrlTrouble> parse_url(std::string_view text) {
  const auto trouble = [](const char* what, const char* remedy) { return std::unexpected(UrlTrouble{what, remedy}); };
  if (std::any_of(text.begin(), text.end(), [](char letter) {
        return static_cast<unsigned char>(letter) <= ' ' || letter == '\x7f' || letter == '\\';
      })) {
    return trouble("the address has a blank or a backslash in it", "write it as a browser shows it");
  }
  const std::size_t colon = text.find("://");
  if (colon == std::string_view::npos || colon == 0)
    return trouble("this is no address", "write it with its beginning, for example https://redmine.example.org");
  const std::string_view after = text.substr(colon + 3);
  const std::string_view authority = after.substr(0, after.find_first_of("/?#"));
  if (authority.find('@') != std::string_view::npos) {
    return trouble("the address has a user name or password in it",
                   "take it out; secrets are given by env, file or credential");
  }
  if (text.find_first_of("?#") != std::string_view::npos)
    return trouble("the address has a ? or # in it", "end it before that");
  // An IPv6 address has colons of its own, inside brackets.
  const std::size_t bracket = authority.rfind(']');
  const std::size_t port_at = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
  const std::string_view host = authority.substr(0, port_at);
  if (!is_host(host)) return trouble("the address has no host name", "write it as https://host or https://host:port");
  if (port_at != std::string_view::npos && !is_port(authority.substr(port_at + 1)))
    return trouble("the address has no proper port", "write a number from 1 to 65535 behind the colon");
  while (text.ends_with('/')) text.remove_suffix(1);
  return Url{lower(text.substr(0, colon)), lower(host), std::string{text}};
}

bool is_loopback(const Url& url) {
  if (url.host == "localhost" || url.host.ends_with(".localhost") || url.host == "[::1]") return true;
  // Only numbers: 127.evil.example is another machine.
  return url.host.starts_with("127.") && url.host.find_first_not_of("0123456789.") == std::string::npos;
}

}  // namespace causeway::config
