#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "aggregator/candidate.hpp"
#include "aggregator/policy.hpp"

namespace assay::aggregator {

/// Which candidates stand too far from the rest, or that the rest does not hold together.
struct Outliers {
  std::vector<bool> excluded;  ///< parallel to the candidates; all false when divergent
  bool divergent{};            ///< too much weight disagrees to call any of it an outlier
  std::uint64_t widest_gap{};  ///< largest distance between neighbours in price: the confidence when divergent
};

/// Hampel's rule with floors: a candidate is out when its distance from the weighted median is above both 5 scaled MADs
/// (1.4826 weighted MAD) and exclude_ppm. Mean and deviation would not do: among ten sources no single one can ever
/// stand 3 sigma away (docs/aggregation.md).
/// Divergent, and nobody excluded, when more than a third of the weight would be out, or when two clusters hold more
/// than a quarter each. A cluster ends at a gap above both exclude_ppm and three times the sources' own median
/// uncertainty: their MAD would not show it, since two halves are as far from their middle as they are apart.
///   candidates  1..64, ascending by source, weights parallel and positive (check());  cost  O(n log n);  pure
Outliers find_outliers(std::span<const Candidate> candidates, std::span<const std::uint64_t> weights,
                       const FeedPolicy& feed);

}  // namespace assay::aggregator
