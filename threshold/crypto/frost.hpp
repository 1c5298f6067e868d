#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "core/bytes.hpp"
#include "core/entropy.hpp"
#include "core/ids.hpp"
#include "core/keys.hpp"
#include "core/result.hpp"
#include "threshold/crypto/scalar.hpp"
#include "threshold/crypto/secret_scalar.hpp"
#include "threshold/crypto/suite.hpp"

namespace assay::threshold::frost {

/// FROST, RFC 9591, over the suite of `suite.hpp`; costs are those of FROST(Ed25519, SHA-512) on libsodium. Scalars,
/// elements and identifiers are encoded as the RFC has them. Member index i (from 0) has FROST identifier i + 1.
/// Secrets are move-only, wiped, in locked memory, unprintable.

/// A member's long-term secret share s_i.
class SecretShare {
 public:
  /// errors  bad_scalar: not canonical, or zero. The argument is wiped.
  static Result<SecretShare> from_bytes(MemberIndex member, Bytes32& scalar);
  /// errors  bad_scalar: zero
  static Result<SecretShare> of(MemberIndex member, SecretScalar scalar);

  MemberIndex member() const noexcept { return member_; }
  PublicKey verifying_share() const;  ///< Y_i = s_i * B
  const SecretScalar& scalar() const noexcept { return scalar_; }
  std::span<const std::uint8_t, 32> expose() const noexcept { return scalar_.expose(); }  ///< for the key file writer

 private:
  SecretShare(MemberIndex member, SecretScalar scalar) : member_(member), scalar_(std::move(scalar)) {}
  MemberIndex member_;
  SecretScalar scalar_;
};

/// Public commitments (D, E) to a nonce pair.
struct Commitment {
  Element hiding{};
  Element binding{};
  friend bool operator==(const Commitment&, const Commitment&) = default;
};

/// Both points are canonical, prime-order and not the identity.   errors  bad_element.   cost  about 80 us: once, on
/// arrival
Done validate(const Commitment& commitment);

/// A single-use nonce pair (d, e). sign() consumes it; destruction wipes it; a moved-from pair is spent.
class NoncePair {
 public:
  const Commitment& commitment() const noexcept { return commitment_; }

 private:
  friend class Session;
  friend NoncePair commit(const SecretShare&, std::span<const std::uint8_t, 32>, std::span<const std::uint8_t, 32>);
  NoncePair(SecretScalar hiding, SecretScalar binding, const Commitment& commitment)
      : hiding_(std::move(hiding)), binding_(std::move(binding)), commitment_(commitment) {}
  SecretScalar hiding_;
  SecretScalar binding_;
  Commitment commitment_;
};

/// RFC 9591 section 5.1 with hedged nonces: H3(random32 || s_i).   cost  31 us
NoncePair commit(const SecretShare& share, Entropy& entropy);
/// The same from given randomness: for the vectors' self-test only.
NoncePair commit(const SecretShare& share, std::span<const std::uint8_t, 32> hiding_randomness,
                 std::span<const std::uint8_t, 32> binding_randomness);

struct SignerCommitment {
  MemberIndex member;
  Commitment commitment;
};

/// z_i, canonical little-endian scalar.
struct SignatureShare {
  Bytes32 z{};
  friend bool operator==(const SignatureShare&, const SignatureShare&) = default;
};

/// The public key material of a group.
struct GroupPublic {
  PublicKey group_key;
  std::uint16_t threshold{};
  std::vector<PublicKey> verifying_shares;  ///< by member
};

/// Every element is valid, and the verifying shares lie on one polynomial of degree threshold - 1 whose value at zero
/// is the group key: any t members can sign. Once, when an epoch record is loaded.
///   errors  out_of_range unless 1 <= threshold <= n <= 1000; bad_element; bad_share.   cost  n = 4: 1 ms, 31: 25 ms
Done validate(const GroupPublic& group);

/// One signing session: a fixed message and a fixed, ordered set of t or more commitments. R, binding factors,
/// challenge and Lagrange coefficients are computed once, here. Immutable after make; any one thread.
class Session {
 public:
  /// signers  exactly group.threshold or more, ascending, distinct, below n; commitments already validate()d by the
  /// caller
  ///   errors  bad_signer_set; bad_element: a commitment that is no point, or R is the identity.   cost  t * 107 us
  static Result<Session> make(const GroupPublic& group, ByteSpan message, std::vector<SignerCommitment> signers);

  /// My share; consumes and wipes the pair before the result leaves, also when refused.   cost  under 2 us
  ///   errors  bad_signer_set when I am not a signer; nonce_used when the pair is spent or its commitment is not the
  ///   listed one
  Result<SignatureShare> sign(const SecretShare& share, NoncePair nonces) const;

  /// RFC 9591 5.3 share verification.   errors  bad_share, bad_scalar, bad_signer_set.   cost  about 110 us
  Done verify_share(MemberIndex member, const SignatureShare& share) const;

  /// Sums one share per signer (same order as `signers`) and passes the result through crypto_sign_verify_detached.
  ///   errors  bad_share when the sum does not verify: call culprits();  bad_signer_set for a wrong count.
  ///   cost  50 us
  Result<Signature> aggregate(std::span<const SignatureShare> shares) const;
  /// Every signer whose share does not verify, ascending; all signers for a wrong count.   cost  110 us a share
  std::vector<MemberIndex> culprits(std::span<const SignatureShare> shares) const;

  const std::vector<SignerCommitment>& signers() const noexcept { return signers_; }

  // Intermediate values, public by nature, for the self-test against the RFC's vectors.
  const std::vector<Bytes>& binding_factor_inputs() const noexcept { return binding_factor_inputs_; }
  const std::vector<PublicScalar>& binding_factors() const noexcept { return binding_factors_; }

 private:
  Session() = default;
  Done bind();
  std::size_t place_of(MemberIndex member) const noexcept;

  Bytes message_;
  PublicKey group_key_;
  std::vector<SignerCommitment> signers_;
  std::vector<PublicKey> verifying_shares_;  ///< of the signers, same order, as is all below
  std::vector<Bytes> binding_factor_inputs_;
  std::vector<PublicScalar> binding_factors_;
  std::vector<Element> commitment_shares_;      ///< R_i = D_i + rho_i * E_i
  std::vector<PublicScalar> share_challenges_;  ///< lambda_i * c
  Element group_commitment_{};                  ///< R
};

/// A trusted dealer's output (RFC 9591 Appendix C): demonstrations and tests only, the dealer knows every share.
struct Dealt {
  GroupPublic group;
  std::vector<SecretShare> shares;  ///< by member
};
/// errors  out_of_range unless 1 <= threshold <= members
Result<Dealt> deal(std::uint16_t members, std::uint16_t threshold, Entropy& entropy);

/// The dealing that these secrets fix: f(x) = secret + coefficients[0] x + ...; for the vectors' self-test only.
///   secrets  the group secret first, one per degree: threshold = secrets.size()
///   errors  bad_scalar: a group secret or a share of zero;  out_of_range
Result<Dealt> deal(std::uint16_t members, std::span<const SecretScalar> secrets);

/// Refuses to run on a libsodium that accepts mixed-order points (CVE-2025-69277) or fails one built-in RFC vector.
///   errors  self_test_failed.   cost  under 2 ms
Done self_test();

}  // namespace assay::threshold::frost
