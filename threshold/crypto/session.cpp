#include <algorithm>
#include <utility>

#include "core/check.hpp"
#include "threshold/crypto/element.hpp"
#include "threshold/crypto/frost.hpp"
#include "threshold/crypto/hash.hpp"

namespace assay::threshold::frost {
namespace {

std::uint16_t identifier(MemberIndex member) {
  return static_cast<std::uint16_t>(member.value + 1);
}

Done check_signers(const GroupPublic& group, const std::vector<SignerCommitment>& signers) {
  if (signers.size() < group.threshold || signers.empty())
    return Error{Errc::bad_signer_set, "threshold or more signers"};
  for (std::size_t i = 0; i < signers.size(); ++i) {
    if (signers[i].member.value >= group.verifying_shares.size())
      return Error{Errc::bad_signer_set, "signers are members"};
    if (i > 0 && !(signers[i - 1].member < signers[i].member)) return Error{Errc::bad_signer_set, "signers ascend"};
  }
  return Ok{};
}

/// RFC 9591 section 4.3, encode_group_commitment_list.
Bytes encode_list(const std::vector<SignerCommitment>& signers) {
  ByteWriter out(signers.size() * 96);
  for (const auto& signer : signers) {
    out.raw(scalar_of(identifier(signer.member)).bytes).raw(signer.commitment.hiding).raw(signer.commitment.binding);
  }
  return std::move(out).take();
}

}  // namespace

Result<Session> Session::make(const GroupPublic& group, ByteSpan message, std::vector<SignerCommitment> signers) {
  if (auto done = check_signers(group, signers); !done) return done.error();
  Session session;
  session.message_.assign(message.begin(), message.end());
  session.group_key_ = group.group_key;
  session.signers_ = std::move(signers);
  for (const auto& signer : session.signers_) {
    session.verifying_shares_.push_back(group.verifying_shares[signer.member.value]);
  }
  if (auto done = session.bind(); !done) return done.error();
  return session;
}

Done Session::bind() {
  const HashDigest message_hash = h4(message_);
  const HashDigest list_hash = h5(encode_list(signers_));
  std::vector<std::uint16_t> identifiers;
  for (const auto& signer : signers_) {
    identifiers.push_back(identifier(signer.member));
    ByteWriter input(192);
    input.raw(group_key_.bytes).raw(message_hash).raw(list_hash).raw(scalar_of(identifiers.back()).bytes);
    binding_factor_inputs_.push_back(std::move(input).take());
    binding_factors_.push_back(h1(binding_factor_inputs_.back()));
    const auto bound = times(binding_factors_.back(), signer.commitment.binding);
    const auto sum = bound ? plus(signer.commitment.hiding, *bound) : std::nullopt;
    if (!sum) return Error{Errc::bad_element, "commitments are points of prime order"};
    commitment_shares_.push_back(*sum);
  }
  group_commitment_ = commitment_shares_.front();
  for (std::size_t i = 1; i < commitment_shares_.size(); ++i) {
    const auto sum = plus(group_commitment_, commitment_shares_[i]);
    if (!sum) return Error{Errc::bad_element, "commitments are points of prime order"};
    group_commitment_ = *sum;
  }
  if (is_identity(group_commitment_)) return Error{Errc::bad_element, "the group commitment is not the identity"};
  const PublicScalar challenge = h2({group_commitment_, group_key_.bytes, message_});
  share_challenges_ = lagrange_at_zero(identifiers);
  for (auto& lambda : share_challenges_) lambda = mul(lambda, challenge);
  return Ok{};
}

std::size_t Session::place_of(MemberIndex member) const noexcept {
  const auto found = std::ranges::find(signers_, member, &SignerCommitment::member);
  return static_cast<std::size_t>(found - signers_.begin());
}

Result<SignatureShare> Session::sign(const SecretShare& share, NoncePair nonces) const {
  if (!nonces.hiding_) return Error{Errc::nonce_used, "the nonce pair is spent"};
  // The pair leaves the caller's hands and is gone when this returns, whatever the answer.
  SecretScalar response = std::move(nonces.hiding_);
  const SecretScalar binding = std::move(nonces.binding_);
  const std::size_t place = place_of(share.member());
  if (place == signers_.size()) return Error{Errc::bad_signer_set, "I am one of the signers"};
  if (!(signers_[place].commitment == nonces.commitment_)) {
    return Error{Errc::nonce_used, "the listed commitment is of this pair"};
  }
  // z = d + e * rho + s * (lambda * c), in locked memory until it is whole.
  response.add_product(binding_factors_[place], binding);
  response.add_product(share_challenges_[place], share.scalar());
  return SignatureShare{response.published().bytes};
}

Done Session::verify_share(MemberIndex member, const SignatureShare& share) const {
  const std::size_t place = place_of(member);
  if (place == signers_.size()) return Error{Errc::bad_signer_set, "the member is one of the signers"};
  if (!is_canonical_scalar(share.z)) return Error{Errc::bad_scalar, "a signature share is below the group order"};
  const auto left = base_times(PublicScalar{share.z});
  const auto keyed = times(share_challenges_[place], verifying_shares_[place].bytes);
  const auto right = keyed ? plus(commitment_shares_[place], *keyed) : std::nullopt;
  if (!left || !right || *left != *right) return Error{Errc::bad_share, "z B = D + rho E + lambda c Y"};
  return Ok{};
}

Result<Signature> Session::aggregate(std::span<const SignatureShare> shares) const {
  if (shares.size() != signers_.size()) return Error{Errc::bad_signer_set, "one share per signer"};
  PublicScalar sum;
  for (const auto& share : shares) {
    if (!is_canonical_scalar(share.z)) return Error{Errc::bad_share, "a signature share is below the group order"};
    sum = add(sum, PublicScalar{share.z});
  }
  Signature signature;
  std::ranges::copy(group_commitment_, signature.bytes.begin());
  std::ranges::copy(sum.bytes, signature.bytes.begin() + 32);
  if (!Suite::verify(group_key_.bytes, message_, signature.bytes))
    return Error{Errc::bad_share, "the shares sum to a signature"};
  return signature;
}

std::vector<MemberIndex> Session::culprits(std::span<const SignatureShare> shares) const {
  std::vector<MemberIndex> found;
  for (std::size_t i = 0; i < signers_.size(); ++i) {
    const MemberIndex member = signers_[i].member;
    if (shares.size() != signers_.size() || !verify_share(member, shares[i])) found.push_back(member);
  }
  return found;
}

}  // namespace assay::threshold::frost
