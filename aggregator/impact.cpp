#include "aggregator/impact.hpp"

#include <algorithm>

#include "core/arith.hpp"

namespace assay::aggregator {
namespace {

/// Prices keep 12 digits and amounts are counted in parts of 10^-6 of the notional's size at the best price, so that
/// sums of products stay within 128 bits.
constexpr int price_digits_cut = 6;
constexpr std::uint64_t amount_max = 1'000'000'000'000'000;

/// One side of a book at the scale of its best price.
struct Scale {
  std::int32_t price_exponent{};
  std::int32_t size_exponent{};
};

/// value as a mantissa at `exponent`, half to even; saturates at amount_max.
std::uint64_t at_scale(Number value, std::int32_t exponent) {
  if (value.mantissa == 0) return 0;
  const int shift = value.exponent - exponent;
  if (shift > 0) return amount_max;
  if (shift < -18) return 0;
  std::uint64_t power = 1;
  for (int i = 0; i < -shift; ++i) power *= 10;
  const std::uint64_t floor = value.mantissa / power;
  const std::uint64_t rest = value.mantissa % power;
  const std::uint64_t rounded = floor + (rest > power - rest || (rest == power - rest && floor % 2 == 1) ? 1 : 0);
  return std::min(rounded, amount_max);
}

struct Filled {
  UInt128 cost = 0;  ///< price * size, each at its scale
  UInt128 size = 0;
};

/// Takes levels until `cost_wanted` is spent (0: never) or a price lies beyond `price_limit`.
Filled fill(std::span<const PriceLevel> levels, Scale scale, UInt128 cost_wanted, std::uint64_t low,
            std::uint64_t high) {
  Filled out;
  for (const PriceLevel& level : levels) {
    const std::uint64_t price = at_scale(make_number(level.price), scale.price_exponent);
    const std::uint64_t size = at_scale(make_number(level.size), scale.size_exponent);
    if (price == 0 || price < low || price > high) continue;
    const UInt128 cost = static_cast<UInt128>(price) * size;
    if (cost_wanted > 0 && out.cost + cost >= cost_wanted) {
      const UInt128 part = (cost_wanted - out.cost + price - 1) / price;
      out.cost += part * price;
      out.size += part;
      return out;
    }
    out.cost += cost;
    out.size += size;
  }
  return out;
}

Number average(const Filled& filled, std::int32_t price_exponent) {
  if (filled.size == 0) return {};
  // cost < 50 * 10^27: six more digits fit
  return make_number(filled.cost * 1'000'000U / filled.size, price_exponent - 6);
}

/// cost at its scale as whole units of the quote.
std::uint64_t whole_units(UInt128 cost, Scale scale) {
  int exponent = scale.price_exponent + scale.size_exponent;
  for (; exponent < 0 && cost > 0; ++exponent) cost /= 10;
  for (; exponent > 0 && cost < amount_max; --exponent) cost *= 10;
  return static_cast<std::uint64_t>(std::min(cost, static_cast<UInt128>(amount_max)));
}

/// notional / 10^(price + size exponents): what fill() spends.
UInt128 at_cost_scale(std::uint64_t notional, Scale scale) {
  UInt128 out = notional;
  int exponent = scale.price_exponent + scale.size_exponent;
  for (; exponent < 0 && out < (UInt128{1} << 120U); ++exponent) out *= 10;
  for (; exponent > 0; --exponent) out /= 10;
  return std::max<UInt128>(out, 1);
}

}  // namespace

std::optional<Impact> impact_of(std::span<const PriceLevel> bids, std::span<const PriceLevel> asks,
                                std::uint64_t notional) {
  if (bids.empty() || asks.empty() || compare(bids.front().price, asks.front().price) > 0) return std::nullopt;
  const Number best = middle(make_number(bids.front().price), make_number(asks.front().price));
  if (best.mantissa == 0) return std::nullopt;
  // A price is 12 digits at this scale; an amount of the whole notional, at least of 10^4 quote units, about ten.
  Scale scale{best.exponent + price_digits_cut, 0};
  int digits = 0;
  for (std::uint64_t units = std::max<std::uint64_t>(notional, 10'000); units > 0; units /= 10) ++digits;
  scale.size_exponent = digits - 10 - (best.exponent + 18);
  const std::uint64_t centre = at_scale(best, scale.price_exponent);
  const std::uint64_t reach = centre / 100;
  Impact out;
  if (notional > 0) {
    const UInt128 wanted = at_cost_scale(notional, scale);
    out.buy = average(fill(asks, scale, wanted, 0, amount_max), scale.price_exponent);
    out.sell = average(fill(bids, scale, wanted, 0, amount_max), scale.price_exponent);
  }
  const Filled above = fill(asks, scale, 0, 0, centre + reach);
  const Filled below = fill(bids, scale, 0, centre - reach, amount_max);
  out.depth = std::min(whole_units(above.cost, scale), whole_units(below.cost, scale));
  return out;
}

}  // namespace assay::aggregator
