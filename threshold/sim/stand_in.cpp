#include "threshold/sim/stand_in.hpp"

#include <algorithm>
#include <utility>

#include "threshold/sim/chance.hpp"

namespace assay::threshold::sim {
namespace {

template <std::size_t size>
std::array<std::uint8_t, size> spread(std::uint64_t value) {
  std::array<std::uint8_t, size> out{};
  Chance stream(value);
  for (std::size_t i = 0; i + 8 <= size; i += 8) {
    const std::uint64_t word = stream.next();
    for (std::size_t byte = 0; byte < 8; ++byte) out[i + byte] = static_cast<std::uint8_t>(word >> (8 * byte));
  }
  return out;
}

/// R, then what only the holder of the secret can compute from R, key and message.
Signature signature_of(std::uint64_t secret, const PublicKey& key, ByteSpan message, const Bytes32& nonce) {
  const std::uint64_t tag = fingerprint(message, fingerprint(nonce, fingerprint(key.bytes, secret)));
  Signature out;
  std::ranges::copy(nonce, out.bytes.begin());
  std::ranges::copy(spread<32>(tag), out.bytes.begin() + 32);
  return out;
}

class Session final : public SigningSession {
 public:
  Session(std::uint64_t secret, const frost::GroupPublic& group, ByteSpan message,
          std::vector<frost::SignerCommitment> signers)
      : secret_(secret),
        key_(group.group_key),
        message_(message.begin(), message.end()),
        signers_(std::move(signers)),
        mark_(fingerprint(message_, secret)) {
    for (const auto& signer : signers_) {
      mark_ = fingerprint(signer.commitment.binding,
                          fingerprint(signer.commitment.hiding, mix(mark_, signer.member.value)));
      verifying_shares_.push_back(group.verifying_shares[signer.member.value]);
    }
  }

  Result<frost::SignatureShare> sign(const frost::SecretShare& share, frost::NoncePair nonces) const override {
    const auto found = std::ranges::find(signers_, share.member(), &frost::SignerCommitment::member);
    if (found == signers_.end()) return Error{Errc::bad_signer_set, "I am one of the signers"};
    if (found->commitment != nonces.commitment())
      return Error{Errc::nonce_used, "the listed commitment is of this pair"};
    return share_of(static_cast<std::size_t>(found - signers_.begin()));
  }

  Result<Signature> aggregate(std::span<const frost::SignatureShare> shares) const override {
    if (shares.size() != signers_.size()) return Error{Errc::bad_signer_set, "one share per signer"};
    if (!culprits(shares).empty()) return Error{Errc::bad_share, "the shares sum to a signature"};
    return signature_of(secret_, key_, message_, spread<32>(mark_));
  }

  std::vector<MemberIndex> culprits(std::span<const frost::SignatureShare> shares) const override {
    std::vector<MemberIndex> found;
    for (std::size_t i = 0; i < signers_.size(); ++i) {
      if (shares.size() != signers_.size() || shares[i] != share_of(i)) found.push_back(signers_[i].member);
    }
    return found;
  }

  const std::vector<frost::SignerCommitment>& signers() const override { return signers_; }

 private:
  frost::SignatureShare share_of(std::size_t place) const {
    frost::SignatureShare out{spread<32>(fingerprint(verifying_shares_[place].bytes, mark_))};
    out.z[31] = 0;  // below the group order, as a scalar is
    return out;
  }

  std::uint64_t secret_;
  PublicKey key_;
  Bytes message_;
  std::vector<frost::SignerCommitment> signers_;
  std::uint64_t mark_;  ///< of message and commitment list
  std::vector<PublicKey> verifying_shares_;
};

}  // namespace

Signature StandIn::sign(const IdentityKey& identity, ByteSpan message) const {
  return signature_of(secret_, identity.public_key(), message, Bytes32{});
}

bool StandIn::verify(const PublicKey& key, ByteSpan message, const Signature& signature) const {
  Bytes32 nonce;
  std::copy_n(signature.bytes.begin(), nonce.size(), nonce.begin());
  return signature == signature_of(secret_, key, message, nonce);
}

bool FrostAlone::verify(const PublicKey& key, ByteSpan message, const Signature& signature) const {
  return key == group_key_ ? ed25519().verify(key, message, signature) : identities_.verify(key, message, signature);
}

Done StandIn::validate(const frost::Commitment& commitment) const {
  const auto is_point = [](const Bytes32& bytes) {
    constexpr Bytes32 neutral{1};
    return bytes != neutral && bytes != Bytes32{};
  };
  if (is_point(commitment.hiding) && is_point(commitment.binding)) return Ok{};
  return Error{Errc::bad_element, "commitments are points of prime order"};
}

Result<std::unique_ptr<SigningSession>> StandIn::open(const frost::GroupPublic& group, ByteSpan message,
                                                      std::vector<frost::SignerCommitment> signers) const {
  if (signers.size() < group.threshold) return Error{Errc::bad_signer_set, "threshold or more signers"};
  for (std::size_t i = 0; i < signers.size(); ++i) {
    const bool known = signers[i].member.value < group.verifying_shares.size();
    if (!known || (i > 0 && signers[i].member <= signers[i - 1].member)) {
      return Error{Errc::bad_signer_set, "signers are members and ascend"};
    }
    if (const auto valid = validate(signers[i].commitment); !valid) return valid.error();
  }
  return std::unique_ptr<SigningSession>(std::make_unique<Session>(secret_, group, message, std::move(signers)));
}

}  // namespace assay::threshold::sim
