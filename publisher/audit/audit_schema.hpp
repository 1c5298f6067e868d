#pragma once

namespace assay::publisher {

/// sql/001_audit.sql, embedded at build: run once, in a transaction, on a database without the schema.
extern const char* const audit_schema_sql;

}  // namespace assay::publisher
