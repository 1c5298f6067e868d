#pragma once
#include <cstdint>

#include "core/time.hpp"

namespace assay::aggregator {

/// A moving average in Q32: mantissa units and 2^-32 parts of one.
struct Ema {
  std::int64_t value{};
  std::uint32_t fraction{};

  friend bool operator==(const Ema&, const Ema&) = default;
};

/// ema + floor((price - ema) * dt / (tau + dt)), exact: the product is split by the divisor, so it cannot leave 128
/// bits whatever the gap; the result lies between ema and price.
///   0 <= ema.value, 0 <= price <= 2^62; tau >= 0, dt > 0 (check()).  pure, any thread
Ema next_ema(Ema previous, std::int64_t price, Micros tau, Micros dt);

}  // namespace assay::aggregator
