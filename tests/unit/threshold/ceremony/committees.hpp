#pragma once
#include <cstdint>
#include <vector>

#include "tests/unit/threshold/crypto/seeded_entropy.hpp"
#include "threshold/ceremony/proposal.hpp"

namespace assay::threshold::ceremony {

/// Identities that follow from a number.
inline std::vector<IdentityKey> identities(std::uint16_t count, std::uint64_t seed) {
  SeededEntropy entropy(seed);
  std::vector<IdentityKey> keys;
  for (std::uint16_t i = 0; i < count; ++i) keys.push_back(IdentityKey::generate(entropy));
  return keys;
}

inline std::vector<MemberIndex> first_members(std::uint16_t count) {
  std::vector<MemberIndex> members;
  for (std::uint16_t i = 0; i < count; ++i) members.emplace_back(i);
  return members;
}

/// A fresh key for these identities, everybody deals.
inline Proposal fresh_proposal(const std::vector<IdentityKey>& members) {
  Proposal proposal;
  proposal.kind = Kind::fresh;
  proposal.salt[0] = 7;
  proposal.epoch = Epoch{1};
  proposal.share_generation = 1;
  proposal.network = "demo";
  for (const IdentityKey& member : members) proposal.members.push_back(recipient_of(member));
  const auto count = static_cast<std::uint32_t>(members.size());
  proposal.new_threshold = Quorum::of(count)->agree();
  proposal.dealers = first_members(static_cast<std::uint16_t>(count));
  return proposal;
}

/// The same key for the new members, dealt by the first old_threshold holders.
inline Proposal next_proposal(Kind kind, const EpochRecord& old, const std::vector<IdentityKey>& members) {
  Proposal proposal = fresh_proposal(members);
  proposal.kind = kind;
  proposal.epoch = Epoch{old.epoch.value + 1};
  proposal.share_generation = old.share_generation + 1;
  proposal.previous = epoch_record_digest(old);
  proposal.old_threshold = old.threshold;
  proposal.dealers = first_members(old.threshold);
  return proposal;
}

}  // namespace assay::threshold::ceremony
