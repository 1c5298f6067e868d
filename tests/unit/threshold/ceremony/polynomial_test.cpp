#include "threshold/ceremony/polynomial.hpp"

#include <gtest/gtest.h>

#include <utility>

#include "tests/unit/threshold/crypto/seeded_entropy.hpp"
#include "threshold/crypto/element.hpp"

namespace assay::threshold::ceremony {
namespace {

Bytes32 identity_element() {
  Bytes32 out{};
  out[0] = 1;
  return out;
}

auto scalar_in(const SecretSlot& slot) {
  return slot.bytes().first<32>();
}

TEST(Polynomial, every_share_fits_its_commitments_and_no_other_place) {
  SeededEntropy entropy(1);
  const auto polynomial = SecretPolynomial::draw(3, entropy);
  const auto commitments = polynomial.commitments();
  for (std::uint16_t id = 1; id <= 7; ++id) {
    const SecretSlot share = polynomial.evaluate(id);
    EXPECT_TRUE(share_fits(scalar_in(share), commitments, id));
    EXPECT_FALSE(share_fits(scalar_in(share), commitments, static_cast<std::uint16_t>(id + 1)));
  }
}

TEST(Polynomial, a_constant_is_kept) {
  SeededEntropy entropy(2);
  const auto scalar = frost::scalar_of(5);
  const auto polynomial = SecretPolynomial::with_constant(scalar.bytes, 4, entropy);
  EXPECT_EQ(polynomial.commitments().front(), frost::base_times(scalar.bytes));
  EXPECT_EQ(polynomial.commitments().size(), 4U);
}

TEST(Polynomial, a_share_of_zero_fits_only_where_the_value_is_the_identity) {
  // f(x) = 2 - x: zero at 2.
  const auto two = frost::base_times(frost::scalar_of(2).bytes);
  const auto minus_one = frost::base_times(frost::negate(frost::scalar_of(1)).bytes);
  const std::vector<Bytes32> commitments{*two, *minus_one};
  const Bytes32 zero{};
  EXPECT_EQ(evaluate_commitments(commitments, 2), identity_element());
  EXPECT_TRUE(share_fits(zero, commitments, 2));
  EXPECT_FALSE(share_fits(zero, commitments, 1));
  EXPECT_TRUE(share_fits(frost::scalar_of(1).bytes, commitments, 1));
}

TEST(Polynomial, partial_sums_that_vanish_do_not_stop_the_evaluation) {
  // Horner at 3 passes through the identity: 1 + 3 * (-3 + 3 * 1).
  const auto one = frost::base_times(frost::scalar_of(1).bytes);
  const auto minus_three = frost::base_times(frost::negate(frost::scalar_of(3)).bytes);
  const std::vector<Bytes32> commitments{*one, *minus_three, *one};
  EXPECT_TRUE(share_fits(frost::scalar_of(1).bytes, commitments, 3));
}

TEST(Polynomial, a_second_spelling_of_a_share_does_not_fit) {
  SeededEntropy entropy(3);
  const auto one = frost::base_times(frost::scalar_of(1).bytes);
  const std::vector<Bytes32> commitments{*one};
  // 1 + L, which libsodium multiplies to the same point.
  Bytes32 spelled{0xee, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14};
  spelled[31] = 0x10;
  EXPECT_TRUE(share_fits(frost::scalar_of(1).bytes, commitments, 1));
  EXPECT_FALSE(share_fits(spelled, commitments, 1));
}

TEST(Polynomial, refuses_identity_and_torsion_among_commitments) {
  const auto good = frost::base_times(frost::scalar_of(9).bytes);
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
  const auto left = frost::times(weights[0], *frost::base_times(scalar_in(f.evaluate(5))));
  const auto right = frost::times(weights[1], *frost::base_times(scalar_in(g.evaluate(5))));
  EXPECT_EQ(evaluate_commitments(sum, 5), frost::plus(*left, *right));
}

}  // namespace
}  // namespace assay::threshold::ceremony
