#pragma once
#include <vector>

#include "aggregator/policy.hpp"
#include "config/settings.hpp"
#include "fetchers/io/venue_feed.hpp"

namespace assay::node {

/// Which venues this node reads, and which instruments of each: everything that the network file's feeds and legs list,
/// by the roads, names and addresses that the node file gives (the adapter's own where it gives none). A proxy is taken
/// from the environment only where the node file says so.
std::vector<fetchers::VenueFeedSettings> venue_plan(const aggregator::AggregationPolicy& policy,
                                                    const config::NodeSettings& node);

}  // namespace assay::node
