// Samples follow the shapes of the venue's documentation; every value is invented.
#include "fetchers/venues/coinbase_advanced.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/fetchers/reading.hpp"

namespace assay::fetchers::testing {
namespace {

using ::testing::ElementsAre;

constexpr std::string_view venue = "coinbase_advanced";

Lines frame(std::string_view text, std::string_view path = {}) {
  return ws_brief(venue, text, path);
}

Lines body(std::string_view endpoint, std::string_view text, std::string_view symbol = {}) {
  return rest_brief(venue, endpoint, text, symbol);
}

std::string push(std::string_view channel, std::string_view events) {
  return R"({"channel":")" + std::string(channel) +
         R"(","timestamp":"2023-11-14T22:13:20.123456789Z","sequence_num":1,"events":[)" + std::string(events) + "]}";
}

TEST(CoinbaseAdvanced, channels) {
  EXPECT_THAT(
      frame(push("ticker", R"({"type":"snapshot","tickers":[{"product_id":"BTC-USD","price":"1.5","volume_24_h":"9",)"
                           R"("best_bid":"1","best_ask":"2"}]})")),
      ElementsAre("BTC-USD BTC/USD ticker 1 2 1.5 volume 9 at 1700000000123"));
  EXPECT_THAT(frame(push("l2_data", R"({"type":"snapshot","product_id":"BTC-USD","updates":[)"
                                    R"({"side":"bid","price_level":"1","new_quantity":"1"},)"
                                    R"({"side":"bid","price_level":"1.5","new_quantity":"0"},)"
                                    R"({"side":"offer","price_level":"2","new_quantity":"1"}]})")),
              ElementsAre("BTC-USD BTC/USD book 1 2 - at 1700000000123"));
  EXPECT_THAT(frame(push("l2_data", R"({"type":"update","product_id":"BTC-USD","updates":[]})")),
              ElementsAre("control delta"));
  EXPECT_THAT(frame(push("market_trades", R"({"type":"update","trades":[{"product_id":"BTC-USD","price":"1.5",)"
                                          R"("time":"2023-11-14T22:13:20.5Z"}]})")),
              ElementsAre("BTC-USD BTC/USD trade - - 1.5 at 1700000000500"));
  EXPECT_THAT(frame(push("candles",
                         R"({"candles":[{"product_id":"BTC-USD","start":"1700000000","close":"2.5","volume":"9"}]})")),
              ElementsAre("BTC-USD BTC/USD candle - - 2.5 volume 9 at 1700000000000"));
  EXPECT_THAT(frame(push("heartbeats", "{}")), ElementsAre("control heartbeat"));
  EXPECT_THAT(frame(push("subscriptions", "{}")), ElementsAre("control ack"));
  EXPECT_THAT(frame(push("ticker", "")), ElementsAre("control empty"));
  EXPECT_THAT(frame(push("odd", "{}")), ElementsAre("refused unsupported"));
  EXPECT_THAT(frame(R"({"type":"error","message":"authentication failure"})"), ElementsAre("refused venue_error"));
  EXPECT_THAT(frame(R"({"type":"subscribe","channel":"ticker"})"), ElementsAre("control subscribe"));
  EXPECT_THAT(frame("{}"), ElementsAre("refused missing_field"));
}

TEST(CoinbaseAdvanced, rest_bodies) {
  const std::string base = "/api/v3/brokerage/market/";
  EXPECT_THAT(
      body(base + "products/BTC-USD/ticker?limit=1",
           R"({"trades":[{"product_id":"BTC-USD","price":"1.5","time":"2023-11-14T22:13:20.5Z","bid":"","ask":""}],)"
           R"("best_bid":"1","best_ask":"2"})"),
      ElementsAre("BTC-USD BTC/USD ticker 1 2 1.5 at 1700000000500"));
  EXPECT_THAT(body(base + "products", R"({"products":[{"product_id":"BTC-USD","price":"1.5","volume_24h":"9"},)"
                                      R"({"product_id":"NEW-USD","price":"","volume_24h":""}]})"),
              ElementsAre("BTC-USD BTC/USD ticker - - 1.5 volume 9", "control empty"));
  EXPECT_THAT(
      body(
          base + "product_book?product_id=BTC-USD",
          R"({"pricebook":{"product_id":"BTC-USD","bids":[{"price":"1","size":"1"}],"asks":[{"price":"2","size":"1"}],)"
          R"("time":"2023-11-14T22:13:20.5Z"}})"),
      ElementsAre("BTC-USD BTC/USD book 1 2 - at 1700000000500"));
  EXPECT_THAT(
      body(base + "products/ETH-USD/candles", R"({"candles":[{"start":"1700000000","close":"2.5","volume":"9"}]})"),
      ElementsAre("ETH-USD ETH/USD candle - - 2.5 volume 9 at 1700000000000"));
  EXPECT_THAT(body("/v2/exchange-rates", R"({"data":{"currency":"BTC","rates":{"EUR":"1.5"}}})"),
              ElementsAre("BTC-EUR BTC/EUR rate - - 1.5"));
  EXPECT_THAT(body(base + "products/BTC-PERP-INTX", R"({"product_id":"BTC-PERP-INTX","price":"1.5","volume_24h":"9"})"),
              ElementsAre("BTC-PERP-INTX BTC/USDC ticker - - 1.5 volume 9"));
  EXPECT_THAT(body("/x", R"({"error":"NOT_FOUND","message":"valid product_id is required"})"),
              ElementsAre("refused venue_error"));
  EXPECT_THAT(body("/x", "[]"), ElementsAre("refused missing_field"));
}

TEST(CoinbaseAdvanced, subscribes_one_channel_a_frame) {
  const CoinbaseAdvancedAdapter adapter;
  const std::vector<std::string> symbols = {"BTC-USD"};
  EXPECT_THAT(adapter.subscribe(symbols).frames,
              ElementsAre(R"({"type":"subscribe","product_ids":["BTC-USD"],"channel":"ticker"})",
                          R"({"type":"subscribe","product_ids":["BTC-USD"],"channel":"status"})",
                          R"({"type":"subscribe","channel":"heartbeats"})"));
  EXPECT_THAT(adapter.rest_targets(symbols), ElementsAre("/api/v3/brokerage/market/products/BTC-USD/ticker?limit=1"));
}

}  // namespace
}  // namespace assay::fetchers::testing
