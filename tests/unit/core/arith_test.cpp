#include "core/arith.hpp"

#include <gtest/gtest.h>

#include <random>

namespace assay {
namespace {

constexpr Int128 int128_max = static_cast<Int128>(~UInt128{0} >> 1U);
constexpr Int128 int128_min = -int128_max - 1;

TEST(Arith, products_and_sums_that_fit_are_exact_and_others_are_refused) {
  EXPECT_TRUE(checked_mul(int128_max, 1).value() == int128_max);
  EXPECT_TRUE(checked_mul(int128_min, 1).value() == int128_min);
  EXPECT_EQ(checked_mul(int128_min, -1).error().code, Errc::overflow);
  EXPECT_EQ(checked_mul(int128_max / 2 + 1, 2).error().code, Errc::overflow);
  EXPECT_TRUE(checked_add(int128_max - 1, 1).value() == int128_max);
  EXPECT_EQ(checked_add(int128_max, 1).error().code, Errc::overflow);
  EXPECT_EQ(checked_add(int128_min, -1).error().code, Errc::overflow);
}

TEST(Arith, division_rounds_half_to_even_on_both_sides_of_zero) {
  const std::int64_t cases[][3] = {{5, 2, 2},  {7, 2, 4},    {-5, 2, -2}, {-7, 2, -4}, {-1, 2, 0},
                                   {1, 2, 0},  {3, 2, 2},    {-3, 2, -2}, {10, 4, 2},  {14, 4, 4},
                                   {11, 4, 3}, {-11, 4, -3}, {9, 4, 2},   {-9, 4, -2}, {0, 7, 0},
                                   {6, 3, 2},  {-6, 3, -2},  {1, 3, 0},   {2, 3, 1},   {-2, 3, -1}};
  for (const auto& [numerator, denominator, expected] : cases) {
    EXPECT_TRUE(div_half_even(numerator, denominator).value() == expected) << numerator << "/" << denominator;
  }
}

TEST(Arith, floor_goes_towards_minus_infinity) {
  EXPECT_TRUE(div_floor(7, 2).value() == 3);
  EXPECT_TRUE(div_floor(-7, 2).value() == -4);
  EXPECT_TRUE(div_floor(-8, 2).value() == -4);
  EXPECT_TRUE(div_floor(int128_min, int128_max).value() == -2);
}

TEST(Arith, a_denominator_that_is_not_positive_is_refused) {
  for (const Int128 bad : {Int128{0}, Int128{-1}, int128_min}) {
    EXPECT_EQ(div_half_even(1, bad).error().code, Errc::out_of_range);
    EXPECT_EQ(div_floor(1, bad).error().code, Errc::out_of_range);
    EXPECT_EQ(mul_div_half_even(1, 1, bad).error().code, Errc::out_of_range);
  }
}

TEST(Arith, the_extremes_divide_without_wrapping) {
  EXPECT_TRUE(div_half_even(int128_min, 1).value() == int128_min);
  EXPECT_TRUE(div_half_even(int128_max, int128_max).value() == 1);
  EXPECT_TRUE(div_half_even(int128_max - 1, int128_max).value() == 1);
  EXPECT_TRUE(div_half_even(int128_max / 2, int128_max).value() == 0);
  EXPECT_TRUE(div_half_even(int128_max / 2 + 1, int128_max).value() == 1);
  EXPECT_TRUE(div_half_even(int128_min, int128_max).value() == -1);
}

// The naive twin: scaled by two, every distance is an integer that can be compared.
TEST(Arith, half_even_is_the_nearest_integer_and_the_even_one_of_two) {
  for (int n = -300; n <= 300; ++n) {
    for (int d = 1; d <= 40; ++d) {
      int best = -400;
      for (int q = -301; q <= 301; ++q) {
        const int distance = std::abs(n - q * d);
        const int best_distance = std::abs(n - best * d);
        if (distance < best_distance || (distance == best_distance && q % 2 == 0)) {
          best = q;
        }
      }
      ASSERT_TRUE(div_half_even(n, d).value() == best) << n << "/" << d;
    }
  }
}

TEST(Arith, mul_div_keeps_the_whole_product) {
  constexpr std::int64_t top = INT64_MAX;
  EXPECT_TRUE(mul_div_half_even(top, top, top).value() == top);
  EXPECT_TRUE(mul_div_half_even(3, 1, 2).value() == 2);
  EXPECT_EQ(mul_div_half_even(int128_max, 2, 2).error().code, Errc::overflow);
}

TEST(Arith, the_midpoint_is_the_floor_of_the_mean_even_at_the_extremes) {
  static_assert(midpoint_floor(1, 2) == 1);
  static_assert(midpoint_floor(-3, 0) == -2);
  static_assert(midpoint_floor(INT64_MIN, INT64_MAX) == -1);
  static_assert(midpoint_floor(INT64_MAX - 1, INT64_MAX) == INT64_MAX - 1);
  std::mt19937_64 random(2);
  for (int i = 0; i < 10'000; ++i) {
    auto a = static_cast<std::int64_t>(random());
    auto b = static_cast<std::int64_t>(random());
    if (a > b) {
      std::swap(a, b);
    }
    ASSERT_TRUE(div_floor(static_cast<Int128>(a) + b, 2).value() == midpoint_floor(a, b));
  }
}

TEST(Arith, the_square_root_is_its_floor) {
  const auto holds = [](std::uint64_t v) {
    const UInt128 root = isqrt(v);
    return root * root <= v && (root + 1) * (root + 1) > v;
  };
  for (std::uint64_t v = 0; v < 70'000; ++v) {
    ASSERT_TRUE(holds(v)) << v;
  }
  std::mt19937_64 random(3);
  for (int i = 0; i < 50'000; ++i) {
    const std::uint64_t v = random() >> (random() % 64);
    ASSERT_TRUE(holds(v)) << v;
    const std::uint64_t low = v & 0xffffffffU;
    ASSERT_TRUE(holds(low * low)) << low;
    ASSERT_TRUE(low == 0 || holds(low * low - 1)) << low;
  }
  EXPECT_EQ(isqrt(UINT64_MAX), 0xffffffffU);
  EXPECT_EQ(isqrt(std::uint64_t{0xffffffff} * 0xffffffff), 0xffffffffU);
}

}  // namespace
}  // namespace assay
