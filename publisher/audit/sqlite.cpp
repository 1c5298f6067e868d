#include "publisher/audit/sqlite.hpp"

#include <sqlite3.h>

namespace assay::publisher::sqlite {
namespace {

constexpr int busy_timeout_ms = 5000;

Error error_of(int code) {
  const int primary = code & 0xff;
  if (primary == SQLITE_BUSY || primary == SQLITE_LOCKED) return {Errc::locked, sqlite3_errstr(code)};
  if (primary == SQLITE_IOERR || primary == SQLITE_FULL || primary == SQLITE_CANTOPEN) {
    return {Errc::io_failed, sqlite3_errstr(code)};
  }
  if (primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB) return {Errc::log_corrupt, sqlite3_errstr(code)};
  return {Errc::database_failed, sqlite3_errstr(code)};
}

Result<Database> open(const std::string& path, int flags) {
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(path.c_str(), &raw, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  Database database(raw);
  if (code != SQLITE_OK) return error_of(code);
  sqlite3_extended_result_codes(raw, 1);
  sqlite3_busy_timeout(raw, busy_timeout_ms);
  return Result<Database>(std::move(database));
}

}  // namespace

void CloseDatabase::operator()(sqlite3* database) const noexcept {
  sqlite3_close_v2(database);
}
void FinalizeStatement::operator()(sqlite3_stmt* statement) const noexcept {
  sqlite3_finalize(statement);
}

Result<Database> open_writer(const std::string& path) {
  auto database = open(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  if (!database) return database;
  // FULL: a commit in WAL mode is on the disk before it returns, not merely consistent after a power cut.
  const auto done = execute(database->get(), "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;");
  if (!done) return done.error();
  return database;
}

Result<Database> open_reader(const std::string& path) {
  return open(path, SQLITE_OPEN_READONLY);
}

Done execute(sqlite3* database, const char* sql) {
  const int code = sqlite3_exec(database, sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return error_of(code);
  return Ok{};
}

Result<Statement> Statement::prepare(sqlite3* database, const char* sql) {
  sqlite3_stmt* raw = nullptr;
  const int code = sqlite3_prepare_v3(database, sql, -1, SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
  if (code != SQLITE_OK) return error_of(code);
  return Result<Statement>(Statement(raw));
}

Statement& Statement::bind(int at, std::int64_t value) {
  const int code = sqlite3_bind_int64(statement_.get(), at, value);
  if (code != SQLITE_OK) bind_failed_ = code;
  return *this;
}

Statement& Statement::bind(int at, ByteSpan bytes) {
  const int code = bytes.empty()
                       ? sqlite3_bind_zeroblob(statement_.get(), at, 0)
                       : sqlite3_bind_blob64(statement_.get(), at, bytes.data(), bytes.size(), SQLITE_TRANSIENT);
  if (code != SQLITE_OK) bind_failed_ = code;
  return *this;
}

Result<bool> Statement::step() {
  if (bind_failed_ != 0) return error_of(bind_failed_);
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return error_of(code);
}

void Statement::reset() {
  sqlite3_reset(statement_.get());
  sqlite3_clear_bindings(statement_.get());
  bind_failed_ = 0;
}

std::int64_t Statement::integer(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

ByteSpan Statement::blob(int column) const {
  const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_.get(), column));
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

}  // namespace assay::publisher::sqlite
