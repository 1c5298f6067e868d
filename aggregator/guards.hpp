#pragma once
#include <cstdint>
#include <optional>

#include "aggregator/policy.hpp"
#include "core/time.hpp"

namespace assay::aggregator {

/// Guards look at a price and say something of it. None of them changes it.

/// Further from its peg than depeg_ppm; never without a peg.
bool off_peg(std::int64_t price, const Peg& peg);

/// What the rate limit remembers: a price that was within it, and when.
struct RateAnchor {
  std::int64_t price{};  ///< 0: none yet
  MonoTime at;
};

/// Steps the rate limit by one price. A price may lie up to rise_ppm above the anchor and fall_ppm below for one
/// window, and in proportion further the longer the anchor is past; a window later a price within these bounds becomes
/// the anchor. A true step beyond the limit is therefore flagged for as long as the limit would have needed for it.
///   returns  true when the price is beyond; never without a limit, nor for the first price
bool beyond_limit(RateAnchor& anchor, std::int64_t price, const RateLimit& limit, MonoTime now);

/// EWMA of squared returns, per second: integers, 10^-9 of the price.
struct Volatility {
  std::uint64_t variance{};  ///< (10^-9)^2 per second; saturates
  std::int64_t price{};      ///< the price before; 0: none yet
  MonoTime at;
};

/// variance' = (variance * tau + r^2 * 10^6) / (tau + dt), r the return in 10^-9 (at most 4 * 10^9), times in
/// microseconds.
///   price in 1..2^62; tau > 0; a price at the time of the one before only replaces it
void add_price(Volatility& volatility, std::int64_t price, Micros tau, MonoTime now);

/// ppm per root second, rounded down: the unit of age_ppm.
std::uint32_t volatility_ppm(const Volatility& volatility);

}  // namespace assay::aggregator
