#pragma once
#include <utility>

#include "threshold/signatures.hpp"

namespace assay::threshold::sim {

/// Signatures that cost nanoseconds: keyed fingerprints which only the holder of this object can make or check. As
/// strict as the real ones where the protocol leans on it: a share is good for one message and one commitment list, its
/// pair is consumed, fewer than `threshold` shares give nothing, two sessions over one message give two signatures, and
/// a culprit is named. Nothing here resists an attacker outside the simulation.
class StandIn final : public Signatures {
 public:
  explicit StandIn(std::uint64_t secret) : secret_(secret) {}

  Signature sign(const IdentityKey& identity, ByteSpan message) const override;
  bool verify(const PublicKey& key, ByteSpan message, const Signature& signature) const override;
  Done validate(const frost::Commitment& commitment) const override;
  Result<std::unique_ptr<SigningSession>> open(const frost::GroupPublic& group, ByteSpan message,
                                               std::vector<frost::SignerCommitment> signers) const override;

 private:
  std::uint64_t secret_;
};

/// Real FROST under the group key, the stand-in for the members' identities: most of what a run checks are these.
class FrostAlone final : public Signatures {
 public:
  FrostAlone(std::uint64_t secret, const PublicKey& group_key) : identities_(secret), group_key_(group_key) {}

  Signature sign(const IdentityKey& identity, ByteSpan message) const override {
    return identities_.sign(identity, message);
  }
  bool verify(const PublicKey& key, ByteSpan message, const Signature& signature) const override;
  Done validate(const frost::Commitment& commitment) const override { return ed25519().validate(commitment); }
  Result<std::unique_ptr<SigningSession>> open(const frost::GroupPublic& group, ByteSpan message,
                                               std::vector<frost::SignerCommitment> signers) const override {
    return ed25519().open(group, message, std::move(signers));
  }

 private:
  StandIn identities_;
  PublicKey group_key_;
};

}  // namespace assay::threshold::sim
