#pragma once
#include <optional>
#include <string>
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

/// The same from the files; none, with every error on stderr, when one does not hold what it must.
///   node  "": by the venues' own addresses
std::optional<std::vector<fetchers::VenueFeedSettings>> read_plan(const std::string& network, const std::string& node);

}  // namespace assay::node
