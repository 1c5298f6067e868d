#include "fetchers/venue_limits.hpp"

#include <gtest/gtest.h>

#include "fetchers/venue.hpp"

namespace assay::fetchers::testing {
namespace {

TEST(VenueLimits, every_venue_has_a_row_that_says_where_it_is_published) {
  for (const std::string_view venue : venue_names()) {
    EXPECT_EQ(limits_of(venue).venue, venue);
    EXPECT_TRUE(limits_of(venue).source.starts_with("https://")) << venue;
  }
  EXPECT_EQ(limits_of("acme").requests[0].allowance, 0U);
}

TEST(VenueLimits, one_round_of_polling_fifty_instruments_fits_into_every_allowance) {
  std::vector<std::string> symbols;
  for (int i = 0; i < 50; ++i) symbols.push_back("A" + std::to_string(i) + "/USD");
  for (const std::string_view venue : venue_names()) {
    const Adapter& adapter = *find_adapter(venue);
    const RateRule rule = careful(limits_of(venue).requests[0]);
    if (rule.allowance == 0) continue;
    for (const std::string& target : adapter.rest_targets(symbols)) {
      EXPECT_LE(weight_of(venue, target), rule.allowance) << venue << " " << target;
    }
  }
}

TEST(VenueLimits, what_weighs_more_than_one_is_known) {
  EXPECT_EQ(weight_of("binance", "/api/v3/ticker/bookTicker?symbols=%5B%22BTCUSDT%22%5D"), 4U);
  EXPECT_EQ(weight_of("hyperliquid", "/info {\"type\":\"l2Book\",\"coin\":\"BTC\"}"), 2U);
  EXPECT_EQ(weight_of("twelvedata", "/exchange_rate?symbol=EUR/USD,GBP/USD"), 2U);
  EXPECT_EQ(weight_of("kraken", "/0/public/Ticker?pair=XBTUSD,ETHUSD"), 1U);
}

}  // namespace
}  // namespace assay::fetchers::testing
