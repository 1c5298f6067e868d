#include "aggregator/risk.hpp"

#include <gtest/gtest.h>

#include "support.hpp"

namespace assay::aggregator {
namespace {

FeedPolicy pair_feed(const std::string& symbol, const std::string& base, const std::string& quote) {
  FeedPolicy feed = some_feed(0);
  feed.terms = FeedTerms{symbol, feed_id(symbol), -2, millis(3000)};
  feed.base = base;
  feed.quote = quote;
  feed.min_groups = 3;
  feed.leg_share_max_ppm = 1'000'000;
  feed.floor_price = 1;
  return feed;
}

SourcePolicy book_of(std::size_t venue, const std::string& base, const std::string& quote) {
  SourcePolicy out = source("venue" + std::to_string(venue), static_cast<std::uint16_t>(venue + 1));
  out.symbol = base + quote;
  out.base = base;
  out.quote = quote;
  return out;
}

Decimal decimal(std::int64_t mantissa, std::int32_t exponent) {
  return {static_cast<UInt128>(mantissa), exponent};
}

/// A quote whose book has `depth` of the quote currency within 1 % on either side; 0: no book is told.
Quote with_depth(const SourcePolicy& source, std::int64_t price, std::int64_t depth) {
  Quote out;
  out.venue = source.venue;
  out.symbol = source.symbol;
  out.bid = decimal(price * 1000 - 1, -3);
  out.ask = decimal(price * 1000 + 1, -3);
  if (depth > 0) {
    out.bids = {{*out.bid, decimal(depth * 1'000'000 / price, -6)}};
    out.asks = {{*out.ask, decimal(depth * 1'000'000 / price, -6)}};
  }
  out.recv_mono = MonoTime{1'000'000'000};
  out.recv_time = noon;
  return out;
}

TEST(Risk, a_feed_costs_its_cheapest_half) {
  AggregationPolicy policy = some_policy(pair_feed("BTC/USD", "BTC", "USD"));
  for (std::size_t venue = 0; venue < 4; ++venue) policy.feeds[0].sources.push_back(book_of(venue, "BTC", "USD"));
  QuoteBook book(policy);
  const std::int64_t depths[] = {4'000'000, 1'000'000, 2'000'000, 9'000'000};
  for (std::size_t venue = 0; venue < 4; ++venue) {
    book.accept(with_depth(policy.feeds[0].sources[venue], 20'000, depths[venue]));
  }
  book.observe(MonoTime{1'000'000'000}, noon);
  const MoveCosts costs = move_costs(book)[0];
  EXPECT_NEAR(static_cast<double>(costs[0].least_usd), 3e6, 1e3);
  EXPECT_NEAR(static_cast<double>(costs[2].least_usd), 3e7, 1e4);
  EXPECT_EQ(costs[0].enough_usd, costs[0].least_usd);
  EXPECT_EQ(costs[0].books_needed, 2U);
}

TEST(Risk, depth_that_nobody_tells_is_free_for_the_lower_figure_only) {
  AggregationPolicy policy = some_policy(pair_feed("BTC/USD", "BTC", "USD"));
  for (std::size_t venue = 0; venue < 4; ++venue) policy.feeds[0].sources.push_back(book_of(venue, "BTC", "USD"));
  QuoteBook book(policy);
  for (std::size_t venue = 0; venue < 4; ++venue) {
    book.accept(with_depth(policy.feeds[0].sources[venue], 20'000, venue == 0 ? 0 : 1'000'000));
  }
  book.observe(MonoTime{1'000'000'000}, noon);
  const ManipulationCost cost = move_costs(book)[0][0];
  EXPECT_NEAR(static_cast<double>(cost.least_usd), 1e6, 1e3);
  EXPECT_NEAR(static_cast<double>(cost.enough_usd.value()), 2e6, 1e3);
  EXPECT_EQ(cost.unknown_ppm, 250'000U);
}

TEST(Risk, a_shallow_leg_is_the_cheapest_way_to_move_what_it_converts) {
  AggregationPolicy policy = some_policy(pair_feed("BTC/USD", "BTC", "USD"));
  policy.legs.push_back(pair_feed("USDT/USD", "USDT", "USD"));
  policy.legs[0].terms.exponent = -6;
  policy.legs[0].ceiling_price = 10'000'000;
  for (std::size_t venue = 0; venue < 3; ++venue) policy.legs[0].sources.push_back(book_of(venue, "USDT", "USD"));
  for (std::size_t venue = 3; venue < 8; ++venue) {
    SourcePolicy source = book_of(venue, "BTC", venue < 6 ? "USDT" : "USD");
    if (venue < 6) source.via = {"USDT/USD"};
    policy.feeds[0].sources.push_back(source);
  }
  QuoteBook book(policy);
  for (const SourcePolicy& source : policy.legs[0].sources) book.accept(with_depth(source, 1, 10'000));
  for (const SourcePolicy& source : policy.feeds[0].sources) book.accept(with_depth(source, 20'000, 5'000'000));
  book.observe(MonoTime{1'000'000'000}, noon);
  ASSERT_TRUE(book.report(0).entry);
  const auto costs = move_costs(book);
  EXPECT_NEAR(static_cast<double>(costs[1][0].least_usd), 2e4, 100);
  EXPECT_EQ(costs[0][0].least_usd, costs[1][0].least_usd) << "three of five books hang on the leg";
}

TEST(Risk, a_feed_without_a_price_has_nothing_to_move) {
  AggregationPolicy policy = some_policy(pair_feed("BTC/USD", "BTC", "USD"));
  for (std::size_t venue = 0; venue < 3; ++venue) policy.feeds[0].sources.push_back(book_of(venue, "BTC", "USD"));
  QuoteBook book(policy);
  book.observe(MonoTime{1'000'000'000}, noon);
  EXPECT_EQ(move_costs(book)[0][0].books_needed, 0U);
}

TEST(Risk, weights_alone_tell_how_many_books_hold_half) {
  const ManipulationCost cost = configured_cost(some_feed(5));
  EXPECT_EQ(cost.books_needed, 3U);
  EXPECT_FALSE(cost.enough_usd.has_value());
  EXPECT_EQ(configured_cost(some_feed(0)).books_needed, 0U);
}

}  // namespace
}  // namespace assay::aggregator
