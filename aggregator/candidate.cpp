#include "aggregator/candidate.hpp"

#include <algorithm>

#include "aggregator/ppm.hpp"
#include "core/arith.hpp"

namespace assay::aggregator {
namespace {

Micros age_of(const Quote& quote, MonoTime now) {
  return std::max(Micros{}, now - quote.recv_mono);
}

/// ceil(price * age_ppm * sqrt(age in seconds)): prices wander like the root of time.
std::uint64_t widening(std::int64_t price, std::uint32_t age_ppm, Micros age) {
  const std::uint64_t root_milli = isqrt(static_cast<std::uint64_t>(age.value));  // 1000 per root second
  return ceil_ppm(static_cast<std::uint64_t>(price), (age_ppm * root_milli + 999) / 1000);
}

std::uint32_t freshness(Micros age, Micros age_max) {
  const Int128 quarter = static_cast<Int128>(age.value) * 4 / std::max<std::int64_t>(age_max.value, 1);
  return quarter >= 3 ? 1 : 4 - static_cast<std::uint32_t>(quarter);
}

struct Sides {
  std::int64_t bid{};
  std::int64_t ask{};
};

std::variant<Sides, Verdict> sides_of_last(const Decimal& last, const FeedPolicy& feed, const SourcePolicy& source) {
  const Result<std::int64_t> price = rescale(last, feed.terms.exponent);
  if (!price) return Verdict::bad_price;
  const std::uint64_t half =
      std::max<std::uint64_t>(1, ceil_ppm(static_cast<std::uint64_t>(price.value()),
                                          source.assumed_spread_ppm / 2 + source.assumed_spread_ppm % 2));
  const auto room = static_cast<std::uint64_t>(price_mantissa_max - price.value());
  if (half >= static_cast<std::uint64_t>(price.value()) || half > room) return Verdict::bad_price;
  return Sides{price.value() - static_cast<std::int64_t>(half), price.value() + static_cast<std::int64_t>(half)};
}

std::variant<Sides, Verdict> sides_of_book(const Decimal& bid, const Decimal& ask, const FeedPolicy& feed) {
  if (compare(bid, ask) > 0) return Verdict::crossed;
  const Result<std::int64_t> low = rescale(bid, feed.terms.exponent);
  const Result<std::int64_t> high = rescale(ask, feed.terms.exponent);
  if (!low || !high) return Verdict::bad_price;
  return Sides{low.value(), high.value()};
}

std::variant<Sides, Verdict> sides_of(const Quote& quote, const FeedPolicy& feed, const SourcePolicy& source) {
  if (!has_sides(quote, source)) return Verdict::no_two_sides;
  return source.last_only ? sides_of_last(*quote.last, feed, source) : sides_of_book(*quote.bid, *quote.ask, feed);
}

/// The middle, half to even: a .5 goes to the even neighbour, so no venue leans.
std::int64_t middle(const Sides& sides) {
  const std::int64_t floor = midpoint_floor(sides.bid, sides.ask);
  const bool odd_gap = distance(sides.ask, sides.bid) % 2 == 1;
  return odd_gap && floor % 2 == 1 ? floor + 1 : floor;
}

}  // namespace

std::string_view name(Verdict verdict) noexcept {
  switch (verdict) {
    case Verdict::counted:
      return "counted";
    case Verdict::silent:
      return "silent";
    case Verdict::too_old:
      return "too_old";
    case Verdict::from_future:
      return "from_future";
    case Verdict::no_two_sides:
      return "no_two_sides";
    case Verdict::crossed:
      return "crossed";
    case Verdict::too_wide:
      return "too_wide";
    case Verdict::outlier:
      return "outlier";
    case Verdict::bad_price:
      return "bad_price";
  }
  return "unknown";
}

bool has_sides(const Quote& quote, const SourcePolicy& source) {
  return source.last_only ? quote.last.has_value() : quote.bid.has_value() && quote.ask.has_value();
}

std::variant<Candidate, Verdict> admit(const Quote& quote, const FeedPolicy& feed, std::size_t source,
                                       Micros venue_future_max, MonoTime now) {
  const SourcePolicy& rules = feed.sources[source];
  const Micros age = age_of(quote, now);
  if (age > rules.age_max) return Verdict::too_old;
  if (quote.venue_time && *quote.venue_time - quote.recv_time > venue_future_max) return Verdict::from_future;

  const auto found = sides_of(quote, feed, rules);
  if (const Verdict* refused = std::get_if<Verdict>(&found)) return *refused;
  const Sides& sides = std::get<Sides>(found);
  const std::int64_t price = middle(sides);
  const std::uint64_t gap = distance(sides.ask, sides.bid);
  if (!rules.last_only && exceeds_ppm(gap, static_cast<std::uint64_t>(price), rules.spread_max_ppm)) {
    return Verdict::too_wide;
  }
  const std::uint64_t uncertainty = std::max<std::uint64_t>(1, gap / 2 + gap % 2) + widening(price, feed.age_ppm, age);
  if (uncertainty >= static_cast<std::uint64_t>(price)) return Verdict::bad_price;
  return Candidate{source,
                   price,
                   sides.bid,
                   sides.ask,
                   uncertainty,
                   quote.venue_time.value_or(quote.recv_time),
                   freshness(age, rules.age_max)};
}

}  // namespace assay::aggregator
