#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "aggregator/policy.hpp"
#include "core/observation.hpp"

namespace assay::aggregator {

/// The valid entries of one feed, reduced to what a leaf holds. The medians mean something only when `observers` has
/// reached the quorum.
struct FeedMedians {
  std::size_t observers{};     ///< k: valid entries
  std::uint16_t reasons{};     ///< bits that at least f+1 of them set
  std::uint8_t sources{};      ///< lower median of their group counts; 0 for k = 0
  std::int64_t price{};        ///< P
  std::int64_t bid{};          ///< B <= P
  std::int64_t ask{};          ///< A >= P
  std::uint64_t confidence{};  ///< C of docs/aggregation.md T5, not yet bounded by P
  std::uint64_t depth_usd{};
  WallTime src_time;
};

/// Reads slot `feed` of every observation. The medians are filled in only for k >= quorum.   quorum >= 2f+1 (check())
FeedMedians feed_medians(std::span<const Observation> observations, std::size_t feed, const AggregationPolicy& policy,
                         std::uint16_t quorum, std::uint16_t faulty_max);

}  // namespace assay::aggregator
