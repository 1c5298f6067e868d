#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "core/bytes.hpp"
#include "core/ids.hpp"
#include "core/result.hpp"
#include "threshold/safety_format.hpp"

namespace assay::threshold {

/// The height that a record is about, if it is about one; called for each record, once.
using RecordHeight = std::function<std::optional<Height>(ByteSpan record)>;

/// The append-only file of what must be durable before a message leaves (VIEW and LOCK records).
///
///   header 66: "assay/safety/v1" 00 (16) | network_id 32 | member u16 | epoch u32 | first sequence u64 | crc32c u32
///   record:    length u32 | crc32c u32 of (sequence, payload) | sequence u64 | payload | A5
///
/// Big-endian; sequences ascend by one. The first byte of a payload is its kind. Compaction keeps, in their order, the
/// newest record of each kind and of each height above keep_above(): until the ledger holds a batch durably, its LOCK
/// is what it can be rebuilt from after a power cut of all. A write cut short by a crash (a tail that ends early, or
/// that ends in a sector of zeros) is dropped, for nobody was told that it is durable. Any other damage, also in the
/// last record, is log_corrupt: the node must not vote again in this epoch. One process at a time holds the file
/// (flock).
///   memory  what compaction keeps: bounded by how far its owner lets heights run ahead of keep_above()
class SafetyLog {
 public:
  struct Opened;

  /// Opens or creates; the folder must exist. What is there is written anew, into a fresh file, and only that is
  /// trusted: a file whose fsync once failed may read as if it were durable.
  ///   errors  log_corrupt;  wrong_committee: another network, member or epoch;  locked: another process has it;
  ///           too_large: no writer of ours left that;  io_failed
  static Result<Opened> open(const std::filesystem::path& path, const SafetyLogIdentity& identity,
                             RecordHeight height_of, const SafetyLogLimits& limits = {});
  ~SafetyLog();
  SafetyLog(const SafetyLog&) = delete;
  SafetyLog& operator=(const SafetyLog&) = delete;

  /// Replaces the contents by `records` (temporary file, fsync, rename, fsync of the folder). Before run() only.
  Done rewrite(const std::vector<Bytes>& records);

  /// The ledger durably ends here: records of heights up to this one may go. Never goes down. Thread-safe.
  void keep_above(Height ledger);

  /// Queues one record. Thread-safe, never blocks.
  ///   errors  mailbox_full: the disk is too late, or the log failed or stopped;  too_large; out_of_range: empty
  Done append(std::uint64_t id, Bytes record);

  /// The writer, for a lent thread: writes all that is queued, one fdatasync for the lot, then on_durable(id) in the
  /// order of append(). The first failed write or sync calls on_failed once; nothing completes after it, ever. Returns
  /// after stop(), when the queue is drained, or after a failure. Both are called on this thread.
  void run(const std::function<void(std::uint64_t id)>& on_durable, const std::function<void(Error)>& on_failed);
  void stop();  ///< thread-safe

 private:
  struct Parts;
  explicit SafetyLog(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

struct SafetyLog::Opened {
  std::unique_ptr<SafetyLog> log;
  std::vector<Bytes> records;  ///< oldest first
  bool first_start{};          ///< the file did not exist: this node has never spoken in this epoch
};

}  // namespace assay::threshold
