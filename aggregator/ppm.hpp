#pragma once
#include <cstdint>

#include "core/decimal.hpp"

namespace assay::aggregator {

/// Parts per million, exactly. Every product fits 128 bits by the types alone: 2^64 * 2^32.

inline constexpr std::uint32_t ppm_one = 1'000'000;

/// diff / base > ppm / 10^6.   base >= 0
constexpr bool exceeds_ppm(std::uint64_t diff, std::uint64_t base, std::uint64_t ppm) {
  return static_cast<UInt128>(diff) * ppm_one > static_cast<UInt128>(base) * ppm;
}

/// ceil(base * ppm / 10^6); saturates at 2^63 - 1.
constexpr std::uint64_t ceil_ppm(std::uint64_t base, std::uint64_t ppm) {
  const UInt128 scaled = static_cast<UInt128>(base) * ppm + ppm_one - 1;
  if (scaled <= UINT64_MAX) return static_cast<std::uint64_t>(scaled) / ppm_one;  // a multiplication, no division
  const UInt128 part = scaled / ppm_one;
  constexpr auto top = static_cast<UInt128>(INT64_MAX);
  return static_cast<std::uint64_t>(part > top ? top : part);
}

/// |a - b| without overflow.
constexpr std::uint64_t distance(std::int64_t a, std::int64_t b) {
  const auto x = static_cast<std::uint64_t>(a);
  const auto y = static_cast<std::uint64_t>(b);
  return a > b ? x - y : y - x;
}

}  // namespace assay::aggregator
