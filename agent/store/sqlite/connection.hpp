#pragma once
/// SQLite's C interface as values that clean up after themselves, with every refusal turned into a Failure.
#include <sqlite3.h>

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "agent/model/result.hpp"

namespace causeway::store {

class Connection;

/// A prepared statement lent for one use; rewound when the use ends.
class Statement {
 public:
  Statement(Connection& connection, sqlite3_stmt* statement) : connection_(connection), statement_(statement) {}
  ~Statement() {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
  }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  Statement& bind(std::int64_t value);
  /// Text is not copied: it must live until the use ends.
  Statement& bind(std::string_view text);
  Statement& bind_bytes(std::string_view bytes);
  /// A native id: as a number when it is one, which keeps rows and indexes small.
  Statement& bind_id(const std::string& id);
  /// The next row: true, no row left: false.
  Result<bool> row();
  /// For statements that give no rows.
  Result<void> run();

  [[nodiscard]] std::int64_t number(int column) const { return sqlite3_column_int64(statement_, column); }
  [[nodiscard]] std::string text(int column) const;
  [[nodiscard]] std::string_view bytes(int column) const;
  [[nodiscard]] std::string id(int column) const;
  [[nodiscard]] bool is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

 private:
  Connection& connection_;
  sqlite3_stmt* statement_;
  int next_ = 1;
  bool bad_ = false;
};

/// One connection with its statements. Used by one thread at a time.
class Connection {
 public:
  static Result<std::unique_ptr<Connection>> open(const std::string& path, bool read_only);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// `sql` must be a string literal: statements are kept by its address.
  Statement statement(const char* sql);
  Result<void> run(const char* sql);
  [[nodiscard]] sqlite3* handle() { return handle_; }
  /// What SQLite said last, as a Failure whose message tells the way out where there is one.
  [[nodiscard]] std::unexpected<Failure> failure(int code) const;
  [[nodiscard]] std::int64_t last_id() const { return sqlite3_last_insert_rowid(handle_); }

 private:
  explicit Connection(sqlite3* handle, std::string path) : handle_(handle), path_(std::move(path)) {}
  sqlite3* handle_;
  std::string path_;
  std::unordered_map<const char*, sqlite3_stmt*> statements_;
};

}  // namespace causeway::store
