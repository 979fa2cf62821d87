/// Debian's Redmine through tests/redmine/instance.
#include <fmt/format.h>
#include <netinet/in.h>
#include <sqlite3.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <random>

#include "adapters/json.hpp"
#include "agent/http/curl_transport.hpp"
#include "tests/real/place.hpp"

namespace causeway::real {
namespace {

void run(const std::string& arguments) {
  const std::string command =
      fmt::format("STOP_WITH={} '{}/tests/redmine/instance' {}", ::getpid(), CAUSEWAY_SOURCE_DIR, arguments);
  const int status = std::system(command.c_str());  // NOLINT: the command is ours
  if (status == 0) return;
  throw std::runtime_error(fmt::format("tests/redmine/instance {}: status {}; its words are above", arguments,
                                       WIFEXITED(status) ? WEXITSTATUS(status) : -1));
}

/// Below 32768: outgoing connections of other programs may hold a port above it for a moment.
int free_port() {
  std::random_device random;
  for (int tries = 0; tries < 100; ++tries) {
    const auto port = static_cast<std::uint16_t>(20000 + random() % 12000);
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const bool is_free = ::bind(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    ::close(socket);
    if (is_free) return port;
  }
  throw std::runtime_error("no free port");
}

class RealPlace final : public Place {
 public:
  explicit RealPlace(markup::Format format)
      : format_(format), transport_(http::make_curl_transport({})), folder_(folder_of(format)) {
    const int port = free_port();
    run("install");
    run(fmt::format("up '{}' {} {}", folder_, port, format == markup::Format::textile ? "textile" : "common_mark"));
    url_ = fmt::format("http://127.0.0.1:{}", port);
  }
  RealPlace(const RealPlace&) = delete;
  RealPlace& operator=(const RealPlace&) = delete;
  ~RealPlace() override {
    try {
      run(fmt::format("stop '{}'", folder_));
    } catch (const std::exception& problem) {
      fmt::print(stderr, "{}\n", problem.what());
    }
  }

  [[nodiscard]] const std::string& url() const override { return url_; }
  [[nodiscard]] http::Transport& transport() override { return *transport_; }
  [[nodiscard]] markup::Format format() const override { return format_; }

  std::string fresh_project() override {
    const Somebody admin{*this, admin_key};
    const auto alpha = redmine::read_project(admin.send(http::Method::get, "/projects/alpha.json").body);
    if (!alpha) throw std::runtime_error(alpha.error().message);
    const std::string identifier = fmt::format("project-{}", ++projects_);
    demand(admin.send(http::Method::post, "/projects.json",
                      fmt::format(R"({{"project":{{"name":"{0}","identifier":"{0}","is_public":true,)"
                                  R"("parent_id":{1},"inherit_members":true,)"
                                  R"("enabled_module_names":["issue_tracking"],"tracker_ids":[1,2,3]}}}})",
                                  identifier, alpha->named.id)),
           201);
    demand(admin.send(http::Method::post, fmt::format("/projects/{}/versions.json", identifier),
                      R"({"version":{"name":"1.0"}})"),
           201);
    demand(admin.send(http::Method::post, fmt::format("/projects/{}/issue_categories.json", identifier),
                      R"({"issue_category":{"name":"Backend"}})"),
           201);
    return identifier;
  }
  Number open_many(const std::string& project, int count) override {
    const Number first = Somebody{*this, reporter_key}.open(project, "as it was", "text");
    // One by one they would take a minute: the others are copies of its row.
    const char* const columns =
        "tracker_id, project_id, subject, description, status_id, priority_id, author_id, lock_version, created_on, "
        "updated_on, start_date, done_ratio, lft, rgt, is_private";
    execute(
        fmt::format(
            "WITH RECURSIVE copies(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copies WHERE n < CAST(?2 AS INTEGER)) "
            "INSERT INTO issues ({0}, root_id) SELECT {0}, -1 FROM issues, copies WHERE id = ?1",
            columns),
        {std::to_string(first), std::to_string(count - 1)}, count - 1);
    execute("UPDATE issues SET root_id = id WHERE root_id = -1", {}, count - 1);
    return first;
  }
  [[nodiscard]] const Clock& clock() override { return clock_; }
  void pass(std::chrono::seconds /*time*/) override {}
  void rename_status(const std::string& from, const std::string& to) override {
    execute("UPDATE issue_statuses SET name = ?2 WHERE name = ?1", {from, to});
  }
  void set_right(const std::string& role, const std::string& permission, bool given) override {
    // Rails keeps them as a YAML list of symbols, one a line.
    const std::string line = fmt::format("- :{}\n", permission);
    execute("UPDATE roles SET permissions = replace(permissions, ?2, '') || ?3 WHERE name = ?1",
            {role, line, given ? line : std::string{}});
  }
  void set_project_status(const std::string& project, int status) override {
    execute("UPDATE projects SET status = ?2 WHERE identifier = ?1", {project, std::to_string(status)});
  }

 private:
  static std::string folder_of(markup::Format format) {
    return fmt::format("{}/redmine-{}", CAUSEWAY_BINARY_DIR, markup::name(format));
  }
  static void demand(const http::Response& response, int status) {
    if (response.status != status) throw std::runtime_error(fmt::format("HTTP {}: {}", response.status, response.body));
  }
  /// What the administration's forms do, in Redmine's own database: each of its requests reads these rows anew.
  void execute(const std::string& sql, const std::vector<std::string>& values, int rows = 1) {
    constexpr int patience_ms = 10'000;
    sqlite3* database = nullptr;
    sqlite3_stmt* statement = nullptr;
    const std::string file = folder_ + "/db/redmine.sqlite3";
    const bool opened = sqlite3_open_v2(file.c_str(), &database, SQLITE_OPEN_READWRITE, nullptr) == SQLITE_OK;
    if (opened) sqlite3_busy_timeout(database, patience_ms);
    bool done = opened && sqlite3_prepare_v2(database, sql.c_str(), -1, &statement, nullptr) == SQLITE_OK;
    for (std::size_t at = 0; done && at < values.size(); ++at) {
      done =
          sqlite3_bind_text(statement, static_cast<int>(at) + 1, values[at].c_str(), -1, SQLITE_TRANSIENT) == SQLITE_OK;
    }
    done = done && sqlite3_step(statement) == SQLITE_DONE && sqlite3_changes(database) == rows;
    const std::string words = database == nullptr ? "no memory" : sqlite3_errmsg(database);
    sqlite3_finalize(statement);
    sqlite3_close(database);
    if (!done) throw std::runtime_error(fmt::format("{}: {}", sql, words));
  }

  PassingClock clock_;
  const markup::Format format_;
  const std::unique_ptr<http::Transport> transport_;
  const std::string folder_;
  std::string url_;
  std::atomic<int> projects_{0};
};

}  // namespace

std::unique_ptr<Place> start_real(markup::Format format) { return std::make_unique<RealPlace>(format); }

}  // namespace causeway::real
