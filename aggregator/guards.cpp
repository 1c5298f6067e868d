#include "aggregator/guards.hpp"

#include <algorithm>

#include "aggregator/ppm.hpp"
#include "core/arith.hpp"

namespace assay::aggregator {
namespace {

/// ceil(price * ppm * max(window, age) / window / 10^6).
UInt128 allowance(std::int64_t price, std::uint32_t ppm, Micros window, Micros age) {
  const UInt128 per_window = (static_cast<UInt128>(price) * ppm + ppm_one - 1) / ppm_one;
  const auto windows_milli =
      static_cast<UInt128>(std::max(window.value, age.value)) * 1000 / static_cast<UInt128>(window.value);
  // 2^62 * 2^63 / 1000 windows: 128 bits hold the product
  return (per_window * std::min(windows_milli, UInt128{1} << 62U) + 999) / 1000;
}

constexpr std::uint64_t return_max = 4'000'000'000;
constexpr UInt128 return_unit = 1'000'000'000;

}  // namespace

bool off_peg(std::int64_t price, const Peg& peg) {
  return peg.price > 0 && exceeds_ppm(distance(price, peg.price), static_cast<std::uint64_t>(peg.price), peg.depeg_ppm);
}

bool beyond_limit(RateAnchor& anchor, std::int64_t price, const RateLimit& limit, MonoTime now) {
  if (limit.window.value <= 0) return false;
  if (anchor.price == 0) {
    anchor = {price, now};
    return false;
  }
  const Micros age = now - anchor.at;
  const std::uint32_t ppm = price > anchor.price ? limit.rise_ppm : limit.fall_ppm;
  if (distance(price, anchor.price) > allowance(anchor.price, ppm, limit.window, age)) return true;
  if (age >= limit.window) anchor = {price, now};
  return false;
}

void add_price(Volatility& volatility, std::int64_t price, Micros tau, MonoTime now) {
  const Micros passed = now - volatility.at;
  if (volatility.price > 0 && passed.value > 0 && tau.value > 0) {
    const UInt128 moved = static_cast<UInt128>(distance(price, volatility.price)) * return_unit /
                          static_cast<std::uint64_t>(volatility.price);
    const UInt128 jump = std::min(moved, static_cast<UInt128>(return_max));
    const UInt128 kept = static_cast<UInt128>(volatility.variance) * static_cast<std::uint64_t>(tau.value);
    const UInt128 sum = kept + jump * jump * 1'000'000U;
    const UInt128 next = sum / (static_cast<UInt128>(tau.value) + static_cast<UInt128>(passed.value));
    volatility.variance = static_cast<std::uint64_t>(std::min(next, static_cast<UInt128>(UINT64_MAX)));
  }
  volatility.price = price;
  volatility.at = now;
}

std::uint32_t volatility_ppm(const Volatility& volatility) {
  return static_cast<std::uint32_t>(isqrt(volatility.variance) / 1000);
}

}  // namespace assay::aggregator
