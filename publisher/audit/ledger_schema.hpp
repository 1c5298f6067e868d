#pragma once
#include <cstdint>

#include "core/header.hpp"
#include "core/result.hpp"

struct sqlite3;

namespace assay::publisher::ledger_schema {

/// PRAGMA user_version of the ledgers that this build reads and writes.
inline constexpr std::int64_t current = 1;

/// The user_version of an open database; 0 for an empty one.
Result<std::int64_t> version(sqlite3* database);

/// Brings an empty database to `current` with this genesis; leaves a current one alone.
///   errors  bad_version: neither empty nor current
Done create(sqlite3* database, const Header& genesis);

}  // namespace assay::publisher::ledger_schema
