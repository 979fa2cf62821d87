#pragma once
/// Requests to one Redmine and what its answers mean as failures. Keeps no state: any thread.
#include <optional>
#include <string>
#include <string_view>

#include "adapters/redmine/options.hpp"
#include "adapters/web.hpp"
#include "agent/http/transport.hpp"
#include "agent/model/result.hpp"

namespace causeway::redmine {

class Client {
 public:
  /// Borrows both; they must outlive it.
  Client(const RedmineOptions& options, http::Transport& transport, http::Secret key)
      : options_(options), transport_(transport), key_(std::move(key)) {}

  /// A GET. Every whole answer comes back, whatever its status.
  [[nodiscard]] Result<http::Response> get(std::string_view path, std::string_view path_template,
                                           const std::string& as_login = {}) const;
  /// A GET that must be answered with 200 and a body that calls itself JSON; anything else is a Failure.
  [[nodiscard]] Result<std::string> read(std::string_view path, std::string_view path_template,
                                         const std::string& as_login = {}) const;
  /// POST or PUT of JSON. Every whole answer comes back.
  [[nodiscard]] Result<http::Response> write(http::Method method, std::string_view path, std::string_view path_template,
                                             std::string body, const std::string& as_login) const;
  /// POST of a file's bytes. Every whole answer comes back.
  [[nodiscard]] Result<http::Response> upload(std::string_view name, std::string bytes,
                                              const std::string& as_login) const;
  /// GET of an absolute address; the key goes along only to the installation itself.
  [[nodiscard]] Result<http::Response> get_file(const std::string& url) const;

 private:
  [[nodiscard]] http::Request request(http::Method method, std::string_view path, std::string_view path_template,
                                      const std::string& as_login) const;
  const RedmineOptions& options_;
  http::Transport& transport_;
  const http::Secret key_;
};

/// What an answer other than the wanted one means. `what` says what we were doing: "reading issue 12". Never carries a
/// body, but for the texts of a 422, which are Redmine's own.
[[nodiscard]] Failure failure_of(const http::Response& response, http::Method method, std::string_view what);
using web::is_json;

}  // namespace causeway::redmine
