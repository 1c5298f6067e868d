#include "aggregator/ema.hpp"

#include "core/check.hpp"
#include "core/decimal.hpp"

namespace assay::aggregator {

Ema next_ema(Ema previous, std::int64_t price, Micros tau, Micros dt) {
  check(tau.value >= 0 && dt.value > 0, "an average advances by positive time");
  const Int128 old = static_cast<Int128>(previous.value) * (Int128{1} << 32) + previous.fraction;
  const Int128 gap = static_cast<Int128>(price) * (Int128{1} << 32) - old;
  const Int128 whole = static_cast<Int128>(tau.value) + dt.value;

  // gap = quotient * whole + rest with 0 <= rest < whole, so gap * dt / whole = quotient * dt + rest * dt / whole:
  // |quotient * dt| <= |gap| + dt < 2^96, and rest * dt < 2^64 * 2^63.
  Int128 quotient = gap / whole;
  Int128 rest = gap % whole;
  if (rest < 0) {
    rest += whole;
    quotient -= 1;
  }
  const auto tail =
      static_cast<Int128>(static_cast<UInt128>(rest) * static_cast<UInt128>(dt.value) / static_cast<UInt128>(whole));
  const Int128 sum = old + quotient * dt.value + tail;
  return Ema{static_cast<std::int64_t>(sum >> 32), static_cast<std::uint32_t>(sum & 0xffffffffU)};
}

}  // namespace assay::aggregator
