#pragma once
#include <optional>
#include <variant>

#include "config/settings.hpp"
#include "node/failure.hpp"
#include "threshold/committee.hpp"
#include "threshold/crypto/frost.hpp"
#include "threshold/crypto/identity.hpp"
#include "threshold/io/key_store.hpp"

namespace assay::node {

/// The two secrets of a member, and the lock that keeps another process from using the same share.
struct NodeKeys {
  threshold::IdentityKey identity;
  threshold::frost::SecretShare share;
  threshold::ShareLock lock;
};

/// Locks, opens and checks the key files of the node file against the committee. May ask for a passphrase on a
/// terminal. A failure names the file and the remedy.   cost  argon2id's, per file, where a passphrase is the guard
std::variant<NodeKeys, Failure> open_keys(const threshold::Committee& committee, const config::NetworkSettings& network,
                                          const config::NodeSettings& settings);

/// What makes the epoch record's keys unusable, naming the group file; nothing when they are sound: every key a point
/// of prime order, the verifying shares on one polynomial through the group key.   cost  n = 4: 1 ms, 31: 25 ms
std::optional<Failure> group_fault(const threshold::EpochRecord& record, const config::NetworkSettings& network);

}  // namespace assay::node
