#include "tests/fakes/http/exchange.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

namespace causeway::fakes {
namespace {

constexpr std::string_view failure_page =
    "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>";
constexpr std::string_view login_page =
    "<html><head><title>Sign in</title></head><body><form>Sign in</form></body></html>";

char small(char letter) { return static_cast<char>(std::tolower(static_cast<unsigned char>(letter))); }

std::string decoded(std::string_view text, bool plus_is_space) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    unsigned value = 0;
    if (text[at] == '+' && plus_is_space) {
      result += ' ';
    } else if (text[at] == '%' && at + 2 < text.size() &&
               std::from_chars(text.data() + at + 1, text.data() + at + 3, value, 16).ptr == text.data() + at + 3) {
      result += static_cast<char>(value);
      at += 2;
    } else {
      result += text[at];
    }
  }
  return result;
}

}  // namespace

std::string_view Request::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (same_name(key, name)) return value;
  }
  return {};
}

std::optional<Trouble::Kind> trouble_kind(std::string_view name) {
  if (name == "status") return Trouble::Kind::status;
  if (name == "html") return Trouble::Kind::html;
  if (name == "cut") return Trouble::Kind::cut;
  if (name == "drop") return Trouble::Kind::drop;
  if (name == "hang") return Trouble::Kind::hang;
  if (name == "lock") return Trouble::Kind::lock;
  return std::nullopt;
}

std::optional<Trouble> take_due(std::vector<Trouble>& troubles, std::string_view method,
                                std::string_view path_template) {
  for (Trouble& trouble : troubles) {
    if (trouble.times == 0) continue;
    if (!trouble.method.empty() && trouble.method != method) continue;
    if (!trouble.path_template.empty() && trouble.path_template != path_template) continue;
    if (trouble.skip > 0) {
      --trouble.skip;
      continue;
    }
    if (trouble.times > 0) --trouble.times;
    return trouble;
  }
  return std::nullopt;
}

Response troubled(const Trouble& trouble, Response answer) {
  const auto page = [](int status, std::string_view body) {
    return Response{status, {{"Content-Type", "text/html; charset=utf-8"}}, std::string{body}, false, {}, 0};
  };
  switch (trouble.kind) {
    case Trouble::Kind::drop:
      return {0, {}, {}, true, {}, 0};
    case Trouble::Kind::hang:
      answer.delay += trouble.delay;
      return answer;
    case Trouble::Kind::cut:
      answer.announced = answer.body.size();
      answer.body.resize(answer.body.size() / 2);
      return answer;
    case Trouble::Kind::html:
      return page(200, login_page);
    case Trouble::Kind::status: {
      Response response = page(trouble.status, failure_page);
      if (!trouble.retry_after.empty()) response.headers.emplace_back("Retry-After", trouble.retry_after);
      return response;
    }
    case Trouble::Kind::lock:
      return {422, {{"Content-Type", "application/json; charset=utf-8"}}, R"({"errors":[]})", false, {}, 0};
  }
  return answer;
}

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char left, char right) { return small(left) == small(right); });
}

std::string lower(std::string_view text) {
  std::string result{text};
  std::transform(result.begin(), result.end(), result.begin(), small);
  return result;
}

std::string escaped(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (const char letter : text) {
    switch (letter) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      default:
        result += letter;
    }
  }
  return result;
}

std::string url_decoded(std::string_view text) { return decoded(text, true); }

std::string path_decoded(std::string_view text) { return decoded(text, false); }

std::string url_encoded(std::string_view text) {
  std::string result;
  for (const char letter : text) {
    const bool plain = std::isalnum(static_cast<unsigned char>(letter)) != 0 ||
                       std::string_view{"-._~"}.find(letter) != std::string_view::npos;
    if (plain) {
      result += letter;
    } else {
      result += fmt::format("%{:02X}", static_cast<unsigned>(static_cast<unsigned char>(letter)));
    }
  }
  return result;
}

Query parse_query(std::string_view text) {
  Query query;
  std::size_t start = 0;
  while (!text.empty() && start <= text.size()) {
    const std::size_t end = std::min(text.find('&', start), text.size());
    const std::string_view pair = text.substr(start, end - start);
    const std::size_t equals = pair.find('=');
    query.emplace_back(url_decoded(pair.substr(0, equals)),
                       equals == std::string_view::npos ? std::string{} : url_decoded(pair.substr(equals + 1)));
    start = end + 1;
  }
  return query;
}

const std::string* part(const Query& query, std::string_view name) {
  const std::string* found = nullptr;
  for (const auto& [key, value] : query) {
    if (key == name) found = &value;
  }
  return found;
}

std::string http_date(Instant instant) {
  static constexpr std::array<const char*, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array<const char*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(instant);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss time{std::chrono::floor<std::chrono::seconds>(instant - day)};
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} GMT", days[std::chrono::weekday{day}.c_encoding()],
                     static_cast<unsigned>(date.day()), months[static_cast<unsigned>(date.month()) - 1],
                     static_cast<int>(date.year()), time.hours().count(), time.minutes().count(),
                     time.seconds().count());
}

}  // namespace causeway::fakes
