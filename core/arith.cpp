#include "core/arith.hpp"

#include <bit>

namespace assay {
namespace {

constexpr Error too_big{Errc::overflow, "a result within 128 bits"};
constexpr Error not_positive{Errc::out_of_range, "a denominator above zero"};

struct Division {
  Int128 floor;
  Int128 rest;  // 0 <= rest < denominator
};

// denominator > 0
Division divide(Int128 numerator, Int128 denominator) {
  const Int128 quotient = numerator / denominator;
  const Int128 rest = numerator % denominator;
  if (rest < 0) {
    return {quotient - 1, rest + denominator};
  }
  return {quotient, rest};
}

}  // namespace

Result<Int128> checked_mul(Int128 a, Int128 b) {
  Int128 out = 0;
  if (__builtin_mul_overflow(a, b, &out)) {
    return too_big;
  }
  return out;
}

Result<Int128> checked_add(Int128 a, Int128 b) {
  Int128 out = 0;
  if (__builtin_add_overflow(a, b, &out)) {
    return too_big;
  }
  return out;
}

Result<Int128> div_half_even(Int128 numerator, Int128 denominator) {
  if (denominator <= 0) {
    return not_positive;
  }
  const auto [floor, rest] = divide(numerator, denominator);
  const Int128 above = denominator - rest;  // distance to the next integer; twice the rest might not fit
  if (rest > above || (rest == above && floor % 2 != 0)) {
    return floor + 1;
  }
  return floor;
}

Result<Int128> div_floor(Int128 numerator, Int128 denominator) {
  if (denominator <= 0) {
    return not_positive;
  }
  return divide(numerator, denominator).floor;
}

Result<Int128> mul_div_half_even(Int128 a, Int128 b, Int128 c) {
  const auto product = checked_mul(a, b);
  if (!product) {
    return product.error();
  }
  return div_half_even(*product, c);
}

std::uint64_t isqrt(std::uint64_t v) {
  if (v == 0) {
    return 0;
  }
  // Newton from a power of two that is not below the root: falls until it stands.
  std::uint64_t root = std::uint64_t{1} << ((static_cast<unsigned>(std::bit_width(v)) + 1U) / 2U);
  for (;;) {
    const std::uint64_t next = (root + v / root) / 2;
    if (next >= root) {
      return root;
    }
    root = next;
  }
}

}  // namespace assay
