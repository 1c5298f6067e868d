#pragma once
#include <cstdint>

#include "aggregator/entries.hpp"
#include "aggregator/policy.hpp"
#include "core/leaf.hpp"

namespace assay::aggregator {

/// The leaf of a feed that no batch has mentioned yet: all values zero, status insufficient.
Leaf unpriced_leaf(const FeedTerms& terms, Height height);

/// One feed's next leaf from its previous one and the medians of this height.
///   previous  of the height before, or unpriced_leaf(); fits `feed` and was published before `time` (check())
///   time      the new header's time;   quorum  2f+1
Leaf next_leaf(const FeedPolicy& feed, const Leaf& previous, const FeedMedians& medians, WallTime time,
               std::uint16_t quorum);

}  // namespace assay::aggregator
