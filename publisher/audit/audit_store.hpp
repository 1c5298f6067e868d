#pragma once
#include <atomic>
#include <optional>
#include <span>
#include <string>

#include "core/batch.hpp"
#include "core/feed.hpp"
#include "core/header.hpp"
#include "core/result.hpp"
#include "publisher/audit/evidence_folder.hpp"
#include "publisher/audit/pg_connection.hpp"

namespace assay::publisher {

/// The audit database as one writer sees it: the statements, without the waiting and trying again. One thread.
/// Any error leaves the connection to be closed and opened again.
class AuditStore {
 public:
  explicit AuditStore(PgConnection& connection) : connection_(connection) {}

  /// True when this session is now the database's one writer, until the connection ends.
  Result<bool> become_writer();
  /// Creates the schema when it is absent, brings an older one to the present; writes down network and feeds.
  ///   errors  bad_version: another schema;  wrong_network: the database of another network
  Done prepare(const NetworkId& network, std::span<const FeedTerms> feeds);
  /// The newest stored header, or nothing in an empty store.   errors  log_corrupt: a header that does not decode
  Result<std::optional<Header>> newest();
  /// Adds whole batches, in one transaction.   errors  database_failed: also when a height is there already
  Done add(std::span<const Batch> batches);
  /// Adds one piece of evidence; one that is there already is passed over.
  Done add(const EvidenceLabel& label, ByteSpan bytes);

 private:
  PgConnection& connection_;
};

}  // namespace assay::publisher
