#pragma once
#include <string>
#include <vector>

#include "config/settings.hpp"

namespace assay::config {

/// The network of `assay up`: twelve feeds from four venues, timing for one machine or one LAN. The same feeds, with
/// the reasons for their numbers, stand in config/examples/network.yaml.
///   members  identity keys, by index;  group_file is "group.yaml";  tick  1 ms or more
NetworkSettings demo_network(std::vector<PublicKey> members, std::string name, Micros tick);

}  // namespace assay::config
