#include "node/key_check.hpp"

#include <fmt/format.h>

#include "node/failure.hpp"

namespace assay::node {

std::optional<std::string> key_mismatch(const threshold::Committee& committee, const config::NetworkSettings& network,
                                        const config::NodeSettings& settings, const threshold::IdentityKey& identity,
                                        const threshold::StoredShare& stored) {
  const auto& record = committee.record;
  const auto me = settings.member;
  if (network.members != record.identities) {
    return "the network file and the group file name different members: they belong to different key generations";
  }
  if (network.epoch != record.epoch) {
    return fmt::format("the network file is of epoch {}, the group file of epoch {}", network.epoch.value,
                       record.epoch.value);
  }
  if (me.value >= committee.quorum.n) {
    return fmt::format("node file: member {} does not exist in a committee of {}", me.value, committee.quorum.n);
  }
  if (identity.public_key() != record.identities[me.value]) {
    return fmt::format("{} is not the identity of member {}", settings.identity_key_file.string(), me.value);
  }
  const threshold::ShareOrigin current{committee.network, record.epoch, record.share_generation};
  if (const auto fits = check_share(stored, me, current, record.verifying_shares[me.value]); !fits) {
    return error_text(settings.share_file, fits.error());
  }
  if (settings.peers.size() + 1 != committee.quorum.n) {
    return fmt::format("node file: peers: expected the other {} members, got {}", committee.quorum.n - 1,
                       settings.peers.size());
  }
  for (const auto& peer : settings.peers) {
    if (peer.member == me || peer.member.value >= committee.quorum.n) {
      return fmt::format("node file: peers: member {} is not another member", peer.member.value);
    }
  }
  return std::nullopt;
}

}  // namespace assay::node
