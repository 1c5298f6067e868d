#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "core/digest.hpp"
#include "core/entropy.hpp"
#include "core/result.hpp"
#include "threshold/crypto/arena.hpp"
#include "threshold/crypto/scalar.hpp"

namespace assay::threshold::ceremony {

/// A dealer's polynomial f of degree threshold - 1. Every coefficient lives in a slot of its own; move-only, wiped.
class SecretPolynomial {
 public:
  /// threshold > 0
  static SecretPolynomial draw(std::uint16_t threshold, Entropy& entropy);
  /// f(0) = constant, which is a canonical scalar: an old holder hands on its share.
  static SecretPolynomial with_constant(std::span<const std::uint8_t, 32> constant, std::uint16_t threshold,
                                        Entropy& entropy);

  std::vector<Bytes32> commitments() const;             ///< a_k * B.   cost  15 us each
  SecretSlot evaluate(std::uint16_t identifier) const;  ///< f(identifier), may be zero
  std::span<const std::uint8_t, 32> constant() const noexcept;

 private:
  std::vector<SecretSlot> coefficients_;
};

/// Every commitment is canonical, of prime order and not the identity: once, on arrival.
///   errors  bad_element.   cost  40 us each
Done validate_commitments(std::span<const Bytes32> commitments);

/// sum x^k C_k. Partial sums that are the identity, which a liar can arrange, are handled; so is such a result.
///   commitments  validated, or sums of validated ones;  not empty.   cost  95 us each
Bytes32 evaluate_commitments(std::span<const Bytes32> commitments, std::uint16_t identifier);

/// Feldman's check: share * B is the polynomial's value. A zero share fits where that value is the identity.
///   share  any 32 bytes: one that is not canonical does not fit
bool share_fits(std::span<const std::uint8_t, 32> share, std::span<const Bytes32> commitments,
                std::uint16_t identifier);

/// sum weight_i * C_i over the dealers, coefficient by coefficient.
///   one weight for each list; lists of one length; commitments validated.   cost  95 us an entry
std::vector<Bytes32> weighted_sum(std::span<const std::vector<Bytes32>> lists,
                                  std::span<const frost::PublicScalar> weights);

}  // namespace assay::threshold::ceremony
