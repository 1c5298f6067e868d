#include "publisher/audit/ledger_schema.hpp"

#include "publisher/audit/sqlite.hpp"

namespace assay::publisher::ledger_schema {
namespace {

/// batches and leaves are read by scripts (docs/contracts of `assay up`); more columns are free.
constexpr const char* tables = R"sql(
CREATE TABLE meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE batches (
  height    INTEGER PRIMARY KEY,
  header    BLOB NOT NULL,
  signature BLOB NOT NULL,
  hash      BLOB NOT NULL UNIQUE,
  time_us   INTEGER NOT NULL,
  frontier  BLOB NOT NULL);
CREATE TABLE leaves (
  height INTEGER NOT NULL,
  idx    INTEGER NOT NULL,
  leaf   BLOB NOT NULL,
  PRIMARY KEY (height, idx)) WITHOUT ROWID;
CREATE TABLE observations (
  height       INTEGER NOT NULL,
  member_order INTEGER NOT NULL,
  body         BLOB NOT NULL,
  PRIMARY KEY (height, member_order)) WITHOUT ROWID;
PRAGMA user_version = 1;
)sql";

Done fill(sqlite3* database, const Header& genesis) {
  if (const auto done = sqlite::execute(database, tables); !done) return done.error();
  auto insert = sqlite::Statement::prepare(database, "INSERT INTO meta (key, value) VALUES ('genesis', ?1)");
  if (!insert) return insert.error();
  const auto bytes = encode(genesis);
  const auto row = insert->bind(1, bytes).step();
  if (!row) return row.error();
  return Ok{};
}

}  // namespace

Result<std::int64_t> version(sqlite3* database) {
  auto pragma = sqlite::Statement::prepare(database, "PRAGMA user_version");
  if (!pragma) return pragma.error();
  const auto row = pragma->step();
  if (!row) return row.error();
  return pragma->integer(0);
}

Done create(sqlite3* database, const Header& genesis) {
  // The write lock is taken before the version is read, so that two first starts cannot both create.
  if (const auto begun = sqlite::execute(database, "BEGIN IMMEDIATE"); !begun) return begun.error();
  const auto found = version(database);
  Done done = Ok{};
  if (!found) {
    done = found.error();
  } else if (*found == 0) {
    done = fill(database, genesis);
  } else if (*found != current) {
    done = Error{Errc::bad_version, "ledger schema 1"};
  }
  const auto ended = sqlite::execute(database, done ? "COMMIT" : "ROLLBACK");
  return done ? ended : done;
}

}  // namespace assay::publisher::ledger_schema
