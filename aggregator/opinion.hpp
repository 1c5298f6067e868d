#pragma once
#include <cstdint>
#include <optional>
#include <span>

#include "aggregator/bounded.hpp"
#include "aggregator/candidate.hpp"
#include "aggregator/outliers.hpp"
#include "aggregator/policy.hpp"
#include "aggregator/weights.hpp"
#include "core/observation.hpp"

namespace assay::aggregator {

/// Why there is no entry.
enum class Absence : std::uint8_t {
  none,             ///< there is one
  no_sources,       ///< no source passed the gates
  one_group,        ///< all that passed belong together
  groups_disagree,  ///< fewer groups than wanted, and not close to each other
  part_missing,     ///< of a derived feed: a part has no sound price
  window_short,     ///< of an average: its window is not covered
  not_an_entry      ///< the committee would not count it
};
std::string_view name(Absence absence) noexcept;

/// What the candidates of one feed amount to.
struct Opinion {
  std::optional<ObservationEntry> entry;
  Absence absence = Absence::no_sources;
  Bounded<bool, sources_max> excluded;          ///< parallel to the candidates: left out as outliers
  Bounded<bool, sources_max> returning;         ///< of these, the ones that are near again
  Bounded<std::uint64_t, sources_max> weights;  ///< parallel to the candidates; 0 for the excluded
};

/// Steps 5 to 9 of docs/aggregation.md: weights, outliers, the three-vote weighted median, confidence, group rule.
/// The entry's reasons hold few_sources, divergent and excluded; the rest is the caller's to add. Its depth is the
/// weighted median of the candidates' depths, in units of the feed's quote; unknown ones count as 0.
///   candidates  of `feed`, 0..64, ascending by source, each once; blocks of the feed; exiles by source index, updated
///   cost  O(n log n), no allocation;  pure
Opinion form_opinion(std::span<const Candidate> candidates, const FeedPolicy& feed, const Blocks& blocks,
                     std::span<Exile> exiles, MonoTime now);

}  // namespace assay::aggregator
