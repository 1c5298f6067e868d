#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "aggregator/candidate.hpp"
#include "aggregator/policy.hpp"
#include "core/observation.hpp"

namespace assay::aggregator {

/// What the candidates of one feed amount to.
struct Opinion {
  std::optional<ObservationEntry> entry;  ///< absent: too few independent groups, or fewer that disagree
  std::vector<bool> excluded;             ///< parallel to the candidates: left out as outliers
  std::vector<std::uint64_t> weights;     ///< parallel to the candidates; 0 for the excluded
};

/// Steps 4 to 7 of docs/aggregation.md: weights, outliers, the three-vote weighted median, confidence, group rule.
/// The entry's reasons hold few_sources, divergent and excluded; venue_down is the caller's to add. depth_usd is 0:
/// quotes carry no depth.
///   candidates  of `feed`, 0..64, ascending by source, each once;  cost  O(n log n);  pure
Opinion form_opinion(std::span<const Candidate> candidates, const FeedPolicy& feed);

}  // namespace assay::aggregator
