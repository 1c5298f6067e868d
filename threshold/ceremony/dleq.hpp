#pragma once
#include <array>
#include <cstdint>
#include <span>

#include "core/digest.hpp"
#include "core/entropy.hpp"
#include "threshold/crypto/secret_scalar.hpp"
#include "threshold/crypto/suite.hpp"

namespace assay::threshold::ceremony {

/// Proofs about a secret scalar. All challenges are SHA-512 of a 16-byte domain, the scope and every point, reduced.

/// What a proof belongs to; it proves nothing elsewhere.
struct ProofScope {
  Digest ceremony;
  std::uint16_t dealer{};
  std::uint16_t recipient{};  ///< 0 in a proof of possession
};

using Proof = std::array<std::uint8_t, 64>;  ///< challenge, response

/// "I know e with E = e B": nobody can pass off another dealer's ephemeral key as its own.   cost  20 us, 160 us
Proof prove_possession(const ProofScope& scope, const frost::SecretScalar& secret, const frost::Element& point,
                       Entropy& entropy);
bool verify_possession(const ProofScope& scope, const frost::Element& point, const Proof& proof);

/// The statement of Chaum and Pedersen: key = x B and shared = x other for one x.
struct SharedPoint {
  frost::Element key{};
  frost::Element other{};
  frost::Element shared{};
};

/// other is a valid element, and the two points are x times theirs.   cost  180 us, 440 us
Proof prove_shared_point(const ProofScope& scope, const frost::SecretScalar& secret, const SharedPoint& statement,
                         Entropy& entropy);
/// Refuses points that are not of prime order and scalars that are not canonical.
bool verify_shared_point(const ProofScope& scope, const SharedPoint& statement, const Proof& proof);

}  // namespace assay::threshold::ceremony
