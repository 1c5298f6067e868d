#include "threshold/crypto/scalar.hpp"

#include <gtest/gtest.h>
#include <sodium.h>

#include <algorithm>

#include "core/bytes.hpp"
#include "tests/unit/threshold/crypto/seeded_entropy.hpp"
#include "threshold/crypto/element.hpp"

namespace assay::threshold::frost {
namespace {

Bytes32 hex(std::string_view text) {
  return bytes32_from_hex(text).value();
}
const Bytes32 group_order = hex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");

TEST(Scalar, only_the_encoding_below_the_group_order_is_canonical) {
  Bytes32 below = group_order;
  below[0] -= 1;
  Bytes32 above = group_order;
  above[0] += 1;
  Bytes32 high{};
  high[31] = 0x80;
  Bytes32 ones;
  ones.fill(0xff);
  EXPECT_TRUE(is_canonical_scalar(Bytes32{}));
  EXPECT_TRUE(is_canonical_scalar(below));
  EXPECT_FALSE(is_canonical_scalar(group_order));
  EXPECT_FALSE(is_canonical_scalar(above));
  EXPECT_FALSE(is_canonical_scalar(high));
  EXPECT_FALSE(is_canonical_scalar(ones));
}

TEST(Scalar, batched_inversion_agrees_with_one_by_one) {
  SeededEntropy entropy(1);
  std::vector<PublicScalar> values;
  for (int i = 0; i < 40; ++i) {
    std::array<std::uint8_t, 64> wide;
    entropy.fill(wide);
    values.push_back(reduce_wide(wide));
  }
  auto inverted = values;
  invert_all(inverted);
  for (std::size_t i = 0; i < values.size(); ++i) EXPECT_EQ(mul(values[i], inverted[i]), scalar_of(1));
}

/// The textbook: one inversion a factor.
PublicScalar naive_lambda(std::uint16_t x, std::uint16_t mine, std::span<const std::uint16_t> identifiers) {
  PublicScalar lambda = scalar_of(1);
  for (const auto other : identifiers) {
    if (other == mine) continue;
    PublicScalar above = add(scalar_of(other), negate(scalar_of(x)));
    PublicScalar below = add(scalar_of(other), negate(scalar_of(mine)));
    PublicScalar inverse;
    crypto_core_ed25519_scalar_invert(inverse.bytes.data(), below.bytes.data());
    lambda = mul(lambda, mul(above, inverse));
  }
  return lambda;
}

TEST(Scalar, lagrange_coefficients_agree_with_the_textbook) {
  SeededEntropy entropy(2);
  for (int round = 0; round < 60; ++round) {
    std::array<std::uint8_t, 101> draws;
    entropy.fill(draws);
    std::vector<std::uint16_t> identifiers;
    for (std::uint16_t id = 1; id <= 100; ++id) {
      if (draws[id] % 4 == 0) identifiers.push_back(static_cast<std::uint16_t>(round % 3 == 0 ? id * 600 : id));
    }
    if (identifiers.empty()) continue;
    const auto lambdas = lagrange_at_zero(identifiers);
    const std::uint16_t elsewhere = 65'535;
    const auto there = lagrange_at(elsewhere, identifiers);
    for (std::size_t i = 0; i < identifiers.size(); ++i) {
      EXPECT_EQ(lambdas[i], naive_lambda(0, identifiers[i], identifiers));
      EXPECT_EQ(there[i], naive_lambda(elsewhere, identifiers[i], identifiers));
    }
  }
}

TEST(Element, refuses_identity_small_order_mixed_order_and_second_spellings) {
  const Bytes32 base = *base_times(scalar_of(1));
  EXPECT_TRUE(is_valid_element(base));
  Bytes32 identity{};
  identity[0] = 1;
  EXPECT_FALSE(is_valid_element(identity));
  EXPECT_FALSE(is_valid_element(Bytes32{}));  // y = 0, order 4
  const Bytes32 order_two = hex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f");
  const Bytes32 order_eight = hex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a");
  for (const auto& torsion : {order_two, order_eight}) {
    EXPECT_FALSE(is_valid_element(torsion));
    const auto mixed = plus(base, torsion);
    ASSERT_TRUE(mixed);
    EXPECT_FALSE(is_valid_element(*mixed));
    EXPECT_FALSE(times(scalar_of(5), *mixed));
  }
  EXPECT_FALSE(is_valid_element(hex("eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")));  // y = p + 1
  EXPECT_FALSE(base_times(PublicScalar{}));
}

}  // namespace
}  // namespace assay::threshold::frost
