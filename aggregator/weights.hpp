#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "aggregator/candidate.hpp"
#include "aggregator/policy.hpp"

namespace assay::aggregator {

/// One weight per candidate, and whether the caps could be kept.
struct Weights {
  std::vector<std::uint64_t> of;  ///< parallel to the candidates; each below 2^30
  bool capped{};                  ///< every venue <= 1/3 every group <= 49 %, every leg <= leg_share_max_ppm
};

/// tier * freshness, then lowered by integer water-filling until no venue holds more than a third, no group more than
/// 49 % and the sources that one leg converts no more than leg_share_max_ppm: a weighted median has no dictator then.
/// With fewer than three venues or groups, or a layout that allows no solution, the largest are levelled as far as it
/// goes and `capped` is false.
///   candidates  of `feed`, 0..64, ascending by source;  cost  O(n log n) a round, at most 64 rounds;  pure
Weights capped_weights(std::span<const Candidate> candidates, const FeedPolicy& feed);

/// Why the caps could not be kept even if every source of the feed were fresh; none when they can.   pure
std::optional<std::string> cap_fault(const FeedPolicy& feed);

}  // namespace assay::aggregator
