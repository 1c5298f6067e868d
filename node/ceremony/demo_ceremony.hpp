#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "aggregator/policy.hpp"
#include "core/entropy.hpp"
#include "core/time.hpp"
#include "node/demo.hpp"

namespace assay::node {

/// The network of `assay up`: makes each node's identity, runs a key generation with a process for each of them, and
/// writes network.yaml, group.yaml and ceremony.yaml below `folder` and identity.key, share.key, group.yaml and the
/// process's log into the nodes' folders. Key files are plain. No process ever holds two shares.
///   nodes   4, 7, ... 31; they listen at their peer_listen meanwhile
///   policy  feeds and rules in place of the demonstration's own; none usually
///   errors  out_of_range; io_failed: a process of the ceremony failed, its log says why;  timed_out
Result<DemoNetwork> generate_network(const std::filesystem::path& folder, const std::vector<DemoNode>& nodes,
                                     const std::string& name, Micros tick,
                                     const std::optional<aggregator::AggregationPolicy>& policy, Entropy& entropy);

}  // namespace assay::node
