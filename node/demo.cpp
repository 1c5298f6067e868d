#include "node/demo.hpp"

#include <fmt/format.h>

#include <set>

#include "config/demo.hpp"
#include "config/load.hpp"
#include "threshold/crypto/frost.hpp"
#include "threshold/crypto/identity.hpp"
#include "threshold/io/key_store.hpp"

namespace assay::node {

namespace {

constexpr std::uint32_t demo_generation = 1;

Done write_keys(const std::filesystem::path& folder, const threshold::IdentityKey& identity,
                const threshold::frost::SecretShare& share, const threshold::ShareOrigin& origin,
                const threshold::KeyGuard& guard, Entropy& entropy) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) {
    return Error{Errc::io_failed, "cannot create the node's folder"};
  }
  if (const auto done = threshold::store_identity(folder / "identity.key", identity, guard, entropy); !done) {
    return done.error();
  }
  return threshold::store_share(folder / "share.key", share, origin, guard, entropy);
}

}  // namespace

Result<DemoNetwork> deal_network(const std::filesystem::path& folder, std::uint16_t members, const std::string& name,
                                 Micros tick, const threshold::KeyGuard& guard, Entropy& entropy) {
  const auto quorum = threshold::Quorum::of(members);
  if (!quorum) {
    return quorum.error();
  }
  auto dealt = threshold::frost::deal(members, quorum->agree(), entropy);
  if (!dealt) {
    return dealt.error();
  }
  DemoNetwork out;
  out.record = {.epoch = {},
                .share_generation = demo_generation,
                .threshold = quorum->agree(),
                .group_key = dealt->group.group_key,
                .verifying_shares = dealt->group.verifying_shares,
                .identities = {}};
  std::vector<threshold::IdentityKey> identities;
  for (std::uint16_t i = 0; i < members; ++i) {
    identities.push_back(threshold::IdentityKey::generate(entropy));
    out.record.identities.push_back(identities.back().public_key());
  }
  out.network = config::demo_network(out.record.identities, name, tick);
  out.record.epoch = out.network.epoch;
  const threshold::ShareOrigin origin{threshold::network_id(out.record.group_key, name), out.record.epoch,
                                      demo_generation};
  for (std::uint16_t i = 0; i < members; ++i) {
    const auto node = folder / fmt::format("node-{}", i);
    if (const auto done = write_keys(node, identities[i], dealt->shares[i], origin, guard, entropy); !done) {
      return done.error();
    }
  }
  if (const auto done = config::write_group(folder / "group.yaml", out.record); !done) {
    return done.error();
  }
  if (const auto done = config::write_text(folder / "network.yaml", config::emit_network(out.network)); !done) {
    return done.error();
  }
  return out;
}

config::NodeSettings demo_node(const DemoNode& self, const std::vector<DemoNode>& all,
                               const config::NetworkSettings& network, const DemoMarket& market) {
  config::NodeSettings settings;
  settings.member = self.id;
  settings.identity_key_file = self.folder / "identity.key";
  settings.share_file = self.folder / "share.key";
  settings.data_dir = self.folder;
  settings.peer_listen = self.peer_listen;
  settings.http_listen = self.http_listen;
  for (const auto& peer : all) {
    if (peer.id != self.id) {
      settings.peers.push_back({.member = peer.id, .address = peer.peer_listen});
    }
  }
  std::set<std::string> venues;
  for (std::size_t node = 0; node < node_count(network.policy); ++node) {
    for (const auto& source : node_policy(network.policy, node).sources) {
      venues.insert(source.venue);
    }
  }
  for (const auto& venue : venues) {
    settings.venues.push_back({.venue = venue,
                               .rest_url = market.rest_base + "/" + venue,
                               .ws_url = market.ws_base + "/" + venue,
                               .ca_file = market.ca_file,
                               .requests_per_minute = 0});  // the venues' limits are not the market's
  }
  return settings;
}

}  // namespace assay::node
