#pragma once
#include <cstdint>

#include "core/decimal.hpp"
#include "core/result.hpp"

namespace assay {

/// Products that may not fit come through here; nothing wraps, nothing is rounded silently. Pure, any thread.

/// a * b; errors overflow.
Result<Int128> checked_mul(Int128 a, Int128 b);
/// a + b; errors overflow.
Result<Int128> checked_add(Int128 a, Int128 b);
/// numerator / denominator, rounded half to even; denominator > 0 (else out_of_range).
Result<Int128> div_half_even(Int128 numerator, Int128 denominator);
/// floor(numerator / denominator); denominator > 0 (else out_of_range).
Result<Int128> div_floor(Int128 numerator, Int128 denominator);
/// a * b / c, half to even, with a 128-bit product; c > 0. errors overflow, out_of_range.
Result<Int128> mul_div_half_even(Int128 a, Int128 b, Int128 c);
/// floor(a + (b - a) / 2) for a <= b: the middle of an even sample.
constexpr std::int64_t midpoint_floor(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<Int128>(a) + ((static_cast<Int128>(b) - a) >> 1));
}
/// floor(sqrt(v)).
std::uint64_t isqrt(std::uint64_t v);

}  // namespace assay
