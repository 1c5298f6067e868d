#pragma once
#include <memory>
#include <span>
#include <vector>

#include "core/keys.hpp"
#include "core/result.hpp"
#include "threshold/crypto/frost.hpp"
#include "threshold/crypto/identity.hpp"

namespace assay::threshold {

/// One signing session, as frost::Session specifies it.
class SigningSession {
 public:
  virtual ~SigningSession() = default;
  virtual Result<frost::SignatureShare> sign(const frost::SecretShare& share, frost::NoncePair nonces) const = 0;
  virtual Result<Signature> aggregate(std::span<const frost::SignatureShare> shares) const = 0;
  virtual std::vector<MemberIndex> culprits(std::span<const frost::SignatureShare> shares) const = 0;
  virtual const std::vector<frost::SignerCommitment>& signers() const = 0;
};

/// The signatures that the protocol rests on, behind one door, so that the simulator can run thousands of committees on
/// a stand-in (threshold/sim/stand_in.hpp). Stateless; any thread. A node has ed25519() and no other: nothing that
/// comes from outside chooses.
class Signatures {
 public:
  virtual ~Signatures() = default;

  virtual Signature sign(const IdentityKey& identity, ByteSpan message) const = 0;
  /// Of an identity or of the group.
  virtual bool verify(const PublicKey& key, ByteSpan message, const Signature& signature) const = 0;
  virtual Done validate(const frost::Commitment& commitment) const = 0;
  /// errors  those of frost::Session::make
  virtual Result<std::unique_ptr<SigningSession>> open(const frost::GroupPublic& group, ByteSpan message,
                                                       std::vector<frost::SignerCommitment> signers) const = 0;

  /// The real ones: Ed25519 identities and FROST(Ed25519, SHA-512).
  static const Signatures& ed25519();
};

}  // namespace assay::threshold
