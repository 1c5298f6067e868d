#include "threshold/ceremony/polynomial.hpp"

#include <algorithm>
#include <utility>

#include "core/check.hpp"
#include "threshold/crypto/element.hpp"
#include "threshold/crypto/secret_scalar.hpp"

namespace assay::threshold::ceremony {
namespace {

Bytes32 identity_element() {
  Bytes32 identity{};
  identity[0] = 1;
  return identity;
}

/// scalar * P where P may be the identity, which libsodium refuses to multiply.
Bytes32 scaled(const frost::PublicScalar& scalar, const Bytes32& point) {
  if (frost::is_identity(point) || frost::is_zero(scalar.bytes)) return identity_element();
  const auto product = frost::times(scalar, point);
  check(product.has_value(), "a validated element times a nonzero scalar is an element");
  return *product;
}

Bytes32 added(const Bytes32& a, const Bytes32& b) {
  const auto sum = frost::plus(a, b);
  check(sum.has_value(), "validated elements add up");
  return *sum;
}

}  // namespace

SecretPolynomial SecretPolynomial::draw(std::uint16_t threshold, Entropy& entropy) {
  SecretPolynomial out;
  for (std::uint16_t k = 0; k < threshold; ++k) out.coefficients_.push_back(frost::random_scalar(entropy));
  return out;
}

SecretPolynomial SecretPolynomial::with_constant(std::span<const std::uint8_t, 32> constant, std::uint16_t threshold,
                                                 Entropy& entropy) {
  SecretPolynomial out = draw(threshold, entropy);
  std::copy(constant.begin(), constant.end(), out.coefficients_.front().bytes().begin());
  return out;
}

std::vector<Bytes32> SecretPolynomial::commitments() const {
  std::vector<Bytes32> out;
  out.reserve(coefficients_.size());
  for (const SecretSlot& coefficient : coefficients_) {
    const auto point = frost::base_times(coefficient.bytes().first<32>());
    check(point.has_value(), "no coefficient is zero");
    out.push_back(*point);
  }
  return out;
}

SecretSlot SecretPolynomial::evaluate(std::uint16_t identifier) const {
  return frost::evaluate(coefficients_, identifier);
}

std::span<const std::uint8_t, 32> SecretPolynomial::constant() const noexcept {
  return coefficients_.front().bytes().first<32>();
}

Done validate_commitments(std::span<const Bytes32> commitments) {
  for (const Bytes32& commitment : commitments) {
    if (!frost::is_valid_element(commitment)) return Error{Errc::bad_element, "a commitment of prime order"};
  }
  return Ok{};
}

Bytes32 evaluate_commitments(std::span<const Bytes32> commitments, std::uint16_t identifier) {
  const auto x = frost::scalar_of(identifier);
  Bytes32 value = commitments.back();
  for (std::size_t k = commitments.size() - 1; k-- > 0;) value = added(scaled(x, value), commitments[k]);
  return value;
}

bool share_fits(std::span<const std::uint8_t, 32> share, std::span<const Bytes32> commitments,
                std::uint16_t identifier) {
  if (!frost::is_canonical_scalar(share)) return false;
  const Bytes32 expected = evaluate_commitments(commitments, identifier);
  if (frost::is_zero(share)) return frost::is_identity(expected);
  return frost::base_times(share) == expected;
}

std::vector<Bytes32> weighted_sum(std::span<const std::vector<Bytes32>> lists,
                                  std::span<const frost::PublicScalar> weights) {
  check(!lists.empty() && lists.size() == weights.size(), "one weight for each dealer");
  std::vector<Bytes32> sum(lists.front().size(), identity_element());
  for (std::size_t i = 0; i < lists.size(); ++i) {
    for (std::size_t k = 0; k < sum.size(); ++k) sum[k] = added(sum[k], scaled(weights[i], lists[i][k]));
  }
  return sum;
}

}  // namespace assay::threshold::ceremony
