#include "threshold/ceremony/polynomial.hpp"

#include <gtest/gtest.h>

#include <utility>

#include "tests/unit/threshold/crypto/seeded_entropy.hpp"
#include "threshold/crypto/element.hpp"

namespace assay::threshold::ceremony {
namespace {

Bytes32 identity_element() {
  return frost::Suite::identity();
}

frost::SecretScalar secret(std::uint64_t value) {
  auto bytes = frost::scalar_of(value).bytes;
  return frost::SecretScalar::take(bytes).value();
}

TEST(Polynomial, every_share_fits_its_commitments_and_no_other_place) {
  SeededEntropy entropy(1);
  const auto polynomial = SecretPolynomial::draw(3, entropy);
  const auto commitments = polynomial.commitments();
  for (std::uint16_t id = 1; id <= 7; ++id) {
    const auto share = polynomial.evaluate(id);
    EXPECT_TRUE(share_fits(share, commitments, id));
    EXPECT_FALSE(share_fits(share, commitments, static_cast<std::uint16_t>(id + 1)));
  }
}

TEST(Polynomial, a_constant_is_kept) {
  SeededEntropy entropy(2);
  const auto polynomial = SecretPolynomial::with_constant(secret(5), 4, entropy);
  EXPECT_EQ(polynomial.commitments().front(), frost::base_times(frost::scalar_of(5)));
  EXPECT_EQ(polynomial.commitments().size(), 4U);
}

TEST(Polynomial, a_share_of_zero_fits_only_where_the_value_is_the_identity) {
  // f(x) = 2 - x: zero at 2.
  const auto two = frost::base_times(frost::scalar_of(2));
  const auto minus_one = frost::base_times(frost::negate(frost::scalar_of(1)));
  const std::vector<Bytes32> commitments{*two, *minus_one};
  EXPECT_EQ(evaluate_commitments(commitments, 2), identity_element());
  EXPECT_TRUE(share_fits(secret(0), commitments, 2));
  EXPECT_FALSE(share_fits(secret(0), commitments, 1));
  EXPECT_TRUE(share_fits(secret(1), commitments, 1));
}

TEST(Polynomial, partial_sums_that_vanish_do_not_stop_the_evaluation) {
  // Horner at 3 passes through the identity: 1 + 3 * (-3 + 3 * 1).
  const auto one = frost::base_times(frost::scalar_of(1));
  const auto minus_three = frost::base_times(frost::negate(frost::scalar_of(3)));
  const std::vector<Bytes32> commitments{*one, *minus_three, *one};
  EXPECT_TRUE(share_fits(secret(1), commitments, 3));
}

TEST(Polynomial, refuses_identity_and_torsion_among_commitments) {
  const auto good = frost::base_times(frost::scalar_of(9));
  Bytes32 order_two;  // (0, -1)
  order_two.fill(0xff);
  order_two[0] = 0xec;
  order_two[31] = 0x7f;
  const auto mixed = frost::plus(*good, order_two);
  ASSERT_TRUE(mixed.has_value());
  EXPECT_TRUE(validate_commitments(std::vector<Bytes32>{*good, *good}));
  for (const Bytes32& bad : {identity_element(), order_two, *mixed}) {
    EXPECT_EQ(validate_commitments(std::vector<Bytes32>{*good, bad}).error().code, Errc::bad_element);
  }
}

TEST(Polynomial, weighted_sums_commit_to_weighted_shares) {
  SeededEntropy entropy(4);
  const auto f = SecretPolynomial::draw(2, entropy);
  const auto g = SecretPolynomial::draw(2, entropy);
  const std::vector<frost::PublicScalar> weights{frost::scalar_of(3), frost::negate(frost::scalar_of(2))};
  const auto sum = weighted_sum(std::vector<std::vector<Bytes32>>{f.commitments(), g.commitments()}, weights);
  const auto left = frost::times(weights[0], *frost::base_times(f.evaluate(5)));
  const auto right = frost::times(weights[1], *frost::base_times(g.evaluate(5)));
  EXPECT_EQ(evaluate_commitments(sum, 5), frost::plus(*left, *right));
}

}  // namespace
}  // namespace assay::threshold::ceremony
