#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/bytes.hpp"
#include "core/ids.hpp"
#include "core/result.hpp"

namespace assay::threshold {

/// The bytes of the safety log, apart from any file. threshold/io/safety_log.hpp shows the layout. Pure.

/// Whose log it is: another node's file is refused.
struct SafetyLogIdentity {
  NetworkId network;
  MemberIndex member;
  Epoch epoch;
};

/// Bounds; the defaults are what a node runs with.
struct SafetyLogLimits {
  std::size_t record_bytes_max = 16U << 20;
  std::size_t queue_records_max = 1024;
  std::size_t queue_bytes_max = 64U << 20;
  std::size_t compact_at_bytes = 64U << 20;  ///< a longer file is rewritten with what is still needed
};

inline constexpr std::size_t safety_header_size = 66;
inline constexpr std::size_t safety_record_overhead = 17;

std::uint32_t crc32c(ByteSpan bytes, std::uint32_t before = 0) noexcept;

Bytes safety_header(const SafetyLogIdentity& identity, std::uint64_t first_sequence);
void append_record(Bytes& out, std::uint64_t sequence, ByteSpan payload);

/// A record in the order of the log, and the height that it is about.
struct NeededRecord {
  Bytes record;
  std::optional<Height> height;
};
/// Keeps the newest record of each kind, and of each height above `ledger`, in their order: a lock of the same height
/// in a later view replaces the earlier one.
void drop_unneeded(std::vector<NeededRecord>& records, Height ledger);

/// A file grows, and each compaction leaves what is needed.
struct SafetyFileSize {
  std::size_t bytes{};
  std::size_t compacted{};  ///< what the last compaction left
};
/// When much has to stay, rewriting it after every record would gain nothing.
constexpr bool compaction_due(const SafetyFileSize& size, const SafetyLogLimits& limits) {
  return size.bytes > limits.compact_at_bytes && size.bytes >= 2 * size.compacted;
}

/// What a file holds.
struct SafetyContents {
  std::vector<Bytes> records;
  std::uint64_t next_sequence{};
  std::size_t good_bytes{};  ///< what lies beyond is a write cut short: truncate
};

/// Total.  errors  log_corrupt, wrong_committee
Result<SafetyContents> read_safety_log(ByteSpan file, const SafetyLogIdentity& identity, std::size_t record_bytes_max);

}  // namespace assay::threshold
