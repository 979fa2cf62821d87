#pragma once
/// What every stand-in shares: requests and answers as plain values, trouble on demand, and the small change of HTTP.
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "agent/model/time.hpp"

namespace causeway::fakes {

/// One request as the server got it.
struct Request {
  std::string method;  ///< "GET"
  std::string target;  ///< "/issues.json?limit=100", still encoded
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  /// Any letter case; empty when absent.
  [[nodiscard]] std::string_view header(std::string_view name) const;
};

struct Response {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  bool drop = false;                   ///< close the connection without an answer
  std::chrono::milliseconds delay{0};  ///< answer only then
  std::size_t announced = 0;           ///< Content-Length of a cut answer; 0: the length of `body`
};

/// Trouble for requests of one kind.
struct Trouble {
  enum class Kind : std::uint8_t {
    status,  ///< an HTML page with `status`
    html,    ///< an HTML page with 200, as a proxy's login page
    cut,     ///< the true answer, cut in the middle
    drop,    ///< the connection closes without an answer
    hang,    ///< the answer comes after `delay`
    lock     ///< 422 with no errors: another writer was there (Redmine)
  };
  Kind kind = Kind::status;
  std::string method{};         ///< empty: any
  std::string path_template{};  ///< "/issues/{id}"; empty: any
  int status = 502;
  int skip = 0;               ///< so many pass unharmed first
  int times = 1;              ///< so many are hit; -1: all
  bool after_commit = false;  ///< what was asked for is done before the answer is lost
  std::string retry_after{};  ///< seconds, for 429 and 503
  std::chrono::milliseconds delay{0};
  [[nodiscard]] bool replaces_handling() const { return !after_commit && kind != Kind::hang && kind != Kind::cut; }
};
[[nodiscard]] std::optional<Trouble::Kind> trouble_kind(std::string_view name);

/// The trouble that this request meets, used up by one.
[[nodiscard]] std::optional<Trouble> take_due(std::vector<Trouble>& troubles, std::string_view method,
                                              std::string_view path_template);
/// What the client gets instead of `answer`.
[[nodiscard]] Response troubled(const Trouble& trouble, Response answer);

[[nodiscard]] bool same_name(std::string_view a, std::string_view b);
[[nodiscard]] std::string lower(std::string_view text);
/// For text and for attribute values in double quotes.
[[nodiscard]] std::string escaped(std::string_view text);
/// `+` becomes a space, as in forms and queries.
[[nodiscard]] std::string url_decoded(std::string_view text);
/// `+` stays, as in paths.
[[nodiscard]] std::string path_decoded(std::string_view text);
[[nodiscard]] std::string url_encoded(std::string_view text);
/// Decoded parts of a query string, in order.
using Query = std::vector<std::pair<std::string, std::string>>;
[[nodiscard]] Query parse_query(std::string_view text);
/// The last value of that name; nullptr: none.
[[nodiscard]] const std::string* part(const Query& query, std::string_view name);
/// "Mon, 23 Nov 2026 02:34:33 GMT"
[[nodiscard]] std::string http_date(Instant instant);

}  // namespace causeway::fakes
