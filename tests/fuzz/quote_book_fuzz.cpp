#include <cstddef>
#include <cstdint>

#include "aggregator/aggregate.hpp"
#include "aggregator/quote_book.hpp"
#include "core/check.hpp"
#include "core/leaf.hpp"
#include "fuzz_bytes.hpp"

/// Random bytes as a policy and a stream of quotes: whatever venues say, the book observes nothing that the committee
/// would not count, and every source gets a verdict.
namespace assay::aggregator {
namespace {

constexpr std::uint64_t venue_count = 6;

AggregationPolicy policy_from(FuzzBytes& in) {
  AggregationPolicy policy;
  policy.observation_age_max = Micros{in.i64()};
  policy.venue_future_max = Micros{in.i64()};
  FeedPolicy feed;
  feed.base = "F";
  feed.quote = "USD";
  feed.floor_price = 1;
  feed.ceiling_price = price_mantissa_max;
  feed.wide_ppm = 999'999;
  feed.always_open = true;
  feed.weight_min = 1;
  feed.leg_share_max_ppm = 1'000'000;
  feed.terms = FeedTerms{"F/USD", feed_id("F/USD"), static_cast<std::int8_t>(-in.below(13)), Micros{}};
  feed.min_groups = static_cast<std::uint8_t>(in.below(6));
  feed.agree_ppm = in.u32();
  feed.exclude_ppm = in.u32();
  feed.confidence_floor_ppm = in.u32();
  feed.age_ppm = in.u32();
  for (std::uint64_t i = 1 + in.below(8); i > 0; --i) {
    SourcePolicy source;
    source.venue = std::string(1, static_cast<char>('a' + in.below(venue_count)));
    source.symbol = "x";
    source.base = "F";
    source.quote = "USD";
    source.group = static_cast<std::uint16_t>(in.below(4));
    source.tier = static_cast<std::uint8_t>(in.below(4));
    source.age_max = Micros{in.i64()};
    source.spread_max_ppm = in.u32();
    source.last_only = in.below(4) == 0;
    source.assumed_spread_ppm = in.u32();
    feed.sources.push_back(source);
  }
  policy.feeds.push_back(feed);
  return policy;
}

/// A second feed of the same venues that is converted by the first, and one that is derived from both.
void add_dependants(FuzzBytes& in, AggregationPolicy& policy) {
  FeedPolicy converted = policy.feeds[0];
  converted.terms.symbol = "G/USD";
  converted.base = "G";
  converted.peg = Peg{in.i64(), in.u32()};
  converted.rate_limit = RateLimit{Micros{in.i64()}, in.u32(), in.u32()};
  converted.readmit_after = Micros{in.i64()};
  for (SourcePolicy& source : converted.sources) {
    source.base = in.below(2) == 0 ? "G" : "F";
    source.quote = source.base == "G" ? "F" : "G";
    source.via = {"F/USD"};
    source.frozen_after = Micros{in.i64()};
    source.impact_notional = in.u32();
    source.depth_min = in.below(3);
  }
  FeedPolicy derived;
  derived.terms = FeedTerms{"D/USD", feed_id("D/USD"), policy.feeds[0].terms.exponent, Micros{}};
  derived.quote = "USD";
  derived.base = "F";
  const auto kind = static_cast<Derivation::Kind>(2 + in.below(2));
  derived.derived = {kind, {{"F/USD", static_cast<std::int64_t>(1 + in.u32())}}, millis(2), millis(1)};
  policy.feeds.push_back(converted);
  policy.legs = {derived};
}

std::optional<Decimal> decimal_from(FuzzBytes& in) {
  const std::uint64_t form = in.below(8);
  if (form == 0) return std::nullopt;
  if (form == 1) return Decimal{in.u64(), static_cast<std::int32_t>(in.below(2001)) - 1000};
  return Decimal{100'000 + in.below(form < 6 ? 200 : 200'000), static_cast<std::int32_t>(in.below(3)) - 6};
}

void run(FuzzBytes& in) {
  AggregationPolicy policy = policy_from(in);
  add_dependants(in, policy);
  QuoteBook book(policy);
  MonoTime mono{1'000'000};
  WallTime wall{1'700'000'000'000'000};
  while (!in.empty()) {
    Quote quote;
    quote.venue = std::string(1, static_cast<char>('a' + in.below(venue_count)));
    quote.symbol = "x";
    quote.bid = decimal_from(in);
    quote.ask = decimal_from(in);
    quote.last = decimal_from(in);
    if (in.below(2) == 0) quote.venue_time = in.below(4) == 0 ? WallTime{in.u64()} : wall;
    for (std::uint64_t i = in.below(4); i > 0; --i) {
      const auto price = decimal_from(in);
      const auto size = decimal_from(in);
      if (price && size) (in.below(2) == 0 ? quote.bids : quote.asks).push_back({*price, *size});
    }
    quote.recv_time = wall;
    quote.recv_mono = mono;
    book.accept(quote);
    const Micros step{static_cast<std::int64_t>(in.below(256))};
    mono = mono + step;
    wall = wall + step;
    book.observe(mono, wall);
    for (std::size_t node = 0; node < node_count(policy); ++node) {
      const FeedReport& report = book.report(node);
      check(report.sources.size() == node_policy(policy, node).sources.size(), "every source has its line");
      check(!report.entry || is_valid_entry(*report.entry, wall, policy), "an entry is valid");
      check(!report.usable || report.entry, "only a price converts");
    }
  }
}

}  // namespace
}  // namespace assay::aggregator

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  assay::FuzzBytes in({data, size});
  assay::aggregator::run(in);
  return 0;
}
