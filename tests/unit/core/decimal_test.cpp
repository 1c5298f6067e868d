#include "core/decimal.hpp"

#include <gtest/gtest.h>

#include <random>

#include "tests/support/naive_decimal.hpp"

namespace assay {
namespace {

void expect_value(std::string_view text, std::uint64_t mantissa, int exponent) {
  const auto parsed = parse_decimal(text);
  ASSERT_TRUE(parsed) << text;
  EXPECT_TRUE(parsed->mantissa == mantissa) << text;
  EXPECT_EQ(parsed->exponent, exponent) << text;
}

Decimal decimal(std::string_view text) {
  return parse_decimal(text).value();
}

TEST(Decimal, reads_what_venues_write_without_loss) {
  expect_value("123", 123, 0);
  expect_value("123.450", 123450, -3);
  expect_value(".5", 5, -1);
  expect_value("5.", 5, 0);
  expect_value("0.00000001", 1, -8);
  expect_value("1.2e-7", 12, -8);
  expect_value("3E+4", 3, 4);
  expect_value("3e4", 3, 4);
  expect_value("3e0004", 3, 4);
  expect_value("0", 0, 0);
  expect_value("0.000", 0, -3);
  expect_value("00012.5", 125, -1);
  expect_value("65123.45000000", 6512345000000, -8);
  expect_value("1e1000", 1, 1000);
  expect_value("1e-1000", 1, -1000);
}

TEST(Decimal, refuses_everything_else) {
  for (const char* text : {"",   ".",   "+1",  " 1",    "1 ",    "1,000", "1_000", "1.2.3", "..1",   "e5",       ".e5",
                           "1e", "1e+", "1e-", "1e+-2", "1e1.5", "0x10",  "NaN",   "nan",   "inf",   "Infinity", "1e5x",
                           "x1", "1f",  "\t1", "1\n",   "1e 5",  "'1'",   "1..",   "１",    "1e5e5", "++1"}) {
    const auto parsed = parse_decimal(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().code, Errc::bad_number) << text;
  }
  EXPECT_FALSE(parse_decimal(std::string_view("1\0", 2)));
  for (const char* text : {"-1", "-0", "-", "-0.5", "-x"}) {
    EXPECT_EQ(parse_decimal(text).error().code, Errc::negative_price) << text;
  }
}

TEST(Decimal, holds_36_digits_and_no_more) {
  const std::string nines(36, '9');
  EXPECT_TRUE(parse_decimal(nines));
  EXPECT_EQ(parse_decimal(nines + "0").error().code, Errc::overflow);
  EXPECT_EQ(parse_decimal("1." + nines).error().code, Errc::overflow);
  EXPECT_TRUE(parse_decimal("0." + nines));
  EXPECT_TRUE(parse_decimal(std::string(500, '0') + nines));
  EXPECT_TRUE(parse_decimal("0." + std::string(500, '0') + "1"));
  EXPECT_EQ(parse_decimal(nines + "0x").error().code, Errc::bad_number) << "garbage is told from excess";
}

TEST(Decimal, holds_exponents_up_to_1000_and_no_more) {
  for (const char* text : {"1e1001", "1e-1001", "1.5e-1000", "1e4294967296", "1e18446744073709551616",
                           "1e99999999999999999999999", "1e-99999999999999999999999", "0e1001"}) {
    EXPECT_EQ(parse_decimal(text).error().code, Errc::overflow) << text;
  }
  EXPECT_EQ(parse_decimal("0." + std::string(1000, '0') + "1").error().code, Errc::overflow);
  expect_value("1.5e1001", 15, 1000);
}

TEST(Decimal, of_zero_is_no_price_but_a_volume) {
  EXPECT_TRUE(parse_decimal("0.00"));
  for (const char* text : {"0", "0.00", "0e5", ".0"}) {
    EXPECT_EQ(parse_price(text).error().code, Errc::zero_price) << text;
  }
  EXPECT_EQ(parse_price("-1").error().code, Errc::negative_price);
  EXPECT_EQ(parse_price("x").error().code, Errc::bad_number);
  EXPECT_TRUE(parse_price("0.01"));
}

TEST(Rescale, rounds_half_to_even_at_exact_ties_only) {
  const auto cents = [](std::string_view text) { return rescale(decimal(text), -2).value(); };
  EXPECT_EQ(cents("1.005"), 100);
  EXPECT_EQ(cents("1.015"), 102);
  EXPECT_EQ(cents("1.025"), 102);
  EXPECT_EQ(cents("1.0250000000000000000000000000000"), 102);
  EXPECT_EQ(cents("1.0250000000000000000000000000001"), 103) << "the last of many dropped digits breaks the tie";
  EXPECT_EQ(cents("1.0249999999999999999999999999999"), 102);
  EXPECT_EQ(cents("1.0149999999999999999999999999999"), 101);
  EXPECT_EQ(cents("7"), 700);
  EXPECT_EQ(cents("7e3"), 700'000);
  EXPECT_EQ(cents("0.0051"), 1);
}

TEST(Rescale, refuses_what_rounds_to_zero_and_what_passes_the_limit) {
  EXPECT_EQ(rescale(decimal("0.005"), -2).error().code, Errc::zero_price);
  EXPECT_EQ(rescale(decimal("0"), -2).error().code, Errc::zero_price);
  EXPECT_EQ(rescale(decimal("1e-1000"), -12).error().code, Errc::zero_price);
  EXPECT_EQ(rescale(decimal("1e1000"), -12).error().code, Errc::overflow);
  EXPECT_EQ(rescale(decimal("4611686018427387904"), 0).value(), price_mantissa_max);
  EXPECT_EQ(rescale(decimal("4611686018427387904.5"), 0).value(), price_mantissa_max) << "a tie to even";
  EXPECT_EQ(rescale(decimal("4611686018427387904.51"), 0).error().code, Errc::overflow);
  EXPECT_EQ(rescale(decimal("4611686018427387905"), 0).error().code, Errc::overflow);
  EXPECT_EQ(rescale(decimal("461168601842738790.5"), -1).error().code, Errc::overflow);
  EXPECT_EQ(rescale(decimal("461168601842738790.4"), -1).value(), price_mantissa_max);
}

TEST(Rescale, is_total_for_any_decimal_and_exponent) {
  const UInt128 top = ~UInt128{0};
  for (const std::int32_t exponent : {INT32_MIN, -1000, -40, -39, -38, -37, 0, 38, 1000, INT32_MAX}) {
    for (const int target : {-128, -12, 0, 127}) {
      const auto result = rescale({top, exponent}, static_cast<std::int8_t>(target));
      ASSERT_TRUE(!result || *result > 0);
    }
  }
  EXPECT_EQ(rescale({top, -38}, 0).value(), 3);
  EXPECT_EQ(rescale({top, -39}, 0).error().code, Errc::zero_price);
  EXPECT_EQ(rescale({(UInt128{1} << 127U) / 17 * 10, -38}, 0).value(), 1);
}

TEST(Rescale, agrees_with_long_hand_arithmetic_on_digits) {
  std::mt19937_64 random(4);
  int accepted = 0;
  for (int i = 0; i < 60'000; ++i) {
    const std::string text = naive::random_number(random);
    const auto target = static_cast<std::int8_t>(-static_cast<int>(random() % 13));
    const auto parsed = parse_decimal(text);
    const auto expected = naive::rescale(text, target);
    ASSERT_TRUE(parsed) << text;
    const auto got = rescale(*parsed, target);
    ASSERT_EQ(static_cast<bool>(got), expected.has_value()) << text << " at " << int{target};
    if (got) {
      ASSERT_EQ(std::to_string(*got), *expected) << text << " at " << int{target};
      ++accepted;
    }
  }
  EXPECT_GT(accepted, 20'000);
}

TEST(Compare, is_by_value_and_exact) {
  const std::vector<std::vector<const char*>> ascending = {
      {"0", "0.000", "0e900"},
      {"1e-1000"},
      {"0.1", ".10", "1e-1", "100e-3"},
      {"0.99999999999999999999999999999999999"},
      {"1", "1.0", "0.1e1", "1.00000000000000000000000000000000000"},
      {"1.00000000000000000000000000000000001"},
      {"999999999999999999999999999999999999"},
      {"1e36"},
      {"999999999999999999999999999999999999e1"},
      {"1e1000"}};
  for (std::size_t i = 0; i < ascending.size(); ++i) {
    for (std::size_t j = 0; j < ascending.size(); ++j) {
      for (const char* a : ascending[i]) {
        for (const char* b : ascending[j]) {
          EXPECT_EQ(compare(decimal(a), decimal(b)), (i > j ? 1 : 0) - (i < j ? 1 : 0)) << a << " and " << b;
        }
      }
    }
  }
}

TEST(Compare, does_not_overflow_at_any_exponent) {
  const UInt128 top = ~UInt128{0};
  EXPECT_EQ(compare({top, INT32_MAX}, {1, INT32_MIN}), 1);
  EXPECT_EQ(compare({1, INT32_MIN}, {top, INT32_MAX}), -1);
  EXPECT_EQ(compare({top, INT32_MIN}, {top, INT32_MIN}), 0);
  EXPECT_EQ(compare({4, 38}, {top, 0}), 1) << "4 * 10^38 is above 2^128";
  EXPECT_EQ(compare({top, 0}, {4, 38}), -1);
  EXPECT_EQ(compare({3, 38}, {top, 0}), -1);
}

TEST(ToText, writes_plain_decimals_without_trimming) {
  EXPECT_EQ(to_text(6512345, -2), "65123.45");
  EXPECT_EQ(to_text(5, -3), "0.005");
  EXPECT_EQ(to_text(100, -2), "1.00");
  EXPECT_EQ(to_text(0, -2), "0.00");
  EXPECT_EQ(to_text(0, 0), "0");
  EXPECT_EQ(to_text(0, 3), "0");
  EXPECT_EQ(to_text(7, 3), "7000");
  EXPECT_EQ(to_text(-5, -2), "-0.05");
  EXPECT_EQ(to_text(-1234, -2), "-12.34");
  EXPECT_EQ(to_text(INT64_MIN, 0), "-9223372036854775808");
  EXPECT_EQ(to_text(INT64_MAX, -19), "0.9223372036854775807");
  EXPECT_EQ(to_text(1, -128).size(), 130U);
}

TEST(ToText, is_read_back_as_the_same_mantissa) {
  std::mt19937_64 random(5);
  for (int i = 0; i < 20'000; ++i) {
    const auto mantissa = static_cast<std::int64_t>((random() >> 2U >> (random() % 62)) | 1U);
    const auto exponent = static_cast<std::int8_t>(-static_cast<int>(random() % 13));
    const auto back = parse_price(to_text(mantissa, exponent));
    ASSERT_TRUE(back);
    ASSERT_EQ(back->exponent, exponent);
    ASSERT_EQ(rescale(*back, exponent).value(), mantissa);
  }
}

}  // namespace
}  // namespace assay
