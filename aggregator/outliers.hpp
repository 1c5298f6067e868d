#pragma once
#include <cstdint>
#include <span>

#include "aggregator/bounded.hpp"
#include "aggregator/lineup.hpp"
#include "aggregator/policy.hpp"
#include "aggregator/weights.hpp"
#include "core/time.hpp"

namespace assay::aggregator {

/// Which candidates stand too far from the rest, or that the rest does not hold together.
struct Outliers {
  Bounded<bool, sources_max> excluded;   ///< parallel to the candidates; all false when divergent
  Bounded<bool, sources_max> returning;  ///< parallel; of the excluded: near again, but not for long enough
  bool divergent{};                      ///< too much weight disagrees to call any of it an outlier
  std::uint64_t widest_gap{};  ///< largest distance between neighbours in price: the confidence when divergent
};

/// What is remembered of a source that was an outlier.
struct Exile {
  bool out{};      ///< was an outlier, and is not readmitted yet
  bool near{};     ///< has come back within half of the threshold
  MonoTime since;  ///< when it came back
};

/// Hampel's rule with floors: a candidate is out when its distance from the weighted median is above both 5 scaled MADs
/// (1.4826 weighted MAD) and exclude_ppm. Mean and deviation would not do: among ten sources no single one can ever
/// stand 3 sigma away (docs/aggregation.md).
/// Divergent, and nobody excluded, when more than a third of the weight would be out, or when two clusters hold more
/// than a quarter each. A cluster ends at a gap above both exclude_ppm and three times the sources' own median
/// uncertainty: their MAD would not show it, since two halves are as far from their middle as they are apart.
/// Divergent, too, when fewer than min_groups would be left of min_groups or more: of two owners nobody knows which one
/// lies, so a third is not sent away.
/// Hysteresis: who was out counts again after readmit_after within half of the threshold, or at once when without the
/// returning ones more than a third of the weight would be missing, or fewer than min_groups be left.
///   all  1..64 candidates, every weight positive (check());  blocks  of the feed;  exiles  by source index, updated
///   cost  that of a few ballots, no allocation;  pure
Outliers find_outliers(const Lineup& all, const FeedPolicy& feed, const Blocks& blocks, std::span<Exile> exiles,
                       MonoTime now);

}  // namespace assay::aggregator
