#include "agent/store/sqlite/connection.hpp"

#include <fmt/format.h>

#include "agent/model/bytes.hpp"

namespace causeway::store {
namespace {

std::string advice(int code) {
  switch (code & 0xff) {
    case SQLITE_FULL:
      return "the disk is full; free space and start again, nothing is lost";
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return "another process holds it; try again when that one is done";
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
      return "it cannot be opened; see that the folder exists and we may write there";
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return "it is damaged or no store of ours; bring back a backup (docs/operations.md)";
    case SQLITE_IOERR:
      return "the disk does not answer as it should";
    default:
      return {};
  }
}

}  // namespace

Statement& Statement::bind(std::int64_t value) {
  bad_ |= sqlite3_bind_int64(statement_, next_++, value) != SQLITE_OK;
  return *this;
}

Statement& Statement::bind(std::string_view text) {
  bad_ |= sqlite3_bind_text64(statement_, next_++, text.data(), text.size(), SQLITE_STATIC, SQLITE_UTF8) != SQLITE_OK;
  return *this;
}

Statement& Statement::bind_bytes(std::string_view bytes) {
  // A null pointer would bind NULL; no bytes are still bytes.
  const char* const data = bytes.empty() ? "" : bytes.data();
  bad_ |= sqlite3_bind_blob64(statement_, next_++, data, bytes.size(), SQLITE_STATIC) != SQLITE_OK;
  return *this;
}

Statement& Statement::bind_id(const std::string& id) {
  if (const auto number = canonical_number(id)) return bind(static_cast<std::int64_t>(*number));
  return bind(std::string_view{id});
}

Result<bool> Statement::row() {
  if (statement_ == nullptr || bad_) return connection_.failure(SQLITE_MISUSE);
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return connection_.failure(code);
}

Result<void> Statement::run() {
  auto stepped = row();
  if (!stepped) return std::unexpected(stepped.error());
  return {};
}

std::string_view Statement::bytes(int column) const {
  const void* const data = sqlite3_column_blob(statement_, column);
  const int size = sqlite3_column_bytes(statement_, column);
  return data == nullptr ? std::string_view{}
                         : std::string_view{static_cast<const char*>(data), static_cast<std::size_t>(size)};
}

std::string Statement::text(int column) const { return std::string{bytes(column)}; }

std::string Statement::id(int column) const {
  if (sqlite3_column_type(statement_, column) == SQLITE_INTEGER) return std::to_string(number(column));
  return text(column);
}

Result<std::unique_ptr<Connection>> Connection::open(const std::string& path, bool read_only) {
  sqlite3* handle = nullptr;
  const int flags = (read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE) |
                    SQLITE_OPEN_NOMUTEX | (path.starts_with("file:") ? SQLITE_OPEN_URI : 0);
  const int code = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
  std::unique_ptr<Connection> connection{new Connection{handle, path}};
  if (code != SQLITE_OK) return connection->failure(code);
  sqlite3_extended_result_codes(handle, 1);
  constexpr int patience_ms = 5000;
  sqlite3_busy_timeout(handle, patience_ms);
  return connection;
}

Connection::~Connection() {
  for (const auto& [sql, statement] : statements_) sqlite3_finalize(statement);
  sqlite3_close(handle_);
}

Statement Connection::statement(const char* sql) {
  const auto [place, is_new] = statements_.try_emplace(sql, nullptr);
  if (is_new && sqlite3_prepare_v3(handle_, sql, -1, SQLITE_PREPARE_PERSISTENT, &place->second, nullptr) != SQLITE_OK) {
    sqlite3_stmt* const unusable = place->second;
    statements_.erase(place);
    return {*this, unusable};
  }
  return {*this, place->second};
}

Result<void> Connection::run(const char* sql) {
  const int code = sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return failure(code);
  return {};
}

std::unexpected<Failure> Connection::failure(int code) const {
  const std::string said = handle_ != nullptr ? sqlite3_errmsg(handle_) : "no memory";
  const std::string hint = advice(code);
  return fail(Fault::denied, fmt::format("store {}: {} ({})", path_, hint.empty() ? "it refused" : hint, said),
              Reach::tracker);
}

}  // namespace causeway::store
