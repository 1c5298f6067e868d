#pragma once
#include <array>

namespace assay::publisher {

/// sql/001_audit.sql and 002_evidence.sql, embedded at build: each run once, in a transaction of its own, in order. The
/// i-th makes version i + 1 of its predecessor.
extern const std::array<const char*, 2> audit_schema_sql;

}  // namespace assay::publisher
