#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "aggregator/candidate.hpp"
#include "aggregator/policy.hpp"

namespace assay::aggregator {

/// One weight per candidate, and whether the caps could be kept.
struct Weights {
  std::vector<std::uint64_t> of;  ///< parallel to the candidates; each below 2^30
  bool capped{};                  ///< every venue <= 1/3 and every group < 1/2 of the total
};

/// tier * freshness, then lowered by integer water-filling until no venue holds more than a third and no group half: a
/// weighted median has no dictator then. With fewer than three venues or groups, or a layout that allows no solution,
/// the largest are levelled as far as it goes and `capped` is false.
///   candidates  of `feed`, 0..64, ascending by source;  cost  O(n log n) a round, at most 64 rounds;  pure
Weights capped_weights(std::span<const Candidate> candidates, const FeedPolicy& feed);

}  // namespace assay::aggregator
