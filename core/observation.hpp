#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "core/bytes.hpp"
#include "core/ids.hpp"
#include "core/result.hpp"
#include "core/time.hpp"

namespace assay {

/// One node's opinion of one feed; mantissas at the feed's exponent.
struct ObservationEntry {
  std::int64_t price{};
  std::int64_t bid{};
  std::int64_t ask{};
  std::uint64_t confidence{};
  std::uint64_t depth_usd{};
  WallTime src_time;        ///< weighted median of the counted sources' times
  std::uint16_t reasons{};  ///< reason:: bits
  std::uint8_t sources{};   ///< independent groups that counted

  friend bool operator==(const ObservationEntry&, const ObservationEntry&) = default;
};

/// One node's opinion of every feed of the network file, in feed order (ascending feed id); absent where it has none.
struct Observation {
  WallTime time;
  std::vector<std::optional<ObservationEntry>> feeds;

  friend bool operator==(const Observation&, const Observation&) = default;
};

/// Feeds that one network may have: bounds every message derived from it.
inline constexpr std::uint32_t feed_count_max = 4096;

/// time u64 | count u32 | count * (00, or 01 price bid ask confidence depth src_time reasons sources)
void encode(const Observation& observation, ByteWriter& out);

/// Reads one observation of exactly `feed_count` feeds; latches out_of_range, not_canonical or truncated in `in`.
/// Structure only: whether an entry counts is the aggregate's decision (is_valid_entry in aggregator/).
Observation decode_observation(ByteReader& in, std::uint32_t feed_count);

}  // namespace assay
