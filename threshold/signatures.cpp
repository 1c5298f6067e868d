#include "threshold/signatures.hpp"

#include <utility>

namespace assay::threshold {
namespace {

class FrostSession final : public SigningSession {
 public:
  explicit FrostSession(frost::Session session) : session_(std::move(session)) {}

  Result<frost::SignatureShare> sign(const frost::SecretShare& share, frost::NoncePair nonces) const override {
    return session_.sign(share, std::move(nonces));
  }
  Result<Signature> aggregate(std::span<const frost::SignatureShare> shares) const override {
    return session_.aggregate(shares);
  }
  std::vector<MemberIndex> culprits(std::span<const frost::SignatureShare> shares) const override {
    return session_.culprits(shares);
  }
  const std::vector<frost::SignerCommitment>& signers() const override { return session_.signers(); }

 private:
  frost::Session session_;
};

class Ed25519 final : public Signatures {
 public:
  Signature sign(const IdentityKey& identity, ByteSpan message) const override { return identity.sign(message); }
  bool verify(const PublicKey& key, ByteSpan message, const Signature& signature) const override {
    return verify_ed25519(key, message, signature);
  }
  Done validate(const frost::Commitment& commitment) const override { return frost::validate(commitment); }
  Result<std::unique_ptr<SigningSession>> open(const frost::GroupPublic& group, ByteSpan message,
                                               std::vector<frost::SignerCommitment> signers) const override {
    auto session = frost::Session::make(group, message, std::move(signers));
    if (!session) return session.error();
    return std::unique_ptr<SigningSession>(std::make_unique<FrostSession>(std::move(session).value()));
  }
};

constinit const Ed25519 the_real_ones{};

}  // namespace

const Signatures& Signatures::ed25519() {
  return the_real_ones;
}

}  // namespace assay::threshold
