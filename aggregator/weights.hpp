#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "aggregator/bounded.hpp"
#include "aggregator/candidate.hpp"
#include "aggregator/policy.hpp"

namespace assay::aggregator {

/// Which sources of a feed stand and fall together, as sets of source indices (bit i: source i). Made once a feed.
struct Blocks {
  std::vector<std::uint64_t> venues;
  std::vector<std::uint64_t> groups;  ///< ascending by group number
  std::vector<std::uint64_t> legs;    ///< all that one leg converts; a source without legs alone. They may overlap
};
Blocks blocks_of(const FeedPolicy& feed);
/// How many groups have a source in the set.
std::size_t groups_in(const Blocks& blocks, std::uint64_t set);

/// One weight per candidate, and whether the caps could be kept.
struct Weights {
  Bounded<std::uint64_t, sources_max> of;  ///< parallel to the candidates; each below 2^30
  bool capped{};                           ///< every venue <= 1/3, every group <= 49 %, every leg <= leg_share_max_ppm
};

/// tier * freshness, then lowered by integer water-filling until no venue holds more than a third, no group more than
/// 49 % and the sources that one leg converts no more than leg_share_max_ppm: a weighted median has no dictator then.
/// With fewer than three venues or groups, or a layout that allows no solution, the largest are levelled as far as it
/// goes and `capped` is false.
///   candidates  of `feed`, 0..64, ascending by source; blocks of that feed
///   cost  O(n) a round where no cap binds, at most 64 rounds; no allocation;  pure
Weights capped_weights(std::span<const Candidate> candidates, const FeedPolicy& feed, const Blocks& blocks);

/// Sum of tier * freshness, before any cap: what weight_min is compared with.
std::uint64_t raw_weight(std::span<const Candidate> candidates, const FeedPolicy& feed);

/// Why the caps could not be kept even if every source of the feed were fresh; none when they can.   pure
std::optional<std::string> cap_fault(const FeedPolicy& feed);

}  // namespace assay::aggregator
