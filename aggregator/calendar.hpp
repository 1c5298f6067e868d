#pragma once
#include "aggregator/policy.hpp"
#include "core/time.hpp"

namespace assay::aggregator {

/// Whether the feed's market is open at `at`: always, or inside one of the explicit intervals. Past the last one: no.
///   cost  O(log intervals);  pure, any thread
bool is_open(const FeedPolicy& feed, WallTime at);

}  // namespace assay::aggregator
