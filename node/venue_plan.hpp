#pragma once
#include <vector>

#include "aggregator/policy.hpp"
#include "config/settings.hpp"
#include "fetchers/io/venue_feed.hpp"

namespace assay::node {

/// Which venues this node reads, and which instruments of each: everything that the network file's feeds and legs list,
/// by the roads and addresses that the node file gives (the adapter's own where it gives none).
std::vector<fetchers::VenueFeedSettings> venue_plan(const aggregator::AggregationPolicy& policy,
                                                    const std::vector<config::VenueSettings>& venues);

}  // namespace assay::node
