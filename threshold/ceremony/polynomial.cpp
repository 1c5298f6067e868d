#include "threshold/ceremony/polynomial.hpp"

#include <utility>

#include "core/check.hpp"
#include "threshold/crypto/element.hpp"

namespace assay::threshold::ceremony {
namespace {

/// scalar * P where P may be the identity, which libsodium refuses to multiply.
frost::Element scaled(const frost::PublicScalar& scalar, const frost::Element& point) {
  if (frost::is_identity(point) || scalar == frost::PublicScalar{}) return frost::Suite::identity();
  if (scalar == frost::scalar_of(1)) return point;  // every dealer's weight in a fresh key
  const auto product = frost::times(scalar, point);
  check(product.has_value(), "a validated element times a nonzero scalar is an element");
  return *product;
}

frost::Element added(const frost::Element& a, const frost::Element& b) {
  const auto sum = frost::plus(a, b);
  check(sum.has_value(), "validated elements add up");
  return *sum;
}

}  // namespace

SecretPolynomial SecretPolynomial::draw(std::uint16_t threshold, Entropy& entropy) {
  SecretPolynomial out;
  for (std::uint16_t k = 0; k < threshold; ++k) out.coefficients_.push_back(frost::SecretScalar::draw(entropy));
  return out;
}

SecretPolynomial SecretPolynomial::with_constant(const frost::SecretScalar& constant, std::uint16_t threshold,
                                                 Entropy& entropy) {
  SecretPolynomial out = draw(threshold, entropy);
  out.coefficients_.front() = constant.clone();
  return out;
}

std::vector<frost::Element> SecretPolynomial::commitments() const {
  std::vector<frost::Element> out;
  out.reserve(coefficients_.size());
  for (const frost::SecretScalar& coefficient : coefficients_) {
    const auto point = frost::base_times(coefficient);
    check(point.has_value(), "no coefficient is zero");
    out.push_back(*point);
  }
  return out;
}

frost::SecretScalar SecretPolynomial::evaluate(std::uint16_t identifier) const {
  return frost::evaluate(coefficients_, identifier);
}

Done validate_commitments(std::span<const frost::Element> commitments) {
  for (const frost::Element& commitment : commitments) {
    if (!frost::is_valid_element(commitment)) return Error{Errc::bad_element, "a commitment of prime order"};
  }
  return Ok{};
}

frost::Element evaluate_commitments(std::span<const frost::Element> commitments, std::uint16_t identifier) {
  const auto x = frost::scalar_of(identifier);
  frost::Element value = commitments.back();
  for (std::size_t k = commitments.size() - 1; k-- > 0;) value = added(scaled(x, value), commitments[k]);
  return value;
}

bool share_fits(const frost::SecretScalar& share, std::span<const frost::Element> commitments,
                std::uint16_t identifier) {
  const frost::Element expected = evaluate_commitments(commitments, identifier);
  if (share.is_zero()) return frost::is_identity(expected);
  return frost::base_times(share) == expected;
}

std::vector<frost::Element> weighted_sum(std::span<const std::vector<frost::Element>> lists,
                                         std::span<const frost::PublicScalar> weights) {
  check(!lists.empty() && lists.size() == weights.size(), "one weight for each dealer");
  std::vector<frost::Element> sum(lists.front().size(), frost::Suite::identity());
  for (std::size_t i = 0; i < lists.size(); ++i) {
    for (std::size_t k = 0; k < sum.size(); ++k) sum[k] = added(sum[k], scaled(weights[i], lists[i][k]));
  }
  return sum;
}

}  // namespace assay::threshold::ceremony
