#include "aggregator/candidate.hpp"

#include <algorithm>
#include <optional>

#include "aggregator/ppm.hpp"
#include "core/arith.hpp"

namespace assay::aggregator {
namespace {

/// ceil(price * age_ppm * sqrt(age in seconds)): prices wander like the root of time.
std::uint64_t widening(std::int64_t price, std::uint32_t age_ppm, Micros age) {
  if (age_ppm == 0 || age.value == 0) return 0;
  const std::uint64_t root_milli = isqrt(static_cast<std::uint64_t>(age.value));  // 1000 per root second
  return ceil_ppm(static_cast<std::uint64_t>(price), (age_ppm * root_milli + 999) / 1000);
}

std::uint32_t freshness(Micros age, Micros age_max) {
  const Int128 quarter = static_cast<Int128>(age.value) * 4 / std::max<std::int64_t>(age_max.value, 1);
  return quarter >= 3 ? 1 : 4 - static_cast<std::uint32_t>(quarter);
}

/// What can be said before any price is converted.
Verdict first_refusal(const HeldQuote& held, const SourcePolicy& rules, const Gate& gate, Micros age) {
  if (held.halt != HeldQuote::Halt::none) return Verdict::halted;
  if (!held.heard) return Verdict::silent;
  if (age > rules.age_max) return Verdict::too_old;
  if (held.venue_time && *held.venue_time - held.told_time > gate.venue_future_max) return Verdict::from_future;
  if (held.fault != Verdict::counted) return held.fault;
  const bool unchanged = rules.frozen_after.value > 0 && gate.now - held.unchanged_since > rules.frozen_after;
  if (unchanged && held.left_behind) return Verdict::frozen;
  const bool claim = held.jumped.mantissa != 0 && gate.now - held.jumped_at < settle_after;
  if (claim && gate.jumps == Jumps::wait) return Verdict::unsettled;
  for (const Step& step : gate.route.steps) {
    if (!gate.rates[step.node].usable) return Verdict::leg_down;
  }
  return Verdict::counted;
}

struct Sides {
  std::int64_t low{};
  std::int64_t high{};
};

/// Two prices of the venue as the feed's lower and higher one: an inverted route exchanges them.
std::optional<Sides> sides(Number low, Number high, const Gate& gate) {
  const std::int8_t exponent = gate.feed.terms.exponent;
  auto a = convert(low, gate.route, gate.rates, exponent);
  auto b = convert(high, gate.route, gate.rates, exponent);
  if (!a || !b) return std::nullopt;
  if (gate.route.inverted) std::swap(a, b);
  return Sides{*a, *b};
}

/// What the conversions add: x' * c_R / R of each rate, and one unit for the rounding.
std::uint64_t conversion_doubt(std::int64_t price, const Gate& gate) {
  std::uint64_t out = 0;
  for (const Step& step : gate.route.steps) {
    const Rate& rate = gate.rates[step.node];
    out += scaled_up(static_cast<std::uint64_t>(price), rate.confidence, static_cast<std::uint64_t>(rate.price)) + 1;
    out = std::min<std::uint64_t>(out, INT64_MAX);
  }
  return out;
}

bool knows_depth(const HeldQuote& held, const SourcePolicy& rules, const Gate& gate) {
  return held.depth_at && gate.now - *held.depth_at <= rules.age_max;
}

/// Depth in units of the feed's quote: known where the source trades the feed's base, on either side of its pair.
std::uint64_t depth_of(const HeldQuote& held, const SourcePolicy& rules, std::int64_t price, const Gate& gate) {
  const FeedPolicy& feed = gate.feed;
  if (!knows_depth(held, rules, gate)) return 0;
  if (rules.quote == feed.quote) return held.depth;
  constexpr std::uint64_t most = 1'000'000'000'000'000;
  const Number amount = make_number(std::min(held.depth, most), 0);
  const Number worth = make_number(static_cast<UInt128>(price), feed.terms.exponent);
  if (amount.mantissa == 0) return 0;
  UInt128 product = static_cast<UInt128>(amount.mantissa) * worth.mantissa;  // below 10^36
  int exponent = amount.exponent + worth.exponent;
  if (rules.base == feed.base) {
    product /= held.centre.mantissa;
    exponent -= held.centre.exponent;
  } else if (rules.quote != feed.base) {
    return 0;
  }
  for (; exponent < 0 && product > 0; ++exponent) product /= 10;
  for (; exponent > 0 && product < most; --exponent) product *= 10;
  return static_cast<std::uint64_t>(std::min(product, static_cast<UInt128>(most)));
}

}  // namespace

std::int64_t converted(const HeldQuote& held, const Gate& gate) {
  return convert(held.centre, gate.route, gate.rates, gate.feed.terms.exponent).value_or(0);
}

std::variant<Candidate, Verdict> admit(const HeldQuote& held, std::size_t source, const Gate& gate) {
  const FeedPolicy& feed = gate.feed;
  const SourcePolicy& rules = feed.sources[source];
  const Micros age = std::max(Micros{}, gate.now - held.recv_mono);
  if (const Verdict refused = first_refusal(held, rules, gate, age); refused != Verdict::counted) return refused;

  const bool deep = held.buy.mantissa != 0 && held.sell.mantissa != 0;
  const auto top = sides(held.bid, held.ask, gate);
  const auto reach = deep ? sides(held.sell, held.buy, gate) : top;
  const Number centre = deep ? middle(held.sell, held.buy) : held.centre;
  const auto price = convert(centre, gate.route, gate.rates, feed.terms.exponent);
  if (!top || !reach || !price) return Verdict::bad_price;
  const std::uint64_t spread = distance(top->high, top->low);
  if (held.has_sides && exceeds_ppm(spread, static_cast<std::uint64_t>(*price), rules.spread_max_ppm)) {
    return Verdict::too_wide;
  }
  if (knows_depth(held, rules, gate) && held.depth < rules.depth_min) return Verdict::too_thin;

  const std::uint64_t gap = distance(reach->high, reach->low);
  const std::uint64_t uncertainty = std::max<std::uint64_t>(1, gap / 2 + gap % 2) +
                                    widening(*price, feed.age_ppm, age) + conversion_doubt(*price, gate);
  if (uncertainty >= static_cast<std::uint64_t>(*price)) return Verdict::bad_price;
  return Candidate{source,
                   *price,
                   top->low,
                   top->high,
                   uncertainty,
                   depth_of(held, rules, *price, gate),
                   held.venue_time.value_or(held.told_time) + (held.recv_mono - held.told_mono),
                   freshness(age, rules.age_max)};
}

}  // namespace assay::aggregator
