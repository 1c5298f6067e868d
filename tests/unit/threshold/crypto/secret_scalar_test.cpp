#include "threshold/crypto/secret_scalar.hpp"

#include <gtest/gtest.h>

#include <concepts>
#include <ostream>
#include <type_traits>

#include "core/bytes.hpp"
#include "tests/unit/threshold/crypto/seeded_entropy.hpp"
#include "threshold/crypto/element.hpp"
#include "threshold/crypto/frost.hpp"
#include "threshold/crypto/hash.hpp"
#include "threshold/crypto/sealed_share.hpp"

namespace assay::threshold::frost {
namespace {

// What does not compile cannot happen. A secret does not copy, print, compare or convert, ...
template <class T>
concept Printable = requires(std::ostream& out, const T& value) {
  out << value;
};
template <class T>
concept Comparable = requires(const T& a, const T& b) {
  a == b;
};
template <class T>
concept Hexable = requires(const T& value) {
  to_hex(value);
};
template <class T>
concept Guarded = !std::copyable<T> && !std::is_copy_constructible_v<T> && !std::is_copy_assignable_v<T> &&
                  std::is_nothrow_move_constructible_v<T> && !Printable<T> && !Comparable<T> && !Hexable<T> &&
                  !std::is_convertible_v<T, PublicScalar> && !std::is_constructible_v<PublicScalar, const T&> &&
                  !std::is_convertible_v<T, ByteSpan> && !std::is_trivially_destructible_v<T>;
static_assert(Guarded<SecretScalar> && Guarded<SecretShare> && Guarded<NoncePair> && Guarded<SecretSlot>);
static_assert(Guarded<EncryptionKey> && Guarded<IdentityKey>);
static_assert(std::copyable<PublicScalar> && Comparable<PublicScalar>);

// ... and nothing that may take variable time accepts it, alone or beside public ones.
template <class T>
concept InPublicArithmetic = requires(const T& a, const PublicScalar& b) {
  add(a, b);
}
|| requires(const T& a, const PublicScalar& b) {
  add(b, a);
}
|| requires(const T& a, const PublicScalar& b) {
  mul(a, b);
}
|| requires(const T& a, const PublicScalar& b) {
  mul(b, a);
}
|| requires(const T& a) {
  negate(a);
}
|| requires(std::span<T> a) {
  invert_all(a);
}
|| requires(const T& a) {
  is_canonical_scalar(a);
}
|| requires(const T& a) {
  h1(a);
}
|| requires(const T& a) {
  h2({a});
}
|| requires(const T& a) {
  hdkg({a});
};
static_assert(InPublicArithmetic<PublicScalar>, "the question is asked rightly");
static_assert(!InPublicArithmetic<SecretScalar> && !InPublicArithmetic<SecretSlot>);

PublicScalar random_public(SeededEntropy& entropy) {
  std::array<std::uint8_t, 64> wide;
  entropy.fill(wide);
  return reduce_wide(wide);
}

SecretScalar secret(const PublicScalar& value) {
  auto bytes = value.bytes;
  return SecretScalar::take(bytes).value();
}

TEST(SecretScalar, computes_what_public_arithmetic_does) {
  SeededEntropy entropy(1);
  for (int round = 0; round < 50; ++round) {
    const auto a = random_public(entropy);
    const auto b = random_public(entropy);
    const auto c = random_public(entropy);
    auto sum = secret(a);
    sum.add(secret(b));
    EXPECT_EQ(sum.published(), add(a, b));
    sum.add_product(c, secret(a));
    EXPECT_EQ(sum.published(), add(add(a, b), mul(c, a)));
    EXPECT_EQ(respond(secret(a), b, secret(c)), add(a, mul(b, c)));
    EXPECT_EQ(base_times(secret(a)), base_times(a));
    const auto point = *base_times(b);
    EXPECT_EQ(times(secret(a), point), times(a, point));
    const auto hidden = secret_point(secret(a), point);
    EXPECT_TRUE(std::ranges::equal(hidden->bytes().first<32>(), *times(a, point)));
  }
}

TEST(SecretScalar, evaluates_a_polynomial_as_the_textbook_does) {
  SeededEntropy entropy(2);
  std::vector<SecretScalar> coefficients;
  std::vector<PublicScalar> same;
  for (int i = 0; i < 7; ++i) {
    coefficients.push_back(SecretScalar::draw(entropy));
    same.push_back(coefficients.back().published());
  }
  for (const auto x : std::initializer_list<std::uint16_t>{1, 2, 31, 65'535}) {
    PublicScalar value;
    PublicScalar power = scalar_of(1);
    for (const auto& coefficient : same) {
      value = add(value, mul(coefficient, power));
      power = mul(power, scalar_of(x));
    }
    EXPECT_EQ(evaluate(coefficients, x).published(), value);
  }
}

TEST(SecretScalar, takes_canonical_bytes_only_and_wipes_the_source_either_way) {
  Bytes32 below = bytes32_from_hex("ecd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010").value();
  Bytes32 order = below;
  order[0] += 1;
  Bytes32 ones;
  ones.fill(0xff);
  EXPECT_TRUE(SecretScalar::take(below));
  EXPECT_EQ(SecretScalar::take(order).error().code, Errc::bad_scalar);
  EXPECT_EQ(SecretScalar::take(ones).error().code, Errc::bad_scalar);
  for (const auto& source : {below, order, ones}) EXPECT_EQ(source, Bytes32{});
}

TEST(SecretScalar, zero_is_a_scalar_but_gives_no_point) {
  const auto zero = SecretScalar::zero();
  EXPECT_TRUE(zero.is_zero());
  EXPECT_FALSE(secret(scalar_of(1)).is_zero());
  EXPECT_FALSE(base_times(zero));
  EXPECT_FALSE(times(zero, *base_times(scalar_of(3))));
  EXPECT_FALSE(secret_point(zero, *base_times(scalar_of(3))));
}

TEST(SecretScalar, a_moved_from_one_holds_nothing_and_a_clone_is_another_memory) {
  SeededEntropy entropy(3);
  auto first = SecretScalar::draw(entropy);
  const auto copy = first.clone();
  EXPECT_NE(first.expose().data(), copy.expose().data());
  const auto* place = first.expose().data();
  const auto second = std::move(first);
  EXPECT_FALSE(first);  // NOLINT(bugprone-use-after-move)
  EXPECT_EQ(second.expose().data(), place);
  EXPECT_EQ(second.published(), copy.published());
}

}  // namespace
}  // namespace assay::threshold::frost
