#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "core/feed.hpp"
#include "core/ids.hpp"
#include "core/result.hpp"

namespace assay::publisher {

struct AuditSettings {
  std::string url;                        ///< libpq URL or key=value text; may hold a password: never logged
  std::string ledger;                     ///< path of the SQLite ledger to tail
  std::string evidence;                   ///< folder of evidence to copy too; empty: none
  std::vector<FeedTerms> feeds;           ///< symbols beside the ids
  std::uint32_t chunk_batches_max = 256;  ///< per transaction
  std::size_t chunk_bytes_max = std::size_t{4} << 20U;  ///< of encoded batches, per transaction
  std::uint32_t connect_timeout_ms = 5'000;
  std::uint32_t statement_timeout_ms = 30'000;
  std::uint32_t backoff_min_ms = 200;  ///< doubles after each failure
  std::uint32_t backoff_max_ms = 10'000;
  std::uint32_t poll_ms = 1'000;  ///< looks at the ledger this often without notify()
};

enum class AuditState : std::uint8_t {
  idle,          ///< run() has not begun, or has ended
  disconnected,  ///< no database: trying again
  writing,       ///< connected; behind or level with the ledger
  waiting,       ///< another writer holds this database
  conflict,      ///< the database holds another chain: nothing is written any more, an alarm
};

/// A reading for metrics and status pages.
struct AuditStatus {
  AuditState state = AuditState::idle;
  Height written;               ///< newest height known to be in the database
  Height tip;                   ///< newest height of the ledger; the lag is tip - written
  std::uint64_t batches{};      ///< written by this process
  std::uint64_t connections{};  ///< successful, in total
  std::uint64_t failures{};     ///< in total
  Error last_error{};           ///< of the newest failure
  std::string last_message;     ///< the server's own words for it, at most 200 bytes
};

/// Copies the ledger into PostgreSQL for auditors. The ledger is its queue: the database may be absent or die at any
/// moment and nothing is lost or written twice, because each transaction carries whole batches from max(height) + 1 on.
/// One writer per database, held by an advisory lock; headers are chained by hash, so equality of the newest common
/// header means equality of all below it.   schema  publisher/audit/sql/001_audit.sql
///   threads  run() borrows one (it blocks on libpq); the rest from any thread
class PostgresWriter {
 public:
  static std::unique_ptr<PostgresWriter> make(AuditSettings settings);
  virtual ~PostgresWriter() = default;

  /// Tails until stop(). Never throws; failures are counted and tried again.
  virtual void run() = 0;
  /// Ends run() soon, also out of a blocked query.
  virtual void stop() = 0;
  /// The ledger has grown. Cheap.
  virtual void notify() = 0;
  [[nodiscard]] virtual AuditStatus status() const = 0;
};

}  // namespace assay::publisher
