#pragma once
#include <cstdint>
#include <memory>
#include <string>

#include "core/digest.hpp"
#include "core/result.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace assay::publisher::sqlite {

/// The little of SQLite that the ledger needs, with Result instead of codes. Every error is database_failed (io_failed
/// where the disk said so, locked where another process did) and its detail is SQLite's own static text.
/// A database and its statements belong to one thread at a time.

struct CloseDatabase {
  void operator()(sqlite3* database) const noexcept;
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;

/// Opens or creates for writing, in WAL mode, every commit synced to the disk before it is acknowledged.
Result<Database> open_writer(const std::string& path);
/// Opens an existing database for reading while another connection writes.
Result<Database> open_reader(const std::string& path);

/// Runs statements without parameters and results.
Done execute(sqlite3* database, const char* sql);

struct FinalizeStatement {
  void operator()(sqlite3_stmt* statement) const noexcept;
};

/// One prepared statement. Parameters count from 1, columns from 0.
class Statement {
 public:
  static Result<Statement> prepare(sqlite3* database, const char* sql);

  Statement& bind(int at, std::int64_t value);
  Statement& bind(int at, ByteSpan bytes);  ///< copied
  /// true: a row is there to read;  false: finished. Errors of bind appear here too.
  Result<bool> step();
  /// Ready for the next set of parameters.
  void reset();

  [[nodiscard]] std::int64_t integer(int column) const;
  [[nodiscard]] ByteSpan blob(int column) const;  ///< borrowed until the next step or reset

 private:
  explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}

  std::unique_ptr<sqlite3_stmt, FinalizeStatement> statement_;
  int bind_failed_ = 0;
};

}  // namespace assay::publisher::sqlite
