#pragma once
/// Addresses as far as a configuration must understand them.
#include <expected>
#include <string>
#include <string_view>

namespace causeway::config {

struct Url {
  std::string scheme;  ///< lower case
  std::string host;    ///< lower case; IPv6 in brackets
  std::string text;    ///< as given, without slashes at the end
};

struct UrlTrouble {
  std::string what;  ///< never shows the address: it may hold a password
  std::string remedy;
};

/// An absolute address without user name, password, query and fragment.
[[nodiscard]] std::expected<Url, UrlTrouble> parse_url(std::string_view text);
/// Whether the host is this machine.
[[nodiscard]] bool is_loopback(const Url& url);

}  // namespace causeway::config
