#pragma once
#include <span>

#include "core/batch.hpp"
#include "core/bytes.hpp"

namespace assay::publisher {

/// One table's share of some batches, ready for the server.
struct CopyRows {
  const char* sql;  ///< COPY ... FROM STDIN (FORMAT binary), with its columns in the order of `data`
  Bytes data;       ///< PGCOPY stream, header and trailer included
};

/// Rows of sql/001_audit.sql in PostgreSQL's binary COPY format.   pure, any thread;  cost  linear, one copy
CopyRows batch_rows(std::span<const Batch> batches);
CopyRows leaf_rows(std::span<const Batch> batches);
CopyRows observation_rows(std::span<const Batch> batches);

}  // namespace assay::publisher
