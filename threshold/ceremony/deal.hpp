#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "core/bytes.hpp"
#include "core/entropy.hpp"
#include "core/result.hpp"
#include "threshold/ceremony/dleq.hpp"
#include "threshold/ceremony/proposal.hpp"
#include "threshold/crypto/frost.hpp"
#include "threshold/crypto/sealed_share.hpp"

namespace assay::threshold::ceremony {

/// Everything that one dealer says, in one message, so that everybody holds every ciphertext: a lost share cannot be.
/// Payload: commitments 32 t | proof of knowledge 64 | ephemeral key 32 | proof of possession 64 | shares 48 n.
struct Deal {
  std::vector<frost::Element> commitments;
  std::array<std::uint8_t, 64> knowledge{};  ///< of f(0), HDKG as frost-rs has it
  frost::Element ephemeral{};
  Proof possession{};
  std::vector<frost::SealedShare> shares;  ///< by new member
  friend bool operator==(const Deal&, const Deal&) = default;
};

Bytes encode(const Deal& deal);
/// Total; the terms fix the length.  errors  truncated, trailing_bytes
Result<Deal> decode_deal(const Terms& terms, ByteSpan payload);

/// A new deal by the dealer at that place; f(0) is its old share unless fresh.
///   old_share  null exactly when fresh.   cost  n = 31: 4 ms
Deal make_deal(const Terms& terms, std::uint16_t dealer, const frost::SecretShare* old_share, Entropy& entropy);

/// What anybody can check: elements, both proofs, and C_0 = Y_i of the old record unless fresh.
///   errors  bad_element, bad_scalar, bad_signature, bad_share.   cost  t * 40 us and 350 us
Done check_deal(const Terms& terms, std::uint16_t dealer, const Deal& deal);

/// What the member's share is bound to; and how proofs about it are scoped.
frost::SealContext seal_context(const Terms& terms, std::uint16_t dealer, const Deal& deal, MemberIndex member);
ProofScope proof_scope(const Terms& terms, std::uint16_t dealer, MemberIndex member);

/// The share behind a shared point, checked against the commitments of a deal that passed check_deal().
///   errors  bad_share: the tag does not fit, or the value does not.   cost  t * 95 us
Result<frost::SecretScalar> open_share(const Terms& terms, std::uint16_t dealer, const Deal& deal, MemberIndex member,
                                       std::span<const std::uint8_t, 32> shared_point);

}  // namespace assay::threshold::ceremony
