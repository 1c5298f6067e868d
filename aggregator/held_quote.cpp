#include "aggregator/held_quote.hpp"

namespace assay::aggregator {
namespace {

/// After a longer silence a source has no price of its own to jump from: what looks like a jump is only sampled
/// coarsely.
constexpr Micros settled_for = millis(10'000);

bool two_sided(const Quote& quote) {
  return quote.bid.has_value() && quote.ask.has_value();
}

/// A repeated REST answer may be older than what the stream said; a venue clock that runs ahead must not freeze it out.
bool supersedes(const Quote& fresh, const HeldQuote& held, const SourcePolicy& source, Micros venue_future_max) {
  if (!held.heard) return true;
  if (fresh.repeated.value > 0 && told_mono(fresh) < held.told_mono)
    return false;  // the later word grew old; so did it
  if (fresh.recv_mono - held.recv_mono > source.age_max) return true;
  const bool had_sides = held.fault != Verdict::no_two_sides;
  if (has_sides(fresh, source) != had_sides) return has_sides(fresh, source);
  if (two_sided(fresh) != held.has_sides) return two_sided(fresh);
  if (fresh.recv_mono < held.recv_mono) return false;
  const bool credible = held.venue_time && *held.venue_time - held.told_time <= venue_future_max;
  return !(credible && fresh.venue_time && *fresh.venue_time < *held.venue_time);
}

struct Sides {
  Verdict fault = Verdict::no_two_sides;
  Number bid;
  Number ask;
  Number centre;
};

Sides sides_of(const Quote& quote, const SourcePolicy& source) {
  Sides out;
  if (two_sided(quote)) {
    if (compare(*quote.bid, *quote.ask) > 0) return {Verdict::crossed, {}, {}, {}};
    out = {Verdict::counted, make_number(*quote.bid), make_number(*quote.ask), {}};
    out.centre = middle(out.bid, out.ask);
  } else if (source.last_only && quote.last) {
    const std::int64_t half = source.assumed_spread_ppm / 2 + source.assumed_spread_ppm % 2;
    if (half >= 1'000'000) return {Verdict::bad_price, {}, {}, {}};
    const Number last = make_number(*quote.last);
    out = {Verdict::counted, shifted(last, -half), shifted(last, half), last};
  }
  if (out.fault == Verdict::counted && out.centre.mantissa == 0) out.fault = Verdict::bad_price;
  return out;
}

/// A price far from this source's own settled one is a claim until it is repeated.
void settle(HeldQuote& held, MonoTime now, bool known_before, std::uint32_t jump_ppm) {
  const bool jump = known_before && held.settled.mantissa != 0 && further_than(held.centre, held.settled, jump_ppm);
  const bool repeated = held.jumped.mantissa != 0 && !further_than(held.centre, held.jumped, jump_ppm);
  if (!jump || repeated) {
    held.settled = held.centre;
    held.jumped = {};
    return;
  }
  held.jumped = held.centre;
  held.jumped_at = now;
}

/// What was said before a halt, or while it lasted, is no price of the market that opens again.
void follow_trading(HeldQuote& held, Trading said) {
  switch (said) {
    case Trading::unsaid:
      return;
    case Trading::halted:
      held.halt = HeldQuote::Halt::halted;
      return;
    case Trading::trading:
      if (held.halt != HeldQuote::Halt::halted) return;
      held.halt = HeldQuote::Halt::reopening;
      held.heard = false;
      held.fault = Verdict::silent;
      held.depth_at = std::nullopt;
      return;
  }
}

}  // namespace

bool has_sides(const Quote& quote, const SourcePolicy& source) {
  return two_sided(quote) || (source.last_only && quote.last.has_value());
}

void hold(HeldQuote& held, const Quote& quote, const SourcePolicy& source, std::uint32_t jump_ppm,
          Micros venue_future_max) {
  follow_trading(held, quote.trading);
  const bool of_trading_alone = !has_price(quote) && quote.trading != Trading::unsaid;
  if (of_trading_alone || !supersedes(quote, held, source, venue_future_max)) return;
  if (held.halt == HeldQuote::Halt::reopening) held.halt = HeldQuote::Halt::none;
  const Sides sides = sides_of(quote, source);
  const Micros silence = quote.recv_mono - held.recv_mono;
  const bool known_before = held.heard && silence <= source.age_max && silence <= settled_for;
  const bool same = held.heard && sides.bid == held.bid && sides.ask == held.ask && sides.centre == held.centre;
  if (!same) {
    held.unchanged_since = told_mono(quote);
    held.said_at = 0;
    held.left_behind = false;
  }
  held.heard = true;
  held.fault = sides.fault;
  held.bid = sides.bid;
  held.ask = sides.ask;
  held.centre = sides.centre;
  held.has_sides = two_sided(quote);
  held.venue_time = quote.venue_time;
  held.told_time = told_time(quote);
  held.told_mono = told_mono(quote);
  held.recv_mono = quote.recv_mono;
  held.buy = held.sell = {};
  if (const auto impact = impact_of(quote.bids, quote.asks, source.impact_notional)) {
    held.buy = impact->buy;
    held.sell = impact->sell;
    held.depth = impact->depth;
    held.depth_at = quote.recv_mono;
  }
  const bool no_second_word = same && quote.repeated.value > 0;
  if (sides.fault == Verdict::counted && !no_second_word) settle(held, quote.recv_mono, known_before, jump_ppm);
}

}  // namespace assay::aggregator
