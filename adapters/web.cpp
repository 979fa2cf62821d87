#include "adapters/web.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace causeway::web {
namespace {

constexpr std::size_t message_bytes_max = 400;

}  // namespace

std::string_view origin_of(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  return url.substr(0, std::min(url.find('/', scheme + 3), url.size()));
}

std::string query_part(std::string_view text) {
  std::string encoded;
  for (const char letter : text) {
    const bool plain = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                       (letter >= '0' && letter <= '9') || letter == '-' || letter == '_' || letter == '.' ||
                       letter == '~';
    if (plain) {
      encoded += letter;
    } else {
      encoded += fmt::format("%{:02X}", static_cast<unsigned char>(letter));
    }
  }
  return encoded;
}

std::optional<std::chrono::seconds> retry_after(const http::Response& response) {
  const std::string_view text = response.header("Retry-After");
  long seconds = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc{} || end != text.data() + text.size() || seconds < 0) return std::nullopt;
  return std::min<std::chrono::seconds>(std::chrono::seconds{seconds}, wait_max);
}

bool is_json(const http::Response& response) {
  return response.header("Content-Type").find("json") != std::string_view::npos;
}

std::string shortened(std::string texts) {
  if (texts.size() <= message_bytes_max) return texts;
  std::size_t end = message_bytes_max;
  while (end > 0 && (static_cast<unsigned char>(texts[end]) & 0xC0U) == 0x80U) --end;  // not inside a character
  return texts.substr(0, end) + "…";
}

}  // namespace causeway::web
