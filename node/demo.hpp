#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "config/settings.hpp"
#include "core/entropy.hpp"
#include "core/result.hpp"
#include "threshold/committee.hpp"
#include "threshold/crypto/key_guard.hpp"

namespace assay::node {

/// What everybody in a demonstration knows.
struct DemoNetwork {
  config::NetworkSettings network;
  threshold::EpochRecord record;
};

/// Deals: makes identities and shares for `members` nodes and writes network.yaml, group.yaml and
/// node-<i>/{identity,share}.key below `folder`, protected by `guard`. Key files are never overwritten.
/// Tests and benches only, for whoever deals has seen every share.
///   errors  out_of_range unless members is 3f+1;  io_failed
Result<DemoNetwork> deal_network(const std::filesystem::path& folder, std::uint16_t members, const std::string& name,
                                 Micros tick, const threshold::KeyGuard& guard, Entropy& entropy);

/// Where one node of a demonstration listens and reads.
struct DemoNode {
  MemberIndex id;
  std::filesystem::path folder;
  std::string peer_listen;
  std::string http_listen;
};

/// Where the synthetic market answers.
struct DemoMarket {
  std::string rest_base;  ///< "https://localhost:PORT"; each venue below its own name
  std::string ws_base;    ///< "wss://localhost:PORT"
  std::filesystem::path ca_file;
};

/// The settings of one demonstration node: every venue of the network file, read from the synthetic market.
config::NodeSettings demo_node(const DemoNode& self, const std::vector<DemoNode>& all,
                               const config::NetworkSettings& network, const DemoMarket& market);

}  // namespace assay::node
