#pragma once
#include <cstdint>
#include <span>
#include <vector>

#include "core/digest.hpp"
#include "core/entropy.hpp"
#include "core/result.hpp"
#include "threshold/crypto/scalar.hpp"
#include "threshold/crypto/secret_scalar.hpp"

namespace assay::threshold::ceremony {

/// A dealer's polynomial f of degree threshold - 1; move-only, wiped.
class SecretPolynomial {
 public:
  /// threshold > 0
  static SecretPolynomial draw(std::uint16_t threshold, Entropy& entropy);
  /// f(0) = constant: an old holder hands on its share.
  static SecretPolynomial with_constant(const frost::SecretScalar& constant, std::uint16_t threshold, Entropy& entropy);

  std::vector<frost::Element> commitments() const;               ///< a_k * B.   cost  15 us each
  frost::SecretScalar evaluate(std::uint16_t identifier) const;  ///< may be zero
  const frost::SecretScalar& constant() const noexcept { return coefficients_.front(); }

 private:
  std::vector<frost::SecretScalar> coefficients_;
};

/// Every commitment is canonical, of prime order and not the identity: once, on arrival.
///   errors  bad_element.   cost  40 us each
Done validate_commitments(std::span<const frost::Element> commitments);

/// sum x^k C_k. Partial sums that are the identity, which a liar can arrange, are handled; so is such a result.
///   commitments  validated, or sums of validated ones;  not empty.   cost  95 us each
frost::Element evaluate_commitments(std::span<const frost::Element> commitments, std::uint16_t identifier);

/// Feldman's check: share * B is the polynomial's value. A zero share fits where that value is the identity.
bool share_fits(const frost::SecretScalar& share, std::span<const frost::Element> commitments,
                std::uint16_t identifier);

/// sum weight_i * C_i over the dealers, coefficient by coefficient.
///   one weight for each list; lists of one length; commitments validated.   cost  95 us an entry
std::vector<frost::Element> weighted_sum(std::span<const std::vector<frost::Element>> lists,
                                         std::span<const frost::PublicScalar> weights);

}  // namespace assay::threshold::ceremony
